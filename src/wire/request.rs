//! Append requests: from their published form to a command for the domain.

use prost::Message;

use crate::fields::{at_least_one, each, list, name, no_repeats, optional_name, subject, uuid};
use crate::proto;
use crate::violation::{FieldViolation, MessageReader};
use minutebook_domain::append_command::AppendCommand;
use minutebook_domain::caller::Caller;
use minutebook_domain::event::{Event, Kind};
use minutebook_domain::ids::{Revision, SubjectId};

pub const EVENTS_MAX: usize = 100;
pub const EXPECTED_MAX: usize = 100;

/// The most bytes of all events in one request to explain.
pub const EXPLAINED_BYTES_MAX: usize = 1 << 20;

/// Reads a request of a program on the register's own machine, where nobody is signed in,
/// or names all its faults.
pub fn append_command(
    request: &proto::AppendRequest,
) -> Result<AppendCommand, Vec<FieldViolation>> {
    append_command_of(request, Caller::Local)
}

/// Reads a request of a caller, or names all its faults.
///
/// `validate_only` is not part of the command: it decides what happens to the
/// result, not the result.
pub fn append_command_of(
    request: &proto::AppendRequest,
    caller: Caller,
) -> Result<AppendCommand, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let command = read(&mut r, request, caller);
    r.finish(command)
}

/// Reads the events of a request to explain, or names all its faults.
pub fn explained(request: &proto::ExplainRequest) -> Result<Vec<Event>, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let bytes = request.encoded_len();
    if bytes > EXPLAINED_BYTES_MAX {
        r.fault_in(
            "events",
            format!(
                "events to be explained together have at most {EXPLAINED_BYTES_MAX} bytes; these \
                 have {bytes}: ask about them in several requests"
            ),
        );
    }
    let events = events(&mut r, &request.events);
    r.finish(events)
}

fn events(r: &mut MessageReader, m: &[proto::Event]) -> Option<Vec<Event>> {
    let events: Option<Vec<Event>> = list(r, "events", m, EVENTS_MAX);
    let events = at_least_one(r, "events", events);
    for (index, event) in events.iter().flatten().enumerate() {
        if matches!(event.kind, Kind::CheckpointKeyReplaced(_)) {
            r.fault_in(
                &format!("events[{index}].subject"),
                "only the register records that its key is replaced: whoever runs it does that with \
                 `minutebook audit rotate-key`",
            );
        }
    }
    events
}

fn read(r: &mut MessageReader, m: &proto::AppendRequest, caller: Caller) -> Option<AppendCommand> {
    let request = uuid(r, "request_id", &m.request_id);
    let recorded_by = match caller {
        // The mandate names the recorder.
        Caller::Known(_) => optional_name(r, "recorded_by", &m.recorded_by),
        Caller::Local | Caller::Public | Caller::Store => {
            name(r, "recorded_by", &m.recorded_by).map(Some)
        }
    };
    let events = events(r, &m.events);
    let expected = expected(r, &m.expected_revisions);
    Some(AppendCommand {
        request: request?,
        caller,
        recorded_by: recorded_by?,
        events: events?,
        expected: expected?,
    })
}

fn expected(
    r: &mut MessageReader,
    v: &[proto::ExpectedRevision],
) -> Option<Vec<(SubjectId, Revision)>> {
    let field = "expected_revisions";
    let expected = each(r, field, v, EXPECTED_MAX, |r, m| {
        let subject: SubjectId = subject(r, "subject", &m.subject)?;
        Some((subject, Revision::new(m.revision)))
    });
    no_repeats(r, field, expected, |(s, _)| s.clone(), "this subject")
}
