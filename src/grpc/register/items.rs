//! The single items: for each, the fields that name it, its view and its response.

use tonic::Status;

use crate::field_reader::FieldReader;
use crate::missing::{budget_not_found, meeting_not_found, proposal_not_found, subject_not_found};
use crate::query::{ItemRequest, answered_from};
use crate::status::Reason;
use crate::wire::proto::*;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::ids::{
    BoardId, BodyId, BudgetId, CollaborationId, ItemId, ProposalId, ServiceId, SubjectId,
};
use minutebook_kernel::projection::PinnedView;
use minutebook_views as views;
use minutebook_views::budget::Part;

impl ItemRequest for GetCollaborationRequest {
    type Key = CollaborationId;
    type Response = GetCollaborationResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        fields.required("collaboration_id", &self.collaboration_id)
    }

    fn answer(id: Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        let collaboration = views::collaboration::get(view, &id);
        let collaboration =
            collaboration.ok_or_else(|| subject_not_found(view, &SubjectId::Collaboration(id)))?;
        Ok(GetCollaborationResponse {
            answered_from: answered_from(view),
            collaboration: Some(collaboration),
        })
    }
}

impl ItemRequest for GetBodyRequest {
    type Key = BodyId;
    type Response = GetBodyResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        fields.required("body_id", &self.body_id)
    }

    fn answer(id: Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        let body = views::body::get(view, &id);
        let body = body.ok_or_else(|| subject_not_found(view, &SubjectId::Body(id)))?;
        Ok(GetBodyResponse {
            answered_from: answered_from(view),
            body: Some(body),
        })
    }
}

impl ItemRequest for GetBoardRequest {
    type Key = BoardId;
    type Response = GetBoardResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        fields.required("board_id", &self.board_id)
    }

    fn answer(id: Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        let board = views::board::get(view, &id);
        let board = board.ok_or_else(|| subject_not_found(view, &SubjectId::Board(id)))?;
        Ok(GetBoardResponse {
            answered_from: answered_from(view),
            board: Some(board),
        })
    }
}

impl ItemRequest for GetMeetingRequest {
    type Key = (BoardId, ItemId);
    type Response = GetMeetingResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        let board = fields.required("board_id", &self.board_id);
        let meeting = fields.required("meeting_id", &self.meeting_id);
        board.zip(meeting)
    }

    fn answer((board, meeting): Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        let found = views::meeting::get(view, &board, &meeting);
        let found = found.ok_or_else(|| meeting_not_found(view, &board, &meeting))?;
        Ok(GetMeetingResponse {
            answered_from: answered_from(view),
            meeting: Some(found),
        })
    }
}

impl ItemRequest for GetProposalRequest {
    type Key = ProposalId;
    type Response = GetProposalResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        fields.required("proposal_id", &self.proposal_id)
    }

    fn answer(id: Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        let proposal = views::proposal::get(view, id);
        let proposal = proposal.ok_or_else(|| proposal_not_found(view, id))?;
        Ok(GetProposalResponse {
            answered_from: answered_from(view),
            proposal: Some(proposal),
        })
    }
}

impl ItemRequest for GetContributionsRequest {
    type Key = (CollaborationId, FinancialYear);
    type Response = GetContributionsResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        let id = fields.required("collaboration_id", &self.collaboration_id);
        let year = fields.required("financial_year", &self.financial_year);
        id.zip(year)
    }

    fn answer((id, year): Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        let contributions = views::contributions::get(view, &id, year);
        let contributions = contributions.ok_or_else(|| {
            let subject = SubjectId::Collaboration(id);
            let sentence = format!(
                "{subject} has no contributions, formula, invoices or payments for {year} as at \
                 {}: check the year, or record budget_approved",
                view.as_at()
            );
            budget_not_found(view, &subject, Reason::ContributionsNotFound, sentence)
        })?;
        Ok(GetContributionsResponse {
            answered_from: answered_from(view),
            contributions: Some(contributions),
        })
    }
}

impl ItemRequest for GetBudgetRequest {
    type Key = (SubjectId, Option<BudgetId>, Part);
    type Response = GetBudgetResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<Self::Key> {
        let subject = fields.required("subject", &self.subject);
        let id = fields.optional("budget_id", &self.budget_id);
        let year = fields.optional("financial_year", &self.financial_year);
        let service = fields.optional("service_id", &self.service_id);
        let part = Part {
            year: year?,
            service: service?,
        };
        Some((subject?, id?, part))
    }

    fn answer((subject, id, part): Self::Key, view: &PinnedView) -> Result<Self::Response, Status> {
        if let Some(fault) = service_fault(view, &subject, part.service.as_ref()) {
            return Err(fault);
        }
        let budget = views::budget::part(view, &subject, id.as_ref(), &part);
        let budget = budget.ok_or_else(|| {
            let budget = id.map_or_else(|| "main budget".to_owned(), |id| format!("budget {id}"));
            let of_year = part.year.map(|year| format!(" of {year}"));
            let sentence = format!(
                "{subject} has no {budget}{} as at {}: {}check the date, or record budget_approved",
                of_year.unwrap_or_default(),
                view.as_at(),
                on_record(view, &subject)
            );
            budget_not_found(view, &subject, Reason::BudgetNotFound, sentence)
        })?;
        Ok(GetBudgetResponse {
            answered_from: answered_from(view),
            budget: Some(budget),
        })
    }
}

/// The refusal of a service that a subject does not have.
fn service_fault(
    view: &PinnedView,
    subject: &SubjectId,
    service: Option<&ServiceId>,
) -> Option<Status> {
    let service = service?;
    let found = view.subject(subject)?;
    let services = found
        .as_collaboration()
        .map(|collaboration| &collaboration.services);
    if services.is_some_and(|services| services.contains_key(service)) {
        return None;
    }
    let ids = services.into_iter().flat_map(|services| services.keys());
    let ids: Vec<String> = ids.map(ToString::to_string).collect();
    let has = match ids.as_slice() {
        [] => "it has none".to_owned(),
        ids => format!("it has {}", ids.join(", ")),
    };
    let sentence = format!("{subject} has no service {service}: {has}");
    Some(budget_not_found(
        view,
        subject,
        Reason::BudgetNotFound,
        sentence,
    ))
}

/// The budgets of a subject, for one that asks for another.
fn on_record(view: &PinnedView, subject: &SubjectId) -> String {
    let found = view.subject(subject);
    let budgets = found.iter().flat_map(|found| {
        let budgets = found.dossier.budgets.iter();
        budgets
            .filter(|(_, set)| !set.is_empty())
            .map(|((id, year), _)| match id {
                None => year.to_string(),
                Some(id) => format!("{year} (--budget {id})"),
            })
    });
    let budgets: Vec<String> = budgets.take(12).collect();
    match budgets.as_slice() {
        [] => String::new(),
        budgets => format!("it has budgets of {}; ", budgets.join(", ")),
    }
}
