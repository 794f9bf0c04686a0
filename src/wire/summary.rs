//! An event in one line of plain English, for history.
//!
//! It speaks of ids, since names depend on the day that is asked about; the
//! reader of history sees both.

mod acts;
mod facts;

use crate::domain::event::{Actor, Event, Kind, Target};

/// How many characters of a recorder's own words a line quotes.
const QUOTED_MAX: usize = 120;

/// What a proposal puts up, in one line.
pub fn proposed(event: &Event) -> String {
    match &event.kind {
        Kind::VirementRequested(e) => format!("virement {}", acts::virement(&e.virement)),
        Kind::MatterProposed(e) => acts::matter(&e.matter),
        _ => summary(event),
    }
}

/// What happened, in one line.
pub fn summary(event: &Event) -> String {
    let acted = event.acted_by.as_ref();
    match &event.kind {
        Kind::BodyRegistered(e) => facts::body_registered(e),
        Kind::BodySucceeded(e) => format!("succeeded by {}", e.successor),
        Kind::IdentifierAdded(e) => {
            format!("known as {} in {}", e.identifier.value, e.identifier.scheme)
        }
        Kind::AliasAdded(e) => facts::alias_added(e),
        Kind::BoardConstituted(e) => facts::board_constituted(e),
        Kind::ChairAppointed(e) => facts::chair_appointed(e),
        Kind::BoardMembershipChanged(e) => facts::board_membership_changed(e),
        Kind::MeetingCalled(e) => facts::meeting_called(e),
        Kind::CollaborationEstablished(e) => facts::collaboration_established(e),
        Kind::PartyJoined(e) => {
            format!(
                "{} became a party{}",
                e.body,
                by(e.instrument.as_ref(), "under")
            )
        }
        Kind::PartyWithdrew(e) => {
            format!("{} withdrew{}", e.body, by(e.notice.as_ref(), "on notice"))
        }
        Kind::LeadAppointed(e) => format!("{} appointed to lead", e.body),
        Kind::OpportunityConsidered(e) => facts::opportunity_considered(e),
        Kind::DependencyNoted(e) => format!("{} depends on {}", e.what, e.depends_on),
        Kind::NoticeGiven(e) => facts::notice_given(e),
        Kind::NoticeExtended(e) => {
            format!("notice {} extended to {}", e.notice, e.takes_effect_on)
        }
        Kind::NoticeRevoked(e) => format!("notice {} taken back", e.notice),
        Kind::DirectionIssued(e) => facts::direction_issued(e),
        Kind::CollaborationEnded(e) => facts::collaboration_ended(e),
        Kind::InstrumentDrafted(e) => facts::instrument_drafted(e),
        Kind::ConsultationRecorded(e) => facts::consultation_recorded(e),
        Kind::AgreementSigned(e) => facts::agreement_signed(e),
        Kind::MouUpdated(e) => facts::varied("memorandum", &e.variation),
        Kind::InstrumentVaried(e) => facts::varied("instrument", &e.variation),
        Kind::InstrumentRenewed(e) => {
            format!("instrument {} renewed until {}", e.instrument, e.expires_on)
        }
        Kind::InstrumentSuperseded(e) => {
            format!("instrument {} superseded by {}", e.instrument, e.by)
        }
        Kind::InstrumentEnded(e) => {
            format!(
                "instrument {} ended {}",
                e.instrument,
                facts::cause(e.cause)
            )
        }
        Kind::InstrumentReviewed(e) => facts::instrument_reviewed(e),
        Kind::ServiceAdded(e) => facts::service_added(e),
        Kind::ServiceUnitsChanged(e) => facts::service_units_changed(e),
        Kind::ServicePartiesChanged(e) => facts::service_parties_changed(e),
        Kind::ServiceLeadTransferred(e) => facts::service_lead_transferred(e),
        Kind::ServiceRemoved(e) => format!("service {} removed", e.service),
        Kind::ApprovalRulesAdopted(e) => acts::approval_rules_adopted(e),
        Kind::MatterProposed(e) => acts::matter_proposed(e, acted),
        Kind::VoteCast(e) => acts::vote_cast(e),
        Kind::DecisionMade(e) => acts::decision_made(e, acted),
        Kind::ExternalDecisionReceived(e) => acts::external_decision_received(e),
        Kind::ProposalWithdrawn(e) => format!("proposal {} withdrawn", e.proposal),
        Kind::ActionAgreed(e) => acts::action_agreed(e),
        Kind::ActionClosed(e) => {
            format!("action {} closed: {}", e.action, brief(e.outcome.as_str()))
        }
        Kind::DecisionPublished(e) => format!("decision {} published", e.decision),
        Kind::DecisionWithheld(e) => {
            format!(
                "decision {} withheld: {}",
                e.decision,
                brief(e.ground.as_str())
            )
        }
        Kind::FundingFormulaSet(e) => acts::funding_formula_set(e),
        Kind::BudgetApproved(e) => acts::budget_approved(e),
        Kind::ForecastReported(e) => {
            acts::figures(&format!("forecast {}", e.figures.year), &e.figures)
        }
        Kind::OutturnReported(e) => {
            acts::figures(&format!("outturn {}", e.figures.year), &e.figures)
        }
        Kind::GrantAwarded(e) => acts::grant_awarded(e),
        Kind::SavingsPlanned(e) => acts::savings("planned", &e.plan, &e.savings),
        Kind::SavingsRealised(e) => acts::savings("realised", &e.realised, &e.savings),
        Kind::VirementRequested(e) => acts::virement_requested(e),
        Kind::VirementApproved(e) => acts::virement_approved(e, acted),
        Kind::VirementMade(e) => {
            format!("virement {} made, {}", e.id, acts::virement(&e.virement))
        }
        Kind::VirementReversed(e) => {
            format!("virement {} reversed: {}", e.id, brief(e.reason.as_str()))
        }
        Kind::UnderspendDisposed(e) => {
            format!(
                "underspend disposed of ({}), {}",
                e.id,
                acts::disposal(&e.disposal)
            )
        }
        Kind::DisposalConfirmed(e) => {
            format!("{} confirmed {} of disposal {}", e.body, e.amount, e.id)
        }
        Kind::AuditReported(e) => facts::audit_reported(e),
        Kind::ReviewCommissioned(e) => facts::review_commissioned(e),
        Kind::ReviewPublished(e) => facts::review_published(e),
        Kind::RecommendationMade(e) => {
            format!(
                "recommendation {}: {}",
                e.recommendation,
                brief(e.what.as_str())
            )
        }
        Kind::RecommendationResponded(e) => {
            format!(
                "recommendation {} {}",
                e.recommendation,
                facts::response(e.response)
            )
        }
        Kind::RecommendationClosed(e) => {
            format!(
                "recommendation {} closed: {}",
                e.recommendation,
                brief(e.outcome.as_str())
            )
        }
        Kind::BenefitBaselined(e) => facts::benefit_baselined(e),
        Kind::BenefitMeasured(e) => format!("benefit {} measured at {}", e.benefit, e.value),
        Kind::AssumptionInvalidated(e) => {
            format!(
                "assumption {} does not hold: {}",
                e.assumption,
                brief(e.found.as_str())
            )
        }
        Kind::RiskRaised(e) => format!("risk {} raised: {}", e.risk, brief(e.what.as_str())),
        Kind::RiskClosed(e) => format!("risk {} closed: {}", e.risk, brief(e.outcome.as_str())),
        Kind::DisputeRaised(e) => {
            format!("dispute {} raised: {}", e.dispute, brief(e.what.as_str()))
        }
        Kind::DisputeSettled(e) => {
            format!(
                "dispute {} settled: {}",
                e.dispute,
                brief(e.outcome.as_str())
            )
        }
        Kind::DiscrepancyNoted(e) => format!("discrepancy {}: {}", e.discrepancy, e.what),
        Kind::EntryCorrected(e) => {
            let target = entry(e.target);
            match &e.replacement {
                None => format!("{target} made void: {}", brief(e.reason.as_str())),
                Some(instead) => format!("{target} corrected: {}", summary(instead)),
            }
        }
        Kind::CheckpointKeyReplaced(e) => {
            format!("another key signs the checkpoints: {}", e.verifier_key)
        }
    }
}

/// Another entry, as people say it.
fn entry(target: Target) -> String {
    match target {
        Target::Position(position) => format!("entry {position}"),
        Target::Event(id) => format!("the entry of event {id}"),
    }
}

/// A recorder's words on one line, cut where they run long.
fn brief(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED_MAX) {
        None => line,
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
    }
}

/// `" WORD id"`, or nothing.
fn by<T: std::fmt::Display>(id: Option<&T>, word: &str) -> String {
    id.map(|id| format!(" {word} {id}")).unwrap_or_default()
}

/// Who acts, as people say it.
fn who(actor: &Actor) -> String {
    match actor {
        Actor::Body { body, office: None } => body.to_string(),
        Actor::Body {
            body,
            office: Some(office),
        } => format!("{office} of {body}"),
        Actor::Office(office) => office.to_string(),
    }
}

/// A list in words: `a, b and c`.
fn series<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    match items.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// `1 unit`, `2 units`, `3 parties`.
fn several(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}
