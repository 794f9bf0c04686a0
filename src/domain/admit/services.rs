//! Rules for events about the services of a collaboration.

use super::agreement::not_agreed;
use super::ends::names_direction;
use super::event_check::EventCheck;
use super::service_exits;
use crate::collaboration::{MandateScope, Service};
use crate::event::{
    HostAppointed, LeadEnded, ServiceAdded, ServiceInstrumentNamed, ServiceLeadTransferred,
    ServicePartiesChanged, ServiceRemoved, ServiceResumed, ServiceUnitsChanged,
};
use crate::fault::Fault;
use crate::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::text::Name;

pub(super) fn service_added(check: &mut EventCheck<'_>, event: &ServiceAdded) {
    let taken = check
        .collaboration()
        .and_then(|c| c.services.get(&event.service));
    match taken.and_then(|taken| taken.removal(check.day)) {
        Some(removed) => {
            let (service, of) = (event.service.clone(), check.id().clone());
            let until = removed.on();
            check.report(
                "service_id",
                Fault::ServiceWasRemoved { service, of, until },
            );
        }
        None => check.require_free("service_id", "service", &event.service, taken),
    }
    for (i, party) in event.parties.iter().enumerate() {
        check.require_party(format_args!("party_ids[{i}]"), party);
    }
    if let Some(lead) = &event.lead
        && check.require_party("lead_id", lead)
        && !(event.parties.is_empty() || event.parties.contains(lead))
    {
        let (body, service) = (lead.clone(), event.service.clone());
        check.report(
            "lead_id",
            Fault::NotAPartyOfService {
                body,
                service,
                on: check.on,
                way_out: String::new(),
            },
        );
    }
    if let Some(id) = &event.instrument {
        require_instrument_of_service(check, id);
    }
    if let Some(host) = &event.host {
        check.require_body("host_id", host);
    }
}

/// Requires the instrument on which a service rests from the day on which it is added. A
/// service that is older names it later.
fn require_instrument_of_service(check: &mut EventCheck<'_>, id: &InstrumentId) {
    let dossier = check.dossier();
    let drafted = dossier.and_then(|dossier| dossier.instruments.get(id));
    let since = drafted.map(|instrument| instrument.drafted.on());
    let later = since.filter(|since| !since.is_by(check.on).may_be());
    let Some(since) = later else {
        super::instrument_checks::require_instrument(check, "instrument_id", id);
        return;
    };
    let (id, on) = (id.to_string(), check.on);
    let fault = Fault::BeforeItem {
        what: "instrument",
        id,
        since,
        on,
        way_out: "; if the service is older than its instrument, leave instrument_id out and \
                  record service_instrument_named on the day of the instrument",
    };
    check.report("instrument_id", fault);
}

pub(super) fn service_instrument_named(check: &mut EventCheck<'_>, event: &ServiceInstrumentNamed) {
    check.require_service("service_id", &event.service);
    super::instrument_checks::require_instrument(check, "instrument_id", &event.instrument);
}

pub(super) fn host_appointed(check: &mut EventCheck<'_>, event: &HostAppointed) {
    check.require_body("body_id", &event.body);
    check.require_optional_service("service_id", event.service.as_ref());
}

/// Requires that no mandate keeps a service as it is, unless a direction requires the
/// change.
fn require_no_mandate_or_direction(
    check: &mut EventCheck<'_>,
    field: &str,
    direction: Option<&ItemId>,
    service: &ServiceId,
) {
    if names_direction(check, "direction_id", direction, service) {
        return;
    }
    if let Some(collaboration) = check.collaboration() {
        let scope = MandateScope::Service(service);
        super::notices::require_no_mandate(check, collaboration, field, scope);
    }
}

pub(super) fn service_units_changed(check: &mut EventCheck<'_>, event: &ServiceUnitsChanged) {
    let Some(service) = check.require_service("service_id", &event.service) else {
        return;
    };
    let units = service.units(check.day);
    let is_among = |unit: &Name, units: &[Name]| units.iter().any(|other| other.is_same_item(unit));
    for (i, unit) in event.removed.iter().enumerate() {
        if !is_among(unit, &units) {
            let (unit, service, on) = (unit.clone(), event.service.clone(), check.on);
            check.report(
                format_args!("removed[{i}]"),
                Fault::UnknownUnit { unit, service, on },
            );
        }
    }
    for (i, unit) in event.added.iter().enumerate() {
        if is_among(unit, &units) && !is_among(unit, &event.removed) {
            let (unit, service, on) = (unit.clone(), event.service.clone(), check.on);
            check.report(
                format_args!("added[{i}]"),
                Fault::UnitExists { unit, service, on },
            );
        }
    }
}

pub(super) fn service_parties_changed(check: &mut EventCheck<'_>, event: &ServicePartiesChanged) {
    let Some(service) = check.require_service("service_id", &event.service) else {
        return;
    };
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    let parties = collaboration.service_parties(service, check.day);
    if !event.left.is_empty() {
        let direction = event.direction.as_ref();
        require_no_mandate_or_direction(check, "left_ids", direction, &event.service);
    }
    for (i, body) in event.agreed_by.iter().enumerate() {
        check.require_service_party(format_args!("agreed_by_ids[{i}]"), service, body);
    }
    for (i, body) in event.left.iter().enumerate() {
        check.require_service_party(format_args!("left_ids[{i}]"), service, body);
        if collaboration.service_lead(service, check.day) == Some(body) {
            let (body, leads) = (body.clone(), format!("the service {}", event.service));
            let fault = Fault::StillLeads {
                body,
                leads,
                on: check.on,
            };
            check.report(format_args!("left_ids[{i}]"), fault);
        }
        if event.direction.is_none() && event.legal_basis.is_none() && parties.contains(body) {
            let exit = service_exits::ServiceExit {
                field: format!("left_ids[{i}]"),
                service,
                body,
                agreed: &event.agreed_by,
            };
            service_exits::require_notice(check, collaboration, &exit);
        }
    }
    for (i, body) in event.joined.iter().enumerate() {
        let field = format!("joined_ids[{i}]");
        if check.require_party(&field, body) && parties.contains(body) {
            let (body, service) = (body.clone(), event.service.clone());
            check.report(
                field,
                Fault::AlreadyAPartyOfService {
                    body,
                    service,
                    on: check.on,
                },
            );
        }
    }
}

/// Requires that the service is in place on the day, or suspended: another may lead it when
/// it is resumed, or nobody.
fn require_service_or_suspended<'a>(
    check: &mut EventCheck<'a>,
    id: &ServiceId,
) -> Option<&'a Service> {
    let found = check.collaboration().and_then(|c| c.services.get(id));
    let is_suspended = |service: &&Service| service.removal(check.day).is_some();
    match found.filter(is_suspended) {
        Some(suspended) => Some(suspended),
        None => check.require_service("service_id", id),
    }
}

pub(super) fn service_lead_transferred(check: &mut EventCheck<'_>, event: &ServiceLeadTransferred) {
    let Some(service) = require_service_or_suspended(check, &event.service) else {
        return;
    };
    let collaboration = check.collaboration();
    let current = collaboration.and_then(|c| c.service_lead(service, check.day));
    let divided = collaboration.and_then(|c| c.lead_divided_by(Some(service), check.day));
    // While its heirs have not settled who leads, the lead comes from the body before them.
    let before = divided.and_then(|_| service.stated_lead(check.day));
    let is_from_before = before.is_some() && event.from.as_ref() == before;
    if current != event.from.as_ref() && !is_from_before && !check.says_succession_again() {
        let name = |body: Option<&BodyId>| {
            body.map_or_else(|| "nobody known".to_owned(), ToString::to_string)
        };
        let (stated, current) = (name(event.from.as_ref()), name(current.or(before)));
        let service = event.service.clone();
        check.report(
            "from_id",
            Fault::NotTheCurrentLead {
                service,
                stated,
                current,
                on: check.on,
            },
        );
    }
    check.require_service_party("to_id", service, &event.to);
}

pub(super) fn service_removed(check: &mut EventCheck<'_>, event: &ServiceRemoved) {
    let service = check.require_service("service_id", &event.service);
    let direction = event.direction.as_ref();
    require_no_mandate_or_direction(check, "service_id", direction, &event.service);
    let (Some(service), Some(collaboration)) = (service, check.collaboration()) else {
        return;
    };
    for (i, body) in event.agreed_by.iter().enumerate() {
        check.require_service_party(format_args!("agreed_by_ids[{i}]"), service, body);
    }
    let is_agreed = event.direction.is_some() || {
        let parties = collaboration.service_parties(service, check.day);
        not_agreed(check, &parties, &event.agreed_by).is_empty()
    };
    if !is_agreed {
        service_exits::require_none_running(check, collaboration, service);
    }
}

pub(super) fn service_resumed(check: &mut EventCheck<'_>, event: &ServiceResumed) {
    let found = check
        .collaboration()
        .and_then(|c| c.services.get(&event.service));
    let is_removed = found.is_some_and(|service| service.removal(check.day).is_some());
    if !is_removed
        && check
            .require_service("service_id", &event.service)
            .is_some()
    {
        let what = format!("that the service {} is delivered", event.service);
        check.report("service_id", Fault::AlreadySo { what });
    }
    // A lead is a party, and may have left meanwhile.
    if let (true, Some(service), Some(collaboration)) = (is_removed, found, check.collaboration())
        && let Some(lead) = collaboration.service_lead(service, check.day)
        && !collaboration
            .service_parties(service, check.day)
            .contains(lead)
    {
        let (service, lead, on) = (event.service.clone(), lead.clone(), check.on);
        check.report("service_id", Fault::LeadHasLeft { service, lead, on });
    }
}

pub(super) fn lead_ended(check: &mut EventCheck<'_>, event: &LeadEnded) {
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    let leads = match &event.service {
        None => collaboration.leads_by(check.day),
        Some(id) => match require_service_or_suspended(check, id) {
            Some(service) => collaboration.service_leads_by(service, check.day),
            None => return,
        },
    };
    if leads.is_empty() {
        let of = match &event.service {
            None => check.id().to_string(),
            Some(id) => format!("the service {id}"),
        };
        let what = format!("that nobody leads {of}");
        check.report("service_id", Fault::AlreadySo { what });
    }
}
