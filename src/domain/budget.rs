//! Money computed from what is recorded: the budget of a year as its entries make it, and who
//! pays for it. Nothing here is stored; a figure that is not known is none, and never nothing.

pub mod allocation;
pub mod balance;
pub mod comparison;
pub mod contributions;
pub mod heads;
pub mod latest_report;
pub mod matching;
mod movement;
pub mod payers;
pub mod reported_costs;
pub mod settlement;
pub mod shared_cost;
pub mod shared_costs;
pub mod shared_lines;
mod whole_limits;
pub mod year_budget;

pub use comparison::Comparison;
pub use heads::Heads;
pub use matching::Matched;
pub use movement::{Cause, Movement, printed_lines};
pub use year_budget::{Amounts, HeadRow, YearBudget};
