//! Savings are counted once: a part in its whole, and no more given up than was planned.

use serde_json::{Value, json};

use super::{alliance, dropped, line, made, pence, planned, shown, total};
use crate::given::judged;

fn part(id: &str, whole: &str, amount: i64) -> Value {
    let mut event = made("2018-03-14", id, "", pence(amount));
    event["savingsRealised"]["partOfId"] = whole.into();
    event
}

#[test]
fn a_part_is_counted_in_its_whole() {
    let mut given = alliance();
    given.record(&[made("2018-03-20", "since-start", "", pence(2_816))]);
    given.record(&[part("y1", "since-start", 920)]);
    given.record(&[part("y2", "since-start", 630)]);
    assert_eq!(total(&given, "2019-01-01").made_pence, Some(2_816));
    assert_eq!(shown(&given, "2019-01-01").len(), 3);
    let year = line(&given, "2019-01-01", "y1");
    assert_eq!(
        (year.part_of_id.as_str(), year.made_pence),
        ("since-start", Some(920))
    );
    judged(
        &given,
        &[
            (
                "of one that is not there",
                part("y3", "z", 1),
                &["UNKNOWN_ITEM"],
            ),
            ("of a part", part("q1", "y1", 1), &[]),
        ],
    );
}

#[test]
fn no_more_is_given_up_than_is_left() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "fleet", "", pence(4_000))]);
    given.record(&[dropped("2018-06-01", "fleet", 1_000)]);
    judged(
        &given,
        &[
            ("the rest", dropped("2018-07-01", "fleet", 3_000), &[]),
            (
                "more",
                dropped("2018-07-01", "fleet", 3_001),
                &["MORE_THAN_IS_LEFT"],
            ),
        ],
    );
}

#[test]
fn nothing_is_left_to_give_up_of_a_plan_that_made_more() {
    let mut given = alliance();
    given.record(&[planned("2018-04-01", "fleet", "", pence(4_000))]);
    given.record(&[made("2018-06-01", "m", "fleet", pence(5_000))]);
    given.record(&[dropped("2018-07-01", "fleet", 0)]);
    let plan = line(&given, "2019-01-01", "fleet");
    assert_eq!(plan.dropped_pence, Some(0));
    assert_eq!(
        json!(total(&given, "2019-01-01").dropped_pence),
        json!(Some(0))
    );
}
