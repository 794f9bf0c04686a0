//! Attacks on the rules themselves.

use super::*;

#[test]
fn a_rule_set_is_not_replaced_by_a_correction_where_adopting_one_needs_approval() {
    let strict =
        json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc", "b-pcc"]) });
    let mut given = stage();
    given.record(&[adopt("2020-01-01", "rules", &[strict])]);
    let at = tail(&given);
    refused(&given, adopt("2020-02-01", "lax", &[]));
    given.record(&[breach(make("2020-06-10", 0, "old", virement("1")))]);
    caught(
        &mut given,
        correct(at, Some(adopt("2020-01-01", "rules", &[]))),
    );
    caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
}

#[test]
fn an_approved_set_of_rules_is_not_replaced_by_one_nobody_saw() {
    let strict = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let mut given = stage();
    given.record(&[adopt("2020-01-01", "rules", std::slice::from_ref(&strict))]);
    given.record(&[propose(
        "2020-06-01",
        1,
        json!({ "adoptRules": { "ruleSetId": "two" } }),
    )]);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    given.record(&[resting(
        1,
        adopt("2020-06-03", "two", std::slice::from_ref(&strict)),
    )]);
    let at = tail(&given);
    let lax = resting(1, adopt("2020-06-03", "two", &[]));
    let rewritten: &[&str] = &["RULES_REWRITTEN"];
    let same = {
        let mut same = resting(1, adopt("2020-06-03", "two", std::slice::from_ref(&strict)));
        same["approvalRulesAdopted"]["rules"][0]["title"] = "Every one".into();
        same
    };
    judged(
        &given,
        &[
            ("another", correct(at, Some(lax.clone())), rewritten),
            ("none", correct(at, None), rewritten),
            ("other words", correct(at, Some(same)), &[]),
            ("and says so", breach(correct(at, Some(lax.clone()))), &[]),
        ],
    );
    caught(&mut given, breach(correct(at, Some(lax))));
}

#[test]
fn a_breach_does_not_bring_rules_into_force() {
    let strict = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let mut given = stage();
    given.record(&[adopt("2020-01-01", "rules", &[strict])]);
    given.record(&[breach(adopt("2020-02-01", "lax", &[]))]);
    caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
}

#[test]
fn another_board_does_not_take_the_rules_of_the_serving_board_away() {
    let mut given = stage();
    let serving =
        json!({ "name": "S", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] });
    given.record(&[event(
        "boards/main",
        "2014",
        "boardConstituted",
        serving.clone(),
    )]);
    let rules = json!({ "ruleSetId": "m", "rules": [virements("any", json!({}), officer(None))] });
    given.record(&[event("boards/main", "2015", "approvalRulesAdopted", rules)]);
    refused(&given, make("2020-06-21", 0, "v", virement("100000")));
    let other =
        json!({ "name": "Other", "powers": ["BOARD_POWER_ADVISES"], "collaborationIds": ["x"] });
    given.record(&[event("boards/aaa", "2020-06-01", "boardConstituted", other)]);
    let lax = json!({ "ruleSetId": "lax", "rules": [] });
    let lax = event("boards/aaa", "2020-06-02", "approvalRulesAdopted", lax);
    if given.faults(std::slice::from_ref(&lax)).is_empty() {
        given.record(&[lax]);
        caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
    }
}

#[test]
fn the_collaborations_first_own_rules_are_judged_by_its_boards() {
    let mut given = stage();
    let serving =
        json!({ "name": "S", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] });
    given.record(&[event("boards/main", "2014", "boardConstituted", serving)]);
    let all = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let rules = json!({ "ruleSetId": "m", "rules": [all] });
    given.record(&[event("boards/main", "2015", "approvalRulesAdopted", rules)]);
    refused(&given, adopt("2020-06-01", "own", &[]));
}
