//! The things of a subject that an event is about, for the markings that it takes from them.

use crate::event::{EndBasis, Event, Kind, Matter};
use crate::ids::{InstrumentId, ItemId, ProposalId, ServiceId};

/// A thing that entries of one subject are about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    Proposal(ProposalId),
    Instrument(InstrumentId),
    Service(ServiceId),
    /// Of a kind, as ids are unique within it.
    Item(&'static str, ItemId),
}

/// The things that one event names.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Those that it opens, or carries on: the first such event says how they are protected.
    pub opened: Vec<Thing>,
    /// Others that it is about.
    pub about: Vec<Thing>,
}

impl Named {
    fn open(&mut self, thing: Thing) {
        self.opened.push(thing);
    }

    fn about(&mut self, thing: Thing) {
        self.about.push(thing);
    }
}

/// Names each thing that an event is about.
///
/// The lines of budgets and the services of a whole agreement are left out: figures that
/// were published do not become secret with a part of what they count.
pub(super) fn things(event: &Event) -> Named {
    let mut all = Named::default();
    let named = &mut all;
    if let Some(proposal) = event.authority.as_ref().and_then(|a| a.proposal()) {
        named.about(Thing::Proposal(proposal));
    }
    match &event.kind {
        Kind::DecisionMade(made) => {
            made.proposal
                .into_iter()
                .for_each(|id| named.open(Thing::Proposal(id)));
            named.open(Thing::Item("decision", made.decision.clone()));
        }
        Kind::MatterProposed(proposed) => {
            matter(&proposed.matter, named);
            named.open(Thing::Proposal(proposed.proposal));
        }
        Kind::VirementRequested(asked) => named.open(Thing::Proposal(asked.proposal)),
        Kind::VoteCast(vote) => named.open(Thing::Proposal(vote.proposal)),
        Kind::VirementApproved(approved) => {
            named.open(Thing::Proposal(approved.proposal));
            named.open(Thing::Item("decision", approved.decision.clone()));
        }
        Kind::ExternalDecisionReceived(answer) => {
            named.open(Thing::Proposal(answer.proposal));
            let decision = answer.decision.iter();
            decision.for_each(|id| named.about(Thing::Item("decision", id.clone())));
        }
        Kind::ProposalWithdrawn(withdrawn) => named.open(Thing::Proposal(withdrawn.proposal)),
        Kind::OutcomeNotKnown(unknown) => named.open(Thing::Proposal(unknown.proposal)),
        Kind::ConditionSettled(settled) => {
            named.open(Thing::Proposal(settled.proposal));
            named.open(Thing::Item("decision", settled.decision.clone()));
        }
        Kind::DecisionPublished(published) => item("decision", &published.decision, named),
        Kind::DecisionWithheld(withheld) => item("decision", &withheld.decision, named),
        Kind::DecisionCalledIn(called) => {
            item("decision", &called.decision, named);
            item("call-in", &called.call_in, named);
        }
        Kind::CallInSettled(settled) => item("call-in", &settled.call_in, named),
        Kind::DecisionChallenged(challenged) => {
            item("decision", &challenged.decision, named);
            item("challenge", &challenged.challenge, named);
        }
        Kind::ChallengeStepTaken(taken) => item("challenge", &taken.challenge, named),
        Kind::ActionAgreed(agreed) => {
            agreed
                .decision
                .iter()
                .for_each(|id| about_item("decision", id, named));
            let recommendation = agreed.recommendation.iter();
            recommendation.for_each(|id| about_item("recommendation", id, named));
            item("action", &agreed.action, named);
        }
        Kind::ActionClosed(closed) => item("action", &closed.action, named),
        Kind::DelegationMade(made) => item("delegation", &made.delegation, named),
        Kind::DelegationRevoked(revoked) => item("delegation", &revoked.delegation, named),

        Kind::InstrumentDrafted(drafted) => {
            named.open(Thing::Instrument(drafted.instrument.clone()))
        }
        Kind::AgreementSigned(signed) => named.open(Thing::Instrument(signed.instrument.clone())),
        Kind::MouUpdated(updated) => {
            named.open(Thing::Instrument(updated.variation.instrument.clone()));
        }
        Kind::InstrumentVaried(varied) => {
            named.open(Thing::Instrument(varied.variation.instrument.clone()));
        }
        Kind::InstrumentRenewed(renewed) => {
            named.open(Thing::Instrument(renewed.instrument.clone()))
        }
        Kind::InstrumentSuperseded(superseded) => {
            named.open(Thing::Instrument(superseded.instrument.clone()));
            let by = superseded.all(&event.subject).into_iter();
            let own = by.filter(|by| by.subject == event.subject);
            own.for_each(|by| named.about(Thing::Instrument(by.instrument)));
        }
        Kind::InstrumentEnded(ended) => {
            named.open(Thing::Instrument(ended.instrument.clone()));
            basis(&ended.basis, named);
        }
        Kind::InstrumentReviewed(reviewed) => {
            named.open(Thing::Instrument(reviewed.instrument.clone()));
        }
        Kind::InstrumentPublished(published) => {
            named.open(Thing::Instrument(published.instrument.clone()));
        }
        Kind::InstrumentWithheld(withheld) => {
            named.open(Thing::Instrument(withheld.instrument.clone()));
        }
        Kind::ConsultationRecorded(recorded) => {
            instrument(recorded.instrument.as_ref(), named);
            named.open(Thing::Item("consultation", recorded.consultation.clone()));
        }

        Kind::PartyJoined(joined) => instrument(joined.instrument.as_ref(), named),
        Kind::PartyWithdrew(withdrew) => {
            withdrew
                .notice
                .iter()
                .for_each(|id| about_item("notice", id, named));
        }
        Kind::CollaborationEnded(ended) => basis(&ended.basis, named),
        Kind::NoticeGiven(notice) => {
            instrument(notice.instrument.as_ref(), named);
            service(notice.service.as_ref(), named);
            named.open(Thing::Item("notice", notice.notice.clone()));
        }
        Kind::NoticeExtended(later) => item("notice", &later.notice, named),
        Kind::NoticeRevoked(revoked) => item("notice", &revoked.notice, named),
        Kind::DirectionIssued(direction) => {
            direction
                .revokes
                .iter()
                .for_each(|id| about_item("direction", id, named));
            item("direction", &direction.direction, named);
            instrument(direction.instrument.as_ref(), named);
        }
        Kind::OpportunityConsidered(considered) => {
            item("opportunity", &considered.opportunity, named)
        }
        Kind::DependencyNoted(noted) => {
            service(noted.service.as_ref(), named);
            named.open(Thing::Item("dependency", noted.dependency.clone()));
        }

        Kind::ServiceAdded(added) => {
            instrument(added.instrument.as_ref(), named);
            named.open(Thing::Service(added.service.clone()));
        }
        Kind::ServiceInstrumentNamed(basis) => {
            named.open(Thing::Service(basis.service.clone()));
            named.open(Thing::Instrument(basis.instrument.clone()));
        }
        Kind::ServiceUnitsChanged(changed) => named.open(Thing::Service(changed.service.clone())),
        Kind::ServicePartiesChanged(changed) => {
            changed
                .direction
                .iter()
                .for_each(|id| about_item("direction", id, named));
            named.open(Thing::Service(changed.service.clone()));
        }
        Kind::ServiceLeadTransferred(moved) => named.open(Thing::Service(moved.service.clone())),
        Kind::ServiceRemoved(removed) => {
            removed
                .direction
                .iter()
                .for_each(|id| about_item("direction", id, named));
            named.open(Thing::Service(removed.service.clone()));
        }
        Kind::ServiceResumed(resumed) => named.open(Thing::Service(resumed.service.clone())),
        Kind::HostAppointed(host) => service(host.service.as_ref(), named),
        Kind::LeadEnded(ended) => service(ended.service.as_ref(), named),
        Kind::AliasAdded(alias) => service(alias.service.as_ref(), named),

        Kind::BudgetAdjusted(adjusted) => {
            adjusted
                .grant
                .iter()
                .for_each(|id| about_item("grant", id, named));
            item("adjustment", &adjusted.id, named);
        }
        Kind::BudgetHeadDefined(head) => {
            head.parent
                .iter()
                .for_each(|id| about_item("head", id, named));
            item("head", &head.id, named);
        }
        Kind::FundingFormulaSet(set) => service(set.service.as_ref(), named),
        Kind::GrantAwarded(awarded) => {
            service(awarded.service.as_ref(), named);
            named.open(Thing::Item("grant", awarded.grant.clone()));
        }
        Kind::SavingsPlanned(planned) => {
            planned
                .part_of
                .iter()
                .for_each(|id| about_item("savings plan", id, named));
            item("savings plan", &planned.plan, named);
        }
        Kind::SavingsChanged(changed) => item("savings plan", &changed.plan, named),
        Kind::SavingsDropped(dropped) => item("savings plan", &dropped.plan, named),
        Kind::SavingsRealised(realised) => {
            realised
                .plan
                .iter()
                .for_each(|id| about_item("savings plan", id, named));
            realised
                .part_of
                .iter()
                .for_each(|id| about_item("savings", id, named));
            item("savings", &realised.realised, named);
        }
        Kind::VirementMade(made) => item("virement", &made.id, named),
        Kind::VirementReversed(reversed) => item("virement", &reversed.id, named),
        Kind::UnderspendDisposed(disposed) => item("disposal", &disposed.id, named),
        Kind::DisposalConfirmed(confirmed) => item("disposal", &confirmed.id, named),
        Kind::ContributionInvoiced(invoiced) => {
            invoiced
                .credits
                .iter()
                .for_each(|id| about_item("invoice", id, named));
            item("invoice", &invoiced.invoice, named);
        }
        Kind::ContributionPaid(paid) => {
            paid.invoice
                .iter()
                .for_each(|id| about_item("invoice", id, named));
            item("payment", &paid.payment, named);
        }
        Kind::SettlementAgreed(agreed) => {
            agreed
                .dispute
                .iter()
                .for_each(|id| about_item("dispute", id, named));
            agreed
                .notice
                .iter()
                .for_each(|id| about_item("notice", id, named));
            item("settlement", &agreed.id, named);
        }
        Kind::SettlementPaid(paid) => item("settlement", &paid.id, named),
        Kind::SettlementWrittenOff(written_off) => item("settlement", &written_off.id, named),

        Kind::AuditReported(reported) => {
            service(reported.service.as_ref(), named);
            named.open(Thing::Item("audit", reported.audit.clone()));
        }
        Kind::ReviewCommissioned(commissioned) => item("review", &commissioned.review, named),
        Kind::ReviewPublished(published) => item("review", &published.review, named),
        Kind::RecommendationMade(made) => {
            made.review
                .iter()
                .for_each(|id| about_item("review", id, named));
            item("recommendation", &made.recommendation, named);
        }
        Kind::RecommendationResponded(responded) => {
            item("recommendation", &responded.recommendation, named);
        }
        Kind::RecommendationClosed(closed) => item("recommendation", &closed.recommendation, named),
        Kind::BenefitBaselined(baselined) => {
            service(baselined.service.as_ref(), named);
            instrument(baselined.instrument.as_ref(), named);
            named.open(Thing::Item("benefit", baselined.benefit.clone()));
        }
        Kind::BenefitMeasured(measured) => item("benefit", &measured.benefit, named),
        Kind::AssumptionInvalidated(invalidated) => {
            invalidated
                .benefit
                .iter()
                .for_each(|id| about_item("benefit", id, named));
            item("assumption", &invalidated.assumption, named);
            instrument(invalidated.instrument.as_ref(), named);
        }
        Kind::RiskRaised(raised) => {
            service(raised.service.as_ref(), named);
            named.open(Thing::Item("risk", raised.risk.clone()));
        }
        Kind::RiskClosed(closed) => item("risk", &closed.risk, named),
        Kind::DisputeRaised(raised) => item("dispute", &raised.dispute, named),
        Kind::DisputeSettled(settled) => item("dispute", &settled.dispute, named),
        Kind::DiscrepancyNoted(noted) => item("discrepancy", &noted.discrepancy, named),

        Kind::MeetingCalled(called) => called
            .meeting
            .iter()
            .for_each(|id| about_item("meeting", id, named)),
        Kind::MeetingHeld(held) => item("meeting", &held.meeting, named),
        Kind::MeetingCancelled(cancelled) => item("meeting", &cancelled.meeting, named),
        Kind::MinutesApproved(approved) => item("meeting", &approved.meeting, named),
        Kind::ApprovalRulesAdopted(adopted) => item("rule set", &adopted.rule_set, named),
        Kind::MandateGranted(granted) => item("mandate", &granted.mandate, named),
        Kind::MandateRevoked(revoked) => item("mandate", &revoked.mandate, named),

        // About the subject as a whole.
        Kind::BodyRegistered(_)
        | Kind::BodySucceeded(_)
        | Kind::IdentifierAdded(_)
        | Kind::CapacityGained(_)
        | Kind::CapacityLost(_)
        | Kind::OfficeRenamed(_)
        | Kind::BodyRenamed(_)
        | Kind::BoardConstituted(_)
        | Kind::ChairAppointed(_)
        | Kind::BoardMembershipChanged(_)
        | Kind::StandingOrdersAdopted(_)
        | Kind::BoardEnded(_)
        | Kind::BoardCollaborationsChanged(_)
        | Kind::CollaborationEstablished(_)
        | Kind::LeadAppointed(_)
        | Kind::BudgetApproved(_)
        | Kind::ForecastReported(_)
        | Kind::OutturnReported(_)
        | Kind::CheckpointKeyReplaced(_) => {}

        // `Markings` looks at the event that takes the place of the wrong one.
        Kind::EntryCorrected(_) => {}
    }
    all
}

fn matter(matter: &Matter, named: &mut Named) {
    match matter {
        Matter::SignInstrument(id) | Matter::VaryInstrument(id) => {
            named.about(Thing::Instrument(id.clone()));
        }
        Matter::AddService(id) | Matter::RemoveService(id) => {
            named.about(Thing::Service(id.clone()))
        }
        Matter::ChangeLead { service: id, .. } => service(id.as_ref(), named),
        Matter::Together(matters) => matters.iter().for_each(|one| self::matter(one, named)),
        Matter::AdmitParty(_)
        | Matter::Withdraw(_)
        | Matter::EndCollaboration
        | Matter::SetBudget { .. }
        | Matter::MakeVirement(_)
        | Matter::DisposeUnderspend(_)
        | Matter::AdoptRules(_)
        | Matter::Other(_) => {}
    }
}

fn basis(basis: &EndBasis, named: &mut Named) {
    let notices = basis.notices.iter();
    notices.for_each(|id| named.about(Thing::Item("notice", id.clone())));
    let direction = basis.direction.iter();
    direction.for_each(|id| named.about(Thing::Item("direction", id.clone())));
}

fn about_item(kind: &'static str, id: &ItemId, named: &mut Named) {
    named.about(Thing::Item(kind, id.clone()));
}

fn item(kind: &'static str, id: &ItemId, named: &mut Named) {
    named.open(Thing::Item(kind, id.clone()));
}

fn instrument(id: Option<&InstrumentId>, named: &mut Named) {
    id.into_iter()
        .cloned()
        .for_each(|id| named.about(Thing::Instrument(id)));
}

fn service(id: Option<&ServiceId>, named: &mut Named) {
    id.into_iter()
        .cloned()
        .for_each(|id| named.about(Thing::Service(id)));
}
