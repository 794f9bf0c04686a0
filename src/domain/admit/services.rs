//! Rules for events about the services of a collaboration.

use super::event_check::EventCheck;
use crate::domain::event::{
    ServiceAdded, ServiceLeadTransferred, ServicePartiesChanged, ServiceRemoved,
    ServiceUnitsChanged,
};
use crate::domain::fault::Fault;

pub(super) fn service_added(bench: &mut EventCheck<'_>, what: &ServiceAdded) {
    let taken = bench
        .collaboration()
        .and_then(|c| c.services.get(&what.service));
    bench.free("service_id", "service", &what.service, taken);
    for (i, party) in what.parties.iter().enumerate() {
        bench.party(format_args!("party_ids[{i}]"), party);
    }
    if let Some(lead) = &what.lead
        && bench.party("lead_id", lead)
        && !(what.parties.is_empty() || what.parties.contains(lead))
    {
        let (body, service) = (lead.clone(), what.service.clone());
        bench.fault(
            "lead_id",
            Fault::NotAPartyOfService {
                body,
                service,
                on: bench.on,
            },
        );
    }
    if let Some(id) = &what.instrument {
        super::instruments::known(bench, "instrument_id", id);
    }
}

pub(super) fn service_units_changed(bench: &mut EventCheck<'_>, what: &ServiceUnitsChanged) {
    let Some(service) = bench.service("service_id", &what.service) else {
        return;
    };
    let units = service.units(bench.day);
    for (i, unit) in what.removed.iter().enumerate() {
        if !units.contains(unit) {
            let (unit, service, on) = (unit.clone(), what.service.clone(), bench.on);
            bench.fault(
                format_args!("removed[{i}]"),
                Fault::UnknownUnit { unit, service, on },
            );
        }
    }
    for (i, unit) in what.added.iter().enumerate() {
        if units.contains(unit) && !what.removed.contains(unit) {
            let (unit, service, on) = (unit.clone(), what.service.clone(), bench.on);
            bench.fault(
                format_args!("added[{i}]"),
                Fault::UnitExists { unit, service, on },
            );
        }
    }
}

pub(super) fn service_parties_changed(bench: &mut EventCheck<'_>, what: &ServicePartiesChanged) {
    let Some(service) = bench.service("service_id", &what.service) else {
        return;
    };
    let Some(collaboration) = bench.collaboration() else {
        return;
    };
    let parties = collaboration.service_parties(service, bench.day);
    for (i, body) in what.left.iter().enumerate() {
        bench.service_party(format_args!("left_ids[{i}]"), service, body);
        if service.lead(bench.day) == Some(body) {
            let (body, leads) = (body.clone(), format!("the service {}", what.service));
            let fault = Fault::StillLeads {
                body,
                leads,
                on: bench.on,
            };
            bench.fault(format_args!("left_ids[{i}]"), fault);
        }
    }
    for (i, body) in what.joined.iter().enumerate() {
        let field = format!("joined_ids[{i}]");
        if bench.party(&field, body) && parties.contains(body) {
            let (body, service) = (body.clone(), what.service.clone());
            bench.fault(
                field,
                Fault::AlreadyAPartyOfService {
                    body,
                    service,
                    on: bench.on,
                },
            );
        }
    }
}

pub(super) fn service_lead_transferred(bench: &mut EventCheck<'_>, what: &ServiceLeadTransferred) {
    let Some(service) = bench.service("service_id", &what.service) else {
        return;
    };
    let current = service.lead(bench.day);
    if current != what.from.as_ref() {
        let named = |body: Option<&crate::domain::ids::BodyId>| {
            body.map_or_else(|| "nobody known".to_owned(), ToString::to_string)
        };
        let (stated, current) = (named(what.from.as_ref()), named(current));
        let service = what.service.clone();
        bench.fault(
            "from_id",
            Fault::NotTheCurrentLead {
                service,
                stated,
                current,
                on: bench.on,
            },
        );
    }
    bench.service_party("to_id", service, &what.to);
}

pub(super) fn service_removed(bench: &mut EventCheck<'_>, what: &ServiceRemoved) {
    bench.service("service_id", &what.service);
}
