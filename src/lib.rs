//! Minutebook: an event-sourced register of collaboration agreements.

pub mod log;
