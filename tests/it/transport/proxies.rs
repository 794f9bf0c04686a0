//! A register behind a proxy with a path prefix, and one that is reached through a proxy.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Channel;
use tower::ServiceExt as _;

use super::certificates::Ca;
use super::with_tls;
use crate::grpc::test_server::TestServer;
use crate::program::{program, text};

const PREFIX: &str = "/minutebook";

/// Passes calls on whose path begins with the prefix, and leaves it out.
async fn pass_on(
    channel: Channel,
    request: http::Request<axum::body::Body>,
) -> http::Response<axum::body::Body> {
    let path = request.uri().path().strip_prefix(PREFIX).map(str::to_owned);
    let Some(path) = path.filter(|path| path.starts_with('/')) else {
        let mut none = http::Response::new(axum::body::Body::empty());
        *none.status_mut() = http::StatusCode::NOT_FOUND;
        return none;
    };
    let (mut head, body) = request.into_parts();
    head.uri = path.parse().expect("a path");
    let request = http::Request::from_parts(head, tonic::body::Body::new(body));
    let answer = channel.oneshot(request).await.expect("an answer");
    answer.map(axum::body::Body::new)
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_below_the_prefix_of_a_proxy() {
    let server = TestServer::open().await;
    let channel = server.channel.clone();
    let forward = tower::service_fn(move |request| {
        let channel = channel.clone();
        async move { Ok::<_, std::convert::Infallible>(pass_on(channel, request).await) }
    });
    let routes = tonic::service::Routes::from(axum::Router::new().fallback_service(forward));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let proxy = tonic::transport::Server::builder().add_routes(routes);
    let proxy = tokio::spawn(proxy.serve_with_incoming(TcpListenerStream::new(listener)));
    let ask = async |url: String| {
        let mut command = program();
        command.args(["show", "bodies", "--server", &url]);
        let asked = tokio::task::spawn_blocking(move || command.output().expect("it runs"));
        asked.await.expect("an end")
    };
    for slash in ["", "/"] {
        let output = ask(format!("http://{address}{PREFIX}{slash}")).await;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
    }
    let output = ask(format!("http://{address}")).await;
    assert!(!output.status.success(), "the proxy knows no such path");
    proxy.abort();
    server.running.stop().await.expect("to stop");
}

/// A proxy that connects to whatever it is asked for.
async fn tunnel(listener: TcpListener, tunnels: Arc<AtomicUsize>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let tunnels = Arc::clone(&tunnels);
        tokio::spawn(async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.expect("a request"));
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let target = head
                .strip_prefix("CONNECT ")
                .and_then(|rest| rest.split(' ').next());
            let target = target.expect("CONNECT").replace("localhost", "127.0.0.1");
            let mut server = TcpStream::connect(target).await.expect("a server");
            tunnels.fetch_add(1, Ordering::Relaxed);
            client
                .write_all(b"HTTP/1.1 200 OK\r\n\r\n")
                .await
                .expect("sent");
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_the_environment_names_is_used() {
    let dir = tempfile::tempdir().expect("a directory");
    let ca = Ca::new(dir.path(), "ca");
    let server = TestServer::on_tls(with_tls(&ca.server(dir.path(), "server")), &ca).await;
    let url = format!("https://localhost:{}", super::port(&server));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let proxy = format!("http://{}", listener.local_addr().expect("an address"));
    let tunnels = Arc::new(AtomicUsize::new(0));
    let proxying = tokio::spawn(tunnel(listener, tunnels.clone()));
    let ask = async |proxy: &str, exempt: &str| {
        let mut command = program();
        command
            .args(["show", "bodies", "--server", &url, "--ca", text(&ca.file)])
            .env("HTTPS_PROXY", proxy)
            .env("NO_PROXY", exempt);
        let asked = tokio::task::spawn_blocking(move || command.output().expect("it runs"));
        asked.await.expect("an end")
    };
    let output = ask(&proxy, "").await;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(tunnels.load(Ordering::Relaxed), 1);
    assert!(ask(&proxy, "localhost").await.status.success());
    assert_eq!(tunnels.load(Ordering::Relaxed), 1, "it is exempt");
    let output = ask("http://127.0.0.1:1", "").await;
    crate::program::fails(&output, 3, "HTTPS_PROXY");
    proxying.abort();
    server.running.stop().await.expect("to stop");
}
