//! One test binary: each module is one promise kept.

mod decisions;
mod given;
mod layers;
mod properties;
mod wire;
