//! Rules for leaving: notices, directions of the Secretary of State, withdrawal.

use super::direction_power;
use super::event_check::{EventCheck, missing};
use crate::domain::approval::describe::listed;
use crate::domain::certainty::Certainty;
use crate::domain::collaboration::Collaboration;
use crate::domain::date::PartialDate;
use crate::domain::event::{
    Authority, DirectionIssued, DirectionKind, NoticeCapacity, NoticeExtended, NoticeGiven,
    NoticeRevoked, PartyWithdrew,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, ItemId};
use crate::domain::notice::{Notice, NoticeDaySource};
use crate::domain::notice_clause::{self, Clause, Exit};

pub(super) fn notice_given(check: &mut EventCheck<'_>, event: &NoticeGiven) {
    let taken = check
        .collaboration()
        .and_then(|c| c.notices.get(&event.notice));
    check.require_free("notice_id", "notice", &event.notice, taken);
    let service = event
        .service
        .as_ref()
        .and_then(|id| check.require_service("service_id", id));
    let is_party = check.require_party("body_id", &event.body);
    for (i, waiver) in event.waived_by.iter().enumerate() {
        check.require_party(format_args!("waived_by_ids[{i}]"), waiver);
    }
    for (i, body) in event
        .paid_in_lieu
        .iter()
        .flat_map(|paid| paid.accepted_by.iter().enumerate())
    {
        check.require_party(format_args!("paid_in_lieu.accepted_by_ids[{i}]"), body);
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
            require_no_mandate(check, collaboration, "capacity");
            if let (true, Some(service)) = (is_party, service) {
                check.require_service_party("body_id", service, &event.body);
            }
        }
        NoticeCapacity::Lead => {
            let lead = match service {
                Some(service) => collaboration.service_lead(service, check.day),
                None => collaboration.lead(check.day),
            };
            if is_party && lead != Some(&event.body) {
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
    require_notice_period(check, collaboration, event);
}

/// Requires the notice period of the instruments, unless every other party waives it or
/// accepts a payment in its place.
fn require_notice_period(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    event: &NoticeGiven,
) {
    let Some(subject) = check.subject() else {
        return;
    };
    if notice_clause::is_long_enough(check.id(), subject, event, check.on).may_be() {
        return;
    }
    let Some(Clause { instrument, period }) =
        notice_clause::clause(check.id(), subject, event, check.day)
    else {
        return;
    };
    let mut others = collaboration.parties(check.day);
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

/// Requires that no mandate applies, whatever the day of the event.
pub(super) fn require_no_mandate(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    field: &str,
) {
    let is_mandated = check.on.holds(|day| collaboration.mandate(day).is_some());
    if is_mandated == Certainty::Certain
        && let Some(mandate) = collaboration.mandate(check.day)
    {
        let (direction, since) = (mandate.direction.clone(), mandate.on());
        check.report(field, Fault::MandateStands { direction, since });
    }
}

/// Requires that the direction is on record, and of a kind that requires or ends
/// something.
pub(super) fn require_direction(check: &mut EventCheck<'_>, field: &str, id: &ItemId) {
    let found = check.collaboration().and_then(|c| c.directions.get(id));
    let found = found.filter(|direction| {
        matches!(
            direction.kind,
            DirectionKind::Terminate | DirectionKind::Direct
        )
    });
    check.require_item(
        field,
        "direction that directs or terminates",
        id,
        found.map(|direction| ((), direction.on())),
    );
}

/// Requires that the notice is running on the day, and returns it.
fn require_running<'a>(check: &mut EventCheck<'a>, field: &str, id: &ItemId) -> Option<&'a Notice> {
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
fn are_all(
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
    require_running(check, "notice_id", &event.notice);
}

pub(super) fn direction_issued(check: &mut EventCheck<'_>, event: &DirectionIssued) {
    let taken = check
        .collaboration()
        .and_then(|c| c.directions.get(&event.direction));
    check.require_free("direction_id", "direction", &event.direction, taken);
    direction_power::check_issuer(check, event);
    direction_power::check_power(check, event);
    if let DirectionKind::MandateLifted(id) = &event.kind {
        let field = "lifts_direction_id";
        let mandate = check
            .collaboration()
            .and_then(|c| c.directions.get(id))
            .filter(|direction| direction.kind == DirectionKind::Mandate);
        let mandate = check.require_item(field, "mandate", id, mandate.map(|m| (m, m.on())));
        if let (Some(mandate), Some(collaboration)) = (mandate, check.collaboration())
            && collaboration.is_lifted(mandate, check.day)
        {
            let (id, closed_on) = (id.to_string(), check.on);
            check.report(
                field,
                Fault::ItemClosed {
                    what: "mandate",
                    id,
                    closed_on,
                },
            );
        }
    }
    if let Some((notice, to)) = &event.notice {
        require_running(check, "notice_id", notice);
        // A direction may take effect at once, and not on an earlier day.
        if let (true, Ok(than)) = (to.first_day() < check.day, check.day.yesterday()) {
            let (than, on) = (than.into(), *to);
            check.report("takes_effect_on", Fault::NotLater { than, on });
        }
    }
}

pub(super) fn party_withdrew(check: &mut EventCheck<'_>, event: &PartyWithdrew) {
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    // A body that was followed has left with that: the entry only says so again. No
    // notice, approval or end of a mandate was needed (Police Act 1996 s.23C).
    if check.says_succession_again() {
        return;
    }
    let is_party = check.require_party("body_id", &event.body);
    // The law goes before a direction under it.
    if event.legal_basis.is_none() {
        require_no_mandate(check, collaboration, "body_id");
    }
    for (i, body) in event.agreed_by.iter().enumerate() {
        check.require_party(format_args!("agreed_by_ids[{i}]"), body);
    }
    if collaboration.lead(check.day) == Some(&event.body) {
        report_still_leads(check, &event.body, check.id().to_string());
    }
    for (id, service) in &collaboration.services {
        if service.in_place(check.day)
            && collaboration.service_lead(service, check.day) == Some(&event.body)
        {
            report_still_leads(check, &event.body, format!("the service {id}"));
        }
    }
    let Some(id) = &event.notice else {
        let is_released = event.legal_basis.is_some()
            || are_all(check, collaboration, &event.body, &event.agreed_by)
            || has_proposal(check);
        if is_party && !is_released {
            check_without_notice(check, collaboration, event);
        }
        return;
    };
    if !is_party {
        return;
    }
    let found = collaboration
        .notices
        .get(id)
        .map(|notice| (notice, notice.given.on()));
    let Some(notice) = check.require_item("notice_id", "notice", id, found) else {
        return;
    };
    let fits = collaboration.is_or_follows(&event.body, &notice.given.body, check.day)
        && notice.given.capacity == NoticeCapacity::Party
        && notice.given.service.is_none();
    // A notice given before the body last joined was used when it left.
    let joined = collaboration.last_move(&event.body, check.effective_order());
    let is_used = joined.is_some_and(|joined| notice.given.effective_order() < joined.order);
    if !fits || is_used || notice.is_revoked(check.day) {
        let (notice, body) = (id.clone(), event.body.clone());
        check.report("notice_id", Fault::NoticeDoesNotFit { notice, body });
    } else if runs_throughout(check, notice) {
        report_still_running(check, "notice_id", id, notice.takes_effect_on(check.day));
    }
}

/// Whether the withdrawal rests on a proposal for it: rule 5 judges whether that was
/// carried.
fn has_proposal(check: &EventCheck<'_>) -> bool {
    let Some(Authority::Proposal(id)) = &check.entry.event.authority else {
        return false;
    };
    let proposal = check
        .dossier()
        .and_then(|dossier| dossier.proposals.get(id));
    let done = check.entry.event.kind.act();
    let (Some(proposal), Some(done)) = (proposal, done) else {
        return false;
    };
    let parts = proposal.act().parts();
    parts.iter().any(|part| part.difference(&done).is_none())
}

/// Whether a notice is running whatever the day of the event.
fn runs_throughout(check: &EventCheck<'_>, notice: &Notice) -> bool {
    check.on.holds(|day| notice.is_running(day)) == Certainty::Certain
}

/// Requires that a withdrawal without notice needs none.
fn check_without_notice(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    event: &PartyWithdrew,
) {
    if let Some((id, notice)) = collaboration.notices.iter().find(|(_, notice)| {
        collaboration.is_or_follows(&event.body, &notice.given.body, check.day)
            && notice.given.capacity == NoticeCapacity::Party
            && notice.given.service.is_none()
            && runs_throughout(check, notice)
    }) {
        report_still_running(check, "notice_id", id, notice.takes_effect_on(check.day));
        return;
    }
    let exit = Exit {
        body: &event.body,
        capacity: NoticeCapacity::Party,
        service: None,
    };
    let Some(subject) = check.subject() else {
        return;
    };
    let binds = check.on.holds(|day| {
        let mut clauses = notice_clause::binding(check.id(), subject, exit, day);
        clauses.any(|clause| clause.period.asks_notice(day))
    });
    if binds != Certainty::Certain {
        return;
    }
    for clause in notice_clause::binding(check.id(), subject, exit, check.day) {
        if clause.period.asks_notice(check.day) {
            let fault = Fault::NoticeRequired {
                instrument: clause.instrument.clone(),
                months: clause.period.months,
                asks: clause.period,
            };
            check.report("notice_id", fault);
        }
    }
}

fn report_still_leads(check: &mut EventCheck<'_>, body: &BodyId, leads: String) {
    check.report(
        "body_id",
        Fault::StillLeads {
            body: body.clone(),
            leads,
            on: check.on,
        },
    );
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
