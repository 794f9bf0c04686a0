//! Events about services.

use crate::domain::event::{
    ServiceAdded, ServiceLeadTransferred, ServicePartiesChanged, ServiceRemoved,
    ServiceUnitsChanged,
};
use crate::wire::fields::{id, ids, name, names, optional_id, reads, remark, text};
use crate::wire::proto;
use crate::wire::summary::{Summary, by, come_and_go, several};
use crate::wire::violation::MessageReader;

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
    }
    ServiceUnitsChanged {
        service: id(service_id),
        added: names(added),
        removed: names(removed),
    } => units_change
    ServicePartiesChanged {
        service: id(service_id),
        joined: ids(joined_ids),
        left: ids(left_ids),
    } => parties_change
    ServiceLeadTransferred {
        service: id(service_id),
        from: optional_id(from_id),
        to: id(to_id),
    } => lead_moves
    ServiceRemoved {
        service: id(service_id),
        reason: text(reason),
    }
}

/// Notes when neither list has anything, or both have the same thing.
fn comes_or_goes(r: &mut MessageReader, (come, coming): (&str, &[String]), going: &[String]) {
    if coming.is_empty() && going.is_empty() {
        r.fault_in(come, "say who joins or who leaves: one list at least");
    }
    not_in_both(r, (come, coming), going);
}

/// Notes each item of `coming` that is in `going` as well.
pub(super) fn not_in_both(
    r: &mut MessageReader,
    (come, coming): (&str, &[String]),
    going: &[String],
) {
    for (index, item) in coming.iter().enumerate() {
        if going.contains(item) {
            r.at_item(come, index, |r| {
                r.fault("this one both joins and leaves: leave it out of one list");
            });
        }
    }
}

fn units_change(r: &mut MessageReader, m: &proto::ServiceUnitsChanged) {
    comes_or_goes(r, ("added", &m.added), &m.removed);
}

fn parties_change(r: &mut MessageReader, m: &proto::ServicePartiesChanged) {
    comes_or_goes(r, ("joined_ids", &m.joined_ids), &m.left_ids);
}

fn lead_moves(r: &mut MessageReader, m: &proto::ServiceLeadTransferred) {
    if !m.to_id.is_empty() && m.from_id == m.to_id {
        r.fault_in("to_id", "the lead passes to another body: name that one");
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for ServiceAdded {
    fn line(&self) -> String {
        let units = match self.units.len() {
            0 => String::new(),
            number => format!(" ({})", several(number, "unit", "units")),
        };
        let lead = by(self.lead.as_ref(), "led by");
        let comma = if lead.is_empty() { "" } else { "," };
        format!(
            "service {} added: {}{units}{comma}{lead}",
            self.service, self.name
        )
    }
}

impl Summary for ServiceUnitsChanged {
    fn line(&self) -> String {
        come_and_go(
            &format!("units of service {} changed", self.service),
            &self.added,
            &self.removed,
        )
    }
}

impl Summary for ServicePartiesChanged {
    fn line(&self) -> String {
        come_and_go(
            &format!("parties to service {} changed", self.service),
            &self.joined,
            &self.left,
        )
    }
}

impl Summary for ServiceLeadTransferred {
    fn line(&self) -> String {
        let from = by(self.from.as_ref(), "from");
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
