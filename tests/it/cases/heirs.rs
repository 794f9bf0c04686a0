//! The heirs of bodies that are no more: a body is divided, two become one, a name
//! changes, a succession is corrected.

use minutebook::views;
use minutebook::views::attention::{Asker, list as attention};
use minutebook::wire::proto::{AttentionKind, BodyView, DateIs, Payment};
use serde_json::{Value, json};

use super::{agree, at, ids, instrument, signed, x};
use crate::given::{Given, date, event, judged, on_x};

const PROPOSAL: &str = "0193f000-0000-7000-8000-000000002000";

fn council(id: &str, on: &str) -> Value {
    let payload = json!({ "name": format!("{id} Council"), "kind": "BODY_KIND_COUNCIL" });
    event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
}

fn followed(id: &str, on: &str, by: Value) -> Value {
    event(&format!("bodies/{id}"), on, "bodySucceeded", by)
}

/// Councils of 1974, and others of 2018, the first of which are parties of x.
fn councils(parties: &[&str], later: &[&str]) -> Given {
    let mut events: Vec<Value> = parties.iter().map(|id| council(id, "1974-04-01")).collect();
    events.extend(later.iter().map(|id| council(id, "2018-05-01")));
    events.push(super::established(parties, "2014-01-01"));
    Given::recorded(&events)
}

fn divided(shares: Value) -> Value {
    let mut by = json!({ "successorId": "north", "alsoSuccessorIds": ["south"] });
    if !shares.is_null() {
        by["shares"] = shares;
    }
    followed("p", "2019-04-01", by)
}

fn body_on(given: &Given, id: &str, day: &str) -> BodyView {
    views::body::get(&at(given, day), &id.parse().unwrap()).expect("the body")
}

fn vote(on: &str, body: &str, choice: &str) -> Value {
    let choice = format!("VOTE_CHOICE_{choice}");
    on_x(
        on,
        "voteCast",
        json!({ "proposalId": PROPOSAL, "voter": { "bodyId": body }, "choice": choice }),
    )
}

/// P, Q and R; a service needs P and Q; P agreed, and was divided before Q did.
fn half_agreed() -> Given {
    let mut given = councils(&["p", "q", "r"], &["north", "south"]);
    let mut proposed = on_x(
        "2019-03-01",
        "matterProposed",
        json!({ "proposalId": PROPOSAL, "title": "Add a service", "matter": { "addServiceId": "s" } }),
    );
    proposed["actedBy"] = json!({ "bodyId": "r" });
    given.record(&[
        on_x(
            "2014-01-02",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "r", "rules": [{ "ruleId": "all", "title": "named",
                "requirement": { "namedBodies": { "bodyIds": ["p", "q"] } } }] }),
        ),
        proposed,
        vote("2019-03-10", "p", "APPROVE"),
        divided(Value::Null),
    ]);
    given
}

fn added() -> Value {
    let mut added = on_x(
        "2019-05-02",
        "serviceAdded",
        json!({ "serviceId": "s", "name": "S" }),
    );
    added["authority"] = json!({ "proposalId": PROPOSAL });
    added
}

#[test]
fn the_agreement_of_a_body_that_was_divided_is_that_of_each_of_its_heirs() {
    let mut given = half_agreed();
    let open = views::approvals::list(&at(&given, "2019-04-30"), None, None, true);
    let awaited = open[0].awaited.iter().filter_map(|one| one.who.as_ref());
    let awaited: Vec<&str> = awaited
        .map(|who| who.body.as_ref().unwrap().body_id.as_str())
        .collect();
    assert_eq!(awaited, ["q"], "nothing is asked of the heirs again");
    let agreed = open[0].agreed.iter().filter_map(|one| one.who.as_ref());
    let agreed: Vec<&str> = agreed
        .map(|who| who.body.as_ref().unwrap().body_id.as_str())
        .collect();
    assert_eq!(agreed, ["north", "south"]);
    judged(&given, &[("before Q agreed", added(), &["NOT_CARRIED"])]);
    given.record(&[vote("2019-05-01", "q", "APPROVE")]);
    judged(&given, &[("after", added(), &[])]);
}

#[test]
fn an_heir_changes_only_its_own_agreement() {
    let mut given = half_agreed();
    given.record(&[vote("2019-04-20", "south", "REJECT")]);
    given.record(&[vote("2019-04-21", "q", "APPROVE")]);
    judged(&given, &[("against the south", added(), &["NOT_CARRIED"])]);
    given.record(&[vote("2019-04-22", "south", "APPROVE")]);
    judged(&given, &[("with it", added(), &[])]);
}

/// P pays £100 and Q £200 in the year in which P is divided.
fn contributing(shares: Value) -> Given {
    let mut given = councils(&["p", "q"], &["north", "south"]);
    given.record(&[
        on_x(
            "2018-04-01",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "S" }),
        ),
        on_x(
            "2019-03-01",
            "budgetApproved",
            json!({ "figures": { "financialYear": "2019/20", "contributions": [
                { "serviceId": "s", "bodyId": "p", "amountPence": "10001" },
                { "serviceId": "s", "bodyId": "q", "amountPence": "20000" }] } }),
        ),
        divided(shares),
    ]);
    given
}

fn paid(given: &Given, id: &str) -> Payment {
    let mut pays = body_on(given, id, "2020-01-01").pays;
    assert_eq!(pays.len(), 1, "{pays:?}");
    pays.remove(0)
}

#[test]
fn what_a_body_that_was_divided_pays_is_counted_once() {
    let given = contributing(Value::Null);
    let own = paid(&given, "p");
    assert_eq!(own.total_pence, 10_001);
    assert_eq!(ids(&own.passed_to), ["north", "south"]);
    assert!(own.split_not_given);
    for heir in ["north", "south"] {
        let heir = paid(&given, heir);
        assert!(heir.split_not_given && heir.services.is_empty());
        assert_eq!((heir.total_pence, heir.undivided_pence), (0, 10_001));
        assert_eq!(heir.in_place_of.unwrap().body_id, "p");
    }
    let shares = json!([{ "successorId": "north", "sharePpm": 600_000 },
        { "successorId": "south", "sharePpm": 400_000 }]);
    let given = contributing(shares);
    let (north, south) = (paid(&given, "north"), paid(&given, "south"));
    assert_eq!((north.total_pence, south.total_pence), (6_000, 4_001));
    assert!(!north.split_not_given && !paid(&given, "p").split_not_given);
    let shares = body_on(&given, "p", "2020-01-01").succession_shares;
    assert_eq!(shares[1].share_ppm, 400_000);
}

#[test]
fn shares_are_of_all_successors_and_the_whole() {
    for (shares, says) in [
        (
            json!([{ "successorId": "north", "sharePpm": 1_000_000 }]),
            "one for each",
        ),
        (
            json!([{ "successorId": "north", "sharePpm": 500_000 },
                { "successorId": "south", "sharePpm": 400_000 }]),
            "these are 900000",
        ),
    ] {
        let append = crate::given::append(1, &[divided(shares)]);
        let faults = format!("{:?}", minutebook::wire::request::append_command(&append));
        assert!(faults.contains(says), "{faults}");
    }
}

#[test]
fn the_heirs_of_a_seat_and_of_a_host_are_all_shown_and_since_when() {
    let mut given = councils(&["a", "b", "e"], &["bx", "by"]);
    given.record(&[
        event(
            "boards/j",
            "2014-01-01",
            "boardConstituted",
            json!({ "name": "J", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"],
                "members": [{ "bodyId": "a" }, { "bodyId": "b" }, { "bodyId": "e" }] }),
        ),
        on_x("2014-01-01", "hostAppointed", json!({ "bodyId": "a" })),
        council("old", "1990-04-01"),
        council("new", "2019-01-01"),
        followed("a", "2019-04-01", json!({ "successorId": "bx" })),
        followed(
            "b",
            "2019-04-01",
            json!({ "successorId": "bx", "alsoSuccessorIds": ["by"] }),
        ),
    ]);
    let mut about = followed("old", "2019-06", json!({ "successorId": "new" }));
    about["effectiveOnIs"] = "DATE_IS_ABOUT".into();
    given.record(&[about]);
    let view = at(&given, "2019-07-01");
    let board = views::board::get(&view, &"j".parse().unwrap()).unwrap();
    let of_b = &board.seats[1];
    assert_eq!(
        of_b.held_by
            .as_ref()
            .unwrap()
            .body
            .as_ref()
            .unwrap()
            .body_id,
        "bx"
    );
    assert_eq!(of_b.also_held_by[0].body.as_ref().unwrap().body_id, "by");
    let parties = x(&given, "2019-07-01").parties;
    let bx = parties
        .iter()
        .find(|p| p.body.as_ref().unwrap().body_id == "bx")
        .unwrap();
    let mut before = vec![bx.in_place_of.clone().unwrap()];
    before.extend(bx.also_in_place_of.clone());
    assert_eq!(ids(&before), ["a", "b"]);
    let body = body_on(&given, "bx", "2019-07-01");
    let mut before = vec![body.party_to[0].in_place_of.clone().unwrap()];
    before.extend(body.party_to[0].also_in_place_of.clone());
    assert_eq!(ids(&before), ["a", "b"]);
    let seats: Vec<&str> = body
        .seats
        .iter()
        .map(|seat| seat.in_place_of.as_ref().unwrap().body_id.as_str())
        .collect();
    assert_eq!(seats, ["a", "b"], "its seats say whose they were");
    assert_eq!(body.hosts[0].since_on.as_ref().unwrap().year, 2019);
    assert_eq!(body.hosts[0].in_place_of.as_ref().unwrap().body_id, "a");
    let old = body_on(&given, "old", "2019-07-01").summary.unwrap();
    assert_eq!(old.succeeded_on_is(), DateIs::About);
}

#[test]
fn all_parties_that_become_one_have_no_agreement_but_with_themselves() {
    let mut given = councils(&["p", "q"], &["pq"]);
    let terms = json!({ "noticeAsPartyMonths": 12 });
    agree(
        &mut given,
        "i",
        "2014-01-01",
        "INTER_AUTHORITY_AGREEMENT",
        terms,
        &["p", "q"],
    );
    given.record(&[
        followed("p", "2019-04-01", json!({ "successorId": "pq" })),
        followed("q", "2019-04-01", json!({ "successorId": "pq" })),
    ]);
    assert!(x(&given, "2019-03-31").one_party_since_on.is_none());
    let since = x(&given, "2019-05-01").one_party_since_on.unwrap();
    assert_eq!((since.year, since.month, since.day), (2019, 4, 1));
    let lines = |given: &Given, day: &str| -> Vec<String> {
        let lines = attention(&at(given, day), &Asker::default(), day.parse().unwrap());
        let lines = lines.into_iter();
        let one = lines.filter(|line| line.kind() == AttentionKind::OneParty);
        one.map(|line| line.what).collect()
    };
    assert!(lines(&given, "2019-05-01")[0].contains("one body, pq"));
    assert!(lines(&given, "2019-03-31").is_empty());
    let ended = |on: &str, cause: &str| {
        let cause = format!("END_CAUSE_{cause}");
        on_x(
            on,
            "collaborationEnded",
            json!({ "cause": cause, "reason": "All are one council",
                "legalBasis": if cause.ends_with("LAW") { "SI 2018/615" } else { "" } }),
        )
    };
    judged(
        &given,
        &[
            (
                "while there were two",
                ended("2019-03-31", "AGREEMENT"),
                &["END_NOT_AGREED"],
            ),
            ("by itself", ended("2019-05-02", "AGREEMENT"), &[]),
            ("by law", ended("2019-05-02", "LAW"), &[]),
        ],
    );
    given.record(&[ended("2019-05-02", "LAW")]);
    assert!(lines(&given, "2019-06-01").is_empty());
    assert!(views::breaches::list(&at(&given, "2019-06-01"), None).is_empty());
}

#[test]
fn a_party_left_alone_by_the_others_is_not_all_of_them() {
    let mut given = councils(&["p", "q", "r"], &["pq"]);
    given.record(&[
        followed("p", "2019-04-01", json!({ "successorId": "pq" })),
        followed("q", "2019-04-01", json!({ "successorId": "pq" })),
        on_x(
            "2020-04-01",
            "partyWithdrew",
            json!({ "bodyId": "r", "reason": "r" }),
        ),
    ]);
    let view = x(&given, "2021-01-01");
    assert_eq!(view.one_party_since_on.unwrap().year, 2020);
    let lines = attention(
        &at(&given, "2021-01-01"),
        &Asker::default(),
        "2021-01-01".parse().unwrap(),
    );
    let mut lines = lines.iter();
    let line = lines.find(|line| line.kind() == AttentionKind::OneParty);
    assert!(line.unwrap().what.contains("since the others left"));
}

#[test]
fn a_council_that_takes_in_the_others_is_the_only_party_and_has_another_name() {
    let mut given = councils(&["county", "d1", "d2"], &[]);
    for district in ["d1", "d2"] {
        given.record(&[followed(
            district,
            "2023-04-01",
            json!({ "successorId": "county" }),
        )]);
    }
    let renamed = |on: &str, name: &str| {
        let payload = json!({ "name": name, "legalBasis": "SI 2022/329" });
        event("bodies/county", on, "bodyRenamed", payload)
    };
    given.record(&[renamed("2023-04-01", "Somerset Council")]);
    let view = x(&given, "2023-04-01");
    assert_eq!(view.one_party_since_on.unwrap().year, 2023);
    assert_eq!(
        view.parties[0].body.as_ref().unwrap().name,
        "Somerset Council"
    );
    assert_eq!(ids(&view.parties[0].also_in_place_of), ["d1", "d2"]);
    let name = |day| {
        x(&given, day).parties[0]
            .body
            .as_ref()
            .unwrap()
            .name
            .clone()
    };
    assert_eq!(name("2023-03-31"), "county Council");
    let body = body_on(&given, "county", "2023-04-01");
    assert_eq!(body.summary.as_ref().unwrap().formerly, ["county Council"]);
    assert_eq!(body.former_names[0].changed_by, "SI 2022/329");
    assert_eq!(body.former_names[0].until_on.as_ref().unwrap().month, 4);
    let found = views::subjects::find(&at(&given, "2024-01-01"), "county council");
    assert_eq!(
        found[0].subject, "bodies/county",
        "it is found under its former name"
    );
    judged(
        &given,
        &[
            (
                "the same again",
                renamed("2024-01-01", "Somerset Council"),
                &["ALREADY_SO"],
            ),
            (
                "its old name back",
                renamed("2024-01-01", "county Council"),
                &[],
            ),
            (
                "a body that is no more",
                event(
                    "bodies/d1",
                    "2024-01-01",
                    "bodyRenamed",
                    json!({ "name": "D" }),
                ),
                &["BODY_SUCCEEDED"],
            ),
        ],
    );
}

#[test]
fn it_is_the_heir_that_withdraws_on_a_notice_of_its_predecessor() {
    let mut given = councils(&["p", "q", "r"], &["pq"]);
    let terms = json!({ "noticeAsPartyMonths": 12 });
    agree(
        &mut given,
        "i",
        "2014-01-01",
        "INTER_AUTHORITY_AGREEMENT",
        terms,
        &["p", "q", "r"],
    );
    given.record(&[
        on_x(
            "2018-11-01",
            "noticeGiven",
            json!({ "noticeId": "n", "bodyId": "p", "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": date("2020-03-31") }),
        ),
        followed("p", "2019-04-01", json!({ "successorId": "pq" })),
        followed("q", "2019-04-01", json!({ "successorId": "pq" })),
    ]);
    let withdrew = |body: &str| {
        on_x(
            "2020-03-31",
            "partyWithdrew",
            json!({ "bodyId": body, "noticeId": "n" }),
        )
    };
    judged(
        &given,
        &[
            (
                "the body that is no more",
                withdrew("p"),
                &["BODY_SUCCEEDED"],
            ),
            ("its heir", withdrew("pq"), &[]),
        ],
    );
    assert!(super::refusal(&given, &withdrew("p")).contains("name pq"));
}

#[test]
fn a_refusal_names_all_who_are_in_the_place_of_a_body() {
    let mut given = councils(&["p", "q"], &["north", "south", "west"]);
    given.record(&[super::drafted(
        "i",
        "2014-01-01",
        "INTER_AUTHORITY_AGREEMENT",
        json!({}),
    )]);
    given.record(&[divided(Value::Null)]);
    let sign = signed("i", "2019-06-01", "p");
    assert!(super::refusal(&given, &sign).contains("followed by north, south on"));
    given.record(&[followed(
        "south",
        "2019-05-01",
        json!({ "successorId": "west" }),
    )]);
    assert!(super::refusal(&given, &sign).contains("followed by north, west on"));
    let mut given = councils(&["p", "q"], &["one", "two"]);
    given.record(&[super::drafted(
        "i",
        "2014-01-01",
        "INTER_AUTHORITY_AGREEMENT",
        json!({}),
    )]);
    given.record(&[followed(
        "p",
        "2019-04-01",
        json!({ "successorId": "one",
            "parts": [{ "subject": "collaborations/x", "successorIds": ["two"] }] }),
    )]);
    assert!(super::refusal(&given, &sign).contains("followed by two on"));
    let sign = signed("i", "2019-06-01", "one");
    assert!(super::refusal(&given, &sign).contains("q, two"));
}

#[test]
fn a_signature_of_a_body_that_was_no_more_is_marked() {
    let mut given = councils(&["p", "q"], &["m"]);
    agree(
        &mut given,
        "i",
        "2019-05-10",
        "INTER_AUTHORITY_AGREEMENT",
        json!({}),
        &["p", "q"],
    );
    assert!(
        instrument(&given, "i", "2019-06-01").signatures[1]
            .no_more_since_on
            .is_none()
    );
    given.record(&[followed("q", "2019-04-01", json!({ "successorId": "m" }))]);
    let signatures = instrument(&given, "i", "2019-06-01").signatures;
    assert!(signatures[0].no_more_since_on.is_none());
    assert_eq!(signatures[1].no_more_since_on.as_ref().unwrap().month, 4);
    let lines = attention(
        &at(&given, "2019-06-01"),
        &Asker::default(),
        "2019-06-01".parse().unwrap(),
    );
    let marked = lines
        .iter()
        .find(|line| line.kind() == AttentionKind::SignedNoMore);
    assert!(marked.unwrap().what.contains("q is on record as signing"));
}

#[test]
fn a_succession_is_not_moved_from_under_the_acts_of_the_heir() {
    let mut given = councils(&["p", "k"], &["pq"]);
    given.record(&[followed("p", "2019-04-01", json!({ "successorId": "pq" }))]);
    let position = given.register.tail().get();
    given.record(&[super::drafted(
        "i",
        "2019-04-10",
        "INTER_AUTHORITY_AGREEMENT",
        json!({}),
    )]);
    given.record(&[
        signed("i", "2019-04-20", "pq"),
        signed("i", "2019-04-20", "k"),
    ]);
    let signature = given.register.tail().get() - 1;
    let corrected = |subject: &str, position: u64, replacement: Option<Value>| {
        let mut payload = json!({ "position": position.to_string(), "reason": "r" });
        if let Some(replacement) = replacement {
            payload["replacement"] = replacement;
        }
        event(subject, "2019-06-01", "entryCorrected", payload)
    };
    let moved = |on: &str| {
        let to = followed("p", on, json!({ "successorId": "pq" }));
        corrected("bodies/p", position, Some(to))
    };
    judged(
        &given,
        &[
            (
                "to a day after the heir signed",
                moved("2019-05-01"),
                &["RELIED_UPON"],
            ),
            (
                "voided",
                corrected("bodies/p", position, None),
                &["RELIED_UPON"],
            ),
            ("to a day before that", moved("2019-04-15"), &[]),
        ],
    );
    let fault = super::refusal(&given, &moved("2019-05-01"));
    assert!(
        fault.contains(&format!("correct entry {signature} first")),
        "{fault}"
    );
    // Corrected together, in the order in which each holds.
    let redated = signed("i", "2019-05-02", "pq");
    given.record(&[
        corrected("collaborations/x", signature, Some(redated)),
        moved("2019-05-01"),
    ]);
    assert_eq!(
        instrument(&given, "i", "2019-06-01")
            .in_force_on
            .unwrap()
            .month,
        5
    );
}

#[test]
fn a_succession_is_not_moved_before_the_acts_of_the_body_that_was_followed() {
    let mut given = councils(&["p", "k"], &["pq"]);
    agree(
        &mut given,
        "i",
        "2019-03-20",
        "INTER_AUTHORITY_AGREEMENT",
        json!({}),
        &["p", "k"],
    );
    given.record(&[followed("p", "2019-04-01", json!({ "successorId": "pq" }))]);
    let position = given.register.tail().get().to_string();
    let to = followed("p", "2019-03-01", json!({ "successorId": "pq" }));
    let moved = event(
        "bodies/p",
        "2019-06-01",
        "entryCorrected",
        json!({ "position": position, "reason": "r", "replacement": to }),
    );
    let faults = given.faults(&[moved]);
    assert!(
        faults.iter().any(|(_, reason)| *reason == "RELIED_UPON"),
        "{faults:?}"
    );
}
