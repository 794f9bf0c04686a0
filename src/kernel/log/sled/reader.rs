//! Reads durable records beside the writer, without waiting for it.

use std::sync::Arc;

use super::super::{Limit, LogStopped, Position, ReadError, Reader, Record};
use super::group::StoredGroup;
use super::store::Store;

/// A view of the durable part of a log on disk.
#[derive(Debug, Clone)]
pub(super) struct SledReader {
    pub(super) store: Arc<Store>,
}

impl Reader for SledReader {
    fn tail(&self) -> Position {
        self.store.durable()
    }

    fn read(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError> {
        let tail = self.tail();
        let mut at = from.max(Position::new(1));
        let mut page = Page::new(limit);
        while at <= tail && page.has_room() {
            let group = self.store.group_around(at)?;
            while at <= group.last() {
                if !page.take(&group, at) {
                    return Ok(page.records);
                }
                at = at.next();
            }
        }
        Ok(page.records)
    }

    fn read_back(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError> {
        let mut at = from.min(self.tail());
        let mut page = Page::new(limit);
        while at > Position::ZERO && page.has_room() {
            let group = self.store.group_around(at)?;
            while at >= group.first() {
                if !page.take(&group, at) {
                    return Ok(page.records);
                }
                at = Position::new(at.get() - 1);
            }
        }
        Ok(page.records)
    }

    fn stopped(&self) -> Option<LogStopped> {
        self.store.stopped()
    }
}

/// The records of one read, as far as its limit admits.
struct Page {
    limit: Limit,
    bytes: usize,
    records: Vec<Record>,
}

impl Page {
    fn new(limit: Limit) -> Page {
        Page {
            limit,
            bytes: 0,
            records: Vec::new(),
        }
    }

    /// Whether it is worth fetching another group.
    fn has_room(&self) -> bool {
        self.limit.admits(self.records.len(), self.bytes, 1)
    }

    /// Takes the record of `group` at `position`, if the limit admits it.
    fn take(&mut self, group: &StoredGroup, position: Position) -> bool {
        let Some(record) = group.record(position) else {
            return false;
        };
        let len = record.bytes.len();
        if !self.limit.admits(self.records.len(), self.bytes, len) {
            return false;
        }
        self.bytes += len;
        self.records.push(record);
        true
    }
}
