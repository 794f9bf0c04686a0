//! Proposals: who is awaited, since when, and when the board that decides meets.

use super::needs::voices;
use super::rules;
use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::ApprovalView;

/// A line for each proposal.
pub fn list(approvals: &[ApprovalView]) -> Report {
    let mut sheet = Sheet::new("approvals", "Approvals")
        .when_empty("No proposal is on record that answers this.")
        .with_prose();
    sheet
        .column_shown("subject", "", Audience::Programs)
        .column("subject_name", "Subject")
        .column_shown("matter_kind", "", Audience::Programs)
        .column("title", "Proposal")
        .column_shown("matter", "", Audience::Programs)
        .column("amount", "Amount")
        .column("standing", "Standing")
        .column("awaited", "Awaited")
        .column("since_on", "Since")
        .column("age_days", "Days")
        .column("next_meeting_on", "Next meeting")
        .column_shown("agreed", "", Audience::Programs)
        .column_shown("against", "", Audience::Programs)
        .column_shown("board", "", Audience::Programs)
        .column_shown("proposed_on", "", Audience::Programs)
        .column_shown("proposed_by", "", Audience::Programs)
        .column_shown("settled_on", "", Audience::Programs)
        .column_shown("lapses_on", "", Audience::Programs);
    rules::columns(&mut sheet);
    sheet
        .column_shown("proposal_id", "", Audience::Programs)
        .column("position", "Entry");
    for it in approvals {
        let mut row = vec![
            (&it.subject).into(),
            (&it.subject_name).into(),
            word(it.matter_kind()),
            (&it.title).into(),
            (&it.matter).into(),
            Cell::amount(it.amount_pence),
            standing(it),
            awaited(it),
            since(it),
            days(it),
            (&it.next_meeting_on).into(),
            voices(&it.agreed),
            voices(&it.against),
            (&it.board).into(),
            (&it.proposed_on).into(),
            (&it.proposed_by).into(),
            (&it.settled_on).into(),
            (&it.lapses_on).into(),
        ];
        row.extend(rules::cells(&it.rule));
        row.extend([(&it.proposal_id).into(), it.position.into()]);
        sheet.row(row);
    }
    if !approvals.is_empty() {
        sheet.note("One in full, with the reasoning: minutebook show proposal ENTRY");
    }
    Report::List(sheet)
}

/// Who is awaited; for people, where nobody is, who stands in the way.
fn awaited(it: &ApprovalView) -> Cell {
    if !it.awaited.is_empty() || !is_open(it) || it.against.is_empty() {
        return voices(&it.awaited);
    }
    Cell::named(
        String::new(),
        format!("nobody; against: {}", voices(&it.against).for_people()),
    )
}

/// Whether it still awaits decision.
pub fn is_open(it: &ApprovalView) -> bool {
    it.settled_on.is_none()
}

/// For people, with the day it was settled: the columns about waiting say
/// nothing of it.
fn standing(it: &ApprovalView) -> Cell {
    let standing = word(it.standing());
    match &it.settled_on {
        None => standing,
        Some(day) => Cell::named(
            standing.for_programs(),
            format!("{} {}", standing.for_people(), crate::cli::dates::date(day)),
        ),
    }
}

fn since(it: &ApprovalView) -> Cell {
    match is_open(it) {
        true => (&it.since_on).into(),
        false => Cell::Empty,
    }
}

/// Nought days is an age while it awaits decision, and nothing afterwards.
fn days(it: &ApprovalView) -> Cell {
    match is_open(it) {
        true => it.age_days.into(),
        false => Cell::Empty,
    }
}
