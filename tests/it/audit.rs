//! The promise to auditors: any alteration, removal, reordering or insertion is
//! found.

mod altered;
pub mod fixture;
mod golden;
mod key_command;
mod late;
mod notary;
mod notes;
mod prepared;
mod proofs;
mod restored;
mod spelling;
mod store;
mod witness;
