//! The status of a proposal, and who would have to agree to an act, on a day.

use jiff::civil::Date;

use super::approval_context::ApprovalContext;
use super::entitled_bodies::is_office;
use super::evaluate::{evaluate, evaluate_part};
use super::opinion::Opinion;
use super::proposal_replay::ProposalReplay;
use super::proposal_status::ProposalStatus;
use super::regime::{ApprovalCase, Regime};
use super::requirement_query::RequirementQuery;
use super::requirement_status::RequirementStatus;
use crate::dossier::Proposal;
use crate::event::{Actor, ApprovableAct, OfficeDelegation, Requirement};
use crate::fact::EffectiveOrder;
use crate::ids::ProposalId;
use crate::work;

impl<'a> ApprovalContext<'a> {
    /// The status of a proposal at the end of a day.
    pub fn status(&self, id: ProposalId, proposal: &'a Proposal, day: Date) -> ProposalStatus<'a> {
        self.status_before(id, proposal, EffectiveOrder::end_of(day))
    }

    /// The status of a proposal at a point in the order, with the entry at that point.
    pub fn status_after(
        &self,
        id: ProposalId,
        proposal: &'a Proposal,
        at: EffectiveOrder,
    ) -> ProposalStatus<'a> {
        self.status_before(id, proposal, at.next())
    }

    /// The status of a proposal at a point in the order, without the entry at that
    /// point.
    pub fn status_before(
        &self,
        id: ProposalId,
        proposal: &'a Proposal,
        until: EffectiveOrder,
    ) -> ProposalStatus<'a> {
        work::step();
        ProposalReplay::new(self.case(id, proposal), proposal).status(until)
    }

    /// Who would have to agree to an act on a day; `None` if no rule applies.
    pub fn requirement_before_votes(
        &self,
        act: ApprovableAct<'a>,
        regime: &Regime,
        day: Date,
    ) -> Option<RequirementStatus> {
        let query = RequirementQuery {
            case: self.case_of_act(act),
            day,
            opinions: &[],
        };
        Some(evaluate(&query, &regime.ruling()?.requirement()))
    }

    /// Who would have to agree, and whether anybody could, on a day.
    pub fn requirement_of(&self, requirement: &Requirement, day: Date) -> RequirementStatus {
        let query = RequirementQuery {
            case: self.case_of_act(ApprovableAct::Other),
            day,
            opinions: &[],
        };
        evaluate(&query, requirement)
    }

    /// Whether an actor is the office that a delegation names.
    pub fn is_office(&self, actor: &Actor, delegation: &OfficeDelegation, day: Date) -> bool {
        is_office(self.lookup, self.id, actor, delegation, day)
    }
}

/// How far these opinions meet a requirement on a day.
pub fn requirement_with<'a>(
    case: ApprovalCase<'a>,
    requirement: &Requirement,
    opinions: &'a [Opinion<'a>],
    day: Date,
) -> RequirementStatus {
    let query = RequirementQuery {
        case,
        day,
        opinions,
    };
    evaluate_part(&query, requirement)
}
