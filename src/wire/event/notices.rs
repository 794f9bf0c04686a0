//! Reading and summaries for events about leaving: notices, directions, withdrawal.

use crate::fields::{
    FromWire, choice, full_date, id, ids, optional, optional_id, optional_name, optional_pence,
    reads, required_text, some_ids, some_wire_choice, text,
};
use crate::proto;
use crate::summary::{Summary, optional_phrase, quoted};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    DirectionIssued, DirectionKind, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked,
    PartyWithdrew, PaymentInLieu,
};

reads! {
    PartyWithdrew {
        body: id(body_id),
        notice: optional_id(notice_id),
        reason: text(reason),
        agreed_by: ids(agreed_by_ids),
        legal_basis: optional_name(legal_basis),
    } => check_reason
    NoticeGiven {
        notice: id(notice_id),
        body: id(body_id),
        capacity: choice(capacity),
        instrument: optional_id(instrument_id),
        service: optional_id(service_id),
        takes_effect_on: full_date(takes_effect_on),
        waived_by: ids(waived_by_ids),
        reason: text(reason),
        paid_in_lieu: optional(paid_in_lieu),
    }
    PaymentInLieu {
        amount: optional_pence(amount_pence),
        accepted_by: some_ids(accepted_by_ids),
    }
    NoticeExtended {
        notice: id(notice_id),
        takes_effect_on: full_date(takes_effect_on),
        reason: text(reason),
        agreed_by: ids(agreed_by_ids),
    }
    NoticeRevoked {
        notice: id(notice_id),
        reason: text(reason),
        agreed_by: ids(agreed_by_ids),
    }
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
                    "the day is set for a notice: name that in notice_id, or leave takes_effect_on out",
                );
                None
            }
            (notice, day) => {
                let day = full_date(r, "takes_effect_on", day);
                notice.flatten().zip(day).map(Some)
            }
        };
        let terms = required_text(r, "terms", &m.terms);
        let issuer = optional(r, "issuer", &m.issuer);
        let legal_basis = optional_name(r, "legal_basis", &m.legal_basis);
        let services = ids(r, "service_ids", &m.service_ids);
        let functions = text(r, "functions", &m.functions);
        let addressees = ids(r, "addressee_ids", &m.addressee_ids);
        let instrument = optional_id(r, "instrument_id", &m.instrument_id);
        let revokes = match m.kind() {
            proto::DirectionKind::MandateLifted => Some(None),
            _ => optional_id(r, "lifts_direction_id", &m.lifts_direction_id),
        };
        check_direction(r, m);
        Some(Self {
            direction: direction?,
            kind: kind?,
            notice: notice?,
            terms: terms?,
            issuer: issuer?,
            legal_basis: legal_basis?,
            revokes: revokes?,
            services: services?,
            functions: functions?,
            addressees: addressees?,
            instrument: instrument?,
        })
    }
}

fn direction_kind(r: &mut MessageReader, m: &proto::DirectionIssued) -> Option<DirectionKind> {
    match some_wire_choice(r, "kind", &m.kind)? {
        proto::DirectionKind::Unspecified => None,
        proto::DirectionKind::Mandate => Some(DirectionKind::Mandate),
        proto::DirectionKind::Direct => Some(DirectionKind::Direct),
        proto::DirectionKind::Terminate => Some(DirectionKind::Terminate),
        proto::DirectionKind::MandateLifted => {
            id(r, "lifts_direction_id", &m.lifts_direction_id).map(DirectionKind::MandateLifted)
        }
    }
}

fn check_direction(r: &mut MessageReader, m: &proto::DirectionIssued) {
    if !m.instrument_id.is_empty() && m.kind() != proto::DirectionKind::Direct {
        r.fault_in(
            "instrument_id",
            "only DIRECTION_KIND_DIRECT puts an instrument in force: leave it out, or choose that \
             kind",
        );
    }
    if !m.direction_id.is_empty() && m.direction_id == m.lifts_direction_id {
        r.fault_in(
            "lifts_direction_id",
            "a direction does not lift itself: name the earlier one",
        );
    }
}

fn check_reason(r: &mut MessageReader, m: &proto::PartyWithdrew) {
    if m.notice_id.is_empty() && m.reason.trim().is_empty() {
        r.fault_in(
            "reason",
            "a withdrawal without a notice needs a reason: give reason, or name the notice in notice_id",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for PartyWithdrew {
    fn line(&self) -> String {
        format!(
            "{} withdrew{}",
            self.body,
            optional_phrase(self.notice.as_ref(), "on notice")
        )
    }
}

impl Summary for NoticeGiven {
    fn line(&self) -> String {
        let aim = match self.capacity {
            NoticeCapacity::Party => "leave",
            NoticeCapacity::Lead => "stop leading",
        };
        let service = self
            .service
            .as_ref()
            .map(|service| format!(" service {service}"))
            .unwrap_or_default();
        let paid = match &self.paid_in_lieu {
            None => String::new(),
            Some(PaymentInLieu { amount: None, .. }) => ", with payment in lieu".to_owned(),
            Some(PaymentInLieu {
                amount: Some(amount),
                ..
            }) => format!(", with {amount} paid in lieu"),
        };
        format!(
            "{} gave notice {} to {aim}{service} on {}{paid}",
            self.body, self.notice, self.takes_effect_on
        )
    }
}

impl Summary for NoticeExtended {
    fn line(&self) -> String {
        format!(
            "notice {} extended to {}",
            self.notice, self.takes_effect_on
        )
    }
}

impl Summary for NoticeRevoked {
    fn line(&self) -> String {
        format!("notice {} taken back", self.notice)
    }
}

impl Summary for DirectionIssued {
    fn line(&self) -> String {
        let mut does = match &self.kind {
            DirectionKind::Mandate => "mandates".to_owned(),
            DirectionKind::MandateLifted(mandate) => format!("lifts mandate {mandate}"),
            DirectionKind::Direct => "directs".to_owned(),
            DirectionKind::Terminate => "terminates".to_owned(),
        };
        if let Some(revoked) = &self.revokes {
            does = format!("revokes {revoked} and {does}");
        }
        let terms = quoted(self.terms.as_str());
        format!(
            "direction {} of the Secretary of State {does}: {terms}",
            self.direction
        )
    }
}
