//! Acts under a delegation on record: it is in force, names the office that acts, and
//! covers the kind and the amount of the act.

use std::sync::Arc;

use jiff::civil::Date;

use super::approval_context::ApprovalContext;
use super::approver::Approver;
use super::entitled_bodies::entitled_bodies;
use super::giver::Giver;
use super::opinion::same_office;
use super::requirement_query::RequirementQuery;
use super::subject_lookup::{SUCCESSORS_MAX, SubjectLookup, successor_on};
use crate::certainty::Certainty;
use crate::date::PartialDate;
use crate::dossier::{Delegation, Proposal};
use crate::entry::Entry;
use crate::event::{
    Actor, ApprovableAct, Authority, BoardEnded, DelegationMade, DelegationRef, Kind, Requirement,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::{BoardId, SubjectId};
use crate::subject::Subject;

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

fn giver<'a>(id: &'a SubjectId, made: &'a DelegationMade) -> Option<Giver<'a>> {
    match (&made.from_body, &made.from_board, id) {
        (Some(body), ..) => Some(Giver::Body(body)),
        (None, Some(board), _) => Some(Giver::Board(board)),
        (None, None, SubjectId::Body(body)) => Some(Giver::Body(body)),
        (None, None, SubjectId::Board(board)) => Some(Giver::Board(board)),
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

/// Who gave the delegation on record that an entry cites.
pub fn giver_of(context: &ApprovalContext<'_>, entry: &Entry) -> Option<Approver> {
    let cited = recorded_delegation(entry)?;
    let found = CitedDelegation::find(context, cited)?;
    let made = &found.recorded(cited)?.made;
    Some(match giver(&found.id, made)? {
        Giver::Body(body) => Approver::body(body),
        Giver::Board(board) => Approver::board(board),
    })
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
    let fallen = fallen_with_board(context.lookup, &found.id, &recorded.made, order.day);
    let fallen = fallen.map(|why| format!("{why}, and this is dated {}", entry.effective_on()));
    let why = fallen.or_else(|| not_covered(context, entry, recorded, order))?;
    Some(Fault::OutsideDelegation { delegation, why })
}

/// Why a delegation has fallen by a day: the board that gave it has ended, or the one that
/// held it. It is the board's own (Local Government Act 1972 s.101), and does not pass to
/// the board that follows, unless the end of the giver says so.
pub fn fallen_with_board(
    lookup: &dyn SubjectLookup,
    id: &SubjectId,
    made: &DelegationMade,
    day: Date,
) -> Option<String> {
    if let Some(holder) = &made.to_board
        && let Some(ended) = end_of(lookup, holder, day)
    {
        return Some(format!(
            "boards/{holder}, which held it, ended on {}, and it fell with that board",
            ended.on()
        ));
    }
    let Some(Giver::Board(giver)) = giver(id, made) else {
        return None;
    };
    let mut holder = giver.clone();
    // Boards that follow each other in a circle are followed once round at most.
    for _ in 0..SUCCESSORS_MAX {
        let ended = end_of(lookup, &holder, day)?;
        let next = ended.successor.as_ref();
        match next.filter(|_| ended.delegations_continue) {
            Some(next) => holder = next.clone(),
            None => {
                let anew = next.map(|next| {
                    format!(
                        " (boards/{next}, which follows it, delegates anew with delegation_made; \
                         where its document says that delegations go on, correct the end with \
                         delegations_continue)"
                    )
                });
                let whose = match holder == *giver {
                    true => "which gave it",
                    false => "which had it from the board that gave it",
                };
                return Some(format!(
                    "boards/{holder}, {whose}, ended on {}, and it fell with that board{}",
                    ended.on(),
                    anew.unwrap_or_default()
                ));
            }
        }
    }
    None
}

/// The end of a board by a day.
fn end_of(lookup: &dyn SubjectLookup, board: &BoardId, day: Date) -> Option<Fact<BoardEnded>> {
    let subject = lookup.subject(&SubjectId::Board(board.clone()))?;
    subject.as_board()?.ended(day).cloned()
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

/// The act of an entry, or that of the proposal that it decides.
fn act_of<'a>(context: &ApprovalContext<'a>, entry: &'a Entry) -> Option<ApprovableAct<'a>> {
    let kind = &entry.event.kind;
    let decided = match kind {
        Kind::DecisionMade(decision) => decision.proposal,
        Kind::VirementApproved(decision) => Some(decision.proposal),
        _ => None,
    };
    let proposal = decided.and_then(|id| context.subject.dossier.proposals.get(&id));
    kind.act().or_else(|| proposal.map(Proposal::act))
}

/// Whom an office, or the board that holds the delegation, decides for under the delegation
/// that its decision cites: the body or board that has delegated the matter. `None` if it
/// cites none, or one that does not cover it.
pub fn decides_for<'a>(
    context: &ApprovalContext<'a>,
    proposal: &'a Proposal,
    entry: &'a Entry,
    order: EffectiveOrder,
) -> Option<Giver<'a>> {
    let cited = recorded_delegation(entry)?;
    if check_delegation(context, entry, order).is_some() {
        return None;
    }
    // A board decides for others under a delegation that it holds itself.
    let is_by = |made: &DelegationMade| made.to_board.as_ref() == deciding_board(entry);
    let id = cited.subject.as_ref().unwrap_or(context.id);
    if id == context.id {
        let recorded = context.subject.dossier.delegations.get(&cited.delegation)?;
        return giver(id, &recorded.made).filter(|_| is_by(&recorded.made));
    }
    let found = CitedDelegation::find(context, cited)?;
    let recorded = found.recorded(cited)?;
    let giver = giver(id, &recorded.made).filter(|_| is_by(&recorded.made))?;
    named_alike(context, proposal, entry, giver).or(match (giver, id) {
        (Giver::Body(body), SubjectId::Body(own)) if body == own => Some(Giver::Body(own)),
        (Giver::Board(board), SubjectId::Board(own)) if board == own => Some(Giver::Board(own)),
        _ => None,
    })
}

/// The same body or board as the proposal, its decider or the rules of the subject name it.
fn named_alike<'a>(
    context: &ApprovalContext<'a>,
    proposal: &'a Proposal,
    entry: &'a Entry,
    giver: Giver<'_>,
) -> Option<Giver<'a>> {
    match giver {
        Giver::Board(board) => {
            let sets = context.subject.dossier.rule_sets.iter();
            let rules = sets.flat_map(|set| &set.rules);
            let asked = rules.flat_map(|rule| boards_of(&rule.requirement));
            let mut named = proposal.board().into_iter().chain(asked);
            named.find(|named| *named == board).map(Giver::Board)
        }
        Giver::Body(body) => {
            let acting = entry.event.acted_by.as_ref().and_then(Actor::body);
            let mut named = proposal.put_to().iter().chain(acting);
            named.find(|named| *named == body).map(Giver::Body)
        }
    }
}

/// The boards that a requirement asks for.
fn boards_of(requirement: &Requirement) -> Vec<&BoardId> {
    match requirement {
        Requirement::Board(vote) => vec![&vote.board],
        Requirement::AnyOf(parts) | Requirement::AllOf(parts) => {
            parts.iter().flat_map(boards_of).collect()
        }
        _ => Vec::new(),
    }
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
    if let Some(held_by) = &made.to_board {
        if let Some(why) = not_by_board(entry, held_by) {
            return Some(why);
        }
    } else if let Some(why) = not_by_holder(context, entry, made, order) {
        return Some(why);
    }
    let act = act_of(context, entry)?;
    if !made.matters.is_empty() && !made.matters.contains(&act.kind()) {
        let kinds: Vec<&str> = made.matters.iter().map(|kind| kind.label()).collect();
        let (kinds, label) = (kinds.join(", to "), act.kind().label());
        return Some(format!("it covers to {kinds}, and not to {label}"));
    }
    let up_to = made.up_to?;
    match act.amount() {
        Some(amount) if amount.is_within(up_to) => None,
        Some(amount) => Some(format!("it covers up to {up_to}, and this is {amount}")),
        None => Some(format!("it covers up to {up_to}, and no amount is stated")),
    }
}

/// The board whose own decision an entry is.
fn deciding_board(entry: &Entry) -> Option<&BoardId> {
    match &entry.event.kind {
        Kind::DecisionMade(decision) => decision.board.as_ref(),
        Kind::VirementApproved(decision) => decision.board.as_ref(),
        _ => None,
    }
}

/// Why an entry is not the decision of the board that holds a delegation.
fn not_by_board(entry: &Entry, held_by: &BoardId) -> Option<String> {
    if entry.event.kind.act().is_some() {
        return Some(format!(
            "it is held by boards/{held_by}, which acts by its decisions (board_id): rest this on \
             the proposal that they carried"
        ));
    }
    match deciding_board(entry) {
        Some(board) if board == held_by => None,
        Some(board) => Some(format!(
            "it is held by boards/{held_by}, and boards/{board} decided"
        )),
        None => Some(format!(
            "it is held by boards/{held_by}, and board_id does not name that board"
        )),
    }
}

/// Why an entry is not of the body or office that holds a delegation.
fn not_by_holder(
    context: &ApprovalContext<'_>,
    entry: &Entry,
    made: &DelegationMade,
    order: EffectiveOrder,
) -> Option<String> {
    let holder = made.to.as_ref()?;
    match &entry.event.acted_by {
        None => Some(format!("it is held by {holder}, and acted_by names nobody")),
        Some(by) if !same_office(context.lookup, context.id, by, holder, order.day) => {
            Some(format!("it is held by {holder}, and {by} acted"))
        }
        Some(_) => None,
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
        case: context.case_of_act(act),
        day: order.day,
        opinions: &[],
    };
    is_met_by(&query, requirement, giver)
}

fn is_met_by(query: &RequirementQuery<'_>, requirement: &Requirement, giver: Giver<'_>) -> bool {
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
