//! A log from before late entries were held against those in force after them: it is read
//! and verified, and the entries that contradict others are reported.

use serde_json::{Value, json};

use super::spelling::{checked, record, record_before, ruled};
use crate::given::on_x;

fn leads(on: &str) -> Value {
    on_x(on, "leadAppointed", json!({ "bodyId": "b-pcc" }))
}

fn left(on: &str) -> Value {
    on_x(
        on,
        "partyWithdrew",
        json!({ "bodyId": "b-pcc", "reason": "It left" }),
    )
}

#[test]
fn a_late_entry_that_contradicts_another_is_a_fault_of_the_log() {
    let mut log = ruled();
    record(&mut log, &[leads("2016-01-01")]);
    let lead = log.records.len();
    record_before(&mut log, left("2015-01-01"));
    let report = checked(&log);
    let [fault] = report.faults.as_slice() else {
        panic!("{:?}", report.faults);
    };
    let late = log.records.len();
    assert!(
        fault.starts_with(&format!("entry {late}: rule 9")),
        "{fault}"
    );
    assert!(
        fault.contains(&format!("entry {lead}, dated 2016-01-01")),
        "{fault}"
    );
    assert!(
        fault.ends_with("(effective_on, CONTRADICTS_LATER)"),
        "{fault}"
    );
    assert_eq!(
        report.bearable.into_iter().collect::<Vec<_>>(),
        [late as u64]
    );
}

#[test]
fn a_request_is_judged_as_a_whole_when_it_is_verified_too() {
    let mut log = ruled();
    record(&mut log, &[leads("2016-01-01")]);
    let lead = log.records.len().to_string();
    let voided = json!({ "position": lead, "reason": "It never led" });
    let voided = on_x("", "entryCorrected", voided);
    record(&mut log, &[left("2015-01-01"), voided]);
    let report = checked(&log);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}
