//! Votes: a row for each.

use minutebook_wire::proto::{Event, MeetingRef, VoteCast, VoteChoice, event};

use crate::directory::KnownProposal;
use crate::grid::CellPlace;
use crate::lines;
use crate::matching::NamedThing;
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow};

/// The columns.
pub const COLUMNS: &[SheetField] = &[
    SheetField::Proposal,
    SheetField::Voter,
    SheetField::Office,
    SheetField::Choice,
    SheetField::InForceFrom,
    SheetField::Board,
    SheetField::Meeting,
    SheetField::Conflict,
    SheetField::SeatOnly,
    SheetField::Source,
    SheetField::Place,
    SheetField::Note,
];

pub const CHOICES: &[(&[&str], VoteChoice)] = &[
    (
        &["for", "approve", "yes", "agree", "agreed"],
        VoteChoice::Approve,
    ),
    (&["against", "reject", "no"], VoteChoice::Reject),
    (&["abstain", "abstained", "abstention"], VoteChoice::Abstain),
];

pub fn read(reader: &SheetReader<'_>, proposals: &[KnownProposal]) -> Vec<(CellPlace, Event)> {
    let rows = lines::rows(reader, COLUMNS);
    rows.iter()
        .filter_map(|row| Some((row.at, vote(reader, row, proposals)?)))
        .collect()
}

fn vote(reader: &SheetReader<'_>, row: &SheetRow, proposals: &[KnownProposal]) -> Option<Event> {
    let proposal = required_proposal(reader, row, proposals);
    if reader.is_empty(row, SheetField::Choice) {
        reader.missing(row, SheetField::Choice);
    }
    let choice = reader.choice(row, SheetField::Choice, CHOICES);
    if reader.is_empty(row, SheetField::Voter) && reader.is_empty(row, SheetField::Office) {
        reader.missing(row, SheetField::Voter);
    }
    let voter = reader.actor(row, SheetField::Voter, &[]);
    let board_id = reader.board(row).unwrap_or_default();
    let vote = VoteCast {
        proposal_id: proposal.as_ref()?.thing.id.clone(),
        voter: Some(voter.unwrap_or_default()),
        choice: choice?.into(),
        conflict_declared: reader.text(row, SheetField::Conflict).unwrap_or_default(),
        meeting: meeting(reader, row, &board_id),
        board_id,
        seat_only: reader.flag(row, SheetField::SeatOnly),
        ..VoteCast::default()
    };
    let subject = &proposal?.subject;
    Some(reader.event(row, subject, event::Kind::VoteCast(vote)))
}

pub fn required_proposal<'p>(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    proposals: &'p [KnownProposal],
) -> Option<&'p KnownProposal> {
    if reader.is_empty(row, SheetField::Proposal) {
        reader.missing(row, SheetField::Proposal);
        return None;
    }
    proposal(reader, row, proposals)
}

/// The proposal of a row, by its id or its title.
pub fn proposal<'p>(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    proposals: &'p [KnownProposal],
) -> Option<&'p KnownProposal> {
    let text = reader.line(row, SheetField::Proposal)?;
    let (place, _) = reader.cell(row, SheetField::Proposal)?;
    // An open proposal before one of the same title that is settled.
    let things = |open: bool| -> Vec<NamedThing> {
        let of = proposals.iter().filter(|one| one.is_open == open);
        of.map(|one| one.thing.clone()).collect()
    };
    let open = things(true);
    let all: Vec<NamedThing> = proposals.iter().map(|one| one.thing.clone()).collect();
    let found = match crate::matching::find(&open, &text) {
        Ok(meant) if meant.is_exact => meant.thing.id.clone(),
        _ => reader.find(place, &text, &all, "proposal")?.id.clone(),
    };
    proposals.iter().find(|one| one.thing.id == found)
}

/// The meeting of a board.
pub fn meeting(reader: &SheetReader<'_>, row: &SheetRow, board_id: &str) -> Option<MeetingRef> {
    let meeting_id = reader.line(row, SheetField::Meeting)?;
    if board_id.is_empty() {
        reader.missing(row, SheetField::Board);
        return None;
    }
    Some(MeetingRef {
        board_id: board_id.to_owned(),
        meeting_id,
        ..MeetingRef::default()
    })
}
