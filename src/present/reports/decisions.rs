//! The decision log, with the matters that await decision.

use super::{course, faults};
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_domain::event::vote_figures;
use minutebook_wire::proto::{DecisionView, MeetingRef, Source, Tally, TallyFigure};

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
        .column_for(Audience::Programs, "withheld_on", "")
        .column_for(Audience::Programs, "inquorate", "")
        .column_for(Audience::Programs, "course", "")
        .column_for(Audience::Programs, "reference", "")
        .column_for(Audience::Programs, "sources", "")
        .column_for(Audience::Programs, "decision_id", "")
        .column_for(Audience::Programs, "proposal_id", "")
        .column("position", "Entry")
        .column_for(Audience::Programs, "faults", "")
        .column_for(Audience::Programs, "tally", "")
        .column_for(Audience::Programs, "meeting", "")
        .column_for(Audience::Programs, "amendments", "");
    sheet.yielding(["detail", "board", "by", "awaited", "title"]);
    for decision in decisions {
        sheet.row(vec![
            Cell::dated(&decision.on, decision.on_is()),
            Cell::label(decision.standing()),
            (&decision.subject).into(),
            (&decision.subject_name).into(),
            (&decision.title).into(),
            (&decision.by).into(),
            (&decision.board).into(),
            match decision.awaited_of.is_empty() {
                true => (&decision.awaited).into(),
                false => (&decision.awaited_of).into(),
            },
            if decision.awaited.is_some()
                || !decision.awaited_of.is_empty()
                || decision.awaited_days > 0
            {
                decision.awaited_days.into()
            } else {
                Cell::Empty
            },
            detail(decision),
            (&decision.reasons).into(),
            (&decision.conditions).into(),
            Cell::dated(&decision.published_on, decision.published_on_is()),
            (&decision.withheld_ground).into(),
            (&decision.withheld_on).into(),
            Cell::Yes(decision.inquorate),
            course::lines(decision).join("; ").into(),
            (&decision.reference).into(),
            sources(&decision.sources),
            (&decision.decision_id).into(),
            (&decision.proposal_id).into(),
            decision.position.into(),
            faults::in_words(&decision.faults, "; "),
            decision
                .tally
                .as_ref()
                .map_or(Cell::Empty, |minuted| tally(minuted).into()),
            decision
                .meeting
                .as_ref()
                .map_or(Cell::Empty, |at| meeting(at).into()),
            (&decision.amendments).into(),
        ]);
    }
    Report::List(sheet)
}

/// The result of a vote, as minutes give it.
pub fn tally(tally: &Tally) -> String {
    let mut parts: Vec<String> = Vec::new();
    if tally.unanimous {
        parts.push("unanimously".to_owned());
    }
    let votes = tally.votes_for + tally.votes_against + tally.abstentions;
    if votes > 0 || !tally.not_given.is_empty() {
        let given = |figure: TallyFigure, number: u32| {
            let is_missing = tally.not_given().any(|missing| missing == figure);
            (!is_missing).then(|| usize::try_from(number).unwrap_or(usize::MAX))
        };
        parts.push(vote_figures([
            given(TallyFigure::For, tally.votes_for),
            given(TallyFigure::Against, tally.votes_against),
            given(TallyFigure::Abstentions, tally.abstentions),
        ]));
    }
    if tally.present > 0 {
        parts.push(format!("{} present", tally.present));
    }
    if let Some(casting) = &tally.casting_vote {
        let by = casting.by.clone().unwrap_or_default();
        let who = format!("{} {}", by.office, by.body_id);
        parts.push(format!(
            "casting vote of {}: {}",
            who.trim(),
            Cell::label(casting.choice()).for_people()
        ));
    }
    parts.join(", ")
}

/// The meeting of a decision or vote.
pub fn meeting(at: &MeetingRef) -> String {
    let item = match at.agenda_item.as_str() {
        "" => String::new(),
        item => format!(", item {item}"),
    };
    format!("meeting {} of {}{item}", at.meeting_id, at.board_id)
}

fn detail(decision: &DecisionView) -> Cell {
    let mut parts = Vec::new();
    if !decision.reasons.is_empty() {
        parts.push(decision.reasons.clone());
    }
    if !decision.conditions.is_empty() {
        parts.push(format!("Conditions: {}", decision.conditions));
    }
    if let Some(minuted) = &decision.tally {
        parts.push(format!("As minuted: {}", tally(minuted)));
    }
    if !decision.amendments.is_empty() {
        parts.push(format!("Amendments: {}", decision.amendments));
    }
    if let Some(at) = &decision.meeting {
        parts.push(format!("At the {}", meeting(at)));
    }
    for fault in &decision.faults {
        parts.push(format!(
            "Breach: {}",
            faults::coded(&fault.what, &fault.reason)
        ));
    }
    if decision.inquorate {
        parts.push("At a meeting without a quorum: it decides nothing".to_owned());
    }
    let publications = publications(decision).into_iter();
    parts.extend(publications.map(|published| format!("Published {published}")));
    if let Some(board) = &decision.sent_back_to {
        parts.push(format!("Sent back to {}", board.name));
    }
    if !decision.withheld_ground.is_empty() {
        let day = Cell::from(&decision.withheld_on).for_people();
        parts.push(format!("Withheld {day}: {}", decision.withheld_ground));
    }
    parts.extend(course::lines(decision));
    parts.join("\n").into()
}

/// Each publication of a decision: `in part 2022-06-21`, and the document.
pub fn publications(decision: &DecisionView) -> Vec<String> {
    let published = decision.publications.iter();
    published
        .map(|published| {
            let day = Cell::dated(&published.on, published.on_is()).for_people();
            let document = published.document.clone().unwrap_or_default();
            let mut line = match published.in_part {
                true => format!("in part {day}"),
                false => day,
            };
            for part in [&document.title, &document.uri, &document.sha256] {
                if !part.is_empty() {
                    line.push_str(&format!(", {part}"));
                }
            }
            line
        })
        .collect()
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
