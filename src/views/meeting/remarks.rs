//! Where the record of a meeting contradicts itself or leaves something out.

use std::collections::BTreeSet;

use super::super::{collaborations, names};
use super::MeetingContext;
use crate::proposal_cache::title;
use minutebook_domain::approval::{Electorate, same_office};
use minutebook_domain::board::{LapseCause, OfficeLapse};
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::{Actor, MeetingHeld, MeetingRef, Presiding, PresidingAs, Seat};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::meeting::may_be_same_day;
use minutebook_domain::subject::Subject;

/// The remarks about one sitting.
pub(super) struct SittingRemarks<'a> {
    context: &'a MeetingContext<'a>,
    held: &'a Fact<MeetingHeld>,
    electorate: Electorate,
    /// `None` if it is not recorded who came.
    present: Option<BTreeSet<usize>>,
    /// The votes and decisions that contradict the attendance.
    differences: Vec<String>,
}

impl<'a> SittingRemarks<'a> {
    pub fn new(context: &'a MeetingContext<'a>, held: &'a Fact<MeetingHeld>) -> Self {
        let day = held.on().last_day();
        let electorate = Electorate::new(context.register_view, context.id, context.board, day);
        Self {
            context,
            held,
            present: electorate.present_at(held),
            electorate,
            differences: Vec::new(),
        }
    }

    /// Its remarks, each with the day where the meeting sat on several.
    pub fn list(self, is_one_of_several: bool) -> impl Iterator<Item = String> {
        let mut remarks = self.presiding();
        remarks.extend(self.quorum());
        remarks.extend(self.differences);
        let day = match is_one_of_several {
            true => format!("{}: ", self.held.on()),
            false => String::new(),
        };
        remarks
            .into_iter()
            .map(move |remark| format!("{day}{remark}"))
    }

    fn name(&self, who: &Actor) -> String {
        names::in_words(&names::actor(self.context.register_view, who))
    }

    fn presiding(&self) -> Vec<String> {
        let Some(presiding) = &self.held.presiding else {
            return Vec::new();
        };
        let who = self.name(&presiding.who);
        let mut remarks = Vec::new();
        if self.present.is_some() && !self.electorate.presiding_unlisted(self.held).is_empty() {
            remarks.push(format!(
                "{who} presided, and the attendance does not list it: it is counted as present"
            ));
        }
        remarks.extend(self.not_in_office(presiding, &who));
        remarks
    }

    /// That the person who presided as chair or vice-chair was not, by the record.
    fn not_in_office(&self, presiding: &Presiding, who: &str) -> Option<String> {
        let MeetingContext {
            register_view,
            id,
            board,
            ..
        } = *self.context;
        let (day, followed) = (
            self.held.day(),
            super::super::boards::followed(register_view, id),
        );
        let seat_ended = board.seat_ended(&followed, &seat(&presiding.who), None, day);
        // One of that day may have left after the meeting.
        if let Some(on) = seat_ended.filter(|on| on.first_day() < day) {
            return Some(format!(
                "{who} presided, and its seat on the board ended on {on}"
            ));
        }
        if self.is_outsider(&presiding.who) {
            return Some(format!(
                "{who} presided, and has no seat on the board on record"
            ));
        }
        let (office, place) = match presiding.presided_as {
            PresidingAs::Chair => (board.chair(&followed, day), "chair"),
            PresidingAs::ViceChair => (board.vice_chair(&followed, day), "vice-chair"),
            PresidingAs::Other => return None,
        };
        let office = office?;
        let appointed = Actor::Body {
            body: office.appointed.body.clone(),
            office: office.appointed.office.clone(),
        };
        let about = SubjectId::Board(id.clone());
        let is_own = same_office(register_view, &about, &appointed, &presiding.who, day);
        match (is_own, office.lapse) {
            (true, None) => None,
            (true, Some(lapse)) => Some(format!(
                "{who} presided as {place}, and was {place} no more: {}",
                ended(lapse)
            )),
            (false, lapse) => {
                let holder = match lapse {
                    None => self.name(&appointed),
                    Some(lapse) => format!("nobody: {}", ended(lapse)),
                };
                Some(format!(
                    "{who} presided as {place}, and the {place} on record was {holder}"
                ))
            }
        }
    }

    /// Whether the board has seats on record and none of them is of this body, which does
    /// not chair it either.
    fn is_outsider(&self, who: &Actor) -> bool {
        let (context, day) = (self.context, self.held.day());
        let Some(body) = who.body() else { return false };
        let followed = super::super::boards::followed(context.register_view, context.id);
        let is_own = |seat: &Seat| match seat {
            Seat::Body { body: own, .. } => followed.are_one(own, body, day),
            Seat::Described(_) => false,
        };
        let seats = context.board.seats(day);
        let offices = [
            context.board.chair(&followed, day),
            context.board.vice_chair(&followed, day),
        ];
        let mut appointed = offices
            .iter()
            .flatten()
            .map(|office| &office.appointed.body);
        !seats.is_empty()
            && !seats.keys().any(is_own)
            && !appointed.any(|own| followed.are_one(own, body, day))
    }

    fn quorum(&self) -> Option<String> {
        let day = self.held.on().last_day();
        let quorum = self.context.board.standing_orders(day).quorum?;
        if self.held.inquorate {
            return None;
        }
        let Some(present) = &self.present else {
            let away = self.electorate.away_from(self.held).len();
            let most = collaborations::count(self.electorate.votes.len().saturating_sub(away));
            return (away > 0 && most < quorum).then(|| {
                format!(
                    "at most {most} with a vote can have attended of a quorum of {quorum}, and the \
                     minutes do not say that there was none"
                )
            });
        };
        let present = collaborations::count(present.len());
        (present < quorum).then(|| {
            format!(
                "{present} with a vote attended of a quorum of {quorum}, and the minutes do not \
                 say that there was none"
            )
        })
    }

    /// Adds the votes and decisions on a subject that contradict the attendance: those of
    /// the meeting, and those of the board on that day that name no meeting.
    pub fn compare(&mut self, subject: &Subject) {
        let id = self.context.id;
        let dossier = &subject.dossier;
        for proposal in dossier.proposals.values() {
            for vote in proposal.votes.iter() {
                let is_own = vote.board.as_ref() == Some(id) && vote.cast_by.is_none();
                if is_own && self.is_here(vote.meeting.as_ref(), vote.on()) {
                    let differs = self.voter(&vote.voter, &title(proposal));
                    self.differences.extend(differs);
                }
            }
        }
        let inquorate = self.context.board.inquorate_on(self.held.on());
        for decision in dossier.decisions.values() {
            let is_of_day = decision.meeting().is_none() && decision.on() == self.held.on();
            if is_of_day
                && decision.board() == Some(id)
                && decision.decides()
                && self.held.inquorate
                && inquorate.is_some()
            {
                self.differences.push(format!(
                    "the attendance and the vote differ: the board decided on this day (entry {}), \
                     and this meeting had no quorum",
                    decision.position()
                ));
            }
        }
        let Some(present) = self.present.as_ref().map(BTreeSet::len) else {
            return;
        };
        for decision in dossier.decisions.values() {
            let is_own = decision.board() == Some(id);
            let Some(tally) = decision.tally().filter(|_| is_own) else {
                continue;
            };
            let is_over = usize::try_from(tally.votes()).unwrap_or(usize::MAX) > present;
            if is_over && self.is_here(decision.meeting(), decision.on()) {
                self.differences.push(format!(
                    "the attendance and the vote differ: {tally} (entry {}), and {present} with a \
                     vote attended",
                    decision.position()
                ));
            }
        }
    }

    /// Whether something was done at this sitting, or may have been: it names no meeting.
    fn is_here(&self, at: Option<&MeetingRef>, on: PartialDate) -> bool {
        match at {
            Some(at) => {
                let is_own = at.board == *self.context.id && at.meeting == self.held.meeting;
                let sitting = self.context.meeting.sitting(on);
                is_own && sitting.is_some_and(|held| std::ptr::eq(held, self.held))
            }
            None => may_be_same_day(on, self.held.on()) && on.is_full(),
        }
    }

    fn voter(&self, voter: &Actor, matter: &str) -> Option<String> {
        let mut listed = self.held.attendance.iter();
        let own = listed.find(|one| one.who.is_same(voter));
        let is_unlisted = own.is_none()
            && self.present.as_ref().is_some_and(|present| {
                let votes = self.electorate.votes_of(voter);
                !votes.is_empty() && votes.is_disjoint(present)
            });
        let why = match own {
            Some(one) if one.attendance.is_away() => "is listed as not there",
            None if is_unlisted => "is not listed as there",
            _ => return None,
        };
        let who = self.name(voter);
        Some(format!(
            "the attendance and the vote differ: {who} voted on {matter}, and {why}"
        ))
    }
}

fn seat(who: &Actor) -> Seat {
    match who {
        Actor::Body { body, office } => Seat::Body {
            body: body.clone(),
            office: office.clone(),
        },
        Actor::Office(name) => Seat::Described(name.clone()),
    }
}

fn ended(lapse: OfficeLapse) -> String {
    let on = lapse.on;
    match lapse.cause {
        LapseCause::TermOver => format!("the term ended on {on}"),
        LapseCause::SeatEnded => format!("the seat on the board ended on {on}"),
        LapseCause::Divided => format!("several bodies followed on {on}"),
        LapseCause::TookTheChair => format!("it took the chair on {on}"),
    }
}
