//! A log from before names were folded: it is read and verified, and the entries that
//! today's comparison of names would refuse are reported.

use std::sync::Arc;

use minutebook::archive::folder::Folder;
use minutebook::archive::verify::{
    StoredTrust, TrustAnchors, VerificationReport, verify, verify_records,
};
use minutebook::domain::ids::{Position, RequestId};
use minutebook::wire::entry::{EntryEnvelope, decode, encode};
use minutebook::wire::proto;
use serde_json::{Value, json};
use uuid::Uuid;

use super::fixture::Log;
use crate::decisions::approving::{adopt, approve, by, officer, request, virement, virements};
use crate::given::{append, event, on_x};

/// A log with the stage and a rule by which the chief finance officer approves.
pub fn ruled() -> Log {
    let mut log = Log::default();
    let rules = [virements("any", json!({}), officer(None))];
    for events in [
        crate::given::bodies(),
        stage_events(),
        vec![adopt("2020-01-01", "rules", &rules)],
    ] {
        record(&mut log, &events);
    }
    log
}

fn stage_events() -> Vec<Value> {
    let service = |id: &str| json!({ "serviceId": id, "name": id, "leadId": "a-cc" });
    vec![
        crate::given::collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]),
        on_x("2013", "serviceAdded", service("dogs")),
        on_x("2013", "serviceAdded", service("vans")),
    ]
}

pub fn record(log: &mut Log, events: &[Value]) {
    let tag = log.records.len() as u128;
    log.record(&append(tag, events));
}

/// Records an event as a version did that compared names by their letters, and had
/// other rules of form: without judging it.
pub fn record_before(log: &mut Log, what: Value) {
    let tag = log.records.len() as u128;
    let message = append(tag, &[what]);
    let [sent]: [proto::Event; 1] = message.events.try_into().expect("one event");
    let subject = sent.subject.parse().expect("a subject");
    let request: Uuid = message.request_id.parse().expect("a UUID");
    let envelope = EntryEnvelope {
        salt: None,
        position: Position::new(log.records.len() as u64 + 1),
        revision: log.register.revision(&subject).next(),
        recorded_at: "2026-02-01T00:00:00Z".parse().expect("an instant"),
        recorded_by: "Regional collaboration team",
        request: RequestId::new(request),
        request_index: 0,
        request_size: 1,
        caller: &minutebook::domain::entry::RecordedCaller::Local,
    };
    let bytes = encode(&envelope, &sent);
    let entry = decode(&bytes).expect("an entry that can be read");
    Arc::make_mut(&mut log.register).apply(Arc::new(entry));
    log.records.push(bytes);
}

pub fn checked(log: &Log) -> VerificationReport {
    let trust = TrustAnchors::default();
    verify_records(&trust, StoredTrust::default(), |visit| {
        for (position, record) in (1..).zip(&log.records) {
            visit(position, record);
        }
        Ok(())
    })
}

/// Approved by the proposer's own office, under another form of its name.
fn approved_by_its_proposer(form: &str) -> Log {
    let mut log = ruled();
    let proposed = by("a-pcc", form, request("2020-06-01", 1, virement("100")));
    record_before(&mut log, proposed);
    record_before(&mut log, approve("2020-06-02", 1));
    log
}

#[test]
fn what_was_accepted_by_the_letters_of_its_names_is_reported_and_no_fault() {
    for form in [
        "Chief Finance Officer ",
        "Chief\u{A0}Finance Officer",
        "Chief Finance Officer\u{200B}",
        "\u{421}hief Finance Officer",
    ] {
        let log = approved_by_its_proposer(form);
        let report = checked(&log);
        assert_eq!(report.faults, Vec::<String>::new(), "{form:?}");
        let [remark] = report.remarks.as_slice() else {
            panic!("{form:?}: {:?}", report.remarks);
        };
        let last = log.records.len();
        assert!(remark.starts_with(&format!("entry {last}: ")), "{remark}");
        assert!(remark.contains("OWN_PROPOSAL"), "{remark}");

        let folder = tempfile::tempdir().expect("a folder");
        log.export(folder.path(), last as u64, &super::fixture::key());
        let trust = TrustAnchors::default();
        let report = verify(&Folder::new(folder.path()), &trust, |_| {}).expect("files");
        assert_eq!(report.faults, Vec::<String>::new(), "{form:?}");
        assert_eq!(report.remarks.len(), 1, "{:?}", report.remarks);
    }
}

#[test]
fn what_no_version_accepted_stays_a_fault() {
    // Two offices never differed by capitals alone.
    for form in ["Chief Finance Officer", "CHIEF finance Officer"] {
        let mut log = approved_by_its_proposer(form);
        // A name in two forms elsewhere changes nothing.
        record_before(
            &mut log,
            on_x("2014", "aliasAdded", json!({ "alias": "X" })),
        );
        let report = checked(&log);
        assert_eq!(report.faults.len(), 1, "{form:?}: {:?}", report.faults);
        assert!(report.faults[0].contains("OWN_PROPOSAL"));
        assert_eq!(report.remarks, Vec::<String>::new());
    }
}

#[test]
fn names_that_are_refused_today_are_read_from_the_log() {
    let mut log = ruled();
    let seat = |name: &str| json!({ "description": name });
    let board = json!({ "name": "\u{202E}draoB", "powers": ["BOARD_POWER_DECIDES"],
        "members": [seat("Chair"), seat("Chair "), seat("chair")] });
    record_before(
        &mut log,
        event("boards/y", "2014", "boardConstituted", board),
    );
    for alias in ["\u{200B}", "a\u{AD}b", "\u{421}hief", "x\u{E000}"] {
        record_before(
            &mut log,
            on_x("2014", "aliasAdded", json!({ "alias": alias })),
        );
    }
    let units = json!({ "serviceId": "dogs", "added": ["Search", "Search\u{A0}"] });
    record_before(&mut log, on_x("2014", "serviceUnitsChanged", units));
    // Both leave: by its letters the second was another one.
    for unit in ["Search", "Search\u{A0}"] {
        let units = json!({ "serviceId": "dogs", "removed": [unit] });
        record_before(&mut log, on_x("2015", "serviceUnitsChanged", units));
    }
    let left = json!({ "left": [seat("chair"), seat("Chair "), seat("Chair")] });
    record_before(
        &mut log,
        event("boards/y", "2015", "boardMembershipChanged", left),
    );
    let report = checked(&log);
    assert_eq!(report.faults, Vec::<String>::new());
    let reasons = |reason: &str| report.remarks.iter().filter(|r| r.contains(reason)).count();
    assert_eq!((reasons("UNKNOWN_UNIT"), reasons("NOT_A_MEMBER")), (1, 2));
}
