//! Savings plans that are part of others: each counts once, in the plan above.

use minutebook::present::answer::Answer;
use minutebook::present::{csv, table};
use minutebook::wire::proto::{AmountIs, ListBenefitsResponse};
use serde_json::json;

use super::{alliance, dropped, line, made, pence, planned, shown, total};
use crate::given::{judged, on_x};

#[test]
fn parts_count_once_in_the_plan_above_and_in_the_totals() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "all", "", pence(10_000))]);
    given.record(&[planned("2018-04-01", "fleet", "all", pence(7_000))]);
    given.record(&[planned("2018-04-01", "estate", "all", pence(4_000))]);
    given.record(&[made("2018-12-01", "m1", "fleet", pence(2_000))]);
    given.record(&[made("2018-12-01", "m2", "all", pence(100))]);
    given.record(&[dropped("2019-01-01", "estate", 0)]);
    let whole = line(&given, "2019-04-01", "all");
    assert_eq!(whole.part_count, 2);
    assert_eq!(whole.parts_pence, Some(11_000));
    assert_eq!(
        whole.parts_over_pence,
        Some(1_000),
        "the parts exceed the whole"
    );
    assert_eq!(whole.realised_pence, 100, "its own");
    assert_eq!(whole.made_pence, Some(2_100));
    assert_eq!(whole.dropped_pence, Some(4_000));
    assert_eq!(whole.left_pence, Some(3_900));
    let all = total(&given, "2019-04-01");
    assert_eq!(all.planned_pence, Some(10_000), "not 21,000");
    assert_eq!(all.made_pence, Some(2_100));
    assert_eq!(all.dropped_pence, Some(4_000));
    assert_eq!(all.left_pence, Some(3_900));
    assert_eq!(all.not_given_count, 0);
    // The whole is given up: so are its parts, and that counts once.
    given.record(&[dropped("2019-05-01", "all", 0)]);
    let fleet = line(&given, "2019-06-01", "fleet");
    assert_eq!(
        (fleet.dropped_pence, fleet.left_pence),
        (Some(5_000), Some(0))
    );
    assert!(fleet.dropped_on.is_some());
    let all = total(&given, "2019-06-01");
    assert_eq!((all.dropped_pence, all.left_pence), (Some(7_900), Some(0)));
}

#[test]
fn a_whole_without_an_amount_has_that_of_its_parts() {
    let mut given = alliance();
    let not_given = json!({ "amountIs": "AMOUNT_IS_NOT_GIVEN", "openEnded": true });
    given.record(&[planned("2018-04-01", "all", "", not_given.clone())]);
    given.record(&[planned("2018-04-01", "fleet", "all", pence(7_000))]);
    given.record(&[planned("2018-04-01", "estate", "all", not_given)]);
    let whole = line(&given, "2019-04-01", "all");
    assert_eq!(
        (whole.planned_pence, whole.planned_is()),
        (None, AmountIs::NotGiven)
    );
    assert_eq!(whole.parts_pence, Some(7_000));
    assert_eq!(whole.parts_is(), AmountIs::AtLeast, "one is not given");
    assert_eq!(whole.parts_over_pence, None);
    let all = total(&given, "2019-04-01");
    assert_eq!(all.planned_pence, Some(7_000));
    assert_eq!(all.first_planned_pence, None);
}

#[test]
fn no_plan_becomes_part_of_its_own_part() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "all", "", pence(10))]);
    let position = given.register.tail().get();
    given.record(&[planned("2018-04-01", "fleet", "all", pence(5))]);
    given.record(&[planned("2018-04-01", "cars", "fleet", pence(5))]);
    let circle = planned("2018-04-01", "all", "cars", pence(10));
    let payload = json!({ "position": position.to_string(), "reason": "It is part of that",
        "replacement": circle });
    let corrected = on_x("2019-01-01", "entryCorrected", payload);
    judged(
        &given,
        &[
            ("again", circle, &["ID_TAKEN", "NOT_ITS_PART"]),
            // In its place in the log, the plan below is not there yet.
            ("corrected", corrected, &["UNKNOWN_ITEM", "RELIED_UPON"]),
        ],
    );
}

#[test]
fn plans_are_part_of_ten_others_at_most() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "p0", "", pence(1))]);
    for depth in 1..=10 {
        let (id, whole) = (format!("p{depth}"), format!("p{}", depth - 1));
        given.record(&[planned("2018-04-01", &id, &whole, pence(1))]);
    }
    let deeper = planned("2018-04-01", "p11", "p10", pence(1));
    judged(&given, &[("one more", deeper, &["NOT_ITS_PART"])]);
    given.record(&[made("2018-12-01", "m", "p10", pence(1))]);
    assert_eq!(line(&given, "2019-01-01", "p0").made_pence, Some(1));
}

#[test]
fn a_plan_that_states_its_yearly_amount_is_more_than_its_parts() {
    let mut given = alliance();
    let yearly = json!({ "openEnded": true, "recurrence": "RECURRENCE_RECURRING",
        "annualPence": "950" });
    given.record(&[planned("2018-04-01", "all", "", yearly)]);
    given.record(&[planned("2018-04-01", "fuel", "all", pence(400))]);
    given.record(&[made("2018-12-01", "m", "all", pence(910))]);
    let whole = line(&given, "2019-01-01", "all");
    assert_eq!((whole.parts_pence, whole.planned_pence), (Some(400), None));
    assert_eq!(whole.left_pence, None, "not 400 less 910");
    assert_eq!(whole.years[0].planned_pence, Some(950));
    assert_eq!(whole.years[0].made_pence, Some(910));
    assert_eq!(total(&given, "2019-01-01").not_given_count, 1);
}

#[test]
fn people_read_the_parts_under_the_whole_and_programs_every_row() {
    let mut given = alliance();
    let not_given = json!({ "amountIs": "AMOUNT_IS_NOT_GIVEN" });
    given.record(&[
        planned("2018-04-01", "whole", "", not_given),
        planned("2018-04-01", "a-part", "whole", pence(40_000)),
        planned("2018-04-01", "b-part", "whole", pence(60_000)),
        planned("2018-04-01", "other", "", pence(5_000)),
    ]);
    given.record(&[made("2018-05-01", "m", "a-part", pence(1_000))]);
    let answer = ListBenefitsResponse {
        savings: shown(&given, "2018-06-01"),
        totals: vec![total(&given, "2018-06-01")],
        ..ListBenefitsResponse::default()
    };
    let report = answer.report();
    let text = table::render(&report, table::Layout::plain(200));
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words}: {text}"))
    };
    assert!(at("│ other ") < at("│ whole "), "by id: {text}");
    assert!(
        at("│ whole ") < at("│ a-part ") && at("│ a-part ") < at("│ b-part "),
        "{text}"
    );
    assert!(text.contains("└ Shared fleet"), "{text}");
    assert!(text.contains("by its parts"), "{text}");
    let mut programs = Vec::new();
    csv::write(&report, &mut programs).unwrap();
    let programs = String::from_utf8(programs).unwrap();
    let kinds: Vec<&str> = programs
        .lines()
        .filter_map(|row| row.split(',').next())
        .collect();
    let count = |kind: &str| kinds.iter().filter(|other| **other == kind).count();
    assert_eq!(count("saving"), 4);
    assert_eq!(count("saving_step"), 4);
    assert_eq!(count("saving_made"), 1);
    assert_eq!(count("saving_total"), 1);
}
