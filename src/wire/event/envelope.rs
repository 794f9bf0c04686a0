//! Reading for the fields that every kind of event may have: actor, authority,
//! sources.

use crate::fields::{
    FromWire, id, name, optional_id, optional_name, optional_uuid, reads, remark, required_text,
    sha256, subject, uri, uuid,
};
use crate::proto;
use crate::proto::authority::Basis;
use crate::violation::MessageReader;
use minutebook_domain::event::{Actor, Authority, DelegationRef};

reads! {
    Source {
        title: name(title),
        place: remark(place),
        uri: uri(uri),
        sha256: sha256(sha256),
    }
    Document {
        title: optional_name(title),
        uri: uri(uri),
        sha256: sha256(sha256),
    }
    AcknowledgedBreach {
        reason: required_text(reason),
        proposal: optional_uuid(proposal_id),
    }
}

impl FromWire for Actor {
    type Wire = proto::Actor;

    fn read(r: &mut MessageReader, m: &proto::Actor) -> Option<Self> {
        let body = optional_id(r, "body_id", &m.body_id);
        let office = optional_name(r, "office", &m.office);
        match (body?, office?) {
            (Some(body), office) => Some(Self::Body { body, office }),
            (None, Some(office)) => Some(Self::Office(office)),
            (None, None) => {
                r.fault_in(
                    "body_id",
                    "say who: the id of a body, or the office alone where it belongs to no \
                     registered body",
                );
                None
            }
        }
    }
}

impl FromWire for DelegationRef {
    type Wire = proto::DelegationRef;

    fn read(r: &mut MessageReader, m: &proto::DelegationRef) -> Option<Self> {
        let delegation = id(r, "delegation_id", &m.delegation_id);
        let on = match m.subject.as_str() {
            "" => Some(None),
            named => subject(r, "subject", named).map(Some),
        };
        Some(Self {
            delegation: delegation?,
            subject: on?,
        })
    }
}

/// An authority without a basis counts as none.
pub(super) fn authority(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::Authority>,
) -> Option<Option<Authority>> {
    let Some(basis) = v.as_ref().and_then(|a| a.basis.as_ref()) else {
        return Some(None);
    };
    r.at(field, |r| match basis {
        Basis::ProposalId(id) => uuid(r, "proposal_id", id).map(Authority::Proposal),
        Basis::Delegation(cited) => name(r, "delegation", cited).map(Authority::Delegation),
        Basis::AcknowledgedBreach(breach) => r
            .at("acknowledged_breach", |r| FromWire::read(r, breach))
            .map(Authority::AcknowledgedBreach),
        Basis::DelegationOnRecord(named) => r
            .at("delegation_on_record", |r| FromWire::read(r, named))
            .map(Authority::RecordedDelegation),
    })
    .map(Some)
}

/// Whether the recorder acknowledges that the act lacked its approval.
pub(super) fn acknowledges_breach(m: &proto::Event) -> bool {
    m.authority
        .as_ref()
        .is_some_and(|a| matches!(a.basis, Some(Basis::AcknowledgedBreach(_))))
}

/// Requires that a decision names who decided: the event's actor, or a board.
pub(super) fn require_decider(r: &mut MessageReader, board_id: &str) -> Option<()> {
    if r.event.names_actor || !board_id.is_empty() {
        return Some(());
    }
    r.fault_in(
        "board_id",
        "say who decided: the board here, or the body or office in the event's acted_by",
    );
    None
}
