//! News: a stream that says when there is a new entry (server-sent events).
//!
//! A page of now listens to it while somebody looks. It counts as a stream under the quotas,
//! and ends after some minutes: a browser that still looks asks again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::Web;
use super::asked::PageAsked;
use super::refusal::refused;
use minutebook_domain::ids::Position;

/// The longest time that one stream lasts.
const LASTS: Duration = Duration::from_secs(300);

/// A comment so often keeps proxies from closing a stream on which nothing happens.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

pub async fn news(State(web): State<Arc<Web>>, asked: PageAsked) -> Response {
    match web.register.news(&asked.caller) {
        Ok(tail) => {
            let events = positions(tail, web.stopping.clone());
            let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
            Sse::new(events).keep_alive(keep_alive).into_response()
        }
        Err(status) => refused(&web, &asked, &status),
    }
}

/// The position of the last entry, at once and then after each change.
fn positions(
    mut tail: watch::Receiver<Position>,
    stopping: watch::Receiver<bool>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    tail.mark_changed();
    let ends = Instant::now() + LASTS;
    unfold(
        (tail, stopping),
        move |(mut tail, mut stopping)| async move {
            let changed = async {
                tokio::select! {
                    changed = tail.changed() => changed.is_ok(),
                    _ = stopping.wait_for(|stopping| *stopping) => false,
                }
            };
            let goes_on = timeout_at(ends, changed).await.unwrap_or(false);
            let position = tail.borrow_and_update().get();
            let event = Event::default().data(position.to_string());
            goes_on.then_some((Ok(event), (tail, stopping)))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;

    #[tokio::test]
    async fn news_come_at_once_after_each_entry_and_end_with_the_server() {
        let (entries, tail) = watch::channel(Position::new(7));
        let (stop, stopping) = watch::channel(false);
        let mut events = Box::pin(positions(tail, stopping));
        assert!(events.next().await.is_some());
        entries.send(Position::new(8)).unwrap();
        assert!(events.next().await.is_some());
        stop.send(true).unwrap();
        assert!(events.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_does_not_last_for_ever() {
        let (_entries, tail) = watch::channel(Position::new(7));
        let (_stop, stopping) = watch::channel(false);
        let began = Instant::now();
        let events: Vec<_> = positions(tail, stopping).collect().await;
        assert_eq!(events.len(), 1);
        assert_eq!(began.elapsed(), LASTS);
    }
}
