//! One approval for many virements: of several lines, made in parts, and of several years.

use serde_json::{Value, json};

use super::approving::{
    approve, head, make, named, officer, propose, request, ruled, virement, virements, vote,
};
use crate::given::judged;

fn of_year(year: &str, pence: &str) -> Value {
    let mut moved = virement(pence);
    moved["financialYear"] = year.into();
    moved
}

fn side(mut at: Value, pence: &str) -> Value {
    at["amountPence"] = pence.into();
    at
}

#[test]
fn a_schedule_of_many_lines_is_one_matter_and_is_made_in_parts() {
    let lines = |sources: Value, targets: Value| {
        json!({
            "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
            "sources": sources, "targets": targets,
        })
    };
    let (pay, kit) = (head("dogs", "Pay"), head("dogs", "Kit"));
    let (fuel, vets) = (head("dogs", "Fuel"), head("dogs", "Vets"));
    let mut schedule = lines(
        json!([side(pay.clone(), "300"), side(kit.clone(), "200")]),
        json!([side(fuel.clone(), "350"), side(vets.clone(), "150")]),
    );
    schedule["schedule"] = json!({ "title": "Schedule of virements, June 2020" });
    let mut given = ruled(&[virements("all", json!({}), named(&["a-pcc"]))]);
    given.record(&[request("2020-06-01", 1, schedule)]);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    let part = |id: &str, from: &Value, to: &Value, pence: &str| {
        let moved = lines(
            json!([side(from.clone(), pence)]),
            json!([side(to.clone(), pence)]),
        );
        make("2020-06-03", 1, id, moved)
    };
    given.record(&[part("one", &pay, &fuel, "300")]);
    judged(
        &given,
        &[
            ("the rest of a line", part("two", &kit, &fuel, "50"), &[]),
            (
                "more than is left of a line",
                part("two", &kit, &fuel, "51"),
                &["OVER_APPROVED"],
            ),
            (
                "a line that is used up",
                part("two", &pay, &vets, "1"),
                &["OVER_APPROVED"],
            ),
            (
                "a head that the schedule does not have",
                part("two", &kit, &head("dogs", "Vans"), "1"),
                &["ANOTHER_ACT"],
            ),
        ],
    );
    given.record(&[part("two", &kit, &fuel, "50")]);
    given.record(&[part("three", &kit, &vets, "150")]);
}

#[test]
fn an_approval_for_several_years_is_one_matter_with_a_virement_for_each() {
    let each = |year: &str, pence: &str| json!({ "makeVirement": of_year(year, pence) });
    let matter = json!({ "together": { "of": [each("2020/21", "300"), each("2021/22", "200")] } });
    let mut given = ruled(&[virements("all", json!({}), named(&["a-pcc"]))]);
    given.record(&[propose("2020-06-01", 1, matter)]);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    let made = |on: &str, id: &str, year: &str, pence: &str| make(on, 1, id, of_year(year, pence));
    given.record(&[made("2020-07-01", "one", "2020/21", "300")]);
    judged(
        &given,
        &[
            (
                "the later year",
                made("2021-07-01", "two", "2021/22", "200"),
                &[],
            ),
            (
                "a year that it does not name",
                made("2022-07-01", "two", "2022/23", "200"),
                &["ANOTHER_ACT"],
            ),
        ],
    );
    let over = given.faults(&[made("2021-07-01", "two", "2021/22", "201")]);
    assert!(!over.is_empty(), "more than the year has");
}

#[test]
fn a_schedule_without_a_total_is_limited_to_what_its_approval_allows() {
    let schedule = json!({
        "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
        "schedule": { "title": "Schedule of virements, June 2020" },
    });
    let mut given = ruled(&[virements("any", json!({}), officer(None))]);
    given.record(&[request("2020-06-01", 1, schedule.clone())]);
    let mut approval = approve("2020-06-02", 1);
    approval["virementApproved"]["amountPence"] = "2000".into();
    given.record(&[approval]);
    judged(
        &given,
        &[
            ("within", make("2020-06-03", 1, "v", virement("2000")), &[]),
            (
                "beyond",
                make("2020-06-03", 1, "v", virement("2001")),
                &["OVER_APPROVED"],
            ),
            (
                "no amount",
                make("2020-06-03", 1, "v", schedule),
                &["ANOTHER_ACT"],
            ),
        ],
    );
}
