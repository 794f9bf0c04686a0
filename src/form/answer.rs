//! A form that was sent, as the request that it makes, or as its faults.

use minutebook_domain::caller::Caller;
use minutebook_wire::proto::{AppendRequest, Event, descriptors};
use minutebook_wire::request::append_command_of;
use minutebook_wire::violation::FieldViolation;
use prost_reflect::DynamicMessage;

use crate::fill;
use crate::kind::{FormKind, SubjectSource};
use crate::names::FormNames;
use crate::new_id;
use crate::noun::Noun;
use crate::read::{BoxReader, FormFault};
use crate::typed::TypedNode;
use crate::words;

/// The box of the office that records.
pub const RECORDED_BY: &str = "recorded_by";

/// Everything that a form is read with, beside the texts.
#[derive(Debug, Clone)]
pub struct FormContext<'a> {
    pub names: &'a FormNames,
    pub caller: Caller,
    /// Made when the form was first drawn: it is that of every attempt.
    pub request_id: &'a str,
}

impl FormContext<'_> {
    /// Reads the texts of a form as a request of one event, or names every fault by its
    /// box. The rows of the texts must have been counted by
    /// [`TypedNode::without_blank_rows`].
    pub fn read(&self, kind: FormKind, typed: &TypedNode) -> Result<AppendRequest, Vec<FormFault>> {
        let (event, mut faults) = self.event(kind, typed);
        let request = AppendRequest {
            request_id: self.request_id.to_owned(),
            events: vec![event],
            recorded_by: typed.field(RECORDED_BY).text().trim().to_owned(),
            ..AppendRequest::default()
        };
        if let Err(violations) = append_command_of(&request, self.caller.clone()) {
            let unread: Vec<FormFault> = violations
                .iter()
                .map(|violation| self.of_violation(kind, typed, violation))
                .filter(|fault| !faults.iter().any(|known| is_same_box(known, fault)))
                .collect();
            faults.extend(unread);
        }
        match faults.is_empty() {
            true => Ok(request),
            false => Err(faults),
        }
    }

    /// A fault that the register found, by its box.
    pub fn placed(&self, kind: FormKind, place: &str, sentence: &str) -> FormFault {
        // A subject is no box: the fault is of the whole form.
        let is_field = place.starts_with("events[") || !place.contains('/');
        FormFault {
            field: match is_field {
                true => box_of(place, kind),
                false => String::new(),
            },
            sentence: words::sentence(&words::plain_with_names(sentence, self.names)),
        }
    }

    /// The event as far as it can be read, and the boxes that cannot.
    fn event(&self, kind: FormKind, typed: &TypedNode) -> (Event, Vec<FormFault>) {
        let mut reader = BoxReader::new(self.names, self.request_id);
        let Some(descriptor) = descriptors().get_message_by_name("minutebook.v1.Event") else {
            return (Event::default(), reader.faults);
        };
        let mut typed = typed.clone();
        typed.set("kind", TypedNode::of_text(kind.name()));
        if let Some(subject) = self.subject(kind, &typed) {
            typed.set("subject", TypedNode::of_text(subject));
        }
        let message = reader.message("", &descriptor, &typed);
        // The message was made from the descriptor of this type.
        (message.transcode_to().unwrap_or_default(), reader.faults)
    }

    /// The subject, where it is not read as it was typed.
    fn subject(&self, kind: FormKind, typed: &TypedNode) -> Option<String> {
        let text = typed.field("subject").text().trim();
        match kind.subject() {
            SubjectSource::Register => Some("register".to_owned()),
            SubjectSource::Founded(range) if text.is_empty() => {
                new_id::made_subject(range, typed.field(kind.name()), self.names)
            }
            // A new id may be written without the kind of the subject.
            SubjectSource::Founded(range) => {
                let prefix = range.prefix();
                Some(match text.contains('/') {
                    true => text.to_owned(),
                    false => format!("{prefix}/{text}"),
                })
            }
            SubjectSource::Named(range) => self.names.meant(&Noun::Subject(range), text).ok(),
        }
    }

    /// A fault that the reader of requests found, by its box.
    fn of_violation(
        &self,
        kind: FormKind,
        typed: &TypedNode,
        violation: &FieldViolation,
    ) -> FormFault {
        let field = box_of(&violation.field, kind);
        let is_blank = typed.at(&field).is_some_and(TypedNode::is_blank);
        let sentence = match is_blank && violation.description.contains("blank") {
            true => "This is needed: fill it in.".to_owned(),
            false => words::sentence(&words::plain_with_names(&violation.description, self.names)),
        };
        FormFault { field, sentence }
    }
}

/// The box of a field of the request: its path within the event.
pub fn box_of(field: &str, kind: FormKind) -> String {
    let within = field.strip_prefix("events[0]").unwrap_or(field);
    let within = within.trim_start_matches('.');
    match within {
        "" => String::new(),
        "kind" => kind.name().to_owned(),
        within => within.to_owned(),
    }
}

fn is_same_box(known: &FormFault, fault: &FormFault) -> bool {
    let is_within = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    is_within(&fault.field, &known.field) || is_within(&known.field, &fault.field)
}

/// An event as the texts of its form.
pub fn typed_of(event: &Event, names: &FormNames) -> TypedNode {
    let Some(descriptor) = descriptors().get_message_by_name("minutebook.v1.Event") else {
        return TypedNode::default();
    };
    let mut message = DynamicMessage::new(descriptor);
    // The descriptor is that of this type.
    match message.transcode_from(event) {
        Ok(()) => fill::typed(&message, names),
        Err(_) => TypedNode::default(),
    }
}
