//! The fold of the event that adopts approval rules.

use crate::domain::event::ApprovalRulesAdopted;
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

pub(super) fn approval_rules_adopted(subject: &mut Subject, fact: Fact<ApprovalRulesAdopted>) {
    subject.dossier.rule_sets.insert(fact);
}
