//! The steps that all queries share: read `as_of`, pin a view of the register,
//! and have a worker answer from that view.

use std::sync::Arc;

use futures::future::BoxFuture;
use prost::{Message, Name};
use tonic::{Request, Response, Status};

use super::field_reader::FieldReader;
use super::mandate_roles::mandate_positions;
use super::workers::Workers;
use super::{access_log, status};
use crate::wire::as_of;
use crate::wire::proto::{AnsweredFrom, AsOf};
use crate::wire::reply::{day, timestamp};
use minutebook_domain::caller::Caller;
use minutebook_domain::clearance::{Clearance, ReadingRefused};
use minutebook_kernel::projection::{ClearedProjection, PinnedView, Projection};

/// Where questions are answered: the register, and the workers that do it.
#[derive(Clone)]
pub struct Questions {
    pub projection: Projection,
    pub workers: Workers,
    /// Whether everybody may read what is not marked.
    pub is_public: bool,
}

/// Questions of one caller.
pub struct CallersQuestions {
    /// The register as the caller may read it.
    pub cleared: ClearedProjection,
    pub workers: Workers,
}

/// A request for one item of the register.
pub trait ItemRequest: Message + Name + 'static {
    /// Its fields, parsed: they say which item is wanted.
    type Key: Send + 'static;
    type Response: Message + Clone + 'static;

    fn as_of(&self) -> Option<&AsOf>;

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key>;

    /// Answers from the view, or says why the item is not there.
    fn answer(key: Self::Key, view: &PinnedView) -> Result<Self::Response, Status>;
}

/// Answers a request. The future is boxed here, where `R` is any request: the compiler
/// then proves once that it can change threads, and not for each request.
pub fn answer_item<R: ItemRequest>(
    questions: &Questions,
    request: Request<R>,
) -> BoxFuture<'_, Result<Response<R::Response>, Status>> {
    Box::pin(answer(questions, request))
}

async fn answer<R: ItemRequest>(
    questions: &Questions,
    request: Request<R>,
) -> Result<Response<R::Response>, Status> {
    let questions = questions.of(&request)?;
    let request = request.into_inner();
    let mut fields = FieldReader::default();
    let key = request.read_key(&mut fields);
    let (as_of, key) = parse_as_of(request.as_of(), fields, key)?;
    let view = pin(&questions.cleared, &as_of).await?;
    let question = question::<R>(&request);
    questions
        .answer_once(view, question, move |view| R::answer(key, view))
        .await
}

/// Reads `as_of` beside the other fields, and refuses the request if any of them
/// has a fault.
pub fn parse_as_of<T>(
    as_of: Option<&AsOf>,
    mut fields: FieldReader,
    values: Option<T>,
) -> Result<(as_of::AsOf, T), Status> {
    let as_of = fields.keep_faults(as_of::as_of(as_of));
    fields.finish(as_of.zip(values))
}

/// The register as a query sees it. Waits for `at_least_position`, within limits.
pub async fn pin(
    cleared: &ClearedProjection,
    as_of: &as_of::AsOf,
) -> Result<Arc<PinnedView>, Status> {
    let view = cleared.view(as_of).await;
    let view = view.map_err(status::pinned_view)?;
    access_log::note_position(view.known().get());
    Ok(view)
}

impl Questions {
    /// The questions of the caller of a request, who reads what their mandates cover.
    pub fn of<T>(&self, request: &Request<T>) -> Result<CallersQuestions, Status> {
        let caller = caller_of(request);
        if let Caller::Known(known) = &caller {
            access_log::note_mandates(&mandate_positions(&self.projection, known));
        }
        Ok(CallersQuestions {
            cleared: self.cleared(&caller).map_err(status::reading_refused)?,
            workers: self.workers.clone(),
        })
    }

    /// The register as a caller may read it.
    pub fn cleared(&self, caller: &Caller) -> Result<ClearedProjection, ReadingRefused> {
        let clearance = self.clearance(caller)?;
        Ok(ClearedProjection::new(self.projection.clone(), clearance))
    }

    /// The register by which a caller learns why something is refused: the mandates say which
    /// is lacking, also to one who may read nothing.
    pub fn explained_to(&self, caller: &Caller) -> ClearedProjection {
        let clearance = self.clearance(caller);
        let clearance = clearance.unwrap_or_else(|_| Clearance::mandates_alone());
        ClearedProjection::new(self.projection.clone(), clearance.with_mandates())
    }

    /// The clearance of a caller now.
    pub fn clearance(&self, caller: &Caller) -> Result<Clearance, ReadingRefused> {
        let (register, today) = (self.projection.register(), self.projection.today());
        Clearance::of(caller, &register, today, self.is_public)
    }
}

/// The caller whom the sign-in put beside a request.
pub fn caller_of<T>(request: &Request<T>) -> Caller {
    request.extensions().get().cloned().unwrap_or_default()
}

impl CallersQuestions {
    /// Computes an answer from a view, unless the same question has been answered from it.
    pub async fn answer_once<T: Message + Clone + 'static>(
        &self,
        view: Arc<PinnedView>,
        question: Vec<u8>,
        answer: impl FnOnce(&PinnedView) -> Result<T, Status> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        if let Some(answer) = view.answers().get(&question) {
            return Ok(Response::new(answer));
        }
        let compute = move || {
            let answer = answer(&view)?;
            let bytes = answer.encoded_len();
            view.answers().put(question, answer.clone(), bytes);
            Ok(answer)
        };
        self.answer(compute).await
    }

    /// Computes an answer without holding up other calls: a view may have to fold the
    /// whole register again.
    pub async fn answer<T: Send + 'static>(
        &self,
        answer: impl FnOnce() -> Result<T, Status> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        self.workers.run(answer).await?.map(Response::new)
    }
}

/// A question as the answers of a view are kept by: the method and its request.
pub fn question<R: Message + Name>(request: &R) -> Vec<u8> {
    let mut question = R::NAME.as_bytes().to_vec();
    question.push(0);
    question.extend(request.encode_to_vec());
    question
}

pub fn answered_from(view: &PinnedView) -> Option<AnsweredFrom> {
    Some(AnsweredFrom {
        position: view.known().get(),
        as_at: Some(day(view.as_at())),
        known_at: view.known_at().map(timestamp),
        withheld: view.register().withholds(),
    })
}
