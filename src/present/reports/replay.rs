//! A replay: each entry of a subject, with the changes it made.

use super::changes;
use super::history::recorded_at;
use crate::cell::Cell;
use crate::dates;
use crate::outline::Line;
use crate::sheet::Sheet;
use minutebook_wire::proto::{Change, ReplayRequest, ReplayResponse};

/// By how much a line under an entry is set in.
const INDENT: usize = 10;

/// The line above a replay.
pub fn heading(request: &ReplayRequest) -> Line {
    let day = match &request.as_at {
        Some(day) => dates::date(day),
        None => "today".to_owned(),
    };
    Line::heading(format!("{}, as at {day}, entry by entry", request.subject))
}

/// The lines above an entry: changes that entries of other subjects made since the
/// entry before it.
pub fn lines_before(step: &ReplayResponse, all: bool) -> Vec<Line> {
    if step.meanwhile.is_empty() {
        return Vec::new();
    }
    let heading = "Meanwhile, by entries of other subjects:";
    let mut lines = vec![Line::new(INDENT, heading)];
    lines.extend(changes::lines(&step.meanwhile, all, INDENT + 2));
    lines
}

/// The lines under an entry.
pub fn lines_after(step: &ReplayResponse, all: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(corrects) = &step.corrects {
        let (position, summary) = (corrects.position, &corrects.summary);
        let sentence = format!("Corrects entry {position}: {summary}");
        lines.push(Line::new(INDENT, sentence));
    }
    if !step.unchanged.is_empty() {
        let sentence = format!("Changed nothing: {}.", step.unchanged);
        lines.push(Line::new(INDENT, sentence));
    }
    lines.extend(changes::lines(&step.changes, all, INDENT));
    lines
}

/// The columns for programs, without rows: steps come as a stream.
pub fn sheet() -> Sheet {
    Sheet::new("replay", "").columns([
        ("position", ""),
        ("recorded_at", ""),
        ("effective_on", ""),
        ("summary", ""),
        ("corrects_position", ""),
        ("unchanged", ""),
        ("by", ""),
        ("path", ""),
        ("what", ""),
        ("before", ""),
        ("after", ""),
        ("repeats", ""),
        ("corrected_by_position", ""),
    ])
}

/// A row for each change of a step; one for an entry that changed nothing.
pub fn rows(step: &ReplayResponse) -> Sheet {
    let nothing = [Change::default()];
    let changes = match step.changes.as_slice() {
        [] => &nothing,
        changes => changes,
    };
    let meanwhile = step.meanwhile.iter().map(|change| ("others", change));
    let own = changes.iter().map(|change| ("entry", change));
    let mut sheet = sheet();
    for (by, change) in meanwhile.chain(own) {
        sheet.row(row(step, by, change));
    }
    sheet
}

fn row(step: &ReplayResponse, by: &str, change: &Change) -> Vec<Cell> {
    let history = step.told.clone().unwrap_or_default();
    let entry = history.entry.unwrap_or_default();
    let event = entry.event.clone().unwrap_or_default();
    let position = |position: u64| match position {
        0 => Cell::Empty,
        position => position.into(),
    };
    vec![
        entry.position.into(),
        recorded_at(&entry),
        (&event.effective_on).into(),
        history.summary.into(),
        position(step.corrects.as_ref().map_or(0, |entry| entry.position)),
        (&step.unchanged).into(),
        by.into(),
        (&change.path).into(),
        (&change.what).into(),
        (&change.before).into(),
        (&change.after).into(),
        match change.path.as_str() {
            "" => Cell::Empty,
            _ => Cell::Yes(change.repeats),
        },
        position(history.corrected_by_position),
    ]
}
