//! The fold of formulas by which costs are shared.

use crate::event::FundingFormulaSet;
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn funding_formula_set(subject: &mut Subject, fact: Fact<FundingFormulaSet>) {
    let key = (fact.service.clone(), fact.year);
    subject
        .dossier
        .formulas
        .entry(key)
        .or_default()
        .insert(fact);
}
