//! The program on a store whose last entry a wrong clock dated, and its warnings about
//! the clock.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use minutebook::clock::Clock;
use minutebook::server::{ServerOptions, start};
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use serde_json::json;
use tonic::Code;
use tonic::transport::Channel;

use crate::grpc::test_server::{ANYWHERE, body, channel, refused};
use crate::program::{Serving, fails, fed, program};

/// The time by which the clock was ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Records a body under a clock that is ahead, and returns the instant of the entry.
async fn record_ahead(data: &std::path::Path) -> Timestamp {
    let mut options = ServerOptions::new(data, ANYWHERE);
    options.clock = Clock::new(|| Timestamp::now() + AHEAD);
    let running = start(options).await.expect("a start");
    let mut client = RecordServiceClient::new(channel(running.address()).await);
    let answer = client.append(body(1)).await.expect("a receipt");
    drop(client);
    running.stop().await.expect("a stop");
    let at = answer.into_inner().recorded_at.expect("an instant");
    Timestamp::new(at.seconds, at.nanos).expect("an instant")
}

fn book(tag: u32, on: Option<i32>) -> String {
    let mut alias =
        json!({ "subject": "bodies/body-1", "aliasAdded": { "alias": format!("A {tag}") } });
    if let Some(year) = on {
        alias["effectiveOn"] = json!({ "year": year });
    }
    json!({
        "requestId": format!("01930f5e-7c00-7000-8000-{tag:012}"),
        "recordedBy": "Regional collaboration team",
        "events": [alias],
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_learns_of_a_clock_that_was_ahead_and_goes_on() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("register");
    let last = record_ahead(&data).await;
    let way_on = format!("--go-on-after {last}");

    let serving = Serving::on(&data);
    let asked = Channel::from_shared(serving.url.clone()).expect("an address");
    let asked = asked.connect().await.expect("a connection");
    let status = refused(
        RecordServiceClient::new(asked).append(body(2)).await,
        Code::Unavailable,
        "CLOCK_BEHIND",
    );
    assert!(status.message().contains(&way_on), "{status:?}");
    assert!(serving.prints(&["show", "bodies"]).contains("body-1"));
    drop(serving);
    let data_text = data.to_str().expect("a path");
    let rotated = program()
        .args(["audit", "rotate-key", "--data", data_text])
        .output()
        .expect("the program runs");
    fails(&rotated, 5, &way_on);

    let serving = Serving::with(&data, &["--go-on-after", &last.to_string()]);
    let undated = fed(&serving, &["record", "-"], &book(2, None));
    let said = String::from_utf8_lossy(&undated.stderr).into_owned()
        + &String::from_utf8_lossy(&undated.stdout);
    assert!(!undated.status.success(), "{said}");
    assert!(said.contains("effective_on"), "{said}");
    let dated = fed(&serving, &["record", "-"], &book(3, Some(2020)));
    assert!(dated.status.success(), "{dated:?}");
    let history = serving.prints(&["history", "bodies/body-1"]);
    assert!(history.contains("A 3"), "{history}");
}

/// The system's word on its clock, from another program; `None` without Python.
fn is_unsynchronised() -> Option<bool> {
    let script = "import ctypes; b = ctypes.create_string_buffer(512); \
                  print(ctypes.CDLL(None).adjtimex(b), int.from_bytes(b.raw[40:44], 'little'))";
    let output = Command::new("python3").args(["-c", script]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (answer, status) = text.trim().split_once(' ')?;
    let (answer, status): (i32, i32) = (answer.parse().ok()?, status.parse().ok()?);
    Some(answer == 5 || (answer >= 0 && status & 0x40 != 0))
}

#[test]
fn the_server_warns_of_a_clock_that_the_system_calls_unsynchronised() {
    let Some(is_unsynchronised) = is_unsynchronised() else {
        eprintln!("NOT RUN: Python cannot ask the system about its clock");
        return;
    };
    let parent = tempfile::tempdir().expect("a directory");
    let log = parent.path().join("log");
    let mut child = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn"])
        .arg("--data")
        .arg(parent.path().join("register"))
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).expect("a file"))
        .spawn()
        .expect("the program starts");
    let stdout = child.stdout.take().expect("its output");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    child.kill().expect("to end it");
    child.wait().expect("its end");
    let logged = std::fs::read_to_string(&log).expect("its log");
    assert_eq!(
        logged.contains("clock is not synchronised"),
        is_unsynchronised,
        "{logged}"
    );
}
