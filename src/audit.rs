//! What proves that nothing was altered: pure, and the same for a server, for
//! whoever checks it, and for software nobody here wrote.

pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
pub mod key;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod replacement;
pub mod tile;
pub mod witnessing;
