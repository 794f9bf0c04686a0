//! The costs by formula, in the shape of the matrix: what each body bears of each service,
//! and its share.

use std::collections::BTreeMap;

use super::payers;
use super::printed::{services_are_down, with_services_down};
use super::shares::{name, sentences};
use crate::cell::Cell;
use crate::sheet::Sheet;
use minutebook_domain::money::Ppm;
use minutebook_wire::proto::{ContributionsView, SharedCostView, SharedPartView};

/// The amounts, then the shares; no rows where nothing is shared by a formula.
pub(super) fn sheets(view: &ContributionsView) -> [Sheet; 2] {
    let mut amounts = Sheet::new("by_formula", "By formula");
    let mut shares = Sheet::new("formula_shares", "Shares");
    let is_shared = |cost: &&SharedCostView| cost.parts.iter().any(is_by_formula);
    let costs: Vec<&SharedCostView> = view.shared_costs.iter().filter(is_shared).collect();
    if costs.is_empty() {
        return [amounts, shares];
    }
    for sheet in [&mut amounts, &mut shares] {
        sheet.column("body", "Body");
        for cost in &costs {
            let service = cost.service.as_ref();
            let id = service.map_or("", |service| service.service_id.as_str());
            sheet.column(id, name(cost));
        }
    }
    amounts.column("total", "Total");
    amounts.in_currency(&view.currency);
    for payer in &view.payers {
        let part = |cost: &&SharedCostView| {
            let mut parts = cost.parts.iter();
            parts
                .find(|part| part.body == payer.body && is_by_formula(part))
                .cloned()
        };
        let parts: Vec<Option<SharedPartView>> = costs.iter().map(part).collect();
        if parts.iter().all(Option::is_none) {
            continue;
        }
        let row = |cell: fn(&SharedPartView) -> Cell| {
            let mut cells = vec![Cell::from(&payer.body)];
            let parts = parts.iter();
            cells.extend(parts.map(|part| part.as_ref().map_or(Cell::Empty, cell)));
            cells
        };
        let mut cells = row(|part| Cell::known(part.by_formula_pence));
        cells.push(Cell::known(payer.by_formula_pence));
        amounts.row(cells);
        shares.row(row(|part| match part.share_ppm {
            0 => Cell::Empty,
            ppm => Cell::Ppm(ppm),
        }));
    }
    let mut cells = vec![Cell::named("total", "Total")];
    cells.extend(costs.iter().map(|cost| Cell::known(cost.amount_pence)));
    cells.push(payers::total_by_formula(view));
    amounts.row(cells);
    for sentence in bases(&costs) {
        shares.note(sentence);
    }
    for formula in &view.formulas {
        for sentence in sentences(formula) {
            shares.note(sentence);
        }
    }
    for cost in costs.iter().filter(|cost| is_off(cost.printed_total_ppm)) {
        shares.note(format!(
            "{}: the printed shares total {}, and each is taken as a part of that.",
            name(cost),
            percent(cost.printed_total_ppm)
        ));
    }
    if !payers::has_figures(view) {
        for sentence in &view.left_out {
            amounts.note(sentence.clone());
        }
    }
    match services_are_down(view) {
        true => [with_services_down(amounts, view), shares],
        false => [amounts, shares],
    }
}

fn is_by_formula(part: &SharedPartView) -> bool {
    part.by_formula_pence.is_some()
}

/// Whether shares that are rounded as printed miss the whole.
fn is_off(printed_total_ppm: u32) -> bool {
    !matches!(printed_total_ppm, 0 | Ppm::WHOLE)
}

/// A share that may be more than the whole: `101 %`.
fn percent(ppm: u32) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The costs that each basis divides.
fn bases(costs: &[&SharedCostView]) -> Vec<String> {
    let mut by_basis: BTreeMap<(bool, &str), Vec<String>> = BTreeMap::new();
    for cost in costs {
        let key = (!cost.by_formula_of_whole, cost.basis.as_str());
        by_basis.entry(key).or_default().push(name(cost));
    }
    let sentence = |((is_own, basis), services): ((bool, &str), Vec<String>)| {
        let whole = match is_own {
            true => "",
            false => ", the formula of the whole",
        };
        format!("By {basis}{whole}: {}.", services.join("; "))
    };
    by_basis.into_iter().map(sentence).collect()
}
