//! Notices, and when they take effect.

use jiff::civil::Date;

use super::{names, settlements};
use minutebook_domain::collaboration::Collaboration;
use minutebook_domain::date::PartialDate;
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{CollaborationId, SubjectId};
use minutebook_domain::notice::{Notice, NoticeDaySource};
use minutebook_domain::notice_clause;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{NoticeDay, NoticeStanding, NoticeView};
use minutebook_wire::reply;

/// The lines, by the day on which they take effect.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    include_past: bool,
) -> Vec<NoticeView> {
    let day = register_view.as_at();
    let mut lines: Vec<(Date, EffectiveOrder, NoticeView)> = Vec::new();
    for (id, collaboration_at) in register_view.collaborations() {
        let subject_id = SubjectId::Collaboration(id.clone());
        if subject.is_some_and(|only| *only != subject_id) {
            continue;
        }
        let subject = collaboration_at.subject();
        let later = register_view.with_later(&subject_id);
        let judged_by = later.as_deref().unwrap_or(subject);
        for notice in collaboration_at.notices.values() {
            let view = view(register_view, id, subject, judged_by, notice);
            let on = notice.takes_effect_on(day).first_day();
            // One that was still running when all of it ended never takes effect.
            let ended = collaboration_at.ended_with(&notice.given, day);
            let runs = view.standing() == NoticeStanding::Running && ended.is_none();
            if include_past || runs {
                lines.push((on, notice.given.effective_order(), view));
            }
        }
    }
    lines.sort_by_cached_key(|(on, order, _)| (*on, *order));
    lines.into_iter().map(|(.., view)| view).collect()
}

/// The notices of one collaboration, in the order in which they were given.
pub(super) fn of(
    register_view: &RegisterView,
    id: &CollaborationId,
    subject: &Subject,
    collaboration: &Collaboration,
) -> Vec<NoticeView> {
    let mut notices: Vec<&Notice> = collaboration.notices.values().collect();
    notices.sort_by_cached_key(|notice| notice.given.effective_order());
    let later = register_view.with_later(&SubjectId::Collaboration(id.clone()));
    let judged_by = later.as_deref().unwrap_or(subject);
    notices
        .into_iter()
        .map(|notice| view(register_view, id, subject, judged_by, notice))
        .collect()
}

/// The line of a notice. The door judged the notice by `judged_by`, which has the entries
/// that hold only after the day of the view too: an agreement that is signed later may
/// have had force when the notice was given.
fn view(
    register_view: &RegisterView,
    id: &CollaborationId,
    subject: &Subject,
    judged_by: &Subject,
    notice: &Notice,
) -> NoticeView {
    let day = register_view.as_at();
    let given = &notice.given;
    let collaboration = subject.as_collaboration();
    let ended = collaboration.and_then(|c| c.ended_with(given, day));
    let revoked = notice.revoked.at(day);
    let ran_at_the_end = ended.is_some_and(|ended| notice.is_running(ended.day()));
    let standing = if notice.is_revoked(day) {
        NoticeStanding::Revoked
    } else if ran_at_the_end {
        NoticeStanding::EndedWithCollaboration
    } else if notice.is_running(day) {
        NoticeStanding::Running
    } else {
        NoticeStanding::Effective
    };
    let (takes_effect_on, set_by) = notice.day_set_by(day);
    let subject_id = SubjectId::Collaboration(id.clone());
    let clause = notice_clause::clause(&subject_id, judged_by, given, given.day())
        .or_else(|| notice_clause::clause(&subject_id, judged_by, given, given.on().last_day()));
    let enough =
        notice_clause::is_long_enough(&subject_id, judged_by, given, (given.on(), given.is()));
    let paid = given.paid_in_lieu.as_ref();
    NoticeView {
        currency: reply::currency(given.source.entry.event.currency),
        notice_id: given.notice.to_string(),
        body: Some(names::body(register_view, &given.body)),
        capacity: reply::notice_capacity(given.capacity),
        service_id: reply::optional(given.service.as_ref()),
        given_on: Some(reply::date(given.on())),
        takes_effect_on: Some(reply::date(takes_effect_on)),
        standing: standing.into(),
        instrument_id: reply::optional(
            clause
                .map(|clause| clause.instrument)
                .or(given.instrument.as_ref()),
        ),
        reason: given.reason.to_string(),
        collaboration: Some(names::collaboration(register_view, id)),
        given_for_on: Some(reply::date(given.takes_effect_on)),
        day_set_by: match set_by {
            NoticeDaySource::Notice => NoticeDay::Given,
            NoticeDaySource::Extension => NoticeDay::Extended,
            NoticeDaySource::Direction(_) => NoticeDay::Directed,
        }
        .into(),
        period_months: clause.map_or(0, |clause| clause.period.months),
        period_days: clause.map_or(0, |clause| clause.period.days),
        period: clause.map_or_else(String::new, |clause| clause.period.to_string()),
        earliest_on: clause.map(|clause| reply::day(clause.period.earliest(given.day()))),
        is_bought_out: paid.is_some() && !enough.may_be(),
        paid_in_lieu_pence: paid.map_or(0, |paid| reply::optional_pence(paid.amount)),
        paid_in_lieu_accepted_by: names::bodies(
            register_view,
            paid.into_iter().flat_map(|paid| &paid.accepted_by),
        ),
        rests_on_unknown_day: enough.rests_on_unknown_day(),
        given_on_is: reply::date_is(given.is()),
        waived_by: names::bodies(register_view, &given.waived_by),
        days_left: match standing {
            NoticeStanding::Running => days_until(takes_effect_on, day),
            _ => 0,
        },
        brought_forward_by: names::bodies(
            register_view,
            notice
                .extended
                .at(day)
                .into_iter()
                .flat_map(|moved| &moved.agreed_by),
        ),
        revoked_on: reply::optional_date(revoked.map(Fact::on)),
        revoked_agreed_by: names::bodies(
            register_view,
            revoked.into_iter().flat_map(|revoked| &revoked.agreed_by),
        ),
        revoked_reason: reply::optional(revoked.map(|revoked| &revoked.reason)),
        settlement_ids: settlements::about(&subject.dossier, None, Some(&given.notice)),
        position: given.position().get(),
    }
}

fn days_until(on: PartialDate, today: Date) -> u32 {
    u32::try_from((on.first_day() - today).get_days()).unwrap_or_default()
}
