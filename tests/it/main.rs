//! One test binary: each module is one promise kept.

mod decisions;
mod engines;
mod faults;
mod given;
mod killed;
mod layers;
mod power_cut;
mod story;
