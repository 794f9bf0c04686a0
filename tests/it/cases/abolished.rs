//! The boards of a body that is no more, and a joint committee whose seats have all become
//! those of one body.

use minutebook::views::{self, attention::Asker};
use minutebook::wire::proto::AttentionKind;
use serde_json::{Value, json};

use super::{at, body, established};
use crate::given::{Given, event, judged, on_x};

const ID: &str = "01930f5e-7c00-7000-8000-0000000000d7";

fn followed(body: &str, on: &str) -> Value {
    let payload = json!({ "successorId": "ab" });
    event(&format!("bodies/{body}"), on, "bodySucceeded", payload)
}

/// Ashby with its cabinet, and Bramley, with a joint committee.
fn stage() -> Given {
    let seats = |body: &'static str| {
        (1..=3).map(move |n| json!({ "bodyId": body, "office": format!("Councillor {n}") }))
    };
    let both: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let own: Vec<Value> = seats("ash").collect();
    Given::recorded(&[
        body("ash", "COUNCIL"),
        body("bram", "COUNCIL"),
        body("elm", "COUNCIL"),
        body("ab", "COUNCIL"),
        established(&["ash", "bram", "elm"], "2019-04-01"),
        event(
            "boards/cab",
            "2010-05-01",
            "boardConstituted",
            json!({ "name": "Ashby Cabinet", "powers": ["BOARD_POWER_DECIDES"],
                "ownerBodyId": "ash", "members": own }),
        ),
        event(
            "boards/ab-cab",
            "2025-03-01",
            "boardConstituted",
            json!({ "name": "Shadow cabinet", "powers": ["BOARD_POWER_DECIDES"],
                "ownerBodyId": "ab", "members": [
                    { "bodyId": "ab", "office": "Leader" },
                    { "bodyId": "ab", "office": "Deputy" },
                    { "bodyId": "ab", "office": "Finance" }] }),
        ),
        event(
            "boards/jc",
            "2019-04-01",
            "boardConstituted",
            json!({ "name": "Joint committee", "powers": ["BOARD_POWER_DECIDES"],
                "collaborationIds": ["x"], "members": both }),
        ),
        on_x(
            "2024-04-01",
            "matterProposed",
            json!({ "proposalId": ID, "title": "Close Hill",
                "matter": { "other": "Close Hill" }, "boardId": "cab" }),
        ),
    ])
}

fn decided(on: &str, board: &str) -> Value {
    on_x(
        on,
        "decisionMade",
        json!({ "decisionId": format!("d-{on}"), "title": "Close Hill",
            "outcome": "OUTCOME_APPROVED", "proposalId": ID, "boardId": board,
            "tally": { "votesFor": 3 } }),
    )
}

fn left_over(given: &Given, day: &str) -> Vec<(String, String)> {
    let register_view = at(given, day);
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&register_view, &asker);
    let lines = views::attention::list(&register_view, &asker, until).into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::LeftOver);
    lines.map(|line| (line.subject, line.what)).collect()
}

#[test]
fn the_executive_of_an_abolished_council_decides_nothing() {
    let mut given = stage();
    given.record(&[followed("ash", "2025-04-01")]);
    judged(
        &given,
        &[
            ("before", decided("2025-03-31", "cab"), &[]),
            ("after", decided("2025-04-01", "cab"), &["BOARD_ENDED"]),
            (
                "the joint committee",
                decided("2025-04-22", "jc"),
                &["NOT_PUT_TO"],
            ),
            (
                "the cabinet of its heir",
                decided("2025-04-22", "ab-cab"),
                &[],
            ),
            (
                "that cabinet, before",
                decided("2025-03-22", "ab-cab"),
                &["NOT_PUT_TO"],
            ),
        ],
    );
    let says = super::refusal(&given, &decided("2025-04-22", "cab"));
    for words in [
        "ended on 2025-03-31",
        "ab followed on 2025-04-01",
        "board_ended",
    ] {
        assert!(says.contains(words), "{says}");
    }
    assert!(left_over(&given, "2025-03-31").is_empty());
    let lines = left_over(&given, "2025-04-01");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].0, "boards/cab");
    assert!(
        lines[0].1.contains("belongs to ash, which ab followed"),
        "{lines:?}"
    );
    given.record(&[event(
        "boards/cab",
        "2025-03-31",
        "boardEnded",
        json!({ "reason": "Reorganisation" }),
    )]);
    let lines = left_over(&given, "2025-04-01");
    assert!(
        lines.iter().all(|(_, what)| !what.contains("belongs to")),
        "{lines:?}"
    );
}

#[test]
fn a_joint_committee_of_one_body_is_listed() {
    let mut given = stage();
    given.record(&[
        followed("ash", "2025-04-01"),
        followed("bram", "2025-04-01"),
    ]);
    let lines = left_over(&given, "2025-04-01");
    let mut lines = lines
        .into_iter()
        .filter(|(subject, _)| subject == "boards/jc");
    let (_, what) = lines.next().expect("a line");
    assert!(what.contains("become those of ab"), "{what}");
    assert!(left_over(&given, "2025-03-31").is_empty());
}

#[test]
fn a_board_that_passed_with_its_functions_goes_on() {
    let mut given = stage();
    // The county's committee is another's before the county is no more.
    let scope = json!({ "subjects": ["boards/cab"] });
    given.record(&[event(
        "bodies/ash",
        "2024-10-01",
        "bodySucceeded",
        json!({ "successorId": "elm", "scope": scope, "whatPasses": "The committee" }),
    )]);
    given.record(&[followed("ash", "2025-04-01")]);
    judged(&given, &[("it goes on", decided("2025-04-22", "cab"), &[])]);
    assert!(left_over(&given, "2025-04-22").is_empty());
}
