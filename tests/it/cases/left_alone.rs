//! Agreements that all parties but one have left: an agreement needs two.

use minutebook::views::attention::{Asker, list as attention};
use minutebook::wire::proto::{AttentionKind, InstrumentView};
use serde_json::{Value, json};

use super::{agree, at, councils, established, instrument, joined, signed, withdrew, x};
use crate::given::{Given, date, event, judged, on_x};

/// A, B and the others under an inter-authority agreement without notice.
fn agreed(parties: &[&str]) -> Given {
    let mut given = councils(parties, "2014-01-01");
    let kind = "INTER_AUTHORITY_AGREEMENT";
    agree(&mut given, "i", "2014-01-01", kind, json!({}), parties);
    given
}

fn lines(given: &Given, day: &str) -> Vec<String> {
    let lines = attention(&at(given, day), &Asker::default(), day.parse().unwrap());
    let lines = lines.into_iter();
    let one = lines.filter(|line| line.kind() == AttentionKind::OneParty);
    one.map(|line| line.what).collect()
}

fn varied(on: &str, agreed_by: &[&str]) -> Value {
    let variation = json!({ "instrumentId": "i", "agreedByIds": agreed_by, "summary": "V" });
    on_x(on, "instrumentVaried", json!({ "variation": variation }))
}

fn remarks(shown: &InstrumentView) -> Vec<&str> {
    let versions = shown.versions.iter();
    let remarks = versions.flat_map(|version| &version.remarks);
    remarks.map(String::as_str).collect()
}

#[test]
fn a_collaboration_that_the_others_have_left_is_to_be_ended() {
    let mut given = agreed(&["a", "b"]);
    given.record(&[withdrew("2021-03-31", "b", &["a"])]);
    assert!(x(&given, "2021-03-30").one_party_since_on.is_none());
    assert!(lines(&given, "2021-03-30").is_empty());
    let since = x(&given, "2021-06-01").one_party_since_on.unwrap();
    assert_eq!((since.year, since.month, since.day), (2021, 3, 31));
    let found = lines(&given, "2021-06-01");
    assert_eq!(
        found.len(),
        1,
        "one line, and not one for each agreement: {found:?}"
    );
    assert!(found[0].contains("a is its only party") && found[0].contains("to be ended"));
    let shown = instrument(&given, "i", "2021-06-01");
    assert_eq!(shown.one_party_since_on, Some(since));
    // One party alone varies nothing: it is taken, and marked.
    given.record(&[varied("2021-05-01", &["a"])]);
    let shown = instrument(&given, "i", "2021-06-01");
    assert_eq!(remarks(&shown), ["a alone: no other party was bound by it"]);
    // Another may join, and an agreement of two it is again.
    given.record(&[varied("2022-04-01", &["a"])]);
    given.record(&[joined("2022-04-01", "other", &["a"])]);
    let shown = instrument(&given, "i", "2022-04-01");
    assert!(
        shown.versions[2].remarks.is_empty(),
        "the deed of its accession"
    );
    let view = x(&given, "2022-04-01");
    assert!(view.one_party_since_on.is_none());
    assert!(view.instruments[0].one_party_since_on.is_none());
    assert!(lines(&given, "2022-04-01").is_empty());
}

#[test]
fn the_party_that_is_left_ends_it_alone() {
    let mut given = agreed(&["a", "b"]);
    let ended = |on| {
        let payload = json!({ "cause": "END_CAUSE_AGREEMENT", "reason": "B left" });
        on_x(on, "collaborationEnded", payload)
    };
    given.record(&[withdrew("2021-03-31", "b", &["a"])]);
    let of_two: &[&str] = &["END_NOT_AGREED"];
    judged(
        &given,
        &[
            ("of two", ended("2021-03-30"), of_two),
            ("alone", ended("2021-04-01"), &[]),
        ],
    );
    given.record(&[ended("2021-04-01")]);
    assert!(lines(&given, "2021-05-01").is_empty());
    assert!(x(&given, "2021-05-01").one_party_since_on.is_none());
}

#[test]
fn a_collaboration_that_all_have_left_is_to_be_ended_too() {
    let mut given = agreed(&["a", "b"]);
    given.record(&[withdrew("2021-03-31", "b", &["a"])]);
    let by_law = json!({ "bodyId": "a", "reason": "By law", "legalBasis": "SI 2022/1" });
    given.record(&[on_x("2022-03-31", "partyWithdrew", by_law)]);
    assert_eq!(
        lines(&given, "2022-06-01"),
        ["all its parties have left: it is to be ended"]
    );
    assert!(x(&given, "2022-06-01").one_party_since_on.is_none());
}

#[test]
fn a_collaboration_that_never_had_two_parties_is_not_left_alone() {
    let given = Given::recorded(&[
        super::body("a", "COUNCIL"),
        established(&["a"], "2014-01-01"),
    ]);
    assert!(x(&given, "2015-01-01").one_party_since_on.is_none());
    assert!(lines(&given, "2015-01-01").is_empty());
}

#[test]
fn an_agreement_of_two_is_marked_where_others_go_on_in_the_collaboration() {
    let mut given = councils(&["a", "b", "c"], "2014-01-01");
    let payload = json!({ "instrumentId": "i", "title": "Of two", "partyIds": ["a", "b"],
        "kind": "INSTRUMENT_KIND_SIDE_LETTER" });
    given.record(&[on_x("2014-02-01", "instrumentDrafted", payload)]);
    for party in ["a", "b"] {
        given.record(&[signed("i", "2014-02-01", party)]);
    }
    given.record(&[withdrew("2021-03-31", "b", &["a", "c"])]);
    assert!(x(&given, "2021-06-01").one_party_since_on.is_none());
    let found = lines(&given, "2021-06-01");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("Of two: one party is left at most"));
    let since = instrument(&given, "i", "2021-06-01").one_party_since_on;
    assert_eq!(since.unwrap().month, 3);
}

#[test]
fn bodies_that_become_one_leave_an_agreement_with_itself() {
    let mut given = agreed(&["a", "b"]);
    given.record(&[event(
        "bodies/b",
        "2023-04-01",
        "bodySucceeded",
        json!({ "successorId": "a" }),
    )]);
    let found = lines(&given, "2023-06-01");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("one body, a"), "{found:?}");
    let since = instrument(&given, "i", "2023-06-01").one_party_since_on;
    assert_eq!(since.unwrap().year, 2023);
}

#[test]
fn a_party_that_had_left_is_remarked_on_in_a_later_variation() {
    let mut given = agreed(&["a", "b", "c"]);
    given.record(&[withdrew("2021-03-31", "c", &["a", "b"])]);
    given.record(&[varied("2021-03-31", &["a", "b", "c"])]);
    given.record(&[varied("2022-05-01", &["a", "b", "c"])]);
    let renewed = json!({ "instrumentId": "i", "expiresOn": date("2030-03-31"),
        "agreedByIds": ["a", "b", "c"] });
    given.record(&[on_x("2022-05-01", "instrumentRenewed", renewed)]);
    let shown = instrument(&given, "i", "2022-06-01");
    assert!(shown.versions[1].remarks.is_empty(), "it left on that day");
    assert_eq!(shown.versions[2].remarks, ["c had left on 2021-03-31"]);
    assert_eq!(shown.renewals[0].remarks, ["c had left on 2021-03-31"]);
}
