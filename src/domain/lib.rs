//! The domain: the state of the register, and its rules.
//!
//! Pure: no I/O, no clock, no randomness, no async, no protobuf. `admit` judges a
//! command against the register, `Register::apply` folds an entry into it, and every view
//! is a function of the result. The same entries always give the same register.
//!
//! No files here name each other in a circle: state does not name the rules.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod accession;
pub mod admit;
pub mod append_command;
pub mod approval;
pub mod board;
pub mod body;
pub mod budget;
pub mod call_in;
pub mod caller;
pub mod certainty;
pub mod challenge;
pub mod clearance;
pub mod collaboration;
pub mod currency;
pub mod date;
pub mod decision;
pub mod disposal;
pub mod dossier;
pub mod effective_entries;
pub mod entry;
pub mod event;
pub mod extension;
pub mod fact;
pub mod fault;
pub mod ids;
pub mod instrument;
pub mod known_amount;
pub mod mandate;
pub mod markings;
pub mod meeting;
pub mod money;
pub mod notice;
pub mod notice_clause;
pub mod notice_effect;
pub mod notice_period;
pub mod proposal;
pub mod register;
pub mod register_view;
pub mod rule;
pub mod same_name;
pub mod savings;
pub mod settlement;
pub mod signatories;
pub mod statute;
pub mod subject;
mod subject_fold;
pub mod subject_record;
pub mod succession;
pub mod text;
pub mod work;
