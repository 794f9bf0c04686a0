//! A group: requests judged one after the other, to become durable together.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::admission_thread::AppendMessage;
use super::append_failure::AppendFailure;
use super::receipt::{AppendReply, Receipt};
use super::request::Request;
use super::request_sequence::RequestSequence;
use crate::clock::Clock;
use crate::domain::admit::{Context, Refusal, admit, admit_into};
use crate::domain::entry::Entry;
use crate::domain::ids::RequestId;
use crate::domain::register::Register;
use crate::log::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX};
use crate::projection::{RequestIndex, RequestLocation};
use crate::wire::entry::{EntryEnvelope, decode, encode};
use crate::wire::proto;

/// How many requests one group answers at most, whether they are recorded or not.
const REQUESTS_MAX: usize = 1_024;

/// What a request is told once its group is durable.
pub(super) struct PendingReply {
    pub(super) request: RequestId,
    pub(super) reply: oneshot::Sender<Result<AppendReply, AppendFailure>>,
    pub(super) verdict: RequestVerdict,
    /// The requests that come after it.
    pub(super) line: Option<RequestSequence>,
    /// Its place in the queue, until it is being written.
    pub(super) room: Option<[OwnedSemaphorePermit; 2]>,
}

/// What was found of a request, should its group become durable.
pub(super) enum RequestVerdict {
    /// It is to be recorded.
    Recorded(Receipt),
    /// It was recorded before, perhaps in this very group.
    Repeated(RequestLocation),
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
    pub(super) replies: Vec<PendingReply>,
    requests: HashMap<RequestId, RequestLocation>,
    bytes: usize,
}

impl Group {
    /// An empty group on top of what is durable.
    pub(super) fn new(register: Arc<Register>) -> Self {
        Self {
            register,
            entries: Vec::new(),
            records: Vec::new(),
            replies: Vec::new(),
            requests: HashMap::new(),
            bytes: 0,
        }
    }

    /// Whether a request still fits, whatever becomes of it. One that is alone
    /// always does.
    pub(super) fn has_room_for(&self, request: &Request) -> bool {
        self.replies.len() < REQUESTS_MAX
            && self.records.len() + request.events.len() <= BATCH_RECORDS_MAX
            && self.bytes + request.bytes_max() <= BATCH_BYTES_MAX
    }

    /// Judges a request against everything before it.
    pub(super) fn judge(&mut self, ask: AppendMessage, recorded: &RequestIndex, clock: &Clock) {
        let AppendMessage {
            request,
            reply,
            sequence: line,
            permits: room,
        } = ask;
        if reply.is_closed() {
            // Whoever asked has gone: what was not begun is not done, nor what
            // comes after it.
            line.inspect(RequestSequence::break_off);
            return;
        }
        if line.as_ref().is_some_and(RequestSequence::is_broken_off) {
            // Where the first was refused nobody listens any more.
            let _ = reply.send(Err(AppendFailure::Overtaken));
            return;
        }
        let verdict = self.verdict(&request, recorded, clock);
        if let (RequestVerdict::Refused(_) | RequestVerdict::Repeated(_), Some(line)) =
            (&verdict, &line)
        {
            // Whether it repeats the same is not known here.
            line.break_off();
        }
        self.replies.push(PendingReply {
            request: request.id(),
            reply,
            verdict,
            line,
            room: Some(room),
        });
    }

    fn verdict(
        &mut self,
        request: &Request,
        recorded: &RequestIndex,
        clock: &Clock,
    ) -> RequestVerdict {
        let id = request.id();
        let before = self.requests.get(&id).copied();
        if let Some(before) = before.or_else(|| recorded.get(id)) {
            return RequestVerdict::Repeated(before);
        }
        // The order of positions is the order of time, whatever the clock does.
        let now = clock.now();
        let recorded_at = self.register.recorded_at().map_or(now, |at| at.max(now));
        let context = Context { recorded_at };
        if request.validate_only {
            return match admit(&self.register, &request.draft, &context) {
                Ok(admission) => {
                    RequestVerdict::Validated(Receipt::validated(&admission.entries, id))
                }
                Err(refusal) => RequestVerdict::Refused(refusal),
            };
        }
        // Copied for the first of a group, and changed in place from then on.
        let register = Arc::make_mut(&mut self.register);
        let entries = match admit_into(register, &request.draft, &context) {
            Ok(entries) => entries,
            Err(refusal) => return RequestVerdict::Refused(refusal),
        };
        for (entry, event) in entries.iter().zip(&request.events) {
            let record = record(entry, event);
            self.bytes += record.len();
            self.records.push(record);
        }
        if let Some(first) = entries.first() {
            let (first, count) = (first.position, first.request_part.count);
            self.requests.insert(id, RequestLocation { first, count });
        }
        let receipt = Receipt::recorded(&entries, id, recorded_at);
        self.entries.extend(entries);
        RequestVerdict::Recorded(receipt)
    }
}

/// The bytes of an entry, made here and nowhere else.
fn record(entry: &Entry, event: &proto::Event) -> Vec<u8> {
    let stamp = EntryEnvelope::of(entry);
    let bytes = encode(&stamp, event);
    // Boot must find what live has: the entry is what its bytes say.
    debug_assert_eq!(decode(&bytes).as_ref(), Ok(entry));
    bytes
}
