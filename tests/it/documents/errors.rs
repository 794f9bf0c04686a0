//! `docs/errors.md` is generated from the code: every reason code, with its
//! sentence, its facts, its rule and its gRPC code.
//!
//! `MINUTEBOOK_WRITE_DOCS=1 cargo test --test it documents::errors` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use minutebook::domain::fault::Fault;
use minutebook::domain::rule::Rule;
use minutebook::grpc::status::{MANDATES_CODE, RULES_CODE, Reason};

use super::{root, text};

const PAGE: &str = "docs/errors.md";

const HEAD: &str = "\
# Errors

This page is generated from the code. To write it anew after a change of the code:
`MINUTEBOOK_WRITE_DOCS=1 cargo test --test it documents::errors`. For the rules behind the codes, see [`rules.md`](rules.md);
for retries and streams, [`clients.md`](clients.md).

## How to read an error

Errors follow [AIP-193](https://google.aip.dev/193). A failed call ends with a gRPC status that has:

- a **code**, the general class of the error (`FAILED_PRECONDITION`);
- a **message**, a sentence for people. It may be reworded in any release: do not parse it;
- exactly one **`google.rpc.ErrorInfo`**. Its `domain` is `minutebook.v1`, its `reason` is one of the codes below, and its
  `metadata` holds the facts by name. Reasons and the names of facts do not change within `v1`;
- further details by code: `BadRequest` for fields that cannot be read, `PreconditionFailure` for rules and revisions,
  `ResourceInfo` for a thing that was not found, `RetryInfo` where the same request may succeed later.

An append reports everything that is wrong with it at once. The `reason` and the plain names in `metadata` are those of the
first fault; the facts of the second begin with `fault_2_` (`fault_2_reason`, `fault_2_place`, …), and so on. `fault_count` says
how many faults there are, and `faults_listed` how many fit into the status if some did not.

In the tables, a name in braces stands for the fact of that name.
";

const RULES: &str = "
## Rules at the door

An append that breaks a rule is refused, and nothing of it is recorded. Beside the facts in the table, the metadata has `rule` (the
number of the rule), `event_index` (which event of the request, from 0) and `place` (the field, such as
`events[0].vote_cast.voter_id`). `PreconditionFailure` has a violation for each fault: the reason as `type`, the place as
`subject`, and the sentence as `description`.
";

const OTHERS: &str = "
## All other reasons

| reason | gRPC code | facts | meaning |
|---|---|---|---|
";

/// The gRPC code as the protocol writes it: `FAILED_PRECONDITION`.
fn code_name(code: tonic::Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// A sentence as a cell of a table, with the formats of its facts left out.
fn cell(sentence: &str) -> String {
    sentence.replace(":+}", "}").replace('|', "\\|")
}

fn names(facts: &[&str]) -> String {
    let facts: Vec<String> = facts.iter().map(|fact| format!("`{fact}`")).collect();
    facts.join(", ")
}

fn page() -> String {
    let mut page = format!("{HEAD}{RULES}");
    let _ = writeln!(
        page,
        "\nThe gRPC code of a refusal by rule 0 is `{}`, and by any other rule `{}`.",
        code_name(MANDATES_CODE),
        code_name(RULES_CODE)
    );
    for rule in Rule::ALL {
        let (number, name) = (rule.number(), rule.name());
        let _ = write!(
            page,
            "\n### Rule {number}: {name}\n\n{}\n\n| reason | facts | sentence |\n|---|---|---|\n",
            rule.statement()
        );
        for fault in Fault::CATALOGUE.iter().filter(|fault| fault.rule == rule) {
            let (facts, sentence) = (names(fault.facts), cell(fault.sentence));
            let _ = writeln!(page, "| `{}` | {facts} | {sentence} |", fault.reason);
        }
    }
    page.push_str(OTHERS);
    for reason in Reason::ALL {
        let (code, facts) = (code_name(reason.code()), names(reason.facts()));
        let _ = writeln!(
            page,
            "| `{}` | `{code}` | {facts} | {} |",
            reason.name(),
            cell(reason.meaning())
        );
    }
    page
}

#[test]
fn the_page_is_generated_from_the_code() {
    let page = page();
    if std::env::var_os("MINUTEBOOK_WRITE_DOCS").is_some() {
        std::fs::write(root().join(PAGE), &page).expect("the page is written");
    }
    assert!(
        text(Path::new(PAGE)) == page,
        "{PAGE} differs from the code: write it anew with \
         MINUTEBOOK_WRITE_DOCS=1 cargo test --test it documents::errors"
    );
}

#[test]
fn no_reason_code_is_used_twice() {
    let rules = Fault::CATALOGUE.iter().map(|fault| fault.reason);
    let others = Reason::ALL.iter().map(|reason| reason.name());
    let mut used = BTreeSet::new();
    for reason in rules.chain(others) {
        assert!(used.insert(reason), "{reason} is used twice");
    }
}

#[test]
fn every_sentence_names_only_facts() {
    for fault in Fault::CATALOGUE {
        for part in fault.sentence.split('{').skip(1) {
            let (name, _) = part.split_once('}').expect("a closed brace");
            let name = name.trim_end_matches(":+");
            assert!(fault.facts.contains(&name), "{}: {name}", fault.reason);
        }
    }
}
