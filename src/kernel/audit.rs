//! Proofs that nothing was altered: trees, checkpoints, signatures. Pure, and the same
//! for a server, for its auditors, and for other software that follows C2SP.

pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
pub mod derived_secret;
pub mod key;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod proof_file;
pub mod replacement;
pub mod tile;
pub mod witnessing;
