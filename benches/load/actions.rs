//! The requests of the load test: first the subjects, then actions of about 300
//! bytes each.

use minutebook::wire::json;
use minutebook::wire::proto;
use uuid::Uuid;

/// The number of collaborations that requests are about.
pub const COLLABORATIONS: u32 = 1_000;

pub fn event(json: serde_json::Value) -> proto::Event {
    json::from_value(json).expect("an event")
}

/// The events that come first: a body and the collaborations.
pub fn stage() -> Vec<proto::Event> {
    let body = serde_json::json!({ "subject": "bodies/a-pcc", "effectiveOn": { "year": 2013 },
        "bodyRegistered": { "name": "A PCC", "kind": "BODY_KIND_POLICING_BODY", "force": "a" } });
    let collaborations = (0..COLLABORATIONS).map(|n| {
        event(serde_json::json!({ "subject": format!("collaborations/c-{n}"), "effectiveOn": { "year": 2014 },
            "collaborationEstablished": { "name": format!("Collaboration {n}"),
                "kind": "COLLABORATION_KIND_REGIONAL", "partyIds": ["a-pcc"], "leadId": "a-pcc" } }))
    });
    std::iter::once(event(body)).chain(collaborations).collect()
}

pub fn append(events: Vec<proto::Event>) -> proto::AppendRequest {
    proto::AppendRequest {
        request_id: Uuid::now_v7().to_string(),
        recorded_by: "Load".into(),
        events,
        ..Default::default()
    }
}

/// A request with one action of about 300 bytes, on one of the collaborations.
pub fn action(n: u32) -> proto::AppendRequest {
    append(vec![agreed(n, 0)])
}

/// The `index`-th action of the n-th request, each on another collaboration. It is
/// built field by field, so that building it costs little.
pub fn agreed(n: u32, index: u32) -> proto::Event {
    let actor = |office: &str| proto::Actor {
        body_id: "a-pcc".into(),
        office: office.into(),
    };
    let agreed = proto::ActionAgreed {
        action_id: format!("action-{n}-{index}"),
        what: "Review how the partnerships work with the thematic groups, and report to the next \
               meeting of the board."
            .into(),
        owner: Some(actor("")),
        ..Default::default()
    };
    proto::Event {
        subject: format!(
            "collaborations/c-{}",
            n.wrapping_mul(7).wrapping_add(index) % COLLABORATIONS
        ),
        effective_on: Some(proto::Date {
            year: 2020,
            month: 4,
            day: 1,
        }),
        acted_by: Some(actor("Chief Executive")),
        sources: vec![proto::Source {
            title: "Minutes of the regional collaboration board".into(),
            place: "item 6, ¶12".into(),
            ..Default::default()
        }],
        kind: Some(proto::event::Kind::ActionAgreed(agreed)),
        ..Default::default()
    }
}
