//! Commits: append a group to the log, publish its register, reply.

use tokio::sync::watch;

use super::append_failure::AppendFailure;
use super::group::{Group, PendingReply, RequestVerdict};
use super::receipt::AppendReply;
use super::request_sequence::RequestSequence;
use super::stopped::WriterStopped;
use crate::log::{self, AppendError, Appender, Batch};
use crate::projection::Publisher;
use minutebook_domain::ids::Position;

#[derive(Debug)]
pub(super) enum CommitOutcome {
    /// The group is durable and published, and its requests are answered.
    Durable,
    /// The disk is nearly full. Nothing of the group was recorded, and its requests
    /// are refused.
    NoSpace { available: u64, needed: u64 },
    /// The writer ends.
    Stopped(WriterStopped),
}

/// The owner of the log. Nothing else can append or publish.
pub(super) struct Committer {
    pub(super) appender: Box<dyn Appender>,
    pub(super) publisher: Publisher,
    /// The last durable position.
    pub(super) tail: Position,
    pub(super) stop: watch::Sender<Option<WriterStopped>>,
}

impl Committer {
    /// Makes a group durable, publishes it, and answers its requests.
    pub(super) fn commit(&mut self, group: Group) -> CommitOutcome {
        let Group {
            register,
            records,
            replies,
            ..
        } = group;
        if !records.is_empty() {
            let batch = Batch::new(records).expect("a group keeps the limits of a batch");
            let tail = log::Position::new(self.tail.get());
            if let Err(error) = self.appender.append(&batch, tail) {
                return self.fail_group(replies, error);
            }
            self.tail = register.tail();
            self.publisher.publish(register);
        }
        for PendingReply { reply, verdict, .. } in replies {
            // Fails only when the caller has gone.
            let _ = reply.send(match verdict {
                RequestVerdict::Recorded(receipt) => Ok(AppendReply::Now(receipt)),
                RequestVerdict::Repeated(recorded) => Ok(AppendReply::Repeated(recorded)),
                RequestVerdict::Refused(failure) => Err(failure.into()),
                RequestVerdict::Undated(failure) => Err(failure),
            });
        }
        CommitOutcome::Durable
    }

    /// Refuses every request of a group that did not become durable, or may not
    /// have.
    fn fail_group(&self, replies: Vec<PendingReply>, error: AppendError) -> CommitOutcome {
        let (stop, is_unknown) = match error {
            AppendError::NoSpace { available, needed } => {
                tracing::error!(
                    available,
                    needed,
                    "the disk is nearly full: nothing was recorded"
                );
                reply_no_space(replies, available, needed);
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
        // Before the replies: a caller that is refused finds the health check
        // reporting the same.
        self.stop.send_replace(Some(stop.clone()));
        for pending in replies {
            let is_in_batch = matches!(
                pending.verdict,
                RequestVerdict::Recorded(_) | RequestVerdict::Repeated(_)
            );
            pending.reply_stopped(&stop, is_in_batch && is_unknown);
        }
        CommitOutcome::Stopped(stop)
    }
}

/// Refuses every request of a group because the disk is full.
pub(super) fn reply_no_space(replies: Vec<PendingReply>, available: u64, needed: u64) {
    for PendingReply {
        reply, sequence, ..
    } in replies
    {
        sequence.inspect(RequestSequence::break_off);
        let _ = reply.send(Err(AppendFailure::NoSpace { available, needed }));
    }
}

impl PendingReply {
    /// Replies that the writer has stopped, and that nothing of the request was
    /// recorded; or, if `is_unknown`, that it may have been.
    pub(super) fn reply_stopped(self, stop: &WriterStopped, is_unknown: bool) {
        let failure = if is_unknown {
            let request = self.request;
            AppendFailure::OutcomeUnknown { request }
        } else {
            AppendFailure::Stopped(stop.clone())
        };
        let _ = self.reply.send(Err(failure));
    }
}
