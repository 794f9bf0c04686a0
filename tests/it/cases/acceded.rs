//! Bodies that joined by an agreement: who has signed, who agreed, and what the views of the
//! body and the collaboration say.

use minutebook::views;
use minutebook::views::attention::{Asker, list as attention};
use minutebook::wire::proto::{AttentionKind, BodyView, DateIs};
use serde_json::{Value, json};

use super::{
    agree, at, body, councils, drafted, ids, instrument, joined, refusal, signed, withdrew, x,
};
use crate::given::{Given, date, event, on_x};

/// A and B under an agreement that C joined in 2016.
fn acceded() -> Given {
    let mut given = councils(&["a", "b"], "2014");
    given.record(&[body("c", "COUNCIL")]);
    agree(&mut given, "i", "2014", "OTHER", json!({}), &["a", "b"]);
    given.record(&[joined("2016-11-10", "c", &["a", "b"])]);
    given
}

fn body_on(given: &Given, id: &str, day: &str) -> BodyView {
    views::body::get(&at(given, day), &id.parse().unwrap()).expect("the body")
}

fn awaited(given: &Given, day: &str) -> Vec<String> {
    let lines = attention(&at(given, day), &Asker::default(), day.parse().unwrap());
    let lines = lines.into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::AwaitsSignature);
    let who = lines.flat_map(|line| line.awaited);
    let who = who.map(|one| one.who.unwrap().body.unwrap().body_id);
    who.collect()
}

#[test]
fn a_body_that_joined_and_has_not_signed_is_awaited() {
    let mut given = acceded();
    let shown = body_on(&given, "c", "2017-01-01");
    assert!(shown.signed_instruments.is_empty(), "it signed nothing");
    assert_eq!(shown.awaited_signatures[0].instrument_id, "i");
    assert_eq!(awaited(&given, "2017-01-01"), ["c"]);
    assert!(instrument(&given, "i", "2017-01-01").accessions[0].signature_awaited);
    given.record(&[signed("i", "2017-02-01", "c")]);
    let shown = body_on(&given, "c", "2017-02-01");
    assert_eq!(shown.signed_instruments[0].signed_on.unwrap().month, 2);
    assert!(shown.awaited_signatures.is_empty());
    assert!(awaited(&given, "2017-02-01").is_empty());
}

#[test]
fn nothing_is_awaited_of_a_body_that_agreed_to_a_variation_or_has_left() {
    let mut given = acceded();
    let mut left = given.clone();
    let variation = json!({ "instrumentId": "i", "agreedByIds": ["a", "b", "c"], "summary": "V" });
    given.record(&[on_x(
        "2016-11-10",
        "instrumentVaried",
        json!({ "variation": variation }),
    )]);
    assert!(awaited(&given, "2017-01-01").is_empty());
    assert_eq!(
        body_on(&given, "c", "2017-01-01").signed_instruments.len(),
        1
    );
    left.record(&[withdrew("2018-04-01", "c", &["a", "b"])]);
    assert!(awaited(&left, "2018-04-01").is_empty());
    assert!(
        body_on(&left, "c", "2018-04-01")
            .awaited_signatures
            .is_empty()
    );
}

#[test]
fn a_deed_of_accession_may_be_an_instrument_of_its_own() {
    let mut given = councils(&["a", "b"], "2014");
    given.record(&[body("c", "COUNCIL")]);
    agree(&mut given, "i", "2014", "OTHER", json!({}), &["a", "b"]);
    let deed = json!({ "instrumentId": "deed", "title": "Deed of accession",
        "partyIds": ["a", "b", "c"], "kind": "INSTRUMENT_KIND_ACCESSION_DEED" });
    given.record(&[on_x("2016-10-20", "instrumentDrafted", deed)]);
    for party in ["a", "b", "c"] {
        given.record(&[signed("deed", "2016-11-01", party)]);
    }
    given.record(&[joined("2016-11-10", "c", &[])]);
    let shown = instrument(&given, "i", "2017-01-01");
    let accession = &shown.accessions[0];
    assert_eq!(accession.signed_on.unwrap().month, 11);
    assert!(!accession.signature_awaited);
    assert_eq!(
        ids(&accession.agreed_by),
        ["a", "b"],
        "they signed the deed"
    );
    assert!(accession.awaited.is_empty());
    let mut signatures = shown.signatures.iter();
    let of_c = signatures.find(|s| s.body.as_ref().unwrap().body_id == "c");
    assert_eq!(of_c.unwrap().signed_on, accession.signed_on);
    assert!(awaited(&given, "2017-01-01").is_empty());
    let of_body = body_on(&given, "c", "2017-01-01").signed_instruments;
    assert!(of_body.iter().all(|one| one.signed_on.is_some()) && of_body.len() == 2);
}

/// A police authority and its commissioner, with and without the entries that say by hand
/// that the one joined and the other left.
fn followed(by_hand: bool) -> Given {
    let mut given = councils(&["pa", "b"], "2011");
    agree(&mut given, "i", "2011", "OTHER", json!({}), &["pa", "b"]);
    given.record(&[
        body("pcc", "COUNCIL"),
        event(
            "bodies/pa",
            "2012-11-22",
            "bodySucceeded",
            json!({ "successorId": "pcc" }),
        ),
    ]);
    if by_hand {
        given.record(&[
            joined("2012-11-22", "pcc", &[]),
            on_x(
                "2012-11-22",
                "partyWithdrew",
                json!({ "bodyId": "pa", "reason": "Followed" }),
            ),
        ]);
    }
    given
}

#[test]
fn an_heir_that_says_by_hand_that_it_joined_is_shown_as_without_that() {
    let (hand, alone) = (followed(true), followed(false));
    let (by_hand, without) = (
        body_on(&hand, "pcc", "2013-01-01"),
        body_on(&alone, "pcc", "2013-01-01"),
    );
    let signed = &by_hand.signed_instruments[0];
    assert_eq!(signed.signed_on.unwrap().year, 2011);
    assert_eq!(signed.in_place_of.as_ref().unwrap().body_id, "pa");
    assert_eq!(by_hand.signed_instruments, without.signed_instruments);
    assert_eq!(by_hand.party_to, without.party_to);
    assert_eq!(by_hand.awaited_signatures, without.awaited_signatures);
    let (by_hand, without) = (x(&hand, "2013-01-01"), x(&alone, "2013-01-01"));
    assert_eq!(by_hand.parties, without.parties);
    assert_eq!(by_hand.former_parties, without.former_parties);
    assert_eq!(by_hand.instruments, without.instruments);
    assert!(awaited(&hand, "2013-01-01").is_empty());
}

#[test]
fn a_later_accession_has_no_signature_in_the_time_before_it() {
    let mut given = councils(&["a", "b"], "2015-04-01");
    given.record(&[body("c", "COUNCIL")]);
    let terms = json!({ "commencesOn": date("2015-04-01") });
    given.record(&[drafted("i", "2015-06-01", "OTHER", terms)]);
    given.record(&[
        signed("i", "2015-09-30", "a"),
        signed("i", "2015-09-30", "b"),
    ]);
    given.record(&[joined("2023-11-01", "c", &["a", "b"])]);
    given.record(&[signed("i", "2023-11-05", "c")]);
    let of = |day| -> Vec<String> {
        let signatures = instrument(&given, "i", day).signatures.into_iter();
        signatures.map(|s| s.body.unwrap().body_id).collect()
    };
    assert_eq!(of("2015-05-01"), ["a", "b"], "signed later, and bound then");
    assert_eq!(of("2016-06-01"), ["a", "b"]);
    assert_eq!(
        of("2023-11-02"),
        ["a", "b", "c"],
        "bound, and its signature is later"
    );
}

#[test]
fn those_that_agreed_to_an_accession_are_those_of_its_day() {
    let mut given = councils(&["pcc", "b"], "2014");
    given.record(&[body("c", "COUNCIL")]);
    agree(&mut given, "i", "2014", "OTHER", json!({}), &["pcc", "b"]);
    given.record(&[joined("2015-04-01", "c", &[])]);
    let varied = |on: &str, agreed_by: &[&str]| {
        let variation = json!({ "instrumentId": "i", "agreedByIds": agreed_by, "summary": "V" });
        on_x(on, "instrumentVaried", json!({ "variation": variation }))
    };
    given.record(&[varied("2015-04-01", &["pcc", "b"])]);
    let payload = json!({ "name": "ca", "kind": "BODY_KIND_COUNCIL" });
    given.record(&[
        event("bodies/ca", "2021-04-01", "bodyRegistered", payload),
        event(
            "bodies/pcc",
            "2021-05-10",
            "bodySucceeded",
            json!({ "successorId": "ca" }),
        ),
    ]);
    given.record(&[varied("2022-04-01", &["ca", "b", "c"])]);
    let accession = &instrument(&given, "i", "2025-01-01").accessions[0];
    assert_eq!(ids(&accession.agreed_by), ["b", "pcc"]);
    assert!(accession.awaited.is_empty());
}

#[test]
fn an_heir_agrees_later_to_an_accession_in_place_of_the_body_before_it() {
    let mut given = councils(&["pcc", "b"], "2014");
    given.record(&[body("c", "COUNCIL"), body("ca", "COUNCIL")]);
    agree(&mut given, "i", "2014", "OTHER", json!({}), &["pcc", "b"]);
    given.record(&[joined("2015-04-01", "c", &["b"])]);
    given.record(&[event(
        "bodies/pcc",
        "2021-05-10",
        "bodySucceeded",
        json!({ "successorId": "ca" }),
    )]);
    let awaited = |given: &Given, day| {
        let accession = instrument(given, "i", day).accessions.remove(0);
        let ids = |bodies| {
            ids(bodies)
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        (ids(&accession.agreed_by), ids(&accession.awaited))
    };
    assert_eq!(awaited(&given, "2020-01-01").1, ["pcc"]);
    assert_eq!(awaited(&given, "2021-06-01").1, ["ca"]);
    let variation = json!({ "instrumentId": "i", "agreedByIds": ["ca", "b", "c"], "summary": "V" });
    given.record(&[on_x(
        "2022-04-01",
        "instrumentVaried",
        json!({ "variation": variation }),
    )]);
    let (agreed, open) = awaited(&given, "2022-05-01");
    assert_eq!(agreed, ["b", "ca"]);
    assert!(open.is_empty());
}

#[test]
fn a_signature_within_the_month_of_the_commencement_is_in_force_from_its_day() {
    let mut given = councils(&["a", "b"], "2014");
    let terms = json!({ "commencesOn": date("2016-06-01") });
    given.record(&[drafted("i", "2016-05-01", "OTHER", terms)]);
    for party in ["a", "b"] {
        let mut about = signed("i", "2016-06", party);
        about["effectiveOnIs"] = "DATE_IS_ABOUT".into();
        given.record(&[about]);
    }
    let shown = instrument(&given, "i", "2016-07-01");
    let from = shown.in_force_on.unwrap();
    assert_eq!((from.year, from.month, from.day), (2016, 6, 1));
    assert_eq!(shown.in_force_on_is(), DateIs::Unspecified);
    assert!(!shown.is_retrospective);
}

#[test]
fn the_days_of_a_body_are_printed_as_they_are_known() {
    let mut given = councils(&["a", "b"], "2010");
    given.record(&[drafted("i", "2010", "OTHER", json!({}))]);
    for party in ["a", "b"] {
        let mut by = signed("i", "2012-03", party);
        by["effectiveOnIs"] = "DATE_IS_BY".into();
        given.record(&[by]);
    }
    let mut hosts = on_x("2010", "hostAppointed", json!({ "bodyId": "a" }));
    hosts["effectiveOnIs"] = "DATE_IS_BY".into();
    given.record(&[hosts]);
    let shown = body_on(&given, "a", "2013-01-01");
    assert_eq!(shown.signed_instruments[0].signed_on_is(), DateIs::By);
    assert_eq!(shown.hosts[0].since_on_is(), DateIs::By);
    let report = minutebook::present::reports::bodies::in_full(&shown);
    let layout = minutebook::present::table::Layout::plain(200);
    let table = minutebook::present::table::render(&report, layout);
    assert!(
        table.contains("by 2012-03") && table.contains("by 2010"),
        "{table}"
    );
}

#[test]
fn a_service_without_an_instrument_rests_on_the_only_section_22a_agreement() {
    let parties = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let mut given = super::forces(&["a", "b"], "2011");
    let terms = json!({ "provisions": super::provisions(&["a", "b"]) });
    let service =
        |id: &str, on: &str| on_x(on, "serviceAdded", json!({ "serviceId": id, "name": id }));
    given.record(&[service("s", "2011")]);
    let covered = |given: &Given, day| -> Vec<String> {
        let service = x(given, day).services.remove(0);
        let named = service.instruments_in_force.into_iter();
        named.map(|one| one.instrument_id).collect()
    };
    assert!(covered(&given, "2011-06-01").is_empty());
    let kind = "SECTION_22A_AGREEMENT";
    agree(&mut given, "i", "2012", kind, terms.clone(), &parties);
    assert_eq!(covered(&given, "2012-06-01"), ["i"]);
    // With two, nobody knows which.
    agree(&mut given, "j", "2013", kind, terms, &parties);
    assert!(covered(&given, "2013-06-01").is_empty());
    // A service that is older than the instrument that it names says so later.
    let mut older = service("t", "2011-06-01");
    older["serviceAdded"]["instrumentId"] = "i".into();
    let text = refusal(&given, &older);
    assert!(text.contains("service_instrument_named"), "{text}");
}

#[test]
fn a_provision_that_lacks_a_body_twice_names_it_once() {
    let parties = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let mut given = super::forces(&["a", "b"], "2011");
    let provision = |provision: Value| json!({ "provisions": [provision] });
    let both = provision(json!({ "kind": "PROVISION_KIND_POLICING_BODY_AND_FORCE",
        "policingBodyIds": ["k-pcc"], "forces": ["k"] }));
    let terms = provision(json!({ "kind": "PROVISION_KIND_FORCE", "forces": ["a", "b"] }));
    agree(
        &mut given,
        "i",
        "2011",
        "SECTION_22A_AGREEMENT",
        terms,
        &parties,
    );
    let text = refusal(&given, &drafted("j", "2012", "SECTION_22A_AGREEMENT", both));
    assert_eq!(text.matches("k-pcc").count(), 1, "{text}");
}

#[test]
fn an_accession_found_late_without_the_departure_says_that_both_go_together() {
    let mut given = councils(&["a", "b"], "2010-04-01");
    given.record(&[body("c", "COUNCIL")]);
    let terms = json!({ "expiresOn": date("2022-03-31") });
    agree(&mut given, "i", "2010-04-01", "OTHER", terms, &["a", "b"]);
    let renewed = json!({ "instrumentId": "i", "expiresOn": date("2027-03-31"),
        "agreedByIds": ["a", "b"] });
    given.record(&[on_x("2022-03-01", "instrumentRenewed", renewed)]);
    let joins = joined("2018-04-01", "c", &["a", "b"]);
    let text = refusal(&given, &joins);
    assert!(text.contains("record both in one request"), "{text}");
    given.record(&[joins, withdrew("2020-04-01", "c", &["a", "b"])]);
}
