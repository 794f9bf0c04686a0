//! What the comparison has to be told of particular fields.

/// Fields that measure the distance to the day that is asked about. They are
/// different every day and say nothing that a date beside them does not.
const MEASURES: &[&str] = &["age_days", "awaited_days", "days_left", "open_days"];

/// Messages that are one value: a date, a name beside its id, a reference.
const LEAVES: &[&str] = &[
    "google.protobuf.Timestamp",
    "google.type.Date",
    "ActorRef",
    "Awaited",
    "BoardRef",
    "BodyRef",
    "BudgetHead",
    "CollaborationRef",
    "Document",
    "Identifier",
    "RuleRef",
    "ServiceRef",
    "Source",
];

/// Messages that stand for the subject itself or for what holds them: looked into
/// even where only one of the two states has them.
const OPENED: &[&str] = &[
    "BoardView",
    "BodyView",
    "CollaborationView",
    "BoardSummary",
    "BodySummary",
    "CollaborationSummary",
];

/// Fields that say again what others say: sentences made of them, their number,
/// the same item in another list.
const REPEATS: &[(&str, &str)] = &[
    ("AssuranceView", "open_recommendation_count"),
    ("BoardSummary", "member_count"),
    ("BodySummary", "collaboration_count"),
    ("CollaborationSummary", "collaboration_id"),
    ("CollaborationSummary", "instruments_in_force_count"),
    ("CollaborationSummary", "party_count"),
    ("CollaborationSummary", "service_count"),
    ("CollaborationView", "approval_regime"),
    ("NeedView", "reasoning"),
    ("ProposalView", "decisions"),
    ("ProposalView", "reasoning"),
];

/// Fields that go without saying where an item is told in a line: whose it is,
/// how programs know it, and the entry that brought it, which stands above.
const UNTOLD: &[(&str, &str)] = &[
    ("*", "item_id"),
    ("*", "position"),
    ("*", "proposal_id"),
    ("*", "recorded_on"),
    ("*", "subject"),
    ("*", "subject_name"),
    ("ApprovalView", "matter_kind"),
    ("ApprovalView", "title"),
    ("ContributionsView", "collaboration"),
    ("NoticeView", "collaboration"),
    ("ProposalView", "need"),
];

/// Messages that are told in a few words, so that a list of them can be.
const SHORT: &[&str] = &["FaultView", "VirementSideView"];

/// What fields are called where their own name does not say it. `*` is any
/// message. What is empty goes without saying.
const LABELS: &[(&str, &str, &str)] = &[
    ("ActView", "on", "done on"),
    ("ActView", "what", ""),
    ("ApprovalView", "rule", "rule that applies"),
    (
        "BodySummary",
        "collaboration_count",
        "number of collaborations",
    ),
    ("BodyView", "party_to", "party to"),
    ("BodyView", "pays", "payments"),
    ("BoardSummary", "member_count", "number of seats"),
    (
        "CollaborationSummary",
        "instruments_in_force_count",
        "instruments in force",
    ),
    ("CollaborationSummary", "party_count", "number of parties"),
    (
        "CollaborationSummary",
        "service_count",
        "number of services",
    ),
    ("BoardView", "summary", ""),
    ("BodyView", "summary", ""),
    ("CollaborationView", "summary", ""),
    ("BodyView", "concerns", ""),
    ("CollaborationView", "concerns", ""),
    ("ConcernView", "what", ""),
    ("DeadlineView", "due_on", "due"),
    ("DeadlineView", "what", ""),
    ("DecisionView", "by", "decided or put up by"),
    ("DependencyView", "what", ""),
    ("NeedView", "what", "what is needed"),
    ("NoticeView", "body", "given by"),
    ("OutstandingView", "due_on", "due"),
    ("OutstandingView", "what", ""),
    ("ProposalView", "approval", ""),
    ("SubjectState", "board", ""),
    ("SubjectState", "body", ""),
    ("SubjectState", "collaboration", ""),
    ("SubjectState", "contributions", "contributions of"),
    ("SubjectState", "items", ""),
    ("SubjectState", "subject", "in the register as"),
    ("*", "against_budget_pence", "against the budget"),
    ("*", "aliases", "also known as"),
    ("*", "in_force_on", "in force since"),
    ("*", "on", "date"),
    ("*", "position", "recorded by"),
    ("*", "since_on", "since"),
    ("*", "stated", "printed totals"),
    ("*", "stated_pence", "as printed"),
];

/// Whether a field measures the distance to the day that is asked about.
pub(super) fn is_measure(field: &str) -> bool {
    MEASURES.contains(&field)
}

/// Whether a message is one value.
pub(super) fn is_leaf(message: &str) -> bool {
    LEAVES.contains(&message)
}

/// Whether a message is looked into even where only one side has it.
pub(super) fn is_opened(message: &str) -> bool {
    OPENED.contains(&message)
}

/// Whether a field says again what others say.
pub(super) fn repeats(message: &str, field: &str) -> bool {
    REPEATS.contains(&(message, field)) || field == "subject_name"
}

/// Whether a field goes without saying where an item is told in a line.
pub(super) fn is_untold(message: &str, field: &str) -> bool {
    UNTOLD.contains(&(message, field)) || UNTOLD.contains(&("*", field))
}

/// Whether a message is told in a few words.
pub(super) fn is_short(message: &str) -> bool {
    is_leaf(message) || SHORT.contains(&message)
}

/// What a field is called, where its own name does not say it.
pub(super) fn label(message: &str, field: &str) -> Option<&'static str> {
    let of = |message: &str| {
        let mut all = LABELS.iter();
        all.find(|(of, name, _)| *of == message && *name == field)
    };
    of(message).or_else(|| of("*")).map(|(.., label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::proto::descriptors;

    #[test]
    fn the_tables_speak_of_fields_that_are_there() {
        let of = |name: &str| {
            let full = if name.starts_with("google.") {
                name.to_owned()
            } else {
                format!("minutebook.v1.{name}")
            };
            let found = descriptors().get_message_by_name(&full);
            found.unwrap_or_else(|| panic!("{full}"))
        };
        for name in LEAVES.iter().chain(OPENED).chain(SHORT) {
            of(name);
        }
        let labelled = LABELS.iter().map(|(of, field, _)| (*of, *field));
        let all = REPEATS.iter().chain(UNTOLD).copied().chain(labelled);
        for (message, field) in all.filter(|(of, _)| *of != "*") {
            assert!(
                of(message).get_field_by_name(field).is_some(),
                "{message}.{field}"
            );
        }
        let views: Vec<_> = descriptors().all_messages().collect();
        let labelled = LABELS.iter().map(|(of, field, _)| (*of, *field));
        let anywhere = labelled.chain(UNTOLD.iter().copied());
        let anywhere = anywhere.filter(|(of, _)| *of == "*");
        let anywhere = anywhere.map(|(_, field)| field);
        for field in anywhere.chain(MEASURES.iter().copied()) {
            let is_there = views.iter().any(|of| of.get_field_by_name(field).is_some());
            assert!(is_there, "{field}");
        }
    }
}
