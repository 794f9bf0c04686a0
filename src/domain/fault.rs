//! Faults: why the register does not take an event.
//!
//! Each has a reason code that programs can rely on, the rule it comes from, its
//! facts, and a sentence that tells the recorder what to do.

use jiff::civil::Date;

use super::date::{FinancialYear, PartialDate};
use super::ids::{
    BoardId, BodyId, CollaborationId, EventId, ForceId, InstrumentId, ItemId, Position, ProposalId,
    ServiceId, SubjectId,
};
use super::money::Pence;
use super::text::Name;

macro_rules! faults {
    ($($(#[$doc:meta])* $Fault:ident = $reason:literal, rule $rule:literal,
       { $($fact:ident: $Type:ty),* $(,)? }, $sentence:literal;)*) => {
        /// Why an event is not taken.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Fault {
            $($(#[$doc])* #[error($sentence)] $Fault { $($fact: $Type),* },)*
        }

        impl Fault {
            /// Every reason code, in the order of the rules.
            pub const REASONS: &'static [&'static str] = &[$($reason),*];

            /// Every reason code, with the number of its rule at the door.
            pub const RULES: &'static [(&'static str, u8)] = &[$(($reason, $rule)),*];

            /// Its reason code. Codes are part of the published interface.
            pub const fn reason(&self) -> &'static str {
                match self {
                    $(Self::$Fault { .. } => $reason,)*
                }
            }

            /// The number of the rule at the door it comes from.
            pub const fn rule(&self) -> u8 {
                match self {
                    $(Self::$Fault { .. } => $rule,)*
                }
            }

            /// Its facts, by name.
            pub fn facts(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Self::$Fault { $($fact),* } => vec![$((stringify!($fact), $fact.to_string())),*],)*
                }
            }
        }
    };
}

faults! {
    // Rule 1: who and what must exist, and when.

    /// A body that is not in the register.
    UnknownBody = "UNKNOWN_BODY", rule 1, { body: BodyId },
        "no body {body} is in the register: check the id, or record body_registered for it first";
    /// A body before its time.
    BodyNotYetInBeing = "BODY_NOT_IN_BEING", rule 1,
        { body: BodyId, on: PartialDate, since: PartialDate },
        "{body} is in being only since {since}, and this is dated {on}: name the body of that time, or check the date";
    /// A body after its time.
    BodySucceeded = "BODY_SUCCEEDED", rule 1,
        { body: BodyId, on: PartialDate, until: PartialDate, successor: BodyId },
        "{body} was followed by {successor} on {until}, and this is dated {on}: name {successor}, or check the date";
    /// A board that is not there.
    UnknownBoard = "UNKNOWN_BOARD", rule 1, { board: BoardId, on: PartialDate },
        "no board {board} exists on {on}: check the id and the date, or record board_constituted for it first";
    /// A collaboration that is not there.
    UnknownCollaboration = "UNKNOWN_COLLABORATION", rule 1,
        { collaboration: CollaborationId, on: PartialDate },
        "no collaboration {collaboration} exists on {on}: check the id and the date, or record collaboration_established for it first";
    /// A body that is no party on that day.
    NotAParty = "NOT_A_PARTY", rule 1, { body: BodyId, of: SubjectId, on: PartialDate },
        "{body} is not a party of {of} on {on}: record party_joined for it first, or check the date";
    /// A body that is a party already.
    AlreadyAParty = "ALREADY_A_PARTY", rule 1, { body: BodyId, of: SubjectId, on: PartialDate },
        "{body} is a party of {of} on {on} already: there is nothing to record";
    /// A service that is not in place.
    UnknownService = "UNKNOWN_SERVICE", rule 1,
        { service: ServiceId, of: SubjectId, on: PartialDate },
        "{of} has no service {service} on {on}: check the id and the date, or record service_added first";
    /// A body that is no party of the service.
    NotAPartyOfService = "NOT_A_PARTY_OF_SERVICE", rule 1,
        { body: BodyId, service: ServiceId, on: PartialDate },
        "{body} is not a party of the service {service} on {on}: record service_parties_changed first, or check the id";
    /// A body that is a party of the service already.
    AlreadyAPartyOfService = "ALREADY_A_PARTY_OF_SERVICE", rule 1,
        { body: BodyId, service: ServiceId, on: PartialDate },
        "{body} is a party of the service {service} on {on} already: leave it out";
    /// A lead that leads already.
    AlreadyTheLead = "ALREADY_THE_LEAD", rule 1, { body: BodyId, of: String, on: PartialDate },
        "{body} leads {of} on {on} already: there is nothing to record";
    /// A body that leads and would leave.
    StillLeads = "STILL_LEADS", rule 1, { body: BodyId, leads: String, on: PartialDate },
        "{body} still leads {leads} on {on}: transfer the lead first (lead_appointed, service_lead_transferred)";
    /// A transfer that does not name the current lead.
    NotTheCurrentLead = "NOT_THE_CURRENT_LEAD", rule 1,
        { service: ServiceId, stated: String, current: String, on: PartialDate },
        "the lead of {service} on {on} is {current}, not {stated}: name {current} in from_id";
    /// A unit that is not there.
    UnknownUnit = "UNKNOWN_UNIT", rule 1, { unit: Name, service: ServiceId, on: PartialDate },
        "{service} has no unit \"{unit}\" on {on}: write the name as it was recorded";
    /// A unit that is there already.
    UnitExists = "UNIT_EXISTS", rule 1, { unit: Name, service: ServiceId, on: PartialDate },
        "{service} has a unit \"{unit}\" on {on} already: leave it out";
    /// A seat that nobody holds.
    NotAMember = "NOT_A_MEMBER", rule 1, { seat: String, board: SubjectId, on: PartialDate },
        "{seat} has no seat on {board} on {on}: name the seat as it was recorded, body and office alike";
    /// A seat that is held already.
    AlreadyAMember = "ALREADY_A_MEMBER", rule 1,
        { seat: String, board: SubjectId, on: PartialDate },
        "{seat} has a seat on {board} on {on} already: leave it out";

    // Rule 2: instruments.

    /// An instrument that is not there.
    UnknownInstrument = "UNKNOWN_INSTRUMENT", rule 2,
        { instrument: InstrumentId, of: SubjectId },
        "{of} has no instrument {instrument}: check the id, or record instrument_drafted first";
    /// A signature of a body that need not sign.
    NotASignatory = "NOT_A_SIGNATORY", rule 2,
        { body: BodyId, instrument: InstrumentId, signatories: String },
        "{body} is not among those that must sign {instrument} ({signatories}): check the body, or record the instrument with it among its parties";
    /// A second signature.
    AlreadySigned = "ALREADY_SIGNED", rule 2,
        { body: BodyId, instrument: InstrumentId, on: PartialDate, position: Position },
        "{body} signed {instrument} on {on} (entry {position}): a party signs once; if that entry is wrong, correct it";
    /// An instrument past its end.
    InstrumentOver = "INSTRUMENT_OVER", rule 2,
        { instrument: InstrumentId, over: &'static str, on: PartialDate },
        "{instrument} was {over} on {on}: it can be neither signed nor changed after that";
    /// An instrument without force.
    NotInForce = "INSTRUMENT_NOT_IN_FORCE", rule 2,
        { instrument: InstrumentId, on: PartialDate, awaited: String },
        "{instrument} is not in force on {on} (awaiting: {awaited}): it can be changed only once every party that must sign has signed";
    /// A variation without all that must agree.
    VariationNotAgreed = "VARIATION_NOT_AGREED", rule 2,
        { instrument: InstrumentId, missing: String },
        "a variation of {instrument} needs the agreement of {missing} as well: name them in agreed_by_ids once they have agreed";
    /// The wrong event for a change.
    WrongVariationEvent = "WRONG_VARIATION_EVENT", rule 2,
        { instrument: InstrumentId, use_event: &'static str },
        "a change to {instrument} is recorded as {use_event}";
    /// A term that does not get longer.
    RenewalNotLater = "RENEWAL_NOT_LATER", rule 2,
        { instrument: InstrumentId, expires_on: PartialDate },
        "{instrument} runs to {expires_on} already: a renewal names a later day";

    // Rule 3: who may make an agreement under statute.

    /// The party matrix of section 22A(1).
    PartyMatrixNotMet = "PARTY_MATRIX_NOT_MET", rule 3,
        { policing_bodies: usize, chief_officers: usize, others: usize },
        "a section 22A agreement is made by (a) two or more policing bodies, or (b) chief officers with two or more policing bodies, or with a policing body and another person (Police Act 1996 s.22A(1)); this has {policing_bodies} policing bodies, {chief_officers} chief officers and {others} others: add the parties it lacks, or record it as another kind of instrument";
    /// A provision without a party it needs (s.22A(3) to (5)).
    ProvisionPartyMissing = "PROVISION_PARTY_MISSING", rule 3,
        { provision: &'static str, missing: String, section: &'static str },
        "a {provision} provision needs {missing} among the parties (Police Act 1996 {section}): add it, or leave out the provision";
    /// A force nobody in the register maintains or heads.
    UnknownForce = "UNKNOWN_FORCE", rule 3, { force: ForceId },
        "no body in the register maintains or heads the force {force}: write it as body_registered.force has it";
    /// A section 22A agreement that says nothing it could be about.
    ProvisionsMissing = "PROVISIONS_MISSING", rule 3, {},
        "a section 22A agreement contains at least one force, policing-body, or policing-body-and-force provision (Police Act 1996 s.22A(2)): name it in terms.provisions";
    /// Provisions of a section 22A agreement in another instrument.
    ProvisionsNotAllowed = "PROVISIONS_NOT_ALLOWED", rule 3, {},
        "only a section 22A agreement has provisions under s.22A(2): leave terms.provisions empty, or record it as such an agreement";
    /// An emergency-services agreement between parties of one service.
    TooFewEmergencyServices = "TOO_FEW_EMERGENCY_SERVICES", rule 3, { services: String },
        "an emergency-services agreement needs parties from at least two of police, fire and ambulance (Policing and Crime Act 2017 s.2); this has {services}";
    /// An emergency-services agreement nobody may leave.
    WithdrawalProvisionMissing = "WITHDRAWAL_PROVISION_MISSING", rule 3, {},
        "an emergency-services agreement says how a party may withdraw (Policing and Crime Act 2017 s.4(7)): set terms.has_withdrawal_provision once it does";
    /// A chief officer without the policing body.
    ChiefWithoutPolicingBody = "CHIEF_WITHOUT_POLICING_BODY", rule 3, { chief: BodyId },
        "{chief} may enter an emergency-services agreement only together with its policing body (Policing and Crime Act 2017 s.3(10)): add it to the parties";
    /// A policing body that signs without having consulted its chief officer.
    ChiefNotConsulted = "CHIEF_NOT_CONSULTED", rule 3,
        { body: BodyId, chief: BodyId, instrument: InstrumentId },
        "{body} consults {chief} before it makes {instrument}, since that chief officer is no party to it (Police Act 1996 s.23A(6)): record consultation_recorded about {instrument} first";

    // Rule 4: who may agree.

    /// A proposal of nobody, where proposer and approver must not be one.
    ProposerRequired = "PROPOSER_REQUIRED", rule 4, { rule_set: ItemId },
        "the approval rules {rule_set} are in force, and proposer and approver are not the same office: say in acted_by who puts it up";
    /// A word on a matter that is settled.
    ProposalClosed = "PROPOSAL_CLOSED", rule 4,
        { proposal: ProposalId, settled: &'static str, on: PartialDate },
        "the proposal {proposal} was {settled} on {on}: a word counts until then; put up a new proposal, or, if an entry on it is wrong, correct that";
    /// A board without power to decide.
    BoardCannotDecide = "BOARD_CANNOT_DECIDE", rule 4, { board: BoardId },
        "boards/{board} has no power to decide, and an advisory board approves and rejects nothing: record that it noted or supported the matter, or take it to who decides";
    /// A vote without a seat.
    NotAVotingMember = "NOT_A_VOTING_MEMBER", rule 4,
        { voter: String, board: BoardId, on: PartialDate, members: String },
        "{voter} has no seat with a vote on boards/{board} on {on} (those have: {members}): check the voter, or record board_membership_changed first";
    /// A word that the rule does not ask for.
    NotEntitled = "NOT_ENTITLED", rule 4,
        { voter: String, approval_rule: ItemId, rule_set: ItemId, needs: String },
        "the rule {approval_rule} of {rule_set} applies and asks for {needs}, not for {voter}: whoever speaks for one of those votes, or the board is named in board_id";
    /// An office beyond what is delegated to it.
    BeyondDelegation = "BEYOND_DELEGATION", rule 4,
        { voter: String, up_to: Pence, approval_rule: ItemId },
        "{voter} may agree up to {up_to} under the rule {approval_rule}, and this is more, or its amount is not stated: take it to a rule for larger amounts";
    /// Agreement by the proposer alone.
    OwnProposal = "OWN_PROPOSAL", rule 4, { proposer: String },
        "{proposer} put this up, and proposer and approver are not the same office: another office must agree";
    /// A board that is too few.
    QuorumNotMet = "QUORUM_NOT_MET", rule 4,
        { board: BoardId, took_part: usize, quorum: u32 },
        "{took_part} took part in the vote of boards/{board} on record, and its quorum is {quorum}: record the votes that were cast, those who declared a conflict of interest do not count";
    /// A board whose votes do not carry what it is said to have approved.
    VoteNotCarried = "VOTE_NOT_CARRIED", rule 4,
        { board: BoardId, for_it: usize, against: usize, approval_rule: ItemId },
        "the votes of boards/{board} on record ({for_it} for, {against} against) do not carry it under the rule {approval_rule}: record the votes that were cast, or the decision that was made";
    /// More allowed than asked.
    AmountOverRequest = "AMOUNT_OVER_REQUEST", rule 4, { amount: Pence, requested: Pence },
        "{amount} is more than the {requested} that was asked for: approve that, or put up a new request";
    /// An answer of somebody else.
    NotTheDecider = "NOT_THE_DECIDER", rule 4, { body: BodyId, decider: String },
        "this awaits the answer of {decider}, not of {body}: check decider_id, or record the decision that referred it";
    /// A ratification of something else.
    RatifiesAnotherAct = "RATIFIES_ANOTHER_ACT", rule 4, { position: Position, why: String },
        "entry {position} is not the act that this puts up ({why}): name the entry of that act, and put up exactly what it says was done";

    /// A proposal rewritten after somebody spoke to it.
    SpokenTo = "SPOKEN_TO", rule 4, { proposal: ProposalId, position: Position },
        "entry {position} speaks to the proposal {proposal} as it was put up: what was put up is not rewritten under it; only its title, words and papers can be put right; withdraw it (proposal_withdrawn) and put up another";

    // Rule 5: what an act rests on.

    /// Rules changed by a correction.
    RulesRewritten = "RULES_REWRITTEN", rule 5,
        { rule_set: ItemId, approval_rule: ItemId, needs: String },
        "what the rules {rule_set} ask is not changed by a correction: their rule {approval_rule} asks for {needs} to adopt others; adopt a new set with that approval, or, if it must be corrected without, say so in authority.acknowledged_breach of the correction";

    /// An act without a proposal, where a rule asks for one.
    ApprovalRequired = "APPROVAL_REQUIRED", rule 5,
        { act: &'static str, approval_rule: ItemId, title: Name, rule_set: ItemId, needs: String },
        "to {act} needs prior approval: \"{title}\" (rule {approval_rule} of {rule_set}) asks for {needs}: name the proposal that was carried in authority.proposal_id; if it was done without, say so in authority.acknowledged_breach";
    /// A proposal that is not carried.
    NotCarried = "NOT_CARRIED", rule 5,
        { proposal: ProposalId, standing: &'static str, on: PartialDate, awaited: String },
        "the proposal {proposal} is {standing} on {on} (awaited: {awaited}): an act rests only on one that was carried by then; if it was done without, say so in authority.acknowledged_breach";
    /// A proposal that was carried only afterwards.
    DecidedLater = "DECIDED_LATER", rule 5,
        { proposal: ProposalId, carried_on: PartialDate, on: PartialDate },
        "the proposal {proposal} was carried on {carried_on}, and this is dated {on}: approval comes first; check the date, or say in authority.acknowledged_breach that it did not";
    /// A proposal of something else.
    AnotherAct = "ANOTHER_ACT", rule 5,
        { proposal: ProposalId, what: &'static str, approved: String, done: String },
        "the proposal {proposal} was carried for another {what} ({approved}, not {done}): name the proposal for this act, or put one up";
    /// More than is left.
    OverApproved = "OVER_APPROVED", rule 5,
        { proposal: ProposalId, of: String, amount: Pence, left: Pence, approved: Pence },
        "{amount} {of} is more than the {left} that is left of {approved} approved by the proposal {proposal}: carry out what is left, and put up the rest";
    /// An approval that is used up.
    ApprovalSpent = "APPROVAL_SPENT", rule 5,
        { proposal: ProposalId, spent_on: PartialDate, position: Position },
        "nothing is left of what the proposal {proposal} allowed since {spent_on} (entry {position}): put up a new one";
    /// A rule for more than what was approved alone.
    TierPassed = "TIER_PASSED", rule 5,
        { proposal: ProposalId, approval_rule: ItemId, title: Name, needs: String },
        "with what the year's virements have taken from the head since, \"{title}\" (rule {approval_rule}) applies and asks for {needs}, which the approval of {proposal} does not have: put it up again under that rule";
    /// An act dated before another, that would make a breach of it.
    CrowdsOut = "CROWDS_OUT", rule 5, { position: Position, on: PartialDate, why: String },
        "dated before entry {position} of {on}, this takes what that rests on ({why}): it needs an approval that reckons with it; if it was done without, say so in authority.acknowledged_breach";
    /// An approval dated before the rules, and recorded after them.
    BehindTheRules = "BEHIND_THE_RULES", rule 5,
        { proposal: ProposalId, decided_on: PartialDate, position: Position, approval_rule: ItemId, rule_set: ItemId, needs: String },
        "the approval of {proposal} is dated {decided_on} and was recorded (entry {position}) after the rules {rule_set}, under which this is done; their rule {approval_rule} asks for {needs}, which it does not have: put it up again, or, if it was done without, say so in authority.acknowledged_breach";
    /// A disposal of an underspend that is not known yet.
    NoOutturn = "NO_OUTTURN", rule 5, { year: FinancialYear, on: PartialDate },
        "no outturn of {year} is on record by {on}, and until it is an underspend is a projected one: record outturn_reported first, or move it as a virement that says so";
    /// A confirmation by a body that gets nothing.
    NotInDisposal = "NOT_IN_DISPOSAL", rule 5, { body: BodyId, disposal: ItemId },
        "{body} has no part in the disposal {disposal}: check the body, or correct the disposal";

    // Rule 6: a projected underspend.

    /// A projected underspend moved without an approval that says so.
    ProjectedNotApproved = "PROJECTED_NOT_APPROVED", rule 6, { year: FinancialYear, why: String },
        "a virement on a projected underspend of {year} needs an approval that says it is projected, and {why}: record virement_approved with allows_projected; if it was made without, say so in authority.acknowledged_breach";

    // Rule 7: money.

    /// Shares that do not make up the whole.
    SharesNotWhole = "SHARES_NOT_WHOLE", rule 7, { total_ppm: u64, difference_ppm: i64 },
        "shares total exactly 1,000,000 millionths (100 %); these total {total_ppm} ({difference_ppm:+}): mend the shares";

    // Rule 8: notice and mandate.

    /// A mandate under which nobody may leave.
    MandateStands = "MANDATE_STANDS", rule 8, { direction: ItemId, since: PartialDate },
        "the Secretary of State's mandate {direction} stands since {since} (Police Act 1996 s.23FA): nobody may withdraw until direction_issued lifts it";
    /// A notice that is too short.
    NoticeTooShort = "NOTICE_TOO_SHORT", rule 8,
        { months: u32, instrument: InstrumentId, earliest: Date, not_waived_by: String },
        "{instrument} asks for {months} months of notice: it can take effect on {earliest} at the earliest, unless every other party waives that (not waived by: {not_waived_by})";
    /// A withdrawal before its notice has run out.
    NoticeStillRunning = "NOTICE_STILL_RUNNING", rule 8,
        { notice: ItemId, takes_effect_on: PartialDate, on: PartialDate },
        "the notice {notice} takes effect on {takes_effect_on}, and this is dated {on}: record the withdrawal as of that day, or record notice_extended or notice_revoked";
    /// A withdrawal that needs a notice.
    NoticeRequired = "NOTICE_REQUIRED", rule 8, { instrument: InstrumentId, months: u32 },
        "{instrument} lets a party leave on {months} months of notice: record notice_given first and name it in notice_id";
    /// A notice of something else.
    NoticeDoesNotFit = "NOTICE_DOES_NOT_FIT", rule 8, { notice: ItemId, body: BodyId },
        "the notice {notice} is not {body}'s notice to leave this collaboration, or was revoked, or was used when it left before: name the notice that is";
    /// A notice that no longer runs, or not yet.
    NoticeNotRunning = "NOTICE_NOT_RUNNING", rule 8, { notice: ItemId, on: PartialDate },
        "the notice {notice} is not running on {on}: it was revoked, or has taken effect";
    /// A second notice for the same thing.
    NoticeAlreadyRunning = "NOTICE_ALREADY_RUNNING", rule 8, { notice: ItemId, body: BodyId },
        "{body}'s notice {notice} is running already: record notice_extended or notice_revoked for it";
    /// A notice to take effect before it is given, or extended to an earlier day.
    NotLater = "NOT_LATER", rule 8, { than: PartialDate, on: PartialDate },
        "this must be later than {than}, and is {on}";
    /// An extension of a day that is not the parties' to set.
    DayDirected = "DAY_DIRECTED", rule 8,
        { notice: ItemId, direction: ItemId, to: PartialDate },
        "the Secretary of State's direction {direction} has the notice {notice} take effect on {to}, which overrides what the parties say (Police Act 1996 s.23G): only another direction_issued moves that day";
    /// A notice to stop leading, by one that does not lead.
    NotTheLead = "NOT_THE_LEAD", rule 8, { body: BodyId, of: String, on: PartialDate },
        "{body} does not lead {of} on {on}: a notice as lead is given by the lead";

    // Rule 9: nothing refers to what is not there, or was not yet.

    /// A subject that is not in the register.
    UnknownSubject = "UNKNOWN_SUBJECT", rule 9, { subject: SubjectId, found_with: &'static str },
        "{subject} is not in the register: record {found_with} for it first, or check the id";
    /// A subject that is there already.
    SubjectExists = "SUBJECT_EXISTS", rule 9, { subject: SubjectId, position: Position },
        "{subject} is in the register since entry {position}: choose another id, or leave this out";
    /// An event before its subject began.
    BeforeSubject = "BEFORE_SUBJECT", rule 9,
        { subject: SubjectId, since: PartialDate, on: PartialDate },
        "{subject} begins on {since}, and this is dated {on}: check the date, or correct the founding entry";
    /// An event after its subject ended.
    SubjectEnded = "SUBJECT_ENDED", rule 9,
        { subject: SubjectId, ended_on: PartialDate, on: PartialDate },
        "{subject} ended on {ended_on}, and this is dated {on}: nothing is added to it after that";
    /// An item that is not there.
    UnknownItem = "UNKNOWN_ITEM", rule 9, { what: &'static str, id: String, of: SubjectId },
        "{of} has no {what} {id}: check the id, or record it first";
    /// An item that is there already.
    IdTaken = "ID_TAKEN", rule 9, { what: &'static str, id: String, of: SubjectId },
        "{of} has a {what} {id} already: choose another id, or, if it is the same, leave this out";
    /// An event before the item it is about.
    BeforeItem = "BEFORE_ITEM", rule 9,
        { what: &'static str, id: String, since: PartialDate, on: PartialDate },
        "the {what} {id} is dated {since}, and this is dated {on}: check the date";
    /// An item that is closed.
    ItemClosed = "ITEM_CLOSED", rule 9,
        { what: &'static str, id: String, closed_on: PartialDate },
        "the {what} {id} was closed on {closed_on}: there is nothing more to record about it";
    /// A proposal that is not there.
    UnknownProposal = "UNKNOWN_PROPOSAL", rule 9, { proposal: ProposalId },
        "no proposal {proposal} is in the register: check the id, or record matter_proposed or virement_requested first";
    /// A proposal about another subject.
    ProposalElsewhere = "PROPOSAL_ELSEWHERE", rule 9,
        { proposal: ProposalId, subject: SubjectId },
        "the proposal {proposal} is about {subject}: record this there";
    /// A proposal id that is in use.
    ProposalTaken = "PROPOSAL_TAKEN", rule 9, { proposal: ProposalId, subject: SubjectId },
        "the proposal id {proposal} is in use on {subject}: make a new one";
    /// A proposal that is not a virement's.
    NotAVirement = "NOT_A_VIREMENT", rule 9, { proposal: ProposalId },
        "the proposal {proposal} does not ask for a virement: record decision_made for it";
    /// An event id that is in use.
    EventIdTaken = "EVENT_ID_TAKEN", rule 9, { event: EventId, position: Position },
        "the event id {event} is that of entry {position}: make a new one";
    /// A date nobody can mean.
    DateImplausible = "DATE_IMPLAUSIBLE", rule 9, { on: PartialDate },
        "{on} is before 1800 or more than a century ahead: check the year";
    /// A decision from the future.
    DecidedInFuture = "DECIDED_IN_FUTURE", rule 9, { decided_on: PartialDate, today: Date },
        "it is {today}, and this says it was decided on {decided_on}: a decision is recorded once it is made";
    /// A thing that names itself.
    SelfReference = "SELF_REFERENCE", rule 9, { id: String },
        "{id} names itself here: name another, or leave it out";
    /// A reason that is wanted.
    ReasonRequired = "REASON_REQUIRED", rule 9, { why: &'static str },
        "{why}: say why";
    /// A body that has been followed already.
    AlreadySucceeded = "ALREADY_SUCCEEDED", rule 9,
        { body: BodyId, successor: BodyId, on: PartialDate },
        "{body} was followed by {successor} on {on}: if that entry is wrong, correct it";
    /// Something that is so already.
    AlreadySo = "ALREADY_SO", rule 9, { what: String },
        "{what} is on record already: leave this out";

    // Corrections.

    /// An entry that is not there, or about something else.
    NoSuchEntry = "NO_SUCH_ENTRY", rule 9, { target: String, subject: SubjectId },
        "{subject} has no entry {target}: a correction is about the same subject as the entry it corrects; `history` shows its positions";
    /// An entry that was corrected before.
    AlreadyCorrected = "ALREADY_CORRECTED", rule 9, { position: Position, by: Position },
        "entry {position} was corrected by entry {by}: correct that one instead";
    /// A founding entry that would leave nothing.
    FoundingEntry = "FOUNDING_ENTRY", rule 9, { position: Position, kind: &'static str },
        "entry {position} founds its subject: it can be replaced by another {kind}, not voided";
    /// An entry that others rest on.
    ReliedUpon = "RELIED_UPON", rule 9, { position: Position, relied_on_by: Position, fault: String },
        "entry {relied_on_by} would have been refused without entry {position} as it stands ({fault}): correct entry {relied_on_by} first";
}
