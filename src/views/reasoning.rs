//! The reasoning behind approvals, in published form: rules, needs and words.

use super::names;
use crate::domain::approval::{
    self, Approver, Opinion, ProposalStatus, Regime, RequirementState, RequirementStatus,
    Resolution, RuleSet, describe,
};
use crate::domain::event::Outcome;
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::SubjectId;
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;
use crate::wire::proto::rule_set_view::RuleView;
use crate::wire::proto::{
    self, Awaited, DecisionStanding, FaultView, NeedState, NeedView, RuleRef, RuleSetView, WordView,
};
use crate::wire::reply;

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

/// The rules in force for a subject at the end of the day an outlook speaks for.
pub(super) fn in_force(outlook: &RegisterView, id: &SubjectId, of: &Subject) -> Option<RuleSet> {
    approval::rule_set(outlook, id, of, EffectiveOrder::end_of(outlook.as_at()))
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
            "Governed by the approval rules {} of {}, in force since {}; what none of them covers \
             is unregulated.",
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
pub(super) fn rule_set(rules: &RuleSet) -> RuleSetView {
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
            })
            .collect(),
        position: rules.set.position().get(),
    }
}

/// Whose word it is.
pub(super) fn voice(outlook: &RegisterView, voice: &Approver) -> Awaited {
    Awaited {
        who: voice.actor.as_ref().map(|who| names::actor(outlook, who)),
        board: voice.board.as_ref().map(|id| names::board(outlook, id)),
    }
}

/// Several of them.
pub(super) fn voices(outlook: &RegisterView, voices: &[Approver]) -> Vec<Awaited> {
    voices.iter().map(|one| voice(outlook, one)).collect()
}

/// A need, with its parts.
pub(super) fn need(outlook: &RegisterView, of: &RequirementStatus) -> NeedView {
    NeedView {
        what: describe::requirement(&of.requirement),
        state: match of.state {
            RequirementState::Met => NeedState::Met,
            RequirementState::Open => NeedState::Open,
            RequirementState::Lost => NeedState::Lost,
        }
        .into(),
        reasoning: describe::reasoning(of),
        agreed: voices(outlook, &of.agreed),
        against: voices(outlook, &of.against),
        awaited: voices(outlook, &of.awaited),
        parts: of.parts.iter().map(|part| need(outlook, part)).collect(),
    }
}

/// Where a proposal stands.
pub(super) fn standing(course: &ProposalStatus<'_>) -> DecisionStanding {
    match course.put_off_by.map(|fact| &fact.outcome) {
        Some(Outcome::Deferred) if course.resolution == Resolution::Open => {
            DecisionStanding::Deferred
        }
        Some(Outcome::Referred(_)) if course.resolution == Resolution::Open => {
            DecisionStanding::Referred
        }
        _ => fate(course.resolution),
    }
}

/// What came of a proposal.
pub(super) const fn fate(fate: Resolution) -> DecisionStanding {
    match fate {
        Resolution::Open => DecisionStanding::Pending,
        Resolution::Carried => DecisionStanding::Approved,
        Resolution::Rejected => DecisionStanding::Rejected,
        Resolution::Noted => DecisionStanding::Noted,
        Resolution::Supported => DecisionStanding::Supported,
        Resolution::Withdrawn => DecisionStanding::Withdrawn,
        Resolution::Lapsed => DecisionStanding::Lapsed,
    }
}

/// Every word on a proposal, in order.
pub(super) fn words_on(outlook: &RegisterView, course: &ProposalStatus<'_>) -> Vec<WordView> {
    let words = &course.opinions;
    words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            let later = &words[index + 1..words.len().max(index + 1)];
            let replaced = index < course.in_time
                && later
                    .iter()
                    .take(course.in_time.saturating_sub(index + 1))
                    .any(|other| same_voter(word, other));
            WordView {
                by: word.by.map(|by| names::actor(outlook, by)),
                board: word.board.map(|board| names::board(outlook, board)),
                choice: reply::vote_choice(word.choice),
                conflict_declared: conflict(word),
                on: Some(reply::date(word.entry.effective_on())),
                recorded_on: Some(reply::day(word.entry.recorded_on)),
                replaced,
                too_late: index >= course.in_time,
                amount_pence: word
                    .allows
                    .map(|allows| reply::optional_pence(allows.amount))
                    .unwrap_or_default(),
                allows_projected: word.allows.is_some_and(|allows| allows.projected),
                decision_id: reply::optional(word.decision),
                position: word.entry.position.get(),
            }
        })
        .collect()
}

fn same_voter(one: &Opinion<'_>, other: &Opinion<'_>) -> bool {
    one.board == other.board && one.closes == other.closes && one.by == other.by
}

fn conflict(word: &Opinion<'_>) -> String {
    match &word.entry.event.kind {
        crate::domain::event::Kind::VoteCast(vote) => vote.conflict_declared.to_string(),
        _ => String::new(),
    }
}

/// What is missing, as a refusal would say it.
pub(super) fn fault(fault: &Fault, entry: &crate::domain::entry::Entry) -> FaultView {
    FaultView {
        reason: fault.reason().to_owned(),
        what: fault.to_string(),
        since_on: Some(reply::date(entry.effective_on())),
        position: entry.position.get(),
    }
}
