//! Delegations of boards and to boards: one falls with the committee that gave it, unless
//! its end says otherwise; and a joint committee that holds one decides for its giver.

use minutebook::views;
use minutebook::wire::proto::{DecisionStanding, DelegationView};
use serde_json::{Value, json};

use super::{at, body, established};
use crate::given::{Given, event, judged, on_x};

const ID: &str = "01930f5e-7c00-7000-8000-0000000000d2";

fn board(id: &str, on: &str, more: Value) -> Value {
    let seats = ["ash", "elm"].map(|body| json!({ "bodyId": body }));
    let mut payload = json!({ "name": id, "powers": ["BOARD_POWER_DECIDES"],
        "collaborationIds": ["x"], "members": seats });
    for (name, value) in more.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    event(&format!("boards/{id}"), on, "boardConstituted", payload)
}

fn stage() -> Given {
    Given::recorded(&[
        body("ash", "COUNCIL"),
        body("elm", "COUNCIL"),
        established(&["ash", "elm"], "2010-04-01"),
        board("jc", "2010-04-01", json!({ "quorum": 2 })),
        board("jc2", "2016-03-01", json!({})),
    ])
}

/// The joint committee delegates to an officer, meets a last time and passes to another.
fn passed(end: Value) -> Given {
    let officer = json!({ "bodyId": "ash", "office": "Head of Service" });
    let mut payload = json!({ "successorBoardId": "jc2" });
    for (name, value) in end.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    let mut given = stage();
    given.record(&[
        event(
            "boards/jc",
            "2010-05-01",
            "delegationMade",
            json!({ "delegationId": "hos", "to": officer, "what": "Part B" }),
        ),
        event(
            "boards/jc",
            "2016-02-18",
            "meetingHeld",
            json!({ "meetingId": "feb" }),
        ),
        event("boards/jc", "2016-03-31", "boardEnded", payload),
        event(
            "boards/jc2",
            "2016-06-30",
            "meetingHeld",
            json!({ "meetingId": "jun" }),
        ),
    ]);
    given
}

/// The officer decides under the delegation.
fn used(on: &str) -> Value {
    let mut made = on_x(
        on,
        "decisionMade",
        json!({ "decisionId": "use", "title": "Prosecution", "outcome": "OUTCOME_APPROVED" }),
    );
    made["actedBy"] = json!({ "bodyId": "ash", "office": "Head of Service" });
    made["authority"] =
        json!({ "delegationOnRecord": { "delegationId": "hos", "subject": "boards/jc" } });
    made
}

fn delegations(given: &Given, board: &str, day: &str) -> Vec<DelegationView> {
    let shown = views::board::get(&at(given, day), &board.parse().unwrap());
    shown.expect("the board").delegations
}

#[test]
fn a_delegation_falls_with_the_committee_though_another_follows_it() {
    let given = passed(json!({}));
    let way_out = super::refusal(&given, &used("2016-11-01"));
    for words in [
        "it fell with that board",
        "delegates anew",
        "delegations_continue",
    ] {
        assert!(way_out.contains(words), "{way_out}");
    }
    judged(
        &given,
        &[
            ("on its last day", used("2016-03-31"), &[]),
            ("after it", used("2016-04-01"), &["OUTSIDE_DELEGATION"]),
        ],
    );
    let own = &delegations(&given, "jc", "2016-04-01")[0];
    assert!(!own.in_force);
    assert!(own.reason.contains("ended on 2016-03-31"), "{}", own.reason);
    assert!(delegations(&given, "jc2", "2016-04-01").is_empty());
}

#[test]
fn delegations_go_on_where_the_end_says_so() {
    let given = passed(json!({ "delegationsContinue": true }));
    judged(&given, &[("after it", used("2016-11-01"), &[])]);
    assert!(delegations(&given, "jc", "2016-11-01")[0].in_force);
    let continued = delegations(&given, "jc2", "2016-11-01");
    assert_eq!(continued.len(), 1);
    assert_eq!(continued[0].from_board.as_ref().unwrap().board_id, "jc");
    // Only until the one that follows has ended itself.
    let mut given = given;
    given.record(&[event(
        "boards/jc2",
        "2018-03-31",
        "boardEnded",
        json!({ "reason": "Over" }),
    )]);
    let after = used("2018-04-01");
    judged(&given, &[("after both", after, &["OUTSIDE_DELEGATION"])]);
}

#[test]
fn the_last_minutes_are_approved_at_a_meeting_of_the_board_that_follows() {
    let mut given = passed(json!({}));
    let minutes = |on: &str, at: &str| {
        let payload = json!({ "meetingId": "feb", "atMeetingId": at });
        event("boards/jc", on, "minutesApproved", payload)
    };
    judged(
        &given,
        &[
            (
                "of neither",
                minutes("2016-06-30", "may"),
                &["UNKNOWN_ITEM"],
            ),
            (
                "before it",
                minutes("2016-05-30", "jun"),
                &["NOT_ON_MEETING_DAY"],
            ),
            ("there", minutes("2016-06-30", "jun"), &[]),
        ],
    );
    given.record(&[minutes("2016-06-30", "jun")]);
    let shown = views::board::get(&at(&given, "2016-07-01"), &"jc".parse().unwrap());
    let meetings = shown.unwrap().meetings;
    let board = meetings[0].minutes_approved_at_board.as_ref();
    assert_eq!(board.expect("the board").board_id, "jc2");
    assert_eq!(meetings[0].minutes_approved_at_id, "jun");
}

fn delegated(to: Value) -> Value {
    let mut payload = json!({ "delegationId": "lic",
        "what": "Licensing (Local Government Act 1972 s.101(5))" });
    for (name, value) in to.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    event("bodies/ash", "2010-04-01", "delegationMade", payload)
}

/// The rule asks for Ash, or for its cabinet; the matter is before the joint committee.
fn asked(requirement: Value) -> Given {
    let rules = json!([{ "ruleId": "a", "title": "Ash agrees", "requirement": requirement }]);
    let mut given = stage();
    given.record(&[
        board(
            "cab",
            "2010-04-01",
            json!({ "ownerBodyId": "ash", "collaborationIds": [] }),
        ),
        on_x(
            "2010-04-01",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "s", "rules": rules }),
        ),
    ]);
    let mut proposed = on_x(
        "2012-06-01",
        "matterProposed",
        json!({ "proposalId": ID, "title": "Fees", "matter": { "other": "Fees" },
            "boardId": "jc" }),
    );
    proposed["actedBy"] = json!({ "bodyId": "elm", "office": "Head of Service" });
    given.record(&[proposed]);
    given
}

fn fees(board: &str, tally: Value, cites: bool) -> Value {
    let mut made = on_x(
        "2012-06-02",
        "decisionMade",
        json!({ "decisionId": "fees", "title": "Fees", "outcome": "OUTCOME_APPROVED",
            "proposalId": ID, "boardId": board, "tally": tally }),
    );
    if cites {
        made["authority"] =
            json!({ "delegationOnRecord": { "delegationId": "lic", "subject": "bodies/ash" } });
    }
    made
}

fn standing(given: &Given) -> DecisionStanding {
    let id = ID.parse().expect("an id");
    let shown = views::proposal::get(&at(given, "2012-07-01"), id).expect("the proposal");
    shown.approval.expect("a line").standing()
}

#[test]
fn a_board_that_holds_a_delegation_decides_for_the_body_that_gave_it() {
    let ash = json!({ "namedBodies": { "bodyIds": ["ash"] } });
    let mut given = asked(ash);
    given.record(&[delegated(json!({ "toBoardId": "jc" }))]);
    let all = json!({ "unanimous": true, "present": 2 });
    judged(
        &given,
        &[
            (
                "without it",
                fees("jc", all.clone(), false),
                &["NOT_ENTITLED"],
            ),
            ("under it", fees("jc", all.clone(), true), &[]),
            (
                "without its own quorum",
                fees("jc", json!({ "votesFor": 1, "present": 1 }), true),
                &["QUORUM_NOT_MET"],
            ),
            (
                "by another board",
                fees("cab", all.clone(), true),
                &["OUTSIDE_DELEGATION"],
            ),
        ],
    );
    given.record(&[fees("jc", all, true)]);
    assert_eq!(standing(&given), DecisionStanding::Approved);
    let ash = views::body::get(&at(&given, "2012-07-01"), &"ash".parse().unwrap());
    let held = &ash.unwrap().delegations[0];
    assert_eq!(held.to_board.as_ref().unwrap().board_id, "jc");
    assert!(held.in_force && held.to.is_none());
    // It falls with the committee that holds it.
    given.record(&[event(
        "boards/jc",
        "2016-03-31",
        "boardEnded",
        json!({ "successorBoardId": "jc2" }),
    )]);
    let ash = views::body::get(&at(&given, "2016-04-01"), &"ash".parse().unwrap());
    let held = &ash.unwrap().delegations[0];
    assert!(!held.in_force);
    assert!(held.reason.contains("which held it"), "{}", held.reason);
}

#[test]
fn a_board_that_holds_a_delegation_decides_for_the_board_that_gave_it() {
    let mut given = asked(json!({ "board": { "boardId": "cab",
        "votingRule": "VOTING_RULE_MAJORITY" } }));
    given.record(&[delegated(
        json!({ "toBoardId": "jc", "fromBoardId": "cab" }),
    )]);
    let all = json!({ "unanimous": true, "present": 2 });
    judged(
        &given,
        &[(
            "without it",
            fees("jc", all.clone(), false),
            &["NOT_ENTITLED"],
        )],
    );
    given.record(&[fees("jc", all, true)]);
    assert_eq!(standing(&given), DecisionStanding::Approved);
}

#[test]
fn a_proposal_before_a_board_is_decided_by_the_one_that_holds_its_delegation() {
    let mut given = stage();
    given.record(&[
        board(
            "cab",
            "2010-04-01",
            json!({ "ownerBodyId": "ash", "collaborationIds": [] }),
        ),
        delegated(json!({ "toBoardId": "jc", "fromBoardId": "cab" })),
        on_x(
            "2012-05-01",
            "matterProposed",
            json!({ "proposalId": ID, "title": "Fees", "matter": { "other": "Fees" },
                "boardId": "cab" }),
        ),
    ]);
    let all = json!({ "unanimous": true, "present": 2 });
    judged(
        &given,
        &[
            (
                "without it",
                fees("jc", all.clone(), false),
                &["NOT_PUT_TO"],
            ),
            ("under it", fees("jc", all, true), &[]),
        ],
    );
}

#[test]
fn the_holder_is_one_body_office_or_board() {
    let given = stage();
    judged(
        &given,
        &[
            ("a board", delegated(json!({ "toBoardId": "jc" })), &[]),
            (
                "unknown",
                delegated(json!({ "toBoardId": "zz" })),
                &["UNKNOWN_BOARD"],
            ),
        ],
    );
    let mut own = delegated(json!({ "toBoardId": "jc" }));
    own["subject"] = "boards/jc".into();
    judged(&given, &[("itself", own, &["SELF_REFERENCE"])]);
}

#[test]
fn a_condition_passes_to_the_board_that_follows_its_decider() {
    let waits = json!([{ "conditionId": "c", "what": "Cabinet agrees",
        "decidedByBoardId": "cab" }]);
    let owned = || json!({ "ownerBodyId": "ash", "collaborationIds": [] });
    let mut given = stage();
    given.record(&[
        board("cab", "2010-04-01", owned()),
        board("cab2", "2012-05-01", owned()),
        on_x(
            "2012-03-01",
            "matterProposed",
            json!({ "proposalId": ID, "title": "Fees", "matter": { "other": "Fees" },
                "boardId": "jc" }),
        ),
        on_x(
            "2012-04-01",
            "decisionMade",
            json!({ "decisionId": "jc-fees", "title": "Fees", "outcome": "OUTCOME_APPROVED",
                "proposalId": ID, "boardId": "jc", "subjectTo": waits }),
        ),
        event(
            "boards/cab",
            "2012-05-20",
            "boardEnded",
            json!({ "successorBoardId": "cab2" }),
        ),
    ]);
    let awaited = |day: &str| {
        let id = ID.parse().expect("an id");
        let shown = views::proposal::get(&at(&given, day), id).expect("the proposal");
        let awaited = shown.approval.expect("a line").awaited.into_iter();
        let boards = awaited.filter_map(|one| Some(one.board?.board_id));
        boards.collect::<Vec<_>>()
    };
    assert_eq!(awaited("2012-05-20"), ["cab"]);
    assert_eq!(awaited("2012-05-21"), ["cab2"]);
    given.record(&[fees("cab2", json!({ "unanimous": true }), false)]);
    assert_eq!(standing(&given), DecisionStanding::Approved);
}
