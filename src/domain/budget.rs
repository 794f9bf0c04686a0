//! The budget of a year as its entries make it: set, changed, moved, and what is left of
//! each head.

pub mod balance;
pub mod comparison;
pub mod heads;
pub mod movement;
pub mod year_budget;

pub use comparison::Comparison;
pub use heads::Heads;
pub use movement::{Cause, Movement, printed_lines};
pub use year_budget::{Amounts, HeadRow, YearBudget};
