//! Settlements: the amounts agreed, paid, written off and left, and the instalments.

use jiff::civil::Date;

use super::dossier::{AgreedSettlement, Dossier};
use super::event::{SettlementFor, SettlementInstalment, SettlementPaid, SettlementWrittenOff};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::ItemId;
use super::known_amount::KnownAmount;
use super::money::Pence;
use super::subject::Subject;

/// An instalment, and the amount left of it.
#[derive(Clone, Debug)]
pub struct OpenInstalment<'a> {
    pub agreed: &'a SettlementInstalment,
    pub left: Pence,
}

impl OpenInstalment<'_> {
    pub fn is_overdue(&self, day: Date) -> bool {
        self.left > Pence::ZERO && self.agreed.due_on.last_day() < day
    }
}

/// The amounts of a settlement.
#[derive(Clone, Copy, Debug)]
pub struct SettlementAmounts {
    pub agreed: KnownAmount,
    pub paid: Pence,
    /// None where nothing was written off.
    pub written_off: KnownAmount,
}

impl SettlementAmounts {
    /// The amount left to pay, which is not below zero.
    pub fn left(&self) -> KnownAmount {
        let rest = self.rest();
        KnownAmount {
            amount: rest.amount.map(|rest| rest.max(Pence::ZERO)),
            ..rest
        }
    }

    /// The amount paid beyond what was agreed; zero if that is not known. What is paid after
    /// it was written off is not too much.
    pub fn overpaid(&self) -> Pence {
        let over = self.agreed.exactly().map(|agreed| self.paid - agreed);
        over.unwrap_or_default().max(Pence::ZERO)
    }

    fn rest(&self) -> KnownAmount {
        let paid = KnownAmount::exact(self.paid);
        self.agreed.less(self.written_off).less(paid)
    }
}

impl AgreedSettlement {
    /// The payments, in order.
    pub fn payments(&self) -> Vec<&Fact<SettlementPaid>> {
        let mut payments: Vec<_> = self.paid.values().collect();
        payments.sort_by_key(|paid| paid.effective_order());
        payments
    }

    /// The agreed amount: as stated, or else that of the instalments, or that of the notice
    /// that is paid for.
    ///
    /// `subject` is the subject of the settlement.
    pub fn agreed_amount(&self, subject: &Subject) -> KnownAmount {
        let agreed = &self.agreed;
        let is_in_lieu = agreed.what_for == SettlementFor::InLieuOfNotice;
        let amount = agreed.amount.or_else(|| {
            let of_notice = self.paid_in_lieu(subject);
            of_notice.filter(|_| is_in_lieu && agreed.amount_is.is_none())
        });
        KnownAmount::new(amount, agreed.amount_is)
    }

    /// The payment in lieu that the notice states.
    pub fn paid_in_lieu(&self, subject: &Subject) -> Option<Pence> {
        let notices = &subject.as_collaboration()?.notices;
        let notice = notices.get(self.agreed.notice.as_ref()?)?;
        notice.given.paid_in_lieu.as_ref()?.amount
    }

    /// The most that can be written off at a point in the order, with what every entry on
    /// record pays or writes off; `None` where it is not known exactly.
    pub fn left_to_write_off(&self, subject: &Subject, order: EffectiveOrder) -> Option<Pence> {
        let agreed = self.agreed_amount(subject).exactly()?;
        let mut earlier = self.written_off.iter();
        if earlier.any(|off| off.amount.is_none() && off.effective_order() < order) {
            return Some(Pence::ZERO);
        }
        let paid: Pence = self.paid.values().map(|paid| paid.amount).sum();
        let off: Pence = self.written_off.iter().filter_map(|off| off.amount).sum();
        Some((agreed - paid - off).max(Pence::ZERO))
    }

    /// The amounts as far as the subject is folded.
    pub fn amounts(&self, subject: &Subject) -> SettlementAmounts {
        let agreed = self.agreed_amount(subject);
        let paid_before = |order: EffectiveOrder| -> Pence {
            let paid = self.paid.values();
            let paid = paid.filter(|paid| paid.effective_order() < order);
            paid.map(|paid| paid.amount).sum()
        };
        let mut amounts = SettlementAmounts {
            agreed,
            paid: Pence::ZERO,
            written_off: KnownAmount::default(),
        };
        for written_off in self.written_off.iter() {
            amounts.paid = paid_before(written_off.effective_order());
            let stated = written_off.amount.map(KnownAmount::exact);
            let one = stated.unwrap_or_else(|| amounts.left());
            amounts.written_off = [amounts.written_off, one].into_iter().collect();
        }
        amounts.paid = paid_before(EffectiveOrder::LAST);
        amounts
    }

    /// The amount of each entry that writes some off; not given where that is not known.
    pub fn write_offs(&self, subject: &Subject) -> Vec<(&Fact<SettlementWrittenOff>, KnownAmount)> {
        let mut so_far = self.clone();
        so_far.written_off = Facts::default();
        let mut amounts = Vec::new();
        let mut before = KnownAmount::default();
        for fact in self.written_off.iter() {
            so_far.written_off.insert(fact.clone());
            let total = so_far.amounts(subject).written_off;
            let one = fact.amount.map(KnownAmount::exact);
            amounts.push((fact, one.unwrap_or_else(|| total.less(before))));
            before = total;
        }
        amounts
    }

    /// The instalments by date. Payments, and what was written off, count for the earliest
    /// first.
    pub fn instalments(&self, subject: &Subject) -> Vec<OpenInstalment<'_>> {
        let amounts = self.amounts(subject);
        let mut covered = amounts.paid + amounts.written_off.amount.unwrap_or_default();
        let instalments = self.agreed.instalments.iter();
        instalments
            .map(|agreed| {
                let taken = covered.min(agreed.amount);
                covered = covered - taken;
                let left = agreed.amount - taken;
                OpenInstalment { agreed, left }
            })
            .collect()
    }
}

impl Dossier {
    /// The settlement with a payment of this id.
    pub fn payment(&self, id: &ItemId) -> Option<&Fact<SettlementPaid>> {
        let mut settlements = self.settlements.values();
        settlements.find_map(|settlement| settlement.paid.get(id))
    }
}
