//! Who may make an agreement under statute: the party matrix of section 22A of
//! the Police Act 1996, and sections 1 to 5 of the Policing and Crime Act 2017.
//!
//! The door asks when an instrument is drafted or varied. The views ask after a party
//! has left: they show the parties that the agreement lacks since. A company is no party to
//! the arrangements of local authorities, and a section 75 agreement is one with the NHS.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::approval::{SubjectLookup, acts_as, describe};
use super::event::{BodyKind, InstrumentDrafted, InstrumentKind, Provision, TermKind, Terms};
use super::fault::Fault;
use super::ids::{BodyId, ForceId, SubjectId};
use super::subject::Subject;

/// The faults of the parties and terms of an instrument by the statute that it was drafted
/// under, on a day, each with its field. Where a provision names a body that is no more, those in
/// its place in this subject count.
pub fn statute_faults(
    lookup: &dyn SubjectLookup,
    subject: &SubjectId,
    drafted: &InstrumentDrafted,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
    day: Date,
) -> Vec<(String, Fault)> {
    let mut check = StatuteCheck {
        lookup,
        subject,
        day,
        faults: Vec::new(),
    };
    // A party that is not registered may be any that the law asks for.
    let all_known = drafted.other_parties.is_none() && !drafted.signatories_unknown;
    match drafted.kind {
        InstrumentKind::Section75Agreement => {
            require_no_provisions(&mut check, terms);
            if all_known {
                check_section_75(&mut check, parties);
            }
        }
        InstrumentKind::JointCommitteeAgreement => {
            require_no_provisions(&mut check, terms);
            require_authorities(&mut check, parties, "ss.101(5), 102(1)");
        }
        InstrumentKind::Section113Agreement => {
            require_no_provisions(&mut check, terms);
            require_authorities(&mut check, parties, "s.113(1), (1A)");
        }
        InstrumentKind::Section22aAgreement => check_section_22a(&mut check, parties, terms),
        InstrumentKind::EmergencyServicesAgreement => {
            require_no_provisions(&mut check, terms);
            check_emergency_services(&mut check, parties, terms);
        }
        InstrumentKind::MemorandumOfUnderstanding
        | InstrumentKind::BusinessCase
        | InstrumentKind::TermsOfReference
        | InstrumentKind::SchemeOfGovernance
        | InstrumentKind::CountywideAgreement
        | InstrumentKind::Plan
        | InstrumentKind::Policy
        | InstrumentKind::TransferScheme
        | InstrumentKind::InterAuthorityAgreement
        | InstrumentKind::MutualAidAgreement
        | InstrumentKind::HostingAgreement
        | InstrumentKind::Contract
        | InstrumentKind::AccessionDeed
        | InstrumentKind::SideLetter
        | InstrumentKind::StatutoryOrder
        | InstrumentKind::Other => require_no_provisions(&mut check, terms),
    }
    check.faults
}

struct StatuteCheck<'a> {
    lookup: &'a dyn SubjectLookup,
    subject: &'a SubjectId,
    day: Date,
    faults: Vec<(String, Fault)>,
}

impl StatuteCheck<'_> {
    fn report(&mut self, field: impl ToString, fault: Fault) {
        self.faults.push((field.to_string(), fault));
    }
}

fn require_no_provisions(check: &mut StatuteCheck<'_>, terms: &Terms) {
    if !terms.provisions.is_empty() {
        check.report("terms.provisions", Fault::ProvisionsNotAllowed {});
    }
}

/// Requires a body of the health service and one that is none (National Health Service Act
/// 2006 s.75(1)).
fn check_section_75(check: &mut StatuteCheck<'_>, parties: &BTreeSet<BodyId>) {
    let is_any = |id: &BodyId, kinds: &[BodyKind]| {
        let mut kinds = kinds.iter();
        kinds.any(|kind| acts_as(check.lookup, id, *kind, check.day))
    };
    // Another body, as its recorder calls it, may be either.
    let nhs = [BodyKind::Health, BodyKind::AmbulanceTrust];
    let has_nhs = parties
        .iter()
        .any(|id| is_any(id, &nhs) || is_any(id, &[BodyKind::Other]));
    let has_other = parties.iter().any(|id| !is_any(id, &nhs));
    let lacks = match (has_nhs, has_other) {
        (true, true) => return,
        (false, _) => "a body of the health service",
        (true, false) => "a local authority",
    };
    check.report("party_ids", Fault::SectionPartiesNotMet { lacks });
}

/// Requires that no party is a company and nothing else: local authorities appoint joint
/// committees, and lend one another and the NHS their staff (Local Government Act 1972).
fn require_authorities(
    check: &mut StatuteCheck<'_>,
    parties: &BTreeSet<BodyId>,
    section: &'static str,
) {
    let authorities = [
        BodyKind::Council,
        BodyKind::CombinedAuthority,
        BodyKind::FireAuthority,
        BodyKind::PolicingBody,
        BodyKind::Health,
    ];
    let is_authority = |id: &BodyId| {
        let mut kinds = authorities.into_iter();
        kinds.any(|kind| acts_as(check.lookup, id, kind, check.day))
    };
    let is_company =
        |id: &&BodyId| acts_as(check.lookup, id, BodyKind::Company, check.day) && !is_authority(id);
    if let Some(body) = parties.iter().find(is_company) {
        let body = body.clone();
        check.report("party_ids", Fault::CompanyIsNoAuthority { body, section });
    }
}

/// Checks section 22A: subsection (1) says who may make an agreement, subsections (3) to
/// (5) who must be a party for each kind of provision.
fn check_section_22a(check: &mut StatuteCheck<'_>, parties: &BTreeSet<BodyId>, terms: &Terms) {
    // A body counts in the capacity that the section asks for.
    let counts_as = |id: &BodyId| -> Option<BodyKind> {
        let mut kinds = [BodyKind::PolicingBody, BodyKind::ChiefOfficer].into_iter();
        kinds.find(|kind| acts_as(check.lookup, id, *kind, check.day))
    };
    let kinds: Vec<BodyKind> = parties.iter().filter_map(counts_as).collect();
    let count = |of_kind| kinds.iter().filter(|kind| **kind == of_kind).count();
    let policing_bodies = count(BodyKind::PolicingBody);
    let chief_officers = count(BodyKind::ChiefOfficer);
    let others = parties.len() - policing_bodies - chief_officers;
    let is_met = if chief_officers == 0 {
        policing_bodies >= 2 && others == 0
    } else {
        policing_bodies >= 2 || policing_bodies == 1 && others >= 1
    };
    if !is_met {
        let fault = Fault::PartyMatrixNotMet {
            policing_bodies,
            chief_officers,
            others,
        };
        check.report("party_ids", fault);
    }
    if terms.provisions.is_empty() && !terms.not_given.contains(&TermKind::Provisions) {
        check.report("terms.provisions", Fault::ProvisionsMissing {});
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
        let mut missing = Vec::new();
        let successions = check.lookup.successions();
        for body in bodies {
            let present = successions.holders(check.subject, body, check.day);
            let absent = present.into_iter().filter(|body| !parties.contains(body));
            missing.extend(absent.map(ToString::to_string));
        }
        for force in forces {
            match missing_for_force(check, parties, force) {
                Some(bodies) => missing.extend(bodies),
                None => {
                    check.report(
                        &field,
                        Fault::UnknownForce {
                            force: force.clone(),
                        },
                    );
                }
            }
        }
        // A provision may name a policing body, and the force that it maintains.
        let mut named = BTreeSet::new();
        missing.retain(|body: &String| named.insert(body.clone()));
        if !missing.is_empty() {
            let missing = describe::listed(missing);
            check.report(
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

/// The policing body and chief officer of a force that are missing from the parties;
/// `None` if no body in the register maintains or heads the force.
fn missing_for_force(
    check: &StatuteCheck<'_>,
    parties: &BTreeSet<BodyId>,
    force: &ForceId,
) -> Option<Vec<String>> {
    let has_force =
        |id: &BodyId, kind: BodyKind| forces_of(check.lookup, id, kind, check.day).contains(force);
    let mut missing = Vec::new();
    let mut is_known = false;
    for (kind, description) in [
        (BodyKind::ChiefOfficer, "the chief officer"),
        (BodyKind::PolicingBody, "the policing body"),
    ] {
        if parties.iter().any(|id| has_force(id, kind)) {
            is_known = true;
            continue;
        }
        let holder = holder(check.lookup, kind, force, check.day);
        is_known |= holder.is_some();
        missing.push(match holder {
            Some(id) => id.to_string(),
            None => format!("{description} of {force}"),
        });
    }
    is_known.then_some(missing)
}

/// The body of this kind that maintains or heads the force on the day.
pub fn holder(
    lookup: &dyn SubjectLookup,
    kind: BodyKind,
    force: &ForceId,
    day: Date,
) -> Option<BodyId> {
    lookup.bodies().into_iter().find_map(|(id, subject)| {
        let body = subject.as_body()?;
        (body.in_being(day) && body.forces(kind, day).contains(force)).then_some(id)
    })
}

/// Checks sections 1 to 5 of the 2017 Act: at least two services, a chief officer only
/// with the policing body, and a provision for withdrawal.
fn check_emergency_services(
    check: &mut StatuteCheck<'_>,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
) {
    let services: Vec<BTreeSet<&str>> = parties
        .iter()
        .map(|id| emergency_services(check.lookup, id, check.day))
        .collect();
    // From each of two services a party of its own: one body that is both is not two
    // parties.
    let is_met = services.iter().enumerate().any(|(i, one)| {
        let others = services.iter().skip(i + 1);
        others.into_iter().any(|other| {
            let differ = |a: &&str| other.iter().any(|b| b != a);
            one.iter().any(differ)
        })
    });
    if !is_met {
        let all: BTreeSet<&str> = services.into_iter().flatten().collect();
        let services = if all.is_empty() {
            "none of them".into()
        } else {
            describe::listed(all)
        };
        check.report("party_ids", Fault::TooFewEmergencyServices { services });
    }
    let is_known = !terms.not_given.contains(&TermKind::Withdrawal);
    if is_known && !terms.has_withdrawal_provision {
        check.report(
            "terms.has_withdrawal_provision",
            Fault::WithdrawalProvisionMissing {},
        );
    }
    for chief in parties {
        let forces = forces_of(check.lookup, chief, BodyKind::ChiefOfficer, check.day);
        let has_policing_body = forces.iter().all(|force| {
            let mut parties = parties.iter();
            parties.any(|id| {
                forces_of(check.lookup, id, BodyKind::PolicingBody, check.day).contains(force)
            })
        });
        if !has_policing_body {
            let fault = Fault::ChiefWithoutPolicingBody {
                chief: chief.clone(),
            };
            check.report("party_ids", fault);
        }
    }
}

/// The emergency services that a body is of (Policing and Crime Act 2017 s.5).
fn emergency_services(
    lookup: &dyn SubjectLookup,
    id: &BodyId,
    day: Date,
) -> BTreeSet<&'static str> {
    let services = [
        (BodyKind::PolicingBody, "police"),
        (BodyKind::ChiefOfficer, "police"),
        (BodyKind::FireAuthority, "fire"),
        (BodyKind::AmbulanceTrust, "ambulance"),
    ];
    let own = services
        .into_iter()
        .filter(|(kind, _)| acts_as(lookup, id, *kind, day));
    own.map(|(_, service)| service).collect()
}

/// The forces that a body maintains (as policing body) or heads (as chief officer) on a
/// day.
pub fn forces_of(
    lookup: &dyn SubjectLookup,
    id: &BodyId,
    kind: BodyKind,
    day: Date,
) -> Vec<ForceId> {
    let subject = lookup.subject(&SubjectId::Body(id.clone()));
    let body = subject.as_deref().and_then(Subject::as_body);
    body.map_or_else(Vec::new, |body| body.forces(kind, day))
}
