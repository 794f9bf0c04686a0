//! Who must agree, who has and who is awaited, as a tree of needs.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use crate::to_cell::ToCell;
use minutebook_wire::proto::{Awaited, DeadlineKind, NeedView};

impl ToCell for Awaited {
    /// A voter, a voter for a board, or a board's own decision, and what is awaited of it.
    fn cell(&self) -> Cell {
        let cell = name(self);
        if self.duty.is_empty() {
            return cell;
        }
        let with_duty = |name: String| format!("{name} ({})", self.duty);
        Cell::named(with_duty(cell.for_programs()), with_duty(cell.for_people()))
    }
}

fn name(awaited: &Awaited) -> Cell {
    match (&awaited.who, &awaited.board) {
        (None, None) => Cell::Empty,
        (Some(who), None) => who.into(),
        (None, Some(board)) => Cell::named(
            format!("decision of {}", board.board_id),
            format!("the decision of {}", Cell::from(board).for_people()),
        ),
        (Some(who), Some(board)) => {
            let who = Cell::from(who);
            Cell::named(
                format!("{} on {}", who.for_programs(), board.board_id),
                format!("{} on {}", who.for_people(), Cell::from(board).for_people()),
            )
        }
    }
}

/// All of them in a cell. For people, a board is named once for all its members;
/// a board of six would fill the table otherwise.
pub fn approvers(all: &[Awaited]) -> Cell {
    let programs: Vec<String> = all
        .iter()
        .map(|awaited| awaited.cell().for_programs())
        .collect();
    let mut people: Vec<String> = Vec::new();
    let is_plain = |one: &Awaited| one.who.is_some() && one.duty.is_empty();
    for group in
        all.chunk_by(|one, next| one.board == next.board && is_plain(one) && is_plain(next))
    {
        match group {
            [
                Awaited {
                    board: Some(board), ..
                },
                _,
                ..,
            ] => {
                let names: Vec<String> = group
                    .iter()
                    .filter_map(|awaited| awaited.who.as_ref())
                    .map(|who| Cell::from(who).for_people())
                    .collect();
                let board = Cell::from(board).for_people();
                people.push(format!("{} on {board}", names.join(", ")));
            }
            _ => people.extend(group.iter().map(|awaited| awaited.cell().for_people())),
        }
    }
    Cell::named(programs.join("; "), people.join("; "))
}

/// Whom a deadline awaits. Of a meeting, nobody awaits a decision but its minutes.
pub fn awaited_at(deadline: DeadlineKind, all: &[Awaited]) -> Cell {
    match (deadline, all) {
        (
            DeadlineKind::Meeting,
            [
                Awaited {
                    board: Some(board), ..
                },
            ],
        ) => Cell::named(
            format!("minutes of {}", board.board_id),
            format!("the minutes of {}", Cell::from(board).for_people()),
        ),
        _ => approvers(all),
    }
}

/// A row for each need; its parts are under it, indented.
pub fn sheet(need: &Option<NeedView>) -> Sheet {
    let mut sheet = Sheet::new("needs", "Who must agree").with_prose();
    sheet
        .column_for(Audience::Programs, "need", "")
        .column("what", "Requirement")
        .column("state", "State")
        .column("reasoning", "Why")
        .column("agreed", "Agreed")
        .column("against", "Against")
        .column("awaited", "Awaited");
    if let Some(need) = need {
        add_rows(need, "1", 0, &mut sheet);
    }
    sheet
}

fn add_rows(need: &NeedView, number: &str, depth: usize, sheet: &mut Sheet) {
    sheet.row(vec![
        number.into(),
        indented(&need.what, depth),
        Cell::label(need.state()),
        (&need.reasoning).into(),
        approvers(&need.agreed),
        approvers(&need.against),
        approvers(&need.awaited),
    ]);
    for (index, part) in need.parts.iter().enumerate() {
        add_rows(part, &format!("{number}.{}", index + 1), depth + 1, sheet);
    }
}

/// Nested as on paper. Programs have the number of the need instead.
fn indented(text: &str, depth: usize) -> Cell {
    match depth {
        0 => text.into(),
        _ => Cell::named(text, format!("{}└ {text}", INDENT.repeat(depth - 1))),
    }
}

/// Spaces at which a table does not break a line.
const INDENT: &str = "\u{a0}\u{a0}";

/// The same tree as lines of text, for where there is no room for a table.
pub fn in_lines(need: &NeedView) -> String {
    let mut lines = Vec::new();
    add_lines(need, 0, &mut lines);
    lines.join("\n")
}

fn add_lines(need: &NeedView, depth: usize, lines: &mut Vec<String>) {
    let mut line = format!(
        "{}{}",
        INDENT.repeat(depth),
        if depth > 0 { "└ " } else { "" }
    );
    line.push_str(&need.what);
    let state = Cell::label(need.state()).for_people();
    if !state.is_empty() {
        line.push_str(&format!(": {state}"));
    }
    if !need.reasoning.is_empty() {
        line.push_str(&format!(". {}", need.reasoning));
    }
    lines.push(line);
    // The parts name the approvers of the whole, so only they are spelled out.
    if need.parts.is_empty() {
        let indent = INDENT.repeat(depth + 1);
        for (title, who) in [
            ("agreed", &need.agreed),
            ("against", &need.against),
            ("awaited", &need.awaited),
        ] {
            if !who.is_empty() {
                let names = approvers(who).for_people();
                lines.push(format!("{indent}{title}: {names}"));
            }
        }
    }
    for part in &need.parts {
        add_lines(part, depth + 1, lines);
    }
}

/// Everyone named in a tree, each once: who agreed, who is against, who is awaited.
pub fn everyone(need: &NeedView) -> [Cell; 3] {
    let lists: [fn(&NeedView) -> &Vec<Awaited>; 3] = [
        |need| &need.agreed,
        |need| &need.against,
        |need| &need.awaited,
    ];
    lists.map(|pick| {
        let mut all = Vec::new();
        gather(need, pick, &mut all);
        approvers(&all)
    })
}

fn gather(need: &NeedView, pick: fn(&NeedView) -> &Vec<Awaited>, all: &mut Vec<Awaited>) {
    for approver in pick(need) {
        if !all.contains(approver) {
            all.push(approver.clone());
        }
    }
    for part in &need.parts {
        gather(part, pick, all);
    }
}
