//! Questions of their own, where the comment of a field would puzzle those who decide.

/// Asks a question of its own.
pub struct OwnQuestion {
    /// The message and the field, or the choice between fields.
    pub field: &'static str,
    /// Empty: as the comment has it.
    pub label: &'static str,
    /// `None`: as the comment has it.
    pub hint: Option<&'static str>,
    pub is_main: Option<bool>,
}

const fn own(field: &'static str, label: &'static str) -> OwnQuestion {
    OwnQuestion {
        field,
        label,
        hint: None,
        is_main: None,
    }
}

const fn with_hint(field: &'static str, label: &'static str, hint: &'static str) -> OwnQuestion {
    OwnQuestion {
        hint: Some(hint),
        ..own(field, label)
    }
}

/// Asked at once, although it may be left out.
const fn first(field: &'static str, label: &'static str, hint: &'static str) -> OwnQuestion {
    OwnQuestion {
        is_main: Some(true),
        ..with_hint(field, label, hint)
    }
}

const DAYS: &str = "Such as 1 10 2024, October 2024 or 2024.";

/// In the order of the protocol.
pub const OWN: &[OwnQuestion] = &[
    // Of every event.
    with_hint(
        "Event.subject",
        "What is it about?",
        "A collaboration, a board or a body, by its name.",
    ),
    with_hint(
        "Event.effective_on",
        "On which day?",
        "Such as 1 10 2024, October 2024 or 2024. Left empty: today.",
    ),
    with_hint(
        "Event.decided_on",
        "On which day was it decided?",
        "Only where that was another day. Such as 1 10 2024.",
    ),
    with_hint("Event.acted_by", "Who acted?", ""),
    with_hint("Event.authority", "On what authority?", ""),
    with_hint(
        "Event.sources",
        "Where is it written?",
        "The papers or minutes that say so.",
    ),
    with_hint("Event.note", "A remark for readers", ""),
    with_hint(
        "Event.event_id",
        "An id for this entry",
        "A UUID, if other entries are to name this one by it. Most entries need none.",
    ),
    with_hint("Event.effective_on_is", "Is the day known?", ""),
    with_hint(
        "Event.currency",
        "The currency, if it is not pounds",
        "Its code, such as EUR.",
    ),
    with_hint(
        "Event.marking",
        "Protective marking",
        "Left empty: that of the things it is about.",
    ),
    own("Event.kind", "What should the entry have said?"),
    with_hint("Actor.body_id", "Body", "By its name."),
    with_hint(
        "Actor.office",
        "Office",
        "Such as Chief Finance Officer, and never a person's name. Left empty: the body itself.",
    ),
    with_hint("Authority.basis", "It rests on", ""),
    with_hint(
        "Authority.proposal_id",
        "A proposal that was approved",
        "By its title.",
    ),
    with_hint(
        "Authority.delegation",
        "A delegation or scheme of governance, as cited",
        "",
    ),
    with_hint(
        "Authority.acknowledged_breach",
        "Nothing: it was done without the approval that it needed",
        "It is recorded, and shown as a breach for ever.",
    ),
    own("AcknowledgedBreach.reason", "Why was it done all the same?"),
    with_hint(
        "AcknowledgedBreach.proposal_id",
        "The proposal that should have allowed it",
        "If there is one. An approval after the fact is shown beside the breach.",
    ),
    own("DelegationRef.delegation_id", "The delegation"),
    own("Source.title", "Title of the document"),
    first(
        "Source.place",
        "Place in it",
        "Such as ¶24, item 4 or Table 1.",
    ),
    with_hint("Source.uri", "Link", ""),
    with_hint(
        "Source.sha256",
        "Its SHA-256",
        "The digest that shows whether a copy was changed: 64 digits.",
    ),
    first("Document.title", "Title", ""),
    first("Document.uri", "Link", ""),
    with_hint(
        "Document.sha256",
        "Its SHA-256",
        "The digest that shows whether a copy was changed: 64 digits.",
    ),
    with_hint("EntryRef.entry", "Which entry?", ""),
    with_hint("EntryRef.position", "By its number", "Such as 53."),
    own("EntryRef.event_id", "By the id that its event has"),
    own("EntryRef.request_entry", "By the request that recorded it"),
    own("EntryCorrected.target", "Which entry was wrong?"),
    with_hint("EntryCorrected.position", "By its number", "Such as 53."),
    own(
        "EntryCorrected.target_event_id",
        "By the id that its event has",
    ),
    own(
        "EntryCorrected.target_request",
        "By the request that recorded it",
    ),
    own("EntryCorrected.reason", "What was wrong with it?"),
    with_hint(
        "EntryCorrected.replacement",
        "The entry as it should have been",
        "About the same subject. Left empty: the entry is void.",
    ),
    // Bodies and boards.
    own("BodyRegistered.name", "Name of the body"),
    own("BodyRegistered.kind", "What kind of body is it?"),
    first(
        "BodyRegistered.force",
        "Police force",
        "For a policing body or a chief officer: the force, by a short name that both share, such as kent.",
    ),
    first("BodyRegistered.area", "Area that it serves", ""),
    own("BoardConstituted.name", "Name of the board"),
    own("BoardConstituted.powers", "What may it do?"),
    first(
        "BoardConstituted.collaboration_ids",
        "Which collaborations does it serve?",
        "",
    ),
    first("BoardConstituted.members", "Who has a seat?", ""),
    first(
        "BoardConstituted.quorum",
        "How many voting members make a quorum?",
        "Left empty: not known.",
    ),
    first("BoardMember.body_id", "Body that holds the seat", ""),
    first(
        "BoardMember.office",
        "Office that takes it",
        "Left empty: the body itself.",
    ),
    first("BoardMember.capacity", "In what capacity?", ""),
    first("BoardMembershipChanged.joined", "Who joins?", ""),
    first(
        "BoardMembershipChanged.left",
        "Who leaves?",
        "Named as they were when they joined.",
    ),
    first("MeetingCalled.meets_on", "Day of the meeting", DAYS),
    first("MeetingCalled.agenda", "Agenda", ""),
    first(
        "MeetingCalled.meeting_id",
        "Short name of the meeting",
        "Such as 2024-06-17, by which other entries name it: small letters, digits and hyphens.",
    ),
    first("MeetingHeld.attendance", "Who was there?", ""),
    own("Attendance.who", "Who?"),
    own("Attendance.attendance", "How did they attend?"),
    // Collaborations.
    own("CollaborationEstablished.name", "Name of the collaboration"),
    own("CollaborationEstablished.kind", "What form does it have?"),
    first(
        "CollaborationEstablished.party_ids",
        "Who are the first parties?",
        "",
    ),
    first("CollaborationEstablished.lead_id", "Who leads it?", ""),
    own("PartyJoined.body_id", "Who becomes a party?"),
    own("PartyWithdrew.body_id", "Who ceases to be a party?"),
    own("LeadAppointed.body_id", "Who leads from now on?"),
    own("NoticeGiven.body_id", "Who gives notice?"),
    own("NoticeGiven.capacity", "To leave, or to stop leading?"),
    with_hint(
        "NoticeGiven.takes_effect_on",
        "On which day does the notice take effect?",
        "A full day, such as 1 10 2025.",
    ),
    // Agreements.
    own(
        "InstrumentDrafted.title",
        "Title of the agreement or document",
    ),
    own("InstrumentDrafted.kind", "What kind of document is it?"),
    first(
        "InstrumentDrafted.party_ids",
        "Who must sign?",
        "Left empty: all parties of the collaboration.",
    ),
    own("AgreementSigned.instrument_id", "What is signed?"),
    own("AgreementSigned.body_id", "Who signs?"),
    first(
        "AgreementSigned.office",
        "By which office?",
        "Left empty: the body itself.",
    ),
    own("Variation.instrument_id", "What changes?"),
    first("Variation.agreed_by_ids", "Who agreed?", ""),
    first("Variation.summary", "What changes in it, in words", ""),
    // Services.
    own("ServiceAdded.name", "Name of the service"),
    first("ServiceAdded.lead_id", "Who leads it?", ""),
    first(
        "ServiceAdded.party_ids",
        "Who takes part?",
        "Left empty: all parties.",
    ),
    own("ServiceLeadTransferred.to_id", "Who leads from now on?"),
    own("ServiceLeadTransferred.from_id", "Who has led until now?"),
    // Decisions.
    own("MatterProposed.title", "Title of the proposal"),
    own("MatterProposed.matter", "What is proposed?"),
    with_hint("Matter.subject", "The matter", ""),
    first("MatterProposed.board_id", "Which board is to decide?", ""),
    first("MatterProposed.summary", "The proposal in words", ""),
    own("VoteCast.proposal_id", "On which proposal?"),
    own("VoteCast.voter", "Who votes?"),
    own("VoteCast.choice", "How?"),
    first(
        "VoteCast.board_id",
        "On which board is the vote cast?",
        "Left empty: the body votes in its own right.",
    ),
    with_hint(
        "VoteCast.conflict_declared",
        "A conflict of interest, in words",
        "The vote then counts neither for nor against.",
    ),
    own("DecisionMade.title", "Title of the decision"),
    own("DecisionMade.outcome", "What was decided?"),
    first("DecisionMade.proposal_id", "On which proposal?", ""),
    first(
        "DecisionMade.board_id",
        "Which board decided?",
        "Left empty: whoever acted decides in its own right.",
    ),
    first("DecisionMade.reasons", "Reasons", ""),
    with_hint(
        "ApprovalRulesAdopted.rules",
        "The rules, in order",
        "The first rule whose conditions are met applies.",
    ),
    own("ApprovalRule.title", "The rule in words"),
    first(
        "ApprovalRule.conditions",
        "When does it apply?",
        "Left empty: always.",
    ),
    with_hint("ApprovalRule.requirement", "Who must agree?", ""),
    with_hint("Requirement.needs", "Who must agree", ""),
    own("ActionAgreed.what", "What is to be done?"),
    first("ActionAgreed.owner", "Who is to do it?", ""),
    first("ActionAgreed.due_on", "By when?", DAYS),
    // Money.
    with_hint(
        "Virement.financial_year",
        "In which year?",
        "Such as 2024/25.",
    ),
    first("Virement.sources", "Where does the money come from?", ""),
    first(
        "Virement.targets",
        "Where does it go?",
        "The two sides have the same sum.",
    ),
    with_hint("VirementSide.place", "Where", ""),
    with_hint("VirementSide.head", "A head of the budget", ""),
    with_hint(
        "VirementSide.returned_to_id",
        "Out of the budget, returned to a body",
        "The body, by its name.",
    ),
    with_hint(
        "VirementSide.amount_pence",
        "Amount",
        "In pounds, such as 30,000 or 30,000.50.",
    ),
    first("BudgetHead.service_id", "Service", "Left empty: none."),
    first(
        "BudgetHead.head",
        "Head",
        "Left empty: the service as a whole.",
    ),
    with_hint("BudgetHead.fund", "Revenue or capital?", ""),
    with_hint("BudgetHead.is_income", "It is a head of income", ""),
    first(
        "Virement.permanence",
        "For this year only, or for good?",
        "",
    ),
    first("Virement.basis", "Does it use an underspend?", ""),
    own("VirementRequested.reason", "Why is it needed?"),
    first(
        "VirementRequested.board_id",
        "Which board is to decide?",
        "",
    ),
    first(
        "VirementRequested.title",
        "Title",
        "Left empty: made from the virement.",
    ),
    own("VirementApproved.proposal_id", "Which request is approved?"),
    first(
        "VirementApproved.amount_pence",
        "How much is allowed?",
        "In pounds. Left empty: all that was asked for.",
    ),
    first(
        "VirementApproved.board_id",
        "Which board decided?",
        "Left empty: whoever acted decides in its own right.",
    ),
    own("VirementReversed.virement_id", "Which virement is undone?"),
    with_hint(
        "Figures.financial_year",
        "For which year?",
        "Such as 2024/25.",
    ),
    first("Figures.lines", "Lines of the budget", ""),
    first("Figures.contributions", "Who pays what?", ""),
    first("BudgetLine.service_id", "Service", ""),
    first(
        "BudgetLine.head",
        "Head",
        "Left empty: the service as a whole.",
    ),
    own("BudgetLine.amount_pence", "Amount"),
    own("Contribution.service_id", "Service"),
    own("Contribution.body_id", "Who pays"),
    own("Contribution.amount_pence", "Amount"),
    with_hint(
        "Figures.printed_unit_pence",
        "The unit of the printed table",
        "In pounds, such as 1 or 1,000. Left empty: not known.",
    ),
    with_hint("Share.share_ppm", "Share", "In per cent, such as 27.3."),
    own("DisposalPart.amount_pence", "Amount"),
    // The register.
    with_hint(
        "MandateGranted.mandate_id",
        "Short name of the mandate",
        "Small letters, digits and hyphens. Left empty: made for you.",
    ),
    with_hint(
        "MandateGranted.event_kinds",
        "Only these kinds of entries",
        "Such as vote_cast. Left empty: all that the role allows.",
    ),
];
