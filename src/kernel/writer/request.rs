//! Append requests, read and checked before they reach the writer.

use prost::Message;

use super::append_failure::AppendFailure;
use crate::log::{BATCH_BYTES_MAX, RECORD_BYTES_MAX};
use minutebook_domain::append_command::AppendCommand;
use minutebook_domain::caller::Caller;
use minutebook_domain::event::{Event, Kind};
use minutebook_domain::ids::RequestId;
use minutebook_domain::markings::Markings;
use minutebook_domain::text::Name;
use minutebook_wire::proto;
use minutebook_wire::request::append_command_of;
use minutebook_wire::violation::FieldViolation;

/// The most bytes the entries of one request may have: they become durable as
/// one batch.
pub const REQUEST_BYTES_MAX: usize = BATCH_BYTES_MAX;

/// The most bytes that an entry has besides its event and who recorded it: four
/// numbers, an instant, a UUID, and the keys and lengths of its fields.
const ENVELOPE_BYTES_MAX: usize = 128;

/// The bytes of a salt, which an entry may have for what is withheld.
const SALT_BYTES: usize = 18;

/// The most bytes that an entry has for a caller who is signed in: the name of the
/// recorder, some mandates, and a pseudonym.
const CALLER_BYTES_MAX: usize = 4 * Name::LEN_MAX + 96;

/// A request all of whose fields have been read.
#[derive(Debug)]
pub struct Request {
    pub(super) command: AppendCommand,
    pub(super) events: Vec<proto::Event>,
    validate_only: bool,
    bytes_max: usize,
}

impl Request {
    /// Reads a request where nobody is signed in, like [`Self::read_from`].
    pub fn read(message: proto::AppendRequest) -> Result<Self, AppendFailure> {
        Self::read_from(message, Caller::Local)
    }

    /// Reads a request of a caller; [`AppendFailure::Invalid`] names every field that cannot
    /// be read.
    pub fn read_from(message: proto::AppendRequest, caller: Caller) -> Result<Self, AppendFailure> {
        let command = append_command_of(&message, caller).map_err(AppendFailure::Invalid)?;
        let is_marked = command.events.iter().any(Markings::may_mark);
        let envelope = ENVELOPE_BYTES_MAX
            + match &command.caller {
                Caller::Local | Caller::Public | Caller::Store if is_marked => {
                    message.recorded_by.len() + SALT_BYTES
                }
                Caller::Local | Caller::Public | Caller::Store => message.recorded_by.len(),
                Caller::Known(_) => CALLER_BYTES_MAX + SALT_BYTES,
            };
        let mut bytes_max = 0;
        let mut too_long = Vec::new();
        for (index, event) in message.events.iter().enumerate() {
            let bytes = event.encoded_len() + envelope;
            if bytes > RECORD_BYTES_MAX {
                too_long.push(FieldViolation {
                    field: format!("events[{index}]"),
                    description: format!(
                        "an entry has at most {RECORD_BYTES_MAX} bytes; this would have {bytes}: \
                         shorten it, or point to documents instead"
                    ),
                });
            }
            bytes_max += bytes;
        }
        if bytes_max > REQUEST_BYTES_MAX {
            too_long.push(FieldViolation {
                field: "events".into(),
                description: format!(
                    "the entries of one request have at most {REQUEST_BYTES_MAX} bytes together, each \
                     {envelope} more than its event; these would have {bytes_max}: send the events in \
                     several requests"
                ),
            });
        }
        if !too_long.is_empty() {
            return Err(AppendFailure::Invalid(too_long));
        }
        Ok(Self {
            command,
            events: message.events,
            validate_only: message.validate_only,
            bytes_max,
        })
    }

    pub const fn id(&self) -> RequestId {
        self.command.request
    }

    /// Whether the other is the same request: sent by the same caller, with the same events.
    pub fn is_repeated_by(&self, other: &Self) -> bool {
        let (own, others) = (&self.command, &other.command);
        own.request == others.request
            && own.caller == others.caller
            && own.recorded_by == others.recorded_by
            && self.events == other.events
    }

    /// Whether it corrects entries, so that later ones have to be judged again.
    pub fn corrects(&self) -> bool {
        let mut events = self.command.events.iter();
        events.any(|event| matches!(event.kind, Kind::EntryCorrected(_)))
    }

    /// Whether the work to judge it has a limit.
    pub(super) fn has_limit(&self) -> bool {
        self.command.events.len() > 1 && self.corrects()
    }

    /// Whether it is only to be judged.
    pub const fn is_validate_only(&self) -> bool {
        self.validate_only
    }

    pub const fn caller(&self) -> &Caller {
        &self.command.caller
    }

    pub fn events(&self) -> &[Event] {
        &self.command.events
    }

    /// A fault for each event that does not say from when it holds: it would hold from
    /// the day on which it is recorded.
    pub(super) fn undated(&self) -> Vec<FieldViolation> {
        let events = self.command.events.iter().enumerate();
        events
            .filter(|(_, event)| event.effective_on.is_none())
            .map(|(index, _)| FieldViolation {
                field: format!("events[{index}].effective_on"),
                description:
                    "the last entry of the register is in the future, and so is the day of \
                              this one: state the day from which the event holds"
                        .to_owned(),
            })
            .collect()
    }

    /// The most bytes its entries can have together.
    pub(super) const fn bytes_max(&self) -> usize {
        self.bytes_max
    }
}
