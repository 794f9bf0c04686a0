//! A clock that was wrong, or is: nothing is recorded under it until somebody acts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use minutebook::clock::Clock;
use minutebook::log::memory::MemoryMedium;
use minutebook::server::ServerOptions;
use minutebook::wire::proto::{AppendResponse, GetBodyRequest, ListBodiesRequest};
use tonic::Code;
use tonic_health::ServingStatus;

use super::stopping::{health, until_health};
use super::test_server::{TestServer, alias, body, fact, options, refused};
use crate::given::{append, now};

fn at(offset: SignedDuration) -> ServerOptions {
    let mut options = options();
    options.clock = Clock::new(move || now() + offset);
    options
}

fn recorded_at(answer: &AppendResponse) -> Timestamp {
    let at = answer.recorded_at.as_ref().expect("an instant");
    Timestamp::new(at.seconds, at.nanos).expect("an instant")
}

/// A log in which one entry was recorded while the clock was ahead.
async fn recorded_ahead(by: SignedDuration) -> MemoryMedium {
    let medium = MemoryMedium::new();
    let mut server = TestServer::on(at(-SignedDuration::from_hours(1)), &medium).await;
    server.record(body(1)).await;
    server.running.stop().await.expect("a stop");
    let mut server = TestServer::on(at(by), &medium).await;
    server
        .record(append(2, &[alias("body-1", "Early", 0)]))
        .await;
    server.running.stop().await.expect("a stop");
    medium
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_after_an_entry_of_a_clock_that_was_ahead() {
    for hours in [2, 24, 24 * 365] {
        let ahead = SignedDuration::from_hours(hours);
        let medium = recorded_ahead(ahead).await;
        let mut server = TestServer::on(at(SignedDuration::ZERO), &medium).await;
        for validate_only in [false, true] {
            let mut request = append(3, &[alias("body-1", "Later", 0)]);
            request.validate_only = validate_only;
            let status = refused(
                server.record.append(request).await,
                Code::Unavailable,
                "CLOCK_BEHIND",
            );
            assert_eq!(fact(&status, "clock_at"), now().to_string());
            let last = (now() + ahead).to_string();
            assert_eq!(fact(&status, "last_recorded_at"), last);
            let way_on = format!("--go-on-after {last}");
            assert!(status.message().contains(&way_on), "{status:?}");
        }
        // Reading goes on, and a question without a date is about the present day.
        let asked = server.register.list_bodies(ListBodiesRequest::default());
        assert_eq!(asked.await.expect("an answer").into_inner().bodies.len(), 1);
        let asked = GetBodyRequest {
            body_id: "body-1".into(),
            ..Default::default()
        };
        let answer = server.register.get_body(asked).await.expect("an answer");
        let aliases = answer.into_inner().body.expect("a body").aliases;
        assert_eq!(
            aliases.len(),
            usize::from(hours == 2),
            "{hours} h: {aliases:?}"
        );
        until_health(&server, "", ServingStatus::NotServing).await;
        let record = "minutebook.v1.RecordService";
        until_health(&server, record, ServingStatus::NotServing).await;
        let register = "minutebook.v1.RegisterService";
        assert_eq!(health(&server, register).await, ServingStatus::Serving);
        // A request that was recorded before gets its receipt.
        let again = append(2, &[alias("body-1", "Early", 0)]);
        server.record.append(again).await.expect("the receipt");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_goes_on_after_an_entry_in_the_future() {
    let ahead = SignedDuration::from_hours(24 * 365);
    let last = now() + ahead;
    let medium = recorded_ahead(ahead).await;
    // Another instant accepts nothing.
    let mut other = at(SignedDuration::ZERO);
    other.clock = other
        .clock
        .going_on_after(last - SignedDuration::from_secs(1));
    let mut server = TestServer::on(other, &medium).await;
    let answer = server.record.append(body(3)).await;
    refused(answer, Code::Unavailable, "CLOCK_BEHIND");
    server.running.stop().await.expect("a stop");

    let seconds = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&seconds);
    let mut options = options();
    options.clock =
        Clock::new(move || now() + SignedDuration::from_secs(passed.load(Ordering::SeqCst)));
    options.clock = options.clock.going_on_after(last);
    let mut server = TestServer::on(options, &medium).await;
    until_health(&server, "", ServingStatus::Serving).await;
    // An undated event would hold from a day in the future.
    let undated = append(3, &[alias("body-1", "Undated", 0)]);
    let status = refused(
        server.record.append(undated).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
    assert!(status.message().contains("effective_on"), "{status:?}");
    let answer = server.record.append(body(3)).await.expect("a receipt");
    assert_eq!(recorded_at(&answer.into_inner()), last);
    let answer = server.record.append(body(4)).await.expect("a receipt");
    assert_eq!(recorded_at(&answer.into_inner()), last);
    // Once the clock has passed it, nothing is special.
    seconds.store(ahead.as_secs() + 60, Ordering::SeqCst);
    let undated = append(5, &[alias("body-1", "Undated", 0)]);
    let answer = server.record.append(undated).await.expect("a receipt");
    let expected = last + SignedDuration::from_secs(60);
    assert_eq!(recorded_at(&answer.into_inner()), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_under_a_clock_that_was_moved() {
    for step in [7_200, -7_200, 86_400, 86_400 * 365] {
        let medium = MemoryMedium::new();
        let seconds = Arc::new(AtomicI64::new(0));
        let moved = Arc::clone(&seconds);
        let mut options = options();
        options.clock = Clock::with_uptime(
            move || now() + SignedDuration::from_secs(moved.load(Ordering::SeqCst)),
            || Duration::from_secs(1),
        );
        let mut server = TestServer::on(options, &medium).await;
        server.record(body(1)).await;
        seconds.store(step, Ordering::SeqCst);
        let reason = if step < 0 {
            "CLOCK_BEHIND"
        } else {
            "CLOCK_STEPPED"
        };
        refused(
            server.record.append(body(2)).await,
            Code::Unavailable,
            reason,
        );
        until_health(&server, "", ServingStatus::NotServing).await;
        // The clock is set back: recording goes on by itself, at the right time.
        seconds.store(0, Ordering::SeqCst);
        let answer = server.record.append(body(2)).await.expect("a receipt");
        assert_eq!(recorded_at(&answer.into_inner()), now());
        until_health(&server, "", ServingStatus::Serving).await;
        server.running.stop().await.expect("a stop");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_rested_for_a_year_goes_on() {
    let medium = MemoryMedium::new();
    let mut server = TestServer::on(at(SignedDuration::ZERO), &medium).await;
    server.record(body(1)).await;
    server.running.stop().await.expect("a stop");
    let rested = SignedDuration::from_hours(24 * 365);
    let uptime = Arc::new(AtomicI64::new(7));
    let (clock, passed) = (Arc::clone(&uptime), Arc::clone(&uptime));
    let mut options = options();
    options.clock = Clock::with_uptime(
        move || now() + rested + SignedDuration::from_secs(clock.load(Ordering::SeqCst)),
        move || Duration::from_secs(passed.load(Ordering::SeqCst).unsigned_abs()),
    );
    let mut server = TestServer::on(options, &medium).await;
    server.record(body(2)).await;
    // It rests while it serves, too.
    uptime.fetch_add(86_400 * 365, Ordering::SeqCst);
    let undated = append(3, &[alias("body-1", "Rested", 0)]);
    server.record(undated).await;
    until_health(&server, "", ServingStatus::Serving).await;
}
