//! Advice on approval before recording: from `Explain`, and from every request that
//! is only validated.

use minutebook::wire::proto::{
    ExplainRequest, GetProposalRequest, ListApprovalsRequest, NeedState, Regime,
};
use serde_json::json;
use tonic::Code;

use super::test_server::{TestServer, fact, reason};
use crate::decisions::approving::*;
use crate::given::{append, bodies, collaboration, on_x};

/// A collaboration in which the chief finance officer of a-pcc approves virements,
/// and a requested virement of 100 pence.
async fn asked() -> TestServer {
    let mut server = TestServer::open().await;
    server.record(append(1, &bodies())).await;
    let rule = virements("officer", json!({}), officer(Some("100")));
    let service = |id: &str| {
        on_x(
            "2013",
            "serviceAdded",
            json!({ "serviceId": id, "name": id }),
        )
    };
    let events = [
        collaboration(&["a-pcc", "b-cc"]),
        service("dogs"),
        service("vans"),
        adopt("2020-01-01", "rules", &[rule]),
        request("2020-06-01", 1, virement("100")),
    ];
    server.record(append(2, &events)).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_names_the_rule_and_the_missing_approvals_and_records_nothing() {
    let mut server = asked().await;
    let events = [
        make("2020-06-03", 1, "v", virement("100")),
        approve("2020-06-02", 1),
        make("2020-06-03", 1, "v", virement("100")),
        on_x("2020-06-03", "aliasAdded", json!({ "alias": "X" })),
    ];
    let request = ExplainRequest {
        events: append(9, &events).events,
    };
    let before = server.history(Default::default()).await.len();
    let answer = server.record.explain(request).await.unwrap().into_inner();
    let [act, word, again, other] = answer.explanations.as_slice() else {
        panic!("{answer:?}")
    };
    let rule = act.rule.as_ref().expect("a rule");
    assert_eq!(
        (rule.regime(), rule.rule_id.as_str()),
        (Regime::Rule, "officer")
    );
    assert!(!act.would_be_taken);
    assert_eq!(act.findings[0].reason, "NOT_CARRIED");
    let need = act.need.as_ref().expect("who must agree");
    assert_eq!(need.state(), NeedState::Open);
    let awaited = need.awaited[0].who.as_ref().expect("an office");
    assert_eq!(awaited.office, "Chief Finance Officer");
    assert_eq!(
        word.need.as_ref().map(|need| need.state()),
        Some(NeedState::Met)
    );
    // Each event is judged after those before it: an approval in the same request
    // counts, and so does the first act, refused or not.
    assert_eq!(again.findings[0].reason, "ID_TAKEN");
    assert!(other.rule.is_none() && other.would_be_taken);
    assert_eq!(server.history(Default::default()).await.len(), before);

    let nothing = server.record.explain(ExplainRequest::default()).await;
    assert_eq!(nothing.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_only_judged_is_explained_too() {
    let mut server = asked().await;
    let mut request = append(9, &[approve("2020-06-02", 1)]);
    request.validate_only = true;
    let judged = server
        .record
        .append(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(judged.validated_only);
    assert_eq!(judged.explanations[0].proposal_id, id(1));
    request.validate_only = false;
    let recorded = server.record.append(request).await.unwrap().into_inner();
    assert!(recorded.explanations.is_empty());

    let mut act = append(10, &[make("2020-06-03", 0, "v", virement("100"))]);
    act.validate_only = true;
    let status = server.record.append(act).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(reason(&status), "APPROVAL_REQUIRED");
    // The refusal names the rule and who must agree.
    assert_eq!(fact(&status, "approval_rule"), "officer");
    assert!(fact(&status, "needs").starts_with("Chief Finance Officer of a-pcc"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_is_not_there_is_not_found() {
    let mut server = asked().await;
    let proposal = GetProposalRequest {
        proposal_id: id(2),
        ..Default::default()
    };
    let status = server.register.get_proposal(proposal).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::NotFound, "PROPOSAL_NOT_FOUND")
    );
    let garbled = GetProposalRequest {
        proposal_id: "2".into(),
        ..Default::default()
    };
    let status = server.register.get_proposal(garbled).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let awaiting = |body: &str| ListApprovalsRequest {
        body_id: body.into(),
        outstanding_only: true,
        ..Default::default()
    };
    let lines = server
        .register
        .list_approvals(awaiting("a-pcc"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(lines.approvals.len(), 1);
    let lines = server
        .register
        .list_approvals(awaiting("b-cc"))
        .await
        .unwrap()
        .into_inner();
    assert!(lines.approvals.is_empty());
}
