//! Money as a treasurer reads it.

mod command;
mod currency;
mod disposals;
mod formulas;
mod invoices;
mod ledger;
mod payers;
mod reported;
mod savings;
mod settlements;

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{ContributionsView, PayerView};
use serde_json::{Value, json};

use crate::given::{Given, bodies, collaboration, on_x};

/// Forces a and b in `x` since 2013, with services for dogs and cats since 2014.
fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    for (id, name) in [("dogs", "Dogs"), ("cats", "Cats")] {
        let payload = json!({ "serviceId": id, "name": name });
        events.push(on_x("2014", "serviceAdded", payload));
    }
    Given::recorded(&events)
}

fn at(given: &Given, day: &str) -> RegisterView {
    let register = Arc::new(given.register.clone());
    RegisterView::new(
        register,
        day.parse().expect("a day"),
        Position::new(u64::MAX),
    )
}

fn get(given: &Given, day: &str, year: &str) -> Option<ContributionsView> {
    let (x, year) = ("x".parse().unwrap(), year.parse().unwrap());
    views::contributions::get(&at(given, day), &x, year)
}

fn contributions(given: &Given, day: &str, year: &str) -> ContributionsView {
    get(given, day, year).expect("contributions")
}

fn of_body<'v>(view: &'v ContributionsView, body: &str) -> &'v PayerView {
    let mut payers = view.payers.iter();
    let payer = payers.find(|one| one.body.as_ref().unwrap().body_id == body);
    payer.unwrap_or_else(|| panic!("{body} pays nothing: {:?}", view.payers))
}

fn figures(year: &str, lines: Value) -> Value {
    json!({ "figures": { "financialYear": year, "lines": lines } })
}

/// A budget of lines, each of a service; of none where its id is empty.
fn lines(year: &str, lines: &[(&str, i64)]) -> Value {
    let lines = lines.iter().map(|(service, pence)| {
        let mut line = json!({ "amountPence": pence.to_string() });
        match *service {
            "" => line["head"] = "Other".into(),
            service => line["serviceId"] = service.into(),
        }
        line
    });
    let lines: Vec<Value> = lines.collect();
    let on = format!("{}-04-01", &year[..4]);
    on_x(&on, "budgetApproved", figures(year, lines.into()))
}

/// A formula of shares, for a service or, where its id is empty, for the whole.
fn formula(year: &str, service: &str, shares: &[(&str, u32)]) -> Value {
    let shares = shares.iter();
    let shares = shares.map(|(body, ppm)| json!({ "bodyId": body, "sharePpm": ppm }));
    let shares: Vec<Value> = shares.collect();
    let mut payload = json!({ "financialYear": year, "basis": "NRE", "shares": shares });
    if !service.is_empty() {
        payload["serviceId"] = service.into();
    }
    on_x(
        &format!("{}-04-01", &year[..4]),
        "fundingFormulaSet",
        payload,
    )
}
