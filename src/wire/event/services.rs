//! Reading and summaries for events about services.

use crate::fields::{id, ids, name, names, optional_id, optional_name, reads, remark, text};
use crate::proto;
use crate::summary::{Summary, counted, joined_and_left, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    HostAppointed, LeadEnded, ServiceAdded, ServiceInstrumentNamed, ServiceLeadTransferred,
    ServicePartiesChanged, ServiceRemoved, ServiceResumed, ServiceUnitsChanged,
};

reads! {
    ServiceAdded {
        service: id(service_id),
        name: name(name),
        category: remark(category),
        units: names(units),
        lead: optional_id(lead_id),
        parties: ids(party_ids),
        instrument: optional_id(instrument_id),
        description: text(description),
        host: optional_id(host_id),
    }
    ServiceInstrumentNamed {
        service: id(service_id),
        instrument: id(instrument_id),
    }
    HostAppointed {
        body: id(body_id),
        service: optional_id(service_id),
    }
    ServiceUnitsChanged {
        service: id(service_id),
        added: names(added),
        removed: names(removed),
    } => check_units
    ServicePartiesChanged {
        service: id(service_id),
        joined: ids(joined_ids),
        left: ids(left_ids),
        direction: optional_id(direction_id),
        agreed_by: ids(agreed_by_ids),
        legal_basis: optional_name(legal_basis),
    } => check_parties
    ServiceLeadTransferred {
        service: id(service_id),
        from: optional_id(from_id),
        to: id(to_id),
    } => check_lead_changes
    ServiceRemoved {
        service: id(service_id),
        reason: text(reason),
        direction: optional_id(direction_id),
        agreed_by: ids(agreed_by_ids),
    }
    ServiceResumed {
        service: id(service_id),
        reason: text(reason),
    }
    LeadEnded {
        service: optional_id(service_id),
        reason: text(reason),
    }
}

/// Notes a fault where both lists are empty, or an item is in both.
fn check_change(r: &mut MessageReader, field: &str, joining: &[String], leaving: &[String]) {
    if joining.is_empty() && leaving.is_empty() {
        r.fault_in(field, "say who joins or who leaves: one list at least");
    }
    check_disjoint(r, field, joining, leaving);
}

/// Notes a fault for each item of `joining`, the list `field`, that is also in
/// `leaving`.
pub(super) fn check_disjoint(
    r: &mut MessageReader,
    field: &str,
    joining: &[String],
    leaving: &[String],
) {
    for (index, item) in joining.iter().enumerate() {
        if leaving.contains(item) {
            r.at_item(field, index, |r| {
                r.fault("this one both joins and leaves: leave it out of one list");
            });
        }
    }
}

fn check_units(r: &mut MessageReader, m: &proto::ServiceUnitsChanged) {
    check_change(r, "added", &m.added, &m.removed);
}

fn check_parties(r: &mut MessageReader, m: &proto::ServicePartiesChanged) {
    check_change(r, "joined_ids", &m.joined_ids, &m.left_ids);
    if m.left_ids.is_empty() && !(m.agreed_by_ids.is_empty() && m.legal_basis.is_empty()) {
        r.fault_in(
            "left_ids",
            "agreed_by_ids and legal_basis are those of parties that leave: name these, or leave \
             the two out",
        );
    }
}

fn check_lead_changes(r: &mut MessageReader, m: &proto::ServiceLeadTransferred) {
    if !m.to_id.is_empty() && m.from_id == m.to_id {
        r.fault_in("to_id", "the lead passes to another body: name that one");
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for ServiceAdded {
    fn line(&self) -> String {
        let units = match self.units.len() {
            0 => String::new(),
            number => format!(" ({})", counted(number, "unit", "units")),
        };
        let lead = optional_phrase(self.lead.as_ref(), "led by");
        let comma = if lead.is_empty() { "" } else { "," };
        format!(
            "service {} added: {}{units}{comma}{lead}",
            self.service, self.name
        )
    }
}

impl Summary for ServiceInstrumentNamed {
    fn line(&self) -> String {
        format!("service {} rests on {}", self.service, self.instrument)
    }
}

impl Summary for HostAppointed {
    fn line(&self) -> String {
        match &self.service {
            Some(service) => format!("{} hosts service {service}", self.body),
            None => format!("{} hosts the collaboration", self.body),
        }
    }
}

impl Summary for ServiceUnitsChanged {
    fn line(&self) -> String {
        joined_and_left(
            &format!("units of service {} changed", self.service),
            &self.added,
            &self.removed,
        )
    }
}

impl Summary for ServicePartiesChanged {
    fn line(&self) -> String {
        joined_and_left(
            &format!("parties to service {} changed", self.service),
            &self.joined,
            &self.left,
        )
    }
}

impl Summary for ServiceLeadTransferred {
    fn line(&self) -> String {
        let from = optional_phrase(self.from.as_ref(), "from");
        format!(
            "lead of service {} passed{from} to {}",
            self.service, self.to
        )
    }
}

impl Summary for ServiceRemoved {
    fn line(&self) -> String {
        format!("service {} removed", self.service)
    }
}

impl Summary for ServiceResumed {
    fn line(&self) -> String {
        format!("service {} resumed", self.service)
    }
}

impl Summary for LeadEnded {
    fn line(&self) -> String {
        match &self.service {
            Some(service) => format!("nobody leads service {service} any more"),
            None => "nobody leads any more".to_owned(),
        }
    }
}
