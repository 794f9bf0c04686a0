//! Call-ins, their waiver and their referral to the full council (Local Government Act 2000
//! s.9F), and decisions that a court quashed: whom they await, and since when.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::DecisionStanding::{Approved, CalledIn, Fallen, Pending, Quashed};
use minutebook::wire::proto::{CallInOutcome, CallInView};
use serde_json::{Value, json};

use super::at;
use super::course::*;
use crate::given::{Given, date, judged};

const D: &str = "ash-cab-2020-02-03";

fn referred(day: &str, council: Option<&str>) -> Value {
    let mut event = call_in_settled(day, "REFERRED_TO_COUNCIL");
    event["callInSettled"]["reason"] = "Six members asked for it".into();
    if let Some(council) = council {
        event["callInSettled"]["councilBoardId"] = council.into();
    }
    event
}

fn with_council(council: Option<&str>) -> Given {
    let events = [call_in("2020-02-05", D), referred("2020-02-10", council)];
    with(approved(), &events)
}

fn shown(given: &Given, day: &str) -> CallInView {
    decided(given, day, D).call_ins.remove(0)
}

#[test]
fn the_full_council_is_awaited_and_its_silence_or_objection_counts() {
    let given = with_council(Some("ash-council"));
    let day = "2020-02-12";
    assert_eq!(standing(&given, day), CalledIn);
    assert_eq!(decided(&given, day, D).standing(), CalledIn);
    assert_eq!(awaited(&given, day), ["ash-council"]);
    assert_eq!(outstanding(&given, day), ["ash-council"]);
    let view = at(&given, day);
    let asker = Asker {
        board: Some("ash-council".parse().expect("an id")),
        body: None,
    };
    let until = views::attention::looks_ahead_until(&view, &asker);
    let lines = views::attention::list(&view, &asker, until);
    let duty = lines[0].awaited[0].duty.as_str();
    assert_eq!(
        duty,
        "as full council, to object or not, in the call-in call"
    );
    let call = shown(&given, day);
    assert_eq!(call.outcome(), CallInOutcome::ReferredToCouncil);
    assert_eq!(call.council.as_ref().expect("it").board_id, "ash-council");
    assert_eq!(call.referral_reason, "Six members asked for it");
    let council = |outcome: &str| decides("2020-02-20", "ash-council", outcome, json!({}));
    let mut to_itself = referred("2020-02-10", Some("ash-cab"));
    to_itself["callInSettled"]["callInId"] = "call".into();
    judged(
        &given,
        &[
            ("meanwhile", adds("2020-02-12"), &["APPROVAL_SUSPENDED"]),
            ("approved", council("APPROVED"), &["ANSWERS_CALL_IN"]),
            ("rejected", council("REJECTED"), &["ANSWERS_CALL_IN"]),
            ("noted", council("NOTED"), &[]),
            ("twice", referred("2020-02-20", None), &["ITEM_CLOSED"]),
            (
                "answered before it was asked",
                call_in_settled("2020-02-08", "STANDS"),
                &["BEFORE_ITEM"],
            ),
        ],
    );
    let called = with(approved(), &[call_in("2020-02-05", D)]);
    judged(
        &called,
        &[("to the cabinet", to_itself, &["SELF_REFERENCE"])],
    );
    // It does not object: the decision takes effect that day.
    let stands = with(given.clone(), &[call_in_settled("2020-02-20", "STANDS")]);
    assert_eq!(standing(&stands, "2020-02-19"), CalledIn);
    assert_eq!(standing(&stands, "2020-02-20"), Approved);
    assert_eq!(decided(&stands, "2020-02-20", D).standing(), Approved);
    assert_eq!(
        shown(&stands, "2020-02-20").outcome(),
        CallInOutcome::Stands
    );
    assert_eq!(
        shown(&stands, "2020-02-20").referred_on.map(|on| on.day),
        Some(10)
    );
    let mut again = call_in("2020-02-24", D);
    again["decisionCalledIn"]["callInId"] = "again".into();
    let mut by_council = again.clone();
    by_council["decisionCalledIn"]["boardId"] = "ash-council".into();
    judged(
        &stands,
        &[
            ("then", adds("2020-02-20"), &[]),
            ("again", again.clone(), &["CALLED_IN_BEFORE"]),
            ("by the council", by_council, &["CALLED_IN_BEFORE"]),
        ],
    );
    // It objects: the cabinet decides again.
    let back = call_in_settled("2020-02-20", "BACK_TO_DECIDER");
    let objected = with(given, &[back]);
    assert_eq!(standing(&objected, "2020-02-20"), Pending);
    assert_eq!(decided(&objected, "2020-02-20", D).standing(), Fallen);
    assert_eq!(awaited(&objected, "2020-02-21"), ["ash-cab"]);
    let since = proposal(&objected, "2020-02-21")
        .approval
        .expect("it")
        .since_on;
    assert_eq!(since.map(|on| (on.month, on.day)), Some((2, 20)));
    judged(&objected, &[("what fell", again, &["CALLED_IN_BEFORE"])]);
    let anew = decides("2020-02-25", "ash-cab", "APPROVED", json!({}));
    assert_eq!(standing(&with(objected, &[anew]), "2020-02-25"), Approved);
}

#[test]
fn where_no_council_is_named_the_body_is_awaited() {
    let given = with_council(None);
    assert_eq!(awaited(&given, "2020-02-12"), ["ash"]);
    let given = with(given, &[call_in_settled("2020-02-24", "STANDS")]);
    assert_eq!(standing(&given, "2020-02-24"), Approved);
}

#[test]
fn a_decision_without_a_proposal_is_referred_to_the_council_too() {
    let mut alone = decides("2020-02-03", "ash-cab", "APPROVED", json!({}));
    alone["decisionMade"]["proposalId"] = "".into();
    let events = [
        alone,
        call_in("2020-02-05", D),
        referred("2020-02-10", Some("ash-council")),
    ];
    let given = with(stage(), &events);
    let lines = attention(&given, "2020-02-12");
    assert_eq!(lines[0].1, ["ash-council"]);
    let given = with(given, &[call_in_settled("2020-02-20", "STANDS")]);
    assert!(attention(&given, "2020-02-20").is_empty());
}

#[test]
fn the_scrutiny_of_each_body_calls_in_a_joint_decision_for_itself() {
    let asked = json!({ "boardId": "jc" });
    let unanimous = json!({ "tally": { "unanimous": true } });
    let events = [
        proposed("2020-02-03", 1, depot(), asked),
        decides("2020-02-03", "jc", "APPROVED", unanimous),
        call_in("2020-02-05", "jc-2020-02-03"),
        call_in_settled("2020-02-07", "STANDS"),
    ];
    let given = with(stage(), &events);
    let second = |board: &str| {
        let mut event = call_in("2020-02-08", "jc-2020-02-03");
        event["decisionCalledIn"]["callInId"] = "second".into();
        event["decisionCalledIn"]["boardId"] = board.into();
        event
    };
    judged(
        &given,
        &[
            ("of the other council", second("bram-cab"), &[]),
            ("again", second("ash-osc"), &["CALLED_IN_BEFORE"]),
        ],
    );
    // At once: it is suspended until both are settled.
    let given = with(stage(), &events[..3]);
    judged(&given, &[("again", second("ash-osc"), &["ALREADY_SO"])]);
    let mut settled = call_in_settled("2020-02-20", "STANDS");
    settled["callInSettled"]["callInId"] = "second".into();
    let one = call_in_settled("2020-02-15", "STANDS");
    let given = with(given, &[second("bram-cab"), one, settled]);
    assert_eq!(standing(&given, "2020-02-15"), CalledIn);
    assert_eq!(standing(&given, "2020-02-20"), Approved);
}

#[test]
fn others_than_those_who_decided_call_a_decision_in() {
    let mut own = call_in("2020-02-05", D);
    own["decisionCalledIn"]["boardId"] = "ash-cab".into();
    judged(
        &approved(),
        &[
            ("the cabinet", own, &["CALLED_IN_BY_DECIDER"]),
            ("scrutiny", call_in("2020-02-05", D), &[]),
        ],
    );
    let head = officer("2020-02-03", "ash", "Head of Waste", "APPROVED", json!({}));
    let given = with(before_nobody(), &[head]);
    let by_office = |office: &str| {
        let mut event = call_in("2020-02-05", "ash-2020-02-03");
        event["decisionCalledIn"]["boardId"] = "".into();
        by("ash", office, event)
    };
    judged(
        &given,
        &[
            (
                "the head",
                by_office("Head of Waste"),
                &["CALLED_IN_BY_DECIDER"],
            ),
            ("another office", by_office("Chair of Scrutiny"), &[]),
        ],
    );
}

#[test]
fn a_call_in_after_an_act_is_marked() {
    let given = with(approved(), &[adds("2020-02-04"), call_in("2020-02-05", D)]);
    let remark = shown(&given, "2020-02-06").remark;
    assert!(
        remark.contains("had rested on the decision before"),
        "{remark}"
    );
    // An act on the approval before is what counts, and not one since.
    let events = [
        call_in("2020-02-05", D),
        call_in_settled("2020-02-06", "STANDS"),
        adds("2020-02-07"),
    ];
    let given = with(approved(), &events);
    assert_eq!(shown(&given, "2020-02-08").remark, "");
}

#[test]
fn call_in_is_waived_before_the_decision_and_by_another() {
    let waived = |agreed_on: &str, office: &str| {
        let waiver = json!({ "reason": "Urgent", "agreedOn": date(agreed_on),
            "agreedBy": { "bodyId": "ash", "office": office } });
        json!({ "callInWaiver": waiver })
    };
    let cabinet =
        |on: &str, office: &str| decides("2020-02-03", "ash-cab", "APPROVED", waived(on, office));
    let head = |office: &str| {
        let waiver = waived("2020-02-02", office);
        officer("2020-02-03", "ash", "Head of Waste", "APPROVED", waiver)
    };
    let chair = "Chair of Scrutiny";
    let mut jc = decides(
        "2020-02-03",
        "jc",
        "APPROVED",
        waived("2020-02-02", "Councillor 1"),
    );
    jc["decisionMade"]["tally"] = json!({ "unanimous": true });
    let invalid = &["WAIVER_INVALID"][..];
    judged(
        &before_nobody(),
        &[
            ("before", cabinet("2020-02-02", chair), &[]),
            ("that day", cabinet("2020-02-03", chair), &[]),
            ("in that month", cabinet("2020-02", chair), &[]),
            ("afterwards", cabinet("2020-02-13", chair), invalid),
            ("in another month", cabinet("2020-03", chair), invalid),
            ("by another office", head(chair), &[]),
            ("by the office that decides", head("Head of Waste"), invalid),
            ("by a member of the board", jc, invalid),
        ],
    );
}

#[test]
fn nothing_is_quashed_in_a_claim_without_permission() {
    let events = [
        challenge("2020-02-10", D),
        step("2020-02-20", "PERMISSION_REFUSED", None),
    ];
    let given = with(approved(), &events);
    let quashed = step("2020-06-01", "QUASHED", None);
    judged(
        &given,
        &[("refused", quashed.clone(), &["PERMISSION_REFUSED"])],
    );
    let given = with(given, &[step("2020-03-01", "PERMISSION_GRANTED", None)]);
    judged(&given, &[("on renewal", quashed, &[])]);
}

#[test]
fn what_a_court_quashed_is_awaited_since_then() {
    for from in [None, Some("2020-05-01")] {
        let events = [
            challenge("2020-02-10", D),
            step("2020-06-01", "QUASHED", from),
        ];
        let given = with(approved(), &events);
        let line = proposal(&given, "2020-06-11").approval.expect("a line");
        assert_eq!(line.standing(), Quashed);
        assert_eq!(line.since_on.map(|on| (on.month, on.day)), Some((6, 1)));
        assert_eq!(line.age_days, 10);
        let log = views::decisions::list(&at(&given, "2020-06-11"), None, true);
        let [pending] = &log[..] else {
            panic!("{log:?}")
        };
        assert_eq!(pending.standing(), Quashed);
        assert_eq!(pending.awaited_days, 10);
    }
}
