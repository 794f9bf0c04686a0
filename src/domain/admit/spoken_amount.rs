//! The amount that an event is about, for the limits of mandates.

use crate::event::{ApprovableAct, Event, Kind, MatterKind};
use crate::ids::ProposalId;
use crate::money::Pence;
use crate::register::Register;

/// The largest amount that an event moves, sets, asks for or approves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpokenAmount {
    /// It is about no amount.
    None,
    /// It is about one that nobody states: it passes no limit.
    Unknown,
    Known(Pence),
}

pub(super) fn spoken_amount(register: &Register, event: &Event) -> SpokenAmount {
    let of_proposal = |id: ProposalId| {
        let dossier = register.subject(&event.subject).map(|s| &s.dossier);
        let proposal = dossier.and_then(|dossier| dossier.proposals.get(&id));
        proposal.map_or(SpokenAmount::None, |proposal| of_act(proposal.act()))
    };
    match &event.kind {
        Kind::MatterProposed(proposed) => of_act(ApprovableAct::matter(&proposed.matter)),
        Kind::VirementRequested(asked) => of_act(ApprovableAct::MakeVirement(&asked.virement)),
        Kind::VoteCast(vote) => of_proposal(vote.proposal),
        Kind::DecisionMade(made) => made.proposal.map_or(SpokenAmount::None, of_proposal),
        Kind::VirementApproved(approved) => match approved.amount {
            Some(amount) => SpokenAmount::Known(amount),
            None => of_proposal(approved.proposal),
        },
        Kind::ExternalDecisionReceived(answer) => of_proposal(answer.proposal),
        Kind::DisposalConfirmed(confirmed) => stated(confirmed.amount),
        Kind::ContributionInvoiced(invoiced) => stated(Some(invoiced.amount)),
        Kind::ContributionPaid(paid) => stated(Some(paid.amount)),
        Kind::SettlementAgreed(agreed) => stated(agreed.amount),
        Kind::SettlementPaid(paid) => stated(Some(paid.amount)),
        Kind::SettlementWrittenOff(written_off) => stated(written_off.amount),
        Kind::GrantAwarded(grant) => stated(grant.amount),
        kind => kind.act().map_or(SpokenAmount::None, of_act),
    }
}

fn stated(amount: Option<Pence>) -> SpokenAmount {
    amount.map_or(SpokenAmount::Unknown, |amount| {
        SpokenAmount::Known(size(amount))
    })
}

fn size(amount: Pence) -> Pence {
    if amount < Pence::ZERO {
        -amount
    } else {
        amount
    }
}

fn of_act(act: ApprovableAct<'_>) -> SpokenAmount {
    let mut total = SpokenAmount::None;
    for part in act.parts() {
        let is_about_money = matches!(
            part.kind(),
            MatterKind::SetBudget | MatterKind::MakeVirement | MatterKind::DisposeUnderspend
        );
        if !is_about_money {
            continue;
        }
        total = match (total, part.amount()) {
            (SpokenAmount::Unknown, _) | (_, None) => SpokenAmount::Unknown,
            (SpokenAmount::None, Some(amount)) => SpokenAmount::Known(size(amount)),
            (SpokenAmount::Known(so_far), Some(amount)) => {
                SpokenAmount::Known(so_far + size(amount))
            }
        };
    }
    total
}
