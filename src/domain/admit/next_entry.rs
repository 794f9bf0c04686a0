//! The entry that an event becomes if it is recorded next.

use std::sync::Arc;

use jiff::Timestamp;

use super::authorisation::{authorise, first_of_request};
use crate::caller::Caller;
use crate::date::day_of;
use crate::entry::{Entry, RecordedCaller, RequestPart, Salt};
use crate::event::Event;
use crate::fault::Fault;
use crate::ids::RequestId;
use crate::markings::Markings;
use crate::register::Register;
use crate::text::Name;

/// The facts that admission needs beside the register. Admission reads no clock, and draws
/// no random numbers.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The time at which the events are recorded.
    pub recorded_at: Timestamp,
    /// Draws the salts of entries; `None` where nothing will be recorded.
    pub draw_salt: Option<fn() -> Salt>,
}

impl Context {
    /// To judge at a time, and to record nothing.
    pub const fn at(recorded_at: Timestamp) -> Self {
        Self {
            recorded_at,
            draw_salt: None,
        }
    }

    /// To record at a time.
    pub const fn recording(recorded_at: Timestamp, draw_salt: fn() -> Salt) -> Self {
        Self {
            recorded_at,
            draw_salt: Some(draw_salt),
        }
    }
}

/// The request that events belong to.
pub(super) struct Origin<'a> {
    pub caller: &'a Caller,
    /// The recorder whom the request states.
    pub stated: Option<&'a Name>,
    /// The same as text, shared by its entries; empty if it states none.
    pub recorded_by: &'a Arc<str>,
    pub request: RequestId,
    /// The number of events of the request.
    pub count: u32,
}

/// An entry, if the caller may record it.
pub(super) struct NextEntry {
    pub entry: Arc<Entry>,
    /// Why the caller may not, with its field.
    pub fault: Option<(String, Fault)>,
}

pub(super) fn next_entry(
    register: &Register,
    event: &Event,
    context: &Context,
    origin: &Origin<'_>,
    index: usize,
) -> NextEntry {
    let recorded_on = day_of(context.recorded_at);
    let stated = origin.stated;
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    let request = first_of_request(register.tail().next(), index);
    let authorised = authorise(register, event, origin.caller, recorded_on, request);
    let (caller, recorded_as, fault) = match authorised {
        Ok(allowed) => {
            let fault = stated.zip(allowed.recorded_as.as_ref());
            let fault = fault.filter(|(stated, recorded_as)| !stated.is_same(recorded_as));
            let fault = fault.map(|(stated, recorded_as)| {
                let (stated, recorded_as) = (stated.to_string(), recorded_as.clone());
                let fault = Fault::RecordedAsAnother {
                    stated,
                    recorded_as,
                };
                ("recorded_by".to_owned(), fault)
            });
            (allowed.caller, allowed.recorded_as, fault)
        }
        Err(fault) => (RecordedCaller::Local, None, Some((String::new(), fault))),
    };
    let recorded_by = match &recorded_as {
        Some(recorded_as) => recorded_as.as_str().into(),
        None => Arc::clone(origin.recorded_by),
    };
    // Whatever may be withheld from some readers must not be guessed from its hash.
    let is_salted = caller != RecordedCaller::Local || Markings::may_mark(event);
    let draw_salt = context.draw_salt.filter(|_| is_salted);
    let entry = Arc::new(Entry {
        position: register.tail().next(),
        revision: register.revision(&event.subject).next(),
        recorded_at: context.recorded_at,
        recorded_on,
        recorded_by,
        request: origin.request,
        request_part: RequestPart {
            index,
            count: origin.count,
        },
        caller,
        salt: draw_salt.map(|draw| draw()),
        event: event.clone(),
    });
    NextEntry { entry, fault }
}
