//! A connection, shared by its transport, its calls and the task that closes it.
//!
//! A transport frees everything that a caller holds when the caller goes. A caller
//! who stays, and neither sends nor reads, would hold it for ever. So each
//! direction of a call records whether it waits for the caller, and since when.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;
use std::time::{Duration, Instant};

use futures::task::AtomicWaker;

/// The length of the HTTP/2 preface (RFC 9113, section 3.4). After it, the protocol
/// of a connection is known.
const HELLO_BYTES: usize = 24;

/// How long the server waits for a caller.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the first bytes of a connection.
    pub hello: Duration,
    /// For the rest of a message that the caller has begun to send, or for the
    /// caller to read an answer.
    pub caller: Duration,
}

#[derive(Debug)]
pub struct Peer {
    address: SocketAddr,
    opened: Instant,
    received: AtomicUsize,
    /// When bytes last moved in either direction, in milliseconds since it was opened.
    moved_ms: AtomicU64,
    calls: Mutex<Calls>,
    is_closed: AtomicBool,
    transport: AtomicWaker,
}

/// The calls under way on a connection.
#[derive(Debug)]
struct Calls {
    next: u64,
    /// Each direction of each call, and since when it has waited for the caller.
    waiting: BTreeMap<u64, Option<Instant>>,
    /// When the last call ended.
    idle_since: Instant,
}

/// Why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// The caller never sent the first bytes.
    Silent,
    /// The caller neither sends nor reads.
    Stalled,
}

/// One direction of a call. It ends when it is dropped.
#[derive(Debug)]
pub struct TransferDirection {
    peer: Arc<Peer>,
    number: u64,
}

impl Peer {
    /// A connection that is opened now.
    pub fn new(address: SocketAddr) -> Self {
        let opened = Instant::now();
        Self {
            address,
            opened,
            received: AtomicUsize::new(0),
            moved_ms: AtomicU64::new(0),
            calls: Mutex::new(Calls {
                next: 0,
                waiting: BTreeMap::new(),
                idle_since: opened,
            }),
            is_closed: AtomicBool::new(false),
            transport: AtomicWaker::new(),
        }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn note_received(&self, bytes: usize) {
        if bytes > 0 {
            self.note_moved();
        }
        // Only the one transport counts, so that this needs no atomic addition.
        let received = self.received.load(Ordering::Relaxed);
        if received < HELLO_BYTES {
            self.received.store(received + bytes, Ordering::Relaxed);
        }
    }

    /// Bytes were received or sent.
    pub fn note_moved(&self) {
        let ms = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.moved_ms.store(ms, Ordering::Relaxed);
    }

    /// Whether nothing has moved on the connection: for `idle` if it has no calls, for
    /// `stalled` if every direction of each call waits for its caller.
    pub fn is_quiet(&self, now: Instant, idle: Duration, stalled: Duration) -> bool {
        let moved = self.opened + Duration::from_millis(self.moved_ms.load(Ordering::Relaxed));
        let has_waited = |since: Instant, limit| now.saturating_duration_since(since) > limit;
        self.with_calls(|calls| {
            if calls.waiting.is_empty() {
                return has_waited(calls.idle_since.max(moved), idle);
            }
            let mut waiting = calls.waiting.values();
            let wait = |since: &Option<Instant>| since.is_some_and(|at| has_waited(at, stalled));
            has_waited(moved, stalled) && waiting.all(wait)
        })
    }

    fn with_calls<T>(&self, act: impl FnOnce(&mut Calls) -> T) -> T {
        act(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins one direction of a call, which may wait for its caller at once.
    pub fn begin(self: &Arc<Self>, waits_for_caller: bool) -> TransferDirection {
        let since = waits_for_caller.then(Instant::now);
        let number = self.with_calls(|calls| {
            calls.next += 1;
            calls.waiting.insert(calls.next, since);
            calls.next
        });
        TransferDirection {
            peer: Arc::clone(self),
            number,
        }
    }

    /// Since when no call has been under way; `None` while one is.
    pub fn idle_since(&self) -> Option<Instant> {
        self.with_calls(|calls| calls.waiting.is_empty().then_some(calls.idle_since))
    }

    /// Why the connection has to be closed at `now`; `None` if it need not be.
    pub fn overdue(&self, now: Instant, timeouts: &Timeouts) -> Option<Overdue> {
        let has_waited = |since: Instant, limit| now.saturating_duration_since(since) > limit;
        if self.received.load(Ordering::Relaxed) < HELLO_BYTES
            && has_waited(self.opened, timeouts.hello)
        {
            return Some(Overdue::Silent);
        }
        let oldest = self.with_calls(|calls| calls.waiting.values().flatten().min().copied());
        oldest
            .filter(|since| has_waited(*since, timeouts.caller))
            .map(|_| Overdue::Stalled)
    }

    /// Closes the connection. Its transport is woken, and fails.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.transport.wake();
    }

    /// Whether the connection was closed. `transport` is woken when it is.
    pub fn is_closed(&self, transport: &Context<'_>) -> bool {
        self.transport.register(transport.waker());
        self.is_closed.load(Ordering::Acquire)
    }
}

impl TransferDirection {
    /// From now on the server waits for the caller.
    pub fn waits_for_caller(&self) {
        self.set(Some(Instant::now()));
    }

    /// From now on the caller waits for the server.
    pub fn caller_waits(&self) {
        self.set(None);
    }

    fn set(&self, since: Option<Instant>) {
        self.peer.with_calls(|calls| {
            calls.waiting.insert(self.number, since);
        });
    }
}

impl Drop for TransferDirection {
    fn drop(&mut self) {
        self.peer.with_calls(|calls| {
            calls.waiting.remove(&self.number);
            if calls.waiting.is_empty() {
                calls.idle_since = Instant::now();
            }
        });
    }
}
