//! The desk between the two threads of the writer: what is judged lies there until
//! the last group has become durable.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use super::admission_thread::AppendMessage;
use super::append_failure::AppendFailure;
use super::commit::{CommitOutcome, Committer, reply_no_space};
use super::group::{Group, RequestVerdict};
use super::stopped::WriterStopped;
use crate::clock::Clock;
use crate::domain::ids::RequestId;
use crate::domain::register::Register;
use crate::projection::RequestIndex;

/// How many requests a small group has.
const SMALL: usize = 16;

/// The desk.
pub(super) struct CommitPipeline {
    state: Mutex<PipelineState>,
    changed: Condvar,
    committer: Mutex<Committer>,
    clock: Clock,
}

struct PipelineState {
    /// Everything durable.
    durable: Arc<Register>,
    /// The same, and the group that is being written.
    ahead: Arc<Register>,
    /// Every request that is durable or being written.
    requests: Arc<RwLock<RequestIndex>>,
    /// The requests of the group that is being written.
    committing: Option<Vec<RequestId>>,
    /// What is judged on top of both.
    pending: Option<Group>,
    /// Why nothing more is taken.
    closed: Option<WriterStopped>,
}

impl CommitPipeline {
    /// An empty desk on top of what is durable.
    pub fn new(
        durable: Arc<Register>,
        requests: Arc<RwLock<RequestIndex>>,
        committer: Committer,
        clock: Clock,
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
        // What a panic leaves behind is closed before anything else is done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of the one who judges.
    pub fn begin_group(&self) -> Result<GroupBuilder<'_>, WriterStopped> {
        let state = self.state();
        match &state.closed {
            Some(stop) => Err(stop.clone()),
            None => Ok(GroupBuilder { desk: self, state }),
        }
    }

    /// Makes durable what is judged, group by group, until the desk is closed or
    /// writing fails.
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
        // The one who judges may wait for the next request, and tell nobody.
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

    /// Takes nothing more. What was judged is written first, if the writer was
    /// asked to end; the reason that was given first is the one that counts.
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

    /// Tells those whose requests were judged, and not written, that they were not.
    pub fn reject_pending(&self, stop: &WriterStopped) {
        self.state().reject_pending(stop);
    }

    /// Closes the desk when the one who commits ends in a panic.
    pub fn close_after_panic(&self) {
        let mut state = self.state();
        let stop = state.closed.get_or_insert(WriterStopped::Panicked).clone();
        state.reject_pending(&stop);
        self.changed.notify_all();
    }
}

impl PipelineState {
    /// The group that is judged, now to be written.
    fn take_pending(&mut self) -> Option<Group> {
        let mut group = self.pending.take()?;
        for owed in &mut group.replies {
            owed.room = None;
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
        for owed in self
            .pending
            .take()
            .into_iter()
            .flat_map(|group| group.replies)
        {
            // A repeat of what may have become durable may be recorded too.
            let is_unknown = match &owed.verdict {
                RequestVerdict::Repeated(recorded) => recorded.first > durable,
                RequestVerdict::Recorded(_)
                | RequestVerdict::Validated(_)
                | RequestVerdict::Refused(_) => false,
            };
            owed.reply_stopped(stop, is_unknown);
        }
    }

    /// Learns what came of the group that was being written. Gives back the register
    /// that this replaces: taking apart what is only in that one takes a while, and
    /// the desk is not held meanwhile.
    fn complete_commit(&mut self, outcome: CommitOutcome) -> Option<Arc<Register>> {
        let requests = self.committing.take().unwrap_or_default();
        match outcome {
            CommitOutcome::Durable => {
                let ahead = Arc::clone(&self.ahead);
                Some(std::mem::replace(&mut self.durable, ahead))
            }
            CommitOutcome::NoSpace { available, needed } => {
                // What was judged since rests on what is not there.
                let mut known = self.request_index();
                for request in requests {
                    known.remove(request);
                }
                drop(known);
                let durable = Arc::clone(&self.durable);
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

/// The desk in the hands of the one who judges.
pub(super) struct GroupBuilder<'a> {
    desk: &'a CommitPipeline,
    state: MutexGuard<'a, PipelineState>,
}

impl<'a> GroupBuilder<'a> {
    /// Judges a request; waits for room, where there is none.
    pub fn add(mut self, ask: AppendMessage) -> Result<Self, WriterStopped> {
        loop {
            if let Some(stop) = &self.state.closed {
                let stop = stop.clone();
                let _ = ask.reply.send(Err(AppendFailure::Stopped(stop.clone())));
                return Err(stop);
            }
            let PipelineState {
                ahead,
                requests,
                pending,
                ..
            } = &mut *self.state;
            let group = pending.get_or_insert_with(|| Group::new(Arc::clone(ahead)));
            if group.has_room_for(&ask.request) {
                let known = requests.read().unwrap_or_else(PoisonError::into_inner);
                group.judge(ask, &known, &self.desk.clock);
                drop(known);
                if group.replies.is_empty() {
                    // Whoever asked had gone.
                    *pending = None;
                }
                return Ok(self);
            }
            self.desk.changed.notify_all();
            self.state = self
                .desk
                .changed
                .wait(self.state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives the desk back. A small group, when nothing is being written, is made
    /// durable here and now: handing it over would take longer than judging the next
    /// one meanwhile would save.
    pub fn submit(mut self) -> Result<(), WriterStopped> {
        let is_small = self
            .state
            .pending
            .as_ref()
            .is_some_and(|group| group.replies.len() <= SMALL);
        if is_small
            && self.state.committing.is_none()
            && let Some(group) = self.state.take_pending()
        {
            let desk = self.desk;
            drop(self);
            let outcome = desk.commit_group(group);
            let mut state = desk.state();
            let replaced = state.complete_commit(outcome);
            let closed = state.closed.clone();
            desk.changed.notify_all();
            drop(state);
            drop(replaced);
            return closed.map_or(Ok(()), Err);
        }
        self.desk.changed.notify_all();
        Ok(())
    }
}
