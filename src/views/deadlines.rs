//! Deadlines, soonest first.

mod origin;
mod unkept;

use jiff::civil::Date;

use super::invoices::Invoices;
use super::proposal_cache::{DecisionLogStatus, ProposalCache};
use super::{known_instruments, names, proposal_cache, sittings};
use minutebook_domain::date::PartialDate;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::instrument::InForce;
use minutebook_domain::meeting::meets_on;
use minutebook_domain::money::Pence;
use minutebook_domain::notice_effect::was_acted_on;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{DeadlineKind, DeadlineView};
use minutebook_wire::reply;

/// A deadline.
struct Due {
    on: PartialDate,
    kind: DeadlineKind,
    what: String,
    item: String,
    /// Whether it stays open after its day: the register does not say that it was
    /// kept.
    stays_open: bool,
}

/// The lines, soonest first, optionally of one subject. Past deadlines are optional,
/// except those that stay open.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    include_past: bool,
) -> Vec<DeadlineView> {
    list_until(register_view, subject, include_past, None)
}

/// The same lines, only those whose day begins by `until`.
pub fn list_until(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    include_past: bool,
    until: Option<Date>,
) -> Vec<DeadlineView> {
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        lines.extend(lines_of(
            &ProposalCache::new(register_view, id, &subject),
            include_past,
        ));
    }
    lines.retain(|((begins_on, ..), _)| until.is_none_or(|until| *begins_on <= until));
    in_order(lines)
}

/// The lines of one subject, soonest first, past deadlines included.
pub(super) fn all(cache: &ProposalCache<'_>) -> Vec<DeadlineView> {
    in_order(lines_of(cache, true))
}

/// A line with its sort key: the day, the subject and the item.
type Line = ((Date, String, String), DeadlineView);

fn in_order(mut lines: Vec<Line>) -> Vec<DeadlineView> {
    lines.sort_by(|(a, _), (b, _)| a.cmp(b));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn lines_of(cache: &ProposalCache<'_>, include_past: bool) -> Vec<Line> {
    let ProposalCache {
        register_view,
        id,
        subject,
        ..
    } = *cache;
    let mut due = Vec::new();
    instruments(register_view, id, subject, &mut due);
    leaving(register_view, subject, &mut due);
    open_items(cache, &mut due);
    meetings(register_view, id, subject, &mut due);
    unkept_items(cache, &mut due);
    instalments(cache, &mut due);
    let name = subject.name().unwrap_or_default();
    let mut lines = Vec::new();
    for due in due {
        let days_left = days_left(due.on, register_view.as_at());
        if days_left < 0 && !due.stays_open && !include_past {
            continue;
        }
        let origin = origin::of(cache, due.kind, &due.item);
        let line = DeadlineView {
            missed: days_left < 0 && due.stays_open,
            awaited: origin.awaited,
            since_on: origin.since_on,
            due_on: Some(reply::date(due.on)),
            kind: due.kind.into(),
            subject: id.to_string(),
            subject_name: name.to_owned(),
            what: due.what,
            item_id: due.item,
            days_left,
        };
        let order = (
            due.on.first_day(),
            line.subject.clone(),
            line.item_id.clone(),
        );
        lines.push((order, line));
    }
    lines
}

/// The days until a date begins; zero within a partial date; after it, the negative
/// number of days since it ended.
fn days_left(on: PartialDate, today: Date) -> i32 {
    let until = |day: Date| (day - today).get_days();
    let (begins, ends) = (until(on.first_day()), until(on.last_day()));
    if begins > 0 { begins } else { ends.min(0) }
}

/// Reviews and expiries of instruments in force.
fn instruments(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    due: &mut Vec<Due>,
) {
    let day = register_view.as_at();
    let collaboration = subject.as_collaboration();
    let is_over = collaboration.is_some_and(|all| all.ended(day).is_some());
    for known in known_instruments::list(register_view, id, subject) {
        let instrument = &known.instrument;
        let instrument_id = &instrument.drafted.instrument;
        let title = &instrument.drafted.title;
        match known.standing(register_view) {
            InForce::Since(_) | InForce::From(_) | InForce::AwaitingSignature => {}
            InForce::Expired(on) => {
                let what = format!("{title} expired");
                let item = instrument_id.to_string();
                due.push(Due {
                    on,
                    kind: DeadlineKind::Expiry,
                    what,
                    item,
                    // Until an entry says that it ended or was superseded, or how it went on.
                    stays_open: !is_over
                        || collaboration.is_some_and(|all| all.is_survived_by(instrument_id, day)),
                });
                continue;
            }
            InForce::Superseded(_) | InForce::Ended(_) | InForce::EndedWith(_) => continue,
        }
        let option = instrument.extensions_left(day).first();
        let until = option.and_then(|o| o.exercise_by.or_else(|| instrument.expires_on(day)));
        if let (Some(option), Some(on)) = (option, until) {
            due.push(Due {
                on,
                kind: DeadlineKind::ExtensionOption,
                what: format!("option to extend {title} by {} months", option.months),
                item: instrument_id.to_string(),
                stays_open: false,
            });
        }
        if let Some(on) = instrument.review_on(day) {
            let what = format!("review of {title}");
            let item = instrument_id.to_string();
            due.push(Due {
                on,
                kind: DeadlineKind::Review,
                what,
                item,
                stays_open: true,
            });
        }
        if let Some(on) = instrument.expires_on(day) {
            let what = format!("{title} expires");
            let item = instrument_id.to_string();
            due.push(Due {
                on,
                kind: DeadlineKind::Expiry,
                what,
                item,
                stays_open: false,
            });
        }
    }
}

fn leaving(register_view: &RegisterView, subject: &Subject, due: &mut Vec<Due>) {
    let day = register_view.as_at();
    let Some(collaboration) = subject.as_collaboration() else {
        return;
    };
    for (id, notice) in &collaboration.notices {
        // One that was still running when all of it ended never takes effect.
        let on = notice.takes_effect_on(day);
        let ended = collaboration.ended_with(&notice.given, day);
        if notice.is_revoked(day) || ended.is_some_and(|ended| ended.day() < on.first_day()) {
            continue;
        }
        let body = names::body(register_view, &notice.given.body).name;
        let was_acted_on = was_acted_on(subject, notice, day);
        let is_left_over = on.last_day() < day && !was_acted_on && ended.is_none();
        let what = match is_left_over {
            false => format!("notice of {body} takes effect"),
            true => format!("notice of {body} took effect, and nothing is recorded after it"),
        };
        due.push(Due {
            on,
            kind: DeadlineKind::Notice,
            what,
            item: id.to_string(),
            stays_open: is_left_over,
        });
    }
}

/// Open proposals, actions, recommendations and the like that have a day.
fn open_items(cache: &ProposalCache<'_>, due: &mut Vec<Due>) {
    let day = cache.register_view.as_at();
    let dossier = &cache.subject.dossier;
    let mut open = |on, kind, what: String, item: String, stays_open| {
        due.push(Due {
            on,
            kind,
            what,
            item,
            stays_open,
        });
    };
    for (id, proposal) in &dossier.proposals {
        let what = match proposal_cache::state(&cache.status(*id, proposal)) {
            DecisionLogStatus::Open(_) => format!("{} lapses", proposal_cache::title(proposal)),
            DecisionLogStatus::Lapsed => format!("{} lapsed", proposal_cache::title(proposal)),
            DecisionLogStatus::Withdrawn(_)
            | DecisionLogStatus::OutcomeNotKnown(_)
            | DecisionLogStatus::Decided => continue,
        };
        if let Some(on) = proposal.lapses_on() {
            open(on, DeadlineKind::Lapse, what, id.to_string(), false);
        }
    }
    for (id, proposal) in &dossier.proposals {
        for awaited in &cache.status(*id, proposal).conditions {
            let condition = awaited.condition;
            if let Some(on) = condition.due_on {
                let what = format!("condition of an approval: {}", condition.what);
                let item = format!("{}/{}", awaited.decision, condition.id);
                open(on, DeadlineKind::Condition, what, item, true);
            }
        }
    }
    for (id, action) in &dossier.actions {
        if let (Some(on), true) = (action.agreed.due_on, action.is_open(day)) {
            let what = action.agreed.what.to_string();
            open(on, DeadlineKind::Action, what, id.to_string(), true);
        }
    }
    for (id, recommendation) in &dossier.recommendations {
        if let (Some(on), true) = (recommendation.due_on(day), recommendation.is_open(day)) {
            let what = recommendation.made.what.to_string();
            open(on, DeadlineKind::Recommendation, what, id.to_string(), true);
        }
    }
    for (id, consultation) in &dossier.consultations {
        if let Some(on) = consultation.closes_on {
            let what = format!("consultation closes: {}", consultation.about);
            open(on, DeadlineKind::Consultation, what, id.to_string(), false);
        }
    }
    for (id, review) in &dossier.reviews {
        let commissioned = review.commissioned.as_ref();
        let due_on = commissioned.and_then(|commissioned| commissioned.due_on);
        if let (Some(on), None, Some(review)) = (due_on, review.published.latest(), commissioned) {
            let what = format!("review due: {}", review.title);
            open(
                on,
                DeadlineKind::CommissionedReview,
                what,
                id.to_string(),
                true,
            );
        }
    }
    for (id, benefit) in &dossier.benefits {
        if let Some(on) = benefit.baselined.expected_by_on {
            let what = format!("benefit expected: {}", benefit.baselined.title);
            let unmeasured = benefit.measured.at(day).is_none();
            open(on, DeadlineKind::Benefit, what, id.to_string(), unmeasured);
        }
    }
}

/// Disposals that bodies have not confirmed, instalments that are not paid, and proposals
/// that a board passed over.
fn unkept_items(cache: &ProposalCache<'_>, due: &mut Vec<Due>) {
    let day = cache.register_view.as_at();
    for (id, made) in &cache.subject.dossier.disposals {
        let bodies = made.unconfirmed(cache.subject, day);
        if bodies.is_empty() {
            continue;
        }
        let of = names::bodies(cache.register_view, &bodies);
        let of: Vec<String> = of.into_iter().map(|body| body.name).collect();
        due.push(Due {
            on: made.disposed.on(),
            kind: DeadlineKind::Confirmation,
            what: format!("disposal not confirmed by {}", of.join(", ")),
            item: id.to_string(),
            stays_open: true,
        });
    }
    for (id, settlement) in &cache.subject.dossier.settlements {
        for open in settlement.instalments(cache.subject) {
            if open.left > Pence::ZERO {
                due.push(Due {
                    on: open.agreed.due_on,
                    kind: DeadlineKind::Instalment,
                    what: unkept::instalment(cache, settlement, &open),
                    item: format!("{id}/{}", open.agreed.due_on),
                    stays_open: true,
                });
            }
        }
    }
    for left in unkept::undisposed(cache) {
        due.push(Due {
            on: left.reported_on,
            kind: DeadlineKind::Underspend,
            what: format!(
                "underspend of {} by the outturn of {}: {} is left over, neither disposed of nor \
                 returned",
                left.underspend, left.year, left.amount
            ),
            item: left.year.to_string(),
            stays_open: true,
        });
    }
    for (id, title, met) in unkept::passed_over(cache) {
        due.push(Due {
            on: met,
            kind: DeadlineKind::Decision,
            what: format!("{title}: a meeting of the board was due, and no decision is recorded"),
            item: id.to_string(),
            stays_open: true,
        });
    }
}

/// Instalments of invoices that are not settled.
fn instalments(cache: &ProposalCache<'_>, due: &mut Vec<Due>) {
    let SubjectId::Collaboration(id) = cache.id else {
        return;
    };
    let Some(collaboration) = cache.register_view.collaboration(id) else {
        return;
    };
    let invoices = Invoices {
        register_view: cache.register_view,
        id,
        collaboration: &collaboration,
    };
    for open in invoices.open_instalments() {
        due.push(Due {
            on: open.due_on,
            kind: DeadlineKind::Invoice,
            what: open.what,
            item: open.item,
            stays_open: true,
        });
    }
}

fn meetings(register_view: &RegisterView, id: &SubjectId, subject: &Subject, due: &mut Vec<Due>) {
    let (SubjectId::Board(board_id), Some(board)) = (id, subject.as_board()) else {
        return;
    };
    let today = register_view.as_at();
    let is_accounted_for = |on| sittings::is_accounted_for(register_view, board_id, on);
    for meeting in board.all_meetings() {
        // A meeting that was adjourned is to sit again.
        let again = meeting.sittings().into_iter().skip(1);
        for (sitting, held) in again.filter_map(|sitting| Some((sitting, meeting.held?))) {
            let stays_open = sitting.held.is_none()
                && meeting.cancelled.is_none()
                && sitting.on.last_day() < today
                && !is_accounted_for(sitting.on);
            let mut what = "meeting, adjourned to this day".to_owned();
            if stays_open {
                what.push_str(" (not recorded as held)");
            }
            due.push(Due {
                on: sitting.on,
                kind: DeadlineKind::Meeting,
                what,
                item: held.meeting.to_string(),
                stays_open,
            });
        }
        let (Some(meeting), None, None) = (meeting.called, meeting.held, meeting.cancelled) else {
            continue;
        };
        let on = meets_on(meeting);
        let stays_open = on.last_day() < today && !is_accounted_for(on);
        let agenda = meeting.agenda.as_str();
        let mut what = if agenda.is_empty() {
            "meeting".to_owned()
        } else {
            format!("meeting: {agenda}")
        };
        if stays_open {
            what.push_str(" (not recorded as held or cancelled)");
        }
        let id = meeting.meeting.as_ref();
        let item = id.map_or_else(|| on.to_string(), ToString::to_string);
        due.push(Due {
            on,
            kind: DeadlineKind::Meeting,
            what,
            item,
            stays_open,
        });
    }
}
