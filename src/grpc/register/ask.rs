//! What every question has in common: its fields, its vantage, its page.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use prost::Message;
use tonic::{Response, Status};

use super::RegisterHandler;
use crate::blocking;
use crate::domain::ids::{ProposalId, SubjectId};
use crate::grpc::page::PageRequest;
use crate::grpc::status::{self, NotFound, Reason};
use crate::projection::{PinnedView, Projection};
use crate::wire::as_of;
use crate::wire::proto::*;
use crate::wire::reply::{day, timestamp};
use crate::wire::violation::FieldViolation;

/// The fields of a question, read together so that all faults are told at once.
#[derive(Debug, Default)]
pub struct FieldReader {
    found: Vec<FieldViolation>,
}

impl FieldReader {
    /// A field that must be given.
    pub fn required<T: FromStr<Err: Display>>(&mut self, field: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.found.push(FieldViolation {
                    field: field.to_owned(),
                    description: error.to_string(),
                });
                None
            }
        }
    }

    /// A field that was read elsewhere; `None` where that left faults.
    pub fn read<T>(&mut self, read: Result<T, Vec<FieldViolation>>) -> Option<T> {
        read.map_err(|found| self.found.extend(found)).ok()
    }

    /// A fault in a field.
    pub fn fault(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.found.push(FieldViolation {
            field: field.into(),
            description: description.into(),
        });
    }

    /// What was read, or everything that is wrong with it.
    pub fn finish<T>(self, values: Option<T>) -> Result<T, Status> {
        match values {
            Some(values) if self.found.is_empty() => Ok(values),
            Some(_) | None => Err(status::invalid(self.found)),
        }
    }

    /// A field that may be empty; `None` is a fault.
    pub fn optional<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &str,
    ) -> Option<Option<T>> {
        if text.is_empty() {
            return Some(None);
        }
        self.required(field, text).map(Some)
    }
}

/// A request for a list.
pub trait List: Message + Clone + Default {
    /// Its name, to tell apart lists that are asked for in the same way.
    const NAME: &'static str;
    /// What it speaks for.
    fn as_of(&self) -> Option<&AsOf>;
    /// How many lines, from where.
    fn paging(&self) -> (i32, &str);
    /// What must be the same on every page.
    fn content(&self) -> Self;
}

macro_rules! lists {
    ($($Request:ident)*) => {$(
        impl List for $Request {
            const NAME: &'static str = stringify!($Request);

            fn as_of(&self) -> Option<&AsOf> {
                self.as_of.as_ref()
            }

            fn paging(&self) -> (i32, &str) {
                (self.page_size, &self.page_token)
            }

            fn content(&self) -> Self {
                let mut content = self.clone();
                content.page_size = 0;
                content.page_token.clear();
                // How long to wait is no part of the question.
                let as_of = content.as_of.get_or_insert_default();
                as_of.at_least_position = 0;
                content
            }
        }
    )*};
}

lists! {
    ListCollaborationsRequest ListBodiesRequest ListBoardsRequest ListDecisionsRequest
    ListDeadlinesRequest ListRecommendationsRequest ListBenefitsRequest ListDifferencesRequest
    ListApprovalsRequest ListVirementsRequest ListBreachesRequest ListNoticesRequest
}

impl RegisterHandler {
    /// The vantage for a question about one thing, and its fields.
    pub(super) async fn one<F>(
        &self,
        as_of: Option<&AsOf>,
        fields: FieldReader,
        values: Option<F>,
    ) -> Result<(Arc<PinnedView>, F), Status> {
        one(&self.projection, as_of, fields, values).await
    }

    /// The page and the vantage for a question for a list, and its fields.
    pub(super) async fn page<R: List, F>(
        &self,
        request: &R,
        fields: FieldReader,
        values: Option<F>,
    ) -> Result<(PageRequest, Arc<PinnedView>, F), Status> {
        let (question, values) = checked(request.as_of(), fields, values)?;
        let (size, token) = request.paging();
        let page = PageRequest::wanted(R::NAME, &request.content(), question, size, token)?;
        let vantage = self.projection.view(&page.question).await;
        Ok((page, vantage.map_err(status::vantage)?, values))
    }
}

/// The vantage for a question about one thing, and its fields.
pub async fn one<F>(
    projection: &Projection,
    as_of: Option<&AsOf>,
    fields: FieldReader,
    values: Option<F>,
) -> Result<(Arc<PinnedView>, F), Status> {
    let (question, values) = checked(as_of, fields, values)?;
    let vantage = projection.view(&question).await;
    Ok((vantage.map_err(status::vantage)?, values))
}

fn checked<F>(
    as_of: Option<&AsOf>,
    mut fields: FieldReader,
    values: Option<F>,
) -> Result<(as_of::AsOf, F), Status> {
    let question = fields.read(as_of::as_of(as_of));
    fields.finish(question.zip(values))
}

/// Answers where it does not hold up other calls: a view may have to refold the
/// whole register.
pub async fn run_blocking<T: Send + 'static>(
    answer: impl FnOnce() -> Result<T, Status> + Send + 'static,
) -> Result<Response<T>, Status> {
    let answer = blocking::run_blocking(answer).await;
    let answer = answer.map_err(|_| status::failed())?;
    answer.map(Response::new)
}

/// What an answer speaks for.
pub fn answered_from(vantage: &PinnedView) -> Option<AnsweredFrom> {
    Some(AnsweredFrom {
        position: vantage.known().get(),
        as_at: Some(day(vantage.as_at())),
        known_at: vantage.known_at().map(timestamp),
    })
}

/// A subject that cannot be seen from here, and why.
pub fn missing(vantage: &PinnedView, id: &SubjectId) -> Status {
    let (reason, kind, founded_with) = match id {
        SubjectId::Body(_) => (Reason::BodyNotFound, "body", "body_registered"),
        SubjectId::Board(_) => (Reason::BoardNotFound, "board", "board_constituted"),
        SubjectId::Collaboration(_) => (
            Reason::CollaborationNotFound,
            "collaboration",
            "collaboration_established",
        ),
        SubjectId::Register => (
            Reason::RegisterNotFound,
            "register",
            "checkpoint_key_replaced",
        ),
    };
    let (as_at, known) = (vantage.as_at(), vantage.known());
    let sentence = match vantage.register().record(id) {
        None => format!(
            "no {kind} {id} is in the register: check the id, or record {founded_with} for it"
        ),
        Some(record) => {
            let first = record.history().front().map(|entry| entry.position);
            let since = record.subject().founded_on();
            match (first, since) {
                (Some(first), _) if first > known => format!(
                    "{id} was first recorded at position {first}, and the question knows only of \
                     position {known}: ask as known later"
                ),
                (_, Some(since)) if since.first_day() > as_at => format!(
                    "{id} begins on {since}, and the question is about {as_at}: ask about a later \
                     day"
                ),
                _ => format!(
                    "{id} is recorded, but was not in being on {as_at} as known at position \
                     {known}: its history says why"
                ),
            }
        }
    };
    let name = id.to_string();
    status::not_found(NotFound {
        reason,
        kind,
        name,
        sentence,
    })
}

/// Demands that the subject a list is about, where one is named, can be seen from
/// here: a name that is mistyped is no empty list.
pub fn seen(vantage: &PinnedView, id: Option<&SubjectId>) -> Result<(), Status> {
    match id {
        Some(id) if vantage.subject(id).is_none() => Err(missing(vantage, id)),
        _ => Ok(()),
    }
}

/// Something of a subject that cannot be seen from here: perhaps since the
/// subject cannot.
pub fn missing_of(vantage: &PinnedView, of: &SubjectId, reason: Reason, sentence: &str) -> Status {
    if vantage.subject(of).is_none() {
        return missing(vantage, of);
    }
    status::not_found(NotFound {
        reason,
        kind: "budget",
        name: of.to_string(),
        sentence: sentence.to_owned(),
    })
}

/// A proposal that cannot be seen from here.
pub fn missing_proposal(vantage: &PinnedView, id: ProposalId) -> Status {
    let (as_at, known) = (vantage.as_at(), vantage.known());
    let sentence = match vantage.register().proposal(id) {
        None => format!(
            "no proposal {id} is in the register: `show approvals` lists them, or record \
             matter_proposed or virement_requested for it"
        ),
        Some(subject) => format!(
            "the proposal {id} about {subject} was not put up by {as_at} as known at position \
             {known}: ask about a later day, or as known later"
        ),
    };
    status::not_found(NotFound {
        reason: Reason::ProposalNotFound,
        kind: "proposal",
        name: id.to_string(),
        sentence,
    })
}
