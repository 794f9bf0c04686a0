//! The stored record: an entry's bytes, made once and never again.
//!
//! [`encode`] runs once in an entry's life; what it returns is what is kept,
//! hashed, exported and proved. [`decode`] reads every entry ever written, so
//! it refuses whatever it would not give back byte for byte.

use std::sync::Arc;

use jiff::Timestamp;
use prost::Message;
use prost::encoding::{bytes, message as nested, string, uint32, uint64};
use uuid::Uuid;

use crate::domain::date::day_of;
use crate::domain::entry::Entry;
use crate::domain::event::Event;
use crate::domain::ids::{Position, RequestId, Revision};
use crate::wire::fields::{FromWire, name};
use crate::wire::proto;
use crate::wire::violation::{FieldViolation, MessageReader};

/// The most bytes a stored record may have.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// What the register adds to an event when it records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryEnvelope<'a> {
    /// The entry's number in the log.
    pub position: Position,
    /// Its number within its subject.
    pub revision: Revision,
    /// When it is recorded; kept to the microsecond.
    pub recorded_at: Timestamp,
    /// The office or system that records it.
    pub recorded_by: &'a str,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in that request.
    pub request_index: u32,
    /// How many events that request brought.
    pub request_size: u32,
}

impl<'a> EntryEnvelope<'a> {
    /// What the register added to this entry.
    pub fn of(entry: &'a Entry) -> Self {
        let (request_index, request_size) = entry.request_part;
        Self {
            position: entry.position,
            revision: entry.revision,
            recorded_at: entry.recorded_at,
            recorded_by: &entry.recorded_by,
            request: entry.request,
            request_index,
            request_size,
        }
    }
}

/// Why stored bytes cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryDecodeError {
    /// Not the bytes of an entry at all.
    #[error("the stored bytes are not an entry")]
    NotAnEntry,
    /// An event of a kind that this version does not know.
    #[error(
        "entry {position} holds an event of a kind this version does not know: a newer version \
         wrote this; run that version or a later one"
    )]
    UnknownKind {
        /// The entry.
        position: Position,
    },
    /// Fields that this version does not know, or bytes that it would not write.
    #[error(
        "entry {position} holds fields this version does not know: a newer version wrote this; \
         run that version or a later one"
    )]
    UnknownFields {
        /// The entry.
        position: Position,
    },
    /// An event that breaks the published rules of form.
    #[error("entry {position} cannot be read: {}", listed(.violations))]
    Invalid {
        /// The entry.
        position: Position,
        /// What is wrong with it.
        violations: Vec<FieldViolation>,
    },
}

fn listed(violations: &[FieldViolation]) -> String {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

/// An instant as it is kept: to the microsecond.
pub fn to_the_microsecond(instant: Timestamp) -> Timestamp {
    // In range, since it was an instant before.
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

/// The bytes to store, exactly as prost would encode a [`proto::Entry`], without
/// a copy of the event.
pub fn encode(stamp: &EntryEnvelope<'_>, event: &proto::Event) -> Vec<u8> {
    let mut buf = Vec::with_capacity(80 + stamp.recorded_by.len() + event.encoded_len());
    let is_said = |number: u64| number != 0;
    if is_said(stamp.position.get()) {
        uint64::encode(1, &stamp.position.get(), &mut buf);
    }
    if is_said(stamp.revision.get()) {
        uint64::encode(2, &stamp.revision.get(), &mut buf);
    }
    let recorded_at = super::reply::timestamp(to_the_microsecond(stamp.recorded_at));
    nested::encode(3, &recorded_at, &mut buf);
    if !stamp.recorded_by.is_empty() {
        string::encode(4, &stamp.recorded_by.to_owned(), &mut buf);
    }
    bytes::encode(5, &stamp.request.uuid().as_bytes().to_vec(), &mut buf);
    if is_said(stamp.request_index.into()) {
        uint32::encode(6, &stamp.request_index, &mut buf);
    }
    if is_said(stamp.request_size.into()) {
        uint32::encode(7, &stamp.request_size, &mut buf);
    }
    nested::encode(8, event, &mut buf);
    buf
}

/// The published form of a stored record, for replies and exports.
///
/// A record with anything in it that this version does not know is refused,
/// never silently cut: what prost would leave out shows in the length.
pub fn message(bytes: &[u8]) -> Result<proto::Entry, EntryDecodeError> {
    let entry = proto::Entry::decode(bytes).map_err(|_| EntryDecodeError::NotAnEntry)?;
    let position = Position::new(entry.position);
    let Some(event) = &entry.event else {
        return Err(EntryDecodeError::NotAnEntry);
    };
    if event.kind.is_none() {
        return Err(EntryDecodeError::UnknownKind { position });
    }
    if entry.encoded_len() != bytes.len() {
        return Err(EntryDecodeError::UnknownFields { position });
    }
    Ok(entry)
}

/// The domain's form of a stored record.
pub fn decode(bytes: &[u8]) -> Result<Entry, EntryDecodeError> {
    decoded(&message(bytes)?)
}

/// The domain's form of a stored record, read from its published form.
pub fn decoded(entry: &proto::Entry) -> Result<Entry, EntryDecodeError> {
    let mut r = MessageReader::new();
    let read = read(&mut r, entry);
    r.finish(read)
        .map_err(|violations| EntryDecodeError::Invalid {
            position: Position::new(entry.position),
            violations,
        })
}

fn read(r: &mut MessageReader, m: &proto::Entry) -> Option<Entry> {
    for (field, number) in [
        ("position", m.position),
        ("revision", m.revision),
        ("request_size", m.request_size.into()),
    ] {
        if number == 0 {
            r.fault_in(field, "counted from 1, and never missing");
        }
    }
    let recorded_at = m
        .recorded_at
        .as_ref()
        .and_then(|t| Timestamp::new(t.seconds, t.nanos).ok());
    if recorded_at.is_none() {
        r.fault_in("recorded_at", "an instant, and never missing");
    }
    let recorded_by = name(r, "recorded_by", &m.recorded_by);
    let request = Uuid::from_slice(&m.request_id)
        .ok()
        .filter(|uuid| !uuid.is_nil());
    if request.is_none() {
        r.fault_in("request_id", "the 16 bytes of a UUID");
    }
    let event = match &m.event {
        Some(event) => r.at("event", |r| Event::read(r, event)),
        None => None,
    };
    let recorded_at = recorded_at?;
    Some(Entry {
        position: Position::new(m.position),
        revision: Revision::new(m.revision),
        recorded_at,
        recorded_on: day_of(recorded_at),
        recorded_by: Arc::from(recorded_by?.as_str()),
        request: RequestId::new(request?),
        request_part: (m.request_index, m.request_size),
        event: event?,
    })
}
