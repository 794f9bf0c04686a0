//! Rules for leaving: notices, directions of the Secretary of State, withdrawal.

use jiff::ToSpan;

use super::event_check::{EventCheck, missing};
use crate::domain::approval::describe::listed;
use crate::domain::collaboration::Collaboration;
use crate::domain::date::PartialDate;
use crate::domain::event::{
    DirectionIssued, DirectionKind, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked,
    PartyWithdrew,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, ItemId};
use crate::domain::instrument::last_day;
use crate::domain::notice::{self, Clause, Exit, Notice, SetBy};

pub(super) fn notice_given(bench: &mut EventCheck<'_>, what: &NoticeGiven) {
    let taken = bench
        .collaboration()
        .and_then(|c| c.notices.get(&what.notice));
    bench.free("notice_id", "notice", &what.notice, taken);
    let service = what
        .service
        .as_ref()
        .and_then(|id| bench.service("service_id", id));
    let is_party = bench.party("body_id", &what.body);
    for (i, waiver) in what.waived_by.iter().enumerate() {
        bench.party(format_args!("waived_by_ids[{i}]"), waiver);
    }
    if let Some(id) = &what.instrument {
        super::instruments::known(bench, "instrument_id", id);
    }
    if what.takes_effect_on.first_day() <= bench.day {
        let (than, on) = (bench.on, what.takes_effect_on);
        bench.fault("takes_effect_on", Fault::NotLater { than, on });
    }
    let Some(collaboration) = bench.collaboration() else {
        return;
    };
    if let Some((id, _)) = collaboration.notices.iter().find(|(_, other)| {
        other.given.body == what.body
            && other.given.capacity == what.capacity
            && other.given.service == what.service
            && other.is_running(bench.day)
    }) {
        let fault = Fault::NoticeAlreadyRunning {
            notice: id.clone(),
            body: what.body.clone(),
        };
        bench.fault("notice_id", fault);
    }
    match what.capacity {
        NoticeCapacity::Party => {
            mandate(bench, collaboration, "capacity");
            if let (true, Some(service)) = (is_party, service) {
                bench.service_party("body_id", service, &what.body);
            }
        }
        NoticeCapacity::Lead => {
            let lead = match service {
                Some(service) => service.lead(bench.day),
                None => collaboration.lead(bench.day),
            };
            if is_party && lead != Some(&what.body) {
                let of = match &what.service {
                    Some(service) => format!("the service {service}"),
                    None => bench.id().to_string(),
                };
                let fault = Fault::NotTheLead {
                    body: what.body.clone(),
                    of,
                    on: bench.on,
                };
                bench.fault("body_id", fault);
            }
        }
    }
    period(bench, collaboration, what);
}

/// The notice period of the instruments, unless every other party waives it.
fn period(bench: &mut EventCheck<'_>, collaboration: &Collaboration, what: &NoticeGiven) {
    let subject = bench.subject();
    let clause = subject.and_then(|subject| notice::clause(bench.id(), subject, what, bench.on));
    let Some(Clause { instrument, months }) = clause else {
        return;
    };
    // One that is known to a month or year alone may have been given on its last day.
    let given_by = last_day(bench.on);
    let Ok(earliest) = given_by.checked_add(i64::from(months).months()) else {
        return;
    };
    if what.takes_effect_on.first_day() >= earliest {
        return;
    }
    let mut others = collaboration.parties(bench.day);
    others.remove(&what.body);
    if missing(&others, &what.waived_by).next().is_some() {
        let not_waived_by = listed(missing(&others, &what.waived_by));
        let instrument = instrument.clone();
        let fault = Fault::NoticeTooShort {
            months,
            instrument,
            earliest,
            not_waived_by,
        };
        bench.fault("takes_effect_on", fault);
    }
}

/// Demands that no mandate stands. What is dated by a month or year alone gets
/// around none that was issued within it.
pub(super) fn mandate(bench: &mut EventCheck<'_>, collaboration: &Collaboration, field: &str) {
    let mut days = [bench.day, last_day(bench.on)].into_iter();
    if let Some(mandate) = days.find_map(|day| collaboration.mandate(day)) {
        let (direction, since) = (mandate.direction.clone(), mandate.on());
        bench.fault(field, Fault::MandateStands { direction, since });
    }
}

/// The notice, if it is running on the day.
fn running<'a>(bench: &mut EventCheck<'a>, field: &str, id: &ItemId) -> Option<&'a Notice> {
    let found = bench.collaboration().and_then(|c| c.notices.get(id));
    let notice = bench.item(field, "notice", id, found.map(|n| (n, n.given.on())))?;
    if notice.given.day() <= bench.day && !notice.is_running(bench.day) {
        bench.fault(
            field,
            Fault::NoticeNotRunning {
                notice: id.clone(),
                on: bench.on,
            },
        );
        return None;
    }
    Some(notice)
}

pub(super) fn notice_extended(bench: &mut EventCheck<'_>, what: &NoticeExtended) {
    let Some(notice) = running(bench, "notice_id", &what.notice) else {
        return;
    };
    let (than, set_by) = notice.day_set_by(bench.day);
    if let SetBy::Direction(direction) = set_by {
        let fault = Fault::DayDirected {
            notice: what.notice.clone(),
            direction: direction.direction.clone(),
            to: than,
        };
        bench.fault("takes_effect_on", fault);
    } else if what.takes_effect_on.first_day() <= than.first_day() {
        bench.fault(
            "takes_effect_on",
            Fault::NotLater {
                than,
                on: what.takes_effect_on,
            },
        );
    }
}

pub(super) fn notice_revoked(bench: &mut EventCheck<'_>, what: &NoticeRevoked) {
    running(bench, "notice_id", &what.notice);
}

pub(super) fn direction_issued(bench: &mut EventCheck<'_>, what: &DirectionIssued) {
    let taken = bench
        .collaboration()
        .and_then(|c| c.directions.get(&what.direction));
    bench.free("direction_id", "direction", &what.direction, taken);
    if let DirectionKind::MandateLifted(id) = &what.kind {
        let field = "lifts_direction_id";
        let mandate = bench
            .collaboration()
            .and_then(|c| c.directions.get(id))
            .filter(|direction| direction.kind == DirectionKind::Mandate);
        let mandate = bench.item(field, "mandate", id, mandate.map(|m| (m, m.on())));
        if let (Some(mandate), Some(collaboration)) = (mandate, bench.collaboration())
            && collaboration.is_lifted(mandate, bench.day)
        {
            let (id, closed_on) = (id.to_string(), bench.on);
            bench.fault(
                field,
                Fault::ItemClosed {
                    what: "mandate",
                    id,
                    closed_on,
                },
            );
        }
    }
    if let Some((notice, to)) = &what.notice {
        running(bench, "notice_id", notice);
        // At once at the soonest: nobody left on a day that was not set by then.
        if let (true, Ok(than)) = (to.first_day() < bench.day, bench.day.yesterday()) {
            let (than, on) = (than.into(), *to);
            bench.fault("takes_effect_on", Fault::NotLater { than, on });
        }
    }
}

pub(super) fn party_withdrew(bench: &mut EventCheck<'_>, what: &PartyWithdrew) {
    // Whoever was followed by another has nobody left to give notice, and must
    // still be able to go (Police Act 1996 s.23C: who loses the power ceases to
    // be a party).
    let was_followed = matches!(
        bench.body_fault(&what.body),
        Some(Fault::BodySucceeded { .. })
    );
    let Some(collaboration) = bench.collaboration() else {
        return;
    };
    let is_party = (was_followed && collaboration.is_party(&what.body, bench.day))
        || bench.party("body_id", &what.body);
    mandate(bench, collaboration, "body_id");
    if collaboration.lead(bench.day) == Some(&what.body) {
        still_leads(bench, &what.body, bench.id().to_string());
    }
    for (id, service) in &collaboration.services {
        if service.in_place(bench.day) && service.lead(bench.day) == Some(&what.body) {
            still_leads(bench, &what.body, format!("the service {id}"));
        }
    }
    let Some(id) = &what.notice else {
        if is_party && !was_followed {
            without_notice(bench, collaboration, what);
        }
        return;
    };
    let found = collaboration
        .notices
        .get(id)
        .map(|notice| (notice, notice.given.on()));
    let Some(notice) = bench.item("notice_id", "notice", id, found) else {
        return;
    };
    let fits = notice.given.body == what.body
        && notice.given.capacity == NoticeCapacity::Party
        && notice.given.service.is_none();
    // One given before the body last joined was for that time, and is used up.
    let joined = collaboration.last_move(&what.body, bench.effective_order());
    let is_used = joined.is_some_and(|(joined, _)| notice.given.effective_order() < joined);
    if !fits || is_used || notice.is_revoked(bench.day) {
        let (notice, body) = (id.clone(), what.body.clone());
        bench.fault("notice_id", Fault::NoticeDoesNotFit { notice, body });
    } else if notice.is_running(bench.day) {
        still_running(bench, id, notice.takes_effect_on(bench.day));
    }
}

/// A withdrawal that rests on no notice: there is none to be honoured.
fn without_notice(bench: &mut EventCheck<'_>, collaboration: &Collaboration, what: &PartyWithdrew) {
    if let Some((id, notice)) = collaboration.notices.iter().find(|(_, notice)| {
        notice.given.body == what.body
            && notice.given.capacity == NoticeCapacity::Party
            && notice.given.service.is_none()
            && notice.is_running(bench.day)
    }) {
        still_running(bench, id, notice.takes_effect_on(bench.day));
        return;
    }
    let exit = Exit {
        body: &what.body,
        capacity: NoticeCapacity::Party,
        service: None,
    };
    let Some(subject) = bench.subject() else {
        return;
    };
    for clause in notice::binding(bench.id(), subject, exit, bench.day) {
        let (instrument, months) = (clause.instrument.clone(), clause.months);
        bench.fault("notice_id", Fault::NoticeRequired { instrument, months });
    }
}

fn still_leads(bench: &mut EventCheck<'_>, body: &BodyId, leads: String) {
    bench.fault(
        "body_id",
        Fault::StillLeads {
            body: body.clone(),
            leads,
            on: bench.on,
        },
    );
}

fn still_running(bench: &mut EventCheck<'_>, notice: &ItemId, takes_effect_on: PartialDate) {
    let (notice, on) = (notice.clone(), bench.on);
    bench.fault(
        "notice_id",
        Fault::NoticeStillRunning {
            notice,
            takes_effect_on,
            on,
        },
    );
}
