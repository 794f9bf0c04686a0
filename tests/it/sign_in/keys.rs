//! The keys of an issuer: turned, withdrawn, not to be had, and asked for by a crowd.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use super::test_provider::{TestProvider, reason, server, who};

fn groups() -> serde_json::Value {
    json!({ "claims": { "groups": ["a"] } })
}

#[tokio::test]
async fn turned_keys_count_at_once_and_those_withdrawn_no_longer() {
    let Some(provider) = TestProvider::start("turned keys") else {
        return;
    };
    let mut settings = provider.settings();
    settings.fetch_pause = Duration::ZERO;
    let server = server(settings).await;
    let old = provider.sign(groups());
    who(&server.channel, &old).await.expect("a caller");
    provider.command("turn", json!({}));
    // It was verified before, and nobody has asked for keys since.
    who(&server.channel, &old).await.expect("a caller");
    let new = provider.sign(groups());
    who(&server.channel, &new).await.expect("a caller");
    let status = who(&server.channel, &old).await.expect_err("withdrawn");
    assert_eq!(reason(&status).1, "key");
}

#[tokio::test]
async fn invented_keys_lead_to_one_request_in_a_while() {
    let Some(provider) = TestProvider::start("invented keys") else {
        return;
    };
    let mut settings = provider.settings();
    settings.fetch_pause = Duration::from_secs(3_600);
    let server = server(settings).await;
    who(&server.channel, &provider.sign(groups()))
        .await
        .expect("a caller");
    let before = provider.fetched();
    for number in 0..25 {
        let claims = &groups()["claims"];
        let header = json!({ "kid": format!("invented-{number}") });
        let token = provider.sign(json!({ "header": header, "claims": claims }));
        let status = who(&server.channel, &token).await.expect_err("no such key");
        assert_eq!(reason(&status).1, "key");
    }
    assert_eq!(provider.fetched(), before + 1);
    // Nor do keys that are really new, until the pause is over: invented ones took the turn.
    provider.command("turn", json!({}));
    assert!(
        who(&server.channel, &provider.sign(groups()))
            .await
            .is_err()
    );
    assert_eq!(provider.fetched(), before + 1);
}

#[tokio::test]
async fn a_crowd_at_the_start_leads_to_one_request() {
    let Some(provider) = TestProvider::start("a crowd") else {
        return;
    };
    let tokens: Vec<String> = (0..200)
        .map(|number| {
            let claims = json!({ "sub": format!("s-{number}"), "groups": ["a"] });
            provider.sign(json!({ "claims": claims }))
        })
        .collect();
    assert_eq!(provider.fetched(), 0);
    let server = server(provider.settings()).await;
    let callers = join_all(tokens.iter().map(|token| who(&server.channel, token))).await;
    let mut pseudonyms: Vec<String> = callers
        .into_iter()
        .map(|caller| caller.expect("a caller").pseudonym)
        .collect();
    pseudonyms.sort();
    pseudonyms.dedup();
    assert_eq!(pseudonyms.len(), 200);
    assert_eq!(provider.fetched(), 1);
}

#[tokio::test]
async fn a_provider_that_is_down_stops_no_start_and_its_last_keys_count() {
    let Some(provider) = TestProvider::start("a provider that is down") else {
        return;
    };
    provider.command("down", json!({}));
    let mut settings = provider.settings();
    settings.fetch_pause = Duration::ZERO;
    let server = server(settings).await;
    let token = provider.sign(groups());
    let status = who(&server.channel, &token).await.expect_err("no keys");
    assert_eq!(status.code(), tonic::Code::Unavailable);
    assert_eq!(reason(&status).0, "SIGN_IN_UNAVAILABLE");

    provider.command("up", json!({}));
    who(&server.channel, &token).await.expect("a caller");
    provider.command("down", json!({}));
    let unknown = json!({ "header": { "kid": "new" }, "claims": { "groups": ["a"] } });
    let status = who(&server.channel, &provider.sign(unknown))
        .await
        .expect_err("no such key");
    assert_eq!(reason(&status).1, "key");
    let next = json!({ "claims": { "sub": "s-2", "groups": ["a"] } });
    who(&server.channel, &provider.sign(next))
        .await
        .expect("by the last keys");
}
