//! The figures of a budget from one sheet, put together with those of another.

use minutebook_wire::proto::{BudgetApproved, Event, Figures, Source, event};

/// The figures of a year from one sheet. Another sheet may have more of the same budget.
pub struct FiguresDraft {
    pub cell: String,
    /// Of the kind `BudgetApproved`.
    pub event: Event,
}

/// The subject, year and budget of figures.
pub fn key_of(event: &Event) -> Option<(String, String, String)> {
    let Some(event::Kind::BudgetApproved(approved)) = &event.kind else {
        return None;
    };
    let year = approved.figures.as_ref()?.financial_year.clone();
    Some((event.subject.clone(), year, approved.budget_id.clone()))
}

fn parts(event: &mut Event) -> Option<(&mut BudgetApproved, &mut Vec<Source>)> {
    let Event {
        kind: Some(event::Kind::BudgetApproved(approved)),
        sources,
        ..
    } = event
    else {
        return None;
    };
    Some((approved, sources))
}

/// Adds the figures of another sheet to a budget.
pub fn merge(first: &mut Event, mut other: Event) -> Result<(), String> {
    let days = |event: &Event| (event.effective_on, event.effective_on_is, event.decided_on);
    if days(first) != days(&other) {
        return Err(
            "another sheet has the same budget from another day, and one would replace the other: \
             give both the same days"
                .to_owned(),
        );
    }
    if first.note.is_empty() {
        first.note = std::mem::take(&mut other.note);
    } else if !other.note.is_empty() && other.note != first.note {
        first.note = format!("{}\n{}", first.note, other.note);
    }
    let (Some((approved, sources)), Some((more, more_sources))) = (parts(first), parts(&mut other))
    else {
        return Ok(());
    };
    for source in more_sources.drain(..) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if approved.title.is_empty() {
        approved.title = std::mem::take(&mut more.title);
    }
    let figures = approved.figures.get_or_insert_default();
    let more = more.figures.take().unwrap_or_default();
    let is_twice = |one: &Figures, other: &Figures| {
        (!one.lines.is_empty() && !other.lines.is_empty())
            || (!one.contributions.is_empty() && !other.contributions.is_empty())
    };
    if is_twice(figures, &more) {
        return Err(
            "another sheet has figures of the same kind for this budget: put them into one table"
                .to_owned(),
        );
    }
    figures.lines.extend(more.lines);
    figures.contributions.extend(more.contributions);
    figures.stated.extend(more.stated);
    // Figures are as exact as the coarsest of the units.
    figures.printed_unit_pence = figures.printed_unit_pence.max(more.printed_unit_pence);
    Ok(())
}
