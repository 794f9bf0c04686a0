//! Ids of the things that an event makes: nobody has to think of one.

use prost_reflect::FieldDescriptor;
use sha2::{Digest as _, Sha256};
use uuid::Builder;

use crate::names::FormNames;
use crate::noun::{Noun, SubjectRange};
use crate::typed::TypedNode;

/// The most characters of an id.
const ID_MAX: usize = 63;

/// The most characters of an id that is made: it is read in lists.
const MADE_MAX: usize = 40;

/// The fields that say what a thing is called, the best first.
const CALLED: &[&str] = &["name", "title", "what", "description", "purpose"];

/// How often the same name may be used before an id gets letters that mean nothing.
const SAME_NAMES_MAX: usize = 50;

/// The id of a thing that is made by a group of fields: from its name, or from its kind and
/// the request. The same form always makes the same id.
pub fn made_id(
    field: &FieldDescriptor,
    group: &TypedNode,
    name: &str,
    request_id: &str,
    names: &FormNames,
) -> String {
    let noun = Noun::of_field(field.full_name(), field.name());
    let slug = called(group).map(|text| slug(&text));
    match slug.filter(|slug| !slug.is_empty()) {
        Some(slug) => not_taken(&slug, &noun, names),
        None => {
            let digest = digest(request_id, name);
            let digits: String = digest[..4]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            format!("{}-{digits}", slug_of_noun(&noun))
        }
    }
}

/// A subject that is founded, from its name.
pub fn made_subject(range: SubjectRange, payload: &TypedNode, names: &FormNames) -> Option<String> {
    let noun = match range {
        SubjectRange::Bodies => Noun::Body,
        SubjectRange::Boards => Noun::Board,
        SubjectRange::Collaborations => Noun::Collaboration,
        SubjectRange::Any => return None,
    };
    let prefix = range.prefix();
    let slug = slug(payload.field("name").text());
    (!slug.is_empty()).then(|| format!("{prefix}/{}", not_taken(&slug, &noun, names)))
}

/// A UUID that the same form always makes for the same box.
pub fn made_uuid(name: &str, request_id: &str) -> String {
    let digest = digest(request_id, name);
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(short).into_uuid().to_string()
}

fn digest(request_id: &str, name: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"minutebook form 1\0");
    hash.update(request_id.as_bytes());
    hash.update([0]);
    hash.update(name.as_bytes());
    hash.finalize().into()
}

fn called(group: &TypedNode) -> Option<String> {
    let own = CALLED.iter().map(|name| group.field(name).text());
    let inner = group.field_names().flat_map(|field| {
        let inner = group.field(field);
        CALLED.iter().map(move |name| inner.field(name).text())
    });
    let mut texts = own.chain(inner);
    texts
        .find(|text| !text.trim().is_empty())
        .map(str::to_owned)
}

fn slug_of_noun(noun: &Noun) -> String {
    match noun {
        Noun::Instrument => "instrument".to_owned(),
        other => slug(&other.in_words()),
    }
}

/// `Learning & Development` as `learning-and-development`: whole words, as many as fit.
fn slug(text: &str) -> String {
    let text = text.replace('&', " and ").replace(['\'', '’'], "");
    let mut slug = String::new();
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let words = text.split(|c: char| !is_plain(c));
    for word in words.filter(|word| !word.is_empty()) {
        let length = slug.len() + word.len() + 1;
        if !slug.is_empty() && length > MADE_MAX {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug.truncate(ID_MAX);
    slug
}

/// The id itself, or with a number behind it where another thing has it.
fn not_taken(slug: &str, noun: &Noun, names: &FormNames) -> String {
    let is_taken = |id: &str| names.things(noun).iter().any(|thing| thing.id == id);
    let numbered = (2..SAME_NAMES_MAX).map(|number| {
        let cut: String = slug.chars().take(MADE_MAX).collect();
        format!("{}-{number}", cut.trim_end_matches('-'))
    });
    let mut free = std::iter::once(slug.to_owned()).chain(numbered);
    free.find(|id| !is_taken(id))
        .unwrap_or_else(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_workbook::NamedThing;

    #[test]
    fn an_id_is_made_of_whole_words_and_not_taken() {
        assert_eq!(slug("Learning & Development"), "learning-and-development");
        assert_eq!(slug("St John's – 2024/25"), "st-johns-2024-25");
        assert_eq!(slug("警察"), "");
        assert!(slug(&"long words ".repeat(20)).len() <= MADE_MAX);
        assert!(slug(&"x".repeat(200)).len() <= ID_MAX);
        let mut names = FormNames::default();
        names.add(Noun::Body, [NamedThing::new("kent-pcc", "Kent PCC", &[])]);
        let payload = TypedNode::from_pairs([("name", "Kent PCC")]);
        let subject = made_subject(SubjectRange::Bodies, &payload, &names);
        assert_eq!(subject.as_deref(), Some("bodies/kent-pcc-2"));
        assert_eq!(made_subject(SubjectRange::Any, &payload, &names), None);
    }

    #[test]
    fn a_made_uuid_differs_by_request_and_box_only() {
        assert_eq!(made_uuid("a", "r"), made_uuid("a", "r"));
        assert_ne!(made_uuid("a", "r"), made_uuid("b", "r"));
        assert_ne!(made_uuid("a", "r"), made_uuid("a", "s"));
    }
}
