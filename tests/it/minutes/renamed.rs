//! An office that has another name from a day is the same office.

use minutebook::views;
use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

fn renamed(on: &str, office: &str, name: &str) -> Value {
    let payload = json!({ "office": office, "name": name });
    event("bodies/a", on, "officeRenamed", payload)
}

fn ruled() -> Given {
    let officer = json!({ "office": { "bodyId": "a", "office": "Chief Finance Officer" } });
    Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        board(&[member("a"), member("b")], json!({})),
        rules(officer),
        matter("2017-01-05", 1),
    ])
}

/// The decision of an office of a.
fn decided(on: &str, office: &str) -> Value {
    let payload = json!({ "decisionId": "d-1", "title": "A matter",
        "outcome": "OUTCOME_APPROVED", "proposalId": id(1) });
    let mut event = on_joint(on, "decisionMade", payload);
    event["actedBy"] = seat("a", office);
    event
}

#[test]
fn a_rule_that_names_an_office_asks_it_under_its_new_name() {
    let new = decided("2017-02-01", "Section 151 Officer");
    assert_eq!(reasons(&ruled(), &new), ["NOT_ENTITLED"]);
    let since = renamed("2017-01-10", "Chief Finance Officer", "Section 151 Officer");
    let given = recorded(&ruled(), &[since]);
    assert_eq!(
        awaited(&given, "2017-01-09", 1),
        ["a/Chief Finance Officer"]
    );
    assert_eq!(awaited(&given, "2017-01-10", 1), ["a/Section 151 Officer"]);
    // Before that day it had the old name; after it, either means the same office.
    let early = decided("2017-01-09", "Section 151 Officer");
    assert_eq!(reasons(&given, &early), ["NOT_ENTITLED"]);
    let by_the_old = decided("2017-02-01", "Chief Finance Officer");
    assert_eq!(reasons(&given, &by_the_old), [""; 0]);
    let given = recorded(&given, &[new]);
    assert_eq!(
        standing(&given, "2017-02-01", 1),
        DecisionStanding::Approved
    );
    let shown = views::body::get(&view(&given, "2017-02-01"), &"a".parse().unwrap());
    let names = shown.expect("the body").offices_renamed;
    assert_eq!(names[0].name, "Section 151 Officer");
}

#[test]
fn names_follow_one_another_and_are_recorded_once() {
    let first = renamed("2017-01-10", "Chief Finance Officer", "Section 151 Officer");
    let second = renamed("2018-01-10", "Section 151 Officer", "Director of Finance");
    let given = recorded(&ruled(), &[second, first.clone()]);
    let by_the_last = decided("2018-02-01", "Director of Finance");
    assert_eq!(reasons(&given, &by_the_last), [""; 0]);
    assert_eq!(reasons(&given, &first), ["ALREADY_SO"]);
    let same = renamed("2019-01-10", "Director of Finance", "director of finance");
    assert_eq!(reasons(&given, &same), ["SELF_REFERENCE"]);
}
