//! Acts without their prior approval.

use super::decisions::sources;
use super::{acts, faults, rules};
use crate::cell::Cell;
use crate::dates;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::breach_view::LateApproval;
use minutebook_wire::proto::{BreachKind, BreachView};

/// People read each breach as facts; programs get a row for each.
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
    for breach in breaches {
        let act = breach.act.as_ref();
        list.in_currency(act.map_or("", |act| act.currency.as_str()));
        list.row(row(breach));
        parts.push(facts(breach));
    }
    if breaches.is_empty() {
        parts.push(Sheet::new("breaches", "Breaches").when_empty("None is on record."));
    }
    Report::Parts { list, parts }
}

fn row(breach: &BreachView) -> Vec<Cell> {
    let act = breach.act.clone().unwrap_or_default();
    let mut row = vec![
        Cell::label(breach.kind()),
        (&breach.subject).into(),
        (&breach.subject_name).into(),
        Cell::dated(&act.on, act.on_is()),
        (&act.what).into(),
        Cell::label(act.matter_kind()),
        acts::amount(&act),
        (&act.item_id).into(),
        (&act.reversed_on).into(),
    ];
    row.extend(rules::cells(&breach.rule));
    let reasons = breach
        .missing
        .iter()
        .map(|breach| breach.reason.as_str())
        .collect();
    row.extend([
        (&breach.acted_by).into(),
        (&breach.recorded_by).into(),
        breach.recorded_at.map_or(Cell::Empty, Cell::At),
        (&breach.reason).into(),
        faults::in_words(&breach.missing, "; "),
        listed(reasons),
        late(&breach.late_approvals, "; ").for_programs().into(),
        sources(&breach.sources),
        corrected_by(breach),
        (&breach.correction_reason).into(),
        act.position.into(),
    ]);
    row
}

/// The entry that corrected it, if any.
fn corrected_by(breach: &BreachView) -> Cell {
    match breach.corrected_by_position {
        0 => Cell::Empty,
        position => position.into(),
    }
}

/// A corrected breach stays in the list, with its correction.
fn correction(breach: &BreachView) -> Cell {
    match breach.corrected_by_position {
        0 => Cell::Empty,
        position => format!("by entry {position}: {}", breach.correction_reason).into(),
    }
}

fn listed(texts: Vec<&str>) -> Cell {
    texts.join("; ").into()
}

fn facts(breach: &BreachView) -> Sheet {
    let act = breach.act.clone().unwrap_or_default();
    let on = act.on.as_ref().map(dates::date).unwrap_or_default();
    let heading = format!("{on} {}: {}", breach.subject_name, act.what);
    let mut facts = Sheet::facts("breach").headed(heading.trim_start());
    facts.in_currency(&act.currency);
    facts
        .fact("breach", in_words(breach.kind()))
        .fact("act", Cell::label(act.matter_kind()))
        .fact("amount", acts::amount(&act))
        .fact("undone", &act.reversed_on)
        .fact("acted", &breach.acted_by);
    rules::facts(&mut facts, &breach.rule);
    let by = match breach.recorded_at {
        Some(at) => format!("by {}, {}", breach.recorded_by, dates::local_instant(&at)),
        None => breach.recorded_by.clone(),
    };
    facts
        .fact("what was missing", faults::in_words(&breach.missing, "\n"))
        .fact("the recorder says", &breach.reason)
        .fact("recorded", by)
        .fact("approved too late", late(&breach.late_approvals, "\n"))
        .fact("sources", sources(&breach.sources))
        .fact("corrected since", correction(breach))
        .fact("entry", act.position);
    facts
}

fn in_words(kind: BreachKind) -> Cell {
    let sentence = match kind {
        BreachKind::Unspecified => return Cell::Empty,
        BreachKind::Acknowledged => "acknowledged by its recorder",
        BreachKind::Found => {
            "found by the register: it was admitted then, and would be refused with what is recorded now"
        }
        BreachKind::PartyMatrix => "the agreement lacks parties that the law asks for",
    };
    Cell::named(Cell::label(kind).for_programs(), sentence)
}

/// Approvals that came too late. They never remove the breach.
fn late(approvals: &[LateApproval], between: &str) -> Cell {
    let texts: Vec<String> = approvals.iter().map(late_approval_text).collect();
    texts.join(between).into()
}

fn late_approval_text(late: &LateApproval) -> String {
    let day = |day: &Option<_>| day.as_ref().map(dates::date).unwrap_or_default();
    let title = match late.title.as_str() {
        "" => &late.proposal_id,
        title => title,
    };
    let standing = Cell::label(late.standing()).for_people();
    if late.decided_on.is_none() {
        return format!("{title}: {standing}, not decided");
    }
    let how = match late.recorded_late {
        true => "dated before the act, recorded after it:",
        false => "ratified after the fact:",
    };
    let mut text = format!("{title}: {how} {standing} {}", day(&late.decided_on));
    if late.recorded_on.is_some() {
        text.push_str(&format!(", recorded {}", day(&late.recorded_on)));
    }
    if late.position > 0 {
        text.push_str(&format!(" (entry {})", late.position));
    }
    text
}
