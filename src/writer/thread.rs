//! The writer's threads: one judges what waits, the other makes durable what was
//! judged, each while the other is at it.
//!
//! The register that is judged against runs ahead of what is durable by the group
//! that is being written, so nobody is told anything before that has become
//! durable: the groups are answered in order. Where it does not become durable
//! because the disk is full, what was judged on top of it is undone with it; where
//! it fails in any other way, the writer ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use super::desk::Desk;
use super::line::Line;
use super::receipt::Taken;
use super::refused::Refused;
use super::request::Request;
use super::stop::Stop;

/// What is sent to the thread.
#[derive(Debug)]
pub(super) enum Message {
    /// Record this.
    Ask(Ask),
    /// Finish what came before this, and end.
    Stop,
}

/// A request, and whom to answer.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) request: Arc<Request>,
    pub(super) reply: oneshot::Sender<Result<Taken, Refused>>,
    /// The requests that it comes after, if any.
    pub(super) line: Option<Line>,
    /// Its place in the queue and its share of the queue's bytes, given back when
    /// it no longer waits to be written.
    pub(super) room: [OwnedSemaphorePermit; 2],
}

/// What judges.
pub(super) struct Thread {
    pub(super) waiting: mpsc::Receiver<Message>,
    pub(super) desk: Arc<Desk>,
    pub(super) stop: watch::Sender<Option<Stop>>,
}

impl Thread {
    /// Works until it is asked to end or cannot go on; then tells everyone who
    /// still waits.
    pub(super) fn run(mut self) {
        // The state behind a panic is never used again.
        let stop = catch_unwind(AssertUnwindSafe(|| self.work()));
        let stop = self.desk.close(stop.unwrap_or(Stop::Panicked));
        if stop != Stop::Asked {
            tracing::error!(
                reason = %stop,
                "the writer has stopped: nothing more is recorded before a restart"
            );
        }
        self.stop.send_replace(Some(stop.clone()));
        self.desk.turn_away(&stop);
        self.waiting.close();
        while let Some(message) = self.waiting.blocking_recv() {
            if let Message::Ask(ask) = message {
                let _ = ask.reply.send(Err(Refused::Stopped(stop.clone())));
            }
        }
    }

    fn work(&mut self) -> Stop {
        loop {
            let first = match self.waiting.blocking_recv() {
                Some(Message::Ask(ask)) => ask,
                Some(Message::Stop) | None => return Stop::Asked,
            };
            let mut turn = match self.desk.turn() {
                Ok(turn) => turn,
                Err(stop) => {
                    let _ = first.reply.send(Err(Refused::Stopped(stop.clone())));
                    return stop;
                }
            };
            let mut is_last = false;
            let mut next = Some(first);
            while let Some(ask) = next.take() {
                turn = match turn.take(ask) {
                    Ok(turn) => turn,
                    Err(stop) => return stop,
                };
                next = match self.waiting.try_recv() {
                    Ok(Message::Ask(ask)) => Some(ask),
                    Ok(Message::Stop) => {
                        is_last = true;
                        None
                    }
                    Err(_) => None,
                };
            }
            if let Err(stop) = turn.done() {
                return stop;
            }
            if is_last {
                return Stop::Asked;
            }
        }
    }
}
