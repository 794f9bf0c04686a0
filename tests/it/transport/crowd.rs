//! Callers who begin a handshake and do not go on.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::certificates::Ca;
use super::{SOON, channel, client, is_answered, port, with_tls};
use crate::grpc::test_server::TestServer;

/// The head of a TLS record that announces a ClientHello of 512 bytes, and no more.
const BEGUN: &[u8] = &[
    0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03,
];

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_silent_handshakes_keeps_nobody_out() {
    let dir = tempfile::tempdir().expect("a directory");
    let ca = Ca::new(dir.path(), "ca");
    let mut options = with_tls(&ca.server(dir.path(), "server"));
    options.connections_max = 64;
    // Nobody is closed for being silent: good clients get in all the same.
    options.hello_timeout = Duration::from_secs(600);
    let server = TestServer::on_tls(options, &ca).await;
    let port = port(&server);
    let mut crowd = Vec::new();
    for number in 0..300 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("one");
        if number % 2 == 0 {
            // One that was closed meanwhile is silent enough.
            let _ = stream.write_all(BEGUN).await;
        }
        crowd.push(stream);
    }
    for _ in 0..20 {
        let channel = channel(client(&ca, None, &[b"h2"]), port);
        let channel = tokio::time::timeout(SOON, channel).await.expect("in time");
        is_answered(channel.expect("a connection"))
            .await
            .expect("an answer");
    }
    drop(crowd);
    server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_that_does_not_end_is_closed() {
    let dir = tempfile::tempdir().expect("a directory");
    let ca = Ca::new(dir.path(), "ca");
    let mut options = with_tls(&ca.server(dir.path(), "server"));
    options.hello_timeout = Duration::from_secs(1);
    let server = TestServer::on_tls(options, &ca).await;
    let port = port(&server);
    // More bytes than the preface of HTTP/2 has, and none of them is one of its.
    let begun = [BEGUN, &[0; 100]].concat();
    for bytes in [&[][..], BEGUN, &begun] {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("one");
        stream.write_all(bytes).await.expect("sent");
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "{} bytes: still open", bytes.len());
    }
    // One that has ended its handshake, and then says nothing, is closed too.
    let mut stream = super::secured(client(&ca, None, &[b"h2"]), port)
        .await
        .expect("one");
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "still open");
    server.running.stop().await.expect("to stop");
}
