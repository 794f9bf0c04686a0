//! Requests for a list: the shape that all of them share.
//!
//! A list view is one function in `views`, one implementation of [`ListRequest`]
//! and one method of the service; paging, `as_of` and the check of a named
//! subject are done here.

use futures::future::BoxFuture;
use prost::{Message, Name};
use tonic::{Request, Response, Status};

use super::field_reader::FieldReader;
use super::log_fingerprint::LogIdentity;
use super::missing::require_subject;
use super::page::{Page, PageRequest};
use super::query::{Questions, parse_as_of, pin, question};
use crate::wire::proto::AsOf;
use minutebook_domain::ids::{BodyId, CollaborationId, SubjectId};
use minutebook_kernel::projection::PinnedView;

pub trait ListRequest: Message + Name + 'static {
    /// The fields that narrow the list, parsed.
    type Filter: ListFilter;
    type Response: Message + Clone + 'static;

    fn list_fields(&mut self) -> ListFields<'_>;

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter>;

    /// Cuts one page out of the list.
    fn answer(&self, filter: &Self::Filter, page: &Page<'_>) -> Self::Response;
}

/// The fields that every request for a list has.
pub struct ListFields<'a> {
    pub as_of: &'a mut Option<AsOf>,
    pub page_size: &'a mut i32,
    pub page_token: &'a mut String,
}

/// Implements [`ListRequest::list_fields`].
macro_rules! list_fields {
    () => {
        fn list_fields(&mut self) -> ListFields<'_> {
            ListFields {
                as_of: &mut self.as_of,
                page_size: &mut self.page_size,
                page_token: &mut self.page_token,
            }
        }
    };
}
pub(super) use list_fields;

pub trait ListFilter: Send + 'static {
    /// The one subject that the list is about, where the request names one. It
    /// must exist: a mistyped id is not an empty list.
    fn subject(&self) -> Option<&SubjectId>;

    /// Other subjects that the request names, and that must exist too.
    fn others(&self) -> Vec<SubjectId> {
        Vec::new()
    }
}

impl ListFilter for () {
    fn subject(&self) -> Option<&SubjectId> {
        None
    }
}

impl ListFilter for Option<SubjectId> {
    fn subject(&self) -> Option<&SubjectId> {
        self.as_ref()
    }
}

impl ListFilter for Option<BodyId> {
    fn subject(&self) -> Option<&SubjectId> {
        None
    }
}

impl ListFilter for Option<CollaborationId> {
    fn subject(&self) -> Option<&SubjectId> {
        None
    }
}

/// Answers a request. The future is boxed here, where `R` is any request: the compiler
/// then proves once that it can change threads, and not for each request.
pub fn answer_list<'a, R: ListRequest>(
    questions: &'a Questions,
    log: &'a LogIdentity,
    request: Request<R>,
) -> BoxFuture<'a, Result<Response<R::Response>, Status>> {
    Box::pin(answer(questions, log, request))
}

async fn answer<R: ListRequest>(
    questions: &Questions,
    log: &LogIdentity,
    request: Request<R>,
) -> Result<Response<R::Response>, Status> {
    let questions = questions.of(&request)?;
    let mut request = request.into_inner();
    let mut fields = FieldReader::default();
    let filter = request.read_filter(&mut fields);
    let ListFields {
        as_of: as_of_field,
        page_size,
        page_token,
    } = request.list_fields();
    let (as_of, filter) = parse_as_of(as_of_field.as_ref(), fields, filter)?;
    let (page_size, page_token) = (std::mem::take(page_size), std::mem::take(page_token));
    // The rest must be the same for every page. How long to wait may differ.
    as_of_field.get_or_insert_default().at_least_position = 0;
    let page = PageRequest::read(R::NAME, &request, as_of, page_size, &page_token)?;
    page.require_same_log(log).await?;
    let view = pin(&questions.cleared, &page.as_of).await?;
    let log = log.clone();
    let mut question = question(&request);
    question.extend(page.range());
    let answer = move |view: &PinnedView| {
        if let Some(subject) = filter.subject() {
            require_subject(view, subject)?;
        }
        for subject in filter.others() {
            require_subject(view, &subject)?;
        }
        let page = page.on(view, &log);
        let answer = request.answer(&filter, &page);
        page.complete(answer)
    };
    questions.answer_once(view, question, answer).await
}
