//! What recorders are told about approval before they record: by `Explain`, and
//! with every request that is only judged.

use minutebook::wire::proto::{
    ExplainRequest, GetProposalRequest, ListApprovalsRequest, NeedState, Regime,
};
use serde_json::json;
use tonic::Code;

use super::house::{TestServer, fact, reason};
use crate::decisions::approving::*;
use crate::given::{append, bodies, collaboration, on_x};

/// A collaboration whose virements the chief finance officer of a-pcc approves,
/// and one of 100 pence that was asked for.
async fn asked() -> TestServer {
    let mut house = TestServer::open().await;
    house.tell(append(1, &bodies())).await;
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
    house.tell(append(2, &events)).await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_says_which_rule_applies_and_what_is_missing_and_records_nothing() {
    let mut house = asked().await;
    let events = [
        make("2020-06-03", 1, "v", virement("100")),
        approve("2020-06-02", 1),
        make("2020-06-03", 1, "v", virement("100")),
        on_x("2020-06-03", "aliasAdded", json!({ "alias": "X" })),
    ];
    let request = ExplainRequest {
        events: append(9, &events).events,
    };
    let before = house.history(Default::default()).await.len();
    let answer = house.record.explain(request).await.unwrap().into_inner();
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
    // Each with those before it: what was approved in the same breath counts; but
    // the first act, refused or not, is taken into account as well.
    assert_eq!(again.findings[0].reason, "ID_TAKEN");
    assert!(other.rule.is_none() && other.would_be_taken);
    assert_eq!(house.history(Default::default()).await.len(), before);

    let nothing = house.record.explain(ExplainRequest::default()).await;
    assert_eq!(nothing.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_only_judged_is_explained_too() {
    let mut house = asked().await;
    let mut request = append(9, &[approve("2020-06-02", 1)]);
    request.validate_only = true;
    let judged = house
        .record
        .append(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(judged.validated_only);
    assert_eq!(judged.explanations[0].proposal_id, id(1));
    request.validate_only = false;
    let recorded = house.record.append(request).await.unwrap().into_inner();
    assert!(recorded.explanations.is_empty());

    let mut act = append(10, &[make("2020-06-03", 0, "v", virement("100"))]);
    act.validate_only = true;
    let status = house.record.append(act).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(reason(&status), "APPROVAL_REQUIRED");
    // The refusal names the rule and who must agree.
    assert_eq!(fact(&status, "approval_rule"), "officer");
    assert!(fact(&status, "needs").starts_with("Chief Finance Officer of a-pcc"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_is_not_there_is_not_found() {
    let mut house = asked().await;
    let proposal = GetProposalRequest {
        proposal_id: id(2),
        ..Default::default()
    };
    let status = house.register.get_proposal(proposal).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::NotFound, "PROPOSAL_NOT_FOUND")
    );
    let garbled = GetProposalRequest {
        proposal_id: "2".into(),
        ..Default::default()
    };
    let status = house.register.get_proposal(garbled).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let awaiting = |body: &str| ListApprovalsRequest {
        body_id: body.into(),
        outstanding_only: true,
        ..Default::default()
    };
    let lines = house
        .register
        .list_approvals(awaiting("a-pcc"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(lines.approvals.len(), 1);
    let lines = house
        .register
        .list_approvals(awaiting("b-cc"))
        .await
        .unwrap()
        .into_inner();
    assert!(lines.approvals.is_empty());
}
