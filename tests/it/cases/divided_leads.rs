//! The lead of a collaboration or service whose body was divided: who leads is to be
//! settled among those who follow it.

use minutebook::views::{self, attention::Asker};
use minutebook::wire::proto::AttentionKind;
use serde_json::{Value, json};

use super::{at, body, ids, x};
use crate::given::{Given, event, judged, on_x};

/// County leads `x` and its service, and is divided into East and West on 1 April 2012.
fn divided() -> Given {
    let all = ["county", "elm", "east", "west"].map(|id| body(id, "COUNCIL"));
    let mut given = Given::recorded(&all);
    given.record(&[
        on_x(
            "2011-04-01",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_PARTNERSHIP",
                "partyIds": ["county", "elm"], "leadId": "county" }),
        ),
        on_x(
            "2011-04-01",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "Service", "leadId": "county" }),
        ),
        event(
            "bodies/county",
            "2012-04-01",
            "bodySucceeded",
            json!({ "successorId": "east", "alsoSuccessorIds": ["west"] }),
        ),
    ]);
    given
}

fn transferred(on: &str, from: &str, to: &str) -> Value {
    let payload = json!({ "serviceId": "s", "fromId": from, "toId": to });
    on_x(on, "serviceLeadTransferred", payload)
}

fn to_be_settled(given: &Given, day: &str) -> Vec<String> {
    let register_view = at(given, day);
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&register_view, &asker);
    let lines = views::attention::list(&register_view, &asker, until).into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::OfficeLapsed);
    lines.map(|line| line.what).collect()
}

#[test]
fn who_leads_is_to_be_settled_among_the_heirs() {
    let given = divided();
    let before = x(&given, "2012-03-31");
    assert_eq!(before.summary.unwrap().lead.unwrap().body_id, "county");
    assert!(to_be_settled(&given, "2012-03-31").is_empty());
    let after = x(&given, "2012-04-01");
    let summary = after.summary.unwrap();
    assert_eq!(summary.lead, None);
    assert_eq!(ids(&summary.lead_to_be_settled), ["east", "west"]);
    assert_eq!(after.services[0].lead, None);
    assert_eq!(ids(&after.services[0].lead_to_be_settled), ["east", "west"]);
    assert_eq!(
        to_be_settled(&given, "2012-04-01"),
        [
            "east and west follow the lead: who leads is to be settled",
            "east and west follow the lead of the service s: who leads is to be settled"
        ]
    );
    let east = views::body::get(&at(&given, "2012-04-01"), &"east".parse().unwrap()).unwrap();
    assert!(!east.party_to[0].leads && east.party_to[0].leads_services.is_empty());
}

#[test]
fn the_lead_passes_from_the_body_before_to_any_party() {
    for to in ["east", "west", "elm"] {
        let mut given = divided();
        given.record(&[transferred("2012-04-01", "county", to)]);
        given.record(&[on_x("2012-04-01", "leadAppointed", json!({ "bodyId": to }))]);
        let shown = x(&given, "2012-04-01");
        assert_eq!(shown.summary.unwrap().lead.unwrap().body_id, to);
        assert_eq!(shown.services[0].lead.as_ref().unwrap().body_id, to);
        assert!(shown.services[0].lead_to_be_settled.is_empty());
        assert!(to_be_settled(&given, "2012-04-01").is_empty(), "{to}");
    }
    judged(
        &divided(),
        &[
            (
                "East never led",
                transferred("2012-05-01", "east", "west"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
            (
                "nobody leads",
                on_x(
                    "2012-05-01",
                    "leadEnded",
                    json!({ "serviceId": "s", "reason": "None" }),
                ),
                &[],
            ),
        ],
    );
}

#[test]
fn one_of_the_heirs_that_is_left_as_a_party_leads() {
    let mut given = divided();
    given.record(&[on_x(
        "2013-04-01",
        "partyWithdrew",
        json!({ "bodyId": "east", "reason": "Left", "agreedByIds": ["west", "elm"] }),
    )]);
    let shown = x(&given, "2013-04-01");
    assert_eq!(shown.summary.unwrap().lead.unwrap().body_id, "west");
    assert_eq!(shown.services[0].lead.as_ref().unwrap().body_id, "west");
}
