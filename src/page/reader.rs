//! The rights of the reader of a page, so that a page offers what that reader may record.

use minutebook_form::Speaker;
use minutebook_wire::proto::{
    ActorRef, AttentionKind, AttentionView, Awaited, BodyRef, MandateRole, MandateView,
    WhoAmIResponse,
};

use crate::spoken;

/// The rights of a reader. They only decide what a page offers: the register checks each
/// request itself.
#[derive(Debug, Clone)]
pub struct PageReader {
    /// Whether the register knows who reads.
    is_signed_in: bool,
    /// Whether an entry needs a mandate.
    needs_mandate: bool,
    mandates: Vec<MandateView>,
    keepers: Vec<String>,
}

impl PageReader {
    pub fn of(answer: &WhoAmIResponse) -> Self {
        let mut mandates = answer.mandates.clone();
        mandates.retain(|mandate| mandate.in_force);
        Self {
            is_signed_in: answer.signed_in,
            needs_mandate: answer.mandate_needed,
            mandates,
            keepers: answer.keepers.clone(),
        }
    }

    /// One who may record nothing.
    pub const fn nobody() -> Self {
        Self {
            is_signed_in: false,
            needs_mandate: true,
            mandates: Vec::new(),
            keepers: Vec::new(),
        }
    }

    /// Whether the reader is asked which office records: where the register does not know.
    pub const fn names_recorder(&self) -> bool {
        !self.is_signed_in
    }

    /// Why the reader may record nothing, and who may change that; empty where something
    /// may be recorded.
    pub fn caution(&self) -> String {
        let records = |mandate: &MandateView| {
            !matches!(
                mandate.role(),
                MandateRole::Auditor | MandateRole::Reader | MandateRole::Unspecified
            )
        };
        if !self.needs_mandate || self.mandates.iter().any(records) {
            return String::new();
        }
        let first = match self.is_signed_in {
            true => "You may look at this register, and not record in it.",
            false => "You are not signed in, and every entry of this register needs a mandate.",
        };
        let keepers = match self.keepers.as_slice() {
            [] => "the keeper of the register".to_owned(),
            keepers => spoken::list(keepers),
        };
        format!("{first} A mandate is granted by {keepers}.")
    }

    /// Those for whom the reader may speak, of those who are awaited. A board that is to
    /// decide is one of them.
    pub fn speakers(&self, awaited: &[Awaited]) -> Vec<Speaker> {
        let mut speakers: Vec<Speaker> = Vec::new();
        for one in awaited.iter().filter(|one| self.may_speak_for(one)) {
            let speaker = Speaker::of(one);
            if !speakers.contains(&speaker) {
                speakers.push(speaker);
            }
        }
        speakers
    }

    fn may_speak_for(&self, awaited: &Awaited) -> bool {
        let board = awaited.board.as_ref();
        let is_secretary = |mandate: &MandateView| {
            mandate.role() == MandateRole::Secretary
                && board.is_some_and(|board| covers_board(mandate, &board.board_id))
        };
        let is_member = |mandate: &MandateView| {
            let who = awaited.who.as_ref();
            mandate.role() == MandateRole::Member
                && who.is_some_and(|who| covers_actor(mandate, who))
        };
        !self.needs_mandate
            || self
                .mandates
                .iter()
                .any(|mandate| is_secretary(mandate) || is_member(mandate))
    }

    /// Whether the reader may sign for a body.
    pub fn may_sign(&self, body: &BodyRef) -> bool {
        self.may_speak_for(&Awaited {
            who: Some(ActorRef {
                body: Some(body.clone()),
                office: String::new(),
            }),
            ..Awaited::default()
        })
    }

    /// Whether the reader may do what a line of the attention list asks for.
    pub fn may_act(&self, line: &AttentionView) -> bool {
        match line.kind() {
            AttentionKind::AwaitsDecision
            | AttentionKind::AwaitsSignature
            | AttentionKind::Unconfirmed => line.awaited.iter().any(|one| self.may_speak_for(one)),
            _ => false,
        }
    }
}

fn covers_board(mandate: &MandateView, board_id: &str) -> bool {
    let mut boards = mandate.boards.iter();
    mandate.whole_register || boards.any(|board| board.board_id == board_id)
}

fn covers_actor(mandate: &MandateView, actor: &ActorRef) -> bool {
    let body_id = actor.body.as_ref().map(|body| body.body_id.as_str());
    let covers_body = mandate
        .bodies
        .iter()
        .any(|body| Some(body.body_id.as_str()) == body_id);
    let covers_office = mandate.offices.iter().any(|office| {
        let body = office.body.as_ref().map(|body| body.body_id.as_str());
        body == body_id && office.office.eq_ignore_ascii_case(&actor.office)
    });
    covers_body || covers_office
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::BoardRef;

    fn body(id: &str) -> BodyRef {
        BodyRef {
            body_id: id.to_owned(),
            name: id.to_owned(),
        }
    }

    fn awaited(id: &str) -> Awaited {
        Awaited {
            who: Some(ActorRef {
                body: Some(body(id)),
                office: String::new(),
            }),
            board: Some(BoardRef {
                board_id: "board".to_owned(),
                name: "Board".to_owned(),
            }),
            duty: String::new(),
        }
    }

    fn reader(role: MandateRole, mandate: MandateView) -> PageReader {
        PageReader::of(&WhoAmIResponse {
            signed_in: true,
            mandate_needed: true,
            keepers: vec!["Monitoring Officer".to_owned()],
            mandates: vec![MandateView {
                role: role.into(),
                in_force: true,
                ..mandate
            }],
            ..WhoAmIResponse::default()
        })
    }

    #[test]
    fn a_member_speaks_for_its_body_and_a_secretary_for_its_board() {
        let all = [awaited("kent"), awaited("essex")];
        let member = MandateView {
            bodies: vec![body("kent")],
            ..MandateView::default()
        };
        let member = reader(MandateRole::Member, member);
        let names: Vec<String> = member
            .speakers(&all)
            .into_iter()
            .map(|one| one.body_id)
            .collect();
        assert_eq!(names, ["kent"]);
        assert_eq!(member.caution(), "");
        let secretary = MandateView {
            boards: vec![BoardRef {
                board_id: "board".to_owned(),
                ..BoardRef::default()
            }],
            ..MandateView::default()
        };
        let secretary = reader(MandateRole::Secretary, secretary);
        assert_eq!(secretary.speakers(&all).len(), 2);
        let auditor = reader(MandateRole::Auditor, MandateView::default());
        assert_eq!(auditor.speakers(&all), []);
        assert!(
            auditor
                .caution()
                .ends_with("granted by Monitoring Officer.")
        );
    }

    #[test]
    fn everybody_records_where_no_mandate_is_needed() {
        let reader = PageReader::of(&WhoAmIResponse::default());
        assert_eq!(reader.speakers(&[awaited("kent")]).len(), 1);
        assert_eq!(reader.caution(), "");
        assert!(reader.names_recorder());
    }
}
