//! Boards: the list, and one in full.

use super::{coming, instruments, rules, words};
use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::{BoardSummary, BoardView};

/// A line for each board.
pub fn list(boards: &[BoardSummary]) -> Report {
    Report::List(sheet(boards).when_empty("There are none."))
}

/// The same lines, as part of a report.
pub fn sheet(boards: &[BoardSummary]) -> Sheet {
    let mut sheet = Sheet::new("boards", "Boards").columns([
        ("board_id", "Id"),
        ("name", "Name"),
        ("powers", "Powers"),
        ("chair", "Chair"),
        ("constituted_on", "Since"),
        ("member_count", "Seats"),
    ]);
    for it in boards {
        let board = it.board.clone().unwrap_or_default();
        sheet.row(vec![
            (&board.board_id).into(),
            (&board.name).into(),
            words(it.powers().map(word)),
            (&it.chair).into(),
            (&it.constituted_on).into(),
            it.member_count.into(),
        ]);
    }
    sheet
}

/// One board, its seats and meetings.
pub fn in_full(view: &BoardView) -> Report {
    let mut sheets = vec![
        summary(view),
        seats(view),
        rules::sheet(&view.approval_rules),
        meetings(view),
    ];
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.push(coming(&view.coming));
    Report::Sections(sheets)
}

fn summary(view: &BoardView) -> Sheet {
    let it = view.summary.clone().unwrap_or_default();
    let board = it.board.clone().unwrap_or_default();
    let quorum = match view.quorum {
        0 => Cell::Empty,
        quorum => quorum.into(),
    };
    let mut facts = Sheet::facts("summary");
    facts
        .fact("board", &board.name)
        .fact("id", &board.board_id)
        .fact("powers", words(it.powers().map(word)))
        .fact("chair", &it.chair)
        .fact("since", &it.constituted_on)
        .fact("serves", &view.collaborations)
        .fact("belongs to", &view.owner)
        .fact("sits under", &view.parent)
        .fact("sub-groups", &view.sub_groups)
        .fact("quorum", quorum)
        .fact("voting rule", word(view.voting_rule()))
        .fact("meets", &view.cadence)
        .fact("purpose", &view.purpose)
        .fact("aliases", &view.aliases);
    if view.approval_rules.is_none() {
        facts.fact("approval rules", "none adopted by this board");
    }
    facts
}

fn seats(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("seats", "Seats")
        .when_empty("None is recorded.")
        .columns([("member", "Who"), ("capacity", "As"), ("since_on", "Since")]);
    for it in &view.seats {
        sheet.row(vec![
            match &it.member {
                Some(member) => member.into(),
                None => (&it.description).into(),
            },
            word(it.capacity()),
            (&it.since_on).into(),
        ]);
    }
    sheet
}

fn meetings(view: &BoardView) -> Sheet {
    let mut sheet = Sheet::new("meetings", "Meetings")
        .with_prose()
        .columns([("held_on", "On"), ("agenda", "Agenda")]);
    for it in &view.meetings {
        sheet.row(vec![(&it.held_on).into(), (&it.agenda).into()]);
    }
    sheet
}
