//! Seats of bodies that another body has followed.

use minutebook::views;
use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

/// Councils a, b and c sit; from 2019, n follows b and c.
fn merged(members: &[Value], more: Value) -> Given {
    let followed = |body: &str| {
        let payload = json!({ "successorId": "n" });
        event(
            &format!("bodies/{body}"),
            "2019-04-01",
            "bodySucceeded",
            payload,
        )
    };
    Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        council("c", "1974-04-01"),
        board(members, more),
        rules(by_vote("MAJORITY", json!({ "quorum": 1 }))),
        matter("2018-06-01", 2),
        council("n", "2019-04-01"),
        followed("b"),
        followed("c"),
        matter("2020-01-10", 1),
    ])
}

fn voted(given: &Given, with: &[&str]) -> Given {
    let votes: Vec<Value> = with
        .iter()
        .map(|with| vote("2020-01-10", 1, with))
        .collect();
    recorded(given, &votes)
}

#[test]
fn the_successor_of_two_seats_votes_for_both_and_is_not_awaited_for_ever() {
    let given = merged(&["a", "b", "c"].map(member), json!({}));
    assert_eq!(awaited(&given, "2020-01-10", 1), ["a", "n"]);
    // Two seats for, one against: carried once it has voted.
    let given = voted(&given, &["-a", "+n"]);
    assert_eq!(
        standing(&given, "2020-01-10", 1),
        DecisionStanding::Approved
    );
    let why = reasoning(&given, "2020-01-10", 1);
    assert!(
        why.contains("3 of 3 took part") && why.contains("2 for, 1 against"),
        "{why}"
    );
    // It may say so once for each seat, and not a third time or otherwise.
    assert_eq!(
        reasons(&given, &vote("2020-01-10", 1, "-n")),
        ["PROPOSAL_CLOSED"]
    );
    let again = vote("2020-01-10", 1, "+n");
    let given = recorded(&given, std::slice::from_ref(&again));
    assert_eq!(reasons(&given, &again), ["PROPOSAL_CLOSED"]);
    // The seats are shown with their holder, in the board and in the body.
    let board = views::board::get(&view(&given, "2020-01-10"), &"joint".parse().unwrap()).unwrap();
    let held: Vec<String> = board
        .seats
        .iter()
        .filter_map(|seat| Some(seat.held_by.as_ref()?.body.as_ref()?.body_id.clone()))
        .collect();
    assert_eq!(held, ["n", "n"]);
    let body = views::body::get(&view(&given, "2020-01-10"), &"n".parse().unwrap()).unwrap();
    assert_eq!(body.seats.len(), 2);
    // Before the merger, each of the old bodies sits and is awaited.
    assert_eq!(awaited(&given, "2018-06-01", 2), ["a", "b", "c"]);
}

#[test]
fn merged_seats_become_one_where_the_rules_say_so() {
    let one = json!({ "mergedSeats": "MERGED_SEATS_ONE" });
    let given = merged(&["a", "b", "c"].map(member), one);
    // One to one: tied, and lost.
    let given = voted(&given, &["-a", "+n"]);
    assert_eq!(standing(&given, "2020-01-10", 1), DecisionStanding::Pending);
    let bare = decision("2020-01-10", 1, "APPROVED", json!({}));
    assert_eq!(reasons(&given, &bare), ["VOTE_NOT_CARRIED"]);
    let why = reasoning(&given, "2020-01-10", 1);
    assert!(why.contains("2 of 2 took part"), "{why}");
    let votes = |day: &str| {
        let shown = views::board::get(&view(&given, day), &"joint".parse().unwrap());
        shown.expect("the board").vote_count
    };
    assert_eq!((votes("2018-06-01"), votes("2020-01-10")), (3, 2));
    // Before the merger, the three had a vote each.
    let before = vote("2018-06-01", 2, "+b");
    let given = recorded(&given, &[before, vote("2018-06-01", 2, "+c")]);
    // Their votes carry it: the board may decide, or the third may vote.
    assert_eq!(awaited(&given, "2018-06-01", 2), ["a", "joint"]);
}

#[test]
fn a_successor_has_as_many_merged_seats_as_the_largest_of_its_predecessors() {
    let mut members = vec![seat("a", "Leader")];
    for (body, count) in [("b", 2), ("c", 3)] {
        members.extend((1..=count).map(|n| seat(body, &format!("Seat {n}"))));
    }
    let given = merged(&members, json!({ "mergedSeats": "MERGED_SEATS_ONE" }));
    let given = voted(
        &given,
        &["-a/Leader", "+n/Seat 1", "-n/Seat 2", "+n/Seat 3"],
    );
    let why = reasoning(&given, "2020-01-10", 1);
    assert!(
        why.contains("4 of 4 took part") && why.contains("2 for, 2 against"),
        "{why}"
    );
}

#[test]
fn a_change_to_merged_seats_holds_from_its_day() {
    let given = merged(&["a", "b", "c"].map(member), json!({}));
    let orders = on_joint(
        "2020-01-10",
        "standingOrdersAdopted",
        json!({ "mergedSeats": "MERGED_SEATS_ONE" }),
    );
    let given = recorded(&given, &[orders]);
    let given = voted(&given, &["-a", "+n"]);
    assert_eq!(standing(&given, "2020-01-10", 1), DecisionStanding::Pending);
}
