//! Approval context: a subject whose proposals and acts are judged, and where other
//! subjects are looked up.

use jiff::civil::Date;

use super::regime::ApprovalCase;
use super::subject_lookup::{SubjectLookup, successor_on};
use crate::dossier::Proposal;
use crate::event::ApprovableAct;
use crate::ids::{BodyId, ProposalId, SubjectId};
use crate::subject::Subject;

#[derive(Clone, Copy)]
pub struct ApprovalContext<'a> {
    pub lookup: &'a dyn SubjectLookup,
    /// The subject that proposals and acts are about.
    pub id: &'a SubjectId,
    pub subject: &'a Subject,
}

impl<'a> ApprovalContext<'a> {
    pub fn case(&self, id: ProposalId, proposal: &'a Proposal) -> ApprovalCase<'a> {
        ApprovalCase {
            lookup: self.lookup,
            id: self.id,
            subject: self.subject,
            act: proposal.act(),
            proposer: proposal.proposer(),
            proposal: Some(id),
        }
    }

    /// An act that nobody has proposed.
    pub(super) fn case_of_act(&self, act: ApprovableAct<'a>) -> ApprovalCase<'a> {
        ApprovalCase {
            lookup: self.lookup,
            id: self.id,
            subject: self.subject,
            act,
            proposer: None,
            proposal: None,
        }
    }

    /// The body that has taken the place of this one by that day.
    pub fn successor_on(&self, body: &BodyId, day: Date) -> BodyId {
        successor_on(self.lookup, self.id, body, day)
    }
}
