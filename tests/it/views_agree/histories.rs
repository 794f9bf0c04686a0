//! Random histories with something of everything that two views show.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::decisions::approving::{
    adopt, board, by, decision, every_party, named, on_board, propose, request, stage, virement,
    virements, vote,
};
use crate::given::{self, Given, event, on_x};

/// The kinds of event that are offered beside those of the stage.
pub const OFFERED: &[&str] = &[
    "action_agreed",
    "action_closed",
    "agreement_signed",
    "benefit_baselined",
    "body_succeeded",
    "collaboration_ended",
    "condition_settled",
    "decision_made",
    "disposal_confirmed",
    "entry_corrected",
    "instrument_drafted",
    "instrument_ended",
    "instrument_reviewed",
    "instrument_superseded",
    "matter_proposed",
    "meeting_called",
    "meeting_held",
    "notice_given",
    "notice_revoked",
    "party_joined",
    "party_withdrew",
    "recommendation_made",
    "review_commissioned",
    "underspend_disposed",
    "virement_made",
    "virement_requested",
    "vote_cast",
];

const PARTIES: [&str; 6] = ["a-pcc", "a-cc", "b-pcc", "b-cc", "c-pcc", "council"];

fn day(days: i64) -> Date {
    date(2019, 6, 1).checked_add(days.days()).expect("a day")
}

/// Days to look at, each with how many entries are not known yet.
pub fn moments() -> impl Strategy<Value = Vec<(Date, u64)>> {
    let moment = (0..900_i64, 0..12_u64).prop_map(|(days, back)| (day(days), back / 2));
    proptest::collection::vec(moment, 3)
}

/// A day of the two years in which everything happens, sometimes only a month or a year.
fn dates() -> impl Strategy<Value = String> {
    (0..730_i64, 0..10_u8).prop_map(|(days, precision)| match precision {
        0 => day(days).strftime("%Y").to_string(),
        1 => day(days).strftime("%Y-%m").to_string(),
        _ => day(days).to_string(),
    })
}

/// One event as its recorder writes it.
pub fn happening() -> impl Strategy<Value = Value> {
    let body = || select(PARTIES.to_vec());
    let item = || select(vec!["one", "two", "three"]);
    let n = || 1..5_u128;
    let subject = || select(vec!["collaborations/x", "boards/board", "bodies/a-pcc"]);
    let parties = (dates(), body(), 0..6_u8).prop_map(|(on, body, what)| match what {
        0 => on_x(
            &on,
            "partyWithdrew",
            json!({ "bodyId": body, "reason": "Left" }),
        ),
        1 => on_x(&on, "leadAppointed", json!({ "bodyId": body })),
        2 => {
            let followed = json!({ "successorId": "mayor" });
            event(&format!("bodies/{body}"), &on, "bodySucceeded", followed)
        }
        _ => on_x(&on, "partyJoined", json!({ "bodyId": body })),
    });
    let leaving = (dates(), body(), 0..730_i64, item(), 0..4_u8).prop_map(
        |(on, body, until, id, what)| match what {
            0 => on_x(&on, "noticeRevoked", json!({ "noticeId": id })),
            1 => on_x(&on, "partyWithdrew", json!({ "bodyId": body, "noticeId": id })),
            _ => {
                let capacity = if what == 2 { "LEAD" } else { "PARTY" };
                let payload = json!({ "noticeId": id, "bodyId": body, "takesEffectOn": given::date(&day(until).to_string()),
                    "capacity": format!("NOTICE_CAPACITY_{capacity}") });
                on_x(&on, "noticeGiven", payload)
            }
        },
    );
    let services = (dates(), item(), body(), body(), 0..4_u8).prop_map(
        |(on, id, one, other, what)| match what {
            0 => on_x(&on, "serviceRemoved", json!({ "serviceId": id })),
            _ => {
                let payload =
                    json!({ "serviceId": id, "name": id, "leadId": one, "partyIds": [one, other] });
                on_x(&on, "serviceAdded", payload)
            }
        },
    );
    let drafting = (dates(), subject(), item(), dates(), dates()).prop_map(
        |(on, subject, id, review, expiry)| {
            let payload = json!({ "instrumentId": id, "title": id, "partyIds": ["a-pcc", "b-pcc"],
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
                "terms": { "reviewOn": given::date(&review), "expiresOn": given::date(&expiry) } });
            let subject = if subject == "bodies/a-pcc" {
                "collaborations/x"
            } else {
                subject
            };
            event(subject, &on, "instrumentDrafted", payload)
        },
    );
    let signing = (dates(), item(), select(vec!["a-pcc", "b-pcc"]), 0..8_u8).prop_map(
        |(on, id, body, what)| match what {
            0 => on_x(
                &on,
                "instrumentEnded",
                json!({ "instrumentId": id, "cause": "END_CAUSE_AGREEMENT" }),
            ),
            1 => on_x(
                &on,
                "instrumentReviewed",
                json!({ "instrumentId": id, "outcome": "Good" }),
            ),
            2 => on_x(
                &on,
                "instrumentSuperseded",
                json!({ "instrumentId": id, "byInstrumentId": "order" }),
            ),
            _ => on_x(
                &on,
                "agreementSigned",
                json!({ "instrumentId": id, "bodyId": body }),
            ),
        },
    );
    let work = (dates(), subject(), item(), dates(), body(), 0..9_u8).prop_map(
        |(on, subject, id, due, body, what)| {
            let due = given::date(&due);
            let (kind, payload) = match what {
                0 => ("actionClosed", json!({ "actionId": id, "outcome": "Done" })),
                1 => ("recommendationClosed", json!({ "recommendationId": id, "outcome": "Done" })),
                2 | 3 => (
                    "actionAgreed",
                    json!({ "actionId": id, "what": "Do", "dueOn": due, "owner": { "bodyId": body } }),
                ),
                4 => ("actionAgreed", json!({ "actionId": id, "what": "Do it some day" })),
                5 => (
                    "recommendationMade",
                    json!({ "recommendationId": id, "what": "Do", "dueOn": due, "addressedToIds": [body] }),
                ),
                6 => (
                    "reviewCommissioned",
                    json!({ "reviewId": id, "title": "Review", "dueOn": due, "reviewerId": body }),
                ),
                7 => ("reviewPublished", json!({ "reviewId": id, "findings": "Good" })),
                _ => (
                    "benefitBaselined",
                    json!({ "benefitId": id, "title": "Benefit", "unit": "hours", "baseline": "1",
                        "expected": "2", "expectedByOn": due }),
                ),
            };
            event(subject, &on, kind, payload)
        },
    );
    let meetings = (dates(), dates()).prop_map(|(on, meets_on)| {
        let payload = json!({ "agenda": "It", "meetsOn": given::date(&meets_on) });
        event("boards/board", &on, "meetingCalled", payload)
    });
    let asked = (dates(), n(), dates(), 0..4_u8, select(vec!["20", "40"])).prop_map(
        |(on, n, lapses, what, amount)| {
            if what > 1 {
                return request(&on, n, virement(amount));
            }
            let mut matter = propose(&on, n, json!({ "other": "Something" }));
            if what == 0 {
                matter["matterProposed"]["lapsesOn"] = given::date(&lapses);
                matter["matterProposed"]["boardId"] = "board".into();
            }
            matter
        },
    );
    let answered = (dates(), n(), body(), 0..10_u8).prop_map(|(on, n, body, what)| match what {
        0 => decision(&on, n, "APPROVED"),
        1 => decision(&on, n, "DEFERRED"),
        2 => decision(&on, n, "REJECTED"),
        3 => vote(&on, n, &format!("-{body}")),
        4..7 => on_board(&on, n, &format!("+{body}")),
        _ => vote(&on, n, &format!("+{body}")),
    });
    let conditional = (dates(), n(), body(), 0..5_u8, dates()).prop_map(|(on, n, body, what, due)| match what {
        0 | 4 => on_x(&on, "conditionSettled", json!({ "proposalId": crate::decisions::approving::id(n),
            "decisionId": format!("c-{n}"), "conditionId": "money", "result": "CONDITION_RESULT_MET" })),
        1 => event("boards/board", &on, "meetingHeld", json!({ "meetingId": format!("m-{n}"), "inquorate": true })),
        _ => {
            let condition = match what {
                2 => json!({ "conditionId": "money", "what": "The grant is awarded", "dueOn": given::date(&due) }),
                _ => json!({ "conditionId": "money", "what": "The council agrees", "decidedById": "council" }),
            };
            let decided = json!({ "decisionId": format!("c-{n}"), "title": "It",
                "proposalId": crate::decisions::approving::id(n), "outcome": "OUTCOME_APPROVED",
                "subjectTo": [condition] });
            by(body, "", on_x(&on, "decisionMade", decided))
        }
    });
    let rules = (dates(), item(), 0..3_u8).prop_map(|(on, id, what)| {
        let requirement = match what {
            0 => every_party(),
            1 => named(&["a-pcc", "b-pcc"]),
            _ => board("MAJORITY"),
        };
        adopt(&on, id, &[virements("one", json!({}), requirement)])
    });
    let money = (dates(), n(), item(), select(vec!["a-pcc", "b-pcc"]), 0..6_u8).prop_map(|(on, n, id, body, what)| {
        let mut made = match what {
            0 => {
                let part = json!({ "destination": "DISPOSAL_DESTINATION_BODY_RESERVES", "bodyId": body,
                    "amountPence": "10" });
                let payload = json!({ "disposalId": id,
                    "disposal": { "financialYear": "2018/19", "parts": [part] } });
                return on_x(&on, "underspendDisposed", payload);
            }
            1 | 5 => {
                let payload = json!({ "disposalId": id, "bodyId": body, "amountPence": "10" });
                return on_x(&on, "disposalConfirmed", payload);
            }
            _ => {
                let payload = json!({ "virementId": id, "virement": virement("20") });
                on_x(&on, "virementMade", payload)
            }
        };
        made["authority"] = match what {
            2 => json!({ "acknowledgedBreach": { "reason": "In a hurry" } }),
            _ => json!({ "proposalId": crate::decisions::approving::id(n) }),
        };
        by("a-cc", "", made)
    });
    let ended = dates().prop_map(|on| {
        on_x(
            &on,
            "collaborationEnded",
            json!({ "cause": "END_CAUSE_EXPIRY" }),
        )
    });
    let voided = (1..60_u64, subject()).prop_map(|(position, subject)| {
        let payload = json!({ "position": position.to_string(), "reason": "Wrong" });
        event(subject, "", "entryCorrected", payload)
    });
    prop_oneof![
        6 => parties, 5 => leaving, 3 => services, 3 => drafting, 6 => signing, 6 => work,
        3 => meetings, 5 => asked, 9 => answered, 4 => conditional, 1 => rules, 4 => money, 2 => ended,
        3 => voided,
    ]
}

/// A register on which a history begins.
pub fn beginning() -> Given {
    let mut given = stage();
    let lines = json!([{ "serviceId": "dogs", "amountPence": "1000" }]);
    let outturn = json!({ "figures": { "financialYear": "2018/19", "lines": lines } });
    given.record(&[on_x("2019-06-01", "outturnReported", outturn)]);
    given.record(&[event(
        "bodies/mayor",
        "2013",
        "bodyRegistered",
        json!({ "name": "The mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "m" }),
    )]);
    // It has force without signatures, and so can replace what others signed.
    let order = json!({ "instrumentId": "order", "title": "An order",
        "kind": "INSTRUMENT_KIND_STATUTORY_ORDER" });
    given.record(&[on_x("2019-06-01", "instrumentDrafted", order)]);
    given
}

/// Whether an event can be read: its rules of form hold.
pub fn is_readable(event: &Value) -> bool {
    let append = given::append(0, std::slice::from_ref(event));
    minutebook::wire::request::append_command(&append).is_ok()
}

/// Histories of what was admitted.
pub fn histories() -> impl Strategy<Value = Given> {
    proptest::collection::vec(happening(), 5..70).prop_map(|offered| {
        let mut given = beginning();
        for event in offered.iter().filter(|event| is_readable(event)) {
            if let Ok(admission) = given.judge(std::slice::from_ref(event)) {
                given.register = admission.register;
                given.entries.extend(admission.entries);
            }
        }
        given
    })
}
