//! The pack of a meeting: what is to be decided, what changed since the last meeting, the
//! money, and the proof of each entry that it names.
//!
//! A [`Pack`](pack::Pack) holds the answers of the register to the questions that its
//! [`PackPlan`](plan::PackPlan) asks, and a [`PackSeal`](seal::PackSeal): a signed checkpoint
//! with the entries that the pack names. [`compose`](compose::compose) makes of it one paper,
//! and [`files`] writes that paper in each format, with the pack itself inside as
//! [JSON](pack_data). So a file can be written anew from what it carries and compared, byte
//! for byte.
//!
//! Pure: the maker of a pack asks the questions, and passes the answers in.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod answers;
pub mod compose;
pub mod files;
#[cfg(test)]
mod fixtures;
mod known_names;
pub mod opened;
pub mod pack;
pub mod pack_data;
mod picture;
pub mod plan;
pub mod question;
pub mod seal;
#[cfg(test)]
mod tests;
