//! What auditors are promised: nothing is altered, removed, reordered or slipped
//! in without being found.

mod altered;
pub mod fixture;
mod golden;
mod notary;
mod notes;
mod proofs;
mod store;
mod witness;
