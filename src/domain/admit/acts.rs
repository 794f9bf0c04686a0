//! Rules 5 and 6: an act relies on its prior approval, or acknowledges a breach. A
//! delegation that any event cites covers it.

use super::event_check::EventCheck;
use crate::approval::{check_delegation, in_force_fault, judge_new_act, recorded_delegation};
use crate::event::{Authority, Kind};
use crate::fault::Fault;

const DELEGATION_FIELD: &str = "authority.delegation_on_record";

/// Requires that money that is no act, and rests on a proposal, rests on one that is carried.
fn check_resting(check: &mut EventCheck<'_>) {
    let is_money = matches!(
        check.entry.event.kind,
        Kind::ContributionInvoiced(_)
            | Kind::FundingFormulaSet(_)
            | Kind::GrantAwarded(_)
            | Kind::SettlementAgreed(_)
            | Kind::SettlementPaid(_)
            | Kind::SettlementWrittenOff(_)
    );
    if is_money {
        require_in_force(check);
    }
}

/// Requires that the proposal that the event cites, if it cites one, is carried for it.
pub(super) fn require_in_force(check: &mut EventCheck<'_>) {
    let Some(Authority::Proposal(cited)) = &check.entry.event.authority else {
        return;
    };
    let (cited, order) = (*cited, check.effective_order());
    let proposal = check.require_proposal("authority.proposal_id", cited);
    if let (Some(proposal), Some(context)) = (proposal, check.context())
        && let Some(fault) = in_force_fault(&context, cited, proposal, check.entry, order)
    {
        check.report_at("authority.proposal_id", fault);
    }
}

/// Checks an act. An event that is no act has no faults here.
pub(super) fn check_act(check: &mut EventCheck<'_>) {
    let event = &check.entry.event;
    let cites_delegation = recorded_delegation(check.entry).is_some();
    check_resting(check);
    if event.kind.act().is_none() || check.says_succession_again() {
        if cites_delegation
            && let Some(context) = check.context()
            && let Some(fault) = check_delegation(&context, check.entry, check.effective_order())
        {
            check.report_at(DELEGATION_FIELD, fault);
        }
        return;
    }
    let (field, cited) = match &event.authority {
        Some(Authority::Proposal(id)) => ("authority.proposal_id", Some(*id)),
        Some(Authority::AcknowledgedBreach(breach)) => {
            ("authority.acknowledged_breach.proposal_id", breach.proposal)
        }
        Some(Authority::RecordedDelegation(_)) => (DELEGATION_FIELD, None),
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
