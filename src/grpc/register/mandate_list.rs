//! The list of mandates.

use crate::field_reader::FieldReader;
use crate::list_request::{ListFields, ListFilter, ListRequest, list_fields};
use crate::page::Page;
use crate::wire::proto::{ListMandatesRequest, ListMandatesResponse};
use minutebook_domain::ids::SubjectId;
use minutebook_views as views;

impl ListRequest for ListMandatesRequest {
    type Filter = CoveredSubject;
    type Response = ListMandatesResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        fields
            .optional("subject", &self.subject)
            .map(CoveredSubject)
    }

    fn answer(&self, covered: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let mandates = views::mandates::list(page.view, self.include_past, covered.0.as_ref());
        let (mandates, next_page_token) = page.cut(mandates);
        ListMandatesResponse {
            answered_from: page.answered_from(),
            mandates,
            next_page_token,
        }
    }
}

/// The subject that a mandate has to cover; `None` for every mandate.
pub struct CoveredSubject(Option<SubjectId>);

impl ListFilter for CoveredSubject {
    // A registrar's mandate may be for a subject that is not registered yet.
    fn subject(&self) -> Option<&SubjectId> {
        None
    }
}
