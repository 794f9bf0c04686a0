//! Rule 4: whose word an approval rule asks for, and what a word would come to.

use std::sync::Arc;

use super::bench::Bench;
use crate::domain::approval::{Course, Fate, Need, Obstacle, Regime, Ruling, Sight, words};
use crate::domain::dossier::Proposal;
use crate::domain::event::{Actor, Kind, Requirement};
use crate::domain::fact::{Fact, Standing};
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, ProposalId};
use crate::domain::money::Pence;

/// A word that is being given.
pub(super) struct Said<'a> {
    pub id: ProposalId,
    pub proposal: &'a Proposal,
    pub by: Option<&'a Actor>,
    pub board: Option<&'a BoardId>,
    pub approves: bool,
    pub closes: bool,
    pub field: &'static str,
}

impl<'a> Said<'a> {
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
            (Some(by), Some(board), false) => format!("{} on boards/{board}", words::actor(by)),
            (Some(by), None, _) => words::actor(by),
            (None, ..) => "nobody".to_owned(),
        }
    }
}

/// Demands that the rule, where one applies, asks for this word; that a board's
/// votes hold; and that the proposer does not agree alone.
pub(super) fn entitled(bench: &mut Bench<'_>, said: &Said<'_>, course: &Course<'_>) {
    let Some(sight) = bench.sight() else { return };
    let (Regime::Rule(ruling), Some(need)) = (&course.regime, &course.need) else {
        return;
    };
    let asked = asked_for(&sight, said, &need_parts(need), bench);
    let fault = match asked {
        Asked::Yes => held(&sight, bench, said, course),
        Asked::Beyond(up_to) => Some(Fault::BeyondDelegation {
            voter: said.name(),
            up_to,
            approval_rule: ruling.rule().id.clone(),
        }),
        Asked::No => Some(not_entitled(said, ruling)),
    };
    if let Some(fault) = fault {
        blame(bench, said, fault);
    }
}

/// Demands that the rule, where one applies, asks for a word of this one at all:
/// an office may refer what is beyond its delegation, and a passer-by nothing.
pub(super) fn has_a_say(bench: &mut Bench<'_>, said: &Said<'_>, course: &Course<'_>) {
    let Some(sight) = bench.sight() else { return };
    let (Regime::Rule(ruling), Some(need)) = (&course.regime, &course.need) else {
        return;
    };
    if let Asked::No = asked_for(&sight, said, &need_parts(need), bench) {
        blame(bench, said, not_entitled(said, ruling));
    }
}

fn not_entitled(said: &Said<'_>, ruling: &Ruling) -> Fault {
    let rule = ruling.rule();
    Fault::NotEntitled {
        voter: said.name(),
        approval_rule: rule.id.clone(),
        rule_set: ruling.of.set.rule_set.clone(),
        needs: words::needs(&rule.requirement),
    }
}

fn blame(bench: &mut Bench<'_>, said: &Said<'_>, fault: Fault) {
    let kind = &bench.entry.event.kind;
    if said.field == "acted_by" && !matches!(kind, Kind::VoteCast(_)) {
        bench.fault_at("acted_by", fault);
    } else {
        bench.fault(said.field, fault);
    }
}

enum Asked {
    Yes,
    No,
    Beyond(Pence),
}

/// A need and its parts, without those that have parts themselves.
fn need_parts(need: &Need) -> Vec<&Need> {
    if need.parts.is_empty() {
        return vec![need];
    }
    need.parts.iter().flat_map(need_parts).collect()
}

/// Whether the rule asks for a word of this one.
fn asked_for(sight: &Sight<'_>, said: &Said<'_>, parts: &[&Need], bench: &Bench<'_>) -> Asked {
    let mut beyond = None;
    for part in parts {
        match (&part.wanted, said.board, said.by) {
            (Requirement::Board(vote), Some(board), _) if vote.board == *board => {
                return Asked::Yes;
            }
            (Requirement::Office(delegation), None, Some(by))
                if sight.is_office(by, delegation, bench.day) =>
            {
                match &part.obstacle {
                    Some(Obstacle::BeyondDelegation(up_to)) => beyond = Some(*up_to),
                    _ => return Asked::Yes,
                }
            }
            (Requirement::Board(_) | Requirement::Office(_), ..) => {}
            (_, None, Some(by)) => {
                let body = by.body().map(|body| sight.current(body, bench.day));
                let voices = part.agreed.iter().chain(&part.against).chain(&part.awaited);
                let mut bodies = voices.filter_map(|voice| voice.who.as_ref()?.body());
                if bodies.any(|asked| Some(asked) == body.as_ref()) {
                    return Asked::Yes;
                }
            }
            _ => {}
        }
    }
    beyond.map_or(Asked::No, Asked::Beyond)
}

/// What the word itself would come to: a board's approval is what its votes say,
/// and nobody agrees alone to what they put up.
fn held(
    sight: &Sight<'_>,
    bench: &Bench<'_>,
    said: &Said<'_>,
    course: &Course<'_>,
) -> Option<Fault> {
    if !said.approves {
        return None;
    }
    let need = course.need.as_ref()?;
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
    let after = sight.course_after(said.id, &with, bench.place());
    let alone = after.fate == Fate::Open
        && after
            .need
            .iter()
            .flat_map(Need::obstacles)
            .any(|obstacle| *obstacle == Obstacle::OwnProposal);
    alone.then(|| Fault::OwnProposal {
        proposer: said
            .proposal
            .proposer()
            .map_or_else(|| "nobody".to_owned(), words::actor),
    })
}

impl Said<'_> {
    /// Adds the word to a copy of its proposal, as folding the entry would.
    fn add(&self, proposal: &mut Proposal, bench: &Bench<'_>) {
        let told = Standing {
            entry: Arc::clone(bench.entry),
            order: bench.place().1,
        };
        match &bench.entry.event.kind {
            Kind::VoteCast(what) => {
                let fact = Fact::new(told, Arc::clone(what));
                proposal.votes.insert(fact);
            }
            Kind::DecisionMade(what) => {
                let fact = Fact::new(told, Arc::clone(what));
                proposal.decisions.insert(fact);
            }
            Kind::VirementApproved(what) => {
                let fact = Fact::new(told, Arc::clone(what));
                proposal.virement_approvals.insert(fact);
            }
            _ => {}
        }
    }
}
