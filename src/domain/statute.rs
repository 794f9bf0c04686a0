//! Who may make an agreement under statute: the party matrix of section 22A of
//! the Police Act 1996, and sections 1 to 5 of the Policing and Crime Act 2017.
//!
//! Asked at the door, when an instrument is drawn up or varied, and by the views,
//! when a party has left: that happened, and what is left is shown.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::approval::{SubjectLookup, describe};
use super::body::Body;
use super::event::{BodyKind, InstrumentKind, Provision, Terms};
use super::fault::Fault;
use super::ids::{BodyId, ForceId, SubjectId};

/// What the statute an instrument is made under finds wrong with its parties and
/// terms on a day, each with the field that is at fault.
pub fn made_under(
    world: &dyn SubjectLookup,
    kind: InstrumentKind,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
    day: Date,
) -> Vec<(String, Fault)> {
    let mut bench = StatuteCheck {
        world,
        day,
        faults: Vec::new(),
    };
    match kind {
        InstrumentKind::Section22aAgreement => section_22a(&mut bench, parties, terms),
        InstrumentKind::EmergencyServicesAgreement => {
            no_provisions(&mut bench, terms);
            emergency_services(&mut bench, parties, terms);
        }
        InstrumentKind::MemorandumOfUnderstanding
        | InstrumentKind::BusinessCase
        | InstrumentKind::TermsOfReference
        | InstrumentKind::SchemeOfGovernance
        | InstrumentKind::CountywideAgreement
        | InstrumentKind::Plan
        | InstrumentKind::Policy
        | InstrumentKind::TransferScheme
        | InstrumentKind::Other => no_provisions(&mut bench, terms),
    }
    bench.faults
}

/// Parties and terms before the statute.
struct StatuteCheck<'a> {
    world: &'a dyn SubjectLookup,
    day: Date,
    faults: Vec<(String, Fault)>,
}

impl StatuteCheck<'_> {
    fn fault(&mut self, field: impl ToString, fault: Fault) {
        self.faults.push((field.to_string(), fault));
    }
}

fn no_provisions(bench: &mut StatuteCheck<'_>, terms: &Terms) {
    if !terms.provisions.is_empty() {
        bench.fault("terms.provisions", Fault::ProvisionsNotAllowed {});
    }
}

/// Section 22A: subsection (1) says who may make an agreement, subsections (3)
/// to (5) who must be a party for each kind of provision.
fn section_22a(bench: &mut StatuteCheck<'_>, parties: &BTreeSet<BodyId>, terms: &Terms) {
    let kinds: Vec<BodyKind> = parties
        .iter()
        .filter_map(|id| kind(bench.world, id))
        .collect();
    let count = |wanted| kinds.iter().filter(|kind| **kind == wanted).count();
    let policing_bodies = count(BodyKind::PolicingBody);
    let chief_officers = count(BodyKind::ChiefOfficer);
    let others = parties.len() - policing_bodies - chief_officers;
    let met = if chief_officers == 0 {
        policing_bodies >= 2 && others == 0
    } else {
        policing_bodies >= 2 || policing_bodies == 1 && others >= 1
    };
    if !met {
        let fault = Fault::PartyMatrixNotMet {
            policing_bodies,
            chief_officers,
            others,
        };
        bench.fault("party_ids", fault);
    }
    if terms.provisions.is_empty() {
        bench.fault("terms.provisions", Fault::ProvisionsMissing {});
    }
    for (i, provision) in terms.provisions.iter().enumerate() {
        let field = format!("terms.provisions[{i}]");
        let (name, section, bodies, forces) = match provision {
            Provision::Force(forces) => ("force", "s.22A(3)", &[][..], &forces[..]),
            Provision::PolicingBody(bodies) => ("policing-body", "s.22A(4)", &bodies[..], &[][..]),
            Provision::PolicingBodyAndForce(bodies, forces) => (
                "policing-body-and-force",
                "s.22A(5)",
                &bodies[..],
                &forces[..],
            ),
        };
        let mut wanting = Vec::new();
        for body in bodies.iter().filter(|body| !parties.contains(body)) {
            wanting.push(body.to_string());
        }
        for force in forces {
            match related(bench, parties, force) {
                Some(missing) => wanting.extend(missing),
                None => {
                    bench.fault(
                        &field,
                        Fault::UnknownForce {
                            force: force.clone(),
                        },
                    );
                }
            }
        }
        if !wanting.is_empty() {
            let missing = describe::listed(wanting);
            bench.fault(
                &field,
                Fault::ProvisionPartyMissing {
                    provision: name,
                    missing,
                    section,
                },
            );
        }
    }
}

/// Which of a force's policing body and chief officer are missing from the
/// parties; `None` when nobody in the register is either.
fn related(
    bench: &StatuteCheck<'_>,
    parties: &BTreeSet<BodyId>,
    force: &ForceId,
) -> Option<Vec<String>> {
    let is =
        |id: &BodyId, wanted: BodyKind| force_of(bench.world, id) == Some((wanted, force.clone()));
    let mut missing = Vec::new();
    let mut known = false;
    for (wanted, called) in [
        (BodyKind::ChiefOfficer, "the chief officer"),
        (BodyKind::PolicingBody, "the policing body"),
    ] {
        if parties.iter().any(|id| is(id, wanted)) {
            known = true;
            continue;
        }
        let holder = holder(bench.world, wanted, force, bench.day);
        known |= holder.is_some();
        missing.push(match holder {
            Some(id) => id.to_string(),
            None => format!("{called} of {force}"),
        });
    }
    known.then_some(missing)
}

/// The body of this kind that has the force on the day.
pub fn holder(
    world: &dyn SubjectLookup,
    wanted: BodyKind,
    force: &ForceId,
    day: Date,
) -> Option<BodyId> {
    world.bodies().into_iter().find_map(|(id, subject)| {
        let body = subject.as_body()?;
        (body.force() == Some((wanted, force)) && body.in_being(day)).then_some(id)
    })
}

/// Sections 1 to 5 of the 2017 Act: two services at least, a chief officer only
/// with the policing body, and a way to leave.
fn emergency_services(bench: &mut StatuteCheck<'_>, parties: &BTreeSet<BodyId>, terms: &Terms) {
    let services: BTreeSet<&str> = parties
        .iter()
        .filter_map(|id| match kind(bench.world, id)? {
            BodyKind::PolicingBody | BodyKind::ChiefOfficer => Some("police"),
            BodyKind::FireAuthority => Some("fire"),
            BodyKind::AmbulanceTrust => Some("ambulance"),
            BodyKind::Council
            | BodyKind::CombinedAuthority
            | BodyKind::Government
            | BodyKind::Inspectorate
            | BodyKind::Scrutiny
            | BodyKind::Other => None,
        })
        .collect();
    if services.len() < 2 {
        let services = if services.is_empty() {
            "none of them".into()
        } else {
            describe::listed(services)
        };
        bench.fault("party_ids", Fault::TooFewEmergencyServices { services });
    }
    if !terms.has_withdrawal_provision {
        bench.fault(
            "terms.has_withdrawal_provision",
            Fault::WithdrawalProvisionMissing {},
        );
    }
    for chief in parties {
        let Some((BodyKind::ChiefOfficer, force)) = force_of(bench.world, chief) else {
            continue;
        };
        let with_policing_body = parties
            .iter()
            .any(|id| force_of(bench.world, id) == Some((BodyKind::PolicingBody, force.clone())));
        if !with_policing_body {
            let fault = Fault::ChiefWithoutPolicingBody {
                chief: chief.clone(),
            };
            bench.fault("party_ids", fault);
        }
    }
}

/// The force a body maintains or heads, with the kind that says which.
pub fn force_of(world: &dyn SubjectLookup, id: &BodyId) -> Option<(BodyKind, ForceId)> {
    let subject = world.subject(&SubjectId::Body(id.clone()))?;
    let (kind, force) = subject.as_body().and_then(Body::force)?;
    Some((kind, force.clone()))
}

fn kind(world: &dyn SubjectLookup, id: &BodyId) -> Option<BodyKind> {
    let subject = world.subject(&SubjectId::Body(id.clone()))?;
    Some(subject.as_body()?.registered.as_ref()?.kind)
}
