//! `docs/rules.md` has every reason code of admission under its rule, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use minutebook::domain::fault::Fault;
use minutebook::domain::rule::Rule;

use super::text;

/// The headings of the rules on the page, in order.
fn headings() -> Vec<String> {
    let page = text(Path::new("docs/rules.md"));
    let headings = page
        .lines()
        .filter_map(|line| line.strip_prefix("## Rule "));
    headings.map(str::to_owned).collect()
}

/// The reason codes on the page, with their rules.
fn documented() -> BTreeMap<String, BTreeSet<u8>> {
    let mut rule = None;
    let mut found: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    for line in text(Path::new("docs/rules.md")).lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let number = heading
                .strip_prefix("Rule ")
                .and_then(|rest| rest.split_once(':'));
            rule = number.map(|(number, _)| number.parse().expect("a number"));
        }
        let cell = line
            .strip_prefix("| `")
            .and_then(|rest| rest.split_once("` |"));
        // The table of rule 0 has kinds of events, which are in small letters.
        let cell = cell.filter(|(reason, _)| !reason.contains(char::is_lowercase));
        if let (Some((reason, _)), Some(rule)) = (cell, rule) {
            found.entry(reason.to_owned()).or_default().insert(rule);
        }
    }
    found
}

#[test]
fn every_reason_code_is_on_the_page_under_its_rule() {
    let documented = documented();
    let coded: BTreeMap<String, BTreeSet<u8>> = Fault::CATALOGUE
        .iter()
        .map(|fault| {
            let rule = BTreeSet::from([fault.rule.number()]);
            (fault.reason.to_owned(), rule)
        })
        .collect();
    assert_eq!(coded.len(), Fault::CATALOGUE.len());
    assert_eq!(documented, coded);
}

#[test]
fn every_rule_has_its_heading_and_a_fault() {
    let coded: Vec<String> = Rule::ALL
        .iter()
        .map(|rule| format!("{}: {}", rule.number(), rule.name()))
        .collect();
    assert_eq!(headings(), coded);
    for rule in Rule::ALL {
        assert!(
            Fault::CATALOGUE.iter().any(|fault| fault.rule == rule),
            "{rule} has no fault"
        );
    }
}
