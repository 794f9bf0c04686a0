//! Events about collaborations.

use crate::domain::event::{DirectionIssued, DirectionKind};
use crate::domain::ids::SubjectId;
use crate::wire::fields::{
    FromWire, choice, full_date, id, ids, name, optional_id, optional_name, reads, required_text,
    some_wire_choice, text,
};
use crate::wire::proto;
use crate::wire::violation::MessageReader;

reads! {
    CollaborationEstablished {
        name: name(name),
        kind: choice(kind),
        parties: ids(party_ids),
        lead: optional_id(lead_id),
        purpose: text(purpose),
        legal_basis: optional_name(legal_basis),
        part_of: optional_id(part_of_id),
    } => whole_is_another
    PartyJoined {
        body: id(body_id),
        instrument: optional_id(instrument_id),
    }
    PartyWithdrew {
        body: id(body_id),
        notice: optional_id(notice_id),
        reason: text(reason),
    } => withdrawal_is_explained
    LeadAppointed {
        body: id(body_id),
    }
    OpportunityConsidered {
        opportunity: id(opportunity_id),
        title: name(title),
        bodies: ids(body_ids),
        outcome: choice(outcome),
        reasons: text(reasons),
    } => refusal_is_explained
    DependencyNoted {
        dependency: id(dependency_id),
        what: name(what),
        depends_on: name(depends_on),
        collaboration: optional_id(collaboration_id),
        service: optional_id(service_id),
        consequence: text(consequence),
    }
    NoticeGiven {
        notice: id(notice_id),
        body: id(body_id),
        capacity: choice(capacity),
        instrument: optional_id(instrument_id),
        service: optional_id(service_id),
        takes_effect_on: full_date(takes_effect_on),
        waived_by: ids(waived_by_ids),
        reason: text(reason),
    }
    NoticeExtended {
        notice: id(notice_id),
        takes_effect_on: full_date(takes_effect_on),
        reason: text(reason),
    }
    NoticeRevoked {
        notice: id(notice_id),
        reason: text(reason),
    }
    CollaborationEnded {
        cause: choice(cause),
        replaced_by: optional_id(replaced_by_id),
        reason: text(reason),
    } => replacement_fits_cause
}

impl FromWire for DirectionIssued {
    type Wire = proto::DirectionIssued;

    fn read(r: &mut MessageReader, m: &proto::DirectionIssued) -> Option<Self> {
        let direction = id(r, "direction_id", &m.direction_id);
        let kind = direction_kind(r, m);
        let notice = optional_id(r, "notice_id", &m.notice_id);
        let notice = match (notice, &m.takes_effect_on) {
            (Some(None), None) => Some(None),
            (Some(None), Some(_)) => {
                r.fault_in(
                    "notice_id",
                    "the day is set for a notice: name it, or leave takes_effect_on out",
                );
                None
            }
            (notice, day) => {
                let day = full_date(r, "takes_effect_on", day);
                notice.flatten().zip(day).map(Some)
            }
        };
        let terms = required_text(r, "terms", &m.terms);
        Some(Self {
            direction: direction?,
            kind: kind?,
            notice: notice?,
            terms: terms?,
        })
    }
}

fn direction_kind(r: &mut MessageReader, m: &proto::DirectionIssued) -> Option<DirectionKind> {
    let lifts = |r: &mut MessageReader, kind| {
        if m.lifts_direction_id.is_empty() {
            return Some(kind);
        }
        r.fault_in(
            "lifts_direction_id",
            "only the lifting of a mandate names the mandate it lifts: leave it out",
        );
        None
    };
    match some_wire_choice(r, "kind", &m.kind)? {
        proto::DirectionKind::Unspecified => None,
        proto::DirectionKind::Mandate => lifts(r, DirectionKind::Mandate),
        proto::DirectionKind::Direct => lifts(r, DirectionKind::Direct),
        proto::DirectionKind::Terminate => lifts(r, DirectionKind::Terminate),
        proto::DirectionKind::MandateLifted => {
            id(r, "lifts_direction_id", &m.lifts_direction_id).map(DirectionKind::MandateLifted)
        }
    }
}

fn is_subject(r: &MessageReader, id: &str) -> bool {
    matches!(&r.event.subject, Some(SubjectId::Collaboration(own)) if own.as_str() == id)
}

fn whole_is_another(r: &mut MessageReader, m: &proto::CollaborationEstablished) {
    if is_subject(r, &m.part_of_id) {
        r.fault_in(
            "part_of_id",
            "a collaboration is not part of itself: name the whole, or nothing",
        );
    }
}

fn withdrawal_is_explained(r: &mut MessageReader, m: &proto::PartyWithdrew) {
    if m.notice_id.is_empty() && m.reason.trim().is_empty() {
        r.fault_in(
            "reason",
            "a withdrawal without a notice needs a reason: give it, or name the notice",
        );
    }
}

fn refusal_is_explained(r: &mut MessageReader, m: &proto::OpportunityConsidered) {
    if m.outcome() == proto::OpportunityOutcome::Declined && m.reasons.trim().is_empty() {
        r.fault_in(
            "reasons",
            "an opportunity is declined for reasons (Policing and Crime Act 2017 s.2): give them",
        );
    }
}

fn replacement_fits_cause(r: &mut MessageReader, m: &proto::CollaborationEnded) {
    let replaced = m.cause() == proto::EndCause::Replacement;
    if replaced && m.replaced_by_id.is_empty() {
        r.fault_in(
            "replaced_by_id",
            "required for a replacement: name the collaboration that takes its place",
        );
    } else if !replaced && !m.replaced_by_id.is_empty() {
        r.fault_in(
            "replaced_by_id",
            "only a replacement names what takes its place: leave it out, or make the cause \
             END_CAUSE_REPLACEMENT",
        );
    } else if is_subject(r, &m.replaced_by_id) {
        r.fault_in(
            "replaced_by_id",
            "a collaboration does not take its own place: name the other one",
        );
    }
}
