//! Attacks on prior approval: ways around it that somebody tried. Each test asserts
//! what ought to be; those that are ignored are known not to hold yet.

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::outlook::Outlook;
use minutebook::views;
use minutebook::wire::proto::BreachView;
use serde_json::{Value, json};

use super::approving::*;
use crate::given::{Given, event, on_x};

fn breaches(given: &Given) -> Vec<BreachView> {
    let register = Arc::new(given.register.clone());
    let day = "2026-11-23".parse().expect("a day");
    let outlook = Outlook::new(register, day, Position::new(u64::MAX));
    views::breaches::list(&outlook, None)
}

fn tail(given: &Given) -> u64 {
    given.register.tail().get()
}

fn correct(position: u64, replacement: Option<Value>) -> Value {
    let mut what = json!({ "position": position.to_string(), "reason": "Wrong" });
    if let Some(replacement) = replacement {
        what["replacement"] = replacement;
    }
    on_x("2020-06-20", "entryCorrected", what)
}

fn by_officer() -> Given {
    ruled(&[virements("any", json!({}), officer(None))])
}

fn naming(n: u128, mut event: Value) -> Value {
    event["authority"]["acknowledgedBreach"]["proposalId"] = id(n).into();
    event
}

/// That the door refuses, or that a breach is shown once it has let it in.
#[track_caller]
fn caught(given: &mut Given, act: Value) {
    let before = breaches(given).len();
    if given.faults(std::slice::from_ref(&act)).is_empty() {
        given.tell(&[act]);
        let after = breaches(given).len();
        assert!(after > before, "admitted, and no breach is shown");
    }
}

#[track_caller]
fn refused(given: &Given, act: Value) {
    assert!(!given.faults(&[act]).is_empty(), "admitted");
}

#[track_caller]
fn admitted(given: &Given, act: Value) {
    let faults = given.faults(&[act]);
    assert!(faults.is_empty(), "{faults:?}");
}

fn from(head: Value, to: Value, amount: &str) -> Value {
    let side = |mut place: Value| {
        place["amountPence"] = amount.into();
        place
    };
    json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
        "sources": [side(head)], "targets": [side(to)] })
}

fn answer(on: &str, body: &str, outcome: &str) -> Value {
    on_x(
        on,
        "externalDecisionReceived",
        json!({ "proposalId": id(1), "deciderId": body, "outcome": format!("OUTCOME_{outcome}") }),
    )
}

// ── 1 replacement of what was approved ──

#[test]
fn a_request_replaced_after_its_approval_does_not_carry_more() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    let at = tail(&given);
    given.tell(&[approve("2020-06-02", 1)]);
    let more = request("2020-06-01", 1, virement("100000"));
    if !given.faults(&[correct(at, Some(more.clone()))]).is_empty() {
        return;
    }
    given.tell(&[correct(at, Some(more))]);
    caught(&mut given, make("2020-06-21", 1, "v", virement("100000")));
}

#[test]
fn a_request_replaced_after_its_approval_does_not_carry_other_heads() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    let at = tail(&given);
    given.tell(&[approve("2020-06-02", 1)]);
    let other = from(
        head("vans", "Reserve"),
        json!({ "returnedToId": "b-cc" }),
        "100",
    );
    let replaced = request("2020-06-01", 1, other.clone());
    if !given
        .faults(&[correct(at, Some(replaced.clone()))])
        .is_empty()
    {
        return;
    }
    given.tell(&[correct(at, Some(replaced))]);
    caught(&mut given, make("2020-06-21", 1, "v", other));
}

#[test]
fn a_matter_replaced_after_its_votes_is_another_matter() {
    let mut given = ruled(&[about(&["ADMIT_PARTY"], "r", json!({}), named(&["a-pcc"]))]);
    given.tell(&[propose(
        "2020-06-01",
        1,
        json!({ "admitBodyId": "council" }),
    )]);
    let at = tail(&given);
    given.tell(&[vote("2020-06-02", 1, "+a-pcc")]);
    let other = propose("2020-06-01", 1, json!({ "admitBodyId": "fire" }));
    if !given.faults(&[correct(at, Some(other.clone()))]).is_empty() {
        return;
    }
    given.tell(&[correct(at, Some(other))]);
    caught(
        &mut given,
        on_x("2020-06-21", "partyJoined", json!({ "bodyId": "fire" })),
    );
    let act = resting(
        1,
        on_x("2020-06-21", "partyJoined", json!({ "bodyId": "fire" })),
    );
    caught(&mut given, act);
}

#[test]
fn the_proposer_replaced_after_the_approval_launders_an_own_proposal() {
    let mut given = by_officer();
    let own = by(
        "a-pcc",
        "Chief Finance Officer",
        request("2020-06-01", 1, virement("100")),
    );
    given.tell(&[own]);
    let at = tail(&given);
    refused(&given, approve("2020-06-02", 1));
    given.tell(&[correct(at, Some(request("2020-06-01", 1, virement("100"))))]);
    admitted(&given, approve("2020-06-02", 1));
}

// ── 2 rule sets ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_rule_set_is_not_replaced_by_a_correction_where_adopting_one_needs_approval() {
    let strict =
        json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc", "b-pcc"]) });
    let mut given = stage();
    given.tell(&[adopt("2020-01-01", "rules", &[strict])]);
    let at = tail(&given);
    refused(&given, adopt("2020-02-01", "lax", &[]));
    given.tell(&[breach(make("2020-06-10", 0, "old", virement("1")))]);
    caught(
        &mut given,
        correct(at, Some(adopt("2020-01-01", "rules", &[]))),
    );
    caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn an_approved_set_of_rules_is_not_replaced_by_one_nobody_saw() {
    let strict = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let mut given = stage();
    given.tell(&[adopt("2020-01-01", "rules", std::slice::from_ref(&strict))]);
    given.tell(&[propose(
        "2020-06-01",
        1,
        json!({ "adoptRules": { "ruleSetId": "two" } }),
    )]);
    given.tell(&[vote("2020-06-02", 1, "+a-pcc")]);
    given.tell(&[resting(1, adopt("2020-06-03", "two", &[strict]))]);
    let at = tail(&given);
    let lax = resting(1, adopt("2020-06-03", "two", &[]));
    caught(&mut given, correct(at, Some(lax)));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_breach_does_not_bring_rules_into_force() {
    let strict = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let mut given = stage();
    given.tell(&[adopt("2020-01-01", "rules", &[strict])]);
    given.tell(&[breach(adopt("2020-02-01", "lax", &[]))]);
    caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn another_board_does_not_take_the_rules_of_the_serving_board_away() {
    let mut given = stage();
    let serving =
        json!({ "name": "S", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] });
    given.tell(&[event(
        "boards/main",
        "2014",
        "boardConstituted",
        serving.clone(),
    )]);
    let rules = json!({ "ruleSetId": "m", "rules": [virements("any", json!({}), officer(None))] });
    given.tell(&[event("boards/main", "2015", "approvalRulesAdopted", rules)]);
    refused(&given, make("2020-06-21", 0, "v", virement("100000")));
    let other =
        json!({ "name": "Other", "powers": ["BOARD_POWER_ADVISES"], "collaborationIds": ["x"] });
    given.tell(&[event("boards/aaa", "2020-06-01", "boardConstituted", other)]);
    let lax = json!({ "ruleSetId": "lax", "rules": [] });
    let lax = event("boards/aaa", "2020-06-02", "approvalRulesAdopted", lax);
    if given.faults(std::slice::from_ref(&lax)).is_empty() {
        given.tell(&[lax]);
        caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
    }
}

#[test]
fn the_collaborations_first_own_rules_are_judged_by_its_boards() {
    let mut given = stage();
    let serving =
        json!({ "name": "S", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] });
    given.tell(&[event("boards/main", "2014", "boardConstituted", serving)]);
    let all = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let rules = json!({ "ruleSetId": "m", "rules": [all] });
    given.tell(&[event("boards/main", "2015", "approvalRulesAdopted", rules)]);
    refused(&given, adopt("2020-06-01", "own", &[]));
}

// ── 3 dates ──

#[test]
fn an_act_of_a_year_is_not_before_rules_of_that_year() {
    let mut given = stage();
    given.tell(&[adopt(
        "2020-03-01",
        "rules",
        &[virements("any", json!({}), officer(None))],
    )]);
    caught(&mut given, make("2020", 0, "v", virement("100000")));
}

#[test]
fn an_act_is_not_before_its_proposal() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-05", 1, virement("100"))]);
    let mut approval = approve("2020-06", 1);
    approval["virementApproved"]["decisionId"] = "d".into();
    refused(&given, approval);
}

// ── 4 referral and outside deciders ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_referral_does_not_replace_the_decider_that_was_named() {
    let mut given = by_officer();
    let mut asked = propose("2020-06-01", 1, json!({ "makeVirement": virement("100") }));
    asked["matterProposed"]["deciderId"] = "council".into();
    given.tell(&[asked]);
    given.tell(&[approve("2020-06-02", 1)]);
    refused(&given, make("2020-06-09", 1, "v", virement("100")));
    let mut refer = by(
        "b-cc",
        "Head of Dogs",
        decision("2020-06-03", 1, "REFERRED"),
    );
    refer["decisionMade"]
        .as_object_mut()
        .unwrap()
        .remove("boardId");
    refer["decisionMade"]["referredToId"] = "b-cc".into();
    if !given.faults(std::slice::from_ref(&refer)).is_empty() {
        return;
    }
    given.tell(&[refer]);
    given.tell(&[answer("2020-06-04", "b-cc", "APPROVED")]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("100")));
}

#[test]
fn nobody_unasked_rejects_a_matter() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    refused(&given, answer("2020-06-02", "fire", "REJECTED"));
}

#[test]
fn nobody_unasked_carries_a_matter_no_rule_covers() {
    let mut given = by_officer();
    given.tell(&[propose("2020-06-01", 1, json!({ "other": "It" }))]);
    refused(&given, answer("2020-06-02", "fire", "APPROVED"));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn only_those_entitled_refer_or_defer_under_a_rule() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    let mut refer = by("c-pcc", "", decision("2020-06-03", 1, "REFERRED"));
    refer["decisionMade"]
        .as_object_mut()
        .unwrap()
        .remove("boardId");
    refer["decisionMade"]["referredToId"] = "fire".into();
    refused(&given, refer);
}

#[test]
fn the_successor_of_the_decider_answers() {
    let mut given = by_officer();
    let mut asked = propose("2020-06-01", 1, json!({ "makeVirement": virement("100") }));
    asked["matterProposed"]["deciderId"] = "council".into();
    given.tell(&[asked]);
    given.tell(&[event(
        "bodies/council",
        "2020-06-02",
        "bodySucceeded",
        json!({ "successorId": "fire" }),
    )]);
    admitted(&given, answer("2020-06-03", "fire", "APPROVED"));
}

// ── 5 late record of the board ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_later_record_of_the_board_does_not_cover_a_projected_underspend_from_before() {
    let mut given = ruled(&[virements("any", json!({}), board("MAJORITY"))]);
    let mut projected = virement("100");
    projected["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
    given.tell(&[request("2020-06-01", 1, projected.clone())]);
    for who in ["a-pcc", "b-pcc", "a-cc", "b-cc"] {
        given.tell(&[on_board("2020-06-02", 1, &format!("+{who}"))]);
    }
    refused(&given, make("2020-06-05", 1, "v", projected.clone()));
    given.tell(&[on_x(
        "2020-06-30",
        "virementApproved",
        json!({ "decisionId": "d",
        "proposalId": id(1), "boardId": "board", "allowsProjected": true }),
    )]);
    caught(&mut given, make("2020-06-05", 1, "v", projected));
}

// ── 6 conflicts and own proposals ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_conflicted_body_does_not_count_in_its_own_right() {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc"]))]);
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    let mut conflicted = vote("2020-06-02", 1, "+a-pcc");
    conflicted["voteCast"]["conflictDeclared"] = "Owns the vans".into();
    given.tell(&[conflicted]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("100")));
}

fn mayor(on: &str) -> Vec<Value> {
    vec![
        event(
            "bodies/mayor",
            "2013",
            "bodyRegistered",
            json!({ "name": "Mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "a" }),
        ),
        event(
            "bodies/a-pcc",
            on,
            "bodySucceeded",
            json!({ "successorId": "mayor" }),
        ),
    ]
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_proposer_does_not_approve_as_the_office_of_the_successor() {
    let mut given = by_officer();
    let own = by(
        "a-pcc",
        "Chief Finance Officer",
        request("2020-06-01", 1, virement("100")),
    );
    given.tell(&[own]);
    for event in mayor("2020-06-02") {
        given.tell(&[event]);
    }
    refused(
        &given,
        by("mayor", "Chief Finance Officer", approve("2020-06-03", 1)),
    );
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_proposer_without_a_body_may_be_the_approver() {
    let mut given = by_officer();
    let mut own = request("2020-06-01", 1, virement("100"));
    own["actedBy"] = json!({ "office": "Chief Finance Officer" });
    if !given.faults(std::slice::from_ref(&own)).is_empty() {
        return;
    }
    given.tell(&[own]);
    refused(&given, approve("2020-06-02", 1));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_proposal_without_a_proposer_from_before_the_rules_is_not_approved_by_anyone_alone() {
    let mut given = stage();
    let mut own = request("2019-06-01", 1, virement("100"));
    own.as_object_mut().unwrap().remove("actedBy");
    given.tell(&[own]);
    given.tell(&[adopt(
        "2020-01-01",
        "rules",
        &[virements("any", json!({}), officer(None))],
    )]);
    refused(&given, approve("2020-06-02", 1));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_rule_for_a_proposer_holds_for_its_successor() {
    let strict = virements("strict", json!({ "proposerIds": ["a-pcc"] }), every_party());
    let mut given = ruled(&[strict, virements("lax", json!({}), named(&["b-pcc"]))]);
    for event in mayor("2020-02-01") {
        given.tell(&[event]);
    }
    given.tell(&[by("mayor", "", request("2020-06-01", 1, virement("100")))]);
    let word = vote("2020-06-02", 1, "+b-pcc");
    if !given.faults(std::slice::from_ref(&word)).is_empty() {
        return;
    }
    given.tell(&[word]);
    refused(&given, make("2020-06-09", 1, "v", virement("100")));
}

// ── 7 running totals ──

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

fn asked_and_approved(given: &mut Given, n: u128, what: Value) {
    given.tell(&[request("2020-06-01", n, what)]);
    given.tell(&[approve("2020-06-02", n)]);
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_breach_that_names_the_request_and_is_another_act_runs_in_the_total() {
    let mut given = by_total();
    asked_and_approved(&mut given, 1, virement("1000"));
    let other = from(head("dogs", "Pay"), head("vans", "Tyres"), "900000");
    given.tell(&[naming(1, breach(make("2020-06-03", 0, "b", other)))]);
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
    // On 1, without naming it: it runs in the total of both.
    given.tell(&[breach(make("2020-06-03", 0, "b", virement("500")))]);
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
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_breach_of_an_unstated_amount_lies_above_every_total() {
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
    given.tell(&[breach(make("2020-05-01", 0, "b", unknown))]);
    given.tell(&[request("2020-06-01", 1, virement("1000"))]);
    refused(&given, approve("2020-06-02", 1));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_breach_of_an_unstated_amount_uses_what_it_names() {
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
    given.tell(&[naming(1, breach(make("2020-06-03", 0, "b", unknown)))]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("1000")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_head_is_one_however_it_is_capitalised() {
    let mut given = by_total();
    asked_and_approved(&mut given, 1, virement("1000"));
    given.tell(&[make("2020-06-03", 1, "v", virement("1000"))]);
    let again = from(head("dogs", "PAY"), head("vans", "Fuel"), "1000");
    given.tell(&[request("2020-06-01", 2, again)]);
    refused(&given, approve("2020-06-04", 2));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_virement_recorded_late_does_not_make_a_lawful_one_a_breach() {
    let mut given = by_total();
    let tyres = from(head("dogs", "Pay"), head("vans", "Tyres"), "600");
    asked_and_approved(&mut given, 1, virement("600"));
    asked_and_approved(&mut given, 2, tyres.clone());
    given.tell(&[make("2020-06-20", 1, "v", virement("600"))]);
    let late = make("2020-06-10", 2, "w", tyres);
    if given.faults(std::slice::from_ref(&late)).is_empty() {
        given.tell(&[late]);
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

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn money_does_not_come_from_outside_without_crossing_anything() {
    let rules = [
        virements(
            "crossing",
            json!({ "crossings": ["CROSSING_HEADS", "CROSSING_SERVICES", "CROSSING_CAPITAL_REVENUE", "CROSSING_RETURNED_TO_BODIES"] }),
            every_party(),
        ),
        virements("rest", json!({}), officer(None)),
    ];
    let mut given = ruled(&rules);
    let what = from(
        json!({ "returnedToId": "a-pcc" }),
        head("vans", "Fuel"),
        "100",
    );
    let asked = request("2020-06-01", 1, what.clone());
    if !given.faults(std::slice::from_ref(&asked)).is_empty() {
        return;
    }
    given.tell(&[asked]);
    given.tell(&[approve("2020-06-02", 1)]);
    caught(&mut given, make("2020-06-09", 1, "v", what));
}

// ── 8 budgets ──

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
    given.tell(&[propose("2020-06-01", 1, matter)]);
    given.tell(&[vote("2020-06-02", 1, "+a-pcc")]);
    given
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_budget_of_stated_totals_only_is_not_nothing() {
    caught(
        &mut small_budget(),
        set(json!({ "stated": [{ "amountPence": "100000000" }] })),
    );
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_budget_is_as_large_as_its_contributions_too() {
    caught(
        &mut small_budget(),
        set(json!({
        "lines": [{ "serviceId": "dogs", "amountPence": "1000" }],
        "contributions": [{ "serviceId": "dogs", "bodyId": "a-pcc", "amountPence": "100000000" }] })),
    );
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_negative_line_does_not_hide_a_budget() {
    caught(
        &mut small_budget(),
        set(json!({
        "lines": [{ "serviceId": "dogs", "amountPence": "100000000" },
                  { "serviceId": "vans", "amountPence": "-99999000" }] })),
    );
}

// ── 9 boards ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_board_that_changes_after_its_decision_does_not_block_for_ever() {
    let both = json!({ "allOf": { "of": [board("MAJORITY"), named(&["c-pcc"])] } });
    let mut given = ruled(&[virements("any", json!({}), both)]);
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    for who in ["a-pcc", "b-pcc", "a-cc"] {
        given.tell(&[on_board("2020-06-02", 1, &format!("+{who}"))]);
    }
    given.tell(&[decision("2020-06-03", 1, "APPROVED")]);
    given.tell(&[event(
        "boards/board",
        "2020-06-04",
        "boardMembershipChanged",
        json!({
        "joined": [{ "bodyId": "c-cc", "capacity": "MEMBER_CAPACITY_MEMBER" }],
        "left": [{ "bodyId": "a-cc", "capacity": "MEMBER_CAPACITY_MEMBER" }] }),
    )]);
    given.tell(&[vote("2020-06-05", 1, "+c-pcc")]);
    if given
        .faults(&[make("2020-06-09", 1, "v", virement("100"))])
        .is_empty()
    {
        return;
    }
    // The board votes again.
    for who in ["a-pcc", "b-pcc", "b-cc", "c-cc"] {
        given.tell(&[on_board("2020-06-06", 1, &format!("+{who}"))]);
    }
    let again = decision("2020-06-07", 1, "APPROVED");
    let faults = given.faults(std::slice::from_ref(&again));
    assert!(
        faults.is_empty(),
        "not carried, and the board cannot decide again: {faults:?}"
    );
    given.tell(&[again]);
    admitted(&given, make("2020-06-09", 1, "v", virement("100")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_matter_that_nobody_is_awaited_on_is_settled() {
    use minutebook::views::approvals;
    let mut given = ruled(&[virements("any", json!({}), every_party())]);
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    for who in ["a-pcc", "a-cc", "b-cc"] {
        given.tell(&[vote("2020-06-02", 1, &format!("+{who}"))]);
    }
    given.tell(&[on_x(
        "2020-06-03",
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "Going" }),
    )]);
    let day = "2020-06-09".parse().expect("a day");
    let outlook = Outlook::new(
        Arc::new(given.register.clone()),
        day,
        Position::new(u64::MAX),
    );
    let open = approvals::list(&outlook, None, None, true);
    assert!(
        open.iter().all(|line| !line.awaited.is_empty()),
        "open, and awaits nobody"
    );
    admitted(&given, make("2020-06-09", 1, "v", virement("100")));
}

// ── 10 other acts ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn an_end_by_expiry_is_one_that_a_term_brings_about() {
    let given = ruled(&[about(&["END_COLLABORATION"], "r", json!({}), every_party())]);
    let mut wrong = Vec::new();
    for cause in ["EXPIRY", "DIRECTION", "NOTICE"] {
        let end = on_x(
            "2020-06-09",
            "collaborationEnded",
            json!({ "cause": format!("END_CAUSE_{cause}") }),
        );
        if given.faults(&[end]).is_empty() {
            wrong.push(cause);
        }
    }
    assert!(wrong.is_empty(), "admitted: {wrong:?}");
}

#[test]
fn a_replacement_of_an_act_is_judged() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    given.tell(&[make("2020-06-09", 1, "v", virement("100"))]);
    let at = tail(&given);
    refused(
        &given,
        correct(at, Some(make("2020-06-09", 1, "v", virement("101")))),
    );
    // A replacement of the correction.
    given.tell(&[correct(
        at,
        Some(make("2020-06-09", 1, "v", virement("90"))),
    )]);
    let second = tail(&given);
    caught(
        &mut given,
        correct(second, Some(make("2020-06-09", 1, "w", virement("100")))),
    );
}

#[test]
fn an_act_replaced_to_before_its_approval_is_caught() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    given.tell(&[make("2020-06-09", 1, "v", virement("100"))]);
    let at = tail(&given);
    caught(
        &mut given,
        correct(at, Some(make("2020-06-01", 1, "v", virement("100")))),
    );
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn an_act_whose_approval_was_voided_does_not_grow_by_correction() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    given.tell(&[approve("2020-06-02", 1)]);
    let approval = tail(&given);
    given.tell(&[make("2020-06-09", 1, "v", virement("100"))]);
    let at = tail(&given);
    given.tell(&[correct(approval, None)]);
    refused(
        &given,
        correct(at, Some(make("2020-06-09", 1, "v", virement("100000")))),
    );
}

#[test]
fn the_same_place_on_several_sides_adds_up() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    let mut twice = virement("60");
    twice["sources"]
        .as_array_mut()
        .unwrap()
        .push(virement("60")["sources"][0].clone());
    twice["targets"]
        .as_array_mut()
        .unwrap()
        .push(virement("60")["targets"][0].clone());
    refused(&given, make("2020-06-09", 1, "v", twice));
}

#[test]
fn in_one_append_the_act_rests_on_what_stands_before_it() {
    let given = by_officer();
    let (r, a, m) = (
        request("2020-06-01", 1, virement("100")),
        approve("2020-06-02", 1),
        make("2020-06-02", 1, "v", virement("100")),
    );
    assert!(given.faults(&[r.clone(), a.clone(), m.clone()]).is_empty());
    assert!(!given.faults(&[r, m, a]).is_empty());
}

// ── 11 cost ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn breaches_of_a_request_drawn_in_many_parts_are_not_cubic() {
    let mut times = Vec::new();
    for n in [100u32, 200, 400] {
        let mut given = by_total();
        asked_and_approved(&mut given, 1, virement("1000"));
        let acts: Vec<Value> = (0..n)
            .map(|i| make("2020-06-09", 1, &format!("v-{i}"), virement("1")))
            .collect();
        for act in &acts {
            given.tell(std::slice::from_ref(act));
        }
        let start = std::time::Instant::now();
        breaches(&given);
        times.push(start.elapsed().as_millis());
    }
    assert!(
        times[2] < 6 * times[1].max(1),
        "{times:?} ms for 100, 200, 400"
    );
}

// ── 12 more ──

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn own_rules_dated_before_those_of_the_board_do_not_take_them_away() {
    let mut given = stage();
    let serving =
        json!({ "name": "S", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] });
    given.tell(&[event("boards/main", "2014", "boardConstituted", serving)]);
    let all = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let rules = json!({ "ruleSetId": "m", "rules": [all] });
    given.tell(&[event("boards/main", "2015", "approvalRulesAdopted", rules)]);
    let own = adopt("2014-12-31", "own", &[]);
    caught(&mut given, own);
    caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn an_approval_dated_before_the_rules_and_recorded_after_them_is_not_one() {
    let mut given = ruled(&[virements("any", json!({}), officer(None))]);
    given.tell(&[request("2019-12-01", 1, virement("100000"))]);
    let what = json!({ "decisionId": "d", "proposalId": id(1) });
    let nobody = by("c-cc", "", on_x("2019-12-02", "virementApproved", what));
    if !given.faults(std::slice::from_ref(&nobody)).is_empty() {
        return;
    }
    given.tell(&[nobody]);
    caught(&mut given, make("2020-06-21", 1, "v", virement("100000")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn an_approval_under_rules_since_replaced_by_stricter_ones() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    given.tell(&[adopt(
        "2020-06-05",
        "strict",
        &[virements("any", json!({}), every_party())],
    )]);
    caught(&mut given, make("2020-06-21", 1, "v", virement("100")));
}

#[test]
fn an_approval_of_a_month_is_not_prior_to_an_act_early_in_it() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    given.tell(&[approve("2020-06", 1)]);
    caught(&mut given, make("2020-06-02", 1, "v", virement("100")));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn every_approval_says_that_it_covers_a_projected_underspend() {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc", "b-pcc"]))]);
    let mut projected = virement("100");
    projected["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
    given.tell(&[request("2020-06-01", 1, projected.clone())]);
    let mut plain = by("a-pcc", "", decision("2020-06-02", 1, "APPROVED"));
    plain["decisionMade"]
        .as_object_mut()
        .unwrap()
        .remove("boardId");
    given.tell(&[plain]);
    given.tell(&[by(
        "b-pcc",
        "",
        on_x(
            "2020-06-03",
            "virementApproved",
            json!({ "decisionId": "d",
        "proposalId": id(1), "allowsProjected": true }),
        ),
    )]);
    caught(&mut given, make("2020-06-05", 1, "v", projected));
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn a_party_that_left_in_breach_is_still_asked() {
    let rules = [json!({ "ruleId": "all", "title": "All", "requirement": every_party() })];
    let mut given = ruled(&rules);
    given.tell(&[breach(on_x(
        "2020-05-01",
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "Out" }),
    ))]);
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    for who in ["a-pcc", "a-cc", "b-cc"] {
        given.tell(&[vote("2020-06-02", 1, &format!("+{who}"))]);
    }
    caught(&mut given, make("2020-06-21", 1, "v", virement("100")));
}

#[test]
fn a_voided_reversal_is_in_the_ledger_again() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    given.tell(&[make("2020-06-03", 1, "v", virement("100"))]);
    given.tell(&[on_x(
        "2020-06-04",
        "virementReversed",
        json!({ "virementId": "v", "reason": "No" }),
    )]);
    let at = tail(&given);
    given.tell(&[make("2020-06-05", 1, "w", virement("100"))]);
    caught(&mut given, correct(at, None));
}

#[test]
fn a_request_is_not_voided_under_its_approval() {
    let mut given = by_officer();
    given.tell(&[request("2020-06-01", 1, virement("100"))]);
    let at = tail(&given);
    given.tell(&[approve("2020-06-02", 1)]);
    refused(&given, correct(at, None));
    refused(
        &given,
        correct(at, Some(request("2020-06-03", 1, virement("100")))),
    );
}

#[test]
#[ignore = "known: to be mended or decided before this issue is resolved"]
fn kinds_that_a_rule_about_everything_does_not_reach() {
    let rules = [json!({ "ruleId": "all", "title": "All", "requirement": every_party() })];
    let mut given = stage();
    given.tell(&[on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU",
        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING", "partyIds": ["a-pcc", "b-pcc"] }),
    )]);
    for body in ["a-pcc", "b-pcc"] {
        given.tell(&[on_x(
            "2014",
            "agreementSigned",
            json!({ "instrumentId": "mou", "bodyId": body }),
        )]);
    }
    given.tell(&[make("2019-06-03", 0, "v", virement("100"))]);
    given.tell(&[adopt("2020-01-01", "rules", &rules)]);
    let acts = [
        on_x(
            "2020-06-04",
            "virementReversed",
            json!({ "virementId": "v", "reason": "No" }),
        ),
        on_x(
            "2020-06-04",
            "instrumentEnded",
            json!({ "instrumentId": "mou", "cause": "END_CAUSE_AGREEMENT" }),
        ),
        on_x(
            "2020-06-04",
            "fundingFormulaSet",
            json!({ "financialYear": "2020/21", "shares": [{ "bodyId": "a-pcc", "sharePpm": 1000000 }] }),
        ),
        on_x(
            "2020-06-04",
            "servicePartiesChanged",
            json!({ "serviceId": "dogs", "joinedIds": ["b-pcc"] }),
        ),
    ];
    let mut wrong = Vec::new();
    for act in acts {
        let draft = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            given.faults(std::slice::from_ref(&act))
        }));
        match draft {
            Ok(faults) if faults.is_empty() => wrong.push(act.to_string()),
            Ok(_) => {}
            Err(_) => wrong.push(format!("unreadable: {act}")),
        }
    }
    assert!(wrong.is_empty(), "admitted: {}", wrong.join("\n"));
}
