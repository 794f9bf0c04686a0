//! The answers of the views, each on a register small enough to check by hand.

mod approvals;
mod dated;
pub mod everything_seen;
mod leaving;
mod matters;
mod money;
mod party_matrix;
mod silence;
mod standing;

use std::sync::Arc;

use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{
    CollaborationView, DecisionStanding, DifferenceKind, NoticeStanding, Standing,
};
use serde_json::{Value, json};

use crate::given::{Given, bodies, collaboration, date, event, on_x};

const ALL: u64 = u64::MAX;

impl Given {
    /// The register on a day, as known at a position.
    fn at(&self, day: &str, known: u64) -> RegisterView {
        let register = Arc::new(self.register.clone());
        RegisterView::new(register, day.parse().expect("a day"), Position::new(known))
    }

    fn x(&self, day: &str) -> Option<CollaborationView> {
        views::collaboration::get(&self.at(day, ALL), &"x".parse().unwrap())
    }
}

/// Forces a and b in `x` since 2013, with a dog service since 2014.
fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    events.push(on_x(
        "2014",
        "serviceAdded",
        json!({ "serviceId": "dogs", "name": "Dogs", "units": ["Search"], "leadId": "a-cc" }),
    ));
    Given::recorded(&events)
}

fn names(parties: &[minutebook::wire::proto::PartyView]) -> Vec<&str> {
    parties
        .iter()
        .map(|party| party.body.as_ref().unwrap().body_id.as_str())
        .collect()
}

#[test]
fn a_view_is_of_its_day() {
    let mut given = alliance();
    given.record(&[on_x("2016", "partyJoined", json!({ "bodyId": "c-pcc" }))]);
    given.record(&[on_x(
        "2018-04-01",
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "Merged" }),
    )]);
    given.record(&[on_x(
        "2015",
        "serviceUnitsChanged",
        json!({ "serviceId": "dogs", "added": ["Patrol"] }),
    )]);
    assert!(given.x("2012-12-31").is_none(), "the day before it began");
    let first = given.x("2013-01-01").unwrap();
    assert_eq!(names(&first.parties), ["a-cc", "a-pcc", "b-cc", "b-pcc"]);
    assert!(first.services.is_empty());
    let then = given.x("2016-01-01").unwrap();
    assert_eq!(
        names(&then.parties),
        ["a-cc", "a-pcc", "b-cc", "b-pcc", "c-pcc"]
    );
    assert_eq!(then.services[0].units, ["Search", "Patrol"]);
    assert_eq!(
        then.services[0].parties.len(),
        5,
        "a service for all follows the collaboration"
    );
    let now = given.x("2018-04-01").unwrap();
    assert_eq!(names(&now.parties), ["a-cc", "a-pcc", "b-cc", "c-pcc"]);
    assert_eq!(names(&now.former_parties), ["b-pcc"]);
    assert_eq!(now.services[0].parties.len(), 4);
    assert_eq!(given.x("2018-03-31").unwrap().former_parties.len(), 0);
}

#[test]
fn a_future_effective_date_is_shown_as_coming_and_not_in_force() {
    let mut given = alliance();
    given.record(&[on_x(
        "2030-04-01",
        "partyJoined",
        json!({ "bodyId": "c-pcc" }),
    )]);
    let today = given.x("2026-11-23").unwrap();
    assert_eq!(today.parties.len(), 4);
    assert_eq!(today.coming.len(), 1);
    assert_eq!(today.coming[0].position, given.register.tail().get());
    assert_eq!(given.x("2030-04-01").unwrap().parties.len(), 5);
    assert!(given.x("2030-04-01").unwrap().coming.is_empty());
}

#[test]
fn a_correction_is_known_from_its_position_on() {
    let mut given = alliance();
    given.record(&[on_x("2016", "partyJoined", json!({ "bodyId": "c-pcc" }))]);
    let joined = given.register.tail().get();
    let right = on_x("2017", "partyJoined", json!({ "bodyId": "c-pcc" }));
    given.record(&[on_x(
        "",
        "entryCorrected",
        json!({ "position": joined.to_string(), "reason": "A year out", "replacement": right }),
    )]);
    let id = "x".parse().unwrap();
    let parties = |day: &str, known: u64| {
        views::collaboration::get(&given.at(day, known), &id)
            .unwrap()
            .parties
            .len()
    };
    assert_eq!(parties("2016-06-01", joined), 5, "as it was known then");
    assert_eq!(parties("2016-06-01", ALL), 4, "as it is known now");
    assert_eq!(parties("2017-01-01", ALL), 5);
}

#[test]
fn an_instrument_is_seen_through_all_its_standings() {
    let mut given = alliance();
    given.record(&[on_x(
        "2014-02",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU", "partyIds": ["a-pcc", "b-pcc"],
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
                "terms": { "commencesOn": date("2014-06-01"), "expiresOn": date("2016-03"), "reviewOn": date("2015-09") } }),
    )]);
    let sign = |on: &str, body: &str| {
        on_x(
            on,
            "agreementSigned",
            json!({ "instrumentId": "mou", "bodyId": body }),
        )
    };
    given.record(&[sign("2014-03-01", "a-pcc"), sign("2014-05-01", "b-pcc")]);
    let update = json!({ "variation": { "instrumentId": "mou", "agreedByIds": ["a-pcc", "b-pcc"], "summary": "Dogs too" } });
    given.record(&[on_x("2015", "mouUpdated", update)]);
    let instrument_on = |day: &str| given.x(day).unwrap().instruments.remove(0);
    for (day, standing) in [
        ("2014-02-01", Standing::AwaitingSignature),
        ("2014-04-30", Standing::AwaitingSignature),
        ("2014-05-01", Standing::NotYetCommenced),
        ("2014-06-01", Standing::InForce),
        ("2016-03-31", Standing::InForce),
        ("2016-04-01", Standing::Expired),
    ] {
        assert_eq!(instrument_on(day).standing(), standing, "{day}");
    }
    assert_eq!(
        instrument_on("2014-04-30").signatures[1].signed_on,
        None,
        "awaited"
    );
    assert_eq!(instrument_on("2015-01-01").versions.len(), 2);
    assert_eq!(instrument_on("2014-12-31").versions.len(), 1);
    let awaits = views::body::get(&given.at("2014-04-30", ALL), &"b-pcc".parse().unwrap()).unwrap();
    assert_eq!(awaits.awaited_signatures[0].instrument_id, "mou");
    let due = views::deadlines::list(&given.at("2015-08-31", ALL), None, false);
    let due: Vec<(&str, i32)> = due.iter().map(|d| (d.what.as_str(), d.days_left)).collect();
    assert_eq!(due, [("review of MoU", 1), ("MoU expires", 183)]);
}

/// A budget of two services and two bodies whose printed totals are each out.
fn budget() -> Value {
    on_x(
        "2020-04-01",
        "budgetApproved",
        json!({ "figures": { "financialYear": "2020/21",
            "contributions": [
                { "serviceId": "dogs", "bodyId": "b-pcc", "amountPence": "100" },
                { "serviceId": "dogs", "bodyId": "a-pcc", "amountPence": "200" },
                { "serviceId": "cats", "bodyId": "a-pcc", "amountPence": "50" },
            ],
            "stated": [
                { "bodyId": "a-pcc", "amountPence": "251" },
                { "bodyId": "b-pcc", "amountPence": "100" },
                { "serviceId": "dogs", "amountPence": "299", "place": "Total row" },
                { "serviceId": "cats", "amountPence": "50" },
                { "amountPence": "352" },
                { "amountPence": "350", "place": "¶2" },
            ] } }),
    )
}

#[test]
fn contributions_add_up_and_are_shown_beside_printed_sums() {
    let mut given = alliance();
    given.record(&[on_x(
        "2015",
        "serviceAdded",
        json!({ "serviceId": "cats", "name": "Cats" }),
    )]);
    given.record(&[budget()]);
    let year = "2020/21".parse().unwrap();
    let x = "x".parse().unwrap();
    assert!(views::contributions::get(&given.at("2020-03-31", ALL), &x, year).is_none());
    let view = views::contributions::get(&given.at("2020-04-01", ALL), &x, year).unwrap();
    let columns: Vec<i64> = view
        .columns
        .iter()
        .map(|column| column.total_pence)
        .collect();
    assert_eq!(columns, [300, 50]);
    let rows: Vec<_> = view
        .rows
        .iter()
        .map(|row| {
            (
                row.body.as_ref().unwrap().body_id.as_str(),
                row.total_pence,
                row.cells.len(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [("b-pcc", 100, 1), ("a-pcc", 250, 2)],
        "as the budget first names them"
    );
    assert_eq!(view.total_pence, 350);
    assert_eq!(view.rows[1].share_ppm, 714_286);
    assert_eq!(
        view.rows[1].cells[0].share_ppm, 666_667,
        "a's share of the dogs"
    );
    assert_eq!(
        view.stated
            .iter()
            .map(|s| s.difference_pence)
            .collect::<Vec<_>>(),
        [-2, 0]
    );

    let differences = views::differences::list(&given.at("2026-01-01", ALL), None);
    let found: Vec<_> = differences
        .iter()
        .map(|d| {
            (
                d.kind(),
                d.computed_pence,
                d.stated_pence,
                d.difference_pence,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (DifferenceKind::BodyTotal, 250, 251, -1),
            (DifferenceKind::ServiceTotal, 300, 299, 1),
            (DifferenceKind::GrandTotal, 350, 352, -2),
        ],
        "those that differ and no other"
    );
    assert!(
        differences[2].what.contains("printed rows add up to £3.51"),
        "{}",
        differences[2].what
    );
    let pays = views::body::get(&given.at("2026-01-01", ALL), &"a-pcc".parse().unwrap())
        .unwrap()
        .pays;
    assert_eq!(pays[0].total_pence, 250);
}

#[test]
fn a_budget_is_replaced_whole_and_years_stand_side_by_side() {
    let mut given = alliance();
    let set = |on: &str, year: &str, lines: Value| {
        on_x(
            on,
            "budgetApproved",
            json!({ "figures": { "financialYear": year, "lines": lines } }),
        )
    };
    let lines = |dogs: i64, other: i64| json!([{ "serviceId": "dogs", "amountPence": dogs.to_string() }, { "head": "Other", "amountPence": other.to_string() }]);
    given.record(&[
        set("2017-04-01", "2017/18", lines(10, 5)),
        set("2018-04-01", "2018/19", lines(11, 6)),
    ]);
    given.record(&[set("2018-06-01", "2018/19", lines(12, 0))]);
    given.record(&[on_x("2018-03", "forecastReported", json!({ "basis": "Spend", "figures": { "financialYear": "2017/18", "stated": [{ "amountPence": "14" }] } }))]);
    let subject = SubjectId::Collaboration("x".parse().unwrap());
    let at = |day: &str| views::budget::get(&given.at(day, ALL), &subject, None).unwrap();
    let totals = |day: &str| {
        at(day)
            .years
            .iter()
            .map(|y| y.total_pence)
            .collect::<Vec<_>>()
    };
    assert_eq!(totals("2017-04-01"), [Some(15)]);
    assert_eq!(totals("2018-04-01"), [Some(15), Some(17)]);
    assert_eq!(
        totals("2018-06-01"),
        [Some(15), Some(12)],
        "replaced, not added"
    );
    let view = at("2018-06-01");
    assert_eq!(view.rows.len(), 2);
    assert_eq!(
        view.rows[0]
            .cells
            .iter()
            .map(|c| c.amount_pence)
            .collect::<Vec<_>>(),
        [10, 12]
    );
    assert_eq!(view.years[0].forecasts[0].against_budget_pence, Some(-1));
    assert!(
        at("2017-04-01").years[0].forecasts.is_empty(),
        "nobody knew yet"
    );
}

#[test]
fn decisions_show_who_is_awaited_and_for_how_long() {
    let mut given = alliance();
    let id = |n: u8| format!("01930000-0000-7000-8000-00000000000{n}");
    let propose = |n: u8, on: &str, extra: Value| {
        let mut payload = json!({ "proposalId": id(n), "title": format!("Matter {n}"), "matter": { "other": "It" } });
        payload
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        on_x(on, "matterProposed", payload)
    };
    let decide = |n: u8, on: &str, outcome: &str, extra: Value| {
        let mut payload = json!({ "decisionId": format!("d-{n}-{on}"), "title": "Decided", "outcome": format!("OUTCOME_{outcome}"), "proposalId": id(n) });
        payload
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        let mut event = on_x(on, "decisionMade", payload);
        event["actedBy"] = json!({ "bodyId": "a-pcc" });
        event
    };
    given.record(&[propose(1, "2017-10-01", json!({ "deciderId": "council" }))]);
    given.record(&[propose(2, "2017-10-02", json!({}))]);
    given.record(&[propose(
        3,
        "2017-10-03",
        json!({ "lapsesOn": date("2018-01") }),
    )]);
    given.record(&[propose(4, "2017-10-04", json!({}))]);
    given.record(&[decide(
        2,
        "2017-11",
        "REFERRED",
        json!({ "referredToId": "fire" }),
    )]);
    given.record(&[decide(4, "2017-12", "APPROVED", json!({}))]);
    let log = |day: &str, pending: bool| {
        views::decisions::list(&given.at(day, ALL), None, pending)
            .iter()
            .map(|d| {
                let awaited = d
                    .awaited
                    .as_ref()
                    .map_or("", |body| &body.body_id)
                    .to_owned();
                (d.standing(), awaited, d.awaited_days)
            })
            .collect::<Vec<_>>()
    };
    use DecisionStanding::{Approved, Lapsed, Pending, Referred};
    assert_eq!(
        log("2018-01-31", false),
        [
            (Pending, "council".into(), 122),
            (Pending, String::new(), 120),
            (Referred, "fire".into(), 91),
            (Approved, String::new(), 0),
        ]
    );
    assert_eq!(
        log("2018-02-01", true).len(),
        2,
        "the third has lapsed, the fourth is decided"
    );
    assert!(log("2018-02-01", false).contains(&(Lapsed, String::new(), 0)));
    given.record(&[on_x(
        "2018-03-01",
        "externalDecisionReceived",
        json!({ "proposalId": id(1), "deciderId": "council", "outcome": "OUTCOME_APPROVED" }),
    )]);
    let pending = views::decisions::list(&given.at("2018-03-01", ALL), None, true);
    assert_eq!(pending.len(), 1);
    assert_eq!(
        views::decisions::list(&given.at("2018-02-28", ALL), None, true).len(),
        2
    );
}

#[test]
fn notices_run_take_effect_and_are_due() {
    let mut given = alliance();
    given.record(&[on_x(
        "2019-04-01",
        "noticeGiven",
        json!({ "noticeId": "n", "bodyId": "b-pcc", "capacity": "NOTICE_CAPACITY_PARTY", "takesEffectOn": date("2020-03-31") }),
    )]);
    let standing = |day: &str| given.x(day).unwrap().notices[0].standing();
    assert_eq!(standing("2020-03-30"), NoticeStanding::Running);
    assert_eq!(standing("2020-03-31"), NoticeStanding::Effective);
    let due = |day: &str, past: bool| views::deadlines::list(&given.at(day, ALL), None, past);
    assert_eq!(due("2020-03-30", false)[0].days_left, 1);
    assert!(due("2020-04-01", false)[0].missed, "nobody has left");
    assert_eq!(due("2020-04-01", true)[0].days_left, -1);
    assert!(due("2019-03-31", true).is_empty(), "nobody had given it");
}

#[test]
fn open_matters_stay_until_closed_and_meetings_are_shown_before_their_day() {
    let mut given = alliance();
    given.record(&[on_x(
        "2018",
        "actionAgreed",
        json!({ "actionId": "act", "what": "Review it", "dueOn": date("2018-06") }),
    )]);
    given.record(&[on_x(
        "2018",
        "reviewCommissioned",
        json!({ "reviewId": "rev", "title": "The review" }),
    )]);
    given.record(&[on_x(
        "2018",
        "recommendationMade",
        json!({ "recommendationId": "rec", "what": "Do it", "reviewId": "rev" }),
    )]);
    given.record(&[on_x(
        "2019",
        "actionClosed",
        json!({ "actionId": "act", "outcome": "Done" }),
    )]);
    given.record(&[on_x(
        "2019",
        "reviewPublished",
        json!({ "reviewId": "rev" }),
    )]);
    given.record(&[event(
        "boards/b",
        "2014",
        "boardConstituted",
        json!({ "name": "Board", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"] }),
    )]);
    given.record(&[event(
        "boards/b",
        "2018-06-30",
        "meetingCalled",
        json!({ "agenda": "The report", "meetsOn": date("2018-12-18") }),
    )]);
    let open = |day: &str| views::recommendations::list(&given.at(day, ALL), None, false).len();
    assert_eq!(open("2017-12-31"), 0);
    assert_eq!(open("2018-12-31"), 3);
    assert_eq!(open("2019-01-01"), 1, "the recommendation");
    assert_eq!(
        views::recommendations::list(&given.at("2019-01-01", ALL), None, true).len(),
        3
    );
    let due = views::deadlines::list(&given.at("2018-07-01", ALL), None, false);
    let due: Vec<(&str, i32)> = due.iter().map(|d| (d.what.as_str(), d.days_left)).collect();
    assert_eq!(
        due,
        [("Review it", -1), ("meeting: The report", 170)],
        "overdue work stays"
    );
}
