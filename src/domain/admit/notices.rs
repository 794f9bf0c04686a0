//! Rules for leaving: notices, directions of the Secretary of State, withdrawal.

use std::collections::BTreeSet;

use super::event_check::{EventCheck, missing};
use crate::approval::describe::listed;
use crate::certainty::Certainty;
use crate::collaboration::{Collaboration, MandateScope};
use crate::date::PartialDate;
use crate::event::{NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked};
use crate::fault::Fault;
use crate::ids::{BodyId, ItemId};
use crate::notice::{Notice, NoticeDaySource};
use crate::notice_clause::{self, Clause};
use crate::notice_effect::was_acted_on;
use crate::signatories::present_signatories;

pub(super) use super::directions::direction_issued;
pub(super) use super::withdrawals::party_withdrew;

pub(super) fn notice_given(check: &mut EventCheck<'_>, event: &NoticeGiven) {
    let taken = check
        .collaboration()
        .and_then(|c| c.notices.get(&event.notice));
    check.require_free("notice_id", "notice", &event.notice, taken);
    let service = event
        .service
        .as_ref()
        .and_then(|id| check.require_service("service_id", id));
    // One that signed an instrument may leave it without being a party.
    let of_instrument = signatories_left(check, event);
    let is_party = match &of_instrument {
        Some(signatories) if signatories.contains(&event.body) => {
            check.require_body("body_id", &event.body)
        }
        Some(_) | None => check.require_party("body_id", &event.body),
    };
    let require = |check: &mut EventCheck<'_>, field: String, body: &BodyId| match &of_instrument {
        Some(signatories) if signatories.contains(body) => check.require_body(field, body),
        Some(_) | None => check.require_party(field, body),
    };
    for (i, waiver) in event.waived_by.iter().enumerate() {
        require(check, format!("waived_by_ids[{i}]"), waiver);
    }
    for (i, body) in event
        .paid_in_lieu
        .iter()
        .flat_map(|paid| paid.accepted_by.iter().enumerate())
    {
        require(check, format!("paid_in_lieu.accepted_by_ids[{i}]"), body);
    }
    if let Some(id) = &event.instrument {
        super::instrument_checks::require_instrument(check, "instrument_id", id);
    }
    if event.takes_effect_on.first_day() <= check.day {
        let (than, on) = (check.on, event.takes_effect_on);
        check.report("takes_effect_on", Fault::NotLater { than, on });
    }
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    if let Some((id, _)) = collaboration.notices.iter().find(|(_, other)| {
        collaboration.is_or_follows(&event.body, &other.given.body, check.day)
            && other.given.capacity == event.capacity
            && other.given.service == event.service
            && (of_instrument.is_none() || other.given.instrument == event.instrument)
            && other.is_running(check.day)
    }) {
        let fault = Fault::NoticeAlreadyRunning {
            notice: id.clone(),
            body: event.body.clone(),
        };
        check.report("notice_id", fault);
    }
    match event.capacity {
        NoticeCapacity::Party => {
            let scope = match (&event.service, &event.instrument) {
                (Some(service), _) => MandateScope::Service(service),
                (None, Some(id)) if of_instrument.is_some() => {
                    match check.dossier().and_then(|d| d.instruments.get(id)) {
                        Some(instrument) => MandateScope::Instrument(id, instrument),
                        None => MandateScope::Party(&event.body),
                    }
                }
                (None, _) => MandateScope::Party(&event.body),
            };
            require_no_mandate(check, collaboration, "capacity", scope);
            if let (true, Some(service)) = (is_party, service) {
                check.require_service_party("body_id", service, &event.body);
            }
        }
        NoticeCapacity::Lead => {
            let leads = match service {
                Some(service) => collaboration.service_leads_by(service, check.day),
                None => collaboration.leads_by(check.day),
            };
            if is_party && !leads.contains(&&event.body) {
                let named = match &event.service {
                    Some(service) => format!("the service {service}"),
                    None => check.id().to_string(),
                };
                let fault = Fault::NotTheLead {
                    body: event.body.clone(),
                    of: named,
                    on: check.on,
                };
                check.report("body_id", fault);
            }
        }
    }
    require_notice_period(check, collaboration, event, of_instrument.as_ref());
}

/// The signatories of the instrument that a notice names, where it is to leave that and
/// nothing else.
fn signatories_left(check: &EventCheck<'_>, event: &NoticeGiven) -> Option<BTreeSet<BodyId>> {
    let (subject, collaboration) = (check.subject()?, check.collaboration()?);
    let instrument = subject
        .dossier
        .instruments
        .get(event.instrument.as_ref()?)?;
    let is_alone = event.capacity == NoticeCapacity::Party
        && collaboration.is_of_instrument_alone(event, check.day);
    let signatories = || present_signatories(check.id(), subject, instrument, check.day);
    is_alone.then(signatories)
}

/// Requires the notice period of the instruments, unless every other party waives it or
/// accepts a payment in its place.
fn require_notice_period(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    event: &NoticeGiven,
    of_instrument: Option<&BTreeSet<BodyId>>,
) {
    let Some(subject) = check.subject() else {
        return;
    };
    let given_on = (check.on, check.entry.event.effective_on_is);
    if notice_clause::is_long_enough(check.id(), subject, event, given_on).may_be() {
        return;
    }
    let Some(Clause { instrument, period }) =
        notice_clause::clause(check.id(), subject, event, check.day)
    else {
        return;
    };
    let mut others = match of_instrument {
        Some(signatories) => signatories.clone(),
        None => collaboration.parties(check.day),
    };
    others.remove(&event.body);
    let paid = event.paid_in_lieu.iter().flat_map(|paid| &paid.accepted_by);
    let agreed: Vec<BodyId> = event.waived_by.iter().chain(paid).cloned().collect();
    if missing(&others, &agreed).next().is_some() {
        let fault = Fault::NoticeTooShort {
            months: period.months,
            instrument: instrument.clone(),
            earliest: period.earliest(check.day),
            not_waived_by: listed(missing(&others, &agreed)),
            asks: period,
        };
        check.report("takes_effect_on", fault);
    }
}

/// Requires that no mandate keeps this, whatever the day of the event.
pub(super) fn require_no_mandate(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    field: &str,
    scope: MandateScope<'_>,
) {
    let mandate = |day| collaboration.mandate(scope, day);
    let is_mandated = check.on.holds(|day| mandate(day).is_some());
    if is_mandated == Certainty::Certain
        && let Some(mandate) = mandate(check.day)
    {
        let (direction, since) = (mandate.direction.clone(), mandate.on());
        check.report(field, Fault::MandateStands { direction, since });
    }
}

/// Requires that the notice is running on the day, and returns it.
pub(super) fn require_running<'a>(
    check: &mut EventCheck<'a>,
    field: &str,
    id: &ItemId,
) -> Option<&'a Notice> {
    let found = check.collaboration().and_then(|c| c.notices.get(id));
    let notice = check.require_item(field, "notice", id, found.map(|n| (n, n.given.on())))?;
    if notice.given.day() <= check.day && !notice.is_running(check.day) {
        check.report(
            field,
            Fault::NoticeNotRunning {
                notice: id.clone(),
                on: check.on,
            },
        );
        return None;
    }
    Some(notice)
}

pub(super) fn notice_extended(check: &mut EventCheck<'_>, event: &NoticeExtended) {
    let Some(notice) = require_running(check, "notice_id", &event.notice) else {
        return;
    };
    let (than, set_by) = notice.day_set_by(check.day);
    if let NoticeDaySource::Direction(direction) = set_by {
        let fault = Fault::DayDirected {
            notice: event.notice.clone(),
            direction: direction.direction.clone(),
            to: than,
        };
        check.report("takes_effect_on", fault);
    } else if event.takes_effect_on.first_day() <= than.first_day()
        && !is_brought_forward(check, event, notice, than)
    {
        check.report(
            "takes_effect_on",
            Fault::NotLater {
                than,
                on: event.takes_effect_on,
            },
        );
    }
}

/// Whether every other party agrees to an earlier day, which is not past. Faults of those
/// that it names are reported.
fn is_brought_forward(
    check: &mut EventCheck<'_>,
    event: &NoticeExtended,
    notice: &Notice,
    than: PartialDate,
) -> bool {
    for (i, body) in event.agreed_by.iter().enumerate() {
        check.require_party(format_args!("agreed_by_ids[{i}]"), body);
    }
    let Some(collaboration) = check.collaboration() else {
        return false;
    };
    let is_earlier = event.takes_effect_on.first_day() < than.first_day()
        && event.takes_effect_on.first_day() >= check.day;
    is_earlier && are_all(check, collaboration, &notice.given.body, &event.agreed_by)
}

/// Whether these are all parties but the one that leaves, or is in its place.
pub(super) fn are_all(
    check: &EventCheck<'_>,
    collaboration: &Collaboration,
    leaving: &BodyId,
    agreed: &[BodyId],
) -> bool {
    let mut others = collaboration.parties(check.day);
    others.retain(|body| !collaboration.is_or_follows(body, leaving, check.day));
    !agreed.is_empty() && missing(&others, agreed).next().is_none()
}

pub(super) fn notice_revoked(check: &mut EventCheck<'_>, event: &NoticeRevoked) {
    let found = check
        .collaboration()
        .and_then(|c| c.notices.get(&event.notice));
    let (Some(notice), Some(subject), Some(collaboration)) =
        (found, check.subject(), check.collaboration())
    else {
        require_running(check, "notice_id", &event.notice);
        return;
    };
    let of_instrument = signatories_left(check, &notice.given);
    for (i, body) in event.agreed_by.iter().enumerate() {
        let field = format!("agreed_by_ids[{i}]");
        match &of_instrument {
            Some(signatories) if signatories.contains(body) => check.require_body(field, body),
            Some(_) | None => check.require_party(field, body),
        };
    }
    let has_effect = notice.given.day() <= check.day
        && !notice.is_revoked(check.day)
        && !notice.is_running(check.day);
    let leaving = &notice.given.body;
    let are_agreed = match &of_instrument {
        None => are_all(check, collaboration, leaving, &event.agreed_by),
        Some(signatories) => {
            let mut others = signatories.clone();
            others.retain(|body| !collaboration.is_or_follows(body, leaving, check.day));
            missing(&others, &event.agreed_by).next().is_none()
        }
    };
    if !(has_effect && are_agreed) || was_acted_on(subject, notice, check.day) {
        require_running(check, "notice_id", &event.notice);
    }
}

/// Whether a notice is running whatever the day of the event.
pub(super) fn runs_throughout(check: &EventCheck<'_>, notice: &Notice) -> bool {
    check.on.holds(|day| notice.is_running(day)) == Certainty::Certain
}

pub(super) fn report_still_running(
    check: &mut EventCheck<'_>,
    field: &str,
    notice: &ItemId,
    takes_effect_on: PartialDate,
) {
    let (notice, on) = (notice.clone(), check.on);
    check.report(
        field,
        Fault::NoticeStillRunning {
            notice,
            takes_effect_on,
            on,
        },
    );
}
