//! Which of some names a text means.

use minutebook_domain::same_name::folded;
use strsim::damerau_levenshtein;

use crate::grid::on_one_line;

/// Something with an id and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedThing {
    pub id: String,
    pub name: String,
    /// Other names.
    pub also: Vec<String>,
}

impl NamedThing {
    pub fn new(id: &str, name: &str, also: &[String]) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            also: also.to_vec(),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.also.iter().map(String::as_str))
    }
}

/// A text that two names share if they are the same to a reader.
pub fn name_key(name: &str) -> String {
    folded(name).map_or_else(|| name.to_lowercase(), |folded| folded.to_lowercase())
}

/// Whether two names are the same to a reader.
pub fn is_same_name(one: &str, other: &str) -> bool {
    one == other || name_key(one) == name_key(other)
}

/// The thing that a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant<'d> {
    pub thing: &'d NamedThing,
    /// Whether the text is its id or one of its names, and not only a part.
    pub is_exact: bool,
}

/// Why a text means nothing, or too much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchFault {
    /// Several have it in their names.
    Several(Vec<String>),
    /// None has it; these are near.
    None(Vec<String>),
}

/// The most names that a sentence lists.
const LISTED_MAX: usize = 5;

/// Finds the one thing that a text means: by its id, by a name, or by a part of a name that
/// no other has. Brackets at the end are left out where nothing has that name.
pub fn find<'d>(things: &'d [NamedThing], text: &str) -> Result<Meant<'d>, MatchFault> {
    let text = on_one_line(text);
    if let Some(thing) = with_id_in_brackets(things, &text) {
        return Ok(Meant {
            thing,
            is_exact: true,
        });
    }
    if let Some(exact) = exact(things, &text)? {
        return Ok(exact);
    }
    let short = without_brackets(&text);
    if short != text
        && let Some(found) = exact(things, short)?
    {
        return Ok(Meant {
            is_exact: false,
            ..found
        });
    }
    let begins = |thing: &&NamedThing| thing.names().any(|name| begins_with(name, short));
    let has = |thing: &&NamedThing| thing.names().any(|name| has_words(name, short));
    for found in [
        things.iter().filter(begins).collect::<Vec<_>>(),
        things.iter().filter(has).collect(),
    ] {
        match found.as_slice() {
            [] => {}
            [thing] => {
                return Ok(Meant {
                    thing,
                    is_exact: false,
                });
            }
            several => return Err(MatchFault::Several(listed(several.iter().copied()))),
        }
    }
    Err(MatchFault::None(listed(near(things, short).into_iter())))
}

/// Whether a name is almost that of one of the things, so that it is rather a slip.
pub fn nearly<'d>(things: &'d [NamedThing], text: &str) -> Option<&'d NamedThing> {
    let text = on_one_line(text).to_lowercase();
    let slips = text.chars().count() / 8 + 1;
    things.iter().find(|thing| {
        thing
            .names()
            .any(|name| damerau_levenshtein(&name.to_lowercase(), &text) <= slips)
    })
}

fn exact<'d>(things: &'d [NamedThing], text: &str) -> Result<Option<Meant<'d>>, MatchFault> {
    if let Some(thing) = things
        .iter()
        .find(|thing| thing.id.eq_ignore_ascii_case(text))
    {
        return Ok(Some(Meant {
            thing,
            is_exact: true,
        }));
    }
    let key = name_key(text);
    let found: Vec<&NamedThing> = things
        .iter()
        .filter(|thing| thing.names().any(|name| name_key(name) == key))
        .collect();
    match found.as_slice() {
        [] => Ok(None),
        [thing] => Ok(Some(Meant {
            thing,
            is_exact: true,
        })),
        several => Err(MatchFault::Several(listed(several.iter().copied()))),
    }
}

/// `Forensics [forensics-2]`, as templates write names that several things have.
fn with_id_in_brackets<'d>(things: &'d [NamedThing], text: &str) -> Option<&'d NamedThing> {
    let id = text.strip_suffix(']')?.rsplit_once('[')?.1;
    things.iter().find(|thing| thing.id == id)
}

fn without_brackets(text: &str) -> &str {
    match text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
    {
        Some((before, _)) if !before.trim().is_empty() => before.trim(),
        _ => text,
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '&')
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            "&" => "and".to_owned(),
            word => word.to_lowercase(),
        })
        .collect()
}

fn begins_with(name: &str, text: &str) -> bool {
    let text = words(text);
    !text.is_empty() && words(name).starts_with(&text)
}

fn has_words(name: &str, text: &str) -> bool {
    let name = words(name);
    let text = words(text);
    !text.is_empty() && text.iter().all(|word| name.contains(word))
}

fn near<'d>(things: &'d [NamedThing], text: &str) -> Vec<&'d NamedThing> {
    let text = text.to_lowercase();
    let limit = text.chars().count() / 3 + 1;
    let mut found: Vec<(usize, &NamedThing)> = things
        .iter()
        .filter_map(|thing| {
            let distances = thing
                .names()
                .map(|name| damerau_levenshtein(&name.to_lowercase(), &text));
            let least = distances.min()?;
            (least <= limit).then_some((least, thing))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, thing)| thing).collect()
}

fn listed<'d>(things: impl ExactSizeIterator<Item = &'d NamedThing>) -> Vec<String> {
    let more = things.len().saturating_sub(LISTED_MAX);
    let mut names: Vec<String> = things
        .take(LISTED_MAX)
        .map(|thing| format!("{} [{}]", thing.name, thing.id))
        .collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names
}

impl MatchFault {
    /// The fault in a sentence, for a kind of thing: `service`.
    pub fn sentence(&self, text: &str, noun: &str) -> String {
        let cut: String = on_one_line(text).chars().take(60).collect();
        match self {
            Self::Several(names) => format!(
                "\"{cut}\" may be more than one {noun}: {}; write the whole name or the id",
                names.join(", ")
            ),
            Self::None(names) if names.is_empty() => {
                format!("there is no {noun} \"{cut}\" in the register: write its name or its id")
            }
            Self::None(names) => format!(
                "there is no {noun} \"{cut}\" in the register; there is {}",
                names.join(", ")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things() -> Vec<NamedThing> {
        [
            ("notts-pcc", "Nottinghamshire PCC", &[][..]),
            ("notts-cc", "Nottinghamshire CC", &[]),
            ("leics-pcc", "Leicestershire PCC", &["Leics"]),
            ("org", "Organisational Support Services", &[]),
            ("ld", "Learning & Development", &["EMCHRS L&D"]),
        ]
        .iter()
        .map(|(id, name, also)| {
            let also: Vec<String> = also.iter().map(|name| (*name).to_owned()).collect();
            NamedThing::new(id, name, &also)
        })
        .collect()
    }

    fn found(text: &str) -> Result<(String, bool), String> {
        find(&things(), text)
            .map(|meant| (meant.thing.id.clone(), meant.is_exact))
            .map_err(|fault| fault.sentence(text, "body"))
    }

    #[test]
    fn ids_names_and_parts_that_only_one_has() {
        for (text, id, is_exact) in [
            ("NOTTS-PCC", "notts-pcc", true),
            ("nottinghamshire\u{a0} pcc", "notts-pcc", true),
            ("Leics", "leics-pcc", true),
            ("Leicestershire (22.9%)", "leics-pcc", false),
            ("Organisational Support", "org", false),
            ("EMCHRS L&D", "ld", true),
            ("Learning and Development", "ld", false),
            ("Anything [org]", "org", true),
        ] {
            assert_eq!(found(text), Ok((id.to_owned(), is_exact)), "{text}");
        }
        let several = found("Nottinghamshire").unwrap_err();
        assert!(several.contains("Nottinghamshire PCC [notts-pcc], Nottinghamshire CC"));
        let near = found("Nottinghamshier PCC").unwrap_err();
        assert!(near.contains("there is Nottinghamshire PCC"), "{near}");
        assert!(found("Kent").unwrap_err().contains("write its name"));
        assert_eq!(
            nearly(&things(), "Organisatonal Support Services")
                .unwrap()
                .id,
            "org"
        );
        assert!(nearly(&things(), "Other Collaboration").is_none());
    }
}
