//! The one test binary: it sees the crate as its users do. Each module tests one
//! promise.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly, and so do its helpers"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "tests choose numbers that fit"
)]
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "seeds are printed, and a child reports to its parent"
)]

mod accountability;
mod any_order;
mod audit;
mod bare_codec;
mod books;
mod browser;
mod budgets;
mod cases;
mod changes;
mod cli;
mod cli_approvals;
mod cli_audit;
mod clock_ahead;
mod decisions;
mod demo;
mod deterministic_log;
mod disks;
mod documents;
mod engines;
mod examples;
mod faults;
mod forged;
mod given;
mod grpc;
mod hostile;
mod inputs;
mod layers;
mod log_killed;
mod mandates;
mod manners;
mod minutes;
mod model;
mod money;
mod msrv;
mod opening;
mod pack;
mod page_feeds;
mod page_forms;
mod pages;
mod power_cut;
mod program;
mod properties;
mod published;
mod server_killed;
mod sign_in;
mod simulation;
mod snapshots;
mod spreadsheets;
mod system_calls;
mod terminal;
mod tidy;
mod transport;
mod unreadable;
mod views;
mod views_agree;
mod wire;
