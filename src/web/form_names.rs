//! The names that a form suggests, asked of the services in this process.

use futures::future::BoxFuture;
use tonic::{Code, Status};

use super::Web;
use super::answers::of_caller;
use minutebook_domain::caller::Caller;
use minutebook_form::{FormKind, FormNames, KindRole, Noun, nouns_of};
use minutebook_grpc::list_request::ListRequest;
use minutebook_grpc::query::ItemRequest;
use minutebook_grpc::wire::proto::{
    GetBoardRequest, GetBudgetRequest, GetCollaborationRequest, ListApprovalsRequest,
    ListBoardsRequest, ListBodiesRequest, ListCollaborationsRequest, ListDecisionsRequest,
    ListNoticesRequest, ListVirementsRequest,
};
use minutebook_page::spoken;
use minutebook_workbook::{NameDirectory, NamedThing};

/// The most names of a kind that are asked for.
const ASKED_MAX: i32 = 1_000;

impl Web {
    /// The names of bodies, boards and collaborations, and of open and settled proposals
    /// where `has_proposals`.
    pub(super) async fn directory(
        &self,
        caller: &Caller,
        has_proposals: bool,
    ) -> Result<NameDirectory, Status> {
        let mut directory = NameDirectory::default();
        let bodies = ListBodiesRequest {
            page_size: ASKED_MAX,
            include_succeeded: true,
            ..ListBodiesRequest::default()
        };
        directory.add_bodies(&self.ask(bodies, caller).await?.bodies);
        let boards = ListBoardsRequest {
            page_size: ASKED_MAX,
            ..ListBoardsRequest::default()
        };
        directory.add_boards(&self.ask(boards, caller).await?.boards);
        let collaborations = ListCollaborationsRequest {
            page_size: ASKED_MAX,
            include_ended: true,
            ..ListCollaborationsRequest::default()
        };
        let collaborations = self.ask(collaborations, caller).await?;
        directory.add_collaborations(&collaborations.collaborations);
        if has_proposals {
            let proposals = ListApprovalsRequest {
                page_size: ASKED_MAX,
                ..ListApprovalsRequest::default()
            };
            directory.add_approvals(&self.ask(proposals, caller).await?.approvals);
        }
        Ok(directory)
    }

    /// Adds the names within a subject, if the register has it.
    pub(super) async fn add_within(
        &self,
        directory: &mut NameDirectory,
        subject: &str,
        caller: &Caller,
    ) -> Result<(), Status> {
        if let Some(id) = subject.strip_prefix("collaborations/") {
            let request = GetCollaborationRequest {
                collaboration_id: id.to_owned(),
                ..GetCollaborationRequest::default()
            };
            let answer = self.known(request, caller).await?;
            if let Some(view) = answer.and_then(|answer| answer.collaboration) {
                directory.add_collaboration(&view);
            }
        }
        let request = GetBudgetRequest {
            subject: subject.to_owned(),
            ..GetBudgetRequest::default()
        };
        let answer = self.known(request, caller).await?;
        if let Some(view) = answer.and_then(|answer| answer.budget) {
            directory.add_budget(&view);
        }
        Ok(())
    }

    /// The names for a form of a kind. `subject` is what was typed for its subject.
    pub(super) fn form_names<'a>(
        &'a self,
        kind: FormKind,
        subject: &'a str,
        caller: &'a Caller,
    ) -> BoxFuture<'a, Result<FormNames, Status>> {
        Box::pin(self.names_for(kind, subject, caller))
    }

    async fn names_for(
        &self,
        kind: FormKind,
        subject: &str,
        caller: &Caller,
    ) -> Result<FormNames, Status> {
        let nouns = nouns_of(kind);
        let has_proposals = kind.role == KindRole::Act || nouns.contains(&Noun::Proposal);
        let mut directory = self.directory(caller, has_proposals).await?;
        let any = Noun::Subject(minutebook_form::SubjectRange::Any);
        let subject = FormNames::of(&directory, "")
            .meant(&any, subject)
            .unwrap_or_default();
        if subject.is_empty() {
            return Ok(FormNames::of(&directory, ""));
        }
        self.add_within(&mut directory, &subject, caller).await?;
        let mut names = FormNames::of(&directory, &subject);
        for noun in &nouns {
            if let Noun::Item(item) = noun {
                let things = self.items_of(item, &subject, caller).await?;
                names.add(noun.clone(), things);
            }
        }
        Ok(names)
    }

    /// The items of a subject that have a list.
    async fn items_of(
        &self,
        item: &str,
        subject: &str,
        caller: &Caller,
    ) -> Result<Vec<NamedThing>, Status> {
        let subject = subject.to_owned();
        let page_size = ASKED_MAX;
        let thing = |id: &str, name: String| NamedThing::new(id, &name, &[]);
        Ok(match item {
            "decision" => {
                let request = ListDecisionsRequest {
                    subject,
                    page_size,
                    ..ListDecisionsRequest::default()
                };
                let decisions = self.ask(request, caller).await?.decisions;
                let decisions = decisions.iter().filter(|view| !view.decision_id.is_empty());
                decisions
                    .map(|view| {
                        let on = spoken::optional(&view.on);
                        thing(&view.decision_id, format!("{}, {on}", view.title))
                    })
                    .collect()
            }
            "notice" => {
                let request = ListNoticesRequest {
                    subject,
                    page_size,
                    include_past: true,
                    ..ListNoticesRequest::default()
                };
                let notices = self.ask(request, caller).await?.notices;
                notices
                    .iter()
                    .map(|view| {
                        let body = view.body.clone().unwrap_or_default().name;
                        let on = spoken::optional(&view.given_on);
                        thing(&view.notice_id, format!("Notice of {body}, {on}"))
                    })
                    .collect()
            }
            "virement" => {
                let request = ListVirementsRequest {
                    subject,
                    page_size,
                    ..ListVirementsRequest::default()
                };
                let virements = self.ask(request, caller).await?.virements;
                let acts = virements.iter().flat_map(|view| &view.made);
                let acts = acts.filter(|act| !act.item_id.is_empty());
                acts.map(|act| {
                    let amount = act.amount_pence.map_or_else(String::new, spoken::pounds);
                    let on = spoken::optional(&act.on);
                    thing(&act.item_id, format!("{amount} on {on}"))
                })
                .collect()
            }
            "meeting" => match subject.strip_prefix("boards/") {
                Some(board_id) => {
                    let request = GetBoardRequest {
                        board_id: board_id.to_owned(),
                        ..GetBoardRequest::default()
                    };
                    let board = self.known(request, caller).await?;
                    let board = board.and_then(|answer| answer.board).unwrap_or_default();
                    let meetings = board.meetings.iter();
                    meetings
                        .filter(|view| !view.meeting_id.is_empty())
                        .map(|view| {
                            let day = view.held_on.as_ref().or(view.called_for_on.as_ref());
                            let day = day.map_or_else(String::new, spoken::date);
                            thing(&view.meeting_id, format!("Meeting of {day}"))
                        })
                        .collect()
                }
                None => Vec::new(),
            },
            _ => Vec::new(),
        })
    }

    /// The first part of a list.
    pub(super) fn ask<'a, R: ListRequest>(
        &'a self,
        request: R,
        caller: &Caller,
    ) -> BoxFuture<'a, Result<R::Response, Status>> {
        let request = of_caller(request, caller);
        Box::pin(async move {
            let answer = self.register.list(request).await;
            answer.map(tonic::Response::into_inner)
        })
    }

    /// An item; `None` where there is none of that name.
    pub(super) fn known<'a, R: ItemRequest>(
        &'a self,
        request: R,
        caller: &Caller,
    ) -> BoxFuture<'a, Result<Option<R::Response>, Status>> {
        let request = of_caller(request, caller);
        Box::pin(async move {
            match self.register.item(request).await {
                Ok(answer) => Ok(Some(answer.into_inner())),
                Err(status) if matches!(status.code(), Code::NotFound | Code::InvalidArgument) => {
                    Ok(None)
                }
                Err(status) => Err(status),
            }
        })
    }
}
