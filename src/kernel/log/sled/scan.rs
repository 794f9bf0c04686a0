//! Reads and checks everything when a store is opened.
//!
//! One thread walks the groups, several check them and read their records, and the
//! caller folds the results in order: a log is checked as fast as it can be read.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::super::{FoldGroup, OpenError, ParsedGroup, Position, ReadError, ReadGroup};
use super::durable_mark::{AcknowledgedTail, DurableMarkState};
use super::format::{HEAD_KEYS, Key, key, pieces};
use super::group;
use super::place;
use super::store::Store;

/// How many bytes of groups are checked at a time.
const CHUNK_BYTES: usize = 128 * 1024;

/// How many chunks wait for each thread that checks.
const CHUNKS_WAITING: usize = 4;

/// Groups that follow one another, as they are stored.
type Chunk = Vec<(Position, Vec<u8>)>;

/// A group that was found whole: its records, read, and where it ends.
struct CheckedGroup {
    records: ParsedGroup,
    end: AcknowledgedTail,
}

/// The groups of a chunk, up to the first that cannot be read.
struct CheckedChunk {
    groups: Vec<CheckedGroup>,
    failed: Option<ReadError>,
}

impl Store {
    /// Reads and checks everything after a position, and the group that holds it;
    /// returns where the log ends.
    ///
    /// `read` is called by several threads at once, `fold` by this one, in order.
    /// The checks come in the order in which an operator needs their results: a
    /// damaged group first, then lost entries, then any inconsistency.
    pub(super) fn scan(
        &self,
        after: Position,
        read: ReadGroup<'_>,
        fold: FoldGroup<'_>,
    ) -> Result<ControlFlow<(), AcknowledgedTail>, OpenError> {
        let acknowledged = self.acknowledged_tail()?;
        let head = self.stored_tail()?;
        if self.directory().durable_mark() == DurableMarkState::Absent && head.last > Position::ZERO
        {
            tracing::warn!("the log has no durable mark: a loss before now would not be noticed");
        }
        let mut tail = AcknowledgedTail::NOTHING;
        let start = self.start(after).map_err(|e| self.damaged_read(e))?;
        let mut history_agrees = match acknowledged.last {
            Position::ZERO => true,
            last if last < start => self
                .ends_at(acknowledged)
                .map_err(|e| self.damaged_read(e))?,
            _ => false,
        };
        let mut visit = |group: CheckedGroup| {
            fold(group.records)?;
            tail = group.end;
            history_agrees |= group.end == acknowledged;
            ControlFlow::Continue(())
        };
        let last_key = match self.walk_through(start, after, read, &mut visit) {
            Ok(ControlFlow::Continue(last_key)) => last_key,
            Ok(ControlFlow::Break(())) => return Ok(ControlFlow::Break(())),
            Err(error) => return Err(self.damaged_read(error)),
        };

        self.refuse_strays(tail, last_key)?;
        let promised = acknowledged.last.max(head.last);
        if tail.last < promised {
            return Err(OpenError::LostEntries {
                place: place(self.directory().path()),
                have: tail.last,
                promised,
            });
        }
        if tail != head {
            return Err(self.damaged(format!(
                "the log ends at position {}, and its tail record says {}",
                tail.last, head.last
            )));
        }
        if !history_agrees {
            return Err(self.damaged(format!(
                "position {} is not the entry that was acknowledged there: the log and \
                 minutebook.witness are from different stores",
                acknowledged.last
            )));
        }
        tracing::debug!(tail = %tail.last, %after, "every group of the log after that was checked");
        Ok(ControlFlow::Continue(tail))
    }

    /// Where the group starts that holds a position, or the first one.
    fn start(&self, after: Position) -> Result<Position, ReadError> {
        if after == Position::ZERO {
            return Ok(after.next());
        }
        Ok(self.group_around(after)?.first())
    }

    /// Whether a group ends where the acknowledged one does, with the same hash.
    fn ends_at(&self, acknowledged: AcknowledgedTail) -> Result<bool, ReadError> {
        let group = self.group_around(acknowledged.last)?;
        Ok(group.last() == acknowledged.last && group.hash() == acknowledged.hash)
    }

    /// Shows every group from `start` on, checked and in order, with its records
    /// after `after`; returns the last key of the last.
    fn walk_through(
        &self,
        start: Position,
        after: Position,
        read: ReadGroup<'_>,
        visit: &mut impl FnMut(CheckedGroup) -> ControlFlow<()>,
    ) -> Result<ControlFlow<(), Key>, ReadError> {
        let checkers = thread::available_parallelism().map_or(1, |all| all.get().clamp(1, 8));
        let (chunks, waiting) = sync_channel(CHUNKS_WAITING * checkers);
        // Only the checkers hold the receiver: when the last of them ends, the walk ends.
        let waiting = Arc::new(Mutex::new(waiting));
        let (found, checked) = channel();
        thread::scope(|scope| {
            let walking = scope.spawn(move || self.walk(start, &chunks));
            for _ in 0..checkers {
                let (waiting, found) = (Arc::clone(&waiting), found.clone());
                scope.spawn(move || check_chunks(&waiting, &found, after, read));
            }
            drop((waiting, found));
            if let ControlFlow::Break(ended) = visit_in_order(checked, visit) {
                return ended.map(ControlFlow::Break);
            }
            match walking.join() {
                Ok(last_key) => last_key.map(ControlFlow::Continue),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Walks the groups and hands them to the checkers; returns the last key of the
    /// last.
    fn walk(&self, start: Position, chunks: &SyncSender<(usize, Chunk)>) -> Result<Key, ReadError> {
        let mut last_key = key(Position::ZERO, HEAD_KEYS - 1);
        let mut first = start;
        let (mut number, mut chunk, mut bytes) = (0, Chunk::new(), 0);
        loop {
            let mut value = self.value(first);
            let is_last = !matches!(value, Ok(Some(_)));
            if let Ok(Some(value)) = &mut value {
                last_key = key(first, pieces(value.len()).saturating_sub(1));
                bytes += value.len();
                let next = first.plus(group::count(value));
                chunk.push((first, std::mem::take(value)));
                first = next;
            }
            if is_last || bytes >= CHUNK_BYTES {
                let full = std::mem::take(&mut chunk);
                if chunks.send((number, full)).is_err() || is_last {
                    return value.map(|_| last_key);
                }
                number += 1;
                bytes = 0;
            }
        }
    }
}

/// Checks chunks until there are no more, or until the visitor has given up.
fn check_chunks(
    waiting: &Mutex<Receiver<(usize, Chunk)>>,
    found: &Sender<(usize, CheckedChunk)>,
    after: Position,
    read: ReadGroup<'_>,
) {
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok((number, chunk)) = next else {
            return;
        };
        if found
            .send((number, check_chunk(chunk, after, read)))
            .is_err()
        {
            return;
        }
    }
}

fn check_chunk(chunk: Chunk, after: Position, read: ReadGroup<'_>) -> CheckedChunk {
    let mut checked = CheckedChunk {
        groups: Vec::with_capacity(chunk.len()),
        failed: None,
    };
    for (first, value) in chunk {
        match group::decode(first, value) {
            Ok(group) => {
                let end = AcknowledgedTail {
                    last: group.last(),
                    hash: group.hash(),
                };
                let mut records = group.records().filter(|record| record.position > after);
                let records = read(&mut records);
                checked.groups.push(CheckedGroup { records, end });
            }
            Err(what) => {
                checked.failed = Some(ReadError::Damaged {
                    position: first,
                    what,
                });
                break;
            }
        }
    }
    checked
}

/// Shows checked groups in order, until `visit` breaks or a group cannot be read.
fn visit_in_order(
    checked: Receiver<(usize, CheckedChunk)>,
    visit: &mut impl FnMut(CheckedGroup) -> ControlFlow<()>,
) -> ControlFlow<Result<(), ReadError>> {
    let (mut early, mut next) = (BTreeMap::new(), 0);
    for (number, chunk) in checked {
        early.insert(number, chunk);
        while let Some(CheckedChunk { groups, failed }) = early.remove(&next) {
            next += 1;
            for group in groups {
                if visit(group).is_break() {
                    return ControlFlow::Break(Ok(()));
                }
            }
            if let Some(error) = failed {
                return ControlFlow::Break(Err(error));
            }
        }
    }
    ControlFlow::Continue(())
}
