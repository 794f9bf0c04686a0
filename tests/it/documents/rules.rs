//! `docs/rules.md` has every reason code of the door, under the rule that the code
//! gives it, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use minutebook::domain::fault::Fault;

use super::text;

/// The reason codes on the page, with the rules under which they are.
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
        if let (Some((reason, _)), Some(rule)) = (cell, rule) {
            found.entry(reason.to_owned()).or_default().insert(rule);
        }
    }
    found
}

#[test]
fn every_reason_code_is_on_the_page_under_its_rule() {
    let documented = documented();
    let coded: BTreeMap<String, BTreeSet<u8>> = Fault::RULES
        .iter()
        .map(|(reason, rule)| ((*reason).to_owned(), BTreeSet::from([*rule])))
        .collect();
    assert_eq!(coded.len(), Fault::REASONS.len());
    assert_eq!(documented, coded);
}
