//! Invoices and payments: what is due, what is settled, and what is overdue.

use minutebook::views;
use minutebook::wire::proto::{AttentionKind, DeadlineKind, InvoiceView};
use serde_json::{Value, json};

use super::{alliance, at, contributions, of_body};
use crate::given::{Given, date, event, judged, on_x};

fn invoice(id: &str, body: &str, pence: i64, more: Value) -> Value {
    let mut payload = json!({ "invoiceId": id, "bodyId": body, "financialYear": "2024/25",
                              "amountPence": pence.to_string() });
    for (field, value) in more.as_object().unwrap() {
        payload[field] = value.clone();
    }
    on_x("2024-05-01", "contributionInvoiced", payload)
}

fn paid(on: &str, id: &str, body: &str, pence: i64, more: Value) -> Value {
    let mut payload = json!({ "paymentId": id, "bodyId": body, "financialYear": "2024/25",
                              "amountPence": pence.to_string() });
    for (field, value) in more.as_object().unwrap() {
        payload[field] = value.clone();
    }
    on_x(on, "contributionPaid", payload)
}

/// £100 a quarter.
fn quarters() -> Value {
    let days = ["2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31"];
    let parts = days.map(|day| json!({ "dueOn": date(day), "amountPence": "10000" }));
    json!({ "instalments": parts, "reference": "SI-1", "payableToId": "a-pcc" })
}

fn shown(given: &Given, day: &str, id: &str) -> InvoiceView {
    let view = contributions(given, day, "2024/25");
    let mut invoices = view.invoices.into_iter();
    invoices.find(|one| one.invoice_id == id).unwrap()
}

#[test]
fn rule_7_an_invoice_and_its_payments_are_of_a_party_and_one_year() {
    let mut given = alliance();
    given.record(&[invoice(
        "one",
        "b-pcc",
        40_000,
        json!({ "serviceId": "dogs" }),
    )]);
    given.record(&[on_x(
        "2014",
        "serviceAdded",
        json!({ "serviceId": "fish", "name": "Fish", "partyIds": ["a-pcc", "b-pcc"] }),
    )]);
    let added =
        |on: &str, id: &str| on_x(on, "serviceAdded", json!({ "serviceId": id, "name": id }));
    given.record(&[added("2025-06-01", "newts"), added("2014", "hawks")]);
    given.record(&[on_x(
        "2020",
        "serviceRemoved",
        json!({ "serviceId": "hawks" }),
    )]);
    let mut of_other_year = paid("2024-06-01", "p", "b-pcc", 1, json!({ "invoiceId": "one" }));
    of_other_year["contributionPaid"]["financialYear"] = "2023/24".into();
    let mut before_it_began = invoice("two", "b-pcc", 1, json!({}));
    before_it_began["contributionInvoiced"]["financialYear"] = "2011/12".into();
    let on_one = |more: Value| {
        let mut payment = paid("2024-06-01", "p", "b-pcc", 1, json!({ "invoiceId": "one" }));
        for (field, value) in more.as_object().unwrap() {
            payment["contributionPaid"][field] = value.clone();
        }
        payment
    };
    judged(
        &given,
        &[
            ("its payment", on_one(json!({})), &[]),
            (
                "more than it",
                on_one(json!({ "amountPence": "99999999" })),
                &[],
            ),
            (
                "a payment before any invoice",
                paid("2024-04-02", "p", "a-pcc", 5, json!({})),
                &[],
            ),
            (
                "a repayment",
                paid("2024-06-02", "p", "a-pcc", -5, json!({})),
                &[],
            ),
            (
                "a payment of no invoice",
                on_one(json!({ "invoiceId": "none" })),
                &["UNKNOWN_ITEM"],
            ),
            (
                "before the invoice that it names",
                paid("2024-04-02", "p", "b-pcc", 5, json!({ "invoiceId": "one" })),
                &["BEFORE_ITEM"],
            ),
            (
                "by another body",
                on_one(json!({ "bodyId": "a-pcc" })),
                &["OTHER_INVOICE"],
            ),
            ("of another year", of_other_year, &["OTHER_INVOICE"]),
            (
                "for another service",
                on_one(json!({ "serviceId": "cats" })),
                &["OTHER_INVOICE"],
            ),
            (
                "for the same service",
                on_one(json!({ "serviceId": "dogs" })),
                &[],
            ),
            (
                "a second of that id",
                invoice("one", "b-pcc", 1, json!({})),
                &["ID_TAKEN"],
            ),
            (
                "of no party",
                invoice("two", "fire", 1, json!({})),
                &["NOT_A_PARTY_IN_YEAR"],
            ),
            (
                "of nobody",
                invoice("two", "nobody", 1, json!({})),
                &["UNKNOWN_BODY"],
            ),
            ("before it began", before_it_began, &["NOT_A_PARTY_IN_YEAR"]),
            (
                "for no service",
                invoice("two", "b-pcc", 1, json!({ "serviceId": "owls" })),
                &["UNKNOWN_SERVICE"],
            ),
            (
                "for a service in which it takes no part",
                invoice("two", "b-cc", 1, json!({ "serviceId": "fish" })),
                &["NOT_A_PARTY_IN_YEAR"],
            ),
            (
                "for a service that began later",
                invoice("two", "b-pcc", 1, json!({ "serviceId": "newts" })),
                &["NOT_A_PARTY_IN_YEAR"],
            ),
            (
                "for a service that had ended",
                invoice("two", "b-pcc", 1, json!({ "serviceId": "hawks" })),
                &["NOT_A_PARTY_IN_YEAR"],
            ),
            (
                "payable to the payer",
                invoice("two", "b-pcc", 1, json!({ "payableToId": "b-pcc" })),
                &["SELF_REFERENCE"],
            ),
            (
                "a credit note on it",
                invoice("two", "b-pcc", -1, json!({ "creditsInvoiceId": "one" })),
                &[],
            ),
            (
                "a credit note to another",
                invoice("two", "a-pcc", -1, json!({ "creditsInvoiceId": "one" })),
                &["OTHER_INVOICE"],
            ),
            (
                "not yet made",
                {
                    let mut ahead = invoice("two", "b-pcc", 1, json!({}));
                    ahead["effectiveOn"] = date("2027-01-01");
                    ahead
                },
                &["NOT_YET_HAPPENED"],
            ),
        ],
    );
}

#[test]
fn a_party_of_a_part_of_the_year_and_the_heir_of_one_pay_for_it() {
    let mut given = alliance();
    given.record(&[event(
        "bodies/mayor",
        "2024-10-01",
        "bodyRegistered",
        json!({ "name": "The mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "a" }),
    )]);
    given.record(&[invoice("old", "a-pcc", 40_000, json!({}))]);
    given.record(&[event(
        "bodies/a-pcc",
        "2025-05-01",
        "bodySucceeded",
        json!({ "successorId": "mayor" }),
    )]);
    let to_mayor = |id: &str, pence| {
        let mut invoice = invoice(id, "mayor", pence, json!({ "serviceId": "dogs" }));
        invoice["effectiveOn"] = date("2025-06-01");
        invoice
    };
    given.record(&[to_mayor("new", 500)]);
    given.record(&[paid(
        "2025-06-02",
        "p",
        "mayor",
        40_000,
        json!({ "invoiceId": "old" }),
    )]);
    assert_eq!(shown(&given, "2025-07-01", "old").outstanding_pence, 0);
}

#[test]
fn instalments_fall_due_and_payments_settle_the_oldest() {
    let mut given = alliance();
    given.record(&[invoice("q", "b-pcc", 40_000, quarters())]);
    given.record(&[paid(
        "2024-06-20",
        "p1",
        "b-pcc",
        10_000,
        json!({ "invoiceId": "q" }),
    )]);
    given.record(&[paid(
        "2024-08-20",
        "p2",
        "b-pcc",
        2_500,
        json!({ "reference": "Bank 7" }),
    )]);
    let sums = |day: &str| {
        let view = contributions(&given, day, "2024/25");
        let b = of_body(&view, "b-pcc").clone();
        (b.invoiced_pence, b.paid_pence, b.due_pence, b.overdue_pence)
    };
    assert_eq!(sums("2024-05-31"), (Some(40_000), None, Some(0), Some(0)));
    assert_eq!(
        sums("2024-06-30"),
        (Some(40_000), Some(10_000), Some(10_000), Some(0))
    );
    assert_eq!(
        sums("2024-09-30"),
        (Some(40_000), Some(12_500), Some(20_000), Some(0))
    );
    assert_eq!(
        sums("2024-10-01"),
        (Some(40_000), Some(12_500), Some(20_000), Some(7_500))
    );
    let shown = shown(&given, "2024-10-01", "q");
    let settled: Vec<_> = shown
        .instalments
        .iter()
        .map(|one| one.settled_pence)
        .collect();
    assert_eq!(settled, [10_000, 2_500, 0, 0]);
    assert!(shown.instalments[1].overdue && !shown.instalments[2].overdue);
    assert_eq!(shown.payments.len(), 1, "the other names no invoice");
    assert_eq!(
        (shown.settled_pence, shown.outstanding_pence),
        (12_500, 27_500)
    );
    assert_eq!(
        (
            shown.reference.as_str(),
            shown.payable_to.unwrap().body_id.as_str()
        ),
        ("SI-1", "a-pcc")
    );
    let view = contributions(&given, "2024-10-01", "2024/25");
    assert_eq!(view.payments[0].reference, "Bank 7");
}

#[test]
fn what_is_overdue_is_a_deadline_and_calls_for_attention() {
    let mut given = alliance();
    given.record(&[invoice("q", "b-pcc", 40_000, quarters())]);
    given.record(&[invoice(
        "one",
        "a-cc",
        900,
        json!({ "dueOn": date("2024-07") }),
    )]);
    let overdue = |day: &str| -> Vec<String> {
        let lines = views::attention::list(
            &at(&given, day),
            &views::attention::Asker::default(),
            day.parse().unwrap(),
        );
        let lines = lines
            .into_iter()
            .filter(|line| line.kind() == AttentionKind::Overdue);
        lines.map(|line| line.item_id).collect()
    };
    assert_eq!(
        overdue("2024-07-31"),
        ["q/1"],
        "within the month nothing is late"
    );
    assert_eq!(overdue("2024-08-01"), ["q/1", "one"]);
    let due = views::deadlines::list(&at(&given, "2024-08-01"), None, false);
    let due: Vec<_> = due
        .into_iter()
        .filter(|one| one.kind() == DeadlineKind::Invoice)
        .collect();
    let items: Vec<_> = due
        .iter()
        .map(|one| (one.item_id.as_str(), one.missed))
        .collect();
    assert_eq!(
        items,
        [
            ("q/1", true),
            ("one", true),
            ("q/2", false),
            ("q/3", false),
            ("q/4", false)
        ]
    );
    let awaited = due[0].awaited[0]
        .who
        .as_ref()
        .unwrap()
        .body
        .as_ref()
        .unwrap();
    assert_eq!(awaited.body_id, "b-pcc");
    assert!(
        due[0]
            .what
            .contains("instalment 1 to The b-pcc: £100 to pay"),
        "{}",
        due[0].what
    );
    // A body sees its own.
    let body = views::body::get(&at(&given, "2024-08-01"), &"a-cc".parse().unwrap()).unwrap();
    assert_eq!(body.invoices[0].overdue_pence, 900);
}

#[test]
fn more_than_was_invoiced_is_kept_and_shown() {
    let mut given = alliance();
    given.record(&[invoice("one", "b-pcc", 900, json!({}))]);
    given.record(&[invoice(
        "two",
        "b-pcc",
        500,
        json!({ "dueOn": date("2024-06-01") }),
    )]);
    given.record(&[paid(
        "2024-06-20",
        "p1",
        "b-pcc",
        1_000,
        json!({ "invoiceId": "one" }),
    )]);
    let one = shown(&given, "2024-07-01", "one");
    assert_eq!((one.settled_pence, one.outstanding_pence), (1_000, -100));
    assert_eq!(
        shown(&given, "2024-07-01", "two").overdue_pence,
        500,
        "it was meant for the other"
    );
    let view = contributions(&given, "2024-07-01", "2024/25");
    assert_eq!(
        of_body(&view, "b-pcc").due_pence,
        Some(500),
        "the other has no day"
    );
}

#[test]
fn a_credit_note_takes_off_what_it_credits() {
    let mut given = alliance();
    let due = json!({ "dueOn": date("2024-06-01") });
    given.record(&[invoice("one", "b-pcc", 900, due.clone())]);
    given.record(&[invoice("two", "b-pcc", 500, due)]);
    let note = |id: &str, pence, more| invoice(id, "b-pcc", pence, more);
    given.record(&[note(
        "note",
        -300,
        json!({ "creditsInvoiceId": "one",
                                              "invoicedFor": "INVOICED_FOR_ADJUSTMENT" }),
    )]);
    let one = shown(&given, "2024-07-01", "one");
    assert_eq!((one.outstanding_pence, one.overdue_pence), (600, 600));
    assert!(one.payments[0].is_credit_note && one.payments[0].amount_pence == 300);
    let view = contributions(&given, "2024-07-01", "2024/25");
    let b = of_body(&view, "b-pcc");
    assert_eq!(
        (b.invoiced_pence, b.due_pence, b.overdue_pence),
        (Some(1_100), Some(1_100), Some(1_100))
    );
    assert_eq!(b.paid_pence, None, "it is no payment");
    // One that names no invoice goes to what is due first; what is paid back on it does not.
    given.record(&[note("loose", -700, json!({}))]);
    given.record(&[paid(
        "2024-06-20",
        "back",
        "b-pcc",
        -200,
        json!({ "invoiceId": "loose" }),
    )]);
    let view = contributions(&given, "2024-07-01", "2024/25");
    assert_eq!(of_body(&view, "b-pcc").overdue_pence, Some(600));
    assert_eq!(shown(&given, "2024-07-01", "one").outstanding_pence, 100);
    assert_eq!(shown(&given, "2024-07-01", "loose").outstanding_pence, 0);
}

#[test]
fn an_overspend_charged_to_a_party_is_counted_apart() {
    let mut given = alliance();
    given.record(&[invoice("one", "b-pcc", 900, json!({}))]);
    given.record(&[invoice(
        "over",
        "b-pcc",
        70,
        json!({ "invoicedFor": "INVOICED_FOR_OVERSPEND" }),
    )]);
    let view = contributions(&given, "2024-07-01", "2024/25");
    let b = of_body(&view, "b-pcc");
    assert_eq!(
        (b.overspend_charged_pence, b.invoiced_pence),
        (Some(70), Some(970))
    );
}

#[test]
fn a_corrected_invoice_is_as_if_it_had_always_been_so() {
    let mut given = alliance();
    given.record(&[invoice(
        "one",
        "b-pcc",
        900,
        json!({ "dueOn": date("2024-06-01") }),
    )]);
    let position = given.register.tail().get();
    let corrected = |replacement: Option<Value>| {
        let mut payload = json!({ "position": position.to_string(), "reason": "Misread" });
        if let Some(replacement) = replacement {
            payload["replacement"] = replacement;
        }
        on_x("", "entryCorrected", payload)
    };
    let less = invoice("one", "b-pcc", 800, json!({ "dueOn": date("2024-06-01") }));
    let mut later = given.clone();
    later.record(&[corrected(Some(less.clone()))]);
    assert_eq!(shown(&later, "2024-07-01", "one").overdue_pence, 800);
    // A payment on it rests on the body and the year.
    given.record(&[paid(
        "2024-06-20",
        "p",
        "b-pcc",
        900,
        json!({ "invoiceId": "one" }),
    )]);
    let to_other = invoice("one", "a-pcc", 900, json!({}));
    judged(
        &given,
        &[
            (
                "to another body",
                corrected(Some(to_other)),
                &["RELIED_UPON"],
            ),
            ("void", corrected(None), &["RELIED_UPON"]),
            ("less", corrected(Some(less)), &[]),
        ],
    );
}
