//! The requirements of rules, as the model evaluates them.

use std::collections::BTreeMap;

use super::Choice;
use super::past::{Asked, At};
use super::rules::{MEMBERS, Need};

/// A vote or decision on a proposal; a board's own decision has no `by`.
#[derive(Debug, Clone, Copy)]
pub struct Opinion {
    pub at: At,
    pub by: Option<&'static str>,
    pub board: bool,
    pub choice: Choice,
    pub conflicted: bool,
    pub decides: bool,
    /// For the approval of a virement: the amount, and whether it covers a projection.
    pub allows: Option<(Option<i64>, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelRequirementState {
    Met,
    Open,
    Lost,
}

/// The approvers who count (`None` for a board), and what each allows.
pub type Counted = Vec<(Option<&'static str>, Option<(Option<i64>, bool)>)>;

/// The body for which `by` votes.
pub fn body(by: &'static str) -> &'static str {
    if by == "officer" { "a-pcc" } else { by }
}

/// Whether every approver who counts is the proposing office: b-cc may act as its
/// head of dogs, and a-pcc as its officer.
pub fn alone(counted: &Counted, by: &'static str) -> bool {
    let mut people = counted.iter().filter_map(|(who, _)| *who).peekable();
    people.peek().is_some()
        && people.all(|who| match by {
            "officer" => who == "officer" || who == "a-pcc",
            _ => who == "b-cc",
        })
}

pub fn allowed(counted: &Counted, asked: &Asked) -> (i64, bool) {
    let allowances: Vec<(Option<i64>, bool)> =
        counted.iter().filter_map(|(_, allows)| *allows).collect();
    let least = allowances.iter().filter_map(|(amount, _)| *amount).min();
    let amount = least.map_or(asked.amount, |least| least.min(asked.amount));
    (
        amount,
        !allowances.is_empty() && allowances.iter().all(|(_, projected)| *projected),
    )
}

/// The last vote of each member before the board decided.
pub fn board_votes(opinions: &[Opinion]) -> BTreeMap<&'static str, Opinion> {
    let closed = opinions
        .iter()
        .filter(|opinion| opinion.board && opinion.decides)
        .map(|opinion| opinion.at)
        .next_back();
    let mut votes = BTreeMap::new();
    for opinion in opinions
        .iter()
        .filter(|opinion| opinion.board && !opinion.decides)
    {
        if closed.is_none_or(|at| opinion.at < at)
            && let Some(by) = opinion.by
        {
            votes.insert(body(by), *opinion);
        }
    }
    votes
}

pub fn all_voted(opinions: &[Opinion]) -> bool {
    board_votes(opinions).len() == MEMBERS.len()
}

/// Whether the board's votes carry the proposal, by the first board requirement in
/// `need`.
pub fn board_s(need: &Need, opinions: &[Opinion]) -> Option<bool> {
    let votes = board_votes(opinions);
    let counted: Vec<&Opinion> = votes.values().filter(|vote| !vote.conflicted).collect();
    let quorate = counted.len() >= 3;
    let count_of = |choice: Choice| counted.iter().filter(|vote| vote.choice == choice).count();
    match need {
        Need::Majority => Some(quorate && count_of(Choice::For) > count_of(Choice::Against)),
        Need::Unanimity => {
            Some(quorate && count_of(Choice::Against) == 0 && count_of(Choice::For) > 0)
        }
        Need::Weight(threshold) => {
            let weight: i64 = counted
                .iter()
                .filter(|vote| vote.choice == Choice::For)
                .map(|vote| match vote.by.map(body) {
                    Some("a-pcc") => 600_000,
                    Some("b-pcc") => 400_000,
                    _ => 0,
                })
                .sum();
            Some(quorate && weight >= *threshold)
        }
        Need::Any(parts) | Need::Both(parts) => {
            parts.iter().find_map(|need| board_s(need, opinions))
        }
        Need::All(_) | Need::Officer(_) => None,
    }
}

pub fn asks_board(need: &Need) -> bool {
    board_s(need, &[]).is_some()
}

/// Whether a requirement asks for such an opinion.
pub fn asks(need: &Need, opinion: &Opinion, amount: i64) -> bool {
    match need {
        Need::All(bodies) => {
            !opinion.board && opinion.by.is_some_and(|by| bodies.contains(&body(by)))
        }
        Need::Officer(up_to) => !opinion.board && opinion.by == Some("officer") && amount <= *up_to,
        Need::Majority | Need::Unanimity | Need::Weight(_) => opinion.board,
        Need::Any(parts) | Need::Both(parts) => {
            parts.iter().any(|need| asks(need, opinion, amount))
        }
    }
}

/// The state of a requirement after these opinions, and the approvers who count.
pub fn judge(need: &Need, opinions: &[Opinion], asked: &Asked) -> (ModelRequirementState, Counted) {
    let own = |wanted: &dyn Fn(&'static str) -> bool| {
        opinions
            .iter()
            .rev()
            .find(|opinion| !opinion.board && opinion.by.is_some_and(wanted))
            .filter(|opinion| !opinion.conflicted)
    };
    match need {
        Need::All(bodies) => {
            let latest: Vec<Option<&Opinion>> = bodies
                .iter()
                .map(|wanted| own(&|by| body(by) == *wanted))
                .collect();
            let is = |choice: Choice| {
                move |opinion: &Option<&Opinion>| {
                    opinion.is_some_and(|opinion| opinion.choice == choice)
                }
            };
            let state = if latest.iter().any(is(Choice::Against)) {
                ModelRequirementState::Lost
            } else if latest.iter().all(is(Choice::For)) {
                ModelRequirementState::Met
            } else {
                ModelRequirementState::Open
            };
            let counted = latest
                .into_iter()
                .flatten()
                .filter(|opinion| opinion.choice == Choice::For)
                .map(|opinion| (opinion.by, opinion.allows))
                .collect();
            (state, counted)
        }
        Need::Officer(up_to) => {
            if asked.amount > *up_to {
                return (ModelRequirementState::Lost, Vec::new());
            }
            match own(&|by| by == "officer") {
                Some(opinion) if opinion.choice == Choice::For => (
                    ModelRequirementState::Met,
                    vec![(opinion.by, opinion.allows)],
                ),
                Some(opinion) if opinion.choice == Choice::Against => {
                    (ModelRequirementState::Lost, Vec::new())
                }
                _ => (ModelRequirementState::Open, Vec::new()),
            }
        }
        Need::Majority | Need::Unanimity | Need::Weight(_) => {
            let holds = board_s(need, opinions) == Some(true);
            let closing = opinions
                .iter()
                .rev()
                .find(|opinion| opinion.board && opinion.decides);
            let state = match closing {
                Some(closing) if closing.choice == Choice::Against => ModelRequirementState::Lost,
                Some(_) if holds => ModelRequirementState::Met,
                Some(_) => ModelRequirementState::Open,
                None if all_voted(opinions) && holds => ModelRequirementState::Met,
                None if all_voted(opinions) => ModelRequirementState::Lost,
                None => ModelRequirementState::Open,
            };
            let mut counted: Counted = board_votes(opinions)
                .values()
                .filter(|vote| !vote.conflicted && vote.choice == Choice::For)
                .map(|vote| (vote.by, None))
                .collect();
            if let Some(closing) = closing.filter(|_| state == ModelRequirementState::Met) {
                counted.push((None, closing.allows));
            }
            (state, counted)
        }
        Need::Any(parts) | Need::Both(parts) => {
            let parts: Vec<(ModelRequirementState, Counted)> = parts
                .iter()
                .map(|need| judge(need, opinions, asked))
                .collect();
            // One met part is enough for any; one lost part loses all.
            let order = match need {
                Need::Any(_) => [
                    ModelRequirementState::Met,
                    ModelRequirementState::Open,
                    ModelRequirementState::Lost,
                ],
                _ => [
                    ModelRequirementState::Lost,
                    ModelRequirementState::Open,
                    ModelRequirementState::Met,
                ],
            };
            let state = order
                .into_iter()
                .find(|state| parts.iter().any(|(found, _)| found == state))
                .expect("a part");
            (state, met(parts))
        }
    }
}

/// The approvers who count in the parts that are met.
pub fn met(parts: Vec<(ModelRequirementState, Counted)>) -> Counted {
    parts
        .into_iter()
        .filter(|(state, _)| *state == ModelRequirementState::Met)
        .flat_map(|(_, counted)| counted)
        .collect()
}

pub fn decided(
    at: At,
    by: Option<&'static str>,
    choice: Choice,
    allows: Option<(Option<i64>, bool)>,
) -> Opinion {
    Opinion {
        at,
        by,
        board: by.is_none(),
        choice,
        conflicted: false,
        decides: true,
        allows,
    }
}
