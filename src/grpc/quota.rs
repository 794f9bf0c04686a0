//! Quotas: the most that all holders together may hold of a resource, and the most that
//! one of them may hold.
//!
//! A holder is a caller who has signed in, from wherever they call, or else a peer
//! address. It may hold as much as it leaves free, or another part of the whole if
//! the operator says so. The bound follows the load: a holder that is alone gets
//! half, and however many are greedy, some room stays free for one that
//! has nothing yet. Of some resources a reserve comes on top: those who may use it find
//! room when the others have taken everything.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::quota_holder::QuotaHolder;
use super::workers::{LONG_MAX, LONG_WAITING_MAX};
use minutebook_kernel::blocking::{WorkShare, WorkShareLimits};

/// How long to search no further for a stalled call after a search that found none:
/// a search looks at every call.
const SEARCH_PAUSE: Duration = Duration::from_millis(100);

/// One call, export or stream comes on top for so many, as a reserve.
const CALLS_FOR_ONE_RESERVED: usize = 64;
const EXPORTS_FOR_ONE_RESERVED: usize = 4;
const STREAMS_FOR_ONE_RESERVED: usize = 16;

/// Something of which there is only so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    Connections,
    /// Calls of our services, but for exports.
    Calls,
    /// Calls of health and reflection. They matter most under load.
    SideCalls,
    /// Exports, so that a backup always finds room.
    Exports,
    /// Streams of entries. The task behind one ends when its caller does not read, so
    /// the call may last longer.
    ReadStreams,
    /// Streams of appends, likewise.
    AppendStreams,
    /// Bytes of requests that are being received.
    UploadBytes,
    /// Bytes of answers that their callers have not read.
    AnswerBytes,
}

const RESOURCES: usize = 8;

/// The most of each resource.
#[derive(Debug, Clone, Copy)]
pub struct QuotaLimits {
    pub connections: usize,
    /// Calls, and as many calls of health and reflection.
    pub calls: usize,
    pub exports: usize,
    /// Streams of each sort.
    pub streams: usize,
    pub upload_bytes: usize,
    pub answer_bytes: usize,
    /// Pieces of blocking work at once.
    pub work: usize,
    /// The part of each that one holder may hold if no other holds any, in percent.
    pub peer_share: u8,
}

/// All quotas. Clones share them.
#[derive(Debug, Clone)]
pub struct Quotas(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    max: [usize; RESOURCES],
    /// The part that comes on top, for those who may use the reserve.
    reserve: [usize; RESOURCES],
    held: [AtomicUsize; RESOURCES],
    /// From 1 to 100.
    peer_share: usize,
    work: Arc<Semaphore>,
    work_of_holder: WorkShareLimits,
    /// The addresses that have a connection, and the callers who have a call.
    holders: Mutex<HashMap<QuotaHolder, Weak<HolderQuota>>>,
}

/// The holdings of one caller or address.
#[derive(Debug)]
pub struct HolderQuota {
    quotas: Quotas,
    holder: QuotaHolder,
    held: [AtomicUsize; RESOURCES],
    work: WorkShare,
    /// The last search for a stalled call that found none.
    searched: Mutex<Option<Instant>>,
}

/// The stream that the task behind it holds, until it ends. It comes with the request.
#[derive(Debug, Clone)]
pub struct StreamLease(#[expect(dead_code, reason = "only held")] Arc<QuotaLease>);

/// Some of a resource, held until this is dropped.
#[derive(Debug)]
pub struct QuotaLease {
    holder: Arc<HolderQuota>,
    resource: Resource,
    amount: usize,
}

/// The holdings of a resource: a holder's own, and those of all, with the amount asked for.
#[derive(Clone, Copy)]
struct Holdings {
    /// Without what it asks for: the first thing is only bound by what all hold.
    own_beside: usize,
    own: usize,
    all: usize,
}

impl Shared {
    /// Whether the holdings are allowed, of so much in all.
    const fn allows(&self, max: usize, holdings: Holdings) -> bool {
        let Some(free) = max.checked_sub(holdings.all) else {
            return false;
        };
        let share = self.peer_share;
        holdings.own_beside == 0
            || holdings.own.saturating_mul(100 - share) <= free.saturating_mul(share)
    }
}

impl StreamLease {
    pub fn new(lease: QuotaLease) -> Self {
        Self(Arc::new(lease))
    }
}

impl Quotas {
    pub fn new(limits: &QuotaLimits) -> Self {
        let mut max = [0; RESOURCES];
        let mut reserve = [0; RESOURCES];
        let of_reserve = [
            (Resource::Calls, limits.calls / CALLS_FOR_ONE_RESERVED),
            (Resource::SideCalls, limits.calls / CALLS_FOR_ONE_RESERVED),
            (Resource::Exports, limits.exports / EXPORTS_FOR_ONE_RESERVED),
            (
                Resource::ReadStreams,
                limits.streams / STREAMS_FOR_ONE_RESERVED,
            ),
        ];
        for (resource, more) in of_reserve {
            reserve[resource as usize] = more.max(1);
        }
        let both = [
            (Resource::Connections, limits.connections),
            (Resource::Calls, limits.calls),
            (Resource::SideCalls, limits.calls),
            (Resource::Exports, limits.exports),
            (Resource::ReadStreams, limits.streams),
            (Resource::AppendStreams, limits.streams),
            (Resource::UploadBytes, limits.upload_bytes),
            (Resource::AnswerBytes, limits.answer_bytes),
        ];
        for (resource, most) in both {
            max[resource as usize] = most;
        }
        let peer_share = usize::from(limits.peer_share.clamp(1, 100));
        let work = limits.work.clamp(1, Semaphore::MAX_PERMITS);
        let of_holder = |all: usize| (all.saturating_mul(peer_share) / 100).max(1);
        Self(Arc::new(Shared {
            max,
            reserve,
            held: Default::default(),
            peer_share,
            work: Arc::new(Semaphore::new(work)),
            work_of_holder: WorkShareLimits {
                pieces: of_holder(work),
                long: of_holder(LONG_MAX),
                waiting_for_long: of_holder(LONG_WAITING_MAX),
            },
            holders: Mutex::default(),
        }))
    }

    /// The quota of a holder: of all connections of an address, or of all calls of a
    /// caller.
    pub fn of(&self, holder: impl Into<QuotaHolder>) -> Arc<HolderQuota> {
        let holder = holder.into();
        let holders = self.0.holders.lock();
        let mut holders = holders.unwrap_or_else(PoisonError::into_inner);
        if let Some(quota) = holders.get(&holder).and_then(Weak::upgrade) {
            return quota;
        }
        let quota = Arc::new(HolderQuota {
            quotas: self.clone(),
            holder: holder.clone(),
            held: Default::default(),
            work: WorkShare::new(&self.0.work, self.0.work_of_holder),
            searched: Mutex::default(),
        });
        holders.insert(holder, Arc::downgrade(&quota));
        quota
    }
}

impl HolderQuota {
    /// The part of the blocking work that its calls may have under way.
    pub const fn work(&self) -> &WorkShare {
        &self.work
    }

    pub const fn holder(&self) -> &QuotaHolder {
        &self.holder
    }

    /// Takes `amount`, if there is room; nothing otherwise.
    pub fn take(self: &Arc<Self>, resource: Resource, amount: usize) -> Option<QuotaLease> {
        self.take_of(self.quotas.0.max[resource as usize], resource, amount)
    }

    /// Takes `amount`, if there is room with the reserve.
    pub fn take_reserved(
        self: &Arc<Self>,
        resource: Resource,
        amount: usize,
    ) -> Option<QuotaLease> {
        let shared = &self.quotas.0;
        let max = shared.max[resource as usize] + shared.reserve[resource as usize];
        self.take_of(max, resource, amount)
    }

    fn take_of(
        self: &Arc<Self>,
        max: usize,
        resource: Resource,
        amount: usize,
    ) -> Option<QuotaLease> {
        let index = resource as usize;
        let shared = &self.quotas.0;
        // In the order of these additions, so that of two that do not fit together, the
        // first one gets its part.
        let own_before = self.held[index].fetch_add(amount, Ordering::AcqRel);
        let taken = shared.held[index].fetch_update(Ordering::AcqRel, Ordering::Acquire, |held| {
            let holdings = Holdings {
                own_beside: own_before,
                own: own_before + amount,
                all: held.checked_add(amount)?,
            };
            shared.allows(max, holdings).then_some(holdings.all)
        });
        if taken.is_err() {
            self.held[index].fetch_sub(amount, Ordering::AcqRel);
            return None;
        }
        Some(QuotaLease {
            holder: Arc::clone(self),
            resource,
            amount,
        })
    }

    /// Takes `amount`, even beyond the limit: for what cannot be refused any more, or
    /// takes the place of something that is about to end.
    pub fn take_over(self: &Arc<Self>, resource: Resource, amount: usize) -> QuotaLease {
        let mut lease = QuotaLease {
            holder: Arc::clone(self),
            resource,
            amount: 0,
        };
        lease.resize(amount);
        lease
    }

    /// Whether it holds none of a resource.
    pub fn has_none(&self, resource: Resource) -> bool {
        self.held[resource as usize].load(Ordering::Acquire) == 0
    }

    /// Searches for something to end, unless a search found nothing a moment ago.
    pub fn search(&self, search: impl FnOnce() -> bool) -> bool {
        let mut searched = self.searched.lock().unwrap_or_else(PoisonError::into_inner);
        if searched.is_some_and(|at| at.elapsed() < SEARCH_PAUSE) {
            return false;
        }
        let found = search();
        *searched = (!found).then(Instant::now);
        found
    }
}

impl Drop for HolderQuota {
    fn drop(&mut self) {
        let holders = &self.quotas.0.holders;
        let mut holders = holders.lock().unwrap_or_else(PoisonError::into_inner);
        // A connection or call that came meanwhile has put another in its place.
        if holders
            .get(&self.holder)
            .is_some_and(|quota| quota.strong_count() == 0)
        {
            holders.remove(&self.holder);
        }
    }
}

impl QuotaLease {
    pub const fn resource(&self) -> Resource {
        self.resource
    }

    /// Changes the amount. Returns whether more of it is within the quotas; it holds as
    /// much either way.
    pub fn resize(&mut self, amount: usize) -> bool {
        let index = self.resource as usize;
        let (own, all) = (&self.holder.held[index], &self.holder.quotas.0.held[index]);
        let before = std::mem::replace(&mut self.amount, amount);
        let Some(more) = amount.checked_sub(before) else {
            own.fetch_sub(before - amount, Ordering::AcqRel);
            all.fetch_sub(before - amount, Ordering::AcqRel);
            return true;
        };
        if more == 0 {
            return true;
        }
        let own = own.fetch_add(more, Ordering::AcqRel) + more;
        let holdings = Holdings {
            own_beside: own - amount,
            own,
            all: all.fetch_add(more, Ordering::AcqRel) + more,
        };
        let shared = &self.holder.quotas.0;
        shared.allows(shared.max[index], holdings)
    }
}

impl Drop for QuotaLease {
    fn drop(&mut self) {
        self.resize(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer_address::PeerHost;

    fn quotas(calls: usize, peer_share: u8) -> Quotas {
        Quotas::new(&QuotaLimits {
            connections: 0,
            calls,
            exports: 0,
            streams: 0,
            upload_bytes: calls,
            answer_bytes: 0,
            work: 8,
            peer_share,
        })
    }

    fn peer(quotas: &Quotas, number: u8) -> Arc<HolderQuota> {
        quotas.of(PeerHost::of([10, 0, 0, number].into()))
    }

    /// Takes calls until one is refused.
    fn all_it_gets(peer: &Arc<HolderQuota>) -> Vec<QuotaLease> {
        std::iter::from_fn(|| peer.take(Resource::Calls, 1)).collect()
    }

    #[test]
    fn one_address_takes_its_share_and_all_of_them_leave_room() {
        for (share, first, second) in [(50, 50, 25), (75, 75, 18), (100, 100, 0)] {
            let quotas = quotas(100, share);
            let taken = all_it_gets(&peer(&quotas, 1));
            assert_eq!(taken.len(), first, "{share} %");
            assert_eq!(all_it_gets(&peer(&quotas, 2)).len(), second, "{share} %");
            drop(taken);
            assert_eq!(all_it_gets(&peer(&quotas, 2)).len(), first, "{share} %");
        }
        let quotas = quotas(4_096, 50);
        let greedy: Vec<_> = (0..9).map(|n| all_it_gets(&peer(&quotas, n))).collect();
        assert!(greedy.iter().all(|held| !held.is_empty()));
        assert!(peer(&quotas, 100).take(Resource::Calls, 1).is_some());
    }

    #[test]
    fn an_address_that_has_nothing_gets_one_while_any_is_left() {
        let quotas = quotas(1, 50);
        let only = peer(&quotas, 1).take(Resource::Calls, 1).expect("one");
        assert!(peer(&quotas, 2).take(Resource::Calls, 1).is_none());
        drop(only);
        assert!(peer(&quotas, 2).take(Resource::Calls, 1).is_some());
    }

    #[test]
    fn the_reserve_is_for_those_who_may_use_it() {
        let quotas = quotas(128, 50);
        let greedy: Vec<_> = (0..20).map(|n| all_it_gets(&peer(&quotas, n))).collect();
        assert_eq!(greedy.iter().map(Vec::len).sum::<usize>(), 128);
        let auditor = peer(&quotas, 100);
        assert!(auditor.take(Resource::Calls, 1).is_none());
        let first = auditor.take_reserved(Resource::Calls, 1);
        assert!(first.is_some());
        // Its share of the reserve is bounded too.
        assert!(auditor.take_reserved(Resource::Calls, 1).is_none());
        let other = peer(&quotas, 101).take_reserved(Resource::Calls, 1);
        assert!(other.is_some());
        assert!(
            peer(&quotas, 102)
                .take_reserved(Resource::Calls, 1)
                .is_none()
        );
    }

    #[test]
    fn a_lease_that_grows_beyond_the_bound_says_so_and_gives_all_back() {
        let quotas = quotas(1_000, 50);
        let mut other = peer(&quotas, 1).take_over(Resource::UploadBytes, 1);
        let mut lease = peer(&quotas, 1).take_over(Resource::UploadBytes, 0);
        assert!(lease.resize(400));
        assert!(!lease.resize(600));
        assert!(lease.resize(300));
        drop(lease);
        assert!(other.resize(500));
        drop(other);
        assert!(peer(&quotas, 1).has_none(Resource::UploadBytes));
    }

    #[test]
    fn a_host_does_not_become_many_by_its_addresses() {
        let quotas = quotas(1, 50);
        let same = |a: &str, b: &str| {
            let [a, b] =
                [a, b].map(|text| quotas.of(PeerHost::of(text.parse().expect("an address"))));
            Arc::ptr_eq(&a, &b)
        };
        assert!(same("2001:db8::1", "2001:db8::ffff:1"));
        assert!(!same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("10.0.0.1", "::ffff:10.0.0.1"));
        assert!(!same("10.0.0.1", "10.0.0.2"));
        assert!(quotas.0.holders.lock().expect("whole").is_empty());
    }
}
