//! Measures of rules: shares of a budget, a year's running total and its
//! thresholds; of proposals, and of acts without a proposal.

use serde_json::{Value, json};

use super::approving::*;
use super::breaches::{naming, now};
use super::rules::{asked, conditions, first_applies, tiers};
use super::votes::recorded;
use crate::given::{Given, judged, on_x};

/// One side of a virement.
fn side(place: Value, amount: &str) -> Value {
    let mut side = place;
    side["amountPence"] = amount.into();
    side
}

/// A one-off virement of 2020/21 from these places, all of it to the vans' fuel.
fn from(sources: &[(Value, i64)]) -> Value {
    let total: i64 = sources.iter().map(|(_, amount)| amount).sum();
    let sources: Vec<Value> = sources
        .iter()
        .map(|(place, amount)| side(place.clone(), &amount.to_string()))
        .collect();
    json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF", "sources": sources,
        "targets": [side(head("vans", "Fuel"), &total.to_string())] })
}

fn budget(on: &str, year: &str, lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(service, amount)| json!({ "serviceId": service, "amountPence": amount.to_string() }))
        .collect();
    let figures = json!({ "figures": { "financialYear": year, "lines": lines } });
    on_x(on, "budgetApproved", figures)
}

/// The stage with these events recorded before the rules; the first rule has
/// `condition`.
fn after(events: &[Value], condition: Value) -> Given {
    let rest =
        json!({ "ruleId": "rest", "title": "rest", "requirement": named(&["a-cc", "b-cc"]) });
    let first = json!({ "ruleId": "first", "title": "first", "conditions": condition,
        "requirement": officer(None) });
    recorded(
        recorded(stage(), events),
        &[adopt("2020-01-01", "rules", &[first, rest])],
    )
}

#[test]
fn of_several_services_the_largest_share_counts() {
    let figures = [("dogs", 100_000), ("vans", 10_000)];
    let given = after(
        &[budget("2019-06-01", "2020/21", &figures)],
        json!({ "budgetShareUpToPpm": 50_000 }),
    );
    let (pay, food) = (head("dogs", "Pay"), head("dogs", "Food"));
    let fuel = head("vans", "Tyres");
    first_applies(
        &given,
        &[
            (
                "each five per cent",
                asked(from(&[(pay.clone(), 5000), (fuel.clone(), 500)])),
                true,
            ),
            (
                "one a penny more",
                asked(from(&[(pay.clone(), 1), (fuel.clone(), 501)])),
                false,
            ),
            (
                "two heads of one service together",
                asked(from(&[(pay.clone(), 3000), (food.clone(), 2001)])),
                false,
            ),
            (
                "two heads, together just within",
                asked(from(&[(pay.clone(), 3000), (food, 2000)])),
                true,
            ),
        ],
    );
    let mut next_year = from(&[(pay, 1)]);
    next_year["financialYear"] = "2021/22".into();
    first_applies(
        &given,
        &[("a year without a budget", asked(next_year), false)],
    );
}

#[test]
fn the_main_budget_as_it_was_on_the_day_counts() {
    let mut capital = budget("2019-07-01", "2020/21", &[("dogs", 1)]);
    capital["budgetApproved"]["budgetId"] = "capital".into();
    let given = after(
        &[
            budget("2019-06-01", "2020/21", &[("dogs", 100_000)]),
            capital,
            budget("2020-07-01", "2020/21", &[("dogs", 50_000)]),
        ],
        json!({ "budgetShareUpToPpm": 50_000 }),
    );
    let given = recorded(given, &[asked(from(&[(head("dogs", "Pay"), 5000)]))]);
    judged(
        &given,
        &[
            ("before it was halved", approve("2020-06-30", 1), &[]),
            ("after", approve("2020-07-01", 1), &["NOT_ENTITLED"]),
        ],
    );
}

#[test]
fn only_money_that_leaves_a_service_has_a_share() {
    let disposal = |service: &str, amount: &str| {
        let part =
            json!({ "destination": "DISPOSAL_DESTINATION_CARRIED_FORWARD", "amountPence": amount });
        let disposal = json!({ "financialYear": "2020/21", "serviceId": service, "parts": [part] });
        propose("2020-06-01", 1, json!({ "disposeUnderspend": disposal }))
    };
    let set = json!({ "setBudget": { "financialYear": "2020/21", "totalPence": "1" } });
    for (bound, within, beyond) in [
        ("budgetShareUpToPpm", true, false),
        ("budgetShareOverPpm", false, true),
    ] {
        first_applies(
            &conditions(json!({ bound: 50_000 })),
            &[
                (
                    "five per cent of the dogs",
                    disposal("dogs", "5000"),
                    within,
                ),
                ("a penny more", disposal("dogs", "5001"), beyond),
                (
                    "of the whole: of which service is not known",
                    disposal("", "1"),
                    beyond,
                ),
                ("a budget", propose("2020-06-01", 1, set.clone()), false),
            ],
        );
    }
}

#[test]
fn a_running_total_is_of_one_head_and_one_year() {
    let heads = ["Pay", "Food"]
        .map(|head| json!({ "serviceId": "dogs", "head": head, "amountPence": "10000" }));
    let figures = json!({ "financialYear": "2020/21", "lines": heads });
    let by_head = on_x(
        "2020-04-02",
        "budgetApproved",
        json!({ "figures": figures }),
    );
    let made = make("2020-06-02", 1, "v-1", virement("60"));
    let given = recorded(tiers(), &[by_head, made]);
    let (pay, food) = (head("dogs", "Pay"), head("dogs", "Food"));
    let capital =
        json!({ "head": { "serviceId": "dogs", "head": "Pay", "fund": "FUND_TYPE_CAPITAL" } });
    let mut next_year = virement("100");
    next_year["financialYear"] = "2021/22".into();
    let table: Vec<(&str, Value, &[&str])> = vec![
        ("another head", from(&[(food.clone(), 100)]), &[]),
        ("its capital", from(&[(capital, 100)]), &[]),
        ("another year", next_year, &[]),
        (
            "two heads, each within",
            from(&[(pay.clone(), 40), (food.clone(), 100)]),
            &[],
        ),
        (
            "two heads, one beyond",
            from(&[(food, 1), (pay, 41)]),
            &["NOT_ENTITLED"],
        ),
    ];
    for (name, virement, reasons) in table {
        let given = recorded(given.clone(), &[request("2020-06-03", 2, virement)]);
        judged(&given, &[(name, approve("2020-06-04", 2), reasons)]);
    }
}

#[test]
fn a_running_total_counts_virements_made_by_then() {
    let mut given = recorded(
        tiers(),
        &[
            make("2020-06-05", 1, "v-1", virement("60")),
            request("2020-06-01", 2, virement("41")),
        ],
    );
    judged(
        &given,
        &[
            ("before it was made", approve("2020-06-04", 2), &[]),
            ("after", approve("2020-06-06", 2), &["NOT_ENTITLED"]),
        ],
    );
    given.record(&[on_x(
        "2020-06-10",
        "virementReversed",
        json!({ "virementId": "v-1", "reason": "A mistake" }),
    )]);
    judged(
        &given,
        &[
            (
                "before it was undone",
                approve("2020-06-09", 2),
                &["NOT_ENTITLED"],
            ),
            ("after", approve("2020-06-10", 2), &[]),
        ],
    );
    // A virement made without approval still counts.
    let breached = recorded(
        tiers(),
        &[
            breach(make("2020-06-02", 0, "v-1", virement("60"))),
            request("2020-06-03", 2, virement("40")),
            request("2020-06-03", 3, virement("41")),
        ],
    );
    judged(
        &breached,
        &[
            ("with a breach, the tier", approve("2020-06-04", 2), &[]),
            (
                "and a penny over",
                approve("2020-06-04", 3),
                &["NOT_ENTITLED"],
            ),
        ],
    );
}

#[test]
fn draws_on_one_proposal_are_counted_once() {
    let given = recorded(
        tiers(),
        &[
            request("2020-06-01", 2, virement("100")),
            approve("2020-06-01", 2),
            make("2020-06-02", 2, "v-1", virement("60")),
        ],
    );
    judged(
        &given,
        &[
            (
                "the rest of it",
                make("2020-06-03", 2, "v-2", virement("40")),
                &[],
            ),
            (
                "another proposal",
                make("2020-06-03", 1, "v-2", virement("60")),
                &["TIER_PASSED"],
            ),
        ],
    );
}

#[test]
fn another_tier_that_the_same_votes_meet_is_no_obstacle() {
    let tier = |id: &str, conditions: Value| virements(id, conditions, named(&["a-cc"]));
    let given = ruled(&[
        tier("small", json!({ "runningTotalUpToPence": "100" })),
        tier("large", json!({})),
    ]);
    let given = recorded(
        given,
        &[
            request("2020-06-01", 1, virement("60")),
            request("2020-06-01", 2, virement("60")),
            vote("2020-06-01", 1, "+a-cc"),
            vote("2020-06-01", 2, "+a-cc"),
            make("2020-06-02", 1, "v-1", virement("60")),
        ],
    );
    judged(
        &given,
        &[("both", make("2020-06-03", 2, "v-2", virement("60")), &[])],
    );
}

#[test]
fn a_virement_recorded_late_moves_later_approvals_into_another_tier() {
    let given = recorded(
        tiers(),
        &[
            request("2020-06-01", 2, virement("41")),
            approve("2020-06-04", 2),
            make("2020-06-05", 2, "v-2", virement("41")),
        ],
    );
    assert!(now(&given).is_empty());
    let late = make("2020-06-03", 1, "v-1", virement("60"));
    judged(&given, &[("recorded late", late.clone(), &["CROWDS_OUT"])]);
    // The late virement, recorded as a breach, counts at its date, and both are shown.
    let given = recorded(given, &[naming(1, breach(late))]);
    let lines = now(&given);
    let [_, line] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    let act = line.act.as_ref().expect("an act");
    assert_eq!(act.item_id, "v-2", "made on a word that no longer sufficed");
    assert_eq!(line.missing[0].reason, "NOT_CARRIED");
}

#[test]
fn any_of_the_lines_that_a_rule_names_is_enough() {
    let to = |mut target: Value| {
        target["amountPence"] = "100".into();
        let mut virement = virement("100");
        virement["targets"][0] = target;
        asked(virement)
    };
    let capital =
        json!({ "head": { "serviceId": "dogs", "head": "Pay", "fund": "FUND_TYPE_CAPITAL" } });
    let crossing = |which: &[&str]| {
        let which: Vec<String> = which.iter().map(|c| format!("CROSSING_{c}")).collect();
        conditions(json!({ "crossings": which }))
    };
    first_applies(
        &crossing(&["SERVICES", "CAPITAL_REVENUE"]),
        &[
            ("the one", to(head("vans", "Pay")), true),
            ("the other", to(capital), true),
            ("neither", to(head("dogs", "Food")), false),
        ],
    );
    let returned = || json!({ "returnedToId": "a-pcc" });
    first_applies(
        &crossing(&["HEADS", "SERVICES", "CAPITAL_REVENUE"]),
        &[("a body is no head", to(returned()), false)],
    );
    let mut split = virement("100");
    split["targets"] = json!([side(head("dogs", "Food"), "99"), side(returned(), "1")]);
    first_applies(
        &crossing(&["RETURNED_TO_BODIES"]),
        &[("a penny of it", asked(split), true)],
    );
}

/// One rule, about virements for which `conditions` hold.
fn only(conditions: Value) -> Given {
    ruled(&[virements("any", conditions, named(&["a-cc"]))])
}

#[test]
fn an_act_that_nobody_proposed_is_measured_itself() {
    let act = |amount: &str| make("2020-06-01", 0, "v", virement(amount));
    let required: &[&str] = &["APPROVAL_REQUIRED"];
    judged(
        &only(json!({ "amountOverPence": "100", "amountUpToPence": "200" })),
        &[
            ("at the lower bound", act("100"), &[]),
            ("a penny above it", act("101"), required),
            ("at the upper bound", act("200"), required),
            ("a penny above that", act("201"), &[]),
        ],
    );
    judged(
        &only(json!({ "budgetShareOverPpm": 50_000 })),
        &[
            ("five per cent", act("5000"), &[]),
            ("a penny more", act("5001"), required),
        ],
    );
    judged(
        &recorded(
            only(json!({ "runningTotalOverPence": "100" })),
            &[make("2020-05-01", 0, "w", virement("60"))],
        ),
        &[
            ("together the tier", act("40"), &[]),
            ("together a penny more", act("41"), required),
        ],
    );
    judged(
        &only(json!({ "permanence": "PERMANENCE_PERMANENT" })),
        &[("one-off", act("1"), &[])],
    );
    judged(
        &only(json!({ "proposerIds": ["council"] })),
        &[("by any proposer", act("1"), required)],
    );
}

#[test]
fn a_budget_and_a_disposal_are_measured_by_their_totals() {
    let measured = |kind: &str| {
        let over = json!({ "amountOverPence": "100" });
        ruled(&[about(&[kind], "large", over, named(&["a-cc"]))])
    };
    let required: &[&str] = &["APPROVAL_REQUIRED"];
    let set = |amounts: &[(&str, i64)]| budget("2020-06-01", "2021/22", amounts);
    judged(
        &measured("SET_BUDGET"),
        &[
            ("the bound", set(&[("dogs", 60), ("vans", 40)]), &[]),
            ("a penny more", set(&[("dogs", 60), ("vans", 41)]), required),
        ],
    );
    let outturn = json!({ "figures": { "financialYear": "2019/20",
        "lines": [{ "serviceId": "dogs", "amountPence": "1000" }] } });
    let dispose = |amount: &str| {
        let part = |amount: &str| json!({ "destination": "DISPOSAL_DESTINATION_CARRIED_FORWARD", "amountPence": amount });
        let parts = json!([part("60"), { "destination": "DISPOSAL_DESTINATION_REGIONAL_RESERVE", "amountPence": amount }]);
        let disposal = json!({ "financialYear": "2019/20", "parts": parts });
        on_x(
            "2020-06-02",
            "underspendDisposed",
            json!({ "disposalId": "d", "disposal": disposal }),
        )
    };
    judged(
        &recorded(
            measured("DISPOSE_UNDERSPEND"),
            &[on_x("2020-06-01", "outturnReported", outturn)],
        ),
        &[
            ("the bound", dispose("40"), &[]),
            ("a penny more", dispose("41"), required),
        ],
    );
}

#[test]
fn a_breach_without_an_amount_is_above_every_bound() {
    let mut given = ruled(&[
        virements(
            "small",
            json!({ "amountUpToPence": "1000000000" }),
            officer(None),
        ),
        virements("large", json!({}), named(&["a-cc", "b-cc"])),
    ]);
    given.record(&[breach(make("2020-06-01", 0, "v", virement("0")))]);
    let line = now(&given).pop().expect("a breach");
    assert_eq!(line.rule.expect("a rule").rule_id, "large");
    assert_eq!(line.act.expect("an act").amount_pence, None);
}
