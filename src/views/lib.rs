//! The answers of the register: a file per view.
//!
//! A view is a pure function from a
//! [`RegisterView`](minutebook_domain::register_view::RegisterView) and a filter to the
//! published message. It keeps nothing of its own, so it can neither lag behind the
//! register nor disagree with another view, and it reads no clock. A `RegisterView`
//! shows only the facts that hold by its day and are known at its position; a view
//! compares days itself only to separate the present from the past.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

mod acts;
pub mod approvals;
pub mod attention;
mod attention_boards;
mod attention_scope;
pub mod benefits;
pub mod board;
pub mod boards;
pub mod bodies;
pub mod body;
pub mod breaches;
pub mod budget;
pub mod changes;
pub mod checks;
pub mod collaboration;
pub mod collaborations;
pub mod contributions;
mod course;
pub mod deadlines;
pub mod decisions;
pub mod diff;
pub mod differences;
mod disposals;
mod dossier;
pub mod explanation;
mod formulas;
mod inexact_dates;
pub mod instruments;
mod invoices;
mod known_instruments;
mod left_over;
pub mod mandates;
pub mod meeting;
mod names;
pub mod notices;
mod party_matrix;
mod payments;
pub mod proposal;
mod proposal_cache;
mod publications;
mod reasoning;
pub mod recommendations;
pub mod replay;
pub mod savings;
mod services;
pub mod settlements;
mod sittings;
pub mod sources;
pub mod state;
pub mod subjects;
mod successions;
mod totals;
pub mod virement_totals;
pub mod virements;
