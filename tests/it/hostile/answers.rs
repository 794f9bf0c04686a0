//! Large answers: default clients can read them, and answers that nobody reads do not
//! fill the memory.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use minutebook::log::memory::MemoryMedium;
use minutebook::server::ServerOptions;
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::proto::{
    AppendRequest, GetBodyRequest, ListBodiesRequest, ListDecisionsRequest, ReplayRequest,
    StateAtRequest,
};
use serde_json::{Value, json};
use tonic::transport::Channel;
use tonic::{Code, Request};

use super::crowd::{address, is_serving, resident};
use super::raw::{END_STREAM, HEADERS, Raw, frames, message};
use crate::given::{append, event};
use crate::grpc::test_server::{TestServer, fact, options, refused, registered};
use crate::program::register;

/// The limit of a client for which nobody sets another.
const DEFAULT_LIMIT: usize = 4 << 20;

/// Longer than any step here takes.
const SOON: Duration = Duration::from_secs(60);

pub const STATE_AT: &str = "/minutebook.v1.AuditService/StateAt";

/// A decision of some 24 KB.
fn decision(body: &str, number: usize) -> Value {
    let mut event = event(
        &format!("bodies/{body}"),
        "2020-01-01",
        "decisionMade",
        json!({
            "decisionId": format!("d-{number}"),
            "title": format!("Decision {number}"),
            "outcome": "OUTCOME_APPROVED",
            "reasons": "€".repeat(4_000),
            "conditions": "€".repeat(4_000),
        }),
    );
    event["actedBy"] = json!({ "bodyId": body });
    event
}

/// Requests that register a body and record decisions of it.
pub fn decisions(body: &str, count: usize) -> Vec<AppendRequest> {
    let mut requests = vec![append(1_000_000, &[registered(body)])];
    let numbers: Vec<_> = (0..count).collect();
    requests.extend(numbers.chunks(30).map(|numbers| {
        let events: Vec<_> = numbers.iter().map(|n| decision(body, *n)).collect();
        append(1_000_001 + numbers[0] as u128, &events)
    }));
    requests
}

pub fn state_at(body: &str) -> StateAtRequest {
    StateAtRequest {
        subject: format!("bodies/{body}"),
        ..StateAtRequest::default()
    }
}

async fn server(with: impl FnOnce(&mut ServerOptions), decided: &[(&str, usize)]) -> TestServer {
    let mut options = options();
    with(&mut options);
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    for (index, (body, count)) in decided.iter().enumerate() {
        for mut request in decisions(body, *count) {
            // Another id for each body.
            request.request_id.replace_range(..1, &index.to_string());
            server.record(request).await;
        }
    }
    server
}

/// A channel from another address of this machine.
async fn channel_from(server: &TestServer, last: u8) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{}", server.running.address()));
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
    let endpoint = endpoint.expect("an address").local_address(Some(address));
    endpoint.connect().await.expect("a connection")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_client_reads_a_long_list_to_its_end() {
    let mut server = server(|_| {}, &[("long", 190)]).await;
    let (mut found, mut pages, mut token) = (Vec::new(), 0, String::new());
    loop {
        let request = ListDecisionsRequest {
            page_size: 1_000,
            page_token: token,
            ..ListDecisionsRequest::default()
        };
        let page = server.register.list_decisions(request).await;
        let page = page.expect("a page that fits").into_inner();
        assert!(!page.decisions.is_empty());
        found.extend(page.decisions.into_iter().map(|d| d.decision_id));
        pages += 1;
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(pages, 2);
    let mut expected: Vec<_> = (0..190).map(|n| format!("d-{n}")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    // A page as short as one was asked for is as long as before.
    let request = ListDecisionsRequest {
        page_size: 7,
        ..ListDecisionsRequest::default()
    };
    let page = server.register.list_decisions(request).await;
    assert_eq!(page.expect("a page").into_inner().decisions.len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_beyond_the_limit_has_a_reason_and_a_way_out() {
    let mut server = server(|_| {}, &[("long", 190)]).await;
    let status = server.audit.state_at(state_at("long")).await;
    let status = refused(status, Code::OutOfRange, "ANSWER_TOO_LARGE");
    let bytes: usize = fact(&status, "answer_bytes").parse().expect("a number");
    assert!(bytes > DEFAULT_LIMIT, "{bytes}");
    assert_eq!(fact(&status, "answer_bytes_max"), DEFAULT_LIMIT.to_string());
    assert!(status.message().contains("minutebook-answer-bytes-max"));

    // The way out.
    let accepting = |limit: &str| {
        let mut request = Request::new(state_at("long"));
        let limit = limit.parse().expect("metadata");
        request
            .metadata_mut()
            .insert("minutebook-answer-bytes-max", limit);
        request
    };
    let audit = AuditServiceClient::new(server.channel.clone());
    let mut large = audit.max_decoding_message_size(64 << 20);
    for limit in ["67108864", "999999999999"] {
        let answer = large.state_at(accepting(limit)).await.expect("an answer");
        let state = answer.into_inner().state.expect("a state");
        assert_eq!(state.decisions.len(), 190);
    }
    // Less than every client accepts means what every client accepts.
    let small = large.state_at(accepting("1")).await;
    let status = refused(small, Code::OutOfRange, "ANSWER_TOO_LARGE");
    assert_eq!(fact(&status, "answer_bytes_max"), DEFAULT_LIMIT.to_string());
    for limit in ["-1", "many", ""] {
        let status = large.state_at(accepting(limit)).await;
        let status = refused(status, Code::InvalidArgument, "INVALID_FIELDS");
        assert_eq!(fact(&status, "field"), "minutebook-answer-bytes-max");
    }

    // A stream ends with the reason, after the messages that fit.
    let request = ReplayRequest {
        subject: "bodies/long".into(),
        with_state: true,
        from_position: 170,
        ..ReplayRequest::default()
    };
    let mut steps = server
        .audit
        .replay(request)
        .await
        .expect("a stream")
        .into_inner();
    let mut sent = 0;
    let ended = loop {
        match steps.message().await {
            Ok(Some(_)) => sent += 1,
            Ok(None) => panic!("it fitted"),
            Err(status) => break status,
        }
    };
    refused(Err::<(), _>(ended), Code::OutOfRange, "ANSWER_TOO_LARGE");
    assert!((1..20).contains(&sent), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_share_one_budget() {
    let limits = |options: &mut ServerOptions| {
        options.unread_bytes_max = 16 << 20;
        options.peer_share = 50;
    };
    let mut server = server(limits, &[("long", 80), ("short", 1)]).await;
    let address = server.running.address().to_string();
    let request = message(&state_at("long"));
    // No room for answers, or for one byte of each: the transport then takes the whole
    // answer, and keeps it.
    for window in [0, 1] {
        let mut unread = Raw::open(&address, window).await.expect("a connection");
        let count = 20;
        for number in 0..count {
            let asked = unread.ask(2 * number + 1, STATE_AT, &request);
            asked.await.expect("sent");
        }
        let mut read = Vec::new();
        let answered = async {
            while headers(&read).len() < count as usize {
                read.extend(unread.until_closed(Duration::from_millis(50)).await.0);
            }
        };
        tokio::time::timeout(SOON, answered).await.expect("headers");
        // A refusal is headers that end the stream.
        let refusals = headers(&read).iter().filter(|ends| **ends).count();
        assert_eq!(refusals, 20 - 4, "eight MiB are four answers");

        // Others read large answers meanwhile, and this address small ones.
        let mut other = AuditServiceClient::new(channel_from(&server, 2).await);
        other.state_at(state_at("long")).await.expect("an answer");
        server.audit.state_at(state_at("short")).await.expect("one");
        let list = ListBodiesRequest::default();
        server.register.list_bodies(list).await.expect("a list");
        let large = server.audit.state_at(state_at("long")).await;
        refused(large, Code::ResourceExhausted, "OVERLOADED");

        // Their memory is given back with their connection.
        drop(unread);
        let freed = async {
            while server.audit.state_at(state_at("long")).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(SOON, freed).await.expect("freed");
    }
    let mut register = RegisterServiceClient::new(channel_from(&server, 3).await);
    let request = GetBodyRequest {
        body_id: "long".into(),
        ..GetBodyRequest::default()
    };
    register.get_body(request).await.expect("an answer");
}

/// The attack as it was made: one connection with a closed window.
#[tokio::test(flavor = "multi_thread")]
async fn large_answers_that_are_not_read_do_not_fill_the_memory() {
    let (serving, _dir) = register();
    let mut record = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("a connection");
    for request in decisions("long", 160) {
        record.append(request).await.expect("an admission");
    }
    let mut audit = AuditServiceClient::connect(serving.url.clone())
        .await
        .expect("a connection");
    audit.state_at(state_at("long")).await.expect("it fits");
    let before = resident(&serving);
    let request = message(&state_at("long"));
    let mut unread = Raw::open(address(&serving), 0).await.expect("a connection");
    let count = 120;
    let (mut peak, mut read) = (0, Vec::new());
    for number in 0..count {
        let asked = unread.ask(2 * number + 1, STATE_AT, &request);
        asked.await.expect("sent");
    }
    let answered = async {
        while headers(&read).len() < count as usize {
            read.extend(unread.until_closed(Duration::from_millis(50)).await.0);
            peak = peak.max(resident(&serving).saturating_sub(before));
        }
    };
    tokio::time::timeout(2 * SOON, answered)
        .await
        .expect("headers");
    println!("{count} states of 3.7 MiB unread: {peak} MiB");
    assert!(peak < 360, "{peak} MiB");
    is_serving(&serving, 1).await;
}

/// For each HEADERS frame, whether it ends its stream.
fn headers(read: &[u8]) -> Vec<bool> {
    let mut found = Vec::new();
    let mut rest = read;
    for (kind, _, payload) in frames(read) {
        if kind == HEADERS {
            found.push(rest[4] & END_STREAM != 0);
        }
        rest = &rest[9 + payload.len()..];
    }
    found
}
