//! An index of all recorded requests, so that none is recorded twice.
//!
//! It is made from the log: each entry names its request. The index has only the
//! first position of each request, and the number of its entries.

use std::collections::HashMap;

use super::snapshot::Snapshot;
use minutebook_domain::entry::{Entry, RequestPart};
use minutebook_domain::ids::{Position, RequestId};

/// The positions of the entries of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLocation {
    pub first: Position,
    /// How many entries it recorded; their positions are consecutive.
    pub count: u32,
}

/// The location of every recorded request.
#[derive(Debug, Clone, Default)]
pub struct RequestIndex(HashMap<RequestId, RequestLocation>);

impl RequestIndex {
    /// The requests in the snapshots.
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

    pub fn note(&mut self, entry: &Entry) {
        let RequestPart { index, count } = entry.request_part;
        if index == 0 {
            let first = entry.position;
            self.insert(entry.request, RequestLocation { first, count });
        }
    }

    pub fn insert(&mut self, request: RequestId, location: RequestLocation) {
        self.0.insert(request, location);
    }

    /// Removes a request that was not recorded after all.
    pub fn remove(&mut self, request: RequestId) {
        self.0.remove(&request);
    }

    /// The location of a request, if it is recorded or, in the writer, being written.
    pub fn get(&self, request: RequestId) -> Option<RequestLocation> {
        self.0.get(&request).copied()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
