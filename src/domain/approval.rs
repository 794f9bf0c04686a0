//! Prior approval: who must agree to an act, whether they have agreed, and whether the
//! act relies on that agreement.
//!
//! In reading order: a *regime* is the rule that governs an act, chosen by *measures*
//! of the act; an *opinion* is a vote or a decision; a *requirement status* is who must
//! agree and who has; a *proposal status* is the result for a proposal, computed by a
//! *proposal replay*; a *ledger* has the acts on its approval and the amount that is
//! left; a *verdict* is the judgement of an act; a *new act* is also judged by what it
//! would displace. All of them are computed from the
//! dossier, for any day and as known at any position. Nothing here is stored, so a
//! correction takes effect at once.

mod act_check;
mod agreement;
mod approval_context;
mod approval_gaps;
mod approver;
mod ballot;
mod ballot_gaps;
mod board_status;
mod budget_lines;
mod call_in_settler;
mod carried_period;
mod cast;
mod concluding;
mod constituents;
mod deciders;
mod delegated;
pub mod describe;
mod displacement;
mod drawn;
mod electorate;
mod entitled_bodies;
mod evaluate;
mod giver;
mod interruptions;
mod late_opinions;
mod ledger;
mod left_undecided;
mod measure;
mod new_act;
mod opinion;
mod pending_decisions;
mod presence;
mod proposal_events;
mod proposal_replay;
mod proposal_status;
mod quashed_decisions;
mod quorum;
mod regime;
mod requirement_query;
mod requirement_status;
mod resolution;
mod settling;
mod standing_vote;
mod statuses;
mod subject_lookup;
mod verdict;
mod weights;

pub use act_check::in_force_fault;
pub use agreement::not_agreed_by;
pub use approval_context::ApprovalContext;
pub use approver::Approver;
pub use ballot::{Ballot, NeededMajority};
pub use call_in_settler::call_in_settler;
pub use carried_period::{ActDate, Interruption};
pub use constituents::{Constituents, can_decide};
pub use delegated::{
    check_delegation, decides_for, fallen_with_board, giver_of, recorded_delegation,
};
pub use electorate::{BoardMemberVote, Electorate};
pub use giver::Giver;
pub use ledger::{Ledger, LedgerAct, ledger};
pub use new_act::judge_new_act;
pub use opinion::{Allowance, Opinion, OpinionEffect, same_office};
pub use proposal_status::{AwaitedCondition, Duty, ExternalDecider, MetCondition, ProposalStatus};
pub use regime::{ApprovalCase, Regime, RuleSet, Ruling, governs_adoption, regime, rule_set};
pub use requirement_status::{CountedOpinion, Obstacle, RequirementState, RequirementStatus};
pub use resolution::{ApprovedExtent, Resolution, Settlement};
pub use standing_vote::StandingVote;
pub use statuses::requirement_with;
pub use subject_lookup::{
    SubjectLookup, acts_as, board_on, board_owner, has_ended, is_inquorate, successor_on,
};
pub use verdict::{Verdict, VerdictCache};
pub use weights::Weights;
