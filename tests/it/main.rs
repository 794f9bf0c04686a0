//! The one test binary: everything here sees the crate as its users do.

mod engines;
mod faults;
mod forged;
mod killed;
mod opening;
mod power_cut;
mod story;
mod system_calls;
