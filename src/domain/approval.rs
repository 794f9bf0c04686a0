//! Prior approval: who must agree to what, whether they did, and whether what
//! was done rests on it.
//!
//! In reading order: a *topic* is what is put up or carried out; a *regime* is
//! what governs it, found with its *measures*; a *need* is who must agree and
//! who has; a *course* is what became of a proposal; a *ledger* is what was done
//! on its approval and what is left of it; a *verdict* is what the rules say of
//! an act. All of them are computed from what is on file, on any day and with
//! any knowledge: nothing here is remembered, so a correction is right at once.

mod ballot;
pub mod describe;
mod displacement;
mod entitled_bodies;
mod ledger;
mod measure;
mod opinion;
mod proposal_replay;
mod proposal_status;
mod regime;
mod requirement_status;
mod subject_lookup;
mod verdict;

pub use ballot::{Ballot, Seats, seat_of, seats, voting};
pub use ledger::{DependentAct, Ledger, ledger};
pub use opinion::{Allowance, Opinion};
pub use proposal_status::{
    ApprovalContext, ApprovedExtent, ExternalDecider, ProposalStatus, Resolution, Settlement,
};
pub use regime::{ApprovalCase, Regime, RuleSet, Ruling, governs_adoption, regime, rule_set};
pub use requirement_status::{
    Approver, CountedOpinion, Obstacle, RequirementState, RequirementStatus,
};
pub use subject_lookup::{SubjectLookup, successor_on};
pub use verdict::{Verdict, VerdictCache, verdict_on};
