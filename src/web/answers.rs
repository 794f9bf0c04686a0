//! An answer of the register in the format that was asked for.

use axum::body::Body;
use axum::response::Response;
use futures::future::BoxFuture;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use tonic::{Request, Status};

use super::Web;
use super::asked::PageAsked;
use super::format::PageFormat;
use super::refusal;
use minutebook_domain::caller::Caller;
use minutebook_grpc::list_request::{ListFields, ListRequest};
use minutebook_grpc::query::ItemRequest;
use minutebook_grpc::wire::paged::{EveryPageError, PagedResponse, every_page};
use minutebook_grpc::wire::proto::{AnsweredFrom, CollaborationView, GetCollaborationRequest};
use minutebook_grpc::wire::reply;
use minutebook_page::address::Address;
use minutebook_page::frame::{Frame, WebPage};
use minutebook_present::answer::Answer;
use minutebook_present::{csv, json};

/// The lines on one page of a browser.
pub const LINES: i32 = 200;

/// The lines that a program gets by one question to the services.
const PROGRAM_LINES: i32 = 1_000;

/// The most of these that one answer is joined from.
const PROGRAM_PAGES_MAX: usize = 200;

/// The parameter that names the next part of a list.
pub const NEXT: &str = "next";

impl Web {
    /// Answers one item: `page` says what it looks like to people.
    pub(super) fn item<'a, R>(
        &'a self,
        asked: PageAsked,
        request: R,
        page: impl FnOnce(&R::Response, &Address) -> WebPage + Send + 'a,
    ) -> BoxFuture<'a, Response>
    where
        R: ItemRequest<Response: Answer>,
    {
        Box::pin(self.item_page(asked, request, page))
    }

    async fn item_page<R>(
        &self,
        asked: PageAsked,
        request: R,
        page: impl FnOnce(&R::Response, &Address) -> WebPage,
    ) -> Response
    where
        R: ItemRequest<Response: Answer>,
    {
        if let Some(response) = self.before_an_answer(&asked) {
            return response;
        }
        match self.register.item(of_caller(request, &asked.caller)).await {
            Ok(answer) => self.write(&asked, answer.get_ref(), page),
            Err(status) => refusal::refused(self, &asked, &status),
        }
    }

    /// Answers a list. A browser gets a part of a long one, and the way to the next.
    pub(super) fn list<'a, R>(
        &'a self,
        asked: PageAsked,
        request: R,
        page: impl FnOnce(&R::Response, &Address) -> WebPage + Send + 'a,
    ) -> BoxFuture<'a, Response>
    where
        R: ListRequest<Response: Answer + PagedResponse> + Clone,
    {
        Box::pin(self.list_page(asked, request, page))
    }

    async fn list_page<R>(
        &self,
        asked: PageAsked,
        mut request: R,
        page: impl FnOnce(&R::Response, &Address) -> WebPage,
    ) -> Response
    where
        R: ListRequest<Response: Answer + PagedResponse> + Clone,
    {
        if let Some(response) = self.before_an_answer(&asked) {
            return response;
        }
        let fields = request.list_fields();
        *fields.as_of = Some(asked.address.moment.as_of());
        *fields.page_size = match asked.format {
            PageFormat::Html => LINES,
            PageFormat::Csv | PageFormat::Json => PROGRAM_LINES,
        };
        *fields.page_token = asked.text(NEXT).into_owned();
        if asked.format != PageFormat::Html {
            return match self.every_page(&asked, request).await {
                Ok(answer) => self.write(&asked, &answer, page),
                Err(status) => refusal::refused(self, &asked, &status),
            };
        }
        let answer = self.register.list(of_caller(request, &asked.caller)).await;
        match answer {
            Ok(answer) => {
                let mut answer = answer.into_inner();
                let next = answer.take_token();
                let with_next = |answer: &R::Response, address: &Address| {
                    let page = page(answer, address);
                    match next.as_str() {
                        "" => page,
                        next => page.continued(&address.with(NEXT, next)),
                    }
                };
                self.write(&asked, &answer, with_next)
            }
            Err(status) => refusal::refused(self, &asked, &status),
        }
    }

    pub(super) async fn every_page<R>(
        &self,
        asked: &PageAsked,
        request: R,
    ) -> Result<R::Response, Status>
    where
        R: ListRequest<Response: PagedResponse> + Clone,
    {
        // It owns what it needs: of a closure that borrows, the compiler cannot prove here
        // that its future may change threads.
        let (register, caller) = (self.register.clone(), asked.caller.clone());
        let ask = move |token: String| {
            let mut request = request.clone();
            let ListFields { page_token, .. } = request.list_fields();
            *page_token = token;
            let (register, request) = (register.clone(), of_caller(request, &caller));
            async move { Ok::<_, Status>(register.list(request).await?.into_inner()) }
        };
        every_page(PROGRAM_PAGES_MAX, ask).await.map_err(not_whole)
    }

    /// Collaborations in full, for what a page shows beside its answer. One that cannot be
    /// read is left out.
    pub(super) async fn in_full(
        &self,
        asked: &PageAsked,
        ids: Vec<String>,
    ) -> Vec<CollaborationView> {
        let mut views = Vec::new();
        for collaboration_id in ids {
            let request = GetCollaborationRequest {
                as_of: Some(asked.address.moment.as_of()),
                collaboration_id,
            };
            let answer = self.register.item(of_caller(request, &asked.caller)).await;
            views.extend(
                answer
                    .ok()
                    .and_then(|answer| answer.into_inner().collaboration),
            );
        }
        views
    }

    /// A redirect to the short address, or the page that says what cannot be read.
    pub(super) fn before_an_answer(&self, asked: &PageAsked) -> Option<Response> {
        if !asked.faults.is_empty() {
            return Some(refusal::unreadable(self, asked));
        }
        asked.is_of_form.then(|| redirect(&asked.address.href()))
    }

    /// Writes an answer.
    pub(super) fn write<A: Answer>(
        &self,
        asked: &PageAsked,
        answer: &A,
        page: impl FnOnce(&A, &Address) -> WebPage,
    ) -> Response {
        match asked.format {
            PageFormat::Html => {
                let page = page(answer, &asked.address);
                let from = answer.answered_from();
                document(self, asked, from, &page, StatusCode::OK)
            }
            PageFormat::Json => plain(StatusCode::OK, "application/json", json::render(answer)),
            PageFormat::Csv => {
                let mut bytes = Vec::new();
                // Writing into memory cannot fail.
                let _ = csv::write(&answer.report(), &mut bytes);
                let mut response = plain(StatusCode::OK, "text/csv; charset=utf-8", bytes);
                let headers = response.headers_mut();
                headers.insert(CONTENT_DISPOSITION, attachment(&asked.address.path, "csv"));
                response
            }
        }
    }
}

/// Why the pages of a list do not become one answer.
pub fn not_whole(error: EveryPageError<Status>) -> Status {
    match error {
        EveryPageError::Refused(status) => status,
        EveryPageError::SamePage | EveryPageError::TooLong => {
            Status::out_of_range("the list is too long for one file: narrow it, or export the log")
        }
    }
}

/// A request of a caller, for a handler in this process.
pub fn of_caller<R>(message: R, caller: &Caller) -> Request<R> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller.clone());
    request
}

/// A whole page.
pub fn document(
    web: &Web,
    asked: &PageAsked,
    from: Option<&AnsweredFrom>,
    page: &WebPage,
    code: StatusCode,
) -> Response {
    let frame = Frame {
        address: &asked.address,
        today: reply::day(web.register.today()),
        from,
        visitor: &asked.visitor,
        past: &asked.past,
    };
    plain(code, "text/html; charset=utf-8", frame.document(page))
}

/// Bytes of a media type.
pub fn plain(code: StatusCode, media: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    *response.status_mut() = code;
    let media = HeaderValue::from_static(media);
    response.headers_mut().insert(CONTENT_TYPE, media);
    response
}

/// Another address for what was asked.
pub fn redirect(to: &str) -> Response {
    let mut response = plain(StatusCode::SEE_OTHER, "text/plain", "");
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// The name under which a browser keeps a file.
pub(super) fn attachment(path: &str, suffix: &str) -> HeaderValue {
    let name = path.trim_matches('/').replace('/', "-");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let name: String = name.chars().filter(|c| is_plain(*c)).collect();
    let text = format!("attachment; filename=\"{name}.{suffix}\"");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}
