//! Boards: the list, and one board in full.

use super::{assurance, collaboration, coming, course, instruments, rules};
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::{
    BoardSummary, BoardView, Document, GroupQuorum, Majority, MajorityOf,
};

/// A line for each board.
pub fn list(boards: &[BoardSummary]) -> Report {
    Report::List(sheet(boards).when_empty("There are none."))
}

/// The same lines, as part of a report.
pub fn sheet(boards: &[BoardSummary]) -> Sheet {
    let mut sheet = Sheet::new("boards", "Boards").columns([
        ("board_id", "Id"),
        ("name", "Name"),
        ("powers", "Powers"),
        ("chair", "Chair"),
        ("constituted_on", "Since"),
        ("member_count", "Seats"),
        ("ended_on", "Ended"),
        ("followed_by", "Followed by"),
    ]);
    sheet.yielding(["board_id", "followed_by", "chair"]);
    for summary in boards {
        let board = summary.board.clone().unwrap_or_default();
        sheet.row(vec![
            (&board.board_id).into(),
            (&board.name).into(),
            Cell::list(summary.powers().map(Cell::label)),
            (&summary.chair).into(),
            Cell::dated(&summary.constituted_on, summary.constituted_on_is()),
            summary.member_count.into(),
            Cell::dated(&summary.ended_on, summary.ended_on_is()),
            (&summary.followed_by).into(),
        ]);
    }
    sheet
}

/// One board, its seats and meetings.
pub fn in_full(view: &BoardView) -> Report {
    let mut sheets = vec![
        summary(view),
        seats(view),
        terms_of_office(view),
        past_standing_orders(view),
        served_collaborations(view),
        rules::sheet(&view.approval_rules),
        course::delegations(&view.delegations),
        meetings(view),
    ];
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.extend([
        collaboration::dependencies(&view.dependencies),
        assurance::consultations(&view.consultations),
        assurance::grants(&view.grants),
        assurance::reports(&view.assurance),
        assurance::concerns(&view.concerns),
        coming::sheet(&view.coming),
        coming::voided(&view.voided),
    ]);
    Report::Sections(sheets)
}

fn summary(view: &BoardView) -> Sheet {
    let summary = view.summary.clone().unwrap_or_default();
    let board = summary.board.clone().unwrap_or_default();
    let quorum = match view.quorum {
        0 => Cell::Empty,
        quorum => quorum.into(),
    };
    let mut facts = Sheet::facts("summary");
    facts
        .fact("board", &board.name)
        .fact("id", &board.board_id)
        .fact("powers", Cell::list(summary.powers().map(Cell::label)))
        .fact("chair", &summary.chair)
        .fact(
            "chair to be settled",
            Cell::list(summary.chair_to_be_settled.iter().map(Cell::from)),
        )
        .fact("chair until", &view.chair_until_on)
        .fact("vice-chair", &view.vice_chair)
        .fact("vice-chair until", &view.vice_chair_until_on)
        .fact(
            "since",
            Cell::dated(&summary.constituted_on, summary.constituted_on_is()),
        )
        .fact(
            "ended",
            Cell::dated(&summary.ended_on, summary.ended_on_is()),
        )
        .fact("cause of its end", &view.end_reason)
        .fact(
            "ended by",
            &view.end_document.clone().unwrap_or_default().title,
        )
        .fact("followed by", &summary.followed_by)
        .fact("serves", &view.collaborations)
        .fact("belongs to", &view.owner)
        .fact("sits under", &view.parent)
        .fact("sub-groups", &view.sub_groups)
        .fact("votes", view.vote_count)
        .fact("quorum", quorum)
        .fact("quorum by group", group_quorums(&view.group_quorums))
        .fact("voting rule", Cell::label(view.voting_rule()))
        .fact("majority", majority(&view.majority))
        .fact("casting vote", Cell::label(view.casting_vote()))
        .fact("merged seats", Cell::label(view.merged_seats()))
        .fact("standing orders since", &view.standing_orders_on)
        .fact(
            "standing orders",
            &view.standing_orders.clone().unwrap_or_default().title,
        )
        .fact("meets", &view.cadence)
        .fact("purpose", &view.purpose)
        .fact("aliases", &view.aliases);
    if view.approval_rules.is_none() {
        facts.fact("approval rules", "none adopted by this board");
    }
    facts
}

fn seats(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("seats", "Seats")
        .when_empty("None is recorded.")
        .columns([
            ("member", "Who"),
            ("capacity", "As"),
            ("since_on", "Since"),
            ("held_by", "Held by now"),
            ("group", "Group"),
            ("shares_vote_as", "Shares a vote as"),
        ]);
    for seat in &view.seats {
        sheet.row(vec![
            match &seat.member {
                Some(member) => member.into(),
                None => (&seat.description).into(),
            },
            Cell::label(seat.capacity()),
            Cell::dated(&seat.since_on, seat.since_on_is()),
            Cell::list(
                seat.held_by
                    .iter()
                    .chain(&seat.also_held_by)
                    .map(Cell::from),
            ),
            (&seat.group).into(),
            (&seat.shares_vote_as).into(),
        ]);
    }
    sheet
}

fn terms_of_office(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("terms_of_office", "Chairs, vice-chairs and former members")
        .columns([
            ("place", "Place"),
            ("holder", "Who"),
            ("since_on", "From"),
            ("until_on", "Until"),
            ("is_past", "Past"),
            ("end_cause", "Because"),
        ]);
    for term in &view.terms_of_office {
        sheet.row(vec![
            Cell::label(term.place()),
            match &term.holder {
                Some(holder) => holder.into(),
                None => (&term.description).into(),
            },
            Cell::dated(&term.since_on, term.since_on_is()),
            (&term.until_on).into(),
            Cell::Yes(term.is_past),
            (&term.end_cause).into(),
        ]);
    }
    sheet
}

fn meetings(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("meetings", "Meetings").with_prose().columns([
        ("held_on", "On"),
        ("meeting_id", "Id"),
        ("standing", "Standing"),
        ("agenda", "Agenda"),
        ("minutes_approved_on", "Minutes approved"),
    ]);
    for meeting in &view.meetings {
        sheet.row(vec![
            Cell::dated(&meeting.held_on, meeting.held_on_is()),
            (&meeting.meeting_id).into(),
            Cell::label(meeting.standing()),
            (&meeting.agenda).into(),
            (&meeting.minutes_approved_on).into(),
        ]);
        for sitting in &meeting.sittings {
            sheet.row(vec![
                Cell::dated(&sitting.on, sitting.on_is()),
                (&meeting.meeting_id).into(),
                Cell::label(sitting.standing()),
                "adjourned to this day".into(),
                Cell::Empty,
            ]);
        }
    }
    sheet
}

fn past_standing_orders(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("past_standing_orders", "Standing orders before").columns([
        ("since_on", "From"),
        ("until_on", "Until"),
        ("quorum", "Quorum"),
        ("group_quorums", "Quorum by group"),
        ("voting_rule", "Voting rule"),
        ("majority", "Majority"),
        ("casting_vote", "Casting vote"),
        ("merged_seats", "Merged seats"),
        ("document", "Document"),
    ]);
    for orders in &view.past_standing_orders {
        sheet.row(vec![
            (&orders.since_on).into(),
            (&orders.until_on).into(),
            match orders.quorum {
                0 => Cell::Empty,
                quorum => quorum.into(),
            },
            group_quorums(&orders.group_quorums),
            Cell::label(orders.voting_rule()),
            majority(&orders.majority),
            Cell::label(orders.casting_vote()),
            Cell::label(orders.merged_seats()),
            (&orders.document.clone().unwrap_or_default().title).into(),
        ]);
    }
    sheet
}

/// The collaborations of a board that began to serve one, or ceased to, after it was set up.
fn served_collaborations(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("served_collaborations", "Collaborations served").columns([
        ("collaboration", "Collaboration"),
        ("since_on", "From"),
        ("document", "By"),
        ("until_on", "Until"),
        ("end_document", "Ended by"),
    ]);
    let title = |document: &Option<Document>| document.clone().unwrap_or_default().title;
    for time in &view.served_collaborations {
        sheet.row(vec![
            (&time.collaboration).into(),
            Cell::dated(&time.since_on, time.since_on_is()),
            title(&time.document).into(),
            Cell::dated(&time.until_on, time.until_on_is()),
            title(&time.end_document).into(),
        ]);
    }
    sheet
}

fn group_quorums(quorums: &[GroupQuorum]) -> Cell {
    let quorums = quorums.iter();
    let quorums = quorums.map(|quorum| format!("{} {}", quorum.members, quorum.group));
    quorums.collect::<Vec<_>>().join(", ").into()
}

pub(super) fn majority(majority: &Option<Majority>) -> Cell {
    let Some(majority) = majority else {
        return Cell::Empty;
    };
    let bound = if majority.more_than {
        "more than"
    } else {
        "at least"
    };
    let (upper, lower) = (majority.numerator, majority.denominator);
    let of = match majority.of() {
        MajorityOf::Unspecified | MajorityOf::Voting => "those voting for or against",
        MajorityOf::Present => "those present",
        MajorityOf::AllMembers => "all members",
    };
    format!("{bound} {upper}/{lower} of {of}").into()
}
