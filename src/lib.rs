//! Minutebook: an event-sourced register of collaboration agreements between
//! public bodies, and of every approval behind them.
//!
//! The modules in reading order:
//!
//! - [`domain`]: the events, the state folded from them, and the rules. Pure.
//! - [`log`]: ordered bytes that survive a power cut.
//! - [`wire`]: the published language, mapped to the domain and back.
//! - [`writer`]: the one way in.
//! - [`projection`]: the log folded into a register, at boot and live.
//! - [`views`]: the answers of the register.
//! - [`grpc`]: the four services.
//! - [`audit`]: Merkle tree, checkpoints and proofs. Pure.
//! - [`notary`]: signs and publishes checkpoints of the log.
//! - [`archive`]: an exported folder that proves itself.
//! - [`sign_in`]: bearer tokens, verified and read as callers.
//! - [`server`]: puts all of it together.
//! - [`present`]: answers as reports, written as tables, CSV and JSON.
//! - [`form`]: forms for every kind of event, drawn from the published descriptors. Pure.
//! - [`page`]: answers as pages of the web, written as HTML. Pure.
//! - [`paper`]: papers of a meeting, written as HTML, PDF and workbooks. Pure.
//! - [`pack`]: the pack of a meeting, composed and checked. Pure.
//! - [`web`]: the pages served: addresses, sessions, forms.
//! - [`workbook`]: spreadsheets, read as append requests, and templates of them. Pure.
//! - [`cli`]: the command line, a client like any other.
//! - [`clock`]: the one clock.
//! - [`blocking`]: work that may wait for the disk, on threads that may block.
//! - [`error_chain`]: an error and its causes, as text.
//! - [`tls`]: the cryptography of both sides of a connection, and its files.
//! - [`readings`]: who has read the whole log, beside it.
//! - [`durable_file`]: small files that survive a power cut.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub use minutebook_cli as cli;
pub use minutebook_domain as domain;
pub use minutebook_form as form;
pub use minutebook_grpc as grpc;
pub use minutebook_grpc::wire;
pub use minutebook_kernel::{
    archive, audit, blocking, clock, demo_provider, durable_file, error_chain, log, notary,
    projection, readings, sign_in, tls, writer,
};
pub use minutebook_pack as pack;
pub use minutebook_page as page;
pub use minutebook_paper as paper;
pub use minutebook_present as present;
pub use minutebook_server as server;
pub use minutebook_views as views;
pub use minutebook_web as web;
pub use minutebook_workbook as workbook;
