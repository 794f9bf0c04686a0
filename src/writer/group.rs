//! A group: requests judged one after the other, to become durable together.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::line::Line;
use super::receipt::{Receipt, Taken};
use super::refused::Refused;
use super::request::Request;
use super::thread::Ask;
use crate::clock::Clock;
use crate::domain::admit::{Context, Refusal, admit, admit_into};
use crate::domain::entry::Entry;
use crate::domain::ids::RequestId;
use crate::domain::register::Register;
use crate::log::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX};
use crate::projection::{Recorded, Requests};
use crate::wire::entry::{Stamp, decode, encode};
use crate::wire::proto;

/// How many requests one group answers at most, whether they are recorded or not.
const REQUESTS_MAX: usize = 1_024;

/// What a request is told once its group is durable.
pub(super) struct Owed {
    pub(super) request: RequestId,
    pub(super) reply: oneshot::Sender<Result<Taken, Refused>>,
    pub(super) verdict: Verdict,
    /// The requests that come after it.
    pub(super) line: Option<Line>,
    /// Its place in the queue, until it is being written.
    pub(super) room: Option<[OwnedSemaphorePermit; 2]>,
}

/// What was found of a request, should its group become durable.
pub(super) enum Verdict {
    /// It is to be recorded.
    Recorded(Receipt),
    /// It was recorded before, perhaps in this very group.
    Repeated(Recorded),
    /// It would be recorded.
    Validated(Receipt),
    /// It is not taken.
    Refused(Refusal),
}

/// Requests judged on top of a register, each with those before it.
pub(super) struct Group {
    /// The register with every entry of the group.
    pub(super) register: Arc<Register>,
    pub(super) entries: Vec<Arc<Entry>>,
    pub(super) records: Vec<Vec<u8>>,
    pub(super) owed: Vec<Owed>,
    requests: HashMap<RequestId, Recorded>,
    bytes: usize,
}

impl Group {
    /// An empty group on top of what is durable.
    pub(super) fn new(register: Arc<Register>) -> Self {
        Self {
            register,
            entries: Vec::new(),
            records: Vec::new(),
            owed: Vec::new(),
            requests: HashMap::new(),
            bytes: 0,
        }
    }

    /// Whether a request still fits, whatever becomes of it. One that is alone
    /// always does.
    pub(super) fn has_room_for(&self, request: &Request) -> bool {
        self.owed.len() < REQUESTS_MAX
            && self.records.len() + request.events.len() <= BATCH_RECORDS_MAX
            && self.bytes + request.bytes_max() <= BATCH_BYTES_MAX
    }

    /// Judges a request against everything before it.
    pub(super) fn judge(&mut self, ask: Ask, recorded: &Requests, clock: &Clock) {
        let Ask {
            request,
            reply,
            line,
            room,
        } = ask;
        if reply.is_closed() {
            // Whoever asked has gone: what was not begun is not done, nor what
            // comes after it.
            line.inspect(Line::cut);
            return;
        }
        if line.as_ref().is_some_and(Line::is_cut) {
            // Where the first was refused nobody listens any more.
            let _ = reply.send(Err(Refused::Overtaken));
            return;
        }
        let verdict = self.verdict(&request, recorded, clock);
        if let (Verdict::Refused(_) | Verdict::Repeated(_), Some(line)) = (&verdict, &line) {
            // Whether it repeats the same is not known here.
            line.cut();
        }
        self.owed.push(Owed {
            request: request.id(),
            reply,
            verdict,
            line,
            room: Some(room),
        });
    }

    fn verdict(&mut self, request: &Request, recorded: &Requests, clock: &Clock) -> Verdict {
        let id = request.id();
        let before = self.requests.get(&id).copied();
        if let Some(before) = before.or_else(|| recorded.get(id)) {
            return Verdict::Repeated(before);
        }
        // The order of positions is the order of time, whatever the clock does.
        let now = clock.now();
        let recorded_at = self.register.recorded_at().map_or(now, |at| at.max(now));
        let context = Context { recorded_at };
        if request.validate_only {
            return match admit(&self.register, &request.draft, &context) {
                Ok(admission) => Verdict::Validated(Receipt::validated(&admission.entries, id)),
                Err(refusal) => Verdict::Refused(refusal),
            };
        }
        // Copied for the first of a group, and changed in place from then on.
        let register = Arc::make_mut(&mut self.register);
        let entries = match admit_into(register, &request.draft, &context) {
            Ok(entries) => entries,
            Err(refusal) => return Verdict::Refused(refusal),
        };
        for (entry, event) in entries.iter().zip(&request.events) {
            let record = record(entry, event);
            self.bytes += record.len();
            self.records.push(record);
        }
        if let Some(first) = entries.first() {
            let (first, count) = (first.position, first.request_part.1);
            self.requests.insert(id, Recorded { first, count });
        }
        let receipt = Receipt::recorded(&entries, id, recorded_at);
        self.entries.extend(entries);
        Verdict::Recorded(receipt)
    }
}

/// The bytes of an entry, made here and nowhere else.
fn record(entry: &Entry, event: &proto::Event) -> Vec<u8> {
    let stamp = Stamp::of(entry);
    let bytes = encode(&stamp, event);
    // Boot must find what live has: the entry is what its bytes say.
    debug_assert_eq!(decode(&bytes).as_ref(), Ok(entry));
    bytes
}
