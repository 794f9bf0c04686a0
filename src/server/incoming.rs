//! Accepts connections, and counts their bytes.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::Stream;
use tonic::transport::server::Connected;

use super::connections::{ConnectionSlot, Connections};
use crate::grpc::peer::Peer;

/// How long to wait when the system has no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The interval between checks for overdue connections.
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// The connections that a listener accepts. One for which there is no slot is closed
/// at once, so that its caller fails soon instead of waiting.
pub fn incoming(
    listener: TcpListener,
    connections: Connections,
) -> impl Stream<Item = io::Result<Connection>> {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let state = (listener, connections, ticks);
    futures::stream::unfold(state, |(listener, connections, mut ticks)| async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = ticks.tick() => {
                    connections.sweep();
                    continue;
                }
            };
            match accepted {
                Ok((stream, address)) => match connections.admit(address) {
                    Some(slot) => {
                        // Answers are small and awaited: send them at once.
                        if let Err(error) = stream.set_nodelay(true) {
                            tracing::debug!(peer = %address, %error, "a connection was closed at once");
                            continue;
                        }
                        let connection = Connection { stream, slot };
                        return Some((Ok(connection), (listener, connections, ticks)));
                    }
                    None => {
                        tracing::warn!(peer = %address, "too many connections: one was closed");
                    }
                },
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    connections.evict();
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    })
}

/// A connection. It holds its slot until it is dropped.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    slot: ConnectionSlot,
}

impl Connection {
    /// An error if the server closed the connection.
    fn is_open(&self, cx: &Context<'_>) -> io::Result<()> {
        if self.slot.peer().is_closed(cx) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}

impl Connection {
    fn note_sent(&self, polled: &Poll<io::Result<usize>>) {
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.slot.peer().note_moved();
        }
    }
}

impl Connected for Connection {
    type ConnectInfo = Arc<Peer>;

    fn connect_info(&self) -> Arc<Peer> {
        Arc::clone(self.slot.peer())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.is_open(cx)?;
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.slot.peer().note_received(buf.filled().len() - before);
        polled
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.is_open(cx)?;
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.note_sent(&polled);
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.is_open(cx)?;
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.note_sent(&polled);
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
