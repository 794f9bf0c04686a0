//! The fold of events about virements, and about the disposal of underspends.

use imbl::OrdMap;

use super::decisions::add_opinion;
use super::with;
use crate::dossier::{
    Decision, DecisionSource, MadeDisposal, MadeVirement, Proposal, ProposalSource,
};
use crate::event::{
    DisposalConfirmed, UnderspendDisposed, VirementApproved, VirementMade, VirementRequested,
    VirementReversed,
};
use crate::fact::{Fact, Facts};
use crate::subject::Subject;

pub(super) fn virement_requested(subject: &mut Subject, fact: Fact<VirementRequested>) {
    let proposal = Proposal::new(ProposalSource::Virement(fact.clone()));
    subject.dossier.proposals.insert(fact.proposal, proposal);
}

pub(super) fn virement_approved(subject: &mut Subject, fact: Fact<VirementApproved>) {
    let decision = Decision::new(DecisionSource::Virement(fact.clone()));
    let id = fact.decision.clone();
    subject.dossier.decisions.insert(id, decision);
    add_opinion(subject, fact);
}

pub(super) fn virement_made(subject: &mut Subject, fact: Fact<VirementMade>) {
    let order = fact.effective_order();
    let of_year = subject.dossier.virements_by_year.entry(fact.virement.year);
    of_year.or_default().insert(order, fact.id.clone());
    let id = fact.id.clone();
    let virement = MadeVirement {
        made: fact,
        reversed: Facts::default(),
    };
    subject.dossier.virements.insert(id, virement);
}

pub(super) fn virement_reversed(subject: &mut Subject, fact: Fact<VirementReversed>) {
    let id = fact.id.clone();
    with(&mut subject.dossier.virements, &id, |virement| {
        virement.reversed.insert(fact);
    });
}

pub(super) fn underspend_disposed(subject: &mut Subject, fact: Fact<UnderspendDisposed>) {
    let id = fact.id.clone();
    let disposal = MadeDisposal {
        disposed: fact,
        confirmed: OrdMap::new(),
    };
    subject.dossier.disposals.insert(id, disposal);
}

pub(super) fn disposal_confirmed(subject: &mut Subject, fact: Fact<DisposalConfirmed>) {
    let id = fact.id.clone();
    with(&mut subject.dossier.disposals, &id, |disposal| {
        disposal.confirmed.insert(fact.body.clone(), fact);
    });
}
