//! Reading and checking everything when a store is opened.
//!
//! One thread walks the groups, several check them and read what is in them, and
//! the caller is shown all of it in order: a log is checked as fast as it can be
//! read.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::super::{Position, ReadError, Record};
use super::durable_mark::{AcknowledgedTail, DurableMarkState};
use super::group;
use super::open_error::OpenError;
use super::store::Store;
use super::{HEAD_KEYS, Key, key, pieces};

/// How many bytes of groups are checked at a time.
const CHUNK_BYTES: usize = 128 * 1024;

/// How many chunks wait for each thread that checks.
const CHUNKS_WAITING: usize = 4;

/// Groups that follow one another, as they are stored.
type Chunk = Vec<(Position, Vec<u8>)>;

/// What was found in a chunk: of each group what its records say, and where it
/// ends; or why it cannot be read, after those before.
struct GroupAt<T> {
    groups: Vec<(Vec<T>, AcknowledgedTail)>,
    failed: Option<ReadError>,
}

impl Store {
    /// Reads and checks everything after a position, and the group that holds it;
    /// returns where the log ends.
    ///
    /// `read` is called by several threads at once, `fold` by this one, in order.
    /// The order of the checks is the order of what an operator wants to know:
    /// a damaged group first, then lost entries, then anything that is merely
    /// inconsistent.
    pub(super) fn scan<T: Send, B>(
        &self,
        after: Position,
        read: &(impl Fn(Record) -> T + Sync),
        fold: &mut impl FnMut(T) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, AcknowledgedTail>, OpenError> {
        let promise = self.acknowledged_tail()?;
        let head = self.head()?;
        if self.directory().durable_mark() == DurableMarkState::Absent && head.last > Position::ZERO
        {
            tracing::warn!("the log has no witness: a loss before now would not be noticed");
        }
        let mut tail = AcknowledgedTail::NOTHING;
        let start = self.start(after).map_err(|e| self.damaged_read(e))?;
        let mut history_agrees = match promise.last {
            Position::ZERO => true,
            last if last < start => self.ends_at(promise).map_err(|e| self.damaged_read(e))?,
            _ => false,
        };
        let read = |record: Record| (record.position > after).then(|| read(record));
        let mut visit = |(said, end): (Vec<Option<T>>, AcknowledgedTail)| {
            for one in said.into_iter().flatten() {
                fold(one)?;
            }
            tail = end;
            history_agrees |= end == promise;
            ControlFlow::Continue(())
        };
        let last_key = match self.walk_through(start, &read, &mut visit) {
            Ok(ControlFlow::Continue(last_key)) => last_key,
            Ok(ControlFlow::Break(reason)) => return Ok(ControlFlow::Break(reason)),
            Err(error) => return Err(self.damaged_read(error)),
        };

        self.refuse_strays(tail, last_key)?;
        let promised = promise.last.max(head.last);
        if tail.last < promised {
            return Err(OpenError::LostEntries {
                dir: self.directory().path().to_owned(),
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
                promise.last
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

    /// Whether a group ends as it was promised.
    fn ends_at(&self, promise: AcknowledgedTail) -> Result<bool, ReadError> {
        let group = self.group_around(promise.last)?;
        Ok(group.last() == promise.last && group.hash() == promise.hash)
    }

    /// Shows every group from one on, checked and in order; returns the last key of
    /// the last.
    fn walk_through<T: Send, B>(
        &self,
        start: Position,
        read: &(impl Fn(Record) -> T + Sync),
        visit: &mut impl FnMut((Vec<T>, AcknowledgedTail)) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, Key>, ReadError> {
        let checkers = thread::available_parallelism().map_or(1, |all| all.get().clamp(1, 8));
        let (chunks, waiting) = sync_channel(CHUNKS_WAITING * checkers);
        // Theirs alone: when the last of them has ended, nothing more is walked.
        let waiting = Arc::new(Mutex::new(waiting));
        let (found, checked) = channel();
        thread::scope(|scope| {
            let walking = scope.spawn(move || self.walk(start, &chunks));
            for _ in 0..checkers {
                let (waiting, found) = (Arc::clone(&waiting), found.clone());
                scope.spawn(move || check(&waiting, &found, read));
            }
            drop((waiting, found));
            if let ControlFlow::Break(ended) = in_order(checked, visit) {
                return ended.map(ControlFlow::Break);
            }
            match walking.join() {
                Ok(last_key) => last_key.map(ControlFlow::Continue),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Walks the groups and hands them out; returns the last key of the last.
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

/// Checks chunks until there are no more, or nobody wants to know.
fn check<T>(
    waiting: &Mutex<Receiver<(usize, Chunk)>>,
    found: &Sender<(usize, GroupAt<T>)>,
    read: &impl Fn(Record) -> T,
) {
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok((number, chunk)) = next else {
            return;
        };
        if found.send((number, checked(chunk, read))).is_err() {
            return;
        }
    }
}

fn checked<T>(chunk: Chunk, read: &impl Fn(Record) -> T) -> GroupAt<T> {
    let mut found = GroupAt {
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
                found
                    .groups
                    .push((group.records().map(read).collect(), end));
            }
            Err(what) => {
                found.failed = Some(ReadError::Damaged {
                    position: first,
                    what,
                });
                break;
            }
        }
    }
    found
}

/// Shows what was found, in order, until `visit` has had enough or something
/// cannot be read.
fn in_order<T, B>(
    checked: Receiver<(usize, GroupAt<T>)>,
    visit: &mut impl FnMut((Vec<T>, AcknowledgedTail)) -> ControlFlow<B>,
) -> ControlFlow<Result<B, ReadError>> {
    let (mut early, mut next) = (BTreeMap::new(), 0);
    for (number, found) in checked {
        early.insert(number, found);
        while let Some(GroupAt { groups, failed }) = early.remove(&next) {
            next += 1;
            for group in groups {
                if let ControlFlow::Break(reason) = visit(group) {
                    return ControlFlow::Break(Ok(reason));
                }
            }
            if let Some(error) = failed {
                return ControlFlow::Break(Err(error));
            }
        }
    }
    ControlFlow::Continue(())
}
