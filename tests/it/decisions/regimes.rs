//! Which set of rules governs: whose it is, from when, and what no set governs.

use minutebook::views;
use minutebook::wire::proto::{DecisionStanding, Regime, RuleRef};
use serde_json::{Value, json};

use super::approving::*;
use super::breaches::{now, tail};
use super::votes::{OPEN, on_day, recorded, standing_on};
use crate::given::{Given, event, judged, on_x};

const REQUIRED: &[&str] = &["APPROVAL_REQUIRED"];

fn about_x(subject: &str, mut event: Value) -> Value {
    event["subject"] = subject.into();
    event
}

fn serving(id: &str, collaborations: &[&str]) -> Value {
    let member = |body: &str| json!({ "bodyId": body, "capacity": "MEMBER_CAPACITY_MEMBER" });
    event(
        &format!("boards/{id}"),
        "2014",
        "boardConstituted",
        json!({ "name": id, "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": collaborations,
            "members": [member("a-pcc"), member("b-pcc")] }),
    )
}

/// A board's set about virements: `body` must agree.
fn scheme(board: &str, on: &str, set: &str, body: &str) -> Value {
    let rules = json!({ "ruleSetId": set, "rules": [virements("any", json!({}), named(&[body]))] });
    event(
        &format!("boards/{board}"),
        on,
        "approvalRulesAdopted",
        rules,
    )
}

fn rule_of(given: &Given, day: &str) -> RuleRef {
    on_day(given, day).rule.expect("what governs")
}

fn make_on(on: &str) -> Value {
    make(on, 0, "v", virement("1"))
}

#[test]
fn of_the_boards_that_serve_it_the_first_with_a_set_governs() {
    let given = recorded(
        stage(),
        &[
            serving("alpha", &["x"]),
            serving("beta", &["x"]),
            serving("gamma", &["x"]),
            serving("aside", &[]),
            request("2019-01-01", 1, virement("100")),
            scheme("aside", "2019-06-01", "aside-s", "council"),
            scheme("gamma", "2020-01-01", "gamma-s", "a-cc"),
            scheme("beta", "2020-02-01", "beta-s", "b-pcc"),
            scheme("alpha", "2020-03-01", "alpha-s", "a-pcc"),
            adopt(
                "2020-04-01",
                "own",
                &[virements("any", json!({}), named(&["fire"]))],
            ),
        ],
    );
    let asked = [
        ("2019-12-31", "boards/aside", ""),
        ("2020-01-01", "boards/gamma", "a-cc"),
        // Later sets take nothing away, whatever their names.
        ("2020-02-01", "boards/gamma", "a-cc"),
        ("2020-03-01", "boards/gamma", "a-cc"),
        ("2020-04-01", "collaborations/x", "fire"),
    ];
    for (day, by, body) in asked {
        let rule = rule_of(&given, day);
        if body.is_empty() {
            assert_eq!(rule.regime(), Regime::Unregulated, "{day}: not {by}");
            judged(&given, &[(day, make_on(day), &[])]);
            continue;
        }
        assert_eq!((rule.regime(), &*rule.adopted_by), (Regime::Rule, by));
        judged(
            &given,
            &[
                (day, vote(day, 1, &format!("+{body}")), &[]),
                (day, vote(day, 1, "+council"), &["NOT_ENTITLED"]),
                (day, make_on(day), REQUIRED),
            ],
        );
    }
}

#[test]
fn a_matter_on_a_board_is_under_the_board_s_own_set() {
    let all = |set: &str, body: &str| {
        let rules = json!({ "ruleSetId": set, "rules": [
            { "ruleId": "all", "title": "All", "requirement": named(&[body]) }] });
        event("boards/alpha", "2020-01-01", "approvalRulesAdopted", rules)
    };
    let on_alpha = |event: Value| about_x("boards/alpha", event);
    let next = json!({ "adoptRules": { "ruleSetId": "next" } });
    let given = recorded(
        stage(),
        &[
            serving("alpha", &["x"]),
            all("first", "council"),
            on_alpha(propose("2020-06-01", 1, next)),
        ],
    );
    let adopts = |n: u128| {
        let mut adopts = all("next", "fire");
        adopts["effectiveOn"] = crate::given::date("2020-06-03");
        resting(n, adopts)
    };
    judged(
        &given,
        &[
            ("asked", on_alpha(vote("2020-06-02", 1, "+council")), &[]),
            (
                "not asked",
                on_alpha(vote("2020-06-02", 1, "+a-pcc")),
                &["NOT_ENTITLED"],
            ),
            ("adopted on nothing", adopts(0), REQUIRED),
            ("before it is carried", adopts(1), &["NOT_CARRIED"]),
        ],
    );
    let given = recorded(given, &[on_alpha(vote("2020-06-02", 1, "+council"))]);
    judged(&given, &[("carried", adopts(1), &[])]);
}

#[test]
fn a_board_has_no_parties_so_their_requirement_is_not_met() {
    let rules = json!({ "ruleSetId": "s", "rules": [
        { "ruleId": "all", "title": "All", "requirement": every_party() }] });
    let other = json!({ "other": "Lunch" });
    let given = recorded(
        stage(),
        &[
            serving("alpha", &["x"]),
            event("boards/alpha", "2020-01-01", "approvalRulesAdopted", rules),
            about_x("boards/alpha", propose("2020-06-01", 1, other)),
        ],
    );
    judged(
        &given,
        &[(
            "a member",
            about_x("boards/alpha", vote("2020-06-02", 1, "+a-pcc")),
            &["NOT_ENTITLED"],
        )],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
}

#[test]
fn a_body_s_own_matters_are_under_no_rules() {
    let of_body = |event: Value| about_x("bodies/a-pcc", event);
    let mut owned = serving("alpha", &["x"]);
    owned["boardConstituted"]["ownerBodyId"] = "a-pcc".into();
    let given = recorded(
        stage(),
        &[
            owned,
            scheme("alpha", "2020-01-01", "s", "council"),
            of_body(propose("2020-06-01", 1, json!({ "other": "A scheme" }))),
        ],
    );
    assert_eq!(rule_of(&given, "2020-06-01").regime(), Regime::Unregulated);
    let mut moved = make_on("2020-06-01");
    for side in ["sources", "targets"] {
        moved["virementMade"]["virement"][side][0]["head"]["serviceId"] = "".into();
    }
    judged(
        &given,
        &[
            ("anybody", of_body(vote("2020-06-02", 1, "+fire")), &[]),
            ("an act", of_body(moved), &[]),
        ],
    );
}

#[test]
fn a_set_governs_later_entries_of_its_own_day() {
    let set = |id: &str, body: &str| {
        adopt(
            "2020-06-01",
            id,
            &[virements("any", json!({}), named(&[body]))],
        )
    };
    let given = recorded(stage(), &[make("2020-06-01", 0, "before", virement("1"))]);
    let given = recorded(given, &[set("first", "a-cc")]);
    assert!(now(&given).is_empty(), "made before it, on the same day");
    judged(&given, &[("after it", make_on("2020-06-01"), REQUIRED)]);
    let given = recorded(
        given,
        &[
            request("2020-06-01", 1, virement("1")),
            vote("2020-06-01", 1, "+a-cc"),
            request("2020-06-01", 2, virement("1")),
            set("second", "b-pcc"),
        ],
    );
    assert_eq!(
        standing_on(&given, "2020-06-01"),
        DecisionStanding::Approved,
        "carried under the first"
    );
    judged(
        &given,
        &[
            (
                "the first asked them",
                vote("2020-06-01", 2, "+a-cc"),
                &["NOT_ENTITLED"],
            ),
            ("the second asks", vote("2020-06-01", 2, "+b-pcc"), &[]),
        ],
    );
}

#[test]
fn a_set_dated_ahead_governs_nothing_yet() {
    let given = recorded(
        stage(),
        &[adopt(
            "2026-11-24",
            "ahead",
            &[virements("any", json!({}), named(&["a-cc"]))],
        )],
    );
    judged(
        &given,
        &[
            ("the day before", make_on("2026-11-23"), &[]),
            ("on its day", make_on("2026-11-24"), REQUIRED),
        ],
    );
}

#[test]
fn a_matter_outside_the_set_needs_only_its_decider() {
    let given = recorded(
        ruled(&[about(
            &["END_COLLABORATION"],
            "end",
            json!({}),
            every_party(),
        )]),
        &[request("2020-06-01", 1, virement("1"))],
    );
    assert_eq!(rule_of(&given, "2020-06-01").regime(), Regime::NotCovered);
    let given = recorded(given, &[vote("2020-06-02", 1, "+fire")]);
    assert_eq!(
        standing_on(&given, "2020-06-02"),
        OPEN,
        "a vote carries nothing"
    );
    let given = recorded(given, &[approve("2020-06-03", 1)]);
    assert_eq!(
        standing_on(&given, "2020-06-03"),
        DecisionStanding::Approved
    );
    judged(&given, &[("on nothing", make_on("2020-06-01"), &[])]);
}

#[test]
fn rules_without_conditions_cover_every_proposal() {
    let rule = json!({ "ruleId": "all", "title": "All", "requirement": named(&["a-cc"]) });
    let given = ruled(&[rule]);
    for matter in [
        json!({ "other": "Lunch" }),
        json!({ "addServiceId": "cats" }),
        json!({ "endCollaboration": {} }),
        json!({ "setBudget": { "financialYear": "2020/21" } }),
        json!({ "adoptRules": { "ruleSetId": "next" } }),
    ] {
        let given = recorded(given.clone(), &[propose("2020-06-01", 1, matter.clone())]);
        assert_eq!(
            rule_of(&given, "2020-06-01").regime(),
            Regime::Rule,
            "{matter}"
        );
    }
}

#[test]
fn the_first_rule_that_applies_is_the_only_one() {
    let given = ruled(&[
        virements(
            "first",
            json!({ "amountUpToPence": "10" }),
            named(&["a-cc"]),
        ),
        virements(
            "second",
            json!({ "amountUpToPence": "20" }),
            named(&["b-pcc"]),
        ),
        virements("third", json!({ "amountUpToPence": "5" }), named(&["fire"])),
    ]);
    for (amount, rule) in [("5", "first"), ("11", "second"), ("21", "")] {
        let given = recorded(given.clone(), &[request("2020-06-01", 1, virement(amount))]);
        assert_eq!(rule_of(&given, "2020-06-01").rule_id, rule, "{amount}");
    }
}

#[test]
fn a_collaboration_adopts_its_own_set_under_its_board_s() {
    let rules = json!({ "ruleSetId": "s",
        "rules": [about(&["ADOPT_RULES"], "adopting", json!({}), named(&["council"]))] });
    let scheme = event("boards/alpha", "2020-01-01", "approvalRulesAdopted", rules);
    let given = recorded(stage(), &[serving("alpha", &["x"])]);
    judged(
        &given,
        &[("under none", adopt("2020-06-03", "own", &[]), &[])],
    );
    let given = recorded(
        given,
        &[
            scheme,
            propose(
                "2020-06-01",
                1,
                json!({ "adoptRules": { "ruleSetId": "own" } }),
            ),
        ],
    );
    let own = || adopt("2020-06-03", "own", &[]);
    judged(&given, &[("on nothing", own(), REQUIRED)]);
    let given = recorded(given, &[vote("2020-06-02", 1, "+council")]);
    judged(&given, &[("on its approval", resting(1, own()), &[])]);
}

#[test]
fn a_set_that_was_corrected_never_governed() {
    let mut given = stage();
    given.record(&[adopt(
        "2020-01-01",
        "wrong",
        &[virements("any", json!({}), named(&["a-cc"]))],
    )]);
    let set = tail(&given);
    given.record(&[breach(make("2020-06-01", 0, "v", virement("1")))]);
    let replacement = adopt(
        "2020-01-01",
        "right",
        &[virements("any", json!({}), named(&["fire"]))],
    );
    let correct = |replacement: Value| {
        on_x(
            "",
            "entryCorrected",
            json!({ "position": set.to_string(), "reason": "Another", "replacement": replacement }),
        )
    };
    let void = recorded(given.clone(), &[correct(Value::Null)]);
    judged(
        &void,
        &[("under none", make("2020-06-02", 0, "w", virement("1")), &[])],
    );
    let line = now(&void).pop().expect("a breach for ever");
    assert!(line.missing.is_empty(), "though no rule asked for anything");
    let other = recorded(
        given,
        &[
            correct(replacement),
            request("2020-06-01", 1, virement("1")),
        ],
    );
    judged(
        &other,
        &[
            (
                "as it was",
                vote("2020-06-02", 1, "+a-cc"),
                &["NOT_ENTITLED"],
            ),
            ("as it is", vote("2020-06-02", 1, "+fire"), &[]),
        ],
    );
}

#[test]
fn views_say_outright_that_nothing_governs() {
    let given = recorded(
        stage(),
        &[
            request("2020-06-01", 1, virement("1")),
            make("2020-06-01", 0, "v", virement("1")),
        ],
    );
    let rule = rule_of(&given, "2020-06-01");
    assert_eq!(rule.regime(), Regime::Unregulated);
    assert!(!rule.what.is_empty() && rule.rule_id.is_empty() && rule.adopted_by.is_empty());
    let register = std::sync::Arc::new(given.register.clone());
    let view = minutebook::domain::register_view::RegisterView::new(
        register,
        "2020-06-01".parse().expect("a day"),
        minutebook::domain::ids::Position::new(u64::MAX),
    );
    let (lines, _) = views::virements::list(&view, None);
    assert_eq!(lines.len(), 2, "one that was asked for, one that was made");
    assert!(now(&given).is_empty());
    let drafted = json!({ "instrumentId": "mou", "title": "MoU",
        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" });
    let given = recorded(
        stage(),
        &[
            on_x("2019", "instrumentDrafted", drafted),
            propose("2020-06-01", 1, json!({ "signInstrumentId": "mou" })),
        ],
    );
    assert_eq!(rule_of(&given, "2020-06-01").regime(), Regime::Law);
}
