//! The fold of the event that adopts approval rules.

use crate::event::ApprovalRulesAdopted;
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn approval_rules_adopted(subject: &mut Subject, fact: Fact<ApprovalRulesAdopted>) {
    subject.dossier.rule_sets.insert(fact);
}
