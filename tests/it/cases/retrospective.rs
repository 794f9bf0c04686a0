//! Agreements "with effect from" a day before they were signed, and terms that renew
//! themselves.

use minutebook::wire::proto::Standing;
use serde_json::json;

use super::{
    agree, body, councils, drafted, established, instrument, instrument_known, signed, view, x,
};
use crate::given::{Given, date, on_x};
use minutebook::views;
use minutebook::wire::proto::DeadlineKind;

/// An agreement for the year from April 2022, drafted in December and signed in January.
fn with_effect_from() -> (Given, u64) {
    let mut given = Given::recorded(&[
        body("a", "COUNCIL"),
        body("b", "HEALTH"),
        established(&["a", "b"], "2022-04-01"),
    ]);
    let terms = json!({ "commencesOn": date("2022-04-01"), "expiresOn": date("2023-03-31") });
    given.record(&[drafted("s75", "2022-12-06", "SECTION_75_AGREEMENT", terms)]);
    let unsigned = given.register.tail().get();
    given.record(&[signed("s75", "2023-01-25", "a")]);
    given.record(&[signed("s75", "2023-01-25", "b")]);
    (given, unsigned)
}

#[test]
fn an_agreement_with_effect_from_a_day_is_in_force_from_it_once_signed() {
    let (given, unsigned) = with_effect_from();
    for day in [
        "2022-04-01",
        "2022-10-01",
        "2022-12-31",
        "2023-02-01",
        "2023-03-31",
    ] {
        let shown = instrument(&given, "s75", day);
        assert_eq!(shown.standing(), Standing::InForce, "{day}");
        assert!(shown.is_retrospective, "{day}");
        let from = shown.in_force_on.unwrap();
        assert_eq!((from.year, from.month, from.day), (2022, 4, 1));
        assert!(shown.signatures.iter().all(|s| s.signed_on.is_some()));
        let summary = x(&given, day).summary.unwrap();
        assert_eq!(summary.instruments_in_force_count, 1, "{day}");
    }
    assert_eq!(
        instrument(&given, "s75", "2023-04-01").standing(),
        Standing::Expired
    );
    // As known before it was signed: not in force on any day.
    let then = |day| instrument_known(&given, "s75", day, unsigned);
    assert!(then("2022-10-01").is_none(), "it was not drafted yet");
    let awaiting = then("2022-12-31").unwrap();
    assert_eq!(awaiting.standing(), Standing::AwaitingSignature);
    assert!(!awaiting.is_retrospective && awaiting.in_force_on.is_none());
    // With one signature of two as well.
    let half = instrument_known(&given, "s75", "2023-01-25", unsigned + 1).unwrap();
    assert_eq!(half.standing(), Standing::AwaitingSignature);
}

#[test]
fn its_deadlines_are_shown_before_it_is_signed() {
    let (given, unsigned) = with_effect_from();
    let expiries = |known| {
        let deadlines = views::deadlines::list(&view(&given, "2022-10-01", known), None, false);
        let of_expiry = deadlines.into_iter();
        of_expiry
            .filter(|line| line.kind() == DeadlineKind::Expiry)
            .count()
    };
    assert_eq!((expiries(u64::MAX), expiries(unsigned)), (1, 0));
}

#[test]
fn an_agreement_signed_after_its_term_had_force_for_its_term() {
    let mut given = councils(&["a", "b"], "2023-04-01");
    let terms = json!({ "commencesOn": date("2023-04-01"), "expiresOn": date("2024-03-31") });
    given.record(&[drafted("late", "2023-10", "CONTRACT", terms)]);
    given.record(&[signed("late", "2023-12-01", "b")]);
    let known = given.register.tail().get();
    given.record(&[signed("late", "2024-05-24", "a")]);
    for day in ["2024-05-24", "2026-01-01"] {
        let shown = instrument(&given, "late", day);
        assert_eq!(shown.standing(), Standing::Expired, "{day}");
        assert!(shown.is_retrospective);
        assert_eq!(shown.in_force_on.unwrap().year, 2023);
        assert_eq!(shown.ends_on.unwrap().year, 2024);
    }
    let within = instrument(&given, "late", "2023-11-01");
    assert_eq!(within.standing(), Standing::InForce);
    let then = instrument_known(&given, "late", "2024-01-01", known).unwrap();
    assert_eq!(then.standing(), Standing::AwaitingSignature);
}

#[test]
fn terms_that_begin_later_are_not_retrospective() {
    let mut given = councils(&["a", "b"], "2014");
    let terms = json!({ "commencesOn": date("2015-04-01") });
    agree(&mut given, "m", "2015-01-10", "OTHER", terms, &["a", "b"]);
    let before = instrument(&given, "m", "2015-03-31");
    assert_eq!(before.standing(), Standing::NotYetCommenced);
    let after = instrument(&given, "m", "2015-04-01");
    assert_eq!(after.standing(), Standing::InForce);
    assert!(!after.is_retrospective);
}

#[test]
fn a_term_renews_itself_until_notices_leave_no_two_parties() {
    let mut given = councils(&["a", "b"], "2014");
    let terms = json!({ "expiresOn": date("2015-03-31"), "rollingMonths": 12,
        "noticeAsPartyMonths": 3 });
    agree(
        &mut given,
        "r",
        "2014-04-01",
        "HOSTING_AGREEMENT",
        terms,
        &["a", "b"],
    );
    let ends = |given: &Given, day| {
        let shown = instrument(given, "r", day);
        (
            shown.standing(),
            shown.ends_on.unwrap().year,
            shown.rolled_count,
        )
    };
    assert_eq!(ends(&given, "2015-03-31"), (Standing::InForce, 2015, 0));
    assert_eq!(ends(&given, "2015-04-01"), (Standing::InForce, 2016, 1));
    assert_eq!(ends(&given, "2020-06-01"), (Standing::InForce, 2021, 6));
    let notice = json!({ "noticeId": "n", "bodyId": "b", "capacity": "NOTICE_CAPACITY_PARTY",
        "instrumentId": "r", "takesEffectOn": date("2018-04-01") });
    given.record(&[on_x("2017-10-01", "noticeGiven", notice)]);
    assert_eq!(ends(&given, "2018-03-31"), (Standing::InForce, 2018, 3));
    assert_eq!(ends(&given, "2018-04-01"), (Standing::Expired, 2018, 3));
    given.record(&[on_x(
        "2018-01-10",
        "noticeRevoked",
        json!({ "noticeId": "n" }),
    )]);
    assert_eq!(ends(&given, "2018-04-01"), (Standing::InForce, 2019, 4));
}

#[test]
fn options_to_extend_are_shown_until_renewals_exercise_them() {
    let mut given = councils(&["a", "b"], "2014");
    let terms = json!({ "expiresOn": date("2016-03-31"), "valuePence": "12500000",
        "extensions": [{ "months": 12, "exerciseByOn": date("2015-12-31") }, { "months": 12 }] });
    agree(
        &mut given,
        "c",
        "2014-04-01",
        "CONTRACT",
        terms,
        &["a", "b"],
    );
    let options = |given: &Given| {
        let lines = views::deadlines::list(&view(given, "2015-06-01", u64::MAX), None, true);
        let options = lines
            .into_iter()
            .filter(|l| l.kind() == DeadlineKind::ExtensionOption);
        let dues = options.map(|line| line.due_on.unwrap());
        dues.map(|on| (on.year, on.month)).collect::<Vec<_>>()
    };
    assert_eq!(options(&given), [(2015, 12)]);
    assert_eq!(
        instrument(&given, "c", "2015-06-01").extensions_left.len(),
        2
    );
    let renewed = json!({ "instrumentId": "c", "expiresOn": date("2017-03-31") });
    given.record(&[on_x("2015-05-01", "instrumentRenewed", renewed)]);
    assert_eq!(
        options(&given),
        [(2017, 3)],
        "by default the last day of the term"
    );
    let shown = instrument(&given, "c", "2015-06-01");
    assert_eq!(shown.extensions_left.len(), 1);
    assert_eq!(shown.terms.unwrap().value_pence, 12_500_000);
}

#[test]
fn a_statutory_order_has_force_without_signatures() {
    let mut given = councils(&["a", "b"], "2011");
    let terms = json!({ "commencesOn": date("2011-07-01") });
    given.record(&[drafted("si", "2011-06-13", "STATUTORY_ORDER", terms)]);
    let standing = |day| instrument(&given, "si", day).standing();
    assert_eq!(standing("2011-06-30"), Standing::NotYetCommenced);
    assert_eq!(standing("2011-07-01"), Standing::InForce);
}
