//! Proposals: who is awaited, since when, and when the board that decides meets.

use super::needs::approvers;
use super::{course, rules};
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::ApprovalView;

/// A line for each proposal.
pub fn list(approvals: &[ApprovalView]) -> Report {
    let mut sheet = Sheet::new("approvals", "Approvals")
        .when_empty("No such proposal is on record.")
        .with_prose();
    sheet
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column_for(Audience::Programs, "matter_kind", "")
        .column("title", "Proposal")
        .column_for(Audience::Programs, "matter", "")
        .column("amount", "Amount")
        .column("standing", "Standing")
        .column("awaited", "Awaited")
        .column("since_on", "Since")
        .column("age_days", "Days")
        .column("next_meeting_on", "Next meeting")
        .column_for(Audience::Programs, "agreed", "")
        .column_for(Audience::Programs, "against", "")
        .column_for(Audience::Programs, "board", "")
        .column_for(Audience::Programs, "proposed_on", "")
        .column_for(Audience::Programs, "proposed_by", "")
        .column_for(Audience::Programs, "settled_on", "")
        .column_for(Audience::Programs, "lapses_on", "")
        .column_for(Audience::Programs, "put_to", "")
        .column_for(Audience::Programs, "put_to_offices", "")
        .column_for(Audience::Programs, "conditions", "")
        .column_for(Audience::Programs, "conditions_in_words", "")
        .column_for(Audience::Programs, "rejected_without_quorum_on", "")
        .column_for(Audience::Programs, "interruption", "")
        .column_for(Audience::Programs, "interrupted_on", "");
    rules::columns(&mut sheet);
    sheet
        .column_for(Audience::Programs, "proposal_id", "")
        .column("position", "Entry");
    sheet.yielding(["rule", "awaited", "title", "since_on"]);
    for approval in approvals {
        sheet.in_currency(&approval.currency);
        let mut row = vec![
            (&approval.subject).into(),
            (&approval.subject_name).into(),
            Cell::label(approval.matter_kind()),
            (&approval.title).into(),
            (&approval.matter).into(),
            Cell::amount(approval.amount_pence),
            standing(approval),
            awaited(approval),
            since(approval),
            days(approval),
            (&approval.next_meeting_on).into(),
            approvers(&approval.agreed),
            approvers(&approval.against),
            (&approval.board).into(),
            Cell::dated(&approval.proposed_on, approval.proposed_on_is()),
            (&approval.proposed_by).into(),
            (&approval.settled_on).into(),
            (&approval.lapses_on).into(),
            (&approval.put_to).into(),
            Cell::list(
                approval
                    .put_to_offices
                    .iter()
                    .map(|who| Cell::from(&Some(who.clone()))),
            ),
            conditions(approval),
            Cell::list(approval.conditions_in_words.iter().map(Cell::from)),
            (&approval.rejected_without_quorum_on).into(),
            (&approval.interruption).into(),
            (&approval.interrupted_on).into(),
        ];
        row.extend(rules::cells(&approval.rule));
        row.extend([(&approval.proposal_id).into(), approval.position.into()]);
        sheet.row(row);
    }
    if !approvals.is_empty() {
        sheet.note("One in full, with the reasoning: minutebook show proposal ENTRY");
    }
    Report::List(sheet)
}

fn conditions(approval: &ApprovalView) -> Cell {
    let lines: Vec<String> = approval.conditions.iter().map(course::condition).collect();
    lines.join("; ").into()
}

/// Who is awaited. Where no one is, people read who is against it.
fn awaited(approval: &ApprovalView) -> Cell {
    if approval.awaited.is_empty() && !approval.conditions.is_empty() {
        return conditions(approval);
    }
    if !approval.awaited.is_empty() || !is_open(approval) || approval.against.is_empty() {
        return approvers(&approval.awaited);
    }
    Cell::named(
        String::new(),
        format!(
            "nobody; against: {}",
            approvers(&approval.against).for_people()
        ),
    )
}

/// Whether a proposal still awaits decision.
pub fn is_open(approval: &ApprovalView) -> bool {
    approval.settled_on.is_none()
}

/// For people, with the day on which it was settled, and with what makes nothing conditional:
/// no other column has them.
fn standing(approval: &ApprovalView) -> Cell {
    let standing = Cell::label(approval.standing());
    let day = approval
        .interrupted_on
        .as_ref()
        .or(approval.settled_on.as_ref());
    let in_words = match approval.conditions_in_words.is_empty() {
        true => "",
        false => ", conditions in words alone",
    };
    match day {
        None => standing,
        Some(day) => Cell::named(
            standing.for_programs(),
            format!(
                "{} {}{in_words}",
                standing.for_people(),
                crate::dates::date(day)
            ),
        ),
    }
}

fn since(approval: &ApprovalView) -> Cell {
    match is_open(approval) {
        true => (&approval.since_on).into(),
        false => Cell::Empty,
    }
}

/// Zero days is an age while a proposal awaits decision; afterwards there is none.
fn days(approval: &ApprovalView) -> Cell {
    match is_open(approval) {
        true => approval.age_days.into(),
        false => Cell::Empty,
    }
}
