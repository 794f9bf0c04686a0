//! Reading and summaries for events about a collaboration as a whole.

use crate::enum_label::EnumLabel;
use crate::fields::{FromWire, choice, id, ids, name, optional_id, optional_name, reads, text};
use crate::proto;
use crate::summary::{Summary, counted, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    CollaborationEnded, CollaborationEstablished, DependencyNoted, EndBasis, EndCause,
    LeadAppointed, OpportunityConsidered, PartyJoined,
};
use minutebook_domain::ids::{BodyId, SubjectId};

reads! {
    CollaborationEstablished {
        name: name(name),
        kind: choice(kind),
        parties: ids(party_ids),
        lead: optional_id(lead_id),
        purpose: text(purpose),
        legal_basis: optional_name(legal_basis),
        part_of: optional_id(part_of_id),
    } => check_whole
    PartyJoined {
        body: id(body_id),
        instrument: optional_id(instrument_id),
        agreed_by: ids(agreed_by_ids),
        services: ids(service_ids),
    } => check_accession
    LeadAppointed {
        body: lead_id(body_id),
    }
    OpportunityConsidered {
        opportunity: id(opportunity_id),
        title: name(title),
        bodies: ids(body_ids),
        outcome: choice(outcome),
        reasons: text(reasons),
    } => check_reasons
    DependencyNoted {
        dependency: id(dependency_id),
        what: name(what),
        depends_on: name(depends_on),
        collaboration: optional_id(collaboration_id),
        service: optional_id(service_id),
        consequence: text(consequence),
    }
}

fn lead_id(r: &mut MessageReader, field: &str, v: &str) -> Option<BodyId> {
    if v.is_empty() {
        r.fault_in(
            field,
            "an id is required here: name the party that leads; where nobody leads any more, \
             record lead_ended",
        );
        return None;
    }
    id(r, field, v)
}

impl FromWire for CollaborationEnded {
    type Wire = proto::CollaborationEnded;

    fn read(r: &mut MessageReader, m: &proto::CollaborationEnded) -> Option<Self> {
        let cause = choice(r, "cause", &m.cause);
        let replaced_by = optional_id(r, "replaced_by_id", &m.replaced_by_id);
        let reason = text(r, "reason", &m.reason);
        let surviving = ids(r, "surviving_instrument_ids", &m.surviving_instrument_ids);
        let named = NamedBasis {
            notices: &m.notice_ids,
            direction: &m.direction_id,
            agreed_by: &m.agreed_by_ids,
            legal_basis: &m.legal_basis,
        };
        let basis = end_basis(r, m.cause(), &named);
        check_replacement(r, m);
        Some(Self {
            cause: cause?,
            replaced_by: replaced_by?,
            reason: reason?,
            surviving: surviving?,
            basis: basis?,
        })
    }
}

/// The fields of an end that name its basis.
pub(super) struct NamedBasis<'a> {
    pub notices: &'a [String],
    pub direction: &'a str,
    pub agreed_by: &'a [String],
    pub legal_basis: &'a str,
}

/// The basis of an end, which fits its cause.
pub(super) fn end_basis(
    r: &mut MessageReader,
    end_cause: proto::EndCause,
    named: &NamedBasis<'_>,
) -> Option<EndBasis> {
    let NamedBasis {
        notices,
        direction,
        agreed_by,
        legal_basis,
    } = *named;
    let before = r.fault_count();
    let mut fits = |field: &str, is_given: bool, fit: proto::EndCause, what: &str| {
        // Those who agree to an end agree to a replacement, too.
        let is_agreed =
            fit == proto::EndCause::Agreement && end_cause == proto::EndCause::Replacement;
        if is_given && end_cause != fit && !is_agreed {
            r.fault_in(
                field,
                format!(
                    "only an end by {what} names these: leave them out, or make the cause {}",
                    fit.as_str_name()
                ),
            );
        }
    };
    fits(
        "notice_ids",
        !notices.is_empty(),
        proto::EndCause::Notice,
        "notice",
    );
    fits(
        "direction_id",
        !direction.is_empty(),
        proto::EndCause::Direction,
        "direction",
    );
    fits(
        "agreed_by_ids",
        !agreed_by.is_empty(),
        proto::EndCause::Agreement,
        "agreement",
    );
    fits(
        "legal_basis",
        !legal_basis.is_empty(),
        proto::EndCause::Law,
        "law",
    );
    if end_cause == proto::EndCause::Law && legal_basis.trim().is_empty() {
        r.fault_in(
            "legal_basis",
            "required for an end by law: name the Act or order",
        );
    }
    let legal_basis = optional_name(r, "legal_basis", legal_basis);
    let notices = ids(r, "notice_ids", notices);
    let direction = optional_id(r, "direction_id", direction);
    let agreed_by = ids(r, "agreed_by_ids", agreed_by);
    if r.fault_count() > before {
        return None;
    }
    Some(EndBasis {
        notices: notices?,
        direction: direction?,
        agreed_by: agreed_by?,
        legal_basis: legal_basis?,
    })
}

fn check_accession(r: &mut MessageReader, m: &proto::PartyJoined) {
    if !m.agreed_by_ids.is_empty() && m.instrument_id.is_empty() {
        r.fault_in(
            "agreed_by_ids",
            "these agree to the accession to an instrument: name it in instrument_id, or leave \
             them out",
        );
    }
}

fn is_subject(r: &MessageReader, id: &str) -> bool {
    matches!(&r.event.subject, Some(SubjectId::Collaboration(own)) if own.as_str() == id)
}

fn check_whole(r: &mut MessageReader, m: &proto::CollaborationEstablished) {
    if is_subject(r, &m.part_of_id) {
        r.fault_in(
            "part_of_id",
            "a collaboration is not part of itself: name the whole, or nothing",
        );
    }
}

fn check_reasons(r: &mut MessageReader, m: &proto::OpportunityConsidered) {
    if m.outcome() == proto::OpportunityOutcome::Declined && m.reasons.trim().is_empty() {
        r.fault_in(
            "reasons",
            "an opportunity is declined for reasons (Policing and Crime Act 2017 s.2): give them",
        );
    }
}

fn check_replacement(r: &mut MessageReader, m: &proto::CollaborationEnded) {
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

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for CollaborationEstablished {
    fn line(&self) -> String {
        let parties = counted(self.parties.len(), "party", "parties");
        let lead = optional_phrase(self.lead.as_ref(), "led by");
        let comma = if lead.is_empty() { "" } else { "," };
        format!("established: {} ({parties}){comma}{lead}", self.name)
    }
}

impl Summary for PartyJoined {
    fn line(&self) -> String {
        format!(
            "{} became a party{}",
            self.body,
            optional_phrase(self.instrument.as_ref(), "under")
        )
    }
}

impl Summary for LeadAppointed {
    fn line(&self) -> String {
        format!("{} appointed to lead", self.body)
    }
}

impl Summary for OpportunityConsidered {
    fn line(&self) -> String {
        let outcome = proto::OpportunityOutcome::from(self.outcome).label();
        format!("opportunity {} {outcome}: {}", self.opportunity, self.title)
    }
}

impl Summary for DependencyNoted {
    fn line(&self) -> String {
        format!("{} depends on {}", self.what, self.depends_on)
    }
}

impl Summary for CollaborationEnded {
    fn line(&self) -> String {
        match &self.replaced_by {
            None => format!("ended {}", cause(self.cause)),
            Some(other) => format!("ended, replaced by {other}"),
        }
    }
}

pub(super) fn cause(cause: EndCause) -> String {
    if cause == EndCause::NotGiven {
        return "(cause not given)".to_owned();
    }
    format!("by {}", proto::EndCause::from(cause).label())
}
