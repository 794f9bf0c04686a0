//! Disposals as papers have them: net, without the split, compared with the underspend on
//! record, and confirmed by all whose money it is.

use minutebook::views;
use minutebook::wire::proto::{AmountIs, DisposalView};
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, bodies, collaboration, judged, on_x};

fn year_of(budget: i64, outturn: i64) -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc", "c-pcc"]));
    let figures = |pence: i64| {
        json!({ "figures": { "financialYear": "2018/19",
            "lines": [{ "head": "Pay", "amountPence": pence.to_string() }] } })
    };
    events.push(on_x("2018-04-01", "budgetApproved", figures(budget)));
    events.push(on_x("2019-05-01", "outturnReported", figures(outturn)));
    Given::recorded(&events)
}

fn part(destination: &str, body: &str, pence: i64) -> Value {
    let mut part = json!({ "destination": format!("DISPOSAL_DESTINATION_{destination}"),
        "amountPence": pence.to_string() });
    if !body.is_empty() {
        part["bodyId"] = body.into();
    }
    part
}

fn open(destination: &str, body: &str) -> Value {
    let mut part = part(destination, body, 0);
    part["amountIs"] = "AMOUNT_IS_NOT_GIVEN".into();
    part
}

fn disposed(id: &str, parts: Value, extra: Value) -> Value {
    let mut disposal = json!({ "financialYear": "2018/19", "parts": parts });
    let fields = disposal.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    let payload = json!({ "disposalId": id, "disposal": disposal });
    on_x("2019-06-01", "underspendDisposed", payload)
}

fn confirmed(body: &str, extra: Value) -> Value {
    let mut payload = json!({ "disposalId": "u", "bodyId": body });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    on_x("2019-06-02", "disposalConfirmed", payload)
}

fn shown(given: &Given) -> Vec<DisposalView> {
    views::virements::list(&at(given, "2019-07-01"), None).1
}

fn unconfirmed(given: &Given) -> Vec<String> {
    let disposals = shown(given);
    let bodies = disposals[0].unconfirmed.iter();
    bodies.map(|body| body.body_id.clone()).collect()
}

#[test]
fn a_net_disposal_says_what_it_is_the_net_of() {
    let mut given = year_of(1_000, 920);
    let parts = json!([
        part("BODY_RESERVES", "a-pcc", 100),
        part("BODY_RESERVES", "b-pcc", -20)
    ]);
    let gross = json!({ "grossUnderspendPence": "100", "grossOverspendPence": "20" });
    given.record(&[disposed("u", parts, gross)]);
    let disposal = &shown(&given)[0];
    assert_eq!(disposal.gross_underspend_pence, Some(100));
    assert_eq!(disposal.gross_overspend_pence, Some(20));
    assert_eq!(disposal.net_pence, Some(80));
    assert!(!disposal.split_not_given);
    let act = disposal.act.as_ref().unwrap();
    assert_eq!(
        act.amount_pence,
        Some(100),
        "what is paid out, for approval"
    );
}

#[test]
fn a_split_that_is_not_given_is_confirmed_by_every_party() {
    let mut given = year_of(1_000, 920);
    let parts = json!([
        open("BODY_RESERVES", "a-pcc"),
        open("BODY_RESERVES", "b-pcc")
    ]);
    given.record(&[disposed("u", parts, json!({ "totalPence": "80" }))]);
    let disposal = &shown(&given)[0];
    assert!(disposal.split_not_given);
    assert_eq!(disposal.net_pence, Some(80));
    assert_eq!(disposal.parts[0].amount_is(), AmountIs::NotGiven);
    assert_eq!(unconfirmed(&given), ["a-pcc", "b-pcc", "c-pcc"]);
    let none = json!({ "amountIs": "AMOUNT_IS_NOT_GIVEN" });
    given.record(&[confirmed("c-pcc", none)]);
    given.record(&[confirmed("a-pcc", json!({ "amountPence": "50" }))]);
    assert_eq!(unconfirmed(&given), ["b-pcc"]);
    let disposal = &shown(&given)[0];
    assert_eq!(disposal.confirmations[0].confirmed_is(), AmountIs::NotGiven);
    assert_eq!(disposal.parts[0].confirmed_pence, 50);
    judged(
        &given,
        &[(
            "no party",
            confirmed("council", json!({})),
            &["NOT_IN_DISPOSAL"],
        )],
    );
}

#[test]
fn each_body_or_each_party_confirms_by_where_the_money_goes() {
    let own = json!([
        part("BODY_RESERVES", "a-pcc", 30),
        part("BODY_RESERVES", "b-pcc", 50)
    ]);
    let everybody = ["a-pcc", "b-pcc", "c-pcc"];
    for (what, parts, awaited) in [
        ("own reserves", own, &everybody[..2]),
        (
            "a reserve",
            json!([part("REGIONAL_RESERVE", "", 80)]),
            &everybody[..],
        ),
        (
            "a reserve that one holds",
            json!([part("REGIONAL_RESERVE", "a-pcc", 80)]),
            &everybody[..],
        ),
        (
            "carried forward",
            json!([part("CARRIED_FORWARD", "b-pcc", 80)]),
            &everybody[..],
        ),
        (
            "nothing to one",
            json!([part("BODY_RESERVES", "a-pcc", 0)]),
            &everybody[..1],
        ),
    ] {
        let mut given = year_of(1_000, 920);
        given.record(&[disposed("u", parts, json!({}))]);
        assert_eq!(unconfirmed(&given), awaited, "{what}");
    }
}

#[test]
fn more_than_the_underspend_on_record_is_shown_and_not_refused() {
    let mut given = year_of(1_000, 920);
    let parts = |pence| json!([part("CARRIED_FORWARD", "", pence)]);
    given.record(&[disposed("u", parts(70), json!({}))]);
    let one = &shown(&given)[0];
    assert_eq!(one.underspend_pence, Some(80));
    assert_eq!(one.over_underspend_pence, Some(-10));
    given.record(&[disposed("v", parts(50), json!({}))]);
    for disposal in shown(&given) {
        assert_eq!(disposal.over_underspend_pence, Some(40), "of both together");
    }
    // A split that is not known, and no total: nothing to compare.
    let parts = json!([open("CARRIED_FORWARD", "")]);
    given.record(&[disposed("w", parts, json!({}))]);
    assert_eq!(shown(&given)[2].over_underspend_pence, None);
    assert_eq!(shown(&given)[2].net_pence, None);
}

#[test]
fn only_like_is_compared_with_like() {
    let service = |id: &str| {
        on_x(
            "2014",
            "serviceAdded",
            json!({ "serviceId": id, "name": id }),
        )
    };
    let figures =
        |lines: Value| json!({ "figures": { "financialYear": "2018/19", "lines": lines } });
    let line = |service: &str, pence: &str| json!({ "serviceId": service, "amountPence": pence });
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc"]));
    events.extend([service("s"), service("t")]);
    let both = figures(json!([line("s", "500"), line("t", "500")]));
    events.push(on_x("2018-04-01", "budgetApproved", both));
    let one = figures(json!([line("s", "450")]));
    events.push(on_x("2019-05-01", "outturnReported", one));
    let mut given = Given::recorded(&events);
    let parts = json!([part("CARRIED_FORWARD", "", 50)]);
    given.record(&[
        disposed("u", parts.clone(), json!({})),
        disposed("v", parts.clone(), json!({ "serviceId": "s" })),
        disposed("w", parts, json!({ "serviceId": "t" })),
    ]);
    let compared: Vec<_> = shown(&given)
        .iter()
        .map(|one| one.underspend_pence)
        .collect();
    assert_eq!(
        compared,
        [None, Some(50), None],
        "the whole, s, and t without an outturn"
    );
}

#[test]
fn the_disposals_of_services_are_among_those_of_the_whole() {
    let figures = |s: &str, t: &str| {
        json!({ "figures": { "financialYear": "2018/19", "lines": [
            { "serviceId": "s", "amountPence": s }, { "serviceId": "t", "amountPence": t }] } })
    };
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc"]));
    for id in ["s", "t"] {
        let service = json!({ "serviceId": id, "name": id });
        events.push(on_x("2014", "serviceAdded", service));
    }
    events.push(on_x("2018-04-01", "budgetApproved", figures("500", "500")));
    events.push(on_x("2019-05-01", "outturnReported", figures("450", "470")));
    let mut given = Given::recorded(&events);
    let parts = json!([part("CARRIED_FORWARD", "", 50)]);
    given.record(&[
        disposed("u", parts.clone(), json!({})),
        disposed("v", parts, json!({ "serviceId": "s" })),
    ]);
    let compared: Vec<_> = shown(&given)
        .iter()
        .map(|one| (one.underspend_pence, one.over_underspend_pence))
        .collect();
    assert_eq!(compared, [(Some(80), Some(20)), (Some(50), Some(0))]);
}

#[test]
fn an_approval_without_the_split_carries_a_disposal_with_one() {
    let mut given = year_of(1_000, 920);
    let proposal = "0193aaaa-0000-7000-8000-000000000001";
    let rules = json!({ "ruleSetId": "r", "rules": [{ "ruleId": "all", "title": "All",
        "conditions": { "matterKinds": ["MATTER_KIND_DISPOSE_UNDERSPEND"] },
        "requirement": { "everyParty": {} } }] });
    given.record(&[on_x("2019-05-02", "approvalRulesAdopted", rules)]);
    let open = json!([
        open("BODY_RESERVES", "a-pcc"),
        open("BODY_RESERVES", "b-pcc")
    ]);
    let disposal = json!({ "financialYear": "2018/19", "parts": open, "totalPence": "80" });
    let mut proposed = on_x(
        "2019-05-03",
        "matterProposed",
        json!({ "proposalId": proposal, "title": "Use of the underspend",
                "matter": { "disposeUnderspend": disposal } }),
    );
    proposed["actedBy"] = json!({ "bodyId": "a-pcc" });
    given.record(&[proposed]);
    for body in ["a-pcc", "b-pcc", "c-pcc"] {
        let payload = json!({ "proposalId": proposal, "voter": { "bodyId": body },
            "choice": "VOTE_CHOICE_APPROVE" });
        given.record(&[on_x("2019-05-04", "voteCast", payload)]);
    }
    let carried = |id: &str, parts: Value| {
        let mut event = disposed(id, parts, json!({}));
        event["authority"] = json!({ "proposalId": proposal });
        event
    };
    let split = |a, b| {
        json!([
            part("BODY_RESERVES", "a-pcc", a),
            part("BODY_RESERVES", "b-pcc", b)
        ])
    };
    judged(
        &given,
        &[
            ("as approved", carried("u", split(30, 50)), &[]),
            ("more", carried("u", split(31, 50)), &["OVER_APPROVED"]),
            (
                "elsewhere",
                carried("u", json!([part("BODY_RESERVES", "c-pcc", 80)])),
                &["ANOTHER_ACT"],
            ),
        ],
    );
}

#[test]
fn a_disposal_inside_the_year_rests_on_the_approval_of_a_projected_one() {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc"]));
    let figures = json!({ "figures": { "financialYear": "2018/19" } });
    events.push(on_x("2018-06-01", "outturnReported", figures));
    let mut given = Given::recorded(&events);
    let propose = |given: &mut Given, number: u32, basis: Value| {
        let proposal = format!("0193aaaa-0000-7000-8000-00000000000{number}");
        let parts = json!([part("BODY_RESERVES", "a-pcc", 80)]);
        let disposal = json!({ "financialYear": "2018/19", "parts": parts, "basis": basis });
        let matter = json!({ "disposeUnderspend": disposal });
        let payload = json!({ "proposalId": proposal, "title": "Disposal", "matter": matter });
        let mut proposed = on_x("2018-10-01", "matterProposed", payload);
        proposed["actedBy"] = json!({ "bodyId": "b-pcc" });
        let payload = json!({ "proposalId": proposal, "decisionId": format!("d{number}"),
            "title": "Disposal", "outcome": "OUTCOME_APPROVED" });
        let mut decided = on_x("2018-11-01", "decisionMade", payload);
        decided["actedBy"] = json!({ "bodyId": "a-pcc" });
        given.record(&[proposed, decided]);
        proposal
    };
    let projected = json!("UNDERSPEND_BASIS_PROJECTED");
    let of_projected = propose(&mut given, 1, projected.clone());
    let of_actual = propose(&mut given, 2, json!("UNDERSPEND_BASIS_ACTUAL"));
    let act = |basis: Value, proposal: &str| {
        let parts = json!([part("BODY_RESERVES", "a-pcc", 80)]);
        let mut event = disposed("u", parts, json!({ "basis": basis }));
        event["effectiveOn"] = crate::given::date("2018-12-01");
        if !proposal.is_empty() {
            event["authority"] = json!({ "proposalId": proposal });
        }
        event
    };
    let none = json!("UNDERSPEND_BASIS_UNSPECIFIED");
    judged(
        &given,
        &[
            ("as an actual one", act(none.clone(), ""), &["NO_OUTTURN"]),
            (
                "as one, on the approval of a projected one",
                act(none, &of_projected),
                &["ANOTHER_ACT", "NO_OUTTURN"],
            ),
            (
                "as a projected one, on no approval",
                act(projected.clone(), ""),
                &["PROJECTED_NOT_APPROVED"],
            ),
            (
                "on the approval of an actual one",
                act(projected.clone(), &of_actual),
                &["ANOTHER_ACT", "PROJECTED_NOT_APPROVED"],
            ),
            ("as approved", act(projected.clone(), &of_projected), &[]),
        ],
    );
    given.record(&[act(projected, &of_projected)]);
    let disposal = &views::virements::list(&at(&given, "2018-12-31"), None).1[0];
    assert!(!disposal.act.as_ref().unwrap().is_breach);
    assert_eq!(disposal.underspend_pence, None, "none is on record");
}
