//! The decision log, with the matters that await decision.

use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{DecisionView, Source};

/// A line for each decision and each matter that awaits one.
pub fn list(decisions: &[DecisionView]) -> Report {
    let mut sheet = Sheet::new("decisions", "Decisions")
        .when_empty("There are none.")
        .with_prose();
    sheet
        .column("on", "On")
        .column("standing", "Standing")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column("title", "Matter")
        .column("by", "By")
        .column("board", "Board")
        .column("awaited", "Awaited")
        .column("awaited_days", "Days")
        .column_for(Audience::People, "detail", "Reasons and conditions")
        .column_for(Audience::Programs, "reasons", "")
        .column_for(Audience::Programs, "conditions", "")
        .column_for(Audience::Programs, "published_on", "")
        .column_for(Audience::Programs, "withheld_ground", "")
        .column_for(Audience::Programs, "sources", "")
        .column_for(Audience::Programs, "decision_id", "")
        .column_for(Audience::Programs, "proposal_id", "")
        .column("position", "Position");
    for decision in decisions {
        sheet.row(vec![
            (&decision.on).into(),
            Cell::label(decision.standing()),
            (&decision.subject).into(),
            (&decision.subject_name).into(),
            (&decision.title).into(),
            (&decision.by).into(),
            (&decision.board).into(),
            (&decision.awaited).into(),
            if decision.awaited.is_some() || decision.awaited_days > 0 {
                decision.awaited_days.into()
            } else {
                Cell::Empty
            },
            detail(decision),
            (&decision.reasons).into(),
            (&decision.conditions).into(),
            (&decision.published_on).into(),
            (&decision.withheld_ground).into(),
            sources(&decision.sources),
            (&decision.decision_id).into(),
            (&decision.proposal_id).into(),
            decision.position.into(),
        ]);
    }
    Report::List(sheet)
}

fn detail(decision: &DecisionView) -> Cell {
    let mut parts = Vec::new();
    if !decision.reasons.is_empty() {
        parts.push(decision.reasons.clone());
    }
    if !decision.conditions.is_empty() {
        parts.push(format!("Conditions: {}", decision.conditions));
    }
    if let Some(day) = &decision.published_on {
        parts.push(format!("Published {}", crate::present::dates::date(day)));
    }
    if !decision.withheld_ground.is_empty() {
        parts.push(format!("Withheld: {}", decision.withheld_ground));
    }
    parts.join("\n").into()
}

/// Titles with places, for looking them up.
pub fn sources(sources: &[Source]) -> Cell {
    let texts: Vec<String> = sources
        .iter()
        .map(|source| {
            format!("{} {}", source.title, source.place)
                .trim()
                .to_owned()
        })
        .collect();
    texts.join("; ").into()
}
