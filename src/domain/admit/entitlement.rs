//! Rule 4: whose word an approval rule asks for, and what a word would come to.

use std::sync::Arc;

use super::event_check::EventCheck;
use crate::domain::approval::{
    ApprovalContext, Obstacle, ProposalStatus, Regime, RequirementStatus, Resolution, Ruling,
    describe,
};
use crate::domain::dossier::Proposal;
use crate::domain::event::{Actor, Kind, Requirement};
use crate::domain::fact::EffectiveEntry;
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, ProposalId};
use crate::domain::money::Pence;
use crate::domain::subject_fold;

/// A word that is being given.
pub(super) struct PendingVote<'a> {
    pub id: ProposalId,
    pub proposal: &'a Proposal,
    pub by: Option<&'a Actor>,
    pub board: Option<&'a BoardId>,
    pub approves: bool,
    pub closes: bool,
    pub field: &'static str,
}

impl<'a> PendingVote<'a> {
    pub const fn decided(
        id: ProposalId,
        proposal: &'a Proposal,
        by: Option<&'a Actor>,
        board: Option<&'a BoardId>,
        approves: bool,
    ) -> Self {
        Self {
            id,
            proposal,
            by,
            board,
            approves,
            closes: board.is_some(),
            field: if board.is_some() {
                "board_id"
            } else {
                "acted_by"
            },
        }
    }

    fn name(&self) -> String {
        match (self.by, self.board, self.closes) {
            (_, Some(board), true) => format!("boards/{board}"),
            (Some(by), Some(board), false) => format!("{} on boards/{board}", describe::actor(by)),
            (Some(by), None, _) => describe::actor(by),
            (None, ..) => "nobody".to_owned(),
        }
    }
}

/// Demands that the rule, where one applies, asks for this word; that a board's
/// votes hold; and that the proposer does not agree alone.
pub(super) fn check_vote(
    bench: &mut EventCheck<'_>,
    said: &PendingVote<'_>,
    course: &ProposalStatus<'_>,
) {
    let Some(sight) = bench.sight() else { return };
    let (Regime::Rule(ruling), Some(need)) = (&course.regime, &course.requirement) else {
        return;
    };
    let asked = entitlement(&sight, said, &need_parts(need), bench);
    let fault = match asked {
        Entitlement::Yes => check_vote_holds(&sight, bench, said, course),
        Entitlement::Beyond(up_to) => Some(Fault::BeyondDelegation {
            voter: said.name(),
            up_to,
            approval_rule: ruling.rule().id.clone(),
        }),
        Entitlement::No => Some(not_entitled(said, ruling)),
    };
    if let Some(fault) = fault {
        report(bench, said, fault);
    }
}

/// Demands that the rule, where one applies, asks for a word of this one at all:
/// an office may refer what is beyond its delegation, and a passer-by nothing.
pub(super) fn check_entitled(
    bench: &mut EventCheck<'_>,
    said: &PendingVote<'_>,
    course: &ProposalStatus<'_>,
) {
    let Some(sight) = bench.sight() else { return };
    let (Regime::Rule(ruling), Some(need)) = (&course.regime, &course.requirement) else {
        return;
    };
    if let Entitlement::No = entitlement(&sight, said, &need_parts(need), bench) {
        report(bench, said, not_entitled(said, ruling));
    }
}

fn not_entitled(said: &PendingVote<'_>, ruling: &Ruling) -> Fault {
    let rule = ruling.rule();
    Fault::NotEntitled {
        voter: said.name(),
        approval_rule: rule.id.clone(),
        rule_set: ruling.of.set.rule_set.clone(),
        needs: describe::requirement(&rule.requirement),
    }
}

fn report(bench: &mut EventCheck<'_>, said: &PendingVote<'_>, fault: Fault) {
    let kind = &bench.entry.event.kind;
    if said.field == "acted_by" && !matches!(kind, Kind::VoteCast(_)) {
        bench.fault_at("acted_by", fault);
    } else {
        bench.fault(said.field, fault);
    }
}

enum Entitlement {
    Yes,
    No,
    Beyond(Pence),
}

/// A need and its parts, without those that have parts themselves.
fn need_parts(need: &RequirementStatus) -> Vec<&RequirementStatus> {
    if need.parts.is_empty() {
        return vec![need];
    }
    need.parts.iter().flat_map(need_parts).collect()
}

/// Whether the rule asks for a word of this one.
fn entitlement(
    sight: &ApprovalContext<'_>,
    said: &PendingVote<'_>,
    parts: &[&RequirementStatus],
    bench: &EventCheck<'_>,
) -> Entitlement {
    let mut beyond = None;
    for part in parts {
        match (&part.wanted, said.board, said.by) {
            (Requirement::Board(vote), Some(board), _) if vote.board == *board => {
                return Entitlement::Yes;
            }
            (Requirement::Office(delegation), None, Some(by))
                if sight.is_office(by, delegation, bench.day) =>
            {
                match &part.obstacle {
                    Some(Obstacle::BeyondDelegation(up_to)) => beyond = Some(*up_to),
                    _ => return Entitlement::Yes,
                }
            }
            (Requirement::Board(_) | Requirement::Office(_), ..) => {}
            (_, None, Some(by)) => {
                let body = by.body().map(|body| sight.current(body, bench.day));
                let voices = part.agreed.iter().chain(&part.against).chain(&part.awaited);
                let mut bodies = voices.filter_map(|voice| voice.who.as_ref()?.body());
                if bodies.any(|asked| Some(asked) == body.as_ref()) {
                    return Entitlement::Yes;
                }
            }
            _ => {}
        }
    }
    beyond.map_or(Entitlement::No, Entitlement::Beyond)
}

/// What the word itself would come to: a board's approval is what its votes say,
/// and nobody agrees alone to what they put up.
fn check_vote_holds(
    sight: &ApprovalContext<'_>,
    bench: &EventCheck<'_>,
    said: &PendingVote<'_>,
    course: &ProposalStatus<'_>,
) -> Option<Fault> {
    if !said.approves {
        return None;
    }
    let need = course.requirement.as_ref()?;
    if let Some(board) = said.board.filter(|_| said.closes) {
        let ballot = need.ballots().into_iter().find(|b| b.board == *board)?;
        if !ballot.is_quorate() {
            return Some(Fault::QuorumNotMet {
                board: board.clone(),
                took_part: ballot.took_part,
                quorum: ballot.quorum,
            });
        }
        if !ballot.carried {
            let approval_rule = course.regime.rule()?.id.clone();
            return Some(Fault::VoteNotCarried {
                board: board.clone(),
                for_it: ballot.for_it,
                against: ballot.against,
                approval_rule,
            });
        }
    }
    // With the word, is it met by the proposer's office alone?
    let mut with = said.proposal.clone();
    said.add(&mut with, bench);
    let after = sight.status_after(said.id, &with, bench.effective_order());
    let alone = after.resolution == Resolution::Open
        && after
            .requirement
            .iter()
            .flat_map(RequirementStatus::obstacles)
            .any(|obstacle| *obstacle == Obstacle::OwnProposal);
    alone.then(|| Fault::OwnProposal {
        proposer: said
            .proposal
            .proposer()
            .map_or_else(|| "nobody".to_owned(), describe::actor),
    })
}

impl PendingVote<'_> {
    /// Adds the word to a copy of its proposal, as folding the entry would.
    fn add(&self, proposal: &mut Proposal, bench: &EventCheck<'_>) {
        let entry = EffectiveEntry {
            entry: Arc::clone(bench.entry),
            order: bench.effective_order().1,
        };
        subject_fold::add_opinion(proposal, entry);
    }
}
