//! An underspend is one only when its year is over; it is shared out net, and every party
//! confirms what goes to no body.

use minutebook::domain::ids::SubjectId;
use minutebook::views;
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, bodies, collaboration, event, judged, on_x};

fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    Given::recorded(&events)
}

fn outturn(on: &str) -> Value {
    let figures =
        json!({ "financialYear": "2018/19", "lines": [{ "head": "All", "amountPence": "90" }] });
    on_x(on, "outturnReported", json!({ "figures": figures }))
}

fn disposed(on: &str, parts: Value) -> Value {
    let disposal = json!({ "financialYear": "2018/19", "parts": parts });
    on_x(
        on,
        "underspendDisposed",
        json!({ "disposalId": "u", "disposal": disposal }),
    )
}

fn to(body: &str, pence: &str) -> Value {
    json!({ "destination": "DISPOSAL_DESTINATION_BODY_RESERVES", "bodyId": body, "amountPence": pence })
}

#[test]
fn an_outturn_inside_its_year_is_a_forecast() {
    let parts = json!([to("a-pcc", "31800000")]);
    let dispose = |on| disposed(on, parts.clone());
    let mut given = alliance();
    given.record(&[outturn("2018-04-01")]);
    judged(
        &given,
        &[
            ("on a projection", dispose("2018-12"), &["NO_OUTTURN"]),
            ("still", dispose("2019-06"), &["NO_OUTTURN"]),
        ],
    );
    let x: SubjectId = "collaborations/x".parse().unwrap();
    let year = views::budget::get(&at(&given, "2019-06-01"), &x, None)
        .unwrap()
        .years
        .remove(0);
    assert!(year.outturns.is_empty());
    assert_eq!(year.forecasts.len(), 1);
    for on in ["2019", "2019-03", "2019-03-31", "2019-05-01"] {
        let mut given = alliance();
        given.record(&[outturn(on)]);
        judged(&given, &[(on, dispose("2019-06"), &[])]);
    }
}

#[test]
fn a_disposal_is_net_and_its_parts_have_their_signs() {
    let mut given = alliance();
    given.record(&[outturn("2019-05-01")]);
    given.record(&[disposed(
        "2019-07-14",
        json!([
            to("a-pcc", "19500000"),
            to("b-pcc", "-4500000"),
            to("b-cc", "0")
        ]),
    )]);
    let (_, disposals) = views::virements::list(&at(&given, "2019-08-01"), None);
    let parts: Vec<i64> = disposals[0]
        .parts
        .iter()
        .map(|part| part.amount_pence)
        .collect();
    assert_eq!(parts, [19_500_000, -4_500_000, 0]);
    // The paid-out amount decides who must approve, and not the net one.
    given.record(&[on_x("2019-08-01", "approvalRulesAdopted", json!({ "ruleSetId": "r", "rules": [
        { "ruleId": "big", "title": "Over £100,000", "conditions": { "amountOverPence": "10000000" },
          "requirement": { "everyParty": {} } }] }))]);
    let again = |parts| {
        let mut event = disposed("2019-08-02", parts);
        event["underspendDisposed"]["disposalId"] = "v".into();
        event
    };
    judged(
        &given,
        &[
            (
                "a large sum, set off",
                again(json!([to("a-pcc", "19500000"), to("b-pcc", "-19000000")])),
                &["APPROVAL_REQUIRED"],
            ),
            (
                "a small one",
                again(json!([to("a-pcc", "100"), to("b-pcc", "-19000000")])),
                &[],
            ),
        ],
    );
}

#[test]
fn a_successor_confirms_the_part_of_the_body_that_it_follows() {
    let mut given = alliance();
    given.record(&[
        outturn("2019-05-01"),
        event(
            "bodies/mayor",
            "2019",
            "bodyRegistered",
            json!({ "name": "The mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "m" }),
        ),
    ]);
    let parts = json!([to("a-pcc", "10"), to("b-pcc", "20")]);
    given.record(&[disposed("2019-06-01", parts)]);
    let followed = json!({ "successorId": "mayor" });
    given.record(&[event(
        "bodies/a-pcc",
        "2019-07-01",
        "bodySucceeded",
        followed,
    )]);
    let unconfirmed = |given: &Given, day: &str| -> Vec<String> {
        let (_, disposals) = views::virements::list(&at(given, day), None);
        let bodies = disposals[0].unconfirmed.iter();
        bodies.map(|body| body.body_id.clone()).collect()
    };
    assert_eq!(unconfirmed(&given, "2019-06-30"), ["a-pcc", "b-pcc"]);
    assert_eq!(unconfirmed(&given, "2019-07-01"), ["b-pcc", "mayor"]);
    let confirm = |on: &str, body: &str| {
        let payload = json!({ "disposalId": "u", "bodyId": body, "amountPence": "10" });
        on_x(on, "disposalConfirmed", payload)
    };
    judged(
        &given,
        &[
            (
                "before it followed",
                confirm("2019-06-30", "mayor"),
                &["NOT_IN_DISPOSAL"],
            ),
            ("after", confirm("2019-07-02", "mayor"), &[]),
            (
                "no heir",
                confirm("2019-07-02", "council"),
                &["NOT_IN_DISPOSAL"],
            ),
        ],
    );
    given.record(&[confirm("2019-07-02", "mayor")]);
    assert_eq!(unconfirmed(&given, "2019-07-02"), ["b-pcc"]);
    let (_, disposals) = views::virements::list(&at(&given, "2019-07-02"), None);
    assert_eq!(disposals[0].parts[0].confirmed_pence, 10);
    assert_eq!(disposals[0].confirmations, []);
}

#[test]
fn each_party_confirms_money_that_goes_to_a_common_reserve() {
    let mut given = alliance();
    given.record(&[outturn("2019-05-01")]);
    let reserve = json!([{ "destination": "DISPOSAL_DESTINATION_REGIONAL_RESERVE", "amountPence": "25200000" }]);
    given.record(&[disposed("2019-06-01", reserve)]);
    let confirm = |body: &str| {
        on_x(
            "2019-06-02",
            "disposalConfirmed",
            json!({ "disposalId": "u", "bodyId": body, "amountPence": "25200000" }),
        )
    };
    judged(
        &given,
        &[
            ("a party", confirm("a-pcc"), &[]),
            ("no party", confirm("council"), &["NOT_IN_DISPOSAL"]),
        ],
    );
    given.record(&[confirm("a-pcc")]);
    judged(&given, &[("twice", confirm("a-pcc"), &["ALREADY_SO"])]);
    let (_, disposals) = views::virements::list(&at(&given, "2019-07-01"), None);
    let unconfirmed: Vec<_> = disposals[0]
        .unconfirmed
        .iter()
        .map(|body| &*body.body_id)
        .collect();
    assert_eq!(unconfirmed, ["a-cc", "b-cc", "b-pcc"]);
    assert_eq!(disposals[0].confirmations[0].confirmed_pence, 25_200_000);
}

#[test]
fn a_year_known_by_a_printed_total_alone_has_that_total() {
    let figures =
        json!({ "financialYear": "2016/17", "stated": [{ "amountPence": "4359500000" }] });
    let mut given = Given::recorded(&bodies());
    given.record(&[event(
        "bodies/council",
        "2016-04-01",
        "budgetApproved",
        json!({ "figures": figures }),
    )]);
    given.record(&[event(
        "bodies/council",
        "2016-10-14",
        "forecastReported",
        json!({ "figures": {
        "financialYear": "2016/17", "stated": [{ "amountPence": "4370600000" }] } }),
    )]);
    let council: SubjectId = "bodies/council".parse().unwrap();
    let year = views::budget::get(&at(&given, "2017-01-01"), &council, None)
        .unwrap()
        .years
        .remove(0);
    assert_eq!(year.total_pence, Some(4_359_500_000));
    assert_eq!(year.forecasts[0].total_pence, 4_370_600_000);
    assert_eq!(year.forecasts[0].against_budget_pence, Some(11_100_000));
    assert!(views::differences::list(&at(&given, "2017-01-01"), None).is_empty());
}
