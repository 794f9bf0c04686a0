//! Decisions that are published in part, and later whole.

use minutebook::present::reports;
use minutebook::views;
use minutebook::wire::proto::DecisionView;
use serde_json::{Value, json};

use super::*;

fn decided() -> Given {
    Given::recorded(&[
        council("a", "1974-04-01"),
        board(&[member("a")], json!({})),
        matter("2022-06-01", 1),
        decision("2022-06-17", 1, "APPROVED", json!({})),
        on_joint(
            "2022-06-20",
            "decisionWithheld",
            json!({ "decisionId": "d-1", "ground": "LGA 1972 Sch.12A para 3" }),
        ),
    ])
}

fn published(on: &str, in_part: bool) -> Value {
    on_joint(
        on,
        "decisionPublished",
        json!({ "decisionId": "d-1", "inPart": in_part }),
    )
}

/// The decision in both views, which agree.
fn shown(given: &Given, day: &str) -> DecisionView {
    let listed = views::decisions::list(&view(given, day), None, false);
    let listed = listed.into_iter().find(|line| line.decision_id == "d-1");
    let own = proposal(given, day, 1).decisions.remove(0);
    let listed = listed.expect("the decision");
    assert_eq!(listed.published_on, own.published_on);
    assert_eq!(listed.publications, own.publications);
    assert_eq!(listed.withheld_ground, own.withheld_ground);
    listed
}

fn table(given: &Given, day: &str) -> String {
    let report = reports::proposal::in_full(&proposal(given, day, 1));
    printed(&report)
}

#[test]
fn a_decision_is_published_in_part_until_it_is_whole() {
    let part = published("2022-06-21", true);
    let whole = published("2022-09-01", false);
    let given = recorded(&decided(), &[part.clone(), whole.clone()]);
    let june = shown(&given, "2022-06-22");
    assert!(june.publications[0].in_part);
    assert_eq!(june.withheld_ground, "LGA 1972 Sch.12A para 3");
    assert!(table(&given, "2022-06-22").contains("in part 2022-06-21"));
    let september = shown(&given, "2022-09-01");
    assert_eq!(september.published_on.map(|on| on.month), Some(9));
    assert_eq!(september.publications.len(), 2);
    // It is withheld no more.
    assert_eq!(september.withheld_ground, "");
    assert_eq!(september.withheld_on, None);
    let table = table(&given, "2022-09-01");
    assert!(table.contains("in part 2022-06-21"), "{table}");
    assert!(!table.contains("Sch.12A"), "{table}");
}

#[test]
fn no_part_is_published_after_the_whole() {
    let whole = published("2022-09-01", false);
    let given = recorded(&decided(), std::slice::from_ref(&whole));
    for (on, expected) in [
        ("2022-08-31", &[][..]),
        ("2022-09", &[]),
        ("2022-10-01", &["ALREADY_SO"]),
    ] {
        assert_eq!(reasons(&given, &published(on, true)), expected, "{on}");
    }
    // In the other order of recording.
    let later = recorded(&decided(), &[published("2022-10-01", true)]);
    assert_eq!(reasons(&later, &whole), ["ALREADY_SO"]);
    // It may be withheld again.
    let again = on_joint(
        "2022-11-01",
        "decisionWithheld",
        json!({ "decisionId": "d-1", "ground": "Published in error" }),
    );
    let given = recorded(&given, &[again]);
    assert_eq!(
        shown(&given, "2022-11-01").withheld_ground,
        "Published in error"
    );
}
