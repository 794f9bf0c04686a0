//! The rules that all lists share: a subject that is named must exist, and a page
//! token belongs to one question.

use minutebook::wire::proto::{
    AsOf, ListApprovalsRequest, ListBenefitsRequest, ListBoardsRequest, ListBodiesRequest,
    ListBreachesRequest, ListCollaborationsRequest, ListDeadlinesRequest, ListDecisionsRequest,
    ListDifferencesRequest, ListNoticesRequest, ListRecommendationsRequest, ListVirementsRequest,
};
use tonic::Code;

use super::test_server::{TestServer, body, refused};

/// Sends the same fields in the requests of several lists.
macro_rules! each {
    ($server:ident: $($method:ident($Request:ident))*; $fields:tt => |$answer:ident| $check:expr) => {$(
        let $answer = $server.register.$method(each!(@ $Request $fields)).await;
        $check;
    )*};
    (@ $Request:ident { $($field:ident: $value:expr),* }) => {
        $Request { $($field: $value,)* ..Default::default() }
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_that_is_named_must_exist() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    each!(server:
        list_decisions(ListDecisionsRequest) list_deadlines(ListDeadlinesRequest)
        list_recommendations(ListRecommendationsRequest) list_benefits(ListBenefitsRequest)
        list_approvals(ListApprovalsRequest) list_virements(ListVirementsRequest)
        list_breaches(ListBreachesRequest) list_notices(ListNoticesRequest)
        list_differences(ListDifferencesRequest);
        { subject: "bodies/mistyped".into() } => |answer| {
            refused(answer, Code::NotFound, "BODY_NOT_FOUND")
        }
    );
    each!(server:
        list_decisions(ListDecisionsRequest) list_deadlines(ListDeadlinesRequest)
        list_recommendations(ListRecommendationsRequest) list_benefits(ListBenefitsRequest)
        list_approvals(ListApprovalsRequest) list_virements(ListVirementsRequest)
        list_breaches(ListBreachesRequest) list_notices(ListNoticesRequest)
        list_differences(ListDifferencesRequest);
        { subject: "bodies/body-1".into() } => |answer| {
            assert!(answer.expect("an answer").into_inner().answered_from.is_some())
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_belongs_to_one_list() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    server.record(body(2)).await;
    let first = ListBodiesRequest {
        page_size: 1,
        ..Default::default()
    };
    let first = server.register.list_bodies(first).await.expect("a page");
    let token = first.into_inner().next_page_token;
    each!(server:
        list_collaborations(ListCollaborationsRequest) list_boards(ListBoardsRequest)
        list_decisions(ListDecisionsRequest) list_deadlines(ListDeadlinesRequest)
        list_recommendations(ListRecommendationsRequest) list_benefits(ListBenefitsRequest)
        list_approvals(ListApprovalsRequest) list_virements(ListVirementsRequest)
        list_breaches(ListBreachesRequest) list_notices(ListNoticesRequest)
        list_differences(ListDifferencesRequest);
        { page_token: token.clone() } => |answer| {
            refused(answer, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH")
        }
    );
    // The size of the page and the position to wait for may differ.
    let second = ListBodiesRequest {
        page_size: 7,
        page_token: token,
        as_of: Some(AsOf {
            at_least_position: 2,
            ..Default::default()
        }),
        ..Default::default()
    };
    let second = server.register.list_bodies(second).await.expect("a page");
    assert_eq!(second.into_inner().bodies.len(), 1);
}
