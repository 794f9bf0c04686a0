//! A replay that begins with snapshots: the register is ready at once, and folds a
//! subject when it is first used.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::replay::Replay;
use super::request_index::RequestIndex;
use super::snapshot::{Snapshot, entries};
use minutebook_domain::entry::Entry;
use minutebook_domain::event::Kind;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register::{Register, RegisterIndex};
use minutebook_wire::entry::decode;

/// The index and the entries of snapshots, and of the log after them.
#[derive(Default)]
pub struct SnapshotReplay {
    index: RegisterIndex,
    subjects: HashMap<SubjectId, PendingEntries>,
    requests: RequestIndex,
}

/// The entries of a subject: those in snapshots, stored; those after them, read.
#[derive(Default)]
struct PendingEntries {
    stored: Vec<Bytes>,
    read: Vec<Arc<Entry>>,
}

impl SnapshotReplay {
    /// Begins with consecutive snapshots from the first position on, and the requests
    /// in them.
    pub fn new(snapshots: &[Snapshot], requests: RequestIndex) -> Self {
        let mut replay = Self {
            requests,
            ..Self::default()
        };
        for snapshot in snapshots {
            for (id, bytes) in snapshot.subjects() {
                // Most subjects are in many snapshots: copy only the ids of new ones.
                match replay.subjects.get_mut(id) {
                    Some(pending) => pending.stored.push(bytes),
                    None => {
                        let mut pending = PendingEntries::default();
                        pending.stored.push(bytes);
                        replay.subjects.insert(id.clone(), pending);
                    }
                }
            }
            let index = &mut replay.index;
            let proposals = snapshot
                .proposals()
                .map(|(id, subject)| (id, subject.clone()));
            index.proposals.extend(proposals);
            index.events.extend(snapshot.events());
            index.folded_first.extend(snapshot.folded_first().cloned());
            index.tail = snapshot.last();
            index.recorded_at = snapshot.recorded_at();
        }
        replay
    }

    /// Adds the next entry.
    pub fn entry(&mut self, entry: Entry) {
        self.requests.note(&entry);
        let subject = &entry.event.subject;
        let index = &mut self.index;
        index.tail = entry.position;
        index.recorded_at = Some(entry.recorded_at);
        if let Some(id) = entry.event.event_id {
            index.events.push((id, entry.position));
        }
        if let Some(id) = entry.event.kind.opened_proposal() {
            index.proposals.push((id, subject.clone()));
        }
        if matches!(
            entry.event.kind,
            Kind::EntryCorrected(_) | Kind::BodySucceeded(_)
        ) {
            index.folded_first.push(subject.clone());
        }
        let pending = self.subjects.entry(subject.clone()).or_default();
        pending.read.push(Arc::new(entry));
    }

    /// Makes the register, which folds a subject when it is first used.
    pub fn finish(self) -> Replay {
        let Self {
            mut index,
            subjects,
            requests,
        } = self;
        index.folded_first.sort();
        index.folded_first.dedup();
        let subjects = subjects.into_iter();
        index.subjects = subjects
            .map(|(id, pending)| (id, pending.into_lazy()))
            .collect();
        Replay {
            register: Register::from_index(index),
            requests,
        }
    }
}

impl PendingEntries {
    fn into_lazy(self) -> minutebook_domain::subject_record::LazyEntries {
        Box::new(|| {
            let stored = self.stored.into_iter().flat_map(entries);
            // The same version of the program read or recorded them before.
            let stored = stored.map(|bytes| decode(&bytes).expect("an entry that was recorded"));
            stored.map(Arc::new).chain(self.read).collect()
        })
    }
}
