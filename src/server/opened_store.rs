//! Opens the log: replays it, from its first record or from snapshots.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::StartError;
use super::log_keys::key_chain;
use minutebook_domain::entry::Entry;
use minutebook_domain::ids::Position;
use minutebook_kernel::audit::derived_secret::DerivedSecret;
use minutebook_kernel::audit::merkle::{Hash, leaf_hash};
use minutebook_kernel::log::{self, Appender, Engine, HeldLog, OpenLog, Reader, Record};
use minutebook_kernel::notary::{self, Notary, ReplayedLog, SnapshotEnd};
use minutebook_kernel::projection::{
    self, ParallelReplay, Replay, RequestIndex, SnapshotReplay, Snapshots,
};

/// A log that is open and replayed.
pub(super) struct OpenedStore {
    pub appender: Box<dyn Appender>,
    pub reader: Arc<dyn Reader>,
    pub replay: Replay,
    /// The last position that came from snapshots, zero without any.
    pub begun: Position,
    /// The Merkle root up to there.
    pub root: Option<Hash>,
    /// The leaf hashes of the entries that were read.
    pub leaves: Vec<Hash>,
}

impl OpenedStore {
    /// Opens the notary of the log. The notary may read all of it.
    pub fn with_notary(
        mut self,
        options: notary::NotaryOptions,
    ) -> Result<(Self, Notary), StartError> {
        let log = ReplayedLog {
            keys: key_chain(&self.replay.register)?,
            snapshots: self.root.map(|root| SnapshotEnd {
                size: self.begun.get(),
                root,
            }),
            leaves: std::mem::take(&mut self.leaves),
        };
        let notary = Notary::open(options, &log, &*self.reader)?;
        Ok((self, notary))
    }
}

/// Opens the log and folds every record in the one pass that checks them; or begins
/// with the snapshots that match the log, and folds the records after them.
pub(super) fn open(
    engine: &dyn Engine,
    snapshots: Option<(&Snapshots, &DerivedSecret)>,
) -> Result<OpenedStore, StartError> {
    // Snapshots are read while the engine recovers its files.
    let reading = snapshots.map(|(snapshots, secret)| {
        let (snapshots, secret) = (snapshots.clone(), secret.clone());
        std::thread::spawn(move || {
            let read = snapshots.read(&secret);
            let requests = RequestIndex::of(&read);
            (read, requests)
        })
    });
    let held = engine.hold()?;
    let read = reading.and_then(|reading| reading.join().ok());
    if let (Some((snapshots, _)), Some((read, requests))) = (snapshots, read) {
        let count = read.len();
        let usable = snapshots.retain_matching_log(read, |position| held.record(position));
        if let Some(last) = usable.last() {
            let (after, root) = (last.last(), last.root());
            let requests = match usable.len() == count {
                true => requests,
                false => RequestIndex::of(&usable),
            };
            tracing::info!(%after, "starting from snapshots");
            let mut replay = SnapshotReplay::new(&usable, requests);
            let (log, leaves) = replay_log(engine, held, after, |entry| replay.entry(entry))?;
            return Ok(OpenedStore {
                appender: log.appender,
                reader: log.reader,
                replay: replay.finish(),
                begun: after,
                root,
                leaves,
            });
        }
    }
    let mut replay = ParallelReplay::start();
    let (log, leaves) = replay_log(engine, held, Position::ZERO, |entry| replay.entry(entry))?;
    Ok(OpenedStore {
        appender: log.appender,
        reader: log.reader,
        replay: replay.finish(),
        begun: Position::ZERO,
        root: None,
        leaves,
    })
}

/// Opens the log, and passes every entry after a position to `fold`, in order. Returns
/// their leaf hashes too.
fn replay_log(
    engine: &dyn Engine,
    held: Box<dyn HeldLog>,
    after: Position,
    mut fold: impl FnMut(Entry),
) -> Result<(OpenLog, Vec<Hash>), StartError> {
    let after = log::Position::new(after.get());
    let mut leaves = Vec::new();
    let read = |record: Record| (projection::read(&record), leaf_hash(&record.bytes));
    let opened = held.replay(after, read, |(entry, leaf)| match entry {
        Ok(entry) => {
            fold(entry);
            leaves.push(leaf);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    })?;
    match opened {
        ControlFlow::Continue(log) => Ok((log, leaves)),
        ControlFlow::Break(source) => Err(StartError::Replay {
            place: engine.place(),
            source,
        }),
    }
}
