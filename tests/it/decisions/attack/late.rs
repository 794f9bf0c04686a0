//! Attacks by late recording, or by bodies that have left.

use super::*;

#[test]
fn own_rules_dated_before_those_of_the_board_do_not_take_them_away() {
    let mut given = stage();
    let serving =
        json!({ "name": "S", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] });
    given.record(&[event("boards/main", "2014", "boardConstituted", serving)]);
    let all = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-pcc"]) });
    let rules = json!({ "ruleSetId": "m", "rules": [all] });
    given.record(&[event("boards/main", "2015", "approvalRulesAdopted", rules)]);
    let own = adopt("2014-12-31", "own", &[]);
    caught(&mut given, own);
    caught(&mut given, make("2020-06-21", 0, "v", virement("100000")));
}

#[test]
fn an_approval_dated_before_the_rules_and_recorded_after_them_is_not_one() {
    let mut given = ruled(&[virements("any", json!({}), officer(None))]);
    given.record(&[request("2019-12-01", 1, virement("100000"))]);
    let payload = json!({ "decisionId": "d", "proposalId": id(1) });
    let nobody = by("c-cc", "", on_x("2019-12-02", "virementApproved", payload));
    if !given.faults(std::slice::from_ref(&nobody)).is_empty() {
        return;
    }
    given.record(&[nobody]);
    caught(&mut given, make("2020-06-21", 1, "v", virement("100000")));
}

/// An approval counts under the rules in force when it was given (the rule is
/// resolved as at the date of decision). Stricter rules apply to later proposals.
#[test]
fn an_approval_outlives_the_rules_it_was_given_under() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    given.record(&[request("2020-06-01", 2, virement("100"))]);
    given.record(&[adopt(
        "2020-06-05",
        "strict",
        &[virements("any", json!({}), every_party())],
    )]);
    admitted(&given, make("2020-06-21", 1, "v", virement("100")));
    // An approval that is recorded after the stricter rules, with an earlier date, must
    // meet them.
    given.record(&[approve("2020-06-04", 2)]);
    judged(
        &given,
        &[(
            "dated before them",
            make("2020-06-21", 2, "w", virement("100")),
            &["BEHIND_THE_RULES"],
        )],
    );
}

/// It may have been prior. The act is taken, and every view of it says on what it rests.
#[test]
fn an_approval_of_a_month_may_be_prior_to_an_act_in_it() {
    let mut given = by_officer();
    given.record(&[request("2020-05-31", 1, virement("100"))]);
    given.record(&[approve("2020-06", 1)]);
    judged(
        &given,
        &[(
            "before the month",
            make("2020-05-31", 1, "v", virement("100")),
            &["DECIDED_LATER"],
        )],
    );
    for (on, rests) in [
        ("2020-06-02", true),
        ("2020-06", true),
        ("2020", true),
        ("2020-06-30", false),
        ("2020-07", false),
    ] {
        let mut given = given.clone();
        given.record(&[make(on, 1, "v", virement("100"))]);
        assert!(breaches(&given).is_empty(), "{on}");
        let register = Arc::new(given.register.clone());
        let day = "2020-12-31".parse().unwrap();
        let view = RegisterView::new(register, day, Position::new(u64::MAX));
        let (virements, _) = views::virements::list(&view, None);
        let made = &virements[0].made[0];
        assert_eq!(made.rests_on_unknown_day, rests, "{on}");
        let collaboration = views::collaboration::get(&view, &"x".parse().unwrap());
        let inexact = collaboration.unwrap().inexact_dates.into_iter();
        let resting: Vec<String> = inexact.map(|line| line.rests_on).collect();
        let wanted: &[&str] = if rests {
            &["the prior approval of the act"]
        } else {
            &[]
        };
        assert_eq!(resting, wanted, "{on}");
    }
}

#[test]
fn every_approval_must_cover_a_projected_underspend() {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc", "b-pcc"]))]);
    let mut projected = virement("100");
    projected["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
    given.record(&[request("2020-06-01", 1, projected.clone())]);
    let mut plain = by("a-pcc", "", decision("2020-06-02", 1, "APPROVED"));
    plain["decisionMade"]
        .as_object_mut()
        .unwrap()
        .remove("boardId");
    given.record(&[plain]);
    given.record(&[by(
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

/// A body that has left has no veto over those that stay, lawfully or not. That it
/// left without approval is always shown.
#[test]
fn a_party_that_left_in_breach_is_not_asked() {
    let rules = [json!({ "ruleId": "all", "title": "All", "requirement": every_party() })];
    let mut given = ruled(&rules);
    given.record(&[breach(on_x(
        "2020-05-01",
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "Out" }),
    ))]);
    assert_eq!(breaches(&given).len(), 1);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    for who in ["a-pcc", "a-cc", "b-cc"] {
        given.record(&[vote("2020-06-02", 1, &format!("+{who}"))]);
    }
    admitted(&given, make("2020-06-21", 1, "v", virement("100")));
}

#[test]
fn a_voided_reversal_is_in_the_ledger_again() {
    let mut given = by_officer();
    asked_and_approved(&mut given, 1, virement("100"));
    given.record(&[make("2020-06-03", 1, "v", virement("100"))]);
    given.record(&[on_x(
        "2020-06-04",
        "virementReversed",
        json!({ "virementId": "v", "reason": "No" }),
    )]);
    let at = tail(&given);
    given.record(&[make("2020-06-05", 1, "w", virement("100"))]);
    caught(&mut given, correct(at, None));
}

#[test]
fn a_request_is_not_voided_under_its_approval() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let at = tail(&given);
    given.record(&[approve("2020-06-02", 1)]);
    refused(&given, correct(at, None));
    refused(
        &given,
        correct(at, Some(request("2020-06-03", 1, virement("100")))),
    );
}

#[test]
fn an_instrument_is_ended_and_renewed_as_it_is_varied() {
    let rules = [json!({ "ruleId": "all", "title": "All", "requirement": every_party() })];
    let mut given = stage();
    given.record(&[on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU",
        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING", "partyIds": ["a-pcc", "b-pcc"] }),
    )]);
    for body in ["a-pcc", "b-pcc"] {
        given.record(&[on_x(
            "2014",
            "agreementSigned",
            json!({ "instrumentId": "mou", "bodyId": body }),
        )]);
    }
    given.record(&[make("2019-06-03", 0, "v", virement("100"))]);
    given.record(&[adopt("2020-01-01", "rules", &rules)]);
    let ended = |cause: &str| {
        let cause = format!("END_CAUSE_{cause}");
        let payload = json!({ "instrumentId": "mou", "cause": cause });
        on_x("2020-06-04", "instrumentEnded", payload)
    };
    refused(&given, ended("AGREEMENT"));
    refused(&given, ended("EXPIRY"));
    let renewed = json!({ "instrumentId": "mou", "expiresOn": { "year": 2030 } });
    refused(&given, on_x("2020-06-04", "instrumentRenewed", renewed));
    // A reversal returns the money; there is no matter that could propose it.
    let back = json!({ "virementId": "v", "reason": "No" });
    admitted(&given, on_x("2020-06-04", "virementReversed", back));
}
