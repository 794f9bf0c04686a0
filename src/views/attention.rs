//! The matters that a chair must know, put together from the other views, so that it cannot
//! contradict them: what awaits decision and whose, what is overdue or falls due, what
//! was done without approval, which notices run, and what is unconfirmed or unsigned.

mod agreements;
mod conditions;
mod suspended;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil;

use super::attention_scope::AttentionScope;
use super::{
    approvals, attention_boards, breaches, deadlines, names, notices, recommendations, sittings,
    successions,
};
use minutebook_domain::ids::{BoardId, BodyId, ItemId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::enum_label::EnumLabel as _;
use minutebook_wire::proto::{
    ActorRef, ApprovalView, AttentionKind, AttentionView, Awaited, BodyRef, BreachView,
    ConditionView, Date, DeadlineKind, DeadlineView, DecisionStanding, NoticeCapacity, NoticeView,
    OutstandingView,
};
use minutebook_wire::reply;

/// How many days it looks ahead where no meeting has been called.
const DAYS_AHEAD: i64 = 30;

/// The chair of a board, or a body, that asks; everybody, if it names neither.
#[derive(Debug, Default)]
pub struct Asker {
    pub board: Option<BoardId>,
    pub body: Option<BodyId>,
}

/// The day up to which an answer looks ahead, unless the question names one: the next
/// meeting of the board, or else 30 days.
pub fn looks_ahead_until(register_view: &RegisterView, asker: &Asker) -> civil::Date {
    let board = asker.board.as_ref();
    let meeting = board.and_then(|board| sittings::next(register_view, board));
    let today = register_view.as_at();
    meeting.map_or_else(
        || today.saturating_add(DAYS_AHEAD.days()),
        |on| on.last_day(),
    )
}

/// The lines, by kind, and within a kind by the day on which they fall due.
pub fn list(register_view: &RegisterView, asker: &Asker, until: civil::Date) -> Vec<AttentionView> {
    let due = deadlines::list(register_view, None, false);
    let is_passed_over = |line: &&DeadlineView| line.kind() == DeadlineKind::Decision;
    let passed_over: BTreeMap<&str, &DeadlineView> = due
        .iter()
        .filter(is_passed_over)
        .map(|line| (line.item_id.as_str(), line))
        .collect();
    let mut lines: Vec<AttentionView> = Vec::new();
    for approval in approvals::list(register_view, None, None, true) {
        let passed_over = passed_over.get(approval.proposal_id.as_str()).copied();
        lines.extend(awaits_conditions(register_view, &approval));
        if approval.standing() != DecisionStanding::SubjectTo {
            lines.push(awaits_decision(approval, passed_over));
        }
    }
    lines.extend(suspended::decisions(register_view));
    lines.extend(conditions::in_words(register_view));
    lines.extend(due.iter().filter_map(|line| falls_due(line, until)));
    let breaches = breaches::list(register_view, None).into_iter();
    lines.extend(breaches.filter(|breach| !is_settled(breach)).map(breach));
    let running = notices::list(register_view, None, false).into_iter();
    lines.extend(running.map(notice));
    lines.extend(agreements::of_instruments(register_view));
    lines.extend(agreements::ends_without_cause(register_view));
    lines.extend(attention_boards::lapsed_offices(register_view));
    lines.extend(attention_boards::left_over(register_view));
    lines.extend(attention_boards::without_collaboration(register_view));
    lines.extend(attention_boards::without_body(register_view));
    lines.extend(successions::attention(register_view));
    let open = recommendations::list(register_view, None, false).into_iter();
    let without_day = open.filter(|item| item.due_on.is_none());
    lines.extend(without_day.map(open_without_day));
    for line in &mut lines {
        let since = line.since_on.as_ref().and_then(first_day);
        let age = since.map_or(0, |since| (register_view.as_at() - since).get_days());
        line.age_days = u32::try_from(age).unwrap_or_default();
    }
    let scope = AttentionScope::new(register_view, asker);
    lines.retain(|line| scope.concerns(line));
    lines.sort_by(|one, other| {
        let kinds = one.kind.cmp(&other.kind);
        let by_day = || by_day(one.due_on.as_ref(), other.due_on.as_ref());
        let by_item = || {
            (&one.subject, &one.item_id, one.position).cmp(&(
                &other.subject,
                &other.item_id,
                other.position,
            ))
        };
        kinds.then_with(by_day).then_with(by_item)
    });
    lines
}

fn awaits_decision(line: ApprovalView, passed_over: Option<&DeadlineView>) -> AttentionView {
    let mut what = line.title;
    if !line.interruption.is_empty() {
        what.push_str(&format!(" ({})", line.interruption));
    }
    if passed_over.is_some() {
        what.push_str(" (a meeting of the board was due since, and no decision is recorded)");
    }
    if line.rejected_without_quorum_on.is_some() {
        what.push_str(" (a board rejected it without a quorum, which decided nothing)");
    }
    // A requirement that a vote against has lost awaits nobody: only those who cast
    // that vote can change it.
    let is_lost = line.awaited.is_empty() && !line.against.is_empty();
    if is_lost {
        let against: Vec<String> = line.against.iter().map(names::awaited_in_words).collect();
        let against = against.join("; ");
        what.push_str(&format!(
            " (lost, unless a vote against changes: {against})"
        ));
    }
    let board = line.board.clone();
    let awaited = match line.awaited.is_empty() && !is_lost {
        false => line.awaited,
        true => line
            .board
            .map(|board| Awaited {
                who: None,
                board: Some(board),
                ..Awaited::default()
            })
            .into_iter()
            .collect(),
    };
    let days = [line.next_meeting_on, line.lapses_on];
    let due_on = days
        .into_iter()
        .flatten()
        .min_by(|one, other| by_day(Some(one), Some(other)));
    AttentionView {
        kind: AttentionKind::AwaitsDecision.into(),
        subject: line.subject,
        subject_name: line.subject_name,
        what,
        awaited,
        since_on: line.since_on,
        due_on,
        item_id: line.proposal_id,
        position: line.position,
        board,
        ..AttentionView::default()
    }
}

/// The conditions that approvals of a proposal await.
fn awaits_conditions<'a>(
    register_view: &'a RegisterView,
    line: &'a ApprovalView,
) -> impl Iterator<Item = AttentionView> + 'a {
    let subject: Option<SubjectId> = line.subject.parse().ok();
    let subject = subject.filter(|_| !line.conditions.is_empty());
    let subject = subject.and_then(|id| register_view.subject(&id));
    line.conditions.iter().map(move |condition| {
        let id = condition.decision_id.parse::<ItemId>().ok();
        let decisions = subject.as_ref().map(|subject| &subject.dossier.decisions);
        let decision = id.and_then(|id| decisions?.get(&id));
        let board = decision.and_then(|decision| decision.board());
        let past = match condition.past_due {
            true => " (its day has passed)",
            false => "",
        };
        AttentionView {
            kind: AttentionKind::AwaitsCondition.into(),
            subject: line.subject.clone(),
            subject_name: line.subject_name.clone(),
            what: format!("{}: subject to {}{past}", line.title, condition.what),
            awaited: deciders(condition),
            since_on: decision.map(|decision| reply::date(decision.on())),
            board: board.map(|board| names::board(register_view, board)),
            due_on: condition.due_on,
            item_id: format!("{}/{}", condition.decision_id, condition.condition_id),
            position: line.position,
            ..AttentionView::default()
        }
    })
}

/// The body or board whose decision meets a condition.
fn deciders(condition: &ConditionView) -> Vec<Awaited> {
    let board = condition.decided_by_board.iter().cloned();
    let board = board.map(|board| Awaited {
        board: Some(board),
        ..Awaited::default()
    });
    let bodies = condition.decided_by.iter().cloned();
    bodies.map(body).chain(board).collect()
}

fn body(body: BodyRef) -> Awaited {
    let who = ActorRef {
        body: Some(body),
        office: String::new(),
    };
    Awaited {
        who: Some(who),
        ..Awaited::default()
    }
}

/// A deadline that was missed or falls due. Those of proposals, their conditions and
/// running notices have lines of their own.
fn falls_due(line: &DeadlineView, until: civil::Date) -> Option<AttentionView> {
    let kind = match line.kind() {
        DeadlineKind::Decision | DeadlineKind::Lapse | DeadlineKind::Condition => return None,
        DeadlineKind::Confirmation => AttentionKind::Unconfirmed,
        _ if line.missed => AttentionKind::Overdue,
        DeadlineKind::Notice => return None,
        _ => {
            let begins_on = line.due_on.as_ref().and_then(first_day);
            if begins_on.is_none_or(|day| day > until) {
                return None;
            }
            AttentionKind::FallsDue
        }
    };
    Some(AttentionView {
        kind: kind.into(),
        subject: line.subject.clone(),
        subject_name: line.subject_name.clone(),
        what: line.what.clone(),
        awaited: line.awaited.clone(),
        since_on: line.since_on,
        due_on: line.due_on,
        item_id: line.item_id.clone(),
        deadline: line.kind,
        ..AttentionView::default()
    })
}

/// Whether a breach has been corrected, or approved after the fact.
fn is_settled(breach: &BreachView) -> bool {
    let mut late = breach.late_approvals.iter();
    breach.corrected_by_position > 0
        || late.any(|late| late.standing() == DecisionStanding::Approved)
}

fn breach(line: BreachView) -> AttentionView {
    let act = line.act.unwrap_or_default();
    AttentionView {
        kind: AttentionKind::Breach.into(),
        subject: line.subject,
        subject_name: line.subject_name,
        what: act.what,
        since_on: act.on,
        position: act.position,
        ..AttentionView::default()
    }
}

fn notice(line: NoticeView) -> AttentionView {
    let body = line.body.clone().unwrap_or_default().name;
    let what = match line.capacity() {
        NoticeCapacity::Lead => format!("notice of {body} to stop leading"),
        _ => format!("notice of {body} to leave"),
    };
    let collaboration = line.collaboration.unwrap_or_default();
    AttentionView {
        kind: AttentionKind::NoticeRunning.into(),
        subject: format!("collaborations/{}", collaboration.collaboration_id),
        subject_name: collaboration.name,
        what,
        since_on: line.given_on,
        due_on: line.takes_effect_on,
        item_id: line.notice_id,
        position: line.position,
        ..AttentionView::default()
    }
}

fn open_without_day(item: OutstandingView) -> AttentionView {
    let kind = item.kind().label();
    let owners = item.owners.into_iter().map(|who| Awaited {
        who: Some(who),
        ..Awaited::default()
    });
    AttentionView {
        kind: AttentionKind::OpenWithoutDay.into(),
        subject: item.subject,
        subject_name: item.subject_name,
        what: format!("{kind}: {}", item.what),
        awaited: owners.collect(),
        since_on: item.since_on,
        item_id: item.item_id,
        ..AttentionView::default()
    }
}

/// Earlier days first; one that is not known comes last.
fn by_day(one: Option<&Date>, other: Option<&Date>) -> Ordering {
    let key = |on: &Date| (on.year, on.month, on.day);
    match (one, other) {
        (Some(one), Some(other)) => key(one).cmp(&key(other)),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

/// The first day of a date that may be partial.
fn first_day(on: &Date) -> Option<civil::Date> {
    let part = |part: i32| i8::try_from(part.max(1)).ok();
    civil::Date::new(i16::try_from(on.year).ok()?, part(on.month)?, part(on.day)?).ok()
}
