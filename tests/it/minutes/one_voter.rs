//! A member's vote on a board is the agreement of its body or office too.

use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

const CARRIED: DecisionStanding = DecisionStanding::Approved;
const OPEN: DecisionStanding = DecisionStanding::Pending;

/// A mayor and two councils; the majority includes the mayor.
fn with_mayor(requirement: Value) -> Given {
    let authority = event(
        "bodies/authority",
        "2014-04-01",
        "bodyRegistered",
        json!({ "name": "The authority", "kind": "BODY_KIND_COMBINED_AUTHORITY" }),
    );
    Given::recorded(&[
        authority,
        council("east", "1974-04-01"),
        council("west", "1974-04-01"),
        board(
            &[seat("authority", "Mayor"), member("east"), member("west")],
            json!({ "quorum": 2 }),
        ),
        rules(requirement),
        matter("2020-06-01", 1),
    ])
}

fn mayor_included() -> Value {
    let mayor = json!({ "office": { "bodyId": "authority", "office": "Mayor" } });
    json!({ "allOf": { "of": [by_vote("MAJORITY", json!({})), mayor] } })
}

fn voted(given: &Given, with: &[&str]) -> Given {
    let votes: Vec<Value> = with
        .iter()
        .map(|with| vote("2020-06-02", 1, with))
        .collect();
    recorded(given, &votes)
}

#[test]
fn the_mayor_s_vote_on_the_board_is_the_mayor_s_agreement() {
    let given = with_mayor(mayor_included());
    let carried = voted(&given, &["+authority/Mayor", "+east", "-west"]);
    assert_eq!(standing(&carried, "2020-06-02", 1), CARRIED);
    // The councils alone do not carry it, and the mayor is named once.
    let without = voted(&given, &["-authority/Mayor", "+east", "+west"]);
    assert_eq!(standing(&without, "2020-06-02", 1), OPEN);
    let open = voted(&given, &["+authority/Mayor"]);
    let approval = proposal(&open, "2020-06-02", 1).approval.expect("a line");
    let offices = |all: &[minutebook::wire::proto::Awaited]| -> Vec<String> {
        let who = all.iter().filter_map(|one| one.who.clone());
        who.map(|who| who.office).collect()
    };
    assert!(offices(&approval.agreed).contains(&"Mayor".to_owned()));
    assert!(!offices(&approval.awaited).contains(&"Mayor".to_owned()));
}

#[test]
fn a_unanimous_tally_does_not_say_that_the_mayor_was_there() {
    let given = with_mayor(mayor_included());
    let unanimous = approved("2020-06-02", 1, json!({ "unanimous": true }));
    let minuted = recorded(&given, std::slice::from_ref(&unanimous));
    assert_eq!(standing(&minuted, "2020-06-02", 1), OPEN);
    assert_eq!(awaited(&minuted, "2020-06-02", 1), ["authority/Mayor"]);
    let named = voted(&given, &["+authority/Mayor"]);
    let named = recorded(&named, &[unanimous]);
    assert_eq!(standing(&named, "2020-06-02", 1), CARRIED);
}

#[test]
fn the_vote_of_a_seat_agrees_where_the_rule_asks_for_the_body() {
    let each = json!({ "namedBodies": { "bodyIds": ["east", "west"] } });
    let given = with_mayor(each);
    let given = voted(&given, &["+east"]);
    assert_eq!(awaited(&given, "2020-06-02", 1), ["west"]);
    let given = voted(&given, &["+west"]);
    assert_eq!(standing(&given, "2020-06-02", 1), CARRIED);
}

#[test]
fn a_vote_for_the_seat_alone_is_not_the_body_s() {
    let seat_only = |with: &str| {
        let mut event = vote("2020-06-02", 1, with);
        event["voteCast"]["seatOnly"] = true.into();
        event
    };
    let each = json!({ "namedBodies": { "bodyIds": ["east", "west"] } });
    let given = with_mayor(each);
    assert_eq!(reasons(&given, &seat_only("+east")), ["NOT_ENTITLED"]);
    let given = with_mayor(mayor_included());
    let given = recorded(&given, &[seat_only("+authority/Mayor")]);
    let given = voted(&given, &["+east"]);
    let bare = decision("2020-06-02", 1, "APPROVED", json!({}));
    let given = recorded(&given, &[bare]);
    assert_eq!(
        standing(&given, "2020-06-02", 1),
        OPEN,
        "the board agreed, the mayor did not"
    );
}

#[test]
fn the_refusal_of_a_board_s_decision_does_not_ask_for_the_board() {
    let each = json!({ "namedBodies": { "bodyIds": ["east", "west"] } });
    let given = with_mayor(each);
    let bare = decision("2020-06-02", 1, "APPROVED", json!({}));
    assert_eq!(reasons(&given, &bare), ["NOT_ENTITLED"]);
    assert!(!sentence(&given, &bare).contains("set board_id"));
}
