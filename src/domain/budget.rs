//! Money computed from what is recorded: amounts, shares and settlements. Nothing here is
//! stored; a figure that is not known is none, and never nothing.

pub mod allocation;
pub mod contributions;
pub mod payers;
pub mod settlement;
pub mod shared_costs;
pub mod shared_lines;
