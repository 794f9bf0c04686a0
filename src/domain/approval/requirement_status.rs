//! A need: who must agree to a matter, who has, and who is awaited.

use jiff::civil::Date;

use super::ballot::{Ballot, count};
use super::entitled_bodies::{bodies, is_office};
use super::measure::Quantity;
use super::opinion::{Allowance, Opinion, same_office};
use super::regime::ApprovalCase;
use super::subject_lookup::successor_on;
use crate::domain::event::{Actor, OfficeDelegation, Requirement, Seat, VoteChoice};
use crate::domain::ids::{BoardId, BodyId};
use crate::domain::money::Pence;

/// A case, and what has been said on it by a day.
pub(super) struct RequirementQuery<'a> {
    /// The case.
    pub case: ApprovalCase<'a>,
    /// The day on which it is asked: parties, seats and leads are those of that day.
    pub day: Date,
    /// The words by then, in order.
    pub opinions: &'a [Opinion<'a>],
}

/// Where a need stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementState {
    /// It is met.
    Met,
    /// It can still be met.
    Open,
    /// It cannot be met unless somebody changes their word.
    Lost,
}

/// Whose word it is: a body, an office, a member of a board, or the board itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approver {
    /// Who; `None` for the board's own decision.
    pub who: Option<Actor>,
    /// The board.
    pub board: Option<BoardId>,
}

impl Approver {
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
pub struct CountedOpinion {
    /// Whose it is; `None` for a board's decision.
    pub by: Option<Actor>,
    /// For an approval of a virement: what it allows.
    pub allows: Option<Allowance>,
}

/// Who must agree, who has, who is against, and who is awaited.
#[derive(Clone, Debug)]
pub struct RequirementStatus {
    /// The requirement.
    pub wanted: Requirement,
    /// Where it stands.
    pub state: RequirementState,
    /// Who agreed.
    pub agreed: Vec<Approver>,
    /// Who is against.
    pub against: Vec<Approver>,
    /// Who is awaited.
    pub awaited: Vec<Approver>,
    /// For a board: the votes, counted.
    pub ballot: Option<Ballot>,
    /// What stands in the way besides.
    pub obstacle: Option<Obstacle>,
    /// The parts, of several.
    pub parts: Vec<RequirementStatus>,
    /// The words that count, where it is met.
    pub counted: Vec<CountedOpinion>,
}

impl RequirementStatus {
    fn new(wanted: &Requirement, state: RequirementState) -> Self {
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
pub(super) fn evaluate(question: &RequirementQuery<'_>, wanted: &Requirement) -> RequirementStatus {
    let mut need = evaluate_part(question, wanted);
    if need.state == RequirementState::Met
        && question
            .case
            .is_proposers_alone(&need.counted, question.day)
    {
        need.state = RequirementState::Open;
        need.obstacle = Some(Obstacle::OwnProposal);
    }
    need
}

impl ApprovalCase<'_> {
    /// Whether all who count are, or may be, the office that put the matter up: a
    /// proposer who is not named may be any one office.
    fn is_proposers_alone(&self, counted: &[CountedOpinion], day: Date) -> bool {
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
            .all(|by| same_office(self.lookup, by, proposer, day))
    }
}

fn evaluate_part(question: &RequirementQuery<'_>, wanted: &Requirement) -> RequirementStatus {
    match wanted {
        Requirement::EveryParty
        | Requirement::EveryPolicingBody
        | Requirement::EveryCorporationSole
        | Requirement::NamedBodies(_)
        | Requirement::Lead => evaluate_each(question, wanted),
        Requirement::Board(vote) => {
            let mut need = RequirementStatus::new(wanted, RequirementState::Lost);
            let Some(count) = count(question, vote) else {
                need.obstacle = Some(Obstacle::NoBoard);
                return need;
            };
            let ballot = count.ballot;
            need.state = match (ballot.taken, ballot.holds(), ballot.decided) {
                (_, _, Some(false)) => RequirementState::Lost,
                (true, true, _) => RequirementState::Met,
                (true, false, None) => RequirementState::Lost,
                _ if !ballot.can_decide => RequirementState::Lost,
                _ => RequirementState::Open,
            };
            if ballot.members == 0 {
                need.obstacle = Some(Obstacle::Nobody);
            }
            for (seat, word) in &count.votes {
                let voice = Approver::seat(seat, &vote.board);
                match word {
                    Some(word) if word.conflicted => {}
                    Some(word) if word.approves() => {
                        need.counted.push(CountedOpinion {
                            by: word.by.cloned(),
                            allows: None,
                        });
                        need.agreed.push(voice);
                    }
                    Some(word) if word.choice == VoteChoice::Reject => {
                        need.against.push(voice);
                    }
                    Some(_) => {}
                    None if need.state == RequirementState::Open => need.awaited.push(voice),
                    None => {}
                }
            }
            if need.state == RequirementState::Open && ballot.holds() {
                need.awaited.push(Approver {
                    who: None,
                    board: Some(vote.board.clone()),
                });
            }
            if let Some(closing) = count
                .closing
                .filter(|_| need.state == RequirementState::Met)
            {
                need.counted.push(CountedOpinion {
                    by: None,
                    allows: closing.allows,
                });
            }
            need.ballot = Some(ballot);
            need
        }
        Requirement::Office(delegation) => evaluate_office(question, wanted, delegation),
        Requirement::AnyOf(of) => {
            let parts: Vec<RequirementStatus> =
                of.iter().map(|one| evaluate_part(question, one)).collect();
            let any = |state| parts.iter().any(|part| part.state == state);
            let state = if any(RequirementState::Met) {
                RequirementState::Met
            } else if any(RequirementState::Open) {
                RequirementState::Open
            } else {
                RequirementState::Lost
            };
            merge_parts(RequirementStatus::new(wanted, state), parts)
        }
        Requirement::AllOf(of) => {
            let parts: Vec<RequirementStatus> =
                of.iter().map(|one| evaluate_part(question, one)).collect();
            let any = |state| parts.iter().any(|part| part.state == state);
            let state = if any(RequirementState::Lost) {
                RequirementState::Lost
            } else if any(RequirementState::Open) {
                RequirementState::Open
            } else {
                RequirementState::Met
            };
            merge_parts(RequirementStatus::new(wanted, state), parts)
        }
    }
}

/// What several parts come to.
fn merge_parts(mut need: RequirementStatus, parts: Vec<RequirementStatus>) -> RequirementStatus {
    for part in &parts {
        need.agreed.extend(part.agreed.iter().cloned());
        need.against.extend(part.against.iter().cloned());
        if need.state == RequirementState::Open {
            need.awaited.extend(part.awaited.iter().cloned());
        }
        if part.state == RequirementState::Met {
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
fn evaluate_each(question: &RequirementQuery<'_>, wanted: &Requirement) -> RequirementStatus {
    let bodies = bodies(question, wanted);
    let mut need = RequirementStatus::new(wanted, RequirementState::Met);
    if bodies.is_empty() {
        need.state = RequirementState::Lost;
        need.obstacle = Some(Obstacle::Nobody);
        return need;
    }
    for body in &bodies {
        let latest = question.opinions.iter().rev().find(|word| {
            word.board.is_none()
                && word.by.and_then(Actor::body).is_some_and(|by| {
                    by == body || successor_on(question.case.lookup, by, question.day) == *body
                })
        });
        let voice = Approver::body(body);
        // Whoever has a conflict of interest does not count, for or against.
        match latest.filter(|word| !word.conflicted) {
            Some(word) if word.approves() => {
                need.counted.push(CountedOpinion {
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
        need.state = RequirementState::Lost;
    } else if !need.awaited.is_empty() {
        need.state = RequirementState::Open;
    }
    need
}

/// The word of an office, within what is delegated to it.
fn evaluate_office(
    question: &RequirementQuery<'_>,
    wanted: &Requirement,
    delegation: &OfficeDelegation,
) -> RequirementStatus {
    let mut need = RequirementStatus::new(wanted, RequirementState::Open);
    let (world, day) = (question.case.lookup, question.day);
    let body = successor_on(world, &delegation.body, day);
    let voice = Approver {
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
            need.state = RequirementState::Lost;
            need.obstacle = Some(Obstacle::BeyondDelegation(up_to));
            return need;
        }
    }
    let latest = question.opinions.iter().rev().find(|word| {
        word.board.is_none()
            && word
                .by
                .is_some_and(|by| is_office(world, by, delegation, day))
    });
    match latest.filter(|word| !word.conflicted) {
        Some(word) if word.approves() => {
            need.state = RequirementState::Met;
            need.counted.push(CountedOpinion {
                by: word.by.cloned(),
                allows: word.allows,
            });
            need.agreed.push(voice);
        }
        Some(word) if word.choice == VoteChoice::Reject => {
            need.state = RequirementState::Lost;
            need.against.push(voice);
        }
        _ => need.awaited.push(voice),
    }
    need
}
