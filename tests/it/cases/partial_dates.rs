//! One rule for dates that are not full: what may be right on some day is taken and
//! marked, and what is wrong whatever the day is refused.

use minutebook::views;
use serde_json::{Value, json};

use super::at;
use crate::decisions::approving::{
    by, every_party, id, make, named, propose, request, ruled, stage, virement, virements, vote,
};
use crate::given::{Given, date, event, judged, on_x};

fn recorded(mut given: Given, events: &[Value]) -> Given {
    given.record(events);
    given
}

/// The lines of the days that are not known: the date as printed, and what rests on it.
fn resting(given: &Given, day: &str) -> Vec<(u64, String)> {
    let view = views::collaboration::get(&at(given, day), &"x".parse().unwrap()).unwrap();
    let resting = view.inexact_dates.into_iter();
    let resting = resting.filter(|line| !line.rests_on.is_empty());
    resting.map(|line| (line.position, line.rests_on)).collect()
}

fn end(on: &str) -> Value {
    let mut ended = on_x(
        on,
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_AGREEMENT" }),
    );
    ended["authority"] = json!({ "proposalId": id(1) });
    ended
}

#[test]
fn consents_of_a_year_carry_an_end_in_a_month_of_it() {
    let all = json!({ "ruleId": "all", "title": "All", "requirement": every_party() });
    let mut events = vec![propose("2020", 1, json!({ "endCollaboration": {} }))];
    for body in ["a-pcc", "a-cc", "b-pcc", "b-cc"] {
        events.push(vote("2021", 1, &format!("+{body}")));
    }
    let given = recorded(ruled(&[all]), &events);
    judged(
        &given,
        &[
            ("in the year", end("2021-03"), &[]),
            ("on a day of it", end("2021-01-02"), &[]),
            ("in the same words", end("2021"), &[]),
            ("the year after", end("2022"), &[]),
            ("the year before", end("2020-12"), &["DECIDED_LATER"]),
        ],
    );
    let rests = |on: &str| {
        let given = recorded(given.clone(), &[end(on)]);
        resting(&given, "2023-01-01")
            .into_iter()
            .map(|(_, rests)| rests)
            .collect::<Vec<_>>()
    };
    assert_eq!(rests("2021-03"), ["the prior approval of the act"]);
    assert_eq!(rests("2021-01-02"), ["the prior approval of the act"]);
    assert_eq!(rests("2022"), [""; 0]);
    assert_eq!(rests("2021-12-31"), [""; 0]);
}

#[test]
fn an_act_before_a_call_in_of_its_month_is_taken() {
    let rules = [virements("any", json!({}), named(&["a-pcc"]))];
    let given = recorded(
        ruled(&rules),
        &[
            request("2020-06-01", 1, virement("100")),
            by(
                "a-pcc",
                "",
                on_x(
                    "2020-06-02",
                    "virementApproved",
                    json!({ "decisionId": "d", "proposalId": id(1) }),
                ),
            ),
            on_x(
                "2020-07",
                "decisionCalledIn",
                json!({ "decisionId": "d", "callInId": "c", "boardId": "board", "grounds": "No options" }),
            ),
        ],
    );
    let moves = |on: &str| make(on, 1, "v", virement("100"));
    judged(
        &given,
        &[
            ("before", moves("2020-06-30"), &[]),
            ("within the month", moves("2020-07-10"), &[]),
            ("after", moves("2020-08-01"), &["APPROVAL_SUSPENDED"]),
        ],
    );
    let rests = |on: &str| {
        let given = recorded(given.clone(), &[moves(on)]);
        let (virements, _) = views::virements::list(&at(&given, "2021-01-01"), None);
        virements[0].made[0].rests_on_unknown_day
    };
    assert!(!rests("2020-06-30"));
    assert!(rests("2020-07-10"));
}

#[test]
fn a_delegation_of_a_month_covers_an_act_in_it() {
    let officer = json!({ "bodyId": "a-pcc", "office": "Treasurer" });
    let delegated = json!({ "delegationId": "scheme", "to": officer, "fromBodyId": "a-pcc",
        "untilOn": date("2020-09"), "legalBasis": "LGA 1972 s.101", "what": "All" });
    let revoked = json!({ "delegationId": "scheme", "reason": "Review" });
    let rules = [virements("any", json!({}), named(&["a-pcc"]))];
    let given = recorded(
        ruled(&rules),
        &[on_x("2020-03", "delegationMade", delegated)],
    );
    let moves = |on: &str| {
        let mut made = by("a-pcc", "Treasurer", make(on, 0, "v", virement("100")));
        made["authority"] = json!({ "delegationOnRecord": { "delegationId": "scheme" } });
        made
    };
    const OUTSIDE: &[&str] = &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"];
    judged(
        &given,
        &[
            ("the month before", moves("2020-02-29"), OUTSIDE),
            ("its month", moves("2020-03-15"), &[]),
            ("its year", moves("2020"), &[]),
            ("its last month", moves("2020-09-30"), &[]),
            ("after it", moves("2020-10"), OUTSIDE),
        ],
    );
    let given = recorded(given, &[on_x("2020-06", "delegationRevoked", revoked)]);
    judged(
        &given,
        &[
            ("in the month of the end", moves("2020-06-15"), &[]),
            ("after that month", moves("2020-07-01"), OUTSIDE),
        ],
    );
    for (on, rests) in [
        ("2020-03-15", true),
        ("2020-04-01", false),
        ("2020-06", true),
    ] {
        let given = recorded(given.clone(), &[moves(on)]);
        let (virements, _) = views::virements::list(&at(&given, "2021-01-01"), None);
        assert_eq!(virements[0].made[0].rests_on_unknown_day, rests, "{on}");
    }
}

#[test]
fn a_month_may_be_after_a_beginning_within_it() {
    let mut given = stage();
    given.record(&[
        event(
            "boards/new",
            "2019-05-15",
            "boardConstituted",
            json!({ "name": "New", "powers": ["BOARD_POWER_DECIDES"] }),
        ),
        on_x(
            "2019-05-20",
            "actionAgreed",
            json!({ "actionId": "a", "what": "Do it" }),
        ),
        propose("2019-05-20", 1, json!({ "other": "It" })),
    ]);
    let called = |on: &str| event("boards/new", on, "aliasAdded", json!({ "alias": "N" }));
    let closed = |on: &str| {
        on_x(
            on,
            "actionClosed",
            json!({ "actionId": "a", "outcome": "Done" }),
        )
    };
    let votes = |on: &str| vote(on, 1, "+a-pcc");
    judged(
        &given,
        &[
            ("a subject, in its month", called("2019-05"), &[]),
            ("in its year", called("2019"), &[]),
            ("before it", called("2019-04"), &["BEFORE_SUBJECT"]),
            ("an item, in its month", closed("2019-05"), &[]),
            ("before it", closed("2019-05-19"), &["BEFORE_ITEM"]),
            ("a proposal, in its month", votes("2019-05"), &[]),
            ("before it", votes("2019-04"), &["BEFORE_ITEM"]),
            (
                "a seat holds from the first day of its date",
                event(
                    "boards/new",
                    "2019-05",
                    "boardMembershipChanged",
                    json!({ "joined": [{ "bodyId": "a-pcc", "capacity": "MEMBER_CAPACITY_MEMBER" }] }),
                ),
                &["BEFORE_SUBJECT"],
            ),
        ],
    );
    let given = recorded(given, &[votes("2019-05")]);
    let rests: Vec<String> = resting(&given, "2020-01-01")
        .into_iter()
        .map(|(_, rests)| rests)
        .collect();
    assert_eq!(rests, ["the day of its proposal"]);
}

#[test]
fn the_first_rules_do_not_accuse_what_the_same_year_may_have_seen_before_them() {
    for on in ["2015", "2015-05", "2015-05-07"] {
        let mut given = Given::recorded(&crate::given::bodies());
        let joined = |body: &str| on_x(on, "partyJoined", json!({ "bodyId": body }));
        given.record(&[crate::given::collaboration(&["a-pcc", "a-cc", "b-pcc"])]);
        given.record(&[joined("c-pcc")]);
        let rules =
            json!([{ "ruleId": "all", "title": "All", "requirement": { "everyParty": {} } }]);
        given.record(&[on_x(
            on,
            "approvalRulesAdopted",
            json!({ "ruleSetId": "r", "rules": rules }),
        )]);
        let breaches = views::breaches::list(&at(&given, "2016-01-01"), None);
        assert!(breaches.is_empty(), "{on}: {breaches:#?}");
        // They are on record now, and a vague date does not avoid them.
        judged(&given, &[(on, joined("b-cc"), &["APPROVAL_REQUIRED"])]);
    }
}

#[test]
fn a_refusal_of_a_year_says_how_to_date_it() {
    let mut given = stage();
    given.record(&[propose("2020-01-02", 1, json!({ "other": "A matter" }))]);
    let joined = json!({ "joined": [{ "bodyId": "fire" }] });
    given.record(&[event(
        "boards/board",
        "2020-03-01",
        "boardMembershipChanged",
        joined,
    )]);
    let vote = |on: &str, is: &str| {
        let payload = json!({ "proposalId": id(1), "voter": { "bodyId": "fire" },
            "choice": "VOTE_CHOICE_APPROVE", "boardId": "board" });
        let mut vote = on_x(on, "voteCast", payload);
        if !is.is_empty() {
            vote["effectiveOnIs"] = is.into();
        }
        vote
    };
    judged(
        &given,
        &[
            ("of the year", vote("2020", ""), &["NOT_A_VOTING_MEMBER"]),
            ("as it says", vote("2020-03-01", "DATE_IS_FROM"), &[]),
        ],
    );
    let text = super::refusal(&given, &vote("2020", ""));
    assert!(
        text.contains("date it 2020-03-01 with effective_on_is DATE_IS_FROM"),
        "{text}"
    );
    let agreed = json!({ "cause": "END_CAUSE_AGREEMENT",
        "agreedByIds": ["a-pcc", "a-cc", "b-pcc", "b-cc"] });
    given.record(&[on_x("2021", "collaborationEnded", agreed.clone())]);
    let service = |on: &str| {
        on_x(
            on,
            "serviceAdded",
            json!({ "serviceId": "new", "name": "New" }),
        )
    };
    judged(
        &given,
        &[(
            "in its last year",
            service("2021-05-01"),
            &["SUBJECT_ENDED"],
        )],
    );
    let text = super::refusal(&given, &service("2021-05-01"));
    assert!(
        text.contains("replace its entry (entry_corrected)"),
        "{text}"
    );
    assert!(!super::refusal(&given, &service("2022-01-01")).contains("entry_corrected"));
    // The way out that it names.
    let position = given.register.tail().get();
    let mut ended = on_x("2021-05-02", "collaborationEnded", agreed);
    ended["effectiveOnIs"] = "DATE_IS_FROM".into();
    let payload = json!({ "position": position.to_string(), "reason": "Dated",
        "replacement": ended });
    given.record(&[on_x("", "entryCorrected", payload)]);
    judged(&given, &[("then", service("2021-05-01"), &[])]);
}

#[test]
fn an_approval_by_a_day_may_be_prior_to_an_act_before_it() {
    let all = json!({ "ruleId": "all", "title": "All", "requirement": every_party() });
    let mut given = recorded(
        ruled(&[all]),
        &[propose("2020", 1, json!({ "endCollaboration": {} }))],
    );
    for body in ["a-pcc", "a-cc", "b-pcc", "b-cc"] {
        let mut vote = vote("2021-06-30", 1, &format!("+{body}"));
        vote["effectiveOnIs"] = "DATE_IS_BY".into();
        given.record(&[vote]);
    }
    judged(
        &given,
        &[
            ("before it", end("2021-06-01"), &[]),
            ("after it", end("2021-07-01"), &[]),
        ],
    );
    let mut exact = recorded(
        ruled(&[json!({ "ruleId": "all", "title": "All", "requirement": every_party() })]),
        &[propose("2020", 1, json!({ "endCollaboration": {} }))],
    );
    for body in ["a-pcc", "a-cc", "b-pcc", "b-cc"] {
        exact.record(&[vote("2021-06-30", 1, &format!("+{body}"))]);
    }
    let from = |on: &str, is: &str| {
        let mut end = end(on);
        end["effectiveOnIs"] = is.into();
        end
    };
    judged(
        &exact,
        &[
            ("on a day before it", end("2021-06-01"), &["DECIDED_LATER"]),
            ("not before that", from("2021-06-01", "DATE_IS_FROM"), &[]),
            (
                "not after it",
                from("2021-06-01", "DATE_IS_BY"),
                &["DECIDED_LATER"],
            ),
        ],
    );
    given.record(&[end("2021-06-01")]);
    let rests = resting(&given, "2023-01-01");
    assert_eq!(rests.len(), 1, "{rests:?}");
    assert_eq!(rests[0].1, "the prior approval of the act");
}
