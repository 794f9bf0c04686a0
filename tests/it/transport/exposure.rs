//! A server that others than this machine can call, and the files of TLS that it refuses.

use std::os::unix::fs::PermissionsExt as _;

use minutebook::server::{INSECURE_SERVICE, ListenAddress};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::certificates::Ca;
use crate::grpc::test_server::{TestServer, options};
use crate::program::{Serving, run, text};
use minutebook::log::memory::MemoryMedium;

#[test]
fn a_server_is_not_open_to_others_by_accident() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("register");
    let beyond = ["--listen", "0.0.0.0:0"];
    let refused = Serving::try_with(&data, &beyond).map(|_| ()).unwrap_err();
    for says in [
        "0.0.0.0:0",
        "neither TLS nor sign-in",
        "--tls-cert",
        "--client-ca",
        "--insecure",
    ] {
        assert!(refused.contains(says), "{says}: {refused}");
    }
    assert!(!data.exists(), "nothing was made");

    let ca = Ca::new(dir.path(), "ca");
    let pair = ca.server(dir.path(), "server");
    let tls = [
        "--tls-cert",
        text(&pair.certificate_file),
        "--tls-key",
        text(&pair.key_file),
    ];
    let refused = Serving::try_with(&data, &[&beyond[..], &tls].concat());
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(refused.contains("nobody has to sign in"), "{refused}");
    let client_ca = ["--client-ca", text(&ca.file)];
    drop(Serving::with(
        &data,
        &[&beyond[..], &tls, &client_ca].concat(),
    ));
    drop(Serving::with(
        &data,
        &[&beyond[..], &["--insecure"]].concat(),
    ));

    let demo = run(&["demo", "--once", "--listen", "0.0.0.0:0"]);
    assert_eq!(demo.status.code(), Some(5));
}

/// The status of a name in the health service.
async fn health(server: &TestServer, service: &str) -> Result<i32, Code> {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let asked = HealthClient::new(server.channel.clone())
        .check(request)
        .await;
    asked
        .map(|answer| answer.into_inner().status)
        .map_err(|status| status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insecure_server_says_so() {
    let server = TestServer::open().await;
    assert_eq!(health(&server, INSECURE_SERVICE).await, Err(Code::NotFound));
    assert!(server.running.insecure().is_none());
    server.running.stop().await.expect("to stop");

    let mut options = options();
    options.insecure = true;
    options.listen = ListenAddress::Tcp(([0, 0, 0, 0], 0).into());
    let (appender, reader) = MemoryMedium::new().restart();
    crate::grpc::test_server::give_key(&options);
    let running =
        minutebook::server::start_on(options, Box::new(appender), std::sync::Arc::new(reader));
    let running = running.await.expect("a start");
    let port = running.address().socket().expect("TCP").port();
    let channel = crate::grpc::test_server::channel(format!("127.0.0.1:{port}")).await;
    let server = TestServer::by(running, channel);
    assert_eq!(health(&server, INSECURE_SERVICE).await, Ok(1));
    let insecure = server.running.insecure().expect("insecure").to_string();
    assert!(insecure.starts_with("INSECURE:"), "{insecure}");
    server.running.stop().await.expect("to stop");
}

#[test]
fn files_that_do_not_go_together_stop_the_start() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("register");
    let ca = Ca::new(dir.path(), "ca");
    let (one, two) = (ca.server(dir.path(), "one"), ca.server(dir.path(), "two"));
    let starts = |certificate, key| {
        let files = ["--tls-cert", text(certificate), "--tls-key", text(key)];
        Serving::try_with(&data, &files).map(|_| ())
    };
    let why = starts(&one.certificate_file, &two.key_file).unwrap_err();
    assert!(why.contains("do not work together"), "{why}");
    let why = starts(&one.key_file, &one.key_file).unwrap_err();
    assert!(why.contains("holds no certificate"), "{why}");
    for (mode, is_accepted) in [(0o640, true), (0o644, false), (0o660, false)] {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&one.key_file, mode.clone()).expect("a mode");
        match starts(&one.certificate_file, &one.key_file) {
            Ok(()) => assert!(is_accepted, "{mode:?}"),
            Err(why) => assert!(!is_accepted && why.contains("chmod 600"), "{mode:?} {why}"),
        }
    }
    assert!(!text(&data).is_empty());
}
