//! Mandates over a real socket: revoked between two appends, of another issuer, of a group
//! that was renamed; and streams that outlive the token of their caller.

use futures::StreamExt as _;
use minutebook::log::memory::MemoryMedium;
use minutebook::server::offline::set_keeper;
use minutebook::server::start;
use minutebook::sign_in::settings::SignInSettings;
use minutebook::wire::proto::principal::Name;
use minutebook::wire::proto::{
    AppendRequest, AppendResponse, MandateGranted, MandateRole, Principal, SubscribeRequest,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

use super::test_provider::{TestProvider, reason, signs_in, who, with};
use crate::given::{append, event};
use crate::grpc::test_server::{TestServer, registered};

/// A server whose register has the group `keepers` of this issuer for its keeper.
pub async fn kept(settings: SignInSettings, issuer: &str) -> TestServer {
    let options = signs_in(settings);
    let empty = start(options.clone()).await.expect("a start");
    empty.stop().await.expect("a stop");
    let granted = MandateGranted {
        mandate_id: "keeper".to_owned(),
        holder: Some(Principal {
            issuer: issuer.to_owned(),
            name: Some(Name::Group("keepers".to_owned())),
        }),
        role: MandateRole::Keeper.into(),
        recorded_as: "Keeper of the register".to_owned(),
        ..MandateGranted::default()
    };
    set_keeper(&options.data, granted, &options.clock).expect("a keeper");
    TestServer::connect_to(start(options).await.expect("a start")).await
}

pub fn of_groups(provider: &TestProvider, groups: &[&str]) -> String {
    provider.sign(json!({ "claims": { "groups": groups } }))
}

/// A request whose recorder the mandate names.
fn request(tag: u128, one: Value) -> AppendRequest {
    AppendRequest {
        recorded_by: String::new(),
        ..append(tag, &[one])
    }
}

fn body(tag: u128) -> AppendRequest {
    request(tag, registered(&format!("body-{tag}")))
}

async fn sent(
    server: &mut TestServer,
    token: &str,
    request: AppendRequest,
) -> Result<AppendResponse, Status> {
    let request = with(request, &[&format!("Bearer {token}")]);
    Ok(server.record.append(request).await?.into_inner())
}

/// A registrar of everything, who is the group of the same name.
fn granted(tag: u128, issuer: &str, group: &str) -> AppendRequest {
    let granted = json!({
        "mandateId": group, "holder": { "issuer": issuer, "group": group },
        "role": "MANDATE_ROLE_REGISTRAR", "recordedAs": format!("Office {group}"),
        "wholeRegister": true,
    });
    request(tag, event("register", "", "mandateGranted", granted))
}

fn revoked(tag: u128, group: &str) -> AppendRequest {
    let revoked = json!({ "mandateId": group, "reason": "The office was closed." });
    request(tag, event("register", "", "mandateRevoked", revoked))
}

#[track_caller]
fn not_mandated<T: std::fmt::Debug>(answer: Result<T, Status>) {
    let status = answer.expect_err("no mandate");
    let why = format!("{status:?}");
    assert!(why.contains("NOT_MANDATED"), "{why}");
}

#[tokio::test]
async fn a_mandate_counts_at_each_append_and_not_once_for_a_stream() {
    let Some(provider) = TestProvider::start("revoked mandates") else {
        return;
    };
    let mut server = kept(provider.settings(), &provider.url).await;
    let keeper = of_groups(&provider, &["keepers"]);
    let registrar = of_groups(&provider, &["registrar"]);
    not_mandated(sent(&mut server, &registrar, body(1)).await);
    let grant = granted(2, &provider.url, "registrar");
    sent(&mut server, &keeper, grant).await.expect("granted");
    sent(&mut server, &registrar, body(3))
        .await
        .expect("recorded");

    let (send, requests) = mpsc::channel(4);
    let opened = with(
        ReceiverStream::new(requests),
        &[&format!("Bearer {registrar}")],
    );
    let answers = server.record.append_stream(opened).await;
    let mut answers = answers.expect("a stream").into_inner();
    send.send(body(4)).await.expect("sent");
    answers.message().await.expect("recorded");
    let revoke = revoked(5, "registrar");
    sent(&mut server, &keeper, revoke).await.expect("revoked");
    send.send(body(6)).await.expect("sent");
    not_mandated(answers.message().await);
    not_mandated(sent(&mut server, &registrar, body(7)).await);
}

#[tokio::test]
async fn a_group_of_another_issuer_or_under_its_old_name_has_no_mandate() {
    let (Some(one), Some(other)) = (
        TestProvider::start("mandates of issuers"),
        TestProvider::start("mandates of issuers"),
    ) else {
        return;
    };
    let mut settings = one.settings();
    settings.issuers.extend(other.settings().issuers);
    let mut server = kept(settings, &one.url).await;
    let keeper = of_groups(&one, &["keepers"]);
    let grant = granted(1, &one.url, "registrar");
    sent(&mut server, &keeper, grant).await.expect("granted");
    let own = of_groups(&one, &["registrar"]);
    sent(&mut server, &own, body(2)).await.expect("recorded");
    // The same group, the same subject, the same kid: another issuer.
    not_mandated(sent(&mut server, &of_groups(&other, &["registrar"]), body(3)).await);
    not_mandated(
        sent(
            &mut server,
            &of_groups(&other, &["keepers"]),
            granted(4, &other.url, "x"),
        )
        .await,
    );

    // The group is renamed at its issuer.
    let renamed = of_groups(&one, &["registrars"]);
    not_mandated(sent(&mut server, &renamed, body(5)).await);
    let grant = granted(6, &one.url, "registrars");
    sent(&mut server, &keeper, grant).await.expect("granted");
    sent(&mut server, &renamed, body(7))
        .await
        .expect("recorded");
}

#[tokio::test]
async fn a_caller_is_told_the_mandates_or_who_grants_them() {
    let Some(provider) = TestProvider::start("mandates of a caller") else {
        return;
    };
    let mut server = kept(provider.settings(), &provider.url).await;
    let registrar = of_groups(&provider, &["registrar"]);
    let before = who(&server.channel, &registrar).await.expect("a caller");
    assert!(before.mandate_needed && before.mandates.is_empty());
    assert_eq!(before.keepers, ["Keeper of the register"]);
    let keeper = of_groups(&provider, &["keepers"]);
    let grant = granted(1, &provider.url, "registrar");
    sent(&mut server, &keeper, grant).await.expect("granted");
    let after = who(&server.channel, &registrar).await.expect("a caller");
    let ids: Vec<&str> = after.mandates.iter().map(|one| &*one.mandate_id).collect();
    assert_eq!(ids, ["registrar"], "and not those of others");
    assert!(after.mandates[0].whole_register);
    let revoke = revoked(2, "registrar");
    sent(&mut server, &keeper, revoke).await.expect("revoked");
    let last = who(&server.channel, &registrar).await.expect("a caller");
    assert!(last.mandates.is_empty());

    // A register without a keeper asks for none.
    let open = TestServer::on(signs_in(provider.settings()), &MemoryMedium::new()).await;
    let caller = who(&open.channel, &registrar).await.expect("a caller");
    assert!(!caller.mandate_needed && caller.keepers.is_empty());
}

#[tokio::test]
async fn a_stream_ends_with_the_token_that_opened_it() {
    let Some(provider) = TestProvider::start("streams and expiry") else {
        return;
    };
    let mut server = kept(provider.settings(), &provider.url).await;
    // It is past already, and counts for the rest of the 30 seconds that clocks may differ.
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({ "groups": ["keepers"], "iat": now - 300, "exp": now - 21 });
    let token = format!("Bearer {}", provider.sign(json!({ "claims": claims })));
    let subscribed = with(SubscribeRequest::default(), &[&token]);
    let followed = server.audit.subscribe(subscribed).await;
    let followed = followed.expect("it still counts").into_inner();
    let (_send, requests) = mpsc::channel::<AppendRequest>(1);
    let opened = with(ReceiverStream::new(requests), &[&token]);
    let recorded = server.record.append_stream(opened).await;
    let recorded = recorded.expect("it still counts").into_inner();
    let (followed, recorded) = futures::future::join(
        Box::pin(followed.filter_map(async |message| message.err())).into_future(),
        Box::pin(recorded.filter_map(async |message| message.err())).into_future(),
    )
    .await;
    for end in [followed.0, recorded.0] {
        let status = end.expect("an end");
        assert_eq!(status.code(), Code::Unauthenticated, "{status}");
        assert_eq!(
            reason(&status),
            ("TOKEN_INVALID".to_owned(), "expired".to_owned())
        );
    }
}
