//! The fold of events about settlements.

use super::with;
use crate::dossier::AgreedSettlement;
use crate::event::{SettlementAgreed, SettlementPaid, SettlementWrittenOff};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn settlement_agreed(subject: &mut Subject, fact: Fact<SettlementAgreed>) {
    let id = fact.id.clone();
    subject
        .dossier
        .settlements
        .insert(id, AgreedSettlement::new(fact));
}

pub(super) fn settlement_paid(subject: &mut Subject, fact: Fact<SettlementPaid>) {
    let id = fact.id.clone();
    with(&mut subject.dossier.settlements, &id, |settlement| {
        settlement.paid.insert(fact.payment.clone(), fact);
    });
}

pub(super) fn settlement_written_off(subject: &mut Subject, fact: Fact<SettlementWrittenOff>) {
    let id = fact.id.clone();
    with(&mut subject.dossier.settlements, &id, |settlement| {
        settlement.written_off.insert(fact);
    });
}
