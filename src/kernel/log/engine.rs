//! The contract of a log engine, in one place.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{AppendError, Batch, Limit, LogStopped, OpenError, Position, ReadError, Record};

/// A storage engine for one log: where the log is, and how it is opened.
///
/// # What every engine guarantees
///
/// 1. **`Ok` means durable.** [`Appender::append`] returns `Ok` only when every
///    record of the batch survives power loss. Every other result says how much
///    is known.
/// 2. **One order.** Positions are 1, 2, 3 … without a gap. A log has one
///    [`Appender`] at a time: [`hold`](Engine::hold) refuses a log that has
///    a holder, in this process or in another, until its appender and the last of
///    its readers are dropped.
/// 3. **All or nothing.** After a crash at any moment a batch is in the log whole
///    or not at all.
/// 4. **Never silently less.** Bytes that were acknowledged are read back
///    identical, or reading them is an error. An engine that cannot read an
///    acknowledged record refuses to open; it never opens a shorter log.
/// 5. **A panic or a hang of the storage is an error.** No content of a disk, and
///    no answer of a remote server, takes the process down.
///
/// # Duties and rights of a caller
///
/// - Every call may wait for a disk or a network. Make it on a thread that may
///   wait, never on one that drives async tasks. An engine that is async inside
///   waits for its own runtime.
/// - An error of [`hold`](Engine::hold) or of a replay is harmless and lasting:
///   nothing was served, acknowledged bytes were not changed, and the next try
///   gives the same answer until an operator acts. The sentence of the error names
///   the remedy.
/// - Records are opaque. No engine looks into them, and the hashes that an engine
///   keeps are its own.
/// - The errors name no engine. The error of a disk or a server is their source.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::log::memory::MemoryMedium;
/// use minutebook_kernel::log::{Batch, Engine, Limit, Position};
///
/// let engine = MemoryMedium::new();
/// assert!(!engine.exists()?);
/// let mut log = engine.hold()?.open()?;
/// let batch = Batch::new(vec![b"first".to_vec(), b"second".to_vec()])?;
/// log.appender.append(&batch, Position::ZERO)?;
/// drop(log);
///
/// // A later run finds the acknowledged records.
/// let log = engine.hold()?.open()?;
/// assert_eq!(log.appender.tail(), Position::new(2));
/// let records = log.reader.read(Position::new(2), Limit::PAGE)?;
/// assert_eq!(records[0].bytes.as_ref(), b"second");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Engine: fmt::Debug + Send + Sync {
    /// Where the log is, for messages: a directory, or an address without secrets.
    fn place(&self) -> String;

    /// Whether a log was ever completely made here, sound or damaged. Changes
    /// nothing and does not wait for the holder of the log.
    fn exists(&self) -> Result<bool, OpenError>;

    /// Takes exclusive hold of the log, and makes an empty one where none exists.
    ///
    /// A crash while the log is being made leaves something that the next call
    /// completes. Where a log was once complete, missing parts are an error and
    /// never a reason to start afresh.
    fn hold(&self) -> Result<Box<dyn HeldLog>, OpenError>;

    /// Takes hold of a log that exists; never makes one.
    fn hold_existing(&self) -> Result<Box<dyn HeldLog>, OpenError> {
        if self.exists()? {
            self.hold()
        } else {
            Err(OpenError::Missing {
                place: self.place(),
            })
        }
    }

    /// Reads and checks the whole log, shows every record in order, and lets go of
    /// it again. Returns the tail.
    ///
    /// Never makes a log, and changes nothing of one: a log that may only be read is
    /// verified. An error is a finding ([`OpenError::is_finding`]) or says that the log
    /// cannot be read; the records shown before it were found sound one by one.
    fn verify(&self, visit: &mut dyn FnMut(Record)) -> Result<Position, OpenError> {
        let held = self.hold_existing()?;
        let verified = held.replay(
            Position::ZERO,
            |record| record,
            |record| {
                visit(record);
                ControlFlow::<Infallible>::Continue(())
            },
        )?;
        let ControlFlow::Continue(log) = verified;
        Ok(log.appender.tail())
    }
}

/// A log that this process holds, and that was not yet read.
///
/// Dropping it lets go of the log.
pub trait HeldLog: Send {
    /// The record at a position, checked as at any later read. An error where there
    /// is none.
    fn record(&self, position: Position) -> Result<Record, ReadError>;

    /// Opens the log after a replay of every record after `after`; use
    /// [`replay`](#method.replay), which has types, to call it.
    ///
    /// Groups are read by several threads at once, in any order, and folded by the
    /// calling thread in the order of the log. `None` means that `fold` broke, and
    /// that the log is closed again.
    fn replay_groups(
        self: Box<Self>,
        after: Position,
        read: ReadGroup<'_>,
        fold: FoldGroup<'_>,
    ) -> Result<Option<OpenLog>, OpenError>;
}

/// Turns the records of one commit group into a [`ParsedGroup`].
pub type ReadGroup<'a> = &'a (dyn Fn(&mut dyn Iterator<Item = Record>) -> ParsedGroup + Sync);

/// Folds what a [`ReadGroup`] made of one commit group.
pub type FoldGroup<'a> = &'a mut dyn FnMut(ParsedGroup) -> ControlFlow<()>;

/// The records of one commit group after they were read. Only the caller of
/// [`HeldLog::replay_groups`] knows their type.
pub struct ParsedGroup(Box<dyn Any + Send>);

impl ParsedGroup {
    pub(super) fn of<T: Send + 'static>(items: Vec<T>) -> Self {
        Self(Box::new(items))
    }

    /// The items, which must be of the type that the group was made of.
    pub(super) fn items<T: 'static>(self) -> Vec<T> {
        *self.0.downcast().expect("a group from `read`")
    }
}

impl dyn HeldLog {
    /// Opens the log, and shows every record after `after` in order, in the one pass
    /// that checks them.
    ///
    /// `read` is called by several threads at once; `fold` receives its results in
    /// the order of the log. A record was checked when `read` sees it. That none is
    /// missing at the end is known only when this returns: throw the fold away if it
    /// returns an error. `fold` breaks to give up; its reason is returned and the
    /// log is closed again.
    ///
    /// Records up to `after` are not read, and damage there shows when they are.
    /// That the log ends where it should, and is the one that was acknowledged, is
    /// always checked.
    pub fn replay<T: Send + 'static, B>(
        self: Box<Self>,
        after: Position,
        read: impl Fn(Record) -> T + Sync,
        mut fold: impl FnMut(T) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, OpenLog>, OpenError> {
        let read_group = |records: &mut dyn Iterator<Item = Record>| {
            ParsedGroup::of(records.map(&read).collect::<Vec<T>>())
        };
        let mut reason = None;
        let mut fold_group = |group: ParsedGroup| {
            for item in group.items::<T>() {
                if let ControlFlow::Break(given) = fold(item) {
                    reason = Some(given);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        };
        let opened = self.replay_groups(after, &read_group, &mut fold_group)?;
        Ok(match reason {
            Some(reason) => ControlFlow::Break(reason),
            None => ControlFlow::Continue(opened.expect("a replay that did not break opens")),
        })
    }

    /// Opens the log after a check of every record.
    pub fn open(self: Box<Self>) -> Result<OpenLog, OpenError> {
        let opened = self.replay(
            Position::ZERO,
            drop,
            ControlFlow::<Infallible, ()>::Continue,
        )?;
        let ControlFlow::Continue(log) = opened;
        Ok(log)
    }
}

/// A log that is open: its one writer, and a reader that can be shared.
pub struct OpenLog {
    pub appender: Box<dyn Appender>,
    pub reader: Arc<dyn Reader>,
}

impl fmt::Debug for OpenLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenLog")
            .field("tail", &self.reader.tail())
            .finish_non_exhaustive()
    }
}

/// The one writer of a log.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::log::memory::MemoryMedium;
/// use minutebook_kernel::log::{AppendError, Appender, Batch, Position};
///
/// let (mut appender, _reader) = MemoryMedium::new().restart();
/// let batch = Batch::new(vec![b"an entry".to_vec()])?;
/// assert_eq!(appender.append(&batch, Position::ZERO)?, Position::new(1));
///
/// // The log moved on, so the same expectation is a conflict.
/// let conflict = appender.append(&batch, Position::ZERO);
/// assert!(matches!(conflict, Err(AppendError::Conflict { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Appender: Send {
    /// The position of the last acknowledged record, [`Position::ZERO`] before
    /// the first.
    fn tail(&self) -> Position;

    /// Appends `batch` directly after `expected_tail`; returns the position of
    /// its last record.
    ///
    /// `Ok` means that every record survives power loss.
    /// [`AppendError::Conflict`] and [`AppendError::NoSpace`] mean that
    /// nothing was written and that the appender goes on.
    /// [`AppendError::OutcomeUnknown`] means exactly that: the batch may
    /// appear, whole, when the log is opened again, or never. Do not retry:
    /// the appender has stopped, and every later call is
    /// [`AppendError::Stopped`]. An engine whose connection is lost during a
    /// commit answers so too.
    fn append(&mut self, batch: &Batch, expected_tail: Position) -> Result<Position, AppendError>;
}

/// A view of the durable part of a log, for any number of threads.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::log::memory::MemoryMedium;
/// use minutebook_kernel::log::{Appender, Batch, Limit, Position, Reader};
///
/// let (mut appender, reader) = MemoryMedium::new().restart();
/// let batch = Batch::new(vec![b"one".to_vec(), b"two".to_vec(), b"three".to_vec()])?;
/// appender.append(&batch, Position::ZERO)?;
///
/// let two = Limit { records: 2, bytes: usize::MAX };
/// let upwards = reader.read(Position::new(1), two)?;
/// assert_eq!(upwards[1].bytes.as_ref(), b"two");
/// let downwards = reader.read_back(Position::new(3), two)?;
/// assert_eq!(downwards[0].position, Position::new(3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Reader: Send + Sync {
    /// The position of the last **durable** record.
    ///
    /// Never shows a record that power loss could still take back, and never
    /// goes down.
    fn tail(&self) -> Position;

    /// Reads upwards: `from`, `from + 1`, … up to the tail or `limit`.
    ///
    /// Empty when `from` is past the tail. [`Position::ZERO`] reads from the
    /// first record.
    fn read(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError>;

    /// Reads downwards: `from`, `from - 1`, … down to 1 or `limit`.
    ///
    /// Starts at the tail when `from` is past it. Empty for
    /// [`Position::ZERO`].
    fn read_back(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError>;

    /// Why nothing can be appended any more, or `None` while all is well.
    ///
    /// A health check asks this. A log that has stopped still answers reads of
    /// acknowledged records, with the records or with an error; open it again as
    /// soon as possible.
    fn stopped(&self) -> Option<LogStopped>;
}
