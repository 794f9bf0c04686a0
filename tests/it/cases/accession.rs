//! A body joins by an agreement that others have made: it signs, it is bound from then
//! on, and those whom the instrument names agree.

use serde_json::{Value, json};

use super::{agree, body, councils, forces, ids, instrument, provisions, refusal, signed, x};
use crate::given::{Given, date, judged, on_x};

fn joined(on: &str, body: &str, agreed_by: &[&str]) -> Value {
    let payload = json!({ "bodyId": body, "instrumentId": "agreement", "agreedByIds": agreed_by });
    on_x(on, "partyJoined", payload)
}

fn varied(on: &str, agreed_by: &[&str], terms: Option<Value>) -> Value {
    let mut variation = json!({ "instrumentId": "agreement", "agreedByIds": agreed_by,
        "summary": "C becomes a party" });
    if let Some(terms) = terms {
        variation["terms"] = terms;
    }
    on_x(on, "instrumentVaried", json!({ "variation": variation }))
}

fn withdrew(on: &str, body: &str) -> Value {
    on_x(
        on,
        "partyWithdrew",
        json!({ "bodyId": body, "reason": "Leaves" }),
    )
}

/// Councils a and b under an agreement of 2014 with fifteen months' notice.
fn two(terms: Value) -> Given {
    let mut given = councils(&["a", "b"], "2014");
    given.record(&[body("c", "COUNCIL")]);
    agree(&mut given, "agreement", "2014", "OTHER", terms, &["a", "b"]);
    given
}

fn fifteen() -> Value {
    json!({ "noticeAsPartyMonths": 15 })
}

#[test]
fn a_body_that_joins_signs_and_agrees_to_the_deed_of_variation_or_need_not() {
    for agreed_by in [&["a", "b", "c"][..], &["a", "b"]] {
        let mut given = two(fifteen());
        given.record(&[joined("2016-04", "c", &[])]);
        let before = instrument(&given, "agreement", "2016-06-01");
        assert_eq!(ids(&before.accessions[0].awaited), ["a", "b"]);
        given.record(&[varied("2016-04", agreed_by, None)]);
        given.record(&[signed("agreement", "2016-04", "c")]);
        let shown = instrument(&given, "agreement", "2016-06-01");
        assert_eq!(shown.accessions.len(), 1);
        let accession = &shown.accessions[0];
        assert_eq!(accession.body.as_ref().unwrap().body_id, "c");
        assert_eq!(accession.acceded_on.as_ref().unwrap().month, 4);
        assert_eq!(accession.signed_on, accession.acceded_on);
        assert_eq!(ids(&accession.agreed_by), ["a", "b"]);
        assert!(accession.awaited.is_empty());
        let signatures = shown.signatures.iter();
        let of_c = signatures.filter(|s| s.body.as_ref().is_some_and(|b| b.body_id == "c"));
        let of_c: Vec<_> = of_c.collect();
        assert_eq!(of_c[0].acceded_on, accession.acceded_on);
        assert_eq!(of_c[0].signed_on, accession.acceded_on);
        let party = x(&given, "2016-06-01").parties.pop().unwrap();
        assert_eq!(party.joined_by_instrument_id, "agreement");
        // The others need not sign again, and the agreement was never out of force.
        assert_eq!(shown.in_force_on.unwrap().year, 2014);
        judged(
            &given,
            &[(
                "twice",
                signed("agreement", "2017", "c"),
                &["ALREADY_SIGNED"],
            )],
        );
    }
}

#[test]
fn it_is_bound_by_the_notice_clause_from_the_day_on_which_it_joins() {
    let mut given = two(fifteen());
    judged(
        &given,
        &[("no party yet", withdrew("2016", "c"), &["NOT_A_PARTY"])],
    );
    given.record(&[joined("2016-04", "c", &[])]);
    let at_once = withdrew("2020-06-26", "c");
    judged(
        &given,
        &[("at once", at_once.clone(), &["NOTICE_REQUIRED"])],
    );
    assert!(refusal(&given, &at_once).contains("15 months of notice"));
    let notice = |to: &str| {
        on_x(
            "2020-06-26",
            "noticeGiven",
            json!({ "noticeId": "n", "bodyId": "c", "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": date(to) }),
        )
    };
    judged(
        &given,
        &[
            ("a day short", notice("2021-09-25"), &["NOTICE_TOO_SHORT"]),
            ("to the day", notice("2021-09-26"), &[]),
        ],
    );
}

#[test]
fn a_body_that_joined_by_nothing_is_bound_by_nothing() {
    let mut given = two(fifteen());
    given.record(&[on_x("2016-04", "partyJoined", json!({ "bodyId": "c" }))]);
    judged(
        &given,
        &[
            ("leaves", withdrew("2020", "c"), &[]),
            (
                "signs",
                signed("agreement", "2016-04", "c"),
                &["NOT_A_SIGNATORY"],
            ),
        ],
    );
}

#[test]
fn later_variations_need_the_body_that_joined() {
    let mut given = two(fifteen());
    given.record(&[joined("2016-04", "c", &["a", "b"])]);
    judged(
        &given,
        &[
            (
                "without it",
                varied("2018", &["a", "b"], None),
                &["VARIATION_NOT_AGREED"],
            ),
            ("with it", varied("2018", &["a", "b", "c"], None), &[]),
            (
                "before it joined",
                varied("2015", &["a", "b", "c"], None),
                &["NOT_A_SIGNATORY"],
            ),
        ],
    );
}

#[test]
fn those_whom_the_instrument_names_agree_first() {
    let named = json!({ "noticeAsPartyMonths": 15, "accessionPartyIds": ["a"] });
    let mut given = two(named);
    judged(
        &given,
        &[
            (
                "nobody",
                joined("2016-04", "c", &[]),
                &["ACCESSION_NOT_AGREED"],
            ),
            (
                "the other",
                joined("2016-04", "c", &["b"]),
                &["ACCESSION_NOT_AGREED"],
            ),
            (
                "a stranger",
                joined("2016-04", "c", &["a", "other"]),
                &["NOT_A_SIGNATORY"],
            ),
            ("the one named", joined("2016-04", "c", &["a"]), &[]),
        ],
    );
    let text = refusal(&given, &joined("2016-04", "c", &[]));
    assert!(text.contains("agreement of a is missing") && text.contains("agreed_by_ids"));
    given.record(&[joined("2016-04", "c", &["a"])]);
    let shown = instrument(&given, "agreement", "2017-01-01");
    assert!(shown.accessions[0].awaited.is_empty());
    assert_eq!(ids(&shown.accessions[0].agreed_by), ["a"]);
    let over = json!({ "instrumentId": "agreement", "cause": "END_CAUSE_AGREEMENT",
        "agreedByIds": ["a", "b"] });
    let over = on_x("2018", "instrumentEnded", over);
    judged(&given, &[("ended without it", over, &["END_NOT_AGREED"])]);
}

#[test]
fn agreement_can_come_with_the_signature() {
    let mut given = two(fifteen());
    given.record(&[joined("2016-04", "c", &["a"])]);
    let shown = instrument(&given, "agreement", "2016-05-01");
    assert_eq!(ids(&shown.accessions[0].awaited), ["b"]);
    let payload = json!({ "instrumentId": "agreement", "bodyId": "c", "agreedByIds": ["b"] });
    given.record(&[on_x("2016-05", "agreementSigned", payload)]);
    let shown = instrument(&given, "agreement", "2016-05-01");
    assert!(shown.accessions[0].awaited.is_empty());
}

#[test]
fn the_party_matrix_of_a_varied_agreement_counts_those_that_joined() {
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let mut given = forces(&["a", "b"], "2015");
    let terms = |forces: &[&str]| json!({ "provisions": provisions(forces) });
    let kind = "SECTION_22A_AGREEMENT";
    agree(
        &mut given,
        "agreement",
        "2015",
        kind,
        terms(&["a", "b"]),
        &all,
    );
    let widened = varied("2016-11-10", &all, Some(terms(&["a", "b", "k"])));
    judged(
        &given,
        &[(
            "before they join",
            widened.clone(),
            &["PROVISION_PARTY_MISSING"],
        )],
    );
    for joins in ["k-pcc", "k-cc"] {
        given.record(&[joined("2016-11-10", joins, &[])]);
    }
    given.record(&[widened]);
    let shown = instrument(&given, "agreement", "2017-01-01");
    assert!(shown.faults.is_empty(), "{:?}", shown.faults);
    assert!(shown.accessions.iter().all(|a| a.awaited.is_empty()));
    assert_eq!(shown.accessions.len(), 2);
    // One that joined and leaves again leaves a provision without its party.
    given.record(&[withdrew("2019", "k-cc")]);
    let shown = instrument(&given, "agreement", "2019-02-01");
    assert_eq!(shown.faults.len(), 1);
    assert!(
        shown.faults[0].what.contains("lacks k-cc"),
        "{:?}",
        shown.faults
    );
}

#[test]
fn a_deed_of_accession_is_signed_before_its_day() {
    let mut given = two(fifteen());
    let deed = signed("agreement", "2022-03-20", "c");
    judged(
        &given,
        &[("of a stranger", deed.clone(), &["NOT_A_SIGNATORY"])],
    );
    assert!(refusal(&given, &deed).contains("record party_joined with this instrument_id first"));
    given.record(&[joined("2022-04-01", "c", &["a", "b"])]);
    given.record(&[deed]);
    let shown = instrument(&given, "agreement", "2022-04-01");
    let accession = &shown.accessions[0];
    let signed_on = accession.signed_on.unwrap();
    assert_eq!((signed_on.month, signed_on.day), (3, 20));
    let of_c = shown.signatures.iter();
    let mut of_c = of_c.filter(|s| s.body.as_ref().is_some_and(|b| b.body_id == "c"));
    let of_c = of_c.next().unwrap();
    assert_eq!(of_c.signed_on, accession.signed_on);
    assert_eq!(of_c.acceded_on.unwrap().month, 4);
    judged(
        &given,
        &[(
            "twice",
            signed("agreement", "2022-05-01", "c"),
            &["ALREADY_SIGNED"],
        )],
    );
    // One that returns signs again before the day of its return.
    given.record(&[withdrew_by_law("2023-04-01", "c")]);
    judged(
        &given,
        &[(
            "while it is away",
            signed("agreement", "2024-03-20", "c"),
            &["ALREADY_SIGNED"],
        )],
    );
    given.record(&[joined("2024-04-01", "c", &["a", "b"])]);
    given.record(&[signed("agreement", "2024-03-20", "c")]);
    let shown = instrument(&given, "agreement", "2024-04-01");
    let last = shown.accessions.last().unwrap();
    assert_eq!(last.signed_on.unwrap().year, 2024);
    let mut of_c = shown.signatures.iter();
    let of_c = of_c.find(|s| s.body.as_ref().is_some_and(|b| b.body_id == "c"));
    assert_eq!(of_c.unwrap().signed_again_on.len(), 1);
}

fn withdrew_by_law(on: &str, body: &str) -> Value {
    let payload = json!({ "bodyId": body, "reason": "By law", "legalBasis": "SI 2023/1" });
    on_x(on, "partyWithdrew", payload)
}

#[test]
fn an_accession_that_is_not_agreed_on_record_asks_for_attention() {
    let mut given = two(fifteen());
    given.record(&[joined("2016-04-01", "c", &[])]);
    let lines = |given: &Given| {
        let view = super::at(given, "2016-06-01");
        let until = "2016-06-30".parse().unwrap();
        let asker = minutebook::views::attention::Asker::default();
        let lines = minutebook::views::attention::list(&view, &asker, until);
        let accessions = lines
            .into_iter()
            .filter(|line| line.what.contains("accession of c"));
        accessions.collect::<Vec<_>>()
    };
    let found = lines(&given);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].awaited.len(), 2);
    assert_eq!(found[0].since_on.unwrap().month, 4);
    given.record(&[varied("2016-05-01", &["a", "b", "c"], None)]);
    assert!(lines(&given).is_empty());
}

#[test]
fn nothing_is_left_to_agree_to_once_the_body_has_left() {
    let mut given = two(fifteen());
    given.record(&[joined("2016-04-01", "c", &[])]);
    let awaited = |given: &Given| {
        let instruments = super::x(given, "2020-12-31").instruments;
        instruments[0].accessions[0].awaited.len()
    };
    assert_eq!(awaited(&given), 2);
    let payload = json!({ "bodyId": "c", "reason": "Released", "agreedByIds": ["a", "b"] });
    given.record(&[on_x("2020-04-01", "partyWithdrew", payload)]);
    assert_eq!(awaited(&given), 0);
}

#[test]
fn a_variation_from_before_a_return_is_of_those_who_were_there() {
    let mut given = two(fifteen());
    given.record(&[joined("2015-04-01", "c", &["a", "b"])]);
    given.record(&[signed("agreement", "2015-04-01", "c")]);
    let payload = json!({ "bodyId": "c", "reason": "Released", "agreedByIds": ["a", "b"] });
    given.record(&[on_x("2019-04-01", "partyWithdrew", payload)]);
    given.record(&[joined("2025-04-01", "c", &["a", "b"])]);
    given.record(&[signed("agreement", "2025-03-20", "c")]);
    let missing: &[&str] = &["VARIATION_NOT_AGREED"];
    judged(
        &given,
        &[
            ("away", varied("2024-09-01", &["a", "b"], None), &[]),
            ("signed", varied("2025-03-25", &["a", "b"], None), &[]),
            ("back", varied("2025-05-01", &["a", "b"], None), missing),
            ("before", varied("2018-05-01", &["a", "b"], None), missing),
        ],
    );
}

#[test]
fn bodies_that_return_by_one_deed_do_not_wait_for_each_other() {
    let mut given = two(fifteen());
    given.record(&[body("d", "COUNCIL")]);
    for newcomer in ["c", "d"] {
        given.record(&[joined("2015-04-01", newcomer, &["a", "b"])]);
        given.record(&[signed("agreement", "2015-04-01", newcomer)]);
    }
    for leaving in ["c", "d"] {
        let payload = json!({ "bodyId": leaving, "reason": "Released", "agreedByIds": ["a", "b"] });
        let mut event = on_x("2019-04-01", "partyWithdrew", payload);
        event["partyWithdrew"]["agreedByIds"] = match leaving {
            "c" => json!(["a", "b", "d"]),
            _ => json!(["a", "b"]),
        };
        given.record(&[event]);
    }
    for back in ["c", "d"] {
        given.record(&[joined("2025-04-01", back, &["a", "b"])]);
        given.record(&[signed("agreement", "2025-04-01", back)]);
    }
    let shown = instrument(&given, "agreement", "2025-04-02");
    assert!(
        shown
            .accessions
            .iter()
            .all(|accession| accession.awaited.is_empty()),
        "{:?}",
        shown.accessions
    );
}

#[test]
fn a_first_signature_may_be_recorded_after_the_second() {
    let mut given = two(fifteen());
    given.record(&[joined("2015-04-01", "c", &["a", "b"])]);
    let payload = json!({ "bodyId": "c", "reason": "Released", "agreedByIds": ["a", "b"] });
    given.record(&[on_x("2019-04-01", "partyWithdrew", payload)]);
    given.record(&[joined("2025-04-01", "c", &["a", "b"])]);
    given.record(&[signed("agreement", "2025-04-01", "c")]);
    let first = signed("agreement", "2015-03-20", "c");
    let again: &[&str] = &["ALREADY_SIGNED"];
    judged(
        &given,
        &[
            ("the first", first.clone(), &[]),
            ("twice", signed("agreement", "2025-05-01", "c"), again),
            ("just before", signed("agreement", "2025-03-01", "c"), again),
        ],
    );
    given.record(&[first]);
    let shown = instrument(&given, "agreement", "2025-05-01");
    let mut signatures = shown.signatures.iter();
    let of_c = signatures.find(|s| s.body.as_ref().is_some_and(|b| b.body_id == "c"));
    let of_c = of_c.unwrap();
    assert_eq!(of_c.signed_on.unwrap().year, 2015);
    assert_eq!(of_c.signed_again_on[0].year, 2025);
    judged(
        &given,
        &[("that too", signed("agreement", "2015-05-01", "c"), again)],
    );
}

#[test]
fn a_deed_after_an_accession_that_all_agreed_to_is_no_agreement_to_it() {
    let named = json!({ "noticeAsPartyMonths": 15, "accessionPartyIds": ["a"] });
    let mut given = two(named);
    given.record(&[joined("2016-04-01", "c", &["a"])]);
    given.record(&[varied("2018-05-01", &["a", "b", "c"], None)]);
    let shown = instrument(&given, "agreement", "2018-05-02");
    let agreed_by = shown.accessions[0].agreed_by.iter();
    let agreed_by: Vec<&str> = agreed_by.map(|body| body.body_id.as_str()).collect();
    assert_eq!(agreed_by, ["a"]);
}
