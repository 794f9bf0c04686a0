//! Rules for leaving: notices, directions of the Secretary of State, withdrawal.

use jiff::ToSpan;
use jiff::civil::Date;

use super::bench::{Bench, missing};
use crate::domain::approval::words::listed;
use crate::domain::collaboration::{Collaboration, Notice};
use crate::domain::date::PartialDate;
use crate::domain::event::{
    DirectionIssued, DirectionKind, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked,
    PartyWithdrew,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::domain::instrument::{InForce, Instrument, required_signatories};

pub(super) fn given(bench: &mut Bench<'_>, what: &NoticeGiven) {
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
    let instrument = what
        .instrument
        .as_ref()
        .and_then(|id| super::instruments::known(bench, "instrument_id", id));
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
        NoticeCapacity::Party => mandate(bench, collaboration, "capacity"),
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
    match (&what.instrument, instrument) {
        (Some(id), Some(instrument)) => period(bench, collaboration, what, id, instrument),
        (Some(_), None) => {}
        // A notice that names no instrument gets around none: the longest period
        // of those in force counts.
        (None, _) => {
            let longest = binding(bench, &what.body, what.capacity, what.service.as_ref())
                .into_iter()
                .max_by_key(|(.., months)| *months);
            if let Some((id, instrument, _)) = longest {
                period(bench, collaboration, what, id, instrument);
            }
        }
    }
}

/// The instruments in force that bind a party and have a notice period, and
/// that.
fn binding<'a>(
    bench: &Bench<'a>,
    body: &BodyId,
    capacity: NoticeCapacity,
    service: Option<&ServiceId>,
) -> Vec<(&'a InstrumentId, &'a Instrument, u32)> {
    let Some(subject) = bench.subject() else {
        return Vec::new();
    };
    let day = bench.day;
    subject
        .dossier
        .instruments
        .iter()
        .filter_map(|(id, instrument)| {
            let required = required_signatories(bench.id(), &subject.nature, instrument);
            let in_force = matches!(instrument.standing(&required, day), InForce::Since(_));
            let services = instrument.services(day);
            let about = service.is_none_or(|one| services.is_empty() || services.contains(one));
            let months = months(instrument, capacity, day)?;
            (in_force && about && required.contains(body)).then_some((id, instrument, months))
        })
        .collect()
}

/// The notice period of the instrument, unless every other party waives it.
fn period(
    bench: &mut Bench<'_>,
    collaboration: &Collaboration,
    what: &NoticeGiven,
    id: &InstrumentId,
    instrument: &Instrument,
) {
    let Some(months) = months(instrument, what.capacity, bench.day) else {
        return;
    };
    // A notice that is known to be of a month is taken as given on its last day
    // only when it says so; from its first day the period is the longest.
    let Ok(earliest) = bench.day.checked_add(i64::from(months).months()) else {
        return;
    };
    if what.takes_effect_on.first_day() >= earliest {
        return;
    }
    let mut others = collaboration.parties(bench.day);
    others.remove(&what.body);
    if missing(&others, &what.waived_by).next().is_some() {
        let not_waived_by = listed(missing(&others, &what.waived_by));
        let instrument = id.clone();
        let fault = Fault::NoticeTooShort {
            months,
            instrument,
            earliest,
            not_waived_by,
        };
        bench.fault("takes_effect_on", fault);
    }
}

fn months(instrument: &Instrument, capacity: NoticeCapacity, day: Date) -> Option<u32> {
    let terms = instrument.terms(day);
    match capacity {
        NoticeCapacity::Party => terms.notice_as_party_months,
        NoticeCapacity::Lead => terms.notice_as_lead_months,
    }
}

fn mandate(bench: &mut Bench<'_>, collaboration: &Collaboration, field: &str) {
    if let Some(mandate) = collaboration.mandate(bench.day) {
        let (direction, since) = (mandate.direction.clone(), mandate.on());
        bench.fault(field, Fault::MandateStands { direction, since });
    }
}

/// The notice, if it is running on the day.
fn running<'a>(bench: &mut Bench<'a>, field: &str, id: &ItemId) -> Option<&'a Notice> {
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

pub(super) fn extended(bench: &mut Bench<'_>, what: &NoticeExtended) {
    let Some(notice) = running(bench, "notice_id", &what.notice) else {
        return;
    };
    let than = notice.takes_effect_on(bench.day);
    if what.takes_effect_on.first_day() <= than.first_day() {
        bench.fault(
            "takes_effect_on",
            Fault::NotLater {
                than,
                on: what.takes_effect_on,
            },
        );
    }
}

pub(super) fn revoked(bench: &mut Bench<'_>, what: &NoticeRevoked) {
    running(bench, "notice_id", &what.notice);
}

pub(super) fn direction_issued(bench: &mut Bench<'_>, what: &DirectionIssued) {
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
    if let Some((notice, _)) = &what.notice {
        running(bench, "notice_id", notice);
    }
}

pub(super) fn party_withdrew(bench: &mut Bench<'_>, what: &PartyWithdrew) {
    let is_party = bench.party("body_id", &what.body);
    let Some(collaboration) = bench.collaboration() else {
        return;
    };
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
        if is_party {
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
    if !fits || notice.is_revoked(bench.day) {
        let (notice, body) = (id.clone(), what.body.clone());
        bench.fault("notice_id", Fault::NoticeDoesNotFit { notice, body });
    } else if notice.is_running(bench.day) {
        still_running(bench, id, notice.takes_effect_on(bench.day));
    }
}

/// A withdrawal that rests on no notice: there is none to be honoured.
fn without_notice(bench: &mut Bench<'_>, collaboration: &Collaboration, what: &PartyWithdrew) {
    if let Some((id, notice)) = collaboration.notices.iter().find(|(_, notice)| {
        notice.given.body == what.body
            && notice.given.capacity == NoticeCapacity::Party
            && notice.given.service.is_none()
            && notice.is_running(bench.day)
    }) {
        still_running(bench, id, notice.takes_effect_on(bench.day));
        return;
    }
    for (id, _, months) in binding(bench, &what.body, NoticeCapacity::Party, None) {
        bench.fault(
            "notice_id",
            Fault::NoticeRequired {
                instrument: id.clone(),
                months,
            },
        );
    }
}

fn still_leads(bench: &mut Bench<'_>, body: &BodyId, leads: String) {
    bench.fault(
        "body_id",
        Fault::StillLeads {
            body: body.clone(),
            leads,
            on: bench.on,
        },
    );
}

fn still_running(bench: &mut Bench<'_>, notice: &ItemId, takes_effect_on: PartialDate) {
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
