//! The services of a collaboration: who takes part, who hosts them, and the instruments
//! in force that cover them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::known_instruments::{self, KnownInstrument};
use super::names;
use minutebook_domain::collaboration::Service;
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::{DateIs, InstrumentKind, InstrumentRef};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, ServiceId, SubjectId};
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{
    HostedView, ServiceExit, ServiceInterruption, ServiceRef, ServiceView,
};
use minutebook_wire::reply;

/// The present services and the former ones, each in the order in which they were
/// added. Services end with the collaboration.
pub(super) fn list(
    register_view: &RegisterView,
    id: &SubjectId,
    collaboration_at: &CollaborationAt,
) -> (Vec<ServiceView>, Vec<ServiceView>) {
    let mut services: Vec<_> = collaboration_at.services.iter().collect();
    services.sort_by_cached_key(|(_, service)| service.added.effective_order());
    let instruments = known_instruments::list(register_view, id, collaboration_at.subject());
    services
        .into_iter()
        .map(|(service_id, service)| {
            let mut view = view(register_view, collaboration_at, service_id, service);
            view.instruments_in_force =
                covering(register_view, id, &instruments, service_id, service)
                    .iter()
                    .map(reply::instrument_ref)
                    .collect();
            view
        })
        .partition(|service| service.removed_on.is_none())
}

fn view(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
    id: &ServiceId,
    service: &Service,
) -> ServiceView {
    let day = register_view.as_at();
    let aliases = &collaboration_at.subject().dossier.aliases;
    let removal = service.removal(day);
    let removed = removal.map(Fact::on);
    let ended = collaboration_at.ended(day).map(Fact::on);
    let lead = collaboration_at.service_lead(service, day);
    let divided = collaboration_at.lead_divided_by(Some(service), day);
    let to_be_settled = divided.map(|_| collaboration_at.service_leads_by(service, day));
    let is_led = lead.is_some() || to_be_settled.is_some();
    let lead_ended = service.lead_ended.at(day).filter(|_| !is_led);
    let host = collaboration_at.host(Some(id), day);
    let host_body = host.map(|host| &host.body).or(service.added.host.as_ref());
    let holders = host_body.map(|host| collaboration_at.holders(host, day));
    let host_now = holders.and_then(|holders| holders.into_iter().next());
    let taken_over = host_body
        .zip(host_now)
        .and_then(|(host, now)| taken_over_on(collaboration_at, host, now, day));
    ServiceView {
        service: Some(ServiceRef {
            service_id: id.to_string(),
            name: service.added.name.to_string(),
        }),
        category: service.added.category.to_string(),
        units: reply::strings(&service.units(day)),
        lead: lead.map(|lead| names::body(register_view, lead)),
        parties: names::bodies(
            register_view,
            &collaboration_at.service_parties(service, day),
        ),
        instrument_id: reply::optional(service.added.instrument.as_ref()),
        added_on: Some(reply::date(service.added.on())),
        removed_on: reply::optional_date(removed.or(ended)),
        aliases: aliases
            .iter()
            .filter(|alias| alias.service.as_ref() == Some(id))
            .map(|alias| alias.alias.to_string())
            .collect(),
        description: service.added.description.to_string(),
        instruments_in_force: Vec::new(),
        host: host_now.map(|host| names::body(register_view, host)),
        named_instrument_id: reply::optional(
            service
                .instruments_named
                .at(day)
                .map(|named| &named.instrument),
        ),
        ended_with_collaboration: removed.is_none() && ended.is_some(),
        added_on_is: reply::date_is(service.added.is()),
        hosted_since_on: reply::optional_date(taken_over.or(host.map(Fact::on))),
        parties_direction_ids: service
            .parties_changed
            .by(day)
            .filter_map(|changed| changed.direction.as_ref())
            .map(ToString::to_string)
            .collect(),
        removed_reason: reply::optional(removal.map(|removal| &removal.reason)),
        removed_by_direction_id: reply::optional(
            removal.and_then(|removal| removal.direction.as_ref()),
        ),
        removed_agreed_by: names::bodies(
            register_view,
            removal.into_iter().flat_map(|removal| &removal.agreed_by),
        ),
        interruptions: interruptions(service, day),
        exits: exits(register_view, service, day),
        lead_ended_on: reply::optional_date(lead_ended.map(Fact::on)),
        lead_ended_reason: reply::optional(lead_ended.map(|ended| &ended.reason)),
        lead_to_be_settled: names::bodies(register_view, to_be_settled.into_iter().flatten()),
    }
}

/// The times at which it was not delivered, and that are over.
fn interruptions(service: &Service, day: Date) -> Vec<ServiceInterruption> {
    let resumed = service.resumed.by(day);
    resumed
        .filter_map(|resumed| {
            let removed = service.removed.before(resumed.effective_order())?;
            Some(ServiceInterruption {
                removed_on: Some(reply::date(removed.on())),
                removed_reason: removed.reason.to_string(),
                resumed_on: Some(reply::date(resumed.on())),
                resumed_reason: resumed.reason.to_string(),
            })
        })
        .collect()
}

/// The parties that left it, released by others or by law.
fn exits(register_view: &RegisterView, service: &Service, day: Date) -> Vec<ServiceExit> {
    let changed = service.parties_changed.by(day);
    changed
        .filter(|change| !change.agreed_by.is_empty() || change.legal_basis.is_some())
        .map(|change| ServiceExit {
            left: names::bodies(register_view, &change.left),
            left_on: Some(reply::date(change.on())),
            agreed_by: names::bodies(register_view, &change.agreed_by),
            legal_basis: reply::optional(change.legal_basis.as_ref()),
        })
        .collect()
}

/// The instruments in force that cover a service: those that name it, and the one that it
/// names, each through what superseded it.
fn covering(
    register_view: &RegisterView,
    id: &SubjectId,
    instruments: &[KnownInstrument<'_>],
    service_id: &ServiceId,
    service: &Service,
) -> BTreeSet<InstrumentRef> {
    let day = register_view.as_at();
    let named = service.named_instrument(day);
    let naming = instruments
        .iter()
        .filter(|known| known.instrument.services(day).contains(service_id));
    let naming = naming.map(|known| &known.instrument.drafted.instrument);
    let mut open: Vec<InstrumentRef> = naming
        .chain(named)
        .map(|instrument| InstrumentRef {
            subject: id.clone(),
            instrument: instrument.clone(),
        })
        .collect();
    let mut reached: BTreeSet<InstrumentRef> = BTreeSet::new();
    let mut covering = BTreeSet::new();
    while let Some(next) = open.pop() {
        if !reached.insert(next.clone()) {
            continue;
        }
        let mut follow = |known: &KnownInstrument<'_>| {
            if known.is_in_force(register_view) {
                covering.insert(next.clone());
            } else if let Some(superseded) = known.instrument.superseded.at(day) {
                open.extend(superseded.all(&next.subject));
            }
        };
        let is_next =
            |known: &&KnownInstrument<'_>| known.instrument.drafted.instrument == next.instrument;
        if next.subject == *id {
            instruments.iter().find(is_next).map(&mut follow);
        } else if let Some(other) = register_view.subject(&next.subject) {
            let of_other = known_instruments::list(register_view, &next.subject, &other);
            of_other.iter().find(is_next).map(&mut follow);
        }
    }
    if reached.is_empty() {
        covering.extend(only_agreement(register_view, id, instruments));
    }
    covering
}

/// The only agreement in force under section 22A, where it names no services: it covers
/// those that name no instrument.
fn only_agreement(
    register_view: &RegisterView,
    id: &SubjectId,
    instruments: &[KnownInstrument<'_>],
) -> Option<InstrumentRef> {
    let day = register_view.as_at();
    let mut agreements = instruments.iter().filter(|known| {
        known.instrument.drafted.kind == InstrumentKind::Section22aAgreement
            && known.is_in_force(register_view)
    });
    let only = agreements.next().filter(|_| agreements.next().is_none())?;
    let covers_all = only.instrument.services(day).is_empty();
    covers_all.then(|| InstrumentRef {
        subject: id.clone(),
        instrument: only.instrument.drafted.instrument.clone(),
    })
}

/// The body that hosts the whole collaboration, or, if it was divided, those in its place.
pub(super) fn hosts<'a>(
    collaboration_at: &'a CollaborationAt,
    register_view: &RegisterView,
) -> Vec<&'a BodyId> {
    let day = register_view.as_at();
    let host = collaboration_at.host(None, day);
    host.map_or_else(Vec::new, |host| collaboration_at.holders(&host.body, day))
}

/// A date, and how it is to be read.
type Since = (PartialDate, Option<DateIs>);

/// The collaborations and services that a body hosts.
pub(super) fn hosted_by(register_view: &RegisterView, body: &BodyId) -> Vec<HostedView> {
    let day = register_view.as_at();
    let mut hosted = Vec::new();
    for (id, collaboration_at) in register_view.collaborations() {
        if collaboration_at.ended(day).is_some() {
            continue;
        }
        let mut add = |service: Option<&ServiceId>, host: &BodyId, since: Since| {
            if !collaboration_at.holders(host, day).contains(&body) {
                return;
            }
            let subject = SubjectId::Collaboration(id.clone());
            // An heir hosts since the day on which it took the place.
            let taken_over = taken_over_on(&collaboration_at, host, body, day);
            let (since, since_is) = taken_over.map_or(since, |on| (on, None));
            hosted.push(HostedView {
                collaboration: Some(names::collaboration(register_view, id)),
                service: service.map(|service| names::service(register_view, &subject, service)),
                since_on: Some(reply::date(since)),
                since_on_is: reply::date_is(since_is),
                in_place_of: (host != body).then(|| names::body(register_view, host)),
            });
        };
        if let Some(host) = collaboration_at.host(None, day) {
            add(None, &host.body, (host.on(), host.is()));
        }
        for (service_id, service) in &collaboration_at.services {
            if !service.in_place(day) {
                continue;
            }
            let appointed = collaboration_at.host(Some(service_id), day);
            let host = appointed.map(|host| &host.body);
            if let Some(host) = host.or(service.added.host.as_ref()) {
                let added = (service.added.on(), service.added.is());
                let since = appointed.map_or(added, |host| (host.on(), host.is()));
                add(Some(service_id), host, since);
            }
        }
    }
    hosted
}

/// The day on which a body took the place of the host that was appointed; `None` if it is
/// that one.
fn taken_over_on(
    collaboration_at: &CollaborationAt,
    host: &BodyId,
    body: &BodyId,
    day: Date,
) -> Option<PartialDate> {
    let succession = collaboration_at.succession_to(host, body, day);
    succession.filter(|_| host != body).map(Fact::on)
}
