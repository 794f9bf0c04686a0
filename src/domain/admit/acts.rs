//! Rules 5 and 6: an act rests on its prior approval, or says outright that it
//! does not.

use super::event_check::EventCheck;
use crate::domain::approval::verdict_on;
use crate::domain::event::Authority;
use crate::domain::fault::Fault;

/// Judges an act; an event that is none passes.
pub(super) fn judged(bench: &mut EventCheck<'_>) {
    let event = &bench.entry.event;
    if event.kind.act().is_none() {
        return;
    }
    let (field, cited) = match &event.authority {
        Some(Authority::Proposal(id)) => ("authority.proposal_id", Some(*id)),
        Some(Authority::AcknowledgedBreach(breach)) => {
            ("authority.acknowledged_breach.proposal_id", breach.proposal)
        }
        Some(Authority::Delegation(_)) | None => ("authority", None),
    };
    if let Some(id) = cited {
        match bench.register.proposal(id) {
            None => return,
            Some(subject) if subject != bench.id() => {
                let subject = subject.clone();
                bench.fault_at(
                    field,
                    Fault::ProposalElsewhere {
                        proposal: id,
                        subject,
                    },
                );
                return;
            }
            Some(_) => {}
        }
    }
    let Some(sight) = bench.sight() else { return };
    let Some(verdict) = verdict_on(&sight, bench.entry, bench.effective_order()) else {
        return;
    };
    if verdict.acknowledged {
        return;
    }
    for fault in verdict.faults {
        match fault {
            Fault::NoOutturn { .. } => bench.fault("disposal.financial_year", fault),
            fault => bench.fault_at(field, fault),
        }
    }
}
