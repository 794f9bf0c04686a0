//! How the server starts on a real store, and the protocols it serves besides gRPC.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use minutebook::clock::Clock;
use minutebook::server::{ServerOptions, StartError, start};
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, ReadHistoryRequest, SubscribeRequest};
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use tonic::Code;
use tonic::transport::Channel;

use super::test_server::{ANYWHERE, TestServer, alias, body, options, refused, registered};
use crate::given::{append, now};

fn stored(data: &std::path::Path) -> ServerOptions {
    let mut options = ServerOptions::new(data, ANYWHERE);
    options.clock = Clock::new(now);
    options
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_gives_the_same() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let mut server = TestServer::connect_to(start(stored(&data)).await.unwrap()).await;
    server
        .record(append(1, &[registered("north"), alias("north", "N", 10)]))
        .await;
    for tag in 2..20 {
        server.record(body(tag)).await;
    }
    let before = server.history(ReadHistoryRequest::default()).await;
    let TestServer { running, .. } = server;
    running.stop().await.unwrap();

    let mut server = TestServer::connect_to(start(stored(&data)).await.unwrap()).await;
    assert_eq!(server.history(ReadHistoryRequest::default()).await, before);
    // It remembers its requests, its subjects and its tail.
    let again = server.record.append(body(7)).await.unwrap().into_inner();
    assert!(again.already_recorded);
    let taken = append(50, &[registered("north")]);
    refused(
        server.record.append(taken).await,
        Code::FailedPrecondition,
        "SUBJECT_EXISTS",
    );
    let next = server
        .record
        .append(append(51, &[alias("north", "M", 0)]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (next.receipts[0].position, next.receipts[0].revision),
        (21, 3)
    );
    server.running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_has_one_server() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let first = start(stored(&data)).await.unwrap();
    let second = start(stored(&data)).await.expect_err("a second server");
    assert!(matches!(second, StartError::Open(_)), "{second:?}");
    assert!(
        second.to_string().contains("in use by another process"),
        "{second}"
    );
    first.stop().await.unwrap();
    start(stored(&data))
        .await
        .expect("free again")
        .stop()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_use_leaves_no_store_behind() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let taken = TcpListener::bind(ANYWHERE).unwrap();
    let mut options = stored(&data);
    options.listen = taken.local_addr().unwrap().into();
    let error = start(options).await.expect_err("no address");
    assert!(matches!(error, StartError::Listen { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains(&taken.local_addr().unwrap().to_string()),
        "{error}"
    );
    assert!(!data.exists(), "a store was left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_entry_stops_the_start() {
    use minutebook::log::memory::MemoryMedium;
    use minutebook::log::{Appender, Batch, Position};
    let medium = MemoryMedium::new();
    let mut server = TestServer::on(options(), &medium).await;
    server.record(body(1)).await;
    server.running.stop().await.unwrap();
    let (mut appender, reader) = medium.restart();
    // An entry with an event of a kind that only a later version knows.
    let stored =
        minutebook::log::Reader::read(&reader, Position::new(1), minutebook::log::Limit::PAGE);
    let mut entry: minutebook::wire::proto::Entry =
        prost::Message::decode(&*stored.unwrap()[0].bytes).unwrap();
    entry.position = 2;
    entry.event.as_mut().unwrap().kind = None;
    let mut bytes = prost::Message::encode_to_vec(&entry);
    bytes.shrink_to_fit();
    appender
        .append(&Batch::new(vec![bytes]).unwrap(), Position::new(1))
        .unwrap();

    let (appender, reader) = medium.restart();
    let started =
        minutebook::server::start_on(options(), Box::new(appender), std::sync::Arc::new(reader));
    let error = started.await.expect_err("a start");
    let error = minutebook::error_chain::describe_chain(&error);
    assert!(
        error.contains("position 2") && error.contains("a newer version wrote this"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_recorders_on_a_real_store() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let server = TestServer::connect_to(start(stored(&data)).await.unwrap()).await;
    let mut clients = JoinSet::new();
    for tag in 0..256 {
        let mut record = server.record.clone();
        clients.spawn(async move { record.append(body(tag)).await.unwrap().into_inner() });
    }
    let answers = clients.join_all().await;
    let mut positions: Vec<_> = answers.iter().map(|a| a.receipts[0].position).collect();
    positions.sort_unstable();
    assert!(positions.into_iter().eq(1..=256));
    server.running.stop().await.unwrap();
    let mut server = TestServer::connect_to(start(stored(&data)).await.unwrap()).await;
    assert_eq!(
        server.history(ReadHistoryRequest::default()).await.len(),
        256
    );
    server.running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_lists_the_services_in_both_versions() {
    let server = TestServer::open().await;
    let wanted = [
        "minutebook.v1.AuditService",
        "minutebook.v1.RecordService",
        "minutebook.v1.RegisterService",
    ];
    macro_rules! listed {
        ($version:ident) => {{
            use tonic_reflection::pb::$version as pb;
            let request = pb::ServerReflectionRequest {
                host: String::new(),
                message_request: Some(pb::server_reflection_request::MessageRequest::ListServices(
                    String::new(),
                )),
            };
            let mut client =
                pb::server_reflection_client::ServerReflectionClient::new(server.channel.clone());
            let requests = tokio_stream::iter([request]);
            let mut answers = client
                .server_reflection_info(requests)
                .await
                .unwrap()
                .into_inner();
            let answer = answers
                .next()
                .await
                .unwrap()
                .unwrap()
                .message_response
                .unwrap();
            let pb::server_reflection_response::MessageResponse::ListServicesResponse(list) =
                answer
            else {
                panic!("{answer:?}");
            };
            list.service
                .into_iter()
                .map(|service| service.name)
                .collect::<Vec<_>>()
        }};
    }
    for listed in [listed!(v1), listed!(v1alpha)] {
        for service in wanted {
            assert!(
                listed.iter().any(|name| name == service),
                "{service}: {listed:?}"
            );
        }
    }
}

/// One gRPC-Web call over HTTP/1.1, as a browser makes it; returns the answer.
fn grpc_web(address: SocketAddr, method: &str, message: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let head = format!(
        "POST /minutebook.v1.{method} HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/grpc-web+proto\r\nX-Grpc-Web: 1\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        message.len() + 5
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&[0]).unwrap();
    stream
        .write_all(&u32::try_from(message.len()).unwrap().to_be_bytes())
        .unwrap();
    stream.write_all(message).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_answered() {
    let mut server = TestServer::open().await;
    let address = server.running.address().socket().expect("TCP");
    let call = |request: AppendRequest| {
        let message = prost::Message::encode_to_vec(&request);
        tokio::task::spawn_blocking(move || grpc_web(address, "RecordService/Append", &message))
    };
    let answer = String::from_utf8_lossy(&call(body(1)).await.unwrap()).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("bodies/body-1") && answer.contains("grpc-status:0"),
        "{answer}"
    );
    assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 1);

    let refusal = call(append(2, &[alias("nobody", "N", 0)])).await.unwrap();
    let refusal = String::from_utf8_lossy(&refusal).to_lowercase();
    assert!(
        refusal.contains("grpc-status: 9") || refusal.contains("grpc-status:9"),
        "{refusal}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_by_the_transport_have_the_same_form() {
    let server = TestServer::open().await;
    let mut client = tonic::client::Grpc::new(server.channel.clone());
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<AppendRequest, AppendRequest>::default();
    let path = http::uri::PathAndQuery::from_static("/minutebook.v1.RecordService/Forget");
    let answer = client
        .unary(tonic::Request::new(AppendRequest::default()), path, codec)
        .await;
    refused(answer, Code::Unimplemented, "NO_SUCH_METHOD");
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_connections() {
    let mut options = options();
    options.connections_max = 1;
    let mut server = TestServer::on(options, &minutebook::log::memory::MemoryMedium::new()).await;
    // No call is in progress on the first connection: it is closed, and reconnects by
    // itself.
    let mut other = recorder(server.running.address()).await;
    other.append(body(1)).await.expect("a place");
    server.record(body(2)).await;
    // Now a call is in progress.
    let subscribed = server.audit.subscribe(SubscribeRequest::default()).await;
    let mut subscribed = subscribed.expect("a stream").into_inner();
    let answer = tokio::time::timeout(Duration::from_secs(5), other.append(body(3))).await;
    assert!(
        answer.expect("soon").is_err(),
        "a connection beyond the limit was served"
    );
    assert!(subscribed.message().await.expect("it goes on").is_some());
}

/// A recorder with its own connection, which is opened when needed.
async fn recorder(address: impl std::fmt::Display) -> RecordServiceClient<Channel> {
    let endpoint = Channel::from_shared(format!("http://{address}"));
    RecordServiceClient::new(endpoint.expect("an address").connect_lazy())
}
