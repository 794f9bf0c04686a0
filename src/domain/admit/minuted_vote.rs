//! Rule 4: votes by name that are recorded after the minutes.
//!
//! Minutes with numbers and a list of the votes published later are daily practice: any
//! member may have a vote minuted. A vote of the day of the board's decision that is recorded
//! after it is evidence beside the minutes, and the decision remains what it was.

use std::sync::Arc;

use super::event_check::EventCheck;
use super::named_votes::{NamedVotes, Round};
use super::tallies::{check_ballots, quorum_fault, standing_orders_fault};
use crate::approval::{
    ApprovalContext, Electorate, Opinion, OpinionEffect, ProposalStatus, requirement_with,
};
use crate::dossier::Proposal;
use crate::event::Kind;
use crate::fact::{EffectiveEntry, EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::{BoardId, Position, ProposalId, SubjectId};
use crate::meeting::may_be_same_day;

/// A vote by name of a board whose decision of that day is on record already.
pub(super) struct MinutedVote<'a, 'c> {
    pub context: ApprovalContext<'a>,
    pub id: ProposalId,
    pub proposal: &'a Proposal,
    pub status: &'c ProposalStatus<'a>,
    pub board: &'c BoardId,
}

impl MinutedVote<'_, '_> {
    /// Whether the board's own decision of that day was recorded before the vote.
    pub fn is_minuted(&self, check: &EventCheck<'_>) -> bool {
        self.decision(check).is_some()
    }

    /// Why the vote contradicts the minutes, or what was decided; `None` if it is none of
    /// those on which the board decided, because the voter has another on record.
    pub fn judge(&self, check: &EventCheck<'_>) -> Option<Result<(), Fault>> {
        let Kind::VoteCast(event) = &check.entry.event.kind else {
            return None;
        };
        let decided = self.decision(check)?;
        let subject = SubjectId::Board(self.board.clone());
        let subject = check.register.subject(&subject);
        let board = subject.and_then(|subject| subject.as_board())?;
        let electorate = Electorate::new(check.register, self.board, board, check.day);
        let (own, decided_on) = (check.effective_order(), decided.entry.effective_on());
        let source = EffectiveEntry {
            entry: Arc::clone(check.entry),
            original_position: own.position,
        };
        let vote = Fact::new(source, Arc::clone(event));
        let round = Round::of(self.proposal, self.board, decided.order, decided_on);
        let mut named = NamedVotes::of(&electorate, self.board, self.proposal, |vote| {
            let is_beside = vote.effective_order() != own && may_be_same_day(vote.on(), decided_on);
            round.has(vote) || is_beside
        });
        let votes = electorate.votes_of(&event.voter);
        if votes.iter().any(|vote| named.votes.contains_key(vote)) {
            return None;
        }
        named
            .votes
            .extend(votes.into_iter().map(|index| (index, &vote)));
        let named = named.held_against(decided.order);
        let at = decided.meeting.filter(|at| at.board == *self.board);
        let held = at.and_then(|at| board.meeting(&at.meeting)?.sitting(decided_on));
        let present = held.and_then(|held| electorate.present_at(held));
        let there = present.map_or(named.members, |present| present.len());
        Some(self.fault(&decided, &named, there).map_or(Ok(()), Err))
    }

    /// The last decision of the board itself on the day of the vote, and before it.
    fn decision(&self, check: &EventCheck<'_>) -> Option<Opinion<'_>> {
        let own = check.effective_order();
        let decided = self.status.opinions.iter().filter(|opinion| {
            let is_in_effect = matches!(
                opinion.effect,
                OpinionEffect::Counts
                    | OpinionEffect::Conditional
                    | OpinionEffect::Minute
                    | OpinionEffect::Agreement
                    | OpinionEffect::Objection
            );
            is_in_effect
                && opinion.closes
                && opinion.decides_for.is_none()
                && opinion.board == Some(self.board)
                && opinion.order < own
                && may_be_same_day(opinion.entry.effective_on(), check.on)
        });
        decided.max_by_key(|opinion| opinion.order).copied()
    }

    /// `there` is the number of votes of those who were there.
    fn fault(&self, decided: &Opinion<'_>, named: &NamedVotes<'_>, there: usize) -> Option<Fault> {
        let Some(tally) = decided.tally else {
            return self.outcome_fault(decided, named);
        };
        let took_no_part = "declared an interest and took no part in the vote";
        let excluded = named.excluded();
        let votes = usize::try_from(tally.votes()).unwrap_or(usize::MAX);
        let is_over = excluded > 0 && votes > there.saturating_sub(excluded);
        let over = is_over.then(|| format!("{excluded} of {there} {took_no_part}"));
        let given = tally.casting_vote.as_ref().map(|given| &given.by);
        let cast = given.filter(|by| named.has_left(by));
        let record = over
            .or_else(|| named.contradiction(tally, Some(decided.approves())))
            .or_else(|| Some(format!("{} {took_no_part}", cast?)));
        if let Some(record) = record {
            return Some(Fault::TallyContradicted {
                board: self.board.clone(),
                tally: format!("{tally} (entry {})", decided.entry.position),
                record,
            });
        }
        if tally.has_votes() || tally.unanimous || tally.casting_vote.is_some() {
            return None;
        }
        self.outcome_fault(decided, named)
    }

    /// Why the votes by name do not allow what the board decided, whatever those were that
    /// the minutes do not give.
    fn outcome_fault(&self, decided: &Opinion<'_>, named: &NamedVotes<'_>) -> Option<Fault> {
        let approves = decided.approves();
        let result = named.result(approves, decided.tally);
        if result.is_none() && !named.is_complete() {
            return None;
        }
        let before = EffectiveOrder {
            day: decided.order.day,
            position: Position::default(),
        };
        let named_votes = named.votes.values().map(|vote| Opinion {
            order: before.min(vote.effective_order()),
            ..Opinion::vote(vote)
        });
        let own = Opinion {
            tally: result.as_ref().or(decided.tally),
            ..*decided
        };
        let mut opinions: Vec<Opinion<'_>> = named_votes.collect();
        opinions.push(own);
        let (context, day) = (self.context, decided.order.day);
        let Some(rule) = self.status.regime.rule() else {
            let fault = || standing_orders_fault(&context, self.board, &opinions, day);
            return approves.then(fault)?;
        };
        let counted = self.status.opinions.iter().take(self.status.in_time);
        let others = counted.filter(|other| other.board != Some(self.board));
        let all: Vec<Opinion<'_>> = others.copied().chain(opinions.iter().copied()).collect();
        let asked = &self.status.requirement.as_ref()?.requirement;
        let case = context.case(self.id, self.proposal);
        let status = requirement_with(case, asked, &all, day);
        let mut ballots = status.ballots().into_iter();
        // Numbers give no weights.
        if result.is_some() && ballots.any(|ballot| ballot.weights.is_some()) {
            return None;
        }
        match (approves, check_ballots(&status, self.board, &rule.id)?) {
            (true, judged) => judged.err(),
            (false, Ok(())) => Some(Fault::TallyContradicted {
                board: self.board.clone(),
                tally: result.map_or_else(|| "by name".to_owned(), |result| result.to_string()),
                record: format!(
                    "it was rejected (entry {}), and by the rule {} these votes carry it",
                    decided.entry.position, rule.id
                ),
            }),
            (false, Err(_)) => quorum_fault(&status, self.board),
        }
    }
}
