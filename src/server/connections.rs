//! The open connections: no more than the limit, and an idle one gives way to a new
//! one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::grpc::peer::{Peer, Timeouts};

/// Open files that are reserved for everything but connections.
const OTHER_FILES: u64 = 256;

/// All connections. Clones share them.
#[derive(Debug, Clone)]
pub struct Connections {
    live: Arc<Mutex<Live>>,
    max: usize,
}

#[derive(Debug, Default)]
struct Live {
    next: u64,
    peers: BTreeMap<u64, Arc<Peer>>,
}

/// The slot of a connection, released on drop.
#[derive(Debug)]
pub struct ConnectionSlot {
    connections: Connections,
    number: u64,
    peer: Arc<Peer>,
}

impl Connections {
    /// At most `max` connections, and no more than the system allows this process.
    pub fn new(max: usize) -> Self {
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
        Self {
            live: Arc::default(),
            max: possible,
        }
    }

    fn live<T>(&self, with: impl FnOnce(&mut Live) -> T) -> T {
        with(&mut self.live.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A slot for a connection. When all are taken, the connection that has been idle
    /// for the longest time is closed; its client reconnects by itself. `None` when
    /// no connection is idle.
    pub fn admit(&self, address: SocketAddr) -> Option<ConnectionSlot> {
        if self.live(|live| live.peers.len()) >= self.max && !self.evict() {
            return None;
        }
        let peer = Arc::new(Peer::new(address));
        let number = self.live(|live| {
            live.next += 1;
            live.peers.insert(live.next, Arc::clone(&peer));
            live.next
        });
        Some(ConnectionSlot {
            connections: self.clone(),
            number,
            peer,
        })
    }

    /// Closes the connection that has been idle for the longest time, if one is
    /// idle.
    pub fn evict(&self) -> bool {
        let evicted = self.live(|live| {
            let idle = live.peers.iter();
            let idle = idle.filter_map(|(number, peer)| Some((peer.idle_since()?, *number)));
            let (_, number) = idle.min()?;
            live.peers.remove(&number)
        });
        if let Some(peer) = &evicted {
            tracing::debug!(peer = %peer.address(), "an idle connection gave way to another");
            peer.close();
        }
        evicted.is_some()
    }

    /// Closes overdue connections.
    pub fn sweep(&self, timeouts: &Timeouts) {
        let now = Instant::now();
        let peers: Vec<_> = self.live(|live| live.peers.values().cloned().collect());
        for peer in peers {
            if let Some(why) = peer.overdue(now, timeouts) {
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
            let peers: Vec<_> = self.live(|live| live.peers.values().cloned().collect());
            for peer in peers
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
        self.connections
            .live(|live| live.peers.remove(&self.number));
    }
}
