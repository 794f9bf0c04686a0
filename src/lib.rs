//! Minutebook: an event-sourced register of collaboration agreements.

pub mod clock;
pub mod domain;
pub mod grpc;
pub mod log;
pub mod projection;
pub mod server;
pub mod views;
pub mod wire;
pub mod writer;
