//! Who may make an agreement under statute: the party matrix of section 22A of
//! the Police Act 1996, and sections 1 to 5 of the Policing and Crime Act 2017.

use std::collections::BTreeSet;

use super::bench::{Bench, listed};
use crate::domain::body::Body;
use crate::domain::event::{BodyKind, InstrumentKind, Provision, Terms};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, ForceId, InstrumentId, SubjectId};
use crate::domain::subject::Subject;

/// Judges the parties and terms of an instrument by the statute it is made under.
pub(super) fn made_under(
    bench: &mut Bench<'_>,
    field: &str,
    kind: InstrumentKind,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
) {
    match kind {
        InstrumentKind::Section22aAgreement => section_22a(bench, field, parties, terms),
        InstrumentKind::EmergencyServicesAgreement => {
            no_provisions(bench, field, terms);
            emergency_services(bench, field, parties, terms);
        }
        InstrumentKind::MemorandumOfUnderstanding
        | InstrumentKind::BusinessCase
        | InstrumentKind::TermsOfReference
        | InstrumentKind::SchemeOfGovernance
        | InstrumentKind::CountywideAgreement
        | InstrumentKind::Plan
        | InstrumentKind::Policy
        | InstrumentKind::TransferScheme
        | InstrumentKind::Other => no_provisions(bench, field, terms),
    }
}

fn no_provisions(bench: &mut Bench<'_>, field: &str, terms: &Terms) {
    if !terms.provisions.is_empty() {
        bench.fault(
            format_args!("{field}terms.provisions"),
            Fault::ProvisionsNotAllowed {},
        );
    }
}

/// Section 22A: subsection (1) says who may make an agreement, subsections (3)
/// to (5) who must be a party for each kind of provision.
fn section_22a(bench: &mut Bench<'_>, field: &str, parties: &BTreeSet<BodyId>, terms: &Terms) {
    let kinds: Vec<BodyKind> = parties.iter().filter_map(|id| kind(bench, id)).collect();
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
        bench.fault(format_args!("{field}party_ids"), fault);
    }
    if terms.provisions.is_empty() {
        bench.fault(
            format_args!("{field}terms.provisions"),
            Fault::ProvisionsMissing {},
        );
    }
    for (i, provision) in terms.provisions.iter().enumerate() {
        let field = format!("{field}terms.provisions[{i}]");
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
            let missing = listed(wanting);
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
fn related(bench: &Bench<'_>, parties: &BTreeSet<BodyId>, force: &ForceId) -> Option<Vec<String>> {
    let is = |id: &BodyId, wanted: BodyKind| {
        body(bench, id).and_then(Body::force) == Some((wanted, force))
    };
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
        let holder = holder(bench, wanted, force);
        known |= holder.is_some();
        missing.push(match holder {
            Some(id) => id.to_string(),
            None => format!("{called} of {force}"),
        });
    }
    known.then_some(missing)
}

/// The body of this kind that has the force on the day.
pub(super) fn holder<'a>(
    bench: &Bench<'a>,
    wanted: BodyKind,
    force: &ForceId,
) -> Option<&'a BodyId> {
    let day = bench.day;
    bench
        .register
        .records()
        .find_map(|(id, record)| match (id, record.subject().as_body()) {
            (SubjectId::Body(id), Some(body)) => {
                (body.force() == Some((wanted, force)) && body.in_being(day)).then_some(id)
            }
            _ => None,
        })
}

/// Sections 1 to 5 of the 2017 Act: two services at least, a chief officer only
/// with the policing body, and a way to leave.
fn emergency_services(
    bench: &mut Bench<'_>,
    field: &str,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
) {
    let services: BTreeSet<&str> = parties
        .iter()
        .filter_map(|id| match kind(bench, id)? {
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
            listed(services)
        };
        bench.fault(
            format_args!("{field}party_ids"),
            Fault::TooFewEmergencyServices { services },
        );
    }
    if !terms.has_withdrawal_provision {
        let field = format!("{field}terms.has_withdrawal_provision");
        bench.fault(field, Fault::WithdrawalProvisionMissing {});
    }
    for chief in parties {
        let Some((BodyKind::ChiefOfficer, force)) = body(bench, chief).and_then(Body::force) else {
            continue;
        };
        let with_policing_body = parties.iter().any(|id| {
            body(bench, id).and_then(Body::force) == Some((BodyKind::PolicingBody, force))
        });
        if !with_policing_body {
            let fault = Fault::ChiefWithoutPolicingBody {
                chief: chief.clone(),
            };
            bench.fault(format_args!("{field}party_ids"), fault);
        }
    }
}

/// Section 23A(6): a policing body consults its chief officer before it makes a
/// section 22A agreement, unless that officer is a party to it.
pub(super) fn consulted(
    bench: &mut Bench<'_>,
    instrument: &InstrumentId,
    signer: &BodyId,
    parties: &BTreeSet<BodyId>,
) {
    let Some((BodyKind::PolicingBody, force)) = body(bench, signer).and_then(Body::force) else {
        return;
    };
    let Some(chief) = holder(bench, BodyKind::ChiefOfficer, force) else {
        return;
    };
    let day = bench.day;
    let was_consulted = bench.dossier().is_some_and(|dossier| {
        dossier.consultations.values().any(|consultation| {
            consultation.instrument.as_ref() == Some(instrument)
                && consultation.consulted.contains(chief)
                && consultation.day() <= day
        })
    });
    if !parties.contains(chief) && !was_consulted {
        let (body, chief, instrument) = (signer.clone(), chief.clone(), instrument.clone());
        bench.fault(
            "body_id",
            Fault::ChiefNotConsulted {
                body,
                chief,
                instrument,
            },
        );
    }
}

fn body<'a>(bench: &Bench<'a>, id: &BodyId) -> Option<&'a Body> {
    bench
        .register
        .subject(&SubjectId::Body(id.clone()))
        .and_then(Subject::as_body)
}

fn kind(bench: &Bench<'_>, id: &BodyId) -> Option<BodyKind> {
    Some(body(bench, id)?.registered.as_ref()?.kind)
}
