//! Rule 4: who is entitled, how votes are counted, and until when.

use jiff::civil::Date;
use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{ApprovalView, DecisionStanding};
use serde_json::{Value, json};

use super::approving::*;
use crate::given::{Given, event, judged, on_x};

/// The first proposal on a day.
pub(super) fn on_day(given: &Given, day: &str) -> ApprovalView {
    let day: Date = day.parse().expect("a day");
    let register = std::sync::Arc::new(given.register.clone());
    let view = RegisterView::new(register, day, Position::new(u64::MAX));
    let mut lines = views::approvals::list(&view, None, None, false);
    lines.retain(|line| line.proposal_id == id(1));
    lines.pop().expect("the proposal")
}

pub(super) fn standing_on(given: &Given, day: &str) -> DecisionStanding {
    on_day(given, day).standing()
}

pub(super) fn awaited(given: &Given, day: &str) -> Vec<String> {
    let awaited = on_day(given, day).awaited;
    awaited
        .into_iter()
        .map(|awaited| match (awaited.who, awaited.board) {
            (Some(who), _) => who.body.map_or(who.office, |body| body.body_id),
            (None, board) => board.expect("a body or a board").board_id,
        })
        .collect()
}

/// A proposal of 100 pence under one rule.
pub(super) fn put(requirement: Value) -> Given {
    let mut given = ruled(&[virements("any", json!({}), requirement)]);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    given
}

pub(super) fn recorded(mut given: Given, events: &[Value]) -> Given {
    for event in events {
        given.record(std::slice::from_ref(event));
    }
    given
}

pub(super) const OPEN: DecisionStanding = DecisionStanding::Pending;
pub(super) const CARRIED: DecisionStanding = DecisionStanding::Approved;

#[test]
fn each_requirement_asks_for_its_own() {
    let may = |requirement: Value, who: &[&str], not: &[&str]| {
        let given = put(requirement.clone());
        for voter in who {
            let faults = given.faults(&[vote("2020-06-02", 1, &format!("+{voter}"))]);
            assert_eq!(faults, [], "{requirement} asks for {voter}");
        }
        for voter in not {
            judged(
                &given,
                &[(
                    voter,
                    vote("2020-06-02", 1, &format!("+{voter}")),
                    &["NOT_ENTITLED"],
                )],
            );
        }
    };
    may(
        every_party(),
        &["a-pcc", "a-cc", "b-pcc"],
        &["c-pcc", "council"],
    );
    may(
        json!({ "everyPolicingBody": {} }),
        &["a-pcc", "b-pcc"],
        &["a-cc", "c-pcc"],
    );
    may(
        json!({ "everyCorporationSole": {} }),
        &["a-pcc", "a-cc"],
        &["council"],
    );
    may(
        named(&["council", "a-cc"]),
        &["council", "a-cc"],
        &["a-pcc"],
    );
    // The lead of the service that gives the money is also the proposer.
    may(json!({ "theLead": {} }), &[], &["a-cc"]);
    may(
        json!({ "anyOf": { "of": [named(&["council"]), named(&["a-cc"])] } }),
        &["council", "a-cc"],
        &["b-pcc"],
    );
    may(officer(None), &[], &["a-pcc", "b-pcc"]);
    may(board("MAJORITY"), &[], &["a-pcc"]);
}

#[test]
fn all_must_agree_and_a_vote_may_be_changed_until_they_have() {
    let given = put(named(&["a-pcc", "b-pcc"]));
    let given = recorded(given, &[vote("2020-06-02", 1, "+a-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    assert_eq!(awaited(&given, "2020-06-02"), ["b-pcc"]);
    let changed = recorded(
        given.clone(),
        &[
            vote("2020-06-03", 1, "-a-pcc"),
            vote("2020-06-04", 1, "+b-pcc"),
        ],
    );
    assert_eq!(
        standing_on(&changed, "2020-06-05"),
        OPEN,
        "one changed their mind"
    );
    let back = recorded(changed, &[vote("2020-06-05", 1, "+a-pcc")]);
    assert_eq!(standing_on(&back, "2020-06-04"), OPEN);
    assert_eq!(standing_on(&back, "2020-06-05"), CARRIED);
    assert_eq!(awaited(&back, "2020-06-05"), <[&str; 0]>::default());
    judged(
        &back,
        &[
            (
                "after the decision",
                vote("2020-06-06", 1, "-a-pcc"),
                &["PROPOSAL_CLOSED"],
            ),
            (
                "on its day, after it",
                vote("2020-06-05", 1, "-b-pcc"),
                &["PROPOSAL_CLOSED"],
            ),
            ("dated before it", vote("2020-06-04", 1, "+b-pcc"), &[]),
            (
                "given up after it",
                on_x(
                    "2020-06-06",
                    "proposalWithdrawn",
                    json!({ "proposalId": id(1) }),
                ),
                &[],
            ),
        ],
    );
}

#[test]
fn to_abstain_is_not_to_agree_and_to_decide_against_settles_it() {
    let given = recorded(
        put(named(&["a-pcc", "b-pcc"])),
        &[
            vote("2020-06-02", 1, "0a-pcc"),
            vote("2020-06-02", 1, "+b-pcc"),
        ],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    let against = by(
        "a-pcc",
        "",
        on_x(
            "2020-06-03",
            "decisionMade",
            json!({ "decisionId": "no",
        "title": "No", "outcome": "OUTCOME_REJECTED", "proposalId": id(1) }),
        ),
    );
    let voted = recorded(given.clone(), &[vote("2020-06-03", 1, "-a-pcc")]);
    assert_eq!(
        standing_on(&voted, "2020-06-03"),
        OPEN,
        "a vote can be taken back"
    );
    let decided = recorded(given, &[against]);
    assert_eq!(
        standing_on(&decided, "2020-06-03"),
        DecisionStanding::Rejected
    );
    judged(
        &decided,
        &[(
            "too late",
            vote("2020-06-04", 1, "+a-pcc"),
            &["PROPOSAL_CLOSED"],
        )],
    );
}

#[test]
fn no_proposer_agrees_alone_to_its_own_proposal() {
    let given = put(named(&["b-cc"]));
    judged(
        &given,
        &[
            (
                "the same body",
                vote("2020-06-02", 1, "+b-cc"),
                &["OWN_PROPOSAL"],
            ),
            ("against", vote("2020-06-02", 1, "-b-cc"), &[]),
        ],
    );
    let mut other = vote("2020-06-02", 1, "+b-cc");
    other["voteCast"]["voter"]["office"] = "Chief Constable".into();
    let mut same = other.clone();
    same["voteCast"]["voter"]["office"] = "HEAD OF DOGS".into();
    judged(
        &given,
        &[
            ("the same office", same, &["OWN_PROPOSAL"]),
            ("another office", other, &[]),
        ],
    );
    // With another approver it counts.
    let given = recorded(
        put(named(&["b-cc", "a-cc"])),
        &[vote("2020-06-02", 1, "+b-cc")],
    );
    assert_eq!(
        standing_on(
            &recorded(given, &[vote("2020-06-03", 1, "+a-cc")]),
            "2020-06-03"
        ),
        CARRIED
    );
}

#[test]
fn a_quorum_is_met_or_one_short() {
    let two = recorded(
        put(board("MAJORITY")),
        &[
            on_board("2020-06-02", 1, "+a-pcc"),
            on_board("2020-06-02", 1, "+b-pcc"),
        ],
    );
    judged(
        &two,
        &[(
            "two of three",
            decision("2020-06-02", 1, "APPROVED"),
            &["QUORUM_NOT_MET"],
        )],
    );
    let conflicted = |given: &Given| {
        let mut vote = on_board("2020-06-02", 1, "+a-cc");
        vote["voteCast"]["conflictDeclared"] = "Leads the service that gains".into();
        recorded(given.clone(), &[vote])
    };
    judged(
        &conflicted(&two),
        &[(
            "the third has a conflict",
            decision("2020-06-02", 1, "APPROVED"),
            &["QUORUM_NOT_MET"],
        )],
    );
    let three = recorded(two, &[on_board("2020-06-02", 1, "0a-cc")]);
    judged(
        &three,
        &[(
            "the third abstains",
            decision("2020-06-02", 1, "APPROVED"),
            &[],
        )],
    );
    assert_eq!(
        standing_on(&three, "2020-06-02"),
        OPEN,
        "the board has not decided yet"
    );
    assert_eq!(awaited(&three, "2020-06-02"), ["b-cc", "board"]);
    let decided = recorded(three, &[decision("2020-06-02", 1, "APPROVED")]);
    assert_eq!(standing_on(&decided, "2020-06-02"), CARRIED);
    judged(
        &decided,
        &[
            (
                "a vote after it",
                on_board("2020-06-03", 1, "-b-cc"),
                &["PROPOSAL_CLOSED"],
            ),
            (
                "one of its day, recorded after it",
                on_board("2020-06-02", 1, "-b-cc"),
                &[],
            ),
        ],
    );
    // A rule's own quorum takes precedence over the board's.
    let rule = json!({ "board": { "boardId": "board", "votingRule": "VOTING_RULE_MAJORITY", "quorum": 1 } });
    let member = recorded(put(rule), &[on_board("2020-06-02", 1, "+a-pcc")]);
    judged(
        &member,
        &[("one is enough", decision("2020-06-02", 1, "APPROVED"), &[])],
    );
}

#[test]
fn a_vote_is_carried_by_majority_unanimity_or_weight() {
    let carried = |requirement: Value, votes: &[&str]| {
        let votes: Vec<Value> = votes.iter().map(|v| on_board("2020-06-02", 1, v)).collect();
        let given = recorded(put(requirement), &votes);
        let found = given.faults(&[decision("2020-06-02", 1, "APPROVED")]);
        let all = given.register.tail();
        match found.first() {
            None => (true, all),
            Some((_, "VOTE_NOT_CARRIED")) => (false, all),
            other => panic!("{other:?}"),
        }
        .0
    };
    let majority = || board("MAJORITY");
    assert!(carried(majority(), &["+a-pcc", "+b-pcc", "-a-cc"]));
    assert!(
        !carried(majority(), &["+a-pcc", "-b-pcc", "0a-cc"]),
        "a tie"
    );
    assert!(carried(majority(), &["+a-pcc", "0b-pcc", "0a-cc"]));
    assert!(carried(board("UNANIMITY"), &["+a-pcc", "0b-pcc", "0a-cc"]));
    assert!(!carried(board("UNANIMITY"), &["+a-pcc", "+b-pcc", "-a-cc"]));
    assert!(
        !carried(board("UNANIMITY"), &["0a-pcc", "0b-pcc", "0a-cc", "0b-cc"]),
        "nobody for"
    );
    let weights = [("a-pcc", 600_000), ("b-pcc", 400_000)];
    let votes = ["+a-pcc", "-b-pcc", "0a-cc"];
    assert!(
        carried(weighted(600_000, &weights), &votes),
        "exactly the threshold"
    );
    assert!(
        !carried(weighted(600_001, &weights), &votes),
        "a millionth short"
    );
    // By default the year's contributions: 60 and 40 per cent.
    assert!(carried(weighted(600_000, &[]), &votes));
    assert!(!carried(weighted(600_001, &[]), &votes));
}

#[test]
fn when_all_have_voted_no_decision_is_needed_but_one_may_say_how_much() {
    let votes = |last: &str| {
        let votes = ["+a-pcc", "+b-pcc", "0a-cc", last];
        votes.map(|vote| on_board("2020-06-02", 1, vote))
    };
    let given = recorded(put(board("MAJORITY")), &votes("-b-cc"));
    assert_eq!(standing_on(&given, "2020-06-02"), CARRIED);
    let allowed = |amount: &str| {
        on_x(
            "2020-06-03",
            "virementApproved",
            json!({ "proposalId": id(1), "decisionId": "d",
            "boardId": "board", "amountPence": amount }),
        )
    };
    let recorded = recorded(given.clone(), &[allowed("40")]);
    judged(
        &recorded,
        &[
            ("within it", make("2020-06-04", 1, "v", virement("40")), &[]),
            (
                "a penny over",
                make("2020-06-04", 1, "v", virement("41")),
                &["OVER_APPROVED"],
            ),
            (
                "recorded twice",
                decision("2020-06-04", 1, "APPROVED"),
                &["PROPOSAL_CLOSED"],
            ),
        ],
    );
    judged(
        &given,
        &[(
            "rejected after all",
            decision("2020-06-03", 1, "REJECTED"),
            &["MINUTE_CONTRADICTS"],
        )],
    );
}

#[test]
fn only_members_vote_on_a_board_that_decides() {
    let mut given = put(board("MAJORITY"));
    let panel = |mut event: Value| {
        for kind in ["voteCast", "decisionMade"] {
            if event.get(kind).is_some() {
                event[kind]["boardId"] = "panel".into();
            }
        }
        event
    };
    judged(
        &given,
        &[
            ("a member", on_board("2020-06-02", 1, "+a-pcc"), &[]),
            (
                "in their own right",
                vote("2020-06-02", 1, "+a-pcc"),
                &["NOT_ENTITLED"],
            ),
            (
                "an observer",
                on_board("2020-06-02", 1, "+c-pcc"),
                &["NOT_A_VOTING_MEMBER"],
            ),
            (
                "nobody there",
                on_board("2020-06-02", 1, "+council"),
                &["NOT_A_VOTING_MEMBER"],
            ),
            (
                "an advisory board",
                panel(on_board("2020-06-02", 1, "+a-pcc")),
                &["BOARD_CANNOT_DECIDE"],
            ),
            (
                "which approves",
                panel(decision("2020-06-02", 1, "APPROVED")),
                &["BOARD_CANNOT_DECIDE"],
            ),
            (
                "which supports",
                panel(decision("2020-06-02", 1, "SUPPORTED")),
                &[],
            ),
        ],
    );
    let change = json!({ "left": [{ "bodyId": "a-pcc" }],
        "joined": [{ "bodyId": "council", "capacity": "MEMBER_CAPACITY_MEMBER" },
                   { "bodyId": "a-cc", "office": "Adviser", "capacity": "MEMBER_CAPACITY_IN_ATTENDANCE" }] });
    given.record(&[event(
        "boards/board",
        "2020-06-10",
        "boardMembershipChanged",
        change,
    )]);
    let mut adviser = on_board("2020-06-10", 1, "+a-cc");
    adviser["voteCast"]["voter"]["office"] = "Adviser".into();
    judged(
        &given,
        &[
            (
                "the day before leaving",
                on_board("2020-06-09", 1, "+a-pcc"),
                &[],
            ),
            (
                "on the day",
                on_board("2020-06-10", 1, "+a-pcc"),
                &["NOT_A_VOTING_MEMBER"],
            ),
            (
                "joining on the day",
                on_board("2020-06-10", 1, "+council"),
                &[],
            ),
            (
                "the day before",
                on_board("2020-06-09", 1, "+council"),
                &["NOT_A_VOTING_MEMBER"],
            ),
            ("an office in attendance", adviser, &["NOT_A_VOTING_MEMBER"]),
        ],
    );
}

#[test]
fn an_office_agrees_up_to_its_delegated_amount() {
    for (amount, reasons) in [("100", &[][..]), ("101", &["BEYOND_DELEGATION"])] {
        let mut given = ruled(&[virements("any", json!({}), officer(Some("100")))]);
        given.record(&[request("2020-06-01", 1, virement(amount))]);
        judged(&given, &[(amount, approve("2020-06-02", 1), reasons)]);
    }
    let given = put(officer(None));
    let mut other = approve("2020-06-02", 1);
    other["actedBy"]["office"] = "Chief Executive".into();
    let much = |amount: &str| {
        let mut approval = approve("2020-06-02", 1);
        approval["virementApproved"]["amountPence"] = amount.into();
        approval
    };
    judged(
        &given,
        &[
            ("another office", other, &["NOT_ENTITLED"]),
            ("all that was asked", much("100"), &[]),
            ("a penny more", much("101"), &["AMOUNT_OVER_REQUEST"]),
        ],
    );
}

#[test]
fn any_of_and_all_of() {
    // A member's vote on the board is the body's agreement too, so one outside it is asked.
    let both = json!({ "allOf": { "of": [named(&["council"]), board("MAJORITY")] } });
    let board_s = ["+a-pcc", "+b-pcc", "+a-cc"].map(|vote| on_board("2020-06-02", 1, vote));
    let given = recorded(
        recorded(put(both), &board_s),
        &[decision("2020-06-02", 1, "APPROVED")],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    assert_eq!(awaited(&given, "2020-06-02"), ["council"]);
    assert_eq!(
        standing_on(
            &recorded(given, &[vote("2020-06-03", 1, "+council")]),
            "2020-06-03"
        ),
        CARRIED
    );
    let either = json!({ "anyOf": { "of": [named(&["a-pcc"]), named(&["b-pcc"])] } });
    let given = recorded(put(either), &[vote("2020-06-02", 1, "-a-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    assert_eq!(
        standing_on(
            &recorded(given, &[vote("2020-06-03", 1, "+b-pcc")]),
            "2020-06-03"
        ),
        CARRIED
    );
}

#[test]
fn a_body_that_was_followed_is_represented_by_the_one_that_followed() {
    let mut given = put(named(&["a-pcc"]));
    let mayor = json!({ "name": "Mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "a" });
    given.record(&[event("bodies/mayor", "2020-06-05", "bodyRegistered", mayor)]);
    given.record(&[event(
        "bodies/a-pcc",
        "2020-06-05",
        "bodySucceeded",
        json!({ "successorId": "mayor" }),
    )]);
    judged(
        &given,
        &[
            ("before", vote("2020-06-04", 1, "+a-pcc"), &[]),
            ("after", vote("2020-06-05", 1, "+mayor"), &[]),
            (
                "after, the old",
                vote("2020-06-05", 1, "+a-pcc"),
                &["BODY_SUCCEEDED"],
            ),
        ],
    );
}

#[test]
fn put_off_referred_lapsed_and_taken_back() {
    let given = put(named(&["a-pcc"]));
    let deferred = recorded(given.clone(), &[decision("2020-06-05", 1, "DEFERRED")]);
    let line = on_day(&deferred, "2020-06-15");
    assert_eq!(
        (line.standing(), line.age_days),
        (DecisionStanding::Deferred, 10)
    );
    assert_eq!(
        standing_on(
            &recorded(deferred, &[vote("2020-06-20", 1, "+a-pcc")]),
            "2020-06-20"
        ),
        CARRIED
    );

    let mut refer = decision("2020-06-05", 1, "REFERRED");
    refer["decisionMade"]["referredToId"] = "council".into();
    let referred = recorded(given.clone(), &[refer]);
    let answer = |on: &str, body: &str, outcome: &str| {
        on_x(
            on,
            "externalDecisionReceived",
            json!({ "proposalId": id(1), "deciderId": body,
            "outcome": format!("OUTCOME_{outcome}") }),
        )
    };
    judged(
        &referred,
        &[
            (
                "answered by another",
                answer("2020-07-01", "fire", "APPROVED"),
                &["NOT_THE_DECIDER"],
            ),
            ("answered", answer("2020-07-01", "council", "APPROVED"), &[]),
        ],
    );
    let approved = recorded(
        referred.clone(),
        &[answer("2020-07-01", "council", "APPROVED")],
    );
    assert_eq!(
        standing_on(&approved, "2020-07-01"),
        DecisionStanding::Referred,
        "the rule asks for more"
    );
    assert_eq!(awaited(&approved, "2020-07-01"), ["a-pcc"]);
    assert_eq!(
        standing_on(
            &recorded(approved, &[vote("2020-07-02", 1, "+a-pcc")]),
            "2020-07-02"
        ),
        CARRIED
    );
    let rejected = recorded(
        referred,
        &[
            vote("2020-06-06", 1, "+a-pcc"),
            answer("2020-07-01", "council", "REJECTED"),
        ],
    );
    assert_eq!(awaited(&rejected, "2020-06-30"), ["council"]);
    assert_eq!(
        standing_on(&rejected, "2020-07-01"),
        DecisionStanding::Rejected
    );

    let mut lapsing = request("2020-06-01", 1, virement("100"));
    lapsing["virementRequested"]["lapsesOn"] = json!({ "year": 2020, "month": 6, "day": 30 });
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc"]))]);
    given.record(&[lapsing]);
    assert_eq!(standing_on(&given, "2020-06-30"), OPEN);
    assert_eq!(standing_on(&given, "2020-07-01"), DecisionStanding::Lapsed);
    judged(
        &given,
        &[
            ("on its last day", vote("2020-06-30", 1, "+a-pcc"), &[]),
            (
                "the day after",
                vote("2020-07-01", 1, "+a-pcc"),
                &["PROPOSAL_CLOSED"],
            ),
        ],
    );
    let back = on_x(
        "2020-06-02",
        "proposalWithdrawn",
        json!({ "proposalId": id(1) }),
    );
    let given = recorded(given, &[back]);
    assert_eq!(
        standing_on(&given, "2020-06-02"),
        DecisionStanding::Withdrawn
    );
    judged(
        &given,
        &[(
            "taken back",
            vote("2020-06-03", 1, "+a-pcc"),
            &["PROPOSAL_CLOSED"],
        )],
    );
}
