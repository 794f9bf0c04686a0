//! Renewals: by an option, by agreement, after the term, and as others report them.

use minutebook::views;
use minutebook::wire::proto::Standing;
use serde_json::{Value, json};

use super::{agree, at, councils, ids, instrument, instrument_known, x};
use crate::given::{Given, date, event, judged, on_x};

/// Councils p and q with a contract of six years to the end of March 2020.
fn contract(extensions: Value) -> Given {
    let mut given = councils(&["p", "q"], "2014-01-01");
    let terms = json!({ "expiresOn": date("2020-03-31"), "extensions": extensions });
    agree(
        &mut given,
        "i",
        "2014-01-01",
        "CONTRACT",
        terms,
        &["p", "q"],
    );
    given
}

fn renewed(on: &str, to: &str, with: Value) -> Value {
    let mut payload = json!({ "instrumentId": "i", "expiresOn": date(to) });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(with.as_object().unwrap().clone());
    on_x(on, "instrumentRenewed", payload)
}

fn standing(given: &Given, day: &str) -> Standing {
    instrument(given, "i", day).standing()
}

#[test]
fn an_option_allows_a_renewal_of_its_length_by_its_day() {
    let given = contract(json!([
        { "months": 12, "exerciseByOn": date("2019-12-31") },
        { "months": 12 },
    ]));
    let alone = |on: &str, to: &str| renewed(on, to, json!({}));
    judged(
        &given,
        &[
            ("within it", alone("2019-12-31", "2021-03-31"), &[]),
            (
                "shorter",
                alone("2019-06-01", "2020-09-30"),
                &["RENEWAL_NOT_AGREED"],
            ),
            (
                "too late for it",
                alone("2020-01-01", "2021-03-31"),
                &["RENEWAL_NOT_AGREED"],
            ),
            ("both at once", alone("2019-12-01", "2022-03-31"), &[]),
            (
                "beyond both",
                alone("2019-12-01", "2022-04-01"),
                &["RENEWAL_NOT_AGREED"],
            ),
            (
                "in a month of which some days are in time",
                alone("2019-12", "2021-03-31"),
                &[],
            ),
            (
                "in a month that is too late",
                alone("2020-01", "2021-03-31"),
                &["RENEWAL_NOT_AGREED"],
            ),
        ],
    );
    let left = |given: &Given| instrument(given, "i", "2020-01-01").extensions_left.len();
    let mut one = given.clone();
    one.record(&[alone("2019-12-01", "2021-03-31")]);
    assert_eq!(left(&one), 1);
    judged(
        &one,
        &[
            ("the second", alone("2021-03-01", "2022-03-31"), &[]),
            (
                "the second, too long",
                alone("2021-03-01", "2022-06-30"),
                &["RENEWAL_NOT_AGREED"],
            ),
        ],
    );
    let mut both = given;
    both.record(&[alone("2019-12-01", "2022-03-31")]);
    assert_eq!(left(&both), 0);
    // Nobody is named, and the terms do not say who may: that is shown.
    let shown = &instrument(&both, "i", "2020-01-01").renewals[0];
    assert!(shown.rests_on_no_agreement && !shown.is_retrospective);
}

#[test]
fn an_option_is_exercised_by_its_holder() {
    let given = contract(json!([{ "months": 12, "holderIds": ["q"] }]));
    let by = |who: Value| renewed("2019-06-01", "2021-03-31", who);
    judged(
        &given,
        &[
            ("nobody", by(json!({})), &["NOT_THE_OPTION_HOLDER"]),
            (
                "the other",
                by(json!({ "exercisedById": "p" })),
                &["NOT_THE_OPTION_HOLDER"],
            ),
            (
                "a stranger",
                by(json!({ "exercisedById": "other" })),
                &["NOT_A_SIGNATORY"],
            ),
            ("its holder", by(json!({ "exercisedById": "q" })), &[]),
            ("all", by(json!({ "agreedByIds": ["p", "q"] })), &[]),
        ],
    );
    let mut given = given;
    let followed = json!({ "successorId": "other" });
    given.record(&[event("bodies/q", "2019-04-01", "bodySucceeded", followed)]);
    let heir = by(json!({ "exercisedById": "other" }));
    judged(&given, &[("the holder's successor", heir.clone(), &[])]);
    given.record(&[heir]);
    let shown = &instrument(&given, "i", "2019-07-01").renewals[0];
    assert_eq!(shown.exercised_by.as_ref().unwrap().body_id, "other");
    assert!(!shown.rests_on_no_agreement);
    // Only parties may hold it.
    let other = councils(&["p", "q"], "2014-01-01");
    let terms = json!({ "expiresOn": date("2020-03-31"),
        "extensions": [{ "months": 12, "holderIds": ["other"] }] });
    judged(
        &other,
        &[(
            "a stranger's option",
            super::drafted("i", "2014-01-01", "CONTRACT", terms),
            &["NOT_A_SIGNATORY"],
        )],
    );
}

#[test]
fn a_renewal_beyond_the_options_is_agreed_as_a_variation_is() {
    let given = contract(json!([]));
    let by = |who: Value| renewed("2019-06-01", "2025-03-31", who);
    let mut reported = by(json!({ "agreedByNotGiven": true }));
    judged(
        &given,
        &[
            ("by nobody", by(json!({})), &["RENEWAL_NOT_AGREED"]),
            (
                "by one",
                by(json!({ "agreedByIds": ["p"] })),
                &["RENEWAL_NOT_AGREED"],
            ),
            ("by both", by(json!({ "agreedByIds": ["p", "q"] })), &[]),
            (
                "as reported by nobody named",
                reported.clone(),
                &["RENEWAL_NOT_AGREED"],
            ),
        ],
    );
    reported["sources"] = json!([{ "title": "Audit of contracts", "place": "¶4" }]);
    judged(&given, &[("as a document reports", reported.clone(), &[])]);
    let mut agreed = given.clone();
    agreed.record(&[by(json!({ "agreedByIds": ["p", "q"] }))]);
    let shown = &instrument(&agreed, "i", "2019-07-01").renewals[0];
    assert_eq!(ids(&shown.agreed_by), ["p", "q"]);
    let mut as_reported = given;
    as_reported.record(&[reported]);
    let shown = &instrument(&as_reported, "i", "2019-07-01").renewals[0];
    assert!(shown.agreed_by_not_given && shown.rests_on_no_agreement);
}

#[test]
fn the_terms_may_name_fewer_that_agree() {
    let mut given = councils(&["p", "q", "r"], "2014-01-01");
    let terms = json!({ "expiresOn": date("2020-03-31"), "variationPartyIds": ["p", "q"] });
    let all = ["p", "q", "r"];
    agree(&mut given, "i", "2014-01-01", "CONTRACT", terms, &all);
    let by = |who: &[&str]| renewed("2019-06-01", "2025-03-31", json!({ "agreedByIds": who }));
    judged(
        &given,
        &[
            ("those", by(&["p", "q"]), &[]),
            ("others", by(&["p", "r"]), &["RENEWAL_NOT_AGREED"]),
        ],
    );
}

#[test]
fn a_carried_proposal_is_agreement_enough() {
    let given = contract(json!([]));
    let id = "0193aaaa-0000-7000-8000-000000000001";
    let mut renewal = renewed("2019-06-01", "2025-03-31", json!({}));
    renewal["authority"] = json!({ "proposalId": id });
    let proposed = json!({ "proposalId": id, "title": "Renew",
        "matter": { "varyInstrumentId": "i" }, "putToIds": ["p", "q"] });
    let mut proposed = on_x("2019-05-01", "matterProposed", proposed);
    proposed["actedBy"] = json!({ "bodyId": "p" });
    let decided = |by: &str| {
        let payload = json!({ "decisionId": format!("d-{by}"), "proposalId": id,
            "title": "Renew", "outcome": "OUTCOME_APPROVED" });
        let mut event = on_x("2019-05-20", "decisionMade", payload);
        event["actedBy"] = json!({ "bodyId": by });
        event
    };
    let mut carried = given;
    carried.record(&[proposed]);
    carried.record(&[decided("p")]);
    carried.record(&[decided("q")]);
    judged(&carried, &[("carried", renewal, &[])]);
}

#[test]
fn a_renewal_after_the_term_is_retrospective_or_a_new_agreement() {
    let mut given = contract(json!([{ "months": 24 }]));
    let both = json!({ "agreedByIds": ["p", "q"] });
    let with_effect = |from: &str, mut with: Value| {
        with["withEffectFromOn"] = date(from);
        renewed("2020-09-01", "2022-03-31", with)
    };
    judged(
        &given,
        &[
            (
                "after it",
                renewed("2020-09-01", "2022-03-31", both.clone()),
                &["RENEWED_AFTER_EXPIRY"],
            ),
            (
                "with a gap",
                with_effect("2020-04-02", both.clone()),
                &["RENEWED_AFTER_EXPIRY"],
            ),
            (
                "by the option, which ran out",
                with_effect("2020-04-01", json!({})),
                &["RENEWAL_NOT_AGREED"],
            ),
            (
                "without a gap",
                with_effect("2020-04-01", both.clone()),
                &[],
            ),
            (
                "in a month of which some days were in time",
                renewed("2020-03", "2022-03-31", json!({})),
                &[],
            ),
            (
                "a variation changes nothing that is over",
                on_x(
                    "2020-09-01",
                    "instrumentVaried",
                    json!({ "variation": { "instrumentId": "i", "agreedByIds": ["p", "q"],
                        "summary": "Longer", "terms": { "expiresOn": date("2022-03-31") } } }),
                ),
                &["INSTRUMENT_OVER"],
            ),
        ],
    );
    let known = given.register.tail().get();
    given.record(&[with_effect("2020-04-01", both)]);
    // Held over from April to August: on both axes.
    let then = instrument_known(&given, "i", "2020-06-01", known).unwrap();
    assert_eq!(then.standing(), Standing::Expired);
    assert_eq!(standing(&given, "2020-06-01"), Standing::InForce);
    assert_eq!(standing(&given, "2020-10-01"), Standing::InForce);
    assert_eq!(standing(&given, "2022-04-01"), Standing::Expired);
    assert_eq!(standing(&given, "2020-03-31"), Standing::InForce);
    for day in ["2020-06-01", "2020-10-01"] {
        let shown = &instrument(&given, "i", day).renewals[0];
        assert!(shown.is_retrospective, "{day}");
        assert_eq!(shown.with_effect_from_on.unwrap().month, 4);
    }
    let before = instrument(&given, "i", "2020-03-01");
    assert!(before.renewals.is_empty());
    assert_eq!(before.ends_on.unwrap().year, 2020);
    // It is no longer listed as run out.
    let due = views::deadlines::list(&at(&given, "2020-10-01"), None, false);
    assert!(due.iter().all(|line| !line.missed), "{due:?}");
    assert_eq!(x(&given, "2020-06-01").instruments.len(), 1);
}

#[test]
fn a_body_alone_renews_its_own_document() {
    let mut given = councils(&["p", "q"], "2014-01-01");
    let policy = json!({ "instrumentId": "policy", "title": "Policy",
        "kind": "INSTRUMENT_KIND_POLICY", "terms": { "expiresOn": date("2020-03-31") } });
    given.record(&[event("bodies/p", "2015", "instrumentDrafted", policy)]);
    let renewed = json!({ "instrumentId": "policy", "expiresOn": date("2025-03-31") });
    let renewed = event("bodies/p", "2019", "instrumentRenewed", renewed);
    judged(&given, &[("alone", renewed, &[])]);
}
