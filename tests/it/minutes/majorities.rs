//! Majorities as fractions, groups of members, quorums by group, and shared votes.

use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

const CARRIED: DecisionStanding = DecisionStanding::Approved;
const OPEN: DecisionStanding = DecisionStanding::Pending;

fn of_group(body: &str, group: &str) -> Value {
    json!({ "bodyId": body, "group": group })
}

fn qualified(numerator: u32, denominator: u32, more: Value) -> Value {
    let mut majority = json!({ "numerator": numerator, "denominator": denominator });
    for (name, value) in more.as_object().expect("fields") {
        majority[name] = value.clone();
    }
    by_vote("QUALIFIED", json!({ "majority": majority }))
}

/// A board of these members with a matter before it.
fn before(members: &[Value], more: Value, requirement: Value) -> Given {
    let bodies = members
        .iter()
        .filter_map(|member| member["bodyId"].as_str());
    let mut bodies: Vec<&str> = bodies.collect();
    bodies.sort_unstable();
    bodies.dedup();
    let mut events: Vec<Value> = bodies.iter().map(|id| council(id, "1974-04-01")).collect();
    events.extend([
        board(members, more),
        rules(requirement),
        matter("2020-06-01", 1),
    ]);
    Given::recorded(&events)
}

fn many(count: usize) -> Vec<Value> {
    (0..count).map(|n| member(&format!("c{n}"))).collect()
}

/// Votes of the first members, as `+`, `-` and `0`.
fn voting(given: &Given, choices: &str) -> Given {
    let votes = choices.chars().enumerate();
    let votes = votes.map(|(n, choice)| vote("2020-06-02", 1, &format!("{choice}c{n}")));
    recorded(given, &votes.collect::<Vec<_>>())
}

fn approving(given: &Given) -> Vec<&'static str> {
    reasons(given, &decision("2020-06-03", 1, "APPROVED", json!({})))
}

#[test]
fn a_majority_is_a_fraction_of_those_voting_present_or_all() {
    let not = ["VOTE_NOT_CARRIED"];
    for (requirement, members, choices, carried) in [
        // Two thirds of three are two; of four, three.
        (qualified(2, 3, json!({})), 5, "++-", true),
        (qualified(2, 3, json!({})), 5, "++--", false),
        (qualified(2, 3, json!({})), 5, "+++-", true),
        // 80 %, rounded up: nine of eleven, not eight.
        (qualified(4, 5, json!({})), 11, "+++++++++--", true),
        (qualified(4, 5, json!({})), 11, "++++++++---", false),
        // Abstentions count among those present, and not among those voting.
        (
            qualified(1, 2, json!({ "moreThan": true })),
            5,
            "++-00",
            true,
        ),
        (
            qualified(
                1,
                2,
                json!({ "moreThan": true, "of": "MAJORITY_OF_PRESENT" }),
            ),
            5,
            "++-00",
            false,
        ),
        (
            qualified(
                1,
                2,
                json!({ "moreThan": true, "of": "MAJORITY_OF_PRESENT" }),
            ),
            5,
            "+++00",
            true,
        ),
        // Half of all ten is not more than half.
        (
            qualified(
                1,
                2,
                json!({ "moreThan": true, "of": "MAJORITY_OF_ALL_MEMBERS" }),
            ),
            10,
            "+++++",
            false,
        ),
        (
            qualified(
                1,
                2,
                json!({ "moreThan": true, "of": "MAJORITY_OF_ALL_MEMBERS" }),
            ),
            10,
            "++++++",
            true,
        ),
    ] {
        let given = voting(
            &before(&many(members), json!({}), requirement.clone()),
            choices,
        );
        let expected = if carried { &[][..] } else { &not[..] };
        assert_eq!(approving(&given), expected, "{requirement} with {choices}");
    }
}

#[test]
fn the_board_s_own_majority_counts_on_the_day() {
    let own = json!({ "votingRule": "VOTING_RULE_QUALIFIED",
        "majority": { "numerator": 2, "denominator": 3 } });
    let given = before(&many(4), own, by_vote("QUALIFIED", json!({})));
    let given = voting(&given, "++-");
    assert_eq!(approving(&given), [""; 0]);
    let stricter = on_joint(
        "2020-06-03",
        "standingOrdersAdopted",
        json!({ "majority": { "numerator": 3, "denominator": 4 } }),
    );
    let given = recorded(&given, &[stricter]);
    assert_eq!(
        approving(&given),
        ["VOTE_NOT_CARRIED"],
        "on and after its day"
    );
    let earlier = decision("2020-06-02", 1, "APPROVED", json!({}));
    assert_eq!(reasons(&given, &earlier), [""; 0], "the day before");
    // A majority that is not known is never reached.
    let unknown = voting(
        &before(&many(3), json!({}), by_vote("QUALIFIED", json!({}))),
        "+++",
    );
    assert_eq!(approving(&unknown), ["VOTE_NOT_CARRIED"]);
}

#[test]
fn two_thirds_of_a_group_and_more_than_half_of_all() {
    // A combined authority: constituent councils and others, as West Midlands.
    let mut members: Vec<Value> = (0..3)
        .map(|n| of_group(&format!("c{n}"), "constituent"))
        .collect();
    members.extend((3..7).map(|n| of_group(&format!("c{n}"), "other")));
    let both = json!({ "allOf": { "of": [
        by_vote("QUALIFIED", json!({ "groups": ["Constituent"],
            "majority": { "numerator": 2, "denominator": 3 } })),
        qualified(1, 2, json!({ "moreThan": true, "of": "MAJORITY_OF_ALL_MEMBERS" })),
    ] } });
    let given = before(&members, json!({}), both);
    for (choices, carried) in [
        ("++-++", true),
        ("+--++++", false),
        ("++-+--", false),
        ("+++000+", true),
    ] {
        let expected = if carried {
            &[][..]
        } else {
            &["VOTE_NOT_CARRIED"][..]
        };
        assert_eq!(approving(&voting(&given, choices)), expected, "{choices}");
    }
    // Under a rule for one group alone, no other member counts.
    let alone = by_vote("MAJORITY", json!({ "groups": ["constituent"] }));
    let given = before(&members, json!({}), alone);
    let other = vote("2020-06-02", 1, "-c3");
    assert_eq!(reasons(&given, &other), [""; 0]);
    let given = recorded(&given, &[other]);
    assert_eq!(reasons(&given, &vote("2020-06-02", 1, "+c0")), [""; 0]);
    let given = voting(&given, "++-");
    assert_eq!(
        standing(&given, "2020-06-02", 1),
        CARRIED,
        "every member asked has voted"
    );
}

#[test]
fn a_quorum_by_group_is_the_mayor_and_one_of_each_council() {
    let mut members = vec![of_group("c0", "mayor")];
    for (n, group) in [(1, "east"), (2, "east"), (3, "west"), (4, "west")] {
        members.push(of_group(&format!("c{n}"), group));
    }
    let quorums = ["mayor", "east", "west"].map(|group| json!({ "group": group, "members": 1 }));
    let given = before(
        &members,
        json!({ "groupQuorums": quorums }),
        by_vote("MAJORITY", json!({})),
    );
    assert_eq!(approving(&voting(&given, "++")), ["GROUP_QUORUM_NOT_MET"]);
    let with = |more: &[&str]| {
        let votes: Vec<Value> = more
            .iter()
            .map(|with| vote("2020-06-02", 1, with))
            .collect();
        approving(&recorded(&given, &votes))
    };
    assert_eq!(
        with(&["+c1", "+c3", "+c4"]),
        ["GROUP_QUORUM_NOT_MET"],
        "no mayor"
    );
    assert_eq!(with(&["+c0", "+c2", "0c3"]), [""; 0]);
}

#[test]
fn members_who_share_a_vote_have_one() {
    let mut members = vec![member("c0"), member("c1")];
    for n in 2..5 {
        members.push(json!({ "bodyId": format!("c{n}"), "sharesVoteAs": "the districts" }));
    }
    let given = before(&members, json!({}), by_vote("MAJORITY", json!({})));
    let voted = |with: &[&str]| {
        let votes: Vec<Value> = with
            .iter()
            .map(|with| vote("2020-06-02", 1, with))
            .collect();
        recorded(&given, &votes)
    };
    // Three districts against are one vote against two.
    let two_to_one = voted(&["-c2", "-c3", "-c4", "+c0", "+c1"]);
    assert_eq!(standing(&two_to_one, "2020-06-02", 1), CARRIED);
    // The latest of their votes counts; nobody is awaited once one of them voted.
    let turned = voted(&["-c2", "+c3", "-c0", "+c1"]);
    assert_eq!(standing(&turned, "2020-06-02", 1), CARRIED);
    let open = voted(&["-c0", "+c1"]);
    assert_eq!(standing(&open, "2020-06-02", 1), OPEN);
    assert_eq!(awaited(&open, "2020-06-02", 1), ["c2", "c3", "c4"]);
}
