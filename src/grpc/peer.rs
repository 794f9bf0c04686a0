//! A connection, as its transport, its calls and whoever watches it know it.
//!
//! A transport frees what a caller holds when the caller goes. One that stays, and
//! neither sends what it began nor reads what it asked for, would hold it for ever:
//! so each direction of a call says whether it waits for its caller, and since when.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;
use std::time::{Duration, Instant};

use futures::task::AtomicWaker;

/// With so many bytes it is known what a connection speaks: the preface of HTTP/2
/// (RFC 9113, section 3.4) has them.
const HELLO_BYTES: usize = 24;

/// How patient the server is.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// With a connection that has not said what it speaks.
    pub hello: Duration,
    /// With a caller who neither sends what it began to send nor reads what it
    /// asked for.
    pub caller: Duration,
}

/// A connection.
#[derive(Debug)]
pub struct Peer {
    address: SocketAddr,
    opened: Instant,
    heard: AtomicUsize,
    calls: Mutex<Calls>,
    is_closed: AtomicBool,
    transport: AtomicWaker,
}

/// What is under way on a connection.
#[derive(Debug)]
struct Calls {
    next: u64,
    /// Each direction of each call, and since when it waits for the caller.
    waiting: BTreeMap<u64, Option<Instant>>,
    /// When the last of them ended.
    idle_since: Instant,
}

/// Why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// It never said what it speaks.
    Silent,
    /// A caller neither sends nor reads.
    Stalled,
}

/// One direction of a call; it ends when it is dropped.
#[derive(Debug)]
pub struct TransferDirection {
    peer: Arc<Peer>,
    number: u64,
}

impl Peer {
    /// A connection from an address, now.
    pub fn new(address: SocketAddr) -> Self {
        let opened = Instant::now();
        Self {
            address,
            opened,
            heard: AtomicUsize::new(0),
            calls: Mutex::new(Calls {
                next: 0,
                waiting: BTreeMap::new(),
                idle_since: opened,
            }),
            is_closed: AtomicBool::new(false),
            transport: AtomicWaker::new(),
        }
    }

    /// Where it comes from.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bytes came.
    pub fn note_received(&self, bytes: usize) {
        // Only one transport counts, and beyond the first few it is of no interest.
        let heard = self.heard.load(Ordering::Relaxed);
        if heard < HELLO_BYTES {
            self.heard.store(heard + bytes, Ordering::Relaxed);
        }
    }

    fn calls<T>(&self, with: impl FnOnce(&mut Calls) -> T) -> T {
        with(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins one direction of a call, which waits for its caller or does not yet.
    pub fn begin(self: &Arc<Self>, waits_for_caller: bool) -> TransferDirection {
        let since = waits_for_caller.then(Instant::now);
        let number = self.calls(|calls| {
            calls.next += 1;
            calls.waiting.insert(calls.next, since);
            calls.next
        });
        TransferDirection {
            peer: Arc::clone(self),
            number,
        }
    }

    /// Since when nothing has been under way; `None` while something is.
    pub fn idle_since(&self) -> Option<Instant> {
        self.calls(|calls| calls.waiting.is_empty().then_some(calls.idle_since))
    }

    /// Whether it has to be closed, by now, and why.
    pub fn overdue(&self, now: Instant, patience: &Timeouts) -> Option<Overdue> {
        let has_waited = |since: Instant, patience| now.saturating_duration_since(since) > patience;
        if self.heard.load(Ordering::Relaxed) < HELLO_BYTES
            && has_waited(self.opened, patience.hello)
        {
            return Some(Overdue::Silent);
        }
        let oldest = self.calls(|calls| calls.waiting.values().flatten().min().copied());
        oldest
            .filter(|since| has_waited(*since, patience.caller))
            .map(|_| Overdue::Stalled)
    }

    /// Closes it: its transport fails at the next thing it does, which is now.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.transport.wake();
    }

    /// Whether it was closed; its transport is woken when it is.
    pub fn is_closed(&self, transport: &Context<'_>) -> bool {
        self.transport.register(transport.waker());
        self.is_closed.load(Ordering::Acquire)
    }
}

impl TransferDirection {
    /// From now on it is the caller who is waited for.
    pub fn waits_for_caller(&self) {
        self.set(Some(Instant::now()));
    }

    /// From now on the caller waits.
    pub fn caller_waits(&self) {
        self.set(None);
    }

    fn set(&self, since: Option<Instant>) {
        self.peer.calls(|calls| {
            calls.waiting.insert(self.number, since);
        });
    }
}

impl Drop for TransferDirection {
    fn drop(&mut self) {
        self.peer.calls(|calls| {
            calls.waiting.remove(&self.number);
            if calls.waiting.is_empty() {
                calls.idle_since = Instant::now();
            }
        });
    }
}
