//! Reading and summaries for events about the disposal of underspends.

use crate::event::money::{known_amount, require_no_amount};
use crate::fields::{
    FromWire, ITEMS_MAX, choice, id, message, natural_pence, optional_choice, optional_id, pence,
    reads, some_list, year,
};
use crate::proto;
use crate::summary::Summary;
use crate::violation::MessageReader;
use minutebook_domain::event::{
    AmountIs, Disposal, DisposalConfirmed, DisposalDestination, DisposalPart, UnderspendDisposed,
};
use minutebook_domain::known_amount::KnownAmount;
use minutebook_domain::money::Pence;

reads! {
    UnderspendDisposed {
        id: id(disposal_id),
        disposal: message(disposal),
    }
}

impl FromWire for Disposal {
    type Wire = proto::Disposal;

    fn read(r: &mut MessageReader, m: &proto::Disposal) -> Option<Self> {
        let year = year(r, "financial_year", &m.financial_year);
        let service = optional_id(r, "service_id", &m.service_id);
        let parts = some_list(r, "parts", &m.parts, ITEMS_MAX);
        let total = stated(r, "total_pence", m.total_pence, pence);
        let underspend = stated(
            r,
            "gross_underspend_pence",
            m.gross_underspend_pence,
            natural_pence,
        );
        let overspend = stated(
            r,
            "gross_overspend_pence",
            m.gross_overspend_pence,
            natural_pence,
        );
        let basis = optional_choice(r, "basis", &m.basis);
        let disposal = Self {
            year: year?,
            service: service?,
            parts: parts?,
            total: total?,
            gross_underspend: underspend?,
            gross_overspend: overspend?,
            basis: basis?,
        };
        check_disposal_total(r, &disposal)?;
        Some(disposal)
    }
}

/// An amount that may be left out.
fn stated(
    r: &mut MessageReader,
    field: &str,
    v: Option<i64>,
    read: fn(&mut MessageReader, &str, &i64) -> Option<Pence>,
) -> Option<Option<Pence>> {
    match v {
        None => Some(None),
        Some(v) => read(r, field, &v).map(Some),
    }
}

/// Requires that the parts have the stated total, and the total the stated gross amounts.
fn check_disposal_total(r: &mut MessageReader, disposal: &Disposal) -> Option<()> {
    let parts: KnownAmount = disposal
        .parts
        .iter()
        .map(DisposalPart::known_amount)
        .collect();
    let before = r.fault_count();
    if let (Some(total), Some(sum)) = (disposal.total, parts.exactly())
        && total != sum
    {
        r.fault_in(
            "total_pence",
            format!(
                "the parts total {sum}, and this is {total}: correct one of them, or leave the \
                 total out"
            ),
        );
    }
    let gross = disposal.gross_underspend.zip(disposal.gross_overspend);
    let net = gross.map(|(underspend, overspend)| underspend - overspend);
    if let (Some(net), Some(total)) = (net, disposal.net().exactly())
        && net != total
    {
        r.fault_in(
            "gross_overspend_pence",
            format!(
                "the underspend less the overspend is {net}, and {total} is disposed of: correct \
                 one of them, or leave out the gross amounts"
            ),
        );
    }
    (r.fault_count() == before).then_some(())
}

impl FromWire for DisposalConfirmed {
    type Wire = proto::DisposalConfirmed;

    fn read(r: &mut MessageReader, m: &proto::DisposalConfirmed) -> Option<Self> {
        let disposal = id(r, "disposal_id", &m.disposal_id);
        let body = id(r, "body_id", &m.body_id);
        let (amount, amount_is) = part_amount(r, m.amount_pence, m.amount_is, m.amount_is())?;
        Some(Self {
            id: disposal?,
            body: body?,
            amount,
            amount_is,
        })
    }
}

/// An amount of either sign, and how exactly it is known.
fn part_amount(
    r: &mut MessageReader,
    amount_pence: i64,
    amount_is: i32,
    wire: proto::AmountIs,
) -> Option<(Option<Pence>, Option<AmountIs>)> {
    let before = r.fault_count();
    let amount = pence(r, "amount_pence", &amount_pence);
    let known: Option<Option<AmountIs>> = optional_choice(r, "amount_is", &amount_is);
    require_no_amount(r, wire, amount_pence);
    if r.fault_count() > before {
        return None;
    }
    let is_given = wire != proto::AmountIs::NotGiven;
    Some((amount.filter(|_| is_given), known?))
}

impl FromWire for DisposalPart {
    type Wire = proto::disposal::DisposalPart;

    fn read(r: &mut MessageReader, m: &proto::disposal::DisposalPart) -> Option<Self> {
        let destination = choice(r, "destination", &m.destination);
        let body = optional_id(r, "body_id", &m.body_id);
        let amount = part_amount(r, m.amount_pence, m.amount_is, m.amount_is());
        if m.destination() == proto::DisposalDestination::BodyReserves && m.body_id.is_empty() {
            r.fault_in(
                "body_id",
                "required for a body's reserves: give the id of the body",
            );
            return None;
        }
        let (amount, amount_is) = amount?;
        Some(Self {
            destination: destination?,
            body: body?,
            amount,
            amount_is,
        })
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for UnderspendDisposed {
    fn line(&self) -> String {
        format!(
            "underspend disposed of ({}), {}",
            self.id,
            disposal(&self.disposal)
        )
    }
}

impl Summary for DisposalConfirmed {
    fn line(&self) -> String {
        let amount = known_amount(self.amount, self.amount_is);
        format!("{} confirmed disposal {}{amount}", self.body, self.id)
    }
}

pub(super) fn disposal(d: &Disposal) -> String {
    let net = d.net();
    let total = known_amount(net.amount, net.is);
    let total = total.strip_prefix(" of ").unwrap_or("amount not stated");
    let parts: Vec<String> = d.parts.iter().take(6).map(part).collect();
    let more = match d.parts.len() {
        0..=6 => String::new(),
        number => format!(" and {} more parts", number - 6),
    };
    let projected = match d.is_projected() {
        true => " (projected)",
        false => "",
    };
    format!("{}{projected}: {total}: {}{more}", d.year, parts.join(", "))
}

fn part(part: &DisposalPart) -> String {
    let to = match (part.destination, &part.body) {
        (DisposalDestination::BodyReserves, Some(body)) => format!("to the reserves of {body}"),
        (DisposalDestination::BodyReserves, None) => "to reserves".to_owned(),
        (DisposalDestination::RegionalReserve, _) => "to the regional reserve".to_owned(),
        (DisposalDestination::CarriedForward, _) => "carried forward".to_owned(),
    };
    let amount = known_amount(part.amount, part.amount_is);
    format!(
        "{} {to}",
        amount.strip_prefix(" of ").unwrap_or("amount not stated")
    )
}
