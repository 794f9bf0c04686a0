//! How a proposal stands, for the decision log and the deadlines: the course
//! that the approval rules give it, in their terms.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::domain::approval::{ApprovalContext, Ledger, ProposalStatus, Resolution, ledger};
use crate::domain::date::PartialDate;
use crate::domain::dossier::{Proposal, ProposalSource};
use crate::domain::event::{DecisionMade, ProposalWithdrawn};
use crate::domain::fact::Fact;
use crate::domain::ids::{BodyId, ProposalId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;

/// How a proposal stands on the day an outlook speaks for.
#[derive(Clone, Debug)]
pub(super) enum DecisionLogStatus<'a> {
    /// It awaits decision.
    Open(AwaitingDecision<'a>),
    /// Its last day passed without a decision.
    Lapsed,
    /// It was taken back.
    Withdrawn(&'a Fact<ProposalWithdrawn>),
    /// It was decided, inside or outside.
    Decided,
}

/// What awaits decision: since when, and from whom where that is known.
#[derive(Clone, Debug)]
pub(super) struct AwaitingDecision<'a> {
    /// Since it was put up, or last put off or referred.
    pub since: PartialDate,
    /// The outside body that is to decide.
    pub awaited: Option<&'a BodyId>,
    /// The decision that put it off or referred it, where one did.
    pub by: Option<&'a Fact<DecisionMade>>,
}

/// What became of the proposals of a subject by the day an outlook speaks for, and
/// what was done on them: each worked out once, however many views ask.
pub(super) struct ProposalCache<'a> {
    /// Where it is seen from.
    pub outlook: &'a RegisterView,
    /// The subject.
    pub id: &'a SubjectId,
    /// The subject, as it is seen.
    pub of: &'a Subject,
    courses: RefCell<BTreeMap<ProposalId, Rc<ProposalStatus<'a>>>>,
    ledgers: RefCell<BTreeMap<ProposalId, Rc<Ledger>>>,
}

impl<'a> ProposalCache<'a> {
    /// Those of a subject, none of them worked out yet.
    pub const fn new(outlook: &'a RegisterView, id: &'a SubjectId, of: &'a Subject) -> Self {
        Self {
            outlook,
            id,
            of,
            courses: RefCell::new(BTreeMap::new()),
            ledgers: RefCell::new(BTreeMap::new()),
        }
    }

    /// The subject as the approval rules look at it.
    pub const fn sight(&self) -> ApprovalContext<'a> {
        ApprovalContext {
            lookup: self.outlook,
            id: self.id,
            subject: self.of,
        }
    }

    /// What became of a proposal.
    pub fn status(&self, id: ProposalId, proposal: &'a Proposal) -> Rc<ProposalStatus<'a>> {
        let make = || Rc::new(self.sight().status(id, proposal, self.outlook.as_at()));
        let mut courses = self.courses.borrow_mut();
        Rc::clone(courses.entry(id).or_insert_with(make))
    }

    /// What was done on a proposal.
    pub fn ledger(&self, id: ProposalId, proposal: &'a Proposal) -> Rc<Ledger> {
        let course = self.status(id, proposal);
        let make = || Rc::new(ledger(&self.sight(), id, proposal, &course, None));
        let mut ledgers = self.ledgers.borrow_mut();
        Rc::clone(ledgers.entry(id).or_insert_with(make))
    }
}

/// Where a proposal stands.
pub(super) fn state<'a>(course: &ProposalStatus<'a>) -> DecisionLogStatus<'a> {
    match course.resolution {
        Resolution::Open => DecisionLogStatus::Open(AwaitingDecision {
            since: course.since,
            awaited: course
                .external_deciders
                .iter()
                .rfind(|asked| !asked.approved)
                .map(|asked| asked.body),
            by: course.put_off_by,
        }),
        Resolution::Lapsed => DecisionLogStatus::Lapsed,
        Resolution::Withdrawn => course
            .withdrawn
            .map_or(DecisionLogStatus::Decided, DecisionLogStatus::Withdrawn),
        Resolution::Carried | Resolution::Rejected | Resolution::Noted | Resolution::Supported => {
            DecisionLogStatus::Decided
        }
    }
}

/// What a proposal is called.
pub(super) fn title(proposal: &Proposal) -> String {
    match &proposal.source {
        ProposalSource::Matter(put) => put.title.to_string(),
        ProposalSource::Virement(put) => match &put.title {
            Some(title) => title.to_string(),
            None => format!("Virement in {}", put.virement.year),
        },
    }
}
