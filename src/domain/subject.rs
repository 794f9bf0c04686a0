//! A subject: a body, a board or a collaboration, folded from its own entries
//! and from nothing else.

use std::sync::Arc;

use imbl::OrdMap;
use jiff::civil::Date;

use super::approval::Topic;
use super::board::Board;
use super::body::Body;
use super::collaboration::{Collaboration, Service};
use super::date::PartialDate;
use super::dossier::{
    Action, Benefit, Decided, Decision, Dispute, Dossier, MadeDisposal, MadeVirement, Proposal,
    Put, Recommendation, Risk,
};
use super::event::{self, Authority, Kind, Variation};
use super::fact::{Fact, Standing};
use super::ids::{ProposalId, SubjectId};
use super::instrument::Instrument;
use super::notice::Notice;

/// What is known of a subject.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is.
    pub nature: Nature,
    /// What is on file about it.
    pub dossier: Dossier,
}

/// What a subject is.
#[derive(Clone, Debug)]
pub enum Nature {
    /// A body.
    Body(Body),
    /// A board.
    Board(Board),
    /// A collaboration.
    Collaboration(Box<Collaboration>),
}

impl Subject {
    /// A subject of which nothing is known yet.
    pub fn new(id: &SubjectId) -> Self {
        let nature = match id {
            SubjectId::Body(_) => Nature::Body(Body::default()),
            SubjectId::Board(_) => Nature::Board(Board::default()),
            SubjectId::Collaboration(_) => Nature::Collaboration(Box::default()),
        };
        Self {
            nature,
            dossier: Dossier::default(),
        }
    }

    /// The day its founding entry has it begin, once that is folded.
    pub fn founded_on(&self) -> Option<PartialDate> {
        match &self.nature {
            Nature::Body(body) => body.registered.as_ref().map(Fact::on),
            Nature::Board(board) => board.constituted.as_ref().map(Fact::on),
            Nature::Collaboration(collaboration) => {
                collaboration.established.as_ref().map(Fact::on)
            }
        }
    }

    /// Its name, once its founding entry is folded.
    pub fn name(&self) -> Option<&str> {
        match &self.nature {
            Nature::Body(body) => body.registered.as_ref().map(|r| r.name.as_str()),
            Nature::Board(board) => board.constituted.as_ref().map(|c| c.name.as_str()),
            Nature::Collaboration(c) => c.established.as_ref().map(|e| e.name.as_str()),
        }
    }

    /// Whether it has begun by that day.
    pub fn is_founded(&self, day: Date) -> bool {
        self.founded_on().is_some_and(|on| on.first_day() <= day)
    }

    /// The body, if it is one.
    pub const fn as_body(&self) -> Option<&Body> {
        match &self.nature {
            Nature::Body(body) => Some(body),
            Nature::Board(_) | Nature::Collaboration(_) => None,
        }
    }

    /// The board, if it is one.
    pub const fn as_board(&self) -> Option<&Board> {
        match &self.nature {
            Nature::Board(board) => Some(board),
            Nature::Body(_) | Nature::Collaboration(_) => None,
        }
    }

    /// The collaboration, if it is one.
    pub fn as_collaboration(&self) -> Option<&Collaboration> {
        match &self.nature {
            Nature::Collaboration(collaboration) => Some(collaboration),
            Nature::Body(_) | Nature::Board(_) => None,
        }
    }

    /// Folds one entry that stands. Never fails: what does not fit what is known
    /// was refused at the door, or lost its footing through a correction, and
    /// leaves the state as it is.
    pub fn fold(&mut self, told: Standing) {
        let kind = told.entry.event.kind.clone();
        match &mut self.nature {
            Nature::Body(body) => fold_body(body, &kind, &told),
            Nature::Board(board) => fold_board(board, &kind, &told),
            Nature::Collaboration(collaboration) => fold_collaboration(collaboration, &kind, &told),
        }
        fold_act(&mut self.dossier, &kind, &told);
        fold_dossier(&mut self.dossier, kind, told);
    }
}

fn fold_body(body: &mut Body, kind: &Kind, told: &Standing) {
    match kind {
        Kind::BodyRegistered(what) => body.registered = Some(fact(told, what)),
        Kind::BodySucceeded(what) => body.succeeded.insert(fact(told, what)),
        Kind::IdentifierAdded(what) => body.identifiers.insert(fact(told, what)),
        _ => {}
    }
}

fn fold_board(board: &mut Board, kind: &Kind, told: &Standing) {
    match kind {
        Kind::BoardConstituted(what) => board.constituted = Some(fact(told, what)),
        Kind::ChairAppointed(what) => board.chairs.insert(fact(told, what)),
        Kind::BoardMembershipChanged(what) => board.membership.insert(fact(told, what)),
        Kind::MeetingCalled(what) => board.meetings.insert(fact(told, what)),
        _ => {}
    }
}

fn fold_collaboration(collaboration: &mut Collaboration, kind: &Kind, told: &Standing) {
    let Collaboration {
        services,
        notices,
        directions,
        opportunities,
        ..
    } = &mut *collaboration;
    match kind {
        Kind::CollaborationEstablished(what) => collaboration.establish(fact(told, what)),
        Kind::PartyJoined(what) => collaboration.join(&fact(told, what)),
        Kind::PartyWithdrew(what) => collaboration.withdraw(&fact(told, what)),
        Kind::LeadAppointed(what) => collaboration.appoint(&fact(told, what)),
        Kind::CollaborationEnded(what) => collaboration.ended.insert(fact(told, what)),
        Kind::OpportunityConsidered(what) => {
            opportunities.insert(what.opportunity.clone(), fact(told, what));
        }
        Kind::NoticeGiven(what) => {
            notices.insert(what.notice.clone(), Notice::new(fact(told, what)));
        }
        Kind::NoticeExtended(what) => {
            with(notices, &what.notice, |notice| {
                notice.extended.insert(fact(told, what))
            });
        }
        Kind::NoticeRevoked(what) => {
            with(notices, &what.notice, |notice| {
                notice.revoked.insert(fact(told, what))
            });
        }
        Kind::DirectionIssued(what) => {
            if let Some((notice, _)) = &what.notice {
                with(notices, notice, |notice| {
                    notice.directed.insert(fact(told, what))
                });
            }
            directions.insert(what.direction.clone(), fact(told, what));
        }
        Kind::ServiceAdded(what) => {
            services.insert(what.service.clone(), Service::new(fact(told, what)));
        }
        Kind::ServiceUnitsChanged(what) => {
            with(services, &what.service, |s| {
                s.units_changed.insert(fact(told, what))
            });
        }
        Kind::ServicePartiesChanged(what) => {
            with(services, &what.service, |s| {
                s.parties_changed.insert(fact(told, what))
            });
        }
        Kind::ServiceLeadTransferred(what) => {
            with(services, &what.service, |s| {
                s.lead_transferred.insert(fact(told, what))
            });
        }
        Kind::ServiceRemoved(what) => {
            with(services, &what.service, |s| {
                s.removed.insert(fact(told, what))
            });
        }
        _ => {}
    }
}

/// Keeps an act where those who ask for its approval find it.
fn fold_act(dossier: &mut Dossier, kind: &Kind, told: &Standing) {
    let authority = &told.entry.event.authority;
    let is_breach = matches!(authority, Some(Authority::AcknowledgedBreach(_)));
    // What says that it is a breach is kept as one, whatever it is.
    if Topic::of(kind).is_none() && !is_breach {
        return;
    }
    let place = told.place();
    let proposal = match authority {
        Some(Authority::Proposal(id)) => Some(*id),
        Some(Authority::AcknowledgedBreach(breach)) => breach.proposal,
        Some(Authority::Delegation(_)) | None => None,
    };
    if let Some(id) = proposal {
        dossier.resting.entry(id).or_default().insert(place);
    }
    if let Kind::VirementMade(what) = kind {
        for source in &what.virement.sources {
            if let event::Place::Head(head) = &source.place {
                let key = (what.virement.year, head.clone());
                let taken = dossier.outflows.entry(key).or_default();
                taken.insert(place, what.id.clone());
            }
        }
    }
    dossier.acts.insert(place, told.clone());
}

fn fold_dossier(dossier: &mut Dossier, kind: Kind, told: Standing) {
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
        | Kind::EntryCorrected(_) => {}

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
            let (id, put) = (what.proposal, Put::Matter(Fact::new(told, what)));
            dossier.proposals.insert(id, Proposal::new(put));
        }
        Kind::VirementRequested(what) => {
            let (id, put) = (what.proposal, Put::Virement(Fact::new(told, what)));
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
            let made = Decided::Made(fact(&told, &what));
            dossier
                .decisions
                .insert(what.decision.clone(), Decision::new(made));
        }
        Kind::VirementApproved(what) => {
            with_proposal(dossier, what.proposal, |p| {
                p.virement_approvals.insert(fact(&told, &what));
            });
            let made = Decided::Virement(fact(&told, &what));
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

fn fact<T>(told: &Standing, what: &Arc<T>) -> Fact<T> {
    Fact::new(told.clone(), Arc::clone(what))
}

/// Changes the item under `id`, where there is one.
fn with<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, V>, id: &K, change: impl FnOnce(&mut V)) {
    if let Some(item) = map.get_mut(id) {
        change(item);
    }
}

fn with_proposal(dossier: &mut Dossier, id: ProposalId, change: impl FnOnce(&mut Proposal)) {
    with(&mut dossier.proposals, &id, change);
}

/// One way an instrument changes, whichever event says so.
fn vary(dossier: &mut Dossier, variation: &Variation, told: Standing) {
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
