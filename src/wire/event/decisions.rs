//! Reading and summaries for events about proposals, votes, decisions and actions.

use crate::event::conditions::{subject_to, subject_to_list};
use crate::event::envelope::require_decider;
use crate::event::matters::matter_line;
use crate::event::voting::{approval_tally, check_interest, check_tally, rejection_tally};
use crate::fields::{
    FromWire, choice, date, each, flag, id, ids, message, name, no_repeats, optional, optional_id,
    optional_uuid, or_default, reads, remark, required_text, some_wire_choice, text, uuid,
};
use crate::proto;
use crate::summary::{Summary, decided_by, optional_phrase, quoted, ratification};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    ActionAgreed, ActionClosed, Actor, DecisionMade, DecisionPublished, DecisionWithheld,
    ExternalDecisionReceived, InterestCourse, MatterProposed, Outcome, OutcomeNotKnown,
    ProposalWithdrawn, VoteCast, VoteChoice,
};

reads! {
    MatterProposed {
        proposal: uuid(proposal_id),
        title: name(title),
        matter: message(matter),
        board: optional_id(board_id),
        decider: optional_id(decider_id),
        lapses_on: date(lapses_on),
        summary: text(summary),
        papers: or_default(papers),
        ratifies: optional(ratifies),
        put_to: ids(put_to_ids),
        meeting: optional(meeting),
        put_to_offices: offices(put_to_offices),
    }
    CallInWaiver {
        agreed_by: optional(agreed_by),
        agreed_on: date(agreed_on),
        reason: required_text(reason),
    }
    VoteCast {
        proposal: uuid(proposal_id),
        voter: message(voter),
        choice: choice(choice),
        conflict_declared: text(conflict_declared),
        board: optional_id(board_id),
        interest: optional(interest),
        cast_by: optional(cast_by),
        meeting: optional(meeting),
        seat_only: flag(seat_only),
    } => check_interest
    ProposalWithdrawn {
        proposal: uuid(proposal_id),
        reason: text(reason),
    }
    ActionAgreed {
        action: id(action_id),
        what: required_text(what),
        owner: optional(owner),
        due_on: date(due_on),
        decision: optional_id(decision_id),
        meeting: optional(meeting),
        recommendation: optional_id(recommendation_id),
    }
    ActionClosed {
        action: id(action_id),
        outcome: required_text(outcome),
    }
    DecisionPublished {
        decision: id(decision_id),
        document: or_default(document),
        in_part: flag(in_part),
    }
    DecisionWithheld {
        decision: id(decision_id),
        ground: required_text(ground),
    }
    OutcomeNotKnown {
        proposal: uuid(proposal_id),
        reason: required_text(reason),
    }
}

impl FromWire for DecisionMade {
    type Wire = proto::DecisionMade;

    fn read(r: &mut MessageReader, m: &proto::DecisionMade) -> Option<Self> {
        let decision = id(r, "decision_id", &m.decision_id);
        let title = name(r, "title", &m.title);
        let outcome = outcome(r, m);
        let proposal = optional_uuid(r, "proposal_id", &m.proposal_id);
        let board = optional_id(r, "board_id", &m.board_id);
        let decided = require_decider(r, &m.board_id);
        let reasons = text(r, "reasons", &m.reasons);
        let alternatives_rejected = text(r, "alternatives_rejected", &m.alternatives_rejected);
        let conflicts_declared = text(r, "conflicts_declared", &m.conflicts_declared);
        let conditions = text(r, "conditions", &m.conditions);
        let record = or_default(r, "record", &m.record);
        check_tally(r, m.tally.as_ref(), &m.board_id);
        let tally = match m.outcome() {
            proto::Outcome::Approved => approval_tally(r, "tally", &m.tally),
            proto::Outcome::Rejected => rejection_tally(r, "tally", &m.tally),
            _ => optional(r, "tally", &m.tally),
        };
        let meeting = optional(r, "meeting", &m.meeting);
        let amendments = text(r, "amendments", &m.amendments);
        let subject_to = subject_to_list(r, "subject_to", &m.subject_to);
        let in_force_from = date(r, "in_force_from_on", &m.in_force_from_on);
        let sent_back_to = optional_id(r, "sent_back_to_board_id", &m.sent_back_to_board_id);
        let call_in_waiver = optional(r, "call_in_waiver", &m.call_in_waiver);
        if !m.sent_back_to_board_id.is_empty() && m.outcome() != proto::Outcome::Deferred {
            r.fault_in(
                "sent_back_to_board_id",
                "a matter that is sent back is not decided yet: make the outcome \
                 OUTCOME_DEFERRED, or leave it out",
            );
            return None;
        }
        if !m.subject_to.is_empty() && m.outcome() != proto::Outcome::Approved {
            r.fault_in(
                "subject_to",
                "only an approval depends on conditions: leave them out, or make the outcome \
                 OUTCOME_APPROVED",
            );
            return None;
        }
        decided?;
        Some(Self {
            decision: decision?,
            title: title?,
            outcome: outcome?,
            proposal: proposal?,
            board: board?,
            reasons: reasons?,
            alternatives_rejected: alternatives_rejected?,
            conflicts_declared: conflicts_declared?,
            conditions: conditions?,
            record: record?,
            tally: tally?,
            meeting: meeting?,
            amendments: amendments?,
            subject_to: subject_to?,
            in_force_from: in_force_from?,
            sent_back_to: sent_back_to?,
            call_in_waiver: call_in_waiver?,
        })
    }
}

/// The most offices that may decide a matter together.
const OFFICES_MAX: usize = 20;

/// Offices of bodies, each once.
fn offices(r: &mut MessageReader, field: &str, v: &[proto::Actor]) -> Option<Vec<Actor>> {
    let offices = each(r, field, v, OFFICES_MAX, |r, m| {
        let actor = Actor::read(r, m)?;
        if actor.body().is_none() || actor.office().is_none() {
            r.fault("an office of a body: fill in both body_id and office");
            return None;
        }
        Some(actor)
    });
    let key = |actor: &Actor| {
        let office = actor.office().map(|office| office.folded().to_lowercase());
        (actor.body().cloned(), office)
    };
    no_repeats(r, field, offices, key, "this office")
}

fn outcome(r: &mut MessageReader, m: &proto::DecisionMade) -> Option<Outcome> {
    let alone = |r: &mut MessageReader, outcome| {
        if m.referred_to_id.is_empty() {
            return Some(outcome);
        }
        r.fault_in(
            "referred_to_id",
            "only a referral names whom it goes to: leave it out, or make the outcome \
             OUTCOME_REFERRED",
        );
        None
    };
    match some_wire_choice(r, "outcome", &m.outcome)? {
        proto::Outcome::Unspecified => None,
        proto::Outcome::Approved => alone(r, Outcome::Approved),
        proto::Outcome::Rejected => alone(r, Outcome::Rejected),
        proto::Outcome::Noted => alone(r, Outcome::Noted),
        proto::Outcome::Supported => alone(r, Outcome::Supported),
        proto::Outcome::Deferred => alone(r, Outcome::Deferred),
        proto::Outcome::Referred => {
            id(r, "referred_to_id", &m.referred_to_id).map(Outcome::Referred)
        }
    }
}

impl FromWire for ExternalDecisionReceived {
    type Wire = proto::ExternalDecisionReceived;

    fn read(r: &mut MessageReader, m: &proto::ExternalDecisionReceived) -> Option<Self> {
        let proposal = uuid(r, "proposal_id", &m.proposal_id);
        let decider = id(r, "decider_id", &m.decider_id);
        let approved = answer(r, m.outcome);
        let reference = remark(r, "reference", &m.reference);
        let decision = optional_id(r, "decision_id", &m.decision_id);
        Some(Self {
            proposal: proposal?,
            decider: decider?,
            approved: approved?,
            reference: reference?,
            decision: decision?,
        })
    }
}

fn answer(r: &mut MessageReader, outcome: i32) -> Option<bool> {
    match some_wire_choice(r, "outcome", &outcome)? {
        proto::Outcome::Approved => Some(true),
        proto::Outcome::Rejected => Some(false),
        proto::Outcome::Unspecified => None,
        proto::Outcome::Noted
        | proto::Outcome::Supported
        | proto::Outcome::Deferred
        | proto::Outcome::Referred => {
            r.fault_in(
                "outcome",
                "an outside decider approves or rejects: choose OUTCOME_APPROVED or \
                 OUTCOME_REJECTED",
            );
            None
        }
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for MatterProposed {
    fn line(&self) -> String {
        self.line_by(None)
    }

    fn line_by(&self, actor: Option<&Actor>) -> String {
        let ratification = ratification(self.ratifies.as_ref());
        match actor {
            None => format!("proposed{ratification}: {}", self.title),
            Some(actor) => format!("{} proposed{ratification}: {}", actor, self.title),
        }
    }

    fn proposed(&self) -> String {
        matter_line(&self.matter)
    }
}

impl Summary for VoteCast {
    fn line(&self) -> String {
        let choice = match self.choice {
            VoteChoice::Approve => "voted for",
            VoteChoice::Reject => "voted against",
            VoteChoice::Abstain => "abstained on",
        };
        let conflict = match &self.interest {
            Some(interest) => match interest.course {
                InterestCourse::LeftTheRoom => ", left the room with an interest declared",
                InterestCourse::StayedWithoutVote => {
                    ", stayed without a vote with an interest declared"
                }
                InterestCourse::Voted => ", with an interest declared",
            },
            None if self.conflict_declared.is_empty() => "",
            None => ", with a conflict declared",
        };
        let board = optional_phrase(self.board.as_ref(), "on");
        let cast_by = self
            .cast_by
            .as_ref()
            .map(|by| format!(", cast by the substitute {by}"))
            .unwrap_or_default();
        format!(
            "{} {choice} proposal {}{board}{conflict}{cast_by}",
            self.voter, self.proposal
        )
    }
}

impl Summary for DecisionMade {
    fn line(&self) -> String {
        self.line_by(None)
    }

    fn line_by(&self, actor: Option<&Actor>) -> String {
        let outcome = &self.outcome;
        let decided_by = decided_by(self.board.as_ref(), actor);
        let tally = self
            .tally
            .as_ref()
            .map(|tally| format!(" ({tally})"))
            .unwrap_or_default();
        let sent_back = optional_phrase(self.sent_back_to.as_ref(), "and sent back to");
        let waived = match self.call_in_waiver {
            Some(_) => ", not subject to call-in",
            None => "",
        };
        let subject_to = subject_to(&self.subject_to);
        let outcome = format!("{outcome}{subject_to}{sent_back}{waived}");
        format!(
            "decision {}, {outcome}{decided_by}{tally}: {}",
            self.decision, self.title
        )
    }
}

impl Summary for ExternalDecisionReceived {
    fn line(&self) -> String {
        let answer = if self.approved {
            "approved"
        } else {
            "rejected"
        };
        format!("{} {answer} proposal {}", self.decider, self.proposal)
    }
}

impl Summary for ProposalWithdrawn {
    fn line(&self) -> String {
        format!("proposal {} withdrawn", self.proposal)
    }
}

impl Summary for OutcomeNotKnown {
    fn line(&self) -> String {
        format!(
            "outcome of proposal {} not known: {}",
            self.proposal,
            quoted(self.reason.as_str())
        )
    }
}

impl Summary for ActionAgreed {
    fn line(&self) -> String {
        let owner = self
            .owner
            .as_ref()
            .map(|owner| format!(" for {owner}"))
            .unwrap_or_default();
        let due = optional_phrase(self.due_on.as_ref(), "by");
        format!(
            "action {} agreed{owner}{due}: {}",
            self.action,
            quoted(self.what.as_str())
        )
    }
}

impl Summary for ActionClosed {
    fn line(&self) -> String {
        format!(
            "action {} closed: {}",
            self.action,
            quoted(self.outcome.as_str())
        )
    }
}

impl Summary for DecisionPublished {
    fn line(&self) -> String {
        let how = if self.in_part {
            "published in part"
        } else {
            "published"
        };
        format!("decision {} {how}", self.decision)
    }
}

impl Summary for DecisionWithheld {
    fn line(&self) -> String {
        format!(
            "decision {} withheld: {}",
            self.decision,
            quoted(self.ground.as_str())
        )
    }
}
