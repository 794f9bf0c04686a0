//! The access log: one line for each request, answered or refused.
//!
//! A line has the peer, the caller, the method, the subject, the mandates that were used,
//! the outcome with its reasons, the position that the answer is from or was recorded at,
//! and the duration. Nothing that a caller wrote is in it: subjects are ids of the register,
//! reasons are codes, and a caller is named as the issuer does, with a pseudonym. The
//! lines have a target of their own, [`TARGET`], so that an operator can turn them off
//! or keep them apart.

mod line;
mod line_limit;

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};
use prost_reflect::{DynamicMessage, ReflectMessage as _, Value};
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};

use self::line::{AccessLine, NOBODY, code_name};
use super::peer::Peer;
use super::peer_address::PeerAddress;
use super::status;
use crate::wire::proto::descriptors;
use minutebook_domain::event::Event;
use minutebook_domain::ids::{Position, SubjectId};

/// The target of the lines, for log directives: `info,minutebook::access=off`.
pub const TARGET: &str = "minutebook::access";

/// The most subjects that a line names.
const SUBJECTS_MAX: usize = 3;

tokio::task_local! {
    /// The notes on the call that this task answers.
    static CALL: AccessNotes;
}

/// Notes on a call, made while it is answered. Clones share them.
#[derive(Debug, Clone)]
pub struct AccessNotes {
    call: Arc<CallOrigin>,
    noted: Arc<Mutex<Noted>>,
}

#[derive(Debug)]
struct CallOrigin {
    peer: Option<PeerAddress>,
    /// Empty until the caller is known.
    caller: Arc<OnceLock<Arc<str>>>,
    method: String,
    began: Instant,
}

#[derive(Debug, Default)]
struct Noted {
    subjects: String,
    mandates: Vec<Position>,
    position: Option<u64>,
}

impl AccessNotes {
    fn of<B>(request: &Request<B>) -> Self {
        let peer = request.extensions().get::<Arc<Peer>>();
        Self {
            call: Arc::new(CallOrigin {
                peer: peer.map(|peer| peer.address()),
                caller: Arc::default(),
                method: line::method(request.uri().path()).to_owned(),
                began: Instant::now(),
            }),
            noted: Arc::default(),
        }
    }

    /// The notes on the call that this task answers; `None` where no line is wanted.
    pub fn current() -> Option<Self> {
        CALL.try_with(Self::clone).ok()
    }

    /// Notes on the next request of a stream.
    pub fn next_request(&self) -> Self {
        Self {
            call: Arc::new(CallOrigin {
                peer: self.call.peer,
                caller: Arc::clone(&self.call.caller),
                method: self.call.method.clone(),
                began: Instant::now(),
            }),
            noted: Arc::default(),
        }
    }

    fn note(&self, change: impl FnOnce(&mut Noted)) {
        change(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn note_events(&self, events: &[Event]) {
        self.note(|noted| {
            noted.subjects = listed(events.iter().map(|event| event.subject.to_string()));
        });
    }

    pub fn note_position(&self, position: u64) {
        self.note(|noted| noted.position = Some(position));
    }

    /// Notes the mandates on which the answer rests, by the entries that grant them.
    pub fn note_mandates(&self, positions: &[Position]) {
        self.note(|noted| {
            for position in positions {
                if !noted.mandates.contains(position) {
                    noted.mandates.push(*position);
                }
            }
        });
    }

    /// Writes the line.
    pub fn log(&self, outcome: Result<(), &Status>) {
        let CallOrigin {
            peer,
            caller,
            method,
            began,
        } = &*self.call;
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let line = AccessLine {
            peer: *peer,
            caller: caller.get().map_or(NOBODY, |label| &**label),
            method,
            subjects: &noted.subjects,
            mandates: &noted.mandates,
            position: noted.position,
            began: *began,
        };
        match outcome {
            Ok(()) => line.log("OK", None),
            Err(status) => line.log(code_name(status.code()), status::reasons(status).as_deref()),
        }
    }
}

/// Notes who makes the call that this task answers, in words that `label` gives.
pub fn note_caller(label: impl FnOnce() -> Arc<str>) {
    let _ = CALL.try_with(|notes| notes.call.caller.set(label()));
}

/// Notes the mandates on which the answer of this task rests.
pub fn note_mandates(positions: &[Position]) {
    let _ = CALL.try_with(|notes| notes.note_mandates(positions));
}

/// Notes the subjects of the call that this task answers.
pub fn note_events(events: &[Event]) {
    let _ = CALL.try_with(|notes| notes.note_events(events));
}

/// Notes the position that the answer of this task is from, or was recorded at.
pub fn note_position(position: u64) {
    let _ = CALL.try_with(|notes| notes.note_position(position));
}

/// Notes the subjects that a request names. Requests to record have their own notes.
pub fn note_request(name: &str, bytes: &Bytes) {
    if name.ends_with(".AppendRequest") || name.ends_with(".ExplainRequest") {
        return;
    }
    let _ = CALL.try_with(|notes| {
        let descriptor = descriptors().get_message_by_name(name);
        let message = descriptor.and_then(|of| DynamicMessage::decode(of, bytes.clone()).ok());
        let mut found = Vec::new();
        if let Some(message) = message {
            subjects_of(&message, &mut found);
        }
        notes.note(|noted| noted.subjects = listed(found.into_iter()));
    });
}

/// The subjects in the fields of a message. One that is no subject is not repeated.
fn subjects_of(message: &DynamicMessage, found: &mut Vec<String>) {
    for (field, value) in message.fields() {
        let noun = match field.name() {
            "subject" | "subjects" => "",
            "collaboration_id" => "collaborations/",
            "body_id" | "party_id" => "bodies/",
            "board_id" => "boards/",
            _ => match value {
                Value::Message(inner) if inner.descriptor().full_name() != "google.type.Date" => {
                    subjects_of(inner, found);
                    continue;
                }
                _ => continue,
            },
        };
        let texts = match value {
            Value::List(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        for text in texts.iter().filter_map(Value::as_str) {
            let subject: Result<SubjectId, _> = format!("{noun}{text}").parse();
            found.extend(subject.ok().map(|subject| subject.to_string()));
        }
    }
}

/// Subjects in one text: each once, and only the first few.
fn listed(subjects: impl Iterator<Item = String>) -> String {
    let mut distinct: Vec<String> = Vec::new();
    for subject in subjects {
        if !distinct.contains(&subject) {
            distinct.push(subject);
        }
    }
    let mut text = distinct[..distinct.len().min(SUBJECTS_MAX)].join(" ");
    if let Some(more) = distinct.len().checked_sub(SUBJECTS_MAX)
        && more > 0
    {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// A request that a web page was not allowed to make.
pub fn log_refusal(peer: Option<PeerAddress>, path: &str, refusal: &Status, began: Instant) {
    let line = AccessLine::of_no_service(peer, path, began);
    line.log(
        code_name(refusal.code()),
        status::reasons(refusal).as_deref(),
    );
}

/// A request that is no call of gRPC.
pub fn log_no_call(peer: Option<PeerAddress>, path: &str, answer: StatusCode, began: Instant) {
    let line = AccessLine::of_no_service(peer, path, began);
    line.log("NO_CALL", Some(&format!("HTTP_{}", answer.as_u16())));
}

/// Writes a line for each call that passes.
#[derive(Debug, Clone, Copy)]
pub struct AccessLog;

impl<S> Layer<S> for AccessLog {
    type Service = AccessLogged<S>;

    fn layer(&self, inner: S) -> AccessLogged<S> {
        AccessLogged { inner }
    }
}

#[derive(Debug, Clone)]
pub struct AccessLogged<S> {
    inner: S,
}

impl<S> Service<Request<Body>> for AccessLogged<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return Box::pin(self.inner.call(request));
        }
        let notes = AccessNotes::of(&request);
        let mut answer = LoggedBody {
            body: Body::default(),
            notes: Some(notes.clone()),
        };
        // The sign-in notes the caller before there is anything to wait for.
        let call = CALL.sync_scope(notes.clone(), || self.inner.call(request));
        let call = CALL.scope(notes, call);
        Box::pin(async move {
            // A caller who goes before there is an answer drops `answer`, too.
            let response = call.await?;
            answer.log_if_ended(response.headers());
            if response.body().is_end_stream()
                && let Some(notes) = answer.notes.take()
            {
                // The page is nothing but its headers.
                notes.log(Ok(()));
            }
            Ok(response.map(|body| {
                answer.body = body;
                Body::new(answer)
            }))
        })
    }
}

/// The body of an answer; its end gives the outcome. Dropped before, the caller has gone.
#[derive(Debug)]
struct LoggedBody {
    body: Body,
    /// `None` once the line is written.
    notes: Option<AccessNotes>,
}

impl LoggedBody {
    fn log_if_ended(&mut self, headers: &HeaderMap) {
        if !headers.contains_key(Status::GRPC_STATUS) {
            return;
        }
        let status = Status::from_header_map(headers);
        if let Some(notes) = self.notes.take() {
            match status.filter(|status| status.code() != Code::Ok) {
                Some(status) => notes.log(Err(&status)),
                None => notes.log(Ok(())),
            }
        }
    }
}

impl HttpBody for LoggedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(trailers) = frame.trailers_ref() {
                    self.log_if_ended(trailers);
                } else if self.body.is_end_stream()
                    && let Some(notes) = self.notes.take()
                {
                    // A page, which ends without trailers.
                    notes.log(Ok(()));
                }
            }
            Poll::Ready(Some(Err(status))) => {
                if let Some(notes) = self.notes.take() {
                    notes.log(Err(status));
                }
            }
            Poll::Ready(None) => {
                if let Some(notes) = self.notes.take() {
                    notes.log(Ok(()));
                }
            }
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for LoggedBody {
    fn drop(&mut self) {
        if let Some(notes) = self.notes.take() {
            notes.log(Err(&Status::cancelled("the caller has gone")));
        }
    }
}
