//! Reading and summaries for the conditions of an approval.

use crate::fields::{
    choice, date, id, list, no_repeats, optional_id, reads, required_text, text, uuid,
};
use crate::proto;
use crate::summary::{Summary, counted};
use crate::violation::MessageReader;
use minutebook_domain::event::{Condition, ConditionResult, ConditionSettled};

reads! {
    Condition {
        id: id(condition_id),
        what: required_text(what),
        decided_by: optional_id(decided_by_id),
        decided_by_board: optional_id(decided_by_board_id),
        due_on: date(due_on),
    } => check_decider
    ConditionSettled {
        proposal: uuid(proposal_id),
        decision: id(decision_id),
        condition: id(condition_id),
        result: choice(result),
        reason: text(reason),
    }
}

/// Refuses a condition that both a body and a board are to decide.
fn check_decider(r: &mut MessageReader, m: &proto::Condition) {
    if !m.decided_by_id.is_empty() && !m.decided_by_board_id.is_empty() {
        r.fault_in(
            "decided_by_board_id",
            "a condition is decided by a body or by a board: keep the one that the minutes name, \
             and leave the other out",
        );
    }
}

/// The most conditions that one approval may be subject to.
const CONDITIONS_MAX: usize = 20;
/// The conditions of an approval, each with an id of its own.
pub(super) fn subject_to_list(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::Condition],
) -> Option<Vec<Condition>> {
    let conditions = list(r, field, v, CONDITIONS_MAX);
    no_repeats(
        r,
        field,
        conditions,
        |condition: &Condition| condition.id.clone(),
        "a condition with this condition_id",
    )
}

impl Summary for ConditionSettled {
    fn line(&self) -> String {
        let result = match self.result {
            ConditionResult::Met => "met",
            ConditionResult::NotMet => "not met",
            ConditionResult::Waived => "waived",
        };
        format!(
            "condition {} of decision {} {result}",
            self.condition, self.decision
        )
    }
}

/// The number of conditions that an approval depends on.
pub(super) fn subject_to(conditions: &[Condition]) -> String {
    match conditions {
        [] => String::new(),
        conditions => format!(
            " subject to {}",
            counted(conditions.len(), "condition", "conditions")
        ),
    }
}
