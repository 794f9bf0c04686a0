//! The entries that are recorded before an attack, and the requests of the attackers.

use minutebook::wire::json;
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::proto::{
    AppendRequest, DiffRequest, GetBodyRequest, Moment, ReplayRequest, moment,
};
use serde_json::{Value, json};
use tonic::transport::Channel;
use uuid::Uuid;

fn append(events: &[Value]) -> AppendRequest {
    json::from_value(json!({
        "requestId": Uuid::now_v7().to_string(), "recordedBy": "Load", "events": events,
    }))
    .expect("a request")
}

async fn record(client: &mut RecordServiceClient<Channel>, events: &[Value]) {
    for events in events.chunks(100) {
        client.append(append(events)).await.expect("recorded");
    }
}

fn council(id: &str) -> Value {
    json!({ "subject": format!("bodies/{id}"), "effectiveOn": { "year": 2013 },
        "bodyRegistered": { "name": format!("The {id}"), "kind": "BODY_KIND_COUNCIL" } })
}

fn alias(name: &str) -> Value {
    json!({ "subject": "bodies/long", "aliasAdded": { "alias": name } })
}

/// A body with this many aliases, and the body of [`note`].
pub async fn long_history(client: &mut RecordServiceClient<Channel>, entries: u32) {
    let aliases = (0..entries).map(|n| alias(&format!("Alias {n}")));
    let events = [council("long"), council("other")]
        .into_iter()
        .chain(aliases);
    record(client, &events.collect::<Vec<_>>()).await;
}

/// Corrections of the first hundred aliases, only to be judged.
pub fn dry_run_of_corrections() -> AppendRequest {
    let correction = |n: u32| {
        json!({ "subject": "bodies/long", "entryCorrected": { "position": (3 + n).to_string(),
            "reason": "Misspelt", "replacement": alias(&format!("The alias {n}")) } })
    };
    let corrections: Vec<Value> = (0..100).map(correction).collect();
    let mut request = append(&corrections);
    request.validate_only = true;
    request
}

/// This many bodies, with that of [`note`].
pub async fn many_bodies(client: &mut RecordServiceClient<Channel>, count: u32) {
    let bodies = (0..count).map(|n| council(&format!("body-{n}")));
    let events = [council("other")].into_iter().chain(bodies);
    record(client, &events.collect::<Vec<_>>()).await;
}

/// A collaboration with this many proposals.
pub async fn many_proposals(client: &mut RecordServiceClient<Channel>, count: u32) {
    let established = json!({ "subject": "collaborations/x", "effectiveOn": { "year": 2014 },
        "collaborationEstablished": { "name": "X", "kind": "COLLABORATION_KIND_REGIONAL",
            "partyIds": ["body-0", "body-1"] } });
    let proposals = (0..count).map(|n| {
        json!({ "subject": "collaborations/x", "effectiveOn": { "year": 2020 },
            "actedBy": { "bodyId": "body-0" },
            "matterProposed": { "proposalId": Uuid::from_u128(u128::from(n) + 1).to_string(),
                "title": format!("Matter {n}"), "matter": { "other": "Something" } } })
    });
    let events = [established].into_iter().chain(proposals);
    record(client, &events.collect::<Vec<_>>()).await;
}

/// A body with this many decisions of some 24 KB, which is also that of [`note`].
pub async fn many_decisions(client: &mut RecordServiceClient<Channel>, count: u32) {
    let long = "€".repeat(4_000);
    let decisions = (0..count).map(|n| {
        json!({ "subject": "bodies/other", "effectiveOn": { "year": 2020 },
            "actedBy": { "bodyId": "other" },
            "decisionMade": { "decisionId": format!("d-{n}"), "title": format!("Decision {n}"),
                "outcome": "OUTCOME_APPROVED", "reasons": long, "conditions": long } })
    });
    let events = [council("other")].into_iter().chain(decisions);
    for events in events.collect::<Vec<_>>().chunks(30) {
        record(client, events).await;
    }
}

/// The n-th append of a recorder who has nothing to do with the attack.
pub fn note(n: u32) -> AppendRequest {
    append(&[json!({ "subject": "bodies/other",
        "aliasAdded": { "alias": format!("Other {n} {}", Uuid::now_v7()) } })])
}

/// Reads a replay of the many proposals to its end, whatever that is.
pub async fn replay(client: &mut AuditServiceClient<Channel>) {
    let request = ReplayRequest {
        subject: "collaborations/x".into(),
        ..ReplayRequest::default()
    };
    if let Ok(steps) = client.replay(request).await {
        let mut steps = steps.into_inner();
        while let Ok(Some(_)) = steps.message().await {}
    }
}

/// Compares two moments at random.
pub async fn compare(client: &mut AuditServiceClient<Channel>) {
    let [random, ..] = *Uuid::new_v4().as_bytes();
    let moment = |position| Moment {
        moment: Some(moment::Moment::Position(position)),
    };
    let request = DiffRequest {
        from: Some(moment(1 + u64::from(random))),
        to: Some(moment(500 + u64::from(random) * 30)),
        ..DiffRequest::default()
    };
    let _ = client.diff(request).await;
}

/// Reads one body of many.
pub async fn body(client: &mut RegisterServiceClient<Channel>) {
    let request = GetBodyRequest {
        body_id: "body-7".into(),
        ..GetBodyRequest::default()
    };
    let _ = client.get_body(request).await;
}
