//! Disposals of underspends: the lines under the virements.

use super::{UNDER, of_act, undone};
use crate::cell::{Cell, money};
use crate::dates;
use crate::reports::acts;
use crate::sheet::Sheet;
use minutebook_wire::proto::disposal_view::PartView;
use minutebook_wire::proto::{
    ActView, AmountIs, BodyRef, DisposalDestination, DisposalView, UnderspendBasis,
};

/// Adds a disposal with its parts, and who confirmed it.
pub fn add_disposal(disposal: &DisposalView, disposed: &mut Sheet, list: &mut Sheet) {
    let act = disposal.act.clone().unwrap_or_default();
    let whole = match &disposal.service {
        Some(service) => Cell::from(service).for_people(),
        None => "the whole".to_owned(),
    };
    disposed.in_currency(&disposal.currency);
    list.in_currency(&disposal.currency);
    disposed.row(vec![
        format!(
            "{}, {whole}\n{}{}",
            disposal.disposal_id,
            disposal.subject_name,
            in_words(disposal)
        )
        .into(),
        (&disposal.financial_year).into(),
        net(disposal, &act),
        Cell::dated(&act.on, act.on_is()),
        undone(&act).into(),
        act.position.into(),
    ]);
    let mut row = of_act("disposal", &act);
    row.retain(|(key, _)| *key != "id");
    row.extend([
        ("subject", (&disposal.subject).into()),
        ("subject_name", (&disposal.subject_name).into()),
        ("id", (&disposal.disposal_id).into()),
        ("proposal_id", (&disposal.proposal_id).into()),
        ("financial_year", (&disposal.financial_year).into()),
        ("service", (&disposal.service).into()),
        ("basis", Cell::label(disposal.basis())),
        ("net", Cell::known(disposal.net_pence)),
        ("net_is", Cell::label(disposal.net_is())),
        (
            "gross_underspend",
            Cell::known(disposal.gross_underspend_pence),
        ),
        (
            "gross_overspend",
            Cell::known(disposal.gross_overspend_pence),
        ),
        ("split_not_given", Cell::Yes(disposal.split_not_given)),
        ("underspend", Cell::known(disposal.underspend_pence)),
        (
            "over_underspend",
            Cell::known(disposal.over_underspend_pence),
        ),
    ]);
    list.row_by_key(&row);
    for part in &disposal.parts {
        disposed.row(vec![
            format!("{UNDER}{}", destination(part)).into(),
            Cell::Empty,
            Cell::known_amount(part.amount_pence, part.amount_is()),
            Cell::Empty,
            confirmed(part),
            Cell::Empty,
        ]);
        list.row_by_key(&[
            ("kind", "part".into()),
            ("subject", (&disposal.subject).into()),
            ("subject_name", (&disposal.subject_name).into()),
            ("part_of", (&disposal.disposal_id).into()),
            ("financial_year", (&disposal.financial_year).into()),
            ("what", Cell::label(part.destination())),
            ("body", (&part.body).into()),
            (
                "amount",
                Cell::known_amount(part.amount_pence, part.amount_is()),
            ),
            ("confirmed_on", (&part.confirmed_on).into()),
            (
                "confirmed",
                match part.confirmed_on {
                    Some(_) => Cell::known_amount(part.confirmed_pence, part.confirmed_is()),
                    None => Cell::Empty,
                },
            ),
        ]);
    }
    add_confirmations(disposal, disposed, list);
}

/// The confirmations of parties without a part of their own, and who has not confirmed.
fn add_confirmations(disposal: &DisposalView, disposed: &mut Sheet, list: &mut Sheet) {
    let mut add = |body: Cell, confirmed: Option<(Cell, Cell)>| {
        let (on, pence) = match confirmed {
            Some(confirmed) => confirmed,
            None => (Cell::named("", "awaited"), Cell::Empty),
        };
        disposed.row(vec![
            format!("{UNDER}confirmed by {}", body.for_people()).into(),
            Cell::Empty,
            pence.clone(),
            Cell::Empty,
            on.clone(),
            Cell::Empty,
        ]);
        list.row_by_key(&[
            ("kind", "confirmation".into()),
            ("subject", (&disposal.subject).into()),
            ("subject_name", (&disposal.subject_name).into()),
            ("part_of", (&disposal.disposal_id).into()),
            ("financial_year", (&disposal.financial_year).into()),
            ("body", body),
            ("confirmed_on", on),
            ("confirmed", pence),
        ]);
    };
    for given in &disposal.confirmations {
        let on = (&given.confirmed_on).into();
        let amount = Cell::known_amount(given.confirmed_pence, given.confirmed_is());
        add((&given.body).into(), Some((on, amount)));
    }
    // A body with a part of its own is awaited in the line of that part.
    let has_part = |body: &BodyRef| {
        let mut bodies = disposal.parts.iter().filter_map(|part| part.body.as_ref());
        bodies.any(|other| other.body_id == body.body_id)
    };
    for body in disposal.unconfirmed.iter().filter(|body| !has_part(body)) {
        add(Cell::from(body), None);
    }
}

/// The net amount; of a net disposal, with what it is the net of.
fn net(disposal: &DisposalView, act: &ActView) -> Cell {
    match disposal.net_pence {
        Some(net) => Cell::known_amount(net, disposal.net_is()),
        None => acts::amount(act),
    }
}

/// The gross amounts, and how it compares with the underspend on record: a line each, after
/// the first.
fn in_words(disposal: &DisposalView) -> String {
    let pounds = |pence: i64| money(pence, &disposal.currency).to_string();
    let gross = match (
        disposal.gross_underspend_pence,
        disposal.gross_overspend_pence,
    ) {
        (None, None) => None,
        (Some(under), None) => Some(format!("of an underspend of {}", pounds(under))),
        (None, Some(over)) => Some(format!("less an overspend of {}", pounds(over))),
        (Some(under), Some(over)) => Some(format!(
            "underspend {} less overspend {}",
            pounds(under),
            pounds(over)
        )),
    };
    let over = disposal.over_underspend_pence.filter(|over| *over > 0);
    let over = over
        .zip(disposal.underspend_pence)
        .map(|(over, on_record)| {
            format!(
                "{} more than the underspend on record ({})",
                pounds(over),
                pounds(on_record)
            )
        });
    let is_projected = disposal.basis() == UnderspendBasis::Projected;
    let projected = is_projected.then(|| "of a projected underspend".to_owned());
    let split = disposal
        .split_not_given
        .then(|| "split not given".to_owned());
    let lines = [projected, gross, split, over].into_iter().flatten();
    lines.map(|line| format!("\n{line}")).collect()
}

fn destination(part: &PartView) -> String {
    let body = Cell::from(&part.body).for_people();
    match (part.destination(), body.as_str()) {
        (destination, "") => Cell::label(destination).for_people(),
        (DisposalDestination::BodyReserves, body) => format!("reserves of {body}"),
        (destination, body) => format!("{}, {body}", Cell::label(destination).for_people()),
    }
}

/// When a body confirmed its part. A part without a body needs no confirmation.
fn confirmed(part: &PartView) -> Cell {
    match (&part.confirmed_on, &part.body) {
        (Some(day), _)
            if part.confirmed_pence == part.amount_pence
                || part.confirmed_is() == AmountIs::NotGiven =>
        {
            day.into()
        }
        (Some(day), _) => Cell::sentence([
            format!("{}, for ", dates::date(day)).into(),
            Cell::Pence(part.confirmed_pence),
        ]),
        (None, Some(_)) => Cell::named("", "awaited"),
        (None, None) => Cell::Empty,
    }
}
