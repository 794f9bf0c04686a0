//! Random invoices, credit notes and payments of one body, some voided since, against a
//! ledger that knows only sums.
//!
//! `MINUTEBOOK_TEST_LEDGER_CASES` makes it run longer.

use minutebook::wire::proto::ContributionsView;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{alliance, contributions};
use crate::given::{date, on_x};

/// The day of the question, and days before and after it on which something is due.
const TODAY: &str = "2024-09-30";
const DAYS: [&str; 4] = ["2024-06-30", "2024-09-30", "2024-10-01", "2025-03-31"];

/// An invoice in instalments: the day of each, and its amount.
type Instalments = Vec<(usize, i64)>;

/// A payment or credit note: the invoice that it names, its amount, and whether it was
/// voided since.
type Settling = (Option<usize>, i64, bool);

#[derive(Clone, Debug)]
struct Ledger {
    invoices: Vec<Instalments>,
    payments: Vec<Settling>,
    credit_notes: Vec<Settling>,
}

fn ledgers() -> impl Strategy<Value = Ledger> {
    let instalments = prop::collection::vec((0..DAYS.len(), 1..500_i64), 1..4);
    let settling = || {
        let invoice = prop::option::of(0..3_usize);
        prop::collection::vec((invoice, 1..600_i64, any::<bool>()), 0..4)
    };
    let invoices = prop::collection::vec(instalments, 1..4);
    (invoices, settling(), settling()).prop_map(|(invoices, mut payments, mut credit_notes)| {
        for (of, ..) in payments.iter_mut().chain(&mut credit_notes) {
            *of = of.filter(|index| *index < invoices.len());
        }
        // No credit note is of more than is left of the invoice that it names.
        let total = |one: &Instalments| one.iter().map(|(_, amount)| amount).sum::<i64>();
        let mut left: Vec<i64> = invoices.iter().map(total).collect();
        credit_notes.retain(|(of, amount, _)| {
            let Some(of) = *of else {
                return true;
            };
            let is_left = left[of] >= *amount;
            left[of] -= if is_left { *amount } else { 0 };
            is_left
        });
        Ledger {
            invoices,
            payments,
            credit_notes,
        }
    })
}

fn invoice(id: &str, amount: i64, field: &str, value: Value) -> Value {
    let mut payload = json!({ "invoiceId": id, "bodyId": "b-pcc", "financialYear": "2024/25",
                              "amountPence": amount.to_string() });
    payload[field] = value;
    on_x("2024-05-01", "contributionInvoiced", payload)
}

fn recorded(ledger: &Ledger) -> ContributionsView {
    let mut given = alliance();
    for (index, instalments) in ledger.invoices.iter().enumerate() {
        let total: i64 = instalments.iter().map(|(_, amount)| amount).sum();
        let parts = instalments.iter().map(
            |(day, amount)| json!({ "dueOn": date(DAYS[*day]), "amountPence": amount.to_string() }),
        );
        let parts: Vec<Value> = parts.collect();
        let id = format!("i{index}");
        given.record(&[invoice(&id, total, "instalments", parts.into())]);
    }
    let id_of = |of: &Option<usize>| of.map_or_else(String::new, |of| format!("i{of}"));
    let mut voided = Vec::new();
    for (index, (of, amount, void)) in ledger.payments.iter().enumerate() {
        let payload = json!({ "paymentId": format!("p{index}"), "bodyId": "b-pcc",
                              "financialYear": "2024/25", "amountPence": amount.to_string(),
                              "invoiceId": id_of(of) });
        given.record(&[on_x("2024-06-01", "contributionPaid", payload)]);
        voided.extend(void.then_some(given.register.tail().get()));
    }
    for (index, (of, amount, void)) in ledger.credit_notes.iter().enumerate() {
        let (id, of) = (format!("c{index}"), id_of(of));
        given.record(&[invoice(&id, -amount, "creditsInvoiceId", of.into())]);
        voided.extend(void.then_some(given.register.tail().get()));
    }
    for position in voided {
        let payload = json!({ "position": position.to_string(), "reason": "Not so" });
        given.record(&[on_x("", "entryCorrected", payload)]);
    }
    contributions(&given, TODAY, "2024/25")
}

fn total(instalments: &Instalments, is_meant: fn(usize) -> bool) -> i64 {
    let meant = instalments.iter().filter(|(day, _)| is_meant(*day));
    meant.map(|(_, amount)| amount).sum()
}

fn check(ledger: &Ledger) -> Result<(), TestCaseError> {
    let view = recorded(ledger);
    let in_force = |list: &[Settling]| -> Vec<(Option<usize>, i64)> {
        let list = list.iter().filter(|(.., void)| !void);
        list.map(|(of, amount, _)| (*of, *amount)).collect()
    };
    let payments = in_force(&ledger.payments);
    let notes = in_force(&ledger.credit_notes);
    let of = |wanted: Option<usize>| -> i64 {
        let all = payments.iter().chain(&notes);
        let of = all.filter(|(of, _)| *of == wanted);
        of.map(|(_, amount)| amount).sum()
    };
    // Those that name an invoice settle it, the oldest instalment first; those that name
    // none settle the oldest of all that is left.
    let (mut overdue, mut open) = (0, 0);
    for (index, instalments) in ledger.invoices.iter().enumerate() {
        let named = of(Some(index));
        overdue += (total(instalments, |day| day < 1) - named).max(0);
        open += (total(instalments, |_| true) - named).max(0);
    }
    let pool = of(None);
    let mut payers = view.payers.iter();
    let payer = payers.find(|one| one.body.as_ref().unwrap().body_id == "b-pcc");
    let payer = payer.unwrap();
    prop_assert_eq!(payer.overdue_pence, Some((overdue - pool).max(0)));
    let outstanding = view.invoices.iter().map(|one| one.outstanding_pence.max(0));
    prop_assert_eq!(outstanding.sum::<i64>(), (open - pool).max(0));
    let of_all = |is_meant| -> i64 {
        let invoices = ledger.invoices.iter();
        invoices.map(|one| total(one, is_meant)).sum()
    };
    let credit: i64 = notes.iter().map(|(_, amount)| amount).sum();
    prop_assert_eq!(payer.invoiced_pence, Some(of_all(|_| true) - credit));
    prop_assert_eq!(payer.due_pence, Some(of_all(|day| day < 2) - credit));
    let paid: i64 = payments.iter().map(|(_, amount)| amount).sum();
    prop_assert_eq!(payer.paid_pence, (!payments.is_empty()).then_some(paid));
    for invoice in &view.invoices {
        let parts = invoice.instalments.iter().map(|part| part.amount_pence);
        prop_assert_eq!(parts.sum::<i64>(), invoice.amount_pence);
    }
    Ok(())
}

#[test]
fn a_ledger_of_sums_agrees() {
    let cases = std::env::var("MINUTEBOOK_TEST_LEDGER_CASES").ok();
    let config = ProptestConfig {
        cases: cases.map_or(150, |cases| cases.parse().expect("a number of cases")),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&ledgers(), |ledger| check(&ledger));
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
