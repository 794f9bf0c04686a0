//! Many connections at once to the installed program: it stays small and keeps
//! serving.

use std::time::{Duration, Instant};

use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{
    ExportLogRequest, ListBodiesRequest, ReadHistoryRequest, SubscribeRequest,
};

use super::raw::{
    APPEND, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE,
    RST_STREAM, Raw, SETTINGS, WINDOW_UPDATE, call, frame, frames, header, message,
};
use crate::deterministic_log::Random;
use crate::given::append;
use crate::grpc::test_server::{body, registered};
use crate::power_cut::not_run;
use crate::program::{Serving, register};

/// A generous time limit for being served during a crowd.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn address(serving: &Serving) -> &str {
    serving.url.trim_start_matches("http://")
}

/// The resident memory of the process in MiB; 0 where the system does not report
/// it.
pub fn resident(serving: &Serving) -> u64 {
    let path = format!("/proc/{}/status", serving.child.id());
    let status = std::fs::read_to_string(path).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .map_or(0, |kib| kib >> 10)
}

/// Demands that others are served: on a new connection, for writing and for
/// reading.
pub async fn is_serving(serving: &Serving, tag: u128) {
    let served = async {
        let mut client = RecordServiceClient::connect(serving.url.clone())
            .await
            .expect("a connection");
        client.append(body(tag)).await.expect("an admission");
    };
    tokio::time::timeout(PATIENCE, served)
        .await
        .expect("served");
    let shown = serving.prints(&["show", "bodies", "--format", "csv"]);
    assert!(shown.contains(&format!("body-{tag}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_idle_connections_are_in_nobodys_way() {
    let wanted = 10_000;
    let files = rlimit::increase_nofile_limit(wanted + 1_000).unwrap_or(0);
    if files < wanted + 500 {
        return not_run("ten thousand connections", "too few files may be open");
    }
    let (serving, _dir) = register();
    is_serving(&serving, 1).await;
    // A client that waits for an answer is not idle, and keeps its connection.
    let mut busy = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("a connection");
    let (sender, requests) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let answers = busy.append_stream(requests).await.expect("a stream");
    let mut answers = answers.into_inner();
    let before = resident(&serving);
    let mut crowd = Vec::new();
    for n in 0..wanted {
        let raw = match n % 3 {
            0 => Raw::silent(address(&serving)).await,
            _ => Raw::open(address(&serving), 65_535).await,
        };
        let Ok(mut raw) = raw else { continue };
        if n % 3 == 2 {
            // Half of the headers of a call.
            let call = call(APPEND);
            let half = frame(HEADERS, 0, 1, &call[..call.len() / 2]);
            let _ = raw.send(&[half]).await;
        }
        crowd.push(raw);
        if n % 2_500 == 2_499 {
            is_serving(&serving, u128::from(n)).await;
        }
    }
    let grown = resident(&serving).saturating_sub(before);
    println!("{} connections, {grown} MiB", crowd.len());
    assert!(grown < 256, "{grown} MiB");
    sender.send(body(7)).await.expect("sent");
    let answer = tokio::time::timeout(PATIENCE, answers.message()).await;
    answer
        .expect("in time")
        .expect("not cut off")
        .expect("an answer");
    is_serving(&serving, 2).await;
}

/// The bytes of a broken or hostile client: noise, invalid frames, forbidden
/// frames, and too many valid ones.
fn noise(random: &mut Random) -> Vec<u8> {
    let mut bytes = |most: u64| -> Vec<u8> {
        let count = random.below(most);
        (0..count).map(|_| random.below(256) as u8).collect()
    };
    let (some, more) = (bytes(200), bytes(2_000));
    let settings = frame(SETTINGS, 0, 0, &[]);
    let opened = [PREFACE, &settings].concat();
    let sent = match random.below(12) {
        0 => more,
        1 => [PREFACE, &more].concat(),
        2 => b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        3 => [
            b"POST /minutebook.v1.RecordService/Append HTTP/1.1\r\n",
            &more[..],
        ]
        .concat(),
        4 => {
            // Valid frames of any kind.
            let mut sent = opened;
            for _ in 0..random.below(40) {
                let (kind, flags) = (random.below(12) as u8, random.below(64) as u8);
                let stream = random.below(6) as u32;
                let cut = random.below(some.len() as u64 + 1) as usize;
                sent.extend(frame(kind, flags, stream, &some[..cut]));
            }
            sent
        }
        5 => {
            // A length beyond the agreed limit.
            let mut long = frame(DATA, 0, 1, &some);
            long[..3].copy_from_slice(&[0xff, 0xff, 0xff]);
            [opened, long].concat()
        }
        6 => {
            // Opened and reset, over and over (CVE-2023-44487).
            let mut sent = opened;
            for n in 0..400 {
                sent.extend(frame(HEADERS, END_HEADERS, 2 * n + 1, &call(APPEND)));
                sent.extend(frame(RST_STREAM, 0, 2 * n + 1, &8u32.to_be_bytes()));
            }
            sent
        }
        7 => [opened, frame(PING, 0, 0, &[7; 8]).repeat(2_000)].concat(),
        8 => [opened, settings.repeat(2_000)].concat(),
        9 => {
            let update = frame(WINDOW_UPDATE, 0, 0, &0x7fff_ffffu32.to_be_bytes());
            [opened, update.repeat(3)].concat()
        }
        10 => {
            // An invalid message in a valid call.
            let mut body = vec![0];
            body.extend((some.len() as u32).to_be_bytes());
            body.extend(&some);
            let call = frame(HEADERS, END_HEADERS, 1, &call(APPEND));
            [opened, call, frame(DATA, END_STREAM, 1, &body)].concat()
        }
        _ => {
            // Headers without end (CVE-2024-27316).
            let mut sent = [opened, frame(HEADERS, 0, 1, &call(APPEND))].concat();
            for n in 0..200 {
                let header = header(&format!("x-{n}"), &"y".repeat(400));
                sent.extend(frame(CONTINUATION, 0, 1, &header));
            }
            sent
        }
    };
    let keep = match random.below(3) {
        0 => random.below(sent.len() as u64 + 1) as usize,
        _ => sent.len(),
    };
    sent[..keep].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_ends_the_connection_it_came_by_and_nothing_else() {
    let (mut serving, _dir) = register();
    is_serving(&serving, 1).await;
    let mut random = Random::seeded("noise");
    let rounds = std::env::var("MINUTEBOOK_TEST_NOISE");
    let rounds = rounds.map_or(1_500, |text| text.parse().expect("a number"));
    let before = resident(&serving);
    let began = Instant::now();
    for round in 0..rounds {
        let sent = noise(&mut random);
        let address = address(&serving).to_owned();
        let Ok(mut raw) = Raw::silent(&address).await else {
            panic!("round {round}: nobody listens");
        };
        let _ = raw.send(&[sent]).await;
        if round % 8 == 0 {
            let _ = raw.until_closed(Duration::from_millis(5)).await;
        }
        if round % 500 == 499 {
            is_serving(&serving, round).await;
        }
    }
    assert!(
        serving.child.try_wait().expect("known").is_none(),
        "it fell"
    );
    is_serving(&serving, rounds + 1).await;
    let grown = resident(&serving).saturating_sub(before);
    println!("{rounds} rounds in {:?}, {grown} MiB", began.elapsed());
    assert!(grown < 256, "{grown} MiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_have_a_limit() {
    let (serving, _dir) = register();
    for (large, count) in [(20_000, 1), (400, 60), (1_000_000, 1), (100, 100_000)] {
        let mut raw = Raw::open(address(&serving), 65_535).await.expect("one");
        let mut block = call(APPEND);
        for n in 0..count {
            block.extend(header(&format!("x-{n}"), &"y".repeat(large)));
        }
        let mut chunks = block.chunks(16_000).peekable();
        let first = chunks.next().expect("some");
        let mut sent = raw.send(&[frame(HEADERS, 0, 1, first)]).await;
        while let (Some(chunk), Ok(())) = (chunks.next(), &sent) {
            let flags = if chunks.peek().is_none() {
                END_HEADERS
            } else {
                0
            };
            sent = raw.send(&[frame(CONTINUATION, flags, 1, chunk)]).await;
        }
        let (read, _) = raw.until_closed(Duration::from_secs(1)).await;
        let answer = frames(&read);
        let is_refused = answer
            .iter()
            .any(|(kind, ..)| [GOAWAY, RST_STREAM, HEADERS].contains(kind));
        assert!(is_refused || sent.is_err(), "{large} × {count}: {answer:?}");
        assert!(resident(&serving) < 256);
    }
    is_serving(&serving, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_are_not_read_do_not_fill_the_memory() {
    let (serving, _dir) = register();
    let mut client = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("a connection");
    // Some 8 MB of history.
    let long = (0..2_000).map(|n| {
        let mut request = append(n, &[registered(&format!("body-{n}"))]);
        request.events[0].note = "x".repeat(4_000);
        request
    });
    let answers = client.append_stream(tokio_stream::iter(long.collect::<Vec<_>>()));
    let mut answers = answers.await.expect("a stream").into_inner();
    while answers.message().await.expect("an answer").is_some() {}
    let before = resident(&serving);
    let history = message(&ReadHistoryRequest::default());
    let export = message(&ExportLogRequest::default());
    let follow = message(&SubscribeRequest::default());
    let list = message(&ListBodiesRequest {
        page_size: 1_000,
        ..ListBodiesRequest::default()
    });
    let calls = [
        ("/minutebook.v1.AuditService/ReadHistory", &history),
        ("/minutebook.v1.AuditService/ExportLog", &export),
        ("/minutebook.v1.AuditService/Subscribe", &follow),
        ("/minutebook.v1.RegisterService/ListBodies", &list),
    ];
    // No window for answers; or a window, but the socket is never read.
    let mut unread = Vec::new();
    for n in 0..12 {
        let window = if n % 2 == 0 { 0 } else { 0x7fff_ffff };
        let mut raw = Raw::open(address(&serving), window).await.expect("one");
        if n % 2 == 1 {
            let update = frame(WINDOW_UPDATE, 0, 0, &0x7fff_0000u32.to_be_bytes());
            raw.send(&[update]).await.expect("sent");
        }
        for call_number in 0..60 {
            let (path, request) = calls[call_number as usize % calls.len()];
            let stream = 2 * call_number + 1;
            let frames = [
                frame(HEADERS, END_HEADERS, stream, &call(path)),
                frame(DATA, END_STREAM, stream, request),
            ];
            raw.send(&frames).await.expect("sent");
        }
        unread.push(raw);
    }
    for tag in 0..5 {
        is_serving(&serving, 10_000 + tag).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let grown = resident(&serving).saturating_sub(before);
    println!("720 calls unread: {grown} MiB");
    assert!(grown < 1_024, "{grown} MiB");
}
