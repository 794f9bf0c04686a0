//! Boards that come to serve a collaboration after they were set up, or serve it no more: a
//! health and wellbeing board of 2013, and the pooled fund of 2015.

use minutebook::views;
use minutebook::wire::proto::BoardView;
use serde_json::{Value, json};

use super::{at, councils, refusal, x};
use crate::given::{Given, event, judged, on_x};

fn board(collaborations: &[&str]) -> Value {
    let payload = json!({ "name": "Health and wellbeing board",
        "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": collaborations,
        "members": [{ "bodyId": "ash" }, { "bodyId": "elm" }] });
    event("boards/hwb", "2013-04-01", "boardConstituted", payload)
}

fn changed(on: &str, added: &[&str], removed: &[&str]) -> Value {
    let payload = json!({ "addedCollaborationIds": added, "removedCollaborationIds": removed,
        "document": { "title": format!("Minute of {on}") } });
    event("boards/hwb", on, "boardCollaborationsChanged", payload)
}

/// Two councils, their board of 2013, and the pooled fund `x` of 2015.
fn pooled() -> Given {
    let mut given = councils(&["ash", "elm"], "2015-04-01");
    given.record(&[board(&[])]);
    given
}

fn shown(given: &Given, day: &str) -> BoardView {
    views::board::get(&at(given, day), &"hwb".parse().unwrap()).expect("the board")
}

/// The collaborations that the board lists, and the boards that `x` lists.
fn listed(given: &Given, day: &str) -> (Vec<String>, Vec<String>) {
    let serves = shown(given, day).collaborations.into_iter();
    let boards = x(given, day).boards.into_iter();
    let boards = boards.filter_map(|board| board.board);
    (
        serves.map(|one| one.collaboration_id).collect(),
        boards.map(|board| board.board_id).collect(),
    )
}

#[test]
fn a_board_set_up_first_is_shown_the_way_to_serve_a_collaboration_later() {
    let given = councils(&["ash", "elm"], "2015-04-01");
    let says = refusal(&given, &board(&["x"]));
    assert!(says.contains("it was established on 2015-04-01"), "{says}");
    assert!(says.contains("board_collaborations_changed"), "{says}");
}

#[test]
fn a_board_serves_a_collaboration_from_a_day_until_it_ceases_to() {
    let mut given = pooled();
    given.record(&[changed("2015-06-01", &["x"], &[])]);
    given.record(&[changed("2018-06-01", &[], &["x"])]);
    let both = (vec!["x".to_owned()], vec!["hwb".to_owned()]);
    let none = (Vec::new(), Vec::new());
    assert_eq!(listed(&given, "2015-05-31"), none);
    assert_eq!(listed(&given, "2015-06-01"), both);
    assert_eq!(listed(&given, "2018-05-31"), both);
    assert_eq!(listed(&given, "2018-06-01"), none);
    let served = shown(&given, "2020-01-01").served_collaborations;
    assert_eq!(served.len(), 1);
    assert_eq!(served[0].since_on.unwrap().year, 2015);
    assert_eq!(served[0].until_on.unwrap().year, 2018);
    let title = |document: &Option<minutebook::wire::proto::Document>| {
        document.clone().unwrap_or_default().title
    };
    assert_eq!(title(&served[0].document), "Minute of 2015-06-01");
    assert_eq!(title(&served[0].end_document), "Minute of 2018-06-01");
    // It may begin again.
    given.record(&[changed("2021-06-01", &["x"], &[])]);
    assert_eq!(listed(&given, "2021-06-01"), both);
}

#[test]
fn its_approval_rules_govern_the_collaboration_while_it_serves_it() {
    let mut given = pooled();
    let rules = json!([{ "ruleId": "r", "title": "All", "requirement": { "everyParty": {} } }]);
    given.record(&[
        event(
            "boards/hwb",
            "2014-01-01",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "rs", "rules": rules }),
        ),
        changed("2015-06-01", &["x"], &[]),
        changed("2018-06-01", &[], &["x"]),
    ]);
    let governed = |day: &str| x(&given, day).approval_rules.is_some();
    assert!(!governed("2015-05-31"));
    assert!(governed("2015-06-01"));
    assert!(!governed("2018-06-01"));
}

#[test]
fn a_change_agrees_with_what_is_recorded() {
    let mut given = pooled();
    given.record(&[
        changed("2015-06-01", &["x"], &[]),
        event(
            "collaborations/over",
            "2012-04-01",
            "collaborationEstablished",
            json!({ "name": "Over", "kind": "COLLABORATION_KIND_OTHER",
                "partyIds": ["ash", "elm"] }),
        ),
        event(
            "collaborations/over",
            "2014-03-31",
            "collaborationEnded",
            json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": ["ash", "elm"] }),
        ),
    ]);
    judged(
        &given,
        &[
            ("twice", changed("2016-01-01", &["x"], &[]), &["ALREADY_SO"]),
            ("none", changed("2015-05-01", &[], &["x"]), &["NOT_SERVED"]),
            ("its end", changed("2016-01-01", &[], &["x"]), &[]),
            (
                "before it",
                changed("2015-03-31", &["x"], &[]),
                &["UNKNOWN_COLLABORATION"],
            ),
            (
                "an ended one",
                changed("2014-06-01", &["over"], &[]),
                &["SUBJECT_ENDED"],
            ),
            ("before its end", changed("2014-03-01", &["over"], &[]), &[]),
            // That of June 2015 would say it again.
            (
                "late",
                changed("2015-05-01", &["x"], &[]),
                &["CONTRADICTS_LATER"],
            ),
        ],
    );
    let ended = on_x(
        "2015-05-01",
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": ["ash", "elm"] }),
    );
    judged(&given, &[("its end, late", ended, &["CONTRADICTS_LATER"])]);
    given.record(&[event(
        "boards/hwb",
        "2017-03-31",
        "boardEnded",
        json!({ "reason": "Over" }),
    )]);
    let after = changed("2017-04-01", &[], &["x"]);
    judged(&given, &[("after its end", after, &["BOARD_ENDED"])]);
    assert_eq!(
        listed(&given, "2017-04-01").1,
        ["hwb"],
        "it is listed as ended"
    );
    let on_x = on_x("2017-06-01", "aliasAdded", json!({ "alias": "Fund" }));
    judged(&given, &[("the rest goes on", on_x, &[])]);
}
