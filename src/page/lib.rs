//! Answers as pages of the web, written as HTML.
//!
//! Pure: a page is a function of an answer, of the moment it was asked for, and of who
//! asks. It needs no script, no picture and no style from elsewhere. Every text of the
//! register is escaped by the one macro that writes HTML.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod act;
pub mod address;
pub mod assets;
pub mod atom;
pub mod attention;
pub mod attention_choice;
pub mod board;
pub mod body;
pub mod budget;
pub mod budget_years;
pub mod calendar;
pub mod cell;
pub mod changes;
pub mod collaboration;
pub mod collaborations;
pub mod contribution_years;
pub mod contributions;
pub mod dates;
pub mod entry;
pub mod form;
pub mod form_check;
pub mod form_confirm;
pub mod form_index;
pub mod form_parts;
pub mod frame;
pub mod history;
pub mod import;
pub mod later;
pub mod marks;
pub mod me;
pub mod moment;
pub mod network;
pub mod picture;
pub mod proposal;
pub mod reader;
pub mod refusal;
pub mod report;
pub mod seal;
pub mod search;
pub mod session;
pub mod spoken;
pub mod table;
pub mod time_travel;
pub mod view;
pub mod virements;
pub mod who;

#[cfg(test)]
mod form_tests;
