//! The writer's thread: takes what waits, makes it durable, answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use super::group::{Group, Owed, Verdict};
use super::receipt::Taken;
use super::refused::Refused;
use super::request::Request;
use super::stop::Stop;
use crate::clock::Clock;
use crate::domain::admit::Refusal;
use crate::domain::ids::Position;
use crate::domain::register::Register;
use crate::log::{self, AppendError, Appender, Batch};
use crate::projection::{Publisher, Requests};

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
    /// Its share of the queue's bytes, given back when it is judged.
    #[expect(dead_code, reason = "held, not read")]
    pub(super) room: OwnedSemaphorePermit,
}

/// What the thread owns. Nobody else can append or publish.
pub(super) struct Thread {
    pub(super) waiting: mpsc::Receiver<Message>,
    pub(super) appender: Box<dyn Appender>,
    pub(super) publisher: Publisher,
    /// Everything durable.
    pub(super) register: Arc<Register>,
    pub(super) requests: Requests,
    pub(super) clock: Clock,
    pub(super) stop: watch::Sender<Option<Stop>>,
}

impl Thread {
    /// Works until it is asked to end or cannot go on; then tells everyone who
    /// still waits.
    pub(super) fn run(mut self) {
        // The state behind a panic is never used again.
        let stop = catch_unwind(AssertUnwindSafe(|| self.work())).unwrap_or(Stop::Panicked);
        if stop != Stop::Asked {
            tracing::error!(
                reason = %stop,
                "the writer has stopped: nothing more is recorded before a restart"
            );
        }
        self.stop.send_replace(Some(stop.clone()));
        self.waiting.close();
        while let Some(message) = self.waiting.blocking_recv() {
            if let Message::Ask(ask) = message {
                let _ = ask.reply.send(Err(Refused::Stopped(stop.clone())));
            }
        }
    }

    fn work(&mut self) -> Stop {
        let mut held_over = None;
        loop {
            let first = match held_over.take() {
                Some(ask) => ask,
                None => match self.waiting.blocking_recv() {
                    Some(Message::Ask(ask)) => ask,
                    Some(Message::Stop) | None => return Stop::Asked,
                },
            };
            let mut group = Group::new(Arc::clone(&self.register));
            group.judge(first, &self.requests, &self.clock);
            let mut is_last = false;
            while let Ok(message) = self.waiting.try_recv() {
                match message {
                    Message::Ask(ask) if group.has_room_for(&ask.request) => {
                        group.judge(ask, &self.requests, &self.clock);
                    }
                    Message::Ask(ask) => {
                        held_over = Some(ask);
                        break;
                    }
                    Message::Stop => {
                        is_last = true;
                        break;
                    }
                }
            }
            if let Err(stop) = self.commit(group) {
                if let Some(ask) = held_over {
                    let _ = ask.reply.send(Err(Refused::Stopped(stop.clone())));
                }
                return stop;
            }
            if is_last {
                return Stop::Asked;
            }
        }
    }

    /// Makes a group durable, shows it, and answers everyone in it.
    fn commit(&mut self, group: Group) -> Result<(), Stop> {
        let Group {
            register,
            entries,
            records,
            owed,
            ..
        } = group;
        if !records.is_empty() {
            let batch = Batch::new(records).expect("a group keeps the limits of a batch");
            let tail = log::Position::new(self.register.tail().get());
            if let Err(error) = self.appender.append(&batch, tail) {
                return self.failed(owed, error);
            }
            for entry in &entries {
                self.requests.note(entry);
            }
            self.register = Arc::clone(&register);
            self.publisher.publish(register);
        }
        for Owed { reply, verdict, .. } in owed {
            // Nobody may be waiting any more.
            let _ = reply.send(match verdict {
                Verdict::Recorded(receipt) | Verdict::Validated(receipt) => Ok(Taken::Now(receipt)),
                Verdict::Repeated(recorded) => Ok(Taken::Before(recorded)),
                Verdict::Refused(Refusal::Stale(stale)) => Err(Refused::Stale(stale)),
                Verdict::Refused(Refusal::Rules(findings)) => Err(Refused::Rules(findings)),
            });
        }
        Ok(())
    }

    /// Tells everyone of a group that it did not become durable, or may not have.
    fn failed(&self, owed: Vec<Owed>, error: AppendError) -> Result<(), Stop> {
        let (stop, is_unknown) = match error {
            AppendError::NoSpace { available, needed } => {
                tracing::error!(
                    available,
                    needed,
                    "the disk is nearly full: nothing was recorded"
                );
                for Owed { reply, .. } in owed {
                    let _ = reply.send(Err(Refused::NoSpace { available, needed }));
                }
                return Ok(());
            }
            AppendError::Conflict { expected, actual } => {
                let expected = Position::new(expected.get());
                let actual = Position::new(actual.get());
                (Stop::Diverged { expected, actual }, false)
            }
            AppendError::OutcomeUnknown { first, source, .. } => {
                let after = log::Position::new(first.get().saturating_sub(1));
                let what = source.to_string();
                let stop = log::Stop::OutcomeUnknown { after, what };
                (Stop::Log(stop), true)
            }
            AppendError::Stopped { reason } => (Stop::Log(reason), false),
        };
        // Whoever is told finds the health check saying the same.
        self.stop.send_replace(Some(stop.clone()));
        for owed in owed {
            let refused = match owed.verdict {
                Verdict::Recorded(_) | Verdict::Repeated(_) if is_unknown => {
                    let request = owed.request;
                    Refused::OutcomeUnknown { request }
                }
                // Of these requests it is certain that nothing was recorded.
                Verdict::Recorded(_)
                | Verdict::Repeated(_)
                | Verdict::Validated(_)
                | Verdict::Refused(_) => Refused::Stopped(stop.clone()),
            };
            let _ = owed.reply.send(Err(refused));
        }
        Err(stop)
    }
}
