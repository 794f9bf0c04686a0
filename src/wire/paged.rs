//! The answers that come in pages, and how pages are joined.

use crate::proto::{
    DiffResponse, FindSubjectsResponse, GetAttentionResponse, ListApprovalsResponse,
    ListBenefitsResponse, ListBoardsResponse, ListBodiesResponse, ListBreachesResponse,
    ListChecksResponse, ListCollaborationsResponse, ListDeadlinesResponse, ListDecisionsResponse,
    ListDifferencesResponse, ListMandatesResponse, ListNoticesResponse,
    ListRecommendationsResponse, ListSettlementsResponse, ListSourcesResponse,
    ListVirementsResponse,
};

/// A page of a list.
pub trait PagedResponse {
    /// Takes the token of the next page; empty on the last.
    fn take_token(&mut self) -> String;
    fn append(&mut self, next: Self);
}

macro_rules! pages {
    ($($page:ident { $($items:ident),+ })*) => {$(
        impl PagedResponse for $page {
            fn take_token(&mut self) -> String {
                std::mem::take(&mut self.next_page_token)
            }

            fn append(&mut self, next: Self) {
                $(self.$items.extend(next.$items);)+
            }
        }
    )*};
}

pages! {
    DiffResponse { differences }
    FindSubjectsResponse { subjects }
    GetAttentionResponse { lines }
    ListApprovalsResponse { approvals }
    ListBenefitsResponse { benefits, savings, totals }
    ListBoardsResponse { boards }
    ListBodiesResponse { bodies }
    ListBreachesResponse { breaches }
    ListChecksResponse { checks }
    ListCollaborationsResponse { collaborations }
    ListDeadlinesResponse { deadlines }
    ListDecisionsResponse { decisions }
    ListDifferencesResponse { differences }
    ListMandatesResponse { mandates }
    ListNoticesResponse { notices }
    ListRecommendationsResponse { items }
    ListSettlementsResponse { settlements }
    ListSourcesResponse { sources }
    ListVirementsResponse { virements, disposals, totals }
}
