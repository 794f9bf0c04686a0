//! Client certificates that count no longer while a connection is open: its streams end, and
//! its calls are nobody's.

use std::time::{Duration, SystemTime};

use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::caller_service_client::CallerServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{
    AppendRequest, AppendResponse, SubscribeRequest, SubscribeResponse, WhoAmIRequest,
};
use rcgen::date_time_ymd;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};

use super::certificates::{Ca, Pair};
use super::{SOON, channel, client, is_answered, port, with_tls};
use crate::grpc::test_server::{TestServer, refused};

/// A server that takes the certificates of clients, and a list of revoked ones.
async fn server(ca: &Ca, dir: &std::path::Path) -> TestServer {
    let mut options = with_tls(&ca.server(dir, "server"));
    let tls = options.tls.as_mut().expect("TLS");
    tls.client_ca = Some(ca.file.clone());
    tls.client_crl = Some(ca.revokes(dir, &[]));
    TestServer::on_tls(options, ca).await
}

/// A client with a certificate, and its two streams.
struct Streams {
    channel: Channel,
    followed: Streaming<SubscribeResponse>,
    _requests: mpsc::Sender<AppendRequest>,
    recorded: Streaming<AppendResponse>,
}

async fn open(ca: &Ca, pair: &Pair, port: u16) -> Result<Streams, Status> {
    let connected = channel(client(ca, Some(pair), &[b"h2"]), port).await;
    let channel = connected.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut audit = AuditServiceClient::new(channel.clone());
    let followed = audit.subscribe(SubscribeRequest::default()).await?;
    let (requests, sent) = mpsc::channel(1);
    let mut record = RecordServiceClient::new(channel.clone());
    let recorded = record.append_stream(ReceiverStream::new(sent)).await?;
    Ok(Streams {
        channel,
        followed: followed.into_inner(),
        _requests: requests,
        recorded: recorded.into_inner(),
    })
}

/// The status with which a stream ends.
async fn end<T: std::fmt::Debug>(mut stream: Streaming<T>) -> Status {
    loop {
        match stream.message().await {
            Ok(message) => drop(message.expect("an end says why")),
            Err(status) => return status,
        }
    }
}

/// Both streams end, the connection stays, and its calls are nobody's.
async fn ends(streams: Streams) {
    let ends = futures::future::join(end(streams.followed), end(streams.recorded));
    let ended = tokio::time::timeout(SOON, ends).await;
    let (followed, recorded) = ended.expect("both streams end");
    for status in [followed, recorded] {
        let status = refused(
            Err::<(), _>(status),
            Code::Unauthenticated,
            "SIGN_IN_REQUIRED",
        );
        assert!(status.message().contains("certificate"), "{status}");
    }
    is_answered(streams.channel.clone())
        .await
        .expect("health needs no caller");
    let mut caller = CallerServiceClient::new(streams.channel);
    let answer = caller.who_am_i(WhoAmIRequest {}).await;
    refused(answer, Code::Unauthenticated, "SIGN_IN_REQUIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_streams_of_a_revoked_certificate_end_and_those_of_others_go_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let ca = Ca::new(dir, "ca");
    let (revoked, good) = (
        ca.client(dir, "revoked", |_| {}),
        ca.client(dir, "good", |_| {}),
    );
    let server = server(&ca, dir).await;
    let on = port(&server);
    let lapses = open(&ca, &revoked, on).await.expect("streams");
    let stays = open(&ca, &good, on).await.expect("streams");
    // Files that say the same as before end nothing.
    server.running.tls().expect("TLS").ask();
    let beats = |streams: Streams| async move {
        let mut followed = streams.followed;
        for _ in 0..3 {
            followed
                .message()
                .await
                .expect("it goes on")
                .expect("no end");
        }
        Streams {
            followed,
            ..streams
        }
    };
    let stays = beats(stays).await;
    ca.revokes(dir, &[&revoked]);
    ends(lapses).await;
    let stays = beats(stays).await;
    let mut caller = CallerServiceClient::new(stays.channel);
    caller.who_am_i(WhoAmIRequest {}).await.expect("a caller");
    server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_streams_of_a_certificate_end_when_it_expires() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let ca = Ca::new(dir, "ca");
    let server = server(&ca, dir).await;
    // As long as this machine needs to connect in time.
    for seconds in [2, 4, 8, 16, 32] {
        let pair = ca.client(dir, "short", |params| {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let until = now.expect("a time after 1970") + Duration::from_secs(seconds);
            params.not_after = date_time_ymd(1970, 1, 1) + until;
        });
        if let Ok(streams) = open(&ca, &pair, port(&server)).await {
            ends(streams).await;
            server.running.stop().await.expect("to stop");
            return;
        }
    }
    panic!("no connection in time");
}
