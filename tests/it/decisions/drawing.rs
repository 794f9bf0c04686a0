//! The amount that an approval allows, the acts that draw on it, and the amount
//! that is left when one is undone.

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use serde_json::{Value, json};

use super::acts::reverse;
use super::approving::*;
use super::breaches::{naming, now};
use super::votes::{put, recorded};
use crate::given::{Given, date, event, judged, on_x};

fn side(mut place: Value, amount: &str) -> Value {
    place["amountPence"] = amount.into();
    place
}

fn moving(sources: &[(&str, &str)], targets: &[Value]) -> Value {
    let sources: Vec<Value> = sources
        .iter()
        .map(|(name, amount)| side(head("dogs", name), amount))
        .collect();
    json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
        "sources": sources, "targets": targets })
}

/// `action`, requested under the officer's rule and approved on 2020-06-02.
fn allowed(action: Value) -> Given {
    recorded(
        ruled(&[virements("any", json!({}), officer(None))]),
        &[request("2020-06-01", 1, action), approve("2020-06-02", 1)],
    )
}

/// Pence approved, made and left of the first proposal, and whether it covers a
/// projection.
fn figures(given: &Given, day: &str) -> (i64, i64, i64, bool) {
    let register_view = RegisterView::new(
        std::sync::Arc::new(given.register.clone()),
        day.parse().expect("a day"),
        Position::new(u64::MAX),
    );
    let view =
        views::proposal::get(&register_view, id(1).parse().expect("an id")).expect("a proposal");
    let found = (view.approved_pence, view.made_pence, view.left_pence);
    let (lines, _) = views::virements::list(&register_view, None);
    let line = lines.iter().find(|line| line.proposal_id == id(1));
    if let Some(line) = line {
        let same = (line.approved_pence, line.made_pence, line.left_pence);
        assert_eq!(found, same, "two views of one proposal");
    }
    (found.0, found.1, found.2, view.covers_projected)
}

#[test]
fn part_of_a_proposal_may_be_done_and_nothing_beyond_it() {
    let fuel = |amount: &str| side(head("vans", "Fuel"), amount);
    let tyres = |amount: &str| side(head("vans", "Tyres"), amount);
    let given = allowed(moving(
        &[("Pay", "60"), ("Food", "40")],
        &[fuel("70"), tyres("30")],
    ));
    let act = |action: Value| make("2020-06-03", 1, "v", action);
    let another: &[&str] = &["ANOTHER_ACT"];
    let over: &[&str] = &["OVER_APPROVED"];
    judged(
        &given,
        &[
            (
                "one to one",
                act(moving(&[("Pay", "60")], &[fuel("60")])),
                &[],
            ),
            (
                "as much of a target as there is",
                act(moving(&[("Pay", "60"), ("Food", "10")], &[fuel("70")])),
                &[],
            ),
            (
                "a penny more of it",
                act(moving(&[("Pay", "60"), ("Food", "11")], &[fuel("71")])),
                over,
            ),
            (
                "a penny more of a source",
                act(moving(&[("Food", "41")], &[fuel("41")])),
                over,
            ),
            (
                "a head that is not in it",
                act(moving(&[("Pay", "1"), ("Kit", "1")], &[fuel("2")])),
                another,
            ),
            (
                "to one of its sources",
                act(moving(&[("Pay", "1")], &[side(head("dogs", "Food"), "1")])),
                another,
            ),
            (
                "the wrong way round",
                act(
                    json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
                    "sources": [fuel("1")], "targets": [side(head("dogs", "Pay"), "1")] }),
                ),
                &["HEAD_NOT_IN_BUDGET", "ANOTHER_ACT"],
            ),
        ],
    );
    let given = recorded(
        given,
        &[act(moving(&[("Pay", "60"), ("Food", "10")], &[fuel("70")]))],
    );
    assert_eq!(figures(&given, "2020-06-03"), (100, 70, 30, false));
    judged(
        &given,
        &[
            (
                "a target that is full",
                make("2020-06-04", 1, "w", moving(&[("Food", "1")], &[fuel("1")])),
                over,
            ),
            (
                "what is left",
                make(
                    "2020-06-04",
                    1,
                    "w",
                    moving(&[("Food", "30")], &[tyres("30")]),
                ),
                &[],
            ),
        ],
    );
}

#[test]
fn money_goes_back_to_the_body_that_was_named() {
    let back = |body: &str| side(json!({ "returnedToId": body }), "50");
    let both = moving(&[("Pay", "100")], &[back("a-pcc"), back("b-pcc")]);
    let given = allowed(both);
    let act = |targets: &[Value]| {
        let total = (targets.len() * 50).to_string();
        make("2020-06-03", 1, "v", moving(&[("Pay", &total)], targets))
    };
    judged(
        &given,
        &[
            ("both", act(&[back("a-pcc"), back("b-pcc")]), &[]),
            ("one", act(&[back("a-pcc")]), &[]),
            ("another", act(&[back("council")]), &["ANOTHER_ACT"]),
            (
                "to a head instead",
                act(&[side(head("vans", "Fuel"), "50")]),
                &["ANOTHER_ACT"],
            ),
        ],
    );
}

/// A body's own approval of this amount; 0 means all of it.
fn allows(on: &str, body: &str, amount: &str, projected: bool) -> Value {
    let payload = json!({ "proposalId": id(1), "decisionId": format!("d-{body}-{on}"),
        "amountPence": amount, "allowsProjected": projected });
    by(body, "", on_x(on, "virementApproved", payload))
}

#[test]
fn the_smallest_amount_of_the_counted_approvals_is_allowed() {
    let both = || put(named(&["a-pcc", "b-pcc"]));
    let approved = |words: &[Value]| figures(&recorded(both(), words), "2020-06-30").0;
    let a = |on: &str, amount: &str| allows(on, "a-pcc", amount, false);
    let b = |on: &str, amount: &str| allows(on, "b-pcc", amount, false);
    assert_eq!(
        approved(&[a("2020-06-02", "80"), b("2020-06-03", "70")]),
        70
    );
    assert_eq!(approved(&[a("2020-06-02", "80"), b("2020-06-03", "0")]), 80);
    assert_eq!(approved(&[a("2020-06-02", "0"), b("2020-06-03", "0")]), 100);
    assert_eq!(
        approved(&[a("2020-06-02", "80"), vote("2020-06-03", 1, "+b-pcc")]),
        80
    );
    assert_eq!(
        approved(&[a("2020-06-02", "80")]),
        0,
        "nothing, until it is carried"
    );
    // A later approval of the same body replaces the earlier.
    assert_eq!(
        approved(&[
            a("2020-06-02", "50"),
            a("2020-06-03", "90"),
            b("2020-06-04", "0")
        ]),
        90
    );
    assert_eq!(
        approved(&[
            a("2020-06-02", "50"),
            vote("2020-06-03", 1, "+a-pcc"),
            b("2020-06-04", "0")
        ]),
        100,
        "a plain vote for what was asked"
    );
}

#[test]
fn a_projection_is_covered_if_every_counted_approval_covers_it() {
    let projected = || {
        let mut virement = virement("100");
        virement["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
        virement
    };
    let base = || {
        let rules = [virements("any", json!({}), named(&["a-pcc", "b-pcc"]))];
        recorded(ruled(&rules), &[request("2020-06-01", 1, projected())])
    };
    let act = || make("2020-06-10", 1, "v", projected());
    let a = |projected: bool| allows("2020-06-02", "a-pcc", "0", projected);
    let b = |projected: bool| allows("2020-06-03", "b-pcc", "0", projected);
    let not: &[&str] = &["PROJECTED_NOT_APPROVED"];
    let plain = || vote("2020-06-03", 1, "+b-pcc");
    let table: Vec<(&str, Vec<Value>, &[&str])> = vec![
        ("both say so", vec![a(true), b(true)], &[]),
        ("one does not", vec![a(true), b(false)], not),
        ("one says so, one votes", vec![a(true), plain()], &[]),
        ("one does not, one votes", vec![a(false), plain()], not),
        (
            "votes alone",
            vec![vote("2020-06-02", 1, "+a-pcc"), plain()],
            not,
        ),
        (
            "said so later, in time",
            vec![a(false), allows("2020-06-03", "a-pcc", "0", true), b(true)],
            &[],
        ),
    ];
    for (name, words, reasons) in table {
        let given = recorded(base(), &words);
        judged(
            &given,
            &[(name, act(), reasons), (name, breach(act()), &[])],
        );
        let covers = figures(&given, "2020-06-10").3;
        assert_eq!(covers, reasons.is_empty(), "{name}");
    }
    // The same request on an actual underspend.
    let mut actual = virement("100");
    actual["basis"] = "UNDERSPEND_BASIS_ACTUAL".into();
    let given = recorded(base(), &[a(true), b(true)]);
    judged(
        &given,
        &[(
            "on another basis",
            make("2020-06-10", 1, "v", actual.clone()),
            &["ANOTHER_ACT"],
        )],
    );
    judged(
        &stage(),
        &[(
            "no rules, an actual one",
            make("2020-06-10", 0, "v", actual),
            &[],
        )],
    );
}

#[test]
fn an_act_known_to_the_month_may_be_after_an_approval_in_it() {
    let given = allowed(virement("100"));
    let mut act = make("2020-06-02", 1, "v", virement("100"));
    act["effectiveOn"] = date("2020-06");
    let late: &[&str] = &["DECIDED_LATER"];
    let (mut before, mut later) = (act.clone(), act.clone());
    before["effectiveOn"] = date("2020-05");
    later["effectiveOn"] = date("2020-07");
    judged(
        &given,
        &[
            ("the month before its approval", before, late),
            ("the month of its approval", act, &[]),
            ("the next", later, &[]),
        ],
    );
}

#[test]
fn an_act_needs_an_effective_proposal_of_its_own_subject() {
    let other = event(
        "collaborations/y",
        "2013",
        "collaborationEstablished",
        json!({ "name": "Y", "kind": "COLLABORATION_KIND_ALLIANCE", "partyIds": ["a-pcc", "b-pcc"] }),
    );
    let mut on_y = propose("2020-06-01", 2, json!({ "other": "Something" }));
    on_y["subject"] = "collaborations/y".into();
    let given = recorded(allowed(virement("100")), &[other, on_y]);
    let act = |n: u128| make("2020-06-10", n, "v", virement("100"));
    judged(
        &given,
        &[
            ("its own", act(1), &[]),
            ("another's", act(2), &["PROPOSAL_ELSEWHERE"]),
            ("nobody's", act(3), &["UNKNOWN_PROPOSAL"]),
        ],
    );
    let not: &[&str] = &["NOT_CARRIED"];
    let open = || put(named(&["a-pcc"]));
    let mut no = approve("2020-06-02", 1);
    no.as_object_mut()
        .expect("an event")
        .remove("virementApproved");
    no["decisionMade"] = json!({ "decisionId": "no", "title": "No", "proposalId": id(1),
        "outcome": "OUTCOME_REJECTED" });
    let back = on_x(
        "2020-06-02",
        "proposalWithdrawn",
        json!({ "proposalId": id(1) }),
    );
    for (name, event) in [("rejected", no), ("taken back", back)] {
        judged(&recorded(open(), &[event]), &[(name, act(1), not)]);
    }
}

#[test]
fn a_reversed_amount_is_available_again_from_that_day() {
    let given = recorded(
        allowed(virement("100")),
        &[
            make("2020-06-03", 1, "v", virement("100")),
            reverse("2020-06-10", "v"),
        ],
    );
    assert_eq!(figures(&given, "2020-06-09"), (100, 100, 0, false));
    assert_eq!(figures(&given, "2020-06-10"), (100, 0, 100, false));
    let act = |on: &str, amount: &str| make(on, 1, "w", virement(amount));
    judged(
        &given,
        &[
            ("between", act("2020-06-09", "1"), &["APPROVAL_SPENT"]),
            (
                "before it, so that nothing would have been left for it",
                act("2020-06-02", "1"),
                &["APPROVAL_SPENT"],
            ),
            ("from then", act("2020-06-10", "100"), &[]),
            ("a penny more", act("2020-06-10", "101"), &["OVER_APPROVED"]),
            ("undone twice", reverse("2020-06-11", "v"), &["ITEM_CLOSED"]),
        ],
    );
    let again = recorded(given, &[act("2020-06-12", "60")]);
    assert_eq!(figures(&again, "2020-06-12"), (100, 60, 40, false));
}

#[test]
fn a_reversal_that_never_was_leaves_too_much_drawn() {
    let given = recorded(
        allowed(virement("100")),
        &[
            make("2020-06-03", 1, "v", virement("100")),
            reverse("2020-06-10", "v"),
        ],
    );
    let undone = given.register.tail();
    let given = recorded(given, &[make("2020-06-12", 1, "w", virement("60"))]);
    assert!(now(&given).is_empty());
    let void = on_x(
        "",
        "entryCorrected",
        json!({ "position": undone.get().to_string(), "reason": "It stood" }),
    );
    let given = recorded(given, &[void]);
    let lines = now(&given);
    let [line] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(line.act.as_ref().expect("an act").item_id, "w");
    assert_eq!(line.missing[0].reason, "APPROVAL_SPENT");
    assert_eq!(figures(&given, "2020-06-30"), (100, 100, 0, false));
}

#[test]
fn a_breach_draws_only_on_the_proposal_that_it_names_and_fits() {
    let other = || {
        let mut virement = virement("60");
        virement["financialYear"] = "2021/22".into();
        virement
    };
    let with_breach =
        |event: Value| figures(&recorded(allowed(virement("100")), &[event]), "2020-06-30");
    let act = || make("2020-06-10", 0, "v", virement("60"));
    assert_eq!(
        with_breach(breach(act())),
        (100, 0, 100, false),
        "it names nothing"
    );
    assert_eq!(with_breach(naming(1, breach(act()))), (100, 60, 40, false));
    let elsewhere = make("2020-06-10", 0, "v", other());
    assert_eq!(
        with_breach(naming(1, breach(elsewhere))),
        (100, 0, 100, false)
    );
    // More than was allowed: nothing is left, and the amount left is not negative.
    let more = make("2020-06-10", 0, "v", virement("160"));
    let (approved, _, left, _) = with_breach(naming(1, breach(more)));
    assert_eq!((approved, left), (100, 0));
    judged(
        &allowed(virement("100")),
        &[(
            "one that is not there",
            naming(9, breach(act())),
            &["UNKNOWN_PROPOSAL"],
        )],
    );
    // If it is undone, the amount is available again.
    let given = recorded(
        allowed(virement("100")),
        &[naming(1, breach(act())), reverse("2020-06-20", "v")],
    );
    assert_eq!(figures(&given, "2020-06-30"), (100, 0, 100, false));
    assert_eq!(now(&given).len(), 1, "a breach, undone or not");
}

#[test]
fn a_disposal_is_drawn_part_by_part() {
    let part = |to: &str, body: &str, amount: &str| json!({ "destination": format!("DISPOSAL_DESTINATION_{to}"), "bodyId": body, "amountPence": amount });
    let disposal = |parts: &[Value]| json!({ "financialYear": "2019/20", "parts": parts });
    let whole = disposal(&[
        part("BODY_RESERVES", "a-pcc", "60"),
        part("BODY_RESERVES", "b-pcc", "40"),
    ]);
    let outturn = json!({ "figures": { "financialYear": "2019/20",
        "lines": [{ "serviceId": "dogs", "amountPence": "1000" }] } });
    let given = recorded(
        ruled(&[about(
            &["DISPOSE_UNDERSPEND"],
            "any",
            json!({}),
            named(&["a-pcc"]),
        )]),
        &[
            propose("2020-06-01", 1, json!({ "disposeUnderspend": whole })),
            vote("2020-06-02", 1, "+a-pcc"),
            on_x("2020-06-02", "outturnReported", outturn),
        ],
    );
    let act = |id: &str, parts: &[Value]| {
        let payload = json!({ "disposalId": id, "disposal": disposal(parts) });
        resting(1, on_x("2020-06-03", "underspendDisposed", payload))
    };
    let given = recorded(given, &[act("d", &[part("BODY_RESERVES", "a-pcc", "50")])]);
    assert_eq!(figures(&given, "2020-06-03"), (100, 50, 50, false));
    judged(
        &given,
        &[
            (
                "beyond its own part",
                act("e", &[part("BODY_RESERVES", "a-pcc", "11")]),
                &["OVER_APPROVED"],
            ),
            (
                "what is left of each",
                act(
                    "e",
                    &[
                        part("BODY_RESERVES", "a-pcc", "10"),
                        part("BODY_RESERVES", "b-pcc", "40"),
                    ],
                ),
                &[],
            ),
            (
                "elsewhere",
                act("e", &[part("REGIONAL_RESERVE", "", "1")]),
                &["ANOTHER_ACT"],
            ),
            (
                "the same body, elsewhere",
                act("e", &[part("CARRIED_FORWARD", "b-pcc", "1")]),
                &["ANOTHER_ACT"],
            ),
        ],
    );
}

#[test]
fn a_budget_is_as_large_as_the_larger_of_its_tables() {
    let cell =
        |amount: &str| json!({ "serviceId": "dogs", "bodyId": "a-pcc", "amountPence": amount });
    let set = |lines: Value, amount: &str| {
        let figures =
            json!({ "financialYear": "2021/22", "lines": lines, "contributions": [cell(amount)] });
        resting(
            1,
            on_x(
                "2020-06-03",
                "budgetApproved",
                json!({ "figures": figures }),
            ),
        )
    };
    let matter = json!({ "setBudget": { "financialYear": "2021/22", "totalPence": "100" } });
    let given = recorded(
        ruled(&[about(&["SET_BUDGET"], "any", json!({}), named(&["a-pcc"]))]),
        &[
            propose("2020-06-01", 1, matter),
            vote("2020-06-02", 1, "+a-pcc"),
        ],
    );
    let lines = json!([{ "serviceId": "dogs", "amountPence": "100" }]);
    judged(
        &given,
        &[
            ("the total", set(json!([]), "100"), &[]),
            ("a penny more", set(json!([]), "101"), &["OVER_APPROVED"]),
            ("both tables", set(lines.clone(), "100"), &[]),
            ("one is larger", set(lines, "101"), &["OVER_APPROVED"]),
        ],
    );
}

#[test]
fn an_approval_used_in_error_is_free_again() {
    let given = recorded(
        ruled(&[about(&["ADD_SERVICE"], "any", json!({}), named(&["a-pcc"]))]),
        &[
            propose("2020-06-01", 1, json!({ "addServiceId": "cats" })),
            vote("2020-06-02", 1, "+a-pcc"),
        ],
    );
    let add = || {
        let payload = json!({ "serviceId": "cats", "name": "Cats" });
        resting(1, on_x("2020-06-03", "serviceAdded", payload))
    };
    let given = recorded(given, &[add()]);
    let added = given.register.tail().get().to_string();
    let void = on_x(
        "",
        "entryCorrected",
        json!({ "position": added, "reason": "Another" }),
    );
    judged(&recorded(given, &[void]), &[("again", add(), &[])]);
}
