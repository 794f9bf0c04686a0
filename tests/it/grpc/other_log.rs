//! Page tokens and subscriptions belong to one log. A server whose log is another says
//! so, and sends nothing of it.

use std::path::{Path, PathBuf};

use minutebook::log::memory::MemoryMedium;
use minutebook::server::ServerOptions;
use minutebook::wire::proto::subscribe_response::Message;
use minutebook::wire::proto::{
    DiffRequest, EntryFilter, ListBodiesRequest, Moment, SubscribeRequest, SubscribeResponse,
    moment,
};
use tonic::Code;

use super::test_server::{TestServer, alias, body, fact, options, refused, registered};
use crate::given::append;

/// Options of a server with this key: of the register with its name.
fn with_key(key: &Path) -> ServerOptions {
    let mut options = options();
    options.key = Some(key.to_owned());
    options
}

/// The key of a new register.
async fn new_key() -> PathBuf {
    let options = options();
    let key = options.data.join("notary/checkpoint.key");
    let server = TestServer::on(options, &MemoryMedium::new()).await;
    server.running.stop().await.expect("an end");
    key
}

/// A server whose log has body number `first`, and then the same three bodies, byte for
/// byte.
async fn serve(key: &Path, medium: &MemoryMedium, first: u128) -> TestServer {
    let mut server = TestServer::on(with_key(key), medium).await;
    for tag in [first, 2, 3, 4] {
        server.record(body(tag)).await;
    }
    server
}

async fn page(server: &mut TestServer, token: &str) -> Result<String, tonic::Status> {
    let request = ListBodiesRequest {
        page_size: 2,
        page_token: token.to_owned(),
        ..Default::default()
    };
    let answer = server.register.list_bodies(request).await?;
    Ok(answer.into_inner().next_page_token)
}

async fn diff(server: &mut TestServer, token: &str) -> Result<String, tonic::Status> {
    let at = |position| Moment {
        moment: Some(moment::Moment::Position(position)),
    };
    let request = DiffRequest {
        from: Some(at(1)),
        to: Some(at(4)),
        page_size: 1,
        page_token: token.to_owned(),
        ..Default::default()
    };
    let answer = server.audit.diff(request).await?;
    Ok(answer.into_inner().next_page_token)
}

async fn subscribe(
    server: &mut TestServer,
    subjects: &[&str],
    after_position: u64,
    log_fingerprint: &[u8],
) -> Result<Vec<SubscribeResponse>, tonic::Status> {
    let request = SubscribeRequest {
        filter: Some(EntryFilter {
            subjects: subjects.iter().map(ToString::to_string).collect(),
            kinds: Vec::new(),
        }),
        after_position,
        log_fingerprint: log_fingerprint.to_vec(),
    };
    let mut stream = server.audit.subscribe(request).await?.into_inner();
    let mut messages = Vec::new();
    loop {
        let message = stream.message().await?.expect("a message");
        let is_last = matches!(message.message, Some(Message::CaughtUpToPosition(_)));
        messages.push(message);
        if is_last {
            return Ok(messages);
        }
    }
}

fn position(message: &SubscribeResponse) -> u64 {
    match message.message.as_ref().expect("a message") {
        Message::Entry(entry) => entry.entry.as_ref().expect("an entry").position,
        Message::CaughtUpToPosition(position) => *position,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_comes_back_with_is_refused_by_another_log() {
    let key = new_key().await;
    let medium = MemoryMedium::new();
    let mut server = serve(&key, &medium, 1).await;
    let token = page(&mut server, "").await.expect("a page");
    let of_diff = diff(&mut server, "").await.expect("a page");
    assert!(!token.is_empty() && !of_diff.is_empty());
    let followed = subscribe(&mut server, &[], 0, &[]).await.expect("entries");
    assert_eq!(
        followed.iter().map(position).collect::<Vec<_>>(),
        [1, 2, 3, 4, 4]
    );
    server.running.stop().await.expect("an end");

    // The same log goes on, also when it has grown.
    let mut same = TestServer::on(with_key(&key), &medium).await;
    same.record(body(5)).await;
    page(&mut same, &token).await.expect("the next page");
    diff(&mut same, &of_diff).await.expect("the next page");
    for message in &followed {
        let (after, fingerprint) = (position(message), &message.log_fingerprint);
        let more = subscribe(&mut same, &[], after, fingerprint).await;
        let more = more.expect("the same log");
        assert_eq!(position(&more[0]), after + 1);
    }
    same.running.stop().await.expect("an end");

    // Another log with the same entries from 2 on; the same log under another name; and
    // one that ends early.
    let renamed = new_key().await;
    let short = MemoryMedium::new();
    let others = [
        serve(&key, &MemoryMedium::new(), 9).await,
        TestServer::on(with_key(&renamed), &medium).await,
        TestServer::on(with_key(&key), &short).await,
    ];
    for mut other in others {
        for status in [
            refused(
                page(&mut other, &token).await,
                Code::FailedPrecondition,
                "OTHER_LOG",
            ),
            refused(
                diff(&mut other, &of_diff).await,
                Code::FailedPrecondition,
                "OTHER_LOG",
            ),
        ] {
            assert_eq!(fact(&status, "position"), "4");
            assert!(status.message().contains("another log"), "{status:?}");
        }
        for message in &followed {
            let (after, fingerprint) = (position(message), &message.log_fingerprint);
            let answer = subscribe(&mut other, &[], after, fingerprint).await;
            refused(answer, Code::FailedPrecondition, "OTHER_LOG");
        }
        // Without a fingerprint a caller begins anew.
        subscribe(&mut other, &[], 0, &[])
            .await
            .expect("its entries");
        let status = subscribe(&mut other, &[], 0, b"mine").await;
        let status = refused(status, Code::InvalidArgument, "INVALID_FIELDS");
        assert!(status.message().contains("log_fingerprint"), "{status:?}");
    }
}

/// Where the tree has full tiles, where it is behind the log, and where a filter leaves
/// most entries out, the fingerprint of a position is the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_position_has_one_fingerprint_however_it_is_reached() {
    let mut server = TestServer::open().await;
    server
        .record(append(1, &[registered("north"), registered("south")]))
        .await;
    for (tag, chunk) in (2..).zip(0..15_u32) {
        let names: Vec<_> = (0..100)
            .map(|n| {
                let id = if n == 50 { "south" } else { "north" };
                alias(id, &format!("N{chunk}.{n}"), 0)
            })
            .collect();
        server.record(append(tag, &names)).await;
    }
    let all = subscribe(&mut server, &[], 0, &[]).await.expect("entries");
    assert_eq!(all.len(), 1_503);
    let by_position: std::collections::BTreeMap<u64, Vec<u8>> = all
        .into_iter()
        .map(|message| (position(&message), message.log_fingerprint))
        .collect();
    let mut distinct: Vec<_> = by_position.values().collect();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), by_position.len());
    let some = subscribe(&mut server, &["bodies/south"], 0, &[]).await;
    let some = some.expect("entries");
    assert_eq!(some.len(), 17);
    for message in &some {
        assert_eq!(message.log_fingerprint, by_position[&position(message)]);
    }
    for after in [1, 255, 256, 257, 512, 1_000, 1_502] {
        let fingerprint = &by_position[&after];
        let more = subscribe(&mut server, &[], after, fingerprint).await;
        for message in more.expect("the same log") {
            assert_eq!(message.log_fingerprint, by_position[&position(&message)]);
        }
    }
}
