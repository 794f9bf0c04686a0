//! Reading and summaries for events about settlements.

use super::money::{known_amount, require_no_amount};
use crate::enum_label::EnumLabel;
use crate::fields::{
    FromWire, ITEMS_MAX, choice, id, ids, list, no_repeats, optional_choice, optional_id,
    optional_pence, positive_pence, reads, required_text, some_date, text,
};
use crate::proto;
use crate::summary::{Summary, counted, listed, quoted};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    SettlementAgreed, SettlementFor, SettlementInstalment, SettlementPaid, SettlementWrittenOff,
};
use minutebook_domain::money::Pence;

reads! {
    SettlementPaid {
        id: id(settlement_id),
        payment: id(payment_id),
        amount: positive_pence(amount_pence),
    }
    SettlementWrittenOff {
        id: id(settlement_id),
        amount: optional_pence(amount_pence),
        reason: required_text(reason),
    }
}

impl FromWire for SettlementInstalment {
    type Wire = proto::settlement_agreed::Instalment;

    fn read(r: &mut MessageReader, m: &proto::settlement_agreed::Instalment) -> Option<Self> {
        let due_on = some_date(r, "due_on", &m.due_on);
        let amount = positive_pence(r, "amount_pence", &m.amount_pence);
        Some(Self {
            due_on: due_on?,
            amount: amount?,
        })
    }
}

impl FromWire for SettlementAgreed {
    type Wire = proto::SettlementAgreed;

    fn read(r: &mut MessageReader, m: &proto::SettlementAgreed) -> Option<Self> {
        let before = r.fault_count();
        let settlement_id = id(r, "settlement_id", &m.settlement_id);
        let what_for = choice(r, "what_for", &m.what_for);
        let dispute = optional_id(r, "dispute_id", &m.dispute_id);
        let notice = optional_id(r, "notice_id", &m.notice_id);
        let leaving = optional_id(r, "leaving_id", &m.leaving_id);
        let payer = optional_id(r, "payer_id", &m.payer_id);
        let payees = ids(r, "payee_ids", &m.payee_ids);
        let amount = optional_pence(r, "amount_pence", &m.amount_pence);
        let amount_is = optional_choice(r, "amount_is", &m.amount_is);
        let instalments = list(r, "instalments", &m.instalments, ITEMS_MAX);
        let key = |instalment: &SettlementInstalment| instalment.due_on;
        let instalments = no_repeats(
            r,
            "instalments",
            instalments,
            key,
            "an instalment of this date",
        );
        let terms = text(r, "terms", &m.terms);
        require_no_amount(r, m.amount_is(), m.amount_pence);
        check_bodies(r, m);
        check_matter(r, m);
        if r.fault_count() > before {
            return None;
        }
        let mut instalments = instalments?;
        instalments.sort_by_key(|instalment| {
            (instalment.due_on.first_day(), instalment.due_on.last_day())
        });
        Some(Self {
            id: settlement_id?,
            what_for: what_for?,
            dispute: dispute?,
            notice: notice?,
            leaving: leaving?,
            payer: payer?,
            payees: payees?,
            amount: read_amount(r, m, amount?, &instalments)?,
            amount_is: amount_is?,
            instalments,
            terms: terms?,
        })
    }
}

/// Requires that a body pays or is paid, and that none does both.
fn check_bodies(r: &mut MessageReader, m: &proto::SettlementAgreed) {
    if m.payer_id.is_empty() && m.payee_ids.is_empty() {
        r.fault_in(
            "payer_id",
            "the other parties together are on one side alone: name the body that pays, or those \
             that are paid in payee_ids",
        );
    }
    let payer = m.payee_ids.iter().position(|payee| *payee == m.payer_id);
    if let Some(index) = payer.filter(|_| !m.payer_id.is_empty()) {
        r.fault_in(
            &format!("payee_ids[{index}]"),
            "nobody pays itself: name the body that is paid, or, for the other parties together, \
             leave this out",
        );
    }
}

/// Requires that what is named belongs to the matter.
fn check_matter(r: &mut MessageReader, m: &proto::SettlementAgreed) {
    let what_for = m.what_for();
    let is_exit = matches!(
        what_for,
        proto::SettlementFor::Exit | proto::SettlementFor::InLieuOfNotice
    );
    if !m.dispute_id.is_empty() && what_for != proto::SettlementFor::Dispute {
        r.fault_in(
            "dispute_id",
            "a dispute belongs to the settlement of a dispute: leave it out, or set what_for to \
             SETTLEMENT_FOR_DISPUTE",
        );
    }
    for (field, given) in [("notice_id", &m.notice_id), ("leaving_id", &m.leaving_id)] {
        if !given.is_empty() && !is_exit {
            r.fault_in(
                field,
                "this belongs to the settlement of an exit, or of a payment in lieu of notice: \
                 leave it out, or set what_for to SETTLEMENT_FOR_EXIT or \
                 SETTLEMENT_FOR_IN_LIEU_OF_NOTICE",
            );
        }
    }
}

/// The amount: as given, or the total of the instalments. `None` where neither gives it.
fn read_amount(
    r: &mut MessageReader,
    m: &proto::SettlementAgreed,
    given: Option<Pence>,
    instalments: &[SettlementInstalment],
) -> Option<Option<Pence>> {
    let total: Pence = instalments.iter().map(|instalment| instalment.amount).sum();
    let is_exact = m.amount_is() == proto::AmountIs::Unspecified;
    match (given, instalments) {
        (None, []) => {
            let is_in_lieu = m.what_for() == proto::SettlementFor::InLieuOfNotice;
            let is_of_notice = is_in_lieu && !m.notice_id.is_empty();
            if is_exact && !is_of_notice {
                r.fault_in(
                    "amount_pence",
                    "an amount above zero is required here: give it, or instalments; where the \
                     source does not give it, set amount_is to AMOUNT_IS_NOT_GIVEN; where it is the \
                     payment in lieu that a notice states, name the notice in notice_id",
                );
                return None;
            }
            Some(None)
        }
        (None, _) if m.amount_is() == proto::AmountIs::NotGiven => Some(None),
        (None, _) => Some(Some(total)),
        (Some(given), [_, ..]) if is_exact && given != total => {
            r.fault_in(
                "instalments",
                format!(
                    "the instalments total {total}, and the amount is {given}: correct one of \
                     them, or, where the source does not give every instalment, say so in amount_is"
                ),
            );
            None
        }
        (Some(given), _) => Some(Some(given)),
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for SettlementAgreed {
    fn line(&self) -> String {
        let others = || "the other parties".to_owned();
        let payer = self.payer.as_ref().map_or_else(others, ToString::to_string);
        let payees = match self.payees.as_slice() {
            [] => others(),
            payees => listed(payees),
        };
        let what_for = match self.what_for {
            SettlementFor::Other => String::new(),
            what_for => format!(" ({})", proto::SettlementFor::from(what_for).label()),
        };
        let pays = match self.payer {
            Some(_) => "pays",
            None => "pay",
        };
        let amount = known_amount(self.amount, self.amount_is);
        let instalments = match self.instalments.len() {
            0 => String::new(),
            number => format!(", in {}", counted(number, "instalment", "instalments")),
        };
        let id = &self.id;
        format!("settlement {id}{what_for}{amount} agreed: {payer} {pays} {payees}{instalments}")
    }
}

impl Summary for SettlementPaid {
    fn line(&self) -> String {
        format!(
            "{} paid under settlement {} ({})",
            self.amount, self.id, self.payment
        )
    }
}

impl Summary for SettlementWrittenOff {
    fn line(&self) -> String {
        let amount = self.amount.map(|amount| amount.to_string());
        let amount = amount.unwrap_or_else(|| "the rest".to_owned());
        let reason = quoted(self.reason.as_str());
        format!("{amount} of settlement {} written off: {reason}", self.id)
    }
}
