//! Prior approval: who must agree to what, whether they did, and whether what
//! was done rests on it.
//!
//! In reading order: a *topic* is what is put up or carried out; a *regime* is
//! what governs it, found with its *measures*; a *need* is who must agree and
//! who has; a *course* is what became of a proposal; a *ledger* is what was done
//! on its approval and what is left of it; a *verdict* is what the rules say of
//! an act. All of them are computed from what is on file, on any day and with
//! any knowledge: nothing here is remembered, so a correction is right at once.

mod act;
mod asked;
mod ballot;
mod course;
mod crowding;
mod ledger;
mod measure;
mod need;
mod regime;
mod topic;
mod walk;
mod word;
pub mod words;
mod world;

pub use act::{Accounts, Verdict, act};
pub use ballot::{Ballot, Seats, seat_of, seats, voting};
pub use course::{Approved, Course, Fate, Outside, Settled, Sight};
pub use ledger::{Ledger, Rested, ledger};
pub use need::{Counted, Need, Obstacle, State, Voice};
pub use regime::{Case, Regime, RuleSet, Ruling, governs_adoption, regime, rule_set};
pub use topic::{Difference, Portion, Topic, kind_in_words};
pub use word::{Allowance, Word};
pub use world::{World, current};
