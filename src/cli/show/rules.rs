//! Approval rules: the set in force, and the one that applies to something.
//!
//! That nothing is regulated is said as plainly as that something is.

use crate::cli::cell::Cell;
use crate::cli::dates;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Sheet};
use crate::wire::proto::{Regime, RuleRef, RuleSetView};

/// The rules of the set in force, one a row; left out where there is no set.
pub fn sheet(set: &Option<RuleSetView>) -> Sheet {
    let set = set.clone().unwrap_or_default();
    let mut sheet = Sheet::new("approval_rules", heading(&set)).with_prose();
    sheet
        .column("rule_id", "Rule")
        .column("title", "What it says")
        .column("when", "When")
        .column("needs", "Who must agree")
        .column_shown("rule_set_id", "", Audience::Programs)
        .column_shown("adopted_by", "", Audience::Programs)
        .column_shown("in_force_on", "", Audience::Programs)
        .column_shown("document", "", Audience::Programs)
        .column_shown("position", "", Audience::Programs);
    let document = set.document.clone().unwrap_or_default();
    for rule in &set.rules {
        sheet.row(vec![
            (&rule.rule_id).into(),
            (&rule.title).into(),
            (&rule.when).into(),
            (&rule.needs).into(),
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

/// The rule that applies, in a few words; outright, that none does.
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

/// Who must agree; or, outright, that this is unregulated.
pub fn in_words(rule: &RuleRef) -> String {
    if rule.what.is_empty() {
        return word(rule.regime()).for_people();
    }
    rule.what.clone()
}

/// Where the rule that applies is to be found.
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

/// The columns that say to programs which rule applies.
pub fn columns(sheet: &mut Sheet) {
    for key in ["regime", "rule_adopted_by", "rule_set_id"] {
        sheet.column_shown(key, "", Audience::Programs);
    }
    sheet.column("rule_id", "Rule");
}

/// What stands in these columns.
pub fn cells(rule: &Option<RuleRef>) -> [Cell; 4] {
    let it = rule.clone().unwrap_or_default();
    [
        word(it.regime()),
        (&it.adopted_by).into(),
        (&it.rule_set_id).into(),
        in_brief(rule),
    ]
}

/// Which rule applies and what it asks, as facts.
pub fn facts(sheet: &mut Sheet, rule: &Option<RuleRef>) {
    let Some(it) = rule else {
        return;
    };
    match it.regime() {
        Regime::Rule => {
            let title = match (it.rule_id.as_str(), it.title.as_str()) {
                (id, "") => id.to_owned(),
                (id, title) => format!("{title} ({id})"),
            };
            sheet
                .fact("rule", Cell::named(&it.rule_id, title))
                .fact("rule says", in_words(it));
        }
        regime => {
            let plainly = Cell::named(word(regime).for_programs(), in_words(it));
            sheet.fact("rule", plainly);
        }
    }
    sheet.fact("rule set", place(it));
}
