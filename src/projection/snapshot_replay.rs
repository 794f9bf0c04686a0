//! A register that begins with snapshots: ready at once, and folded as it is asked.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::replay::Replay;
use super::request_index::RequestIndex;
use super::snapshot::{Snapshot, entries};
use crate::domain::entry::Entry;
use crate::domain::event::Kind;
use crate::domain::ids::SubjectId;
use crate::domain::register::{Register, RegisterIndex};
use crate::wire::entry::decode;

/// What snapshots and the entries after them leave behind.
#[derive(Default)]
pub struct SnapshotReplay {
    outline: RegisterIndex,
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
    /// Begins with snapshots that follow one another from the first position on, and
    /// the requests in them.
    pub fn new(snapshots: &[Snapshot], requests: RequestIndex) -> Self {
        let mut this = Self {
            requests,
            ..Self::default()
        };
        for snapshot in snapshots {
            for (id, bytes) in snapshot.subjects() {
                // Most subjects are in many snapshots: only new ones are copied.
                match this.subjects.get_mut(id) {
                    Some(untold) => untold.stored.push(bytes),
                    None => {
                        let mut untold = PendingEntries::default();
                        untold.stored.push(bytes);
                        this.subjects.insert(id.clone(), untold);
                    }
                }
            }
            let outline = &mut this.outline;
            let proposals = snapshot.proposals().map(|(id, about)| (id, about.clone()));
            outline.proposals.extend(proposals);
            outline.events.extend(snapshot.events());
            outline.corrected.extend(snapshot.corrected().cloned());
            outline.tail = snapshot.last();
            outline.recorded_at = snapshot.recorded_at();
        }
        this
    }

    /// Adds the next entry.
    pub fn entry(&mut self, entry: Entry) {
        self.requests.note(&entry);
        let subject = &entry.event.subject;
        let outline = &mut self.outline;
        outline.tail = entry.position;
        outline.recorded_at = Some(entry.recorded_at);
        if let Some(id) = entry.event.event_id {
            outline.events.push((id, entry.position));
        }
        if let Some(id) = entry.event.kind.opened_proposal() {
            outline.proposals.push((id, subject.clone()));
        }
        if matches!(entry.event.kind, Kind::EntryCorrected(_)) {
            outline.corrected.push(subject.clone());
        }
        let untold = self.subjects.entry(subject.clone()).or_default();
        untold.read.push(Arc::new(entry));
    }

    /// The register and the requests.
    pub fn finish(self) -> Replay {
        let Self {
            mut outline,
            subjects,
            requests,
        } = self;
        outline.corrected.sort();
        outline.corrected.dedup();
        let subjects = subjects.into_iter();
        outline.subjects = subjects.map(|(id, untold)| (id, untold.later())).collect();
        Replay {
            register: Register::from_index(outline),
            requests,
        }
    }
}

impl PendingEntries {
    fn later(self) -> crate::domain::subject_record::LazyEntries {
        Box::new(|| {
            let stored = self.stored.into_iter().flat_map(entries);
            // A program like this one has read them before, or recorded them.
            let stored = stored.map(|bytes| decode(&bytes).expect("an entry that was recorded"));
            stored.map(Arc::new).chain(self.read).collect()
        })
    }
}
