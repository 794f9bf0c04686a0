//! Groups: requests that are judged in order and become durable together.

use std::collections::HashMap;
use std::sync::Arc;

use super::append_failure::AppendFailure;
use super::judge::{JudgeFailure, date_request, judge_into};
use super::message::{AppendMessage, QueuePermits, ReplySender};
use super::receipt::Receipt;
use super::request::Request;
use super::request_sequence::RequestSequence;
use crate::clock::ClockWatch;
use crate::log::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX};
use crate::projection::{RequestIndex, RequestLocation};
use minutebook_domain::entry::Entry;
use minutebook_domain::ids::RequestId;
use minutebook_domain::register::Register;
use minutebook_wire::entry::{EntryEnvelope, decode, encode};
use minutebook_wire::proto;

/// The most requests of a group, whether they are recorded or refused.
const REQUESTS_MAX: usize = 1_024;

/// The reply to a request, sent once its group is durable.
pub(super) struct PendingReply {
    pub(super) request: RequestId,
    pub(super) reply: ReplySender,
    pub(super) verdict: RequestVerdict,
    /// The sequence it belongs to.
    pub(super) sequence: Option<RequestSequence>,
    /// Held until the request is being written.
    pub(super) permits: Option<QueuePermits>,
}

/// The judgement of a request, valid if its group becomes durable.
pub(super) enum RequestVerdict {
    Recorded(Receipt),
    /// It was recorded before, perhaps in this very group.
    Repeated(RequestLocation),
    Refused(JudgeFailure),
    /// The clock cannot date it.
    Undated(AppendFailure),
}

/// Requests judged on top of a register, each after those before it.
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
    /// An empty group on top of a register.
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

    /// Whether a request fits, even if it is recorded. A request always fits into an
    /// empty group.
    pub(super) fn has_room_for(&self, request: &Request) -> bool {
        self.replies.len() < REQUESTS_MAX
            && self.records.len() + request.events.len() <= BATCH_RECORDS_MAX
            && self.bytes + request.bytes_max() <= BATCH_BYTES_MAX
    }

    /// Judges a request against everything before it.
    pub(super) fn judge(
        &mut self,
        message: AppendMessage,
        recorded: &RequestIndex,
        clock: &ClockWatch,
    ) {
        let AppendMessage {
            request,
            reply,
            sequence,
            permits,
        } = message;
        if reply.is_closed() {
            // The caller has gone: neither this request nor a later one of its
            // sequence is begun.
            sequence.inspect(RequestSequence::break_off);
            return;
        }
        if sequence
            .as_ref()
            .is_some_and(RequestSequence::is_broken_off)
        {
            // An earlier request of the stream was refused: the caller stops reading
            // there, and a later request may depend on the refused one.
            let _ = reply.send(Err(AppendFailure::Overtaken));
            return;
        }
        let verdict = self.verdict(&request, recorded, clock);
        if let (
            RequestVerdict::Refused(_) | RequestVerdict::Undated(_) | RequestVerdict::Repeated(_),
            Some(sequence),
        ) = (&verdict, &sequence)
        {
            // A later request of the stream may depend on this one. A repeated request
            // counts as refused until its content has been compared.
            sequence.break_off();
        }
        self.replies.push(PendingReply {
            request: request.id(),
            reply,
            verdict,
            sequence,
            permits: Some(permits),
        });
    }

    fn verdict(
        &mut self,
        request: &Request,
        recorded: &RequestIndex,
        clock: &ClockWatch,
    ) -> RequestVerdict {
        let id = request.id();
        let before = self.requests.get(&id).copied();
        if let Some(before) = before.or_else(|| recorded.get(id)) {
            return RequestVerdict::Repeated(before);
        }
        let time = clock.date(self.register.recorded_at());
        let recorded_at = match date_request(request, time) {
            Ok(recorded_at) => recorded_at,
            Err(failure) => return RequestVerdict::Undated(failure),
        };
        let entries = match judge_into(&mut self.register, request, recorded_at) {
            Ok(entries) => entries,
            Err(failure) => return RequestVerdict::Refused(failure),
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

/// The bytes of an entry; nothing else encodes entries of the log.
fn record(entry: &Entry, event: &proto::Event) -> Vec<u8> {
    let bytes = encode(&EntryEnvelope::of(entry), event);
    // A restart must read the entry that was judged.
    debug_assert_eq!(decode(&bytes).as_ref(), Ok(entry));
    bytes
}
