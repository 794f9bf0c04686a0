//! Who may say something about a proposal (rule 4), and when it is settled.

use std::rc::Rc;

use super::action::{At, Authority, Choice, Declared, Fact, ModelAction};
use super::need::{
    Need, NeedAt, Opinion, asks, board_parts, board_s, board_votes, is_beyond, is_quorate, units_of,
};
use super::past::{Asked, Past};
use super::replay::{Replay, Replayed};
use super::tally::takes_tally;
use super::{BALLOT, CROWDS_OUT, Reason, TALLY};

impl Past {
    /// Why a fact is refused by rules 4 to 6, each reason once.
    pub fn refusals(&self, fact: &Fact) -> Vec<Reason> {
        match &fact.action {
            ModelAction::Vote { n, declared, .. } => {
                let barred = (*declared == Declared::Barred).then_some("INTEREST_BARS_VOTE");
                let said = self
                    .asked(*n)
                    .and_then(|asked| self.refuses_said(&asked, fact));
                barred.into_iter().chain(said).collect()
            }
            ModelAction::Decide { n, tally, .. } | ModelAction::Approve { n, tally, .. } => {
                let Some(asked) = self.asked(*n) else {
                    return Vec::new();
                };
                let mut reasons: Vec<Reason> =
                    self.refuses_said(&asked, fact).into_iter().collect();
                if let ModelAction::Approve {
                    amount: Some(amount),
                    ..
                } = fact.action
                    && amount > asked.amount
                {
                    reasons.push("AMOUNT_OVER_REQUEST");
                }
                let is_said = reasons.is_empty() || reasons == ["AMOUNT_OVER_REQUEST"];
                if self.misses_quorum(&asked, fact, is_said) {
                    reasons.push(BALLOT);
                }
                if let (Some(tally), Some((_, said))) = (tally, Opinion::of(fact))
                    && said.board
                {
                    let mut before = self.opinions(*n);
                    let round = self.earlier_decision(*n, said.at, fact.span());
                    before.retain(|earlier| {
                        earlier.at < said.at && !earlier.decides && !self.is_of(round, earlier)
                    });
                    let votes = board_votes(&before, asked.orders);
                    let approves = said.choice == Choice::For;
                    if !takes_tally(*tally, approves, &votes, asked.orders) {
                        reasons.push(TALLY);
                    }
                }
                reasons
            }
            ModelAction::Withdraw(n) if self.is_carried(*n, fact.at()) => {
                let mut moves = self.moves().into_iter();
                let used = moves.any(|made| match made.authority {
                    Authority::Proposal(of) | Authority::Breach(Some(of)) => of == *n,
                    _ => false,
                });
                used.then_some("APPROVAL_USED").into_iter().collect()
            }
            ModelAction::Withdraw(n) | ModelAction::SendBack { n, .. } => {
                let asked = self.asked(*n);
                let settled =
                    asked.and_then(|asked| self.course(&asked, fact.at()).settled.clone());
                settled.map(|_| "PROPOSAL_CLOSED").into_iter().collect()
            }
            ModelAction::Delegate {
                board: false,
                to: "b-cc",
                ..
            } => vec!["DELEGATION_BARRED"],
            ModelAction::Make { authority, .. } => self.refuses_act(fact, *authority),
            _ => Vec::new(),
        }
    }

    /// Whether the board approves an open matter, for which no rule asks it, without the quorum
    /// of its standing orders, which say no more. Where a rule applies, `is_taken` says that
    /// nothing else is wrong.
    fn misses_quorum(&self, asked: &Asked, fact: &Fact, is_taken: bool) -> bool {
        let Some((_, said)) = Opinion::of(fact) else {
            return false;
        };
        let course = self.course(asked, said.at);
        let mut replay = Replay {
            past: self,
            asked: *asked,
            state: Replayed::clone(&course),
        };
        if replay.is_after_support(&said) {
            replay.reopen();
        }
        let is_ruled = self.need_at(asked, said.at).is_some_and(|need| {
            let is_asked = !board_parts(&need.need).is_empty();
            need.is_ruled && (is_asked || !is_taken)
        });
        if !said.board || said.choice != Choice::For || replay.state.settled.is_some() || is_ruled {
            return false;
        }
        let mut opinions = self.opinions(asked.n);
        let round = self.earlier_decision(asked.n, said.at, fact.span());
        opinions.retain(|earlier| {
            let is_vote = earlier.board && !earlier.decides;
            earlier.at < said.at && is_vote && !self.is_of(round, earlier)
        });
        opinions.push(said);
        !is_quorate(&Need::Majority, &opinions, asked.orders)
    }

    fn is_carried(&self, n: u8, at: At) -> bool {
        let asked = self.asked(n);
        asked.is_some_and(|asked| self.course(&asked, at).is_carried())
    }

    fn refuses_act(&self, fact: &Fact, authority: Authority) -> Vec<Reason> {
        if let Authority::Breach(_) = authority {
            return Vec::new();
        }
        let judging = self.judging(fact);
        let moves = judging.moves();
        let own = moves.iter().find(|made| made.position == fact.position);
        let faults = judging.faults(own.expect("it is there"));
        if !faults.is_empty() {
            return faults;
        }
        let with = self.with(fact.clone());
        // It must not make a breach of a later one.
        let crowds_out = moves.iter().any(|made| {
            made.at > fact.at()
                && !matches!(made.authority, Authority::Breach(_))
                && with.is_breach(made)
                && !self.is_breach(made)
        });
        crowds_out.then_some(CROWDS_OUT).into_iter().collect()
    }

    /// Why a vote or a decision is refused.
    fn refuses_said(&self, asked: &Asked, fact: &Fact) -> Option<Reason> {
        let (_, said) = Opinion::of(fact)?;
        let mut course = self.course(asked, said.at);
        let mut replay = Replay {
            past: self,
            asked: *asked,
            state: Replayed::clone(&course),
        };
        if replay.is_after_support(&said) {
            replay.reopen();
            course = Rc::new(replay.state);
        }
        if let Some(judged) = self.beside_minutes(asked, &course, &said) {
            if said.by == Some("council") {
                return Some("NOT_A_VOTING_MEMBER");
            }
            if judged.is_err() || course.settled.is_some() {
                return judged.err();
            }
        }
        if course.settled.is_some() {
            return self.refuses_late(asked, &course, &said);
        }
        if said.board && said.by == Some("council") {
            return Some("NOT_A_VOTING_MEMBER");
        }
        let Some(need_at) = self.need_at(asked, said.at) else {
            let may = !said.decides || self.may_decide(asked, &course, &said);
            return (!may).then_some("NOT_PUT_TO");
        };
        let NeedAt { need, is_ruled } = &need_at;
        if !asks(need, &said, asked.amount) {
            // A decision that only meets a condition agrees to nothing that the rule asks.
            if self.is_awaited(&course, &said) {
                return None;
            }
            return Some(match is_ruled {
                true if is_beyond(need, &said, asked.amount) => "BEYOND_DELEGATION",
                true => "NOT_ENTITLED",
                false => "NOT_PUT_TO",
            });
        }
        if !is_ruled {
            return None;
        }
        // A decision that waits is judged as if it counted, without the one it replaces.
        let mut replay = Replay {
            past: self,
            asked: *asked,
            state: Replayed::clone(&course),
        };
        replay.replace_waiting(&said);
        let mut after = Replay {
            past: self,
            asked: *asked,
            state: replay.state.clone(),
        };
        let course = replay.state;
        let is_boards = said.board && said.decides;
        let mut opinions = course.active();
        if is_boards {
            let votes = course
                .live
                .iter()
                .filter(|other| !course.is_suspended(other));
            opinions = votes.copied().collect();
        }
        opinions.push(said);
        if said.choice != Choice::For {
            let mut parts = board_parts(need).into_iter().peekable();
            let is_asked = is_boards && parts.peek().is_some();
            if is_asked && parts.all(|part| !is_quorate(part, &opinions, asked.orders)) {
                return Some(BALLOT);
            }
            // Numbers that carry it cannot reject it.
            let numbers = said
                .tally
                .filter(|tally| tally.votes() > 0 && !tally.unanimous);
            let is_carried = is_boards && board_s(need, &opinions, asked.orders) == Some(true);
            return (is_carried && numbers.is_some()).then_some(TALLY);
        }
        if is_boards && board_s(need, &opinions, asked.orders) == Some(false) {
            return Some(BALLOT);
        }
        if !said.waits() {
            // It may meet the conditions of others, which then count too.
            after.say(said);
            if after.state.settled.is_some() {
                return None;
            }
            opinions = after.state.active();
        }
        let (state, counted) = super::need::judge(need, &opinions, asked);
        let is_alone = state == super::need::ModelRequirementState::Met
            && super::need::alone(&counted, asked.by);
        is_alone.then_some("OWN_PROPOSAL")
    }

    /// Whether somebody may decide a matter that no rule covers: if it names a board, or was
    /// sent back to one, that board, its council, or one of these exceptions.
    fn may_decide(&self, asked: &Asked, course: &Replayed, said: &Opinion) -> bool {
        let named: Vec<&str> = asked.board.into_iter().chain(course.sent_back_to).collect();
        let is_named = |board: Option<&str>| board.is_some_and(|board| named.contains(&board));
        let is_itself = is_named(said.of_board()) || said.by == Some("council");
        let mut facts = self.facts.iter().filter(|fact| fact.at() < said.at);
        let left = facts.any(|fact| match fact.action {
            ModelAction::Support { n, by } => n == asked.n && is_named(by),
            _ => false,
        });
        let is_of_council = said.of_board().is_some_and(super::is_of_council);
        let mut waiting = course.waiting.iter();
        let awaits_another = is_of_council
            && waiting.any(|waiting| {
                is_named(waiting.of_board()) && waiting.terms.conditions.contains(&None)
            });
        let decided = self.opinions(asked.n).into_iter().any(|before| {
            let is_same = match (before.of_board(), said.of_board()) {
                (Some(one), Some(other)) => one == other,
                (None, None) => before.decider() == said.decider(),
                _ => false,
            };
            before.decides && before.at < said.at && is_same
        });
        named.is_empty()
            || is_itself
            || left
            || awaits_another
            || decided
            || self.is_awaited(course, said)
    }

    /// Whether a condition of a decision that waits is this body's decision.
    fn is_awaited(&self, course: &Replayed, said: &Opinion) -> bool {
        let mut conditions = course.waiting.iter().flat_map(|waiting| {
            let conditions = waiting.terms.conditions.iter().enumerate();
            conditions.map(move |(index, by)| (waiting, index, *by))
        });
        said.decides
            && conditions.any(|(waiting, index, by)| {
                let Some(by) = by else {
                    return false;
                };
                let is_met = course.active().iter().any(|other| {
                    other.decides
                        && other.choice == Choice::For
                        && other.is_awaited_as(by)
                        && !other.is_voice_of(waiting)
                });
                said.is_awaited_as(by)
                    && !is_met
                    && self.condition(waiting.at.1, index, said.at).is_none()
            })
    }

    fn refuses_late(&self, asked: &Asked, course: &Replayed, said: &Opinion) -> Option<Reason> {
        // Who holds two seats may vote the same for each.
        if let Some(by) = said.by.filter(|_| said.board && !said.decides) {
            let same = self.opinions(asked.n).into_iter().filter(|earlier| {
                earlier.at < said.at
                    && earlier.board
                    && !earlier.decides
                    && earlier.by == Some(by)
                    && earlier.choice == said.choice
            });
            let same = same.count();
            let may = course.is_carried() && same > 0 && same < units_of(by, asked.orders).len();
            return (!may).then_some("PROPOSAL_CLOSED");
        }
        let is_approval = said.decides && said.board && said.choice == Choice::For;
        if is_approval && course.awaits_record(asked.orders) {
            let grounds = &course.settled.as_ref()?.grounds;
            let need = grounds.need.as_ref()?;
            let holds = board_s(&need.need, &grounds.opinions, asked.orders) == Some(true);
            return (!holds).then_some(BALLOT);
        }
        let replay = Replay {
            past: self,
            asked: *asked,
            state: course.clone(),
        };
        replay.late_effect(said).err()
    }
}
