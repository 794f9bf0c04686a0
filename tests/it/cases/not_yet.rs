//! Things that can only have happened are not dated ahead of the day on which they are
//! recorded.

use serde_json::json;

use super::late_entries::propose;
use super::{agree, councils, drafted};
use crate::decisions::approving::id;
use crate::given::{Given, date, event, on_x};

const ALL: [&str; 3] = ["p", "q", "r"];

fn with_one_of_each() -> Given {
    let mut given = councils(&ALL, "2015-01-01");
    agree(&mut given, "a", "2015-01-02", "CONTRACT", json!({}), &ALL);
    given.record(&[propose("2016-01-01", 1)]);
    given
}

/// Ends, terms and meetings to come can be dated ahead; votes and reports cannot.
#[test]
fn nothing_has_happened_in_the_future() {
    let mut given = with_one_of_each();
    given.record(&[drafted("later", "2016-01-01", "CONTRACT", json!({}))]);
    let members = json!([{ "bodyId": "p" }, { "bodyId": "q" }]);
    let board =
        json!({ "name": "The board", "powers": ["BOARD_POWER_DECIDES"], "members": members });
    given.record(&[event("boards/b", "2015-01-01", "boardConstituted", board)]);
    let action = json!({ "actionId": "act", "what": "Do it" });
    given.record(&[on_x("2016-01-01", "actionAgreed", action)]);
    let lines = json!([{ "head": "Pay", "amountPence": "1000" }]);
    let outturn = json!({ "figures": { "financialYear": "2025/26", "lines": lines } });
    let notice = json!({ "noticeId": "n", "bodyId": "p", "takesEffectOn": date("2029-01-01"),
        "capacity": "NOTICE_CAPACITY_PARTY" });
    let decision = json!({ "decisionId": "d", "title": "It", "outcome": "OUTCOME_APPROVED" });
    let side = |head: &str| json!({ "head": { "head": head }, "amountPence": "20" });
    let moved = json!({ "financialYear": "2025/26", "permanence": "PERMANENCE_ONE_OFF",
        "sources": [side("Pay")], "targets": [side("Fuel")] });
    let happened = [
        (
            "x",
            "agreementSigned",
            json!({ "instrumentId": "later", "bodyId": "p" }),
        ),
        (
            "x",
            "voteCast",
            json!({ "proposalId": id(1), "voter": { "bodyId": "p" },
            "choice": "VOTE_CHOICE_APPROVE" }),
        ),
        ("x", "decisionMade", decision),
        (
            "x",
            "matterProposed",
            json!({ "proposalId": id(2), "title": "It", "matter": { "other": "It" } }),
        ),
        (
            "x",
            "virementMade",
            json!({ "virementId": "v", "virement": moved }),
        ),
        ("x", "outturnReported", outturn),
        ("x", "noticeGiven", notice),
        (
            "x",
            "actionClosed",
            json!({ "actionId": "act", "outcome": "Done" }),
        ),
        (
            "x",
            "auditReported",
            json!({ "auditId": "audit", "title": "It", "rating": "green" }),
        ),
        ("b", "meetingHeld", json!({ "meetingId": "m" })),
    ];
    let ahead = [
        (
            "x",
            "partyWithdrew",
            json!({ "bodyId": "p", "reason": "It will leave" }),
        ),
        (
            "x",
            "collaborationEnded",
            json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": ALL }),
        ),
        (
            "x",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "S" }),
        ),
        ("x", "leadAppointed", json!({ "bodyId": "p" })),
        (
            "x",
            "instrumentDrafted",
            json!({ "instrumentId": "next", "title": "It",
            "kind": "INSTRUMENT_KIND_CONTRACT" }),
        ),
        ("b", "boardEnded", json!({ "reason": "It will end" })),
        (
            "b",
            "boardMembershipChanged",
            json!({ "left": [{ "bodyId": "q" }] }),
        ),
        (
            "b",
            "meetingCalled",
            json!({ "meetsOn": date("2027-01-10") }),
        ),
    ];
    let subject = |name: &str| match name {
        "b" => "boards/b",
        _ => "collaborations/x",
    };
    // It is recorded on 23 November 2026. Elsewhere it may be the 24th already.
    let wrong = "NOT_YET_HAPPENED";
    for (name, kind, payload) in happened {
        for (on, is_taken) in [
            ("2026-11-23", true),
            ("2026-11-24", true),
            ("2026-11", true),
            ("2026-11-25", false),
            ("2026-12", false),
            ("2027", false),
        ] {
            let mut event = event(subject(name), on, kind, payload.clone());
            event["actedBy"] = json!({ "bodyId": "p" });
            let faults = given.faults(&[event]);
            let found: Vec<_> = faults.iter().map(|(_, reason)| *reason).collect();
            let expected: &[&str] = if is_taken { &[] } else { &[wrong] };
            assert_eq!(found, expected, "{kind} on {on}: {faults:?}");
        }
    }
    for (name, kind, payload) in ahead {
        let faults = given.faults(&[event(subject(name), "2027-01-05", kind, payload)]);
        assert!(faults.is_empty(), "{kind}: {faults:?}");
    }
}
