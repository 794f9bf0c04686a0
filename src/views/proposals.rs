//! How a proposal stands, for the decision log and the deadlines: the course
//! that the approval rules give it, in their terms.

use crate::domain::approval::{Course, Fate, Sight};
use crate::domain::date::PartialDate;
use crate::domain::dossier::{Proposal, Put};
use crate::domain::event::{DecisionMade, ProposalWithdrawn};
use crate::domain::fact::Fact;
use crate::domain::ids::{BodyId, ProposalId, SubjectId};
use crate::domain::outlook::Outlook;
use crate::domain::subject::Subject;

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

/// What became of a proposal by the day an outlook speaks for.
pub(super) fn course<'a>(
    outlook: &'a Outlook,
    subject: &'a SubjectId,
    of: &'a Subject,
    id: ProposalId,
    proposal: &'a Proposal,
) -> Course<'a> {
    let sight = Sight {
        world: outlook,
        id: subject,
        subject: of,
    };
    sight.course(id, proposal, outlook.as_at())
}

/// Where a proposal stands.
pub(super) fn state<'a>(course: &Course<'a>) -> State<'a> {
    match course.fate {
        Fate::Open => State::Open(Open {
            since: course.since,
            awaited: course
                .outside
                .iter()
                .rfind(|asked| !asked.approved)
                .map(|asked| asked.body),
            by: course.put_off_by,
        }),
        Fate::Lapsed => State::Lapsed,
        Fate::Withdrawn => course.withdrawn.map_or(State::Decided, State::Withdrawn),
        Fate::Carried | Fate::Rejected | Fate::Noted | Fate::Supported => State::Decided,
    }
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
