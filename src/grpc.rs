//! The services: decode, call, encode. No rules are kept here.
//!
//! Every reply that is not an answer is made in [`status`], so that what a
//! caller is told of a fault has one form everywhere.

pub mod audit;
mod bounded_stream;
mod download;
pub mod gate;
mod page;
pub mod peer;
pub mod record;
pub mod register;
pub mod status;
pub mod strict;
mod upload;
