//! The lists: for each, its filter, its view and its response.

use std::sync::Arc;

use jiff::civil::Date;

use crate::field_reader::FieldReader;
use crate::list_request::{ListFields, ListFilter, ListRequest, list_fields};
use crate::page::Page;
use crate::wire::proto::*;
use crate::wire::{as_of, reply};
use minutebook_domain::entry::Entry;
use minutebook_domain::ids::{BodyId, CollaborationId, SubjectId};
use minutebook_views as views;

impl ListRequest for ListCollaborationsRequest {
    type Filter = Option<BodyId>;
    type Response = ListCollaborationsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("party_id", &self.party_id)
    }

    fn answer(&self, party: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let collaborations =
            views::collaborations::list(page.view, party.as_ref(), self.include_ended);
        let (collaborations, next_page_token) = page.cut(collaborations);
        ListCollaborationsResponse {
            answered_from: page.answered_from(),
            collaborations,
            next_page_token,
        }
    }
}

impl ListRequest for ListBodiesRequest {
    type Filter = ();
    type Response = ListBodiesResponse;

    list_fields!();

    fn read_filter(&self, _: &mut FieldReader) -> Option<Self::Filter> {
        Some(())
    }

    fn answer(&self, _: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let bodies = views::bodies::list(page.view, self.include_succeeded);
        let (bodies, next_page_token) = page.cut(bodies);
        ListBodiesResponse {
            answered_from: page.answered_from(),
            bodies,
            next_page_token,
        }
    }
}

impl ListRequest for ListBoardsRequest {
    type Filter = Option<CollaborationId>;
    type Response = ListBoardsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("collaboration_id", &self.collaboration_id)
    }

    fn answer(&self, collaboration: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let boards = views::boards::list(page.view, collaboration.as_ref());
        let (boards, next_page_token) = page.cut(boards);
        ListBoardsResponse {
            answered_from: page.answered_from(),
            boards,
            next_page_token,
        }
    }
}

impl ListRequest for ListDecisionsRequest {
    type Filter = Option<SubjectId>;
    type Response = ListDecisionsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let decisions = views::decisions::list(page.view, subject.as_ref(), self.pending_only);
        let (decisions, next_page_token) = page.cut(decisions);
        ListDecisionsResponse {
            answered_from: page.answered_from(),
            decisions,
            next_page_token,
        }
    }
}

impl ListRequest for ListDeadlinesRequest {
    type Filter = DeadlineFilter;
    type Response = ListDeadlinesResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        let subject = fields.optional("subject", &self.subject);
        let until = fields.keep_faults(as_of::until_on(&self.until_on));
        let (subject, until) = subject.zip(until)?;
        Some(DeadlineFilter { subject, until })
    }

    fn answer(&self, filter: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let deadlines = views::deadlines::list_until(
            page.view,
            filter.subject.as_ref(),
            self.include_past,
            filter.until,
        );
        let (deadlines, next_page_token) = page.cut(deadlines);
        ListDeadlinesResponse {
            answered_from: page.answered_from(),
            deadlines,
            next_page_token,
        }
    }
}

pub struct DeadlineFilter {
    subject: Option<SubjectId>,
    until: Option<Date>,
}

impl ListFilter for DeadlineFilter {
    fn subject(&self) -> Option<&SubjectId> {
        self.subject.as_ref()
    }
}

impl ListRequest for GetAttentionRequest {
    type Filter = AttentionFilter;
    type Response = GetAttentionResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        let board = fields.optional("board_id", &self.board_id);
        let body = fields.optional("body_id", &self.body_id);
        let until = fields.keep_faults(as_of::until_on(&self.until_on));
        let (board, body, until) = (board?, body?, until?);
        Some(AttentionFilter {
            asker: views::attention::Asker { board, body },
            until,
        })
    }

    fn answer(&self, filter: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let asker = &filter.asker;
        let until = filter
            .until
            .unwrap_or_else(|| views::attention::looks_ahead_until(page.view, asker));
        let lines = views::attention::list(page.view, asker, until);
        let (lines, next_page_token) = page.cut(lines);
        GetAttentionResponse {
            answered_from: page.answered_from(),
            lines,
            next_page_token,
            until_on: Some(reply::day(until)),
        }
    }
}

pub struct AttentionFilter {
    asker: views::attention::Asker,
    until: Option<Date>,
}

impl ListFilter for AttentionFilter {
    fn subject(&self) -> Option<&SubjectId> {
        None
    }

    fn others(&self) -> Vec<SubjectId> {
        let board = self.asker.board.clone().map(SubjectId::Board);
        let body = self.asker.body.clone().map(SubjectId::Body);
        board.into_iter().chain(body).collect()
    }
}

impl ListRequest for FindSubjectsRequest {
    type Filter = ();
    type Response = FindSubjectsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        if self.text.trim().is_empty() {
            fields.fault("text", "must not be empty");
        }
        Some(())
    }

    fn answer(&self, _: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let subjects = views::subjects::find(page.view, &self.text);
        let (subjects, next_page_token) = page.cut(subjects);
        FindSubjectsResponse {
            answered_from: page.answered_from(),
            subjects,
            next_page_token,
        }
    }
}

impl ListRequest for ListRecommendationsRequest {
    type Filter = Option<SubjectId>;
    type Response = ListRecommendationsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let items = views::recommendations::list(page.view, subject.as_ref(), self.include_closed);
        let (items, next_page_token) = page.cut(items);
        ListRecommendationsResponse {
            answered_from: page.answered_from(),
            items,
            next_page_token,
        }
    }
}

impl ListRequest for ListSourcesRequest {
    type Filter = Option<SubjectId>;
    type Response = ListSourcesResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let mut entries = views::sources::entries(page.view, subject.as_ref());
        entries.retain(|entry| !self.only_without || entry.event.sources.is_empty());
        let line = |entry: &Arc<Entry>| Some(views::sources::line(page.view, entry));
        let (sources, next_page_token) = page.scan(&entries, usize::MAX, line);
        ListSourcesResponse {
            answered_from: page.answered_from(),
            sources,
            next_page_token,
        }
    }
}

impl ListRequest for ListBenefitsRequest {
    type Filter = Option<SubjectId>;
    type Response = ListBenefitsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let (benefits, savings) = views::benefits::list(page.view, subject.as_ref());
        let totals = views::savings::totals(page.view, subject.as_ref());
        let (benefits, savings, totals, next_page_token) =
            page.cut_three(benefits, savings, totals);
        ListBenefitsResponse {
            answered_from: page.answered_from(),
            benefits,
            savings,
            totals,
            next_page_token,
        }
    }
}

impl ListRequest for ListApprovalsRequest {
    type Filter = ApprovalFilter;
    type Response = ListApprovalsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        let subject = fields.optional("subject", &self.subject);
        let body = fields.optional("body_id", &self.body_id);
        let (subject, body) = subject.zip(body)?;
        Some(ApprovalFilter { subject, body })
    }

    fn answer(&self, filter: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let approvals = views::approvals::list(
            page.view,
            filter.subject.as_ref(),
            filter.body.as_ref(),
            self.outstanding_only,
        );
        let (approvals, next_page_token) = page.cut(approvals);
        ListApprovalsResponse {
            answered_from: page.answered_from(),
            approvals,
            next_page_token,
        }
    }
}

pub struct ApprovalFilter {
    subject: Option<SubjectId>,
    /// The body that is awaited.
    body: Option<BodyId>,
}

impl ListFilter for ApprovalFilter {
    fn subject(&self) -> Option<&SubjectId> {
        self.subject.as_ref()
    }
}

impl ListRequest for ListSettlementsRequest {
    type Filter = SettlementFilter;
    type Response = ListSettlementsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        let subject = fields.optional("subject", &self.subject);
        let body = fields.optional("body_id", &self.body_id);
        let (subject, body) = subject.zip(body)?;
        Some(SettlementFilter { subject, body })
    }

    fn answer(&self, filter: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let (subject, body) = (filter.subject.as_ref(), filter.body.as_ref());
        let settlements = views::settlements::list(page.view, subject, body);
        let (settlements, next_page_token) = page.cut(settlements);
        ListSettlementsResponse {
            answered_from: page.answered_from(),
            settlements,
            next_page_token,
        }
    }
}

pub struct SettlementFilter {
    subject: Option<SubjectId>,
    /// The body that pays or is paid.
    body: Option<BodyId>,
}

impl ListFilter for SettlementFilter {
    fn subject(&self) -> Option<&SubjectId> {
        self.subject.as_ref()
    }
}

impl ListRequest for ListVirementsRequest {
    type Filter = Option<SubjectId>;
    type Response = ListVirementsResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let (virements, disposals) = views::virements::list(page.view, subject.as_ref());
        let totals = views::virement_totals::list(page.view, subject.as_ref());
        let (virements, disposals, totals, next_page_token) =
            page.cut_three(virements, disposals, totals);
        ListVirementsResponse {
            answered_from: page.answered_from(),
            virements,
            disposals,
            totals,
            next_page_token,
        }
    }
}

impl ListRequest for ListBreachesRequest {
    type Filter = Option<SubjectId>;
    type Response = ListBreachesResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let breaches = views::breaches::list(page.view, subject.as_ref());
        let (breaches, next_page_token) = page.cut(breaches);
        ListBreachesResponse {
            answered_from: page.answered_from(),
            breaches,
            next_page_token,
        }
    }
}

impl ListRequest for ListNoticesRequest {
    type Filter = Option<SubjectId>;
    type Response = ListNoticesResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let notices = views::notices::list(page.view, subject.as_ref(), self.include_past);
        let (notices, next_page_token) = page.cut(notices);
        ListNoticesResponse {
            answered_from: page.answered_from(),
            notices,
            next_page_token,
        }
    }
}

impl ListRequest for ListDifferencesRequest {
    type Filter = Option<SubjectId>;
    type Response = ListDifferencesResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields.optional("subject", &self.subject)
    }

    fn answer(&self, subject: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let differences = views::differences::list(page.view, subject.as_ref());
        let (differences, next_page_token) = page.cut(differences);
        ListDifferencesResponse {
            answered_from: page.answered_from(),
            differences,
            next_page_token,
        }
    }
}
