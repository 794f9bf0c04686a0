//! Every field of every kind of event can be filled in and read back.

use std::collections::BTreeSet;

use minutebook_domain::caller::Caller;
use minutebook_wire::proto::{Event, descriptors};
use minutebook_wire::published::{comment_of, event_kinds};
use minutebook_workbook::NamedThing;
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};

use crate::answer::{FormContext, typed_of};
use crate::drawing::FormDrawing;
use crate::kind::{FormKind, SubjectSource};
use crate::names::FormNames;
use crate::noun::{Noun, SubjectRange};
use crate::read::{BoxReader, is_real, real_oneof};
use crate::shape::FieldShape;
use crate::typed::TypedNode;
use crate::view::{AnswerBox, FormPart};

/// How deep messages within messages go.
const DEPTH_MAX: usize = 6;

/// How many messages of a kind are tried, and how many until each field had a value.
const ROUNDS_MIN: usize = 4;
const ROUNDS_MAX: usize = 60;

/// Makes messages with every field that a form can have.
struct Generator {
    rng: TestRng,
    /// The fields that were filled, by their full names.
    filled: BTreeSet<String>,
    /// How many of ten fields are filled.
    density: u32,
}

impl Generator {
    fn below(&mut self, limit: usize) -> usize {
        self.rng.next_u32() as usize % limit
    }

    fn is_filled(&mut self, depth: usize) -> bool {
        depth < DEPTH_MAX && self.below(10) < self.density as usize
    }

    fn message(&mut self, kind: &MessageDescriptor, depth: usize) -> DynamicMessage {
        let mut message = DynamicMessage::new(kind.clone());
        for field in kind.fields().filter(|field| real_oneof(field).is_none()) {
            if self.is_filled(depth) {
                self.fill(&mut message, &field, depth);
            }
        }
        for oneof in kind.oneofs().filter(is_real) {
            let fields: Vec<FieldDescriptor> = oneof.fields().collect();
            if self.is_filled(depth) {
                // One that was never filled comes first, so that none is left out by chance.
                let new = |field: &FieldDescriptor| !self.filled.contains(field.full_name());
                let at = fields.iter().position(new);
                let at = at.unwrap_or_else(|| self.below(fields.len()));
                if fields[at].name() != "checkpoint_key_replaced" {
                    self.fill(&mut message, &fields[at], depth);
                }
            }
        }
        message
    }

    fn fill(&mut self, message: &mut DynamicMessage, field: &FieldDescriptor, depth: usize) {
        let value = if field.is_list() && matches!(field.kind(), Kind::Enum(_)) {
            // Ticks have no order and no repeats.
            let items = (0..=self.below(3)).filter_map(|_| self.value(field, depth + 1));
            let numbers: BTreeSet<i32> = items.filter_map(|item| item.as_enum_number()).collect();
            Value::List(numbers.into_iter().map(Value::EnumNumber).collect())
        } else if field.is_list() {
            let items = (0..=self.below(3)).filter_map(|_| self.value(field, depth + 1));
            Value::List(items.collect())
        } else {
            let Some(value) = self.value(field, depth + 1) else {
                return;
            };
            value
        };
        self.filled.insert(field.full_name().to_owned());
        message.set_field(field, value);
    }

    /// A value that a form can state: `None` for a group that would be empty and is no
    /// alternative of others, as that is the same as none.
    fn value(&mut self, field: &FieldDescriptor, depth: usize) -> Option<Value> {
        let number = self.below(1_000_000);
        let shape = FieldShape::of(field);
        Some(match (shape, field.kind()) {
            (FieldShape::Day, Kind::Message(kind)) => {
                let mut date = DynamicMessage::new(kind);
                date.set_field_by_name("year", Value::I32(1990 + (number % 60) as i32));
                if !number.is_multiple_of(3) {
                    date.set_field_by_name("month", Value::I32(1 + (number % 12) as i32));
                }
                if number % 3 > 1 {
                    date.set_field_by_name("day", Value::I32(1 + (number % 28) as i32));
                }
                Value::Message(date)
            }
            (_, Kind::Message(kind)) => {
                let inner = self.message(&kind, depth);
                let is_alternative = real_oneof(field).is_some();
                if inner.fields().next().is_none() && !is_alternative {
                    return None;
                }
                Value::Message(inner)
            }
            (_, Kind::Enum(values)) => {
                let values: Vec<_> = values.values().filter(|v| v.number() != 0).collect();
                Value::EnumNumber(values[number % values.len()].number())
            }
            (_, Kind::Bool) => Value::Bool(true),
            (FieldShape::Year, _) => {
                let year = 1999 + number % 50;
                Value::String(format!("{year}/{:02}", (year + 1) % 100))
            }
            (FieldShape::Name(Noun::Subject(_)), _) => {
                Value::String(format!("bodies/body-{}", number % 9))
            }
            (FieldShape::Name(_) | FieldShape::NewId, _) => {
                Value::String(format!("body-{}", number % 9))
            }
            (FieldShape::Paragraph, _) => Value::String(format!("First {number}.\nThen, {number}")),
            (_, Kind::String) => Value::String(format!("Text “{number}” & more")),
            (_, Kind::Uint64) => Value::U64(1 + number as u64),
            (_, Kind::Uint32) => Value::U32(1 + number as u32),
            (_, Kind::Int32) => Value::I32(1 + number as i32),
            (_, Kind::Int64) => {
                Value::I64((number as i64 + 1) * if number.is_multiple_of(2) { 7 } else { -100 })
            }
            (_, kind) => panic!(
                "{} is {kind:?}: say how a form asks for it",
                field.full_name()
            ),
        })
    }
}

fn names() -> FormNames {
    let mut names = FormNames::default();
    for (noun, prefix) in [
        (Noun::Body, ""),
        (Noun::Subject(SubjectRange::Any), "bodies/"),
    ] {
        let things = (0..5).map(|number| {
            // Two share a name.
            let name = format!("The Body {}", number / 2);
            NamedThing::new(&format!("{prefix}body-{number}"), &name, &[])
        });
        names.add(noun, things);
    }
    names
}

fn context(names: &FormNames) -> FormContext<'_> {
    FormContext {
        names,
        caller: Caller::Local,
        request_id: "0190b5a4-0000-7000-8000-000000000000",
    }
}

/// Fills a form with a message, draws it, sends it as a browser does, and reads it.
fn sent(
    kind: FormKind,
    event: &DynamicMessage,
    names: &FormNames,
) -> (DynamicMessage, Vec<String>) {
    let message: Event = event.transcode_to().unwrap();
    let view = FormDrawing {
        names,
        typed: &typed_of(&message, names),
        faults: &[],
        add: "",
        asks_recorder: true,
    }
    .form(kind);
    let mut typed = TypedNode::from_pairs([("kind", kind.name())]);
    for part in view.sections.iter().flat_map(|section| &section.parts) {
        post(part, &mut typed);
    }
    let context = context(names);
    let mut reader = BoxReader::new(context.names, context.request_id);
    let typed = typed.without_blank_rows();
    let read = reader.message("", &event.descriptor_of(), &typed);
    let faults = reader.faults.iter().map(|fault| format!("{fault:?}"));
    (read, faults.collect())
}

/// Sends a part as a browser does.
fn post(part: &FormPart, typed: &mut TypedNode) {
    match &part.answer {
        AnswerBox::Line { text, .. } | AnswerBox::Paragraph { text } => {
            typed.add(&part.name, &text.replace('\n', "\r\n"));
        }
        AnswerBox::Tick { is_ticked } => {
            if *is_ticked {
                typed.add(&part.name, "yes");
            }
        }
        AnswerBox::Choices { choices, .. } => {
            for choice in choices.iter().filter(|choice| choice.is_chosen) {
                typed.add(&part.name, &choice.value);
            }
        }
        AnswerBox::Group { parts, more } => {
            parts.iter().chain(more).for_each(|part| post(part, typed));
        }
        AnswerBox::Rows { rows } => rows.iter().flatten().for_each(|part| post(part, typed)),
        AnswerBox::Branches { branches } => {
            for branch in branches {
                if branch.choice.is_chosen {
                    typed.add(&part.name, &branch.choice.value);
                }
                branch.parts.iter().for_each(|part| post(part, typed));
            }
        }
    }
}

trait DescriptorOf {
    fn descriptor_of(&self) -> MessageDescriptor;
}

impl DescriptorOf for DynamicMessage {
    fn descriptor_of(&self) -> MessageDescriptor {
        prost_reflect::ReflectMessage::descriptor(self)
    }
}

#[test]
fn every_field_of_every_kind_is_filled_in_and_read_back() {
    let names = names();
    let event = descriptors()
        .get_message_by_name("minutebook.v1.Event")
        .unwrap();
    let mut generator = Generator {
        rng: TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        filled: BTreeSet::new(),
        density: 9,
    };
    for kind in event_kinds() {
        let Kind::Message(payload) = kind.field.kind() else {
            panic!("{} has no message", kind.name);
        };
        let mut of_kind = Vec::new();
        every_field(&payload, &mut BTreeSet::new(), &mut |field| {
            of_kind.push(field.full_name().to_owned());
        });
        let mut round = 0;
        // The replacement of a correction is of any kind: those are tried by themselves.
        if kind.name == "entry_corrected" {
            of_kind.retain(|field| field.starts_with("minutebook.v1.EntryCorrected."));
        }
        let is_all = |filled: &BTreeSet<String>| of_kind.iter().all(|field| filled.contains(field));
        while round < ROUNDS_MIN || (round < ROUNDS_MAX && !is_all(&generator.filled)) {
            generator.density = if round % 2 == 0 { 10 } else { 5 };
            round += 1;
            let mut message = DynamicMessage::new(event.clone());
            let envelope = event.fields().filter(|field| real_oneof(field).is_none());
            for field in envelope.collect::<Vec<_>>() {
                if generator.is_filled(1) {
                    generator.fill(&mut message, &field, 1);
                }
            }
            let mut payload = generator.message(&payload, 1);
            fill_new_ids(&mut payload);
            message.set_field(&kind.field, Value::Message(payload));
            let form = FormKind::named(&kind.name).unwrap();
            if form.subject() == SubjectSource::Register {
                message.clear_field_by_name("subject");
            }
            let (read, faults) = sent(form, &message, &names);
            assert_eq!(faults, Vec::<String>::new(), "{}", kind.name);
            // Not compared as they are: to print one, its descriptors are followed in circles.
            let message: Event = message.transcode_to().unwrap();
            let read: Event = read.transcode_to().unwrap();
            assert_eq!(read, message, "{} in round {round}", kind.name);
        }
    }
    let mut missing = Vec::new();
    let mut seen = BTreeSet::new();
    every_field(&event, &mut seen, &mut |field| {
        if !generator.filled.contains(field.full_name()) && *field.parent_message() != event {
            missing.push(format!("{}: {}", field.full_name(), comment_of(field)));
        }
    });
    assert!(seen.len() > 100, "{}", seen.len());
    assert!(missing.is_empty(), "never filled: {missing:#?}");
}

/// Gives an id to everything that the event makes: a form makes those that are left out.
fn fill_new_ids(message: &mut DynamicMessage) {
    let kind = message.descriptor_of();
    for field in kind.fields() {
        let is_new = matches!(
            FieldShape::of(&field),
            FieldShape::NewId | FieldShape::NewUuid
        );
        if is_new && !message.has_field(&field) {
            message.set_field(&field, Value::String("made".to_owned()));
        }
        if !message.has_field(&field) {
            continue;
        }
        match message.get_field_mut(&field) {
            Value::Message(inner) => fill_new_ids(inner),
            Value::List(items) => items.iter_mut().for_each(|item| {
                if let Value::Message(inner) = item {
                    fill_new_ids(inner);
                }
            }),
            _ => {}
        }
    }
}

/// Every field of a message and of the messages in it.
fn every_field(
    kind: &MessageDescriptor,
    seen: &mut BTreeSet<String>,
    visit: &mut dyn FnMut(&FieldDescriptor),
) {
    let is_left_out =
        |name: &str| name == "google.type.Date" || name == "minutebook.v1.CheckpointKeyReplaced";
    if is_left_out(kind.full_name()) || !seen.insert(kind.full_name().to_owned()) {
        return;
    }
    for field in kind.fields() {
        visit(&field);
        if let Kind::Message(inner) = field.kind() {
            every_field(&inner, seen, visit);
        }
    }
}

#[test]
fn ids_are_made_and_a_founded_subject_is_named() {
    let names = names();
    let kind = FormKind::named("board_constituted").unwrap();
    let typed = TypedNode::from_pairs([
        ("effective_on", "1 April 2024"),
        ("board_constituted.name", "Three Shires Board"),
        ("board_constituted.powers", "BOARD_POWER_DECIDES"),
        ("recorded_by", "Secretary"),
    ]);
    let request = context(&names).read(kind, &typed).unwrap();
    assert_eq!(request.events[0].subject, "boards/three-shires-board");
    let kind = FormKind::named("virement_requested").unwrap();
    let typed = TypedNode::from_pairs([
        ("subject", "The Body 2"),
        ("effective_on", "about June 2024"),
        ("virement_requested.reason", "More work"),
        ("virement_requested.virement.financial_year", "2024-25"),
        ("virement_requested.virement.sources[2].head.head", "Staff"),
        (
            "virement_requested.virement.sources[2].amount_pence",
            "£30,000",
        ),
        (
            "virement_requested.virement.targets[0].returned_to_id",
            "body-4",
        ),
        (
            "virement_requested.virement.targets[0].amount_pence",
            "30 000.00",
        ),
        ("recorded_by", "Secretary"),
    ]);
    let request = context(&names).read(kind, &typed.without_blank_rows());
    let event = request.unwrap().events.remove(0);
    assert_eq!(event.subject, "bodies/body-4");
    assert_eq!(event.effective_on_is, 1);
    let Some(minutebook_wire::proto::event::Kind::VirementRequested(asked)) = event.kind else {
        panic!("{event:?}");
    };
    assert_eq!(asked.proposal_id.len(), 36);
    let virement = asked.virement.unwrap();
    assert_eq!(virement.financial_year, "2024/25");
    assert_eq!(virement.sources[0].amount_pence, 3_000_000);
    assert_eq!(virement.targets[0].amount_pence, 3_000_000);
}

#[test]
fn every_fault_names_its_box() {
    let names = names();
    let kind = FormKind::named("virement_made").unwrap();
    let typed = TypedNode::from_pairs([
        ("subject", "The Bodie 2"),
        ("effective_on", "soon"),
        ("virement_made.virement.financial_year", "2024"),
        ("virement_made.virement.sources[0].amount_pence", "1.234,50"),
        ("virement_made.virement.sources[1].head.head", "Staff"),
        ("virement_made.virement.sources[1].amount_pence", "5"),
        ("recorded_by", ""),
    ]);
    let faults = context(&names).read(kind, &typed).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    for field in [
        "subject",
        "effective_on",
        "virement_made.virement.financial_year",
        "virement_made.virement.sources[0].amount_pence",
        "virement_made.virement.targets",
        "recorded_by",
    ] {
        assert_eq!(
            fields.iter().filter(|name| **name == field).count(),
            1,
            "{field}: {faults:#?}"
        );
    }
    for fault in &faults {
        assert!(fault.sentence.ends_with(['.', '?']), "{fault:?}");
        assert!(!fault.sentence.contains('_'), "{fault:?}");
    }
}
