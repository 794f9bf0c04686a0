//! Approval rules: the set in force, and the one that applies to something.
//!
//! Where nothing is regulated, the report says so as plainly as where something is.

use crate::cell::Cell;
use crate::dates;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{Regime, RuleRef, RuleSetView};

/// The rules of the set in force, one a row; left out where there is no set.
pub fn sheet(set: &Option<RuleSetView>) -> Sheet {
    let set = set.clone().unwrap_or_default();
    let mut sheet = Sheet::new("approval_rules", heading(&set)).with_prose();
    sheet
        .column("rule_id", "Rule")
        .column("title", "Title")
        .column("when", "When")
        .column("needs", "Who must agree")
        .column_for(Audience::Programs, "warning", "")
        .column_for(Audience::Programs, "rule_set_id", "")
        .column_for(Audience::Programs, "adopted_by", "")
        .column_for(Audience::Programs, "in_force_on", "")
        .column_for(Audience::Programs, "document", "")
        .column_for(Audience::Programs, "position", "");
    let document = set.document.clone().unwrap_or_default();
    for rule in &set.rules {
        sheet.row(vec![
            (&rule.rule_id).into(),
            (&rule.title).into(),
            (&rule.when).into(),
            match rule.warning.as_str() {
                "" => (&rule.needs).into(),
                warning => Cell::named(&rule.needs, format!("{}\nWarning: {warning}", rule.needs)),
            },
            (&rule.warning).into(),
            (&set.rule_set_id).into(),
            (&set.adopted_by).into(),
            (&set.in_force_on).into(),
            (&document.title).into(),
            set.position.into(),
        ]);
    }
    sheet
}

fn heading(set: &RuleSetView) -> String {
    let mut heading = format!(
        "Approval rules {} (adopted by {}",
        set.rule_set_id, set.adopted_by
    );
    if let Some(day) = &set.in_force_on {
        heading.push_str(&format!(", in force since {}", dates::date(day)));
    }
    if let Some(document) = &set.document
        && !document.title.is_empty()
    {
        heading.push_str(&format!("; {}", document.title));
    }
    heading + ")"
}

/// The rule that applies, or that none does, in a few words.
pub fn in_brief(rule: &Option<RuleRef>) -> Cell {
    let Some(rule) = rule else {
        return Cell::Empty;
    };
    if rule.regime() == Regime::Rule {
        let title = match rule.title.as_str() {
            "" => &rule.rule_id,
            title => title,
        };
        return Cell::named(&rule.rule_id, title);
    }
    Cell::named("", in_words(rule))
}

/// Who must agree, or that this is unregulated.
pub fn in_words(rule: &RuleRef) -> String {
    if rule.what.is_empty() {
        return Cell::label(rule.regime()).for_people();
    }
    rule.what.clone()
}

/// The rule set that holds the rule.
pub fn place(rule: &RuleRef) -> Cell {
    if rule.rule_set_id.is_empty() {
        return Cell::Empty;
    }
    let mut text = format!("{} of {}", rule.rule_set_id, rule.adopted_by);
    if let Some(day) = &rule.in_force_on {
        text.push_str(&format!(", in force since {}", dates::date(day)));
    }
    text.into()
}

/// Adds the columns of [`cells`].
pub fn columns(sheet: &mut Sheet) {
    for key in ["regime", "rule_adopted_by", "rule_set_id"] {
        sheet.column_for(Audience::Programs, key, "");
    }
    sheet.column("rule_id", "Rule");
}

/// The rule that applies, in a row.
pub fn cells(rule: &Option<RuleRef>) -> [Cell; 4] {
    let known = rule.clone().unwrap_or_default();
    [
        Cell::label(known.regime()),
        (&known.adopted_by).into(),
        (&known.rule_set_id).into(),
        in_brief(rule),
    ]
}

/// Adds the rule that applies and its requirement, as facts.
pub fn facts(sheet: &mut Sheet, rule: &Option<RuleRef>) {
    let Some(rule) = rule else {
        return;
    };
    match rule.regime() {
        Regime::Rule => {
            let title = match (rule.rule_id.as_str(), rule.title.as_str()) {
                (id, "") => id.to_owned(),
                (id, title) => format!("{title} ({id})"),
            };
            sheet
                .fact("rule", Cell::named(&rule.rule_id, title))
                .fact("rule says", in_words(rule));
        }
        regime => {
            let regime = Cell::named(Cell::label(regime).for_programs(), in_words(rule));
            sheet.fact("rule", regime);
        }
    }
    sheet.fact("rule set", place(rule));
}
