//! Auditors learn who recorded and who has read, from a server and from a store.

use std::path::Path;

use minutebook::wire::proto::ListReadingsRequest;
use minutebook::wire::proto::log_reading::Sort;
use serde_json::Value;
use tonic::Code;

use super::{Kept, address};
use crate::given::append;
use crate::grpc::test_server::{TestServer, refused, registered};
use crate::program::{program, text};

/// The output of a command that must succeed.
#[track_caller]
fn prints(arguments: &[String]) -> String {
    let output = program().args(arguments).output().expect("the program");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

fn words(words: &[&str], more: &[String]) -> Vec<String> {
    let words = words.iter().map(ToString::to_string);
    words.chain(more.iter().cloned()).collect()
}

/// The office, the deed and the positions of each line.
fn deeds(json: &str) -> Vec<(String, String, u64, u64)> {
    let lines: Vec<Value> = serde_json::from_str(json).expect("JSON");
    let lines = lines.iter().map(|line| {
        let text = |field: &str| line[field].as_str().expect("text").to_owned();
        let caller = text("caller");
        let office = caller.split(" (").next().expect("a part").to_owned();
        let number = |field: &str| line[field].as_u64().expect("a number");
        (
            office,
            text("did"),
            number("position"),
            number("toPosition"),
        )
    });
    let mut deeds: Vec<_> = lines.collect();
    deeds.sort();
    deeds
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_see_who_recorded_and_who_exported() {
    let kept = Kept::granting(&[("clerk", "registrar"), ("auditor", "auditor")]).await;
    let server = kept.start(|_| ()).await;
    let request = append(2, &[registered("one")]);
    kept.record(&server, "clerk", request).await.expect("it");
    let url = format!("https://localhost:{}", address(&server).port());
    let auditor = kept.arguments(&url, "auditor");
    let archive = kept.dir.path().join("archive");
    let export = ["audit", "export", text(&archive)];
    let arguments = words(&export, &auditor);
    let exported = tokio::task::spawn_blocking(move || prints(&arguments));
    exported.await.expect("exported");

    // Who has read it is for auditors and keepers.
    for (holder, may_ask) in [("clerk", false), ("auditor", true), ("keeper", true)] {
        let mut audit = kept.audit(&server, holder, 1).await;
        let answer = audit.list_readings(ListReadingsRequest::default()).await;
        match answer {
            Ok(answer) => {
                assert!(may_ask, "{holder}");
                let readings = answer.into_inner().readings;
                assert_eq!(readings.len(), 1, "{readings:?}");
                assert_eq!(readings[0].sort(), Sort::Export);
                assert!(readings[0].signed_in);
                assert_eq!((readings[0].begun, readings[0].to_position), (1, 4));
            }
            Err(status) => {
                assert!(!may_ask, "{holder}");
                refused(
                    Err::<(), _>(status),
                    Code::PermissionDenied,
                    "AUDITORS_ONLY",
                );
            }
        }
    }

    let who = words(&["audit", "who", "--format", "json"], &auditor);
    let told = tokio::task::spawn_blocking(move || prints(&who)).await;
    let deed =
        |office: &str, did: &str, from: u64, to: u64| (office.to_owned(), did.to_owned(), from, to);
    let mut expected = vec![
        deed("A command at the store", "recorded", 1, 1),
        deed("Keeper of the register", "recorded", 2, 2),
        deed("Keeper of the register", "recorded", 3, 3),
        deed("Office clerk", "recorded", 4, 4),
        deed("Office auditor", "exported the log", 1, 4),
    ];
    expected.sort();
    assert_eq!(deeds(&told.expect("told")), expected);
    for (narrowed, count) in [
        (&["--subject", "one"][..], 2),
        (&["--between", "2001..2002"], 0),
    ] {
        let narrowed = [&["audit", "who", "--format", "json"], narrowed].concat();
        let arguments = words(&narrowed, &auditor);
        let told = tokio::task::spawn_blocking(move || prints(&arguments)).await;
        let found = deeds(&told.expect("told"));
        let of_entries = found.iter().filter(|deed| deed.1 == "recorded").count();
        assert_eq!(
            of_entries,
            usize::from(count > 0),
            "{narrowed:?}: {found:?}"
        );
        assert!(count > 0 || found.is_empty(), "{found:?}");
    }
    server.running.stop().await.expect("a stop");

    // The store says the same, and that the commands above read the entries.
    let data = kept.data();
    let offline = ["audit", "who", "--format", "json", "--data", text(&data)];
    expected.push(deed("Office auditor", "read the log", 1, 4));
    expected.sort();
    assert_eq!(deeds(&prints(&words(&offline, &[]))), expected);
    let table = prints(&words(&offline[..2], &words(&offline[4..], &[])));
    assert!(
        table.contains("Office clerk (registrar), certificate clerk.example"),
        "{table}"
    );
}

#[tokio::test]
async fn anybody_may_ask_in_an_open_register() {
    let mut server = TestServer::open().await;
    let answer = server.audit.list_readings(ListReadingsRequest::default());
    assert!(
        answer
            .await
            .expect("an answer")
            .into_inner()
            .readings
            .is_empty()
    );
    server
        .history(minutebook::wire::proto::ReadHistoryRequest::default())
        .await;
    let answer = server.audit.list_readings(ListReadingsRequest::default());
    let readings = answer.await.expect("an answer").into_inner().readings;
    assert_eq!(readings.len(), 1);
    assert!(!readings[0].signed_in);
    let status = server.audit.list_readings(ListReadingsRequest {
        page_size: -1,
        ..ListReadingsRequest::default()
    });
    refused(status.await, Code::InvalidArgument, "INVALID_FIELDS");
}

#[test]
fn an_administrator_finds_the_pseudonym_of_a_subject() {
    let data = tempfile::tempdir().expect("a folder");
    let asked = |data: &Path| {
        let issuer = ["--issuer", "https://a", "--subject", "s", "--data"];
        let mut command = program();
        command.arg("pseudonym").args(issuer).arg(data);
        command.output().expect("the program")
    };
    let none = asked(data.path());
    assert_eq!(none.status.code(), Some(1), "{none:?}");
    assert!(!data.path().join("identity").exists());
    let made = minutebook::sign_in::pseudonyms::Pseudonyms::open(data.path()).expect("a key");
    let made = made.of("https://a", "s").expect("a pseudonym");
    let found = String::from_utf8(asked(data.path()).stdout).expect("text");
    assert_eq!(found.trim(), made.to_string());
}
