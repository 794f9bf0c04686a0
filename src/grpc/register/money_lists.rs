//! How each list about money alone is answered.

use crate::field_reader::FieldReader;
use crate::list_request::{ListFields, ListFilter, ListRequest, list_fields};
use crate::page::Page;
use crate::wire::proto::*;
use minutebook_domain::ids::SubjectId;
use minutebook_views as views;
use minutebook_views::checks::Asked;

impl ListRequest for ListChecksRequest {
    type Filter = Asked;
    type Response = ListChecksResponse;

    list_fields!();

    fn read_filter(&self, fields: &mut FieldReader) -> Option<Self::Filter> {
        let subject = fields.optional("subject", &self.subject);
        let year = fields.optional("financial_year", &self.financial_year);
        let months = u32::try_from(self.outturn_months).ok();
        if months.is_none() {
            fields.fault(
                "outturn_months",
                "months are counted from 0: give a number above it",
            );
        }
        Some(Asked {
            subject: subject?,
            year: year?,
            outturn_months: months.filter(|months| *months > 0),
        })
    }

    fn answer(&self, asked: &Self::Filter, page: &Page<'_>) -> Self::Response {
        let checks = views::checks::list(page.view, asked);
        let (checks, next_page_token) = page.cut(checks);
        ListChecksResponse {
            answered_from: page.answered_from(),
            checks,
            next_page_token,
        }
    }
}

impl ListFilter for Asked {
    fn subject(&self) -> Option<&SubjectId> {
        self.subject.as_ref()
    }
}
