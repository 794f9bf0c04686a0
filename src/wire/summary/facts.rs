//! Lines for bodies, boards, collaborations, instruments, services, assurance.

use super::{brief, by, series, several};
use crate::domain::event::{
    AgreementSigned, AliasAdded, AuditReported, BenefitBaselined, BoardConstituted,
    BoardMembershipChanged, BodyKind, BodyRegistered, ChairAppointed, CollaborationEnded,
    CollaborationEstablished, ConsultationRecorded, DirectionIssued, DirectionKind, EndCause,
    InstrumentDrafted, InstrumentKind, InstrumentReviewed, MeetingCalled, NoticeCapacity,
    NoticeGiven, OpportunityConsidered, OpportunityOutcome, ResponseChoice, ReviewCommissioned,
    ReviewPublished, Seat, ServiceAdded, ServiceLeadTransferred, ServicePartiesChanged,
    ServiceUnitsChanged, Variation,
};

pub(super) fn body_registered(e: &BodyRegistered) -> String {
    let kind = match e.kind {
        BodyKind::PolicingBody => "policing body",
        BodyKind::ChiefOfficer => "chief officer",
        BodyKind::FireAuthority => "fire authority",
        BodyKind::AmbulanceTrust => "ambulance trust",
        BodyKind::Council => "council",
        BodyKind::CombinedAuthority => "combined authority",
        BodyKind::Government => "government",
        BodyKind::Inspectorate => "inspectorate",
        BodyKind::Scrutiny => "scrutiny body",
        BodyKind::Other => "other body",
    };
    format!("registered: {} ({kind})", e.name)
}

pub(super) fn alias_added(e: &AliasAdded) -> String {
    match &e.service {
        None => format!("also known as {}", e.alias),
        Some(service) => format!("service {service} also known as {}", e.alias),
    }
}

pub(super) fn board_constituted(e: &BoardConstituted) -> String {
    let members = several(e.members.len(), "member", "members");
    format!("constituted: {} ({members})", e.name)
}

pub(super) fn chair_appointed(e: &ChairAppointed) -> String {
    let office = by(e.office.as_ref(), "through its");
    let until = by(e.until_on.as_ref(), "until");
    format!("{}{office} took the chair{until}", e.body)
}

fn seat(seat: &Seat) -> String {
    match seat {
        Seat::Body { body, office: None } => body.to_string(),
        Seat::Body {
            body,
            office: Some(office),
        } => format!("{office} of {body}"),
        Seat::Described(who) => who.to_string(),
    }
}

pub(super) fn board_membership_changed(e: &BoardMembershipChanged) -> String {
    let joined: Vec<String> = e.joined.iter().map(|m| seat(&m.seat)).collect();
    let left: Vec<String> = e.left.iter().map(seat).collect();
    come_and_go("membership changed", &joined, &left)
}

fn come_and_go<T: ToString>(what: &str, joined: &[T], left: &[T]) -> String {
    match (joined, left) {
        (joined, []) => format!("{what}: {} joined", series(joined)),
        ([], left) => format!("{what}: {} left", series(left)),
        (joined, left) => format!("{what}: {} joined, {} left", series(joined), series(left)),
    }
}

pub(super) fn meeting_called(e: &MeetingCalled) -> String {
    let on = e.meets_on.map(|on| format!(" on {on}")).unwrap_or_default();
    if e.agenda.is_empty() {
        format!("meeting{on}")
    } else {
        format!("meeting{on}: {}", brief(e.agenda.as_str()))
    }
}

pub(super) fn collaboration_established(e: &CollaborationEstablished) -> String {
    let parties = several(e.parties.len(), "party", "parties");
    let lead = by(e.lead.as_ref(), "led by");
    let comma = if lead.is_empty() { "" } else { "," };
    format!("established: {} ({parties}){comma}{lead}", e.name)
}

pub(super) fn opportunity_considered(e: &OpportunityConsidered) -> String {
    let outcome = match e.outcome {
        OpportunityOutcome::Pursued => "pursued",
        OpportunityOutcome::Declined => "declined",
        OpportunityOutcome::UnderConsideration => "under consideration",
    };
    format!("opportunity {} {outcome}: {}", e.opportunity, e.title)
}

pub(super) fn notice_given(e: &NoticeGiven) -> String {
    let aim = match e.capacity {
        NoticeCapacity::Party => "leave",
        NoticeCapacity::Lead => "stop leading",
    };
    let service = e
        .service
        .as_ref()
        .map(|service| format!(" service {service}"))
        .unwrap_or_default();
    format!(
        "{} gave notice {} to {aim}{service} on {}",
        e.body, e.notice, e.takes_effect_on
    )
}

pub(super) fn direction_issued(e: &DirectionIssued) -> String {
    let does = match &e.kind {
        DirectionKind::Mandate => "mandates".to_owned(),
        DirectionKind::MandateLifted(mandate) => format!("lifts mandate {mandate}"),
        DirectionKind::Direct => "directs".to_owned(),
        DirectionKind::Terminate => "terminates".to_owned(),
    };
    let terms = brief(e.terms.as_str());
    format!(
        "direction {} of the Secretary of State {does}: {terms}",
        e.direction
    )
}

pub(super) fn cause(cause: EndCause) -> &'static str {
    match cause {
        EndCause::Agreement => "by agreement",
        EndCause::Notice => "by notice",
        EndCause::Direction => "by direction",
        EndCause::Replacement => "by replacement",
        EndCause::Expiry => "by expiry",
    }
}

pub(super) fn collaboration_ended(e: &CollaborationEnded) -> String {
    match &e.replaced_by {
        None => format!("ended {}", cause(e.cause)),
        Some(other) => format!("ended, replaced by {other}"),
    }
}

pub(super) fn instrument_drafted(e: &InstrumentDrafted) -> String {
    let kind = match e.kind {
        InstrumentKind::Section22aAgreement => "section 22A agreement",
        InstrumentKind::MemorandumOfUnderstanding => "memorandum of understanding",
        InstrumentKind::EmergencyServicesAgreement => "emergency-services agreement",
        InstrumentKind::BusinessCase => "business case",
        InstrumentKind::TermsOfReference => "terms of reference",
        InstrumentKind::SchemeOfGovernance => "scheme of governance",
        InstrumentKind::CountywideAgreement => "countywide agreement",
        InstrumentKind::Plan => "plan",
        InstrumentKind::Policy => "policy",
        InstrumentKind::TransferScheme => "transfer scheme",
        InstrumentKind::Other => "document",
    };
    format!("instrument {} drafted: {} ({kind})", e.instrument, e.title)
}

pub(super) fn consultation_recorded(e: &ConsultationRecorded) -> String {
    let whom = match (&e.consulted[..], &e.others_consulted) {
        ([], None) => String::new(),
        ([], Some(others)) => format!(" of {others}"),
        (bodies, None) => format!(" of {}", series(bodies)),
        (bodies, Some(others)) => format!(" of {}, with {others}", series(bodies)),
    };
    format!("consultation {}{whom}: {}", e.consultation, e.about)
}

pub(super) fn agreement_signed(e: &AgreementSigned) -> String {
    let office = by(e.office.as_ref(), "by its");
    format!("{} signed instrument {}{office}", e.body, e.instrument)
}

pub(super) fn varied(what: &str, v: &Variation) -> String {
    format!(
        "{what} {} varied, agreed by {}: {}",
        v.instrument,
        series(&v.agreed_by),
        brief(v.summary.as_str())
    )
}

pub(super) fn instrument_reviewed(e: &InstrumentReviewed) -> String {
    let next = e
        .next_review_on
        .map(|day| format!(", next review {day}"))
        .unwrap_or_default();
    format!("instrument {} reviewed{next}", e.instrument)
}

pub(super) fn service_added(e: &ServiceAdded) -> String {
    let units = match e.units.len() {
        0 => String::new(),
        number => format!(" ({})", several(number, "unit", "units")),
    };
    let lead = by(e.lead.as_ref(), "led by");
    let comma = if lead.is_empty() { "" } else { "," };
    format!(
        "service {} added: {}{units}{comma}{lead}",
        e.service, e.name
    )
}

pub(super) fn service_units_changed(e: &ServiceUnitsChanged) -> String {
    come_and_go(
        &format!("units of service {} changed", e.service),
        &e.added,
        &e.removed,
    )
}

pub(super) fn service_parties_changed(e: &ServicePartiesChanged) -> String {
    come_and_go(
        &format!("parties to service {} changed", e.service),
        &e.joined,
        &e.left,
    )
}

pub(super) fn service_lead_transferred(e: &ServiceLeadTransferred) -> String {
    let from = by(e.from.as_ref(), "from");
    format!("lead of service {} passed{from} to {}", e.service, e.to)
}

pub(super) fn audit_reported(e: &AuditReported) -> String {
    format!(
        "audit {} reported: {}, rated {}",
        e.audit, e.title, e.rating
    )
}

pub(super) fn review_commissioned(e: &ReviewCommissioned) -> String {
    format!(
        "review {} commissioned{}: {}",
        e.review,
        by(e.reviewer.as_ref(), "from"),
        e.title
    )
}

pub(super) fn review_published(e: &ReviewPublished) -> String {
    let reviewer = by(e.reviewer.as_ref(), "by");
    let title = e
        .title
        .as_ref()
        .map(|title| format!(": {title}"))
        .unwrap_or_default();
    format!("review {} published{reviewer}{title}", e.review)
}

pub(super) fn response(choice: ResponseChoice) -> &'static str {
    match choice {
        ResponseChoice::Accepted => "accepted",
        ResponseChoice::PartlyAccepted => "accepted in part",
        ResponseChoice::Rejected => "rejected",
        ResponseChoice::UnderConsideration => "under consideration",
    }
}

pub(super) fn benefit_baselined(e: &BenefitBaselined) -> String {
    let expected = match (e.baseline, e.expected) {
        (None, None) => String::new(),
        (Some(from), None) => format!(", from {from} {}", e.unit),
        (None, Some(to)) => format!(", to {to} {}", e.unit),
        (Some(from), Some(to)) => format!(", from {from} to {to} {}", e.unit),
    };
    let when = by(e.expected_by_on.as_ref(), "by");
    format!(
        "benefit {} expected: {}{expected}{when}",
        e.benefit, e.title
    )
}
