//! Reading and summaries for events about money.

use crate::fields::{id, name, optional_choice, optional_id, optional_pence, optional_year, reads};
use crate::proto;
use crate::summary::{Summary, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::event::{AmountIs, GrantAwarded};
use minutebook_domain::money::Pence;

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
}

fn check_grant(r: &mut MessageReader, m: &proto::GrantAwarded) {
    require_no_amount(r, m.amount_is(), m.amount_pence);
}

/// Requires that an amount which is not given is left out.
pub(super) fn require_no_amount(r: &mut MessageReader, amount_is: proto::AmountIs, pence: i64) {
    if amount_is == proto::AmountIs::NotGiven && pence != 0 {
        r.fault_in(
            "amount_is",
            "the amount is there: leave amount_is out, or say ABOUT, AT_LEAST or AT_MOST",
        );
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

/// ` of at least £3`; empty if the amount is not given.
pub(super) fn known_amount(amount: Option<Pence>, amount_is: Option<AmountIs>) -> String {
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
