//! A stream that makes its handshake when it is first read from or written to.
//!
//! So a handshake runs in the task of its own connection: a caller who does not go on
//! holds up neither the accepting of others nor their handshakes.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::rustls::{ServerConfig, ServerConnection};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// Judges how a handshake ended: an error closes the connection.
type Judge = Box<dyn FnOnce(io::Result<&ServerConnection>) -> io::Result<()> + Send + Sync>;

pub(crate) struct LazyTlsStream<S> {
    state: State<S>,
    judge: Option<Judge>,
}

enum State<S> {
    Handshaking(Box<Accept<S>>),
    Open(Box<TlsStream<S>>),
    Failed,
}

impl<S> fmt::Debug for LazyTlsStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Handshaking(_) => "handshaking",
            State::Open(_) => "open",
            State::Failed => "failed",
        };
        f.debug_tuple("LazyTlsStream").field(&state).finish()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> LazyTlsStream<S> {
    pub(crate) fn new(config: Arc<ServerConfig>, stream: S, judge: Judge) -> Self {
        let accept = TlsAcceptor::from(config).accept(stream);
        Self {
            state: State::Handshaking(Box::new(accept)),
            judge: Some(judge),
        }
    }

    /// The stream, once its handshake has ended well.
    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Pin<&mut TlsStream<S>>>> {
        if let State::Handshaking(accept) = &mut self.state {
            let ended = ready!(Pin::new(&mut **accept).poll(cx));
            self.state = State::Failed;
            let judge = self.judge.take();
            let judge = judge.unwrap_or_else(|| Box::new(|ended| ended.map(|_| ())));
            match ended {
                Ok(stream) => {
                    judge(Ok(stream.get_ref().1))?;
                    self.state = State::Open(Box::new(stream));
                }
                Err(error) => judge(Err(error))?,
            }
        }
        match &mut self.state {
            State::Open(stream) => Poll::Ready(Ok(Pin::new(&mut **stream))),
            State::Handshaking(_) | State::Failed => {
                Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for LazyTlsStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for LazyTlsStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_open(cx))?.poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_flush(cx)
    }

    /// A handshake that has not ended is not ended for the sake of a farewell.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.state {
            State::Open(stream) => Pin::new(&mut **stream).poll_shutdown(cx),
            State::Handshaking(_) | State::Failed => Poll::Ready(Ok(())),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_open(cx))?.poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}
