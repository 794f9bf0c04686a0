//! Reading and summaries for the event that corrects another.

use crate::fields::{FromWire, required_text, uuid};
use crate::proto;
use crate::summary::{Summary, quoted, summary, target_name};
use crate::violation::MessageReader;
use minutebook_domain::event::{EntryCorrected, Event, Target};
use minutebook_domain::ids::Position;

impl FromWire for EntryCorrected {
    type Wire = proto::EntryCorrected;

    fn read(r: &mut MessageReader, m: &proto::EntryCorrected) -> Option<Self> {
        let target = read_target(r, m);
        let reason = required_text(r, "reason", &m.reason);
        let replacement = match m.replacement.as_deref() {
            None => Some(None),
            Some(event) => r.at("replacement", |r| replacement(r, event)).map(Some),
        };
        Some(Self {
            target: target?,
            reason: reason?,
            replacement: replacement?,
        })
    }
}

fn read_target(r: &mut MessageReader, m: &proto::EntryCorrected) -> Option<Target> {
    match &m.target {
        Some(proto::entry_corrected::Target::Position(number)) => {
            position(r, *number).map(Target::Position)
        }
        Some(proto::entry_corrected::Target::TargetEventId(id)) => {
            uuid(r, "target_event_id", id).map(Target::Event)
        }
        Some(proto::entry_corrected::Target::TargetRequest(entry)) => {
            r.at("target_request", |r| request_entry(r, entry))
        }
        None => {
            r.fault_in(
                "target",
                "say which entry was wrong: its position, the id its event carried, or the request \
                 that recorded it",
            );
            None
        }
    }
}

impl FromWire for Target {
    type Wire = proto::EntryRef;

    fn read(r: &mut MessageReader, m: &proto::EntryRef) -> Option<Self> {
        match &m.entry {
            Some(proto::entry_ref::Entry::Position(number)) => {
                position(r, *number).map(Self::Position)
            }
            Some(proto::entry_ref::Entry::EventId(id)) => uuid(r, "event_id", id).map(Self::Event),
            Some(proto::entry_ref::Entry::RequestEntry(entry)) => {
                r.at("request_entry", |r| request_entry(r, entry))
            }
            None => {
                r.fault_in(
                    "entry",
                    "say which entry is meant: its position, the id its event carried, or the \
                     request that recorded it",
                );
                None
            }
        }
    }
}

fn request_entry(r: &mut MessageReader, m: &proto::RequestEntry) -> Option<Target> {
    let request = uuid(r, "request_id", &m.request_id)?;
    Some(Target::Request(request, m.index))
}

fn position(r: &mut MessageReader, number: u64) -> Option<Position> {
    if number == 0 {
        r.fault_in("position", "positions begin at 1: give that of the entry");
        return None;
    }
    Some(Position::new(number))
}

fn replacement(r: &mut MessageReader, m: &proto::Event) -> Option<Event> {
    // A correction is never read inside another, so nesting is bounded.
    if matches!(m.kind, Some(proto::event::Kind::EntryCorrected(_))) {
        r.fault_in(
            "entry_corrected",
            "a replacement is not itself a correction: say what the entry should have said",
        );
        return None;
    }
    let event = Event::read(r, m)?;
    // The context of the reader is again that of the correction.
    if r.event
        .subject
        .as_ref()
        .is_some_and(|subject| *subject != event.subject)
    {
        r.fault_in(
            "subject",
            "a replacement is about the same subject as the entry it replaces: name that one, or \
             void this entry and record another",
        );
        return None;
    }
    Some(event)
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for EntryCorrected {
    fn line(&self) -> String {
        let target = target_name(self.target);
        match &self.replacement {
            None => format!("{target} made void: {}", quoted(self.reason.as_str())),
            Some(instead) => format!("{target} corrected: {}", summary(instead)),
        }
    }
}
