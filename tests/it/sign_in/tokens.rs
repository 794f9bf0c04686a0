//! Tokens: the good ones sign in, and each other one is refused by the check that it fails.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use minutebook::wire::proto::caller_service_client::CallerServiceClient;
use minutebook::wire::proto::{GetSignInRequest, WhoAmIRequest, descriptors};
use serde_json::{Value, json};
use tonic::client::Grpc;
use tonic::{Code, Request, Status};

use super::test_provider::{TestProvider, changed, principals, reason, server, who, with};
use crate::bare_codec::Bare;

#[tokio::test]
async fn a_token_says_who_calls() {
    let Some(provider) = TestProvider::start("who calls") else {
        return;
    };
    let server = server(provider.settings()).await;
    let person = json!({ "claims": { "client_id": "cli", "groups": ["finance", "audit"] } });
    let caller = who(&server.channel, &provider.sign(person.clone()))
        .await
        .expect("a caller");
    assert_eq!(principals(&caller), ["group audit", "group finance"]);
    assert!(caller.signed_in && caller.expires_at.is_some());
    assert_eq!(caller.pseudonym.len(), 32);
    assert!(
        caller
            .principals
            .iter()
            .all(|one| one.issuer == provider.url)
    );

    // The next token of the same person, and the first one again.
    let again = who(&server.channel, &provider.sign(person))
        .await
        .expect("a caller");
    assert_eq!(again.pseudonym, caller.pseudonym);
    let other = json!({ "claims": { "sub": "s-2", "groups": ["finance"] } });
    let other = who(&server.channel, &provider.sign(other))
        .await
        .expect("a caller");
    assert_ne!(other.pseudonym, caller.pseudonym);

    let system = json!({ "claims": { "sub": "feeder", "client_id": "feeder", "roles": ["feed"] } });
    let system = who(&server.channel, &provider.sign(system))
        .await
        .expect("a caller");
    assert_eq!(principals(&system), ["role feed", "client feeder"]);
    assert_ne!(system.pseudonym, caller.pseudonym);
}

#[tokio::test]
async fn every_algorithm_counts_that_the_settings_allow() {
    let Some(provider) = TestProvider::start("algorithms") else {
        return;
    };
    let all = server(provider.settings()).await;
    let one = changed(provider.settings(), |issuer| {
        issuer.algorithms = vec![jsonwebtoken::Algorithm::ES256];
    });
    let one = server(one).await;
    for alg in ["RS256", "ES256", "EdDSA"] {
        provider.command("alg", json!({ "alg": alg }));
        let token = provider.sign(json!({ "claims": { "groups": ["a"] } }));
        who(&all.channel, &token).await.expect(alg);
        assert_eq!(
            who(&one.channel, &token).await.is_ok(),
            alg == "ES256",
            "{alg}"
        );
    }
}

/// The parts of a token put together again, with another header or other claims.
fn forged(token: &str, change: impl FnOnce(&mut Value, &mut Value, &mut String)) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
        serde_json::from_slice::<Value>(&bytes).expect("JSON")
    };
    let (mut header, mut claims) = (read(parts[0]), read(parts[1]));
    let mut signature = parts[2].to_owned();
    change(&mut header, &mut claims, &mut signature);
    let write = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", write(&header), write(&claims))
}

#[tokio::test]
async fn a_token_that_fails_a_check_is_refused_by_its_name() {
    let Some(provider) = TestProvider::start("refused tokens") else {
        return;
    };
    let server = server(provider.settings()).await;
    let now = jiff::Timestamp::now().as_second();
    let groups = json!(["a"]);
    let claims = |more: Value| {
        let mut claims = json!({ "groups": groups });
        for (name, value) in more.as_object().expect("claims") {
            claims[name] = value.clone();
        }
        provider.sign(json!({ "claims": claims }))
    };
    let header =
        |header: Value| provider.sign(json!({ "header": header, "claims": { "groups": groups } }));
    let good = [
        claims(json!({})),
        claims(json!({ "aud": ["other", "register"] })),
        // The clocks differ a little.
        claims(json!({ "exp": now - 10, "iat": now - 300 })),
        claims(json!({ "nbf": now + 10, "iat": now + 10 })),
        claims(json!({ "iat": null })),
        header(json!({ "typ": "JWT" })),
        header(json!({ "typ": null })),
        // Nothing that a token names is fetched.
        header(json!({ "jku": "http://127.0.0.1:1/keys", "x5u": "http://127.0.0.1:1/x" })),
        // Names that are none are left out.
        claims(json!({ "groups": ["", "x".repeat(300), "a"] })),
    ];
    for (index, token) in good.iter().enumerate() {
        let caller = who(&server.channel, token).await;
        let caller = caller.unwrap_or_else(|status| panic!("good token {index}: {status}"));
        assert_eq!(principals(&caller), ["group a"], "{index}");
    }

    let good = &good[0];
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": "00", "kid": "mine" });
    let mut fresh = server;
    let forged_ones = [
        (
            claims(json!({ "exp": now - 60, "iat": now - 300 })),
            "expired",
        ),
        (claims(json!({ "aud": "other" })), "audience"),
        (claims(json!({ "aud": null })), "claim"),
        (claims(json!({ "sub": null })), "claim"),
        (claims(json!({ "sub": "" })), "claim"),
        (claims(json!({ "sub": 7 })), "claim"),
        (claims(json!({ "exp": null })), "claim"),
        (claims(json!({ "exp": "soon" })), "claim"),
        (claims(json!({ "exp": u64::MAX })), "claim"),
        (claims(json!({ "iss": [provider.url] })), "claim"),
        (claims(json!({ "iss": null })), "claim"),
        (
            claims(json!({ "iss": "https://login.example.org" })),
            "issuer",
        ),
        (
            claims(json!({ "iss": format!("{}/", provider.url) })),
            "issuer",
        ),
        (claims(json!({ "nbf": now + 60 })), "not_yet_valid"),
        (claims(json!({ "iat": now + 60 })), "not_yet_valid"),
        (claims(json!({ "exp": now + 25 * 3_600 })), "lifetime"),
        (
            claims(json!({ "exp": now + 25 * 3_600, "iat": null })),
            "lifetime",
        ),
        (
            claims(json!({ "exp": now + 60, "iat": now - 24 * 3_600 })),
            "lifetime",
        ),
        (
            claims(json!({ "groups": null, "_claim_names": { "groups": "s" } })),
            "groups_left_out",
        ),
        (claims(json!({ "groups": null })), "no_principal"),
        (
            claims(
                json!({ "groups": (0..501).collect::<Vec<_>>().iter().map(|n| format!("{n}")).collect::<Vec<_>>() }),
            ),
            "too_many_groups",
        ),
        (claims(json!({ "groups": ["x".repeat(9_000)] })), "length"),
        (header(json!({ "typ": "dpop+jwt" })), "type"),
        (header(json!({ "typ": "logout+jwt" })), "type"),
        (header(json!({ "crit": ["exp"] })), "extension"),
        (header(json!({ "kid": "../../keys" })), "key"),
        (header(json!({ "kid": null })), "key"),
        (header(json!({ "kid": "mine", "jwk": key })), "key"),
        (header(json!({ "alg": "RS512" })), "algorithm"),
        (header(json!({ "alg": "ES256" })), "algorithm"),
        (header(json!({ "alg": "Ed25519" })), "algorithm"),
        (
            provider.sign(json!({ "hmac": true, "claims": { "groups": groups } })),
            "algorithm",
        ),
        (
            forged(good, |header, _, signature| {
                header["alg"] = json!("none");
                signature.clear();
            }),
            "algorithm",
        ),
        (
            forged(good, |header, _, signature| {
                header["alg"] = json!("nOnE");
                signature.clear();
            }),
            "algorithm",
        ),
        (
            forged(good, |_, claims, _| claims["groups"] = json!(["b"])),
            "signature",
        ),
        (
            forged(good, |_, _, signature| *signature = "AAAA".to_owned()),
            "signature",
        ),
        (
            forged(good, |_, _, signature| signature.clear()),
            "signature",
        ),
        (format!("{good}.e30"), "form"),
        (
            good.split('.').take(2).collect::<Vec<_>>().join("."),
            "form",
        ),
        ("opaque".to_owned(), "form"),
    ];
    for (index, (token, check)) in forged_ones.into_iter().enumerate() {
        // So many from one address would be refused for their number.
        if index % 25 == 24 {
            fresh = super::test_provider::server(provider.settings()).await;
        }
        let status = who(&fresh.channel, &token).await.expect_err(check);
        assert_eq!(status.code(), Code::Unauthenticated, "{check}: {status}");
        assert_eq!(
            reason(&status),
            ("TOKEN_INVALID".to_owned(), check.to_owned()),
            "{status}"
        );
        assert!(
            !status.message().contains(&token),
            "{check}: the token is in it"
        );
    }
}

#[tokio::test]
async fn a_token_of_one_issuer_is_nothing_at_another() {
    let (Some(one), Some(other)) = (
        TestProvider::start("issuers"),
        TestProvider::start("issuers"),
    ) else {
        return;
    };
    let mut settings = one.settings();
    settings.issuers.extend(other.settings().issuers);
    let both = server(settings).await;
    let only = server(one.settings()).await;
    let groups = json!({ "groups": ["a"] });
    let token = other.sign(json!({ "claims": groups }));
    let caller = who(&both.channel, &token).await.expect("a caller");
    assert_eq!(caller.principals[0].issuer, other.url);
    let status = who(&only.channel, &token).await.expect_err("a stranger");
    assert_eq!(reason(&status).1, "issuer");

    // It says that it is of the other one, and names its own key, or that of the other.
    let claims = json!({ "groups": ["a"], "iss": one.url });
    let status = who(&both.channel, &other.sign(json!({ "claims": claims }))).await;
    assert_eq!(reason(&status.expect_err("a foreign key")).1, "key");
    let good = one.sign(json!({ "claims": groups }));
    let head = URL_SAFE_NO_PAD.decode(good.split('.').next().expect("a header"));
    let head: Value = serde_json::from_slice(&head.expect("base64")).expect("JSON");
    let token = other.sign(json!({ "claims": claims, "header": { "kid": head["kid"] } }));
    let status = who(&both.channel, &token)
        .await
        .expect_err("a foreign signature");
    assert_eq!(reason(&status).1, "signature");

    // The same subject at two issuers is two persons.
    let first = who(&both.channel, &good).await.expect("a caller");
    assert_ne!(first.pseudonym, caller.pseudonym);
}

#[tokio::test]
async fn one_bearer_token_is_asked_for_and_nothing_else_taken() {
    let Some(provider) = TestProvider::start("metadata") else {
        return;
    };
    let server = server(provider.settings()).await;
    let token = provider.sign(json!({ "claims": { "groups": ["a"] } }));
    let good = format!("Bearer {token}");
    let mut caller = CallerServiceClient::new(server.channel.clone());
    let mut ask = async |values: &[&str]| {
        let asked = caller.who_am_i(with(WhoAmIRequest {}, values)).await;
        asked.map_err(|status| reason(&status))
    };
    assert!(ask(&[&good]).await.is_ok());
    let none = ask(&[]).await.expect_err("no token");
    assert_eq!(none, ("SIGN_IN_REQUIRED".to_owned(), String::new()));
    for values in [
        &[&*good, &*good][..],
        &["Basic YTpi"],
        &[&*token],
        &["Bearer"],
        &[""],
    ] {
        let (reason, check) = ask(values).await.expect_err("no bearer token");
        assert_eq!(
            (&*reason, &*check),
            ("TOKEN_INVALID", "metadata"),
            "{values:?}"
        );
    }
}

/// Calls a method with an empty message and no token.
async fn call(channel: &tonic::transport::Channel, path: &str) -> Result<(), Status> {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.expect("a connection");
    let path = path.parse().expect("a path");
    let answer = grpc.server_streaming(Request::new(Bytes::new()), path, Bare);
    answer.await?.into_inner().message().await.map(drop)
}

#[tokio::test]
async fn without_a_token_nothing_is_answered_but_what_helps_to_sign_in() {
    let Some(provider) = TestProvider::start("open methods") else {
        return;
    };
    let server = server(provider.settings()).await;
    let mut count = 0;
    for service in descriptors().services() {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            let answered = call(&server.channel, &path).await;
            if path.ends_with("/GetSignIn") {
                answered.expect("open");
                continue;
            }
            let status = answered.expect_err(&path);
            assert_eq!(reason(&status).0, "SIGN_IN_REQUIRED", "{path}: {status}");
            count += 1;
        }
    }
    assert!(count > 30, "methods were found: {count}");
    let status = call(&server.channel, "/minutebook.v1.NoService/No").await;
    assert_eq!(reason(&status.expect_err("unknown")).0, "SIGN_IN_REQUIRED");
    call(&server.channel, "/grpc.health.v1.Health/Check")
        .await
        .expect("open");

    let mut caller = CallerServiceClient::new(server.channel.clone());
    let answer = caller
        .get_sign_in(GetSignInRequest {})
        .await
        .expect("open")
        .into_inner();
    assert!(answer.required);
    assert_eq!(answer.issuers[0].issuer, provider.url);
    assert_eq!(answer.issuers[0].login_client_id, "cli");
    assert_eq!(answer.issuers[0].audiences, ["register"]);
}

#[tokio::test]
async fn an_open_register_asks_nobody() {
    let server = crate::grpc::test_server::TestServer::open().await;
    let mut caller = CallerServiceClient::new(server.channel.clone());
    let answer = caller
        .get_sign_in(GetSignInRequest {})
        .await
        .expect("open")
        .into_inner();
    assert!(!answer.required && answer.issuers.is_empty());
    let who = caller
        .who_am_i(WhoAmIRequest {})
        .await
        .expect("open")
        .into_inner();
    assert!(!who.signed_in && who.principals.is_empty());
}
