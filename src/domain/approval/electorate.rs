//! The electorate of a board: its votes, and the seats that each of them belongs to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::subject_lookup::SubjectLookup;
use crate::board::{Board, HeldSeat};
use crate::event::{Actor, AttendanceKind, MeetingHeld, MemberCapacity, MergedSeats, Seat};
use crate::ids::{BoardId, BodyId, SubjectId};
use crate::succession::Followed;
use crate::text::Name;

/// A vote on a board: of one seat, or of several that share it.
#[derive(Clone, Debug, Default)]
pub struct BoardMemberVote {
    /// Never empty.
    pub seats: Vec<Seat>,
    /// The groups of those seats.
    pub groups: Vec<Name>,
}

impl BoardMemberVote {
    pub fn is_in(&self, group: &Name) -> bool {
        self.groups.iter().any(|own| own.is_same(group))
    }
}

/// The votes of a board on a day.
pub struct Electorate {
    followed: Followed,
    day: Date,
    seats: BTreeMap<Seat, HeldSeat>,
    pub votes: Vec<BoardMemberVote>,
    /// The index of the vote of each seat that has one.
    vote_of: BTreeMap<Seat, usize>,
}

impl Electorate {
    pub fn new(lookup: &dyn SubjectLookup, id: &BoardId, board: &Board, day: Date) -> Self {
        let followed = Followed::new(SubjectId::Board(id.clone()), lookup.successions());
        let seats = board.seats(day);
        let merged = board.standing_orders(day).merged_seats;
        let shared = match merged {
            Some(MergedSeats::One) => merged_seats(&followed, &seats, day),
            Some(MergedSeats::Each) | None => BTreeMap::new(),
        };
        let mut electorate = Self {
            followed,
            day,
            seats: BTreeMap::new(),
            votes: Vec::new(),
            vote_of: BTreeMap::new(),
        };
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        let mut by_merger: BTreeMap<MergedSeat, usize> = BTreeMap::new();
        for (seat, held) in &seats {
            if held.member.capacity != MemberCapacity::Member {
                continue;
            }
            let new = electorate.votes.len();
            let index = match (&held.member.shares_vote_as, shared.get(seat)) {
                (Some(name), _) => {
                    let name = name.folded().to_ascii_lowercase();
                    *by_name.entry(name).or_insert(new)
                }
                (None, Some(merger)) => *by_merger.entry(merger.clone()).or_insert(new),
                (None, None) => new,
            };
            if index == new {
                electorate.votes.push(BoardMemberVote::default());
            }
            let vote = &mut electorate.votes[index];
            vote.seats.push(seat.clone());
            vote.groups.extend(held.member.group.clone());
            electorate.vote_of.insert(seat.clone(), index);
        }
        electorate.seats = seats;
        electorate
    }

    /// The indices of the votes of these groups; all votes if none is named.
    pub fn votes_in(&self, groups: &[Name]) -> BTreeSet<usize> {
        let votes = self.votes.iter().enumerate();
        votes
            .filter(|(_, vote)| groups.is_empty() || groups.iter().any(|group| vote.is_in(group)))
            .map(|(index, _)| index)
            .collect()
    }

    /// The indices of the votes that an actor casts.
    pub fn votes_of(&self, actor: &Actor) -> BTreeSet<usize> {
        let seats = self.seats_of(actor).into_iter();
        seats
            .filter_map(|seat| self.vote_of.get(seat).copied())
            .collect()
    }

    /// The seats with a vote from which an actor votes: those of their office, or else
    /// of their body, or else, if they name no office, the first that the body has. An
    /// office that has a seat without a vote has none. A successor votes from the seats
    /// of each body that it followed.
    pub fn seats_of(&self, actor: &Actor) -> Vec<&Seat> {
        let (body, office) = match actor {
            Actor::Office(office) => {
                let is_own =
                    |seat: &&Seat| matches!(seat, Seat::Described(name) if name.is_same(office));
                return self.vote_of.keys().filter(is_own).take(1).collect();
            }
            Actor::Body { body, office } => (body, office.as_ref()),
        };
        struct BodySeat<'s> {
            seat: &'s Seat,
            holder: &'s BodyId,
            office: Option<&'s Name>,
            has_vote: bool,
        }
        let held: Vec<BodySeat<'_>> = self
            .seats
            .keys()
            .filter_map(|seat| match seat {
                Seat::Body {
                    body: holder,
                    office,
                } if self.is_held(holder, body) => Some(BodySeat {
                    seat,
                    holder,
                    office: office.as_ref(),
                    has_vote: self.vote_of.contains_key(seat),
                }),
                Seat::Body { .. } | Seat::Described(_) => None,
            })
            .collect();
        let with_vote = |wanted: &dyn Fn(&BodySeat<'_>) -> bool| -> Vec<&Seat> {
            let seats = held.iter().filter(|held| held.has_vote && wanted(held));
            seats.map(|held| held.seat).collect()
        };
        let is_own = |held: &BodySeat<'_>| match (held.office, office) {
            (Some(held), Some(office)) => held.is_same(office),
            (None, None) => true,
            _ => false,
        };
        if held.iter().any(is_own) {
            return with_vote(&is_own);
        }
        let whole_body = with_vote(&|held| held.office.is_none());
        if !whole_body.is_empty() || office.is_some() {
            return whole_body;
        }
        let mut holders = BTreeSet::new();
        let voting = held.iter().filter(|held| held.has_vote);
        voting
            .filter(|held| holders.insert(held.holder))
            .map(|held| held.seat)
            .collect()
    }

    /// Whether an actor holds a seat, with a vote or without.
    pub fn has_seat(&self, actor: &Actor) -> bool {
        self.seats.keys().any(|seat| match (seat, actor) {
            (Seat::Described(name), Actor::Office(office)) => name.is_same(office),
            (
                Seat::Body { body, office },
                Actor::Body {
                    body: by,
                    office: of,
                },
            ) => {
                self.is_held(body, by)
                    && match (office, of) {
                        (Some(office), Some(of)) => office.is_same(of),
                        (None, _) => true,
                        (Some(_), None) => false,
                    }
            }
            _ => false,
        })
    }

    /// Whether an actor may hold a seat: the title of an office ("Chairman") may be that of a
    /// member whose seat has another name.
    pub fn may_have_seat(&self, actor: &Actor) -> bool {
        let mut seats = self.seats.keys();
        self.seats.is_empty()
            || seats.any(|seat| match (seat, actor) {
                (Seat::Described(_), _) | (_, Actor::Office(_)) => true,
                (Seat::Body { body, .. }, Actor::Body { body: by, .. }) => self.is_held(body, by),
            })
    }

    /// The seats that have a vote.
    pub fn voting_seats(&self) -> impl Iterator<Item = &Seat> {
        self.vote_of.keys()
    }

    /// The holders of a seat: its member, or the bodies that have followed it.
    pub fn holders(&self, seat: &Seat) -> Vec<Actor> {
        match seat {
            Seat::Body { body, office } => {
                let holders = self.followed.holders(body, self.day).into_iter();
                let holders = holders.map(|body| Actor::Body {
                    body: body.clone(),
                    office: office.clone(),
                });
                holders.collect()
            }
            Seat::Described(name) => vec![Actor::Office(name.clone())],
        }
    }

    /// Whether the seat of a body has passed to another, or is its own.
    fn is_held(&self, member: &BodyId, by: &BodyId) -> bool {
        if member == by {
            return true;
        }
        let holders = self.followed.holders(member, self.day);
        let own = self.followed.holders(by, self.day);
        holders.iter().any(|holder| own.contains(holder))
    }

    /// The votes that were present at a sitting of a meeting; `None` if the attendance is
    /// not recorded. A list of apologies, and of those who came in the place of others,
    /// does not say who came.
    pub fn present_at(&self, held: &MeetingHeld) -> Option<BTreeSet<usize>> {
        let votes = |one: &Actor| self.votes_of(one);
        let mut present: BTreeSet<usize> =
            held.attended().flat_map(|one| votes(&one.who)).collect();
        let mut came = held.members_listed();
        let lists_present = came
            .any(|one| one.attendance == AttendanceKind::Present && !votes(&one.who).is_empty());
        let listed = present.len() + self.away_from(held).len();
        let lists_all = !self.votes.is_empty() && listed == self.votes.len();
        if lists_present {
            present.extend(self.presiding_unlisted(held));
        }
        (lists_present || lists_all).then_some(present)
    }

    /// The votes of the person who presided, where the attendance lists others and not that
    /// person.
    pub fn presiding_unlisted(&self, held: &MeetingHeld) -> BTreeSet<usize> {
        let presiding = held.presiding.as_ref();
        let mut votes = presiding.map_or_else(BTreeSet::new, |one| self.votes_of(&one.who));
        for one in held.members_listed() {
            for vote in self.votes_of(&one.who) {
                votes.remove(&vote);
            }
        }
        votes
    }

    /// The votes of those whom the minutes of a sitting list as not there.
    pub fn away_from(&self, held: &MeetingHeld) -> BTreeSet<usize> {
        let of = |attended: bool| {
            let listed = held.members_listed();
            let listed = listed.filter(move |one| one.attendance.is_there() == attended);
            listed.flat_map(|one| self.votes_of(&one.who))
        };
        let present: BTreeSet<usize> = of(true).collect();
        of(false).filter(|vote| !present.contains(vote)).collect()
    }
}

/// The bodies that follow several, and the number of the seat that theirs become.
type MergedSeat = (Vec<BodyId>, usize);

/// For each seat that merges with others, the one that they become. Seats merge where
/// several bodies have one successor: the first of each of them become one, the second of
/// each, and so on.
fn merged_seats(
    followed: &Followed,
    seats: &BTreeMap<Seat, HeldSeat>,
    day: Date,
) -> BTreeMap<Seat, MergedSeat> {
    let mut by_successor: BTreeMap<Vec<BodyId>, BTreeMap<&BodyId, Vec<&Seat>>> = BTreeMap::new();
    for (seat, held) in seats {
        if let Seat::Body { body, .. } = seat
            && held.member.capacity == MemberCapacity::Member
        {
            let holders = followed.holders(body, day).into_iter().cloned().collect();
            let of_body = by_successor.entry(holders).or_default();
            of_body.entry(body).or_default().push(seat);
        }
    }
    let mut merged = BTreeMap::new();
    for (holders, bodies) in by_successor.iter().filter(|(_, bodies)| bodies.len() > 1) {
        for seats in bodies.values() {
            for (number, seat) in seats.iter().enumerate() {
                merged.insert((*seat).clone(), (holders.clone(), number));
            }
        }
    }
    merged
}
