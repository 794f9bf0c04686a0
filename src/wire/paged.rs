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

/// Why the pages of a list do not become one answer.
#[derive(Debug)]
pub enum EveryPageError<E> {
    Refused(E),
    /// A page names itself as the next one.
    SamePage,
    /// There are more pages than asked for.
    TooLong,
}

/// Requests all pages, `most` at most, and joins them into one answer with an empty token.
pub async fn every_page<P: PagedResponse, E>(
    most: usize,
    mut fetch: impl AsyncFnMut(String) -> Result<P, E>,
) -> Result<P, EveryPageError<E>> {
    let mut answer = fetch(String::new())
        .await
        .map_err(EveryPageError::Refused)?;
    let mut token = answer.take_token();
    let mut pages = 1;
    while !token.is_empty() {
        if pages == most {
            return Err(EveryPageError::TooLong);
        }
        pages += 1;
        let next = fetch(token.clone()).await;
        let mut next = next.map_err(EveryPageError::Refused)?;
        let next_token = next.take_token();
        if next_token == token {
            return Err(EveryPageError::SamePage);
        }
        answer.append(next);
        token = next_token;
    }
    Ok(answer)
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
