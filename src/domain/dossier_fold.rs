//! How an entry is filed in the dossier of its subject: under what it is about.

use std::sync::Arc;

use imbl::OrdMap;

use super::approval::ApprovableAct;
use super::dossier::{
    Action, Benefit, Decision, DecisionSource, Dispute, Dossier, MadeDisposal, MadeVirement,
    Proposal, ProposalSource, Recommendation, Risk,
};
use super::event::{Kind, Variation};
use super::fact::{EffectiveEntry, Fact};
use super::ids::ProposalId;
use super::instrument::Instrument;
use super::subject::{fact, with};

/// Keeps an act where those who ask for its approval find it.
pub(super) fn index_act(dossier: &mut Dossier, kind: &Kind, told: &EffectiveEntry) {
    // What says that it is a breach is kept as one, whatever it is.
    if ApprovableAct::of(kind).is_none() && !told.entry.is_breach() {
        return;
    }
    let place = told.effective_order();
    if let Some(id) = told.entry.rests_on() {
        dossier
            .acts_by_proposal
            .entry(id)
            .or_default()
            .insert(place);
    }
    if let Kind::VirementMade(what) = kind {
        for head in what.virement.heads_from() {
            let key = (what.virement.year, head.clone());
            let taken = dossier.virements_by_head.entry(key).or_default();
            taken.insert(place, what.id.clone());
        }
    }
    dossier.acts.insert(place, told.clone());
}

/// Files an entry under what it is about.
pub(super) fn apply(dossier: &mut Dossier, kind: Kind, told: EffectiveEntry) {
    match kind {
        // These make up what the subject is, folded above; a correction is not
        // folded at all, it decides which other entries stand.
        Kind::BodyRegistered(_)
        | Kind::BodySucceeded(_)
        | Kind::IdentifierAdded(_)
        | Kind::BoardConstituted(_)
        | Kind::ChairAppointed(_)
        | Kind::BoardMembershipChanged(_)
        | Kind::MeetingCalled(_)
        | Kind::CollaborationEstablished(_)
        | Kind::PartyJoined(_)
        | Kind::PartyWithdrew(_)
        | Kind::LeadAppointed(_)
        | Kind::OpportunityConsidered(_)
        | Kind::NoticeGiven(_)
        | Kind::NoticeExtended(_)
        | Kind::NoticeRevoked(_)
        | Kind::DirectionIssued(_)
        | Kind::CollaborationEnded(_)
        | Kind::ServiceAdded(_)
        | Kind::ServiceUnitsChanged(_)
        | Kind::ServicePartiesChanged(_)
        | Kind::ServiceLeadTransferred(_)
        | Kind::ServiceRemoved(_)
        | Kind::EntryCorrected(_)
        | Kind::CheckpointKeyReplaced(_) => {}

        Kind::AliasAdded(what) => dossier.aliases.insert(Fact::new(told, what)),
        Kind::DependencyNoted(what) => {
            dossier
                .dependencies
                .insert(what.dependency.clone(), Fact::new(told, what));
        }

        Kind::InstrumentDrafted(what) => {
            let id = what.instrument.clone();
            dossier
                .instruments
                .insert(id, Instrument::new(Fact::new(told, what)));
        }
        Kind::ConsultationRecorded(what) => {
            dossier
                .consultations
                .insert(what.consultation.clone(), Fact::new(told, what));
        }
        Kind::AgreementSigned(what) => with(&mut dossier.instruments, &what.instrument, |i| {
            i.signatures.insert(what.body.clone(), fact(&told, &what));
        }),
        Kind::MouUpdated(what) => vary(dossier, &what.variation, told),
        Kind::InstrumentVaried(what) => vary(dossier, &what.variation, told),
        Kind::InstrumentRenewed(what) => with(&mut dossier.instruments, &what.instrument, |i| {
            i.renewals.insert(fact(&told, &what));
        }),
        Kind::InstrumentSuperseded(what) => with(&mut dossier.instruments, &what.instrument, |i| {
            i.superseded.insert(fact(&told, &what));
        }),
        Kind::InstrumentEnded(what) => with(&mut dossier.instruments, &what.instrument, |i| {
            i.ended.insert(fact(&told, &what));
        }),
        Kind::InstrumentReviewed(what) => with(&mut dossier.instruments, &what.instrument, |i| {
            i.reviews.insert(fact(&told, &what));
        }),

        Kind::ApprovalRulesAdopted(what) => dossier.rule_sets.insert(Fact::new(told, what)),
        Kind::MatterProposed(what) => {
            let (id, put) = (what.proposal, ProposalSource::Matter(Fact::new(told, what)));
            dossier.proposals.insert(id, Proposal::new(put));
        }
        Kind::VirementRequested(what) => {
            let (id, put) = (
                what.proposal,
                ProposalSource::Virement(Fact::new(told, what)),
            );
            dossier.proposals.insert(id, Proposal::new(put));
        }
        Kind::VoteCast(what) => with_proposal(dossier, what.proposal, |p| {
            p.votes.insert(fact(&told, &what));
        }),
        Kind::DecisionMade(what) => {
            if let Some(proposal) = what.proposal {
                with_proposal(dossier, proposal, |p| {
                    p.decisions.insert(fact(&told, &what))
                });
            }
            let made = DecisionSource::Made(fact(&told, &what));
            dossier
                .decisions
                .insert(what.decision.clone(), Decision::new(made));
        }
        Kind::VirementApproved(what) => {
            with_proposal(dossier, what.proposal, |p| {
                p.virement_approvals.insert(fact(&told, &what));
            });
            let made = DecisionSource::Virement(fact(&told, &what));
            dossier
                .decisions
                .insert(what.decision.clone(), Decision::new(made));
        }
        Kind::ExternalDecisionReceived(what) => with_proposal(dossier, what.proposal, |p| {
            p.external.insert(fact(&told, &what));
        }),
        Kind::ProposalWithdrawn(what) => with_proposal(dossier, what.proposal, |p| {
            p.withdrawn.insert(fact(&told, &what));
        }),
        Kind::ActionAgreed(what) => {
            dossier
                .actions
                .insert(what.action.clone(), Action::new(Fact::new(told, what)));
        }
        Kind::ActionClosed(what) => with(&mut dossier.actions, &what.action, |action| {
            action.closed.insert(fact(&told, &what));
        }),
        Kind::DecisionPublished(what) => with(&mut dossier.decisions, &what.decision, |d| {
            d.published.insert(fact(&told, &what));
        }),
        Kind::DecisionWithheld(what) => with(&mut dossier.decisions, &what.decision, |d| {
            d.withheld.insert(fact(&told, &what));
        }),

        Kind::FundingFormulaSet(what) => {
            let key = (what.service.clone(), what.year);
            dossier
                .formulas
                .entry(key)
                .or_default()
                .insert(Fact::new(told, what));
        }
        Kind::BudgetApproved(what) => {
            let key = (what.budget.clone(), what.figures.year);
            dossier
                .budgets
                .entry(key)
                .or_default()
                .insert(Fact::new(told, what));
        }
        Kind::ForecastReported(what) => {
            let year = what.figures.year;
            dossier
                .forecasts
                .entry(year)
                .or_default()
                .insert(Fact::new(told, what));
        }
        Kind::OutturnReported(what) => {
            let year = what.figures.year;
            dossier
                .outturns
                .entry(year)
                .or_default()
                .insert(Fact::new(told, what));
        }
        Kind::GrantAwarded(what) => {
            dossier
                .grants
                .insert(what.grant.clone(), Fact::new(told, what));
        }
        Kind::SavingsPlanned(what) => {
            dossier
                .savings_planned
                .insert(what.plan.clone(), Fact::new(told, what));
        }
        Kind::SavingsRealised(what) => {
            dossier
                .savings_realised
                .insert(what.realised.clone(), Fact::new(told, what));
        }
        Kind::VirementMade(what) => {
            let (id, made) = (what.id.clone(), Fact::new(told, what));
            dossier.virements.insert(
                id,
                MadeVirement {
                    made,
                    reversed: Default::default(),
                },
            );
        }
        Kind::VirementReversed(what) => with(&mut dossier.virements, &what.id, |virement| {
            virement.reversed.insert(fact(&told, &what));
        }),
        Kind::UnderspendDisposed(what) => {
            let (id, disposed) = (what.id.clone(), Fact::new(told, what));
            dossier.disposals.insert(
                id,
                MadeDisposal {
                    disposed,
                    confirmed: OrdMap::new(),
                },
            );
        }
        Kind::DisposalConfirmed(what) => with(&mut dossier.disposals, &what.id, |disposal| {
            disposal
                .confirmed
                .insert(what.body.clone(), fact(&told, &what));
        }),

        Kind::AuditReported(what) => {
            dossier
                .audits
                .insert(what.audit.clone(), Fact::new(told, what));
        }
        Kind::ReviewCommissioned(what) => {
            let review = dossier.reviews.entry(what.review.clone()).or_default();
            review.commissioned = Some(Fact::new(told, what));
        }
        Kind::ReviewPublished(what) => {
            let review = dossier.reviews.entry(what.review.clone()).or_default();
            review.published.insert(Fact::new(told, what));
        }
        Kind::RecommendationMade(what) => {
            let (id, made) = (what.recommendation.clone(), Fact::new(told, what));
            dossier
                .recommendations
                .insert(id, Recommendation::new(made));
        }
        Kind::RecommendationResponded(what) => {
            with(
                &mut dossier.recommendations,
                &what.recommendation,
                |recommendation| {
                    recommendation.responses.insert(fact(&told, &what));
                },
            );
        }
        Kind::RecommendationClosed(what) => {
            with(
                &mut dossier.recommendations,
                &what.recommendation,
                |recommendation| {
                    recommendation.closed.insert(fact(&told, &what));
                },
            );
        }
        Kind::BenefitBaselined(what) => {
            let (id, baselined) = (what.benefit.clone(), Fact::new(told, what));
            dossier.benefits.insert(
                id,
                Benefit {
                    baselined,
                    measured: Default::default(),
                },
            );
        }
        Kind::BenefitMeasured(what) => with(&mut dossier.benefits, &what.benefit, |benefit| {
            benefit.measured.insert(fact(&told, &what));
        }),
        Kind::AssumptionInvalidated(what) => {
            dossier
                .assumptions
                .insert(what.assumption.clone(), Fact::new(told, what));
        }
        Kind::RiskRaised(what) => {
            dossier
                .risks
                .insert(what.risk.clone(), Risk::new(Fact::new(told, what)));
        }
        Kind::RiskClosed(what) => {
            with(&mut dossier.risks, &what.risk, |risk| {
                risk.closed.insert(fact(&told, &what))
            });
        }
        Kind::DisputeRaised(what) => {
            dossier
                .disputes
                .insert(what.dispute.clone(), Dispute::new(Fact::new(told, what)));
        }
        Kind::DisputeSettled(what) => with(&mut dossier.disputes, &what.dispute, |dispute| {
            dispute.settled.insert(fact(&told, &what));
        }),
        Kind::DiscrepancyNoted(what) => {
            dossier
                .discrepancies
                .insert(what.discrepancy.clone(), Fact::new(told, what));
        }
    }
}

fn with_proposal(dossier: &mut Dossier, id: ProposalId, change: impl FnOnce(&mut Proposal)) {
    with(&mut dossier.proposals, &id, change);
}

/// One way an instrument changes, whichever event says so.
fn vary(dossier: &mut Dossier, variation: &Variation, told: EffectiveEntry) {
    with(
        &mut dossier.instruments,
        &variation.instrument,
        |instrument| {
            instrument
                .variations
                .insert(Fact::new(told, Arc::new(variation.clone())));
        },
    );
}
