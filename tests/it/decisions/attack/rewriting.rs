//! Attacks by correcting what others rely on, and by choosing dates.

use super::*;

#[test]
fn a_request_replaced_after_its_approval_does_not_carry_more() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let at = tail(&given);
    given.record(&[approve("2020-06-02", 1)]);
    let more = request("2020-06-01", 1, virement("100000"));
    if !given.faults(&[correct(at, Some(more.clone()))]).is_empty() {
        return;
    }
    given.record(&[correct(at, Some(more))]);
    caught(&mut given, make("2020-06-21", 1, "v", virement("100000")));
}

#[test]
fn a_request_replaced_after_its_approval_does_not_carry_other_heads() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let at = tail(&given);
    given.record(&[approve("2020-06-02", 1)]);
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
    given.record(&[correct(at, Some(replaced))]);
    caught(&mut given, make("2020-06-21", 1, "v", other));
}

#[test]
fn a_matter_replaced_after_its_votes_is_another_matter() {
    let mut given = ruled(&[about(&["ADMIT_PARTY"], "r", json!({}), named(&["a-pcc"]))]);
    given.record(&[propose(
        "2020-06-01",
        1,
        json!({ "admitBodyId": "council" }),
    )]);
    let at = tail(&given);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    let other = propose("2020-06-01", 1, json!({ "admitBodyId": "fire" }));
    if !given.faults(&[correct(at, Some(other.clone()))]).is_empty() {
        return;
    }
    given.record(&[correct(at, Some(other))]);
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
    given.record(&[own]);
    let at = tail(&given);
    refused(&given, approve("2020-06-02", 1));
    given.record(&[correct(at, Some(request("2020-06-01", 1, virement("100"))))]);
    admitted(&given, approve("2020-06-02", 1));
}

#[test]
fn an_act_of_a_year_is_not_before_rules_of_that_year() {
    let mut given = stage();
    given.record(&[adopt(
        "2020-03-01",
        "rules",
        &[virements("any", json!({}), officer(None))],
    )]);
    caught(&mut given, make("2020", 0, "v", virement("100000")));
}

#[test]
fn an_approval_is_not_before_its_proposal() {
    let mut given = by_officer();
    given.record(&[request("2020-06-05", 1, virement("100"))]);
    refused(&given, approve("2020-06-04", 1));
    refused(&given, approve("2020-05", 1));
    admitted(&given, approve("2020-06", 1));
}

#[test]
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
    given.record(&[make("2020-06-09", 1, "v", virement("100"))]);
    let at = tail(&given);
    refused(
        &given,
        correct(at, Some(make("2020-06-09", 1, "v", virement("101")))),
    );
    // Replace the correction.
    given.record(&[correct(
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
    given.record(&[make("2020-06-09", 1, "v", virement("100"))]);
    let at = tail(&given);
    caught(
        &mut given,
        correct(at, Some(make("2020-06-01", 1, "v", virement("100")))),
    );
}

#[test]
fn an_act_whose_approval_was_voided_does_not_grow_by_correction() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    given.record(&[approve("2020-06-02", 1)]);
    let approval = tail(&given);
    given.record(&[make("2020-06-09", 1, "v", virement("100"))]);
    let at = tail(&given);
    given.record(&[correct(approval, None)]);
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
fn in_one_append_an_act_relies_only_on_earlier_events() {
    let given = by_officer();
    let (r, a, m) = (
        request("2020-06-01", 1, virement("100")),
        approve("2020-06-02", 1),
        make("2020-06-02", 1, "v", virement("100")),
    );
    assert!(given.faults(&[r.clone(), a.clone(), m.clone()]).is_empty());
    assert!(!given.faults(&[r, m, a]).is_empty());
}
