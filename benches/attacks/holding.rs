//! One address that holds what others need, and does nothing with it: answers that it does
//! not read, streams that it does not use, calls that it does not end.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{ExportLogRequest, StateAtRequest, SubscribeRequest};
use tonic::Status;

use super::book;
use super::raw::{APPEND, Raw, long, message};
use super::server::Server;
use super::{Run, in_words};

const STATE_AT: &str = "/minutebook.v1.AuditService/StateAt";

/// The address of the caller who has nothing to do with the attack.
const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// 250 states of 3.7 MiB on one connection whose window is closed.
pub async fn unread(run: &Run) {
    let server = Server::start(&run.program);
    let mut record = RecordServiceClient::new(server.connect().await);
    book::many_decisions(&mut record, 160).await;
    let memory = server.peak();
    let mut raw = Raw::open(&server.address(), 0).await.expect("a connection");
    let request = message(&StateAtRequest {
        subject: "bodies/other".into(),
        ..StateAtRequest::default()
    });
    for number in 0..250 {
        let asked = raw.ask(2 * number + 1, STATE_AT, &request);
        if asked.await.is_err() {
            break;
        }
    }
    let other = appends_of_another(&server, run.seconds).await;
    println!(
        "  {:<7} {:>6} MB more at the peak; appends of another address: {other}",
        run.name,
        server.peak() - memory
    );
}

/// 256 quiet subscriptions and 4,096 calls that are sent by half.
pub async fn quiet(run: &Run) {
    let server = Server::start(&run.program);
    let mut record = RecordServiceClient::new(server.connect().await);
    book::many_bodies(&mut record, 1).await;
    let mut audit = AuditServiceClient::new(server.connect().await);
    let mut streams = Vec::new();
    for _ in 0..256 {
        match audit.subscribe(SubscribeRequest::default()).await {
            Ok(stream) => streams.push(stream),
            Err(_) => break,
        }
    }
    let half = &long(10_000)[..100];
    let mut connections = Vec::new();
    for _ in 0..41 {
        let Ok(mut raw) = Raw::open(&server.address(), 65_535).await else {
            break;
        };
        for number in 0..100 {
            if raw.begin(2 * number + 1, APPEND, half).await.is_err() {
                break;
            }
        }
        connections.push(raw);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let other = appends_of_another(&server, run.seconds).await;
    let mut audit = AuditServiceClient::new(server.connect_from(OTHER).await);
    let stream = audit.subscribe(SubscribeRequest::default()).await;
    let export = audit.export_log(ExportLogRequest::default()).await;
    println!(
        "  {:<7} appends of another address: {other}; its stream: {}; its export: {}",
        run.name,
        in_a_word(&stream.map(drop)),
        in_a_word(&export.map(drop)),
    );
}

fn in_a_word(answer: &Result<(), Status>) -> String {
    match answer {
        Ok(()) => "served".to_owned(),
        Err(status) => format!("{:?}", status.code()),
    }
}

/// The appends of one recorder at another address for some seconds.
async fn appends_of_another(server: &Server, seconds: u64) -> String {
    let mut record = RecordServiceClient::new(server.connect_from(OTHER).await);
    let mut took = hdrhistogram::Histogram::<u64>::new(3).expect("a histogram");
    let mut refused = 0;
    let until = Instant::now() + Duration::from_secs(seconds);
    for number in 0.. {
        if Instant::now() >= until {
            break;
        }
        let sent = Instant::now();
        let append = record.append(book::note(number));
        match tokio::time::timeout(Duration::from_secs(10), append).await {
            Ok(Ok(_)) => took
                .record(sent.elapsed().as_micros() as u64)
                .expect("a duration"),
            Ok(Err(_)) | Err(_) => refused += 1,
        }
    }
    format!("{}, {refused} refused", in_words(&took))
}
