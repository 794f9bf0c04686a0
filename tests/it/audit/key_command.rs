//! A register whose key a program has: here openssl, with a key in a file.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use minutebook::archive::verify::TrustAnchors;
use minutebook::audit::checkpoint::SignedCheckpoint;
use minutebook::clock::Clock;
use minutebook::notary::NotaryError;
use minutebook::server::offline::{KeyRotation, StoreKey, rotate_key, verify};
use minutebook::server::{ServerOptions, StartError, start};
use minutebook::wire::proto::GetCheckpointRequest;
use tonic::{Code, Status};

use crate::grpc::test_server::{TestServer, body, reason};
use crate::power_cut::not_run;

const SCRIPT: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit 1
case $1 in
  public-key) exec openssl pkey -in signer.pem -pubout ;;
  sign) cat > text && openssl pkeyutl -sign -rawin -inkey signer.pem -in text ;;
esac
"#;

/// A program that signs with a key of its own; `None`, and a line that says why, without
/// openssl.
fn signer(folder: &Path) -> Option<PathBuf> {
    if let Err(error) = Command::new("openssl").arg("version").output() {
        not_run("key commands", &error.to_string());
        return None;
    }
    fs::create_dir_all(folder).expect("a folder");
    make_key(folder);
    let program = folder.join("signer");
    write(&program, SCRIPT);
    Some(program)
}

fn make_key(folder: &Path) {
    let made = Command::new("openssl")
        .args(["genpkey", "-algorithm", "ed25519", "-out"])
        .arg(folder.join("signer.pem"))
        .status();
    assert!(made.expect("openssl runs").success());
}

fn write(program: &Path, script: &str) {
    // Beside it first: a program that is open for writing cannot be run.
    let beside = program.with_extension("new");
    fs::write(&beside, script).expect("written");
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o700)).expect("set");
    fs::rename(&beside, program).expect("renamed");
}

fn options(data: &Path, program: Option<&Path>) -> ServerOptions {
    let address: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let mut options = ServerOptions::new(data, address);
    options.key_command = program.map(Path::to_owned);
    options.snapshot_every = 2;
    options
}

async fn serving(data: &Path, program: Option<&Path>) -> TestServer {
    TestServer::connect_to(start(options(data, program)).await.expect("a start")).await
}

async fn refusal(data: &Path, program: &Path) -> StartError {
    let started = start(options(data, Some(program))).await;
    started.map(|_| ()).expect_err("no start")
}

async fn checkpoint(server: &mut TestServer, covering: u64) -> Result<SignedCheckpoint, Status> {
    let request = GetCheckpointRequest {
        at_least_position: covering,
    };
    let answer = server.audit.get_checkpoint(request).await?.into_inner();
    Ok(SignedCheckpoint::parse(&answer.checkpoint).expect("a checkpoint"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_signs_and_every_signature_is_checked() {
    let parent = tempfile::tempdir().expect("a directory");
    let Some(program) = signer(&parent.path().join("device")) else {
        return;
    };
    let data = parent.path().join("store");
    let mut server = serving(&data, Some(&program)).await;
    let key = server.running.verifier_key();
    let last = server.record(body(1)).await;
    let signed = checkpoint(&mut server, last).await.expect("signed");
    signed.note.verify(&key).expect("by the key of the program");
    assert!(!data.join("notary/checkpoint.key").exists());

    // It fails, signs with another key, and works again: entries are recorded all the time.
    for script in ["#!/bin/sh\necho 'no token' >&2\nexit 1\n", SCRIPT] {
        write(&program, script);
        if script == SCRIPT {
            make_key(program.parent().expect("a folder"));
        }
        let tag = if script == SCRIPT { 3 } else { 2 };
        let last = server.record(body(tag)).await;
        let status = checkpoint(&mut server, last).await.expect_err("unsigned");
        assert_eq!(status.code(), Code::Unavailable, "{status}");
        assert_eq!(reason(&status), "CHECKPOINT_NOT_KEPT");
        let why = if script == SCRIPT {
            "does not verify"
        } else {
            "no token"
        };
        assert!(status.message().contains(why), "{status}");
    }
    server.running.stop().await.expect("a stop");

    // Nor does it start with another key, or with a program that cannot sign.
    let error = refusal(&data, &program).await;
    assert!(
        matches!(
            &error,
            StartError::Notary(NotaryError::OtherCommandKey { .. })
        ),
        "{error:?}"
    );
    write(&program, "#!/bin/sh\nexit 1\n");
    let error = refusal(&data, &program).await;
    assert!(
        matches!(&error, StartError::Notary(NotaryError::KeyCommand(_))),
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_moves_into_a_program_and_out_again_by_entries() {
    let parent = tempfile::tempdir().expect("a directory");
    let Some(program) = signer(&parent.path().join("device")) else {
        return;
    };
    let data = parent.path().join("store");
    let mut server = serving(&data, None).await;
    let first = server.running.verifier_key();
    let last = server.record(body(1)).await;
    checkpoint(&mut server, last).await.expect("signed");
    server.running.stop().await.expect("a stop");
    // The program's key is not taken without an entry.
    let error = refusal(&data, &program).await;
    assert!(error.to_string().contains("rotate-key"), "{error}");

    let into = KeyRotation {
        new_command: Some(program.clone()),
        ..KeyRotation::default()
    };
    let (_, second) = rotate_key(&data, into, &Clock::system()).expect("replaced");
    let mut server = serving(&data, Some(&program)).await;
    assert_eq!(server.running.verifier_key(), second);
    let last = server.record(body(2)).await;
    let signed = checkpoint(&mut server, last).await.expect("signed");
    signed.note.verify(&second).expect("by the program");
    server.running.stop().await.expect("a stop");

    let out = KeyRotation {
        key: StoreKey {
            file: None,
            command: Some(program),
        },
        ..KeyRotation::default()
    };
    let (_, third) = rotate_key(&data, out, &Clock::system()).expect("replaced");
    let mut server = serving(&data, None).await;
    let last = server.record(body(3)).await;
    let signed = checkpoint(&mut server, last).await.expect("signed");
    signed.note.verify(&third).expect("by the file");
    server.running.stop().await.expect("a stop");

    // Who trusts the first key is led to the last.
    let trust = TrustAnchors {
        key: Some(first),
        ..TrustAnchors::default()
    };
    let report = verify(&data, &trust, |_| {}).expect("a report");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}
