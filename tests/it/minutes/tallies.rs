//! Results without names: numbers, "unanimously", and the casting vote.

use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

const CARRIED: DecisionStanding = DecisionStanding::Approved;

/// A joint committee of two councils with five seats each, which decides by majority; a
/// matter is before it.
fn five_and_five(more: Value, requirement: Value) -> Given {
    let mut members = Vec::new();
    for body in ["north", "south"] {
        members.extend((1..=5).map(|n| seat(body, &format!("{body} seat {n}"))));
    }
    let mut given = Given::default();
    for event in [
        council("north", "1974-04-01"),
        council("south", "1974-04-01"),
        board(&members, more),
        rules(requirement),
        matter("2022-11-30", 1),
    ] {
        given.record(&[event]);
    }
    given
}

fn by_majority(more: Value) -> Given {
    five_and_five(more, by_vote("MAJORITY", json!({})))
}

fn votes(north: &str, south: &str) -> Vec<Value> {
    let mut votes = Vec::new();
    for (body, choice) in [("north", north), ("south", south)] {
        let of = (1..=5).map(|n| vote("2022-11-30", 1, &format!("{choice}{body}/{body} seat {n}")));
        votes.extend(of);
    }
    votes
}

fn casting(choice: &str) -> Value {
    json!({ "by": seat("north", "north seat 1"), "choice": format!("VOTE_CHOICE_{choice}") })
}

#[test]
fn unanimously_without_names_counts_as_minuted() {
    let given = by_majority(json!({ "quorum": 3 }));
    let unanimous = approved("2022-11-30", 1, json!({ "unanimous": true }));
    let given = recorded(&given, &[unanimous]);
    assert_eq!(standing(&given, "2022-11-30", 1), CARRIED);
    let why = reasoning(&given, "2022-11-30", 1);
    assert!(
        why.contains("resolved unanimously (quorum 3 of 10, not stated)"),
        "{why}"
    );
    // The decision shows the result.
    let shown = &proposal(&given, "2022-11-30", 1).decisions[0];
    assert!(shown.tally.as_ref().expect("a tally").unanimous);
}

#[test]
fn numbers_without_names_are_counted_with_their_quorum() {
    let given = by_majority(json!({ "quorum": 8 }));
    let tally = |present: u32, votes_for: u32, votes_against: u32, abstentions: u32| {
        approved(
            "2022-11-30",
            1,
            json!({ "present": present, "votesFor": votes_for, "votesAgainst": votes_against,
                "abstentions": abstentions }),
        )
    };
    for (event, expected) in [
        (tally(0, 7, 1, 0), &[][..]),
        (tally(8, 2, 1, 0), &[][..]),
        (tally(0, 6, 1, 0), &["QUORUM_NOT_MET"][..]),
        (tally(7, 7, 0, 0), &["QUORUM_NOT_MET"][..]),
        (tally(9, 4, 4, 1), &["VOTE_NOT_CARRIED"][..]),
        (tally(0, 11, 0, 0), &["TALLY_TOO_LARGE"][..]),
        (tally(11, 7, 0, 0), &["TALLY_TOO_LARGE"][..]),
    ] {
        assert_eq!(reasons(&given, &event), expected, "{event}");
    }
    assert_eq!(
        reasons(&given, &tally(9, 3, 4, 0)),
        ["TALLY_CONTRADICTED", "VOTE_NOT_CARRIED"],
        "fewer for than against is no approval"
    );
    let given = recorded(&given, &[tally(9, 7, 0, 2)]);
    let why = reasoning(&given, "2022-11-30", 1);
    assert!(
        why.contains("9 of 10 took part (quorum 8): 7 for, 0 against, 2 abstained"),
        "{why}"
    );
}

#[test]
fn seven_to_nil_of_thirty_three_is_counted() {
    // A council of 33 members: 20 were present, 7 voted, 13 did not.
    let members: Vec<Value> = (1..=33)
        .map(|n| seat("town", &format!("Seat {n}")))
        .collect();
    let given = Given::recorded(&[
        council("town", "1974-04-01"),
        board(&members, json!({ "quorum": 9 })),
        rules(by_vote("MAJORITY", json!({}))),
        matter("2022-11-30", 1),
    ]);
    let tally = json!({ "present": 20, "votesFor": 7, "abstentions": 13 });
    let given = recorded(&given, &[approved("2022-11-30", 1, tally)]);
    assert_eq!(standing(&given, "2022-11-30", 1), CARRIED);
}

#[test]
fn names_on_record_may_be_some_of_the_votes_and_never_contradict_the_numbers() {
    let given = by_majority(json!({}));
    let named = recorded(
        &given,
        &[
            vote("2022-11-30", 1, "-north/north seat 1"),
            vote("2022-11-30", 1, "+south/south seat 1"),
        ],
    );
    let minuted = |tally: Value| approved("2022-11-30", 1, tally);
    let fits = minuted(json!({ "votesFor": 6, "votesAgainst": 1 }));
    assert_eq!(reasons(&named, &fits), [""; 0]);
    for wrong in [
        json!({ "votesFor": 6 }),
        json!({ "unanimous": true }),
        json!({ "present": 1, "votesFor": 1, "unanimous": true }),
    ] {
        assert_eq!(
            reasons(&named, &minuted(wrong.clone()))[0],
            "TALLY_CONTRADICTED",
            "{wrong}"
        );
    }
    let says = sentence(&named, &minuted(json!({ "votesFor": 6 })));
    assert!(
        says.contains("6 for, 0 against") && says.contains("1 for, 1 against"),
        "{says}"
    );
}

#[test]
fn a_casting_vote_counts_where_the_standing_orders_give_one() {
    let unknown = by_majority(json!({}));
    let tied = recorded(&unknown, &votes("+", "-"));
    let bare = decision("2022-11-30", 1, "APPROVED", json!({}));
    assert_eq!(reasons(&tied, &bare), ["VOTE_NOT_CARRIED"]);
    let says = sentence(&tied, &bare);
    assert!(
        says.contains("tally.casting_vote") && says.contains("standing_orders_adopted"),
        "{says}"
    );
    // By name with a casting vote, and in numbers with one.
    let by_name = approved(
        "2022-11-30",
        1,
        json!({ "castingVote": casting("APPROVE") }),
    );
    let in_numbers = approved(
        "2022-11-30",
        1,
        json!({ "votesFor": 5, "votesAgainst": 5, "castingVote": casting("APPROVE") }),
    );
    for event in [&by_name, &in_numbers] {
        assert_eq!(
            reasons(&tied, event),
            ["NO_CASTING_VOTE", "VOTE_NOT_CARRIED"]
        );
        let orders = on_joint(
            "2022-05-01",
            "standingOrdersAdopted",
            json!({ "castingVote": "CASTING_VOTE_PRESIDING" }),
        );
        let given = recorded(&tied, &[orders.clone(), event.clone()]);
        assert_eq!(standing(&given, "2022-11-30", 1), CARRIED);
        let why = reasoning(&given, "2022-11-30", 1);
        assert!(why.contains("the casting vote was for"), "{why}");
        // The orders hold from their day on.
        let mut later = orders;
        later["effectiveOn"] = crate::given::date("2022-12-01");
        assert_eq!(
            reasons(&recorded(&tied, &[later]), event),
            ["NO_CASTING_VOTE", "VOTE_NOT_CARRIED"]
        );
    }
    // Standing orders that give none, and a casting vote against.
    let none = by_majority(json!({ "castingVote": "CASTING_VOTE_NONE" }));
    let none = recorded(&none, &votes("+", "-"));
    assert_eq!(
        reasons(&none, &by_name),
        ["NO_CASTING_VOTE", "VOTE_NOT_CARRIED"]
    );
    let presiding = by_majority(json!({ "castingVote": "CASTING_VOTE_PRESIDING" }));
    let presiding = recorded(&presiding, &votes("+", "-"));
    let against = approved("2022-11-30", 1, json!({ "castingVote": casting("REJECT") }));
    assert_eq!(reasons(&presiding, &against), ["VOTE_NOT_CARRIED"]);
    // A casting vote where the votes are not level decides nothing.
    let uneven = by_majority(json!({ "castingVote": "CASTING_VOTE_PRESIDING" }));
    let uneven = recorded(&uneven, &[vote("2022-11-30", 1, "-north/north seat 1")]);
    assert_eq!(reasons(&uneven, &by_name)[0], "TALLY_CONTRADICTED");
}

#[test]
fn a_casting_vote_does_not_stand_in_for_a_qualified_majority() {
    let two_thirds = by_vote(
        "QUALIFIED",
        json!({ "majority": { "numerator": 2, "denominator": 3 } }),
    );
    let orders = json!({ "castingVote": "CASTING_VOTE_PRESIDING" });
    let given = five_and_five(orders, two_thirds);
    let tied = approved(
        "2022-11-30",
        1,
        json!({ "votesFor": 1, "votesAgainst": 1, "castingVote": casting("APPROVE") }),
    );
    assert_eq!(reasons(&given, &tied), ["VOTE_NOT_CARRIED"]);
}

#[test]
fn a_tally_of_a_decision_under_no_rule_is_checked_all_the_same() {
    let given = Given::recorded(&[
        council("north", "1974-04-01"),
        board(&[member("north")], json!({})),
        matter("2022-11-30", 1),
    ]);
    for (tally, expected) in [
        (json!({ "votesFor": 1 }), &[][..]),
        (json!({ "votesFor": 2 }), &["TALLY_TOO_LARGE"][..]),
        (json!({ "votesAgainst": 1 }), &["TALLY_CONTRADICTED"][..]),
    ] {
        assert_eq!(reasons(&given, &approved("2022-11-30", 1, tally)), expected);
    }
}

#[test]
fn a_number_that_minutes_do_not_give_is_not_nought() {
    let qualified = json!({ "majority": { "numerator": 2, "denominator": 3,
        "of": "MAJORITY_OF_PRESENT" } });
    let rules = [
        by_vote("MAJORITY", json!({})),
        by_vote("UNANIMITY", json!({})),
        by_vote("QUALIFIED", qualified),
    ];
    let missing = |figures: &[&str]| -> Value {
        let names = figures
            .iter()
            .map(|figure| format!("TALLY_FIGURE_{figure}"));
        names.collect()
    };
    let tally = |given: Value, not_given: &[&str]| {
        let mut tally = given;
        tally["notGiven"] = missing(not_given);
        tally
    };
    let against_5 = tally(json!({ "votesAgainst": 5 }), &["FOR", "ABSTENTIONS"]);
    let lost = &["VOTE_NOT_CARRIED"][..];
    let minuted = "taken as minuted";
    // For each tally: under each rule, carried outright (""), as minuted, or not at all.
    type Expected<'a> = Result<&'a str, &'a [&'a str]>;
    let table: [(Value, [Expected<'_>; 3]); 7] = [
        // Six of ten are more than any others, and four may have been against.
        (
            tally(json!({ "votesFor": 6 }), &["AGAINST", "ABSTENTIONS"]),
            [Ok(""), Ok(minuted), Ok(minuted)],
        ),
        (
            tally(json!({ "votesFor": 6 }), &["ABSTENTIONS"]),
            [Ok(""), Ok(""), Ok(minuted)],
        ),
        (
            tally(
                json!({ "votesFor": 3, "votesAgainst": 2 }),
                &["ABSTENTIONS"],
            ),
            [Ok(""), Err(lost), Err(lost)],
        ),
        (
            tally(json!({ "votesFor": 3 }), &["AGAINST", "ABSTENTIONS"]),
            [Ok(minuted), Ok(minuted), Ok(minuted)],
        ),
        (
            tally(
                json!({ "present": 5, "votesFor": 3 }),
                &["AGAINST", "ABSTENTIONS"],
            ),
            [Ok(""), Ok(minuted), Err(lost)],
        ),
        (
            tally(json!({ "votesAgainst": 4 }), &["FOR", "ABSTENTIONS"]),
            [Ok(minuted), Err(lost), Err(lost)],
        ),
        (
            tally(json!({ "abstentions": 4 }), &["FOR", "AGAINST"]),
            [Ok(minuted), Ok(minuted), Err(lost)],
        ),
    ];
    for (tally, expected) in table {
        for (requirement, expected) in rules.iter().zip(expected) {
            let given = five_and_five(json!({ "quorum": 3 }), requirement.clone());
            let event = approved("2022-11-30", 1, tally.clone());
            let faults = reasons(&given, &event);
            assert_eq!(
                faults,
                expected.err().unwrap_or_default(),
                "{tally} {requirement}"
            );
            let Ok(mark) = expected else { continue };
            let given = recorded(&given, &[event]);
            assert_eq!(standing(&given, "2022-11-30", 1), CARRIED);
            let why = reasoning(&given, "2022-11-30", 1);
            assert_eq!(why.contains(minuted), !mark.is_empty(), "{tally}: {why}");
            assert!(why.contains("not given"), "{why}");
        }
    }
    // Five of ten against cannot have been outvoted; the sentence prints no nought.
    let given = by_majority(json!({ "quorum": 3 }));
    let event = approved("2022-11-30", 1, against_5.clone());
    assert_eq!(reasons(&given, &event), ["VOTE_NOT_CARRIED"]);
    let said = sentence(&given, &event);
    assert!(said.contains("a number not given for, 5 against"), "{said}");
    let more = tally(json!({ "votesAgainst": 6 }), &["FOR", "ABSTENTIONS"]);
    let faults = reasons(&given, &approved("2022-11-30", 1, more));
    assert_eq!(faults, ["TALLY_CONTRADICTED", "VOTE_NOT_CARRIED"]);
    // Votes by name are some of a number that is not given.
    let event = approved(
        "2022-11-30",
        1,
        tally(json!({ "votesAgainst": 1 }), &["FOR", "ABSTENTIONS"]),
    );
    let named = recorded(&given, &votes("+", "+")[..6]);
    let named = recorded(&named, std::slice::from_ref(&event));
    let why = reasoning(&named, "2022-11-30", 1);
    assert!(!why.contains(minuted), "six are for by name: {why}");
    // The decision and its sentence show what is not given.
    let shown = &proposal(&named, "2022-11-30", 1).decisions[0];
    let shown = minutebook::present::reports::decisions::tally(shown.tally.as_ref().expect("it"));
    assert_eq!(
        shown,
        "number for not given, 1 against, number abstaining not given"
    );
    // A rejection may leave numbers out too.
    let refused = decision("2022-11-30", 1, "REJECTED", json!({ "tally": against_5 }));
    assert_eq!(reasons(&given, &refused), [""; 0]);
}
