//! Minutebook: an event-sourced register of collaboration agreements.

pub mod cli;
pub mod server;
pub mod wire;
