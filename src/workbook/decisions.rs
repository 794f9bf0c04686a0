//! Decisions of boards and bodies: a row for each.

use minutebook_wire::proto::{DecisionMade, Event, Outcome, Tally, VirementApproved, event};

use crate::amount::MoneyUnit;
use crate::derived_id::derived_id;
use crate::directory::KnownProposal;
use crate::grid::CellPlace;
use crate::lines;
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow};
use crate::votes::{meeting, proposal};

/// The columns.
pub const COLUMNS: &[SheetField] = &[
    SheetField::Proposal,
    SheetField::Title,
    SheetField::Outcome,
    SheetField::Board,
    SheetField::DecidedBy,
    SheetField::Office,
    SheetField::InForceFrom,
    SheetField::Meeting,
    SheetField::Reason,
    SheetField::Conditions,
    SheetField::Amount,
    SheetField::AllowsProjected,
    SheetField::Present,
    SheetField::VotesFor,
    SheetField::VotesAgainst,
    SheetField::Abstentions,
    SheetField::Unanimous,
    SheetField::Collaboration,
    SheetField::Source,
    SheetField::Place,
    SheetField::Note,
];

pub const OUTCOMES: &[(&[&str], Outcome)] = &[
    (
        &["approved", "approve", "agreed", "carried"],
        Outcome::Approved,
    ),
    (
        &["rejected", "reject", "not approved", "refused"],
        Outcome::Rejected,
    ),
    (&["noted"], Outcome::Noted),
    (&["supported"], Outcome::Supported),
    (&["deferred"], Outcome::Deferred),
];

pub fn read(reader: &SheetReader<'_>, proposals: &[KnownProposal]) -> Vec<(CellPlace, Event)> {
    let rows = lines::rows(reader, COLUMNS);
    rows.iter()
        .filter_map(|row| Some((row.at, decision(reader, row, proposals)?)))
        .collect()
}

fn decision(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    proposals: &[KnownProposal],
) -> Option<Event> {
    let of = match reader.is_empty(row, SheetField::Proposal) {
        true => None,
        false => Some(proposal(reader, row, proposals)?),
    };
    if reader.is_empty(row, SheetField::Outcome) {
        reader.missing(row, SheetField::Outcome);
    }
    let outcome = reader.choice(row, SheetField::Outcome, OUTCOMES)?;
    let subject = match of {
        Some(proposal) => proposal.subject.clone(),
        None => reader.subject(row)?.subject,
    };
    let title = match reader.line(row, SheetField::Title) {
        Some(title) => title,
        None => match of {
            Some(proposal) => proposal.thing.name.clone(),
            None => reader.required_line(row, SheetField::Title)?,
        },
    };
    let board_id = reader.board(row).unwrap_or_default();
    let acted_by = reader.actor(row, SheetField::DecidedBy, &[]);
    if board_id.is_empty() && acted_by.is_none() {
        reader.missing(row, SheetField::Board);
    }
    let proposal_id = of.map_or_else(String::new, |one| one.thing.id.clone());
    let amount_pence = reader.amount(row, SheetField::Amount, MoneyUnit::Pounds);
    let meeting = meeting(reader, row, &board_id);
    let tally = tally(reader, row);
    let reasons = reader.text(row, SheetField::Reason).unwrap_or_default();
    let conditions = reader.text(row, SheetField::Conditions).unwrap_or_default();
    let allows_projected = reader.flag(row, SheetField::AllowsProjected);
    let approves_a_virement =
        outcome == Outcome::Approved && of.is_some_and(|proposal| proposal.is_virement);
    if !approves_a_virement && (amount_pence.is_some() || allows_projected) {
        reader.fault(
            row.at,
            "an amount, and whether a projected underspend is covered, belong to the approval of a \
             virement: name its proposal, and the outcome \"approved\"",
        );
    }
    let kind = if approves_a_virement {
        event::Kind::VirementApproved(VirementApproved {
            proposal_id,
            amount_pence: amount_pence.unwrap_or_default(),
            board_id,
            allows_projected,
            conditions,
            tally,
            meeting,
            ..VirementApproved::default()
        })
    } else {
        event::Kind::DecisionMade(DecisionMade {
            title,
            outcome: outcome.into(),
            proposal_id,
            board_id,
            reasons: reasons.clone(),
            conditions,
            tally,
            meeting,
            ..DecisionMade::default()
        })
    };
    let mut event = reader.event(row, &subject, kind);
    event.acted_by = acted_by;
    let id = derived_id("decision", std::slice::from_ref(&event));
    match &mut event.kind {
        Some(event::Kind::DecisionMade(decision)) => decision.decision_id = id,
        Some(event::Kind::VirementApproved(approval)) => {
            approval.decision_id = id;
            // It has no field for reasons.
            if !reasons.is_empty() {
                let note = std::mem::take(&mut event.note);
                let texts: Vec<&str> = [note.as_str(), reasons.as_str()]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect();
                event.note = texts.join("\n");
            }
        }
        _ => {}
    }
    Some(event)
}

/// The result of the vote in numbers; `None` if the row has none.
fn tally(reader: &SheetReader<'_>, row: &SheetRow) -> Option<Tally> {
    let number = |field| reader.count(row, field);
    let tally = Tally {
        present: number(SheetField::Present).unwrap_or_default(),
        votes_for: number(SheetField::VotesFor).unwrap_or_default(),
        votes_against: number(SheetField::VotesAgainst).unwrap_or_default(),
        abstentions: number(SheetField::Abstentions).unwrap_or_default(),
        unanimous: reader.flag(row, SheetField::Unanimous),
        ..Tally::default()
    };
    (tally != Tally::default()).then_some(tally)
}
