//! Acts without their prior approval, with all that is known of each.

use super::decisions::sources;
use super::{acts, faults, rules};
use crate::cli::cell::Cell;
use crate::cli::dates;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::breach_view::LateApproval;
use crate::wire::proto::{BreachKind, BreachView};

/// People read of one breach after the other; programs get a row for each.
pub fn list(breaches: &[BreachView]) -> Report {
    let mut list = Sheet::new("breaches", "").columns([
        ("kind", ""),
        ("subject", ""),
        ("subject_name", ""),
        ("on", ""),
        ("act", ""),
        ("matter_kind", ""),
        ("amount", ""),
        ("item_id", ""),
        ("reversed_on", ""),
    ]);
    rules::columns(&mut list);
    for key in [
        "acted_by",
        "recorded_by",
        "recorded_at",
        "reason",
        "missing",
        "missing_reasons",
        "late_approvals",
        "sources",
        "corrected_by_position",
        "correction_reason",
        "position",
    ] {
        list.column(key, "");
    }
    let mut parts = Vec::new();
    for it in breaches {
        list.row(row(it));
        parts.push(facts(it));
    }
    if breaches.is_empty() {
        parts.push(Sheet::new("breaches", "Breaches").when_empty("None is on record."));
    }
    Report::Parts { list, parts }
}

fn row(it: &BreachView) -> Vec<Cell> {
    let act = it.act.clone().unwrap_or_default();
    let mut row = vec![
        word(it.kind()),
        (&it.subject).into(),
        (&it.subject_name).into(),
        (&act.on).into(),
        (&act.what).into(),
        word(act.matter_kind()),
        acts::amount(&act),
        (&act.item_id).into(),
        (&act.reversed_on).into(),
    ];
    row.extend(rules::cells(&it.rule));
    let reasons = it.missing.iter().map(|it| it.reason.as_str()).collect();
    row.extend([
        (&it.acted_by).into(),
        (&it.recorded_by).into(),
        it.recorded_at.map_or(Cell::Empty, Cell::At),
        (&it.reason).into(),
        faults::in_words(&it.missing, "; "),
        listed(reasons),
        late(&it.late_approvals, "; ").for_programs().into(),
        sources(&it.sources),
        corrected_by(it),
        (&it.correction_reason).into(),
        act.position.into(),
    ]);
    row
}

/// The entry that corrected it; empty where it stands.
fn corrected_by(it: &BreachView) -> Cell {
    match it.corrected_by_position {
        0 => Cell::Empty,
        position => position.into(),
    }
}

/// What is corrected stays in the list, and says that it was.
fn correction(it: &BreachView) -> Cell {
    match it.corrected_by_position {
        0 => Cell::Empty,
        position => format!("by entry {position}: {}", it.correction_reason).into(),
    }
}

fn listed(texts: Vec<&str>) -> Cell {
    texts.join("; ").into()
}

fn facts(it: &BreachView) -> Sheet {
    let act = it.act.clone().unwrap_or_default();
    let on = act.on.as_ref().map(dates::date).unwrap_or_default();
    let heading = format!("{on} {}: {}", it.subject_name, act.what);
    let mut facts = Sheet::facts("breach").headed(heading.trim_start());
    facts
        .fact("breach", in_words(it.kind()))
        .fact("act", word(act.matter_kind()))
        .fact("amount", acts::amount(&act))
        .fact("undone", &act.reversed_on)
        .fact("acted", &it.acted_by);
    rules::facts(&mut facts, &it.rule);
    let by = match it.recorded_at {
        Some(at) => format!("by {}, {}", it.recorded_by, dates::local_instant(&at)),
        None => it.recorded_by.clone(),
    };
    facts
        .fact("what was missing", faults::in_words(&it.missing, "\n"))
        .fact("the recorder says", &it.reason)
        .fact("recorded", by)
        .fact("approved too late", late(&it.late_approvals, "\n"))
        .fact("sources", sources(&it.sources))
        .fact("corrected since", correction(it))
        .fact("entry", act.position);
    facts
}

fn in_words(kind: BreachKind) -> Cell {
    let sentence = match kind {
        BreachKind::Unspecified => return Cell::Empty,
        BreachKind::Acknowledged => "acknowledged: whoever recorded it said so",
        BreachKind::Found => "found by the register: it was admitted, and what is known now is not",
        BreachKind::PartyMatrix => "the agreement lacks parties that the law asks for",
    };
    Cell::named(word(kind).for_programs(), sentence)
}

/// Approvals beside the breach. They never remove it.
fn late(approvals: &[LateApproval], between: &str) -> Cell {
    let texts: Vec<String> = approvals.iter().map(beside).collect();
    texts.join(between).into()
}

fn beside(it: &LateApproval) -> String {
    let day = |day: &Option<_>| day.as_ref().map(dates::date).unwrap_or_default();
    let title = match it.title.as_str() {
        "" => &it.proposal_id,
        title => title,
    };
    let standing = word(it.standing()).for_people();
    if it.decided_on.is_none() {
        return format!("{title}: {standing}, not decided");
    }
    let how = match it.recorded_late {
        true => "dated before the act, recorded after it:",
        false => "ratified after the fact:",
    };
    let mut text = format!("{title}: {how} {standing} {}", day(&it.decided_on));
    if it.recorded_on.is_some() {
        text.push_str(&format!(", recorded {}", day(&it.recorded_on)));
    }
    if it.position > 0 {
        text.push_str(&format!(" (entry {})", it.position));
    }
    text
}
