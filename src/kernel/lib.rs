//! The kernel: the log, what is folded from it, its proofs, and who signs in.
//!
//! Nothing here speaks gRPC or HTTP to a client of the register.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod archive;
pub mod audit;
pub mod blocking;
pub mod clock;
pub mod demo_provider;
pub mod durable_file;
pub mod error_chain;
pub mod log;
pub mod notary;
pub mod projection;
pub mod readings;
pub mod sign_in;
pub mod tls;
pub mod writer;
