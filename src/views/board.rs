//! One board in full.

use jiff::civil::Date;

use super::collaborations::count;
use super::meeting::MeetingContext;
use super::{boards, course, dossier, instruments, names, reasoning};
use minutebook_domain::approval::Electorate;
use minutebook_domain::board::{
    BoardPlace, ChairOffice, LapseCause, ServedFrom, ServedTime, TermOfOffice,
};
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::Seat;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BoardId, SubjectId};
use minutebook_domain::register_view::{BoardAt, RegisterView};
use minutebook_wire::proto::{
    self, ActorRef, BoardRef, BoardSeat, BoardView, ServedCollaborationView, StandingOrdersView,
    TermOfOfficeView,
};
use minutebook_wire::reply;

/// The last meetings of all boards up to the day of the view, newest first: those that were
/// held on a day that is known.
pub fn latest_meetings(register_view: &RegisterView, most: usize) -> Vec<(BoardRef, Date)> {
    let today = register_view.as_at();
    let mut latest: Vec<(Date, &BoardId)> = Vec::new();
    for (id, board) in register_view.boards() {
        let meetings = board.all_meetings();
        let held = meetings.iter().filter_map(|meeting| meeting.held);
        let days = held.map(Fact::on).filter(|on| on.is_full());
        let days = days.map(PartialDate::last_day);
        latest.extend(days.filter(|day| *day <= today).map(|day| (day, id)));
    }
    latest.sort_by(|one, other| other.cmp(one));
    latest.dedup();
    latest.truncate(most);
    let named = latest.into_iter();
    named
        .map(|(day, id)| (names::board(register_view, id), day))
        .collect()
}

/// The board, if it exists by the day of the view.
pub fn get(register_view: &RegisterView, id: &BoardId) -> Option<BoardView> {
    let day = register_view.as_at();
    let board_at = register_view.board(id)?;
    let constituted = board_at.constituted.as_ref()?;
    let subject_id = SubjectId::Board(id.clone());
    let sub_groups = register_view.boards().filter(|(_, other)| {
        other.constituted.as_ref().and_then(|c| c.parent.as_ref()) == Some(id)
    });
    let seats = boards::seats(register_view, id, &board_at);
    let seats = seats.into_iter().map(|(seat, held)| {
        let (member, description) = names::seat(register_view, &seat);
        let mut holders = held_by(register_view, id, &seat).into_iter();
        BoardSeat {
            member,
            description,
            capacity: reply::member_capacity(held.member.capacity),
            since_on: Some(reply::date(held.since)),
            since_on_is: reply::date_is(held.since_is),
            group: reply::optional(held.member.group.as_ref()),
            shares_vote_as: reply::optional(held.member.shares_vote_as.as_ref()),
            held_by: holders.next(),
            also_held_by: holders.collect(),
        }
    });
    let meetings = board_at.all_meetings();
    let meetings = meetings.iter().map(|one| {
        let context = MeetingContext {
            register_view,
            id,
            board: &board_at,
            meeting: one,
        };
        context.view()
    });
    let followed = boards::followed(register_view, id);
    let chair = in_office(board_at.chair(&followed, day));
    let vice_chair = in_office(board_at.vice_chair(&followed, day));
    let orders = board_at.standing_orders(day);
    let adopted = board_at.standing_orders.at(day);
    let ended = board_at.ended.at(day);
    let dossier = &board_at.subject().dossier;
    Some(BoardView {
        approval_rules: reasoning::in_force(register_view, &subject_id, board_at.subject())
            .as_ref()
            .map(|rules| reasoning::rule_set(register_view, rules)),
        summary: Some(boards::summary(register_view, id, &board_at)),
        collaborations: board_at
            .serves(day)
            .into_iter()
            .map(|id| names::collaboration(register_view, id))
            .collect(),
        parent: constituted
            .parent
            .as_ref()
            .map(|id| names::board(register_view, id)),
        sub_groups: sub_groups
            .map(|(id, _)| names::board(register_view, id))
            .collect(),
        owner: constituted
            .owner
            .as_ref()
            .map(|id| names::body(register_view, id)),
        seats: seats.collect(),
        quorum: orders.quorum.unwrap_or_default(),
        voting_rule: orders
            .voting_rule
            .map(reply::voting_rule)
            .unwrap_or_default(),
        cadence: constituted.cadence.to_string(),
        purpose: constituted.purpose.to_string(),
        meetings: meetings.collect(),
        aliases: dossier
            .aliases
            .iter()
            .map(|alias| alias.alias.to_string())
            .collect(),
        instruments: instruments::list(register_view, &subject_id, board_at.subject()),
        coming: dossier::coming(register_view, &subject_id),
        voided: dossier::voided(register_view, &subject_id),
        consultations: dossier::consultations(register_view, dossier),
        concerns: dossier::concerns(register_view, dossier),
        assurance: dossier::assurance(register_view, dossier),
        dependencies: dossier::dependencies(register_view, dossier),
        grants: dossier::grants(register_view, dossier),
        casting_vote: orders
            .casting_vote
            .map(reply::casting_vote)
            .unwrap_or_default(),
        majority: orders.majority.map(reply::voting::majority),
        merged_seats: orders
            .merged_seats
            .map(reply::merged_seats)
            .unwrap_or_default(),
        group_quorums: orders
            .group_quorums
            .iter()
            .map(reply::voting::group_quorum)
            .collect(),
        vice_chair: vice_chair
            .as_ref()
            .and_then(|vice| boards::office(register_view, vice)),
        standing_orders_on: reply::optional_date(adopted.map(Fact::on)),
        standing_orders: adopted.and_then(|adopted| reply::document(&adopted.document)),
        delegations: course::delegations_of_board(register_view, id, dossier),
        terms_of_office: board_at
            .terms_of_office(&followed, day)
            .iter()
            .map(|term| term_of_office(register_view, term))
            .collect(),
        end_reason: reply::optional(ended.map(|ended| &ended.reason)),
        end_document: ended.and_then(|ended| reply::document(&ended.document)),
        chair_until_on: reply::optional_date(chair.and_then(|one| one.appointed.until_on)),
        vice_chair_until_on: reply::optional_date(
            vice_chair.and_then(|one| one.appointed.until_on),
        ),
        past_standing_orders: past_standing_orders(&board_at, day),
        vote_count: count(
            Electorate::new(register_view, id, &board_at, day)
                .votes
                .len(),
        ),
        served_collaborations: board_at
            .served(day)
            .iter()
            .map(|time| served(register_view, time))
            .collect(),
    })
}

fn served(register_view: &RegisterView, time: &ServedTime<'_>) -> ServedCollaborationView {
    let (since, since_is, document) = match time.from {
        ServedFrom::Constituted(made) => (made.on(), made.is(), None),
        ServedFrom::Changed(changed) => (
            changed.on(),
            changed.is(),
            reply::document(&changed.document),
        ),
    };
    ServedCollaborationView {
        collaboration: Some(names::collaboration(register_view, time.collaboration)),
        since_on: Some(reply::date(since)),
        since_on_is: reply::date_is(since_is),
        until_on: reply::optional_date(time.until.map(Fact::on)),
        until_on_is: reply::date_is(time.until.and_then(Fact::is)),
        document,
        end_document: time
            .until
            .and_then(|changed| reply::document(&changed.document)),
    }
}

/// An office that is held.
fn in_office(office: Option<ChairOffice<'_>>) -> Option<ChairOffice<'_>> {
    office.filter(|office| office.holder().is_some())
}

/// The standing orders that others have replaced by a day, oldest first.
fn past_standing_orders(board: &BoardAt, day: Date) -> Vec<StandingOrdersView> {
    let adopted: Vec<_> = board.standing_orders.by(day).collect();
    let first = board.constituted.iter().map(|made| (made.on(), None));
    let later = adopted
        .iter()
        .map(|adopted| (adopted.on(), reply::document(&adopted.document)));
    let begun = first.chain(later);
    begun
        .zip(&adopted)
        .map(|((since, document), next)| {
            let orders = board.standing_orders(since.first_day());
            StandingOrdersView {
                since_on: Some(reply::date(since)),
                until_on: Some(reply::date(next.on())),
                quorum: orders.quorum.unwrap_or_default(),
                voting_rule: orders
                    .voting_rule
                    .map(reply::voting_rule)
                    .unwrap_or_default(),
                casting_vote: orders
                    .casting_vote
                    .map(reply::casting_vote)
                    .unwrap_or_default(),
                majority: orders.majority.map(reply::voting::majority),
                merged_seats: orders
                    .merged_seats
                    .map(reply::merged_seats)
                    .unwrap_or_default(),
                group_quorums: orders
                    .group_quorums
                    .iter()
                    .map(reply::voting::group_quorum)
                    .collect(),
                document,
            }
        })
        .collect()
}

fn term_of_office(register_view: &RegisterView, term: &TermOfOffice) -> TermOfOfficeView {
    let (holder, description) = names::seat(register_view, &term.holder);
    let place = match term.place {
        BoardPlace::Chair => proto::BoardPlace::Chair,
        BoardPlace::ViceChair => proto::BoardPlace::ViceChair,
        BoardPlace::Seat => proto::BoardPlace::Seat,
    };
    TermOfOfficeView {
        place: place.into(),
        holder,
        description,
        since_on: Some(reply::date(term.since)),
        since_on_is: reply::date_is(term.since_is),
        until_on: reply::optional_date(term.until),
        is_past: term.is_past,
        end_cause: match term.lapse {
            Some(LapseCause::SeatEnded) => "its seat on the board ended",
            Some(LapseCause::Divided) => "several bodies followed its body",
            Some(LapseCause::TookTheChair) => "it took the chair",
            Some(LapseCause::TermOver) | None => "",
        }
        .to_owned(),
    }
}

/// The bodies that have followed the member of a seat; none if none has.
fn held_by(register_view: &RegisterView, board: &BoardId, seat: &Seat) -> Vec<ActorRef> {
    let Seat::Body { body, office } = seat else {
        return Vec::new();
    };
    let (id, day) = (SubjectId::Board(board.clone()), register_view.as_at());
    let successions = register_view.successions();
    let mut holders = successions.holders(&id, body, day);
    holders.retain(|holder| *holder != body);
    let holders = holders.into_iter();
    let holders = holders.map(|holder| names::office(register_view, holder, office.as_ref()));
    holders.collect()
}
