//! Settlements: who pays whom how much, what was paid or written off, and what is overdue.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::{AttentionKind, DeadlineKind, SettlementView};
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, bodies, collaboration, date, event, judged, on_x};

fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc", "c-pcc"]));
    Given::recorded(&events)
}

fn agreed(on: &str, id: &str, extra: Value) -> Value {
    let mut payload = json!({ "settlementId": id, "whatFor": "SETTLEMENT_FOR_EXIT" });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    on_x(on, "settlementAgreed", payload)
}

fn paid(on: &str, id: &str, payment: &str, pence: i64) -> Value {
    let payload =
        json!({ "settlementId": id, "paymentId": payment, "amountPence": pence.to_string() });
    on_x(on, "settlementPaid", payload)
}

fn written_off(on: &str, id: &str, pence: i64) -> Value {
    let payload = json!({ "settlementId": id, "amountPence": pence.to_string(),
        "reason": "Not to be had" });
    on_x(on, "settlementWrittenOff", payload)
}

fn instalment(on: &str, pence: i64) -> Value {
    json!({ "dueOn": date(on), "amountPence": pence.to_string() })
}

/// An exit for which a-pcc pays the others 900 in three parts.
fn exit() -> Value {
    agreed(
        "2020-03-01",
        "exit",
        json!({ "payerId": "a-pcc", "leavingId": "a-pcc", "amountPence": "900", "instalments": [
            instalment("2021-06-30", 300), instalment("2020-06-30", 300),
            instalment("2022-06", 300)] }),
    )
}

fn line(given: &Given, day: &str) -> SettlementView {
    let mut lines = views::settlements::list(&at(given, day), None, None);
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

#[test]
fn a_settlement_shows_what_is_paid_written_off_left_next_and_overdue() {
    let mut given = alliance();
    given.record(&[exit()]);
    given.record(&[paid("2020-06-29", "exit", "p1", 200)]);
    let first = line(&given, "2020-06-30");
    assert_eq!(first.agreed_pence, Some(900));
    assert_eq!((first.paid_pence, first.left_pence), (200, Some(700)));
    assert_eq!(first.overdue_pence, 0, "its day is not over");
    assert_eq!(first.next_due_pence, 100);
    let later = line(&given, "2020-07-01");
    assert_eq!(later.overdue_pence, 100);
    assert_eq!(later.next_due_pence, 300);
    assert_eq!(later.next_due_on.as_ref().map(|on| on.year), Some(2021));
    let left: Vec<i64> = later.instalments.iter().map(|one| one.left_pence).collect();
    assert_eq!(left, [100, 300, 300], "by date, however they were listed");
    given.record(&[paid("2020-08-01", "exit", "p2", 400)]);
    given.record(&[written_off("2021-07-01", "exit", 50)]);
    let later = line(&given, "2021-07-02");
    assert_eq!((later.paid_pence, later.written_off_pence), (600, Some(50)));
    assert_eq!((later.left_pence, later.overdue_pence), (Some(250), 0));
    assert_eq!(later.next_due_pence, 250);
    given.record(&[written_off("2022-01-01", "exit", 0)]);
    let end = line(&given, "2023-01-01");
    assert_eq!(
        (end.written_off_pence, end.left_pence),
        (Some(300), Some(0))
    );
    let off: Vec<_> = end.write_offs.iter().map(|off| off.amount_pence).collect();
    assert_eq!(off, [Some(50), Some(250)], "the second took the rest");
    assert_eq!((end.overdue_pence, end.next_due_on), (0, None));
}

#[test]
fn what_was_paid_too_much_is_kept_and_shown() {
    let mut given = alliance();
    given.record(&[exit()]);
    given.record(&[paid("2020-06-29", "exit", "p1", 1_000)]);
    let over = line(&given, "2020-07-01");
    assert_eq!((over.paid_pence, over.left_pence), (1_000, Some(0)));
    assert_eq!(over.overpaid_pence, 100);
    assert!(over.instalments.iter().all(|one| one.left_pence == 0));
}

#[test]
fn an_instalment_is_a_deadline_until_it_is_paid() {
    let mut given = alliance();
    given.record(&[exit()]);
    let due = |given: &Given, day: &str| -> Vec<(String, bool, String)> {
        let lines = views::deadlines::list(&at(given, day), None, false);
        let lines = lines.into_iter();
        let lines = lines.filter(|line| line.kind() == DeadlineKind::Instalment);
        lines
            .map(|line| (line.item_id, line.missed, line.what))
            .collect()
    };
    let before = due(&given, "2020-04-01");
    assert_eq!(before.len(), 3);
    assert_eq!(before[0].0, "exit/2020-06-30");
    assert_eq!(
        before[0].2,
        "£3 of settlement exit, from The a-pcc to the other parties"
    );
    let line = &views::deadlines::list(&at(&given, "2020-04-01"), None, false)[0];
    let awaited = line.awaited[0]
        .who
        .as_ref()
        .and_then(|who| who.body.as_ref());
    assert_eq!(awaited.map(|body| body.body_id.as_str()), Some("a-pcc"));
    let overdue = |given: &Given, day: &str| {
        let view = at(given, day);
        let lines = views::attention::list(&view, &Asker::default(), view.as_at());
        let lines = lines.into_iter().filter(|line| {
            line.kind() == AttentionKind::Overdue && line.deadline() == DeadlineKind::Instalment
        });
        lines.map(|line| line.item_id).collect::<Vec<_>>()
    };
    assert_eq!(overdue(&given, "2020-06-30"), [""; 0]);
    assert_eq!(overdue(&given, "2020-07-01"), ["exit/2020-06-30"]);
    given.record(&[paid("2020-06-29", "exit", "p1", 300)]);
    assert_eq!(overdue(&given, "2020-07-01"), [""; 0]);
    assert_eq!(due(&given, "2020-07-01").len(), 2);
}

#[test]
fn a_settlement_is_in_the_views_of_its_collaboration_bodies_and_dispute() {
    let mut given = alliance();
    given.record(&[
        on_x(
            "2019-01-01",
            "disputeRaised",
            json!({ "disputeId": "d", "what": "Who pays for the hangar" }),
        ),
        agreed(
            "2020-03-01",
            "hangar",
            json!({ "whatFor": "SETTLEMENT_FOR_DISPUTE", "disputeId": "d", "payerId": "a-pcc",
                "payeeIds": ["b-pcc"], "amountPence": "500", "terms": "In full and final" }),
        ),
    ]);
    let view = at(&given, "2020-04-01");
    let x = views::collaboration::get(&view, &"x".parse().unwrap()).unwrap();
    assert_eq!(x.settlements.len(), 1);
    assert_eq!(x.concerns[0].settlement_ids, ["hangar"]);
    let of = |body: &str| {
        let body = views::body::get(&view, &body.parse().unwrap()).unwrap();
        body.settlements.len()
    };
    assert_eq!((of("a-pcc"), of("b-pcc"), of("c-pcc")), (1, 1, 0));
    let listed = |body: &str| {
        let body = body.parse().unwrap();
        views::settlements::list(&view, None, Some(&body)).len()
    };
    assert_eq!((listed("a-pcc"), listed("c-pcc")), (1, 0));
}

#[test]
fn a_payment_in_lieu_is_linked_to_its_notice_and_has_its_amount() {
    let mut given = alliance();
    let notice = json!({ "noticeId": "n", "bodyId": "a-pcc", "capacity": "NOTICE_CAPACITY_PARTY",
        "takesEffectOn": date("2020-04-01"),
        "paidInLieu": { "amountPence": "700", "acceptedByIds": ["b-pcc", "c-pcc"] } });
    given.record(&[on_x("2020-01-01", "noticeGiven", notice)]);
    let in_lieu = |extra: Value| {
        let mut event = agreed(
            "2020-02-01",
            "lieu",
            json!({ "payerId": "a-pcc",
            "leavingId": "a-pcc", "noticeId": "n",
            "whatFor": "SETTLEMENT_FOR_IN_LIEU_OF_NOTICE" }),
        );
        let fields = event["settlementAgreed"].as_object_mut().unwrap();
        fields.extend(extra.as_object().unwrap().clone());
        event
    };
    judged(
        &given,
        &[
            (
                "another's notice",
                in_lieu(json!({ "leavingId": "b-pcc" })),
                &["NOTICE_OF_ANOTHER"],
            ),
            (
                "no such notice",
                in_lieu(json!({ "noticeId": "m" })),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    given.record(&[in_lieu(json!({}))]);
    let lieu = line(&given, "2020-03-01");
    assert_eq!(lieu.agreed_pence, Some(700), "as the notice states");
    assert_eq!(lieu.paid_in_lieu_pence, Some(700));
    let view = views::notices::list(&at(&given, "2020-03-01"), None, true);
    assert_eq!(view[0].settlement_ids, ["lieu"]);
}

#[test]
fn one_that_has_left_pays_after_that_and_a_successor_in_its_place() {
    let mut given = alliance();
    given.record(&[exit()]);
    given.record(&[on_x(
        "2020-04-01",
        "partyWithdrew",
        json!({ "bodyId": "a-pcc", "reason": "Released", "agreedByIds": ["b-pcc", "c-pcc"] }),
    )]);
    given.record(&[paid("2020-06-29", "exit", "p1", 300)]);
    given.record(&[agreed(
        "2020-05-01",
        "more",
        json!({ "payerId": "a-pcc", "leavingId": "a-pcc", "amountPence": "1" }),
    )]);
    let mayor = json!({ "name": "The mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "m" });
    given.record(&[event("bodies/mayor", "2021-01-01", "bodyRegistered", mayor)]);
    let followed = json!({ "successorId": "mayor" });
    given.record(&[event(
        "bodies/a-pcc",
        "2021-01-01",
        "bodySucceeded",
        followed,
    )]);
    let view = at(&given, "2021-02-01");
    let mayor = views::body::get(&view, &"mayor".parse().unwrap()).unwrap();
    assert_eq!(mayor.settlements.len(), 2);
    let due = views::deadlines::list(&view, None, false);
    let due = due
        .iter()
        .find(|line| line.kind() == DeadlineKind::Instalment);
    let awaited = due.unwrap().awaited[0].who.clone().unwrap().body.unwrap();
    assert_eq!(awaited.body_id, "mayor");
}

#[test]
fn rules_of_settlements() {
    let mut given = alliance();
    given.record(&[exit(), paid("2020-06-29", "exit", "p1", 100)]);
    let unknown: &[&str] = &["UNKNOWN_ITEM"];
    let taken: &[&str] = &["ID_TAKEN"];
    let to = |extra: Value| {
        let mut event = agreed(
            "2020-04-01",
            "s",
            json!({ "payerId": "b-pcc", "amountPence": "5" }),
        );
        let fields = event["settlementAgreed"].as_object_mut().unwrap();
        fields.extend(extra.as_object().unwrap().clone());
        event
    };
    judged(
        &given,
        &[
            ("the others together", to(json!({})), &[]),
            ("its id", to(json!({ "settlementId": "exit" })), taken),
            (
                "an unknown payer",
                to(json!({ "payerId": "z-pcc" })),
                &["UNKNOWN_BODY"],
            ),
            (
                "an unknown payee",
                to(json!({ "payeeIds": ["z-pcc"] })),
                &["UNKNOWN_BODY"],
            ),
            (
                "one that is no party pays",
                to(json!({ "payerId": "council" })),
                &[],
            ),
            (
                "never a party",
                to(json!({ "leavingId": "council" })),
                &["NOT_A_PARTY"],
            ),
            (
                "an unknown dispute",
                to(json!({ "whatFor": "SETTLEMENT_FOR_DISPUTE", "disputeId": "d" })),
                unknown,
            ),
            ("paid under none", paid("2020-07-01", "z", "p2", 1), unknown),
            (
                "paid before it",
                paid("2020-02-01", "exit", "p2", 1),
                &["BEFORE_ITEM"],
            ),
            (
                "a payment twice",
                paid("2020-07-01", "exit", "p1", 1),
                taken,
            ),
            (
                "written off of none",
                written_off("2020-07-01", "z", 0),
                unknown,
            ),
        ],
    );
}

#[test]
fn money_left_when_the_collaboration_has_ended_is_listed() {
    let mut given = alliance();
    given.record(&[exit()]);
    let end = json!({ "cause": "END_CAUSE_NOT_GIVEN", "reason": "Not stated" });
    let mut ended = on_x("2020-05-01", "collaborationEnded", end);
    ended["sources"] = json!([{ "title": "Annual report" }]);
    given.record(&[ended]);
    given.record(&[paid("2020-06-01", "exit", "p1", 300)]);
    let x = views::collaboration::get(&at(&given, "2020-07-01"), &"x".parse().unwrap()).unwrap();
    let left = x
        .left_over
        .iter()
        .find(|left| left.kind == "settlement")
        .unwrap();
    assert!(left.what.starts_with("£6 "), "{}", left.what);
}

#[test]
fn the_order_of_recording_changes_nothing() {
    let events = [
        paid("2020-06-29", "exit", "p1", 200),
        written_off("2020-07-05", "exit", 50),
        paid("2020-08-01", "exit", "p2", 150),
        written_off("2021-01-01", "exit", 0),
        paid("2021-02-01", "exit", "p3", 10),
    ];
    let seen = |order: &[usize]| {
        let mut given = alliance();
        given.record(&[exit()]);
        for index in order {
            given.record(std::slice::from_ref(&events[*index]));
        }
        let mut line = line(&given, "2023-01-01");
        line.payments.iter_mut().for_each(|paid| paid.position = 0);
        line.write_offs.iter_mut().for_each(|off| off.position = 0);
        line
    };
    let expected = seen(&[0, 1, 2, 3, 4]);
    assert_eq!(
        expected.written_off_pence,
        Some(550),
        "50, and the 500 left on that day"
    );
    assert_eq!(
        (expected.left_pence, expected.overpaid_pence),
        (Some(0), 0),
        "money that came after all is not too much"
    );
    for order in [
        [4, 3, 2, 1, 0],
        [3, 0, 4, 1, 2],
        [1, 3, 0, 2, 4],
        [2, 4, 3, 0, 1],
    ] {
        assert_eq!(seen(&order), expected, "{order:?}");
    }
}

#[test]
fn no_more_is_written_off_than_is_left() {
    let mut given = alliance();
    given.record(&[exit(), paid("2020-06-29", "exit", "p1", 700)]);
    judged(
        &given,
        &[
            ("the rest", written_off("2021-01-01", "exit", 200), &[]),
            (
                "more",
                written_off("2021-01-01", "exit", 201),
                &["MORE_THAN_IS_LEFT"],
            ),
        ],
    );
    given.record(&[written_off("2021-01-01", "exit", 150)]);
    judged(
        &given,
        &[(
            "in two parts",
            written_off("2021-02-01", "exit", 51),
            &["MORE_THAN_IS_LEFT"],
        )],
    );
}
