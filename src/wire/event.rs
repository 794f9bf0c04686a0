//! Events: from what a recorder sends to what the domain judges.
//!
//! Whatever can be checked without the register is checked here; whether a body
//! exists or a proposal was carried is for the domain's rules.

mod assurance;
mod boards;
mod bodies;
mod collaborations;
mod corrections;
mod decisions;
mod envelope;
mod instruments;
mod keys;
mod money;
mod services;

use prost::Message;

use crate::domain::event::{Event, Kind};
use crate::domain::ids::SubjectId;
use crate::wire::fields::{FromWire, date, list, optional, optional_uuid, subject, text};
use crate::wire::proto;
use crate::wire::violation::{EventContext, MessageReader};

/// The most bytes an event may have, encoded.
pub const EVENT_BYTES_MAX: usize = 32_768;
/// The most sources an event may name.
pub const SOURCES_MAX: usize = 20;

impl FromWire for Event {
    type Wire = proto::Event;

    fn read(r: &mut MessageReader, m: &proto::Event) -> Option<Self> {
        let before = r.fault_count();
        let size = m.encoded_len();
        if size > EVENT_BYTES_MAX {
            r.fault(format!(
                "an event has at most {EVENT_BYTES_MAX} bytes encoded; this one has {size}: point \
                 to a document instead of copying it, or split the event"
            ));
        }
        let about = subject(r, "subject", &m.subject);
        let effective_on = date(r, "effective_on", &m.effective_on);
        let decided_on = date(r, "decided_on", &m.decided_on);
        let acted_by = optional(r, "acted_by", &m.acted_by);
        let authority = envelope::authority(r, "authority", &m.authority);
        let sources = list(r, "sources", &m.sources, SOURCES_MAX);
        let note = text(r, "note", &m.note);
        let event_id = optional_uuid(r, "event_id", &m.event_id);
        let outer = std::mem::replace(
            &mut r.event,
            EventContext {
                subject: about.clone(),
                names_actor: m.acted_by.is_some(),
                is_breach: envelope::is_breach(m),
            },
        );
        let kind = match &m.kind {
            Some(kind) => read_kind(r, kind),
            None => {
                r.fault_in(
                    "kind",
                    "name what happened: exactly one of body_registered, party_joined, \
                     agreement_signed and so on; if you did, the client is newer than the server",
                );
                None
            }
        };
        r.event = outer;
        if r.fault_count() > before {
            return None;
        }
        Some(Self {
            subject: about?,
            effective_on: effective_on?,
            decided_on: decided_on?,
            acted_by: acted_by?,
            authority: authority?,
            sources: sources?,
            note: note?,
            event_id: event_id?,
            kind: kind?,
        })
    }
}

/// Which subjects a kind of event can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AllowedSubject {
    Any,
    Body,
    Board,
    Collaboration,
    CollaborationOrBoard,
    Register,
}

impl AllowedSubject {
    const fn takes(self, subject: &SubjectId) -> bool {
        match (self, subject) {
            (Self::Any, SubjectId::Register) => false,
            (Self::Any, _)
            | (Self::Register, SubjectId::Register)
            | (Self::Body, SubjectId::Body(_))
            | (Self::Board | Self::CollaborationOrBoard, SubjectId::Board(_))
            | (Self::Collaboration | Self::CollaborationOrBoard, SubjectId::Collaboration(_)) => {
                true
            }
            (
                Self::Body
                | Self::Board
                | Self::Collaboration
                | Self::CollaborationOrBoard
                | Self::Register,
                _,
            ) => false,
        }
    }

    const fn way_out(self) -> &'static str {
        match self {
            Self::Any => "any subject: write bodies/ID, boards/ID or collaborations/ID",
            Self::Body => "a body: write bodies/ID",
            Self::Board => "a board: write boards/ID",
            Self::Collaboration => "a collaboration: write collaborations/ID",
            Self::CollaborationOrBoard => {
                "a collaboration or a board: write collaborations/ID or boards/ID"
            }
            Self::Register => "the register itself: write register",
        }
    }
}

macro_rules! kinds {
    ($($home:ident { $($kind:ident $field:ident,)* })*) => {
        fn read_kind(r: &mut MessageReader, kind: &proto::event::Kind) -> Option<Kind> {
            match kind {
                $($(proto::event::Kind::$kind(m) => {
                    check_subject_kind(r, stringify!($field), AllowedSubject::$home);
                    r.at(stringify!($field), |r| {
                        <crate::domain::event::$kind as FromWire>::read(r, m)
                    })
                    .map(Kind::from)
                })*)*
            }
        }
    };
}

fn check_subject_kind(r: &mut MessageReader, field: &str, home: AllowedSubject) {
    if r.event.subject.as_ref().is_some_and(|s| !home.takes(s)) {
        r.fault_in("subject", format!("{field} is about {}", home.way_out()));
    }
}

kinds! {
    Body {
        BodyRegistered body_registered,
        BodySucceeded body_succeeded,
        IdentifierAdded identifier_added,
    }
    Board {
        BoardConstituted board_constituted,
        ChairAppointed chair_appointed,
        BoardMembershipChanged board_membership_changed,
        MeetingCalled meeting_called,
    }
    Collaboration {
        CollaborationEstablished collaboration_established,
        PartyJoined party_joined,
        PartyWithdrew party_withdrew,
        LeadAppointed lead_appointed,
        OpportunityConsidered opportunity_considered,
        NoticeGiven notice_given,
        NoticeExtended notice_extended,
        NoticeRevoked notice_revoked,
        DirectionIssued direction_issued,
        CollaborationEnded collaboration_ended,
        ServiceAdded service_added,
        ServiceUnitsChanged service_units_changed,
        ServicePartiesChanged service_parties_changed,
        ServiceLeadTransferred service_lead_transferred,
        ServiceRemoved service_removed,
        FundingFormulaSet funding_formula_set,
    }
    CollaborationOrBoard {
        ApprovalRulesAdopted approval_rules_adopted,
    }
    Any {
        AliasAdded alias_added,
        DependencyNoted dependency_noted,
        InstrumentDrafted instrument_drafted,
        ConsultationRecorded consultation_recorded,
        AgreementSigned agreement_signed,
        MouUpdated mou_updated,
        InstrumentVaried instrument_varied,
        InstrumentRenewed instrument_renewed,
        InstrumentSuperseded instrument_superseded,
        InstrumentEnded instrument_ended,
        InstrumentReviewed instrument_reviewed,
        MatterProposed matter_proposed,
        VoteCast vote_cast,
        DecisionMade decision_made,
        ExternalDecisionReceived external_decision_received,
        ProposalWithdrawn proposal_withdrawn,
        ActionAgreed action_agreed,
        ActionClosed action_closed,
        DecisionPublished decision_published,
        DecisionWithheld decision_withheld,
        BudgetApproved budget_approved,
        ForecastReported forecast_reported,
        OutturnReported outturn_reported,
        GrantAwarded grant_awarded,
        SavingsPlanned savings_planned,
        SavingsRealised savings_realised,
        VirementRequested virement_requested,
        VirementApproved virement_approved,
        VirementMade virement_made,
        VirementReversed virement_reversed,
        UnderspendDisposed underspend_disposed,
        DisposalConfirmed disposal_confirmed,
        AuditReported audit_reported,
        ReviewCommissioned review_commissioned,
        ReviewPublished review_published,
        RecommendationMade recommendation_made,
        RecommendationResponded recommendation_responded,
        RecommendationClosed recommendation_closed,
        BenefitBaselined benefit_baselined,
        BenefitMeasured benefit_measured,
        AssumptionInvalidated assumption_invalidated,
        RiskRaised risk_raised,
        RiskClosed risk_closed,
        DisputeRaised dispute_raised,
        DisputeSettled dispute_settled,
        DiscrepancyNoted discrepancy_noted,
        EntryCorrected entry_corrected,
    }
    Register {
        CheckpointKeyReplaced checkpoint_key_replaced,
    }
}
