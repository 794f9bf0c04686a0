//! For whom a reader speaks: a body or an office, in its own right or in its seat on a
//! board; or a board itself.

use minutebook_wire::proto::Awaited;

use crate::kind::FormKind;
use crate::typed::{TypedNode, below};

/// The box of the choice between those for whom a reader may speak.
pub const SPEAKER: &str = "speaker";

/// Somebody who may vote or decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaker {
    /// Empty for an office of no body, and for a board itself.
    pub body_id: String,
    /// Empty for the body itself.
    pub office: String,
    /// Empty for a body in its own right.
    pub board_id: String,
    /// For people: `Kent PCC, on the Seven Force Board`.
    pub name: String,
}

impl Speaker {
    pub fn of(awaited: &Awaited) -> Self {
        let who = awaited.who.clone().unwrap_or_default();
        let body = who.body.unwrap_or_default();
        let board = awaited.board.clone().unwrap_or_default();
        let own = match (body.name.as_str(), who.office.as_str()) {
            ("", office) => office.to_owned(),
            (body, "") => body.to_owned(),
            (body, office) => format!("{body} ({office})"),
        };
        let name = match (own.as_str(), board.name.as_str()) {
            ("", board) => board.to_owned(),
            (own, "") => own.to_owned(),
            (own, board) => format!("{own}, on {board}"),
        };
        Self {
            body_id: body.body_id,
            office: who.office,
            board_id: board.board_id,
            name,
        }
    }

    /// Whether it is a board, which decides and does not vote.
    pub fn is_board(&self) -> bool {
        self.body_id.is_empty() && self.office.is_empty()
    }

    /// A text that means this speaker alone.
    pub fn key(&self) -> String {
        format!("{}|{}|{}", self.body_id, self.board_id, self.office)
    }

    /// The speaker of a key, without a name.
    pub fn from_key(key: &str) -> Option<Self> {
        let mut parts = key.splitn(3, '|');
        let mut part = || parts.next().map(str::to_owned);
        Some(Self {
            body_id: part()?,
            board_id: part()?,
            office: part()?,
            name: String::new(),
        })
    }

    /// Writes the speaker into the boxes of a form: who votes, or who decides.
    pub fn write(&self, kind: FormKind, typed: &mut TypedNode) {
        let actor = match kind.name() {
            "vote_cast" => "vote_cast.voter".to_owned(),
            _ => "acted_by".to_owned(),
        };
        for (name, text) in [
            (below(&actor, "body_id"), &self.body_id),
            (below(&actor, "office"), &self.office),
            (below(kind.name(), "board_id"), &self.board_id),
        ] {
            if !text.is_empty() {
                typed.add(&name, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::{ActorRef, BoardRef, BodyRef};

    #[test]
    fn a_speaker_is_named_and_comes_back_by_its_key() {
        let body = BodyRef {
            body_id: "kent".to_owned(),
            name: "Kent PCC".to_owned(),
        };
        let board = BoardRef {
            board_id: "seven".to_owned(),
            name: "The Seven".to_owned(),
        };
        let awaited = Awaited {
            who: Some(ActorRef {
                body: Some(body),
                office: "Chief | Finance".to_owned(),
            }),
            board: Some(board),
            duty: String::new(),
        };
        let speaker = Speaker::of(&awaited);
        assert_eq!(speaker.name, "Kent PCC (Chief | Finance), on The Seven");
        let back = Speaker::from_key(&speaker.key()).unwrap();
        assert_eq!(back.office, "Chief | Finance");
        assert_eq!(back.key(), speaker.key());
        assert!(!speaker.is_board());
        let mut typed = TypedNode::default();
        let vote = FormKind::named("vote_cast").unwrap();
        back.write(vote, &mut typed);
        let vote = typed.field("vote_cast");
        assert_eq!(vote.field("voter").field("body_id").text(), "kent");
        assert_eq!(vote.field("board_id").text(), "seven");
        assert_eq!(Speaker::from_key("kent"), None);
    }
}
