//! The forms of every kind of event: blank, checked, recorded.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use futures::future::BoxFuture;
use http::StatusCode;
use maud::Markup;
use tonic::Status;
use uuid::Uuid;

use super::Web;
use super::answers::{document, plain, redirect};
use super::asked::PageAsked;
use super::entries::one_entry;
use super::posted::{FormStep, PostedForm, SentBoxes, prefilled};
use super::recording::{RecordAnswer, proposal_of};
use super::refusal::refused;
use minutebook_domain::caller::Caller;
use minutebook_form::{FormContext, FormDrawing, FormFault, FormKind, FormNames, FormView, words};
use minutebook_grpc::wire::proto::{AppendRequest, GetProposalRequest};
use minutebook_page::form::{self, FormSheet};
use minutebook_page::form_check::FormCheck;
use minutebook_page::form_confirm::{self, Confirmation};
use minutebook_page::form_index;
use minutebook_page::frame::WebPage;

type Pages = State<Arc<Web>>;

/// Everything that can be recorded.
pub async fn index(State(web): Pages, asked: PageAsked) -> Response {
    let caution = web.reader(&asked).await.caution();
    let page = form_index::page(&caution, &asked.address);
    document(&web, &asked, None, &page, StatusCode::OK)
}

/// The form of a kind of event, filled in from its address.
pub async fn blank(State(web): Pages, Path(event): Path<String>, asked: PageAsked) -> Response {
    let sent = SentBoxes {
        typed: prefilled(&asked, &event),
        step: FormStep::Redraw,
        ..SentBoxes::default()
    };
    answer(&web, &event, asked, sent).await
}

/// A form that was sent: drawn again, checked or recorded.
pub async fn sent(State(web): Pages, Path(event): Path<String>, posted: PostedForm) -> Response {
    answer(&web, &event, posted.asked, posted.sent).await
}

/// The page after an entry was recorded.
pub async fn done(State(web): Pages, Path(position): Path<String>, asked: PageAsked) -> Response {
    let entry = match one_entry(&web, &asked, &position).await {
        Ok(entry) => entry,
        Err(status) => return refused(&web, &asked, &status),
    };
    let event = entry.entry.as_ref().and_then(|entry| entry.event.as_ref());
    let proposal_id = event.map(proposal_of).unwrap_or_default();
    let mut proposal = None;
    if !proposal_id.is_empty() {
        let request = GetProposalRequest {
            proposal_id,
            ..GetProposalRequest::default()
        };
        let found = web.known(request, &asked.caller).await.ok().flatten();
        proposal = found.and_then(|answer| answer.proposal);
    }
    let page = form_confirm::done(&entry, proposal.as_ref(), &asked.address);
    document(&web, &asked, None, &page, StatusCode::OK)
}

fn answer<'a>(
    web: &'a Web,
    event: &'a str,
    asked: PageAsked,
    sent: SentBoxes,
) -> BoxFuture<'a, Response> {
    Box::pin(async move {
        let Some(kind) = FormKind::named(event) else {
            let status = Status::not_found(format!("Nothing called {event} can be recorded"));
            return refused(web, &asked, &status);
        };
        match FormTask::new(web, kind, asked.clone(), sent).await {
            Ok(task) => task.answer().await,
            Err(status) => refused(web, &asked, &status),
        }
    })
}

/// A form that is being answered.
pub struct FormTask<'a> {
    pub web: &'a Web,
    pub kind: FormKind,
    pub asked: PageAsked,
    pub sent: SentBoxes,
    pub names: FormNames,
    pub sheet: FormSheet,
    pub asks_recorder: bool,
}

impl<'a> FormTask<'a> {
    pub async fn new(
        web: &'a Web,
        kind: FormKind,
        asked: PageAsked,
        sent: SentBoxes,
    ) -> Result<Self, Status> {
        let subject = sent.typed.field("subject").text();
        let names = web.form_names(kind, subject, &asked.caller).await?;
        let reader = web.reader(&asked).await;
        let sheet = FormSheet {
            request_id: request_id(&sent.request_id),
            csrf: asked.csrf.clone(),
            caution: reader.caution(),
            check: Markup::default(),
        };
        Ok(Self {
            web,
            kind,
            asks_recorder: !matches!(asked.caller, Caller::Known(_)),
            asked,
            sent,
            names,
            sheet,
        })
    }

    pub fn context(&self) -> FormContext<'_> {
        FormContext {
            names: &self.names,
            caller: self.asked.caller.clone(),
            request_id: &self.sheet.request_id,
        }
    }

    pub fn view(&self, faults: &[FormFault]) -> FormView {
        FormDrawing {
            names: &self.names,
            typed: &self.sent.typed,
            faults,
            add: &self.sent.add,
            asks_recorder: self.asks_recorder,
        }
        .form(self.kind)
    }

    pub fn read(&self) -> Result<AppendRequest, Vec<FormFault>> {
        self.context().read(self.kind, &self.sent.typed)
    }

    pub fn pairs(&self) -> Vec<(String, String)> {
        self.sent.typed.pairs()
    }

    pub fn page(&self, page: &WebPage, code: StatusCode) -> Response {
        document(self.web, &self.asked, None, page, code)
    }

    async fn answer(self) -> Response {
        let request = match (self.sent.step, self.read()) {
            (FormStep::Redraw, _) => return self.form(&[], Vec::new(), false, StatusCode::OK),
            (_, Err(faults)) => {
                return self.form(&faults, Vec::new(), false, StatusCode::BAD_REQUEST);
            }
            (_, Ok(request)) => request,
        };
        match self.sent.step {
            FormStep::Record => self.record(request).await,
            FormStep::Check | FormStep::Redraw => self.check(request).await,
        }
    }

    /// The form with its faults, or the check alone where a script asks for it.
    fn form(
        mut self,
        faults: &[FormFault],
        explanations: Vec<minutebook_grpc::wire::proto::Explanation>,
        is_judged: bool,
        code: StatusCode,
    ) -> Response {
        let view = self.view(faults);
        let check = FormCheck {
            explanations,
            faults: view.summary.clone(),
            is_judged,
        };
        let links = self.asked.address.links();
        if self.sent.is_fragment {
            return fragment(&check.markup(&self.names, links));
        }
        if is_judged {
            self.sheet.check = check.markup(&self.names, links);
        }
        let page = form::page(&view, &self.sheet, &self.asked.address);
        self.page(&page, code)
    }

    /// Shows the event that would be recorded, or why none would.
    async fn check(mut self, request: AppendRequest) -> Response {
        let explanations = self.web.explained(&request, &self.asked.caller).await;
        let judged = AppendRequest {
            validate_only: true,
            ..request
        };
        let context = self.context();
        let answer = self.web.recorded(judged, self.kind, &context).await;
        let recorded = match answer {
            RecordAnswer::Refused(faults, code) => {
                return self.form(&faults, explanations, true, code);
            }
            RecordAnswer::Unknown => {
                return self.form(&[], explanations, false, StatusCode::SERVICE_UNAVAILABLE);
            }
            RecordAnswer::OtherRecorded => return self.other_recorded(),
            RecordAnswer::Taken(recorded) => recorded,
        };
        if recorded.already_recorded {
            return done_at(&recorded);
        }
        let check = FormCheck {
            explanations,
            faults: Vec::new(),
            is_judged: true,
        };
        let markup = check.markup(&self.names, self.asked.address.links());
        if self.sent.is_fragment {
            return fragment(&markup);
        }
        let what = check.explanations.first().map_or("", |first| &first.what);
        let sentence = words::sentence(&words::plain_with_names(what, &self.names));
        self.sheet.check = markup;
        let page = Confirmation {
            view: &self.view(&[]),
            sentence: &sentence,
            sheet: &self.sheet,
            pairs: &self.pairs(),
        }
        .page(&self.asked.address);
        self.page(&page, StatusCode::OK)
    }

    async fn record(self, request: AppendRequest) -> Response {
        let context = self.context();
        let answer = self.web.recorded(request, self.kind, &context).await;
        match answer {
            RecordAnswer::Taken(recorded) => done_at(&recorded),
            RecordAnswer::Refused(faults, code) => self.form(&faults, Vec::new(), true, code),
            RecordAnswer::OtherRecorded => self.other_recorded(),
            RecordAnswer::Unknown => self.unknown(),
        }
    }

    pub fn unknown(&self) -> Response {
        let page = form_confirm::unknown(&self.sheet, &self.pairs(), &self.asked.address);
        self.page(&page, StatusCode::SERVICE_UNAVAILABLE)
    }

    pub fn other_recorded(&self) -> Response {
        let page = form_confirm::recorded_before(&self.sheet, &self.pairs(), &self.asked.address);
        self.page(&page, StatusCode::CONFLICT)
    }
}

/// The id of a form that was sent, or a new one.
fn request_id(sent: &str) -> String {
    match Uuid::try_parse(sent.trim()) {
        Ok(id) => id.to_string(),
        Err(_) => Uuid::now_v7().to_string(),
    }
}

/// The page of an entry that was recorded: another address, so that to load it again
/// records nothing.
pub fn done_at(recorded: &minutebook_grpc::wire::proto::AppendResponse) -> Response {
    let first = recorded
        .receipts
        .first()
        .map_or(0, |receipt| receipt.position);
    redirect(&format!("/record/done/{first}"))
}

fn fragment(markup: &Markup) -> Response {
    let text = markup.clone().into_string();
    plain(StatusCode::OK, "text/html; charset=utf-8", text)
}
