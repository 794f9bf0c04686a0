//! How a proposal stands: the one place that says what still awaits decision.
//!
//! The decision log and the deadlines both ask here, so that a matter cannot be
//! pending in one and settled in the other.

use crate::domain::date::PartialDate;
use crate::domain::dossier::{Proposal, Put};
use crate::domain::event::{DecisionMade, Outcome, ProposalWithdrawn};
use crate::domain::fact::{Fact, Place};
use crate::domain::ids::BodyId;
use crate::domain::instrument::last_day;
use crate::domain::outlook::Outlook;

/// How a proposal stands on the day an outlook speaks for.
#[derive(Clone, Debug)]
pub(super) enum State<'a> {
    /// It awaits decision.
    Open(Open<'a>),
    /// Its last day passed without a decision.
    Lapsed,
    /// It was taken back.
    Withdrawn(&'a Fact<ProposalWithdrawn>),
    /// It was decided, inside or outside.
    Decided,
}

/// What awaits decision: since when, and from whom where that is known.
#[derive(Clone, Debug)]
pub(super) struct Open<'a> {
    /// Since it was put up, or last put off or referred.
    pub since: PartialDate,
    /// The outside body that is to decide.
    pub awaited: Option<&'a BodyId>,
    /// The decision that put it off or referred it, where one did.
    pub by: Option<&'a Fact<DecisionMade>>,
}

/// What one entry does to a proposal.
enum Step<'a> {
    Decides(&'a Fact<DecisionMade>),
    Settles,
    Withdraws(&'a Fact<ProposalWithdrawn>),
}

/// Where a proposal stands: the last of its decisions, answers and withdrawals
/// says so. To note or support a matter decides it, except where an outside body
/// is to decide: that is no answer of theirs.
pub(super) fn state<'a>(outlook: &Outlook, proposal: &'a Proposal) -> State<'a> {
    let mut steps: Vec<(Place, Step<'a>)> = Vec::new();
    let decisions = proposal.decisions.iter();
    steps.extend(decisions.map(|fact| (fact.place(), Step::Decides(fact))));
    let approvals = proposal.virement_approvals.iter();
    steps.extend(approvals.map(|fact| (fact.place(), Step::Settles)));
    let answers = proposal.external.iter();
    steps.extend(answers.map(|fact| (fact.place(), Step::Settles)));
    let withdrawals = proposal.withdrawn.iter();
    steps.extend(withdrawals.map(|fact| (fact.place(), Step::Withdraws(fact))));
    steps.sort_by_key(|(place, _)| *place);

    let mut state = State::Open(Open {
        since: proposal.on(),
        awaited: proposal.decider(),
        by: None,
    });
    for (_, step) in steps {
        state = match step {
            Step::Settles => State::Decided,
            Step::Withdraws(fact) => State::Withdrawn(fact),
            Step::Decides(fact) => decided(proposal, state, fact),
        };
    }
    match (state, proposal.lapses_on()) {
        (State::Open(_), Some(on)) if last_day(on) < outlook.as_at() => State::Lapsed,
        (state, _) => state,
    }
}

fn decided<'a>(
    proposal: &'a Proposal,
    before: State<'a>,
    fact: &'a Fact<DecisionMade>,
) -> State<'a> {
    let awaited = match &fact.outcome {
        Outcome::Approved | Outcome::Rejected => return State::Decided,
        Outcome::Noted | Outcome::Supported => {
            return match before {
                State::Open(open) if open.awaited.is_some() => State::Open(open),
                _ => State::Decided,
            };
        }
        Outcome::Deferred => proposal.decider(),
        Outcome::Referred(to) => Some(to),
    };
    State::Open(Open {
        since: fact.on(),
        awaited,
        by: Some(fact),
    })
}

/// What a proposal is called.
pub(super) fn title(proposal: &Proposal) -> String {
    match &proposal.put {
        Put::Matter(put) => put.title.to_string(),
        Put::Virement(put) => match &put.title {
            Some(title) => title.to_string(),
            None => format!("Virement in {}", put.virement.year),
        },
    }
}
