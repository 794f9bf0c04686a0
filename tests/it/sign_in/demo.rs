//! `serve --demo-identities`: offices that anybody on this machine can be, and only there.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::program::{Serving, program};

fn demo(data: &Path, more: &[&str]) -> Result<Serving, String> {
    Serving::try_with(data, &[&["--demo-identities"], more].concat())
}

/// A newcomer at a terminal, whose sign-ins are kept in a folder.
struct Newcomer<'s> {
    folder: tempfile::TempDir,
    serving: &'s Serving,
}

impl<'s> Newcomer<'s> {
    fn at(serving: &'s Serving) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, serving }
    }

    fn runs(&self, arguments: &[&str]) -> Output {
        program()
            .env("MINUTEBOOK_TOKENS", self.folder.path().join("tokens.json"))
            .env("MINUTEBOOK_SERVER", &self.serving.url)
            .args(arguments)
            .output()
            .expect("the program runs")
    }

    #[track_caller]
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.runs(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Who the server takes the newcomer for.
    #[track_caller]
    fn is(&self) -> Value {
        let answer = self.prints(&["whoami", "--format", "json"]);
        serde_json::from_str(&answer).expect("JSON")
    }

    /// Records a request, whose recorder is another, as its book has it.
    fn records(&self, event: Value) -> Output {
        let file = self.folder.path().join("request.json");
        let request = json!({
            "requestId": uuid::Uuid::now_v7().to_string(), "recordedBy": "Somebody else",
            "events": [event],
        });
        std::fs::write(&file, request.to_string()).expect("written");
        self.runs(&["record", file.to_str().expect("a path")])
    }
}

fn vote() -> Value {
    json!({
        "subject": "collaborations/fictional-three-shires",
        "effectiveOn": { "year": 2025, "month": 9, "day": 8 },
        "voteCast": {
            "proposalId": "01900000-0000-7000-8000-000000000108",
            "voter": { "bodyId": "fictional-eastvale-pcc" }, "choice": "VOTE_CHOICE_APPROVE",
        },
    })
}

#[test]
fn each_office_says_what_its_mandate_covers() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("register");
    let serving = demo(&data, &[]).expect("it starts");
    let newcomer = Newcomer::at(&serving);
    let refused = newcomer.runs(&["show", "mandates"]);
    assert_eq!(refused.status.code(), Some(1), "nobody has signed in");

    let unknown = newcomer.runs(&["login", "--as", "mayor"]);
    let why = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(
        why.contains("the offices here are registrar, recorder"),
        "{why}"
    );

    let mut pseudonyms = Vec::new();
    for office in [
        "registrar",
        "recorder",
        "secretary",
        "commissioner",
        "auditor",
        "keeper",
    ] {
        let printed = newcomer.prints(&["login", "--as", office]);
        assert!(!printed.contains("on any device"), "{printed}");
        let caller = newcomer.is();
        assert_eq!(caller["principals"][0]["value"], office);
        let mandate = caller["mandates"][0]["mandateId"]
            .as_str()
            .expect("a mandate");
        assert!(mandate.starts_with(&format!("demo-{office}")), "{mandate}");
        pseudonyms.push(caller["pseudonym"].to_string());
        let output = newcomer.records(vote());
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        if office == "commissioner" {
            assert!(output.status.success(), "{why}");
            assert!(
                why.contains("recordedBy is left out (Somebody else)"),
                "{why}"
            );
            assert!(
                why.contains("Office of the Fictional Eastvale PCC"),
                "{why}"
            );
        } else {
            assert_eq!(output.status.code(), Some(1), "{office}: {why}");
            assert!(why.contains("[NOT_MANDATED]"), "{office}: {why}");
        }
    }
    pseudonyms.sort();
    pseudonyms.dedup();
    assert_eq!(pseudonyms.len(), 6);

    // A second start is the same provider, finds all that, and grants nothing twice.
    let issuer = newcomer.is()["principals"][0]["issuer"].clone();
    let count = |newcomer: &Newcomer<'_>| {
        newcomer.prints(&["login", "--as", "auditor"]);
        assert_eq!(newcomer.is()["principals"][0]["issuer"], issuer);
        let listed = newcomer.prints(&["show", "mandates", "--all", "--format", "json"]);
        let listed: Value = serde_json::from_str(&listed).expect("JSON");
        listed["mandates"].as_array().expect("mandates").len()
    };
    assert_eq!(count(&newcomer), 6);
    drop(serving);
    let serving = demo(&data, &[]).expect("it starts again");
    assert_eq!(count(&Newcomer::at(&serving)), 6);
}

#[test]
fn it_is_for_this_machine_and_for_fiction_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("register");
    let refused = |more: &[&str]| demo(&data, more).map(|_| ()).unwrap_err();
    let open = refused(&["--listen", "0.0.0.0:0"]);
    assert!(open.contains("for this machine alone"), "{open}");
    for beside in [
        &[
            "--issuer",
            "https://login.example",
            "--audience",
            "register",
        ][..],
        &["--insecure"],
        &["--sign-in", "settings.json"],
    ] {
        let why = refused(beside);
        assert!(why.contains("cannot be used with"), "{why}");
    }
    assert!(!data.exists(), "nothing was made");

    let real = Serving::on(&data);
    real.prints(&["record", "books/bch-2018.json"]);
    drop(real);
    let why = refused(&[]);
    assert!(
        why.contains("is not a register of --demo-identities"),
        "{why}"
    );
}

/// The status line of an answer to a request by hand.
fn asked(authority: &str, request: &str) -> String {
    let mut connection = TcpStream::connect(authority).expect("a connection");
    connection.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn its_provider_answers_by_its_own_name_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let serving = demo(&folder.path().join("register"), &[]).expect("it starts");
    let newcomer = Newcomer::at(&serving);
    newcomer.prints(&["login", "--as", "auditor"]);
    let issuer = newcomer.is()["principals"][0]["issuer"].clone();
    let issuer = issuer.as_str().expect("an issuer");
    let authority = issuer.strip_prefix("http://").expect("this machine");
    let get = |host: &str, more: &str| {
        let head = format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n");
        asked(authority, &head)
    };
    assert!(get(authority, "").starts_with("HTTP/1.1 200"));
    for (host, more) in [
        ("rebound.example.org", ""),
        ("localhost", ""),
        (authority, "Origin: https://page.example.org\r\n"),
        (authority, "Origin: null\r\n"),
    ] {
        let answer = get(host, more);
        assert!(
            answer.starts_with("HTTP/1.1 421"),
            "{host} {more}: {answer}"
        );
    }

    // The page of a sign-in in a browser has a button for each office, and sends the code
    // nowhere but to a program of this machine.
    let page = |redirect: &str| {
        let head = format!(
            "GET /authorize?client_id=minutebook-demo-cli&response_type=code&state=%22%3Cb&\
             code_challenge=x&code_challenge_method=S256&redirect_uri={redirect} HTTP/1.1\r\n\
             Host: {authority}\r\nConnection: close\r\n\r\n"
        );
        asked(authority, &head)
    };
    let good = page("http://127.0.0.1:4000/callback");
    assert!(
        good.contains("value=\"secretary\"") && good.contains("&quot;&lt;b"),
        "{good}"
    );
    assert!(page("http://example.org/callback").starts_with("HTTP/1.1 400"));
}
