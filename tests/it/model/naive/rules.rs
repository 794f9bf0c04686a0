//! The families of rules that the model knows, in its own form and as events.

use serde_json::{Value, json};

/// The number of families of rules.
pub const RULE_SETS: u8 = 6;

#[derive(Debug, Clone)]
pub enum Need {
    All(&'static [&'static str]),
    Officer(i64),
    Majority,
    Unanimity,
    /// a-pcc has six tenths of the weight, b-pcc four.
    Weight(i64),
    Any(Vec<Need>),
    Both(Vec<Need>),
}

pub struct Rule {
    pub amount_up_to: i64,
    pub running_up_to: i64,
    pub projected_only: bool,
    pub need: Need,
}

pub const MEMBERS: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
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
        _ => vec![rule(40, Need::All(&MEMBERS))],
    }
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
