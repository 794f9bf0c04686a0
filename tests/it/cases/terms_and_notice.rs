//! Terms that contradict themselves, ends that nothing brings about, and notices of bodies
//! that one body has followed.

use minutebook::wire::proto::{AttentionKind, Standing};
use serde_json::{Value, json};

use super::{agree, at, body, councils, drafted, established, ids, instrument, refusal, signed, x};
use crate::given::{Given, date, event, judged, on_x};
use minutebook::views;

const ALL: [&str; 3] = ["p", "q", "r"];

fn bound_by(parties: &[&str], terms: Value) -> Given {
    let mut given = councils(parties, "2014-01-01");
    agree(&mut given, "i", "2014-01-02", "CONTRACT", terms, parties);
    given
}

fn over(on: &str, cause: &str) -> Value {
    let payload = json!({ "instrumentId": "i", "cause": format!("END_CAUSE_{cause}") });
    on_x(on, "instrumentEnded", payload)
}

fn all_over(on: &str, cause: &str) -> Value {
    let payload = json!({ "cause": format!("END_CAUSE_{cause}") });
    on_x(on, "collaborationEnded", payload)
}

fn notice(id: &str, on: &str, body: &str, to: &str) -> Value {
    let payload = json!({ "noticeId": id, "bodyId": body, "takesEffectOn": date(to),
        "capacity": "NOTICE_CAPACITY_PARTY" });
    on_x(on, "noticeGiven", payload)
}

fn left(on: &str, body: &str, notice: &str) -> Value {
    let mut payload = json!({ "bodyId": body, "reason": "Left" });
    if !notice.is_empty() {
        payload["noticeId"] = notice.into();
    }
    on_x(on, "partyWithdrew", payload)
}

#[test]
fn nothing_runs_out_that_has_no_last_day() {
    let given = bound_by(&ALL, json!({}));
    let mut reported = all_over("2019-01-01", "EXPIRY");
    reported["sources"] = json!([{ "title": "Annual report", "place": "p. 4" }]);
    judged(
        &given,
        &[
            (
                "an agreement",
                over("2019-01-01", "EXPIRY"),
                &["TERM_HAS_NO_END"],
            ),
            (
                "all of it",
                all_over("2019-01-01", "EXPIRY"),
                &["TERM_HAS_NO_END"],
            ),
            ("as a document reports", reported, &[]),
        ],
    );
    let text = refusal(&given, &over("2019-01-01", "EXPIRY"));
    assert!(
        text.contains("TERM_KIND_EXPIRY in terms.not_given"),
        "{text}"
    );
    let given = bound_by(&ALL, json!({ "notGiven": ["TERM_KIND_EXPIRY"] }));
    judged(
        &given,
        &[("its day is not known", over("2019-01-01", "EXPIRY"), &[])],
    );
}

#[test]
fn the_notice_of_one_takes_one_out_and_the_others_go_on() {
    let mut given = bound_by(&ALL, json!({ "noticeAsPartyMonths": 12 }));
    given.record(&[notice("n", "2019-01-01", "q", "2020-01-01")]);
    let by_notice = [
        over("2020-01-01", "NOTICE"),
        all_over("2020-01-02", "NOTICE"),
    ];
    for event in &by_notice {
        judged(
            &given,
            &[("of one", event.clone(), &["NOTICE_LEAVES_OTHERS"])],
        );
        let text = refusal(&given, event);
        assert!(text.contains("takes q out"), "{text}");
        assert!(text.contains("goes on between p, r"), "{text}");
    }
    let mut two = given.clone();
    two.record(&[notice("m", "2019-01-01", "r", "2020-01-01")]);
    let mut stepwise = given;
    stepwise.record(&[left("2020-01-01", "q", "n")]);
    stepwise.record(&[notice("m", "2020-02-01", "r", "2021-02-01")]);
    let ends_it = json!({ "noticeAsPartyMonths": 12, "noticeEndsAgreement": true });
    let mut by_clause = bound_by(&ALL, ends_it);
    by_clause.record(&[notice("n", "2019-01-01", "q", "2020-01-01")]);
    for given in [&two, &by_clause] {
        for event in &by_notice {
            judged(given, &[("it ends", event.clone(), &[])]);
        }
    }
    judged(
        &stepwise,
        &[("one remains", all_over("2021-02-01", "NOTICE"), &[])],
    );
    by_clause.record(&[over("2020-01-01", "NOTICE")]);
    let shown = instrument(&by_clause, "i", "2020-01-01");
    assert_eq!(shown.standing(), Standing::Ended);
    assert!(shown.terms.unwrap().notice_ends_agreement);
}

/// Two health bodies, which one follows, and two councils under a section 75 agreement.
fn two_became_one() -> Given {
    let mut given = Given::recorded(&[
        body("n-ccg", "HEALTH"),
        body("s-ccg", "HEALTH"),
        body("v", "COUNCIL"),
        body("w", "COUNCIL"),
        body("icb", "HEALTH"),
        established(&["n-ccg", "s-ccg", "v", "w"], "2015-04-01"),
    ]);
    let parties = ["n-ccg", "s-ccg", "v", "w"];
    let terms = json!({ "noticeAsPartyMonths": 6 });
    agree(
        &mut given,
        "s75",
        "2015-04-01",
        "SECTION_75_AGREEMENT",
        terms,
        &parties,
    );
    given
}

fn followed(body: &str, on: &str) -> Value {
    let payload = json!({ "successorId": "icb" });
    event(&format!("bodies/{body}"), on, "bodySucceeded", payload)
}

#[test]
fn the_notice_of_one_of_two_that_merged_ends_the_part_of_that_one() {
    let mut given = two_became_one();
    given.record(&[notice("n1", "2022-04-01", "s-ccg", "2022-10-31")]);
    for ccg in ["n-ccg", "s-ccg"] {
        given.record(&[followed(ccg, "2022-07-01")]);
    }
    let exit = left("2022-10-31", "icb", "n1");
    given.record(std::slice::from_ref(&exit));
    let before = x(&given, "2022-10-30");
    let after = x(&given, "2022-10-31");
    for view in [&before, &after] {
        let parties = view.parties.iter().map(|party| party.body.clone().unwrap());
        assert_eq!(ids(&parties.collect::<Vec<_>>()), ["icb", "v", "w"]);
    }
    let of = |party: &minutebook::wire::proto::PartyView| {
        let mut of: Vec<_> = party
            .in_place_of
            .iter()
            .chain(&party.also_in_place_of)
            .collect();
        of.sort_by_key(|body| body.body_id.clone());
        of.iter()
            .map(|body| body.body_id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&before.parties[0]), ["n-ccg", "s-ccg"]);
    assert_eq!(of(&after.parties[0]), ["n-ccg"]);
    assert!(before.parties[0].places_given_up.is_empty());
    let given_up = &after.parties[0].places_given_up;
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0].of.as_ref().unwrap().body_id, "s-ccg");
    assert_eq!(given_up[0].notice_id, "n1");
    assert_eq!(given_up[0].given_up_on.unwrap().month, 10);
    // The notice was acted on, and is not used twice.
    let due = views::deadlines::list(&at(&given, "2023-06-01"), None, false);
    assert!(due.iter().all(|line| !line.missed), "{due:?}");
    judged(
        &given,
        &[(
            "once more",
            left("2022-12-01", "icb", "n1"),
            &["NOTICE_DOES_NOT_FIT"],
        )],
    );
    // A notice of its own takes it out of what is left.
    given.record(&[notice("n2", "2023-01-01", "icb", "2023-08-01")]);
    given.record(&[left("2023-08-01", "icb", "n2")]);
    assert_eq!(x(&given, "2023-08-01").parties.len(), 2);
}

#[test]
fn the_notices_of_both_that_merged_take_the_heir_out() {
    let mut given = two_became_one();
    given.record(&[notice("n1", "2022-04-01", "s-ccg", "2022-10-31")]);
    given.record(&[notice("n2", "2022-04-02", "n-ccg", "2022-11-30")]);
    for ccg in ["n-ccg", "s-ccg"] {
        given.record(&[followed(ccg, "2022-07-01")]);
    }
    given.record(&[left("2022-10-31", "icb", "n1")]);
    assert_eq!(x(&given, "2022-11-29").parties.len(), 3);
    given.record(&[left("2022-11-30", "icb", "n2")]);
    assert_eq!(x(&given, "2022-11-30").parties.len(), 2);
    // One that follows a party, and is one itself, remains for itself.
    let mut joined = two_became_one();
    joined.record(&[on_x(
        "2020-04-01",
        "partyJoined",
        json!({ "bodyId": "icb" }),
    )]);
    joined.record(&[notice("n1", "2022-04-01", "s-ccg", "2022-10-31")]);
    joined.record(&[followed("s-ccg", "2022-07-01")]);
    joined.record(&[left("2022-10-31", "icb", "n1")]);
    assert_eq!(x(&joined, "2022-10-31").parties.len(), 4);
}

#[test]
fn terms_do_not_end_before_they_begin() {
    let given = councils(&ALL, "2014-01-01");
    let with = |from: &str, to: &str| {
        let terms = json!({ "commencesOn": date(from), "expiresOn": date(to) });
        drafted("i", "2015-01-01", "CONTRACT", terms)
    };
    judged(
        &given,
        &[
            (
                "a year before",
                with("2016-01-01", "2015-01-01"),
                &["TERM_ENDS_FIRST"],
            ),
            (
                "the day before",
                with("2016-01-02", "2016-01-01"),
                &["TERM_ENDS_FIRST"],
            ),
            ("for a day", with("2016-01-01", "2016-01-01"), &[]),
            ("within the year", with("2016-03-01", "2016"), &[]),
            (
                "a year with days before it",
                with("2016", "2015-12-31"),
                &["TERM_ENDS_FIRST"],
            ),
        ],
    );
    let given = bound_by(&ALL, json!({}));
    let varied = json!({ "variation": { "instrumentId": "i", "agreedByIds": ALL, "summary": "V",
        "terms": { "commencesOn": date("2016-01-01"), "expiresOn": date("2015-01-01") } } });
    judged(
        &given,
        &[(
            "varied",
            on_x("2015-01-01", "instrumentVaried", varied),
            &["TERM_ENDS_FIRST"],
        )],
    );
}

#[test]
fn one_signed_after_its_term_has_force_only_with_effect_from_a_day_of_it() {
    let mut given = councils(&["p", "q"], "2014-01-01");
    let terms = json!({ "expiresOn": date("2016-01-01") });
    given.record(&[drafted("i", "2015-01-01", "CONTRACT", terms)]);
    judged(
        &given,
        &[
            (
                "after it",
                signed("i", "2016-01-02", "p"),
                &["SIGNED_AFTER_TERM"],
            ),
            ("in its month", signed("i", "2016-01", "p"), &[]),
            ("on its last day", signed("i", "2016-01-01", "p"), &[]),
        ],
    );
    let text = refusal(&given, &signed("i", "2016-01-02", "p"));
    assert!(text.contains("terms.commences_on"), "{text}");
}

#[test]
fn an_option_is_exercised_by_a_party_of_an_agreement_that_binds() {
    let terms = json!({ "expiresOn": date("2020-03-31"), "extensions": [{ "months": 12 }] });
    let exercised = |by: &str| {
        let payload = json!({ "instrumentId": "i", "expiresOn": date("2021-03-31"),
            "exercisedById": by });
        on_x("2020-01-01", "instrumentRenewed", payload)
    };
    let mut given = bound_by(&ALL, terms.clone());
    judged(&given, &[("a party", exercised("r"), &[])]);
    given.record(&[left("2018-01-01", "r", "")]);
    judged(
        &given,
        &[
            ("that has left", exercised("r"), &["RENEWAL_NOT_AGREED"]),
            ("another", exercised("q"), &[]),
        ],
    );
    assert!(refusal(&given, &exercised("r")).contains("r had left by then"));
    let mut unsigned = councils(&ALL, "2014-01-01");
    unsigned.record(&[drafted("i", "2014-01-02", "CONTRACT", terms)]);
    unsigned.record(&[signed("i", "2014-01-02", "p")]);
    judged(
        &unsigned,
        &[("not in force", exercised("p"), &["RENEWAL_NOT_AGREED"])],
    );
    assert!(refusal(&unsigned, &exercised("p")).contains("not all have signed it"));
}

#[test]
fn nobody_accedes_to_an_agreement_that_has_run_out() {
    let joined = |on: &str| {
        let payload = json!({ "bodyId": "other", "instrumentId": "i", "agreedByIds": ["p", "q"] });
        on_x(on, "partyJoined", payload)
    };
    let given = bound_by(&["p", "q"], json!({ "expiresOn": date("2015-12-31") }));
    judged(
        &given,
        &[
            ("the day after", joined("2016-01-01"), &["INSTRUMENT_OVER"]),
            ("on its last day", joined("2015-12-31"), &[]),
            ("in its last year", joined("2015"), &[]),
        ],
    );
    let rolling = json!({ "expiresOn": date("2015-12-31"), "rollingMonths": 12 });
    let given = bound_by(&["p", "q"], rolling);
    judged(&given, &[("it renewed itself", joined("2016-01-01"), &[])]);
}

#[test]
fn an_option_is_exercised_for_its_time_or_for_up_to_it() {
    let renewed = |to: &str, with: Value| {
        let mut payload = json!({ "instrumentId": "i", "expiresOn": date(to) });
        for (field, value) in with.as_object().unwrap() {
            payload[field] = value.clone();
        }
        on_x("2020-12-01", "instrumentRenewed", payload)
    };
    let contract = |up_to: bool| {
        let option = json!({ "months": 24, "holderIds": ["p"], "upTo": up_to });
        bound_by(
            &["p", "q"],
            json!({ "expiresOn": date("2021-03-31"), "extensions": [option] }),
        )
    };
    let by_p = json!({ "exercisedById": "p" });
    let both = json!({ "agreedByIds": ["p", "q"] });
    let given = contract(false);
    let shorter = renewed("2022-03-31", by_p.clone());
    judged(
        &given,
        &[
            ("for half of it", shorter.clone(), &["RENEWAL_NOT_AGREED"]),
            ("by both", renewed("2022-03-31", both), &[]),
            ("for all of it", renewed("2023-03-31", by_p.clone()), &[]),
            ("to its last year", renewed("2023", by_p.clone()), &[]),
        ],
    );
    let text = refusal(&given, &shorter);
    assert!(text.contains("extends it to 2023-03-31"), "{text}");
    let given = contract(true);
    judged(
        &given,
        &[
            ("up to it", shorter.clone(), &[]),
            (
                "beyond it",
                renewed("2023-04-01", by_p),
                &["RENEWAL_NOT_AGREED"],
            ),
        ],
    );
    assert!(instrument(&given, "i", "2020-01-01").extensions_left[0].up_to);
}

#[test]
fn a_notice_given_by_a_day_may_have_been_given_in_time() {
    let mut given = bound_by(&["p", "q"], json!({ "noticeAsPartyMonths": 12 }));
    let dated = |is: &str| {
        let mut event = notice("n", "2019-02-01", "p", "2020-01-15");
        if !is.is_empty() {
            event["effectiveOnIs"] = format!("DATE_IS_{is}").into();
        }
        event
    };
    judged(
        &given,
        &[
            ("on the day", dated(""), &["NOTICE_TOO_SHORT"]),
            ("not before it", dated("FROM"), &["NOTICE_TOO_SHORT"]),
            ("not after it", dated("BY"), &[]),
        ],
    );
    given.record(&[dated("BY")]);
    let shown = super::notice_view(&given, "n", "2019-03-01");
    assert!(shown.rests_on_unknown_day);
    let resting = x(&given, "2019-03-01").inexact_dates;
    assert!(
        resting
            .iter()
            .any(|line| line.rests_on.contains("notice period"))
    );
}

#[test]
fn a_body_leaves_no_trace_of_being_bound_and_its_successor_is() {
    let mut given = two_became_one();
    given.record(&[followed("s-ccg", "2022-07-01")]);
    let bound = |body: &str, day: &str| {
        let view = views::body::get(&at(&given, day), &body.parse().unwrap()).unwrap();
        let all = view.signed_instruments.into_iter();
        all.map(|one| (one.instrument_id, one.in_place_of.map(|of| of.body_id)))
            .collect::<Vec<_>>()
    };
    assert_eq!(bound("s-ccg", "2022-06-30"), [("s75".to_owned(), None)]);
    assert_eq!(bound("s-ccg", "2022-07-01"), []);
    assert_eq!(bound("icb", "2022-06-30"), []);
    assert_eq!(
        bound("icb", "2022-07-01"),
        [("s75".to_owned(), Some("s-ccg".to_owned()))]
    );
    let law = json!({ "bodyId": "v", "reason": "By law", "legalBasis": "SI 2020/1" });
    given.record(&[on_x("2020-01-01", "partyWithdrew", law)]);
    let view = views::body::get(&at(&given, "2020-01-01"), &"v".parse().unwrap()).unwrap();
    assert!(view.signed_instruments.is_empty());
    let view = views::body::get(&at(&given, "2019-12-31"), &"v".parse().unwrap()).unwrap();
    assert_eq!(view.signed_instruments.len(), 1);
}

#[test]
fn an_agreement_that_ran_out_is_overdue_since_then() {
    let given = bound_by(&["p", "q"], json!({ "expiresOn": date("2018-10-31") }));
    let lines = views::attention::list(
        &at(&given, "2018-11-30"),
        &views::attention::Asker::default(),
        "2018-12-31".parse().unwrap(),
    );
    let overdue: Vec<_> = lines
        .iter()
        .filter(|line| line.kind() == AttentionKind::Overdue)
        .collect();
    assert_eq!(overdue.len(), 1, "{lines:?}");
    let since = overdue[0].since_on.unwrap();
    assert_eq!((since.year, since.month, since.day), (2018, 10, 31));
    assert_eq!(overdue[0].age_days, 30);
}
