//! The report of each answer: a file for each view, and the parts they share.
//!
//! A builder turns published messages into a [`Report`](super::report::Report) and
//! knows nothing of the place where it is written.

mod acts;
#[cfg(test)]
mod approval_tests;
pub mod approvals;
mod assurance;
pub mod attention;
pub mod benefits;
pub mod boards;
pub mod bodies;
pub mod breaches;
pub mod budget;
mod budget_lines;
mod budget_year;
pub mod caller;
mod changes;
pub mod checks;
pub mod collaboration;
pub mod collaborations;
mod coming;
pub mod contributions;
mod course;
pub mod deadlines;
pub mod decisions;
pub mod diff;
pub mod differences;
mod directions;
pub mod explanations;
mod faults;
mod figures;
#[cfg(test)]
pub mod fixtures;
pub mod history;
mod instruments;
mod invoices;
pub mod mandates;
pub mod meeting;
mod needs;
pub mod notices;
mod parties;
pub mod proposal;
pub mod recommendations;
mod renewals;
pub mod replay;
mod rules;
mod savings;
mod services;
pub mod settlements;
pub mod sources;
pub mod state;
pub mod subjects;
pub mod virements;
pub mod who;
