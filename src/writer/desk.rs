//! The desk between the two threads of the writer: what is judged lies there until
//! the last group has become durable.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use super::commit::{Committer, Outcome, no_space};
use super::group::{Group, Verdict};
use super::refused::Refused;
use super::stop::Stop;
use super::thread::Ask;
use crate::clock::Clock;
use crate::domain::ids::RequestId;
use crate::domain::register::Register;
use crate::projection::Requests;

/// How many requests a small group has.
const SMALL: usize = 16;

/// The desk.
pub(super) struct Desk {
    state: Mutex<State>,
    changed: Condvar,
    committer: Mutex<Committer>,
    clock: Clock,
}

struct State {
    /// Everything durable.
    durable: Arc<Register>,
    /// The same, and the group that is being written.
    ahead: Arc<Register>,
    /// Every request that is durable or being written.
    requests: Arc<RwLock<Requests>>,
    /// The requests of the group that is being written.
    written: Option<Vec<RequestId>>,
    /// What is judged on top of both.
    pending: Option<Group>,
    /// Why nothing more is taken.
    closed: Option<Stop>,
}

impl Desk {
    /// An empty desk on top of what is durable.
    pub fn new(
        durable: Arc<Register>,
        requests: Arc<RwLock<Requests>>,
        committer: Committer,
        clock: Clock,
    ) -> Self {
        Self {
            state: Mutex::new(State {
                ahead: Arc::clone(&durable),
                durable,
                requests,
                written: None,
                pending: None,
                closed: None,
            }),
            changed: Condvar::new(),
            committer: Mutex::new(committer),
            clock,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What a panic leaves behind is closed before anything else is done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of the one who judges.
    pub fn turn(&self) -> Result<Turn<'_>, Stop> {
        let state = self.state();
        match &state.closed {
            Some(stop) => Err(stop.clone()),
            None => Ok(Turn { desk: self, state }),
        }
    }

    /// Makes durable what is judged, group by group, until the desk is closed or
    /// writing fails.
    pub fn commit(&self) {
        let mut state = self.state();
        while state.closed.is_none() {
            let group = match &state.written {
                None => state.taken(),
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
            let outcome = self.written(group);
            state = self.state();
            let replaced = state.came_of(outcome);
            self.changed.notify_all();
            drop(state);
            drop(replaced);
            state = self.state();
        }
        // The one who judges may wait for the next request, and tell nobody.
        if let Some(stop) = state.closed.clone() {
            state.turn_away(&stop);
        }
    }

    fn written(&self, group: Group) -> Outcome {
        let mut committer = self
            .committer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        committer.commit(group)
    }

    /// Takes nothing more. What was judged is written first, if the writer was
    /// asked to end; the reason that was given first is the one that counts.
    pub fn close(&self, stop: Stop) -> Stop {
        let mut state = self.state();
        if stop == Stop::Asked {
            while state.closed.is_none() && (state.pending.is_some() || state.written.is_some()) {
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
    pub fn turn_away(&self, stop: &Stop) {
        self.state().turn_away(stop);
    }

    /// Closes the desk when the one who commits ends in a panic.
    pub fn lost(&self) {
        let mut state = self.state();
        let stop = state.closed.get_or_insert(Stop::Panicked).clone();
        state.turn_away(&stop);
        self.changed.notify_all();
    }
}

impl State {
    /// The group that is judged, now to be written.
    fn taken(&mut self) -> Option<Group> {
        let mut group = self.pending.take()?;
        for owed in &mut group.owed {
            owed.room = None;
        }
        let mut known = self.known();
        for entry in &group.entries {
            known.note(entry);
        }
        drop(known);
        let requests = group.entries.iter().map(|entry| entry.request).collect();
        self.ahead = Arc::clone(&group.register);
        self.written = Some(requests);
        Some(group)
    }

    fn known(&self) -> RwLockWriteGuard<'_, Requests> {
        self.requests
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn turn_away(&mut self, stop: &Stop) {
        let durable = self.durable.tail();
        for owed in self.pending.take().into_iter().flat_map(|group| group.owed) {
            // A repeat of what may have become durable may be recorded too.
            let is_unknown = match &owed.verdict {
                Verdict::Repeated(recorded) => recorded.first > durable,
                Verdict::Recorded(_) | Verdict::Validated(_) | Verdict::Refused(_) => false,
            };
            owed.stopped(stop, is_unknown);
        }
    }

    /// Learns what came of the group that was being written. Gives back the register
    /// that this replaces: taking apart what is only in that one takes a while, and
    /// the desk is not held meanwhile.
    fn came_of(&mut self, outcome: Outcome) -> Option<Arc<Register>> {
        let requests = self.written.take().unwrap_or_default();
        match outcome {
            Outcome::Durable => {
                let ahead = Arc::clone(&self.ahead);
                Some(std::mem::replace(&mut self.durable, ahead))
            }
            Outcome::NoSpace { available, needed } => {
                // What was judged since rests on what is not there.
                let mut known = self.known();
                for request in requests {
                    known.forget(request);
                }
                drop(known);
                let durable = Arc::clone(&self.durable);
                if let Some(group) = self.pending.take() {
                    no_space(group.owed, available, needed);
                }
                Some(std::mem::replace(&mut self.ahead, durable))
            }
            Outcome::Stopped(stop) => {
                self.closed.get_or_insert(stop);
                None
            }
        }
    }
}

/// The desk in the hands of the one who judges.
pub(super) struct Turn<'a> {
    desk: &'a Desk,
    state: MutexGuard<'a, State>,
}

impl<'a> Turn<'a> {
    /// Judges a request; waits for room, where there is none.
    pub fn take(mut self, ask: Ask) -> Result<Self, Stop> {
        loop {
            if let Some(stop) = &self.state.closed {
                let stop = stop.clone();
                let _ = ask.reply.send(Err(Refused::Stopped(stop.clone())));
                return Err(stop);
            }
            let State {
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
                if group.owed.is_empty() {
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
    pub fn done(mut self) -> Result<(), Stop> {
        let is_small = self
            .state
            .pending
            .as_ref()
            .is_some_and(|group| group.owed.len() <= SMALL);
        if is_small
            && self.state.written.is_none()
            && let Some(group) = self.state.taken()
        {
            let desk = self.desk;
            drop(self);
            let outcome = desk.written(group);
            let mut state = desk.state();
            let replaced = state.came_of(outcome);
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
