//! The table of event kinds: one row a kind, and the only list of them.
//!
//! Each part of the program that differs by kind passes its own macro to
//! `event_kinds!` and builds its dispatch from the rows. A row without the
//! function, type or trait that a part expects does not compile.
//!
//! The columns:
//!
//! 1. The name on the wire: the field of `Event.kind`, and the name of the kind's
//!    functions in `admit`, in the fold and in the summaries.
//! 2. The payload, which also names the variant of `Kind`.
//! 3. The noun: the module that holds the kind in each part of the program.
//! 4. The subjects it may be about: a variant of [`AllowedSubject`].
//! 5. Its role in prior approval. An `act` carries something out and may need
//!    approval, so its payload implements `Act`. A `proposal` asks for approval, an
//!    `opinion` is a vote, decision or answer on a proposal. All else is a
//!    `statement`.
//! 6. `until_end` for a kind that changes a collaboration, and so is refused once
//!    the collaboration has ended; `always` for any other.

use crate::ids::SubjectId;

// Exported, so that other layers can make their own dispatch from the rows.
#[doc(hidden)]
#[macro_export]
macro_rules! event_kinds {
    ($consumer:ident) => {
        $consumer! {
            body_registered            BodyRegistered            bodies          Body                  statement  always;
            body_succeeded             BodySucceeded             bodies          Body                  statement  always;
            identifier_added           IdentifierAdded           bodies          Body                  statement  always;
            alias_added                AliasAdded                bodies          Any                   statement  always;
            capacity_gained            CapacityGained            bodies          Body                  statement  always;
            capacity_lost              CapacityLost              bodies          Body                  statement  always;
            office_renamed             OfficeRenamed             bodies          Body                  statement  always;
            body_renamed               BodyRenamed               bodies          Body                  statement  always;

            board_constituted          BoardConstituted          boards          Board                 statement  always;
            chair_appointed            ChairAppointed            boards          Board                 statement  always;
            board_membership_changed   BoardMembershipChanged    boards          Board                 statement  always;
            meeting_called             MeetingCalled             boards          Board                 statement  always;
            standing_orders_adopted    StandingOrdersAdopted     boards          Board                 statement  always;
            board_ended                BoardEnded                boards          Board                 statement  always;
            board_collaborations_changed BoardCollaborationsChanged boards       Board                 statement  always;
            meeting_held               MeetingHeld               meetings        Board                 statement  always;
            meeting_cancelled          MeetingCancelled          meetings        Board                 statement  always;
            minutes_approved           MinutesApproved           meetings        Board                 statement  always;

            collaboration_established  CollaborationEstablished  collaborations  Collaboration         statement  always;
            party_joined               PartyJoined               collaborations  Collaboration         act        until_end;

            party_withdrew             PartyWithdrew             notices         Collaboration         act        until_end;

            lead_appointed             LeadAppointed             collaborations  Collaboration         act        until_end;
            opportunity_considered     OpportunityConsidered     collaborations  Collaboration         statement  always;
            dependency_noted           DependencyNoted           collaborations  Any                   statement  always;

            notice_given               NoticeGiven               notices         Collaboration         statement  until_end;
            notice_extended            NoticeExtended            notices         Collaboration         statement  until_end;
            notice_revoked             NoticeRevoked             notices         Collaboration         statement  until_end;
            direction_issued           DirectionIssued           notices         Collaboration         statement  always;

            collaboration_ended        CollaborationEnded        collaborations  Collaboration         act        until_end;
            host_appointed             HostAppointed             services        Collaboration         statement  until_end;

            instrument_drafted         InstrumentDrafted         instruments     Any                   statement  until_end;
            consultation_recorded      ConsultationRecorded      instruments     Any                   statement  always;
            agreement_signed           AgreementSigned           instruments     Any                   act        until_end;
            mou_updated                MouUpdated                instruments     Any                   act        until_end;
            instrument_varied          InstrumentVaried          instruments     Any                   act        until_end;
            instrument_renewed         InstrumentRenewed         instruments     Any                   act        until_end;
            instrument_superseded      InstrumentSuperseded      instruments     Any                   statement  always;
            instrument_ended           InstrumentEnded           instruments     Any                   act        always;
            instrument_reviewed        InstrumentReviewed        instruments     Any                   statement  always;
            instrument_published       InstrumentPublished       publications    Any                   statement  always;
            instrument_withheld        InstrumentWithheld        publications    Any                   statement  always;
            service_instrument_named   ServiceInstrumentNamed    services        Collaboration         statement  until_end;

            service_added              ServiceAdded              services        Collaboration         act        until_end;
            service_units_changed      ServiceUnitsChanged       services        Collaboration         statement  until_end;
            service_parties_changed    ServicePartiesChanged     services        Collaboration         statement  until_end;
            service_lead_transferred   ServiceLeadTransferred    services        Collaboration         act        until_end;
            service_removed            ServiceRemoved            services        Collaboration         act        until_end;
            service_resumed            ServiceResumed            services        Collaboration         act        until_end;
            lead_ended                 LeadEnded                 services        Collaboration         statement  until_end;

            approval_rules_adopted     ApprovalRulesAdopted      approval_rules  Any                   act        always;

            matter_proposed            MatterProposed            decisions       Any                   proposal   always;
            vote_cast                  VoteCast                  decisions       Any                   opinion    always;
            decision_made              DecisionMade              decisions       Any                   opinion    always;
            external_decision_received ExternalDecisionReceived  decisions       Any                   opinion    always;
            proposal_withdrawn         ProposalWithdrawn         decisions       Any                   statement  always;
            action_agreed              ActionAgreed              decisions       Any                   statement  always;
            action_closed              ActionClosed              decisions       Any                   statement  always;
            decision_published         DecisionPublished         decisions       Any                   statement  always;
            decision_withheld          DecisionWithheld          decisions       Any                   statement  always;
            condition_settled          ConditionSettled          decisions       Any                   statement  always;

            decision_called_in         DecisionCalledIn          challenges      Any                   statement  always;
            call_in_settled            CallInSettled             challenges      Any                   statement  always;
            decision_challenged        DecisionChallenged        challenges      Any                   statement  always;
            challenge_step_taken       ChallengeStepTaken        challenges      Any                   statement  always;

            delegation_made            DelegationMade            delegations     Any                   statement  always;
            delegation_revoked         DelegationRevoked         delegations     Any                   statement  always;

            outcome_not_known          OutcomeNotKnown           decisions       Any                   statement  always;

            funding_formula_set        FundingFormulaSet         funding_formulas Collaboration         statement  until_end;
            budget_approved            BudgetApproved            budgets         Any                   act        until_end;
            forecast_reported          ForecastReported          budgets         Any                   statement  always;
            outturn_reported           OutturnReported           budgets         Any                   statement  always;
            budget_adjusted            BudgetAdjusted            budgets         Any                   act        always;
            budget_head_defined        BudgetHeadDefined         budgets         Any                   statement  always;
            grant_awarded              GrantAwarded              money           Any                   statement  always;

            savings_planned            SavingsPlanned            savings         Any                   statement  always;
            savings_changed            SavingsChanged            savings         Any                   statement  always;
            savings_dropped            SavingsDropped            savings         Any                   statement  always;
            savings_realised           SavingsRealised           savings         Any                   statement  always;

            virement_requested         VirementRequested         virements       Any                   proposal   always;
            virement_approved          VirementApproved          virements       Any                   opinion    always;
            virement_made              VirementMade              virements       Any                   act        always;
            virement_reversed          VirementReversed          virements       Any                   statement  always;
            underspend_disposed        UnderspendDisposed        virements       Any                   act        always;
            disposal_confirmed         DisposalConfirmed         virements       Any                   statement  always;

            contribution_invoiced      ContributionInvoiced      invoices        Collaboration         statement  always;
            contribution_paid          ContributionPaid          invoices        Collaboration         statement  always;
            settlement_agreed          SettlementAgreed          settlements     Collaboration         statement  always;
            settlement_paid            SettlementPaid            settlements     Collaboration         statement  always;
            settlement_written_off     SettlementWrittenOff      settlements     Collaboration         statement  always;

            audit_reported             AuditReported             assurance       Any                   statement  always;
            review_commissioned        ReviewCommissioned        assurance       Any                   statement  always;
            review_published           ReviewPublished           assurance       Any                   statement  always;
            recommendation_made        RecommendationMade        assurance       Any                   statement  always;
            recommendation_responded   RecommendationResponded   assurance       Any                   statement  always;
            recommendation_closed      RecommendationClosed      assurance       Any                   statement  always;
            benefit_baselined          BenefitBaselined          assurance       Any                   statement  always;
            benefit_measured           BenefitMeasured           assurance       Any                   statement  always;
            assumption_invalidated     AssumptionInvalidated     assurance       Any                   statement  always;
            risk_raised                RiskRaised                assurance       Any                   statement  always;
            risk_closed                RiskClosed                assurance       Any                   statement  always;
            dispute_raised             DisputeRaised             assurance       Any                   statement  always;
            dispute_settled            DisputeSettled            assurance       Any                   statement  always;
            discrepancy_noted          DiscrepancyNoted          assurance       Any                   statement  always;

            entry_corrected            EntryCorrected            corrections     Any                   statement  always;

            checkpoint_key_replaced    CheckpointKeyReplaced     keys            Register              statement  always;

            mandate_granted            MandateGranted            mandates        Register              statement  always;
            mandate_revoked            MandateRevoked            mandates        Register              statement  always;
        }
    };
}
pub use event_kinds;

/// The subjects that a kind of event may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedSubject {
    /// A body, a board or a collaboration; not the register itself.
    Any,
    Body,
    Board,
    Collaboration,
    Register,
}

impl AllowedSubject {
    pub const fn allows(self, subject: &SubjectId) -> bool {
        match subject {
            SubjectId::Body(_) => matches!(self, Self::Any | Self::Body),
            SubjectId::Board(_) => matches!(self, Self::Any | Self::Board),
            SubjectId::Collaboration(_) => matches!(self, Self::Any | Self::Collaboration),
            SubjectId::Register => matches!(self, Self::Register),
        }
    }

    /// The subjects in words, and how to write them.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Any => "any subject: write bodies/ID, boards/ID or collaborations/ID",
            Self::Body => "a body: write bodies/ID",
            Self::Board => "a board: write boards/ID",
            Self::Collaboration => "a collaboration: write collaborations/ID",
            Self::Register => "the register itself: write register",
        }
    }
}
