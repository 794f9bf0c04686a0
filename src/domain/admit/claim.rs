//! Claims: which role a mandate must have for an event, whose word the event is, and what
//! else it reports. Rule 0 compares claims with mandates.

use crate::board::Board;
use crate::dossier::Dossier;
use crate::event::{Actor, Event, Kind, MandateRole};
use crate::ids::{BoardId, BodyId, ItemId, ProposalId, SubjectId};
use crate::register::Register;
use crate::subject::Subject;
use crate::text::Name;

/// The demands of an event on a mandate.
pub(super) struct Claim<'a> {
    pub event: &'a Event,
    /// The roles of which one is needed, the nearest first.
    pub roles: &'static [MandateRole],
    /// Those whose word it is, and who acted: the mandate covers each.
    pub speakers: Vec<Actor>,
    /// Those of whom it reports that they agreed: the mandate covers each, or a document
    /// says so.
    pub reported: Vec<Actor>,
    /// The board whose proceedings it is of.
    pub board: Option<BoardId>,
    /// How a secretary may record the word of others.
    pub word: SpokenWord,
}

/// Whether an event is the word of those who speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpokenWord {
    /// It states facts, or is of the proceedings of a board.
    Facts,
    /// A secretary records it from a document, for speakers whom the mandate covers.
    Own,
    /// The answer of a decider outside: a secretary records it from a document.
    Outside,
}

const REGISTRAR: &[MandateRole] = &[MandateRole::Registrar];
const RECORDER: &[MandateRole] = &[MandateRole::Recorder];
const KEEPER: &[MandateRole] = &[MandateRole::Keeper];
const SECRETARY: &[MandateRole] = &[MandateRole::Secretary];
const BOARD_ITSELF: &[MandateRole] = &[MandateRole::Secretary, MandateRole::Registrar];
const NAMES: &[MandateRole] = &[MandateRole::Registrar, MandateRole::Recorder];
const PROCEEDINGS: &[MandateRole] = &[MandateRole::Secretary, MandateRole::Recorder];
const SPOKEN: &[MandateRole] = &[MandateRole::Member, MandateRole::Secretary];
const SPOKEN_OR_RECORDED: &[MandateRole] = &[MandateRole::Member, MandateRole::Recorder];
const ANY_OFFICE: &[MandateRole] = &[
    MandateRole::Member,
    MandateRole::Secretary,
    MandateRole::Recorder,
];

impl<'a> Claim<'a> {
    /// The claim of an event other than a correction, on top of a register.
    pub(super) fn of(register: &Register, event: &'a Event) -> Self {
        let mut claim = Self {
            event,
            roles: RECORDER,
            speakers: event.acted_by.iter().cloned().collect(),
            reported: Vec::new(),
            board: match &event.subject {
                SubjectId::Board(id) => Some(id.clone()),
                SubjectId::Body(_) | SubjectId::Collaboration(_) | SubjectId::Register => None,
            },
            word: SpokenWord::Facts,
        };
        claim.read_kind(register);
        claim
    }

    fn read_kind(&mut self, register: &Register) {
        let event = self.event;
        let dossier = register.subject(&event.subject).map(|s| &s.dossier);
        match &event.kind {
            Kind::BodyRegistered(_)
            | Kind::BodySucceeded(_)
            | Kind::IdentifierAdded(_)
            | Kind::CapacityGained(_)
            | Kind::CapacityLost(_)
            | Kind::OfficeRenamed(_)
            | Kind::BodyRenamed(_)
            | Kind::BoardConstituted(_)
            | Kind::BoardEnded(_)
            | Kind::BoardCollaborationsChanged(_)
            | Kind::CollaborationEstablished(_) => self.roles = REGISTRAR,
            Kind::AliasAdded(_) => self.roles = NAMES,
            Kind::ChairAppointed(_)
            | Kind::BoardMembershipChanged(_)
            | Kind::StandingOrdersAdopted(_) => self.roles = BOARD_ITSELF,
            Kind::MeetingCalled(_)
            | Kind::MeetingHeld(_)
            | Kind::MeetingCancelled(_)
            | Kind::MinutesApproved(_)
            | Kind::CallInSettled(_) => self.roles = SECRETARY,
            Kind::MatterProposed(matter) => self.of_board(ANY_OFFICE, matter.board.as_ref()),
            Kind::VirementRequested(asked) => self.of_board(ANY_OFFICE, asked.board.as_ref()),
            Kind::VoteCast(vote) => self.spoken_by([vote.voter.clone()]),
            Kind::DecisionMade(made) => self.decided(made.board.as_ref()),
            Kind::VirementApproved(approved) => self.decided(approved.board.as_ref()),
            Kind::DecisionCalledIn(called) => self.decided(called.board.as_ref()),
            Kind::ExternalDecisionReceived(answer) => {
                self.spoken_by([body(&answer.decider)]);
                self.word = SpokenWord::Outside;
            }
            Kind::DirectionIssued(direction) => {
                self.spoken_by(direction.issuer.clone());
                self.word = SpokenWord::Outside;
            }
            Kind::ProposalWithdrawn(withdrawn) => self.withdraws(withdrawn.proposal, dossier),
            Kind::ActionAgreed(_)
            | Kind::ActionClosed(_)
            | Kind::OutcomeNotKnown(_)
            | Kind::DecisionChallenged(_)
            | Kind::ChallengeStepTaken(_) => self.roles = PROCEEDINGS,
            Kind::ConditionSettled(_) | Kind::DecisionPublished(_) | Kind::DecisionWithheld(_) => {
                self.roles = ANY_OFFICE
            }
            Kind::DelegationMade(made) => {
                self.delegates(made.from_body.as_ref(), made.from_board.as_ref());
            }
            Kind::DelegationRevoked(revoked) => {
                self.takes_back(&revoked.delegation, dossier);
            }
            Kind::AgreementSigned(signed) => {
                let office = signed.office.as_ref();
                let signers = signed.bodies();
                self.spoken_by(signers.map(|body| through(body, office)));
                self.reported.extend(signed.on_behalf_by.clone());
                self.report(&signed.agreed_by);
                if signed.bodies().next().is_none() {
                    // Only parties that are not registered sign: nobody speaks for them here.
                    self.roles = RECORDER;
                    self.word = SpokenWord::Facts;
                }
            }
            Kind::NoticeGiven(notice) => {
                self.gives_notice(Some(&notice.body));
                self.report(&notice.waived_by);
                if let Some(paid) = &notice.paid_in_lieu {
                    self.report(&paid.accepted_by);
                }
            }
            Kind::NoticeExtended(later) => {
                self.gives_notice(giver(register, event, &later.notice));
                self.report(&later.agreed_by);
            }
            Kind::NoticeRevoked(revoked) => {
                self.gives_notice(giver(register, event, &revoked.notice));
                self.report(&revoked.agreed_by);
            }
            Kind::DisposalConfirmed(confirmed) => self.spoken_by([body(&confirmed.body)]),
            Kind::RecommendationResponded(_) => self.roles = SPOKEN_OR_RECORDED,
            Kind::PartyJoined(joined) => {
                self.report([&joined.body]);
                self.report(&joined.agreed_by);
            }
            Kind::PartyWithdrew(withdrew) => {
                self.report([&withdrew.body]);
                self.report(&withdrew.agreed_by);
            }
            Kind::CollaborationEnded(ended) => self.report(&ended.basis.agreed_by),
            Kind::InstrumentEnded(ended) => self.report(&ended.basis.agreed_by),
            Kind::MouUpdated(updated) => self.report(&updated.variation.agreed_by),
            Kind::InstrumentVaried(varied) => self.report(&varied.variation.agreed_by),
            Kind::InstrumentRenewed(renewed) => {
                self.report(&renewed.agreed_by);
                self.report(&renewed.exercised_by);
            }
            Kind::ServicePartiesChanged(changed) => self.report(&changed.agreed_by),
            Kind::ServiceRemoved(removed) => self.report(&removed.agreed_by),
            Kind::SettlementAgreed(agreed) => {
                self.report(&agreed.payer);
                self.report(&agreed.payees);
            }
            Kind::MandateGranted(_) | Kind::MandateRevoked(_) | Kind::CheckpointKeyReplaced(_) => {
                self.roles = KEEPER;
            }
            Kind::LeadAppointed(_)
            | Kind::OpportunityConsidered(_)
            | Kind::DependencyNoted(_)
            | Kind::HostAppointed(_)
            | Kind::InstrumentDrafted(_)
            | Kind::ConsultationRecorded(_)
            | Kind::InstrumentSuperseded(_)
            | Kind::InstrumentReviewed(_)
            | Kind::InstrumentPublished(_)
            | Kind::InstrumentWithheld(_)
            | Kind::ServiceInstrumentNamed(_)
            | Kind::ServiceAdded(_)
            | Kind::ServiceUnitsChanged(_)
            | Kind::ServiceLeadTransferred(_)
            | Kind::ServiceResumed(_)
            | Kind::LeadEnded(_)
            | Kind::ApprovalRulesAdopted(_)
            | Kind::FundingFormulaSet(_)
            | Kind::BudgetApproved(_)
            | Kind::ForecastReported(_)
            | Kind::OutturnReported(_)
            | Kind::BudgetAdjusted(_)
            | Kind::BudgetHeadDefined(_)
            | Kind::GrantAwarded(_)
            | Kind::SavingsPlanned(_)
            | Kind::SavingsChanged(_)
            | Kind::SavingsDropped(_)
            | Kind::SavingsRealised(_)
            | Kind::VirementMade(_)
            | Kind::VirementReversed(_)
            | Kind::UnderspendDisposed(_)
            | Kind::ContributionInvoiced(_)
            | Kind::ContributionPaid(_)
            | Kind::SettlementPaid(_)
            | Kind::SettlementWrittenOff(_)
            | Kind::AuditReported(_)
            | Kind::ReviewCommissioned(_)
            | Kind::ReviewPublished(_)
            | Kind::RecommendationMade(_)
            | Kind::RecommendationClosed(_)
            | Kind::BenefitBaselined(_)
            | Kind::BenefitMeasured(_)
            | Kind::AssumptionInvalidated(_)
            | Kind::RiskRaised(_)
            | Kind::RiskClosed(_)
            | Kind::DisputeRaised(_)
            | Kind::DisputeSettled(_)
            | Kind::DiscrepancyNoted(_) => self.roles = RECORDER,
            // A correction makes the claims of the entry that was wrong and of the one that
            // takes its place.
            Kind::EntryCorrected(_) => self.roles = ANY_OFFICE,
        }
    }

    /// The word of these, beside those who acted.
    fn spoken_by(&mut self, speakers: impl IntoIterator<Item = Actor>) {
        self.roles = SPOKEN;
        self.word = SpokenWord::Own;
        self.speakers.extend(speakers);
    }

    /// The decision of a board, which its secretary records, or of those who acted.
    fn decided(&mut self, board: Option<&BoardId>) {
        match board {
            Some(board) => self.of_board(SECRETARY, Some(board)),
            None => self.spoken_by([]),
        }
    }

    fn of_board(&mut self, roles: &'static [MandateRole], board: Option<&BoardId>) {
        self.roles = roles;
        if let Some(board) = board {
            self.board = Some(board.clone());
        }
    }

    /// The proposer withdraws it, or the secretary of the board that was to decide.
    fn withdraws(&mut self, id: ProposalId, dossier: Option<&Dossier>) {
        let proposal = dossier.and_then(|dossier| dossier.proposals.get(&id));
        let board = proposal.and_then(|proposal| proposal.board());
        if self.speakers.is_empty() {
            let proposer = proposal.and_then(|proposal| proposal.proposer());
            self.speakers.extend(proposer.cloned());
        }
        self.of_board(SPOKEN, board);
    }

    fn delegates(&mut self, from: Option<&BodyId>, board: Option<&BoardId>) {
        match (from, board) {
            (Some(from), _) => self.spoken_by([body(from)]),
            (None, Some(board)) => self.of_board(SECRETARY, Some(board)),
            (None, None) => match &self.event.subject {
                SubjectId::Body(id) => self.spoken_by([body(id)]),
                SubjectId::Board(_) => self.roles = SECRETARY,
                SubjectId::Collaboration(_) | SubjectId::Register => self.roles = RECORDER,
            },
        }
    }

    fn takes_back(&mut self, id: &ItemId, dossier: Option<&Dossier>) {
        match dossier.and_then(|dossier| dossier.delegations.get(id)) {
            Some(delegation) => {
                let made = &delegation.made;
                self.delegates(made.from_body.as_ref(), made.from_board.as_ref());
            }
            // There is no such delegation, which another rule says.
            None => self.delegates(None, None),
        }
    }

    fn gives_notice(&mut self, giver: Option<&BodyId>) {
        self.roles = SPOKEN_OR_RECORDED;
        self.word = SpokenWord::Own;
        self.speakers.extend(giver.map(body));
    }

    fn report<'b>(&mut self, bodies: impl IntoIterator<Item = &'b BodyId>) {
        self.reported.extend(bodies.into_iter().map(body));
    }

    /// Whether it names a document that says so.
    pub(super) fn is_documented(&self) -> bool {
        !self.event.sources.is_empty()
    }
}

/// The body that gave a notice.
fn giver<'r>(register: &'r Register, event: &Event, notice: &ItemId) -> Option<&'r BodyId> {
    let collaboration = register.subject(&event.subject)?.as_collaboration()?;
    Some(&collaboration.notices.get(notice)?.given.body)
}

fn body(id: &BodyId) -> Actor {
    through(id, None)
}

fn through(body: &BodyId, office: Option<&Name>) -> Actor {
    Actor::Body {
        body: body.clone(),
        office: office.cloned(),
    }
}

/// Whether one of the boards serves the collaboration on a day of the register's own time.
pub(super) fn is_served(
    register: &Register,
    boards: &[BoardId],
    subject: &SubjectId,
    day: jiff::civil::Date,
) -> bool {
    let SubjectId::Collaboration(collaboration) = subject else {
        return false;
    };
    let boards = boards.iter().filter_map(|id| {
        let subject = register.subject(&SubjectId::Board(id.clone()));
        subject.and_then(Subject::as_board)
    });
    let serves = |board: &Board| board.serves(day).contains(&collaboration);
    boards.into_iter().any(serves)
}
