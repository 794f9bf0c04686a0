//! The chair and the vice-chair of a board: who holds the office on a day, and why nobody
//! does.
//!
//! A committee is chaired by one of its members. A chair whose seat has ended is chair no
//! more; the successor of a body has its offices, and where a body was divided, the board
//! settles who holds them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Board, BoardPlace, HeldSeat};
use crate::date::PartialDate;
use crate::event::{ChairAppointed, Seat};
use crate::fact::{Fact, Facts};
use crate::ids::BodyId;
use crate::succession::Followed;

/// The office of chair or vice-chair by its last appointment.
#[derive(Clone, Debug)]
pub struct ChairOffice<'a> {
    pub appointed: &'a Fact<ChairAppointed>,
    /// The bodies in the place of the one that was appointed: several, if it was divided.
    pub holders: Vec<&'a BodyId>,
    /// `None` while it is held.
    pub lapse: Option<OfficeLapse>,
}

/// The end of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeLapse {
    pub cause: LapseCause,
    /// The last day of a term; otherwise the first day on which it is no longer held.
    pub on: PartialDate,
}

/// Why an appointment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LapseCause {
    TermOver,
    /// Its holder has no seat on the board any more.
    SeatEnded,
    /// Its body was divided.
    Divided,
    /// The vice-chair took the chair.
    TookTheChair,
}

impl<'a> ChairOffice<'a> {
    /// The body that holds it; `None` if nobody does.
    pub fn holder(&self) -> Option<&'a BodyId> {
        let holder = self.holders.first().copied();
        holder.filter(|_| self.lapse.is_none())
    }
}

impl Board {
    /// The chair by the last appointment of a day; `None` if nobody was appointed, or the
    /// board has ended.
    pub fn chair<'a>(&'a self, followed: &'a Followed, day: Date) -> Option<ChairOffice<'a>> {
        self.office(followed, BoardPlace::Chair, day)
    }

    /// The vice-chair, in the same way.
    pub fn vice_chair<'a>(&'a self, followed: &'a Followed, day: Date) -> Option<ChairOffice<'a>> {
        self.office(followed, BoardPlace::ViceChair, day)
    }

    fn office<'a>(
        &'a self,
        followed: &'a Followed,
        place: BoardPlace,
        day: Date,
    ) -> Option<ChairOffice<'a>> {
        let appointed = self.appointments(place).at(day)?;
        if self.ended(day).is_some() {
            return None;
        }
        Some(ChairOffice {
            appointed,
            holders: followed.holders(&appointed.body, day),
            lapse: self.lapse(followed, appointed, place, day),
        })
    }

    pub(super) const fn appointments(&self, place: BoardPlace) -> &Facts<ChairAppointed> {
        match place {
            BoardPlace::Chair | BoardPlace::Seat => &self.chairs,
            BoardPlace::ViceChair => &self.vice_chairs,
        }
    }

    /// The end of an appointment by a day, apart from that by the next.
    pub(super) fn lapse(
        &self,
        followed: &Followed,
        appointed: &Fact<ChairAppointed>,
        place: BoardPlace,
        day: Date,
    ) -> Option<OfficeLapse> {
        let term = appointed.until_on.filter(|until| until.last_day() < day);
        let seat = appointed.seat();
        let ended = self.seat_ended(followed, &seat, Some(appointed.day()), day);
        let divided = || {
            let holders = followed.holders(&appointed.body, day);
            let first = holders.first().filter(|_| holders.len() > 1)?;
            let by = followed.succession_to(&appointed.body, first, day)?;
            Some(by.on())
        };
        let took_the_chair = || {
            let mut chairs = self.chairs.by(day);
            let took = chairs.find(|chair| {
                chair.is_same_seat(appointed)
                    && chair.effective_order() > appointed.effective_order()
            });
            took.map(Fact::on)
        };
        let chaired = match place {
            BoardPlace::ViceChair => took_the_chair(),
            BoardPlace::Chair | BoardPlace::Seat => None,
        };
        let ends = [
            (LapseCause::TermOver, term),
            (LapseCause::SeatEnded, ended),
            (LapseCause::Divided, divided()),
            (LapseCause::TookTheChair, chaired),
        ];
        let ends = ends.into_iter();
        let ends = ends.filter_map(|(cause, on)| Some(OfficeLapse { cause, on: on? }));
        ends.min_by_key(|lapse| lapse.on.first_day())
    }

    /// The day on which the holder of a seat left the board; `None` if it has its seat, or
    /// never had one. With `since`, the first such day after that; without, the last,
    /// unless it came back.
    ///
    /// An office has its own seat, or, if the board has none of that name, any of its
    /// body's: it is not known which.
    pub fn seat_ended(
        &self,
        followed: &Followed,
        holder: &Seat,
        since: Option<Date>,
        day: Date,
    ) -> Option<PartialDate> {
        let founded = self.constituted.as_ref().map_or(day, Fact::day);
        let first = since.unwrap_or(founded);
        let mut seats = BTreeMap::new();
        self.replay_seats(first, &mut seats, |_, _, _| {});
        let mut tie = Tie::of(followed, holder, &seats, day);
        let mut ended = None;
        for change in self
            .membership
            .by(day)
            .filter(|change| change.day() > first)
        {
            for seat in &change.left {
                seats.remove(seat);
            }
            for member in &change.joined {
                let held = HeldSeat {
                    member: member.clone(),
                    since: change.on(),
                    since_is: change.is(),
                };
                seats.insert(member.seat.clone(), held);
            }
            let now = Tie::of(followed, holder, &seats, day);
            if now >= tie {
                (tie, ended) = (now, None);
            } else if since.is_some() {
                return Some(change.on());
            } else {
                ended = ended.or(Some(change.on()));
            }
        }
        ended
    }
}

/// How the holder of an office is tied to the seats of a board.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    None,
    /// Its body has a seat.
    Body,
    /// It has a seat of its own.
    Own,
}

impl Tie {
    fn of(followed: &Followed, holder: &Seat, seats: &BTreeMap<Seat, HeldSeat>, day: Date) -> Self {
        let ties = seats.keys().map(|seat| match (seat, holder) {
            (Seat::Described(one), Seat::Described(other)) if one.is_same(other) => Self::Own,
            (
                Seat::Body { body, office },
                Seat::Body {
                    body: own,
                    office: wanted,
                },
            ) if followed.are_one(body, own, day) => match (office, wanted) {
                (Some(office), Some(wanted)) if office.is_same(wanted) => Self::Own,
                (None, None) => Self::Own,
                _ => Self::Body,
            },
            _ => Self::None,
        });
        ties.max().unwrap_or(Self::None)
    }
}
