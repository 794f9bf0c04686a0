//! The pipeline between the two threads of the writer: a judged group waits here
//! until the group before it is durable.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use super::append_failure::AppendFailure;
use super::commit::{CommitOutcome, Committer, reply_no_space};
use super::group::{Group, RequestVerdict};
use super::message::AppendMessage;
use super::stopped::WriterStopped;
use crate::clock::ClockWatch;
use crate::projection::RequestIndex;
use minutebook_domain::ids::RequestId;
use minutebook_domain::register::Register;

/// The most requests of a group that the admission thread commits itself.
const SMALL_GROUP_MAX: usize = 16;

pub(super) struct CommitPipeline {
    state: Mutex<PipelineState>,
    changed: Condvar,
    committer: Mutex<Committer>,
    clock: Arc<ClockWatch>,
}

struct PipelineState {
    durable: Arc<Register>,
    /// `durable` with the group that is being written.
    ahead: Arc<Register>,
    /// Every request that is durable or being written.
    requests: Arc<RwLock<RequestIndex>>,
    /// The requests of the group that is being written.
    committing: Option<Vec<RequestId>>,
    /// The group that is being judged, on top of `ahead`.
    pending: Option<Group>,
    /// Why no more requests are accepted.
    closed: Option<WriterStopped>,
}

impl CommitPipeline {
    /// An empty pipeline on top of the durable register.
    pub fn new(
        durable: Arc<Register>,
        requests: Arc<RwLock<RequestIndex>>,
        committer: Committer,
        clock: Arc<ClockWatch>,
    ) -> Self {
        Self {
            state: Mutex::new(PipelineState {
                ahead: Arc::clone(&durable),
                durable,
                requests,
                committing: None,
                pending: None,
                closed: None,
            }),
            changed: Condvar::new(),
            committer: Mutex::new(committer),
            clock,
        }
    }

    fn state(&self) -> MutexGuard<'_, PipelineState> {
        // After a panic the pipeline is closed before anything else is done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the pipeline for judging requests; an error if it is closed.
    pub fn begin_group(&self) -> Result<GroupBuilder<'_>, WriterStopped> {
        let state = self.state();
        match &state.closed {
            Some(stop) => Err(stop.clone()),
            None => Ok(GroupBuilder {
                pipeline: self,
                state,
            }),
        }
    }

    /// Commits judged groups one by one, until the pipeline is closed or a commit
    /// fails.
    pub fn run_committer(&self) {
        let mut state = self.state();
        while state.closed.is_none() {
            let group = match &state.committing {
                None => state.take_pending(),
                Some(_) => None,
            };
            let Some(group) = group else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(state);
            let outcome = self.commit_group(group);
            state = self.state();
            let replaced = state.complete_commit(outcome);
            self.changed.notify_all();
            drop(state);
            drop(replaced);
            state = self.state();
        }
        // The admission thread may be waiting for its next request, and would not
        // answer these before that.
        if let Some(stop) = state.closed.clone() {
            state.reject_pending(&stop);
        }
    }

    fn commit_group(&self, group: Group) -> CommitOutcome {
        let mut committer = self
            .committer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        committer.commit(group)
    }

    /// Accepts no more requests, and returns the reason: the one that was given
    /// first. If the writer was asked to stop, judged groups are committed before.
    pub fn close(&self, stop: WriterStopped) -> WriterStopped {
        let mut state = self.state();
        if stop == WriterStopped::Asked {
            while state.closed.is_none() && (state.pending.is_some() || state.committing.is_some())
            {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
        let stop = state.closed.get_or_insert(stop).clone();
        self.changed.notify_all();
        stop
    }

    /// Refuses the requests that were judged and not written.
    pub fn reject_pending(&self, stop: &WriterStopped) {
        self.state().reject_pending(stop);
    }

    /// Closes the pipeline when the committer thread ends in a panic.
    pub fn close_after_panic(&self) {
        let mut state = self.state();
        let stop = state.closed.get_or_insert(WriterStopped::Panicked).clone();
        state.reject_pending(&stop);
        self.changed.notify_all();
    }
}

impl PipelineState {
    /// Takes the judged group to be written, and returns its places in the queue.
    fn take_pending(&mut self) -> Option<Group> {
        let mut group = self.pending.take()?;
        for pending in &mut group.replies {
            pending.permits = None;
        }
        let mut known = self.request_index();
        for entry in &group.entries {
            known.note(entry);
        }
        drop(known);
        let requests = group.entries.iter().map(|entry| entry.request).collect();
        self.ahead = Arc::clone(&group.register);
        self.committing = Some(requests);
        Some(group)
    }

    fn request_index(&self) -> RwLockWriteGuard<'_, RequestIndex> {
        self.requests
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn reject_pending(&mut self, stop: &WriterStopped) {
        let durable = self.durable.tail();
        let group = self.pending.take().into_iter();
        for pending in group.flat_map(|group| group.replies) {
            // If a request that may have become durable is repeated, it is unknown
            // whether the repeat is recorded, too.
            let is_unknown = match &pending.verdict {
                RequestVerdict::Repeated(recorded) => recorded.first > durable,
                RequestVerdict::Recorded(_)
                | RequestVerdict::Refused(_)
                | RequestVerdict::Undated(_) => false,
            };
            pending.reply_stopped(stop, is_unknown);
        }
    }

    /// Records the result of a commit, and returns the replaced register, so that it
    /// is dropped outside the lock: that takes a while.
    fn complete_commit(&mut self, outcome: CommitOutcome) -> Option<Arc<Register>> {
        let requests = self.committing.take().unwrap_or_default();
        match outcome {
            CommitOutcome::Durable => {
                let ahead = Arc::clone(&self.ahead);
                Some(std::mem::replace(&mut self.durable, ahead))
            }
            CommitOutcome::NoSpace { available, needed } => {
                let mut known = self.request_index();
                for request in requests {
                    known.remove(request);
                }
                drop(known);
                let durable = Arc::clone(&self.durable);
                // It was judged on top of the group that was not recorded.
                if let Some(group) = self.pending.take() {
                    reply_no_space(group.replies, available, needed);
                }
                Some(std::mem::replace(&mut self.ahead, durable))
            }
            CommitOutcome::Stopped(stop) => {
                self.closed.get_or_insert(stop);
                None
            }
        }
    }
}

/// The pipeline, locked by the admission thread.
pub(super) struct GroupBuilder<'a> {
    pipeline: &'a CommitPipeline,
    state: MutexGuard<'a, PipelineState>,
}

impl GroupBuilder<'_> {
    /// Judges a request, and first waits until the group has room for it.
    pub fn add(mut self, message: AppendMessage) -> Result<Self, WriterStopped> {
        loop {
            if let Some(stop) = &self.state.closed {
                let stop = stop.clone();
                let _ = message
                    .reply
                    .send(Err(AppendFailure::Stopped(stop.clone())));
                return Err(stop);
            }
            let PipelineState {
                ahead,
                requests,
                pending,
                ..
            } = &mut *self.state;
            let group = pending.get_or_insert_with(|| Group::new(Arc::clone(ahead)));
            if group.has_room_for(&message.request) {
                let known = requests.read().unwrap_or_else(PoisonError::into_inner);
                group.judge(message, &known, &self.pipeline.clock);
                drop(known);
                if group.replies.is_empty() {
                    // The caller had gone.
                    *pending = None;
                }
                return Ok(self);
            }
            self.pipeline.changed.notify_all();
            self.state = self
                .pipeline
                .changed
                .wait(self.state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands the group to the committer thread. If nothing is being written, a small
    /// group is committed on this thread: handing it over would take longer than
    /// judging the next group at the same time would save.
    pub fn submit(mut self) -> Result<(), WriterStopped> {
        let is_small = self
            .state
            .pending
            .as_ref()
            .is_some_and(|group| group.replies.len() <= SMALL_GROUP_MAX);
        if is_small
            && self.state.committing.is_none()
            && let Some(group) = self.state.take_pending()
        {
            let pipeline = self.pipeline;
            drop(self);
            let outcome = pipeline.commit_group(group);
            let mut state = pipeline.state();
            let replaced = state.complete_commit(outcome);
            let closed = state.closed.clone();
            pipeline.changed.notify_all();
            drop(state);
            drop(replaced);
            return closed.map_or(Ok(()), Err);
        }
        self.pipeline.changed.notify_all();
        Ok(())
    }
}
