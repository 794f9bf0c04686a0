//! A party leaves: on notice, released by the others, or by law.

use minutebook::views;
use minutebook::wire::proto::{DeadlineKind, Standing};
use serde_json::{Value, json};

use super::{agree, at, councils, instrument, x};
use crate::given::{Given, date, event, judged, on_x};

const ALL: [&str; 3] = ["p", "q", "r"];
const KIND: &str = "INTER_AUTHORITY_AGREEMENT";

/// Councils that signed one agreement with these terms on 1 January 2014.
fn bound_by(parties: &[&str], terms: Value) -> Given {
    let mut given = councils(parties, "2014-01-01");
    agree(&mut given, "i", "2014-01-01", KIND, terms, parties);
    given
}

fn notice(on: &str, body: &str, takes_effect: &str) -> Value {
    let payload = json!({ "noticeId": format!("n-{body}"), "bodyId": body,
        "capacity": "NOTICE_CAPACITY_PARTY", "takesEffectOn": date(takes_effect) });
    on_x(on, "noticeGiven", payload)
}

fn leaves(on: &str, body: &str, with: Value) -> Value {
    let mut payload = json!({ "bodyId": body, "reason": "Leaves" });
    for (field, value) in with.as_object().unwrap() {
        payload[field] = value.clone();
    }
    on_x(on, "partyWithdrew", payload)
}

fn standing(given: &Given, day: &str) -> Standing {
    instrument(given, "i", day).standing()
}

#[test]
fn a_notice_to_leave_the_whole_stops_a_rolling_term_of_two() {
    let rolling = json!({ "expiresOn": date("2016-12-31"), "rollingMonths": 12,
        "noticeAsPartyMonths": 6 });
    for named in [false, true] {
        let mut given = bound_by(&["p", "q"], rolling.clone());
        let mut notice = notice("2016-05-01", "q", "2016-12-31");
        if named {
            notice["noticeGiven"]["instrumentId"] = "i".into();
        }
        given.record(&[notice]);
        assert_eq!(standing(&given, "2016-12-31"), Standing::InForce);
        assert_eq!(standing(&given, "2017-01-01"), Standing::Expired, "{named}");
        let revoked = json!({ "noticeId": "n-q", "reason": "It stays" });
        given.record(&[on_x("2016-06-01", "noticeRevoked", revoked)]);
        assert_eq!(standing(&given, "2017-01-01"), Standing::InForce);
    }
    // Of three, two go on.
    let mut given = bound_by(&ALL, rolling);
    given.record(&[notice("2016-05-01", "q", "2016-12-31")]);
    assert_eq!(standing(&given, "2017-01-01"), Standing::InForce);
}

#[test]
fn a_party_leaves_without_notice_if_all_others_release_it_or_by_law() {
    let given = bound_by(&ALL, json!({ "noticeAsPartyMonths": 12 }));
    let on = |with: Value| leaves("2018-04-01", "q", with);
    judged(
        &given,
        &[
            ("alone", on(json!({})), &["NOTICE_REQUIRED"]),
            (
                "released by one",
                on(json!({ "agreedByIds": ["p"] })),
                &["NOTICE_REQUIRED"],
            ),
            (
                "released by a stranger",
                on(json!({ "agreedByIds": ["p", "other"] })),
                &["NOT_A_PARTY", "NOTICE_REQUIRED"],
            ),
            ("released", on(json!({ "agreedByIds": ["p", "r"] })), &[]),
            ("by law", on(json!({ "legalBasis": "SI 2020/1143" })), &[]),
        ],
    );
    let mut released = given.clone();
    released.record(&[on(json!({ "agreedByIds": ["p", "r"] }))]);
    let former = &x(&released, "2018-05-01").former_parties[0];
    let by: Vec<_> = former.released_by.iter().map(|by| &*by.body_id).collect();
    assert_eq!(by, ["p", "r"]);
    let mut by_law = given;
    by_law.record(&[on(json!({ "legalBasis": "SI 2020/1143" }))]);
    let former = &x(&by_law, "2018-05-01").former_parties[0];
    assert_eq!(former.left_by_law, "SI 2020/1143");
}

#[test]
fn a_notice_is_brought_forward_if_all_others_agree() {
    let mut given = bound_by(&ALL, json!({ "noticeAsPartyMonths": 12 }));
    given.record(&[notice("2018-01-01", "q", "2019-01-01")]);
    let moved = |to: &str, agreed: &[&str]| {
        let payload = json!({ "noticeId": "n-q", "takesEffectOn": date(to),
            "reason": "Agreed", "agreedByIds": agreed });
        on_x("2018-03-01", "noticeExtended", payload)
    };
    judged(
        &given,
        &[
            ("alone", moved("2018-06-01", &[]), &["NOT_LATER"]),
            ("with one", moved("2018-06-01", &["p"]), &["NOT_LATER"]),
            ("with all", moved("2018-06-01", &["p", "r"]), &[]),
            (
                "to the past",
                moved("2018-02-01", &["p", "r"]),
                &["NOT_LATER"],
            ),
            ("later", moved("2019-06-01", &[]), &[]),
        ],
    );
    given.record(&[moved("2018-06-01", &["p", "r"])]);
    let notices = views::notices::list(&at(&given, "2018-04-01"), None, false);
    assert_eq!(notices[0].takes_effect_on.unwrap().month, 6);
    assert_eq!(notices[0].brought_forward_by.len(), 2);
    judged(
        &given,
        &[(
            "then it leaves",
            leaves("2018-06-01", "q", json!({ "noticeId": "n-q" })),
            &[],
        )],
    );
}

#[test]
fn a_notice_runs_to_the_day_of_the_year_that_the_clause_names() {
    let terms = json!({ "noticeAsPartyMonths": 12, "noticeEndsOn": { "month": 3, "day": 31 } });
    let given = bound_by(&ALL, terms);
    let to = |day: &str| notice("2018-01-01", "q", day);
    judged(
        &given,
        &[
            ("the first such day", to("2019-03-31"), &[]),
            ("the day after it", to("2019-04-01"), &[]),
            ("a later year", to("2020-03-31"), &[]),
            ("another day", to("2019-06-15"), &["NOTICE_TOO_SHORT"]),
            ("too early", to("2018-03-31"), &["NOTICE_TOO_SHORT"]),
        ],
    );
}

#[test]
fn a_body_that_is_no_more_acts_on_no_notice() {
    let mut given = bound_by(&ALL, json!({ "noticeAsPartyMonths": 12 }));
    given.record(&[notice("2018-01-01", "q", "2019-06-01")]);
    let followed = json!({ "successorId": "other" });
    given.record(&[event("bodies/q", "2019-04-01", "bodySucceeded", followed)]);
    let with = json!({ "noticeId": "n-q" });
    judged(
        &given,
        &[
            (
                "the old body",
                leaves("2019-06-01", "q", with.clone()),
                &["BODY_SUCCEEDED"],
            ),
            ("its successor", leaves("2019-06-01", "other", with), &[]),
        ],
    );
}

#[test]
fn an_agreement_that_ended_by_notice_and_was_followed_leaves_nothing_overdue() {
    let mut given = bound_by(&["p", "q"], json!({ "noticeAsPartyMonths": 12 }));
    let mut given_notice = notice("2018-10-08", "q", "2019-10-08");
    given_notice["noticeGiven"]["instrumentId"] = "i".into();
    given.record(&[given_notice]);
    let ended = json!({ "instrumentId": "i", "cause": "END_CAUSE_NOTICE", "noticeIds": ["n-q"] });
    given.record(&[on_x("2019-10-08", "instrumentEnded", ended)]);
    let terms = json!({ "commencesOn": date("2019-10-08") });
    agree(&mut given, "k", "2019-10-07", KIND, terms, &["p", "q"]);
    let due = views::deadlines::list(&at(&given, "2024-01-01"), None, false);
    assert!(due.iter().all(|line| !line.missed), "{due:?}");
}

#[test]
fn a_notice_that_ended_its_agreement_was_acted_on() {
    let terms = json!({ "noticeAsPartyMonths": 12, "noticeEndsAgreement": true });
    let mut given = bound_by(&ALL, terms);
    given.record(&[notice("2018-01-01", "q", "2019-01-01")]);
    let left = |given: &Given| {
        let due = views::deadlines::list(&at(given, "2019-06-01"), None, false);
        due.iter()
            .any(|line| line.kind() == DeadlineKind::Notice && line.missed)
    };
    assert!(left(&given));
    given.record(&[on_x(
        "2019-01-01",
        "instrumentEnded",
        json!({ "instrumentId": "i", "cause": "END_CAUSE_NOTICE", "noticeIds": ["n-q"] }),
    )]);
    assert!(!left(&given));
}

#[test]
fn an_agreement_with_effect_from_an_earlier_day_replaces_another_from_then() {
    let mut given = bound_by(&ALL, json!({}));
    let terms = json!({ "commencesOn": date("2022-07-01") });
    agree(&mut given, "j", "2023-05-10", KIND, terms, &ALL);
    let replaced = |on: &str| {
        let payload = json!({ "instrumentId": "i", "byInstrumentId": "j" });
        on_x(on, "instrumentSuperseded", payload)
    };
    judged(
        &given,
        &[
            ("from its day of effect", replaced("2022-07-01"), &[]),
            ("before it", replaced("2022-06-30"), &["BEFORE_ITEM"]),
        ],
    );
    given.record(&[replaced("2022-07-01")]);
    let view = x(&given, "2022-08-01");
    let in_force = view.instruments.iter();
    let in_force = in_force.filter(|one| one.standing() == Standing::InForce);
    let in_force: Vec<_> = in_force.map(|one| &*one.instrument_id).collect();
    assert_eq!(in_force, ["j"]);
}

#[test]
fn only_agreements_of_police_bodies_are_under_the_police_act() {
    let given = bound_by(&ALL, json!({}));
    let issued = |basis: &str| {
        let mut payload = json!({ "directionId": "d", "kind": "DIRECTION_KIND_TERMINATE",
            "terms": "It ends" });
        if !basis.is_empty() {
            payload["legalBasis"] = basis.into();
        }
        on_x("2019-01-01", "directionIssued", payload)
    };
    judged(
        &given,
        &[
            ("by no power", issued(""), &["NO_POLICE_POWER"]),
            ("by another", issued("Local Government Act 1999 s.15"), &[]),
        ],
    );
}

#[test]
fn a_service_of_the_year_may_be_named_by_an_entry_of_the_year() {
    let mut given = councils(&ALL, "2014-01-01");
    let added =
        json!({ "serviceId": "waste", "name": "Waste", "leadId": "p", "partyIds": ["p", "q"] });
    given.record(&[on_x("2016-04-01", "serviceAdded", added)]);
    let grant = |on: &str| {
        let payload = json!({ "grantId": "g", "purpose": "Bins", "serviceId": "waste" });
        on_x(on, "grantAwarded", payload)
    };
    let lead = |on: &str| {
        let payload = json!({ "serviceId": "waste", "fromId": "p", "toId": "q" });
        on_x(on, "serviceLeadTransferred", payload)
    };
    judged(
        &given,
        &[
            ("of the year", grant("2016"), &[]),
            ("before it", grant("2015"), &["UNKNOWN_SERVICE"]),
            (
                "a change holds from the first day",
                lead("2016"),
                &["UNKNOWN_SERVICE"],
            ),
        ],
    );
}

fn ended(on: &str, instrument: Option<&str>, cause: &str, with: Value) -> Value {
    let mut payload = json!({ "cause": format!("END_CAUSE_{cause}") });
    for (field, value) in with.as_object().unwrap() {
        payload[field] = value.clone();
    }
    match instrument {
        Some(id) => {
            payload["instrumentId"] = id.into();
            on_x(on, "instrumentEnded", payload)
        }
        None => on_x(on, "collaborationEnded", payload),
    }
}

#[test]
fn an_end_by_expiry_is_that_of_a_term() {
    let given = bound_by(&ALL, json!({ "expiresOn": date("2030-03-31") }));
    let by_expiry = |on: &str, of| ended(on, of, "EXPIRY", json!({}));
    judged(
        &given,
        &[
            (
                "too early",
                by_expiry("2015-01-01", Some("i")),
                &["END_BEFORE_EXPIRY"],
            ),
            (
                "of all, too early",
                by_expiry("2015-01-01", None),
                &["END_BEFORE_EXPIRY"],
            ),
            ("on its last day", by_expiry("2030-03-31", Some("i")), &[]),
            ("in its last month", by_expiry("2030-03", Some("i")), &[]),
            ("the day after", by_expiry("2030-04-01", None), &[]),
        ],
    );
    let given = bound_by(&ALL, json!({}));
    judged(
        &given,
        &[(
            "no term is known",
            by_expiry("2015-01-01", None),
            &["TERM_HAS_NO_END"],
        )],
    );
}

#[test]
fn an_end_by_law_names_the_law() {
    let mut given = bound_by(&ALL, json!({ "noticeAsPartyMonths": 12 }));
    let law = json!({ "legalBasis": "SI 2018/640" });
    given.record(&[ended("2019-04-01", Some("i"), "LAW", law.clone())]);
    let one = instrument(&given, "i", "2019-05-01");
    assert_eq!(
        (one.standing(), &*one.end_legal_basis),
        (Standing::Ended, "SI 2018/640")
    );
    given.record(&[ended("2019-04-01", None, "LAW", law)]);
    assert_eq!(x(&given, "2019-05-01").end_legal_basis, "SI 2018/640");
}

#[test]
fn a_notice_on_which_a_party_left_ends_nothing_for_those_that_went_on() {
    let mut given = bound_by(&ALL, json!({}));
    given.record(&[
        notice("2016-01-01", "q", "2017-01-01"),
        leaves("2017-01-01", "q", json!({ "noticeId": "n-q" })),
    ]);
    let by_notice = |on: &str, with: Value| ended(on, None, "NOTICE", with);
    judged(
        &given,
        &[
            (
                "by name",
                by_notice("2020-01-01", json!({ "noticeIds": ["n-q"] })),
                &["NOTICE_DOES_NOT_FIT"],
            ),
            (
                "by silence",
                by_notice("2020-01-01", json!({})),
                &["END_WITHOUT_NOTICE"],
            ),
            (
                "with it",
                by_notice("2017-01-01", json!({})),
                &["NOTICE_LEAVES_OTHERS"],
            ),
        ],
    );
    let mut two = bound_by(&["p", "q"], json!({}));
    two.record(&[
        notice("2016-01-01", "q", "2017-01-01"),
        leaves("2017-01-01", "q", json!({ "noticeId": "n-q" })),
    ]);
    judged(
        &two,
        &[("nobody went on", by_notice("2017-01-02", json!({})), &[])],
    );
}

#[test]
fn a_change_of_a_year_says_how_to_date_it() {
    let mut given = councils(&["p", "q"], "2014-01-01");
    let added = json!({ "serviceId": "s", "name": "S" });
    given.record(&[on_x("2016-04-01", "serviceAdded", added)]);
    given.record(&[on_x(
        "2016-06-01",
        "partyJoined",
        json!({ "bodyId": "other" }),
    )]);
    let from = |mut event: Value| {
        event["effectiveOnIs"] = "DATE_IS_FROM".into();
        event
    };
    let units = |on: &str| {
        let payload = json!({ "serviceId": "s", "added": ["U"] });
        on_x(on, "serviceUnitsChanged", payload)
    };
    let lead = |on: &str| on_x(on, "leadAppointed", json!({ "bodyId": "other" }));
    for (of_year, way_out, taken) in [
        (
            units("2016"),
            "date it 2016-04-01",
            from(units("2016-04-01")),
        ),
        (lead("2016"), "date it 2016-06-01", from(lead("2016-06-01"))),
    ] {
        let sentence = super::refusal(&given, &of_year);
        let says = format!("{way_out} with effective_on_is DATE_IS_FROM");
        assert!(sentence.contains(&says), "{sentence}");
        judged(&given, &[(way_out, taken, &[])]);
    }
    // Before it, there is no such day.
    let sentence = super::refusal(&given, &units("2015"));
    assert!(!sentence.contains("DATE_IS_FROM"), "{sentence}");
}
