//! One line of the access log.

use std::fmt::Write as _;
use std::time::Instant;

use tonic::Code;

use super::TARGET;
use super::line_limit::may_write;
use crate::peer_address::PeerAddress;
use minutebook_domain::ids::Position;

/// The caller, where nobody is signed in.
pub const NOBODY: &str = "nobody signed in";

/// The most bytes of a path that a line repeats.
const METHOD_BYTES_MAX: usize = 100;

/// The most mandates that a line names.
const MANDATES_MAX: usize = 10;

pub struct AccessLine<'a> {
    pub peer: Option<PeerAddress>,
    pub caller: &'a str,
    pub method: &'a str,
    pub subjects: &'a str,
    pub mandates: &'a [Position],
    pub position: Option<u64>,
    pub began: Instant,
}

impl<'a> AccessLine<'a> {
    /// The line of a request that reaches no service.
    pub fn of_no_service(peer: Option<PeerAddress>, path: &'a str, began: Instant) -> Self {
        Self {
            peer,
            caller: NOBODY,
            method: method(path),
            subjects: "",
            mandates: &[],
            position: None,
            began,
        }
    }

    pub fn log(&self, outcome: &str, reason: Option<&str>) {
        let peer = self.peer.map(tracing::field::display);
        let subject = (!self.subjects.is_empty()).then_some(self.subjects);
        let micros = self.began.elapsed().as_micros();
        let duration_us = u64::try_from(micros).unwrap_or(u64::MAX);
        let (caller, method, position) = (self.caller, self.method, self.position);
        // Health is asked for every few seconds.
        if method.starts_with("grpc.health.") && outcome == "OK" {
            tracing::debug!(target: TARGET, peer, method, outcome, duration_us, "request");
            return;
        }
        if !may_write(self.peer, outcome) {
            return;
        }
        let mandates = (!self.mandates.is_empty()).then(|| listed(self.mandates));
        tracing::info!(
            target: TARGET,
            peer,
            caller,
            method,
            subject,
            mandates,
            outcome,
            reason,
            position,
            duration_us,
            "request"
        );
    }
}

/// `12 40`; only the first few.
fn listed(positions: &[Position]) -> String {
    let named = positions.iter().take(MANDATES_MAX);
    let named: Vec<String> = named.map(ToString::to_string).collect();
    let mut text = named.join(" ");
    if let Some(more) = positions.len().checked_sub(MANDATES_MAX)
        && more > 0
    {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// The method that a path names. Whatever a caller invents is cut short.
pub fn method(path: &str) -> &str {
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut end = path.len().min(METHOD_BYTES_MAX);
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    &path[..end]
}

pub const fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
