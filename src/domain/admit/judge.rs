//! The judgement of one event: the rules for every event, for its kind, and for acts.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::board_end::board_over;
use super::date_from::end_within;
use super::event_check::EventCheck;
use crate::collaboration::Collaboration;
use crate::date::PartialDate;
use crate::entry::Entry;
use crate::event::{Authority, Kind, event_kinds};
use crate::fact::EffectiveEntry;
use crate::fault::Fault;
use crate::ids::{InstrumentId, ItemId, Position, SubjectId};
use crate::register::Register;
use crate::work;

// `event/kinds.rs` says what each column is.
macro_rules! define_check_kind {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        /// Judges an event by the rules of its kind.
        fn check_kind(check: &mut EventCheck<'_>, kind: &Kind) {
            match kind {
                $(Kind::$kind(event) => super::$noun::$name(check, event),)*
            }
        }
    };
}

event_kinds!(define_check_kind);

/// The faults of one event against the register, each with its field.
///
/// `original_position` is the position of the entry, or, for a replacement, that of
/// the entry it replaces.
pub(super) fn judge(
    register: &Register,
    entry: &Arc<Entry>,
    original_position: Position,
) -> Vec<(String, Fault)> {
    let subject = register.followed_subject(&entry.event.subject);
    let mut check = EventCheck::new(register, entry, subject.as_deref(), original_position);
    check_envelope(&mut check);
    check_currency(&mut check);
    check_kind(&mut check, &entry.event.kind);
    super::acts::check_act(&mut check);
    check.into_faults()
}

/// Requires that the amounts of a subject are in one currency.
fn check_currency(check: &mut EventCheck<'_>) {
    let of_subject = check.dossier().and_then(|dossier| dossier.currency);
    if let Some((currency, given)) = of_subject.zip(check.entry.event.currency)
        && currency != given
    {
        let subject = check.id().clone();
        let fault = Fault::OtherCurrency {
            subject,
            currency,
            given,
        };
        check.report_at("currency", fault);
    }
}

/// A fault of an entry that was judged again.
pub(super) struct RejudgedFault {
    pub position: Position,
    /// The path of the field.
    pub path: String,
    pub fault: Fault,
}

/// The faults of the effective entries that are to be judged, each after those before it,
/// on top of a register.
pub(super) fn rejudge(
    register: &Register,
    entries: &[EffectiveEntry],
    is_judged: impl Fn(&EffectiveEntry) -> bool,
) -> Vec<RejudgedFault> {
    let mut register = register.clone();
    let mut faults = Vec::new();
    for entry in entries {
        if is_judged(entry) {
            work::step();
            let position = entry.original_position;
            let found = judge(&register, &entry.entry, position).into_iter();
            faults.extend(found.map(|(path, fault)| RejudgedFault {
                position,
                path,
                fault,
            }));
        }
        register.apply_effective(entry.clone());
    }
    faults
}

/// Whether a year is from 1800 to a century ahead: nothing earlier is recorded, and no
/// agreement runs longer than a century.
fn is_plausible(on: PartialDate, recorded_on: Date) -> bool {
    (1800..=recorded_on.year().saturating_add(100)).contains(&on.year())
}

/// The latest day that it can be anywhere when the entry is recorded.
fn latest_today(entry: &Entry) -> Date {
    let day = TimeZone::UTC.to_datetime(entry.recorded_at).date();
    day.tomorrow().unwrap_or(day)
}

/// Whether an event says that something was done, which is recorded once it has happened:
/// a vote, a signature, a report. Whatever can be fixed ahead may be dated ahead: who joins
/// or leaves, terms and ends, budgets and approval rules, the day of a meeting.
const fn has_happened(kind: &Kind) -> bool {
    match kind {
        Kind::MeetingHeld(_)
        | Kind::MinutesApproved(_)
        | Kind::OpportunityConsidered(_)
        | Kind::NoticeGiven(_)
        | Kind::NoticeExtended(_)
        | Kind::NoticeRevoked(_)
        | Kind::ConsultationRecorded(_)
        | Kind::AgreementSigned(_)
        | Kind::InstrumentReviewed(_)
        | Kind::InstrumentPublished(_)
        | Kind::InstrumentWithheld(_)
        | Kind::MatterProposed(_)
        | Kind::VoteCast(_)
        | Kind::DecisionMade(_)
        | Kind::ExternalDecisionReceived(_)
        | Kind::ProposalWithdrawn(_)
        | Kind::ActionAgreed(_)
        | Kind::ActionClosed(_)
        | Kind::DecisionPublished(_)
        | Kind::DecisionWithheld(_)
        | Kind::ConditionSettled(_)
        | Kind::DecisionCalledIn(_)
        | Kind::CallInSettled(_)
        | Kind::DecisionChallenged(_)
        | Kind::ChallengeStepTaken(_)
        | Kind::OutcomeNotKnown(_)
        | Kind::ForecastReported(_)
        | Kind::OutturnReported(_)
        | Kind::SavingsRealised(_)
        | Kind::VirementRequested(_)
        | Kind::VirementApproved(_)
        | Kind::VirementMade(_)
        | Kind::VirementReversed(_)
        | Kind::UnderspendDisposed(_)
        | Kind::DisposalConfirmed(_)
        | Kind::ContributionInvoiced(_)
        | Kind::ContributionPaid(_)
        | Kind::SettlementAgreed(_)
        | Kind::SettlementPaid(_)
        | Kind::SettlementWrittenOff(_)
        | Kind::AuditReported(_)
        | Kind::ReviewCommissioned(_)
        | Kind::ReviewPublished(_)
        | Kind::RecommendationMade(_)
        | Kind::RecommendationResponded(_)
        | Kind::RecommendationClosed(_)
        | Kind::BenefitMeasured(_)
        | Kind::AssumptionInvalidated(_)
        | Kind::RiskRaised(_)
        | Kind::RiskClosed(_)
        | Kind::DisputeRaised(_)
        | Kind::DisputeSettled(_)
        | Kind::DiscrepancyNoted(_) => true,
        Kind::BodyRegistered(_)
        | Kind::BodySucceeded(_)
        | Kind::IdentifierAdded(_)
        | Kind::AliasAdded(_)
        | Kind::CapacityGained(_)
        | Kind::CapacityLost(_)
        | Kind::OfficeRenamed(_)
        | Kind::BodyRenamed(_)
        | Kind::BoardConstituted(_)
        | Kind::ChairAppointed(_)
        | Kind::BoardMembershipChanged(_)
        | Kind::MeetingCalled(_)
        | Kind::MeetingCancelled(_)
        | Kind::StandingOrdersAdopted(_)
        | Kind::BoardEnded(_)
        | Kind::BoardCollaborationsChanged(_)
        | Kind::CollaborationEstablished(_)
        | Kind::PartyJoined(_)
        | Kind::PartyWithdrew(_)
        | Kind::LeadAppointed(_)
        | Kind::DependencyNoted(_)
        | Kind::DirectionIssued(_)
        | Kind::CollaborationEnded(_)
        | Kind::HostAppointed(_)
        | Kind::InstrumentDrafted(_)
        | Kind::MouUpdated(_)
        | Kind::InstrumentVaried(_)
        | Kind::InstrumentRenewed(_)
        | Kind::InstrumentSuperseded(_)
        | Kind::InstrumentEnded(_)
        | Kind::ServiceInstrumentNamed(_)
        | Kind::ServiceAdded(_)
        | Kind::ServiceUnitsChanged(_)
        | Kind::ServicePartiesChanged(_)
        | Kind::ServiceLeadTransferred(_)
        | Kind::ServiceRemoved(_)
        | Kind::ServiceResumed(_)
        | Kind::LeadEnded(_)
        | Kind::ApprovalRulesAdopted(_)
        | Kind::DelegationMade(_)
        | Kind::DelegationRevoked(_)
        | Kind::FundingFormulaSet(_)
        | Kind::BudgetApproved(_)
        | Kind::BudgetAdjusted(_)
        | Kind::BudgetHeadDefined(_)
        | Kind::GrantAwarded(_)
        | Kind::SavingsPlanned(_)
        | Kind::SavingsChanged(_)
        | Kind::SavingsDropped(_)
        | Kind::BenefitBaselined(_)
        | Kind::EntryCorrected(_)
        | Kind::MandateGranted(_)
        | Kind::MandateRevoked(_)
        | Kind::CheckpointKeyReplaced(_) => false,
    }
}

/// The rules for every event: its subject, its dates, the actor and the authority.
fn check_envelope(check: &mut EventCheck<'_>) {
    let (entry, on) = (check.entry, check.on);
    let event = &entry.event;
    if !is_plausible(on, entry.recorded_on) {
        check.report_at("effective_on", Fault::DateImplausible { on });
    }
    if let Some(decided_on) = event.decided_on {
        let today = entry.recorded_on;
        if !is_plausible(decided_on, today) {
            check.report_at("decided_on", Fault::DateImplausible { on: decided_on });
        } else if decided_on.first_day() > today {
            check.report_at("decided_on", Fault::DecidedInFuture { decided_on, today });
        }
    }
    if has_happened(&event.kind) && on.first_day() > latest_today(entry) {
        let (what, today) = (event.kind.name(), entry.recorded_on);
        check.report_at("effective_on", Fault::NotYetHappened { what, on, today });
    }
    if let Some(id) = event.event_id
        && let Some(position) = check.register.event(id)
    {
        check.report_at(
            "event_id",
            Fault::EventIdTaken {
                event: id,
                position,
            },
        );
    }
    if let Some(body) = event.acted_by.as_ref().and_then(|actor| actor.body())
        && let Some(fault) = check.body_fault(body)
    {
        // A body may act in its own registration.
        let founds_itself = matches!(&event.subject, SubjectId::Body(id) if id == body)
            && matches!(event.kind, Kind::BodyRegistered(_));
        if !founds_itself {
            check.report_at("acted_by.body_id", fault);
        }
    }
    let cited = match &event.authority {
        Some(Authority::Proposal(id)) => Some(("authority.proposal_id", *id)),
        Some(Authority::AcknowledgedBreach(breach)) => {
            let field = "authority.acknowledged_breach.proposal_id";
            breach.proposal.map(|id| (field, id))
        }
        Some(Authority::Delegation(_) | Authority::RecordedDelegation(_)) | None => None,
    };
    if let Some((field, id)) = cited
        && check.register.proposal(id).is_none()
    {
        check.report_at(field, Fault::UnknownProposal { proposal: id });
    }
    check_subject(check);
}

/// Requires that the subject exists on the day and has not ended; or, for a founding
/// event, that it does not exist yet.
fn check_subject(check: &mut EventCheck<'_>) {
    let (id, on) = (check.id(), check.on);
    let founded_with = match id {
        SubjectId::Body(_) => "body_registered",
        SubjectId::Board(_) => "board_constituted",
        SubjectId::Collaboration(_) => "collaboration_established",
        // It exists before its first entry.
        SubjectId::Register => return,
    };
    let kind = &check.entry.event.kind;
    if kind.name() == founded_with {
        if let Some(record) = check.register.record(id) {
            let position = record
                .history()
                .front()
                .map(|first| first.position)
                .unwrap_or_default();
            check.report_at(
                "subject",
                Fault::SubjectExists {
                    subject: id.clone(),
                    position,
                },
            );
        }
        return;
    }
    let Some(since) = check.subject().and_then(|subject| subject.founded_on()) else {
        let (subject, found_with) = (id.clone(), founded_with);
        check.report_at(
            "subject",
            Fault::UnknownSubject {
                subject,
                found_with,
            },
        );
        return;
    };
    // A correction has its own date, apart from that of the entry it corrects.
    let may_precede = matches!(kind, Kind::EntryCorrected(_))
        || !matches!(id, SubjectId::Body(_)) && may_precede_subject(kind);
    // It may be of a later day in the same month or year. What changes parties, services or
    // members holds from the first day of its date, which is before they are founded.
    let may_follow = since.is_by(on).may_be()
        && !kind.changes_collaboration()
        && !matches!(
            kind,
            Kind::BoardMembershipChanged(_) | Kind::ChairAppointed(_)
        );
    if since.first_day() > check.day && !may_precede && !may_follow {
        let subject = id.clone();
        check.report_at("effective_on", Fault::BeforeSubject { subject, since, on });
    }
    if let SubjectId::Board(board) = id
        && changes_board(kind)
        && let Some(fault) = board_over(check.register, board, on)
    {
        check.report_at("effective_on", fault);
    }
    if let Some(collaboration) = check.collaboration()
        && let Some(ended) = collaboration.ended(check.day)
        && kind.changes_collaboration()
        && !(!is_end(kind) && check.on.is_full() && ended.on() == check.on)
        && !instrument_changed(kind, collaboration).is_some_and(|id| ended.surviving.contains(id))
    {
        let (subject, ended_on) = (id.clone(), ended.on());
        check.report_at(
            "effective_on",
            Fault::SubjectEnded {
                subject,
                ended_on,
                on,
                way_out: end_within(ended_on, on),
            },
        );
    }
}

/// Whether an event ends something, and so comes after whatever else is of its day, in
/// whichever order they are recorded: on its last day a collaboration is in force.
pub(super) const fn is_end(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::CollaborationEnded(_) | Kind::InstrumentEnded(_) | Kind::InstrumentSuperseded(_)
    )
}

/// Whether an event needs the board that it is about to be in being.
const fn changes_board(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::ChairAppointed(_)
            | Kind::BoardMembershipChanged(_)
            | Kind::StandingOrdersAdopted(_)
            | Kind::BoardCollaborationsChanged(_)
            | Kind::MeetingHeld(_)
            | Kind::ApprovalRulesAdopted(_)
    )
}

/// The instrument that an event changes, and nothing else: it goes on where the instrument
/// survives the end of the collaboration.
fn instrument_changed<'a>(
    kind: &'a Kind,
    collaboration: &'a Collaboration,
) -> Option<&'a InstrumentId> {
    let of_notice = |notice: &ItemId| {
        let notice = collaboration.notices.get(notice)?;
        notice.given.instrument.as_ref()
    };
    match kind {
        Kind::AgreementSigned(event) => Some(&event.instrument),
        Kind::MouUpdated(event) => Some(&event.variation.instrument),
        Kind::InstrumentVaried(event) => Some(&event.variation.instrument),
        Kind::InstrumentRenewed(event) => Some(&event.instrument),
        Kind::NoticeGiven(event) => event.instrument.as_ref(),
        Kind::NoticeExtended(event) => of_notice(&event.notice),
        Kind::NoticeRevoked(event) => of_notice(&event.notice),
        _ => None,
    }
}

/// Whether an event may be dated before the collaboration or board that it is about: a
/// mandate, the decision to begin, the agreement under which it began. Whatever changes its
/// parties, services or members needs it to exist.
pub const fn may_precede_subject(kind: &Kind) -> bool {
    match kind {
        Kind::InstrumentDrafted(_)
        | Kind::AgreementSigned(_)
        | Kind::MouUpdated(_)
        | Kind::InstrumentVaried(_)
        | Kind::InstrumentRenewed(_)
        | Kind::BudgetApproved(_) => true,
        Kind::AliasAdded(_)
        | Kind::ApprovalRulesAdopted(_)
        | Kind::ChairAppointed(_)
        | Kind::BoardMembershipChanged(_)
        | Kind::MeetingCalled(_)
        | Kind::OutturnReported(_)
        | Kind::SavingsChanged(_)
        | Kind::SavingsDropped(_)
        | Kind::SavingsRealised(_)
        | Kind::SettlementAgreed(_)
        | Kind::SettlementPaid(_)
        | Kind::SettlementWrittenOff(_)
        | Kind::VirementApproved(_)
        | Kind::VirementReversed(_)
        | Kind::UnderspendDisposed(_)
        | Kind::DisposalConfirmed(_) => false,
        kind => !kind.changes_collaboration(),
    }
}
