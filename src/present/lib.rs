//! The wording of answers: one report for each, and renderers that write it.
//!
//! [`reports`] builds a [`Report`](report::Report) from the published message of an
//! answer. [`table`] writes it for people, [`csv`] for spreadsheets; [`json`] writes
//! the message itself. A report knows neither terminal nor file: another renderer,
//! such as one for HTML, is one more file beside these.
//!
//! [`cell`] has the two spellings of every value, [`dates`] those of days and
//! instants. Money and shares are written by the domain's
//! [`Pence`](minutebook_domain::money::Pence) and [`Ppm`](minutebook_domain::money::Ppm),
//! values of enumerations by [`enum_label`](minutebook_wire::enum_label).

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod answer;
pub mod cell;
pub mod csv;
pub mod dates;
pub mod invisible;
pub mod json;
pub mod outline;
pub mod report;
pub mod reports;
pub mod sheet;
pub mod table;
pub mod to_cell;
