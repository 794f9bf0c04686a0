//! Rules 5 and 6: an act relies on its prior approval, or acknowledges a breach.

use super::event_check::EventCheck;
use crate::domain::approval::judge_new_act;
use crate::domain::event::Authority;
use crate::domain::fault::Fault;

/// Checks an act. An event that is no act has no faults here.
pub(super) fn check_act(check: &mut EventCheck<'_>) {
    let event = &check.entry.event;
    if event.kind.act().is_none() || check.says_succession_again() {
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
        match check.register.proposal(id) {
            None => return,
            Some(subject) if subject != check.id() => {
                let subject = subject.clone();
                check.report_at(
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
    let Some(context) = check.context() else {
        return;
    };
    let Some(verdict) = judge_new_act(&context, check.entry, check.effective_order()) else {
        return;
    };
    if verdict.acknowledged {
        return;
    }
    for fault in verdict.faults {
        match fault {
            Fault::NoOutturn { .. } => check.report("disposal.financial_year", fault),
            fault => check.report_at(field, fault),
        }
    }
}
