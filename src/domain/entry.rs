//! An entry: an event as the register keeps it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{Authority, Event};
use super::ids::{Position, ProposalId, RequestId, Revision};

/// An event with what the register added when it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number in the log.
    pub position: Position,
    /// Its number within its subject.
    pub revision: Revision,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The day that was in the register's time zone.
    pub recorded_on: Date,
    /// The office or system that recorded it.
    pub recorded_by: Arc<str>,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in that request, and how many events that request brought.
    pub request_part: (u32, u32),
    /// The event.
    pub event: Event,
}

impl Entry {
    /// The date from which it holds: as stated, or else the day it was recorded.
    pub fn effective_on(&self) -> PartialDate {
        self.event
            .effective_on
            .unwrap_or_else(|| self.recorded_on.into())
    }

    /// The proposal that it rests on, or, acknowledged as a breach, names.
    pub fn rests_on(&self) -> Option<ProposalId> {
        self.event.authority.as_ref()?.proposal()
    }

    /// Whether whoever recorded it said that it lacked its approval.
    pub const fn is_breach(&self) -> bool {
        matches!(self.event.authority, Some(Authority::AcknowledgedBreach(_)))
    }
}
