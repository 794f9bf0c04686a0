//! The cost of each service, and the part of each body.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use minutebook_domain::money::Ppm;
use minutebook_wire::proto::{ContributionsView, FormulaView, ShareLimitView, SharedCostView};

/// A row a service and body; then the service as a whole.
pub(super) fn sheet(view: &ContributionsView) -> Sheet {
    let mut sheet = Sheet::new("shares", "How the cost is shared").columns([
        ("service", "Service"),
        ("body", "Body"),
        ("basis", "Basis"),
        ("share", "Share"),
    ]);
    let costs = || view.shared_costs.iter();
    let parts = || costs().flat_map(|cost| &cost.parts);
    let is_used = |formula: &FormulaView| formula.shares.iter().any(|one| !one.used.is_empty());
    let all_if = |is_known: bool| Audience::all_if(is_known);
    sheet
        .column_for(all_if(view.formulas.iter().any(is_used)), "used", "Use")
        .column_for(
            all_if(parts().any(|part| part.original_pence.is_some())),
            "original",
            "As printed",
        )
        .column("by_formula", "By formula")
        .column_for(
            all_if(costs().any(|cost| cost.revised_pence != cost.amount_pence)),
            "revised",
            "Now",
        )
        .column_for(
            all_if(parts().any(|part| part.forecast_variance_pence.is_some())),
            "forecast_variance",
            "Forecast less budget",
        )
        .column_for(
            all_if(parts().any(|part| part.outturn_variance_pence.is_some())),
            "outturn_variance",
            "Outturn less budget",
        )
        .column_for(
            all_if(costs().any(|cost| !cost.not_shared.is_empty())),
            "not_shared",
            "Not shared",
        );
    // Contributions as printed are the matrix; without a formula there is no more to say.
    if view.formulas.is_empty() && parts().all(|part| part.forecast_variance_pence.is_none()) {
        return sheet;
    }
    sheet.in_currency(&view.currency);
    for cost in costs() {
        rows(view, cost, &mut sheet);
    }
    sheet
}

/// A row a line and body; then the line as a whole.
pub(super) fn lines(view: &ContributionsView) -> Sheet {
    let mut sheet = Sheet::new("lines", "How each line of the budget is shared").columns([
        ("service", "Service"),
        ("head", "Head"),
        ("fund", "Fund"),
        ("body", "Body"),
        ("amount", "Amount"),
    ]);
    sheet.in_currency(&view.currency);
    for cost in &view.shared_costs {
        for line in &cost.lines {
            let row = |body: Cell, pence| {
                let (head, fund) = ((&line.head).into(), Cell::label(line.fund()));
                vec![service(cost), head, fund, body, Cell::Pence(pence)]
            };
            for part in &line.parts {
                sheet.row(row((&part.body).into(), part.amount_pence));
            }
            sheet.row(row(Cell::named("total", "Total"), line.amount_pence));
        }
    }
    sheet
}

/// The name of a service, or of the whole.
pub(super) fn name(cost: &SharedCostView) -> String {
    match &cost.service {
        Some(service) if service.name.is_empty() => service.service_id.clone(),
        Some(service) => service.name.clone(),
        None => "The whole".to_owned(),
    }
}

fn service(cost: &SharedCostView) -> Cell {
    match &cost.service {
        Some(service) => service.into(),
        None => Cell::named("", "the whole"),
    }
}

fn rows(view: &ContributionsView, cost: &SharedCostView, sheet: &mut Sheet) {
    let basis = match cost.by_formula_of_whole {
        true if !cost.not_shared.is_empty() => Cell::Empty,
        true => Cell::named(&cost.basis, format!("{} (of the whole)", cost.basis)),
        false => (&cost.basis).into(),
    };
    let formula = view
        .formulas
        .iter()
        .find(|formula| match cost.by_formula_of_whole {
            true => formula.service.is_none(),
            false => formula.service == cost.service,
        });
    for part in &cost.parts {
        let mut shares = formula.iter().flat_map(|formula| &formula.shares);
        let used = shares.find(|share| share.body == part.body);
        sheet.row(vec![
            service(cost),
            (&part.body).into(),
            basis.clone(),
            match part.share_ppm {
                0 => Cell::Empty,
                ppm => Cell::Ppm(ppm),
            },
            used.map_or(Cell::Empty, |share| (&share.used).into()),
            Cell::known(part.original_pence),
            Cell::known(part.by_formula_pence),
            Cell::known(part.revised_pence),
            Cell::known(part.forecast_variance_pence),
            Cell::known(part.outturn_variance_pence),
            Cell::Empty,
        ]);
    }
    if let Some(not_known) = cost.not_known_pence {
        let mut cells = vec![service(cost), Cell::named("not_known", "Others, not known")];
        cells.extend(vec![Cell::Empty; 4]);
        cells.push(Cell::Pence(not_known));
        cells.extend(vec![Cell::Empty; 4]);
        sheet.row(cells);
    }
    let mut cells = vec![service(cost), Cell::named("total", "Total")];
    cells.extend(vec![Cell::Empty; 4]);
    cells.extend([
        Cell::known(cost.amount_pence),
        Cell::known(cost.revised_pence),
    ]);
    cells.extend([Cell::Empty, Cell::Empty, (&cost.not_shared).into()]);
    sheet.row(cells);
}

/// The limits of a formula, and the body that bears the remainder, in sentences.
pub(in crate::reports) fn sentences(formula: &FormulaView) -> Vec<String> {
    let of = match &formula.service {
        Some(service) if service.name.is_empty() => service.service_id.clone(),
        Some(service) => service.name.clone(),
        None => "The whole".to_owned(),
    };
    let each = match formula.limits.len() {
        1 => "each body",
        _ => "each other body",
    };
    let limits = formula
        .limits
        .iter()
        .map(|limit| format!("{of}: {}.", limit_in_words(limit, each)));
    let remainder = formula.remainder_to.as_ref();
    let remainder =
        remainder.map(|body| format!("{of}: {} bears the pennies left over.", body.name));
    limits.chain(remainder).collect()
}

/// A limit; `each` names the bodies of one that is of no body in particular.
fn limit_in_words(limit: &ShareLimitView, each: &str) -> String {
    let who = limit.body.as_ref().map_or(each, |body| &body.name);
    let amount = |word: &str, pence: Option<i64>, ppm: Option<u32>| {
        let figure = match (pence, ppm) {
            (Some(pence), _) => Cell::Pence(pence).for_people(),
            (None, Some(ppm)) => format!("{} of the cost", Ppm::computed(ppm)),
            (None, None) => return None,
        };
        Some(format!("{word} {figure}"))
    };
    let least = amount("at least", limit.minimum_pence, limit.minimum_ppm);
    let most = amount("at most", limit.maximum_pence, limit.maximum_ppm);
    let bounds: Vec<String> = least.into_iter().chain(most).collect();
    format!("{who} bears {}", bounds.join(" and "))
}
