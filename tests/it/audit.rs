//! The promise to auditors: any alteration, removal, reordering or insertion is
//! found.

mod altered;
pub mod fixture;
mod golden;
mod notary;
mod notes;
mod proofs;
mod spelling;
mod store;
mod witness;
