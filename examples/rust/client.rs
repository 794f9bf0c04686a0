//! A client in Rust: it records, reads, follows the log, and reads errors.
//!
//! ```text
//! cargo run -- serve --data target/example      # in a terminal of its own
//! cargo run --example client
//! cargo run --example client -- http://127.0.0.1:7878
//! ```
//!
//! Everything it calls is generated from `proto/`. It ends with exit code 0 if
//! every answer was as published, else with 1.

#![allow(clippy::print_stdout, reason = "it shows what it does")]

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::event::Kind;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::proto::subscribe_response::Message;
use minutebook::wire::proto::{
    AliasAdded, AppendRequest, AppendResponse, AsOf, BodyKind, BodyRegistered,
    CollaborationEstablished, CollaborationKind, Date, EntryFilter, Event, ExpectedRevision,
    GetBodyRequest, SubscribeRequest,
};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let url = std::env::args().nth(1);
    let url = url.unwrap_or_else(|| "http://127.0.0.1:7878".to_owned());
    let channel = Channel::from_shared(url)?.connect().await?;

    // The recorder chooses the ids. This one is new in every run.
    let id = format!("rust-{}", &Uuid::new_v4().simple().to_string()[..8]);
    let position = append(&channel, &id).await?;
    read(&channel, &id, position).await?;
    follow(&channel, &id, position).await?;
    errors(&channel, &id).await
}

/// Registers a body, and shows that a repeated request is recorded once.
async fn append(channel: &Channel, id: &str) -> Outcome<u64> {
    let request = request(vec![Event {
        subject: format!("bodies/{id}"),
        // A date may be partial: this is April 2013.
        effective_on: Some(Date {
            year: 2013,
            month: 4,
            day: 0,
        }),
        kind: Some(Kind::BodyRegistered(BodyRegistered {
            name: "Example Council".to_owned(),
            kind: BodyKind::Council.into(),
            ..Default::default()
        })),
        ..Default::default()
    }]);
    let first = send(channel, request.clone()).await?;
    let position = first.receipts[0].position;
    println!("Recorded at position {position}.");

    // The same request id and the same events: the same receipt, nothing new.
    let again = send(channel, request).await?;
    ensure(
        !first.already_recorded && again.already_recorded && again.receipts == first.receipts,
        "the second request returns the receipt of the first",
    )?;
    println!("Sent again: already recorded at position {position}.");
    Ok(position)
}

/// Reads the body, on two days.
async fn read(channel: &Channel, id: &str, position: u64) -> Outcome {
    let mut register = RegisterServiceClient::new(channel.clone());
    let mut ask = async |as_of| {
        let request = GetBodyRequest {
            body_id: id.to_owned(),
            as_of: Some(as_of),
        };
        register.get_body(request).await
    };
    // `at_least_position` waits until the register has applied our own entry.
    let today = AsOf {
        at_least_position: position,
        ..Default::default()
    };
    let answer = ask(today).await?.into_inner();
    let body = answer.body.and_then(|body| body.summary);
    let name = body.and_then(|summary| summary.body).map(|body| body.name);
    ensure(
        name.as_deref() == Some("Example Council"),
        "the name as recorded",
    )?;
    println!("Read back: Example Council.");

    let the_day_before = AsOf {
        as_at: Some(Date {
            year: 2013,
            month: 3,
            day: 31,
        }),
        ..Default::default()
    };
    match ask(the_day_before).await {
        Err(status) if status.code() == Code::NotFound => {
            println!("As at 31 March 2013: {}", status.message());
            Ok(())
        }
        other => Err(format!("not the answer for the day before: {other:?}").into()),
    }
}

/// Follows the log from a position, and receives an entry when it is recorded.
async fn follow(channel: &Channel, id: &str, position: u64) -> Outcome {
    let mut audit = AuditServiceClient::new(channel.clone());
    let mut stream = audit
        .subscribe(SubscribeRequest {
            filter: Some(EntryFilter {
                subjects: vec![format!("bodies/{id}")],
                ..Default::default()
            }),
            // To resume after an interruption, keep the position of the last entry that
            // you processed, and the fingerprint that came with it: the server refuses
            // if its log is another by then.
            after_position: position,
            log_fingerprint: Vec::new(),
        })
        .await?
        .into_inner();

    let mut recorded = None;
    while let Some(response) = stream.message().await? {
        match (response.message, recorded) {
            (Some(Message::CaughtUpToPosition(position)), None) => {
                println!("Following: caught up to position {position}.");
                let response = send(channel, request(vec![alias(id, "Example")])).await?;
                recorded = Some(response.receipts[0].position);
            }
            (Some(Message::Entry(found)), Some(expected)) => {
                let entry = found.entry.ok_or("an entry")?;
                ensure(entry.position == expected, "the entry just recorded")?;
                println!("Following: entry {} came in.", entry.position);
                return Ok(());
            }
            // Every few seconds the server sends the position that it has reached.
            _ => {}
        }
    }
    Err("the stream ended early".into())
}

/// Makes each kind of mistake and reads the error details.
async fn errors(channel: &Channel, id: &str) -> Outcome {
    // Unreadable fields: BadRequest names each of them.
    let unreadable = Event {
        subject: "bodies/NOT AN ID".to_owned(),
        kind: Some(Kind::BodyRegistered(BodyRegistered::default())),
        ..Default::default()
    };
    let status = refused(channel, request(vec![unreadable])).await?;
    let fields = status.get_details_bad_request().ok_or("a BadRequest")?;
    let fields: Vec<&str> = fields
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    ensure(
        status.code() == Code::InvalidArgument && fields.contains(&"events[0].subject"),
        "the subject is named",
    )?;

    // A broken rule: ErrorInfo carries the reason and the facts.
    let unknown_party = Event {
        subject: format!("collaborations/{id}"),
        effective_on: Some(Date {
            year: 2014,
            month: 1,
            day: 1,
        }),
        kind: Some(Kind::CollaborationEstablished(CollaborationEstablished {
            name: "Example Alliance".to_owned(),
            kind: CollaborationKind::Alliance.into(),
            party_ids: vec![id.to_owned(), format!("{id}-unknown")],
            ..Default::default()
        })),
        ..Default::default()
    };
    let status = refused(channel, request(vec![unknown_party])).await?;
    let info = status.get_details_error_info().ok_or("an ErrorInfo")?;
    ensure(
        status.code() == Code::FailedPrecondition
            && info.reason == "UNKNOWN_BODY"
            && info.metadata.get("body") == Some(&format!("{id}-unknown")),
        "the unknown body is named",
    )?;

    // Another recorder was first: read again, then decide again.
    let mut stale = request(vec![alias(id, "Late")]);
    stale.expected_revisions.push(ExpectedRevision {
        subject: format!("bodies/{id}"),
        revision: 1,
    });
    let status = refused(channel, stale).await?;
    let info = status.get_details_error_info().ok_or("an ErrorInfo")?;
    ensure(
        status.code() == Code::Aborted && info.reason == "STALE_REVISION",
        "the revision is stale",
    )
}

/// A request with these events and a new request id.
fn request(events: Vec<Event>) -> AppendRequest {
    AppendRequest {
        request_id: Uuid::now_v7().to_string(),
        recorded_by: "Rust example".to_owned(),
        events,
        ..Default::default()
    }
}

fn alias(id: &str, alias: &str) -> Event {
    Event {
        subject: format!("bodies/{id}"),
        kind: Some(Kind::AliasAdded(AliasAdded {
            alias: alias.to_owned(),
            ..Default::default()
        })),
        ..Default::default()
    }
}

/// Appends. If the outcome is unknown or the server is unavailable, sends the same
/// request again: the request id ensures that it is recorded once.
async fn send(channel: &Channel, request: AppendRequest) -> Result<AppendResponse, Status> {
    let mut record = RecordServiceClient::new(channel.clone());
    let mut attempts = 1;
    loop {
        match record.append(request.clone()).await {
            Err(status) if status.code() == Code::Unavailable && attempts < 5 => {
                attempts += 1;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            answer => return answer.map(tonic::Response::into_inner),
        }
    }
}

/// Sends a request that must be refused, and prints every part of the refusal.
async fn refused(channel: &Channel, request: AppendRequest) -> Outcome<Status> {
    let Err(status) = send(channel, request).await else {
        return Err("this should have been refused".into());
    };
    println!("Refused, {:?}: {}", status.code(), status.message());
    if let Some(info) = status.get_details_error_info() {
        println!("  reason {} ({}):", info.reason, info.domain);
        for (name, value) in BTreeMap::from_iter(&info.metadata) {
            println!("    {name}: {value}");
        }
    }
    if let Some(details) = status.get_details_bad_request() {
        for violation in details.field_violations {
            println!("  field {}: {}", violation.field, violation.description);
        }
    }
    if let Some(details) = status.get_details_precondition_failure() {
        for violation in details.violations {
            println!("  rule {}: {}", violation.r#type, violation.description);
        }
    }
    Ok(status)
}

fn ensure(holds: bool, expectation: &str) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(format!("expected: {expectation}").into())
    }
}
