//! The entry that an event becomes if it is recorded next.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::date::day_of;
use crate::domain::entry::{Entry, RequestPart};
use crate::domain::event::Event;
use crate::domain::ids::RequestId;
use crate::domain::register::Register;

/// The facts that admission needs beside the register. Admission reads no clock.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The time at which the events are recorded.
    pub recorded_at: Timestamp,
}

/// The request that events belong to.
pub(super) struct Origin<'a> {
    pub recorded_by: &'a Arc<str>,
    pub request: RequestId,
    /// The number of events of the request.
    pub count: u32,
}

pub(super) fn next_entry(
    register: &Register,
    event: &Event,
    context: &Context,
    origin: &Origin<'_>,
    index: usize,
) -> Arc<Entry> {
    Arc::new(Entry {
        position: register.tail().next(),
        revision: register.revision(&event.subject).next(),
        recorded_at: context.recorded_at,
        recorded_on: day_of(context.recorded_at),
        recorded_by: Arc::clone(origin.recorded_by),
        request: origin.request,
        request_part: RequestPart {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            count: origin.count,
        },
        event: event.clone(),
    })
}
