//! Minutebook: an event-sourced register of collaboration agreements.

pub mod domain;
pub mod log;
pub mod wire;
