//! Who must agree, as the model counts it.

use std::collections::BTreeMap;

use super::Word;
use super::past::{Asked, At};
use super::rules::{MEMBERS, Need};

/// What was said on a proposal; a board's own decision has nobody in `by`.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    pub at: At,
    pub by: Option<&'static str>,
    pub board: bool,
    pub word: Word,
    pub conflicted: bool,
    pub decides: bool,
    /// For the approval of a virement: how much, and that it covers a projection.
    pub allows: Option<(Option<i64>, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelRequirementState {
    Met,
    Open,
    Lost,
}

/// Those who count: who (nobody for a board), and what they allow.
pub type Counted = Vec<(Option<&'static str>, Option<(Option<i64>, bool)>)>;

/// Whose word it is as a body.
pub fn body(by: &'static str) -> &'static str {
    if by == "officer" { "a-pcc" } else { by }
}

/// Whether all who count are the office that put it up: b-cc as a body may be its
/// head of dogs, and a-pcc its officer.
pub fn alone(counted: &Counted, by: &'static str) -> bool {
    let mut people = counted.iter().filter_map(|(who, _)| *who).peekable();
    people.peek().is_some()
        && people.all(|who| match by {
            "officer" => who == "officer" || who == "a-pcc",
            _ => who == "b-cc",
        })
}

pub fn allowed(counted: &Counted, asked: &Asked) -> (i64, bool) {
    let said: Vec<(Option<i64>, bool)> = counted.iter().filter_map(|(_, allows)| *allows).collect();
    let least = said.iter().filter_map(|(amount, _)| *amount).min();
    let amount = least.map_or(asked.amount, |least| least.min(asked.amount));
    (
        amount,
        !said.is_empty() && said.iter().all(|(_, projected)| *projected),
    )
}

/// The last vote of each member before the board decided.
pub fn board_votes(words: &[Said]) -> BTreeMap<&'static str, Said> {
    let closed = words
        .iter()
        .filter(|word| word.board && word.decides)
        .map(|word| word.at)
        .next_back();
    let mut votes = BTreeMap::new();
    for word in words.iter().filter(|word| word.board && !word.decides) {
        if closed.is_none_or(|at| word.at < at)
            && let Some(by) = word.by
        {
            votes.insert(body(by), *word);
        }
    }
    votes
}

pub fn all_voted(words: &[Said]) -> bool {
    board_votes(words).len() == MEMBERS.len()
}

/// Whether the votes of the board carry it, as the first board in a need counts.
pub fn board_s(need: &Need, words: &[Said]) -> Option<bool> {
    let votes = board_votes(words);
    let counted: Vec<&Said> = votes.values().filter(|vote| !vote.conflicted).collect();
    let quorate = counted.len() >= 3;
    let of = |word: Word| counted.iter().filter(|vote| vote.word == word).count();
    match need {
        Need::Majority => Some(quorate && of(Word::For) > of(Word::Against)),
        Need::Unanimity => Some(quorate && of(Word::Against) == 0 && of(Word::For) > 0),
        Need::Weight(threshold) => {
            let weight: i64 = counted
                .iter()
                .filter(|vote| vote.word == Word::For)
                .map(|vote| match vote.by.map(body) {
                    Some("a-pcc") => 600_000,
                    Some("b-pcc") => 400_000,
                    _ => 0,
                })
                .sum();
            Some(quorate && weight >= *threshold)
        }
        Need::Any(of) | Need::Both(of) => of.iter().find_map(|need| board_s(need, words)),
        Need::All(_) | Need::Officer(_) => None,
    }
}

pub fn asks_board(need: &Need) -> bool {
    board_s(need, &[]).is_some()
}

/// Whether a need asks for such a word.
pub fn asks(need: &Need, said: &Said, amount: i64) -> bool {
    match need {
        Need::All(bodies) => !said.board && said.by.is_some_and(|by| bodies.contains(&body(by))),
        Need::Officer(up_to) => !said.board && said.by == Some("officer") && amount <= *up_to,
        Need::Majority | Need::Unanimity | Need::Weight(_) => said.board,
        Need::Any(of) | Need::Both(of) => of.iter().any(|need| asks(need, said, amount)),
    }
}

/// Where a need stands with what was said, and who counts.
pub fn judge(need: &Need, words: &[Said], asked: &Asked) -> (ModelRequirementState, Counted) {
    let own = |wanted: &dyn Fn(&'static str) -> bool| {
        words
            .iter()
            .rev()
            .find(|word| !word.board && word.by.is_some_and(wanted))
            .filter(|word| !word.conflicted)
    };
    match need {
        Need::All(bodies) => {
            let latest: Vec<Option<&Said>> = bodies
                .iter()
                .map(|wanted| own(&|by| body(by) == *wanted))
                .collect();
            let is =
                |word: Word| move |said: &Option<&Said>| said.is_some_and(|said| said.word == word);
            let state = if latest.iter().any(is(Word::Against)) {
                ModelRequirementState::Lost
            } else if latest.iter().all(is(Word::For)) {
                ModelRequirementState::Met
            } else {
                ModelRequirementState::Open
            };
            let counted = latest
                .into_iter()
                .flatten()
                .filter(|said| said.word == Word::For)
                .map(|said| (said.by, said.allows))
                .collect();
            (state, counted)
        }
        Need::Officer(up_to) => {
            if asked.amount > *up_to {
                return (ModelRequirementState::Lost, Vec::new());
            }
            match own(&|by| by == "officer") {
                Some(said) if said.word == Word::For => {
                    (ModelRequirementState::Met, vec![(said.by, said.allows)])
                }
                Some(said) if said.word == Word::Against => {
                    (ModelRequirementState::Lost, Vec::new())
                }
                _ => (ModelRequirementState::Open, Vec::new()),
            }
        }
        Need::Majority | Need::Unanimity | Need::Weight(_) => {
            let holds = board_s(need, words) == Some(true);
            let closing = words.iter().rev().find(|word| word.board && word.decides);
            let state = match closing {
                Some(closing) if closing.word == Word::Against => ModelRequirementState::Lost,
                Some(_) if holds => ModelRequirementState::Met,
                Some(_) => ModelRequirementState::Open,
                None if all_voted(words) && holds => ModelRequirementState::Met,
                None if all_voted(words) => ModelRequirementState::Lost,
                None => ModelRequirementState::Open,
            };
            let mut counted: Counted = board_votes(words)
                .values()
                .filter(|vote| !vote.conflicted && vote.word == Word::For)
                .map(|vote| (vote.by, None))
                .collect();
            if let Some(closing) = closing.filter(|_| state == ModelRequirementState::Met) {
                counted.push((None, closing.allows));
            }
            (state, counted)
        }
        Need::Any(of) | Need::Both(of) => {
            let parts: Vec<(ModelRequirementState, Counted)> =
                of.iter().map(|need| judge(need, words, asked)).collect();
            // One that is met is enough, or one that is lost too many.
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

/// Those who count in the parts that are met.
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
    word: Word,
    allows: Option<(Option<i64>, bool)>,
) -> Said {
    Said {
        at,
        by,
        board: by.is_none(),
        word,
        conflicted: false,
        decides: true,
        allows,
    }
}
