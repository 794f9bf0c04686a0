//! The standing of instruments, parties and seats, at the edges.

use minutebook::views;
use minutebook::wire::proto::{BodyView, InstrumentView, Standing};
use serde_json::{Value, json};

use super::{ALL, alliance};
use crate::given::{Given, date, event, on_x};

fn body(given: &Given, id: &str, day: &str) -> BodyView {
    views::body::get(&given.at(day, ALL), &id.parse().unwrap()).unwrap()
}

/// The alliance with a memorandum to commence on 1 June 2014, signed by its one
/// party on 1 March.
fn memorandum() -> Given {
    let mut given = alliance();
    given.record(&[on_x(
        "2014-02-01",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU", "partyIds": ["a-pcc"],
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
                "terms": { "commencesOn": date("2014-06-01") } }),
    )]);
    given.record(&[on_x(
        "2014-03-01",
        "agreementSigned",
        json!({ "instrumentId": "mou", "bodyId": "a-pcc" }),
    )]);
    given
}

fn instrument(given: &Given, day: &str) -> InstrumentView {
    given.x(day).unwrap().instruments.remove(0)
}

#[test]
fn no_day_in_force_before_there_is_one() {
    let mut given = memorandum();
    let signed = instrument(&given, "2014-05-31");
    assert_eq!(signed.standing(), Standing::NotYetCommenced);
    assert_eq!(signed.in_force_on, None);
    assert_eq!(signed.versions[0].effective_on, None);
    assert!(instrument(&given, "2014-06-01").in_force_on.is_some());
    given.record(&[on_x(
        "2014-05-01",
        "instrumentEnded",
        json!({ "instrumentId": "mou", "cause": "END_CAUSE_AGREEMENT" }),
    )]);
    let ended = instrument(&given, "2015-01-01");
    assert_eq!(ended.standing(), Standing::Ended);
    assert_eq!(ended.in_force_on, None, "it ended before it commenced");
}

#[test]
fn an_instrument_that_ran_keeps_the_day_it_came_into_force() {
    let mut given = memorandum();
    given.record(&[on_x(
        "2016",
        "instrumentDrafted",
        json!({ "instrumentId": "new", "title": "New", "partyIds": ["a-pcc"],
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    )]);
    given.record(&[on_x(
        "2016-01-15",
        "agreementSigned",
        json!({ "instrumentId": "new", "bodyId": "a-pcc" }),
    )]);
    given.record(&[on_x(
        "2016-02-01",
        "instrumentSuperseded",
        json!({ "instrumentId": "mou", "byInstrumentId": "new" }),
    )]);
    let instrument_view = instrument(&given, "2016-02-01");
    assert_eq!(instrument_view.standing(), Standing::Superseded);
    assert_eq!(instrument_view.superseded_by_id, "new");
    assert_eq!(
        instrument_view.in_force_on.map(|on| (on.year, on.month)),
        Some((2014, 6))
    );
    assert_eq!(
        instrument_view.ends_on.map(|on| (on.year, on.month)),
        Some((2016, 2))
    );
}

#[test]
fn an_ended_instrument_has_no_parties() {
    let mut given = alliance();
    given.record(&[on_x("2014", "leadAppointed", json!({ "bodyId": "a-cc" }))]);
    given.record(&[on_x(
        "2018-04-01",
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_AGREEMENT",
            "agreedByIds": ["a-pcc", "a-cc", "b-pcc", "b-cc"] }),
    )]);
    let before = body(&given, "a-cc", "2018-03-31");
    assert_eq!(before.summary.as_ref().unwrap().collaboration_count, 1);
    assert!(before.party_to[0].leads);
    assert_eq!(before.party_to[0].leads_services.len(), 1);
    let after = body(&given, "a-cc", "2018-04-01");
    assert_eq!(after.summary.as_ref().unwrap().collaboration_count, 0);
    let was = &after.party_to[0];
    assert_eq!(was.left_on.map(|on| (on.year, on.month)), Some((2018, 4)));
    assert!(!was.leads);
    assert!(was.services.is_empty() && was.leads_services.is_empty());
}

#[test]
fn one_s_own_instruments_are_not_those_of_others() {
    let mut given = alliance();
    let plan = json!({ "instrumentId": "plan", "title": "Plan", "kind": "INSTRUMENT_KIND_PLAN" });
    given.record(&[event(
        "bodies/a-pcc",
        "2014",
        "instrumentDrafted",
        plan.clone(),
    )]);
    given.record(&[on_x("2014", "instrumentDrafted", plan)]);
    let body_view = body(&given, "a-pcc", "2015-01-01");
    assert_eq!(
        body_view.instruments[0].standing(),
        Standing::AwaitingSignature
    );
    let awaited: Vec<_> = body_view
        .awaited_signatures
        .iter()
        .map(|a| &*a.subject)
        .collect();
    assert_eq!(awaited, ["collaborations/x"]);
}

#[test]
fn the_scope_of_a_review_is_no_finding() {
    let mut given = alliance();
    let asked = json!({ "reviewId": "rev", "title": "The review", "scope": "Everything" });
    given.record(&[on_x("2019", "reviewCommissioned", asked)]);
    let found = json!({ "reviewId": "rev", "findings": "All is well" });
    given.record(&[on_x("2020", "reviewPublished", found)]);
    let findings = |day: &str| given.x(day).unwrap().assurance[0].findings.clone();
    assert_eq!(findings("2019-12-31"), "");
    assert_eq!(findings("2020-01-01"), "All is well");
}

fn board(given: &mut Given, members: Value, chair: Value) {
    given.record(&[event(
        "boards/b",
        "2014",
        "boardConstituted",
        json!({ "name": "Board", "powers": ["BOARD_POWER_DECIDES"], "members": members }),
    )]);
    given.record(&[event("boards/b", "2015", "chairAppointed", chair)]);
}

#[test]
fn a_body_that_chairs_through_an_office_has_one_seat() {
    let mut given = alliance();
    let chair = json!({ "bodyId": "a-pcc", "office": "Commissioner" });
    board(&mut given, json!([{ "bodyId": "a-pcc" }]), chair.clone());
    let seats = body(&given, "a-pcc", "2016-01-01").seats;
    assert_eq!(seats.len(), 1);
    assert!(seats[0].chairs);
    // The office that chairs has its own seat, and no other.
    let mut given = alliance();
    let members = json!([{ "bodyId": "a-pcc" }, { "bodyId": "a-pcc", "office": "Commissioner" }]);
    board(&mut given, members, chair);
    let seats = body(&given, "a-pcc", "2016-01-01").seats;
    let chairs: Vec<_> = seats
        .iter()
        .map(|s| (s.office.as_str(), s.chairs))
        .collect();
    assert_eq!(chairs, [("", false), ("Commissioner", true)]);
}

#[test]
fn a_chair_serves_through_the_last_year_and_the_latest_review_date_counts() {
    let mut given = alliance();
    given.record(&[event(
        "boards/c",
        "2014",
        "boardConstituted",
        json!({ "name": "Board", "powers": ["BOARD_POWER_DECIDES"] }),
    )]);
    given.record(&[event(
        "boards/c",
        "2015",
        "chairAppointed",
        json!({ "bodyId": "a-pcc", "untilOn": date("2016") }),
    )]);
    let chair = |day: &str| {
        let board = views::board::get(&given.at(day, ALL), &"c".parse().unwrap()).unwrap();
        board.summary.unwrap().chair.is_some()
    };
    assert!(chair("2016-12-31") && !chair("2017-01-01"));

    given.record(&[on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "m", "title": "MoU", "partyIds": ["a-pcc"],
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    )]);
    let signed = json!({ "instrumentId": "m", "bodyId": "a-pcc" });
    given.record(&[on_x("2014", "agreementSigned", signed)]);
    let reviewed = json!({ "instrumentId": "m", "nextReviewOn": date("2017") });
    given.record(&[on_x("2015", "instrumentReviewed", reviewed)]);
    let varied = json!({ "variation": { "instrumentId": "m", "agreedByIds": ["a-pcc"],
                         "summary": "Sooner", "terms": { "reviewOn": date("2016-06") } } });
    given.record(&[on_x("2016", "mouUpdated", varied)]);
    let due = |day: &str| {
        let due = views::deadlines::list(&given.at(day, ALL), None, false);
        due.iter()
            .map(|line| line.due_on.unwrap().year)
            .collect::<Vec<_>>()
    };
    assert_eq!(due("2015-06-01"), [2017]);
    assert_eq!(due("2016-02-01"), [2016]);
}
