//! Making groups durable: append, show, answer.

use tokio::sync::watch;

use super::append_failure::AppendFailure;
use super::group::{Group, PendingReply, RequestVerdict};
use super::receipt::AppendReply;
use super::request_sequence::RequestSequence;
use super::stopped::WriterStopped;
use crate::domain::admit::Refusal;
use crate::domain::ids::Position;
use crate::log::{self, AppendError, Appender, Batch};
use crate::projection::Publisher;

/// What came of a group.
#[derive(Debug)]
pub(super) enum CommitOutcome {
    /// It is durable, shown and answered.
    Durable,
    /// The disk is nearly full: nothing of it was recorded, and it was told so.
    NoSpace { available: u64, needed: u64 },
    /// The writer ends.
    Stopped(WriterStopped),
}

/// What owns the log. Nobody else can append or publish.
pub(super) struct Committer {
    pub(super) appender: Box<dyn Appender>,
    pub(super) publisher: Publisher,
    /// The last position that is durable.
    pub(super) tail: Position,
    pub(super) stop: watch::Sender<Option<WriterStopped>>,
}

impl Committer {
    /// Makes a group durable, shows it, and answers everyone in it.
    pub(super) fn commit(&mut self, group: Group) -> CommitOutcome {
        let Group {
            register,
            records,
            replies: owed,
            ..
        } = group;
        if !records.is_empty() {
            let batch = Batch::new(records).expect("a group keeps the limits of a batch");
            let tail = log::Position::new(self.tail.get());
            if let Err(error) = self.appender.append(&batch, tail) {
                return self.fail_group(owed, error);
            }
            self.tail = register.tail();
            self.publisher.publish(register);
        }
        for PendingReply { reply, verdict, .. } in owed {
            // Nobody may be waiting any more.
            let _ = reply.send(match verdict {
                RequestVerdict::Recorded(receipt) | RequestVerdict::Validated(receipt) => {
                    Ok(AppendReply::Now(receipt))
                }
                RequestVerdict::Repeated(recorded) => Ok(AppendReply::Before(recorded)),
                RequestVerdict::Refused(Refusal::Stale(stale)) => Err(AppendFailure::Stale(stale)),
                RequestVerdict::Refused(Refusal::Rules(findings)) => {
                    Err(AppendFailure::Rules(findings))
                }
            });
        }
        CommitOutcome::Durable
    }

    /// Tells everyone of a group that it did not become durable, or may not have.
    fn fail_group(&self, owed: Vec<PendingReply>, error: AppendError) -> CommitOutcome {
        let (stop, is_unknown) = match error {
            AppendError::NoSpace { available, needed } => {
                tracing::error!(
                    available,
                    needed,
                    "the disk is nearly full: nothing was recorded"
                );
                reply_no_space(owed, available, needed);
                return CommitOutcome::NoSpace { available, needed };
            }
            AppendError::Conflict { expected, actual } => {
                let expected = Position::new(expected.get());
                let actual = Position::new(actual.get());
                (WriterStopped::Diverged { expected, actual }, false)
            }
            AppendError::OutcomeUnknown { first, source, .. } => {
                let after = log::Position::new(first.get().saturating_sub(1));
                let what = source.to_string();
                let stop = log::LogStopped::OutcomeUnknown { after, what };
                (WriterStopped::Log(stop), true)
            }
            AppendError::Stopped { reason } => (WriterStopped::Log(reason), false),
        };
        // Whoever is told finds the health check saying the same.
        self.stop.send_replace(Some(stop.clone()));
        for owed in owed {
            let is_of_it = matches!(
                owed.verdict,
                RequestVerdict::Recorded(_) | RequestVerdict::Repeated(_)
            );
            owed.reply_stopped(&stop, is_of_it && is_unknown);
        }
        CommitOutcome::Stopped(stop)
    }
}

/// Tells everyone of a group that the disk is full.
pub(super) fn reply_no_space(owed: Vec<PendingReply>, available: u64, needed: u64) {
    for PendingReply { reply, line, .. } in owed {
        line.inspect(RequestSequence::break_off);
        let _ = reply.send(Err(AppendFailure::NoSpace { available, needed }));
    }
}

impl PendingReply {
    /// Tells that the writer has stopped; and, of what may have become durable all
    /// the same, that this is not known. Of the rest it is certain that nothing was
    /// recorded.
    pub(super) fn reply_stopped(self, stop: &WriterStopped, is_unknown: bool) {
        let refused = if is_unknown {
            let request = self.request;
            AppendFailure::OutcomeUnknown { request }
        } else {
            AppendFailure::Stopped(stop.clone())
        };
        let _ = self.reply.send(Err(refused));
    }
}
