//! A caller who fails again and again is held up, and nobody else is.

use minutebook::sign_in::settings::{SignInClients, SignInSettings};
use minutebook::wire::proto::caller_service_client::CallerServiceClient;
use minutebook::wire::proto::{ReadHistoryRequest, WhoAmIRequest};
use serde_json::json;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

use super::{Kept, address};
use crate::given::append;
use crate::grpc::test_server::{refused, registered};
use crate::sign_in::test_provider::TestProvider;

/// Calls with a bearer token.
async fn with_token(channel: &Channel, token: &str) -> Result<(), Status> {
    let mut request = Request::new(WhoAmIRequest {});
    let header = format!("Bearer {token}").parse().expect("a header");
    request.metadata_mut().insert("authorization", header);
    let mut caller = CallerServiceClient::new(channel.clone());
    caller.who_am_i(request).await.map(drop)
}

/// Fails until the answer is another one, and returns that.
async fn too_many(channel: &Channel, token: &str) -> Status {
    for failed in 0..10_000 {
        let status = with_token(channel, token).await.expect_err("no token");
        if status.code() != Code::Unauthenticated {
            assert!(failed >= 30, "after {failed}");
            return status;
        }
    }
    panic!("nobody is held up");
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_of_an_address_are_limited_and_hold_up_no_good_one() {
    let kept = Kept::granting(&[]).await;
    let provider = TestProvider::start("a good token among bad ones");
    let settings = match &provider {
        Some(provider) => provider.settings(),
        None => SignInSettings::one("http://127.0.0.1:9", "register", SignInClients::default())
            .expect("settings"),
    };
    let server = kept.start(|options| options.sign_in = Some(settings)).await;
    let here = kept.channel(address(&server), "one", 1).await;
    let refusal = too_many(&here, "e30.e30.e30").await;
    let details = refusal.get_error_details();
    let wait = details.retry_info().and_then(|info| info.retry_delay);
    assert!(wait.is_some_and(|wait| wait.as_secs() < 60), "{wait:?}");
    assert!(refusal.message().contains("minutebook login"), "{refusal}");
    refused(
        Err::<(), _>(refusal),
        Code::ResourceExhausted,
        "TOO_MANY_FAILED_SIGN_INS",
    );
    // Another address has its own count, and a good token is good from any.
    let elsewhere = kept.channel(address(&server), "one", 2).await;
    let status = with_token(&elsewhere, "e30.e30.e30").await;
    refused(status, Code::Unauthenticated, "TOKEN_INVALID");
    if let Some(provider) = &provider {
        let token = provider.sign(json!({ "claims": { "groups": ["finance"] } }));
        with_token(&here, &token).await.expect("a caller");
    }
    // So is a certificate without a token.
    let mut caller = CallerServiceClient::new(here);
    caller.who_am_i(WhoAmIRequest {}).await.expect("a caller");
}

#[tokio::test(flavor = "multi_thread")]
async fn denials_of_a_caller_are_limited_in_the_method_and_hold_up_nobody_else() {
    let kept = Kept::granting(&[("clerk", "recorder")]).await;
    let server = kept.start(|_| ()).await;
    let mut denied = 0;
    let refusal = loop {
        let request = append(100 + denied, &[registered("one")]);
        let status = kept.record(&server, "clerk", request).await;
        let status = status.expect_err("no registrar");
        if status.code() != Code::PermissionDenied {
            break status;
        }
        denied += 1;
        assert!(denied < 10_000, "nobody is held up");
    };
    assert!(denied >= 60, "after {denied}");
    let details = refusal.get_error_details();
    let wait = details.retry_info().and_then(|info| info.retry_delay);
    assert!(wait.is_some(), "{refusal}");
    refused(
        Err::<(), _>(refusal),
        Code::ResourceExhausted,
        "TOO_MANY_DENIALS",
    );
    // Other methods answer, and other callers record.
    let mut audit = kept.audit(&server, "clerk", 1).await;
    let history = audit.read_history(ReadHistoryRequest::default()).await;
    history.expect("a stream");
    let revoked = json!({ "mandateId": "clerk", "reason": "Too eager" });
    let revoked = append(
        2,
        &[json!({ "subject": "register", "mandateRevoked": revoked })],
    );
    kept.record(&server, "keeper", revoked).await.expect("it");
    let status = kept
        .record(&server, "other", append(3, &[registered("one")]))
        .await;
    assert_eq!(
        status.expect_err("no mandate").code(),
        Code::PermissionDenied
    );
}
