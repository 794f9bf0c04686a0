//! Certificates that are replaced while calls are under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio_rustls::rustls::pki_types::CertificateDer;

use super::certificates::{Ca, Pair};
use super::{channel, client, is_answered, port, secured, with_tls};
use crate::grpc::test_server::TestServer;

/// The certificate that the server shows to a new connection.
async fn shown(ca: &Ca, port: u16) -> CertificateDer<'static> {
    let stream = secured(client(ca, None, &[b"h2"]), port)
        .await
        .expect("one");
    let certificates = stream.get_ref().1.peer_certificates();
    certificates.expect("shown")[0].clone().into_owned()
}

/// Waits until the server shows this certificate.
async fn until_shown(ca: &Ca, port: u16, pair: &Pair) {
    while shown(ca, port).await != pair.chain()[0] {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_fails_while_certificates_are_replaced() {
    let dir = tempfile::tempdir().expect("a directory");
    let ca = Arc::new(Ca::new(dir.path(), "ca"));
    let served = ca.server(dir.path(), "server");
    let server = TestServer::on_tls(with_tls(&served), &ca).await;
    let port = port(&server);
    let reload = server.running.tls().expect("TLS").clone();
    let done = Arc::new(AtomicBool::new(false));
    let (calls, connections) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));

    let mut tasks = Vec::new();
    for _ in 0..4 {
        let (ended, calls, old) = (done.clone(), calls.clone(), server.channel.clone());
        tasks.push(tokio::spawn(async move {
            while !ended.load(Ordering::Relaxed) {
                is_answered(old.clone()).await.expect("an old connection");
                calls.fetch_add(1, Ordering::Relaxed);
            }
        }));
        let (done, connections, ca) = (done.clone(), connections.clone(), ca.clone());
        tasks.push(tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                let fresh = channel(client(&ca, None, &[b"h2"]), port).await;
                let fresh = fresh.expect("a new connection");
                is_answered(fresh).await.expect("a new connection");
                connections.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }

    let mut last = ca.server(dir.path(), "first");
    last.replaces(&served, true, true);
    reload.ask();
    until_shown(&ca, port, &last).await;
    for number in 0..6 {
        let next = ca.server(dir.path(), &format!("next-{number}"));
        // Not the pair: the old one stays.
        next.replaces(&served, true, false);
        reload.ask();
        for _ in 0..20 {
            assert_eq!(shown(&ca, port).await, last.chain()[0], "the old one stays");
        }
        next.replaces(&served, false, true);
        // Every second swap is left to the watch of the files.
        if number % 2 == 0 {
            reload.ask();
        }
        until_shown(&ca, port, &next).await;
        last = next;
    }
    while connections.load(Ordering::Relaxed) < 300 || calls.load(Ordering::Relaxed) < 1_000 {
        assert!(
            tasks.iter().all(|task| !task.is_finished()),
            "a call failed"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    done.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.expect("no failed call");
    }
    server.running.stop().await.expect("to stop");
}

/// A revoked certificate is refused once the list is read again, and calls on open
/// connections go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_revoked_certificates_is_read_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let ca = Ca::new(dir, "ca");
    let pair = ca.client(dir, "client", |_| {});
    let mut options = with_tls(&ca.server(dir, "server"));
    let tls = options.tls.as_mut().expect("TLS");
    tls.client_ca = Some(ca.file.clone());
    tls.client_crl = Some(ca.revokes(dir, &[]));
    let server = TestServer::on_tls(options, &ca).await;
    let config = client(&ca, Some(&pair), &[b"h2"]);
    let open = channel(config.clone(), port(&server)).await.expect("one");
    is_answered(open.clone()).await.expect("an answer");
    ca.revokes(dir, &[&pair]);
    loop {
        let fresh = channel(config.clone(), port(&server)).await;
        let Ok(fresh) = fresh else { break };
        if is_answered(fresh).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    is_answered(open).await.expect("the open one goes on");
    is_answered(server.channel.clone())
        .await
        .expect("an answer");
    server.running.stop().await.expect("to stop");
}

/// SIGHUP has the files read; without TLS it ends the process, as it does any other.
#[test]
fn a_hangup_has_the_files_read_again() {
    use crate::program::{Serving, text};

    let dir = tempfile::tempdir().expect("a directory");
    let ca = Ca::new(dir.path(), "ca");
    let served = ca.server(dir.path(), "server");
    let files = [
        "--tls-cert",
        text(&served.certificate_file),
        "--tls-key",
        text(&served.key_file),
    ];
    let serving = Serving::with(&dir.path().join("register"), &files);
    let port = serving
        .url
        .rsplit(':')
        .next()
        .expect("a port")
        .parse()
        .expect("one");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let next = ca.server(dir.path(), "next");
        next.replaces(&served, true, true);
        let process = i32::try_from(serving.child.id()).expect("a process");
        let process = rustix::process::Pid::from_raw(process).expect("a process");
        rustix::process::kill_process(process, rustix::process::Signal::HUP).expect("sent");
        until_shown(&ca, port, &next).await;
    });
}
