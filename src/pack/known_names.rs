//! The names of what the answers name by id, for sentences that have ids alone.

use std::collections::HashMap;

use serde_json::Value;

use crate::answers::PackAnswers;

/// Each id in the published messages with the field that names the same thing.
const FIELDS: [(&str, &str); 5] = [
    ("bodyId", "name"),
    ("boardId", "name"),
    ("collaborationId", "name"),
    ("serviceId", "name"),
    ("proposalId", "title"),
];

/// Names by id.
#[derive(Debug, Default)]
pub struct KnownNames {
    names: HashMap<String, String>,
}

/// The nouns before the id of a subject.
const NOUNS: [&str; 3] = ["boards/", "bodies/", "collaborations/"];

impl KnownNames {
    pub fn of(answers: &PackAnswers) -> Self {
        let mut known = Self::default();
        for one in answers.all() {
            if let Some(answer) = &one.answer {
                known.collect(&answer.to_json());
            }
        }
        known
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                let text = |key: &str| fields.get(key).and_then(Value::as_str);
                for (id, field) in FIELDS {
                    let found = text(id).zip(text(field));
                    if let Some((id, name)) =
                        found.filter(|(id, name)| is_id(id) && !name.is_empty())
                    {
                        let written = match field {
                            "title" => format!("“{name}”"),
                            _ => name.to_owned(),
                        };
                        self.names.entry(id.to_owned()).or_insert(written);
                    }
                }
                fields.values().for_each(|field| self.collect(field));
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The sentence with names in the place of ids.
    pub fn in_sentence(&self, sentence: &str) -> String {
        let mut written = String::new();
        let mut rest = sentence;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !is_of_id(c)).unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            match self.names.get(token) {
                Some(name) => {
                    for noun in NOUNS {
                        if let Some(before) = written.strip_suffix(noun) {
                            written.truncate(before.len());
                            break;
                        }
                    }
                    written.push_str(name);
                }
                None => written.push_str(token),
            }
            let next = after.chars().next();
            written.extend(next);
            rest = &after[next.map_or(0, char::len_utf8)..];
        }
        written
    }
}

/// An id of several words: one word alone may be a word of the sentence.
fn is_id(id: &str) -> bool {
    id.contains('-') && id.chars().all(is_of_id)
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names_and_words_stay() {
        let mut known = KnownNames::default();
        known.collect(&serde_json::json!({
            "board": {"boardId": "three-shires-board", "name": "Three Shires Board"},
            "bodies": [{"bodyId": "dogs", "name": "Dogs"}],
            "proposalId": "01900000-0000-7000-8000-000000000102", "title": "Kennels",
        }));
        for (sentence, expected) in [
            (
                "needs boards/three-shires-board by majority",
                "needs Three Shires Board by majority",
            ),
            (
                "dogs agreed on three-shires-board.",
                "dogs agreed on Three Shires Board.",
            ),
            ("a three-shires-board-paper", "a three-shires-board-paper"),
            (
                "voted for proposal 01900000-0000-7000-8000-000000000102",
                "voted for proposal “Kennels”",
            ),
            ("£1 — ältere", "£1 — ältere"),
            ("", ""),
        ] {
            assert_eq!(known.in_sentence(sentence), expected);
        }
    }
}
