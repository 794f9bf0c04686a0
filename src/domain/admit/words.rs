//! Rule 4: who may put up a matter, vote on it, decide it and answer it.

use super::bench::Bench;
use crate::domain::approval::{
    Course, Fate, Need, Obstacle, Regime, Sight, Topic, rule_set, seat_of, seats, voting, words,
};
use crate::domain::dossier::Proposal;
use crate::domain::event::{
    Actor, BoardPower, DecisionMade, ExternalDecisionReceived, Kind, Outcome, Requirement, Target,
    VirementApproved, VoteCast,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, ProposalId, SubjectId};
use crate::domain::register::target;

/// A proposal says who puts it up where rules are in force; and a ratification
/// is about an act that was done, exactly as it was done.
pub(super) fn proposed(bench: &mut Bench<'_>, topic: &Topic<'_>, ratifies: Option<Target>) {
    let Some(sight) = bench.sight() else { return };
    if bench.entry.event.acted_by.is_none()
        && let Some(rules) = rule_set(sight.world, sight.id, sight.subject, bench.place())
    {
        let rule_set = rules.set.rule_set.clone();
        bench.fault_at("acted_by", Fault::ProposerRequired { rule_set });
    }
    if let Some(act) = ratifies {
        ratified(bench, topic, act);
    }
}

fn ratified(bench: &mut Bench<'_>, topic: &Topic<'_>, act: Target) {
    let Some(record) = bench.register.record(bench.id()) else {
        return;
    };
    let (field, named) = match act {
        Target::Position(position) => ("ratifies.position", position.to_string()),
        Target::Event(id) => ("ratifies.event_id", id.to_string()),
    };
    let Some(entry) = target(record.history(), act).and_then(|at| record.entry(at)) else {
        let fault = Fault::NoSuchEntry {
            target: named,
            subject: bench.id().clone(),
        };
        bench.fault(field, fault);
        return;
    };
    let position = entry.position;
    // As it stands now: what was corrected since is what its correction says.
    let acts = &record.subject().dossier.acts;
    let standing = acts
        .values()
        .find(|told| told.order == position || told.entry.position == position);
    let why = match standing.map(|told| Topic::of(&told.entry.event.kind)) {
        None | Some(None) => Some("no act that an approval is needed for stands there".to_owned()),
        Some(Some(done)) => unlike(topic, &done),
    };
    if let Some(why) = why {
        bench.fault(field, Fault::RatifiesAnotherAct { position, why });
    }
}

/// In what a matter is not the act that was done, its amount included.
fn unlike(topic: &Topic<'_>, done: &Topic<'_>) -> Option<String> {
    if let Some(difference) = topic.difference(done) {
        let (what, asked, done) = (difference.what, difference.approved, difference.done);
        return Some(format!("another {what}: {asked}, not {done}"));
    }
    let (asked, done) = topic.amount().zip(done.amount())?;
    (asked != done).then(|| format!("{done} was moved, and {asked} is put up"))
}

/// A vote counts only of those who are entitled, while the matter is open.
pub(super) fn voted<'a>(bench: &mut Bench<'a>, what: &VoteCast, proposal: &'a Proposal) {
    let Some(course) = open(bench, what.proposal, proposal) else {
        return;
    };
    if let Some(board) = &what.board {
        if !decides(bench, board) {
            return;
        }
        if !has_a_vote(bench, board, &what.voter) {
            return;
        }
    }
    let said = Said {
        id: what.proposal,
        proposal,
        by: Some(&what.voter),
        board: what.board.as_ref(),
        approves: what.choice == crate::domain::event::VoteChoice::Approve,
        closes: false,
        field: "voter",
    };
    entitled(bench, &said, &course);
}

/// A decision: no advisory board approves, and under a rule only those decide
/// whose agreement it asks for.
pub(super) fn decided<'a>(
    bench: &mut Bench<'a>,
    what: &DecisionMade,
    proposal: Option<(ProposalId, &'a Proposal)>,
) {
    let approves = match what.outcome {
        Outcome::Approved => true,
        Outcome::Rejected => false,
        Outcome::Noted | Outcome::Supported => return,
        Outcome::Deferred | Outcome::Referred(_) => {
            if let Some((id, proposal)) = proposal {
                open(bench, id, proposal);
            }
            return;
        }
    };
    let board = what.board.as_ref();
    if approves && board.is_some_and(|board| !decides(bench, board)) {
        return;
    }
    let Some((id, proposal)) = proposal else {
        return;
    };
    if let Some(course) = open_to(bench, id, proposal, board.filter(|_| approves)) {
        let by = bench.entry.event.acted_by.as_ref();
        let said = Said::decided(id, proposal, by, board, approves);
        entitled(bench, &said, &course);
    }
}

/// The approval of a virement: an approving decision, of no more than was asked.
pub(super) fn virement_approved<'a>(
    bench: &mut Bench<'a>,
    what: &VirementApproved,
    proposal: &'a Proposal,
) {
    let requested = Topic::proposed(proposal).amount();
    if let (Some(amount), Some(requested)) = (what.amount, requested)
        && amount > requested
    {
        bench.fault(
            "amount_pence",
            Fault::AmountOverRequest { amount, requested },
        );
    }
    let board = what.board.as_ref();
    if board.is_some_and(|board| !decides(bench, board)) {
        return;
    }
    if let Some(course) = open_to(bench, what.proposal, proposal, board) {
        let by = bench.entry.event.acted_by.as_ref();
        let said = Said::decided(what.proposal, proposal, by, board, true);
        entitled(bench, &said, &course);
    }
}

/// The answer of the outside decider that is awaited.
pub(super) fn answered<'a>(
    bench: &mut Bench<'a>,
    what: &ExternalDecisionReceived,
    proposal: &'a Proposal,
) {
    let Some(course) = open(bench, what.proposal, proposal) else {
        return;
    };
    if let Some((decider, _)) = course.outside
        && *decider != what.decider
    {
        let (body, decider) = (what.decider.clone(), decider.clone());
        bench.fault("decider_id", Fault::NotTheDecider { body, decider });
    }
}

/// Demands that the matter was not settled just before the event, and gives what
/// had become of it by then.
pub(super) fn open<'a>(
    bench: &mut Bench<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
) -> Option<Course<'a>> {
    open_to(bench, id, proposal, None)
}

/// The same for a board's own approval: it may still record what the votes of
/// all its members have carried.
fn open_to<'a>(
    bench: &mut Bench<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    board: Option<&BoardId>,
) -> Option<Course<'a>> {
    let course = bench.sight()?.course_to(id, proposal, bench.place());
    let Some(settled) = &course.settled else {
        return Some(course);
    };
    if board.is_some_and(|board| course.awaits_record_of(board)) {
        return Some(course);
    }
    let fault = Fault::ProposalClosed {
        proposal: id,
        settled: words::fate(course.fate),
        on: settled.on,
    };
    bench.fault("proposal_id", fault);
    None
}

/// Demands that the board has power to decide.
fn decides(bench: &mut Bench<'_>, id: &BoardId) -> bool {
    let subject = bench.register.subject(&SubjectId::Board(id.clone()));
    let board = subject.and_then(|subject| subject.as_board());
    let can = board.is_some_and(|board| board.has_power(BoardPower::Decides));
    if !can {
        let board = id.clone();
        bench.fault("board_id", Fault::BoardCannotDecide { board });
    }
    can
}

/// Demands that the voter has a seat with a vote on the board on the day.
fn has_a_vote(bench: &mut Bench<'_>, id: &BoardId, voter: &Actor) -> bool {
    let subject = bench.register.subject(&SubjectId::Board(id.clone()));
    let Some(board) = subject.and_then(|subject| subject.as_board()) else {
        return false;
    };
    let seats = seats(board, bench.day);
    if seat_of(bench.register, &seats, voter, bench.day).is_some() {
        return true;
    }
    let members: Vec<String> = voting(&seats).map(super::boards::named).collect();
    let fault = Fault::NotAVotingMember {
        voter: words::actor(voter),
        board: id.clone(),
        on: bench.on,
        members: super::bench::listed(members),
    };
    bench.fault("voter", fault);
    false
}

/// A word that is being given.
struct Said<'a> {
    id: ProposalId,
    proposal: &'a Proposal,
    by: Option<&'a Actor>,
    board: Option<&'a BoardId>,
    approves: bool,
    closes: bool,
    field: &'static str,
}

impl<'a> Said<'a> {
    const fn decided(
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
fn entitled(bench: &mut Bench<'_>, said: &Said<'_>, course: &Course<'_>) {
    let Some(sight) = bench.sight() else { return };
    let (Regime::Rule(ruling), Some(need)) = (&course.regime, &course.need) else {
        return;
    };
    let rule = ruling.rule();
    let asked = asked_for(&sight, said, &need_parts(need), bench);
    let fault = match asked {
        Asked::Yes => held(&sight, bench, said, course),
        Asked::Beyond(up_to) => Some(Fault::BeyondDelegation {
            voter: said.name(),
            up_to,
            approval_rule: rule.id.clone(),
        }),
        Asked::No => Some(Fault::NotEntitled {
            voter: said.name(),
            approval_rule: rule.id.clone(),
            rule_set: ruling.of.set.rule_set.clone(),
            needs: words::needs(&rule.requirement),
        }),
    };
    if let Some(fault) = fault {
        let kind = &bench.entry.event.kind;
        let by_actor = said.field == "acted_by" && !matches!(kind, Kind::VoteCast(_));
        if by_actor {
            bench.fault_at("acted_by", fault);
        } else {
            bench.fault(said.field, fault);
        }
    }
}

enum Asked {
    Yes,
    No,
    Beyond(crate::domain::money::Pence),
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
        let told = crate::domain::fact::Standing {
            entry: std::sync::Arc::clone(bench.entry),
            order: bench.place().1,
        };
        match &bench.entry.event.kind {
            Kind::VoteCast(what) => {
                let fact = crate::domain::fact::Fact::new(told, std::sync::Arc::clone(what));
                proposal.votes.insert(fact);
            }
            Kind::DecisionMade(what) => {
                let fact = crate::domain::fact::Fact::new(told, std::sync::Arc::clone(what));
                proposal.decisions.insert(fact);
            }
            Kind::VirementApproved(what) => {
                let fact = crate::domain::fact::Fact::new(told, std::sync::Arc::clone(what));
                proposal.virement_approvals.insert(fact);
            }
            _ => {}
        }
    }
}
