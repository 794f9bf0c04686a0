//! The log, opened: replayed, or begun with snapshots.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::{StartError, offline};
use crate::domain::entry::Entry;
use crate::domain::ids::Position;
use crate::log::sled;
use crate::log::{self, Appender, Reader, Record as Stored};
use crate::notary::{self, Notary};
use crate::projection::{self, ParallelReplay, Replay, RequestIndex, SnapshotReplay, Snapshots};

/// A log that is open and replayed.
pub(super) struct OpenedStore {
    pub appender: Box<dyn Appender>,
    pub reader: Arc<dyn Reader>,
    pub replay: Replay,
    /// How far it began with snapshots.
    pub begun: Position,
}

impl OpenedStore {
    /// The log with its notary, which may read all of it.
    pub fn with_notary(self, options: notary::NotaryOptions) -> Result<(Self, Notary), StartError> {
        let named = offline::last_key(&self.replay.register);
        let notary = Notary::open(options, named.as_deref(), &*self.reader)?;
        Ok((self, notary))
    }
}

/// Opens the store and folds every record in the one pass that checks them; or begins
/// with the snapshots there are, and folds what is not in them.
pub(super) fn open(
    data: PathBuf,
    snapshots: Option<&Snapshots>,
) -> Result<OpenedStore, StartError> {
    // They are read while the engine finds out what it has.
    let reading = snapshots.map(|snapshots| {
        let snapshots = snapshots.clone();
        std::thread::spawn(move || {
            let read = snapshots.read();
            let requests = RequestIndex::of(&read);
            (read, requests)
        })
    });
    let opening = sled::StoreOpener::of(&data)?;
    let read = reading.and_then(|reading| reading.join().ok());
    if let (Some(snapshots), Some((read, requests))) = (snapshots, read) {
        let count = read.len();
        let usable = snapshots.retain_matching_log(read, |position| opening.record(position));
        if let Some(last) = usable.last() {
            let after = last.last();
            let requests = match usable.len() == count {
                true => requests,
                false => RequestIndex::of(&usable),
            };
            tracing::info!(%after, "starting from snapshots");
            return resumed(data, opening, after, SnapshotReplay::new(&usable, requests));
        }
    }
    let mut folding = ParallelReplay::start();
    let (appender, reader) = replayed(data, opening, Position::ZERO, |entry| folding.entry(entry))?;
    Ok(OpenedStore {
        appender,
        reader,
        replay: folding.finish(),
        begun: Position::ZERO,
    })
}

/// Begins with snapshots, and folds what comes after a position.
fn resumed(
    data: PathBuf,
    opening: sled::StoreOpener,
    after: Position,
    mut resumption: SnapshotReplay,
) -> Result<OpenedStore, StartError> {
    let (appender, reader) = replayed(data, opening, after, |entry| resumption.entry(entry))?;
    Ok(OpenedStore {
        appender,
        reader,
        replay: resumption.finish(),
        begun: after,
    })
}

/// A log that is open.
type Log = (Box<dyn Appender>, Arc<dyn Reader>);

/// Shows every entry after a position, in order.
fn replayed(
    data: PathBuf,
    opening: sled::StoreOpener,
    after: Position,
    mut entry: impl FnMut(Entry),
) -> Result<Log, StartError> {
    let after = log::Position::new(after.get());
    let read = |record: Stored| projection::read(&record);
    let opened = opening.replay_with(after, read, |read| match read {
        Ok(read) => {
            entry(read);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    })?;
    match opened {
        ControlFlow::Continue((appender, reader)) => Ok((Box::new(appender), Arc::new(reader))),
        ControlFlow::Break(source) => Err(StartError::Replay { data, source }),
    }
}
