//! Each field of these events changes the answer of a view, history apart.

use serde_json::{Value, json};

use super::*;
use crate::given::{append, date};
use crate::views::everything_seen::unseen;

/// A small history that uses every field of meetings, standing orders, tallies and
/// interests.
fn history() -> Vec<Value> {
    let at = json!({ "boardId": "joint", "meetingId": "november", "agendaItem": "4" });
    let constitution = json!({ "quorum": 2, "votingRule": "VOTING_RULE_QUALIFIED",
        "majority": { "numerator": 2, "denominator": 3, "moreThan": true },
        "castingVote": "CASTING_VOTE_NONE", "mergedSeats": "MERGED_SEATS_EACH",
        "groupQuorums": [{ "group": "districts", "members": 1 }] });
    let members = [
        json!({ "bodyId": "a", "group": "districts", "sharesVoteAs": "north" }),
        member("b"),
        member("c"),
    ];
    let orders = json!({ "quorum": 1, "castingVote": "CASTING_VOTE_PRESIDING",
        "majority": { "numerator": 1, "denominator": 2, "moreThan": true },
        "groupQuorums": [{ "group": "districts", "members": 1 }],
        "document": { "title": "Standing orders", "uri": "https://example.org/orders" } });
    let mut vice = on_joint("2016-05-01", "chairAppointed", json!({ "bodyId": "b" }));
    vice["chairAppointed"]["vice"] = true.into();
    let called = json!({ "meetingId": "november", "meetsOn": date("2022-11-30"),
        "agenda": "Bids", "papers": { "title": "Pack", "uri": "https://example.org/pack" } });
    let attendance = json!([
        { "who": member("a"), "attendance": "ATTENDANCE_KIND_SUBSTITUTE",
          "substitute": seat("a", "Deputy Leader") },
        { "who": member("b"), "attendance": "ATTENDANCE_KIND_PRESENT" },
        { "who": { "office": "Auditor" }, "attendance": "ATTENDANCE_KIND_IN_ATTENDANCE" },
    ]);
    let held = json!({ "meetingId": "november", "attendance": attendance, "inquorate": false,
        "presiding": { "who": seat("b", "Leader"), "presidedAs": "PRESIDING_AS_OTHER" },
        "minutes": { "title": "Minutes", "uri": "https://example.org/minutes" },
        "adjournedToOn": [date("2022-12-07")] });
    let attendance = json!([
        { "who": member("c"), "attendance": "ATTENDANCE_KIND_SUBSTITUTE",
          "substitute": seat("c", "Deputy Leader") },
        { "who": member("b"), "attendance": "ATTENDANCE_KIND_PRESENT" },
    ]);
    let resumed = json!({ "meetingId": "november", "attendance": attendance,
        "presiding": { "who": seat("b", "Leader"), "presidedAs": "PRESIDING_AS_VICE_CHAIR" },
        "inquorateFromItem": "9",
        "minutes": { "title": "Minutes", "uri": "https://example.org/minutes-2" } });
    let mut voted = vote("2022-11-30", 1, "+a");
    voted["voteCast"]["meeting"] = at.clone();
    voted["voteCast"]["castBy"] = seat("a", "Deputy Leader");
    voted["voteCast"]["seatOnly"] = false.into();
    voted["voteCast"]["interest"] = json!({ "description": "Owns land there",
        "kind": "INTEREST_KIND_DISCLOSABLE_PECUNIARY", "course": "INTEREST_COURSE_VOTED",
        "dispensation": { "grantedOn": date("2021-03-01"), "expiresOn": date("2023-02-27"),
            "ground": "DISPENSATION_GROUND_TOO_FEW_LEFT", "reference": "Officer 12" } });
    let casting = json!({ "by": seat("b", "Leader"), "choice": "VOTE_CHOICE_APPROVE" });
    let tally = json!({ "present": 2, "votesFor": 1, "votesAgainst": 1, "abstentions": 0,
        "unanimous": false, "castingVote": casting });
    let minuted = decision(
        "2022-11-30",
        1,
        "APPROVED",
        json!({ "meeting": at, "tally": tally, "amendments": "To defer: lost" }),
    );
    let action = on_joint(
        "2022-11-30",
        "actionAgreed",
        json!({ "actionId": "write", "what": "Write to the bidders", "meeting": at }),
    );
    let cancelled = json!({ "meetingId": "december", "reason": "Snow" });
    let minutes = json!({ "meetingId": "november", "atMeetingId": "december",
        "corrections": "Item 4" });
    let requirement = by_vote(
        "QUALIFIED",
        json!({ "groups": ["districts"], "groupQuorums": [{ "group": "districts", "members": 1 }],
            "majority": { "numerator": 1, "denominator": 2, "moreThan": false } }),
    );
    vec![
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        council("c", "1974-04-01"),
        event(
            "bodies/a",
            "2016-01-01",
            "officeRenamed",
            json!({ "office": "Treasurer", "name": "Section 151 Officer" }),
        ),
        event(
            "collaborations/shared",
            "2015-04-01",
            "collaborationEstablished",
            json!({ "name": "Shared", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["a", "b"] }),
        ),
        event(
            "boards/other",
            "2015-04-01",
            "boardConstituted",
            board(&[member("a")], constitution)["boardConstituted"].clone(),
        ),
        board(&members, json!({})),
        rules(by_vote("MAJORITY", json!({}))),
        on_joint("2016-04-01", "standingOrdersAdopted", orders),
        vice,
        on_joint("2022-11-01", "meetingCalled", called),
        matter("2022-11-20", 1),
        on_joint("2022-11-30", "meetingHeld", held),
        voted,
        minuted,
        action,
        on_joint("2022-12-07", "meetingHeld", resumed),
        on_joint(
            "2022-12-01",
            "meetingCalled",
            json!({ "meetingId": "december",
            "meetsOn": date("2022-12-20"), "agenda": "Minutes" }),
        ),
        on_joint("2022-12-21", "minutesApproved", minutes),
        on_joint(
            "2023-01-10",
            "meetingCalled",
            json!({ "meetingId": "january" }),
        ),
        on_joint("2023-01-09", "meetingCancelled", {
            let mut cancelled = cancelled;
            cancelled["meetingId"] = "january".into();
            cancelled
        }),
        event(
            "collaborations/shared",
            "2023-02-01",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "later",
            "rules": [{ "ruleId": "any", "title": "Any matter", "requirement": requirement }] }),
        ),
    ]
}

#[test]
fn every_field_of_minutes_is_in_some_view() {
    let appends: Vec<Value> = history()
        .into_iter()
        .enumerate()
        .map(|(tag, event)| minutebook::wire::json::to_value(&append(tag as u128, &[event])))
        .collect();
    // All of them are recorded: a refused one would show nothing.
    let given = Given::recorded(&history());
    assert_eq!(given.entries.len(), appends.len());
    let (unseen, count) = unseen(&appends);
    assert_eq!(unseen, [""; 0], "fields that no view shows");
    assert!(count > 90, "{count} fields were changed");
}
