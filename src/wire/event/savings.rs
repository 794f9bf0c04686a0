//! Reading and summaries for events about savings.

use super::money::{known_amount, require_no_amount};
use crate::fields::{
    FromWire, ITEMS_MAX, id, list, message, name, no_repeats, optional_choice, optional_id,
    optional_pence, optional_year, pence, reads, required_text, year,
};
use crate::proto;
use crate::summary::{Summary, optional_phrase, quoted};
use crate::violation::{MessageReader, MessageSource};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::event::{
    AmountIs, Recurrence, Savings, SavingsChanged, SavingsDropped, SavingsOfYear, SavingsPlanned,
    SavingsRealised, years_between,
};
use minutebook_domain::ids::ItemId;
use minutebook_domain::money::Pence;

reads! {
    SavingsOfYear {
        year: year(financial_year),
        amount: pence(amount_pence),
    }
    SavingsPlanned {
        plan: id(savings_id),
        savings: message(savings),
        part_of: optional_id(part_of_id),
    } => check_whole
    SavingsChanged {
        plan: id(savings_id),
        savings: message(savings),
        reason: required_text(reason),
    }
    SavingsDropped {
        plan: id(savings_id),
        reason: required_text(reason),
        amount: optional_pence(amount_pence),
    }
    SavingsRealised {
        realised: id(savings_id),
        savings: message(savings),
        plan: optional_id(plan_id),
        part_of: optional_id(part_of_id),
    } => check_made
}

fn check_made(r: &mut MessageReader, m: &proto::SavingsRealised) {
    if m.part_of_id.is_empty() {
        return;
    }
    if m.savings_id == m.part_of_id {
        r.fault_in(
            "part_of_id",
            "savings are not part of themselves: name the whole",
        );
    }
    if !m.plan_id.is_empty() {
        r.fault_in(
            "part_of_id",
            "a part is counted in its whole, and that fulfils the plan: leave one of part_of_id \
             and plan_id out",
        );
    }
}

fn check_whole(r: &mut MessageReader, m: &proto::SavingsPlanned) {
    if !m.savings_id.is_empty() && m.savings_id == m.part_of_id {
        r.fault_in("part_of_id", "a plan is not part of itself: name the whole");
    }
}

impl FromWire for Savings {
    type Wire = proto::Savings;

    fn read(r: &mut MessageReader, m: &proto::Savings) -> Option<Self> {
        let amount = pence(r, "amount_pence", &m.amount_pence);
        let years = read_years(r, m);
        let service = optional_id(r, "service_id", &m.service_id);
        let description = name(r, "description", &m.description);
        let amount_is = optional_choice(r, "amount_is", &m.amount_is);
        let recurrence = optional_choice(r, "recurrence", &m.recurrence);
        let annual = read_annual(r, m);
        let by_year = list(r, "by_year", &m.by_year, ITEMS_MAX);
        let key = |of_year: &SavingsOfYear| of_year.year;
        let by_year = no_repeats(r, "by_year", by_year, key, "an amount for this year");
        require_no_amount(r, m.amount_is(), m.amount_pence);
        let ((from_year, to_year), by_year) = (years?, by_year?);
        check_within(r, (from_year, to_year), &by_year)?;
        let mut savings = Self {
            amount: None,
            amount_is: amount_is?,
            from_year,
            to_year,
            recurrence: recurrence?,
            annual: annual?,
            by_year,
            service: service?,
            description: description?,
        };
        savings.amount = read_amount(r, amount?, &savings)?;
        Some(savings)
    }
}

type Years = (Option<FinancialYear>, Option<FinancialYear>);

/// The first and the last year.
fn read_years(r: &mut MessageReader, m: &proto::Savings) -> Option<Years> {
    let from_year = match m.start_not_given {
        true => optional_year(r, "from_year", &m.from_year),
        false => year(r, "from_year", &m.from_year).map(Some),
    };
    let to_year = optional_year(r, "to_year", &m.to_year);
    let (from_year, to_year) = (from_year?, to_year?);
    if m.start_not_given && from_year.is_some() {
        r.fault_in(
            "from_year",
            "the first year is either given or not: leave it out, or start_not_given",
        );
        return None;
    }
    if m.open_ended && to_year.is_some() {
        r.fault_in(
            "to_year",
            "the last year is either given or not: leave it out, or open_ended",
        );
        return None;
    }
    if let Some((from_year, to_year)) = from_year.zip(to_year)
        && to_year < from_year
    {
        r.fault_in(
            "to_year",
            format!("the last year is not before the first, {from_year}: change one of them"),
        );
        return None;
    }
    let to_year = to_year.or_else(|| from_year.filter(|_| !m.open_ended));
    Some((from_year, to_year))
}

/// The amount of each year; `None` where it is not stated.
fn read_annual(r: &mut MessageReader, m: &proto::Savings) -> Option<Option<Pence>> {
    if m.annual_pence != 0 && m.recurrence() != proto::Recurrence::Recurring {
        r.fault_in(
            "annual_pence",
            "only savings that recur have an amount of each year: set recurrence to \
             RECURRENCE_RECURRING, or give amount_pence or by_year instead",
        );
        return None;
    }
    let annual = pence(r, "annual_pence", &m.annual_pence)?;
    Some(Some(annual).filter(|annual| *annual != Pence::ZERO))
}

/// Requires that each year is within the first and the last.
fn check_within(r: &mut MessageReader, (from, to): Years, by_year: &[SavingsOfYear]) -> Option<()> {
    let before = r.fault_count();
    for (index, of_year) in by_year.iter().enumerate() {
        let is_early = from.is_some_and(|from| of_year.year < from);
        let is_late = to.is_some_and(|to| of_year.year > to);
        if is_early || is_late {
            r.fault_in(
                &format!("by_year[{index}].financial_year"),
                format!(
                    "{} is not within the years of these savings: change from_year or to_year, or \
                     leave it out",
                    of_year.year
                ),
            );
        }
    }
    (r.fault_count() == before).then_some(())
}

/// The amount over all years: as given, or by its years, or the same for each year; `None`
/// where none of these gives it.
fn read_amount(r: &mut MessageReader, given: Pence, savings: &Savings) -> Option<Option<Pence>> {
    if savings.amount_is == Some(AmountIs::NotGiven) {
        return Some(None);
    }
    if !savings.by_year.is_empty() {
        let total: Pence = savings.by_year.iter().map(|of_year| of_year.amount).sum();
        if given == Pence::ZERO {
            return Some(Some(total));
        }
        if savings.amount_is.is_none() && given != total {
            r.fault_in(
                "amount_pence",
                format!(
                    "the years total {total}, and the amount is {given}: correct one of them, or, \
                     where the source does not give every year exactly, say so in amount_is"
                ),
            );
            return None;
        }
    } else if let Some(annual) = savings.annual {
        let years = savings.from_year.zip(savings.to_year);
        let years = years.map(|(from, to)| years_between(from, to));
        let total = years.map(|years| years.map(|_| annual).sum());
        if given == Pence::ZERO {
            return Some(total);
        }
        let is_request = matches!(r.source, MessageSource::Request);
        let is_exact = is_request && savings.amount_is.is_none();
        if let Some(total) = total.filter(|total| is_exact && *total != given) {
            r.fault_in(
                "amount_pence",
                format!(
                    "{annual} in each of the years comes to {total}, and the amount is {given}: \
                     correct one of them, or, where the source gives both so, say so in amount_is"
                ),
            );
            return None;
        }
    }
    Some(Some(given))
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for SavingsPlanned {
    fn line(&self) -> String {
        let part_of = self.part_of.as_ref();
        let part_of = part_of.map(|whole| format!(", part of {whole}"));
        let part_of = part_of.unwrap_or_default();
        format!("{}{part_of}", savings("planned", &self.plan, &self.savings))
    }
}

impl Summary for SavingsChanged {
    fn line(&self) -> String {
        let savings = &self.savings;
        let amount = known_amount(savings.amount, savings.amount_is);
        let amount = amount.strip_prefix(" of ").unwrap_or("an amount not given");
        let reason = quoted(self.reason.as_str());
        format!(
            "savings {} changed to {amount} {} ({reason})",
            self.plan,
            terms(savings)
        )
    }
}

impl Summary for SavingsDropped {
    fn line(&self) -> String {
        let reason = quoted(self.reason.as_str());
        match self.amount {
            None => format!("savings {} given up: {reason}", self.plan),
            Some(amount) => format!("{amount} of savings {} given up: {reason}", self.plan),
        }
    }
}

impl Summary for SavingsRealised {
    fn line(&self) -> String {
        let line = savings("realised", &self.realised, &self.savings);
        let part_of = optional_phrase(self.part_of.as_ref(), "as part of");
        format!("{line}{part_of}")
    }
}

fn savings(how: &str, id: &ItemId, s: &Savings) -> String {
    let amount = known_amount(s.amount, s.amount_is);
    format!("savings {id}{amount} {how} {}", terms(s))
}

/// The years, whether they recur, and the source.
fn terms(s: &Savings) -> String {
    let years = match (s.from_year, s.to_year) {
        (None, None) => "in years not given".to_owned(),
        (None, Some(to_year)) => format!("until {to_year}"),
        (Some(from_year), None) => format!("from {from_year} on"),
        (Some(from_year), Some(to_year)) if to_year == from_year => format!("for {to_year}"),
        (Some(from_year), Some(to_year)) => format!("for {from_year} to {to_year}"),
    };
    let recurrence = match (s.recurrence, s.annual) {
        (Some(Recurrence::Recurring), Some(annual)) => format!(", {annual} each year"),
        (Some(Recurrence::Recurring), None) => ", each year".to_owned(),
        (Some(Recurrence::OneOff), _) => ", once".to_owned(),
        (None, _) => String::new(),
    };
    format!("{years}{recurrence}: {}", s.description)
}
