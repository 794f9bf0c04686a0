//! Attacks on who may decide: deciders, proposers, conflicts and boards.

use super::*;

#[test]
fn a_referral_does_not_replace_the_decider_that_was_named() {
    let mut given = by_officer();
    let mut asked = propose("2020-06-01", 1, json!({ "makeVirement": virement("100") }));
    asked["matterProposed"]["deciderId"] = "council".into();
    given.record(&[asked]);
    given.record(&[approve("2020-06-02", 1)]);
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
    given.record(&[refer]);
    given.record(&[answer("2020-06-04", "b-cc", "APPROVED")]);
    caught(&mut given, make("2020-06-09", 1, "v", virement("100")));
}

#[test]
fn nobody_unasked_rejects_a_matter() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    refused(&given, answer("2020-06-02", "fire", "REJECTED"));
}

#[test]
fn nobody_unasked_carries_a_matter_no_rule_covers() {
    let mut given = by_officer();
    given.record(&[propose("2020-06-01", 1, json!({ "other": "It" }))]);
    refused(&given, answer("2020-06-02", "fire", "APPROVED"));
}

#[test]
fn only_those_entitled_refer_or_defer_under_a_rule() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
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
    given.record(&[asked]);
    given.record(&[event(
        "bodies/council",
        "2020-06-02",
        "bodySucceeded",
        json!({ "successorId": "fire" }),
    )]);
    admitted(&given, answer("2020-06-03", "fire", "APPROVED"));
}

#[test]
fn a_later_record_of_the_board_does_not_cover_a_projected_underspend_from_before() {
    let mut given = ruled(&[virements("any", json!({}), board("MAJORITY"))]);
    let mut projected = virement("100");
    projected["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
    given.record(&[request("2020-06-01", 1, projected.clone())]);
    for who in ["a-pcc", "b-pcc", "a-cc", "b-cc"] {
        given.record(&[on_board("2020-06-02", 1, &format!("+{who}"))]);
    }
    refused(&given, make("2020-06-05", 1, "v", projected.clone()));
    given.record(&[on_x(
        "2020-06-30",
        "virementApproved",
        json!({ "decisionId": "d",
        "proposalId": id(1), "boardId": "board", "allowsProjected": true }),
    )]);
    caught(&mut given, make("2020-06-05", 1, "v", projected));
}

#[test]
fn a_conflicted_body_does_not_count_in_its_own_right() {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc"]))]);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let mut conflicted = vote("2020-06-02", 1, "+a-pcc");
    conflicted["voteCast"]["conflictDeclared"] = "Owns the vans".into();
    given.record(&[conflicted]);
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
fn a_proposer_does_not_approve_as_the_office_of_the_successor() {
    let mut given = by_officer();
    let own = by(
        "a-pcc",
        "Chief Finance Officer",
        request("2020-06-01", 1, virement("100")),
    );
    given.record(&[own]);
    for event in mayor("2020-06-02") {
        given.record(&[event]);
    }
    refused(
        &given,
        by("mayor", "Chief Finance Officer", approve("2020-06-03", 1)),
    );
}

#[test]
fn a_proposer_without_a_body_may_be_the_approver() {
    let mut given = by_officer();
    let mut own = request("2020-06-01", 1, virement("100"));
    own["actedBy"] = json!({ "office": "Chief Finance Officer" });
    if !given.faults(std::slice::from_ref(&own)).is_empty() {
        return;
    }
    given.record(&[own]);
    refused(&given, approve("2020-06-02", 1));
}

#[test]
fn a_proposal_without_a_proposer_from_before_the_rules_is_not_approved_by_anyone_alone() {
    let mut given = stage();
    let mut own = request("2019-06-01", 1, virement("100"));
    own.as_object_mut().unwrap().remove("actedBy");
    given.record(&[own]);
    given.record(&[adopt(
        "2020-01-01",
        "rules",
        &[virements("any", json!({}), officer(None))],
    )]);
    refused(&given, approve("2020-06-02", 1));
}

#[test]
fn a_rule_for_a_proposer_holds_for_its_successor() {
    let strict = virements("strict", json!({ "proposerIds": ["a-pcc"] }), every_party());
    let mut given = ruled(&[strict, virements("lax", json!({}), named(&["b-pcc"]))]);
    for event in mayor("2020-02-01") {
        given.record(&[event]);
    }
    given.record(&[by("mayor", "", request("2020-06-01", 1, virement("100")))]);
    let word = vote("2020-06-02", 1, "+b-pcc");
    if !given.faults(std::slice::from_ref(&word)).is_empty() {
        return;
    }
    given.record(&[word]);
    refused(&given, make("2020-06-09", 1, "v", virement("100")));
}

#[test]
fn a_board_that_changes_after_its_decision_does_not_block_for_ever() {
    let both = json!({ "allOf": { "of": [board("MAJORITY"), named(&["c-pcc"])] } });
    let mut given = ruled(&[virements("any", json!({}), both)]);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    for who in ["a-pcc", "b-pcc", "a-cc"] {
        given.record(&[on_board("2020-06-02", 1, &format!("+{who}"))]);
    }
    given.record(&[decision("2020-06-03", 1, "APPROVED")]);
    given.record(&[event(
        "boards/board",
        "2020-06-04",
        "boardMembershipChanged",
        json!({
        "joined": [{ "bodyId": "c-cc", "capacity": "MEMBER_CAPACITY_MEMBER" }],
        "left": [{ "bodyId": "a-cc", "capacity": "MEMBER_CAPACITY_MEMBER" }] }),
    )]);
    given.record(&[vote("2020-06-05", 1, "+c-pcc")]);
    if given
        .faults(&[make("2020-06-09", 1, "v", virement("100"))])
        .is_empty()
    {
        return;
    }
    // The board votes again.
    for who in ["a-pcc", "b-pcc", "b-cc", "c-cc"] {
        given.record(&[on_board("2020-06-06", 1, &format!("+{who}"))]);
    }
    let again = decision("2020-06-07", 1, "APPROVED");
    let faults = given.faults(std::slice::from_ref(&again));
    assert!(
        faults.is_empty(),
        "not carried, and the board cannot decide again: {faults:?}"
    );
    given.record(&[again]);
    admitted(&given, make("2020-06-09", 1, "v", virement("100")));
}

#[test]
fn a_requirement_met_by_a_departure_still_awaits_a_vote() {
    use minutebook::views::approvals;
    let mut given = ruled(&[virements("any", json!({}), every_party())]);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    for who in ["a-pcc", "a-cc", "b-cc"] {
        given.record(&[vote("2020-06-02", 1, &format!("+{who}"))]);
    }
    given.record(&[on_x(
        "2020-06-03",
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "Going" }),
    )]);
    let day = "2020-06-09".parse().expect("a day");
    let view = RegisterView::new(
        Arc::new(given.register.clone()),
        day,
        Position::new(u64::MAX),
    );
    let open = approvals::list(&view, None, None, true);
    // Only a vote or decision carries a proposal: those who agreed must vote again.
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].awaited.len(), 3);
    refused(&given, make("2020-06-09", 1, "v", virement("100")));
    given.record(&[vote("2020-06-05", 1, "+a-pcc")]);
    admitted(&given, make("2020-06-09", 1, "v", virement("100")));
}
