//! A connection, shared by its transport, its calls and the task that closes it.
//!
//! A transport frees everything that a caller holds when the caller goes. A caller
//! who stays, and neither sends nor reads, would hold it for ever. So each
//! direction of a call records whether it waits for the caller, and since when. A
//! call that waits for long is ended; where room is short, it is ended sooner.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Context;
use std::time::{Duration, Instant};

use futures::task::AtomicWaker;

use super::peer_address::PeerAddress;
use super::peer_certificate::ShownCertificate;
use super::quota::{HolderQuota, Resource};

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
    /// The same, where another call needs the room.
    pub give_way: Duration,
}

/// All open connections. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Peers(Arc<Mutex<Live>>);

#[derive(Debug, Default)]
struct Live {
    next: u64,
    peers: BTreeMap<u64, Arc<Peer>>,
}

#[derive(Debug)]
pub struct Peer {
    address: PeerAddress,
    /// Set when the handshake ends, before the first call.
    certificate: OnceLock<Arc<dyn ShownCertificate>>,
    quota: Arc<HolderQuota>,
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
    /// Each direction of each call.
    directions: BTreeMap<u64, Direction>,
    /// When the last call ended.
    idle_since: Instant,
}

#[derive(Debug)]
struct Direction {
    /// The resources that the call counts as.
    holds: &'static [Resource],
    /// Whose the call is.
    quota: Arc<HolderQuota>,
    /// Since when it has waited for the caller.
    waits_since: Option<Instant>,
    /// Ends the call; `None` where only closing the connection does.
    cut: Option<Arc<Cut>>,
}

/// Ends a call whose message is incomplete.
#[derive(Debug, Default)]
struct Cut {
    is_cut: AtomicBool,
    /// Reads the message.
    reader: AtomicWaker,
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
    cut: Option<Arc<Cut>>,
}

impl Peers {
    fn with<T>(&self, act: impl FnOnce(&mut Live) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a connection, and returns its number.
    pub fn add(&self, peer: Arc<Peer>) -> u64 {
        self.with(|live| {
            live.next += 1;
            live.peers.insert(live.next, peer);
            live.next
        })
    }

    pub fn remove(&self, number: u64) {
        self.with(|live| live.peers.remove(&number));
    }

    pub fn all(&self) -> Vec<Arc<Peer>> {
        self.with(|live| live.peers.values().cloned().collect())
    }

    /// Closes the connection that has been idle for the longest time, if one is idle.
    /// With `of`, only a connection of that address.
    pub fn evict(&self, of: Option<&Arc<HolderQuota>>) -> bool {
        let evicted = self.with(|live| {
            let peers = live.peers.iter().filter(|(_, peer)| peer.is_of(of));
            let idle = peers.filter_map(|(number, peer)| Some((peer.idle_since()?, *number)));
            let (_, number) = idle.min()?;
            live.peers.remove(&number)
        });
        if let Some(peer) = &evicted {
            tracing::debug!(peer = %peer.address(), "an idle connection gave way to another");
            peer.close();
        }
        evicted.is_some()
    }

    /// Ends the call that has waited longest for its caller, if one that holds of
    /// `resource` has waited for `limit`. With `of`, only a call of that holder.
    pub fn end_stalled_call(
        &self,
        resource: Resource,
        of: Option<&Arc<HolderQuota>>,
        limit: Duration,
    ) -> bool {
        let stalled = self.stalled(None, limit, |direction| {
            direction.frees(resource) && direction.is_of(of)
        });
        if let Some((number, peer)) = &stalled {
            tracing::info!(peer = %peer.address(), "a stalled call gave way to another");
            peer.end(*number);
        }
        stalled.is_some()
    }

    /// Closes the connection of the call that has waited longest for its caller, if one
    /// has waited for `limit`.
    pub fn close_stalled(&self, of: Option<&Arc<HolderQuota>>, limit: Duration) -> bool {
        let stalled = self.stalled(of, limit, |_| true);
        if let Some((_, peer)) = &stalled {
            tracing::info!(peer = %peer.address(), "a stalled connection gave way to another");
            peer.close();
        }
        stalled.is_some()
    }

    fn stalled(
        &self,
        of: Option<&Arc<HolderQuota>>,
        limit: Duration,
        is_wanted: impl Fn(&Direction) -> bool,
    ) -> Option<(u64, Arc<Peer>)> {
        let stalled = self.all().into_iter().filter(|peer| peer.is_of(of));
        let stalled = stalled.filter_map(|peer| {
            let (since, number) = peer.longest_wait(&is_wanted)?;
            Some((since, number, peer))
        });
        let (since, number, peer) = stalled.min_by_key(|(since, ..)| *since)?;
        (since.elapsed() >= limit).then_some((number, peer))
    }
}

impl Peer {
    /// A connection that is opened now.
    pub fn new(address: PeerAddress, quota: Arc<HolderQuota>) -> Self {
        let opened = Instant::now();
        Self {
            address,
            certificate: OnceLock::new(),
            quota,
            opened,
            received: AtomicUsize::new(0),
            moved_ms: AtomicU64::new(0),
            calls: Mutex::new(Calls {
                next: 0,
                directions: BTreeMap::new(),
                idle_since: opened,
            }),
            is_closed: AtomicBool::new(false),
            transport: AtomicWaker::new(),
        }
    }

    pub const fn address(&self) -> PeerAddress {
        self.address
    }

    /// The client certificate, if one was shown. It was valid then, and each
    /// call checks that it still is.
    pub fn certificate(&self) -> Option<&Arc<dyn ShownCertificate>> {
        self.certificate.get()
    }

    /// The first one stays: a connection has one handshake.
    pub fn set_certificate(&self, certificate: Arc<dyn ShownCertificate>) {
        let _ = self.certificate.set(certificate);
    }

    /// The quota of its address.
    pub const fn quota(&self) -> &Arc<HolderQuota> {
        &self.quota
    }

    fn is_of(&self, quota: Option<&Arc<HolderQuota>>) -> bool {
        quota.is_none_or(|quota| Arc::ptr_eq(quota, &self.quota))
    }

    /// Bytes of HTTP were received: with TLS, what was inside it. A caller who begins a
    /// handshake, and never ends it, stays silent.
    pub fn note_received(&self, bytes: usize) {
        // Only the one transport counts, so that this needs no atomic addition.
        let received = self.received.load(Ordering::Relaxed);
        if received < HELLO_BYTES {
            self.received.store(received + bytes, Ordering::Relaxed);
        }
    }

    /// Bytes were received or sent, of the transport itself.
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
            if calls.directions.is_empty() {
                return has_waited(calls.idle_since.max(moved), idle);
            }
            let mut directions = calls.directions.values();
            let waits = |direction: &Direction| {
                direction
                    .waits_since
                    .is_some_and(|at| has_waited(at, stalled))
            };
            has_waited(moved, stalled) && directions.all(waits)
        })
    }

    fn with_calls<T>(&self, act: impl FnOnce(&mut Calls) -> T) -> T {
        act(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins the message of a call, which counts as `holds`: the server waits for it.
    pub fn begin_upload(
        self: &Arc<Self>,
        holds: &'static [Resource],
        quota: &Arc<HolderQuota>,
    ) -> TransferDirection {
        self.begin(Direction {
            holds,
            quota: Arc::clone(quota),
            waits_since: Some(Instant::now()),
            cut: Some(Arc::default()),
        })
    }

    /// Begins the answer of a call, which counts as `holds`: the caller waits for it.
    pub fn begin_download(
        self: &Arc<Self>,
        holds: &'static [Resource],
        quota: &Arc<HolderQuota>,
    ) -> TransferDirection {
        self.begin(Direction {
            holds,
            quota: Arc::clone(quota),
            waits_since: None,
            cut: None,
        })
    }

    fn begin(self: &Arc<Self>, direction: Direction) -> TransferDirection {
        let cut = direction.cut.clone();
        let number = self.with_calls(|calls| {
            calls.next += 1;
            calls.directions.insert(calls.next, direction);
            calls.next
        });
        TransferDirection {
            peer: Arc::clone(self),
            number,
            cut,
        }
    }

    /// The wanted direction that has waited longest for the caller, and is not being
    /// ended.
    fn longest_wait(&self, is_wanted: impl Fn(&Direction) -> bool) -> Option<(Instant, u64)> {
        if self.is_closed.load(Ordering::Acquire) {
            return None;
        }
        self.with_calls(|calls| {
            let directions = calls.directions.iter();
            let waiting =
                directions.filter(|(_, direction)| !direction.is_cut() && is_wanted(direction));
            let waiting = waiting.filter_map(|(number, d)| Some((d.waits_since?, *number)));
            waiting.min()
        })
    }

    /// Ends one direction; the whole connection where it cannot be ended alone.
    fn end(&self, number: u64) {
        let cut = self.with_calls(|calls| calls.directions.get(&number)?.cut.clone());
        match cut {
            Some(cut) => {
                cut.is_cut.store(true, Ordering::Release);
                cut.reader.wake();
            }
            None => self.close(),
        }
    }

    /// Since when no call has been under way; `None` while one is.
    pub fn idle_since(&self) -> Option<Instant> {
        self.with_calls(|calls| calls.directions.is_empty().then_some(calls.idle_since))
    }

    /// Why the connection has to be closed at `now`; `None` if it need not be.
    pub fn overdue(&self, now: Instant, timeouts: &Timeouts) -> Option<Overdue> {
        let has_waited = |since: Instant, limit| now.saturating_duration_since(since) > limit;
        if self.received.load(Ordering::Relaxed) < HELLO_BYTES
            && has_waited(self.opened, timeouts.hello)
        {
            return Some(Overdue::Silent);
        }
        let oldest = self.with_calls(|calls| {
            let directions = calls.directions.values();
            directions
                .filter_map(|direction| direction.waits_since)
                .min()
        });
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

impl Direction {
    fn is_of(&self, quota: Option<&Arc<HolderQuota>>) -> bool {
        quota.is_none_or(|quota| Arc::ptr_eq(quota, &self.quota))
    }

    /// Whether the end of this direction frees some of a resource.
    fn frees(&self, resource: Resource) -> bool {
        let is_download = self.cut.is_none();
        self.holds.contains(&resource) || (is_download && resource == Resource::AnswerBytes)
    }

    fn is_cut(&self) -> bool {
        let cut = self.cut.as_ref();
        cut.is_some_and(|cut| cut.is_cut.load(Ordering::Acquire))
    }
}

impl TransferDirection {
    /// Whether the call was ended while it waited for its caller. `reader` is woken
    /// when it is.
    pub fn is_cut(&self, reader: &Context<'_>) -> bool {
        self.cut.as_ref().is_some_and(|cut| {
            cut.reader.register(reader.waker());
            cut.is_cut.load(Ordering::Acquire)
        })
    }

    /// From now on the server waits for the caller.
    pub fn waits_for_caller(&self) {
        self.set(Some(Instant::now()));
    }

    /// From now on the caller waits for the server.
    pub fn caller_waits(&self) {
        self.set(None);
    }

    fn set(&self, waits_since: Option<Instant>) {
        self.peer.with_calls(|calls| {
            if let Some(direction) = calls.directions.get_mut(&self.number) {
                direction.waits_since = waits_since;
            }
        });
    }
}

impl Drop for TransferDirection {
    fn drop(&mut self) {
        self.peer.with_calls(|calls| {
            calls.directions.remove(&self.number);
            if calls.directions.is_empty() {
                calls.idle_since = Instant::now();
            }
        });
    }
}
