//! Reading and summaries for events about mandates.

use crate::fields::{
    FromWire, ITEMS_MAX, choice, date, each, flag, id, ids, list, message, name, no_repeats,
    optional_choice, pence_bound, reads, text,
};
use crate::proto;
use crate::proto::principal::Name as WireName;
use crate::summary::{Summary, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::caller::{Principal, PrincipalKind};
use minutebook_domain::event::{
    Kind, MandateGranted, MandateRevoked, MandateRole, ProtectiveMarking,
};

reads! {
    MandateRevoked {
        mandate: id(mandate_id),
        reason: text(reason),
    }
}

impl FromWire for Principal {
    type Wire = proto::Principal;

    fn read(r: &mut MessageReader, m: &proto::Principal) -> Option<Self> {
        let issuer = name(r, "issuer", &m.issuer);
        let (kind, field, value) = match &m.name {
            Some(WireName::Group(value)) => (PrincipalKind::Group, "group", value),
            Some(WireName::AppRole(value)) => (PrincipalKind::AppRole, "app_role", value),
            Some(WireName::Client(value)) => (PrincipalKind::Client, "client", value),
            Some(WireName::Certificate(value)) => {
                (PrincipalKind::Certificate, "certificate", value)
            }
            None => {
                r.fault_in(
                    "group",
                    "say which: a group, an app_role, a client or a certificate of that issuer",
                );
                return None;
            }
        };
        let value = name(r, field, value);
        Some(Self {
            issuer: issuer?,
            kind,
            value: value?,
        })
    }
}

impl FromWire for MandateGranted {
    type Wire = proto::MandateGranted;

    fn read(r: &mut MessageReader, m: &proto::MandateGranted) -> Option<Self> {
        let before = r.fault_count();
        let mandate = id(r, "mandate_id", &m.mandate_id);
        let holder = message(r, "holder", &m.holder);
        let role = choice(r, "role", &m.role);
        let recorded_as = name(r, "recorded_as", &m.recorded_as);
        let bodies = ids(r, "body_ids", &m.body_ids);
        let offices = list(r, "offices", &m.offices, ITEMS_MAX);
        let boards = ids(r, "board_ids", &m.board_ids);
        let collaborations = ids(r, "collaboration_ids", &m.collaboration_ids);
        let whole_register = flag(r, "whole_register", &m.whole_register);
        let kinds = kinds(r, &m.event_kinds);
        let up_to = pence_bound(r, "up_to_pence", &m.up_to_pence);
        let until = date(r, "until_on", &m.until_on);
        let reads = optional_choice(r, "reads_up_to", &m.reads_up_to);
        if let Some(role) = role {
            check_scope(r, m, role);
        }
        if r.fault_count() > before {
            return None;
        }
        Some(Self {
            mandate: mandate?,
            holder: holder?,
            role: role?,
            recorded_as: recorded_as?,
            bodies: bodies?,
            offices: offices?,
            boards: boards?,
            collaborations: collaborations?,
            whole_register: whole_register?,
            kinds: kinds?,
            up_to: up_to?,
            until: until?,
            reads: reads?,
        })
    }
}

/// The names of kinds, each once.
fn kinds(r: &mut MessageReader, names: &[String]) -> Option<Vec<&'static str>> {
    let field = "event_kinds";
    let kinds = each(r, field, names, ITEMS_MAX, |r, name| {
        let kind = Kind::NAMES.iter().find(|kind| *kind == name).copied();
        if kind.is_none() {
            r.fault("this is no kind of event: write its field in Event, such as vote_cast");
        }
        kind
    });
    no_repeats(r, field, kinds, |kind| *kind, "this kind")
}

/// Requires that a mandate covers something, and nothing that its role cannot use.
fn check_scope(r: &mut MessageReader, m: &proto::MandateGranted, role: MandateRole) {
    let names_any = !m.body_ids.is_empty()
        || !m.offices.is_empty()
        || !m.board_ids.is_empty()
        || !m.collaboration_ids.is_empty();
    let is_limited = names_any || !m.event_kinds.is_empty() || m.up_to_pence.is_some();
    match role {
        MandateRole::Keeper | MandateRole::Auditor => {
            if is_limited || m.whole_register {
                r.fault_in(
                    "role",
                    format!(
                        "the role of {} covers the whole register: leave out what it covers and its limits",
                        role.label()
                    ),
                );
            }
            return;
        }
        MandateRole::Member => {
            if m.whole_register {
                r.fault_in(
                    "whole_register",
                    "a member speaks for the bodies and offices named, and for no other: name \
                     them in body_ids or offices",
                );
            } else if m.body_ids.is_empty() && m.offices.is_empty() {
                r.fault_in(
                    "body_ids",
                    "a member speaks for a body or an office: name it here or in offices",
                );
            }
        }
        MandateRole::Secretary => {
            let has_subject = !m.board_ids.is_empty() || !m.collaboration_ids.is_empty();
            if !has_subject && !m.whole_register {
                r.fault_in(
                    "board_ids",
                    "a secretary is that of a board: name it here, or the collaborations in \
                     collaboration_ids, or set whole_register",
                );
            }
        }
        MandateRole::Registrar | MandateRole::Recorder | MandateRole::Reader => {
            if !names_any && !m.whole_register {
                r.fault_in(
                    "whole_register",
                    "it covers nothing: name bodies, boards or collaborations, or set this",
                );
            }
        }
    }
    if role == MandateRole::Reader && (m.up_to_pence.is_some() || !m.event_kinds.is_empty()) {
        r.fault_in(
            "role",
            "a reader records nothing: leave out event_kinds and up_to_pence",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for MandateGranted {
    fn line(&self) -> String {
        let mut covers: Vec<String> = Vec::new();
        if self.whole_register {
            covers.push("the whole register".to_owned());
        }
        covers.extend(self.bodies.iter().map(ToString::to_string));
        covers.extend(self.offices.iter().map(ToString::to_string));
        covers.extend(self.boards.iter().map(|id| format!("boards/{id}")));
        covers.extend(
            self.collaborations
                .iter()
                .map(|id| format!("collaborations/{id}")),
        );
        let covers = match covers.is_empty() {
            true => String::new(),
            false => format!(" for {}", covers.join(", ")),
        };
        let up_to = optional_phrase(self.up_to.as_ref(), "up to");
        let until = optional_phrase(self.until.as_ref(), "until");
        let reads = self.reads.map(ProtectiveMarking::label);
        let reads = optional_phrase(reads.as_ref(), "reads up to");
        format!(
            "mandate {} granted to {} ({}): {}{covers}{up_to}{until}{reads}",
            self.mandate,
            self.recorded_as,
            self.holder,
            self.role.label()
        )
    }
}

impl Summary for MandateRevoked {
    fn line(&self) -> String {
        format!("mandate {} revoked", self.mandate)
    }
}
