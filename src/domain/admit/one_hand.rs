//! The caller decides who proposes and who approves, not the names that were typed.

use super::claim::Claim;
use crate::caller::Pseudonym;
use crate::entry::{Entry, RecordedCaller};
use crate::event::{Actor, Event, Kind, MandateRole};
use crate::fact::Facts;
use crate::fault::Fault;
use crate::ids::{Position, ProposalId};
use crate::mandate::Mandate;
use crate::proposal::Proposal;
use crate::register::Register;

/// The fault of a vote, decision or answer by a caller who has spoken on the proposal for
/// somebody else; the entry at `wrong`, which is being corrected, is left aside.
///
/// A secretary or recorder who writes down what others said speaks for nobody.
pub(super) fn same_caller(
    register: &Register,
    claim: &Claim<'_>,
    mandate: &Mandate,
    caller: Pseudonym,
    wrong: Option<Position>,
) -> Option<Fault> {
    let id = decided_proposal(&claim.event.kind)?;
    let dossier = &register.subject(&claim.event.subject)?.dossier;
    let proposal = dossier.proposals.get(&id)?;
    let speaks = mandate.granted.role == MandateRole::Member;
    let mandates = register.mandates()?;
    for entry in entries_on(proposal) {
        if entry.caller.pseudonym() != Some(caller) || wrong == Some(entry.position) {
            continue;
        }
        let speakers = speakers(&entry.event);
        let spoke = match &entry.caller {
            RecordedCaller::Mandated(before) => before.mandates.iter().any(|position| {
                let granted = mandates.granted_at(*position);
                granted.is_some_and(|one| one.granted.role == MandateRole::Member)
            }),
            RecordedCaller::Local | RecordedCaller::Store => false,
        };
        let is_same = || {
            let same = |actor: &Actor| speakers.iter().any(|other| other.is_same(actor));
            claim.speakers.iter().all(same)
        };
        if (spoke || speaks) && !is_same() {
            return Some(fault(id, entry.position, &speakers, claim));
        }
    }
    None
}

fn fault(proposal: ProposalId, position: Position, before: &[Actor], claim: &Claim<'_>) -> Fault {
    let names = |actors: &[Actor]| {
        let names: Vec<String> = actors.iter().map(ToString::to_string).collect();
        match names.as_slice() {
            [] => "nobody".to_owned(),
            names => names.join(", "),
        }
    };
    let now = match &claim.board {
        Some(board) if claim.speakers.is_empty() => format!("boards/{board}"),
        _ => names(&claim.speakers),
    };
    Fault::SameCaller {
        proposal,
        position,
        before: names(before),
        now,
    }
}

/// The proposal that a vote, decision or answer is on.
fn decided_proposal(kind: &Kind) -> Option<ProposalId> {
    match kind {
        Kind::VoteCast(event) => Some(event.proposal),
        Kind::DecisionMade(event) => event.proposal,
        Kind::VirementApproved(event) => Some(event.proposal),
        Kind::ExternalDecisionReceived(event) => Some(event.proposal),
        _ => None,
    }
}

/// The entries of a proposal, and of the votes, decisions and answers on it.
fn entries_on(proposal: &Proposal) -> impl Iterator<Item = &Entry> {
    fn of<T>(facts: &Facts<T>) -> impl Iterator<Item = &Entry> {
        facts.iter().map(|fact| &*fact.source.entry)
    }
    std::iter::once(&**proposal.entry())
        .chain(of(&proposal.votes))
        .chain(of(&proposal.external))
        .chain(of(&proposal.decisions))
        .chain(of(&proposal.virement_approvals))
}

/// Those for whom such an entry speaks.
fn speakers(event: &Event) -> Vec<Actor> {
    match &event.kind {
        Kind::VoteCast(vote) => vec![vote.voter.clone()],
        Kind::ExternalDecisionReceived(answer) => vec![Actor::Body {
            body: answer.decider.clone(),
            office: None,
        }],
        _ => event.acted_by.iter().cloned().collect(),
    }
}
