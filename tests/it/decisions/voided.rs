//! Corrections of approvals that acts rely on: the correction makes the act a
//! breach from then on, and a replacement is judged like any entry.

use serde_json::{Value, json};

use super::approving::*;
use super::breaches::{breaches, naming, now, tail};
use super::votes::{CARRIED, OPEN, recorded, standing_on};
use crate::given::{Given, event, judged, on_x};

fn correct(position: u64, replacement: Value) -> Value {
    correct_on("collaborations/x", position, replacement)
}

fn correct_on(subject: &str, position: u64, replacement: Value) -> Value {
    event(
        subject,
        "",
        "entryCorrected",
        json!({ "position": position.to_string(), "reason": "Wrong", "replacement": replacement }),
    )
}

/// The breaches found today: the act, and the first approval that is missing.
fn found(given: &Given) -> Vec<(String, String)> {
    now(given)
        .into_iter()
        .map(|line| {
            let act = line.act.expect("an act").item_id;
            (act, line.missing[0].reason.clone())
        })
        .collect()
}

const NONE: [(String, String); 0] = [];

/// Records these, then an act under the first proposal; returns the position of the
/// entry at `index`.
fn acted(base: Given, words: &[Value], index: usize) -> (Given, u64) {
    let first = tail(&base);
    let given = recorded(base, words);
    let given = recorded(given, &[make("2020-06-10", 1, "v", virement("100"))]);
    assert_eq!(found(&given), NONE);
    (given, first + 1 + index as u64)
}

fn base(requirement: Value) -> Given {
    recorded(
        ruled(&[virements("any", json!({}), requirement)]),
        &[request("2020-06-01", 1, virement("100"))],
    )
}

fn own_decision(body: &str) -> Value {
    let payload = json!({ "decisionId": "d", "title": "Yes", "outcome": "OUTCOME_APPROVED",
        "proposalId": id(1) });
    by(body, "", on_x("2020-06-03", "decisionMade", payload))
}

#[test]
fn a_vote_a_decision_or_an_answer_that_never_was() {
    let board_s = ["+a-pcc", "+b-pcc", "+a-cc"].map(|v| on_board("2020-06-02", 1, v));
    let mut on_the_board = board_s.to_vec();
    on_the_board.push(decision("2020-06-03", 1, "APPROVED"));
    let mut referred = decision("2020-06-02", 1, "REFERRED");
    referred["decisionMade"]["referredToId"] = "council".into();
    let answered = on_x(
        "2020-06-04",
        "externalDecisionReceived",
        json!({ "proposalId": id(1), "deciderId": "council", "outcome": "OUTCOME_APPROVED" }),
    );
    let table: Vec<(&str, Value, Vec<Value>, usize)> = vec![
        (
            "a vote",
            named(&["a-pcc", "b-pcc"]),
            vec![
                vote("2020-06-02", 1, "+a-pcc"),
                vote("2020-06-03", 1, "+b-pcc"),
            ],
            0,
        ),
        (
            "a decision",
            named(&["a-pcc"]),
            vec![own_decision("a-pcc")],
            0,
        ),
        ("the board's", board("MAJORITY"), on_the_board.clone(), 3),
        ("one of its votes", board("MAJORITY"), on_the_board, 0),
        (
            "an answer",
            named(&["a-pcc"]),
            vec![referred, vote("2020-06-03", 1, "+a-pcc"), answered],
            2,
        ),
    ];
    for (name, requirement, words, index) in table {
        let (given, position) = acted(base(requirement), &words, index);
        let before = tail(&given);
        let given = recorded(given, &[correct(position, Value::Null)]);
        let act = ("v".to_owned(), "NOT_CARRIED".to_owned());
        assert_eq!(found(&given), [act], "{name}");
        assert!(breaches(&given, "2026-11-23", before).is_empty(), "{name}");
        // The correction is voided: the entry was right.
        let given = recorded(given, &[correct(before + 1, Value::Null)]);
        assert_eq!(found(&given), NONE, "{name}");
        let known = breaches(&given, "2026-11-23", before + 1);
        assert_eq!(known.len(), 1, "{name}: as known in between");
    }
}

#[test]
fn voiding_a_set_of_rules_makes_a_breach_of_an_act_under_it() {
    let given = ruled(&[virements("any", json!({}), named(&["a-pcc"]))]);
    let set = tail(&given);
    let given = recorded(given, &[request("2020-06-01", 1, virement("100"))]);
    let (given, _) = acted(given, &[vote("2020-06-02", 1, "+a-pcc")], 0);
    // Without rules a vote carries nothing, and the act names the proposal.
    let void = recorded(given.clone(), &[correct(set, Value::Null)]);
    assert_eq!(found(&void), [("v".into(), "NOT_CARRIED".into())]);
    // Under stricter rules it is not carried either.
    let more = adopt(
        "2020-01-01",
        "rules",
        &[virements("any", json!({}), named(&["a-pcc", "a-cc"]))],
    );
    let more = recorded(given.clone(), &[correct(set, more)]);
    assert_eq!(found(&more), [("v".into(), "NOT_CARRIED".into())]);
    let agreed = recorded(more, &[vote("2020-06-09", 1, "+a-cc")]);
    assert_eq!(found(&agreed), NONE, "recorded late, in time");
    // If the rules were adopted later, no rules governed the act.
    let later = adopt(
        "2020-07-01",
        "rules",
        &[virements("any", json!({}), named(&["a-pcc"]))],
    );
    let later = recorded(given, &[correct(set, later)]);
    assert_eq!(found(&later), [("v".into(), "NOT_CARRIED".into())]);
}

#[test]
fn a_redated_vote_counts_from_its_new_date() {
    let words = [
        vote("2020-06-02", 1, "+a-pcc"),
        vote("2020-06-03", 1, "+b-pcc"),
    ];
    let (given, position) = acted(base(named(&["a-pcc", "b-pcc"])), &words, 0);
    let dated = |on: &str| correct(position, vote(on, 1, "+a-pcc"));
    let in_time = recorded(given.clone(), &[dated("2020-06-10")]);
    assert_eq!(found(&in_time), NONE, "on the day of the act");
    assert_eq!(standing_on(&in_time, "2020-06-09"), OPEN);
    assert_eq!(standing_on(&in_time, "2020-06-10"), CARRIED);
    let late = recorded(given, &[dated("2020-06-11")]);
    assert_eq!(found(&late), [("v".into(), "DECIDED_LATER".into())]);
    let line = now(&late).pop().expect("a breach");
    let approval = line.late_approvals.first().expect("the one that came late");
    assert!(!approval.recorded_late && approval.proposal_id == id(1));
}

#[test]
fn a_replacement_is_judged_itself() {
    let words = [vote("2020-06-02", 1, "+a-pcc")];
    let (given, position) = acted(base(named(&["a-pcc"])), &words, 0);
    let act = tail(&given);
    let free = make("2020-06-10", 0, "v", virement("100"));
    let early = make("2020-06-01", 1, "v", virement("100"));
    judged(
        &given,
        &[
            (
                "a vote of one who is not asked",
                correct(position, vote("2020-06-02", 1, "+fire")),
                &["NOT_ENTITLED"],
            ),
            (
                "an act of another amount",
                correct(act, make("2020-06-10", 1, "v", virement("101"))),
                &["OVER_APPROVED"],
            ),
            (
                "of less",
                correct(act, make("2020-06-10", 1, "v", virement("99"))),
                &[],
            ),
            (
                "on nothing",
                correct(act, free.clone()),
                &["APPROVAL_REQUIRED"],
            ),
            ("too early", correct(act, early), &["DECIDED_LATER"]),
            ("said to be a breach", correct(act, breach(free)), &[]),
        ],
    );
}

#[test]
fn voiding_a_membership_removes_its_vote() {
    let joined =
        json!({ "joined": [{ "bodyId": "council", "capacity": "MEMBER_CAPACITY_MEMBER" }] });
    let given = recorded(
        stage(),
        &[event(
            "boards/board",
            "2020-01-01",
            "boardMembershipChanged",
            joined,
        )],
    );
    let seat = tail(&given);
    let given = recorded(
        given,
        &[
            adopt(
                "2020-01-01",
                "rules",
                &[virements("any", json!({}), board("MAJORITY"))],
            ),
            request("2020-06-01", 1, virement("100")),
        ],
    );
    let words = [
        on_board("2020-06-02", 1, "+a-pcc"),
        on_board("2020-06-02", 1, "-b-pcc"),
        on_board("2020-06-02", 1, "+council"),
        decision("2020-06-03", 1, "APPROVED"),
    ];
    let (given, _) = acted(given, &words, 0);
    let void = correct_on("boards/board", seat, Value::Null);
    let given = recorded(given, &[void]);
    assert_eq!(found(&given), [("v".into(), "NOT_CARRIED".into())]);
}

#[test]
fn a_proposal_with_acts_or_votes_cannot_be_voided() {
    let words = [vote("2020-06-02", 1, "+a-pcc")];
    let (given, position) = acted(base(named(&["a-pcc"])), &words, 0);
    let relied = given.faults(&[correct(position - 1, Value::Null)]);
    assert!(relied.iter().all(|(_, reason)| *reason == "RELIED_UPON") && relied.len() == 2);
    // One that no act relies on may be corrected.
    let alone = base(named(&["a-pcc"]));
    let asked = tail(&alone);
    judged(&alone, &[("alone", correct(asked, Value::Null), &[])]);
    // A breach names it: the entry may not be removed.
    let act = naming(1, breach(make("2020-06-10", 0, "v", virement("100"))));
    let named = recorded(alone, &[act]);
    judged(
        &named,
        &[("named", correct(asked, Value::Null), &["RELIED_UPON"])],
    );
}

#[test]
fn an_act_that_was_found_and_one_that_was_acknowledged_stay_apart() {
    let words = [vote("2020-06-02", 1, "+a-pcc")];
    let (given, position) = acted(base(named(&["a-pcc"])), &words, 0);
    let given = recorded(
        given,
        &[
            breach(make("2020-06-11", 0, "w", virement("1"))),
            correct(position, Value::Null),
        ],
    );
    let mut kinds: Vec<(i32, String)> = now(&given)
        .into_iter()
        .map(|line| (line.kind, line.act.expect("an act").item_id))
        .collect();
    kinds.sort();
    assert_eq!(kinds, [(1, "w".into()), (2, "v".into())]);
    // Agreed in time but recorded late: the found breach disappears, the acknowledged
    // one stays.
    let given = recorded(given, &[vote("2020-06-05", 1, "+a-pcc")]);
    let lines = now(&given);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].act.as_ref().expect("an act").item_id, "w");
}

#[test]
fn a_late_approval_shows_whether_it_was_only_recorded_late() {
    let given = base(named(&["a-pcc"]));
    let given = recorded(given, &[breach(make("2020-06-10", 0, "v", virement("60")))]);
    let act = tail(&given);
    let ratify = |n: u128, on: &str| {
        let mut event = request(on, n, virement("60"));
        event["virementRequested"]["ratifies"] = json!({ "position": act.to_string() });
        event
    };
    let given = recorded(
        given,
        &[
            ratify(2, "2020-06-10"),
            ratify(3, "2020-06-11"),
            vote("2020-06-10", 2, "+a-pcc"),
            vote("2020-06-12", 3, "+a-pcc"),
        ],
    );
    let line = now(&given).pop().expect("a breach");
    let late: Vec<(&str, bool)> = line
        .late_approvals
        .iter()
        .map(|late| (&*late.proposal_id, late.recorded_late))
        .collect();
    let (second, third) = (id(2), id(3));
    assert_eq!(
        late,
        [(&*second, true), (&*third, false)],
        "agreed on the day of the act and recorded after it; agreed later"
    );
    // A rejected ratification is shown beside the breach.
    let given = recorded(given, &[ratify(4, "2020-07-01")]);
    let mut no = own_decision("a-pcc");
    no["decisionMade"]["outcome"] = "OUTCOME_REJECTED".into();
    no["decisionMade"]["proposalId"] = id(4).into();
    no["effectiveOn"] = crate::given::date("2020-07-02");
    let given = recorded(given, &[no]);
    let line = now(&given).pop().expect("a breach");
    assert_eq!(line.late_approvals.len(), 3);
    let last = line.late_approvals.last().expect("the rejected one");
    assert_eq!(
        last.standing(),
        minutebook::wire::proto::DecisionStanding::Rejected
    );
}
