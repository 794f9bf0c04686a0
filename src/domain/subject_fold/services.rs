//! The fold of events about the services of a collaboration.

use super::with;
use crate::collaboration::Service;
use crate::event::{
    HostAppointed, LeadEnded, ServiceAdded, ServiceInstrumentNamed, ServiceLeadTransferred,
    ServicePartiesChanged, ServiceRemoved, ServiceResumed, ServiceUnitsChanged,
};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn service_added(subject: &mut Subject, fact: Fact<ServiceAdded>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        collaboration.services.insert(id, Service::new(fact));
    }
}

pub(super) fn service_units_changed(subject: &mut Subject, fact: Fact<ServiceUnitsChanged>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        with(&mut collaboration.services, &id, |service| {
            service.units_changed.insert(fact);
        });
    }
}

pub(super) fn service_parties_changed(subject: &mut Subject, fact: Fact<ServicePartiesChanged>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        with(&mut collaboration.services, &id, |service| {
            service.parties_changed.insert(fact);
        });
    }
}

pub(super) fn service_lead_transferred(subject: &mut Subject, fact: Fact<ServiceLeadTransferred>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        with(&mut collaboration.services, &id, |service| {
            service.lead_transferred.insert(fact);
        });
    }
}

pub(super) fn service_instrument_named(subject: &mut Subject, fact: Fact<ServiceInstrumentNamed>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        with(&mut collaboration.services, &id, |service| {
            service.instruments_named.insert(fact);
        });
    }
}

pub(super) fn host_appointed(subject: &mut Subject, fact: Fact<HostAppointed>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.hosts.insert(fact);
    }
}

pub(super) fn service_removed(subject: &mut Subject, fact: Fact<ServiceRemoved>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        with(&mut collaboration.services, &id, |service| {
            service.removed.insert(fact);
        });
    }
}

pub(super) fn service_resumed(subject: &mut Subject, fact: Fact<ServiceResumed>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.service.clone();
        with(&mut collaboration.services, &id, |service| {
            service.resumed.insert(fact);
        });
    }
}

pub(super) fn lead_ended(subject: &mut Subject, fact: Fact<LeadEnded>) {
    let Some(collaboration) = subject.as_collaboration_mut() else {
        return;
    };
    match fact.service.clone() {
        None => collaboration.lead_ended.insert(fact),
        Some(id) => with(&mut collaboration.services, &id, |service| {
            service.lead_ended.insert(fact);
        }),
    }
}
