//! Accepts connections, and counts their bytes.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_stream::Stream;
use tonic::transport::server::Connected;

use super::connections::{ConnectionSlot, Connections};
use super::listener::{Listener, Transport};
use super::tls::{CurrentTls, LazyTlsStream};
use minutebook_grpc::peer::Peer;

/// How long to wait when the system has no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The interval between checks for overdue connections.
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// The connections that a listener accepts. One for which there is no slot is closed
/// at once, so that its caller fails soon instead of waiting. With `tls`, the handshake is
/// part of the connection, and takes its slot.
pub(super) fn incoming(
    listener: Listener,
    tls: Option<CurrentTls>,
    connections: Connections,
) -> impl Stream<Item = io::Result<Connection>> {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let state = (listener, tls, connections, ticks);
    futures::stream::unfold(
        state,
        |(listener, tls, connections, mut ticks)| async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = ticks.tick() => {
                        connections.sweep();
                        continue;
                    }
                };
                match accepted {
                    Ok((transport, address)) => match connections.admit(address) {
                        Some(slot) => {
                            if let Err(error) = transport.send_at_once() {
                                tracing::debug!(peer = %address, %error, "a connection was closed at once");
                                continue;
                            }
                            let connection = Connection::new(transport, slot, tls.clone());
                            return Some((Ok(connection), (listener, tls, connections, ticks)));
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
        },
    )
}

/// A connection. It holds its slot until it is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    peer: Arc<Peer>,
    stream: ConnectionStream,
}

#[derive(Debug)]
enum ConnectionStream {
    Plain(CountedTransport),
    Tls(LazyTlsStream<CountedTransport>),
}

impl Connection {
    fn new(transport: Transport, slot: ConnectionSlot, tls: Option<CurrentTls>) -> Self {
        let peer = Arc::clone(slot.peer());
        let transport = CountedTransport { transport, slot };
        let stream = match tls {
            None => ConnectionStream::Plain(transport),
            Some(tls) => ConnectionStream::Tls(handshaking(tls, transport, Arc::clone(&peer))),
        };
        Self { peer, stream }
    }
}

/// The stream that notes on the peer whom its certificate names, when the handshake ends.
fn handshaking(
    current: CurrentTls,
    transport: CountedTransport,
    peer: Arc<Peer>,
) -> LazyTlsStream<CountedTransport> {
    let tls = current.get();
    let config = tls.config();
    let judge = move |ended: io::Result<&tokio_rustls::rustls::ServerConnection>| {
        let certificate = ended.and_then(|connection| {
            let shown = current.shown(&tls, connection.peer_certificates());
            shown.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        });
        let certificate =
            certificate.inspect_err(|error| tls.log().failed(peer.address(), error))?;
        if let Some(certificate) = certificate {
            peer.set_certificate(certificate);
        }
        Ok(())
    };
    LazyTlsStream::new(config, transport, Box::new(judge))
}

impl Connected for Connection {
    type ConnectInfo = Arc<Peer>;

    fn connect_info(&self) -> Arc<Peer> {
        Arc::clone(&self.peer)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = match &mut self.stream {
            ConnectionStream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            ConnectionStream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        self.peer.note_received(buf.filled().len() - before);
        polled
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            ConnectionStream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            ConnectionStream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            ConnectionStream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            ConnectionStream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            ConnectionStream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            ConnectionStream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            ConnectionStream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            ConnectionStream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            ConnectionStream::Plain(stream) => stream.is_write_vectored(),
            ConnectionStream::Tls(stream) => stream.is_write_vectored(),
        }
    }
}

/// The bytes below TLS, which show that the connection is alive.
#[derive(Debug)]
struct CountedTransport {
    transport: Transport,
    slot: ConnectionSlot,
}

impl CountedTransport {
    /// An error if the server closed the connection.
    fn is_open(&self, cx: &Context<'_>) -> io::Result<()> {
        if self.slot.peer().is_closed(cx) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }

    fn note_sent(&self, polled: &Poll<io::Result<usize>>) {
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.slot.peer().note_moved();
        }
    }
}

impl AsyncRead for CountedTransport {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.is_open(cx)?;
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.transport).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.slot.peer().note_moved();
        }
        polled
    }
}

impl AsyncWrite for CountedTransport {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.is_open(cx)?;
        let polled = Pin::new(&mut self.transport).poll_write(cx, buf);
        self.note_sent(&polled);
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.is_open(cx)?;
        let polled = Pin::new(&mut self.transport).poll_write_vectored(cx, bufs);
        self.note_sent(&polled);
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }
}
