//! Approvals that are interrupted more than once, opened again, or wait for a condition
//! meanwhile.

use minutebook::wire::proto::DecisionStanding::{
    CalledIn, NotAgreed, Quashed, Rejected, Stayed, SubjectTo,
};
use serde_json::{Value, json};

use super::approving::*;
use super::course::*;
use super::votes::{CARRIED, OPEN, recorded, standing_on};
use crate::given::{Given, judged};

/// The decision of a-pcc on 2 June.
const D: &str = "a-pcc-2020-06-02";

/// The stage without rules, and the proposal approved by a-pcc.
fn approved() -> Given {
    recorded(put_to(&[]), &[decides("2020-06-02", "a-pcc", "APPROVED")])
}

fn on_money() -> Value {
    json!([{ "conditionId": "money", "what": "The grant is awarded" }])
}

fn waits(on: &str, body: &str) -> Value {
    subject_to(decides(on, body, "APPROVED"), on_money())
}

#[test]
fn an_objection_during_a_call_in_outlasts_it() {
    let events = [
        call_in("2020-06-04", D, "call"),
        decides("2020-06-05", "b-pcc", "REJECTED"),
        call_in_settled("2020-06-10", "call", "STANDS"),
    ];
    let given = recorded(approved(), &events);
    assert_eq!(standing_on(&given, "2020-06-09"), CalledIn);
    assert_eq!(standing_on(&given, "2020-06-10"), NotAgreed);
    judged(
        &given,
        &[
            ("called in", end("2020-06-05"), &["APPROVAL_SUSPENDED"]),
            ("opposed", end("2020-06-11"), &["APPROVAL_ENDED"]),
        ],
    );
    let agrees = decides("2020-06-12", "b-pcc", "APPROVED");
    let given = recorded(given, &[agrees]);
    assert_eq!(standing_on(&given, "2020-06-12"), CARRIED);
}

#[test]
fn an_agreement_does_not_end_a_call_in() {
    let events = [
        decides("2020-06-03", "b-pcc", "REJECTED"),
        call_in("2020-06-04", D, "call"),
        decides("2020-06-05", "b-pcc", "APPROVED"),
    ];
    let given = recorded(approved(), &events);
    assert_eq!(standing_on(&given, "2020-06-04"), NotAgreed);
    assert_eq!(standing_on(&given, "2020-06-05"), CalledIn);
    judged(
        &given,
        &[("meanwhile", end("2020-06-06"), &["APPROVAL_SUSPENDED"])],
    );
    let given = recorded(given, &[call_in_settled("2020-06-10", "call", "STANDS")]);
    assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
}

#[test]
fn an_objection_that_is_called_in_does_not_count_meanwhile() {
    let events = [
        decides("2020-06-03", "b-pcc", "REJECTED"),
        call_in("2020-06-04", "b-pcc-2020-06-03", "call"),
    ];
    let given = recorded(approved(), &events);
    assert_eq!(standing_on(&given, "2020-06-03"), NotAgreed);
    assert_eq!(standing_on(&given, "2020-06-04"), CARRIED);
    let upheld = call_in_settled("2020-06-06", "call", "STANDS");
    let upheld = recorded(given.clone(), &[upheld]);
    assert_eq!(standing_on(&upheld, "2020-06-06"), NotAgreed);
    let back = call_in_settled("2020-06-06", "call", "BACK_TO_DECIDER");
    let back = recorded(given, &[back]);
    assert_eq!(standing_on(&back, "2020-06-06"), CARRIED);
}

#[test]
fn a_stay_goes_on_after_a_call_in() {
    let events = [
        call_in("2020-06-04", D, "call"),
        challenge("2020-06-04", D),
        step("2020-06-05", "STAYED"),
        call_in_settled("2020-06-06", "call", "STANDS"),
    ];
    let given = recorded(approved(), &events);
    assert_eq!(standing_on(&given, "2020-06-05"), CalledIn);
    assert_eq!(standing_on(&given, "2020-06-06"), Stayed);
    let given = recorded(given, &[step("2020-06-08", "STAY_LIFTED")]);
    assert_eq!(standing_on(&given, "2020-06-08"), CARRIED);
}

#[test]
fn a_matter_that_is_open_again_starts_afresh() {
    let events = [
        decides("2020-06-03", "b-pcc", "REJECTED"),
        call_in("2020-06-04", D, "call"),
        call_in_settled("2020-06-05", "call", "BACK_TO_DECIDER"),
        decides("2020-06-06", "a-pcc", "APPROVED"),
    ];
    let given = recorded(approved(), &events);
    assert_eq!(standing_on(&given, "2020-06-05"), OPEN);
    // The objection was to the decision that fell.
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
    let given = recorded(given, &[decides("2020-06-07", "b-pcc", "REJECTED")]);
    assert_eq!(standing_on(&given, "2020-06-07"), NotAgreed);
}

#[test]
fn a_rejection_is_called_in_too() {
    let rejected = recorded(put_to(&[]), &[decides("2020-06-02", "a-pcc", "REJECTED")]);
    let given = recorded(rejected.clone(), &[call_in("2020-06-04", D, "call")]);
    assert_eq!(standing_on(&given, "2020-06-04"), CalledIn);
    for (outcome, standing) in [
        ("STANDS", Rejected),
        ("RESCINDED", Rejected),
        ("BACK_TO_DECIDER", OPEN),
        ("REFERRED_TO_COUNCIL", CalledIn),
    ] {
        let settled = call_in_settled("2020-06-06", "call", outcome);
        let given = recorded(given.clone(), &[settled]);
        assert_eq!(standing_on(&given, "2020-06-06"), standing, "{outcome}");
        let again = decides("2020-06-07", "a-pcc", "APPROVED");
        let closed = if standing == OPEN { &[] } else { CLOSED };
        judged(&given, &[(outcome, again, closed)]);
    }
    let mut quashed = step("2020-06-20", "QUASHED");
    quashed["challengeStepTaken"]["quashedFromOn"] = crate::given::date("2020-06-10");
    let given = recorded(rejected, &[challenge("2020-06-05", D), quashed]);
    assert_eq!(standing_on(&given, "2020-06-20"), Quashed);
    let again = decides("2020-06-21", "a-pcc", "APPROVED");
    judged(&given, &[("decided again", again, &[])]);
}

#[test]
fn a_boards_votes_fall_with_its_conditional_decision() {
    let rules = [virements("any", json!({}), board("MAJORITY"))];
    let mut events = vec![request("2020-06-01", 1, virement("100"))];
    events.extend(["+a-pcc", "+b-pcc", "+a-cc"].map(|with| on_board("2020-06-02", 1, with)));
    events.push(subject_to(
        decision("2020-06-02", 1, "APPROVED"),
        on_money(),
    ));
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-02"), SubjectTo);
    let board = "d-1-2020-06-02-approved";
    let events = [
        settles("2020-06-04", board, "money", "NOT_MET"),
        on_board("2020-06-05", 1, "+b-cc"),
    ];
    let given = recorded(given, &events);
    assert_eq!(standing_on(&given, "2020-06-05"), OPEN);
    let again = decision("2020-06-06", 1, "APPROVED");
    judged(&given, &[("without them", again, &["QUORUM_NOT_MET"])]);
}

#[test]
fn a_later_vote_replaces_a_decision_that_waits() {
    let rules = [virements("any", json!({}), named(&["a-pcc", "b-pcc"]))];
    let events = [
        request("2020-06-01", 1, virement("100")),
        waits("2020-06-02", "a-pcc"),
        vote("2020-06-03", 1, "-a-pcc"),
        settles("2020-06-04", D, "money", "MET"),
        vote("2020-06-05", 1, "+b-pcc"),
    ];
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-05"), OPEN);
    let given = recorded(given, &[vote("2020-06-06", 1, "+a-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
}

#[test]
fn a_condition_awaits_a_decision_and_not_a_vote() {
    let rules = [virements("any", json!({}), named(&["a-pcc"]))];
    let on_council =
        json!([{ "conditionId": "c", "what": "They agree", "decidedById": "council" }]);
    let approves = decides("2020-06-02", "a-pcc", "APPROVED");
    let events = [
        request("2020-06-01", 1, virement("100")),
        subject_to(approves, on_council),
    ];
    let given = recorded(ruled(&rules), &events);
    let voted = vote("2020-06-03", 1, "+council");
    judged(&given, &[("a vote", voted, &["NOT_ENTITLED"])]);
    let given = recorded(given, &[decides("2020-06-03", "council", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-03"), CARRIED);
}

#[test]
fn a_decision_that_is_called_in_meets_no_condition_meanwhile() {
    let on_b = json!([{ "conditionId": "b", "what": "B approves", "decidedById": "b-pcc" }]);
    let approves = decides("2020-06-04", "a-pcc", "APPROVED");
    let events = [
        decides("2020-06-02", "b-pcc", "APPROVED"),
        call_in("2020-06-03", "b-pcc-2020-06-02", "call"),
        subject_to(approves, on_b),
    ];
    let given = recorded(put_to(&["a-pcc", "b-pcc"]), &events);
    assert_eq!(standing_on(&given, "2020-06-04"), CalledIn);
    // The decision itself waits until then.
    let of_a = || decided(&given, "2020-06-06", "a-pcc-2020-06-04").standing();
    assert_eq!(of_a(), SubjectTo);
    let upheld = call_in_settled("2020-06-06", "call", "STANDS");
    let given = recorded(given, &[upheld]);
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
}

#[test]
fn a_conditional_agreement_ends_an_objection_once_it_is_met() {
    let events = [
        decides("2020-06-03", "b-pcc", "REJECTED"),
        waits("2020-06-04", "b-pcc"),
    ];
    let given = recorded(approved(), &events);
    assert_eq!(standing_on(&given, "2020-06-04"), NotAgreed);
    let met = settles("2020-06-06", "b-pcc-2020-06-04", "money", "MET");
    let given = recorded(given, &[met]);
    assert_eq!(standing_on(&given, "2020-06-05"), NotAgreed);
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
    judged(
        &given,
        &[
            ("before", end("2020-06-05"), &["APPROVAL_ENDED"]),
            ("from then", end("2020-06-06"), &[]),
        ],
    );
}

#[test]
fn a_conditional_decision_is_judged_as_if_it_counted() {
    let all_of = json!({ "allOf": { "of": [board("MAJORITY"), named(&["a-pcc"])] } });
    let mut events = vec![request("2020-06-01", 1, virement("100"))];
    events.extend(["+b-pcc", "+a-cc", "+b-cc"].map(|with| on_board("2020-06-02", 1, with)));
    let given = recorded(ruled(&[virements("any", json!({}), all_of)]), &events);
    let conditional = |outcome| subject_to(decision("2020-06-03", 1, outcome), on_money());
    judged(&given, &[("with its quorum", conditional("APPROVED"), &[])]);
    let asked = [request("2020-06-01", 1, virement("100"))];
    let rules = [virements("any", json!({}), board("MAJORITY"))];
    let few = [asked[0].clone(), on_board("2020-06-02", 1, "+b-pcc")];
    let given = recorded(ruled(&rules), &few);
    let without = conditional("APPROVED");
    judged(&given, &[("without it", without, &["QUORUM_NOT_MET"])]);
    let rules = [virements("any", json!({}), named(&["b-cc"]))];
    let given = recorded(ruled(&rules), &asked);
    let own = waits("2020-06-02", "b-cc");
    judged(&given, &[("the proposer's own", own, &["OWN_PROPOSAL"])]);
}

#[test]
fn an_act_counts_by_the_approval_that_it_relied_on() {
    let rules = [
        virements(
            "few",
            json!({ "runningTotalUpToPence": "150" }),
            named(&["a-pcc"]),
        ),
        virements("many", json!({}), named(&["b-pcc"])),
    ];
    let events = [
        request("2020-06-01", 1, virement("100")),
        decides("2020-06-02", "a-pcc", "APPROVED"),
        make("2020-06-03", 1, "v", virement("50")),
        request("2020-06-03", 2, virement("100")),
        vote("2020-06-03", 2, "+a-pcc"),
        make("2020-06-04", 2, "w", virement("100")),
        call_in("2020-06-04", D, "call"),
        call_in_settled("2020-06-05", "call", "BACK_TO_DECIDER"),
        vote("2020-06-06", 1, "+b-pcc"),
    ];
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
    // Another rule has applied since, and does not reach back.
    assert_eq!(breaches(&given, "2020-06-06"), [""; 0]);
}

#[test]
fn votes_after_a_boards_decision_do_not_fall_with_it() {
    let all_of = json!({ "allOf": { "of": [board("MAJORITY"), named(&["a-pcc"])] } });
    let mut events = vec![request("2020-06-01", 1, virement("100"))];
    events.extend(["+b-pcc", "+a-cc", "+b-cc"].map(|with| on_board("2020-06-02", 1, with)));
    events.push(decision("2020-06-02", 1, "APPROVED"));
    events.push(on_board("2020-06-03", 1, "+b-cc"));
    events.push(call_in("2020-06-04", "d-1-2020-06-02-approved", "call"));
    events.push(call_in_settled("2020-06-05", "call", "BACK_TO_DECIDER"));
    events.extend(["+b-pcc", "+a-cc"].map(|with| on_board("2020-06-06", 1, with)));
    let given = recorded(ruled(&[virements("any", json!({}), all_of)]), &events);
    let again = decision("2020-06-06", 1, "APPROVED");
    judged(&given, &[("with the vote since", again, &[])]);
}

#[test]
fn to_call_in_a_rejection_that_contradicts_the_votes_changes_nothing() {
    let rules = [virements("any", json!({}), board("MAJORITY"))];
    let bodies = ["a-pcc", "b-pcc", "a-cc", "b-cc"];
    let mut events = vec![request("2020-06-01", 1, virement("100"))];
    events.extend(bodies.map(|body| on_board("2020-06-03", 1, &format!("-{body}"))));
    events.push(decision("2020-06-04", 1, "REJECTED"));
    // The vote of the day before is found later.
    events.extend(bodies.map(|body| on_board("2020-06-02", 1, &format!("+{body}"))));
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-05"), CARRIED);
    let rejected = "d-1-2020-06-04-rejected";
    let events = [
        call_in("2020-06-05", rejected, "call"),
        call_in_settled("2020-06-06", "call", "BACK_TO_DECIDER"),
    ];
    let given = recorded(given, &events);
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
}

#[test]
fn with_a_quashed_minute_the_approval_never_was() {
    let rules = [virements("any", json!({}), named(&["a-pcc"]))];
    let events = [
        request("2020-06-01", 1, virement("100")),
        vote("2020-06-02", 1, "+a-pcc"),
        decides("2020-06-03", "a-pcc", "APPROVED"),
        challenge("2020-06-04", "a-pcc-2020-06-03"),
        step("2020-06-10", "QUASHED"),
    ];
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-10"), Quashed);
    let act = make("2020-06-11", 1, "v", virement("100"));
    judged(&given, &[("an act", act, &["APPROVAL_QUASHED"])]);
    let again = decides("2020-06-12", "a-pcc", "APPROVED");
    let given = recorded(given, &[again]);
    // The approval is that of the new decision alone.
    let before = make("2020-06-11", 1, "v", virement("100"));
    let after = make("2020-06-12", 1, "v", virement("100"));
    judged(
        &given,
        &[
            ("before it", before, &["DECIDED_LATER"]),
            ("from then", after, &[]),
        ],
    );
}

#[test]
fn the_end_of_a_claim_carries_nothing_that_was_not_stayed() {
    let rules = [about(
        &["END_COLLABORATION"],
        "any",
        json!({}),
        every_party(),
    )];
    let proposed = propose("2020-06-01", 1, json!({ "endCollaboration": {} }));
    let mut events = vec![proposed];
    events.extend(["a-pcc", "a-cc", "b-cc"].map(|body| decides("2020-06-02", body, "APPROVED")));
    events.push(crate::given::on_x(
        "2020-06-03",
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "Going" }),
    ));
    events.push(challenge("2020-06-04", D));
    events.push(step("2020-06-05", "WITHDRAWN"));
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-05"), OPEN);
}

#[test]
fn an_outside_decider_does_not_carry_what_is_called_in() {
    let mut proposed = propose("2020-06-01", 1, json!({ "endCollaboration": {} }));
    proposed["matterProposed"]["deciderId"] = "c-pcc".into();
    let answer = json!({ "proposalId": id(1), "deciderId": "c-pcc",
        "outcome": "OUTCOME_APPROVED" });
    let events = [
        proposed,
        decides("2020-06-02", "a-pcc", "APPROVED"),
        call_in("2020-06-03", D, "call"),
        crate::given::on_x("2020-06-04", "externalDecisionReceived", answer),
    ];
    let given = recorded(stage(), &events);
    assert_eq!(standing_on(&given, "2020-06-03"), OPEN);
    assert_eq!(standing_on(&given, "2020-06-04"), CalledIn);
    let given = recorded(given, &[call_in_settled("2020-06-05", "call", "STANDS")]);
    assert_eq!(standing_on(&given, "2020-06-05"), CARRIED);
}

#[test]
fn a_vote_of_the_body_named_meets_no_condition() {
    let on_b = json!([{ "conditionId": "b", "what": "B approves", "decidedById": "b-pcc" }]);
    let rules = [virements("any", json!({}), named(&["a-pcc", "b-pcc"]))];
    let events = [
        request("2020-06-01", 1, virement("100")),
        subject_to(decides("2020-06-02", "a-pcc", "APPROVED"), on_b),
        vote("2020-06-03", 1, "+b-pcc"),
    ];
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-03"), SubjectTo);
    let given = recorded(given, &[decides("2020-06-04", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-04"), CARRIED);
}

#[test]
fn a_rejection_does_not_fail_a_condition_that_was_settled() {
    let any_of = json!({ "anyOf": { "of": [named(&["a-pcc"]), named(&["b-pcc"])] } });
    let conditions = json!([
        { "conditionId": "b", "what": "B approves", "decidedById": "b-pcc" },
        { "conditionId": "money", "what": "The grant is awarded" },
    ]);
    let events = [
        request("2020-06-01", 1, virement("100")),
        subject_to(decides("2020-06-02", "a-pcc", "APPROVED"), conditions),
        by("b-pcc", "", settles("2020-06-03", D, "b", "WAIVED")),
        decides("2020-06-04", "b-pcc", "REJECTED"),
        settles("2020-06-05", D, "money", "MET"),
    ];
    let given = recorded(ruled(&[virements("any", json!({}), any_of)]), &events);
    assert_eq!(standing_on(&given, "2020-06-05"), CARRIED);
}

#[test]
fn a_projection_is_covered_from_the_boards_record_on() {
    let projected = || {
        let mut virement = virement("100");
        virement["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
        virement
    };
    let mut events = vec![request("2020-06-01", 1, projected())];
    let votes = ["+a-pcc", "+b-pcc", "+a-cc", "+b-cc"];
    events.extend(votes.map(|with| on_board("2020-06-02", 1, with)));
    events.push(crate::given::on_x(
        "2020-06-05",
        "virementApproved",
        json!({ "decisionId": "record", "proposalId": id(1), "boardId": "board",
            "allowsProjected": true }),
    ));
    let rules = [virements("any", json!({}), board("MAJORITY"))];
    let given = recorded(ruled(&rules), &events);
    let before = make("2020-06-04", 1, "v", projected());
    let after = make("2020-06-05", 1, "v", projected());
    judged(
        &given,
        &[
            ("before the record", before, &["PROJECTED_NOT_APPROVED"]),
            ("from then", after, &[]),
        ],
    );
}
