//! A connection that notes why it ended before the server had said anything.
//!
//! The libraries above it pass on that a call failed, and mostly no more. Two of the
//! reasons are for the reader to mend: in TLS 1.3 a client learns that its certificate is
//! refused only when it reads for the first time; and a server with TLS answers plain HTTP
//! with an alert.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::rustls::{AlertDescription, Error as TlsError};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::Channel;
use tower::Service;

use super::failure::chain;

/// The first bytes of an alert of TLS, as a server without plain HTTP sends it.
const TLS_ALERT: &[u8] = &[0x15, 0x03];

/// How a client speaks to a server, as far as the reasons differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    Plain,
    Tls { shows_certificate: bool },
}

/// Why the last connection ended, in a sentence. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct EarlyEnd(Arc<Mutex<Option<String>>>);

impl EarlyEnd {
    fn set(&self, why: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    fn get(&self) -> Option<String> {
        let why = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        why.clone()
    }
}

#[derive(Debug)]
pub struct ObservedStream<S> {
    stream: S,
    speech: Speech,
    end: EarlyEnd,
    has_received: bool,
}

impl<S> ObservedStream<S> {
    /// From now on, `end` is about this connection.
    pub fn new(stream: S, speech: Speech, end: EarlyEnd) -> Self {
        end.set(None);
        Self {
            stream,
            speech,
            end,
            has_received: false,
        }
    }

    fn note_bytes(&mut self, bytes: &[u8]) {
        if self.has_received {
            return;
        }
        if bytes.is_empty() {
            return self.note_end(None);
        }
        self.has_received = true;
        if self.speech == Speech::Plain && bytes.starts_with(TLS_ALERT) {
            let why = "the server speaks TLS: write https:// instead of http://";
            self.end.set(Some(why.to_owned()));
        }
    }

    /// The end of a connection on which nothing was received.
    fn note_end(&self, error: Option<&io::Error>) {
        if self.has_received {
            return;
        }
        let cause = error.and_then(io::Error::get_ref);
        let alert = match cause.and_then(|cause| cause.downcast_ref()) {
            Some(TlsError::AlertReceived(alert)) => Some(*alert),
            _ => None,
        };
        let error = error.map_or_else(String::new, |error| format!(" ({})", chain(error)));
        let why = match (self.speech, alert) {
            (_, Some(AlertDescription::CertificateRequired)) => format!(
                "the server wants a client certificate{error}: give --client-cert and --client-key"
            ),
            (
                Speech::Tls {
                    shows_certificate: true,
                },
                Some(_),
            ) => format!("the server refuses the client certificate{error}: its log says why"),
            (
                Speech::Tls {
                    shows_certificate: true,
                },
                None,
            ) => format!(
                "the server ended the connection after the handshake{error}, as it does when it \
                 refuses a client certificate: its log says why"
            ),
            (
                Speech::Tls {
                    shows_certificate: false,
                },
                _,
            ) => format!(
                "the server ended the connection after the handshake{error}: its log says why"
            ),
            (Speech::Plain, _) => format!(
                "the server ended the connection before it answered{error}: if it speaks TLS, write \
                 https:// instead of http://"
            ),
        };
        self.end.set(Some(why));
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ObservedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        match &polled {
            Poll::Ready(Ok(())) => self.note_bytes(&buf.filled()[before..]),
            Poll::Ready(Err(error)) => self.note_end(Some(error)),
            Poll::Pending => {}
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ObservedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Err(error)) = &polled {
            self.note_end(Some(error));
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A channel whose calls fail with the reason that its connection noted, if it did.
#[derive(Debug, Clone)]
pub struct ObservedChannel {
    channel: Channel,
    end: EarlyEnd,
}

impl ObservedChannel {
    pub const fn new(channel: Channel, end: EarlyEnd) -> Self {
        Self { channel, end }
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Service<http::Request<Body>> for ObservedChannel {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.channel.poll_ready(cx).map_err(BoxError::from)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let call = self.channel.call(request);
        let end = self.end.clone();
        Box::pin(async move {
            call.await.map_err(|error| match end.get() {
                Some(why) => Status::unavailable(why).into(),
                None => error.into(),
            })
        })
    }
}
