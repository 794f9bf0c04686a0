//! How each field of the protocol is filled in: the one classification that drawing,
//! reading and filling share.

use minutebook_wire::published::comment_of;
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::noun::Noun;

/// How one value of a field is filled in. Whether it is a list is another question.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldShape {
    /// A text on one line.
    Line,
    /// A line for which names of things are suggested, and kept as they are written.
    Suggested(Noun),
    /// A text of several lines.
    Paragraph,
    /// Pence, written as pounds.
    Pounds,
    /// Millionths, written as a percentage.
    Percent,
    /// A whole number.
    Count,
    /// A day, a month or a year.
    Day,
    /// A financial year.
    Year,
    /// Yes or no.
    Flag,
    /// One of some values.
    Choice(EnumDescriptor),
    /// The id of a thing, written as its name.
    Name(Noun),
    /// The id of a thing that the event makes. It is made from a name where none is
    /// written.
    NewId,
    /// The UUID of a thing that the event makes. It is made where none is written.
    NewUuid,
    /// A group of fields.
    Group(MessageDescriptor),
}

/// Fields that are filled in otherwise than their names and comments say.
const UNUSUAL: &[(&str, FieldShape)] = &[
    ("MandateGranted.mandate_id", FieldShape::NewId),
    (
        "ReviewPublished.review_id",
        FieldShape::Name(Noun::Item("review")),
    ),
    (
        "OpportunityConsidered.opportunity_id",
        FieldShape::Name(Noun::Item("opportunity")),
    ),
    ("Matter.add_service_id", FieldShape::Line),
    ("Terms.value_pence", FieldShape::Pounds),
    ("Matter.other", FieldShape::Paragraph),
];

impl FieldShape {
    pub fn of(field: &FieldDescriptor) -> Self {
        let mut unusual = UNUSUAL.iter();
        let ends = |name: &str| {
            field
                .full_name()
                .strip_suffix(name)
                .is_some_and(|before| before.ends_with('.'))
        };
        if let Some((_, shape)) = unusual.find(|(name, _)| ends(name)) {
            return shape.clone();
        }
        match field.kind() {
            Kind::Message(message) if message.full_name() == "google.type.Date" => Self::Day,
            Kind::Message(message) => Self::Group(message),
            Kind::Enum(values) => Self::Choice(values),
            Kind::Bool => Self::Flag,
            Kind::String => Self::of_text(field),
            _ if field.name().ends_with("_pence") => Self::Pounds,
            _ if field.name().ends_with("_ppm") => Self::Percent,
            _ => Self::Count,
        }
    }

    fn of_text(field: &FieldDescriptor) -> Self {
        let about = comment_of(field);
        let name = field.name();
        if name == "head" {
            return Self::Suggested(Noun::Head);
        }
        if name.ends_with("_year") {
            return Self::Year;
        }
        if matches!(name, "event_id" | "target_event_id" | "request_id") {
            return Self::Line;
        }
        let is_id = name.ends_with("_id") || name.ends_with("_ids");
        if is_id || matches!(name, "subject" | "subjects" | "force" | "forces") {
            let is_new = about.starts_with("Its id")
                || about.starts_with("The id of the")
                || about.contains("'s id");
            // One that may be left out is left out: nobody asks for a name.
            let is_needed = about.contains("equired");
            return match is_new && is_needed {
                true if about.contains("UUID") => Self::NewUuid,
                true => Self::NewId,
                false if is_new => Self::Line,
                false => Self::Name(Noun::of_field(field.full_name(), name)),
            };
        }
        let sentences = about.split([' ', ';', '.', ',']);
        let is_text = sentences.clone().any(|word| word == "Text");
        match is_text || name == "note" {
            true => Self::Paragraph,
            false => Self::Line,
        }
    }

    /// Whether a value is written into one box, so that a list of them is a list of boxes.
    pub const fn is_box(&self) -> bool {
        !matches!(self, Self::Group(_) | Self::Flag | Self::Choice(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::SubjectRange;
    use minutebook_wire::proto::descriptors;

    fn shape(name: &str) -> FieldShape {
        let (message, field) = name.rsplit_once('.').unwrap();
        let message = format!("minutebook.v1.{message}");
        let message = descriptors().get_message_by_name(&message).unwrap();
        FieldShape::of(&message.get_field_by_name(field).unwrap())
    }

    #[test]
    fn fields_are_filled_in_as_their_kind_asks() {
        for (name, expected) in [
            (
                "Event.subject",
                FieldShape::Name(Noun::Subject(SubjectRange::Any)),
            ),
            ("Event.effective_on", FieldShape::Day),
            ("Event.note", FieldShape::Paragraph),
            ("Event.event_id", FieldShape::Line),
            ("Virement.financial_year", FieldShape::Year),
            ("Savings.to_year", FieldShape::Year),
            ("VirementSide.amount_pence", FieldShape::Pounds),
            ("Share.share_ppm", FieldShape::Percent),
            ("BudgetHead.head", FieldShape::Suggested(Noun::Head)),
            ("BudgetHead.is_income", FieldShape::Flag),
            ("VirementMade.virement_id", FieldShape::NewId),
            (
                "VirementReversed.virement_id",
                FieldShape::Name(Noun::Item("virement")),
            ),
            ("VirementRequested.proposal_id", FieldShape::NewUuid),
            ("VirementRequested.reason", FieldShape::Paragraph),
            ("VoteCast.proposal_id", FieldShape::Name(Noun::Proposal)),
            ("DecisionCalledIn.call_in_id", FieldShape::NewId),
            ("VirementApproved.decision_id", FieldShape::NewId),
            ("MeetingCalled.meeting_id", FieldShape::Line),
            (
                "BodyRegistered.force",
                FieldShape::Name(Noun::Item("force")),
            ),
            ("BoardConstituted.quorum", FieldShape::Count),
            ("BenefitMeasured.value", FieldShape::Line),
        ] {
            assert_eq!(shape(name), expected, "{name}");
        }
    }
}
