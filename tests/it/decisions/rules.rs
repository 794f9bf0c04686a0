//! Which approval rule applies: each condition, just inside and just outside.

use serde_json::{Value, json};

use super::approving::*;
use crate::given::{Given, event, judged, on_x};

/// The first rule has the condition (the officer of a-pcc decides); the second
/// applies otherwise (both chiefs decide). Who may vote shows which applies.
pub(super) fn first_applies(given: &Given, proposals: &[(&str, Value, bool)]) {
    let mut wrong = Vec::new();
    for (name, proposal, first) in proposals {
        let mut given = given.clone();
        given.record(std::slice::from_ref(proposal));
        let officer = vote("2020-06-02", 1, "+a-pcc");
        let mut officer = officer;
        officer["voteCast"]["voter"]["office"] = "Chief Finance Officer".into();
        let allowed = given.faults(&[officer]).is_empty();
        let chief = given.faults(&[vote("2020-06-02", 1, "+a-cc")]).is_empty();
        if (allowed, chief) != (*first, !*first) {
            wrong.push(format!("{name}: first rule {allowed}, second {chief}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(super) fn conditions(conditions: Value) -> Given {
    let second =
        json!({ "ruleId": "rest", "title": "rest", "requirement": named(&["a-cc", "b-cc"]) });
    ruled(&[
        json!({ "ruleId": "first", "title": "first", "conditions": conditions,
            "requirement": officer(None) }),
        second,
    ])
}

pub(super) fn asked(virement: Value) -> Value {
    request("2020-06-01", 1, virement)
}

#[test]
fn an_amount_is_above_one_bound_and_up_to_another() {
    first_applies(
        &conditions(json!({ "amountOverPence": "100", "amountUpToPence": "200" })),
        &[
            ("at the lower bound", asked(virement("100")), false),
            ("a penny above it", asked(virement("101")), true),
            ("at the upper bound", asked(virement("200")), true),
            ("a penny above that", asked(virement("201")), false),
            (
                "of a budget whose total is not said: above every bound",
                propose(
                    "2020-06-01",
                    1,
                    json!({ "setBudget": { "financialYear": "2021/22" } }),
                ),
                false,
            ),
            (
                "of a matter that has none",
                propose("2020-06-01", 1, json!({ "addServiceId": "cats" })),
                false,
            ),
        ],
    );
    let over = conditions(json!({ "amountOverPence": "100" }));
    let unsaid = json!({ "setBudget": { "financialYear": "2021/22" } });
    let stated = json!({ "setBudget": { "financialYear": "2021/22", "totalPence": "100" } });
    first_applies(
        &over,
        &[
            ("not stated", propose("2020-06-01", 1, unsaid), true),
            ("stated", propose("2020-06-01", 1, stated), false),
            (
                "none",
                propose("2020-06-01", 1, json!({ "addServiceId": "cats" })),
                false,
            ),
        ],
    );
}

#[test]
fn a_share_of_the_service_s_budget() {
    // The dogs cost 1,000.00 in 2020/21; the vans have no budget.
    let from = |service: &str, amount: &str| {
        let mut virement = virement(amount);
        virement["sources"][0]["head"]["serviceId"] = service.into();
        asked(virement)
    };
    first_applies(
        &conditions(json!({ "budgetShareUpToPpm": 50_000 })),
        &[
            ("five per cent", from("dogs", "5000"), true),
            ("just over", from("dogs", "5001"), false),
            (
                "of no budget on record: above every bound",
                from("vans", "1"),
                false,
            ),
        ],
    );
    first_applies(
        &conditions(json!({ "budgetShareOverPpm": 50_000 })),
        &[
            ("five per cent", from("dogs", "5000"), false),
            ("just over", from("dogs", "5001"), true),
            ("of no budget on record", from("vans", "1"), true),
        ],
    );
}

#[test]
fn rules_distinguish_one_off_from_recurring_and_the_basis() {
    let with = |field: &str, value: Value| {
        let mut virement = virement("100");
        virement[field] = value;
        asked(virement)
    };
    let unsaid = {
        let mut virement = virement("100");
        virement.as_object_mut().unwrap().remove("permanence");
        asked(virement)
    };
    first_applies(
        &conditions(json!({ "permanence": "PERMANENCE_PERMANENT" })),
        &[
            (
                "for good",
                with("permanence", "PERMANENCE_PERMANENT".into()),
                true,
            ),
            ("not said counts as for good", unsaid, true),
            ("one-off", asked(virement("100")), false),
        ],
    );
    first_applies(
        &conditions(json!({ "basis": "UNDERSPEND_BASIS_PROJECTED" })),
        &[
            (
                "projected",
                with("basis", "UNDERSPEND_BASIS_PROJECTED".into()),
                true,
            ),
            (
                "actual",
                with("basis", "UNDERSPEND_BASIS_ACTUAL".into()),
                false,
            ),
            ("none", asked(virement("100")), false),
        ],
    );
}

#[test]
fn a_rule_applies_to_the_lines_that_a_virement_crosses() {
    let to = |mut target: Value| {
        target["amountPence"] = "100".into();
        let mut virement = virement("100");
        virement["targets"][0] = target;
        asked(virement)
    };
    let capital =
        json!({ "head": { "serviceId": "dogs", "head": "Pay", "fund": "FUND_TYPE_CAPITAL" } });
    let table = [
        (
            "HEADS",
            head("dogs", "Food"),
            json!({ "returnedToId": "a-pcc" }),
        ),
        ("SERVICES", head("vans", "Pay"), head("dogs", "Food")),
        ("CAPITAL_REVENUE", capital, head("vans", "Fuel")),
        (
            "RETURNED_TO_BODIES",
            json!({ "returnedToId": "a-pcc" }),
            head("vans", "Fuel"),
        ),
    ];
    for (crossing, crosses, stays) in table {
        first_applies(
            &conditions(json!({ "crossings": [format!("CROSSING_{crossing}")] })),
            &[(crossing, to(crosses), true), (crossing, to(stays), false)],
        );
    }
}

#[test]
fn rules_distinguish_the_proposer_and_the_kind_of_matter() {
    let mine = by("a-cc", "", asked(virement("100")));
    first_applies(
        &conditions(json!({ "proposerIds": ["b-cc"] })),
        &[
            ("b-cc", asked(virement("100")), true),
            ("a-cc", mine, false),
        ],
    );
    first_applies(
        &conditions(json!({ "matterKinds": ["MATTER_KIND_ADD_SERVICE"] })),
        &[
            (
                "that kind",
                propose("2020-06-01", 1, json!({ "addServiceId": "cats" })),
                true,
            ),
            ("another", asked(virement("100")), false),
        ],
    );
}

/// The officer decides up to 100 in a year from a head; beyond it, both chiefs.
pub(super) fn tiers() -> Given {
    let mut given = ruled(&[
        virements(
            "small",
            json!({ "runningTotalUpToPence": "100" }),
            officer(None),
        ),
        virements("large", json!({}), named(&["a-cc", "b-cc"])),
    ]);
    given.record(&[request("2020-06-01", 1, virement("60"))]);
    given.record(&[approve("2020-06-01", 1)]);
    given
}

#[test]
fn two_small_virements_that_together_pass_a_tier() {
    // The first is made before the second is approved: the officer may no longer
    // approve.
    let mut given = tiers();
    given.record(&[make("2020-06-02", 1, "v-1", virement("60"))]);
    given.record(&[request("2020-06-03", 2, virement("40"))]);
    given.record(&[request("2020-06-03", 3, virement("41"))]);
    judged(
        &given,
        &[
            ("exactly the tier", approve("2020-06-04", 2), &[]),
            ("a penny over", approve("2020-06-04", 3), &["NOT_ENTITLED"]),
        ],
    );
    // Both are approved before either is made: the second act is refused.
    let mut given = tiers();
    for (n, amount) in [(2, "40"), (3, "41")] {
        given.record(&[request("2020-06-01", n, virement(amount))]);
        given.record(&[approve("2020-06-01", n)]);
    }
    given.record(&[make("2020-06-02", 1, "v-1", virement("60"))]);
    judged(
        &given,
        &[
            (
                "exactly the tier",
                make("2020-06-03", 2, "v-2", virement("40")),
                &[],
            ),
            (
                "a penny over",
                make("2020-06-03", 3, "v-3", virement("41")),
                &["TIER_PASSED"],
            ),
            (
                "dated before the first",
                make("2020-06-01", 3, "v-3", virement("41")),
                &["CROWDS_OUT"],
            ),
        ],
    );
    // Another head, another year and reversed virements do not count.
    given.record(&[on_x(
        "2020-06-03",
        "virementReversed",
        json!({ "virementId": "v-1", "reason": "A mistake" }),
    )]);
    judged(
        &given,
        &[(
            "after a reversal",
            make("2020-06-04", 3, "v-3", virement("41")),
            &[],
        )],
    );
}

#[test]
fn a_set_replaces_the_one_before_and_is_adopted_under_it() {
    let mut given = ruled(&[
        about(&["ADOPT_RULES"], "adopting", json!({}), named(&["a-pcc"])),
        virements("old", json!({}), named(&["a-cc"])),
    ]);
    let new = [virements("new", json!({}), named(&["b-pcc"]))];
    judged(
        &given,
        &[(
            "nobody was asked",
            adopt("2021-01-01", "second", &new),
            &["APPROVAL_REQUIRED"],
        )],
    );
    given.record(&[propose(
        "2020-06-01",
        1,
        json!({ "adoptRules": { "ruleSetId": "second" } }),
    )]);
    given.record(&[request("2020-06-01", 2, virement("100"))]);
    judged(
        &given,
        &[(
            "not carried yet",
            resting(1, adopt("2021-01-01", "second", &new)),
            &["NOT_CARRIED"],
        )],
    );
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    judged(
        &given,
        &[
            (
                "another set",
                resting(1, adopt("2021-01-01", "third", &new)),
                &["ANOTHER_ACT"],
            ),
            (
                "that set",
                resting(1, adopt("2021-01-01", "second", &new)),
                &[],
            ),
        ],
    );
    given.record(&[resting(1, adopt("2021-01-01", "second", &new))]);
    judged(
        &given,
        &[
            (
                "the day before, the old",
                vote("2020-12-31", 2, "+a-cc"),
                &[],
            ),
            (
                "and not the new",
                vote("2020-12-31", 2, "+b-pcc"),
                &["NOT_ENTITLED"],
            ),
            ("on its day, the new", vote("2021-01-01", 2, "+b-pcc"), &[]),
            (
                "and not the old",
                vote("2021-01-01", 2, "+a-cc"),
                &["NOT_ENTITLED"],
            ),
            (
                "the new one covers no adoption",
                adopt("2022-01-01", "third", &[]),
                &[],
            ),
        ],
    );
}

#[test]
fn a_boards_rules_govern_served_collaborations_without_rules() {
    let mut given = stage();
    let constituted = json!({ "name": "Regional board", "powers": ["BOARD_POWER_DECIDES"],
        "collaborationIds": ["x"] });
    given.record(&[event(
        "boards/regional",
        "2014",
        "boardConstituted",
        constituted,
    )]);
    let rules = json!({ "ruleSetId": "scheme",
        "rules": [virements("any", json!({}), named(&["a-pcc"]))] });
    given.record(&[event(
        "boards/regional",
        "2020-01-01",
        "approvalRulesAdopted",
        rules,
    )]);
    judged(
        &given,
        &[
            (
                "after it",
                make("2020-01-01", 0, "v", virement("1")),
                &["APPROVAL_REQUIRED"],
            ),
            ("before it", make("2019-12-31", 0, "v", virement("1")), &[]),
        ],
    );
    given.record(&[adopt("2020-06-01", "own", &[])]);
    judged(
        &given,
        &[(
            "its own set is empty on purpose",
            make("2020-06-01", 0, "v", virement("1")),
            &[],
        )],
    );
}

#[test]
fn while_rules_are_in_force_a_proposal_names_its_proposer() {
    let nobody = |on: &str| {
        let mut request = request(on, 1, virement("1"));
        request.as_object_mut().unwrap().remove("actedBy");
        request
    };
    judged(
        &ruled(&[]),
        &[
            ("in force", nobody("2020-01-01"), &["PROPOSER_REQUIRED"]),
            ("not yet", nobody("2019-12-31"), &[]),
        ],
    );
}
