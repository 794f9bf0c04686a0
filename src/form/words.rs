//! The comments of the protocol and the sentences of its refusals, in the words of those
//! who fill in a form.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minutebook_domain::date::{MONTHS, PartialDate};
use minutebook_wire::enum_label::enum_label;
use minutebook_wire::proto::descriptors;
use minutebook_wire::published;
use prost_reflect::EnumDescriptor;

use crate::names::FormNames;
use crate::noun::{Noun, SubjectRange};

/// The same text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A text as a sentence: a capital first, a stop last.
pub fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    match text.ends_with(['.', '?', '!']) || text.is_empty() {
        true => text,
        false => format!("{text}."),
    }
}

/// Parts of comments that say how a field is written in a message. A form has a box of the
/// right kind instead.
const OF_MESSAGES: &[&str] = &[
    "Id",
    "Ids",
    "Name",
    "Names",
    "Text",
    "UUID",
    "Pence",
    "ppm",
    "Decimal",
    "sha256",
    "Required",
    "Exactly one",
    "Exactly one; required",
    "Ids of bodies",
    "Ids of collaborations",
    "Ids of services",
    "Id of a board",
    "no repeats",
    "At most 200 characters",
    "Default: none",
    "Default: none stated",
    "Default: not stated",
    "Default: not given",
    "Default: unknown",
    "Default: false",
    "Default: unstated",
    "Default: none in particular",
    "Default: not named",
    "Default 0: not stated",
];

/// The sentences of a comment.
fn sentences(comment: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut rest = comment;
    while let Some(at) = end_of_sentence(rest) {
        sentences.push(rest[..at].trim());
        rest = rest[at + 1..].trim_start();
    }
    if !rest.trim().is_empty() {
        sentences.push(rest.trim());
    }
    sentences
}

/// Where a sentence ends: at a stop before a blank and a capital, or at the end.
fn end_of_sentence(text: &str) -> Option<usize> {
    text.match_indices('.').map(|(at, _)| at).find(|at| {
        let after = &text[at + 1..];
        let next = after.trim_start().chars().next();
        after.is_empty()
            || (after.starts_with(' ')
                && next.is_none_or(|c| c.is_uppercase() || !c.is_alphabetic()))
            || after.trim_start().starts_with("ppm")
    })
}

/// A field as a question: the first words of its comment where they name it, or its name.
pub fn label(name: &str, comment: &str) -> String {
    const LABEL_MAX: usize = 75;
    let first = sentences(comment).into_iter().next().unwrap_or_default();
    let (first, _) = without_case(first);
    let first = first.split([':', ';']).next().unwrap_or_default();
    let first = first.split(", such as ").next().unwrap_or_default();
    let is_of_message = |text: &str| {
        let begins = ["Its id", "The id of", "Applies ", "Ids", "A UUID", "By "];
        text.contains('`')
            || text.contains('"')
            || OF_MESSAGES.contains(&text)
            || begins.iter().any(|begin| text.starts_with(begin))
    };
    if first.is_empty() || first.chars().count() > LABEL_MAX || is_of_message(first) {
        return capital(&field_in_words(name));
    }
    capital(first)
}

/// A sentence without the case that it is for: `For a weighted vote: the share …`.
fn without_case(sentence: &str) -> (&str, Option<&str>) {
    match sentence.split_once(": ") {
        Some((case, rest)) if case.starts_with("For a") => (rest, Some(case)),
        _ => (sentence, None),
    }
}

/// The name of a field in words: `takes_effect_on` is `takes effect on`.
pub fn field_in_words(name: &str) -> String {
    let cut = ["_pence", "_ppm", "_ids", "_id"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    cut.unwrap_or(name).replace('_', " ")
}

/// The rest of a comment, as help below the question; empty where it would say nothing
/// more.
pub fn hint(label: &str, comment: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in sentences(comment) {
        let (text, case) = without_case(text.trim_end_matches('.'));
        let text = text.trim_end_matches('.');
        kept.extend(case.map(sentence));
        let parts: Vec<&str> = text
            .split("; ")
            .filter(|part| {
                let part = part
                    .trim_end_matches(", required")
                    .trim_end_matches(", no repeats");
                !OF_MESSAGES.contains(&part) && !is_only_form(part)
            })
            .collect();
        let text = parts.join("; ");
        let text = text.strip_suffix(", required").unwrap_or(&text);
        let text = capital(text);
        let text = match text.strip_prefix(label) {
            Some("") => continue,
            Some(rest) if rest.starts_with([',', ':', ';']) => rest[2..].to_owned(),
            _ => text,
        };
        if text.is_empty() {
            continue;
        }
        let text = of_people(&text);
        let text = match text
            .strip_prefix("Default: ")
            .or(text.strip_prefix("Default 0: "))
        {
            Some(default) => format!("Left empty: {default}"),
            None => text,
        };
        kept.push(sentence(&plain(&text)));
    }
    kept.join(" ")
}

/// A sentence about a message as one about a form.
fn of_people(text: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("Ids of bodies", "Bodies"),
        ("Ids of collaborations", "Collaborations"),
        ("Ids of services", "Services"),
        ("Ids of instruments of the collaboration", ""),
        ("Ids, at least one", "At least one"),
        ("Id, required, unless", "Needed, unless"),
        ("Pence, above 0", "Above 0"),
        ("Pence, not", "Not"),
        ("Required", "Needed"),
        ("is required", "is needed"),
        ("refused otherwise", "left empty otherwise"),
        ("refused for others", "left empty for others"),
        ("else refused", "else left empty"),
        ("Refused", "Not possible"),
        ("is refused", "is not possible"),
        (
            "\"collaborations/{id}\" or \"boards/{id}\"",
            "Each by its name",
        ),
    ];
    let mut text = text.to_owned();
    for (of_message, of_form) in WORDS {
        text = text.replace(of_message, of_form);
    }
    text
}

/// Whether a part of a sentence only says how a field is written in a message.
fn is_only_form(part: &str) -> bool {
    let lower = part.to_lowercase();
    lower == "required" || lower == "no repeats" || lower.starts_with("uuid,")
}

/// A sentence of the register without the names of fields, kinds and values: each is put
/// into words.
pub fn plain(text: &str) -> String {
    replaced(text, &|word| in_plain_words(word))
}

/// A sentence of the register for people: as [`plain`], and with names in the place of ids.
pub fn plain_with_names(text: &str, names: &FormNames) -> String {
    replaced(text, &|word| {
        named(word, names).or_else(|| in_plain_words(word))
    })
}

/// Replaces whole words, with the backticks around them.
fn replaced(text: &str, replace: &dyn Fn(&str) -> Option<String>) -> String {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-' | '.');
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_inner(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let bare = word.trim_end_matches('.');
        match (!bare.is_empty()).then(|| replace(bare)).flatten() {
            Some(words) => {
                out.push_str(&words);
                out.push_str(&word[bare.len()..]);
            }
            None => out.push_str(word),
        }
        let mut others = after.chars();
        if let Some(c) = others.next() {
            if c != '`' {
                out.push(c);
            }
            rest = others.as_str();
        } else {
            rest = "";
        }
    }
    out
}

fn in_plain_words(word: &str) -> Option<String> {
    if let Some(day) = day_in_words(word) {
        return Some(day);
    }
    let last = word.rsplit('.').next().unwrap_or(word);
    if published::event_kinds()
        .iter()
        .any(|kind| kind.name == last)
    {
        return Some(format!("“{}”", capital(&last.replace('_', " "))));
    }
    if let Some(label) = enum_labels().get(last) {
        return Some(format!("“{label}”"));
    }
    let is_plain = |c: char| c.is_ascii_lowercase() || c == '_';
    // `Terms.provisions` is a field, and `e.g` is none.
    let is_of_message = word != last && word.starts_with(|c: char| c.is_ascii_uppercase());
    let is_field = (last.contains('_') || is_of_message) && last.chars().all(is_plain);
    is_field.then(|| format!("“{}”", field_in_words(last)))
}

/// `17 June 2024` for `2024-06-17`.
fn day_in_words(word: &str) -> Option<String> {
    let is_day = word.len() == 10 && word.matches('-').count() == 2;
    let day: PartialDate = word.parse().ok().filter(|_| is_day)?;
    let wire = minutebook_wire::reply::date(day);
    let month = MONTHS.get(usize::try_from(wire.month - 1).ok()?)?;
    Some(format!("{} {month} {}", wire.day, wire.year))
}

/// The fewest letters of a value that is named without its enumeration: others are words.
const SHORT_MIN: usize = 3;

/// The label of each value of each enumeration.
fn enum_labels() -> &'static BTreeMap<String, String> {
    static LABELS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let mut labels = BTreeMap::new();
        for values in descriptors().all_enums() {
            for value in values.values() {
                let label = value_in_words(&values, value.name());
                // Comments name values without that of their enumeration, too.
                let zero = values.default_value();
                let prefix = zero.name().trim_end_matches("UNSPECIFIED");
                let short = value.name().strip_prefix(prefix);
                let short = short.filter(|short| short.len() > SHORT_MIN);
                labels.extend(short.map(|short| (short.to_owned(), label.clone())));
                labels.insert(value.name().to_owned(), label);
            }
        }
        labels
    });
    &LABELS
}

/// A value of an enumeration: `policing body`.
pub fn value_in_words(values: &EnumDescriptor, value: &str) -> String {
    let zero = values.default_value();
    let label = enum_label(value, zero.name());
    match label.is_empty() {
        true => "not stated".to_owned(),
        false => label,
    }
}

/// The name of the thing that a word is the id of.
fn named(word: &str, names: &FormNames) -> Option<String> {
    let any = Noun::Subject(SubjectRange::Any);
    let has = |noun: &Noun| names.things(noun).iter().any(|thing| thing.id == word);
    if word.contains('/') && has(&any) {
        return Some(names.name(&any, word).to_owned());
    }
    // A word without a hyphen may be a word.
    let nouns = [
        Noun::Body,
        Noun::Board,
        Noun::Collaboration,
        Noun::Service,
        Noun::Instrument,
        Noun::Proposal,
    ];
    let mut nouns = nouns.iter().filter(|_| word.contains('-'));
    let noun = nouns.find(|noun| has(noun))?;
    Some(names.name(noun, word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_workbook::NamedThing;

    #[test]
    fn a_comment_becomes_a_question_and_help() {
        for (name, comment, question, help) in [
            (
                "body_id",
                "The party that gives the notice. Id, required.",
                "The party that gives the notice",
                "",
            ),
            (
                "body_id",
                "The body: it exists on that day and is not yet a party. Id, required.",
                "The body",
                "It exists on that day and is not yet a party.",
            ),
            (
                "quorum",
                "The number of voting members that makes a quorum. Default 0: as before.",
                "The number of voting members that makes a quorum",
                "Left empty: as before.",
            ),
            (
                "place",
                "The place in the document, such as \"Table 1\". At most 200 characters.",
                "The place in the document",
                "Such as \"Table 1\".",
            ),
            ("notice_id", "Its id. Required.", "Notice", "Its id."),
            (
                "agreed_by_ids",
                "For an end by agreement: the parties that agreed, all of them. Ids. Required, unless \
                 NOT_GIVEN.",
                "The parties that agreed, all of them",
                "For an end by agreement. Needed, unless “not given”.",
            ),
            (
                "put_to_ids",
                "The bodies that the request is put to, as `MatterProposed.put_to_ids`.",
                "Put to",
                "The bodies that the request is put to, as “put to”.",
            ),
        ] {
            let label = label(name, comment);
            assert_eq!(label, question);
            assert_eq!(hint(&label, comment), help);
        }
    }

    #[test]
    fn a_refusal_is_put_into_words() {
        let mut names = FormNames::default();
        let thing = |id: &str, name: &str| [NamedThing::new(id, name, &[])];
        names.add(Noun::Body, thing("kent-pcc", "Kent PCC"));
        names.add(
            Noun::Subject(SubjectRange::Any),
            thing("boards/seven", "The Seven"),
        );
        for (text, words) in [
            (
                "kent-pcc is no party: record party_joined for it first",
                "Kent PCC is no party: record “Party joined” for it first",
            ),
            (
                "set terms.has_withdrawal_provision, or put TERM_KIND_WITHDRAWAL in it.",
                "set “has withdrawal provision”, or put “withdrawal” in it.",
            ),
            ("no power: boards/seven.", "no power: The Seven."),
            (
                "it is open on 2026-11-09, and",
                "it is open on 9 November 2026, and",
            ),
            ("see `agreed_by_ids`", "see “agreed by”"),
        ] {
            assert_eq!(plain_with_names(text, &names), words);
        }
    }
}
