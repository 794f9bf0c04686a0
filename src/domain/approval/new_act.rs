//! The verdict on an act that is about to be recorded: its own approval first, then the
//! approval of the later acts that it would displace.

use std::sync::Arc;

use super::approval_context::ApprovalContext;
use super::displacement::check_displacement;
use super::verdict::{Verdict, judge_own_approval};
use crate::entry::Entry;
use crate::fact::EffectiveOrder;

/// `None` if the entry is no act that may need approval.
pub fn judge_new_act(
    context: &ApprovalContext<'_>,
    entry: &Arc<Entry>,
    order: EffectiveOrder,
) -> Option<Verdict> {
    let mut verdict = judge_own_approval(context, entry, order)?;
    if verdict.faults.is_empty() && !verdict.acknowledged {
        let displacement = check_displacement(context, entry, order);
        verdict.faults.extend(displacement);
    }
    Some(verdict)
}
