//! Public documents that were recorded as an officer would, and came back wrong.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::{AttentionKind, DecisionStanding, Standing};
use serde_json::{Value, json};

use super::{agree, at, body, councils, ids, instrument, signed, x};
use crate::given::{Given, date, event, judged, on_x};

const ALL: [&str; 3] = ["a", "b", "c"];

/// Three councils, with an agreement for each of two services.
fn three_councils() -> Given {
    let mut given = councils(&ALL, "2012");
    for service in ["adults", "children"] {
        let terms = json!({ "noticeAsPartyMonths": 12 });
        agree(
            &mut given,
            &format!("{service}-113"),
            "2012",
            "SECTION_113_AGREEMENT",
            terms,
            &ALL,
        );
        given.record(&[on_x(
            "2012",
            "serviceAdded",
            json!({ "serviceId": service, "name": service, "instrumentId": format!("{service}-113") }),
        )]);
    }
    given
}

fn notice(id: &str, body: &str, service: &str) -> Value {
    let payload = json!({ "noticeId": id, "bodyId": body, "serviceId": service,
        "capacity": "NOTICE_CAPACITY_PARTY", "instrumentId": format!("{service}-113"),
        "takesEffectOn": date("2018-04-01") });
    on_x("2017-03-31", "noticeGiven", payload)
}

fn over(instrument: &str) -> Value {
    let payload = json!({ "instrumentId": instrument, "cause": "END_CAUSE_NOTICE" });
    on_x("2018-04-01", "instrumentEnded", payload)
}

/// Two London councils gave notice to the third under the agreement for each service, and
/// each agreement ended by that notice.
#[test]
fn an_agreement_for_one_service_ends_by_the_notices_to_leave_it() {
    let mut given = three_councils();
    given.record(&[notice("adults-a", "a", "adults")]);
    judged(
        &given,
        &[(
            "two go on with it",
            over("adults-113"),
            &["NOTICE_LEAVES_OTHERS"],
        )],
    );
    given.record(&[notice("adults-b", "b", "adults")]);
    judged(
        &given,
        &[
            ("with notice to leave all of it", over("adults-113"), &[]),
            (
                "with no notice under it",
                over("children-113"),
                &["END_WITHOUT_NOTICE"],
            ),
        ],
    );
    // An agreement for two services ends only by notice to leave both.
    let mut wider = given.clone();
    wider.record(&[on_x(
        "2013",
        "serviceInstrumentNamed",
        json!({ "serviceId": "children", "instrumentId": "adults-113" }),
    )]);
    judged(
        &wider,
        &[(
            "with notice to leave a part",
            over("adults-113"),
            &["END_WITHOUT_NOTICE"],
        )],
    );
    given.record(&[over("adults-113")]);
    let adults = instrument(&given, "adults-113", "2018-04-01");
    assert_eq!(adults.standing(), Standing::Ended);
    let children = instrument(&given, "children-113", "2018-04-01");
    assert_eq!(children.standing(), Standing::InForce);
}

#[test]
fn a_notice_is_followed_up_by_the_end_of_its_agreement() {
    let mut given = three_councils();
    given.record(&[notice("adults-a", "a", "adults")]);
    given.record(&[notice("adults-b", "b", "adults")]);
    let overdue = |given: &Given| {
        let lines = views::deadlines::list(&at(given, "2018-05-01"), None, false);
        let open = lines
            .into_iter()
            .filter(|line| line.kind == 1 || line.missed);
        open.map(|line| line.item_id).collect::<Vec<_>>()
    };
    assert_eq!(
        overdue(&given),
        ["adults-a", "adults-b"],
        "nothing is recorded after them"
    );
    given.record(&[over("adults-113")]);
    assert_eq!(overdue(&given), [""; 0]);
}

/// A council's decision was called in, went back and was rejected: the approval that it
/// once had has nothing more to wait for.
#[test]
fn a_matter_that_was_decided_anew_is_not_suspended_any_more() {
    const ID: &str = "019aaaaa-4022-738c-8a5b-c5c23aa28dd8";
    let subject = "bodies/council";
    let on = |on: &str, kind: &str, payload| event(subject, on, kind, payload);
    let seats: Vec<Value> = (1..=60)
        .map(|n| json!({ "bodyId": "council", "office": format!("Member {n}") }))
        .collect();
    let decided = |id: &str, outcome: &str, votes: [u32; 3]| {
        let tally = json!({ "votesFor": votes[0], "votesAgainst": votes[1],
            "abstentions": votes[2], "present": 58 });
        json!({ "decisionId": id, "title": "Street signs", "proposalId": ID,
            "outcome": format!("OUTCOME_{outcome}"), "boardId": "full-council", "tally": tally })
    };
    let board = json!({ "name": "Full council", "powers": ["BOARD_POWER_DECIDES"],
        "members": seats, "ownerBodyId": "council", "votingRule": "VOTING_RULE_MAJORITY" });
    let proposed = json!({ "proposalId": ID, "title": "Street signs",
        "matter": { "other": "Street signs" }, "boardId": "full-council" });
    let mut called_in = on(
        "2021-10-08",
        "decisionCalledIn",
        json!({ "decisionId": "d1", "callInId": "c1" }),
    );
    called_in["actedBy"] = json!({ "office": "9 of the 60 members" });
    let back = json!({ "callInId": "c1", "outcome": "CALL_IN_OUTCOME_BACK_TO_DECIDER" });
    let given = Given::recorded(&[
        body("council", "COUNCIL"),
        event("boards/full-council", "2015", "boardConstituted", board),
        on("2021-09-01", "matterProposed", proposed),
        on(
            "2021-10-04",
            "decisionMade",
            decided("d1", "APPROVED", [36, 20, 2]),
        ),
        called_in,
        on("2021-11-01", "callInSettled", back),
        on(
            "2021-11-01",
            "decisionMade",
            decided("d2", "REJECTED", [45, 12, 1]),
        ),
    ]);
    let line = |day: &str| {
        let view = views::proposal::get(&at(&given, day), ID.parse().expect("an id"));
        view.expect("the proposal").approval.expect("its line")
    };
    let suspended = line("2021-10-20");
    assert!(
        suspended.interruption.contains("called in"),
        "{suspended:?}"
    );
    let after = line("2021-11-02");
    assert_eq!(after.standing(), DecisionStanding::Rejected);
    assert_eq!(after.interruption, "");
    assert_eq!(after.interrupted_on, None);
}

/// Where no source gives the signatories of a document, nobody is awaited.
#[test]
fn nobody_is_awaited_where_the_signatories_are_not_known() {
    let mut given = councils(&ALL, "2012");
    let payload = json!({ "instrumentId": "case", "title": "Business case",
        "kind": "INSTRUMENT_KIND_BUSINESS_CASE", "signatoriesUnknown": true });
    given.record(&[on_x("2014", "instrumentDrafted", payload)]);
    let lines = |given: &Given| {
        let lines = views::attention::list(
            &at(given, "2015-01-01"),
            &Asker::default(),
            "2015-02-01".parse().expect("a day"),
        );
        let mut lines = lines.into_iter();
        lines.find(|line| line.kind() == AttentionKind::AwaitsSignature)
    };
    let line = lines(&given).expect("it is not signed");
    assert_eq!(line.item_id, "case");
    assert!(line.awaited.is_empty(), "{:?}", line.awaited);
    assert!(
        instrument(&given, "case", "2015-01-01")
            .signatures
            .is_empty()
    );
    let b = "b".parse().expect("an id");
    let body = views::body::get(&at(&given, "2015-01-01"), &b).expect("the body");
    assert!(body.awaited_signatures.is_empty());
    given.record(&[signed("case", "2014-05", "b")]);
    assert_eq!(lines(&given), None);
    let shown = instrument(&given, "case", "2015-01-01");
    let signatories = shown.signatures.into_iter();
    let signatories: Vec<_> = signatories.filter_map(|signed| signed.body).collect();
    assert_eq!(ids(&signatories), ["b"]);
}

/// A second budget is named beside the main one, and a total that is printed for one
/// service is its figure.
#[test]
fn a_budget_of_which_only_a_service_total_is_printed_is_shown() {
    let mut given = three_councils();
    let main = json!({ "figures": { "financialYear": "2020/21",
        "lines": [{ "serviceId": "adults", "amountPence": "2245175000" }] } });
    let in_year = json!({ "budgetId": "in-year", "figures": { "financialYear": "2020/21",
        "stated": [{ "serviceId": "adults", "amountPence": "2750000000" }] } });
    given.record(&[
        on_x("2020-04-01", "budgetApproved", main),
        on_x("2020-10-01", "budgetApproved", in_year),
    ]);
    let id = "collaborations/x".parse().expect("an id");
    let shown = |budget: Option<&str>| {
        let budget = budget.map(|id| id.parse().expect("an id"));
        views::budget::get(&at(&given, "2020-12-01"), &id, budget.as_ref()).expect("a budget")
    };
    assert_eq!(shown(None).other_budget_ids, ["in-year"]);
    let in_year = shown(Some("in-year"));
    assert!(in_year.other_budget_ids.is_empty());
    assert_eq!(in_year.rows[0].cells[0].amount_pence, 2_750_000_000);
    assert_eq!(x(&given, "2020-12-01").services.len(), 2);
}
