//! The requests that were ever recorded, so that none is recorded twice.
//!
//! The log itself is this memory: each entry names its request, and what is kept
//! here is only where that request begins.

use std::collections::HashMap;

use super::snapshot::Snapshot;
use crate::domain::entry::{Entry, RequestPart};
use crate::domain::ids::{Position, RequestId};

/// Where the entries of a request are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLocation {
    /// Its first entry.
    pub first: Position,
    /// How many entries it brought; they follow one another.
    pub count: u32,
}

/// Every request that is recorded.
#[derive(Debug, Clone, Default)]
pub struct RequestIndex(HashMap<RequestId, RequestLocation>);

impl RequestIndex {
    /// Those that snapshots have.
    pub fn of(snapshots: &[Snapshot]) -> Self {
        let mut requests = Self::default();
        requests
            .0
            .reserve(snapshots.iter().map(Snapshot::requests).sum());
        for snapshot in snapshots {
            snapshot.note_requests(&mut requests);
        }
        requests
    }

    /// Takes note of an entry.
    pub fn note(&mut self, entry: &Entry) {
        let RequestPart { index, count } = entry.request_part;
        if index == 0 {
            let first = entry.position;
            self.insert(entry.request, RequestLocation { first, count });
        }
    }

    /// Takes note of a request.
    pub fn insert(&mut self, request: RequestId, recorded: RequestLocation) {
        self.0.insert(request, recorded);
    }

    /// Forgets a request that was not recorded after all.
    pub fn forget(&mut self, request: RequestId) {
        self.0.remove(&request);
    }

    /// Where a request is recorded, if it is.
    pub fn get(&self, request: RequestId) -> Option<RequestLocation> {
        self.0.get(&request).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
