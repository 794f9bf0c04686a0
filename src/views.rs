//! What the register answers: a file per view.
//!
//! A view is a pure function from an [`Outlook`](crate::domain::outlook::Outlook)
//! and a filter to the published message. It holds nothing of its own, so it can
//! neither lag nor disagree with another, and it reads no clock. An outlook shows
//! only what holds by its day and is known at its position; a view looks at the
//! day again only to tell what is from what was.

mod acts;
pub mod approvals;
pub mod benefits;
pub mod board;
pub mod boards;
pub mod bodies;
pub mod body;
pub mod breaches;
pub mod budget;
pub mod changes;
pub mod collaboration;
pub mod collaborations;
pub mod contributions;
pub mod deadlines;
pub mod decisions;
pub mod diff;
pub mod differences;
pub mod explanation;
mod file;
pub mod instruments;
mod names;
pub mod notices;
mod party_matrix;
pub mod proposal;
mod proposals;
mod reasoning;
pub mod recommendations;
pub mod replay;
pub mod state;
mod totals;
pub mod virements;
