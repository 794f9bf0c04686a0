//! The status and the ledger of each proposal of a subject, computed once for all the
//! views that need them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use minutebook_domain::approval::{ApprovalContext, Ledger, ProposalStatus, Resolution, ledger};
use minutebook_domain::date::PartialDate;
use minutebook_domain::dossier::{Proposal, ProposalSource};
use minutebook_domain::event::{DecisionMade, OutcomeNotKnown, ProposalWithdrawn};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, ProposalId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;

/// The status of a proposal on the day of a register view.
#[derive(Clone, Debug)]
pub(super) enum DecisionLogStatus<'a> {
    Open(AwaitingDecision<'a>),
    /// Its last day passed without a decision.
    Lapsed,
    Withdrawn(&'a Fact<ProposalWithdrawn>),
    OutcomeNotKnown(&'a Fact<OutcomeNotKnown>),
    /// By the subject or by an outside decider.
    Decided,
}

/// A matter that awaits decision.
#[derive(Clone, Debug)]
pub(super) struct AwaitingDecision<'a> {
    /// The day on which it was proposed, or last deferred or referred.
    pub since: PartialDate,
    /// The outside body that is to decide.
    pub awaited: Option<&'a BodyId>,
    /// The decision that deferred or referred it, if any.
    pub by: Option<&'a Fact<DecisionMade>>,
}

/// The status and the ledger of each proposal of a subject, on the day of a register
/// view. Each is computed once, however many views need it.
pub(super) struct ProposalCache<'a> {
    pub register_view: &'a RegisterView,
    pub id: &'a SubjectId,
    pub subject: &'a Subject,
    statuses: RefCell<BTreeMap<ProposalId, Rc<ProposalStatus<'a>>>>,
    ledgers: RefCell<BTreeMap<ProposalId, Rc<Ledger>>>,
}

impl<'a> ProposalCache<'a> {
    pub const fn new(
        register_view: &'a RegisterView,
        id: &'a SubjectId,
        subject: &'a Subject,
    ) -> Self {
        Self {
            register_view,
            id,
            subject,
            statuses: RefCell::new(BTreeMap::new()),
            ledgers: RefCell::new(BTreeMap::new()),
        }
    }

    pub const fn context(&self) -> ApprovalContext<'a> {
        ApprovalContext {
            lookup: self.register_view,
            id: self.id,
            subject: self.subject,
        }
    }

    pub fn status(&self, id: ProposalId, proposal: &'a Proposal) -> Rc<ProposalStatus<'a>> {
        let make = || {
            Rc::new(
                self.context()
                    .status(id, proposal, self.register_view.as_at()),
            )
        };
        let mut statuses = self.statuses.borrow_mut();
        Rc::clone(statuses.entry(id).or_insert_with(make))
    }

    pub fn ledger(&self, id: ProposalId, proposal: &'a Proposal) -> Rc<Ledger> {
        let status = self.status(id, proposal);
        let make = || Rc::new(ledger(&self.context(), id, proposal, &status, None));
        let mut ledgers = self.ledgers.borrow_mut();
        Rc::clone(ledgers.entry(id).or_insert_with(make))
    }
}

pub(super) fn state<'a>(status: &ProposalStatus<'a>) -> DecisionLogStatus<'a> {
    match status.resolution {
        Resolution::Open | Resolution::SubjectTo | Resolution::Quashed => {
            DecisionLogStatus::Open(AwaitingDecision {
                since: status.since,
                awaited: status
                    .external_deciders
                    .iter()
                    .rfind(|asked| !asked.approved)
                    .map(|asked| asked.body),
                by: status.put_off_by,
            })
        }
        Resolution::Lapsed => DecisionLogStatus::Lapsed,
        Resolution::Withdrawn => status
            .withdrawn
            .map_or(DecisionLogStatus::Decided, DecisionLogStatus::Withdrawn),
        Resolution::Carried
        | Resolution::Rejected
        | Resolution::Noted
        | Resolution::Supported
        | Resolution::CalledIn
        | Resolution::Stayed
        | Resolution::NotAgreed => DecisionLogStatus::Decided,
        Resolution::OutcomeNotKnown => status.outcome_not_known.map_or(
            DecisionLogStatus::Decided,
            DecisionLogStatus::OutcomeNotKnown,
        ),
    }
}

pub(super) fn title(proposal: &Proposal) -> String {
    match &proposal.source {
        ProposalSource::Matter(event) => event.title.to_string(),
        ProposalSource::Virement(event) => match &event.title {
            Some(title) => title.to_string(),
            None => format!("Virement in {}", event.virement.year),
        },
    }
}
