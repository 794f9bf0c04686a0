//! Append requests: from what a recorder sends to a draft for judgement.

use prost::Message;

use crate::domain::append_command::AppendCommand;
use crate::domain::event::Event;
use crate::domain::ids::{Revision, SubjectId};
use crate::wire::fields::{at_least_one, each, list, name, no_repeats, subject, uuid};
use crate::wire::proto;
use crate::wire::violation::{FieldViolation, MessageReader};

/// The most events one request may bring.
pub const EVENTS_MAX: usize = 100;
/// The most subjects whose revision one request may expect.
pub const EXPECTED_MAX: usize = 100;

/// The most bytes that events may have that are explained together.
pub const EXPLAINED_BYTES_MAX: usize = 1 << 20;

/// Reads a request, or says everything that is wrong with it.
///
/// `validate_only` is not part of the draft: it says what to do with the
/// verdict, and changes nothing about it.
pub fn append_command(
    request: &proto::AppendRequest,
) -> Result<AppendCommand, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let draft = read(&mut r, request);
    r.finish(draft)
}

/// Reads events that are to be explained, or says everything that is wrong with
/// them.
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
        if event.subject == SubjectId::Register {
            r.fault_in(
                &format!("events[{index}].subject"),
                "what is about the register itself it records itself: its keeper replaces its key \
                 with `minutebook audit rotate-key`",
            );
        }
    }
    events
}

fn read(r: &mut MessageReader, m: &proto::AppendRequest) -> Option<AppendCommand> {
    let request = uuid(r, "request_id", &m.request_id);
    let recorded_by = name(r, "recorded_by", &m.recorded_by);
    let events = events(r, &m.events);
    let expected = expected(r, &m.expected_revisions);
    Some(AppendCommand {
        request: request?,
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
