//! Which handshakes succeed: versions, protocols, client certificates.

use std::io::Write as _;
use std::process::{Command, Stdio};

use minutebook::log::memory::MemoryMedium;
use rcgen::{ExtendedKeyUsagePurpose, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::certificates::{Ca, FUTURE, PAST, Pair};
use super::{SOON, channel, client, is_answered, port, secured, with_tls};
use crate::grpc::test_server::TestServer;
use crate::hostile::raw::{PREFACE, SETTINGS, frame};
use crate::power_cut::not_run;

/// The end of `openssl s_client` with these arguments, and its output.
fn s_client(port: u16, arguments: &[&str]) -> (bool, String) {
    let connect = format!("127.0.0.1:{port}");
    let mut child = Command::new("openssl")
        .args(["s_client", "-connect", &connect, "-servername", "localhost"])
        // Weak algorithms are refused by the server, not by the client.
        .args(["-cipher", "ALL:@SECLEVEL=0"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl runs");
    let _ = child.stdin.take().expect("stdin").write_all(b"Q\n");
    let output = child.wait_with_output().expect("its end");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (output.status.success(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn old_versions_and_weak_ciphers_are_refused() {
    if let Err(why) = Command::new("openssl").arg("version").output() {
        return not_run("TLS by openssl", &why.to_string());
    }
    let dir = tempfile::tempdir().expect("a directory");
    let ca = Ca::new(dir.path(), "ca");
    let pair = ca.server(dir.path(), "server");
    let server = TestServer::on_tls(with_tls(&pair), &ca).await;
    let port = port(&server);
    let ask = async |arguments: &'static [&'static str]| {
        let asked = tokio::task::spawn_blocking(move || s_client(port, arguments));
        asked.await.expect("an end")
    };
    for (arguments, shows) in [
        (&["-tls1_3", "-alpn", "h2"][..], "ALPN protocol: h2"),
        (&["-tls1_2", "-alpn", "h2"], "ALPN protocol: h2"),
        (&["-tls1_2", "-alpn", "http/1.1"], "ALPN protocol: http/1.1"),
        (
            &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"],
            "ECDHE-ECDSA-AES256-GCM-SHA384",
        ),
    ] {
        let (is_open, text) = ask(arguments).await;
        assert!(is_open && text.contains(shows), "{arguments:?}: {text}");
    }
    for arguments in [
        &["-tls1"][..],
        &["-tls1_1"],
        &[
            "-tls1_2",
            "-cipher",
            "ECDHE-ECDSA-AES256-SHA384:@SECLEVEL=0",
        ],
        &["-tls1_2", "-cipher", "AES128-GCM-SHA256:@SECLEVEL=0"],
        &["-tls1_2", "-cipher", "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"],
        &["-tls1_3", "-groups", "P-521"],
        &["-tls1_3", "-alpn", "spdy/3"],
    ] {
        let (is_open, text) = ask(arguments).await;
        assert!(!is_open, "{arguments:?}: {text}");
    }
    server.running.stop().await.expect("to stop");
}

impl TestServer {
    /// A server with TLS, whose own clients trust `ca`.
    pub async fn on_tls(options: minutebook::server::ServerOptions, ca: &Ca) -> Self {
        let (appender, reader) = MemoryMedium::new().restart();
        crate::grpc::test_server::give_key(&options);
        let running =
            minutebook::server::start_on(options, Box::new(appender), std::sync::Arc::new(reader));
        let running = running.await.expect("a start");
        let port = running.address().socket().expect("TCP").port();
        let channel = channel(client(ca, None, &[b"h2"]), port).await;
        Self::by(running, channel.expect("a connection"))
    }
}

/// A client certificate that is refused, or the reason why it was not.
async fn is_refused(ca: &Ca, pair: &Pair, port: u16) -> Result<(), &'static str> {
    let Ok(mut stream) = secured(client(ca, Some(pair), &[b"h2"]), port).await else {
        return Ok(());
    };
    // In TLS 1.3 the client has ended its handshake: the refusal is what it reads. A server
    // that accepts the certificate answers with its settings.
    let greeting = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    if stream.write_all(&greeting).await.is_err() {
        return Ok(());
    }
    let mut byte = [0];
    match tokio::time::timeout(SOON, stream.read(&mut byte)).await {
        Err(_) => Err("neither refused nor answered"),
        Ok(Ok(1..)) => Err("the server speaks HTTP/2"),
        Ok(Ok(0) | Err(_)) => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_good_client_certificates_are_accepted() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let (ca, foreign) = (Ca::new(dir, "ca"), Ca::new(dir, "foreign"));
    let good = ca.client(dir, "good", |_| {});
    let revoked = ca.client(dir, "revoked", |_| {});
    let mut options = with_tls(&ca.server(dir, "server"));
    let tls = options.tls.as_mut().expect("TLS");
    tls.client_ca = Some(ca.file.clone());
    tls.client_crl = Some(ca.revokes(dir, &[&revoked]));
    let server = TestServer::on_tls(options, &ca).await;
    let port = port(&server);

    // Nobody has to show one, and a caller who shows a good one is let in.
    is_answered(server.channel.clone())
        .await
        .expect("an answer");
    let known = channel(client(&ca, Some(&good), &[b"h2"]), port).await;
    is_answered(known.expect("a connection"))
        .await
        .expect("an answer");
    assert_eq!(
        is_refused(&ca, &good, port).await,
        Err("the server speaks HTTP/2"),
        "this test can see that one is accepted"
    );

    let date = |(year, month, day): (i32, u8, u8)| date_time_ymd(year, month, day);
    let expired = ca.client(dir, "expired", |params| params.not_after = date(PAST));
    let early = ca.client(dir, "early", |params| {
        params.not_before = date(FUTURE);
        params.not_after = date_time_ymd(2100, 1, 1);
    });
    let server_only = ca.client(dir, "server-only", |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    });
    let no_purpose = ca.client(dir, "no-purpose", |params| {
        params.extended_key_usages.clear()
    });
    let stranger = foreign.client(dir, "stranger", |_| {});
    for (name, pair) in [
        ("expired", &expired),
        ("not valid yet", &early),
        ("for servers", &server_only),
        ("for no purpose", &no_purpose),
        ("of a foreign CA", &stranger),
        ("revoked", &revoked),
    ] {
        assert_eq!(is_refused(&ca, pair, port).await, Ok(()), "{name}");
    }
    server.running.stop().await.expect("to stop");
}

/// An empty request to the list of bodies, as a browser sends it.
#[tokio::test(flavor = "multi_thread")]
async fn grpc_web_works_over_http_1_and_tls() {
    let dir = tempfile::tempdir().expect("a directory");
    let ca = Ca::new(dir.path(), "ca");
    let pair = ca.server(dir.path(), "server");
    let server = TestServer::on_tls(with_tls(&pair), &ca).await;
    let config = client(&ca, None, &[b"http/1.1"]);
    let mut stream = secured(config, port(&server)).await.expect("a connection");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let head = "POST /minutebook.v1.RegisterService/ListBodies HTTP/1.1\r\nHost: localhost\r\n\
                Content-Type: application/grpc-web+proto\r\nContent-Length: 5\r\n\
                Connection: close\r\n\r\n\0\0\0\0\0";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let read = tokio::time::timeout(SOON, stream.read_to_end(&mut answer)).await;
    // The end of a connection is no answer: what was read decides.
    let _ = read.expect("an end");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("grpc-status:0"), "{answer}");
    server.running.stop().await.expect("to stop");
}
