//! Acts under a delegation on record: it is in force, names the office that acts, and
//! covers the kind and the amount of the act.

use std::sync::Arc;

use super::approval_context::ApprovalContext;
use super::entitled_bodies::entitled_bodies;
use super::opinion::same_office;
use super::regime::ApprovalCase;
use super::requirement_query::RequirementQuery;
use super::subject_lookup::successor_on;
use crate::domain::certainty::Certainty;
use crate::domain::date::PartialDate;
use crate::domain::dossier::Delegation;
use crate::domain::entry::Entry;
use crate::domain::event::{ApprovableAct, Authority, DelegationMade, DelegationRef, Requirement};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, BodyId, SubjectId};
use crate::domain::subject::Subject;

/// The delegation that an entry cites, and the subject on which it is recorded.
struct CitedDelegation {
    id: SubjectId,
    subject: Arc<Subject>,
}

impl CitedDelegation {
    fn find(context: &ApprovalContext<'_>, cited: &DelegationRef) -> Option<Self> {
        let id = cited.subject.as_ref().unwrap_or(context.id);
        let subject = match id == context.id {
            true => Arc::new(context.subject.clone()),
            false => context.lookup.subject(id)?,
        };
        Some(Self {
            id: id.clone(),
            subject,
        })
    }

    fn recorded(&self, cited: &DelegationRef) -> Option<&Delegation> {
        self.subject.dossier.delegations.get(&cited.delegation)
    }
}

/// Who delegated: a body or a board.
enum Giver {
    Body(BodyId),
    Board(BoardId),
}

fn giver(id: &SubjectId, made: &DelegationMade) -> Option<Giver> {
    match (&made.from_body, &made.from_board, id) {
        (Some(body), ..) => Some(Giver::Body(body.clone())),
        (None, Some(board), _) => Some(Giver::Board(board.clone())),
        (None, None, SubjectId::Body(body)) => Some(Giver::Body(body.clone())),
        (None, None, SubjectId::Board(board)) => Some(Giver::Board(board.clone())),
        (None, None, SubjectId::Collaboration(_) | SubjectId::Register) => None,
    }
}

/// The delegation on record that an entry cites.
pub fn recorded_delegation(entry: &Entry) -> Option<&DelegationRef> {
    match &entry.event.authority {
        Some(Authority::RecordedDelegation(cited)) => Some(cited),
        _ => None,
    }
}

/// Why the delegation that an entry cites does not cover it.
pub fn check_delegation(
    context: &ApprovalContext<'_>,
    entry: &Entry,
    order: EffectiveOrder,
) -> Option<Fault> {
    let cited = recorded_delegation(entry)?;
    let delegation = cited.delegation.clone();
    let on_subject = cited.subject.as_ref().unwrap_or(context.id);
    let unknown = || Fault::UnknownItem {
        what: "delegation",
        id: delegation.to_string(),
        of: on_subject.clone(),
    };
    let Some(found) = CitedDelegation::find(context, cited) else {
        return Some(unknown());
    };
    let Some(recorded) = found.recorded(cited) else {
        return Some(unknown());
    };
    let why = not_covered(context, entry, recorded, order)?;
    Some(Fault::OutsideDelegation { delegation, why })
}

/// The limits of the term of a delegation, in words, and whether a date is within each.
fn term(recorded: &Delegation, on: PartialDate) -> impl Iterator<Item = (Certainty, String)> {
    let made_on = recorded.made.on();
    let begun = (made_on.is_by(on), format!("it was made on {made_on}"));
    let revoked = recorded.revoked.iter().map(Fact::on);
    let revoked = revoked.map(move |day| (day.is_after(on), format!("it was revoked on {day}")));
    let until = recorded.made.until.into_iter();
    let until = until.map(move |day| (on.is_by(day), format!("it applied until {day}")));
    std::iter::once(begun).chain(revoked).chain(until)
}

fn not_covered(
    context: &ApprovalContext<'_>,
    entry: &Entry,
    recorded: &Delegation,
    order: EffectiveOrder,
) -> Option<String> {
    let (made, on) = (&recorded.made, entry.effective_on());
    let mut limits = term(recorded, on);
    if let Some((_, limit)) = limits.find(|(is_within, _)| !is_within.may_be()) {
        return Some(format!("{limit}, and this is dated {on}"));
    }
    match &entry.event.acted_by {
        None => {
            return Some(format!(
                "it is held by {}, and acted_by names nobody",
                made.to
            ));
        }
        Some(by) if !same_office(context.lookup, context.id, by, &made.to, order.day) => {
            return Some(format!("it is held by {}, and {by} acted", made.to));
        }
        Some(_) => {}
    }
    let act = entry.event.kind.act()?;
    if !made.matters.is_empty() && !made.matters.contains(&act.kind()) {
        let kinds: Vec<&str> = made.matters.iter().map(|kind| kind.label()).collect();
        let (kinds, label) = (kinds.join(", to "), act.kind().label());
        return Some(format!("it covers to {kinds}, and not to {label}"));
    }
    let up_to = made.up_to?;
    match act.amount() {
        Some(amount) if amount <= up_to => None,
        Some(amount) => Some(format!("it covers up to {up_to}, and this is {amount}")),
        None => Some(format!("it covers up to {up_to}, and no amount is stated")),
    }
}

/// Whether an entry is within the term of the delegation that it cites on some days of
/// the dates on record, and not on others.
pub(super) fn delegation_rests_on_unknown_day(
    context: &ApprovalContext<'_>,
    entry: &Entry,
) -> bool {
    let found = recorded_delegation(entry)
        .and_then(|cited| Some((cited, CitedDelegation::find(context, cited)?)));
    let Some((cited, found)) = &found else {
        return false;
    };
    let Some(recorded) = found.recorded(cited) else {
        return false;
    };
    let limits = term(recorded, entry.effective_on());
    let in_force = limits.fold(Certainty::Certain, |all, (is_within, _)| all.and(is_within));
    in_force.rests_on_unknown_day()
}

/// Whether an act needs no proposal, because a delegation covers it whose giver alone
/// must agree.
pub(super) fn is_delegated(
    context: &ApprovalContext<'_>,
    entry: &Entry,
    act: ApprovableAct<'_>,
    requirement: &Requirement,
    order: EffectiveOrder,
) -> bool {
    let Some(cited) = recorded_delegation(entry) else {
        return false;
    };
    if check_delegation(context, entry, order).is_some() {
        return false;
    }
    let Some(found) = CitedDelegation::find(context, cited) else {
        return false;
    };
    let Some(recorded) = found.recorded(cited) else {
        return false;
    };
    let Some(giver) = giver(&found.id, &recorded.made) else {
        return false;
    };
    let query = RequirementQuery {
        case: ApprovalCase {
            lookup: context.lookup,
            id: context.id,
            subject: context.subject,
            act,
            proposer: None,
            proposal: None,
        },
        day: order.day,
        opinions: &[],
    };
    is_met_by(&query, requirement, &giver)
}

fn is_met_by(query: &RequirementQuery<'_>, requirement: &Requirement, giver: &Giver) -> bool {
    match (requirement, giver) {
        (Requirement::Board(vote), Giver::Board(board)) => vote.board == *board,
        (Requirement::Board(_) | Requirement::Office(_), _) => false,
        (Requirement::AnyOf(parts), _) => parts.iter().any(|part| is_met_by(query, part, giver)),
        (Requirement::AllOf(parts), _) => parts.iter().all(|part| is_met_by(query, part, giver)),
        (_, Giver::Board(_)) => false,
        (_, Giver::Body(body)) => {
            let current = successor_on(query.case.lookup, query.case.id, body, query.day);
            entitled_bodies(query, requirement) == [current]
        }
    }
}
