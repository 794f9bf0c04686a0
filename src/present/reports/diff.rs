//! The differences between two moments, subject by subject, with the entries that
//! caused them.

use super::changes;
use crate::cell::Cell;
use crate::dates::optional_date;
use crate::outline::Line;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::{AnsweredFrom, Bringer, Change, DiffResponse, SubjectDifference};

/// People read an outline; programs get a row for each change and each entry.
/// Changes that only repeat others are left out for people, unless `all` are wanted.
pub fn report(answer: &DiffResponse, all: bool) -> Report {
    Report::Outline {
        list: list(answer),
        lines: lines(answer, all),
    }
}

/// The kinds of subject, in the order in which people read them.
const PARTS: [(&str, &str); 3] = [
    ("collaborations/", "Collaborations"),
    ("boards/", "Boards"),
    ("bodies/", "Bodies"),
];

fn lines(answer: &DiffResponse, all: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for (noun, heading) in PARTS {
        let differences = answer.differences.iter();
        let differences: Vec<_> = differences
            .filter(|difference| difference.subject.starts_with(noun))
            .collect();
        if differences.is_empty() {
            continue;
        }
        lines.push(Line::heading(heading));
        for difference in differences {
            let (name, subject) = (&difference.subject_name, &difference.subject);
            lines.push(Line::blank());
            lines.push(Line::heading(format!("{name} ({subject})")));
            lines.extend(changes::lines(&difference.changes, all, 2));
            lines.extend(causes(difference));
        }
        lines.push(Line::blank());
    }
    if answer.differences.is_empty() {
        lines.push(Line::fixed("Nothing is different."));
    }
    let side = |from: &Option<AnsweredFrom>| from.as_ref().map(side).unwrap_or_default();
    lines.push(Line::fixed(format!("From {}", side(&answer.from))));
    lines.push(Line::fixed(format!("to   {}.", side(&answer.to))));
    if answer.to.is_some_and(|to| to.position == 0) {
        lines.push(Line::fixed(
            "Nothing had been recorded by then. Add --as-known-at to see those days with what \
             was recorded later.",
        ));
    }
    lines
}

/// The day and the position that a side holds for.
fn side(from: &AnsweredFrom) -> String {
    let day = optional_date(&from.as_at);
    match from.position {
        0 => format!("{day}, when nothing was recorded"),
        position => format!("{day}, as known at position {position}"),
    }
}

/// The entries that caused a difference.
fn causes(difference: &SubjectDifference) -> Vec<Line> {
    let line = |entry: &Bringer, whose: &str| {
        let came = if entry.came_into_force {
            ", recorded before and in force since"
        } else {
            ""
        };
        let (position, summary) = (entry.position, &entry.summary);
        let on = optional_date(&entry.effective_on);
        Line::new(4, format!("entry {position}{whose}, {on}{came}: {summary}"))
    };
    let own = difference.entries.iter().map(|entry| line(entry, ""));
    let others = difference.other_entries.iter();
    let others = others.map(|entry| line(entry, &format!(" of {}", entry.subject)));
    let mut lines: Vec<Line> = own.chain(others).collect();
    if difference.has_untried_entries {
        lines.push(Line::new(4, "and perhaps more entries of other subjects"));
    }
    let heading = if lines.is_empty() {
        "No entry brought this: it came with the days."
    } else {
        "Brought by"
    };
    lines.insert(0, Line::new(2, heading));
    lines
}

fn list(answer: &DiffResponse) -> Sheet {
    let mut sheet = Sheet::new("differences", "").columns([
        ("subject", ""),
        ("subject_name", ""),
        ("row", ""),
        ("path", ""),
        ("what", ""),
        ("before", ""),
        ("after", ""),
        ("repeats", ""),
        ("position", ""),
        ("entry_subject", ""),
        ("effective_on", ""),
        ("came_into_force", ""),
        ("summary", ""),
    ]);
    for difference in &answer.differences {
        let subject: [Cell; 2] = [
            (&difference.subject).into(),
            (&difference.subject_name).into(),
        ];
        let entries = difference.entries.iter().chain(&difference.other_entries);
        let rows = difference.changes.iter().map(change);
        for cells in rows.chain(entries.map(entry)) {
            sheet.row(subject.iter().cloned().chain(cells).collect());
        }
    }
    sheet
}

fn change(change: &Change) -> Vec<Cell> {
    let mut cells = vec![
        "change".into(),
        (&change.path).into(),
        (&change.what).into(),
        (&change.before).into(),
        (&change.after).into(),
        Cell::Yes(change.repeats),
    ];
    cells.resize(11, Cell::Empty);
    cells
}

fn entry(entry: &Bringer) -> Vec<Cell> {
    let mut cells = vec![Cell::from("entry")];
    cells.resize(6, Cell::Empty);
    cells.extend([
        entry.position.into(),
        (&entry.subject).into(),
        (&entry.effective_on).into(),
        Cell::Yes(entry.came_into_force),
        (&entry.summary).into(),
    ]);
    cells
}
