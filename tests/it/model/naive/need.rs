//! The requirements of rules, as the model evaluates them.

use std::collections::BTreeMap;

use super::action::{At, Choice, ModelTally, Terms, body, is_of_council};
use super::past::Asked;
use super::rules::{Fraction, Of};
use super::tally::{Figures, figures, fillings};

pub use super::rules::Need;

/// The agreement that a proposal needs.
#[derive(Debug, Clone)]
pub struct NeedAt {
    pub need: Need,
    /// Whether a rule is part of it. Without one, nothing keeps a proposer from deciding.
    pub is_ruled: bool,
}

/// A vote or decision on a proposal; a board's own decision has no `by`.
#[derive(Debug, Clone, Copy)]
pub struct Opinion {
    pub at: At,
    pub by: Option<&'static str>,
    pub board: bool,
    pub choice: Choice,
    pub conflicted: bool,
    /// Whether it is the vote of the seat alone.
    pub seat_only: bool,
    pub decides: bool,
    /// For a board's decision: its result as minuted.
    pub tally: Option<ModelTally>,
    /// For the approval of a virement: the amount, and whether it covers a projection.
    pub allows: Option<(Option<i64>, bool)>,
    pub terms: Terms,
}

impl Opinion {
    pub fn decided(
        at: At,
        by: Option<&'static str>,
        choice: Choice,
        allows: Option<(Option<i64>, bool)>,
        tally: Option<ModelTally>,
        terms: Terms,
    ) -> Self {
        Self {
            at,
            by,
            board: by.is_none(),
            choice,
            conflicted: false,
            seat_only: false,
            decides: true,
            tally: tally.filter(|_| by.is_none()),
            allows,
            terms,
        }
    }

    /// The body that decides, itself or by one of its boards; or the board, which belongs
    /// to nobody.
    pub fn decider(&self) -> &'static str {
        self.by.filter(|_| !self.board).map_or("the board", body)
    }

    /// The board on which it is an opinion.
    pub fn of_board(&self) -> Option<&'static str> {
        match self.board {
            true => Some("the board"),
            false => self.by.filter(|by| is_of_council(by)),
        }
    }

    /// Whether a later one of two takes the place of the other: two boards of one body
    /// are two voices.
    pub fn is_voice_of(&self, other: &Self) -> bool {
        match (self.of_board(), other.of_board()) {
            (Some(one), Some(other)) => one == other,
            _ => self.decider() == other.decider(),
        }
    }

    /// Whether a condition that names a body or board awaits this decision.
    pub fn is_awaited_as(&self, named: &str) -> bool {
        match is_of_council(named) {
            true => self.of_board() == Some(named),
            false => self.decider() == named,
        }
    }

    /// Whether it does not count at once.
    pub fn waits(&self) -> bool {
        let from = self.terms.from(self.at.0);
        !self.terms.conditions.is_empty() || from.is_some_and(|from| from > self.at.0)
    }

    /// Whether it is the agreement of its body too, and not that of a seat alone.
    pub const fn is_own(&self) -> bool {
        !self.board || (!self.decides && !self.seat_only)
    }
}

/// How the board decides.
#[derive(Debug, Clone, Copy)]
pub struct Orders {
    pub casting: bool,
    /// Whether the two seats of merged bodies are one.
    pub one: bool,
    pub quorum: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelRequirementState {
    Met,
    Open,
    Lost,
}

/// The approvers who count (`None` for a board whose members are named beside it), and what
/// each allows.
pub type Counted = Vec<(Option<&'static str>, Option<(Option<i64>, bool)>)>;

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

/// The votes on the board: the chiefs share one, and two seats have passed to m.
pub fn units(orders: Orders) -> &'static [&'static str] {
    if orders.one {
        &["a-pcc", "b-pcc", "chiefs", "m1"]
    } else {
        &["a-pcc", "b-pcc", "chiefs", "m1", "m2"]
    }
}

pub fn units_of(by: &'static str, orders: Orders) -> Vec<&'static str> {
    match body(by) {
        "a-cc" | "b-cc" => vec!["chiefs"],
        "m" if orders.one => vec!["m1"],
        "m" => vec!["m1", "m2"],
        by => vec![by],
    }
}

pub type Votes = BTreeMap<&'static str, Opinion>;

/// The last vote of each member before the board decided.
pub fn board_votes(opinions: &[Opinion], orders: Orders) -> Votes {
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
            for unit in units_of(by, orders) {
                votes.insert(unit, *opinion);
            }
        }
    }
    votes
}

pub fn count_of(votes: &Votes, choice: Choice) -> usize {
    let counted = votes.values().filter(|vote| !vote.conflicted);
    counted.filter(|vote| vote.choice == choice).count()
}

fn closing(opinions: &[Opinion]) -> Option<&Opinion> {
    let mut opinions = opinions.iter().rev();
    opinions.find(|opinion| opinion.board && opinion.decides)
}

/// The parts of a requirement that ask for the board.
pub fn board_parts(need: &Need) -> Vec<&Need> {
    match need {
        Need::Any(parts) | Need::Both(parts) => parts.iter().flat_map(board_parts).collect(),
        Need::All(_) | Need::Officer(_) => Vec::new(),
        Need::Majority | Need::Unanimity | Need::Fraction(_) | Need::Weight(_) => vec![need],
    }
}

const fn is_of_chiefs(need: &Need) -> bool {
    matches!(need, Need::Fraction(Fraction { chiefs: true, .. }))
}

/// Whether every member whom a part counts has voted.
pub fn all_voted(need: &Need, opinions: &[Opinion], orders: Orders) -> bool {
    let votes = board_votes(opinions, orders);
    let mut asked = units(orders).iter();
    asked.all(|unit| (is_of_chiefs(need) && *unit != "chiefs") || votes.contains_key(unit))
}

/// The members whom a part of the requirement counts.
fn asked_of(need: &Need, orders: Orders) -> Vec<&'static str> {
    let mut asked = units(orders).to_vec();
    asked.retain(|unit| !is_of_chiefs(need) || *unit == "chiefs");
    asked
}

/// The numbers of a vote as the record has them.
struct Numbers {
    given: Figures,
    /// The least that those not given were.
    least: [usize; 3],
    /// Whether no number and no vote for it by name is on record.
    silent: bool,
    /// Whether minutes give a result.
    minuted: bool,
}

fn numbers(need: &Need, opinions: &[Opinion], orders: Orders) -> Numbers {
    let mut votes = board_votes(opinions, orders);
    let asked = asked_of(need, orders);
    votes.retain(|unit, _| asked.contains(unit));
    let named = [Choice::For, Choice::Against, Choice::Neither];
    let named = named.map(|choice| count_of(&votes, choice));
    let closing = closing(opinions);
    let tally = closing.and_then(|closing| closing.tally);
    let unanimous = tally.is_some_and(|tally| tally.unanimous);
    let approves = closing.is_some_and(|closing| closing.choice == Choice::For);
    let stated = tally.filter(|tally| tally.votes() > 0);
    let stated = stated.map(|tally| figures(tally, approves));
    let own = stated.filter(|_| !is_of_chiefs(need));
    let roll_call = asked.iter().all(|unit| votes.contains_key(unit));
    let silent = closing.is_some() && own.is_none() && !unanimous && named[0] == 0 && !roll_call;
    let (given, least) = match own {
        Some(given) => {
            let mut least = given.map(Option::unwrap_or_default);
            for (index, least) in least.iter_mut().enumerate() {
                if given[index].is_none() {
                    *least = named[index];
                }
            }
            (given, least)
        }
        // Of a group, at least so many as the other members cannot have been.
        None if silent => {
            let others = units(orders).len() - asked.len();
            let mut least = named;
            for (index, least) in least.iter_mut().enumerate() {
                let all = stated.and_then(|stated| stated[index]).unwrap_or_default();
                *least = (*least).max(all.saturating_sub(others));
            }
            ([None; 3], least)
        }
        None => (named.map(Some), named),
    };
    Numbers {
        given,
        least,
        silent,
        minuted: own.is_some() || unanimous || silent,
    }
}

/// Whether enough took part in the vote of the board, as far as the record says.
pub fn is_quorate(need: &Need, opinions: &[Opinion], orders: Orders) -> bool {
    let (present, is_stated) = presence(need, opinions, orders);
    present >= orders.quorum || !is_stated
}

/// Whether the record says how many took part.
pub fn states_presence(need: &Need, opinions: &[Opinion], orders: Orders) -> bool {
    presence(need, opinions, orders).1
}

/// How many took part, and whether the record says so.
fn presence(need: &Need, opinions: &[Opinion], orders: Orders) -> (usize, bool) {
    let all = board_votes(opinions, orders);
    let named = all.values().filter(|vote| !vote.conflicted).count();
    let closing = closing(opinions);
    let approves = closing.is_some_and(|closing| closing.choice == Choice::For);
    let tally = closing.and_then(|closing| closing.tally);
    let counted = tally.filter(|tally| tally.votes() > 0);
    let is_complete =
        counted.is_none_or(|tally| figures(tally, approves).iter().all(Option::is_some));
    let stated = tally
        .map(|tally| tally.present)
        .filter(|present| *present > 0);
    let by_votes = counted.map(|tally| tally.votes());
    let unanimous = tally.is_some_and(|tally| tally.unanimous);
    let silent = numbers(need, opinions, orders).silent;
    let is_stated =
        stated.is_some() || is_complete && (by_votes.is_some() || !silent && !unanimous);
    let present = stated.or(by_votes).unwrap_or(named).max(named);
    (present, is_stated)
}

/// Whether the board's votes carry the proposal by one part of the requirement.
pub fn holds(need: &Need, opinions: &[Opinion], orders: Orders) -> bool {
    let asked = asked_of(need, orders);
    let mut votes = board_votes(opinions, orders);
    votes.retain(|unit, _| asked.contains(unit));
    let conflicted = votes.values().filter(|vote| vote.conflicted).count();
    let closing = closing(opinions);
    let tally = closing.and_then(|closing| closing.tally);
    let numbers = numbers(need, opinions, orders);
    let (present, _) = presence(need, opinions, orders);
    let unanimous = tally.is_some_and(|tally| tally.unanimous);
    let is_open = numbers.given.contains(&None);
    let level = is_open || numbers.least[0] == numbers.least[1];
    let casting = tally.and_then(|tally| tally.casting);
    let casting = casting.filter(|_| level && orders.casting);
    let simple = match need {
        Need::Majority => true,
        Need::Fraction(fraction) => {
            fraction.more && fraction.of == Of::Voting && fraction.lower == 2
        }
        _ => false,
    };
    let cast_for = simple && casting == Some(Choice::For);
    let stated = tally
        .map(|tally| tally.present)
        .filter(|present| *present > 0);
    let carries = |[for_it, against, neither]: [usize; 3]| match need {
        _ if unanimous && against == 0 => true,
        Need::Majority => for_it > against || cast_for,
        Need::Unanimity => against == 0 && for_it > 0,
        Need::Fraction(fraction) => {
            let whole = match fraction.of {
                Of::Voting => for_it + against,
                Of::Present if is_open => stated.unwrap_or(for_it + against + neither),
                Of::Present if fraction.chiefs => {
                    votes.values().filter(|vote| !vote.conflicted).count()
                }
                Of::Present => present,
                Of::All => asked.len(),
            };
            let (have, need) = (for_it * fraction.lower, whole * fraction.upper);
            (for_it > 0 && (have > need || (have == need && !fraction.more))) || cast_for
        }
        Need::Weight(threshold) => weight_for(&votes) >= *threshold,
        Need::All(_) | Need::Officer(_) | Need::Any(_) | Need::Both(_) => false,
    };
    let carried = if !is_open {
        carries(numbers.least)
    } else if casting.is_some() {
        // The votes were level.
        cast_for
    } else {
        let most = stated.unwrap_or(usize::MAX).min(asked.len() - conflicted);
        let results = fillings(numbers.given, numbers.least, most);
        let all = results.iter().all(|filling| carries(*filling));
        let any = results.iter().any(|filling| carries(*filling));
        // Otherwise the decision is evidence of itself.
        let approves = closing.is_some_and(|closing| closing.choice == Choice::For);
        let is_weighed = numbers.silent && matches!(need, Need::Weight(_));
        match is_weighed || any && !all {
            true => approves,
            false => all,
        }
    };
    is_quorate(need, opinions, orders) && carried
}

/// The weight of the bodies whose votes are for.
fn weight_for(votes: &Votes) -> i64 {
    let mut bodies: Vec<&str> = votes
        .values()
        .filter(|vote| !vote.conflicted && vote.choice == Choice::For)
        .filter_map(|vote| vote.by.map(body))
        .collect();
    bodies.sort_unstable();
    bodies.dedup();
    let weights = bodies.into_iter().map(|body| match body {
        "a-pcc" => 600_000,
        "b-pcc" => 400_000,
        _ => 0,
    });
    weights.sum()
}

/// Whether the votes carry what a requirement asks of the board; `None` if it asks
/// nothing of it.
pub fn board_s(need: &Need, opinions: &[Opinion], orders: Orders) -> Option<bool> {
    match need {
        Need::Any(parts) | Need::Both(parts) => {
            let parts = parts
                .iter()
                .filter_map(|need| board_s(need, opinions, orders));
            let parts: Vec<bool> = parts.collect();
            let is = match need {
                Need::Any(_) => parts.contains(&true),
                _ => !parts.contains(&false),
            };
            (!parts.is_empty()).then_some(is)
        }
        Need::All(_) | Need::Officer(_) => None,
        _ => Some(holds(need, opinions, orders)),
    }
}

/// Whether a requirement asks for such an opinion.
pub fn asks(need: &Need, opinion: &Opinion, amount: i64) -> bool {
    let own = opinion.is_own();
    match need {
        Need::All(bodies) => own && opinion.by.is_some_and(|by| bodies.contains(&body(by))),
        Need::Officer(up_to) => own && opinion.by == Some("officer") && amount <= *up_to,
        Need::Majority | Need::Unanimity | Need::Fraction(_) | Need::Weight(_) => opinion.board,
        Need::Any(parts) | Need::Both(parts) => {
            parts.iter().any(|need| asks(need, opinion, amount))
        }
    }
}

/// Whether it asks the officer, for a smaller amount.
pub fn is_beyond(need: &Need, opinion: &Opinion, amount: i64) -> bool {
    match need {
        Need::Officer(up_to) => {
            opinion.is_own() && opinion.by == Some("officer") && amount > *up_to
        }
        Need::Any(parts) | Need::Both(parts) => {
            parts.iter().any(|need| is_beyond(need, opinion, amount))
        }
        _ => false,
    }
}

/// The state of a requirement after these opinions, and the approvers who count.
pub fn judge(need: &Need, opinions: &[Opinion], asked: &Asked) -> (ModelRequirementState, Counted) {
    let own = |wanted: &dyn Fn(&'static str) -> bool| {
        opinions
            .iter()
            .rev()
            .find(|opinion| opinion.is_own() && opinion.by.is_some_and(wanted))
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
        Need::Majority | Need::Unanimity | Need::Fraction(_) | Need::Weight(_) => {
            let holds = holds(need, opinions, asked.orders);
            let all_voted = all_voted(need, opinions, asked.orders);
            let closing = closing(opinions);
            let state = match closing {
                Some(closing) if closing.choice == Choice::Against => ModelRequirementState::Lost,
                Some(_) if holds => ModelRequirementState::Met,
                Some(_) => ModelRequirementState::Open,
                None if all_voted && holds => ModelRequirementState::Met,
                None if all_voted => ModelRequirementState::Lost,
                None => ModelRequirementState::Open,
            };
            let minuted = numbers(need, opinions, asked.orders).minuted;
            let mut counted: Counted = board_votes(opinions, asked.orders)
                .iter()
                .filter(|(unit, _)| !is_of_chiefs(need) || **unit == "chiefs")
                .map(|(_, vote)| vote)
                .filter(|vote| !minuted && !vote.conflicted && vote.choice == Choice::For)
                .map(|vote| (vote.by, None))
                .collect();
            if let Some(closing) = closing.filter(|_| state == ModelRequirementState::Met) {
                // Minutes count others than those whose votes they name.
                counted.push((minuted.then_some("others"), closing.allows));
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
