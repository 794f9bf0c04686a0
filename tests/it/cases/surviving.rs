//! Instruments that go on: after the end of their collaboration, and for those that signed
//! them without being parties of it.

use minutebook::views;
use minutebook::wire::proto::{DeadlineKind, NoticeStanding, Standing};
use serde_json::{Value, json};

use super::{agree, at, body, councils, drafted, ids, instrument, notice_view, refusal, signed, x};
use crate::given::{Given, date, event, judged, on_x};

/// Councils p and q that ended in 2016, and whose lease goes on; p was followed in 2019.
fn lease() -> Given {
    let mut given = councils(&["p", "q"], "2014-01-01");
    let terms = json!({ "noticeAsPartyMonths": 12, "expiresOn": date("2030-03-31") });
    for id in ["lease", "agreement"] {
        let kind = "HOSTING_AGREEMENT";
        agree(
            &mut given,
            id,
            "2014-01-01",
            kind,
            terms.clone(),
            &["p", "q"],
        );
    }
    let ended = json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": ["p", "q"],
        "survivingInstrumentIds": ["lease"] });
    given.record(&[on_x("2016-04-01", "collaborationEnded", ended)]);
    let followed = json!({ "successorId": "other" });
    given.record(&[event("bodies/p", "2019-04-01", "bodySucceeded", followed)]);
    given
}

fn notice(id: &str, on: &str, body: &str, to: &str, instrument: &str) -> Value {
    let mut payload = json!({ "noticeId": id, "bodyId": body,
        "capacity": "NOTICE_CAPACITY_PARTY", "takesEffectOn": date(to) });
    if !instrument.is_empty() {
        payload["instrumentId"] = instrument.into();
    }
    on_x(on, "noticeGiven", payload)
}

fn over(on: &str, id: &str, cause: &str, with: Value) -> Value {
    let mut payload = json!({ "instrumentId": id, "cause": format!("END_CAUSE_{cause}") });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(with.as_object().unwrap().clone());
    on_x(on, "instrumentEnded", payload)
}

#[test]
fn a_lease_that_survives_takes_notice_variation_renewal_and_its_own_end() {
    let mut given = lease();
    let vary = |on: &str, id: &str, by: &[&str]| {
        let variation = json!({ "instrumentId": id, "agreedByIds": by, "summary": "Rent" });
        on_x(on, "instrumentVaried", json!({ "variation": variation }))
    };
    let renew = |on: &str, by: &[&str]| {
        let payload = json!({ "instrumentId": "lease", "expiresOn": date("2035-03-31"),
            "agreedByIds": by });
        on_x(on, "instrumentRenewed", payload)
    };
    let give = |body: &str, id: &str| notice("n", "2020-06-01", body, "2021-06-01", id);
    judged(
        &given,
        &[
            ("notice", give("q", "lease"), &[]),
            ("notice of the successor", give("other", "lease"), &[]),
            ("of a stranger", give("company", "lease"), &["NOT_A_PARTY"]),
            ("under no instrument", give("q", ""), &["SUBJECT_ENDED"]),
            (
                "under one that ended",
                give("q", "agreement"),
                &["SUBJECT_ENDED"],
            ),
            (
                "too short",
                notice("n", "2020-06-01", "q", "2020-09-01", "lease"),
                &["NOTICE_TOO_SHORT"],
            ),
            (
                "variation",
                vary("2020-06-01", "lease", &["other", "q"]),
                &[],
            ),
            (
                "variation by one",
                vary("2020-06-01", "lease", &["q"]),
                &["VARIATION_NOT_AGREED"],
            ),
            (
                "variation of one that ended",
                vary("2020-06-01", "agreement", &["other", "q"]),
                &["SUBJECT_ENDED", "INSTRUMENT_OVER"],
            ),
            ("renewal", renew("2020-06-01", &["other", "q"]), &[]),
            (
                "renewal by one",
                renew("2020-06-01", &["q"]),
                &["RENEWAL_NOT_AGREED"],
            ),
            (
                "an end that nobody agreed",
                over("2020-06-01", "lease", "AGREEMENT", json!({})),
                &["END_NOT_AGREED"],
            ),
            (
                "an end by agreement",
                over(
                    "2020-06-01",
                    "lease",
                    "AGREEMENT",
                    json!({ "agreedByIds": ["other", "q"] }),
                ),
                &[],
            ),
            (
                "an end by notice that nobody gave",
                over("2020-06-01", "lease", "NOTICE", json!({})),
                &["END_WITHOUT_NOTICE"],
            ),
            (
                "a service is added to nothing",
                on_x(
                    "2020-06-01",
                    "serviceAdded",
                    json!({ "serviceId": "s", "name": "S" }),
                ),
                &["SUBJECT_ENDED"],
            ),
        ],
    );
    assert!(refusal(&given, &give("q", "")).contains("names it in instrument_id"));
    given.record(&[give("q", "lease")]);
    let running = notice_view(&given, "n", "2020-07-01");
    assert_eq!(running.standing(), NoticeStanding::Running);
    let listed = views::notices::list(&at(&given, "2020-07-01"), None, false);
    assert_eq!(listed.len(), 1);
    let overdue = |given: &Given, day: &str| {
        let due = views::deadlines::list(&at(given, day), None, false);
        due.iter()
            .any(|line| line.kind() == DeadlineKind::Notice && line.missed)
    };
    assert!(!overdue(&given, "2020-07-01"));
    assert!(overdue(&given, "2021-07-01"));
    let moved = json!({ "noticeId": "n", "takesEffectOn": date("2021-09-01"), "reason": "Later" });
    judged(
        &given,
        &[("extended", on_x("2020-08-01", "noticeExtended", moved), &[])],
    );
    given.record(&[over(
        "2021-06-01",
        "lease",
        "NOTICE",
        json!({ "noticeIds": ["n"] }),
    )]);
    assert!(!overdue(&given, "2021-07-01"));
    assert_eq!(
        instrument(&given, "lease", "2021-07-01").standing(),
        Standing::Ended
    );
    assert_eq!(
        instrument(&given, "lease", "2018-01-01").standing(),
        Standing::InForce
    );
}

#[test]
fn a_body_that_is_followed_after_the_end_was_party_to_the_end() {
    let given = lease();
    let view = x(&given, "2020-01-01");
    let parties: Vec<_> = view.parties.iter().chain(&view.former_parties).collect();
    let names: Vec<&str> = parties
        .iter()
        .map(|party| party.body.as_ref().unwrap().body_id.as_str())
        .collect();
    assert_eq!(names, ["p", "q"]);
    assert!(parties.iter().all(|party| party.followed_by.is_empty()));
    let other = views::body::get(&at(&given, "2020-01-01"), &"other".parse().unwrap()).unwrap();
    assert!(other.party_to.is_empty(), "{:?}", other.party_to);
    let p = views::body::get(&at(&given, "2020-01-01"), &"p".parse().unwrap()).unwrap();
    assert_eq!(p.party_to[0].left_on.unwrap().year, 2016);
    // The lease has the successor in its place.
    let lease = instrument(&given, "lease", "2020-01-01");
    assert_eq!(ids(&lease.signatures[0].followed_by), ["other"]);
}

/// Councils a and b, each with a contract with the company that they own.
fn owners() -> Given {
    let mut events: Vec<Value> = ["a", "b"].iter().map(|id| body(id, "COUNCIL")).collect();
    events.push(body("publica", "COMPANY"));
    events.push(super::established(&["a", "b"], "2017-11-01"));
    let mut given = Given::recorded(&events);
    for owner in ["a", "b"] {
        let id = format!("service-{owner}");
        let terms = json!({ "expiresOn": date("2027-10-31"), "noticeAsPartyMonths": 12 });
        let mut contract = drafted(&id, "2017-11-01", "CONTRACT", terms);
        contract["instrumentDrafted"]["partyIds"] = json!([owner, "publica"]);
        given.record(&[contract]);
        given.record(&[signed(&id, "2017-11-01", owner)]);
        given.record(&[signed(&id, "2017-11-01", "publica")]);
    }
    given
}

#[test]
fn one_that_signed_a_contract_leaves_it_without_being_a_party() {
    let mut given = owners();
    let give =
        |id: &str, on: &str, to: &str, instrument: &str| notice(id, on, "publica", to, instrument);
    let waived = |by: &[&str]| {
        let mut event = give("n", "2024-11-01", "2025-02-01", "service-a");
        event["noticeGiven"]["waivedByIds"] = json!(by);
        event
    };
    judged(
        &given,
        &[
            (
                "under it",
                give("n", "2024-11-01", "2025-11-01", "service-a"),
                &[],
            ),
            (
                "under none",
                give("n", "2024-11-01", "2025-11-01", ""),
                &["NOT_A_PARTY"],
            ),
            (
                "too short",
                give("n", "2024-11-01", "2025-02-01", "service-a"),
                &["NOTICE_TOO_SHORT"],
            ),
            ("waived by the other side", waived(&["a"]), &[]),
            ("waived by another", waived(&["b"]), &["NOTICE_TOO_SHORT"]),
        ],
    );
    given.record(&[give("n", "2024-11-01", "2025-11-01", "service-a")]);
    judged(
        &given,
        &[
            (
                "of another",
                give("m", "2024-11-01", "2025-11-01", "service-b"),
                &[],
            ),
            (
                "twice of one",
                give("m", "2024-11-02", "2025-11-02", "service-a"),
                &["NOTICE_ALREADY_RUNNING"],
            ),
        ],
    );
    let due = |given: &Given, day: &str| {
        let due = views::deadlines::list(&at(given, day), None, false);
        due.iter()
            .any(|line| line.kind() == DeadlineKind::Notice && line.missed)
    };
    assert!(due(&given, "2025-12-01"), "nothing is recorded after it");
    let by_notice = |id: &str| over("2025-11-01", id, "NOTICE", json!({ "noticeIds": ["n"] }));
    let whole = json!({ "cause": "END_CAUSE_NOTICE" });
    judged(
        &given,
        &[
            ("ends that contract", by_notice("service-a"), &[]),
            (
                "and not the other",
                by_notice("service-b"),
                &["NOTICE_DOES_NOT_FIT"],
            ),
            (
                "nor the partnership",
                on_x("2025-11-01", "collaborationEnded", whole),
                &["END_WITHOUT_NOTICE"],
            ),
        ],
    );
    let signed = |given: &Given, day: &str| {
        let view = views::body::get(&at(given, day), &"publica".parse().unwrap()).unwrap();
        let signed = view.signed_instruments.into_iter();
        signed.map(|one| one.instrument_id).collect::<Vec<_>>()
    };
    assert_eq!(signed(&given, "2025-01-01"), ["service-a", "service-b"]);
    given.record(&[by_notice("service-a")]);
    assert!(!due(&given, "2025-12-01"));
    assert_eq!(signed(&given, "2025-12-01"), ["service-b"]);
}

#[test]
fn a_notice_is_withdrawn_after_its_day_if_all_agree_and_nobody_left() {
    let mut given = councils(&["a", "b"], "2015-04-01");
    let terms = json!({ "noticeAsPartyMonths": 6 });
    let kind = "SECTION_113_AGREEMENT";
    agree(&mut given, "i", "2015-04-01", kind, terms, &["a", "b"]);
    given.record(&[notice("n", "2018-01-01", "a", "2018-07-01", "")]);
    let back = |by: &[&str]| {
        let payload = json!({ "noticeId": "n", "reason": "It never left", "agreedByIds": by });
        on_x("2018-07-10", "noticeRevoked", payload)
    };
    judged(
        &given,
        &[
            ("alone", back(&[]), &["NOTICE_NOT_RUNNING"]),
            (
                "with a stranger",
                back(&["other"]),
                &["NOT_A_PARTY", "NOTICE_NOT_RUNNING"],
            ),
            ("with all", back(&["b"]), &[]),
        ],
    );
    let mut left = given.clone();
    let leaves = json!({ "bodyId": "a", "noticeId": "n" });
    left.record(&[on_x("2018-07-01", "partyWithdrew", leaves)]);
    judged(
        &left,
        &[("it has left", back(&["b"]), &["NOTICE_NOT_RUNNING"])],
    );
    given.record(&[back(&["b"])]);
    let shown = notice_view(&given, "n", "2018-08-01");
    assert_eq!(shown.standing(), NoticeStanding::Revoked);
    assert_eq!(ids(&shown.revoked_agreed_by), ["b"]);
    assert_eq!(shown.revoked_reason, "It never left");
    let due = views::deadlines::list(&at(&given, "2018-08-01"), None, false);
    assert!(due.iter().all(|line| line.kind() != DeadlineKind::Notice));
}
