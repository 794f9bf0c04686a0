//! Savings as a plan goes: first planned, changed, given up, made, left; by year; and parts
//! that count once, in the plan above.

mod counted_once;
mod parts;

use minutebook::views;
use minutebook::wire::proto::{AmountIs, SavingsStep, SavingsTotalView, SavingsView};
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, bodies, collaboration, judged, on_x};

fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc", "c-pcc"]));
    Given::recorded(&events)
}

fn savings(extra: Value) -> Value {
    let mut savings = json!({ "fromYear": "2018/19", "description": "Shared fleet" });
    let fields = savings.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    savings
}

fn planned(on: &str, id: &str, part_of: &str, extra: Value) -> Value {
    let mut payload = json!({ "savingsId": id, "savings": savings(extra) });
    if !part_of.is_empty() {
        payload["partOfId"] = part_of.into();
    }
    on_x(on, "savingsPlanned", payload)
}

fn changed(on: &str, id: &str, extra: Value) -> Value {
    let payload = json!({ "savingsId": id, "savings": savings(extra), "reason": "Prices rose" });
    on_x(on, "savingsChanged", payload)
}

fn dropped(on: &str, id: &str, pence: i64) -> Value {
    let payload =
        json!({ "savingsId": id, "reason": "No site was found", "amountPence": pence.to_string() });
    on_x(on, "savingsDropped", payload)
}

fn made(on: &str, id: &str, plan: &str, extra: Value) -> Value {
    let payload = json!({ "savingsId": id, "planId": plan, "savings": savings(extra) });
    on_x(on, "savingsRealised", payload)
}

fn pence(pence: i64) -> Value {
    json!({ "amountPence": pence.to_string() })
}

fn shown(given: &Given, day: &str) -> Vec<SavingsView> {
    views::benefits::list(&at(given, day), None).1
}

fn line(given: &Given, day: &str, id: &str) -> SavingsView {
    let mut lines = shown(given, day).into_iter();
    lines.find(|line| line.savings_id == id).expect("the plan")
}

fn total(given: &Given, day: &str) -> SavingsTotalView {
    let mut totals = views::savings::totals(&at(given, day), None);
    assert_eq!(totals.len(), 1);
    totals.remove(0)
}

#[test]
fn a_plan_shows_what_was_first_planned_changed_given_up_made_and_left() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "fleet", "", pence(10_000))]);
    given.record(&[changed("2018-10-01", "fleet", pence(8_000))]);
    given.record(&[made("2019-01-01", "m1", "fleet", pence(2_500))]);
    given.record(&[dropped("2019-02-01", "fleet", 1_500)]);
    let first = line(&given, "2018-09-30", "fleet");
    assert_eq!(first.planned_pence, Some(10_000));
    assert_eq!(
        (first.made_pence, first.dropped_pence),
        (None, None),
        "blank, not 0"
    );
    assert_eq!(first.left_pence, Some(10_000));
    let now = line(&given, "2019-02-01", "fleet");
    assert_eq!(now.first_planned_pence, Some(10_000));
    assert_eq!(now.planned_pence, Some(8_000));
    assert_eq!(now.dropped_pence, Some(1_500));
    assert_eq!(now.made_pence, Some(2_500));
    assert_eq!(now.left_pence, Some(4_000));
    assert_eq!(now.dropped_on, None, "it goes on with the rest");
    let steps: Vec<_> = now
        .steps
        .iter()
        .map(|step| (step.step(), step.amount_pence))
        .collect();
    assert_eq!(
        steps,
        [
            (SavingsStep::Planned, Some(10_000)),
            (SavingsStep::Changed, Some(8_000)),
            (SavingsStep::Dropped, Some(1_500)),
        ]
    );
    assert_eq!(now.steps[1].reason, "Prices rose");
    assert!(
        shown(&given, "2018-03-31").is_empty(),
        "a plan of a later day"
    );
}

#[test]
fn giving_up_the_rest_takes_what_is_left_on_that_day_whatever_is_recorded_later() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "fleet", "", pence(10_000))]);
    given.record(&[dropped("2019-02-01", "fleet", 0)]);
    let before = line(&given, "2020-01-01", "fleet");
    assert_eq!(
        (before.dropped_pence, before.left_pence),
        (Some(10_000), Some(0))
    );
    // Made before that day, and recorded after: that much less was given up.
    given.record(&[made("2018-12-01", "m1", "fleet", pence(3_000))]);
    let line_now = line(&given, "2020-01-01", "fleet");
    assert_eq!(line_now.dropped_pence, Some(7_000));
    assert_eq!(line_now.left_pence, Some(0));
    assert!(line_now.dropped_on.is_some());
    // Made after it was given up: kept, and marked.
    given.record(&[made("2019-06-01", "m2", "fleet", pence(500))]);
    let line_now = line(&given, "2020-01-01", "fleet");
    assert_eq!(line_now.made_pence, Some(3_500));
    assert_eq!(line_now.left_pence, Some(-500));
    let after: Vec<bool> = line_now.made.iter().map(|made| made.after_drop).collect();
    assert_eq!(after, [false, true]);
}

#[test]
fn savings_are_by_year_as_given_or_the_same_each_year_or_not_known() {
    let mut given = alliance();
    let by_year = json!({ "toYear": "2020/21", "amountPence": "600", "byYear": [
        { "financialYear": "2018/19", "amountPence": "100" },
        { "financialYear": "2020/21", "amountPence": "500" }] });
    let recurring = json!({ "toYear": "2020/21", "recurrence": "RECURRENCE_RECURRING",
        "annualPence": "50" });
    let forever = json!({ "openEnded": true, "recurrence": "RECURRENCE_RECURRING",
        "annualPence": "70", "amountIs": "AMOUNT_IS_NOT_GIVEN" });
    let open =
        json!({ "openEnded": true, "recurrence": "RECURRENCE_RECURRING", "annualPence": "7" });
    let no_start = json!({ "fromYear": "", "startNotGiven": true, "amountPence": "9",
        "recurrence": "RECURRENCE_ONE_OFF" });
    given.record(&[
        planned("2018-04-01", "by-year", "", by_year),
        planned("2018-04-01", "forever", "", forever),
        planned("2018-04-01", "no-start", "", no_start),
        planned("2018-04-01", "open", "", open),
        planned("2018-04-01", "recurring", "", recurring),
    ]);
    given.record(&[made("2019-04-01", "m", "recurring", pence(45))]);
    let years = |id: &str| -> Vec<(String, Option<i64>, Option<i64>)> {
        let line = line(&given, "2019-06-01", id);
        let years = line.years.into_iter();
        years
            .map(|year| (year.financial_year, year.planned_pence, year.made_pence))
            .collect()
    };
    let year = |year: &str, planned, made| (year.to_owned(), planned, made);
    assert_eq!(
        years("by-year"),
        [
            year("2018/19", Some(100), None),
            year("2020/21", Some(500), None)
        ]
    );
    assert_eq!(
        years("recurring"),
        [
            year("2018/19", Some(50), Some(45)),
            year("2019/20", Some(50), None),
            year("2020/21", Some(50), None),
        ]
    );
    assert_eq!(
        line(&given, "2019-06-01", "recurring").planned_pence,
        Some(150)
    );
    for (id, amount) in [("forever", Some(70)), ("open", Some(7))] {
        let line = line(&given, "2019-06-01", id);
        assert_eq!(
            (line.annual_pence, line.planned_pence),
            (amount, None),
            "{id}"
        );
        assert_eq!(line.planned_is(), AmountIs::NotGiven, "{id}");
        let years: Vec<_> = line.years.iter().map(|year| year.planned_pence).collect();
        assert_eq!(
            years,
            [amount, amount],
            "{id}: up to the year of the answer"
        );
    }
    let no_start = line(&given, "2019-06-01", "no-start");
    assert_eq!(
        (no_start.from_year.as_str(), no_start.to_year.as_str()),
        ("", "")
    );
    assert!(no_start.years.is_empty());
    let all = total(&given, "2019-06-01");
    assert_eq!(all.annual_pence, Some(50 + 70 + 7));
    assert_eq!(all.planned_pence, Some(600 + 150 + 9));
    assert_eq!(all.not_given_count, 2);
    assert_eq!(all.years[0].planned_pence, Some(100 + 50 + 70 + 7));
    assert_eq!(all.years[0].made_pence, Some(45));
}

#[test]
fn a_bound_or_an_amount_not_given_stays_one() {
    let mut given = alliance();
    let least = json!({ "amountPence": "100", "amountIs": "AMOUNT_IS_AT_LEAST" });
    given.record(&[planned("2018-04-01", "fleet", "", least)]);
    let not_given = json!({ "amountIs": "AMOUNT_IS_NOT_GIVEN" });
    given.record(&[made("2018-12-01", "m1", "fleet", not_given)]);
    let fleet = line(&given, "2019-01-01", "fleet");
    assert_eq!(
        (fleet.made_pence, fleet.made_is()),
        (None, AmountIs::NotGiven)
    );
    assert_eq!(
        (fleet.left_pence, fleet.left_is()),
        (None, AmountIs::NotGiven)
    );
    assert_eq!(fleet.not_given_count, 1);
    given.record(&[made("2018-12-02", "m2", "fleet", pence(30))]);
    let fleet = line(&given, "2019-01-01", "fleet");
    assert_eq!(
        (fleet.made_pence, fleet.made_is()),
        (Some(30), AmountIs::AtLeast)
    );
    assert_eq!(
        fleet.left_is(),
        AmountIs::About,
        "more was planned, and more was made"
    );
    assert_eq!(total(&given, "2019-01-01").not_given_count, 1);
}

#[test]
fn rules_of_plans() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "all", "", pence(10))]);
    given.record(&[planned("2018-04-01", "fleet", "all", pence(5))]);
    given.record(&[planned("2018-04-01", "gone", "", pence(5))]);
    given.record(&[dropped("2018-06-01", "gone", 0)]);
    given.record(&[planned("2018-04-01", "half", "", pence(5))]);
    given.record(&[dropped("2018-06-01", "half", 2)]);
    let unknown: &[&str] = &["UNKNOWN_ITEM"];
    let closed: &[&str] = &["ITEM_CLOSED"];
    judged(
        &given,
        &[
            (
                "an unknown plan",
                changed("2018-07-01", "z", pence(1)),
                unknown,
            ),
            ("likewise", dropped("2018-07-01", "z", 0), unknown),
            (
                "before it was made",
                changed("2018-03-01", "all", pence(1)),
                &["BEFORE_ITEM"],
            ),
            ("given up", changed("2018-07-01", "gone", pence(1)), closed),
            ("given up again", dropped("2018-07-01", "gone", 0), closed),
            (
                "given up again, before",
                dropped("2018-05-01", "gone", 0),
                closed,
            ),
            (
                "changed before that",
                changed("2018-05-01", "gone", pence(1)),
                &[],
            ),
            (
                "given up in part",
                changed("2018-07-01", "half", pence(1)),
                &[],
            ),
            ("the rest", dropped("2018-07-01", "half", 0), &[]),
            ("made of it", made("2018-07-01", "m", "gone", pence(1)), &[]),
            (
                "part of an unknown plan",
                planned("2018-07-01", "p", "z", pence(1)),
                unknown,
            ),
        ],
    );
    given.record(&[dropped("2018-08-01", "all", 0)]);
    judged(
        &given,
        &[(
            "of a whole that was given up",
            changed("2018-09-01", "fleet", pence(1)),
            closed,
        )],
    );
}

/// The lines without the positions of entries, which depend on the order of recording.
fn comparable(given: &Given) -> (Vec<SavingsView>, SavingsTotalView) {
    let mut lines = shown(given, "2026-01-01");
    for line in &mut lines {
        line.steps.iter_mut().for_each(|step| step.position = 0);
        line.made.iter_mut().for_each(|made| made.position = 0);
    }
    (lines, total(given, "2026-01-01"))
}

#[test]
fn the_order_of_recording_changes_nothing() {
    let mut base = alliance();
    base.record(&[
        planned("2018-04-01", "all", "", pence(10_000)),
        planned("2018-04-01", "estate", "all", pence(4_000)),
        planned("2018-04-01", "fleet", "all", pence(7_000)),
    ]);
    let events = [
        changed("2018-05-01", "fleet", pence(6_000)),
        changed("2018-06-01", "all", pence(9_000)),
        made("2018-07-01", "m1", "fleet", pence(500)),
        dropped("2018-08-01", "fleet", 700),
        made("2018-09-01", "m2", "estate", pence(300)),
        dropped("2018-10-01", "estate", 0),
        made("2018-11-01", "m3", "estate", pence(50)),
        made("2018-12-01", "m4", "all", pence(20)),
        dropped("2019-01-01", "all", 0),
    ];
    let recorded = |order: &[usize]| {
        let mut given = base.clone();
        for index in order {
            given.record(std::slice::from_ref(&events[*index]));
        }
        given
    };
    let mut order: Vec<usize> = (0..events.len()).collect();
    let expected = comparable(&recorded(&order));
    let (lines, total) = &expected;
    let whole = &lines[0];
    assert_eq!(whole.planned_pence, Some(9_000));
    assert_eq!(whole.made_pence, Some(500 + 300 + 50 + 20));
    assert_eq!(
        whole.left_pence,
        Some(0),
        "all was given up, with its parts"
    );
    assert_eq!(total.dropped_pence, whole.dropped_pence);
    let mut seed = 7_u64;
    for _ in 0..200 {
        for index in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(index, (seed >> 33) as usize % (index + 1));
        }
        assert_eq!(comparable(&recorded(&order)), expected, "{order:?}");
    }
}
