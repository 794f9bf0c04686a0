//! A body that left and joins again, and one that was a party for a part of a year.

use minutebook::views;
use serde_json::{Value, json};

use super::{agree, at, councils, ids, instrument, signed, x};
use crate::given::{Given, date, event, judged, on_x};

/// P, Q and R under an agreement; Q is in the service s, and left in 2017.
fn left() -> Given {
    let mut given = councils(&["p", "q", "r"], "2014-01-01");
    let terms = json!({ "noticeAsPartyMonths": 12 });
    agree(
        &mut given,
        "i",
        "2014-01-01",
        "INTER_AUTHORITY_AGREEMENT",
        terms,
        &["p", "q", "r"],
    );
    given.record(&[
        on_x(
            "2014-01-01",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "S", "partyIds": ["p", "q"] }),
        ),
        on_x(
            "2014-01-01",
            "serviceAdded",
            json!({ "serviceId": "all", "name": "All" }),
        ),
        on_x(
            "2016-04-01",
            "noticeGiven",
            json!({ "noticeId": "n", "bodyId": "q", "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": date("2017-04-01") }),
        ),
        on_x(
            "2017-04-01",
            "partyWithdrew",
            json!({ "bodyId": "q", "noticeId": "n" }),
        ),
    ]);
    given
}

fn back(services: &[&str]) -> Value {
    let mut payload = json!({ "bodyId": "q", "instrumentId": "i", "agreedByIds": ["p", "r"] });
    if !services.is_empty() {
        payload["serviceIds"] = json!(services);
    }
    on_x("2018-04-01", "partyJoined", payload)
}

#[test]
fn a_party_that_joins_again_has_two_spells_and_signs_again() {
    let mut given = left();
    judged(
        &given,
        &[(
            "while it is out",
            signed("i", "2017-06-01", "q"),
            &["ALREADY_SIGNED"],
        )],
    );
    given.record(&[back(&[])]);
    let before = instrument(&given, "i", "2018-05-01");
    assert!(
        before.accessions[0].signed_on.is_none(),
        "its old signature is not the new one"
    );
    given.record(&[signed("i", "2018-04-01", "q")]);
    judged(
        &given,
        &[
            (
                "a third time",
                signed("i", "2018-05-01", "q"),
                &["ALREADY_SIGNED"],
            ),
            (
                "another",
                signed("i", "2018-05-01", "p"),
                &["ALREADY_SIGNED"],
            ),
        ],
    );
    let parties = x(&given, "2018-05-01").parties;
    let q = parties
        .iter()
        .find(|p| p.body.as_ref().unwrap().body_id == "q")
        .unwrap();
    assert_eq!(q.joined_on.as_ref().unwrap().year, 2018);
    assert!(q.left_on.is_none());
    assert_eq!(q.earlier.len(), 1);
    let (joined, left) = (
        q.earlier[0].joined_on.unwrap(),
        q.earlier[0].left_on.unwrap(),
    );
    assert_eq!((joined.year, left.year), (2014, 2017));
    let body = views::body::get(&at(&given, "2018-05-01"), &"q".parse().unwrap()).unwrap();
    assert_eq!(body.party_to.len(), 1);
    assert_eq!(body.party_to[0].earlier, q.earlier);
    let shown = instrument(&given, "i", "2018-05-01");
    assert_eq!(
        shown.in_force_on.unwrap().year,
        2014,
        "it was in force all the time"
    );
    let of_q = shown
        .signatures
        .iter()
        .find(|s| s.body.as_ref().unwrap().body_id == "q")
        .unwrap();
    assert_eq!(of_q.signed_on.as_ref().unwrap().year, 2014);
    assert_eq!(of_q.signed_again_on[0].year, 2018);
    assert_eq!(of_q.acceded_on.as_ref().unwrap().year, 2018);
    assert_eq!(shown.accessions[0].signed_on.as_ref().unwrap().year, 2018);
    // On a day before it came back, it has left.
    let former = x(&given, "2018-03-31").former_parties;
    assert_eq!(former[0].left_on.as_ref().unwrap().year, 2017);
    assert!(former[0].earlier.is_empty());
}

fn services(given: &Given, id: &str) -> Vec<String> {
    let services = x(given, "2018-05-01").services.into_iter();
    let service = services
        .into_iter()
        .find(|s| s.service.as_ref().unwrap().service_id == id);
    ids(&service.unwrap().parties)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn it_is_back_in_the_services_that_its_accession_names() {
    let mut given = left();
    given.record(&[back(&[])]);
    assert_eq!(services(&given, "s"), ["p"], "s names its parties");
    assert_eq!(services(&given, "all"), ["p", "q", "r"]);
    given.record(&[on_x(
        "2018-04-02",
        "servicePartiesChanged",
        json!({ "serviceId": "s", "joinedIds": ["q"] }),
    )]);
    assert_eq!(services(&given, "s"), ["p", "q"]);

    let mut given = left();
    given.record(&[back(&["s"])]);
    assert_eq!(services(&given, "s"), ["p", "q"]);
    assert_eq!(services(&given, "all"), ["p", "r"]);
    judged(
        &left(),
        &[("no such service", back(&["none"]), &["UNKNOWN_SERVICE"])],
    );
}

#[test]
fn a_body_that_ended_within_a_year_contributes_for_the_part_that_it_lived() {
    let mut given = councils(&["p", "ccg"], "2014-01-01");
    let icb = json!({ "name": "ICB", "kind": "BODY_KIND_HEALTH" });
    given.record(&[
        on_x(
            "2014-01-01",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "S" }),
        ),
        event("bodies/icb", "2022-07-01", "bodyRegistered", icb),
        event(
            "bodies/ccg",
            "2022-07-01",
            "bodySucceeded",
            json!({ "successorId": "icb" }),
        ),
    ]);
    let figures = |year: &str, bodies: &[&str]| {
        let paid = bodies
            .iter()
            .map(|body| json!({ "serviceId": "s", "bodyId": body, "amountPence": "15000" }));
        json!({ "figures": { "financialYear": year, "contributions": paid.collect::<Vec<_>>() } })
    };
    let outturn =
        |on: &str, year: &str, bodies: &[&str]| on_x(on, "outturnReported", figures(year, bodies));
    let budget = |on: &str, bodies: &[&str]| on_x(on, "budgetApproved", figures("2022/23", bodies));
    let all = &["p", "ccg", "icb"];
    judged(
        &given,
        &[
            ("of the year", outturn("2023-06-01", "2022/23", all), &[]),
            (
                "of the year before",
                outturn("2023-06-01", "2021/22", &["ccg", "p"]),
                &[],
            ),
            (
                "of the year after",
                outturn("2024-06-01", "2023/24", all),
                &["BODY_SUCCEEDED"],
            ),
            (
                "the heir, of the year before",
                outturn("2022-06-01", "2021/22", all),
                &["BODY_NOT_IN_BEING"],
            ),
            ("restated within the year", budget("2022-09-01", all), &[]),
            ("planned before it", budget("2022-03-01", all), &[]),
            (
                "no party",
                outturn("2023-06-01", "2022/23", &["other"]),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
        ],
    );
    given.record(&[budget("2022-09-01", all)]);
    let pays = |id: &str| {
        let body = views::body::get(&at(&given, "2023-01-01"), &id.parse().unwrap()).unwrap();
        let pays = body.pays.into_iter();
        pays.map(|paid| (paid.in_place_of.is_some(), paid.total_pence))
            .collect::<Vec<_>>()
    };
    assert_eq!(pays("ccg"), [(false, 15_000)]);
    assert_eq!(
        pays("icb"),
        [(false, 15_000)],
        "each for its own part of the year"
    );
}
