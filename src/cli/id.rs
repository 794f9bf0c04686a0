//! Ids and subjects as people type them: `bch` or `collaborations/bch`.

use uuid::Uuid;

const NOUNS: [&str; 3] = ["bodies", "boards", "collaborations"];

/// Whether a text has only the letters of ids: others are those of names.
pub fn looks_like_an_id(text: &str) -> bool {
    let is_of_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c);
    text.chars().all(is_of_id)
}

/// The text as an id is written: without white space around it, and in small letters if
/// it then is one.
fn tidy(text: &str) -> String {
    let small = text.trim().to_ascii_lowercase();
    if looks_like_an_id(&small) {
        small
    } else {
        text.trim().to_owned()
    }
}

/// Reads an id, or leaves a name as it is, for the server to look up.
fn or_name(text: &str, parse: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
    let text = tidy(text);
    if text.is_empty() {
        return Err("an id or a name is wanted".to_owned());
    }
    if looks_like_an_id(&text) {
        parse(&text)
    } else {
        Ok(text)
    }
}

/// Reads the id, name or alias of a collaboration.
pub fn parse_collaboration_or_name(text: &str) -> Result<String, String> {
    or_name(text, parse_collaboration)
}

/// Reads the id, name or alias of a body.
pub fn parse_body_or_name(text: &str) -> Result<String, String> {
    or_name(text, parse_body)
}

/// Reads the id, name or alias of a board.
pub fn parse_board_or_name(text: &str) -> Result<String, String> {
    or_name(text, parse_board)
}

/// Reads the id, name or alias of a subject.
pub fn parse_subject_or_name(text: &str) -> Result<String, String> {
    or_name(text, parse_subject)
}

fn id_of(noun: &'static str, text: &str) -> Result<String, String> {
    match text.split_once('/') {
        None => Ok(text.to_owned()),
        Some((given, id)) if given == noun && !id.is_empty() && !id.contains('/') => {
            Ok(id.to_owned())
        }
        Some((given, _)) if NOUNS.contains(&given) && given != noun => Err(format!(
            "\"{text}\" is one of the {given}; an id of the {noun} is wanted"
        )),
        Some(_) => Err(format!("\"{text}\" is not an id: write bch or {noun}/bch")),
    }
}

/// Reads `bch` or `collaborations/bch`.
pub fn parse_collaboration(text: &str) -> Result<String, String> {
    id_of("collaborations", &tidy(text))
}

/// Reads `leics-pcc` or `bodies/leics-pcc`.
pub fn parse_body(text: &str) -> Result<String, String> {
    id_of("bodies", &tidy(text))
}

/// Reads `bch-summit` or `boards/bch-summit`.
pub fn parse_board(text: &str) -> Result<String, String> {
    id_of("boards", &tidy(text))
}

/// Reads a subject; one without a noun is a collaboration.
pub fn parse_subject(text: &str) -> Result<String, String> {
    let text = tidy(text);
    match text.split_once('/') {
        None => Ok(format!("collaborations/{text}")),
        Some((noun, id)) if NOUNS.contains(&noun) && !id.is_empty() && !id.contains('/') => {
            Ok(text)
        }
        Some(_) => Err(format!(
            "\"{text}\" is not a subject: write bodies/…, boards/… or collaborations/…"
        )),
    }
}

/// A proposal, as a person may name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalName {
    Id(String),
    /// The position of an entry about it: tables print it, and it is shorter.
    Entry(u64),
}

/// Reads the UUID of a proposal, or the position of an entry about it.
pub fn parse_proposal(text: &str) -> Result<ProposalName, String> {
    if !text.is_empty() && text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.parse() {
            Ok(position) if position > 0 => Ok(ProposalName::Entry(position)),
            _ => Err("entries are counted from 1".to_owned()),
        };
    }
    Uuid::parse_str(text)
        .map(|id| ProposalName::Id(id.to_string()))
        .map_err(|_| {
            format!(
                "\"{text}\" is neither the id of a proposal (a UUID) nor the position of an entry \
                 about it (42)"
            )
        })
}

/// The subjects that `text` can mean. Ids are unique in the register, so one
/// without a noun is looked for under each.
pub fn possible_subjects(text: &str) -> Result<Vec<String>, String> {
    let text = tidy(text);
    // The register itself, of which mandates are recorded, has no id.
    if text == "register" {
        return Ok(vec![text]);
    }
    if text.contains('/') {
        return Ok(vec![parse_subject(&text)?]);
    }
    Ok(NOUNS.map(|noun| format!("{noun}/{text}")).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_carry_its_noun() {
        assert_eq!(parse_collaboration("bch").as_deref(), Ok("bch"));
        assert_eq!(
            parse_collaboration("collaborations/bch").as_deref(),
            Ok("bch")
        );
        assert!(parse_collaboration("bodies/bch").is_err());
        assert!(parse_board("boards/").is_err());
        assert!(parse_body("people/x").is_err());
    }

    #[test]
    fn an_id_is_read_in_capitals_and_a_name_is_left_as_it_is() {
        for text in ["bch", "BCH", " Bch ", "Collaborations/bch"] {
            assert_eq!(parse_collaboration_or_name(text).as_deref(), Ok("bch"));
        }
        let name = "Ports Policing (Kent)";
        assert_eq!(parse_subject_or_name(name).as_deref(), Ok(name));
        assert_eq!(parse_body_or_name(" Kent PCC ").as_deref(), Ok("Kent PCC"));
        assert!(parse_collaboration_or_name("bodies/bch").is_err());
        assert!(parse_subject_or_name(" ").is_err());
    }

    #[test]
    fn a_proposal_is_named_by_its_id_or_by_an_entry_about_it() {
        let id = "0193aaaa-0000-7000-8000-000000000001";
        let named = ProposalName::Id(id.to_owned());
        assert_eq!(parse_proposal(id).as_ref(), Ok(&named));
        assert_eq!(parse_proposal(&id.to_uppercase()), Ok(named));
        assert_eq!(parse_proposal("42"), Ok(ProposalName::Entry(42)));
        for wrong in ["0", "", "bch", "-1", "99999999999999999999"] {
            assert!(parse_proposal(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_subject_without_a_noun_is_a_collaboration_and_in_history_anything() {
        assert_eq!(parse_subject("bch").as_deref(), Ok("collaborations/bch"));
        assert_eq!(parse_subject("bodies/x").as_deref(), Ok("bodies/x"));
        assert!(parse_subject("bodies/x/y").is_err());
        assert_eq!(parse_subject(" Bch ").as_deref(), Ok("collaborations/bch"));
        assert_eq!(
            possible_subjects("bch").unwrap(),
            ["bodies/bch", "boards/bch", "collaborations/bch"]
        );
        assert_eq!(possible_subjects("boards/b").unwrap(), ["boards/b"]);
        assert_eq!(possible_subjects("register").unwrap(), ["register"]);
    }
}
