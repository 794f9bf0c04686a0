//! The subject that a person names by its id, its name or an alias.

use crate::client::Client;
use crate::failure::Failure;
use crate::id;
use minutebook_grpc::wire::proto::{AsOf, FindSubjectsRequest, SubjectMatch};
use minutebook_present::table::sanitise_for_terminal;

/// The kind of subject that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Body,
    Board,
    Collaboration,
    /// Any of them; a bare id is first that of a collaboration.
    Subject,
}

impl Wanted {
    const fn noun(self) -> Option<&'static str> {
        match self {
            Self::Body => Some("bodies"),
            Self::Board => Some("boards"),
            Self::Collaboration => Some("collaborations"),
            Self::Subject => None,
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Board => "board",
            Self::Collaboration => "collaboration",
            Self::Subject => "body, board or collaboration",
        }
    }

    /// The spelling that a request takes.
    fn spelling(self, subject: &str) -> String {
        let id = subject.split_once('/').map_or(subject, |(_, id)| id);
        match self {
            Self::Subject => subject.to_owned(),
            Self::Body | Self::Board | Self::Collaboration => id.to_owned(),
        }
    }
}

/// The answer of the server to a text.
pub enum LookedUp {
    /// The spelling of the one subject that it means.
    Taken(String),
    /// Nothing has that id, name or alias. The subjects that have it in part, in lines.
    Unknown(Vec<String>),
}

/// The most subjects that are offered for a text that none is called.
const OFFERED_MAX: usize = 8;

/// Looks a text up on the server, and says which subject it was taken for.
pub async fn look_up(
    wanted: Wanted,
    text: &str,
    as_of: Option<AsOf>,
    client: &Client,
) -> Result<LookedUp, Failure> {
    // An id that was read as that of a collaboration may be that of a body.
    let bare = text.strip_prefix("collaborations/").unwrap_or(text);
    let request = FindSubjectsRequest {
        as_of,
        text: bare.to_owned(),
        ..Default::default()
    };
    let answer = client.register().find_subjects(request).await?.into_inner();
    let is_wanted = |found: &&SubjectMatch| {
        let noun = found.subject.split_once('/').map(|(noun, _)| noun);
        wanted.noun().is_none_or(|wanted| noun == Some(wanted))
    };
    let found: Vec<&SubjectMatch> = answer.subjects.iter().filter(is_wanted).collect();
    let line = |one: &&SubjectMatch| {
        let name = sanitise_for_terminal(&one.name);
        format!("  {} ({name})", one.subject)
    };
    match found.as_slice() {
        [one] if !one.is_part => {
            let taken = wanted.spelling(&one.subject);
            if taken != text {
                let (subject, name) = (&one.subject, sanitise_for_terminal(&one.name));
                eprintln!("\"{bare}\" is taken as {subject} ({name}).");
            }
            Ok(LookedUp::Taken(taken))
        }
        several if several.iter().any(|one| !one.is_part) => {
            let lines: Vec<String> = several.iter().map(line).collect();
            Err(Failure::Refused(format!(
                "\"{bare}\" can mean several: name one of them by its id.\n{}",
                lines.join("\n")
            )))
        }
        parts => {
            let mut lines: Vec<String> = parts.iter().take(OFFERED_MAX).map(line).collect();
            if parts.len() > OFFERED_MAX {
                lines.push(format!("  and {} more", parts.len() - OFFERED_MAX));
            }
            Ok(LookedUp::Unknown(lines))
        }
    }
}

/// The failure where nothing has that name.
pub fn unknown(wanted: Wanted, text: &str, offered: &[String]) -> Failure {
    let kind = wanted.in_words();
    let sentence = format!(
        "No {kind} with the id, name or alias \"{text}\" is in the register on that day: `minutebook \
         show collaborations --all`, `show bodies --all` and `show boards` list them."
    );
    Failure::Refused(with_offers(sentence, text, offered))
}

/// The sentence, and the subjects that have the text in part.
pub fn with_offers(sentence: String, text: &str, offered: &[String]) -> String {
    let bare = text.split_once('/').map_or(text, |(_, bare)| bare);
    match offered {
        [] => sentence,
        offered => format!(
            "{sentence}\nWith \"{bare}\" in them:\n{}",
            offered.join("\n")
        ),
    }
}

/// Whether a text is an id as a request takes it, and not a name.
pub fn is_id(text: &str) -> bool {
    id::looks_like_an_id(text)
}
