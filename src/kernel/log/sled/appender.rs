//! The one writer of a log on disk.

use std::sync::Arc;

use super::super::{AppendError, Appender, Batch, LogStopped, Position};
use super::durable_mark::{AcknowledgedTail, DurableMark};
use super::format::{PIECE_BYTES, TAIL_KEY, key, tail_value};
use super::group;
use super::store::Store;

/// Free disk space, in bytes, without which no append starts.
///
/// A disk that fills up half way through a write stops the log, so the append is
/// refused while nothing is written. Covers the largest batch several times.
const RESERVE_BYTES: u64 = 16 * 1024 * 1024;

/// The one writer of a log on disk. The store is closed when it and the last
/// reader are dropped.
#[derive(Debug)]
pub(super) struct SledAppender {
    pub(super) store: Arc<Store>,
    pub(super) durable_mark: DurableMark,
}

impl SledAppender {
    fn refuse_full_disk(&self) -> Result<(), AppendError> {
        match fs2::available_space(self.store.directory().path()) {
            Ok(available) if available < RESERVE_BYTES => Err(AppendError::NoSpace {
                available,
                needed: RESERVE_BYTES,
            }),
            Ok(_) => Ok(()),
            Err(error) => {
                // This check only makes a failure rarer: the write itself fails safe.
                tracing::warn!(%error, "free disk space cannot be determined");
                Ok(())
            }
        }
    }
}

impl Appender for SledAppender {
    fn tail(&self) -> Position {
        self.store.durable()
    }

    fn append(&mut self, batch: &Batch, expected_tail: Position) -> Result<Position, AppendError> {
        if let Some(reason) = self.store.stopped() {
            return Err(AppendError::Stopped { reason });
        }
        let after = self.tail();
        if expected_tail != after {
            return Err(AppendError::Conflict {
                expected: expected_tail,
                actual: after,
            });
        }
        self.refuse_full_disk()?;

        let first = after.next();
        let last = after.plus(batch.count());
        let (value, hash) = group::encode(first, batch);
        let tail = AcknowledgedTail { last, hash };
        let mut entries: Vec<_> = (0..=u16::MAX)
            .zip(value.chunks(PIECE_BYTES))
            .map(|(piece, bytes)| (key(first, piece), bytes.to_vec()))
            .collect();
        entries.push((TAIL_KEY, tail_value(tail)));

        self.store.set_under_way(true);
        let committed = self.store.commit(entries);
        self.store.set_under_way(false);
        if let Err(error) = committed {
            self.store.stop(LogStopped::OutcomeUnknown {
                after,
                what: error.to_string(),
            });
            return Err(AppendError::OutcomeUnknown {
                first,
                last,
                source: error.into(),
            });
        }
        self.store.acknowledge(last);
        if let Err(error) = self.durable_mark.write(tail) {
            // This batch is durable and is acknowledged. But from here on a
            // loss could go unnoticed, so there is no next one.
            self.store.stop(LogStopped::DurableMarkFailed {
                at: last,
                what: error.to_string(),
            });
        }
        Ok(last)
    }
}
