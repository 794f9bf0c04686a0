//! Attacks on measures (totals, heads, budgets) and on the cost of computing them.

use super::*;

fn by_total() -> Given {
    ruled(&[
        virements(
            "small",
            json!({ "runningTotalUpToPence": "1000" }),
            officer(None),
        ),
        virements("large", json!({}), every_party()),
    ])
}

#[test]
fn a_breach_that_names_the_request_and_is_another_act_runs_in_the_total() {
    let mut given = by_total();
    asked_and_approved(&mut given, 1, virement("1000"));
    let other = from(head("dogs", "Pay"), head("vans", "Tyres"), "900000");
    given.record(&[naming(1, breach(make("2020-06-03", 0, "b", other)))]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("1000")));
}

#[test]
fn a_breach_of_the_same_act_and_more_runs_in_the_total() {
    let mut given = by_total();
    asked_and_approved(&mut given, 1, virement("1000"));
    asked_and_approved(
        &mut given,
        2,
        from(head("dogs", "Pay"), head("vans", "Tyres"), "1000"),
    );
    // A breach that proposal 1 would cover but does not name: it counts in both totals.
    given.record(&[breach(make("2020-06-03", 0, "b", virement("500")))]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("1000")));
    caught(
        &mut given,
        make(
            "2020-06-09",
            2,
            "w",
            from(head("dogs", "Pay"), head("vans", "Tyres"), "1000"),
        ),
    );
}

#[test]
fn a_breach_of_an_unstated_amount_is_above_every_total() {
    let mut given = by_total();
    let mut unknown = virement("1");
    unknown["sources"][0]
        .as_object_mut()
        .unwrap()
        .remove("amountPence");
    unknown["targets"][0]
        .as_object_mut()
        .unwrap()
        .remove("amountPence");
    given.record(&[breach(make("2020-05-01", 0, "b", unknown))]);
    asked_and_approved(&mut given, 1, virement("1000"));
    refused(&given, make("2020-06-03", 1, "v", virement("1000")));
}

#[test]
fn a_breach_of_an_unstated_amount_uses_the_proposal_that_it_names() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("1000"));
    let mut unknown = virement("1");
    unknown["sources"][0]
        .as_object_mut()
        .unwrap()
        .remove("amountPence");
    unknown["targets"][0]
        .as_object_mut()
        .unwrap()
        .remove("amountPence");
    given.record(&[naming(1, breach(make("2020-06-03", 0, "b", unknown)))]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("1000")));
}

#[test]
fn a_head_is_one_however_it_is_capitalised() {
    let mut given = by_total();
    asked_and_approved(&mut given, 1, virement("1000"));
    given.record(&[make("2020-06-03", 1, "v", virement("1000"))]);
    let again = from(head("dogs", "PAY"), head("vans", "Fuel"), "1000");
    given.record(&[request("2020-06-01", 2, again.clone())]);
    given.record(&[approve("2020-06-04", 2)]);
    refused(&given, make("2020-06-04", 2, "w", again));
}

#[test]
fn a_virement_recorded_late_does_not_make_a_lawful_one_a_breach() {
    let mut given = by_total();
    let tyres = from(head("dogs", "Pay"), head("vans", "Tyres"), "600");
    asked_and_approved(&mut given, 1, virement("600"));
    asked_and_approved(&mut given, 2, tyres.clone());
    given.record(&[make("2020-06-20", 1, "v", virement("600"))]);
    let late = make("2020-06-10", 2, "w", tyres);
    if given.faults(std::slice::from_ref(&late)).is_empty() {
        given.record(&[late]);
        let shown: Vec<_> = breaches(&given)
            .into_iter()
            .map(|b| b.act.unwrap().position)
            .collect();
        assert_eq!(
            shown,
            vec![tail(&given)],
            "the late one is the breach, not the one before it"
        );
    }
}

fn budgets() -> Given {
    ruled(&[
        about(
            &["SET_BUDGET"],
            "small",
            json!({ "amountUpToPence": "1000" }),
            named(&["a-pcc"]),
        ),
        about(&["SET_BUDGET"], "large", json!({}), every_party()),
    ])
}

fn set(figures: Value) -> Value {
    let mut figures = figures;
    figures["financialYear"] = "2021/22".into();
    resting(
        1,
        on_x(
            "2020-06-09",
            "budgetApproved",
            json!({ "figures": figures }),
        ),
    )
}

fn small_budget() -> Given {
    let mut given = budgets();
    let matter = json!({ "setBudget": { "financialYear": "2021/22", "totalPence": "1000" } });
    given.record(&[propose("2020-06-01", 1, matter)]);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    given
}

#[test]
fn a_budget_of_stated_totals_only_is_not_nothing() {
    caught(
        &mut small_budget(),
        set(json!({ "stated": [{ "amountPence": "100000000" }] })),
    );
}

#[test]
fn a_budget_is_as_large_as_its_contributions_too() {
    caught(
        &mut small_budget(),
        set(json!({
        "lines": [{ "serviceId": "dogs", "amountPence": "1000" }],
        "contributions": [{ "serviceId": "dogs", "bodyId": "a-pcc", "amountPence": "100000000" }] })),
    );
}

#[test]
fn a_negative_line_does_not_hide_a_budget() {
    caught(
        &mut small_budget(),
        set(json!({
        "lines": [{ "serviceId": "dogs", "amountPence": "100000000" },
                  { "serviceId": "vans", "amountPence": "-99999000" }] })),
    );
}

#[test]
fn a_request_drawn_in_many_parts_is_kept_to_the_penny() {
    let mut given = by_total();
    asked_and_approved(&mut given, 1, virement("1000"));
    for part in 0..50 {
        given.record(&[make("2020-06-09", 1, &format!("v-{part}"), virement("20"))]);
    }
    assert!(breaches(&given).is_empty());
    let more = make("2020-06-09", 1, "more", virement("1"));
    judged(
        &given,
        &[("a penny more", more.clone(), &["APPROVAL_SPENT"])],
    );
    given.record(&[naming(1, breach(more))]);
    assert_eq!(breaches(&given).len(), 1);
}
