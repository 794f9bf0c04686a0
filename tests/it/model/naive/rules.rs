//! The families of rules that the model knows, in its own form and as events.

use serde_json::{Value, json};

/// The number of families of rules.
pub const RULE_SETS: u8 = 13;

#[derive(Debug, Clone)]
pub enum Need {
    All(&'static [&'static str]),
    Officer(i64),
    Majority,
    Unanimity,
    Fraction(Fraction),
    /// a-pcc has six tenths of the weight, b-pcc four.
    Weight(i64),
    Any(Vec<Need>),
    Both(Vec<Need>),
}

/// A majority as a fraction.
#[derive(Debug, Clone, Copy)]
pub struct Fraction {
    pub upper: usize,
    pub lower: usize,
    pub more: bool,
    pub of: Of,
    /// Only the chiefs' vote, or every member's.
    pub chiefs: bool,
}

/// The members that a fraction is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Voting,
    Present,
    All,
}

pub struct Rule {
    pub amount_up_to: i64,
    pub running_up_to: i64,
    pub projected_only: bool,
    pub need: Need,
}

/// The parties.
pub const PARTIES: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
/// The seats on the board.
pub const SEATS: usize = 6;
pub const MUCH: i64 = 1_000_000;

pub fn set(set: u8) -> Vec<Rule> {
    let rule = |amount_up_to, need| Rule {
        amount_up_to,
        running_up_to: MUCH,
        projected_only: false,
        need,
    };
    match set {
        0 => Vec::new(),
        1 => vec![rule(MUCH, Need::All(&["a-pcc", "b-pcc"]))],
        2 => vec![
            Rule {
                projected_only: true,
                ..rule(MUCH, Need::All(&["a-pcc", "b-pcc"]))
            },
            rule(30, Need::Officer(20)),
            rule(MUCH, Need::Majority),
        ],
        3 => vec![
            Rule {
                running_up_to: 60,
                ..rule(MUCH, Need::Officer(MUCH))
            },
            rule(
                MUCH,
                Need::Any(vec![Need::Unanimity, Need::All(&["a-cc", "b-cc"])]),
            ),
        ],
        4 => vec![rule(
            MUCH,
            Need::Both(vec![Need::Weight(600_000), Need::All(&["b-cc", "a-cc"])]),
        )],
        5 => vec![rule(40, Need::All(&PARTIES))],
        6 => vec![rule(MUCH, fraction(2, 3, false, Of::Voting, false))],
        7 => vec![
            rule(30, fraction(1, 2, true, Of::Voting, false)),
            rule(MUCH, fraction(1, 2, true, Of::All, false)),
        ],
        8 => vec![rule(
            MUCH,
            Need::Both(vec![
                fraction(1, 2, true, Of::Present, false),
                fraction(1, 1, false, Of::Voting, true),
            ]),
        )],
        9 => vec![rule(
            MUCH,
            Need::Both(vec![Need::Majority, Need::All(&["a-pcc"])]),
        )],
        10 => vec![
            rule(40, Need::All(&["a-pcc"])),
            rule(
                MUCH,
                Need::Both(vec![Need::Majority, Need::All(&["b-pcc"])]),
            ),
        ],
        11 => vec![rule(MUCH, Need::All(&["a-pcc", "council"]))],
        _ => vec![rule(MUCH, Need::Majority)],
    }
}

fn fraction(upper: usize, lower: usize, more: bool, of: Of, chiefs: bool) -> Need {
    Need::Fraction(Fraction {
        upper,
        lower,
        more,
        of,
        chiefs,
    })
}

/// A set of rules as it is recorded.
pub fn rules(which: u8) -> Value {
    let rules: Vec<Value> = set(which)
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let mut conditions = json!({ "matterKinds": ["MATTER_KIND_MAKE_VIREMENT"] });
            if rule.amount_up_to < MUCH {
                conditions["amountUpToPence"] = rule.amount_up_to.to_string().into();
            }
            if rule.running_up_to < MUCH {
                conditions["runningTotalUpToPence"] = rule.running_up_to.to_string().into();
            }
            if rule.projected_only {
                conditions["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
            }
            json!({ "ruleId": format!("r-{index}"), "title": "A rule", "conditions": conditions,
                "requirement": requirement(&rule.need) })
        })
        .collect();
    rules.into()
}

pub fn requirement(need: &Need) -> Value {
    let board =
        |rule: &str| json!({ "boardId": "board", "votingRule": format!("VOTING_RULE_{rule}") });
    match need {
        Need::All(bodies) => json!({ "namedBodies": { "bodyIds": bodies } }),
        Need::Officer(up_to) => json!({ "office": { "bodyId": "a-pcc",
            "office": "Chief Finance Officer", "upToPence": up_to.to_string() } }),
        Need::Majority => json!({ "board": board("MAJORITY") }),
        Need::Unanimity => json!({ "board": board("UNANIMITY") }),
        Need::Fraction(fraction) => {
            let mut board = board("QUALIFIED");
            let of = match fraction.of {
                Of::Voting => "VOTING",
                Of::Present => "PRESENT",
                Of::All => "ALL_MEMBERS",
            };
            board["majority"] = json!({ "numerator": fraction.upper,
                "denominator": fraction.lower, "moreThan": fraction.more,
                "of": format!("MAJORITY_OF_{of}") });
            if fraction.chiefs {
                board["groups"] = json!(["chiefs"]);
            }
            json!({ "board": board })
        }
        Need::Weight(threshold) => {
            let mut board = board("WEIGHTED");
            board["thresholdPpm"] = (*threshold).into();
            board["weights"] = json!([{ "bodyId": "a-pcc", "sharePpm": 600_000 },
                                      { "bodyId": "b-pcc", "sharePpm": 400_000 }]);
            json!({ "board": board })
        }
        Need::Any(parts) => {
            json!({ "anyOf": { "of": parts.iter().map(requirement).collect::<Vec<_>>() } })
        }
        Need::Both(parts) => {
            json!({ "allOf": { "of": parts.iter().map(requirement).collect::<Vec<_>>() } })
        }
    }
}
