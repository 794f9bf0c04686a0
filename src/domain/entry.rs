//! Entries: events as the register keeps them.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{Authority, Event};
use super::ids::{Position, ProposalId, RequestId, Revision};

/// An event, with the fields that the register added when it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number in the log, from 1.
    pub position: Position,
    /// Its number within its subject, from 1.
    pub revision: Revision,
    pub recorded_at: Timestamp,
    /// The day of `recorded_at` in the register's time zone.
    pub recorded_on: Date,
    /// The office or system that recorded it.
    pub recorded_by: Arc<str>,
    pub request: RequestId,
    pub request_part: RequestPart,
    pub event: Event,
}

/// The place of an entry in its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPart {
    /// From 0.
    pub index: u32,
    /// The number of entries of the request.
    pub count: u32,
}

impl Entry {
    /// The date from which it holds: as stated, or else the day it was recorded.
    pub fn effective_on(&self) -> PartialDate {
        self.event
            .effective_on
            .unwrap_or_else(|| self.recorded_on.into())
    }

    /// The proposal that its authority names, also if it is acknowledged as a breach.
    pub fn rests_on(&self) -> Option<ProposalId> {
        self.event.authority.as_ref()?.proposal()
    }

    /// Whether it acknowledges that it lacked its approval.
    pub const fn is_breach(&self) -> bool {
        matches!(self.event.authority, Some(Authority::AcknowledgedBreach(_)))
    }
}
