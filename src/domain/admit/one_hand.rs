//! The caller decides who proposes and who approves, not the names that were typed.

use super::claim::Claim;
use crate::domain::caller::Pseudonym;
use crate::domain::entry::{Entry, RecordedCaller};
use crate::domain::event::{Actor, Kind, MandateRole};
use crate::domain::fault::Fault;
use crate::domain::ids::{Position, ProposalId};
use crate::domain::mandate::Mandate;
use crate::domain::proposal::Proposal;
use crate::domain::register::Register;

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
    let entries = entries_on(proposal);
    for (entry, speakers) in entries {
        if entry.caller.pseudonym() != Some(caller) || wrong == Some(entry.position) {
            continue;
        }
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

/// The entries of a proposal and of what was said on it, each with those who speak in it.
fn entries_on(proposal: &Proposal) -> Vec<(&Entry, Vec<Actor>)> {
    let actor = |entry: &Entry| entry.event.acted_by.iter().cloned().collect();
    let mut entries: Vec<(&Entry, Vec<Actor>)> = Vec::new();
    let made = proposal.entry();
    entries.push((made, actor(made)));
    for vote in proposal.votes.iter() {
        entries.push((&vote.source.entry, vec![vote.voter.clone()]));
    }
    for answer in proposal.external.iter() {
        let decider = Actor::Body {
            body: answer.decider.clone(),
            office: None,
        };
        entries.push((&answer.source.entry, vec![decider]));
    }
    let decisions = proposal.decisions.iter().map(|fact| &*fact.source.entry);
    let approvals = proposal.virement_approvals.iter();
    let approvals = approvals.map(|fact| &*fact.source.entry);
    entries.extend(
        decisions
            .chain(approvals)
            .map(|entry| (entry, actor(entry))),
    );
    entries
}
