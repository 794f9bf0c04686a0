//! The names that a form suggests and understands in the place of ids.

use std::collections::{BTreeMap, BTreeSet};

use minutebook_workbook::{MatchFault, NameDirectory, NamedThing, find_name, name_key};

use crate::noun::{Noun, SubjectRange};

/// The most names that a page suggests for one kind of thing.
pub const SUGGESTED_MAX: usize = 1_000;

/// The names that are known for a form, by the kind of thing.
#[derive(Debug, Clone, Default)]
pub struct FormNames {
    things: BTreeMap<Noun, Vec<NamedThing>>,
}

impl FormNames {
    /// The names of a directory, with those within the subject of the form.
    pub fn of(directory: &NameDirectory, subject: &str) -> Self {
        let mut names = Self::default();
        for (noun, range, prefix, things) in [
            (
                Noun::Collaboration,
                SubjectRange::Collaborations,
                "collaborations",
                directory.collaborations(),
            ),
            (
                Noun::Board,
                SubjectRange::Boards,
                "boards",
                directory.boards(),
            ),
            (
                Noun::Body,
                SubjectRange::Bodies,
                "bodies",
                directory.bodies(),
            ),
        ] {
            let subjects: Vec<NamedThing> = things
                .iter()
                .map(|thing| NamedThing {
                    id: format!("{prefix}/{}", thing.id),
                    ..thing.clone()
                })
                .collect();
            names.add(Noun::Subject(range), subjects.clone());
            names.add(Noun::Subject(SubjectRange::Any), subjects);
            names.add(noun, things.to_vec());
        }
        let proposals = directory.proposals();
        names.add(Noun::Proposal, proposals.map(|(_, thing)| thing.clone()));
        if let Some(within) = directory.names_of(subject) {
            names.add(Noun::Service, within.services.clone());
            names.add(Noun::Instrument, within.instruments.clone());
            let mut heads: Vec<NamedThing> = Vec::new();
            for head in &within.heads {
                if heads.iter().all(|known| known.name != head.name) {
                    heads.push(NamedThing::new(&head.name, &head.name, &[]));
                }
            }
            names.add(Noun::Head, heads);
        }
        names
    }

    /// Adds names. A thing that is known under its id keeps the names that it has.
    pub fn add(&mut self, noun: Noun, things: impl IntoIterator<Item = NamedThing>) {
        let known = self.things.entry(noun).or_default();
        for thing in things {
            if known.iter().all(|other| other.id != thing.id) {
                known.push(thing);
            }
        }
    }

    pub fn things(&self, noun: &Noun) -> &[NamedThing] {
        self.things.get(noun).map_or(&[], Vec::as_slice)
    }

    /// The texts that a page offers for a kind of thing: each means one thing alone.
    pub fn suggestions(&self, noun: &Noun) -> Vec<String> {
        let things = self.things(noun);
        let shared = shared_names(things);
        let things = things.iter().take(SUGGESTED_MAX);
        things.map(|thing| written(thing, &shared)).collect()
    }

    /// The id as a reader knows it: the name, or the id where no name is known.
    pub fn shown(&self, noun: &Noun, id: &str) -> String {
        let mut things = self.things(noun).iter();
        let thing = things.find(|thing| thing.id == id);
        let shared = shared_names(self.things(noun));
        thing.map_or_else(|| id.to_owned(), |thing| written(thing, &shared))
    }

    /// The name alone; the id where no name is known.
    pub fn name<'n>(&'n self, noun: &Noun, id: &'n str) -> &'n str {
        let mut things = self.things(noun).iter();
        let thing = things.find(|thing| thing.id == id);
        thing.map_or(id, |thing| thing.name.as_str())
    }

    /// The id that a text means. A text that looks like an id is passed on: the register
    /// may know more than the names that were asked for.
    pub fn meant(&self, noun: &Noun, text: &str) -> Result<String, String> {
        let text = text.trim();
        match find_name(self.things(noun), text) {
            Ok(meant) => Ok(meant.thing.id.clone()),
            Err(MatchFault::None(_)) if is_id(noun, text) => Ok(text.to_owned()),
            Err(fault) => Err(in_words(&fault, text, noun)),
        }
    }
}

/// The name, with the id behind it where another thing has the name too.
fn written(thing: &NamedThing, shared: &BTreeSet<String>) -> String {
    match thing.name.is_empty() || shared.contains(&name_key(&thing.name)) {
        true => format!("{} [{}]", thing.name, thing.id),
        false => thing.name.clone(),
    }
}

/// The names, ids and other names that more than one thing has.
fn shared_names(things: &[NamedThing]) -> BTreeSet<String> {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for thing in things {
        let also = thing.also.iter().chain([&thing.name, &thing.id]);
        for key in also.map(|name| name_key(name)) {
            let owner = owners.entry(key.clone()).or_insert(&thing.id);
            if *owner != thing.id {
                shared.insert(key);
            }
        }
    }
    shared
}

/// The fault as a sentence for people who write names: without ids where names do.
fn in_words(fault: &MatchFault, text: &str, noun: &Noun) -> String {
    let cut: String = text.chars().take(60).collect();
    let what = noun.in_words();
    match fault {
        MatchFault::Several(names) => format!(
            "“{cut}” may be more than one {what}: {}. Choose one of them",
            names.join(", ")
        ),
        MatchFault::None(names) if names.is_empty() => {
            format!("No {what} called “{cut}” is known. Choose one from the list, or check the day")
        }
        MatchFault::None(names) => format!(
            "No {what} called “{cut}” is known. Is it {}?",
            names.join(", ")
        ),
    }
}

/// Whether a text could be an id, and is no name that people would write.
fn is_id(noun: &Noun, text: &str) -> bool {
    let is_slug = |text: &str| {
        let is_end = |c: Option<char>| c.is_some_and(|c| c != '-');
        text.len() <= 63
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && is_end(text.chars().next())
            && is_end(text.chars().next_back())
    };
    match noun {
        Noun::Subject(_) => text
            .split_once('/')
            .is_some_and(|(kind, id)| is_slug(kind) && is_slug(id)),
        _ => is_slug(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> FormNames {
        let mut names = FormNames::default();
        let things = [
            ("kent", "Kent PCC"),
            ("essex", "Essex PCC"),
            ("ld", "Learning"),
            ("ld-2", "Learning"),
        ];
        let things = things.iter();
        names.add(
            Noun::Body,
            things.map(|(id, name)| NamedThing::new(id, name, &[])),
        );
        names
    }

    #[test]
    fn a_name_an_id_and_what_a_page_suggests_all_mean_the_thing() {
        let names = names();
        for (text, id) in [
            ("Kent PCC", "kent"),
            (" kent pcc ", "kent"),
            ("kent", "kent"),
            ("Learning [ld-2]", "ld-2"),
            ("not-listed", "not-listed"),
        ] {
            assert_eq!(names.meant(&Noun::Body, text).as_deref(), Ok(id), "{text}");
        }
        for suggested in names.suggestions(&Noun::Body) {
            let id = names.meant(&Noun::Body, &suggested).unwrap();
            assert_eq!(names.shown(&Noun::Body, &id), suggested);
        }
        assert_eq!(names.shown(&Noun::Body, "ld"), "Learning [ld]");
    }

    #[test]
    fn a_text_that_means_nothing_gets_a_way_out() {
        let names = names();
        let fault = names.meant(&Noun::Body, "Learning").unwrap_err();
        assert!(fault.contains("more than one body"), "{fault}");
        let fault = names.meant(&Noun::Body, "Kennt PCC").unwrap_err();
        assert!(fault.contains("Is it Kent PCC"), "{fault}");
        let fault = names.meant(&Noun::Board, "Some Board").unwrap_err();
        assert!(fault.contains("No board called"), "{fault}");
    }
}
