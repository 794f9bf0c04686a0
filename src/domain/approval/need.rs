//! A need: who must agree to a matter, who has, and who is awaited.

use jiff::civil::Date;

use super::asked::{bodies, is_office};
use super::ballot::{Ballot, count};
use super::measure::Quantity;
use super::regime::Case;
use super::word::{Allowance, Word, same_office};
use super::world::current;
use crate::domain::event::{Actor, OfficeDelegation, Requirement, Seat, VoteChoice};
use crate::domain::ids::{BoardId, BodyId};
use crate::domain::money::Pence;

/// A case, and what has been said on it by a day.
pub(super) struct Question<'a> {
    /// The case.
    pub case: Case<'a>,
    /// The day on which it is asked: parties, seats and leads are those of that day.
    pub day: Date,
    /// The words by then, in order.
    pub words: &'a [Word<'a>],
}

/// Where a need stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is met.
    Met,
    /// It can still be met.
    Open,
    /// It cannot be met unless somebody changes their word.
    Lost,
}

/// Whose word it is: a body, an office, a member of a board, or the board itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Voice {
    /// Who; `None` for the board's own decision.
    pub who: Option<Actor>,
    /// The board.
    pub board: Option<BoardId>,
}

impl Voice {
    /// A body, in its own right.
    pub fn body(body: &BodyId) -> Self {
        Self {
            who: Some(Actor::Body {
                body: body.clone(),
                office: None,
            }),
            board: None,
        }
    }

    fn seat(seat: &Seat, board: &BoardId) -> Self {
        let who = match seat {
            Seat::Body { body, office } => Actor::Body {
                body: body.clone(),
                office: office.clone(),
            },
            Seat::Described(what) => Actor::Office(what.clone()),
        };
        Self {
            who: Some(who),
            board: Some(board.clone()),
        }
    }
}

/// What stands in the way, where it is not somebody's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody is who must agree.
    Nobody,
    /// The board is not in the register, or not on that day.
    NoBoard,
    /// The office may agree only up to this.
    BeyondDelegation(Pence),
    /// Only the office that put it up has agreed.
    OwnProposal,
}

/// A word that counts towards a need that is met.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Whose it is; `None` for a board's decision.
    pub by: Option<Actor>,
    /// For an approval of a virement: what it allows.
    pub allows: Option<Allowance>,
}

/// Who must agree, who has, who is against, and who is awaited.
#[derive(Clone, Debug)]
pub struct Need {
    /// The requirement.
    pub wanted: Requirement,
    /// Where it stands.
    pub state: State,
    /// Who agreed.
    pub agreed: Vec<Voice>,
    /// Who is against.
    pub against: Vec<Voice>,
    /// Who is awaited.
    pub awaited: Vec<Voice>,
    /// For a board: the votes, counted.
    pub ballot: Option<Ballot>,
    /// What stands in the way besides.
    pub obstacle: Option<Obstacle>,
    /// The parts, of several.
    pub parts: Vec<Need>,
    /// The words that count, where it is met.
    pub counted: Vec<Counted>,
}

impl Need {
    fn new(wanted: &Requirement, state: State) -> Self {
        Self {
            wanted: wanted.clone(),
            state,
            agreed: Vec::new(),
            against: Vec::new(),
            awaited: Vec::new(),
            ballot: None,
            obstacle: None,
            parts: Vec::new(),
            counted: Vec::new(),
        }
    }

    /// The ballots in it, its parts' included.
    pub fn ballots(&self) -> Vec<&Ballot> {
        let own = self.ballot.iter();
        own.chain(self.parts.iter().flat_map(Self::ballots))
            .collect()
    }

    /// The obstacles in it, its parts' included.
    pub fn obstacles(&self) -> Vec<&Obstacle> {
        let own = self.obstacle.iter();
        own.chain(self.parts.iter().flat_map(Self::obstacles))
            .collect()
    }
}

/// Where a requirement stands, given what has been said. What only the
/// proposer's own office has agreed to is not agreed (rule 4).
pub(super) fn need(question: &Question<'_>, wanted: &Requirement) -> Need {
    let mut need = part(question, wanted);
    if need.state == State::Met
        && question
            .case
            .is_proposers_alone(&need.counted, question.day)
    {
        need.state = State::Open;
        need.obstacle = Some(Obstacle::OwnProposal);
    }
    need
}

impl Case<'_> {
    /// Whether all who count are, or may be, the office that put the matter up: a
    /// proposer who is not named may be any one office.
    fn is_proposers_alone(&self, counted: &[Counted], day: Date) -> bool {
        let people: Vec<&Actor> = counted.iter().filter_map(|word| word.by.as_ref()).collect();
        let Some(first) = people.first() else {
            return false;
        };
        // A board that has decided is more than the one who voted.
        let by_a_board = counted.iter().any(|word| word.by.is_none());
        let proposer = match self.proposer {
            Some(proposer) => proposer,
            None if by_a_board => return false,
            None => first,
        };
        people
            .iter()
            .all(|by| same_office(self.world, by, proposer, day))
    }
}

fn part(question: &Question<'_>, wanted: &Requirement) -> Need {
    match wanted {
        Requirement::EveryParty
        | Requirement::EveryPolicingBody
        | Requirement::EveryCorporationSole
        | Requirement::NamedBodies(_)
        | Requirement::Lead => each(question, wanted),
        Requirement::Board(vote) => {
            let mut need = Need::new(wanted, State::Lost);
            let Some(count) = count(question, vote) else {
                need.obstacle = Some(Obstacle::NoBoard);
                return need;
            };
            let ballot = count.ballot;
            need.state = match (ballot.taken, ballot.holds(), ballot.decided) {
                (_, _, Some(false)) => State::Lost,
                (true, true, _) => State::Met,
                (true, false, None) => State::Lost,
                _ if !ballot.can_decide => State::Lost,
                _ => State::Open,
            };
            if ballot.members == 0 {
                need.obstacle = Some(Obstacle::Nobody);
            }
            for (seat, word) in &count.votes {
                let voice = Voice::seat(seat, &vote.board);
                match word {
                    Some(word) if word.conflicted => {}
                    Some(word) if word.approves() => {
                        need.counted.push(Counted {
                            by: word.by.cloned(),
                            allows: None,
                        });
                        need.agreed.push(voice);
                    }
                    Some(word) if word.choice == VoteChoice::Reject => {
                        need.against.push(voice);
                    }
                    Some(_) => {}
                    None if need.state == State::Open => need.awaited.push(voice),
                    None => {}
                }
            }
            if need.state == State::Open && ballot.holds() {
                need.awaited.push(Voice {
                    who: None,
                    board: Some(vote.board.clone()),
                });
            }
            if let Some(closing) = count.closing.filter(|_| need.state == State::Met) {
                need.counted.push(Counted {
                    by: None,
                    allows: closing.allows,
                });
            }
            need.ballot = Some(ballot);
            need
        }
        Requirement::Office(delegation) => office(question, wanted, delegation),
        Requirement::AnyOf(of) => {
            let parts: Vec<Need> = of.iter().map(|one| part(question, one)).collect();
            let any = |state| parts.iter().any(|part| part.state == state);
            let state = if any(State::Met) {
                State::Met
            } else if any(State::Open) {
                State::Open
            } else {
                State::Lost
            };
            gathered(Need::new(wanted, state), parts)
        }
        Requirement::AllOf(of) => {
            let parts: Vec<Need> = of.iter().map(|one| part(question, one)).collect();
            let any = |state| parts.iter().any(|part| part.state == state);
            let state = if any(State::Lost) {
                State::Lost
            } else if any(State::Open) {
                State::Open
            } else {
                State::Met
            };
            gathered(Need::new(wanted, state), parts)
        }
    }
}

/// What several parts come to.
fn gathered(mut need: Need, parts: Vec<Need>) -> Need {
    for part in &parts {
        need.agreed.extend(part.agreed.iter().cloned());
        need.against.extend(part.against.iter().cloned());
        if need.state == State::Open {
            need.awaited.extend(part.awaited.iter().cloned());
        }
        if part.state == State::Met {
            need.counted.extend(part.counted.iter().cloned());
        }
    }
    for voices in [&mut need.agreed, &mut need.against, &mut need.awaited] {
        voices.sort();
        voices.dedup();
    }
    need.parts = parts;
    need
}

/// A word of each of these bodies, in its own right.
fn each(question: &Question<'_>, wanted: &Requirement) -> Need {
    let bodies = bodies(question, wanted);
    let mut need = Need::new(wanted, State::Met);
    if bodies.is_empty() {
        need.state = State::Lost;
        need.obstacle = Some(Obstacle::Nobody);
        return need;
    }
    for body in &bodies {
        let latest = question.words.iter().rev().find(|word| {
            word.board.is_none()
                && word.by.and_then(Actor::body).is_some_and(|by| {
                    by == body || current(question.case.world, by, question.day) == *body
                })
        });
        let voice = Voice::body(body);
        // Whoever has a conflict of interest does not count, for or against.
        match latest.filter(|word| !word.conflicted) {
            Some(word) if word.approves() => {
                need.counted.push(Counted {
                    by: word.by.cloned(),
                    allows: word.allows,
                });
                need.agreed.push(voice);
            }
            Some(word) if word.choice == VoteChoice::Reject => {
                need.against.push(voice);
            }
            _ => need.awaited.push(voice),
        }
    }
    if !need.against.is_empty() {
        need.state = State::Lost;
    } else if !need.awaited.is_empty() {
        need.state = State::Open;
    }
    need
}

/// The word of an office, within what is delegated to it.
fn office(question: &Question<'_>, wanted: &Requirement, delegation: &OfficeDelegation) -> Need {
    let mut need = Need::new(wanted, State::Open);
    let (world, day) = (question.case.world, question.day);
    let body = current(world, &delegation.body, day);
    let voice = Voice {
        who: Some(Actor::Body {
            body: body.clone(),
            office: Some(delegation.office.clone()),
        }),
        board: None,
    };
    if let Some(up_to) = delegation.up_to {
        let within = match question.case.amount() {
            Quantity::None => true,
            Quantity::Known(amount) => amount <= up_to,
            Quantity::Unknown => false,
        };
        if !within {
            need.state = State::Lost;
            need.obstacle = Some(Obstacle::BeyondDelegation(up_to));
            return need;
        }
    }
    let latest = question.words.iter().rev().find(|word| {
        word.board.is_none()
            && word
                .by
                .is_some_and(|by| is_office(world, by, delegation, day))
    });
    match latest.filter(|word| !word.conflicted) {
        Some(word) if word.approves() => {
            need.state = State::Met;
            need.counted.push(Counted {
                by: word.by.cloned(),
                allows: word.allows,
            });
            need.agreed.push(voice);
        }
        Some(word) if word.choice == VoteChoice::Reject => {
            need.state = State::Lost;
            need.against.push(voice);
        }
        _ => need.awaited.push(voice),
    }
    need
}
