//! Making groups durable: append, show, answer.

use tokio::sync::watch;

use super::group::{Group, Owed, Verdict};
use super::line::Line;
use super::receipt::Taken;
use super::refused::Refused;
use super::stop::Stop;
use crate::domain::admit::Refusal;
use crate::domain::ids::Position;
use crate::log::{self, AppendError, Appender, Batch};
use crate::projection::Publisher;

/// What came of a group.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is durable, shown and answered.
    Durable,
    /// The disk is nearly full: nothing of it was recorded, and it was told so.
    NoSpace { available: u64, needed: u64 },
    /// The writer ends.
    Stopped(Stop),
}

/// What owns the log. Nobody else can append or publish.
pub(super) struct Committer {
    pub(super) appender: Box<dyn Appender>,
    pub(super) publisher: Publisher,
    /// The last position that is durable.
    pub(super) tail: Position,
    pub(super) stop: watch::Sender<Option<Stop>>,
}

impl Committer {
    /// Makes a group durable, shows it, and answers everyone in it.
    pub(super) fn commit(&mut self, group: Group) -> Outcome {
        let Group {
            register,
            records,
            owed,
            ..
        } = group;
        if !records.is_empty() {
            let batch = Batch::new(records).expect("a group keeps the limits of a batch");
            let tail = log::Position::new(self.tail.get());
            if let Err(error) = self.appender.append(&batch, tail) {
                return self.failed(owed, error);
            }
            self.tail = register.tail();
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
        Outcome::Durable
    }

    /// Tells everyone of a group that it did not become durable, or may not have.
    fn failed(&self, owed: Vec<Owed>, error: AppendError) -> Outcome {
        let (stop, is_unknown) = match error {
            AppendError::NoSpace { available, needed } => {
                tracing::error!(
                    available,
                    needed,
                    "the disk is nearly full: nothing was recorded"
                );
                no_space(owed, available, needed);
                return Outcome::NoSpace { available, needed };
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
            let is_of_it = matches!(owed.verdict, Verdict::Recorded(_) | Verdict::Repeated(_));
            owed.stopped(&stop, is_of_it && is_unknown);
        }
        Outcome::Stopped(stop)
    }
}

/// Tells everyone of a group that the disk is full.
pub(super) fn no_space(owed: Vec<Owed>, available: u64, needed: u64) {
    for Owed { reply, line, .. } in owed {
        line.inspect(Line::cut);
        let _ = reply.send(Err(Refused::NoSpace { available, needed }));
    }
}

impl Owed {
    /// Tells that the writer has stopped; and, of what may have become durable all
    /// the same, that this is not known. Of the rest it is certain that nothing was
    /// recorded.
    pub(super) fn stopped(self, stop: &Stop, is_unknown: bool) {
        let refused = if is_unknown {
            let request = self.request;
            Refused::OutcomeUnknown { request }
        } else {
            Refused::Stopped(stop.clone())
        };
        let _ = self.reply.send(Err(refused));
    }
}
