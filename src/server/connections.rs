//! The open connections: no more than the limit, and an idle one gives way to a new
//! one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use minutebook_grpc::peer::{Peer, Peers, Timeouts};
use minutebook_grpc::peer_address::PeerAddress;
use minutebook_grpc::quota::{QuotaLease, Quotas, Resource};

/// Open files that are reserved for everything but connections.
const OTHER_FILES: u64 = 256;

/// All connections. Clones share them.
#[derive(Debug, Clone)]
pub struct Connections {
    peers: Peers,
    quotas: Quotas,
    timeouts: Timeouts,
}

/// The slot of a connection, released on drop.
#[derive(Debug)]
pub struct ConnectionSlot {
    peers: Peers,
    number: u64,
    peer: Arc<Peer>,
    _lease: QuotaLease,
}

/// How many connections there can be: `max`, or as many as the system allows this
/// process.
pub fn connections_possible(max: usize) -> usize {
    let needed = OTHER_FILES.saturating_add(max as u64);
    let files = rlimit::increase_nofile_limit(needed).unwrap_or(needed);
    let possible = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(max);
    let possible = possible.clamp(1, max.max(1));
    if possible < max {
        tracing::warn!(
            wanted = max,
            possible,
            "the system lets this process open few files: there can be fewer connections"
        );
    }
    possible
}

impl Connections {
    pub const fn new(peers: Peers, quotas: Quotas, timeouts: Timeouts) -> Self {
        Self {
            peers,
            quotas,
            timeouts,
        }
    }

    /// A slot for a connection. Where there is none left, or none for this address, the
    /// connection that has been idle for the longest time is closed; its client
    /// reconnects by itself. After the idle ones come those whose caller has stalled a
    /// call. `None` when there is none of these either.
    ///
    /// An address that has connections makes room among its own.
    pub fn admit(&self, address: PeerAddress) -> Option<ConnectionSlot> {
        let quota = self.quotas.of(address.host());
        let lease = quota.take(Resource::Connections, 1).or_else(|| {
            let of = (!quota.has_none(Resource::Connections)).then_some(&quota);
            let stalled = || self.peers.close_stalled(of, self.timeouts.give_way);
            let has_room = self.peers.evict(of) || quota.search(stalled);
            has_room.then(|| quota.take_over(Resource::Connections, 1))
        })?;
        let peer = Arc::new(Peer::new(address, quota));
        Some(ConnectionSlot {
            peers: self.peers.clone(),
            number: self.peers.add(Arc::clone(&peer)),
            peer,
            _lease: lease,
        })
    }

    /// Closes the connection that has been idle for the longest time, if one is
    /// idle.
    pub fn evict(&self) -> bool {
        self.peers.evict(None)
    }

    /// Closes overdue connections.
    pub fn sweep(&self) {
        let now = Instant::now();
        for peer in self.peers.all() {
            if let Some(why) = peer.overdue(now, &self.timeouts) {
                tracing::info!(peer = %peer.address(), ?why, "a connection was closed");
                peer.close();
            }
        }
    }
}

/// The interval between checks for quiet connections while the server stops.
const QUIET_CHECK_EVERY: Duration = Duration::from_millis(100);

impl Connections {
    /// While the server stops, closes each connection on which nothing has moved: for
    /// `idle` where no call is under way, for `stalled` where every call waits for its
    /// caller. Never ends by itself.
    pub async fn close_quiet(self, idle: Duration, stalled: Duration) {
        loop {
            let now = Instant::now();
            for peer in self
                .peers
                .all()
                .iter()
                .filter(|peer| peer.is_quiet(now, idle, stalled))
            {
                tracing::info!(peer = %peer.address(), "a quiet connection was closed");
                peer.close();
            }
            tokio::time::sleep(QUIET_CHECK_EVERY).await;
        }
    }
}

impl ConnectionSlot {
    pub const fn peer(&self) -> &Arc<Peer> {
        &self.peer
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.peers.remove(self.number);
    }
}
