//! The reasoning behind approvals, in published form: rules, requirements and opinions.

use super::names;
use minutebook_domain::approval::{
    self, ApprovalContext, Approver, Opinion, OpinionEffect, ProposalStatus, Regime,
    RequirementState, RequirementStatus, Resolution, RuleSet, describe,
};
use minutebook_domain::entry::RecordedCaller;
use minutebook_domain::event::{Outcome, Requirement};
use minutebook_domain::fact::EffectiveOrder;
use minutebook_domain::fault::Fault;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::rule_set_view::RuleView;
use minutebook_wire::proto::{
    self, Awaited, DecisionStanding, FaultView, NeedState, NeedView, RuleRef, RuleSetView,
    WordEffect, WordView,
};
use minutebook_wire::reply;

/// The rule that applies, or that none does.
pub(super) fn rule(regime: &Regime) -> RuleRef {
    let rules = regime.rules();
    let rule = regime.rule();
    RuleRef {
        regime: match regime {
            Regime::Rule(_) => proto::Regime::Rule,
            Regime::NotCovered(_) => proto::Regime::NotCovered,
            Regime::Law => proto::Regime::Law,
            Regime::Unregulated => proto::Regime::Unregulated,
        }
        .into(),
        adopted_by: rules
            .map(|rules| rules.adopted_by.to_string())
            .unwrap_or_default(),
        rule_set_id: rules
            .map(|rules| rules.set.rule_set.to_string())
            .unwrap_or_default(),
        in_force_on: rules.map(|rules| reply::date(rules.set.on())),
        rule_id: reply::optional(rule.map(|rule| &rule.id)),
        title: reply::optional(rule.map(|rule| &rule.title)),
        what: describe::governs(regime),
    }
}

/// The rules in force for a subject at the end of the day of the register view.
pub(super) fn in_force(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
) -> Option<RuleSet> {
    let end = EffectiveOrder::end_of(register_view.as_at());
    approval::rule_set(register_view, id, subject, end)
}

/// Who must agree to what, in a sentence.
pub(super) fn governed_by(rules: Option<&RuleSet>) -> String {
    match rules {
        Some(rules) if rules.set.rules.is_empty() => format!(
            "The approval rules {} of {}, in force since {}, are empty on purpose: everything is \
             unregulated.",
            rules.set.rule_set,
            rules.adopted_by,
            rules.set.on()
        ),
        Some(rules) => format!(
            "Governed by the approval rules {} of {}, in force since {}; anything that none of \
             them covers is unregulated.",
            rules.set.rule_set,
            rules.adopted_by,
            rules.set.on()
        ),
        None => "No approval rules are in force: by law the parties of an instrument sign it, and \
                 everything else is unregulated."
            .into(),
    }
}

/// A set of rules, in words.
pub(super) fn rule_set(register_view: &RegisterView, rules: &RuleSet) -> RuleSetView {
    RuleSetView {
        adopted_by: rules.adopted_by.to_string(),
        rule_set_id: rules.set.rule_set.to_string(),
        in_force_on: Some(reply::date(rules.set.on())),
        document: reply::document(&rules.set.document),
        rules: rules
            .set
            .rules
            .iter()
            .map(|rule| RuleView {
                rule_id: rule.id.to_string(),
                title: rule.title.to_string(),
                when: describe::conditions(&rule.conditions),
                needs: describe::requirement(&rule.requirement),
                warning: nobody_could_meet(register_view, rules, &rule.requirement),
            })
            .collect(),
        position: rules.set.position().get(),
    }
}

/// Why nobody could meet a requirement on the day on which its set was adopted.
fn nobody_could_meet(
    register_view: &RegisterView,
    rules: &RuleSet,
    requirement: &Requirement,
) -> String {
    let Some(subject) = register_view.subject(&rules.adopted_by) else {
        return String::new();
    };
    let context = ApprovalContext {
        lookup: register_view,
        id: &rules.adopted_by,
        subject: &subject,
    };
    let status = context.requirement_of(requirement, rules.set.day());
    if status.state != RequirementState::Lost {
        return String::new();
    }
    let day = rules.set.on();
    match describe::reasoning(&status) {
        why if why.is_empty() => format!("nobody could meet it on {day}"),
        why => format!("nobody could meet it on {day}: {why}"),
    }
}

pub(super) fn approver(register_view: &RegisterView, approver: &Approver) -> Awaited {
    Awaited {
        who: approver
            .actor
            .as_ref()
            .map(|who| names::actor(register_view, who)),
        board: approver
            .board
            .as_ref()
            .map(|id| names::board(register_view, id)),
        duty: String::new(),
    }
}

/// The approvers that a proposal awaits, and what is awaited of them.
pub(super) fn awaited(register_view: &RegisterView, status: &ProposalStatus<'_>) -> Vec<Awaited> {
    let awaited = status.awaited_with_duty().into_iter();
    awaited
        .map(|(who, duty)| Awaited {
            duty: describe::duty(duty),
            ..approver(register_view, &who)
        })
        .collect()
}

pub(super) fn approvers(register_view: &RegisterView, approvers: &[Approver]) -> Vec<Awaited> {
    approvers
        .iter()
        .map(|each| approver(register_view, each))
        .collect()
}

pub(super) fn need(register_view: &RegisterView, requirement: &RequirementStatus) -> NeedView {
    NeedView {
        what: describe::requirement(&requirement.requirement),
        state: match requirement.state {
            RequirementState::Met => NeedState::Met,
            RequirementState::Open => NeedState::Open,
            RequirementState::Lost => NeedState::Lost,
        }
        .into(),
        reasoning: describe::reasoning(requirement),
        agreed: approvers(register_view, &requirement.agreed),
        against: approvers(register_view, &requirement.against),
        awaited: approvers(register_view, &requirement.awaited),
        parts: requirement
            .parts
            .iter()
            .map(|part| need(register_view, part))
            .collect(),
    }
}

pub(super) fn standing(status: &ProposalStatus<'_>) -> DecisionStanding {
    match status.put_off_by.map(|fact| &fact.outcome) {
        Some(Outcome::Deferred) if status.resolution == Resolution::Open => {
            DecisionStanding::Deferred
        }
        Some(Outcome::Referred(_)) if status.resolution == Resolution::Open => {
            DecisionStanding::Referred
        }
        _ => resolution(status.resolution),
    }
}

pub(super) const fn resolution(resolution: Resolution) -> DecisionStanding {
    match resolution {
        Resolution::Open => DecisionStanding::Pending,
        Resolution::Carried => DecisionStanding::Approved,
        Resolution::Rejected => DecisionStanding::Rejected,
        Resolution::Noted => DecisionStanding::Noted,
        Resolution::Supported => DecisionStanding::Supported,
        Resolution::Withdrawn => DecisionStanding::Withdrawn,
        Resolution::Lapsed => DecisionStanding::Lapsed,
        Resolution::SubjectTo => DecisionStanding::SubjectTo,
        Resolution::CalledIn => DecisionStanding::CalledIn,
        Resolution::Stayed => DecisionStanding::Stayed,
        Resolution::Quashed => DecisionStanding::Quashed,
        Resolution::NotAgreed => DecisionStanding::NotAgreed,
        Resolution::OutcomeNotKnown => DecisionStanding::OutcomeNotKnown,
    }
}

/// Every opinion on a proposal, in order.
pub(super) fn opinions_on(
    register_view: &RegisterView,
    status: &ProposalStatus<'_>,
) -> Vec<WordView> {
    let opinions = &status.opinions;
    opinions
        .iter()
        .enumerate()
        .map(|(index, opinion)| {
            let later = &opinions[index + 1..opinions.len().max(index + 1)];
            let replaced = index < status.in_time
                && later
                    .iter()
                    .take(status.in_time.saturating_sub(index + 1))
                    .any(|other| same_voter(opinion, other));
            WordView {
                by: opinion.by.map(|by| names::actor(register_view, by)),
                board: opinion
                    .board
                    .map(|board| names::board(register_view, board)),
                choice: reply::vote_choice(opinion.choice),
                conflict_declared: conflict(opinion),
                on: Some(reply::date(opinion.entry.effective_on())),
                on_is: reply::date_is(opinion.entry.event.effective_on_is),
                recorded_on: Some(reply::day(opinion.entry.recorded_on)),
                replaced,
                too_late: matches!(
                    opinion.effect,
                    OpinionEffect::TooLate | OpinionEffect::Contradiction
                ),
                effect: effect(opinion.effect).into(),
                amount_pence: opinion
                    .allows
                    .map(|allows| reply::optional_pence(allows.amount))
                    .unwrap_or_default(),
                allows_projected: opinion.allows.is_some_and(|allows| allows.projected),
                decision_id: reply::optional(opinion.decision),
                position: opinion.entry.position.get(),
                interest: opinion
                    .vote
                    .and_then(|vote| vote.interest.as_ref())
                    .map(reply::voting::interest),
                cast_by: opinion
                    .vote
                    .and_then(|vote| vote.cast_by.as_ref())
                    .map(|by| names::actor(register_view, by)),
                tally: opinion.tally.map(reply::voting::tally),
                meeting: opinion.meeting.map(reply::voting::meeting),
                seat_only: opinion.vote.is_some_and(|vote| vote.seat_only),
                recorded_by: opinion.entry.recorded_by.to_string(),
                unauthenticated: opinion.entry.caller == RecordedCaller::Local,
            }
        })
        .collect()
}

const fn effect(effect: OpinionEffect) -> WordEffect {
    match effect {
        OpinionEffect::Counts => WordEffect::Counts,
        OpinionEffect::Conditional => WordEffect::Conditional,
        OpinionEffect::Minute => WordEffect::Minute,
        OpinionEffect::Agreement => WordEffect::Agreement,
        OpinionEffect::Objection => WordEffect::Objection,
        OpinionEffect::ByName => WordEffect::ByName,
        OpinionEffect::Contradiction | OpinionEffect::TooLate => WordEffect::TooLate,
        OpinionEffect::Fallen => WordEffect::Fallen,
        OpinionEffect::WithoutQuorum => WordEffect::WithoutQuorum,
    }
}

fn same_voter(opinion: &Opinion<'_>, other: &Opinion<'_>) -> bool {
    let by = match (opinion.by, other.by) {
        (Some(one), Some(other)) => one.is_same(other),
        (one, other) => one.is_none() && other.is_none(),
    };
    opinion.board == other.board && opinion.closes == other.closes && by
}

fn conflict(opinion: &Opinion<'_>) -> String {
    match &opinion.entry.event.kind {
        minutebook_domain::event::Kind::VoteCast(vote) => vote.conflict_declared.to_string(),
        _ => String::new(),
    }
}

/// A fault, in the opinions of a refusal.
pub(super) fn fault(fault: &Fault, entry: &minutebook_domain::entry::Entry) -> FaultView {
    FaultView {
        reason: fault.reason().to_owned(),
        what: fault.to_string(),
        since_on: Some(reply::date(entry.effective_on())),
        position: entry.position.get(),
    }
}
