//! Reading and summaries for events about delegations.

use crate::fields::{choices, date, flag, id, optional, optional_id, pence_bound, reads, text};
use crate::proto;
use crate::summary::{Summary, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::event::{DelegationMade, DelegationRevoked};

reads! {
    DelegationMade {
        delegation: id(delegation_id),
        to: optional(to),
        to_board: optional_id(to_board_id),
        from_body: optional_id(from_body_id),
        from_board: optional_id(from_board_id),
        matters: choices(matter_kinds),
        up_to: pence_bound(up_to_pence),
        until: date(until_on),
        legal_basis: text(legal_basis),
        what: text(what),
        may_delegate_on: flag(may_delegate_on),
    } => check_giver
    DelegationRevoked {
        delegation: id(delegation_id),
        reason: text(reason),
    }
}

fn check_giver(r: &mut MessageReader, m: &proto::DelegationMade) {
    use minutebook_domain::ids::SubjectId;
    match (&m.to, m.to_board_id.is_empty()) {
        (None, true) => r.fault_in(
            "to",
            "required here: the body or office that holds it; or name a board in to_board_id",
        ),
        (Some(_), false) => r.fault_in(
            "to_board_id",
            "one holds it: leave out the board, or the body or office in to",
        ),
        _ => {}
    }
    let is_on_collaboration = matches!(r.event.subject, Some(SubjectId::Collaboration(_)));
    match (m.from_body_id.is_empty(), m.from_board_id.is_empty()) {
        (false, false) => r.fault_in(
            "from_board_id",
            "one body or one board delegates: leave one of the two out",
        ),
        (true, true) if is_on_collaboration => r.fault_in(
            "from_board_id",
            "say who delegates: the board here, or the body in from_body_id",
        ),
        _ => {}
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for DelegationMade {
    fn line(&self) -> String {
        let by = match (&self.from_body, &self.from_board) {
            (Some(body), _) => format!(" by {body}"),
            (None, Some(board)) => format!(" by {board}"),
            (None, None) => String::new(),
        };
        let up_to = optional_phrase(self.up_to.as_ref(), "up to");
        let until = optional_phrase(self.until.as_ref(), "until");
        format!(
            "delegation {} made{by} to {}{up_to}{until}",
            self.delegation,
            self.holder()
        )
    }
}

impl Summary for DelegationRevoked {
    fn line(&self) -> String {
        format!("delegation {} revoked", self.delegation)
    }
}
