//! Notices as shown, and the faults of an agreement after a party has left.

use std::sync::Arc;

use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{DeadlineKind, NoticeDay, NoticeStanding, NoticeView};
use serde_json::{Value, json};

use crate::given::{Given, bodies, collaboration, date, on_x};

/// Three policing bodies under a section 22A agreement, with a year's notice.
fn agreement(parties: &[&str]) -> Given {
    let mut events = bodies();
    events.push(collaboration(parties));
    events.push(on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "s22a", "title": "Agreement", "partyIds": parties,
            "kind": "INSTRUMENT_KIND_SECTION_22A_AGREEMENT",
            "terms": { "noticeAsPartyMonths": 12, "provisions": [
                { "kind": "PROVISION_KIND_POLICING_BODY", "policingBodyIds": ["a-pcc", "b-pcc"] }] } }),
    ));
    let mut given = Given::recorded(&events);
    for party in parties {
        let chief = party.replace("-pcc", "-cc");
        given.record(&[on_x(
            "2014",
            "consultationRecorded",
            json!({ "consultationId": chief, "about": "It", "instrumentId": "s22a",
                "consultedIds": [chief] }),
        )]);
        let signed = json!({ "instrumentId": "s22a", "bodyId": party });
        given.record(&[on_x("2014-04-01", "agreementSigned", signed)]);
    }
    given
}

fn register_view(given: &Given, day: &str, known: u64) -> RegisterView {
    let register = Arc::new(given.register.clone());
    RegisterView::new(register, day.parse().expect("a day"), Position::new(known))
}

fn leave(body: &str, given_on: &str, on: &str) -> [Value; 2] {
    [
        on_x(
            given_on,
            "noticeGiven",
            json!({ "noticeId": body, "bodyId": body, "capacity": "NOTICE_CAPACITY_PARTY",
                "instrumentId": "s22a", "takesEffectOn": date(on) }),
        ),
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": body, "noticeId": body }),
        ),
    ]
}

/// The faults of the agreement: the party that left, and the year since.
fn faults(given: &Given, day: &str, known: u64) -> Vec<(String, i32)> {
    let register_view = register_view(given, day, known);
    let x = "x".parse().expect("an id");
    let view = views::collaboration::get(&register_view, &x).expect("the collaboration");
    let faults = view.instruments[0].faults.iter();
    faults
        .map(|fault| {
            let since = fault.since_on.as_ref().expect("a day");
            (fault.reason.clone(), since.year)
        })
        .collect()
}

#[test]
fn faults_of_an_agreement_after_a_party_left_are_shown_and_not_refused() {
    let mut given = agreement(&["a-pcc", "b-pcc", "c-pcc"]);
    given.record(&leave("c-pcc", "2015-03-31", "2016-03-31"));
    let before = given.register.tail().get();
    assert!(
        faults(&given, "2026-11-23", u64::MAX).is_empty(),
        "two are left, and they are enough"
    );
    given.record(&leave("b-pcc", "2016-03-31", "2017-03-31"));
    assert!(
        faults(&given, "2017-03-30", u64::MAX).is_empty(),
        "the day before"
    );
    let broken = [
        ("PARTY_MATRIX_NOT_MET".to_owned(), 2017),
        ("PROVISION_PARTY_MISSING".to_owned(), 2017),
    ];
    assert_eq!(faults(&given, "2017-03-31", u64::MAX), broken);
    assert!(
        faults(&given, "2026-11-23", before).is_empty(),
        "as known before"
    );
    let lines = views::breaches::list(&register_view(&given, "2026-11-23", u64::MAX), None);
    assert!(lines.is_empty(), "to leave on notice is no breach");

    // If the body is a party again, or the agreement has ended, there is no fault.
    let mut back = given.clone();
    back.record(&[on_x("2018", "partyJoined", json!({ "bodyId": "b-pcc" }))]);
    assert!(faults(&back, "2018-01-01", u64::MAX).is_empty());
    assert_eq!(faults(&back, "2017-12-31", u64::MAX).len(), 2);
    given.record(&[on_x(
        "2018",
        "instrumentEnded",
        json!({ "instrumentId": "s22a", "cause": "END_CAUSE_AGREEMENT" }),
    )]);
    assert!(faults(&given, "2018-01-01", u64::MAX).is_empty());
}

#[test]
fn a_notice_is_shown_with_its_day_and_how_that_came_about() {
    let mut given = agreement(&["a-pcc", "b-pcc", "c-pcc"]);
    let [notice, _] = leave("c-pcc", "2015-03-31", "2016-03-31");
    given.record(&[notice]);
    let x: SubjectId = "collaborations/x".parse().expect("an id");
    let list = |given: &Given, day: &str, past: bool| {
        views::notices::list(&register_view(given, day, u64::MAX), Some(&x), past)
    };
    let shown = list(&given, "2016-03-21", false);
    let [line] = shown.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!((line.days_left, line.period_months), (10, 12));
    assert_eq!(line.day_set_by(), NoticeDay::Given);
    assert!(list(&given, "2015-03-30", true).is_empty(), "not given yet");
    assert!(
        list(&given, "2016-03-31", false).is_empty(),
        "its day has come"
    );
    assert_eq!(
        list(&given, "2016-03-31", true)[0].standing(),
        NoticeStanding::Effective
    );

    given.record(&[on_x(
        "2016-01-01",
        "noticeExtended",
        json!({ "noticeId": "c-pcc", "takesEffectOn": date("2016-06-30") }),
    )]);
    let line = list(&given, "2016-04-01", false)
        .pop()
        .expect("still running");
    assert_eq!(
        (line.day_set_by(), line.days_left),
        (NoticeDay::Extended, 90)
    );
    assert_eq!(line.given_for_on.map(|on| on.month), Some(3));
    given.record(&[on_x(
        "2016-02-01",
        "directionIssued",
        json!({ "directionId": "d", "kind": "DIRECTION_KIND_DIRECT", "terms": "Later",
            "noticeId": "c-pcc", "takesEffectOn": date("2016-12-31") }),
    )]);
    assert_eq!(
        list(&given, "2016-02-01", false)[0].day_set_by(),
        NoticeDay::Directed
    );
    assert_eq!(
        list(&given, "2016-01-31", false)[0].day_set_by(),
        NoticeDay::Extended
    );
    given.record(&[on_x(
        "2016-03-01",
        "noticeRevoked",
        json!({ "noticeId": "c-pcc" }),
    )]);
    let line = list(&given, "2016-03-01", true)
        .pop()
        .expect("it was given");
    assert_eq!(line.standing(), NoticeStanding::Revoked);
    assert!(line.revoked_on.is_some());
    assert!(
        views::notices::list(&register_view(&given, "2016-03-01", u64::MAX), None, false)
            .is_empty()
    );
}

#[test]
fn a_notice_shows_the_clause_that_counts_and_who_waived_it() {
    let parties = ["a-pcc", "b-pcc", "c-pcc"];
    let mut given = agreement(&parties);
    let lead = json!({ "bodyId": "a-pcc" });
    given.record(&[on_x("2014", "leadAppointed", lead)]);
    let notice = |id: &str, body: &str, capacity: &str, to: &str, waived_by: &[&str]| {
        let capacity = format!("NOTICE_CAPACITY_{capacity}");
        let payload = json!({ "noticeId": id, "bodyId": body, "capacity": capacity,
            "reason": "Why", "takesEffectOn": date(to), "waivedByIds": waived_by });
        on_x("2015-03-31", "noticeGiven", payload)
    };
    let waived_by = ["a-pcc", "b-pcc"];
    given.record(&[notice("later", "c-pcc", "PARTY", "2016-01-31", &waived_by)]);
    given.record(&[notice("sooner", "a-pcc", "LEAD", "2015-12-31", &[])]);
    let list = |day: &str, past: bool| {
        views::notices::list(&register_view(&given, day, u64::MAX), None, past)
    };
    let lines = list("2015-12-30", false);
    let ids: Vec<&str> = lines.iter().map(|line| &*line.notice_id).collect();
    assert_eq!(ids, ["sooner", "later"], "by the day they take effect");
    let waivers = |line: &NoticeView| {
        let bodies = line.waived_by.iter();
        bodies.map(|body| body.body_id.clone()).collect::<Vec<_>>()
    };
    // No clause covers the lead; for a party the agreement has one, which the notice
    // does not name.
    assert_eq!((lines[0].period_months, &*lines[0].instrument_id), (0, ""));
    assert_eq!(
        (lines[1].period_months, &*lines[1].instrument_id),
        (12, "s22a")
    );
    assert_eq!(
        (waivers(&lines[0]), waivers(&lines[1])),
        (vec![], waived_by.map(String::from).to_vec())
    );
    assert_eq!(lines[0].position, lines[1].position + 1);
    assert_eq!(lines[1].reason, "Why");
    let subject = lines[1]
        .collaboration
        .as_ref()
        .map(|subject| &*subject.collaboration_id);
    assert_eq!(subject, Some("x"));
    assert_eq!(list("2015-12-31", false).len(), 1);
    assert_eq!(list("2015-12-31", true).len(), 2);
    let elsewhere: SubjectId = "collaborations/y".parse().expect("an id");
    let view_then = register_view(&given, "2015-12-30", u64::MAX);
    assert!(views::notices::list(&view_then, Some(&elsewhere), true).is_empty());
    // The collaboration shows them as the list does.
    let x = views::collaboration::get(&view_then, &"x".parse().expect("an id"));
    let mut shown = x.expect("the collaboration").notices;
    shown.reverse();
    assert_eq!(shown, lines);
}

#[test]
fn a_notice_that_was_running_when_all_ended_is_due_no_more() {
    let mut given = agreement(&["a-pcc", "b-pcc", "c-pcc"]);
    let [notice, _] = leave("c-pcc", "2015-03-31", "2016-03-31");
    given.record(&[notice]);
    let over = json!({ "cause": "END_CAUSE_AGREEMENT",
        "agreedByIds": ["a-pcc", "b-pcc", "c-pcc"] });
    given.record(&[on_x("2016-01-01", "collaborationEnded", over)]);
    let due = |day: &str| {
        let register_view = register_view(&given, day, u64::MAX);
        let running = views::notices::list(&register_view, None, false).len();
        let deadlines = views::deadlines::list(&register_view, None, true);
        let notices = deadlines
            .iter()
            .filter(|due| due.kind() == DeadlineKind::Notice);
        (running, notices.count())
    };
    assert_eq!(due("2015-12-31"), (1, 1));
    assert_eq!(due("2016-01-01"), (0, 0));
    assert_eq!(due("2016-04-01"), (0, 0));
}

#[test]
fn a_notice_that_was_used_awaits_nobody() {
    let mut given = agreement(&["a-pcc", "b-pcc", "c-pcc"]);
    for event in leave("c-pcc", "2015-01-01", "2016-01-02") {
        given.record(&[event]);
    }
    let awaited = |day: &str| {
        let lines = views::deadlines::list(&register_view(&given, day, u64::MAX), None, true);
        let mut lines = lines.into_iter();
        let line = lines.find(|line| line.kind() == DeadlineKind::Notice);
        line.expect("the notice").awaited.len()
    };
    assert_eq!(awaited("2016-01-01"), 1);
    assert_eq!(awaited("2016-01-02"), 0);
}
