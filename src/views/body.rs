//! One body: everything it is party to, leads and pays, and where it sits.

use std::collections::BTreeMap;

use super::{bodies, file, instruments, names};
use crate::domain::event::Seat;
use crate::domain::fact::Fact;
use crate::domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use crate::domain::money::Pence;
use crate::domain::register_view::{CollaborationAt, RegisterView};
use crate::wire::proto::{
    AwaitedSignature, BodyView, Membership, Payment, SeatView, ServiceAmount, ServiceRef,
};
use crate::wire::reply;

/// The body, if it has begun.
pub fn get(outlook: &RegisterView, id: &BodyId) -> Option<BodyView> {
    let seen = outlook.body(id)?;
    let registered = seen.registered.as_ref()?;
    let subject_id = SubjectId::Body(id.clone());
    let dossier = &seen.subject().dossier;
    let added = seen.identifiers.iter().map(|added| &added.identifier);
    let predecessors = outlook.bodies().filter(|(_, other)| {
        other
            .succeeded
            .latest()
            .is_some_and(|succeeded| succeeded.successor == *id)
    });
    Some(BodyView {
        summary: Some(bodies::summary(
            outlook,
            id,
            &seen,
            bodies::collaboration_count(outlook, id),
        )),
        area: reply::optional(registered.area.as_ref()),
        identifiers: registered
            .identifiers
            .iter()
            .chain(added)
            .map(reply::identifier)
            .collect(),
        aliases: dossier
            .aliases
            .iter()
            .map(|alias| alias.alias.to_string())
            .collect(),
        predecessors: predecessors
            .map(|(id, _)| names::body(outlook, id))
            .collect(),
        party_to: outlook
            .collaborations()
            .filter_map(|(of, collaboration)| membership(outlook, id, of, &collaboration))
            .collect(),
        pays: outlook
            .collaborations()
            .flat_map(|(of, collaboration)| payments(outlook, id, of, &collaboration))
            .collect(),
        seats: seats(outlook, id),
        instruments: instruments::list(outlook, &subject_id, seen.subject()),
        awaited_signatures: awaited(outlook, id),
        assurance: file::assurance(outlook, dossier),
        concerns: file::concerns(outlook, dossier),
        grants: file::grants(outlook, dossier),
        coming: file::coming(outlook, &subject_id),
        dependencies: file::dependencies(outlook, dossier),
    })
}

fn membership(
    outlook: &RegisterView,
    id: &BodyId,
    of: &CollaborationId,
    collaboration: &CollaborationAt,
) -> Option<Membership> {
    let day = outlook.as_at();
    let (_, spell) = collaboration.spells(day).find(|(body, _)| *body == id)?;
    // Nobody is party to what is over, takes part in it or leads it.
    let ended = collaboration.ended(day);
    let mut services: Vec<_> = collaboration
        .services
        .iter()
        .filter(|(_, service)| ended.is_none() && service.in_place(day))
        .collect();
    services.sort_by_key(|(_, service)| service.added.effective_order());
    let named = |(id, service): &(&ServiceId, &crate::domain::collaboration::Service)| ServiceRef {
        service_id: id.to_string(),
        name: service.added.name.to_string(),
    };
    Some(Membership {
        collaboration: Some(names::collaboration(outlook, of)),
        joined_on: Some(reply::date(spell.joined_on)),
        left_on: reply::optional_date(spell.left_on.or(ended.map(Fact::on))),
        services: services
            .iter()
            .filter(|(_, service)| collaboration.service_parties(service, day).contains(id))
            .map(named)
            .collect(),
        leads: ended.is_none() && collaboration.lead(day) == Some(id),
        leads_services: services
            .iter()
            .filter(|(_, service)| service.lead(day) == Some(id))
            .map(named)
            .collect(),
    })
}

/// What the body pays under the main budgets of a collaboration, year by year.
fn payments(
    outlook: &RegisterView,
    id: &BodyId,
    of: &CollaborationId,
    collaboration: &CollaborationAt,
) -> Vec<Payment> {
    let subject = SubjectId::Collaboration(of.clone());
    let mut years = BTreeMap::new();
    for ((budget, year), set) in &collaboration.subject().dossier.budgets {
        if let (None, Some(set)) = (budget, set.latest()) {
            let paid: Vec<_> = set
                .figures
                .contributions
                .iter()
                .filter(|paid| paid.body == *id)
                .cloned()
                .collect();
            if !paid.is_empty() {
                years.insert(*year, paid);
            }
        }
    }
    years
        .into_iter()
        .map(|(year, paid)| Payment {
            collaboration: Some(names::collaboration(outlook, of)),
            financial_year: year.to_string(),
            total_pence: paid.iter().map(|paid| paid.amount).sum::<Pence>().get(),
            services: paid
                .iter()
                .map(|paid| ServiceAmount {
                    service: Some(names::service(outlook, &subject, &paid.service)),
                    amount_pence: paid.amount.get(),
                })
                .collect(),
        })
        .collect()
}

fn seats(outlook: &RegisterView, id: &BodyId) -> Vec<SeatView> {
    let day = outlook.as_at();
    let mut seats = Vec::new();
    for (board_id, board) in outlook.boards() {
        let held: Vec<_> = board
            .seats(day)
            .into_iter()
            .filter_map(|(seat, (capacity, _))| match seat {
                Seat::Body { body, office } if body == *id => Some((office, capacity)),
                Seat::Body { .. } | Seat::Described(_) => None,
            })
            .collect();
        let chair = board.chair(day).filter(|chair| chair.body == *id);
        // The seat of the office that chairs; else the one that does not say
        // which office takes it, or, where the chair does not say, the first.
        let chaired = chair.and_then(|chair| {
            let exact = held.iter().position(|(office, _)| *office == chair.office);
            exact.or_else(|| {
                let open = |(office, _): &(Option<_>, _)| {
                    chair.office.is_none() || Option::is_none(office)
                };
                held.iter().position(open)
            })
        });
        for (i, (office, capacity)) in held.iter().enumerate() {
            seats.push(SeatView {
                board: Some(names::board(outlook, board_id)),
                office: reply::office(office.as_ref()),
                capacity: reply::member_capacity(*capacity),
                chairs: chaired == Some(i),
            });
        }
        // A chair that is known where the seat is not.
        if let (None, Some(chair)) = (chaired, chair) {
            seats.push(SeatView {
                board: Some(names::board(outlook, board_id)),
                office: reply::office(chair.office.as_ref()),
                capacity: Default::default(),
                chairs: true,
            });
        }
    }
    seats
}

/// The instruments of others that wait for this body's signature; its own stand
/// beside them with theirs.
fn awaited(outlook: &RegisterView, id: &BodyId) -> Vec<AwaitedSignature> {
    let mut awaited = Vec::new();
    let own = SubjectId::Body(id.clone());
    for (subject_id, subject) in outlook.subjects().filter(|(of, _)| **of != own) {
        for instrument in subject.dossier.instruments.values() {
            if instruments::awaited(outlook, subject_id, &subject, instrument).contains(id) {
                awaited.push(AwaitedSignature {
                    subject: subject_id.to_string(),
                    instrument_id: instrument.drafted.instrument.to_string(),
                    title: instrument.drafted.title.to_string(),
                    drafted_on: Some(reply::date(instrument.drafted.on())),
                });
            }
        }
    }
    awaited
}
