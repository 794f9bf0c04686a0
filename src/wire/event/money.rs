//! Reading and summaries for events about money.

use crate::domain::event::{AmountIs, GrantAwarded, Savings, SavingsPlanned, SavingsRealised};
use crate::domain::ids::ItemId;
use crate::domain::money::Pence;
use crate::wire::fields::{
    FromWire, id, message, name, optional_choice, optional_id, optional_pence, optional_year,
    pence, reads, year,
};
use crate::wire::proto;
use crate::wire::summary::{Summary, optional_phrase};
use crate::wire::violation::MessageReader;

reads! {
    GrantAwarded {
        grant: id(grant_id),
        purpose: name(purpose),
        from: optional_id(from_id),
        to: optional_id(to_id),
        service: optional_id(service_id),
        amount: optional_pence(amount_pence),
        year: optional_year(financial_year),
        amount_is: optional_choice(amount_is),
    } => check_grant
    SavingsPlanned {
        plan: id(savings_id),
        savings: message(savings),
        part_of: optional_id(part_of_id),
    } => check_whole
    SavingsRealised {
        realised: id(savings_id),
        savings: message(savings),
        plan: optional_id(plan_id),
    }
}

impl FromWire for Savings {
    type Wire = proto::Savings;

    fn read(r: &mut MessageReader, m: &proto::Savings) -> Option<Self> {
        let amount = pence(r, "amount_pence", &m.amount_pence);
        let from_year = year(r, "from_year", &m.from_year);
        let to_year = optional_year(r, "to_year", &m.to_year);
        let service = optional_id(r, "service_id", &m.service_id);
        let description = name(r, "description", &m.description);
        let amount_is = optional_choice(r, "amount_is", &m.amount_is);
        require_no_amount(r, m.amount_is(), m.amount_pence);
        let (from_year, to_year) = (from_year?, to_year?);
        if m.open_ended && to_year.is_some() {
            r.fault_in(
                "to_year",
                "the last year is either given or not: leave it out, or open_ended",
            );
            return None;
        }
        if to_year.is_some_and(|to_year| to_year < from_year) {
            r.fault_in(
                "to_year",
                format!("the last year is not before the first, {from_year}: change one of them"),
            );
            return None;
        }
        Some(Self {
            amount: amount?,
            amount_is: amount_is?,
            from_year,
            to_year: to_year.or_else(|| (!m.open_ended).then_some(from_year)),
            service: service?,
            description: description?,
        })
    }
}

fn check_grant(r: &mut MessageReader, m: &proto::GrantAwarded) {
    require_no_amount(r, m.amount_is(), m.amount_pence);
}

/// Requires that an amount which is not given is left out.
fn require_no_amount(r: &mut MessageReader, amount_is: proto::AmountIs, pence: i64) {
    if amount_is == proto::AmountIs::NotGiven && pence != 0 {
        r.fault_in(
            "amount_is",
            "the amount is there: leave amount_is out, or say ABOUT, AT_LEAST or AT_MOST",
        );
    }
}

fn check_whole(r: &mut MessageReader, m: &proto::SavingsPlanned) {
    if !m.savings_id.is_empty() && m.savings_id == m.part_of_id {
        r.fault_in("part_of_id", "a plan is not part of itself: name the whole");
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for GrantAwarded {
    fn line(&self) -> String {
        let amount = known_amount(self.amount, self.amount_is);
        let from = optional_phrase(self.from.as_ref(), "from");
        let to = optional_phrase(self.to.as_ref(), "to");
        let year = optional_phrase(self.year.as_ref(), "for");
        format!(
            "grant {}{amount} awarded{from}{to}{year}: {}",
            self.grant, self.purpose
        )
    }
}

impl Summary for SavingsPlanned {
    fn line(&self) -> String {
        savings("planned", &self.plan, &self.savings)
    }
}

impl Summary for SavingsRealised {
    fn line(&self) -> String {
        savings("realised", &self.realised, &self.savings)
    }
}

fn savings(how: &str, id: &ItemId, s: &Savings) -> String {
    let years = match s.to_year {
        None => format!("from {} on", s.from_year),
        Some(to_year) if to_year == s.from_year => format!("for {to_year}"),
        Some(to_year) => format!("for {} to {to_year}", s.from_year),
    };
    let amount = known_amount(Some(s.amount), s.amount_is);
    format!("savings {id}{amount} {how} {years}: {}", s.description)
}

/// ` of at least £3`; empty if the amount is not given.
fn known_amount(amount: Option<Pence>, amount_is: Option<AmountIs>) -> String {
    let how = match amount_is {
        None => "",
        Some(AmountIs::About) => "about ",
        Some(AmountIs::AtLeast) => "at least ",
        Some(AmountIs::AtMost) => "at most ",
        Some(AmountIs::NotGiven) => return String::new(),
    };
    amount
        .map(|amount| format!(" of {how}{amount}"))
        .unwrap_or_default()
}
