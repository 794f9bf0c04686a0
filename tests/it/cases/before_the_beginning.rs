//! Facts older than the collaboration that they are about, and corrections that name an
//! entry in every register alike.

use minutebook::views;
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, bodies, collaboration, date, event, judged, on_x};

const PROPOSAL: &str = "01930f5e-7c00-7000-9000-0000000000b0";

/// Forces a and b in `x` since 2013.
fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    Given::recorded(&events)
}

fn mandate(on: &str) -> Value {
    on_x(
        on,
        "directionIssued",
        json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE", "terms": "SI 2012/1690" }),
    )
}

#[test]
fn mandates_decisions_and_agreements_may_be_older_than_the_collaboration() {
    let mut given = alliance();
    let proposed = on_x(
        "2012-12-01",
        "matterProposed",
        json!({ "proposalId": PROPOSAL, "title": "To begin", "matter": { "other": "To begin" } }),
    );
    let mut decided = on_x(
        "2012-12-10",
        "decisionMade",
        json!({ "decisionId": "begin", "title": "To begin", "outcome": "OUTCOME_APPROVED", "proposalId": PROPOSAL }),
    );
    decided["actedBy"] = json!({ "bodyId": "a-pcc" });
    let drafted = on_x(
        "2012-12-05",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU", "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    );
    let considered = on_x(
        "2012-11-30",
        "opportunityConsidered",
        json!({ "opportunityId": "o", "title": "o", "outcome": "OPPORTUNITY_OUTCOME_PURSUED" }),
    );
    given.record(&[
        mandate("2012-11-22"),
        considered,
        proposed,
        decided,
        drafted,
    ]);
    for signatory in ["a-pcc", "a-cc", "b-pcc", "b-cc"] {
        let signed = json!({ "instrumentId": "mou", "bodyId": signatory });
        given.record(&[on_x("2012-12-20", "agreementSigned", signed)]);
    }
    let began = at(&given, "2013-01-01");
    let view = views::collaboration::get(&began, &"x".parse().unwrap()).expect("x");
    assert_eq!(view.directions.len(), 1);
    assert_eq!(view.opportunities.len(), 1);
    assert_eq!(view.instruments[0].signatures.len(), 4);
    assert!(view.instruments[0].in_force_on.is_some());
    let decisions = views::decisions::list(&began, None, false);
    assert_eq!(decisions[0].decision_id, "begin");
    // A change of it needs it to exist.
    judged(
        &given,
        &[
            (
                "a party",
                on_x("2012-12-31", "partyJoined", json!({ "bodyId": "c-pcc" })),
                &["BEFORE_SUBJECT"],
            ),
            (
                "a service",
                on_x(
                    "2012-12-31",
                    "serviceAdded",
                    json!({ "serviceId": "s", "name": "S" }),
                ),
                &["BEFORE_SUBJECT"],
            ),
            (
                "the end",
                on_x(
                    "2012-12-31",
                    "collaborationEnded",
                    json!({ "cause": "END_CAUSE_EXPIRY" }),
                ),
                &["BEFORE_SUBJECT", "MANDATE_STANDS", "TERM_HAS_NO_END"],
            ),
        ],
    );
}

#[test]
fn a_founding_date_is_corrected_earlier_with_its_bodies_in_one_request() {
    let mut given = Given::recorded(&[
        event(
            "bodies/ca",
            "2015",
            "bodyRegistered",
            json!({ "name": "ca", "kind": "BODY_KIND_COUNCIL" }),
        ),
        on_x(
            "2015",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["ca"] }),
        ),
        on_x(
            "2015-06",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "S" }),
        ),
    ]);
    let correct = |subject: &str, position: u64, replacement: Value| {
        event(
            subject,
            "",
            "entryCorrected",
            json!({ "position": position.to_string(), "reason": "Older", "replacement": replacement }),
        )
    };
    given.record(&[
        correct(
            "bodies/ca",
            1,
            event(
                "bodies/ca",
                "1974-04-01",
                "bodyRegistered",
                json!({ "name": "ca", "kind": "BODY_KIND_COUNCIL" }),
            ),
        ),
        correct(
            "collaborations/x",
            2,
            on_x(
                "2012",
                "collaborationEstablished",
                json!({ "name": "X", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["ca"] }),
            ),
        ),
        correct(
            "collaborations/x",
            3,
            on_x(
                "2012-06",
                "serviceAdded",
                json!({ "serviceId": "s", "name": "S" }),
            ),
        ),
    ]);
    let view =
        views::collaboration::get(&at(&given, "2012-07-01"), &"x".parse().unwrap()).expect("x");
    assert_eq!(view.services.len(), 1);
    let _ = date("2012");
}

#[test]
fn a_correction_names_an_entry_by_its_request_in_every_register() {
    let request = |given: &Given, position: usize| given.entries[position - 1].request.to_string();
    let wrong = on_x("2014", "aliasAdded", json!({ "alias": "Wrong" }));
    let right = on_x("2014", "aliasAdded", json!({ "alias": "Right" }));
    // The same two events under the same request, at other positions.
    let mut first = alliance();
    first.record(&[
        wrong.clone(),
        on_x("2014", "aliasAdded", json!({ "alias": "Kept" })),
    ]);
    let id = request(&first, first.entries.len());
    let void = |id: &str, index: u32| {
        on_x(
            "",
            "entryCorrected",
            json!({ "targetRequest": { "requestId": id, "index": index }, "reason": "Wrong", "replacement": right }),
        )
    };
    judged(
        &first,
        &[
            (
                "no such request",
                void("01930f5e-7c00-7000-9000-0000000000ff", 0),
                &["NO_SUCH_ENTRY"],
            ),
            ("no such index", void(&id, 2), &["NO_SUCH_ENTRY"]),
            ("the other event", void(&id, 1), &[]),
        ],
    );
    first.record(&[void(&id, 0)]);
    let view =
        views::collaboration::get(&at(&first, "2014-01-01"), &"x".parse().unwrap()).expect("x");
    assert_eq!(view.aliases, ["Right", "Kept"]);
    judged(&first, &[("twice", void(&id, 0), &["ALREADY_CORRECTED"])]);
}
