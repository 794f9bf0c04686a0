//! Services: left on their own notice, suspended and resumed, and led by nobody.

use minutebook::wire::proto::Standing;
use serde_json::{Value, json};

use super::{agree, councils, ids, refusal, x};
use crate::given::{Given, date, judged, on_x};

const ALL: [&str; 3] = ["p", "q", "r"];
const KIND: &str = "INTER_AUTHORITY_AGREEMENT";

/// Three councils with a service, whose instrument asks for twelve months of notice.
fn shared(names_instrument: bool) -> Given {
    let mut given = councils(&ALL, "2014-01-01");
    let terms = json!({ "noticeAsPartyMonths": 12 });
    agree(&mut given, "i", "2014-01-01", KIND, terms, &ALL);
    let mut service = json!({ "serviceId": "s", "name": "S", "leadId": "p" });
    if names_instrument {
        service["instrumentId"] = "i".into();
    }
    given.record(&[on_x("2014-01-01", "serviceAdded", service)]);
    given
}

fn notice(on: &str, body: &str, to: &str) -> Value {
    let payload = json!({ "noticeId": format!("n-{body}"), "bodyId": body, "serviceId": "s",
        "capacity": "NOTICE_CAPACITY_PARTY", "takesEffectOn": date(to) });
    on_x(on, "noticeGiven", payload)
}

fn leaves(on: &str, body: &str, with: Value) -> Value {
    let mut payload = json!({ "serviceId": "s", "leftIds": [body] });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(with.as_object().unwrap().clone());
    on_x(on, "servicePartiesChanged", payload)
}

fn removed(on: &str, with: Value) -> Value {
    let mut payload = json!({ "serviceId": "s", "reason": "Not needed" });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(with.as_object().unwrap().clone());
    on_x(on, "serviceRemoved", payload)
}

#[test]
fn a_party_leaves_a_service_on_the_notice_that_its_instrument_asks_for() {
    let mut given = shared(true);
    given.record(&[notice("2015-04-01", "q", "2016-04-01")]);
    judged(
        &given,
        &[
            (
                "before its notice has run",
                leaves("2015-10-01", "q", json!({})),
                &["NOTICE_STILL_RUNNING"],
            ),
            ("when it has run", leaves("2016-04-01", "q", json!({})), &[]),
            (
                "within the month of its day",
                leaves("2016-04", "q", json!({})),
                &[],
            ),
            (
                "in the year before",
                leaves("2015", "q", json!({})),
                &["NOTICE_STILL_RUNNING"],
            ),
            (
                "without notice",
                leaves("2015-11-01", "r", json!({})),
                &["NOTICE_REQUIRED"],
            ),
            (
                "released by one",
                leaves("2015-11-01", "r", json!({ "agreedByIds": ["p"] })),
                &["NOTICE_REQUIRED"],
            ),
            (
                "released by the others",
                leaves("2015-11-01", "r", json!({ "agreedByIds": ["p", "q"] })),
                &[],
            ),
            (
                "released while its notice runs",
                leaves("2015-11-01", "q", json!({ "agreedByIds": ["p", "r"] })),
                &[],
            ),
            (
                "by law",
                leaves("2015-11-01", "r", json!({ "legalBasis": "SI 2015/1" })),
                &[],
            ),
            (
                "removed while a notice runs",
                removed("2015-11-02", json!({})),
                &["NOTICE_STILL_RUNNING"],
            ),
            (
                "removed by all",
                removed("2015-11-02", json!({ "agreedByIds": ALL })),
                &[],
            ),
            (
                "removed once it has run",
                removed("2016-04-01", json!({})),
                &[],
            ),
        ],
    );
    given.record(&[leaves(
        "2015-11-01",
        "r",
        json!({ "agreedByIds": ["p", "q"] }),
    )]);
    let exit = &x(&given, "2015-12-01").services[0].exits[0];
    assert_eq!(
        (ids(&exit.left), ids(&exit.agreed_by)),
        (vec!["r"], vec!["p", "q"])
    );
    given.record(&[leaves("2016-04-01", "q", json!({}))]);
    // The notice was used: it serves no second time.
    let joins = json!({ "serviceId": "s", "joinedIds": ["q"] });
    given.record(&[on_x("2017-01-01", "servicePartiesChanged", joins)]);
    judged(
        &given,
        &[(
            "after it has joined again",
            leaves("2018-01-01", "q", json!({})),
            &["NOTICE_REQUIRED"],
        )],
    );
    given.record(&[removed("2018-02-01", json!({ "agreedByIds": ["p", "q"] }))]);
    let former = &x(&given, "2018-03-01").former_services[0];
    assert_eq!(ids(&former.removed_agreed_by), ["p", "q"]);
}

#[test]
fn an_agreement_of_the_whole_asks_for_no_notice_to_leave_one_service() {
    let given = shared(false);
    judged(
        &given,
        &[
            ("left", leaves("2015-11-01", "r", json!({})), &[]),
            ("removed", removed("2015-11-01", json!({})), &[]),
        ],
    );
    // Notice to leave the whole is notice to leave each service.
    let mut given = shared(true);
    let whole = json!({ "noticeId": "n", "bodyId": "r",
        "capacity": "NOTICE_CAPACITY_PARTY", "takesEffectOn": date("2016-04-01") });
    given.record(&[on_x("2015-04-01", "noticeGiven", whole)]);
    judged(
        &given,
        &[
            (
                "before it has run",
                leaves("2015-11-01", "r", json!({})),
                &["NOTICE_REQUIRED"],
            ),
            ("after it", leaves("2016-04-01", "r", json!({})), &[]),
        ],
    );
}

#[test]
fn a_service_is_suspended_and_resumed() {
    let mut given = shared(true);
    let suspended = json!({ "agreedByIds": ALL, "reason": "Suspended: coronavirus" });
    let resumes = |on: &str| {
        let payload = json!({ "serviceId": "s", "reason": "Patrols again" });
        on_x(on, "serviceResumed", payload)
    };
    judged(
        &given,
        &[("while it runs", resumes("2019-01-01"), &["ALREADY_SO"])],
    );
    given.record(&[removed("2020-03-23", suspended)]);
    let again = |id: &str| {
        let payload = json!({ "serviceId": id, "name": "S" });
        on_x("2020-09-01", "serviceAdded", payload)
    };
    judged(
        &given,
        &[
            ("added again", again("s"), &["SERVICE_WAS_REMOVED"]),
            ("another", again("t"), &[]),
        ],
    );
    assert!(refusal(&given, &again("s")).contains("record service_resumed"));
    given.record(&[resumes("2020-09-01")]);
    let during = x(&given, "2020-06-01");
    assert_eq!(
        (during.services.len(), during.former_services.len()),
        (0, 1)
    );
    let after = x(&given, "2020-10-01");
    assert_eq!((after.services.len(), after.former_services.len()), (1, 0));
    let service = &after.services[0];
    assert_eq!(service.lead.as_ref().unwrap().body_id, "p");
    assert_eq!(
        (service.removed_on, service.removed_reason.as_str()),
        (None, "")
    );
    let time = &service.interruptions[0];
    assert_eq!(time.removed_on.unwrap().month, 3);
    assert_eq!(time.resumed_on.unwrap().month, 9);
    assert_eq!(time.removed_reason, "Suspended: coronavirus");
    assert_eq!(time.resumed_reason, "Patrols again");
    given.record(&[removed("2022-01-01", json!({ "agreedByIds": ALL }))]);
    assert_eq!(x(&given, "2022-02-01").former_services.len(), 1);
    let i = super::instrument(&given, "i", "2022-02-01");
    assert_eq!(i.standing(), Standing::InForce);
}

#[test]
fn nobody_leads_any_more() {
    let mut given = shared(true);
    given.record(&[on_x(
        "2015-04-01",
        "leadAppointed",
        json!({ "bodyId": "p" }),
    )]);
    let ends = |on: &str, service: &str| {
        let mut payload = json!({ "reason": "Led by none of them" });
        if !service.is_empty() {
            payload["serviceId"] = service.into();
        }
        on_x(on, "leadEnded", payload)
    };
    let withdraws = |on: &str| {
        let payload = json!({ "bodyId": "p", "reason": "Leaves", "agreedByIds": ["q", "r"] });
        on_x(on, "partyWithdrew", payload)
    };
    judged(
        &given,
        &[(
            "a lead does not leave",
            withdraws("2018-06-01"),
            &["STILL_LEADS", "STILL_LEADS"],
        )],
    );
    given.record(&[ends("2018-04-01", "")]);
    given.record(&[ends("2018-05-01", "s")]);
    judged(
        &given,
        &[
            ("twice", ends("2018-06-01", ""), &["ALREADY_SO"]),
            (
                "twice for the service",
                ends("2018-06-01", "s"),
                &["ALREADY_SO"],
            ),
            ("then it may leave", withdraws("2018-06-01"), &[]),
        ],
    );
    let before = x(&given, "2018-03-31");
    assert_eq!(before.summary.unwrap().lead.unwrap().body_id, "p");
    assert!(before.lead_ended_on.is_none());
    let after = x(&given, "2018-06-01");
    assert!(after.summary.unwrap().lead.is_none());
    assert_eq!(after.lead_ended_on.unwrap().month, 4);
    assert_eq!(after.lead_ended_reason, "Led by none of them");
    let service = &after.services[0];
    assert!(service.lead.is_none());
    assert_eq!(service.lead_ended_on.unwrap().month, 5);
    // Another is appointed after it.
    given.record(&[on_x(
        "2019-01-01",
        "leadAppointed",
        json!({ "bodyId": "q" }),
    )]);
    let taken = json!({ "serviceId": "s", "toId": "r" });
    given.record(&[on_x("2019-01-01", "serviceLeadTransferred", taken)]);
    let last = x(&given, "2019-02-01");
    assert_eq!(last.summary.unwrap().lead.unwrap().body_id, "q");
    assert!(last.lead_ended_on.is_none());
    assert_eq!(last.services[0].lead.as_ref().unwrap().body_id, "r");
}
