//! Instruments as papers state them: signatures for others, replacement, the services
//! that they cover, hosts, and publication.

use minutebook::views;
use minutebook::wire::proto::{
    DateIs, InstrumentKind, PublicationExtent, Standing, WithheldExtent,
};
use serde_json::{Value, json};

use super::{
    agree, body, councils, drafted, forces, ids, instrument, provisions, refusal, view, x,
};
use crate::given::{Given, date, event, judged, on_x};

const ALL: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];

fn refs(service: &minutebook::wire::proto::ServiceView) -> Vec<(&str, &str)> {
    let named = service.instruments_in_force.iter();
    named.map(|i| (&*i.subject, &*i.instrument_id)).collect()
}

#[test]
fn a_service_names_the_instrument_in_force_that_covers_it() {
    let mut given = forces(&["a", "b"], "2011");
    let kind = "SECTION_22A_AGREEMENT";
    let terms = json!({ "provisions": provisions(&["a", "b"]) });
    agree(&mut given, "i", "2011", kind, terms, &ALL);
    let service = |id: &str, instrument: &str| {
        let payload = json!({ "serviceId": id, "name": id, "instrumentId": instrument });
        on_x("2011", "serviceAdded", payload)
    };
    given.record(&[service("s", ""), service("t", "i"), service("u", "")]);
    let drafted = json!({ "instrumentId": "j", "title": "J", "kind": "INSTRUMENT_KIND_OTHER",
        "serviceIds": ["s", "t"] });
    given.record(&[on_x("2012", "instrumentDrafted", drafted)]);
    let covering = |given: &Given, day: &str, id: &str| {
        let services = x(given, day).services;
        let mut of = services
            .iter()
            .filter(|s| s.service.as_ref().unwrap().service_id == id);
        let service = of.next().expect("the service");
        let found: Vec<String> = refs(service)
            .iter()
            .map(|(_, id)| (*id).to_owned())
            .collect();
        (service.instrument_id.clone(), found)
    };
    let none = Vec::<String>::new();
    assert_eq!(
        covering(&given, "2011-12-31", "s"),
        (String::new(), vec!["i".into()]),
        "the only agreement under section 22A"
    );
    assert_eq!(
        covering(&given, "2011-12-31", "t"),
        ("i".into(), vec!["i".into()])
    );
    for party in ALL {
        given.record(&[super::signed("j", "2012", party)]);
    }
    let superseded = json!({ "instrumentId": "i", "byInstrumentId": "j" });
    given.record(&[on_x("2012", "instrumentSuperseded", superseded)]);
    assert_eq!(
        covering(&given, "2012-01-01", "s"),
        (String::new(), vec!["j".into()])
    );
    assert_eq!(
        covering(&given, "2012-01-01", "t"),
        ("i".into(), vec!["j".into()])
    );
    assert_eq!(covering(&given, "2012-01-01", "u"), (String::new(), none));
    // A service that was recorded first names its instrument later.
    let named = |id: &str| {
        let payload = json!({ "serviceId": "u", "instrumentId": id });
        on_x("2013", "serviceInstrumentNamed", payload)
    };
    judged(&given, &[("unknown", named("k"), &["UNKNOWN_INSTRUMENT"])]);
    given.record(&[named("i")]);
    let u = x(&given, "2013-01-01").services.pop().unwrap();
    assert_eq!(u.named_instrument_id, "i");
    assert_eq!(
        refs(&u),
        [("collaborations/x", "j")],
        "through supersession"
    );
}

#[test]
fn an_instrument_is_replaced_by_several_of_other_subjects() {
    let mut given = councils(&["a", "b"], "2011");
    agree(&mut given, "old", "2011", "OTHER", json!({}), &["a", "b"]);
    let service = json!({ "serviceId": "s", "name": "S", "instrumentId": "old" });
    given.record(&[on_x("2011", "serviceAdded", service)]);
    let y = |on: &str, kind: &str, payload: Value| event("collaborations/y", on, kind, payload);
    given.record(&[
        y(
            "2012",
            "collaborationEstablished",
            json!({ "name": "Y", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["a", "b"] }),
        ),
        y(
            "2012",
            "instrumentDrafted",
            json!({ "instrumentId": "new", "title": "New", "kind": "INSTRUMENT_KIND_OTHER" }),
        ),
    ]);
    for party in ["a", "b"] {
        let payload = json!({ "instrumentId": "new", "bodyId": party });
        given.record(&[y("2012", "agreementSigned", payload)]);
    }
    agree(&mut given, "own", "2012", "OTHER", json!({}), &["a", "b"]);
    let superseded = |by: Value| {
        let payload = json!({ "instrumentId": "old", "by": by });
        on_x("2013", "instrumentSuperseded", payload)
    };
    let of = |subject: &str, id: &str| json!({ "subject": subject, "instrumentId": id });
    judged(
        &given,
        &[
            (
                "itself",
                superseded(json!([of("collaborations/x", "old")])),
                &["SELF_REFERENCE"],
            ),
            (
                "unknown",
                superseded(json!([of("collaborations/y", "old")])),
                &["UNKNOWN_INSTRUMENT"],
            ),
            (
                "no subject",
                superseded(json!([of("collaborations/z", "old")])),
                &["UNKNOWN_INSTRUMENT"],
            ),
        ],
    );
    let both = json!([of("collaborations/y", "new"), of("collaborations/x", "own")]);
    given.record(&[superseded(both)]);
    let shown = instrument(&given, "old", "2013-01-01");
    assert_eq!(shown.standing(), Standing::Superseded);
    let by: Vec<_> = shown
        .superseded_by
        .iter()
        .map(|by| (&*by.subject, &*by.instrument_id))
        .collect();
    assert_eq!(
        by,
        [("collaborations/y", "new"), ("collaborations/x", "own")]
    );
    let services = x(&given, "2013-01-01").services;
    assert_eq!(
        refs(&services[0]),
        [("collaborations/x", "own"), ("collaborations/y", "new")]
    );
}

#[test]
fn parties_sign_by_delegation_and_several_at_once_on_a_day_that_is_not_known() {
    let mut given = councils(&["a", "b", "c"], "2014");
    given.record(&[drafted("m", "2014-06", "SECTION_113_AGREEMENT", json!({}))]);
    let payload = json!({ "instrumentId": "m", "bodyId": "a", "alsoBodyIds": ["b", "c"],
        "onBehalfBy": { "bodyId": "other", "office": "Monitoring Officer" } });
    let mut all_signed = on_x("2015-03", "agreementSigned", payload);
    all_signed["effectiveOnIs"] = "DATE_IS_BY".into();
    given.record(&[all_signed.clone()]);
    let shown = instrument(&given, "m", "2015-04-01");
    assert_eq!(shown.standing(), Standing::InForce);
    assert_eq!(shown.in_force_on_is(), DateIs::By);
    assert_eq!(shown.signatures.len(), 3);
    for signature in &shown.signatures {
        assert_eq!(signature.signed_on_is(), DateIs::By);
        assert_eq!(signature.signed_on.as_ref().unwrap().month, 3);
        let by = signature.on_behalf_by.as_ref().unwrap();
        assert_eq!(by.office, "Monitoring Officer");
    }
    assert_eq!(
        x(&given, "2015-04-01").inexact_dates[0].effective_on_is(),
        DateIs::By
    );
    judged(
        &given,
        &[(
            "one of them again",
            super::signed("m", "2016", "c"),
            &["ALREADY_SIGNED"],
        )],
    );
    // Each signature may need its own approval where rules are in force.
    let mut ruled = councils(&["a", "b", "c"], "2014");
    let rules = json!({ "ruleSetId": "r", "rules": [
        { "ruleId": "any", "title": "Any", "requirement": { "everyParty": {} } }] });
    ruled.record(&[on_x("2014-02", "approvalRulesAdopted", rules)]);
    ruled.record(&[drafted("m", "2014-06", "SECTION_113_AGREEMENT", json!({}))]);
    let faults = ruled.faults(&[all_signed]);
    assert!(
        faults.contains(&(
            "0:agreement_signed.also_body_ids".into(),
            "SIGNATURES_ONE_BY_ONE"
        )),
        "{faults:?}"
    );
}

#[test]
fn who_must_sign_may_be_unknown() {
    let mut given = councils(&["a", "b"], "2014");
    let payload = json!({ "instrumentId": "m", "title": "M", "signatoriesUnknown": true,
        "kind": "INSTRUMENT_KIND_CONTRACT", "legalBasis": "Concordat of 1998, art. 4" });
    given.record(&[on_x("2014-06", "instrumentDrafted", payload)]);
    let standing = |given: &Given| instrument(given, "m", "2015-01-01").standing();
    assert_eq!(standing(&given), Standing::AwaitingSignature);
    given.record(&[super::signed("m", "2014-07", "other")]);
    assert_eq!(standing(&given), Standing::InForce);
    let shown = instrument(&given, "m", "2015-01-01");
    assert!(shown.signatories_unknown);
    assert_eq!(shown.legal_basis, "Concordat of 1998, art. 4");
    assert_eq!(shown.kind(), InstrumentKind::Contract);
}

#[test]
fn each_maker_publishes_an_agreement_or_the_fact_of_it() {
    let mut given = forces(&["a", "b"], "2011");
    let terms = json!({ "provisions": provisions(&["a", "b"]) });
    agree(
        &mut given,
        "s22a",
        "2011",
        "SECTION_22A_AGREEMENT",
        terms,
        &ALL,
    );
    let raw = on_x(
        "2013-10",
        "decisionWithheld",
        json!({ "decisionId": "s22a", "ground": "Operational" }),
    );
    judged(
        &given,
        &[("it is no decision", raw.clone(), &["NOT_A_DECISION"])],
    );
    assert!(refusal(&given, &raw).contains("instrument_withheld"));
    let by = |kind: &str, body: &str, extra: Value| {
        let mut payload = json!({ "instrumentId": "s22a" });
        let fields = payload.as_object_mut().unwrap();
        fields.extend(extra.as_object().unwrap().clone());
        let mut event = on_x("2013-10", kind, payload);
        event["actedBy"] = json!({ "bodyId": body });
        event
    };
    let whole = json!({ "extent": "PUBLICATION_EXTENT_WHOLE",
        "document": { "uri": "https://example.org/s22a.pdf" } });
    let fact = json!({ "extent": "PUBLICATION_EXTENT_FACT_ONLY" });
    let text = json!({ "extent": "WITHHELD_EXTENT_TEXT", "ground": "Operational" });
    judged(
        &given,
        &[(
            "by no maker",
            by("instrumentPublished", "k-pcc", whole.clone()),
            &["NOT_A_SIGNATORY"],
        )],
    );
    given.record(&[
        by("instrumentPublished", "a-pcc", whole),
        by("instrumentWithheld", "b-pcc", text.clone()),
        by("instrumentPublished", "b-pcc", fact),
        by("instrumentWithheld", "b-cc", text),
    ]);
    let shown = instrument(&given, "s22a", "2014-01-01");
    let line = |id: &str| {
        let mut lines = shown.publications.iter();
        lines
            .find(|line| line.body.as_ref().unwrap().body_id == id)
            .unwrap()
    };
    assert_eq!(shown.publications.len(), 4);
    assert_eq!(line("a-pcc").published(), PublicationExtent::Whole);
    assert_eq!(
        line("a-pcc").document.as_ref().unwrap().uri,
        "https://example.org/s22a.pdf"
    );
    assert_eq!(line("b-pcc").published(), PublicationExtent::FactOnly);
    assert_eq!(line("b-pcc").withheld(), WithheldExtent::Text);
    assert_eq!(line("b-pcc").ground, "Operational");
    let missing = shown.publications.iter().filter(|line| line.is_missing);
    let missing: Vec<_> = missing
        .map(|l| &*l.body.as_ref().unwrap().body_id)
        .collect();
    assert_eq!(missing, ["a-cc", "b-cc"], "withheld is not published");
    // Once the whole is published it is withheld no more, and no less is published.
    let dated = |on: &str, body: &str, extent: &str| {
        let extent = json!({ "extent": format!("PUBLICATION_EXTENT_{extent}") });
        let mut event = by("instrumentPublished", body, extent);
        event["effectiveOn"] = crate::given::date(on);
        event
    };
    given.record(&[dated("2014-02-01", "b-pcc", "WHOLE")]);
    let shown = instrument(&given, "s22a", "2014-02-01");
    let mut lines = shown.publications.iter();
    let line = lines.find(|line| line.body.as_ref().unwrap().body_id == "b-pcc");
    let line = line.expect("its line");
    assert_eq!(line.published(), PublicationExtent::Whole);
    assert_eq!(line.withheld(), WithheldExtent::Unspecified);
    assert_eq!(line.ground, "");
    judged(
        &given,
        &[
            (
                "less",
                dated("2014-03-01", "b-pcc", "FACT_ONLY"),
                &["ALREADY_SO"],
            ),
            (
                "a part",
                dated("2014-03-01", "b-pcc", "PART"),
                &["ALREADY_SO"],
            ),
            ("before", dated("2014-01-01", "b-pcc", "PART"), &[]),
            ("of another", dated("2014-03-01", "b-cc", "FACT_ONLY"), &[]),
        ],
    );
}

#[test]
fn a_body_that_is_no_party_hosts() {
    let mut given = councils(&["a", "b"], "2014");
    let service = json!({ "serviceId": "s", "name": "S", "hostId": "company" });
    given.record(&[on_x("2014", "serviceAdded", service)]);
    given.record(&[on_x("2015", "hostAppointed", json!({ "bodyId": "other" }))]);
    let moved = json!({ "bodyId": "a", "serviceId": "s" });
    given.record(&[on_x("2016", "hostAppointed", moved)]);
    let hosts = |day: &str| {
        let shown = x(&given, day);
        let whole = shown.host.map(|host| host.body_id);
        (whole, shown.services[0].host.clone().unwrap().body_id)
    };
    assert_eq!(hosts("2014-06-01"), (None, "company".into()));
    assert_eq!(
        hosts("2015-06-01"),
        (Some("other".into()), "company".into())
    );
    assert_eq!(hosts("2016-06-01"), (Some("other".into()), "a".into()));
    let hosted = |id: &str, day: &str| {
        let body = views::body::get(&view(&given, day, u64::MAX), &id.parse().unwrap());
        let hosted = body.unwrap().hosts.into_iter();
        hosted
            .map(|h| h.service.map(|s| s.service_id))
            .collect::<Vec<_>>()
    };
    assert_eq!(hosted("company", "2015-06-01"), [Some("s".to_owned())]);
    assert!(hosted("company", "2016-06-01").is_empty());
    assert_eq!(hosted("a", "2016-06-01"), [Some("s".to_owned())]);
    assert_eq!(hosted("other", "2016-06-01"), [None]);
    judged(
        &given,
        &[(
            "unknown",
            on_x("2016", "hostAppointed", json!({ "bodyId": "nobody" })),
            &["UNKNOWN_BODY"],
        )],
    );
}

#[test]
fn a_date_that_is_about_by_or_from_is_printed_so() {
    let mut given = councils(&["a", "b"], "2014");
    given.record(&[body("c", "COUNCIL")]);
    let mut joined = on_x("2015", "partyJoined", json!({ "bodyId": "c" }));
    joined["effectiveOnIs"] = "DATE_IS_ABOUT".into();
    given.record(&[joined]);
    let parties = x(&given, "2016-01-01").parties;
    let party = parties
        .iter()
        .find(|p| p.body.as_ref().unwrap().body_id == "c")
        .unwrap();
    assert_eq!(party.joined_on_is(), DateIs::About);
    assert_eq!(ids(&[party.body.clone().unwrap()]), ["c"]);
    let report = minutebook::present::reports::collaboration::in_full(&x(&given, "2016-01-01"));
    let layout = minutebook::present::table::Layout::plain(200);
    let table = minutebook::present::table::render(&report, layout);
    assert!(table.contains("about 2015"), "{table}");
    let _ = date("2015");
}
