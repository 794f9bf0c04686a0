//! The order in which entries are recorded does not matter: a history that is taken both in
//! the order of its dates and in another gives the same views, and nothing is taken in one
//! order that contradicts the rest in the other.
//!
//! `MINUTEBOOK_TEST_ORDER_CASES` makes it run longer.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use minutebook::domain::admit::Refusal;
use minutebook::domain::fault::Fault;
use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::domain::rule::Rule;
use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::json::to_value;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::decisions::approving::{adopt, every_party, virements};
use crate::given::{self, Given, event, on_x};
use crate::views_agree::histories::{beginning, happening, is_readable};

fn cases() -> u32 {
    let cases = std::env::var("MINUTEBOOK_TEST_ORDER_CASES").ok();
    cases.map_or(60, |cases| cases.parse().expect("a number of cases"))
}

/// The full date of an event; `None` if it has another: the order within a day, and within
/// a month or a year, is that of recording.
fn day_of(event: &Value) -> Option<Date> {
    let on = event.get("effectiveOn")?;
    let part = |name: &str| on.get(name)?.as_i64();
    let (year, month, day) = (part("year")?, part("month")?, part("day")?);
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// Whether an event means something else in another order: a correction names a position,
/// and rules that are recorded after an act accuse it of less than those before it.
fn is_of_one_order(event: &Value) -> bool {
    ["entryCorrected", "approvalRulesAdopted"]
        .iter()
        .any(|kind| event.get(kind).is_some())
}

/// Seats, ends and other terms, on which something may rest.
fn grounds() -> impl Strategy<Value = Value> {
    let bodies = || select(vec!["a-pcc", "a-cc", "b-pcc", "b-cc"]);
    let items = || select(vec!["one", "two", "three"]);
    let days = (0..730_i64, 0..730_i64).prop_map(|(on, later)| {
        let day = |days: i64| date(2019, 6, 1).checked_add(days.days()).expect("a day");
        (
            day(on).to_string(),
            given::date(&day(on + later).to_string()),
        )
    });
    (days, bodies(), bodies(), items(), 0..11_u8).prop_map(|((on, later), one, other, id, what)| {
        let on_board = |kind: &str, payload: Value| event("boards/board", &on, kind, payload);
        let seat = json!([{ "bodyId": one }]);
        match what {
            0 | 1 => on_board("boardMembershipChanged", json!({ "left": seat })),
            2 => on_board("boardMembershipChanged", json!({ "joined": seat })),
            3 => on_board("boardEnded", json!({ "reason": "Over" })),
            4 => {
                let extended = json!({ "noticeId": id, "takesEffectOn": later });
                on_x(&on, "noticeExtended", extended)
            }
            5 => {
                let moved = json!({ "serviceId": "dogs", "fromId": one, "toId": other });
                on_x(&on, "serviceLeadTransferred", moved)
            }
            6 => {
                let renewed = json!({ "instrumentId": id, "expiresOn": later,
                    "agreedByIds": ["a-pcc", "b-pcc"] });
                on_x(&on, "instrumentRenewed", renewed)
            }
            7 => on_x(&on, "leadEnded", json!({ "reason": "Nobody leads" })),
            9 | 10 => {
                let list = if what == 9 { "added" } else { "removed" };
                let changed = json!({ format!("{list}CollaborationIds"): ["x"] });
                on_board("boardCollaborationsChanged", changed)
            }
            _ => {
                let mandate = json!({ "directionId": id, "kind": "DIRECTION_KIND_MANDATE",
                    "terms": "The order" });
                on_x(&on, "directionIssued", mandate)
            }
        }
    })
}

/// Events on different days.
fn offered() -> impl Strategy<Value = Vec<Value>> {
    let events = prop_oneof![5 => happening(), 1 => grounds()];
    proptest::collection::vec(events, 5..60).prop_map(|events| {
        let mut days = BTreeSet::new();
        let mut events = events;
        events.retain(|event| {
            let day = day_of(event);
            let is_free = day.is_some_and(|day| days.insert(day));
            is_free && !is_of_one_order(event) && is_readable(event)
        });
        events
    })
}

/// A register after the events that it took.
struct Recorded {
    given: Given,
    taken: Vec<Value>,
    /// The others, and why each is refused.
    refused: Vec<(Value, Vec<Fault>)>,
}

/// Records events that are admitted, in this order.
fn record(is_ruled: bool, events: &[Value]) -> Recorded {
    let (mut given, mut taken, mut refused) = (beginning(), Vec::new(), Vec::new());
    if is_ruled {
        let rules = [virements("any", json!({}), every_party())];
        given.record(&[adopt("2019-06-01", "rules", &rules)]);
    }
    for event in events {
        match given.judge(std::slice::from_ref(event)) {
            Ok(admission) => {
                given.register = admission.register;
                given.entries.extend(admission.entries);
                taken.push(event.clone());
            }
            Err(Refusal::Rules(findings)) => {
                let faults = findings.into_iter().map(|finding| finding.fault);
                refused.push((event.clone(), faults.collect()));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    Recorded {
        given,
        taken,
        refused,
    }
}

/// Leaves out where an entry is in the log, and the order of what has no other order.
fn without_positions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                let name = name.to_ascii_lowercase();
                !name.ends_with("position") && !name.ends_with("positions")
            });
            fields.values_mut().for_each(without_positions);
        }
        Value::Array(items) => {
            items.iter_mut().for_each(without_positions);
            items.sort_by_cached_key(Value::to_string);
        }
        Value::String(text) if text.contains("entry ") => {
            let words = text.split(' ');
            let words = words.map(
                |word| match word.starts_with(|c: char| c.is_ascii_digit()) {
                    true => "N",
                    false => word,
                },
            );
            *text = words.collect::<Vec<&str>>().join(" ");
        }
        _ => {}
    }
}

/// Every subject as a view shows it, what is outstanding, and every breach.
fn shown(given: &Given, day: Date) -> Value {
    let register = Arc::new(given.register.clone());
    let view = RegisterView::new(register, day, Position::new(u64::MAX));
    let subjects: Vec<SubjectId> = view.subjects().map(|(id, _)| id.clone()).collect();
    let states = subjects.iter().filter_map(|id| {
        let state = views::state::get(&view, id)?;
        Some((id.to_string(), to_value(&state)))
    });
    let mut shown: serde_json::Map<String, Value> = states.collect();
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&view, &asker);
    let attention = views::attention::list(&view, &asker, until);
    let attention = attention.iter().map(to_value).collect();
    shown.insert("attention".to_owned(), attention);
    let breaches = views::breaches::list(&view, None);
    let breaches = breaches.iter().map(to_value).collect();
    shown.insert("breaches".to_owned(), breaches);
    let mut shown = Value::Object(shown);
    without_positions(&mut shown);
    shown
}

/// The first place where two answers differ.
fn difference(path: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            names.into_iter().find_map(|name| {
                let field = |of: &serde_json::Map<String, Value>| of.get(name).cloned();
                let (one, other) = (field(one), field(other));
                let path = format!("{path}.{name}");
                difference(&path, &one.unwrap_or_default(), &other.unwrap_or_default())
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut both = one.iter().zip(other);
            both.find_map(|(one, other)| difference(&format!("{path}[]"), one, other))
        }
        _ => (one != other).then(|| format!("{path}: {one} and {other}")),
    }
}

/// The register shows these where it could refuse: acts without their approval, and votes,
/// decisions and rules that became known late.
fn is_shown(event: &Value, fault: &Fault) -> bool {
    let is_opinion = [
        "voteCast",
        "decisionMade",
        "externalDecisionReceived",
        "conditionSettled",
    ]
    .iter()
    .any(|kind| event.get(kind).is_some());
    match fault.rule() {
        Rule::PriorApproval | Rule::ProjectedUnderspend => true,
        Rule::Entitlement => {
            let is_of_a_seat = matches!(
                fault,
                Fault::NotAVotingMember { .. } | Fault::TallyTooLarge { .. }
            );
            is_opinion && !is_of_a_seat || matches!(fault, Fault::ProposerRequired { .. })
        }
        _ => false,
    }
}

#[test]
fn the_order_of_recording_does_not_matter() {
    let config = ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&(any::<bool>(), offered()), |(is_ruled, events)| {
        // As they come, which is in no order.
        let mixed = record(is_ruled, &events);
        let taken = &mixed.taken;
        let mut by_date = taken.clone();
        by_date.sort_by_key(day_of);
        let in_order = record(is_ruled, &by_date);
        let refused = &in_order.refused;
        // Others that rest on a refused one are refused with it. Successions that are
        // recorded late refuse nothing.
        let succeeds = |event: &Value| event.get("bodySucceeded").is_some();
        let first = refused.first().filter(|_| !taken.iter().any(succeeds));
        if let Some((event, faults)) = first {
            prop_assert!(
                faults.iter().any(|fault| is_shown(event, fault)),
                "taken in another order: {event}\n{faults:?}\nof {taken:#?}"
            );
        }
        if refused.is_empty() {
            for day in by_date.iter().filter_map(day_of).step_by(4) {
                let (one, other) = (shown(&mixed.given, day), shown(&in_order.given, day));
                let found = difference("", &one, &other);
                prop_assert!(found.is_none(), "on {day}: {found:?}\nof {taken:#?}");
            }
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
