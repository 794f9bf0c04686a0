//! The course of a decision: its conditions, its call-ins and its challenges in court; and
//! delegations.

use jiff::civil::Date;

use super::names;
use minutebook_domain::approval::{Interruption, MetCondition, ProposalStatus, fallen_with_board};
use minutebook_domain::call_in::CallIn;
use minutebook_domain::challenge::Challenge;
use minutebook_domain::dossier::{Decision, Dossier, Proposal};
use minutebook_domain::entry::Entry;
use minutebook_domain::event::{
    Authority, CallInWaiver, Condition, ConditionResult, ConditionSettled, VoteChoice,
};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{BoardId, ItemId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::challenge_view::StepView;
use minutebook_wire::proto::{
    CallInView, CallInWaiverView, ChallengeView, ConditionView, DecisionStanding, DelegationView,
};
use minutebook_wire::reply;

/// The standing that a decision has had since it was made, by call-ins and courts; `None`
/// where neither changed it.
pub(super) fn standing_since(decision: &Decision, day: Date) -> Option<DecisionStanding> {
    let end = EffectiveOrder::end_of(day);
    let call_ins = || decision.call_ins.values();
    let challenges = || decision.challenges.values();
    let is_set_aside = |call_in: &CallIn| {
        let outcome = call_in.outcome(day);
        outcome.is_some_and(|outcome| !outcome.outcome.restores())
    };
    if challenges().any(|challenge| challenge.is_quashed_at(end)) {
        Some(DecisionStanding::Quashed)
    } else if call_ins().any(|call_in| call_in.is_open(day)) {
        Some(DecisionStanding::CalledIn)
    } else if challenges().any(|challenge| challenge.is_stayed_at(end)) {
        Some(DecisionStanding::Stayed)
    } else if call_ins().any(is_set_aside) {
        Some(DecisionStanding::Fallen)
    } else {
        None
    }
}

/// The conditions that the approvals of a proposal await.
pub(super) fn awaited_conditions(
    register_view: &RegisterView,
    status: &ProposalStatus<'_>,
) -> Vec<ConditionView> {
    let conditions = status.conditions.iter();
    let conditions = conditions.filter(|awaited| !awaited.decider_waits);
    let views =
        conditions.map(|awaited| condition(register_view, awaited.decision, awaited.condition));
    views
        .map(|view| ConditionView {
            past_due: is_past(register_view, &view),
            ..view
        })
        .collect()
}

fn condition(
    register_view: &RegisterView,
    decision: &ItemId,
    condition: &Condition,
) -> ConditionView {
    ConditionView {
        decision_id: decision.to_string(),
        condition_id: condition.id.to_string(),
        what: condition.what.to_string(),
        decided_by: condition
            .decided_by
            .as_ref()
            .map(|body| names::body(register_view, body)),
        decided_by_board: condition
            .decided_by_board
            .as_ref()
            .map(|board| names::board(register_view, board)),
        due_on: reply::optional_date(condition.due_on),
        ..ConditionView::default()
    }
}

fn is_past(register_view: &RegisterView, view: &ConditionView) -> bool {
    let due = view.due_on.as_ref();
    let due = due.and_then(|due| {
        minutebook_domain::date::PartialDate::new(due.year, due.month, due.day).ok()
    });
    due.is_some_and(|due| due.last_day() < register_view.as_at())
}

/// The conditions of a decision, with their results. `awaited` are those that its
/// proposal still awaits, and `met` those that another decision has met.
pub(super) fn conditions(
    register_view: &RegisterView,
    id: &ItemId,
    decision: &Decision,
    awaited: &[ConditionView],
    met: &[MetCondition<'_>],
) -> Vec<ConditionView> {
    let end = EffectiveOrder::end_of(register_view.as_at());
    let conditions = decision.conditions().iter();
    conditions
        .map(|item| {
            let settled = decision.condition_settled(&item.id, end);
            let is_awaited = awaited.iter().any(|awaited| {
                awaited.decision_id == id.as_str() && awaited.condition_id == item.id.as_str()
            });
            let mut met = met.iter();
            let met = met.find(|met| met.decision == id && *met.condition == item.id);
            let result = settled.map(|fact| fact.result);
            let result = result.or(met.map(|_| ConditionResult::Met));
            let on = settled.map(Fact::on);
            let on = on.or(met.map(|met| met.by.effective_on()));
            let view = condition(register_view, id, item);
            ConditionView {
                result: result.map(reply::condition_result).unwrap_or_default(),
                settled_on: reply::optional_date(on),
                reason: settled
                    .map(|fact| fact.reason.to_string())
                    .unwrap_or_default(),
                past_due: is_awaited && is_past(register_view, &view),
                by_document: settled.is_some_and(|fact| is_by_document(item, fact)),
                settled_by: settled
                    .and_then(|fact| fact.source.entry.event.acted_by.as_ref())
                    .map(|by| names::actor(register_view, by)),
                ..view
            }
        })
        .collect()
}

/// Whether minutes give neither numbers nor the names of those who voted for it: the
/// decision of a board is then evidence of itself.
pub(super) fn rests_on_minutes(decision: &Decision, proposal: Option<&Proposal>) -> bool {
    let Some(board) = decision.board().filter(|_| decision.decides()) else {
        return false;
    };
    let numbers = decision.tally();
    let numbers = numbers.is_some_and(|tally| tally.has_votes() || tally.unanimous);
    let votes = proposal
        .into_iter()
        .flat_map(|proposal| proposal.votes.iter());
    let mut named = votes.filter(|vote| {
        vote.board.as_ref() == Some(board)
            && vote.choice == VoteChoice::Approve
            && vote.effective_order().day <= decision.on().first_day()
    });
    !numbers && named.next().is_none()
}

/// Whether only a document reports how a condition was settled that another is to decide.
pub(super) fn is_by_document(condition: &Condition, settled: &Fact<ConditionSettled>) -> bool {
    let is_named = condition.decided_by.is_some() || condition.decided_by_board.is_some();
    is_named && settled.source.entry.event.acted_by.is_none()
}

pub(super) fn call_in(
    register_view: &RegisterView,
    dossier: &Dossier,
    decision: &Decision,
    call_in: &CallIn,
) -> CallInView {
    let day = register_view.as_at();
    let (called, referral) = (&call_in.called, call_in.referral(day));
    let settled = call_in.outcome(day).or(referral);
    let council = referral.and_then(|fact| fact.council.as_ref());
    let by = called.source.entry.event.acted_by.as_ref();
    CallInView {
        call_in_id: called.call_in.to_string(),
        called_in_on: Some(reply::date(called.on())),
        by: by.map(|by| names::actor(register_view, by)),
        board: called
            .board
            .as_ref()
            .map(|board| names::board(register_view, board)),
        grounds: called.grounds.to_string(),
        outcome: settled
            .map(|fact| reply::call_in_outcome(fact.outcome))
            .unwrap_or_default(),
        settled_on: reply::optional_date(settled.map(Fact::on)),
        reason: settled
            .map(|fact| fact.reason.to_string())
            .unwrap_or_default(),
        majority: settled
            .and_then(|fact| fact.majority)
            .or_else(|| referral?.majority)
            .filter(|_| settled.is_some_and(|fact| !fact.outcome.restores()))
            .map(reply::voting::majority),
        referred_on: reply::optional_date(referral.map(Fact::on)),
        council: council.map(|board| names::board(register_view, board)),
        referral_reason: referral
            .map(|fact| fact.reason.to_string())
            .unwrap_or_default(),
        remark: called_in_late(dossier, decision, call_in).unwrap_or_default(),
    }
}

/// That an act had rested on a decision before it was called in: only what is not carried
/// out yet is called in.
fn called_in_late(dossier: &Dossier, decision: &Decision, call_in: &CallIn) -> Option<String> {
    let called = &call_in.called;
    let acts = dossier.acts_by_proposal.get(&decision.proposal()?)?;
    let made = decision.entry().effective_on();
    let mut before = acts.iter().filter_map(|order| dossier.acts.get(order));
    let act = before.find(|act| {
        let done = act.entry.effective_on();
        act.effective_order() < called.effective_order()
            && done.last_day() <= called.day()
            && made.is_by(done).may_be()
    })?;
    Some(format!(
        "entry {} of {} had rested on the decision before: only a decision that is not yet \
         carried out is called in (Local Government Act 2000 s.9F)",
        act.entry.position,
        act.entry.effective_on()
    ))
}

pub(super) fn challenge(register_view: &RegisterView, challenge: &Challenge) -> ChallengeView {
    let made = &challenge.made;
    let steps = challenge.steps.by(register_view.as_at());
    ChallengeView {
        challenge_id: made.challenge.to_string(),
        challenged_on: Some(reply::date(made.on())),
        court: made.court.to_string(),
        reference: made.reference.to_string(),
        grounds: made.grounds.to_string(),
        steps: steps
            .map(|fact| StepView {
                step: reply::challenge_step(fact.step),
                on: Some(reply::date(fact.on())),
                reference: fact.reference.to_string(),
                quashed_from_on: reply::optional_date(fact.quashed_from),
                position: fact.position().get(),
                stay_continues: fact.stay_continues,
            })
            .collect(),
    }
}

/// That call-in does not apply to a decision.
pub(super) fn call_in_waiver(
    register_view: &RegisterView,
    waiver: &CallInWaiver,
) -> CallInWaiverView {
    let by = waiver.agreed_by.as_ref();
    CallInWaiverView {
        agreed_by: by.map(|by| names::actor(register_view, by)),
        agreed_on: reply::optional_date(waiver.agreed_on),
        reason: waiver.reason.to_string(),
    }
}

/// The authority that an entry cites, in words; empty if it cites none.
pub(super) fn authority(subject: &SubjectId, entry: &Entry) -> String {
    match &entry.event.authority {
        None => String::new(),
        Some(Authority::Proposal(id)) => format!("the proposal {id}"),
        Some(Authority::Delegation(cited)) => format!("the delegation {cited}"),
        Some(Authority::RecordedDelegation(cited)) => {
            let on = cited.subject.as_ref().unwrap_or(subject);
            format!("the delegation {} of {on}", cited.delegation)
        }
        Some(Authority::AcknowledgedBreach(breach)) => {
            format!("acknowledged breach: {}", breach.reason)
        }
    }
}

/// Why an approval is not in force.
pub(super) fn interruption(cause: &Interruption) -> String {
    match cause {
        Interruption::CalledIn(id) => format!("called in ({id}): suspended until that is settled"),
        Interruption::SentBack(id) => format!("the call-in {id} did not uphold the decision"),
        Interruption::Stayed(id) => format!("stayed by a court in the challenge {id}"),
        Interruption::Quashed(id) => format!("quashed by a court in the challenge {id}"),
        Interruption::Undertaken(id) => {
            format!("an undertaking to the court not to act on it, in the challenge {id}")
        }
        Interruption::NotAgreed(who) => format!("{who} rejected it"),
        Interruption::GivenUp => "given up before it was used".to_owned(),
    }
}

/// The delegations on a board, oldest first, and those of the boards before it that go on.
pub(super) fn delegations_of_board(
    register_view: &RegisterView,
    id: &BoardId,
    dossier: &Dossier,
) -> Vec<DelegationView> {
    let day = register_view.as_at();
    let mut all = delegations(register_view, &SubjectId::Board(id.clone()), dossier);
    let mut successors = vec![id.clone()];
    let mut next = 0;
    while let Some(successor) = successors.get(next).cloned() {
        next += 1;
        for (before, board) in register_view.boards() {
            let goes_on = board.ended(day).is_some_and(|ended| {
                ended.delegations_continue && ended.successor.as_ref() == Some(&successor)
            });
            if !goes_on || successors.contains(before) {
                continue;
            }
            successors.push(before.clone());
            let before = SubjectId::Board(before.clone());
            let dossier = &board.subject().dossier;
            let others = delegations(register_view, &before, dossier).into_iter();
            all.extend(others.filter(|delegation| delegation.in_force));
        }
    }
    all
}

/// The delegations on a subject, oldest first.
pub(super) fn delegations(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
) -> Vec<DelegationView> {
    let day = register_view.as_at();
    let mut delegations: Vec<_> = dossier.delegations.values().collect();
    delegations.sort_by_cached_key(|delegation| delegation.made.effective_order());
    let views = delegations.into_iter().map(|delegation| {
        let (made, revoked) = (&delegation.made, delegation.revoked.at(day));
        let fallen = fallen_with_board(register_view, id, made, day);
        let (body, board) = match (&made.from_body, &made.from_board, id) {
            (Some(body), ..) => (Some(body), None),
            (None, Some(board), _) => (None, Some(board)),
            (None, None, SubjectId::Body(body)) => (Some(body), None),
            (None, None, SubjectId::Board(board)) => (None, Some(board)),
            (None, None, SubjectId::Collaboration(_) | SubjectId::Register) => (None, None),
        };
        DelegationView {
            currency: reply::currency(dossier.currency),
            delegation_id: made.delegation.to_string(),
            to: made.to.as_ref().map(|to| names::actor(register_view, to)),
            to_board: made
                .to_board
                .as_ref()
                .map(|board| names::board(register_view, board)),
            from_body: body.map(|body| names::body(register_view, body)),
            from_board: board.map(|board| names::board(register_view, board)),
            matter_kinds: made
                .matters
                .iter()
                .map(|kind| reply::matter_kind(*kind))
                .collect(),
            up_to_pence: made.up_to.map(reply::pence),
            made_on: Some(reply::date(made.on())),
            until_on: reply::optional_date(made.until),
            revoked_on: reply::optional_date(revoked.map(Fact::on)),
            reason: revoked
                .map(|fact| fact.reason.to_string())
                .or_else(|| fallen.clone())
                .unwrap_or_default(),
            legal_basis: made.legal_basis.to_string(),
            what: made.what.to_string(),
            may_delegate_on: made.may_delegate_on,
            in_force: fallen.is_none()
                && delegation.is_open(day)
                && made.until.is_none_or(|until| day <= until.last_day()),
        }
    });
    views.collect()
}
