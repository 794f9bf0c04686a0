//! The kinds of things that a box of a form may name.

/// A kind of thing that a box names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noun {
    Body,
    Board,
    Collaboration,
    Service,
    Instrument,
    Proposal,
    /// A head of a budget, which has no id of its own in most events.
    Head,
    /// The subject of an event, by its kind and id.
    Subject(SubjectRange),
    /// Another item of the subject: a meeting, a notice, a decision.
    Item(&'static str),
}

/// The kinds of subjects that a box may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectRange {
    Any,
    Bodies,
    Boards,
    Collaborations,
}

/// The items that have ids within a subject, by the end of the names of their fields.
const ITEMS: &[&str] = &[
    "action",
    "adjustment",
    "assumption",
    "audit",
    "benefit",
    "budget",
    "call_in",
    "challenge",
    "condition",
    "consultation",
    "decision",
    "delegation",
    "dependency",
    "direction",
    "discrepancy",
    "dispute",
    "disposal",
    "force",
    "grant",
    "invoice",
    "mandate",
    "meeting",
    "notice",
    "opportunity",
    "payment",
    "recommendation",
    "review",
    "risk",
    "rule",
    "rule_set",
    "savings",
    "settlement",
    "virement",
];

/// Fields whose names do not say what they name.
const UNUSUAL: &[(&str, Noun)] = &[
    ("CollaborationEstablished.part_of_id", Noun::Collaboration),
    ("CollaborationEnded.replaced_by_id", Noun::Collaboration),
    ("SavingsPlanned.part_of_id", Noun::Item("savings")),
    ("SavingsRealised.part_of_id", Noun::Item("savings")),
    ("SavingsRealised.plan_id", Noun::Item("savings")),
    ("BudgetHeadDefined.parent_id", Noun::Item("head")),
    ("BudgetHeadDefined.head_id", Noun::Item("head")),
    (
        "CollaborationEnded.surviving_instrument_ids",
        Noun::Instrument,
    ),
];

impl Noun {
    /// The thing that a field with an id names, by its name: `agreed_by_ids` names bodies.
    pub fn of_field(full_name: &str, name: &str) -> Self {
        let unusual = UNUSUAL.iter();
        if let Some((_, noun)) = unusual
            .clone()
            .find(|(field, _)| full_name.ends_with(&format!(".{field}")))
        {
            return noun.clone();
        }
        if matches!(name, "subject" | "subjects") {
            return Self::Subject(SubjectRange::Any);
        }
        let stem = name.strip_suffix("_ids").or(name.strip_suffix("_id"));
        let stem = stem.unwrap_or(name);
        let ends = |noun: &str| {
            let has_end = |stem: &str| {
                stem.strip_suffix(noun)
                    .is_some_and(|before| before.is_empty() || before.ends_with('_'))
            };
            has_end(stem) || stem.strip_suffix('s').is_some_and(has_end)
        };
        if stem.starts_with("services_") || ends("service") {
            return Self::Service;
        }
        for (end, noun) in [
            ("body", Self::Body),
            ("board", Self::Board),
            ("collaboration", Self::Collaboration),
            ("instrument", Self::Instrument),
            ("proposal", Self::Proposal),
        ] {
            if ends(end) {
                return noun;
            }
        }
        let mut items = ITEMS.iter();
        items
            .find(|item| ends(item))
            .map_or(Self::Body, |item| Self::Item(item))
    }

    /// In a sentence: `there is no board "…"`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Body => "body".to_owned(),
            Self::Board => "board".to_owned(),
            Self::Collaboration => "collaboration".to_owned(),
            Self::Service => "service".to_owned(),
            Self::Instrument => "agreement or document".to_owned(),
            Self::Proposal => "proposal".to_owned(),
            Self::Head => "head".to_owned(),
            Self::Subject(range) => range.in_words().to_owned(),
            Self::Item(item) => item.replace('_', " "),
        }
    }

    /// The id of the list of its names on a page.
    pub fn list_id(&self) -> String {
        let name = match self {
            Self::Instrument => "instrument".to_owned(),
            Self::Subject(range) => format!("subject-{}", range.in_words().replace(' ', "-")),
            other => other.in_words().replace(' ', "-"),
        };
        format!("names-{}", name.replace(',', ""))
    }
}

impl SubjectRange {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Any => "collaboration, board or body",
            Self::Bodies => "body",
            Self::Boards => "board",
            Self::Collaborations => "collaboration",
        }
    }

    /// The first part of a subject of one kind.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Any | Self::Collaborations => "collaborations",
            Self::Bodies => "bodies",
            Self::Boards => "boards",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_field_says_what_it_names() {
        for (field, noun) in [
            ("body_id", Noun::Body),
            ("agreed_by_ids", Noun::Body),
            ("also_successor_ids", Noun::Body),
            ("parent_board_id", Noun::Board),
            ("decided_by_board_id", Noun::Board),
            ("owner_body_id", Noun::Body),
            ("added_collaboration_ids", Noun::Collaboration),
            ("services_removed_ids", Noun::Service),
            ("add_service_id", Noun::Service),
            ("by_instrument_id", Noun::Instrument),
            ("credits_invoice_id", Noun::Item("invoice")),
            ("at_meeting_id", Noun::Item("meeting")),
            ("savings_id", Noun::Item("savings")),
            ("rule_set_id", Noun::Item("rule_set")),
            ("rule_id", Noun::Item("rule")),
            ("forces", Noun::Item("force")),
            ("subjects", Noun::Subject(SubjectRange::Any)),
        ] {
            assert_eq!(Noun::of_field("minutebook.v1.X.y", field), noun, "{field}");
        }
        assert_eq!(
            Noun::of_field("minutebook.v1.SavingsRealised.plan_id", "plan_id"),
            Noun::Item("savings")
        );
    }
}
