//! How long a notice runs: days, years' ends, lock-ins, payments in lieu, and days that
//! the source does not give.

use serde_json::{Value, json};

use super::{agree, councils, ids, notice_view, refusal, x};
use crate::given::{Given, date, judged, on_x};

fn bound(terms: Value) -> Given {
    let mut given = councils(&["a", "b", "c"], "2015-04-01");
    let kind = "SECTION_113_AGREEMENT";
    agree(
        &mut given,
        "s113",
        "2015-04-01",
        kind,
        terms,
        &["a", "b", "c"],
    );
    given
}

fn notice(on: &str, to: &str, extra: Value) -> Value {
    let mut payload = json!({ "noticeId": "n", "bodyId": "a", "takesEffectOn": date(to),
        "capacity": "NOTICE_CAPACITY_PARTY" });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    on_x(on, "noticeGiven", payload)
}

fn plain(on: &str, to: &str) -> Value {
    notice(on, to, json!({}))
}

const SHORT: &[&str] = &["NOTICE_TOO_SHORT"];

#[test]
fn a_notice_of_a_month_may_be_long_enough_and_is_marked() {
    let mut given = bound(json!({ "noticeAsPartyMonths": 12 }));
    judged(
        &given,
        &[
            (
                "on no day of the month",
                plain("2021-06", "2022-05-31"),
                SHORT,
            ),
            ("on its first day", plain("2021-06", "2022-06-01"), &[]),
            ("on every day", plain("2021-06", "2022-06-30"), &[]),
            ("on no day of the year", plain("2021", "2021-12-31"), SHORT),
        ],
    );
    given.record(&[plain("2021-06", "2022-06-15")]);
    let shown = notice_view(&given, "n", "2021-07-01");
    assert!(shown.rests_on_unknown_day);
    assert!(!shown.is_bought_out);
    let inexact = x(&given, "2021-07-01").inexact_dates;
    assert_eq!(inexact.len(), 1);
    assert!(inexact[0].rests_on.contains("notice period"), "{inexact:?}");
    for to in ["2022-06-30", "2022-07-01"] {
        let mut given = bound(json!({ "noticeAsPartyMonths": 12 }));
        given.record(&[plain("2021-06", to)]);
        assert!(!notice_view(&given, "n", "2021-07-01").rests_on_unknown_day);
    }
}

#[test]
fn a_notice_that_is_bought_out_is_not_waived() {
    let mut given = bound(json!({ "noticeAsPartyMonths": 12 }));
    let early = |extra: Value| notice("2015-07-01", "2015-07-31", extra);
    let paid =
        |by: &[&str]| json!({ "paidInLieu": { "amountPence": "4212487", "acceptedByIds": by } });
    let mut mixed = paid(&["b"]);
    mixed["waivedByIds"] = json!(["c"]);
    judged(
        &given,
        &[
            ("neither", early(json!({})), SHORT),
            ("accepted by one", early(paid(&["b"])), SHORT),
            (
                "by a stranger",
                early(paid(&["b", "c", "other"])),
                &["NOT_A_PARTY"],
            ),
            ("one accepts, one waives", early(mixed), &[]),
            (
                "waived by all",
                early(json!({ "waivedByIds": ["b", "c"] })),
                &[],
            ),
        ],
    );
    let text = refusal(&given, &early(json!({})));
    assert!(text.contains("paid_in_lieu"), "the way out: {text}");
    given.record(&[early(paid(&["b", "c"]))]);
    let shown = notice_view(&given, "n", "2015-07-02");
    assert!(shown.is_bought_out && shown.waived_by.is_empty());
    assert_eq!(shown.paid_in_lieu_pence, 4_212_487);
    assert_eq!(ids(&shown.paid_in_lieu_accepted_by), ["b", "c"]);
    assert_eq!(shown.earliest_on.unwrap().year, 2016);
    // Waived, it is not bought out; nor is a notice that was long enough.
    let mut waived = bound(json!({ "noticeAsPartyMonths": 12 }));
    waived.record(&[early(json!({ "waivedByIds": ["b", "c"] }))]);
    assert!(!notice_view(&waived, "n", "2015-07-02").is_bought_out);
    let mut long = bound(json!({ "noticeAsPartyMonths": 12 }));
    long.record(&[notice("2015-07-01", "2016-07-01", paid(&["b"]))]);
    assert!(!notice_view(&long, "n", "2015-07-02").is_bought_out);
}

#[test]
fn the_latest_of_all_days_that_the_terms_set_applies() {
    let to_the_year_end =
        json!({ "noticeAsPartyMonths": 6, "noticeEndsOn": { "month": 3, "day": 31 } });
    judged(
        &bound(to_the_year_end),
        &[
            ("after six months", plain("2016-02-01", "2016-08-01"), SHORT),
            ("to the year's end", plain("2016-02-01", "2017-03-31"), &[]),
            ("given in time", plain("2016-09-30", "2017-03-31"), &[]),
            ("given a day late", plain("2016-10-01", "2017-03-31"), SHORT),
            (
                "to the next one then",
                plain("2016-10-01", "2018-03-31"),
                &[],
            ),
        ],
    );
    judged(
        &bound(json!({ "noticeAsPartyDays": 90 })),
        &[
            ("ninety days", plain("2016-01-01", "2016-03-31"), &[]),
            ("eighty-nine", plain("2016-01-01", "2016-03-30"), SHORT),
        ],
    );
    let both = json!({ "noticeAsPartyDays": 90, "noticeAsPartyMonths": 3 });
    judged(
        &bound(both),
        &[
            (
                "three months are longer",
                plain("2016-03-01", "2016-05-30"),
                SHORT,
            ),
            ("and enough", plain("2016-03-01", "2016-06-01"), &[]),
        ],
    );
    judged(
        &bound(json!({ "noticeAsPartyMonths": 3, "noExitBeforeOn": date("2020-04-01") })),
        &[
            (
                "before the lock-in ends",
                plain("2016-01-01", "2020-03-31"),
                SHORT,
            ),
            ("when it ends", plain("2016-01-01", "2020-04-01"), &[]),
            (
                "after it, on notice",
                plain("2020-03-01", "2020-05-31"),
                SHORT,
            ),
        ],
    );
    judged(
        &bound(json!({ "minimumTermMonths": 36 })),
        &[
            (
                "within the minimum term",
                plain("2016-01-01", "2018-03-31"),
                SHORT,
            ),
            ("at its end", plain("2016-01-01", "2018-04-01"), &[]),
        ],
    );
}

#[test]
fn a_lock_in_keeps_a_party_that_gives_no_notice() {
    let withdrew = |on: &str| {
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": "a", "reason": "Leaves" }),
        )
    };
    let given = bound(json!({ "noExitBeforeOn": date("2020-04-01") }));
    judged(
        &given,
        &[
            ("before", withdrew("2020-03-31"), &["NOTICE_REQUIRED"]),
            ("after", withdrew("2020-04-01"), &[]),
            ("on some day of the year", withdrew("2020"), &[]),
        ],
    );
    assert!(refusal(&given, &withdrew("2019")).contains("no exit before 2020-04-01"));
}

#[test]
fn a_lead_is_not_kept_by_a_lock_in_of_parties() {
    let mut given = bound(json!({ "noticeAsLeadDays": 30, "noExitBeforeOn": date("2020-04-01") }));
    given.record(&[on_x("2016", "leadAppointed", json!({ "bodyId": "a" }))]);
    let lead = |to: &str| {
        notice(
            "2017-01-01",
            to,
            json!({ "capacity": "NOTICE_CAPACITY_LEAD" }),
        )
    };
    judged(
        &given,
        &[
            ("thirty days", lead("2017-01-31"), &[]),
            ("a day short", lead("2017-01-30"), SHORT),
        ],
    );
}

#[test]
fn a_limit_within_a_partial_date_is_marked_and_not_refused() {
    let mut given = bound(json!({}));
    given.record(&[on_x(
        "2018-06-15",
        "directionIssued",
        json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE", "terms": "An order", "legalBasis": "An Act" }),
    )]);
    let withdrew = |on: &str| {
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": "a", "reason": "Leaves" }),
        )
    };
    judged(
        &given,
        &[
            (
                "after it whatever the day",
                withdrew("2018-07"),
                &["MANDATE_STANDS"],
            ),
            ("before it whatever the day", withdrew("2018-05"), &[]),
        ],
    );
    given.record(&[withdrew("2018-06")]);
    let inexact = x(&given, "2018-07-01").inexact_dates;
    assert_eq!(inexact.len(), 1);
    assert!(inexact[0].rests_on.contains("mandate"), "{inexact:?}");
}
