//! Facts about particular fields that descriptors do not have.

/// Fields that count days from or to the day of the view. They change every day, and a
/// date beside them has the same information.
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

/// Messages of the subject itself. Their fields are compared even where only one of the
/// two states has them.
const OPENED: &[&str] = &[
    "BoardView",
    "BodyView",
    "CollaborationView",
    "BoardSummary",
    "BodySummary",
    "CollaborationSummary",
];

/// Fields derived from others: sentences about them, their number, the same item in
/// another list.
const REPEATS: &[(&str, &str)] = &[
    ("AssuranceView", "open_recommendation_count"),
    ("BoardSummary", "member_count"),
    ("BodySummary", "collaboration_count"),
    ("CollaborationSummary", "collaboration_id"),
    ("CollaborationSummary", "instruments_in_force_count"),
    ("CollaborationSummary", "party_count"),
    ("CollaborationSummary", "service_count"),
    ("CollaborationView", "approval_regime"),
    ("ContributionsView", "formulas"),
    ("ContributionsView", "left_out"),
    ("NeedView", "reasoning"),
    ("ProposalView", "decisions"),
    ("ProposalView", "reasoning"),
];

/// Fields that are left out of an item's line: its subject, its id, and its entry, which
/// is printed above.
const HIDDEN: &[(&str, &str)] = &[
    ("*", "item_id"),
    ("*", "position"),
    ("*", "proposal_id"),
    ("*", "recorded_on"),
    ("*", "subject"),
    ("*", "subject_name"),
    ("ApprovalView", "matter_kind"),
    ("ApprovalView", "title"),
    ("ContributionsView", "collaboration"),
    ("InvoicePaymentView", "collaboration"),
    ("InvoiceView", "collaboration"),
    ("NoticeView", "collaboration"),
    ("ProposalView", "need"),
];

/// Messages short enough to be listed.
const SHORT: &[&str] = &["FaultView", "VirementSideView"];

/// Names of fields whose own name is not clear. `*` is any message. An empty name leaves
/// the name out.
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
    ("DecisionView", "by", "decided or proposed by"),
    ("DependencyView", "what", ""),
    ("NeedView", "what", "requirement"),
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

pub(super) fn is_measure(field: &str) -> bool {
    MEASURES.contains(&field)
}

pub(super) fn is_leaf(message: &str) -> bool {
    LEAVES.contains(&message)
}

pub(super) fn is_opened(message: &str) -> bool {
    OPENED.contains(&message)
}

pub(super) fn repeats(message: &str, field: &str) -> bool {
    REPEATS.contains(&(message, field)) || field == "subject_name"
}

pub(super) fn is_hidden(message: &str, field: &str) -> bool {
    HIDDEN.contains(&(message, field)) || HIDDEN.contains(&("*", field))
}

pub(super) fn is_short(message: &str) -> bool {
    is_leaf(message) || SHORT.contains(&message)
}

pub(super) fn label(message: &str, field: &str) -> Option<&'static str> {
    let label = |message: &str| {
        let mut all = LABELS.iter();
        all.find(|(owner, name, _)| *owner == message && *name == field)
    };
    label(message)
        .or_else(|| label("*"))
        .map(|(.., label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::descriptors;

    #[test]
    fn the_tables_name_fields_that_exist() {
        let message_named = |name: &str| {
            let full = if name.starts_with("google.") {
                name.to_owned()
            } else {
                format!("minutebook.v1.{name}")
            };
            let found = descriptors().get_message_by_name(&full);
            found.unwrap_or_else(|| panic!("{full}"))
        };
        for name in LEAVES.iter().chain(OPENED).chain(SHORT) {
            message_named(name);
        }
        let labelled = LABELS.iter().map(|(message, field, _)| (*message, *field));
        let all = REPEATS.iter().chain(HIDDEN).copied().chain(labelled);
        for (message, field) in all.filter(|(message, _)| *message != "*") {
            assert!(
                message_named(message).get_field_by_name(field).is_some(),
                "{message}.{field}"
            );
        }
        let views: Vec<_> = descriptors().all_messages().collect();
        let labelled = LABELS.iter().map(|(message, field, _)| (*message, *field));
        let anywhere = labelled.chain(HIDDEN.iter().copied());
        let anywhere = anywhere.filter(|(message, _)| *message == "*");
        let anywhere = anywhere.map(|(_, field)| field);
        for field in anywhere.chain(MEASURES.iter().copied()) {
            let is_there = views
                .iter()
                .any(|view| view.get_field_by_name(field).is_some());
            assert!(is_there, "{field}");
        }
    }
}
