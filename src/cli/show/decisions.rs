//! The decision log, with what awaits decision.

use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::{DecisionView, Source};

/// A line for each decision and each matter that awaits one.
pub fn list(decisions: &[DecisionView]) -> Report {
    let mut sheet = Sheet::new("decisions", "Decisions")
        .when_empty("There are none.")
        .with_prose();
    sheet
        .column("on", "On")
        .column("standing", "Standing")
        .column_shown("subject", "", Audience::Programs)
        .column("subject_name", "Subject")
        .column("title", "Matter")
        .column("by", "By")
        .column("board", "Board")
        .column("awaited", "Awaited")
        .column("awaited_days", "Days")
        .column_shown("detail", "Reasons and conditions", Audience::People)
        .column_shown("reasons", "", Audience::Programs)
        .column_shown("conditions", "", Audience::Programs)
        .column_shown("published_on", "", Audience::Programs)
        .column_shown("withheld_ground", "", Audience::Programs)
        .column_shown("sources", "", Audience::Programs)
        .column_shown("decision_id", "", Audience::Programs)
        .column_shown("proposal_id", "", Audience::Programs)
        .column("position", "Position");
    for it in decisions {
        sheet.row(vec![
            (&it.on).into(),
            word(it.standing()),
            (&it.subject).into(),
            (&it.subject_name).into(),
            (&it.title).into(),
            (&it.by).into(),
            (&it.board).into(),
            (&it.awaited).into(),
            if it.awaited.is_some() || it.awaited_days > 0 {
                it.awaited_days.into()
            } else {
                Cell::Empty
            },
            detail(it),
            (&it.reasons).into(),
            (&it.conditions).into(),
            (&it.published_on).into(),
            (&it.withheld_ground).into(),
            sources(&it.sources),
            (&it.decision_id).into(),
            (&it.proposal_id).into(),
            it.position.into(),
        ]);
    }
    Report::List(sheet)
}

fn detail(it: &DecisionView) -> Cell {
    let mut parts = Vec::new();
    if !it.reasons.is_empty() {
        parts.push(it.reasons.clone());
    }
    if !it.conditions.is_empty() {
        parts.push(format!("Conditions: {}", it.conditions));
    }
    if let Some(day) = &it.published_on {
        parts.push(format!("Published {}", crate::cli::dates::date(day)));
    }
    if !it.withheld_ground.is_empty() {
        parts.push(format!("Withheld: {}", it.withheld_ground));
    }
    parts.join("\n").into()
}

/// Titles with places: what a person looks up.
pub fn sources(sources: &[Source]) -> Cell {
    let texts: Vec<String> = sources
        .iter()
        .map(|it| format!("{} {}", it.title, it.place).trim().to_owned())
        .collect();
    texts.join("; ").into()
}
