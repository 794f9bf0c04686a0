//! Faults: why the register does not take an event.
//!
//! Each has a reason code that programs can rely on, the rule it comes from, its
//! facts, and a sentence that tells the recorder what to do. The facts are the
//! fields of the variant; the sentence names those that it quotes.

mod catalogue;

pub use self::catalogue::FaultInfo;

use jiff::civil::Date;

use super::currency::Currency;
use super::date::{FinancialYear, PartialDate};
use super::ids::{
    BoardId, BodyId, CollaborationId, EventId, ForceId, InstrumentId, ItemId, Position, ProposalId,
    ServiceId, SubjectId,
};
use super::money::Pence;
use super::notice_period::NoticePeriod;
use super::rule::Rule;
use super::text::Name;
use catalogue::faults;

faults! {
    Mandates {
        NotSignedIn = "NOT_SIGNED_IN", { since: Position },
            "this register has a keeper since entry {since}, so every entry rests on a mandate, and nobody is signed in here: record it through a server that asks callers to sign in (minutebook login), or with a client certificate that has a mandate";
        NotMandated = "NOT_MANDATED", { needed: String, held: String, granted_by: String },
            "this needs {needed}; the caller has {held}: {granted_by}";
        SameCaller = "SAME_CALLER", { proposal: ProposalId, position: Position, before: String, now: String },
            "the caller who would speak for {now} on proposal {proposal} spoke for {before} in entry {position}: those who propose and those who approve are different callers, under every name; let a caller of {now} record this, or, from a document, a secretary with a mandate for it";
        RecordedAsAnother = "RECORDED_AS_ANOTHER", { stated: String, recorded_as: Name },
            "recorded_by says \"{stated}\", and entries under this mandate name \"{recorded_as}\": leave recorded_by out, or write that";
        LastKeeper = "LAST_KEEPER", { mandate: ItemId },
            "without {mandate} the register has no keeper: grant the role to another first";
        Withheld = "WITHHELD", { granted_by: String },
            "a rule does not allow this because of entries that the caller may not read: let somebody record it whose mandate covers them; {granted_by}";
        TermOver = "TERM_OVER", { until: PartialDate, on: PartialDate },
            "the term would end on {until}, before it begins on {on}: check until_on and the date";
    }
    Existence {
        FollowsLater = "FOLLOWS_LATER", { body: BodyId, before: BodyId, on: PartialDate },
            "{body} takes the place of {before} on {on}, so it is still in being then: check the dates, or correct the entry that names it as successor";
        NoSuchCapacity = "NO_SUCH_CAPACITY", { body: SubjectId, on: PartialDate },
            "{body} does not have this capacity on {on}: name the kind, force and area as `show body` lists them";
        NothingPasses = "NOTHING_PASSES", { body: BodyId, subject: SubjectId, on: PartialDate },
            "{body} has no place in {subject} on {on} that could pass (it is no party, host or signatory there, and has no seat): check the id and the date, or leave it out of scope.subjects";
        UnknownBody = "UNKNOWN_BODY", { body: BodyId },
            "no body {body} is in the register: check the id, or record body_registered for it first";
        BodyNotYetInBeing = "BODY_NOT_IN_BEING", { body: BodyId, on: PartialDate, since: PartialDate },
            "{body} is in being only since {since}, and this is dated {on}: name the body of that time, or check the date";
        BodySucceeded = "BODY_SUCCEEDED", { body: BodyId, on: PartialDate, until: PartialDate, successor: String },
            "{body} was followed by {successor} on {until}, and this is dated {on}: name {successor}, or check the date";
        UnknownBoard = "UNKNOWN_BOARD", { board: BoardId, on: PartialDate },
            "no board {board} exists on {on}: check the id and the date, or record board_constituted for it first";
        BoardOver = "BOARD_ENDED", { board: BoardId, ended_on: PartialDate, on: PartialDate, way_out: String },
            "boards/{board} ended on {ended_on}, and this is dated {on}: it does nothing after that; {way_out}";
        UnknownCollaboration = "UNKNOWN_COLLABORATION", { collaboration: CollaborationId, on: PartialDate, way_out: String },
            "no collaboration {collaboration} exists on {on}: {way_out}";
        NotServed = "NOT_SERVED", { board: SubjectId, collaboration: CollaborationId, on: PartialDate },
            "{board} does not serve collaborations/{collaboration} on {on}: check the id and the date; `show board` lists those that it serves";
        NotAParty = "NOT_A_PARTY", { body: BodyId, of: SubjectId, on: PartialDate, way_out: String },
            "{body} is not a party of {of} on {on}: record party_joined for it first, or check the date{way_out}";
        AlreadyAParty = "ALREADY_A_PARTY", { body: BodyId, of: SubjectId, on: PartialDate },
            "{body} is a party of {of} on {on} already: leave this entry out, or, if it joined on another day, correct the entry that says so";
        UnknownService = "UNKNOWN_SERVICE", { service: ServiceId, of: SubjectId, on: PartialDate, way_out: String },
            "{of} has no service {service} on {on}: {way_out}";
        NotAPartyOfService = "NOT_A_PARTY_OF_SERVICE", { body: BodyId, service: ServiceId, on: PartialDate, way_out: String },
            "{body} is not a party of the service {service} on {on}: record service_parties_changed first, or check the id{way_out}";
        AlreadyAPartyOfService = "ALREADY_A_PARTY_OF_SERVICE", { body: BodyId, service: ServiceId, on: PartialDate },
            "{body} is a party of the service {service} on {on} already: leave it out";
        AlreadyTheLead = "ALREADY_THE_LEAD", { body: BodyId, of: String, on: PartialDate },
            "{body} leads {of} on {on} already: leave this entry out, or, if it has led since another day, correct the entry that says so";
        StillLeads = "STILL_LEADS", { body: BodyId, leads: String, on: PartialDate },
            "{body} still leads {leads} on {on}: transfer the lead first (lead_appointed, service_lead_transferred), or, where nobody leads after it, record lead_ended";
        LeadHasLeft = "LEAD_HAS_LEFT", { service: ServiceId, lead: BodyId, on: PartialDate },
            "{lead}, which led the service {service}, takes no part in it on {on}, so it cannot be resumed with that lead: record service_lead_transferred first, or lead_ended where nobody leads it; both may be dated while it is suspended";
        NotTheCurrentLead = "NOT_THE_CURRENT_LEAD", { service: ServiceId, stated: String, current: String, on: PartialDate },
            "the lead of {service} on {on} is {current}, not {stated}: name {current} in from_id";
        UnknownUnit = "UNKNOWN_UNIT", { unit: Name, service: ServiceId, on: PartialDate },
            "{service} has no unit \"{unit}\" on {on}: write the name as the collaboration's view has it (show collaboration), or add the unit first (service_units_changed)";
        UnitExists = "UNIT_EXISTS", { unit: Name, service: ServiceId, on: PartialDate },
            "{service} has a unit \"{unit}\" on {on} already: leave it out";
        ChairIsNoVice = "CHAIR_IS_NO_VICE", { seat: String, board: SubjectId, since: PartialDate },
            "{seat} has been in the chair of {board} since {since}, and nobody deputises for themselves: name another office, or record first who chairs it instead";
        ServiceWasRemoved = "SERVICE_WAS_REMOVED", { service: ServiceId, of: SubjectId, until: PartialDate },
            "{of} had a service {service} until {until}: if that is delivered again, record service_resumed; for another service, choose another id";
        NotAMember = "NOT_A_MEMBER", { seat: String, board: SubjectId, on: PartialDate },
            "{seat} has no seat on {board} on {on}: name body and office as the board's view has them (show board), or record board_membership_changed for it first";
        AlreadyAMember = "ALREADY_A_MEMBER", { seat: String, board: SubjectId, on: PartialDate },
            "{seat} has a seat on {board} on {on} already: leave it out";
    }
    Instruments {
        UnknownInstrument = "UNKNOWN_INSTRUMENT", { instrument: InstrumentId, of: SubjectId },
            "{of} has no instrument {instrument}: check the id, or record instrument_drafted first";
        NotASignatory = "NOT_A_SIGNATORY", { body: BodyId, instrument: InstrumentId, signatories: String },
            "{body} is not among those that must sign {instrument} ({signatories}): check the body, or record the instrument with it among its parties; if it accedes, record party_joined with this instrument_id first: it may sign before that day";
        AlreadySigned = "ALREADY_SIGNED", { body: BodyId, instrument: InstrumentId, on: PartialDate, position: Position },
            "{body} signed {instrument} on {on} (entry {position}): a party signs once; if that entry is wrong, correct it (entry_corrected)";
        InstrumentOver = "INSTRUMENT_OVER", { instrument: InstrumentId, over: &'static str, on: PartialDate },
            "{instrument} was {over} on {on}: it can be neither signed nor changed after that; date this before that day, or draft the instrument that follows it (instrument_drafted)";
        NotInForce = "INSTRUMENT_NOT_IN_FORCE", { instrument: InstrumentId, on: PartialDate, awaited: String },
            "{instrument} is not in force on {on} (awaiting: {awaited}): it can be changed only once every party that must sign has signed; record agreement_signed for those that have";
        VariationNotAgreed = "VARIATION_NOT_AGREED", { instrument: InstrumentId, missing: String },
            "a variation of {instrument} needs the agreement of {missing} as well: name them in agreed_by_ids once they have agreed";
        WrongVariationEvent = "WRONG_VARIATION_EVENT", { instrument: InstrumentId, use_event: &'static str },
            "a change to {instrument} is recorded as {use_event}";
        AccessionNotAgreed = "ACCESSION_NOT_AGREED", { body: BodyId, instrument: InstrumentId, missing: String },
            "{instrument} names the parties that must agree before {body} becomes a party by it, and the agreement of {missing} is missing: name them in agreed_by_ids once they have agreed";
        SignaturesOneByOne = "SIGNATURES_ONE_BY_ONE", { instrument: InstrumentId, rule_set: ItemId },
            "the approval rules {rule_set} are in force, and each signature on {instrument} may need an approval: leave also_body_ids empty, and record agreement_signed for each party";
        EndNotAgreed = "END_NOT_AGREED", { of: String, missing: String },
            "{of} ends by the agreement of all its parties, and that of {missing} is missing: name all that agreed in agreed_by_ids, or, in authority.proposal_id, the proposal for it that each of them decided, or a board on which all of them have a vote; where no source says why it ended, the cause is END_CAUSE_NOT_GIVEN";
        EndWithoutReplacement = "END_WITHOUT_REPLACEMENT", { of: String },
            "{of} would end because another takes its place, and this names none: record instrument_superseded, which names the instrument that replaces it and is in force (by_instrument_id, by), or give the cause that applies (END_CAUSE_AGREEMENT with agreed_by_ids; END_CAUSE_NOT_GIVEN where no source gives it)";
        ReplacementNotInForce = "REPLACEMENT_NOT_IN_FORCE", { by: InstrumentId, instrument: InstrumentId, on: PartialDate, awaited: String },
            "{by} would replace {instrument} on {on}, and is not in force then (awaiting: {awaited}): one that binds nobody yet replaces nothing; record agreement_signed for those that have signed it first, or date this on a day on which it is in force";
        ReplacementNotAgreed = "REPLACEMENT_NOT_AGREED", { instrument: InstrumentId, missing: String },
            "{instrument} is replaced as it is varied, and {missing} must agree to that and have not made what would replace it: record the new instrument with their signatures (agreement_signed), or party_withdrew for those that left before; if all agreed that it ends, record instrument_ended with END_CAUSE_AGREEMENT and agreed_by_ids";
        TermEndsFirst = "TERM_ENDS_FIRST", { commences_on: PartialDate, expires_on: PartialDate },
            "these terms would end on {expires_on}, before they begin on {commences_on}: check commences_on and expires_on";
        SignedAfterTerm = "SIGNED_AFTER_TERM", { body: BodyId, instrument: InstrumentId, on: PartialDate, until: PartialDate },
            "{body} would sign {instrument} on {on}, after the last day of its term ({until}), and it has force only from the last signature, so never: if it has effect from an earlier day, correct its entry so that terms.commences_on gives that day; otherwise check the dates";
        RenewalNotLater = "RENEWAL_NOT_LATER", { instrument: InstrumentId, expires_on: PartialDate },
            "{instrument} runs to {expires_on} already: name a later day in expires_on (expires_on_not_given where the source gives none), or change its terms (instrument_varied, mou_updated)";
        RenewedAfterExpiry = "RENEWED_AFTER_EXPIRY", { instrument: InstrumentId, until: PartialDate, on: PartialDate },
            "the term of {instrument} ends on {until}, and this renewal, dated {on}, has effect only after that: if the parties agreed that it goes on without a gap, give the day after the term in with_effect_from_on; if it was renewed before it ran out, date this by {until}; otherwise it is a new agreement (instrument_drafted)";
        RenewalNotAgreed = "RENEWAL_NOT_AGREED", { instrument: InstrumentId, why: String, missing: String },
            "no option of {instrument} allows this renewal ({why}), so those that must agree to a variation agree to it, and the agreement of {missing} is missing: name all that agreed in agreed_by_ids, or, in authority.proposal_id, the proposal for it that each of them decided, or a board on which all of them have a vote; where a document reports it without saying who agreed, set agreed_by_not_given and name that document in sources";
        NotTheOptionHolder = "NOT_THE_OPTION_HOLDER", { instrument: InstrumentId, holders: String },
            "the option to extend {instrument} is that of {holders}: name the one of them that exercised it in exercised_by_id; or, if all parties agreed, name them in agreed_by_ids";
    }
    StatutoryParties {
        PartyMatrixNotMet = "PARTY_MATRIX_NOT_MET", { policing_bodies: usize, chief_officers: usize, others: usize },
            "a section 22A agreement is made by (a) two or more policing bodies, or (b) chief officers with two or more policing bodies, or with a policing body and another person (Police Act 1996 s.22A(1)); this has {policing_bodies} policing bodies, {chief_officers} chief officers and {others} others: add the parties it lacks, or record it as another kind of instrument";
        ProvisionPartyMissing = "PROVISION_PARTY_MISSING", { provision: &'static str, missing: String, section: &'static str },
            "a {provision} provision needs {missing} among the parties (Police Act 1996 {section}): name them in party_ids of instrument_drafted as well (before a variation, record party_joined for them with this instrument_id), or, if the agreement does not make this provision, take it out of terms.provisions";
        SectionPartiesNotMet = "SECTION_PARTIES_NOT_MET", { lacks: &'static str },
            "a section 75 agreement is one between bodies of the health service and local authorities (National Health Service Act 2006 s.75(1)), and this lacks {lacks}: add it to party_ids (or describe it in other_parties, if it is not registered), or record the agreement as another kind of instrument";
        CompanyIsNoAuthority = "COMPANY_IS_NO_AUTHORITY", { body: BodyId, section: &'static str },
            "{body} is a company, and such an agreement is one of local authorities (Local Government Act 1972 {section}): leave it out, or record the agreement as another kind of instrument (INSTRUMENT_KIND_CONTRACT, INSTRUMENT_KIND_INTER_AUTHORITY_AGREEMENT)";
        UnknownForce = "UNKNOWN_FORCE", { force: ForceId },
            "no body in the register maintains or heads the force {force}: write the force as the bodies' view has it (show bodies), or record body_registered, with this force, for its policing body and its chief officer first";
        ProvisionsMissing = "PROVISIONS_MISSING", {},
            "a section 22A agreement contains at least one force, policing-body, or policing-body-and-force provision (Police Act 1996 s.22A(2)): name it in terms.provisions, or, where the source does not say which, put TERM_KIND_PROVISIONS in terms.not_given";
        ProvisionsNotAllowed = "PROVISIONS_NOT_ALLOWED", {},
            "only a section 22A agreement has provisions under s.22A(2): leave terms.provisions empty, or record it as such an agreement";
        TooFewEmergencyServices = "TOO_FEW_EMERGENCY_SERVICES", { services: String },
            "an emergency-services agreement needs a party from each of two of police, fire and ambulance (Policing and Crime Act 2017 s.1); this has {services}: if a party is also a fire authority or policing body, record that with capacity_gained on it first";
        WithdrawalProvisionMissing = "WITHDRAWAL_PROVISION_MISSING", {},
            "an emergency-services agreement says how a party may withdraw (Policing and Crime Act 2017 s.4(7)): set terms.has_withdrawal_provision once it does, or, where the source does not say, put TERM_KIND_WITHDRAWAL in terms.not_given";
        ChiefWithoutPolicingBody = "CHIEF_WITHOUT_POLICING_BODY", { chief: BodyId },
            "{chief} may enter an emergency-services agreement only together with its policing body (Policing and Crime Act 2017 s.3(10)): add it to the parties";
        ChiefNotConsulted = "CHIEF_NOT_CONSULTED", { body: BodyId, chief: BodyId, instrument: InstrumentId },
            "{body} consults {chief} before it makes {instrument}, since that chief officer is no party to it (Police Act 1996 s.23A(6)): record consultation_recorded about {instrument} first";
    }
    Entitlement {
        ProposerRequired = "PROPOSER_REQUIRED", { rule_set: ItemId },
            "the approval rules {rule_set} are in force, and under them nobody agrees alone to their own proposal: name the office that proposes in acted_by";
        ProposalClosed = "PROPOSAL_CLOSED", { proposal: ProposalId, settled: &'static str, on: PartialDate },
            "the proposal {proposal} was {settled} on {on}: no vote or decision counts after that. If the decision was called in, record decision_called_in; if it was challenged in court, decision_challenged; if an approval on it was subject to this decision (subject_to), or an entry on it is wrong, correct that entry; if several offices decide it together, name them in the proposal (put_to_offices); a vote by name on the decision of a board is dated on its day; otherwise make a new proposal";
        BoardCannotDecide = "BOARD_CANNOT_DECIDE", { board: BoardId },
            "boards/{board} has no power to decide, and an advisory board approves and rejects nothing: record that it noted or supported the proposal, or take the proposal to a board or body that decides";
        NotAVotingMember = "NOT_A_VOTING_MEMBER", { voter: String, board: BoardId, on: PartialDate, members: String, way_out: String },
            "{voter} has no seat with a vote on boards/{board} on {on} (those have: {members}): check the voter, or record board_membership_changed first{way_out}";
        NotEntitled = "NOT_ENTITLED", { voter: String, approval_rule: ItemId, rule_set: ItemId, needs: String, way_out: &'static str },
            "the rule {approval_rule} of {rule_set} applies and asks for {needs}, not for {voter}: {way_out}";
        NotPutTo = "NOT_PUT_TO", { voter: String, proposal: ProposalId, bodies: String, way_out: &'static str },
            "the proposal {proposal} was put to {bodies}, and not to {voter}: {way_out}";
        MinuteContradicts = "MINUTE_CONTRADICTS", { proposal: ProposalId, carried_on: PartialDate, position: Position, decided: String },
            "the votes carried the proposal {proposal} on {carried_on} (entry {position}), and {decided}: a decision recorded after the votes is their minute; record what they decided, or correct the votes that are wrong";
        DelegationBarred = "DELEGATION_BARRED", { giver: String, to: String },
            "{giver} is a policing body, which may not delegate to {to}: not to a constable, another policing body, or the staff of either (Police Reform and Social Responsibility Act 2011 s.18); name another holder";
        BeyondDelegation = "BEYOND_DELEGATION", { voter: String, up_to: Pence, approval_rule: ItemId },
            "{voter} may agree up to {up_to} under the rule {approval_rule}, and this is more, or its amount is not stated: record vote_cast or virement_approved of an office or board that may agree to larger amounts (explain names them)";
        OwnProposal = "OWN_PROPOSAL", { proposer: String },
            "{proposer} made this proposal, and nobody agrees alone to their own proposal: another office must agree; record its vote_cast or decision_made";
        QuorumNotMet = "QUORUM_NOT_MET", { board: BoardId, took_part: usize, quorum: u32 },
            "{took_part} took part in the vote of boards/{board} on record, and its quorum is {quorum}: record the votes that were cast, or, where the minutes name nobody, the tally of the decision; a vote with conflict_declared does not count, so record a dispensation, or an interest that did not bar the vote, in vote_cast.interest; if there was no quorum, nothing was decided either way: record that in meeting_held (inquorate, inquorate_from_item), and leave this out";
        GroupQuorumNotMet = "GROUP_QUORUM_NOT_MET", { board: BoardId, group: Name, members: u32 },
            "the quorum of boards/{board} needs {members} of the {group} members, and fewer took part in the vote on record: record their votes, or the attendance of the meeting in meeting_held";
        VoteNotCarried = "VOTE_NOT_CARRIED", { board: BoardId, for_it: String, against: String, approval_rule: ItemId, way_out: &'static str },
            "the votes of boards/{board} on record ({for_it} for, {against} against) do not carry it under the rule {approval_rule}: {way_out}";
        StandingOrdersNotMet = "STANDING_ORDERS_NOT_MET", { board: BoardId, for_it: String, against: String, needs: String },
            "the votes of boards/{board} on record ({for_it} for, {against} against) do not carry it under its own standing orders ({needs}): record the votes that were cast, the casting vote in tally.casting_vote, or the decision that was made; if the standing orders on record are not those of that day, record standing_orders_adopted";
        NotPresiding = "NOT_PRESIDING", { voter: String, meeting: ItemId, presided: String, position: Position },
            "the casting vote is that of the person presiding (Local Government Act 1972 Sch.12 para 39(2)); {presided} presided at {meeting} (entry {position}), and not {voter}: correct the one that is wrong";
        OneForTwo = "ONE_FOR_TWO", { substitute: String, one: String, other: String },
            "{substitute} acts for {one} and for {other}: at one meeting and in one vote a person fills one seat; name the substitute of each, and where two persons hold offices of the same name, tell them apart in the office";
        ListedAbsent = "LISTED_ABSENT", { voter: String, meeting: ItemId, position: Position },
            "{voter} is listed as not there at {meeting} (entry {position}), and only members who are present vote (Local Government Act 1972 Sch.12 para 39(1)): correct the attendance or the vote, or, if a substitute voted, name the substitute in cast_by";
        QuorumWasThere = "QUORUM_WAS_THERE", { board: BoardId, present: usize, quorum: u32 },
            "{present} members with a vote attended, and the quorum of boards/{board} is {quorum}: leave inquorate out, or, if too few stayed, say from which item on in inquorate_from_item";
        NoCastingVote = "NO_CASTING_VOTE", { board: BoardId, on: PartialDate },
            "the standing orders of boards/{board} on record give nobody a casting vote on {on}: record standing_orders_adopted with casting_vote CASTING_VOTE_PRESIDING from the day from which they do, or leave the casting vote out";
        TallyTooLarge = "TALLY_TOO_LARGE", { board: BoardId, tally: String, members: usize },
            "the tally of boards/{board} ({tally}) is of more than the {members} who have a vote on it that day: check the tally, or record board_membership_changed first";
        TallyContradicted = "TALLY_CONTRADICTED", { board: BoardId, tally: String, record: String },
            "the tally of boards/{board} ({tally}) contradicts the record ({record}): correct the one that is wrong";
        InterestBarsVote = "INTEREST_BARS_VOTE", { voter: String, on: PartialDate },
            "{voter} has a disclosable pecuniary interest and no dispensation in force on {on}, and so takes no part in the vote (Localism Act 2011 s.31(4)): give interest.dispensation if one was granted (s.33), or the course that the member took in interest.course";
        NotASubstitute = "NOT_A_SUBSTITUTE", { substitute: String, member: String },
            "{substitute} cannot act for {member}: a substitute is an office of the body that holds the seat; name such an office, or record board_membership_changed";
        MeetingOff = "MEETING_CANCELLED", { board: BoardId, meeting: ItemId, position: Position },
            "the meeting {meeting} of boards/{board} was cancelled (entry {position}), so nothing was done there: name the meeting at which it was done, or correct that entry";
        MeetingInquorate = "MEETING_INQUORATE", { board: BoardId, meeting: ItemId, position: Position },
            "the meeting {meeting} of boards/{board} had no quorum, or none for this item (entry {position}), so it decided nothing: name the meeting that decided it, or correct that entry";
        NotOnMeetingDay = "NOT_ON_MEETING_DAY", { board: BoardId, meeting: ItemId, meets_on: PartialDate, on: PartialDate },
            "the meeting {meeting} of boards/{board} is on {meets_on}, and this is dated {on}: date it on the day of the meeting, name another meeting, or, if it was adjourned to that day, record that in adjourned_to_on of meeting_held";
        AnotherBoardsMeeting = "ANOTHER_BOARDS_MEETING", { meeting: ItemId, of: BoardId, board: BoardId },
            "the meeting {meeting} is one of boards/{of}, and this is of boards/{board}: name a meeting of boards/{board}, or leave the meeting out";
        DecidedThere = "DECIDED_THERE", { meeting: ItemId, position: Position },
            "entry {position} was decided or voted on at the meeting {meeting}, so the meeting was held and had a quorum: correct that entry first, or check this one; if the quorum was lost later, say from which item on in inquorate_from_item";
        AmountOverRequest = "AMOUNT_OVER_REQUEST", { amount: Pence, requested: Pence },
            "{amount} is more than the {requested} that was asked for: approve at most that, or record virement_requested for the rest";
        NotTheDecider = "NOT_THE_DECIDER", { body: BodyId, decider: String },
            "this awaits the answer of {decider}, not of {body}: check decider_id, or record the decision_made that referred it to {body}, or that is subject to its approval (subject_to.decided_by_id)";
        ApprovalUsed = "APPROVAL_USED", { proposal: ProposalId, used_on: PartialDate, position: Position },
            "the approval of {proposal} was used on {used_on} (entry {position}), and only one that is not used can be given up: record the act that undoes that one, or correct the entry that is wrong";
        CallInWaived = "CALL_IN_WAIVED", { decision: ItemId, agreed_by: String },
            "the decision {decision} is recorded as one that cannot be called in (call_in_waiver), and {agreed_by}: where that is wrong, correct the entry of the decision; otherwise leave the call-in out";
        WaiverInvalid = "WAIVER_INVALID", { why: String },
            "that call-in does not apply is agreed before the decision, and by another than the one that decides ({why}): check call_in_waiver, or leave it out; the decision can then be called in";
        CalledInFromOutside = "CALLED_IN_FROM_OUTSIDE", { decision: ItemId, caller: String, authority: String },
            "the decision {decision} is one of {authority}, and {caller} is not of that authority: a decision is called in by the scrutiny of the authority that made it, a joint one by that of each (Local Government Act 2000 s.9F(2)); name the board or office of it that called it in, in board_id or acted_by; if another disagrees, record what it decided";
        CalledInByDecider = "CALLED_IN_BY_DECIDER", { decision: ItemId, caller: String, part: &'static str },
            "{caller} {part} the decision {decision}, and others call it in (Local Government Act 2000 s.9F): name the board or office that called it in; if those who made it decide otherwise, record what they decided";
        CalledInBefore = "CALLED_IN_BEFORE", { decision: ItemId, call_in: ItemId, way_out: &'static str },
            "the decision {decision} was called in before ({call_in}): {way_out}";
        AnswersCallIn = "ANSWERS_CALL_IN", { call_in: ItemId, board: BoardId },
            "the call-in {call_in} was referred to boards/{board}, which objects to the decision or does not: record its answer as another call_in_settled of that call-in (upheld if it does not object, back to the decider if it does), and not as a decision on the proposal";
        PermissionRefused = "PERMISSION_REFUSED", { challenge: ItemId, refused_on: PartialDate },
            "the court refused permission in the challenge {challenge} on {refused_on}, and nothing is quashed in a claim without permission: record CHALLENGE_STEP_PERMISSION_GRANTED if it was granted on renewal or appeal, or the other claim in which the decision was quashed (decision_challenged)";
        ConditionOfAnother = "CONDITION_OF_ANOTHER", { condition: ItemId, decider: String, way_out: &'static str },
            "the condition {condition} names {decider}, whose decision on the proposal settles it (decision_made, or external_decision_received of a body outside): record that; {way_out}; or, where a document reports that it was settled, name the document in sources and leave acted_by out; those who made the condition may decide again without it";
        RatifiesAnotherAct = "RATIFIES_ANOTHER_ACT", { position: Position, why: String },
            "entry {position} is not the act that this proposal would ratify ({why}): name the entry of that act (history shows it), and propose exactly what it records";
        SpokenTo = "SPOKEN_TO", { proposal: ProposalId, position: Position },
            "entry {position} is a vote or a decision on the proposal {proposal}: after that, a correction changes only its title, wording and papers; withdraw it (proposal_withdrawn) and make another";
    }
    PriorApproval {
        RulesRewritten = "RULES_REWRITTEN", { rule_set: ItemId, approval_rule: ItemId, needs: String },
            "a correction does not change what the rules {rule_set} ask for: their rule {approval_rule} asks for {needs} to adopt others; adopt a new set with that approval, or, if it must be corrected without, say so in authority.acknowledged_breach of the correction";
        ApprovalRequired = "APPROVAL_REQUIRED", { act: &'static str, approval_rule: ItemId, title: Name, rule_set: ItemId, needs: String },
            "to {act} needs prior approval: \"{title}\" (rule {approval_rule} of {rule_set}) asks for {needs}: propose it (matter_proposed, virement_requested), record the agreement of those asked for, and name that proposal in authority.proposal_id; if it was done without, say so in authority.acknowledged_breach";
        NotCarried = "NOT_CARRIED", { proposal: ProposalId, standing: &'static str, on: PartialDate, awaited: String, way_out: String },
            "the proposal {proposal} is {standing} on {on}, and an act needs one that was carried by then: {way_out}; if it was done without, say so in authority.acknowledged_breach";
        DecidedLater = "DECIDED_LATER", { proposal: ProposalId, carried_on: PartialDate, on: PartialDate },
            "the proposal {proposal} was carried on {carried_on}, and this is dated {on}: approval comes first: check both dates, or, if it was done before, say so in authority.acknowledged_breach";
        AnotherAct = "ANOTHER_ACT", { proposal: ProposalId, what: &'static str, approved: String, done: String },
            "the proposal {proposal} was carried for another {what} ({approved}, not {done}): name the proposal for this act in authority.proposal_id, or make one (matter_proposed, virement_requested)";
        OverApproved = "OVER_APPROVED", { proposal: ProposalId, of: String, amount: Pence, left: Pence, approved: Pence },
            "{amount} {of} is more than the {left} that is left of {approved} approved by the proposal {proposal}: record what was done within it, and propose the rest (matter_proposed, virement_requested)";
        ApprovalSuspended = "APPROVAL_SUSPENDED", { proposal: ProposalId, since: PartialDate, position: Position, why: String, way_out: &'static str, on: PartialDate },
            "the approval of {proposal} has been suspended since {since} by {why} (entry {position}), and this is dated {on}: it waits until {way_out} ends that; if it was done all the same, say so in authority.acknowledged_breach";
        ApprovalEnded = "APPROVAL_ENDED", { proposal: ProposalId, since: PartialDate, position: Position, why: String, on: PartialDate },
            "the approval of {proposal} ended on {since} ({why}, entry {position}), and this is dated {on}: have it decided again; if it was done all the same, say so in authority.acknowledged_breach";
        ApprovalQuashed = "APPROVAL_QUASHED", { proposal: ProposalId, quashed_on: PartialDate, position: Position, on: PartialDate },
            "a court quashed the decision on the proposal {proposal} (entry {position} of {quashed_on}), and this is dated {on}: nothing may rest on it; have it decided again, or say in authority.acknowledged_breach that it was done all the same";
        OutsideDelegation = "OUTSIDE_DELEGATION", { delegation: ItemId, why: String },
            "the delegation {delegation} does not cover this: {why}; name one that does in authority.delegation_on_record, or the proposal that was carried in authority.proposal_id";
        ApprovalSpent = "APPROVAL_SPENT", { proposal: ProposalId, spent_on: PartialDate, position: Position },
            "nothing is left of what the proposal {proposal} allowed since {spent_on} (entry {position}): make a new one (matter_proposed, virement_requested) and name it in authority.proposal_id";
        TierPassed = "TIER_PASSED", { proposal: ProposalId, approval_rule: ItemId, title: Name, needs: String },
            "with what the year's virements have taken from the head since the approval, \"{title}\" (rule {approval_rule}) applies and asks for {needs}, which the approval of {proposal} does not have: propose it again (virement_requested) and name that proposal in authority.proposal_id";
        CrowdsOut = "CROWDS_OUT", { position: Position, on: PartialDate, why: String },
            "dated before entry {position} of {on}, this would use up approval that entry {position} relies on ({why}): get approval that covers both (a new matter_proposed or virement_requested, named in authority.proposal_id); if it was done without, say so in authority.acknowledged_breach";
        BehindTheRules = "BEHIND_THE_RULES", { proposal: ProposalId, decided_on: PartialDate, position: Position, approval_rule: ItemId, rule_set: ItemId, needs: String },
            "the approval of {proposal} is dated {decided_on} and was recorded (entry {position}) after the rules {rule_set}, under which this is done; their rule {approval_rule} asks for {needs}, which it does not have: where it was given under the rules of its own day, name the minutes in the decision (decision_made.meeting or record; the decision can be corrected); otherwise propose it again (matter_proposed, virement_requested), or, if it was done without, say so in authority.acknowledged_breach";
        NoOutturn = "NO_OUTTURN", { year: FinancialYear, on: PartialDate },
            "no outturn of {year} that is dated after its end is on record by {on} (one that is dated within the year is a forecast), and until then an underspend is a projected one: record outturn_reported first, or, where a projected underspend was approved to be disposed of, set disposal.basis to UNDERSPEND_BASIS_PROJECTED";
        NotInDisposal = "NOT_IN_DISPOSAL", { body: BodyId, disposal: ItemId },
            "{body} has no part in the disposal {disposal}: check body_id (show virements has the parts), or correct the entry of the disposal";
    }
    ProjectedUnderspend {
        ProjectedNotApproved = "PROJECTED_NOT_APPROVED", { year: FinancialYear, why: String },
            "the use of a projected underspend of {year} needs an approval that says it is projected, and {why}: for a virement, record virement_approved with allows_projected; for a disposal, name the proposal to dispose of a projected underspend; if it was made without, say so in authority.acknowledged_breach";
    }
    Money {
        SharesNotWhole = "SHARES_NOT_WHOLE", { total_ppm: u64, difference_ppm: i64 },
            "shares total exactly 1,000,000 millionths (100 %); these total {total_ppm} ({difference_ppm:+}): correct share_ppm of the shares, or, where the paper rounds them or gives only some, say so in shares_are";
        OtherCurrency = "OTHER_CURRENCY", { subject: SubjectId, currency: Currency, given: Currency },
            "the amounts of {subject} are in {currency}, and these are in {given}: amounts in two currencies are never added; give currency {currency}, or, if those on record are wrong, correct their entries first";
        YearsOverlap = "YEARS_OVERLAP", { year: FinancialYear, other: FinancialYear },
            "the year {year} overlaps {other}, of which a budget is on record: give the year as that budget has it, or correct the budget; a scheme over several years has a period of more than 18 months, or \"all years\"";
        HeadNotInBudget = "HEAD_NOT_IN_BUDGET", { head: String, year: FinancialYear, named: String },
            "no budget of {year} has the head {head}, so nothing can leave it (it has {named}): write the head as `show budget` has it, record the change that adds it first (budget_adjusted), or give its other name (budget_head_defined.other_names); if money left it all the same, say so in authority.acknowledged_breach";
        HeadOverdrawn = "HEAD_OVERDRAWN", { head: String, year: FinancialYear, taken: Pence, left: Pence, over: Pence, on: Date },
            "{taken} would leave the head {head} of {year}, which has {left} on {on}, by every change on record: {over} too much; take no more than it has, record what it gained before (budget_adjusted, virement_made), or, if it was overspent, say so in authority.acknowledged_breach";
        HeadNamedTwice = "HEAD_NAMED_TWICE", { name: Name, head: ItemId },
            "\"{name}\" is a name of the head {head} already: one name is one head; give head_id {head} with all its names, or leave this name out";
        NothingUsed = "NOTHING_USED", {},
            "shares are counted by the use of each body, and nobody uses anything: give the use of those that do, or shares in its place";
        LimitsLeaveNoWay = "LIMITS_LEAVE_NO_WAY", { limits: String },
            "whatever the amount is, it cannot be shared within these limits: the {limits} than the whole (1,000,000): correct limits, or leave those out that are no part of the formula";
        NotAPartyInYear = "NOT_A_PARTY_IN_YEAR", { body: BodyId, of: String, year: FinancialYear },
            "{body} was not a party of {of} in {year}, and took the place of none that was: check body_id, service_id and financial_year, or record party_joined or service_parties_changed for it first";
        MoreThanIsLeft = "MORE_THAN_IS_LEFT", { of: String, amount: Pence, left: Pence },
            "{amount} is more than the {left} that is left of {of}: give no more than that, or correct what was recorded of it before";
        OtherInvoice = "OTHER_INVOICE", { invoice: ItemId, what: String },
            "the invoice {invoice} is {what}: name one to the same body, for the same year and service, or leave it out, and correct the event if that is wrong";
    }
    Notice {
        NotTheSecretaryOfState = "NOT_THE_SECRETARY_OF_STATE", { issuer: String },
            "only the Secretary of State issues or lifts a mandate, sets the day of a notice or ends an agreement (Police Act 1996 ss.23FA, 23G, 23H), and {issuer} is no department or minister of the Crown: record it as DIRECTION_KIND_DIRECT with its legal_basis, or name the department or minister in issuer";
        NoPolicePower = "NO_POLICE_POWER", { of: SubjectId },
            "no policing body or chief officer is party to {of}, so the Police Act 1996 (ss.23FA, 23G, 23H) gives no power over it: name in legal_basis the power under which this was issued";
        MandateStands = "MANDATE_STANDS", { direction: ItemId, since: PartialDate },
            "the Secretary of State's mandate {direction} has applied since {since} (Police Act 1996 s.23FA): nobody may withdraw, and nothing that it covers is removed or ended, until direction_issued lifts it or requires it; if a direction requires it, name that in direction_id; if the mandate is about some services only, correct its entry so that it names them in service_ids";
        DirectionDoesNotFit = "DIRECTION_DOES_NOT_FIT", { direction: ItemId, service: ServiceId, about: String },
            "the direction {direction} is about {about}, and not about {service}: name one that requires this in direction_id, or correct service_ids of the direction";
        DirectionOfAParty = "DIRECTION_OF_A_PARTY", { direction: ItemId, issuer: BodyId },
            "the direction {direction} was issued by {issuer}, a party itself, and what one party directs binds none of the others: name the direction of one that has the power over them, or those that agreed in agreed_by_ids";
        NoticeTooShort = "NOTICE_TOO_SHORT", { months: u32, instrument: InstrumentId, earliest: Date, not_waived_by: String, asks: NoticePeriod },
            "{instrument} asks for {asks}: it can take effect on {earliest} at the earliest, and only on the day of the year to which notice runs, if there is one, unless every other party waives that (waived_by_ids) or accepts a payment in lieu (paid_in_lieu); not waived by: {not_waived_by}";
        NoticeStillRunning = "NOTICE_STILL_RUNNING", { notice: ItemId, takes_effect_on: PartialDate, on: PartialDate },
            "the notice {notice} takes effect on {takes_effect_on}, and this is dated {on}: record the withdrawal as of that day, or record notice_extended or notice_revoked; or, if all others agreed to it without waiting, name them in agreed_by_ids";
        NoticeRequired = "NOTICE_REQUIRED", { instrument: InstrumentId, months: u32, asks: NoticePeriod, why: String },
            "{instrument} binds a party that leaves ({asks}{why}): record notice_given first, and name it in notice_id of party_withdrew; or, if all other parties released it, name them in agreed_by_ids; or, if it left by law, name the Act or order in legal_basis";
        EndWithoutNotice = "END_WITHOUT_NOTICE", { of: String, on: PartialDate },
            "{of} would end by notice on {on}, and no notice to leave has taken effect by then: record notice_given first, or give the cause that applies (END_CAUSE_NOT_GIVEN where no source gives it)";
        EndBeforeExpiry = "END_BEFORE_EXPIRY", { of: String, instrument: InstrumentId, until: PartialDate, on: PartialDate },
            "{of} would end by expiry on {on}, and the term of {instrument} runs to {until}: give the cause that applies (END_CAUSE_AGREEMENT, END_CAUSE_NOTICE, END_CAUSE_LAW), or record the terms that ended it (instrument_varied, mou_updated)";
        TermHasNoEnd = "TERM_HAS_NO_END", { of: String, instrument: InstrumentId },
            "{of} would end by expiry, and the terms of {instrument} have no last day: give it (expires_on, in a correction of its entry, or by instrument_varied or mou_updated); where the source does not give that day, put TERM_KIND_EXPIRY in terms.not_given; where a document says that a collaboration ran out, name it in sources; otherwise give the cause that applies (END_CAUSE_AGREEMENT, END_CAUSE_NOTICE, END_CAUSE_LAW)";
        NoticeLeavesOthers = "NOTICE_LEAVES_OTHERS", { of: String, leaving: String, remaining: String },
            "the notice that has taken effect takes {leaving} out of {of}, and it goes on between {remaining}: record party_withdrew for each that left; if all agreed that it ends, give the cause END_CAUSE_AGREEMENT with agreed_by_ids; if by its clause the notice of one ends it for all, say so in terms.notice_ends_agreement";
        EndWithoutSource = "END_WITHOUT_SOURCE", { of: String },
            "{of} would end without a cause, which is for an end that others report without saying why: name the document that states it in sources, or give the cause (END_CAUSE_AGREEMENT with agreed_by_ids, if the parties agreed)";
        EndWithoutDirection = "END_WITHOUT_DIRECTION", { of: String, on: PartialDate },
            "{of} would end by direction on {on}, and no direction that terminates it is on record by then (Police Act 1996 s.23H): record direction_issued first and name it in direction_id, or give the cause that applies (END_CAUSE_NOT_GIVEN where no source gives it)";
        NoticeDoesNotFit = "NOTICE_DOES_NOT_FIT", { notice: ItemId, body: BodyId },
            "the notice {notice} is not {body}'s notice to leave this collaboration, or was revoked, or was used when it left before: name in notice_id the notice that is (show notices --all)";
        NoticeNotRunning = "NOTICE_NOT_RUNNING", { notice: ItemId, on: PartialDate },
            "the notice {notice} is not running on {on}: it was revoked, or has taken effect; record notice_given for a new one. If it has taken effect, nobody has left, and every other party agrees that it is withdrawn, name them in agreed_by_ids of notice_revoked";
        NoticeAlreadyRunning = "NOTICE_ALREADY_RUNNING", { notice: ItemId, body: BodyId },
            "{body}'s notice {notice} is running already: record notice_extended or notice_revoked for it";
        NotLater = "NOT_LATER", { than: PartialDate, on: PartialDate },
            "this must be later than {than}, and is {on}: check the date; a notice is brought forward by notice_extended if every other party agrees to it (agreed_by_ids)";
        DayDirected = "DAY_DIRECTED", { notice: ItemId, direction: ItemId, to: PartialDate },
            "the Secretary of State's direction {direction} has the notice {notice} take effect on {to}, which overrides what the parties say (Police Act 1996 s.23G): only another direction_issued moves that day";
        NotTheLead = "NOT_THE_LEAD", { body: BodyId, of: String, on: PartialDate },
            "{body} does not lead {of} on {on}: a notice to stop leading is given by the lead; check body_id, or, if it leaves as a party, say so in capacity";
    }
    References {
        UnknownSubject = "UNKNOWN_SUBJECT", { subject: SubjectId, found_with: &'static str },
            "{subject} is not in the register: record {found_with} for it first, or check the id";
        SubjectExists = "SUBJECT_EXISTS", { subject: SubjectId, position: Position },
            "{subject} has been in the register since entry {position}: choose another id, or leave this out";
        BeforeSubject = "BEFORE_SUBJECT", { subject: SubjectId, since: PartialDate, on: PartialDate },
            "{subject} begins on {since}, and this is dated {on}: check the date, or correct the founding entry; if the source gives only a month or year, and it was not before {since}, date it {since} with effective_on_is DATE_IS_FROM";
        SubjectEnded = "SUBJECT_ENDED", { subject: SubjectId, ended_on: PartialDate, on: PartialDate, way_out: String },
            "{subject} ended on {ended_on}, and this is dated {on}: nothing is added to it after that; check the date, or record it on the collaboration that took its place{way_out}. An instrument that survived it (surviving_instrument_ids) is varied, renewed and ended as before, and left by a notice that names it in instrument_id";
        UnknownItem = "UNKNOWN_ITEM", { what: &'static str, id: String, of: SubjectId },
            "{of} has no {what} {id}: check the id, or record it first";
        IdTaken = "ID_TAKEN", { what: &'static str, id: String, of: SubjectId },
            "{of} has a {what} {id} already: choose another id, or, if it is the same, leave this out";
        AnswerWithoutId = "ANSWER_WITHOUT_ID", { decision: ItemId, decider: BodyId, position: Position },
            "no decision {decision} is on record, and the answer of {decider} (entry {position}) has no id: if that is the decision meant, correct its entry with this id (external_decision_received.decision_id); otherwise check the id";
        NotADecision = "NOT_A_DECISION", { id: String, of: SubjectId },
            "{of} has no decision {id}; {id} is an instrument of it: record instrument_published or instrument_withheld for it";
        BeforeItem = "BEFORE_ITEM", { what: &'static str, id: String, since: PartialDate, on: PartialDate, way_out: &'static str },
            "the {what} {id} is dated {since}, and this is dated {on}: check the date{way_out}";
        ItemClosed = "ITEM_CLOSED", { what: &'static str, id: String, closed_on: PartialDate },
            "the {what} {id} was closed on {closed_on}: there is nothing more to record about it; if it goes on, record a new one with another id";
        NotItsPart = "NOT_ITS_PART", { plan: ItemId, whole: ItemId, why: &'static str },
            "the savings plan {plan} cannot be part of {whole}: {why}; name another in part_of_id, or leave it out";
        NoticeOfAnother = "NOTICE_OF_ANOTHER", { notice: ItemId, giver: BodyId, body: BodyId },
            "the notice {notice} is that of {giver}, and leaving_id names {body}: name {giver} there, or the notice of {body} in notice_id";
        NotAddressed = "NOT_ADDRESSED", { recommendation: ItemId, body: BodyId, addressed_to: String },
            "the recommendation {recommendation} is addressed to {addressed_to}, and {body} answers it: name in acted_by the body that answered, or correct addressed_to_ids of the recommendation";
        UnknownProposal = "UNKNOWN_PROPOSAL", { proposal: ProposalId },
            "no proposal {proposal} is in the register: check the id, or record matter_proposed or virement_requested first";
        ProposalElsewhere = "PROPOSAL_ELSEWHERE", { proposal: ProposalId, subject: SubjectId },
            "the proposal {proposal} is about {subject}: set the subject of this event to {subject}";
        ProposalTaken = "PROPOSAL_TAKEN", { proposal: ProposalId, subject: SubjectId },
            "the proposal id {proposal} is in use on {subject}: make a new UUID for this one";
        NotAVirement = "NOT_A_VIREMENT", { proposal: ProposalId },
            "the proposal {proposal} does not ask for a virement: record decision_made for it";
        EventIdTaken = "EVENT_ID_TAKEN", { event: EventId, position: Position },
            "the event id {event} is that of entry {position}: make a new UUID for this one";
        DateImplausible = "DATE_IMPLAUSIBLE", { on: PartialDate },
            "{on} is before 1800 or more than a century ahead: check the year";
        DecidedInFuture = "DECIDED_IN_FUTURE", { decided_on: PartialDate, today: Date },
            "it is {today}, and this says it was decided on {decided_on}: a decision is recorded once it is made; leave decided_on out until then, or correct it";
        NotYetHappened = "NOT_YET_HAPPENED", { what: &'static str, on: PartialDate, today: Date },
            "it is {today}, and {what} dated {on} has not happened yet: record it once it has; for a decision that counts only from a later day, give that day in in_force_from_on";
        ContradictsLater = "CONTRADICTS_LATER", { position: Position, dated: PartialDate, fault: String },
            "entry {position}, dated {dated}, would have been refused with this on record ({fault}): if this is right, correct entry {position} as well (entry_corrected), first or in the same request; if another entry explains it, as the departure of a body that joined, record both in one request; otherwise check this and its date";
        SelfReference = "SELF_REFERENCE", { id: String },
            "{id} names itself here: name another, or leave it out";
        ReasonRequired = "REASON_REQUIRED", { why: &'static str },
            "{why}: say why";
        AlreadySucceeded = "ALREADY_SUCCEEDED", { body: BodyId, successor: BodyId, on: PartialDate },
            "{body} was followed by {successor} on {on}: if that entry is wrong, correct it (entry_corrected)";
        AlreadySo = "ALREADY_SO", { what: String },
            "{what} is on record already: leave this out";
        NoSuchEntry = "NO_SUCH_ENTRY", { target: String, subject: SubjectId },
            "{subject} has no entry {target}: a correction is about the same subject as the entry it corrects; `history` shows its positions";
        AlreadyCorrected = "ALREADY_CORRECTED", { position: Position, by: Position },
            "entry {position} was corrected by entry {by}: correct that one instead";
        FoundingEntry = "FOUNDING_ENTRY", { position: Position, kind: &'static str },
            "entry {position} founds its subject: it can be replaced by another {kind}, not voided";
        ReliedUpon = "RELIED_UPON", { position: Position, relied_on_by: Position, fault: String },
            "entry {relied_on_by} would have been refused without entry {position} as it is ({fault}): correct entry {relied_on_by} first";
    }
}
