//! The budget as it is: set, changed, moved, reported, and what is left of each head.

mod checks;
mod heads;
mod ledger;
mod levels;
mod monitoring;
mod reported;
mod spent_once;
mod totals_alone;
mod year;
mod years;

use std::sync::Arc;

use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{BudgetAmounts, BudgetCell, BudgetRow, BudgetView, BudgetYear};
use serde_json::{Value, json};

use crate::given::{Given, bodies, collaboration, on_x};

const YEAR: &str = "2018/19";

/// An alliance with services for dogs and cats.
fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    for (id, name) in [("dogs", "Dogs"), ("cats", "Cats")] {
        let payload = json!({ "serviceId": id, "name": name });
        events.push(on_x("2014", "serviceAdded", payload));
    }
    Given::recorded(&events)
}

/// A head from `dogs/Pay`, `dogs`, `/Other`, with `+` before income and `*` before capital.
fn head(text: &str) -> Value {
    let (is_income, text) = match text.strip_prefix('+') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let (is_capital, text) = match text.strip_prefix('*') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let (service, name) = text.split_once('/').unwrap_or((text, ""));
    let mut head = json!({ "serviceId": service, "head": name });
    if is_income {
        head["isIncome"] = true.into();
    }
    if is_capital {
        head["fund"] = "FUND_TYPE_CAPITAL".into();
    }
    head
}

fn line((text, pence): &(&str, i64)) -> Value {
    let mut line = head(text);
    line["amountPence"] = pence.to_string().into();
    line
}

fn figures(lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(line).collect();
    json!({ "financialYear": YEAR, "lines": lines })
}

fn budget(on: &str, lines: &[(&str, i64)]) -> Value {
    on_x(on, "budgetApproved", json!({ "figures": figures(lines) }))
}

fn forecast(on: &str, lines: &[(&str, i64)]) -> Value {
    on_x(on, "forecastReported", json!({ "figures": figures(lines) }))
}

fn outturn(on: &str, lines: &[(&str, i64)]) -> Value {
    on_x(on, "outturnReported", json!({ "figures": figures(lines) }))
}

fn adjusted(on: &str, id: &str, kind: &str, lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let payload = json!({
        "adjustmentId": id, "financialYear": YEAR, "kind": format!("ADJUSTMENT_KIND_{kind}"),
        "lines": lines,
    });
    on_x(on, "budgetAdjusted", payload)
}

fn moved(on: &str, id: &str, from: &str, to: &str, pence: i64) -> Value {
    let side = |text: &str| match text.strip_prefix('@') {
        Some(body) => json!({ "returnedToId": body, "amountPence": pence.to_string() }),
        None => json!({ "head": head(text), "amountPence": pence.to_string() }),
    };
    let virement = json!({
        "financialYear": YEAR, "sources": [side(from)], "targets": [side(to)],
    });
    let payload = json!({ "virementId": id, "virement": virement });
    on_x(on, "virementMade", payload)
}

fn reversed(on: &str, id: &str) -> Value {
    let payload = json!({ "virementId": id, "reason": "Made by mistake." });
    on_x(on, "virementReversed", payload)
}

fn acknowledged(mut event: Value) -> Value {
    event["authority"] = json!({ "acknowledgedBreach": { "reason": "Overspent." } });
    event
}

fn at(given: &Given, day: &str) -> RegisterView {
    let day = day.parse().expect("a day");
    let known = Position::new(u64::MAX);
    RegisterView::new(Arc::new(given.register.clone()), day, known)
}

fn view(given: &Given, day: &str) -> BudgetView {
    let x: SubjectId = "collaborations/x".parse().unwrap();
    views::budget::get(&at(given, day), &x, None).expect("a budget")
}

/// The year of the tests.
fn year(given: &Given, day: &str) -> BudgetYear {
    let mut years = view(given, day).years.into_iter();
    years
        .find(|year| year.financial_year == YEAR)
        .expect("the year")
}

fn row<'v>(view: &'v BudgetView, text: &str) -> &'v BudgetRow {
    let wanted = head(text);
    let mut rows = view.rows.iter();
    let row = rows.find(|row| {
        let service = row.service.as_ref().map_or("", |s| s.service_id.as_str());
        service == wanted["serviceId"]
            && row.head == wanted["head"].as_str().unwrap()
            && row.is_income == wanted["isIncome"].as_bool().unwrap_or_default()
    });
    row.unwrap_or_else(|| panic!("no line {text}: {:?}", view.rows))
}

fn cell(given: &Given, day: &str, text: &str) -> BudgetCell {
    let view = view(given, day);
    let mut cells = row(&view, text).cells.iter();
    let cell = cells.find(|cell| cell.financial_year == YEAR);
    cell.expect("the year").clone()
}

fn amounts(given: &Given, day: &str, text: &str) -> BudgetAmounts {
    cell(given, day, text).amounts.expect("amounts")
}
