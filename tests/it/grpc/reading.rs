//! Queries for meetings: views pinned to dates and positions, and pages.

use std::time::Duration;

use minutebook::clock::Clock;
use minutebook::log::memory::MemoryMedium;
use minutebook::wire::proto::as_of::Known;
use minutebook::wire::proto::{AsOf, Date, GetBodyRequest, ListBodiesRequest, ListBodiesResponse};
use tonic::Code;

use super::test_server::{TestServer, body, options, refused, registered};
use crate::given::{append, now};

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_for_the_position_it_needs() {
    let mut server = TestServer::open().await;
    let at_least = |position| ListBodiesRequest {
        as_of: Some(AsOf {
            at_least_position: position,
            ..Default::default()
        }),
        ..Default::default()
    };
    let mut register = server.register.clone();
    let waiting = tokio::spawn(async move { register.list_bodies(at_least(2)).await });
    server.record(body(1)).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    server.record(body(2)).await;
    let answer = waiting.await.unwrap().unwrap().into_inner();
    assert!(answer.answered_from.unwrap().position >= 2);

    let began = std::time::Instant::now();
    let answer = server.register.list_bodies(at_least(99)).await;
    refused(answer, Code::Unavailable, "POSITION_NOT_REACHED");
    assert!((1..5).contains(&began.elapsed().as_secs()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_subject_is_not_found_with_a_reason() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    let get = |id: &str, as_of| GetBodyRequest {
        as_of,
        body_id: id.into(),
    };
    let status = refused(
        server.register.get_body(get("nobody", None)).await,
        Code::NotFound,
        "BODY_NOT_FOUND",
    );
    assert!(
        status.message().contains("is in the register"),
        "{}",
        status.message()
    );
    refused(
        server.register.get_body(get("No Body", None)).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
}

fn ids(answer: &ListBodiesResponse) -> Vec<&str> {
    let bodies = answer.bodies.iter();
    bodies
        .map(|body| body.body.as_ref().unwrap().body_id.as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_show_the_recorded_facts() {
    let mut server = TestServer::open().await;
    let position = server
        .record(append(1, &[registered("north"), registered("south")]))
        .await;
    let answer = server
        .register
        .list_bodies(ListBodiesRequest::default())
        .await
        .unwrap();
    let answer = answer.into_inner();
    assert_eq!(ids(&answer), ["north", "south"]);
    let from = answer.answered_from.unwrap();
    assert_eq!(from.position, position);
    assert_eq!(
        from.as_at,
        Some(Date {
            year: 2026,
            month: 11,
            day: 23
        })
    );
    assert_eq!(from.known_at.unwrap().seconds, 1_795_428_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_list_is_of_one_position() {
    let mut server = TestServer::open().await;
    let names: Vec<String> = (10..20).map(|n| format!("body-{n}")).collect();
    let events: Vec<_> = names.iter().map(|name| registered(name)).collect();
    server.record(append(1, &events)).await;
    let mut request = ListBodiesRequest {
        page_size: 4,
        ..Default::default()
    };
    let mut found = Vec::new();
    loop {
        let answer = server
            .register
            .list_bodies(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(answer.answered_from.as_ref().unwrap().position, 10);
        assert!(answer.bodies.len() <= 4);
        found.extend(ids(&answer).into_iter().map(str::to_owned));
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
        // Entries recorded between two pages are not on the second.
        server
            .record(append(
                100 + found.len() as u128,
                &[registered(&format!("a-{}", found.len()))],
            ))
            .await;
    }
    assert_eq!(found, names);

    // The token of another query, and an invalid token.
    request.include_succeeded = true;
    let mismatch = server.register.list_bodies(request.clone()).await;
    refused(mismatch, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    request.page_token = "next".into();
    let mismatch = server.register.list_bodies(request.clone()).await;
    refused(mismatch, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    request.page_token.clear();
    request.page_size = -1;
    let negative = server.register.list_bodies(request.clone()).await;
    refused(negative, Code::InvalidArgument, "INVALID_FIELDS");
    request.page_size = 5_000;
    server
        .register
        .list_bodies(request)
        .await
        .expect("as many as there may be");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_be_of_another_size_or_wait_and_is_still_of_the_same_list() {
    let mut server = TestServer::open().await;
    server
        .record(append(
            1,
            &[registered("east"), registered("north"), registered("south")],
        ))
        .await;
    let mut request = ListBodiesRequest {
        page_size: 1,
        ..Default::default()
    };
    let first = server
        .register
        .list_bodies(request.clone())
        .await
        .unwrap()
        .into_inner();
    request.page_token = first.next_page_token;
    request.page_size = 10;
    request.as_of = Some(AsOf {
        at_least_position: 3,
        ..Default::default()
    });
    let rest = server
        .register
        .list_bodies(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(ids(&rest), ["north", "south"]);
    assert!(rest.next_page_token.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_answered_as_it_was_known() {
    let mut options = options();
    let seconds = std::sync::atomic::AtomicI64::new(0);
    // The clock advances a second at each reading.
    options.clock = Clock::new(move || {
        let ticked = seconds.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        now() + jiff::SignedDuration::from_secs(ticked)
    });
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    let mut recorded = Vec::new();
    for tag in 1..=8 {
        let answer = server.record.append(body(tag)).await.unwrap().into_inner();
        recorded.push(answer.recorded_at.unwrap());
    }
    let known = |known| ListBodiesRequest {
        as_of: Some(AsOf {
            known: Some(known),
            ..Default::default()
        }),
        ..Default::default()
    };
    for (index, at) in recorded.iter().enumerate() {
        let position = index as u64 + 1;
        let mut just_before = *at;
        just_before.seconds -= 1;
        just_before.nanos = 999_999_999;
        for (known_at, expected) in [
            (Known::AsKnownAtPosition(position), position),
            (Known::AsKnownAt(*at), position),
            (Known::AsKnownAt(just_before), position - 1),
        ] {
            let answer = server
                .register
                .list_bodies(known(known_at))
                .await
                .unwrap()
                .into_inner();
            let from = answer.answered_from.as_ref().unwrap();
            assert_eq!(
                (from.position, answer.bodies.len() as u64),
                (expected, expected)
            );
            let last = expected
                .checked_sub(1)
                .map(|index| recorded[index as usize]);
            assert_eq!(from.known_at, last);
        }
    }
    // Before it began, and on a day that does not exist.
    let on = |year| {
        Some(AsOf {
            as_at: Some(Date {
                year,
                month: 0,
                day: 0,
            }),
            ..Default::default()
        })
    };
    let get = |as_of| GetBodyRequest {
        as_of,
        body_id: "body-1".into(),
    };
    let status = refused(
        server.register.get_body(get(on(2010))).await,
        Code::NotFound,
        "BODY_NOT_FOUND",
    );
    assert!(
        status.message().contains("begins on 2012-11-22"),
        "{}",
        status.message()
    );
    let at = |position| {
        Some(AsOf {
            known: Some(Known::AsKnownAtPosition(position)),
            ..Default::default()
        })
    };
    let get = |as_of| GetBodyRequest {
        as_of,
        body_id: "body-5".into(),
    };
    let status = refused(
        server.register.get_body(get(at(4))).await,
        Code::NotFound,
        "BODY_NOT_FOUND",
    );
    assert!(
        status.message().contains("first recorded at position 5"),
        "{}",
        status.message()
    );
    server
        .register
        .get_body(get(at(5)))
        .await
        .expect("from then on");
}

#[tokio::test(flavor = "multi_thread")]
async fn today_moves_on_at_midnight() {
    let mut options = options();
    let day = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
    let clock = std::sync::Arc::clone(&day);
    options.clock = Clock::new(move || {
        let days = clock.load(std::sync::atomic::Ordering::Relaxed);
        now() + jiff::SignedDuration::from_hours(24 * days)
    });
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    let mut tomorrow = registered("tomorrow");
    tomorrow["effectiveOn"] = crate::given::date("2026-11-24");
    server.record(append(1, &[tomorrow])).await;
    let answer = server
        .register
        .list_bodies(ListBodiesRequest::default())
        .await
        .unwrap();
    assert!(ids(answer.get_ref()).is_empty());
    day.store(1, std::sync::atomic::Ordering::Relaxed);
    let answer = server
        .register
        .list_bodies(ListBodiesRequest::default())
        .await
        .unwrap();
    assert_eq!(ids(answer.get_ref()), ["tomorrow"]);
}
