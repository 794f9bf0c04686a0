//! One body: everything it is party to, leads and pays, and its seats.

use jiff::civil::Date;

use super::invoices::Invoices;
use super::{
    bodies, course, dossier, instruments, known_instruments, names, payments, reasoning, services,
    settlements,
};
use minutebook_domain::accession;
use minutebook_domain::body::HeldCapacity;
use minutebook_domain::event::{PartyJoined, Seat};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use minutebook_domain::instrument::{InForce, Instrument};
use minutebook_domain::register_view::{BodyAt, CollaborationAt, RegisterView};
use minutebook_domain::signatories::{bound_signatories, required_signatories};
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{
    AwaitedSignature, BodyView, Capacity, CapacityView, FormerNameView, Membership, OfficeNameView,
    PassedView, SeatView, ServiceRef, SignedInstrument, Standing, SuccessionPartView,
    SuccessionShareView,
};
use minutebook_wire::reply;

/// The body, if it exists by the day of the view.
pub fn get(register_view: &RegisterView, id: &BodyId) -> Option<BodyView> {
    let body_at = register_view.body(id)?;
    let registered = body_at.registered.as_ref()?;
    let subject_id = SubjectId::Body(id.clone());
    let dossier = &body_at.subject().dossier;
    let added = body_at.identifiers.iter().map(|added| &added.identifier);
    let successions = register_view.successions();
    let mut predecessors: Vec<&BodyId> = successions
        .iter()
        .filter(|(_, succeeded)| succeeded.all().any(|heir| heir == id))
        .map(|(body, _)| body)
        .collect();
    predecessors.dedup();
    let succeeded = body_at.succeeded.latest();
    Some(BodyView {
        summary: Some(bodies::summary(
            register_view,
            id,
            &body_at,
            bodies::collaboration_count(register_view, id),
        )),
        area: reply::optional(registered.area.as_ref()),
        offices_renamed: body_at
            .offices_renamed
            .by(register_view.as_at())
            .map(|renamed| OfficeNameView {
                office: renamed.office.to_string(),
                name: renamed.name.to_string(),
                since_on: Some(reply::date(renamed.on())),
                position: renamed.position().get(),
            })
            .collect(),
        capacities: body_at
            .capacities(register_view.as_at())
            .into_iter()
            .map(|held| capacity(register_view, held))
            .collect(),
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
        predecessors: names::bodies(register_view, predecessors),
        successors: succeeded.map_or_else(Vec::new, |succeeded| {
            names::bodies(register_view, succeeded.named())
        }),
        succession_shares: succeeded
            .iter()
            .flat_map(|succeeded| &succeeded.shares)
            .map(|share| SuccessionShareView {
                body: Some(names::body(register_view, &share.successor)),
                share_ppm: share.share.get(),
            })
            .collect(),
        passed: passed(register_view, &body_at),
        former_names: body_at
            .former_names()
            .map(|(name, renamed)| FormerNameView {
                name: name.to_string(),
                until_on: Some(reply::date(renamed.on())),
                until_on_is: reply::date_is(renamed.is()),
                changed_by: reply::optional(renamed.legal_basis.as_ref()),
            })
            .collect(),
        succession_parts: succeeded
            .iter()
            .flat_map(|succeeded| &succeeded.parts)
            .map(|part| SuccessionPartView {
                subject: part.subject.to_string(),
                successors: names::bodies(register_view, &part.successors),
            })
            .collect(),
        what_passed: succeeded.map_or_else(String::new, |s| s.what_passes.to_string()),
        hosts: services::hosted_by(register_view, id),
        party_to: register_view
            .collaborations()
            .filter_map(|(collaboration_id, collaboration)| {
                membership(register_view, id, collaboration_id, &collaboration)
            })
            .collect(),
        pays: register_view
            .collaborations()
            .flat_map(|(collaboration_id, collaboration)| {
                payments::list(register_view, id, collaboration_id, &collaboration)
            })
            .collect(),
        settlements: settlements::list(register_view, None, Some(id)),
        seats: seats(register_view, id),
        instruments: instruments::list(register_view, &subject_id, body_at.subject()),
        awaited_signatures: awaited(register_view, id),
        signed_instruments: signed(register_view, id),
        assurance: dossier::assurance(register_view, dossier),
        concerns: dossier::concerns(register_view, dossier),
        grants: dossier::grants(register_view, dossier),
        coming: dossier::coming(register_view, &subject_id),
        voided: dossier::voided(register_view, &subject_id),
        consultations: dossier::consultations(register_view, dossier),
        dependencies: dossier::dependencies(register_view, dossier),
        approval_rules: reasoning::in_force(register_view, &subject_id, body_at.subject())
            .as_ref()
            .map(|rules| reasoning::rule_set(register_view, rules)),
        delegations: course::delegations(register_view, &subject_id, dossier),
        invoices: invoices(register_view, |invoices| invoices.of_body(id)),
        payments: invoices(register_view, |invoices| invoices.unnamed_of_body(id)),
    })
}

/// The invoices, or payments, of every collaboration.
fn invoices<T>(register_view: &RegisterView, of: impl Fn(&Invoices<'_>) -> Vec<T>) -> Vec<T> {
    let all = register_view.collaborations();
    all.flat_map(|(id, collaboration)| {
        of(&Invoices {
            register_view,
            id,
            collaboration: &collaboration,
        })
    })
    .collect()
}

/// The parts that passed from it while it went on.
fn passed(register_view: &RegisterView, body_at: &BodyAt) -> Vec<PassedView> {
    let passed = body_at.passed.by(register_view.as_at());
    let passed = passed.filter_map(|fact| Some((fact, fact.scope.as_ref()?)));
    let views = passed.map(|(fact, scope)| PassedView {
        passed_on: Some(reply::date(fact.on())),
        passed_on_is: reply::date_is(fact.is()),
        successors: names::bodies(register_view, fact.named()),
        subjects: reply::strings(&scope.subjects),
        capacities: scope
            .capacities
            .iter()
            .map(|capacity| Capacity {
                kind: reply::body_kind(capacity.kind),
                force: reply::optional(capacity.force.as_ref()),
                area: reply::optional(capacity.area.as_ref()),
            })
            .collect(),
        what_passed: fact.what_passes.to_string(),
        position: fact.position().get(),
    });
    views.collect()
}

fn capacity(register_view: &RegisterView, held: HeldCapacity<'_>) -> CapacityView {
    let giver = held.received.map(|fact| &fact.source.entry.event.subject);
    let giver = giver.and_then(|subject| match subject {
        SubjectId::Body(body) => Some(names::body(register_view, body)),
        SubjectId::Board(_) | SubjectId::Collaboration(_) | SubjectId::Register => None,
    });
    CapacityView {
        kind: reply::body_kind(held.capacity.kind),
        force: reply::optional(held.capacity.force.as_ref()),
        area: reply::optional(held.capacity.area.as_ref()),
        since_on: Some(reply::date(held.since)),
        until_on: reply::optional_date(held.until),
        given_by: reply::optional(held.given_by),
        taken_by: reply::optional(held.taken_by.as_ref()),
        since_on_is: reply::date_is(held.since_is),
        until_on_is: reply::date_is(held.until_is),
        in_place_of: giver,
    }
}

fn membership(
    register_view: &RegisterView,
    id: &BodyId,
    collaboration_id: &CollaborationId,
    collaboration: &CollaborationAt,
) -> Option<Membership> {
    let day = register_view.as_at();
    let (_, mut spells) = collaboration.spells(day).find(|(body, _)| *body == id)?;
    let spell = spells.pop()?;
    // An ended collaboration has no parties, participants or leads.
    let ended = collaboration.ended(day);
    let mut services: Vec<_> = collaboration
        .services
        .iter()
        .filter(|(_, service)| ended.is_none() && service.in_place(day))
        .collect();
    services.sort_by_cached_key(|(_, service)| service.added.effective_order());
    let named =
        |(id, service): &(&ServiceId, &minutebook_domain::collaboration::Service)| ServiceRef {
            service_id: id.to_string(),
            name: service.added.name.to_string(),
        };
    Some(Membership {
        collaboration: Some(names::collaboration(register_view, collaboration_id)),
        joined_on: Some(reply::date(spell.joined_on)),
        left_on: reply::optional_date(spell.left_on.or(ended.map(Fact::on))),
        services: services
            .iter()
            .filter(|(_, service)| collaboration.service_parties(service, day).contains(id))
            .map(named)
            .collect(),
        in_place_of: spell
            .in_place_of
            .map(|before| names::body(register_view, &before)),
        followed_by: names::bodies(register_view, &spell.followed_by),
        also_in_place_of: names::bodies(register_view, &spell.also_in_place_of),
        earlier: spells.iter().map(names::spell).collect(),
        leads: ended.is_none() && collaboration.lead(day) == Some(id),
        leads_services: services
            .iter()
            .filter(|(_, service)| collaboration.service_lead(service, day) == Some(id))
            .map(named)
            .collect(),
    })
}

fn seats(register_view: &RegisterView, id: &BodyId) -> Vec<SeatView> {
    let day = register_view.as_at();
    let mut seats = Vec::new();
    let successions = register_view.successions();
    for (board_id, board) in register_view.boards() {
        let board_subject = SubjectId::Board(board_id.clone());
        let is_held = |body: &BodyId| successions.holders(&board_subject, body, day).contains(&id);
        let held: Vec<_> = super::boards::seats(register_view, board_id, &board)
            .into_iter()
            .filter_map(|(seat, held)| match seat {
                Seat::Body { body, office } if is_held(&body) => {
                    Some((office, held.member.capacity, body))
                }
                Seat::Body { .. } | Seat::Described(_) => None,
            })
            .collect();
        let followed = super::boards::followed(register_view, board_id);
        let chair = board.chair(&followed, day);
        let chair = chair.filter(|chair| chair.holder() == Some(id));
        let chair = chair.map(|chair| chair.appointed);
        // The seat of the office that chairs; else the one that does not say
        // which office takes it, or, where the chair does not say, the first.
        let chaired = chair.and_then(|chair| {
            let exact = held
                .iter()
                .position(|(office, ..)| match (office, &chair.office) {
                    (Some(office), Some(chair)) => office.is_same(chair),
                    (office, chair) => office.is_none() && chair.is_none(),
                });
            exact.or_else(|| {
                let open = |(office, ..): &(Option<_>, _, _)| {
                    chair.office.is_none() || Option::is_none(office)
                };
                held.iter().position(open)
            })
        });
        let before = |member: &BodyId| (member != id).then(|| names::body(register_view, member));
        for (i, (office, capacity, member)) in held.iter().enumerate() {
            seats.push(SeatView {
                board: Some(names::board(register_view, board_id)),
                office: reply::office(office.as_ref()),
                capacity: reply::member_capacity(*capacity),
                chairs: chaired == Some(i),
                in_place_of: before(member),
            });
        }
        // A chair that is known where the seat is not.
        if let (None, Some(chair)) = (chaired, chair) {
            seats.push(SeatView {
                board: Some(names::board(register_view, board_id)),
                office: reply::office(chair.office.as_ref()),
                capacity: Default::default(),
                chairs: true,
                in_place_of: before(&chair.body),
            });
        }
    }
    seats
}

/// The instruments of other subjects that await this body's signature. Its own
/// instruments are listed with their signatures.
fn awaited(register_view: &RegisterView, id: &BodyId) -> Vec<AwaitedSignature> {
    let mut awaited = Vec::new();
    let own = SubjectId::Body(id.clone());
    for (subject_id, subject) in register_view.subjects().filter(|(other, _)| **other != own) {
        for known in known_instruments::list(register_view, subject_id, &subject) {
            let instrument = &known.instrument;
            let accedes = unsigned_accession(&subject, instrument, id, register_view.as_at());
            if instruments::awaited(register_view, &known).contains(id)
                || accedes.is_some() && !is_over(known.standing(register_view))
            {
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

/// The body by whose signature or accession an instrument binds another: that itself, or one
/// in whose place it is.
fn signer<'a>(
    subject: &'a Subject,
    instrument: &'a Instrument,
    id: &'a BodyId,
    day: Date,
) -> Option<&'a BodyId> {
    let by_then = EffectiveOrder::end_of(day);
    if instrument.signatures.contains_key(id) {
        return Some(id);
    }
    // An heir may say by hand that it joined: it is bound by the signature before it.
    let followed = subject.followed.as_ref();
    let is_before = |signer: &&BodyId| {
        followed.is_some_and(|followed| followed.holders(signer, day).contains(&id))
    };
    let mut signers = instrument.signatures.keys();
    let mut acceded = instrument.accessions.by(day).map(|joined| &joined.body);
    let own = instrument.accession(id, by_then).map(|_| id);
    signers
        .find(is_before)
        .or(own)
        .or_else(|| acceded.find(is_before))
}

/// The accession of a body whose signature an instrument awaits.
fn unsigned_accession<'a>(
    subject: &Subject,
    instrument: &'a Instrument,
    id: &BodyId,
    day: Date,
) -> Option<&'a Fact<PartyJoined>> {
    let joined = instrument.accession(id, EffectiveOrder::end_of(day))?;
    accession::awaits_signature(subject, instrument, joined, day).then_some(joined)
}

/// Whether an instrument is over on a day.
const fn is_over(standing: InForce) -> bool {
    match standing {
        InForce::Since(_) | InForce::AwaitingSignature | InForce::From(_) => false,
        InForce::Expired(_)
        | InForce::Superseded(_)
        | InForce::Ended(_)
        | InForce::EndedWith(_) => true,
    }
}

/// The instruments of other subjects that bind this body by its signature or accession, or
/// that of a body before it, and that are not over.
fn signed(register_view: &RegisterView, id: &BodyId) -> Vec<SignedInstrument> {
    let day = register_view.as_at();
    let mut signed = Vec::new();
    let own = SubjectId::Body(id.clone());
    for (subject_id, subject) in register_view.subjects().filter(|(other, _)| **other != own) {
        for instrument in subject.dossier.instruments.values() {
            let Some(signer) = signer(&subject, instrument, id, day) else {
                continue;
            };
            let acceded = instrument.accession(signer, EffectiveOrder::end_of(day));
            let signature = instrument.signatures.get(signer);
            let signature = match acceded {
                Some(joined) => {
                    signature.or_else(|| accession::signature(&subject, instrument, joined))
                }
                None => signature,
            };
            // It is listed as awaited.
            if signer == id && unsigned_accession(&subject, instrument, id, day).is_some() {
                continue;
            }
            // One that has left, or is no more, is bound no longer.
            let at = EffectiveOrder::end_of(day);
            if !bound_signatories(subject_id, &subject, instrument, at, day).contains(id) {
                continue;
            }
            let required = required_signatories(subject_id, &subject, instrument, day);
            let stands = instrument.standing(&required, day);
            let subject_begins = subject.founded_on();
            let begins_on = match stands {
                InForce::From(on) => Some(on),
                _ => instrument.drafted.terms.commences_on.max(subject_begins),
            };
            let standing = match stands {
                InForce::Since(_) => Standing::InForce,
                InForce::AwaitingSignature => Standing::AwaitingSignature,
                InForce::From(_) => Standing::NotYetCommenced,
                InForce::Expired(_)
                | InForce::Superseded(_)
                | InForce::Ended(_)
                | InForce::EndedWith(_) => continue,
            };
            signed.push(SignedInstrument {
                subject: subject_id.to_string(),
                instrument_id: instrument.drafted.instrument.to_string(),
                title: instrument.drafted.title.to_string(),
                signed_on: reply::optional_date(signature.map(Fact::on)),
                standing: standing.into(),
                in_place_of: (signer != id).then(|| names::body(register_view, signer)),
                signed_on_is: reply::date_is(signature.and_then(Fact::is)),
                begins_on: reply::optional_date(
                    begins_on.filter(|begins| begins.first_day() > day),
                ),
            });
        }
    }
    signed
}
