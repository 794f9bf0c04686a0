//! The stored record: the bytes of an entry, made once.
//!
//! [`encode`] runs once for an entry; its bytes are stored,
//! hashed, exported and proved. [`decode`] reads every entry ever written, and
//! refuses any bytes that it would not return unchanged.

use std::sync::Arc;

use jiff::Timestamp;
use prost::Message;
use prost::encoding::{bytes, message as nested, string, uint32, uint64};
use uuid::Uuid;

use crate::fields::{FromWire, name};
use crate::proto;
use crate::violation::{FieldViolation, MessageReader};
use minutebook_domain::caller::Pseudonym;
use minutebook_domain::date::day_of;
use minutebook_domain::entry::{Entry, MandatedCaller, RecordedCaller, RequestPart, Salt};
use minutebook_domain::event::Event;
use minutebook_domain::ids::{Position, RequestId, Revision};
use minutebook_domain::text::{Name, NameFold};

/// The most bytes a stored record may have.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// The fields that the register adds to an event when it records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryEnvelope<'a> {
    pub position: Position,
    pub revision: Revision,
    /// Stored to the microsecond.
    pub recorded_at: Timestamp,
    pub recorded_by: &'a str,
    pub request: RequestId,
    /// Counted from 0.
    pub request_index: u32,
    /// The number of events in the request.
    pub request_size: u32,
    pub caller: &'a RecordedCaller,
    pub salt: Option<Salt>,
}

impl<'a> EntryEnvelope<'a> {
    pub fn of(entry: &'a Entry) -> Self {
        let RequestPart { index, count } = entry.request_part;
        Self {
            position: entry.position,
            revision: entry.revision,
            recorded_at: entry.recorded_at,
            recorded_by: &entry.recorded_by,
            request: entry.request,
            request_index: index,
            request_size: count,
            caller: &entry.caller,
            salt: entry.salt,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryDecodeError {
    #[error("the stored bytes are not an entry")]
    NotAnEntry,
    #[error(
        "entry {position} holds an event of a kind this version does not know: a newer version \
         wrote this; run that version or a later one"
    )]
    UnknownKind { position: Position },
    /// Also for bytes that this version would encode differently.
    #[error(
        "entry {position} holds fields this version does not know: a newer version wrote this; \
         run that version or a later one"
    )]
    UnknownFields { position: Position },
    #[error("entry {position} cannot be read: {}", listed(.violations))]
    Invalid {
        position: Position,
        violations: Vec<FieldViolation>,
    },
}

fn listed(violations: &[FieldViolation]) -> String {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

/// Rounds an instant to the precision in which entries store it.
pub fn to_the_microsecond(instant: Timestamp) -> Timestamp {
    // In range, since it was an instant before.
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

/// The bytes to store: the bytes that prost would encode for a [`proto::Entry`],
/// without a copy of the event.
pub fn encode(envelope: &EntryEnvelope<'_>, event: &proto::Event) -> Vec<u8> {
    let mut buf = Vec::with_capacity(80 + envelope.recorded_by.len() + event.encoded_len());
    let is_set = |number: u64| number != 0;
    if is_set(envelope.position.get()) {
        uint64::encode(1, &envelope.position.get(), &mut buf);
    }
    if is_set(envelope.revision.get()) {
        uint64::encode(2, &envelope.revision.get(), &mut buf);
    }
    let recorded_at = super::reply::timestamp(to_the_microsecond(envelope.recorded_at));
    nested::encode(3, &recorded_at, &mut buf);
    if !envelope.recorded_by.is_empty() {
        string::encode(4, &envelope.recorded_by.to_owned(), &mut buf);
    }
    bytes::encode(5, &envelope.request.uuid().as_bytes().to_vec(), &mut buf);
    if is_set(envelope.request_index.into()) {
        uint32::encode(6, &envelope.request_index, &mut buf);
    }
    if is_set(envelope.request_size.into()) {
        uint32::encode(7, &envelope.request_size, &mut buf);
    }
    nested::encode(8, event, &mut buf);
    if let Some(caller) = stored_caller(envelope.caller) {
        nested::encode(9, &caller, &mut buf);
    }
    if let Some(Salt(salt)) = envelope.salt {
        bytes::encode(10, &salt.to_vec(), &mut buf);
    }
    buf
}

/// The caller as entries store it; `None` where nobody was signed in.
fn stored_caller(caller: &RecordedCaller) -> Option<proto::EntryCaller> {
    match caller {
        RecordedCaller::Local => None,
        RecordedCaller::Store => Some(proto::EntryCaller {
            at_store: true,
            ..proto::EntryCaller::default()
        }),
        RecordedCaller::Mandated(caller) => Some(proto::EntryCaller {
            mandate_positions: caller.mandates.iter().map(|at| at.get()).collect(),
            pseudonym: caller.pseudonym.0.to_vec(),
            at_store: false,
        }),
    }
}

fn read_caller(r: &mut MessageReader, m: &proto::EntryCaller) -> Option<RecordedCaller> {
    let is_bare = m.mandate_positions.is_empty() && m.pseudonym.is_empty();
    if m.at_store && is_bare {
        return Some(RecordedCaller::Store);
    }
    let pseudonym: Option<[u8; 16]> = m.pseudonym.as_slice().try_into().ok();
    if pseudonym.is_none() || m.at_store || m.mandate_positions.is_empty() {
        r.fault("a caller has mandates and a pseudonym of 16 bytes, or is a command at the store");
    }
    Some(RecordedCaller::Mandated(Arc::new(MandatedCaller {
        mandates: m
            .mandate_positions
            .iter()
            .map(|at| Position::new(*at))
            .collect(),
        pseudonym: Pseudonym(pseudonym?),
    })))
}

/// The published form of a stored record, for replies and exports.
///
/// A record with a field that this version does not know is refused, never cut
/// short: prost drops unknown fields, and the encoded length shows it.
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

/// Reads a stored record into the domain.
pub fn decode(bytes: &[u8]) -> Result<Entry, EntryDecodeError> {
    decoded(&message(bytes)?)
}

/// Reads a stored record into the domain from its published form.
pub fn decoded(entry: &proto::Entry) -> Result<Entry, EntryDecodeError> {
    read_by(MessageReader::of_log(NameFold::Folded), entry).map(|(entry, _)| entry)
}

/// Reads a stored record as it was read before names were folded.
pub fn decoded_by_letters(entry: &proto::Entry) -> Result<Entry, EntryDecodeError> {
    read_by(MessageReader::of_log(NameFold::Letters), entry).map(|(entry, _)| entry)
}

/// Reads a stored record, and the names in it.
pub fn decoded_with_names(entry: &proto::Entry) -> Result<(Entry, Vec<Name>), EntryDecodeError> {
    read_by(MessageReader::with_names(), entry)
}

fn read_by(
    mut r: MessageReader,
    entry: &proto::Entry,
) -> Result<(Entry, Vec<Name>), EntryDecodeError> {
    let read = read(&mut r, entry);
    let names = r.take_names();
    let entry = r
        .finish(read)
        .map_err(|violations| EntryDecodeError::Invalid {
            position: Position::new(entry.position),
            violations,
        })?;
    Ok((entry, names))
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
    let caller = match &m.caller {
        Some(caller) => r.at("caller", |r| read_caller(r, caller)),
        None => Some(RecordedCaller::Local),
    };
    let salt = match m.salt.as_slice() {
        [] => Some(None),
        salt => {
            let salt: Option<[u8; 16]> = salt.try_into().ok();
            if salt.is_none() {
                r.fault_in("salt", "16 bytes, or none");
            }
            salt.map(|salt| Some(Salt(salt)))
        }
    };
    let recorded_at = recorded_at?;
    Some(Entry {
        position: Position::new(m.position),
        revision: Revision::new(m.revision),
        recorded_at,
        recorded_on: day_of(recorded_at),
        recorded_by: Arc::from(recorded_by?.as_str()),
        request: RequestId::new(request?),
        request_part: RequestPart {
            index: m.request_index,
            count: m.request_size,
        },
        caller: caller?,
        salt: salt?,
        event: event?,
    })
}
