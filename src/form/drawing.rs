//! A form drawn: its questions in their order, with what was typed and what is wrong.

use std::collections::BTreeSet;

use prost_reflect::{FieldDescriptor, MessageDescriptor, OneofDescriptor};

use crate::choices::{choices, is_offered, is_simple};
use crate::kind::FormKind;
use crate::names::FormNames;
use crate::noun::Noun;
use crate::questions::{self, FieldQuestion};
use crate::read::{FormFault, chosen, real_oneof};
use crate::shape::FieldShape;
use crate::typed::{TypedNode, below, row_of};
use crate::view::{AnswerBox, BoxSize, FormBranch, FormChoice, FormPart, FormView, SummaryLine};

/// Everything that a form is drawn from.
#[derive(Debug, Clone)]
pub struct FormDrawing<'a> {
    pub names: &'a FormNames,
    /// With rows counted by [`TypedNode::without_blank_rows`].
    pub typed: &'a TypedNode,
    pub faults: &'a [FormFault],
    /// The list that gets another row.
    pub add: &'a str,
    /// Whether the office that records is asked for: where nobody is signed in.
    pub asks_recorder: bool,
}

impl FormDrawing<'_> {
    pub fn form(&self, kind: FormKind) -> FormView {
        let mut drawer = Drawer {
            drawing: self,
            is_placed: vec![false; self.faults.len()],
            summary: Vec::new(),
            nouns: BTreeSet::new(),
        };
        let sections = drawer.sections(kind);
        drawer.place("", "");
        let lists = drawer.nouns.iter().map(|noun| {
            let suggestions = self.names.suggestions(noun);
            (noun.list_id(), suggestions)
        });
        FormView {
            kind,
            sections,
            lists: lists.filter(|(_, names)| !names.is_empty()).collect(),
            summary: drawer.summary,
        }
    }
}

pub struct Drawer<'d> {
    pub drawing: &'d FormDrawing<'d>,
    is_placed: Vec<bool>,
    summary: Vec<SummaryLine>,
    nouns: BTreeSet<Noun>,
}

impl Drawer<'_> {
    /// The questions of a group: those that are asked at once, and the others.
    pub fn group(
        &mut self,
        name: &str,
        kind: &MessageDescriptor,
        typed: &TypedNode,
    ) -> (Vec<FormPart>, Vec<FormPart>) {
        let (mut main, mut more) = (Vec::new(), Vec::new());
        let mut choices: Vec<String> = Vec::new();
        for field in kind.fields() {
            let (part, is_main) = match real_oneof(&field) {
                None => {
                    let is_main = questions::question(&field).is_main && !is_made(&field);
                    (self.part(name, &field, typed), is_main)
                }
                Some(oneof) if choices.iter().any(|name| name == oneof.name()) => continue,
                Some(oneof) => {
                    choices.push(oneof.name().to_owned());
                    let question = questions::question_of_oneof(&oneof);
                    // A group that is one choice is that choice.
                    let is_main = question.is_main || kind.fields().len() == oneof.fields().len();
                    (self.branches(name, &oneof, question, typed), is_main)
                }
            };
            match is_main {
                true => main.push(part),
                false => more.push(part),
            }
        }
        (main, more)
    }

    /// The questions of a group within others: few are asked together.
    fn inner_group(
        &mut self,
        name: &str,
        kind: &MessageDescriptor,
        typed: &TypedNode,
    ) -> AnswerBox {
        const FEW: usize = 3;
        let (mut parts, mut more) = self.group(name, kind, typed);
        let is_group = |part: &FormPart| matches!(part.answer, AnswerBox::Group { .. });
        if parts.is_empty() || (more.len() < FEW && !more.iter().any(is_group)) {
            parts.append(&mut more);
        }
        AnswerBox::Group { parts, more }
    }

    pub fn part(&mut self, group: &str, field: &FieldDescriptor, typed: &TypedNode) -> FormPart {
        let name = below(group, field.name());
        let own = typed.field(field.name());
        let shape = FieldShape::of(field);
        let question = questions::question(field);
        let answer = match (field.is_list(), &shape) {
            (true, FieldShape::Choice(values)) => AnswerBox::Choices {
                choices: choices(values, own, true),
                are_several: true,
            },
            (true, shape) => self.rows(&name, shape, own, question.is_required),
            (false, FieldShape::Choice(values)) => AnswerBox::Choices {
                choices: choices(values, own, question.is_required),
                are_several: false,
            },
            (false, FieldShape::Group(kind)) => self.inner_group(&name, kind, own),
            (false, shape) => self.answer(shape, own.text()),
        };
        self.asked(name, question, answer, &shape)
    }

    fn asked(
        &mut self,
        name: String,
        question: FieldQuestion,
        answer: AnswerBox,
        shape: &FieldShape,
    ) -> FormPart {
        let is_made = matches!(shape, FieldShape::NewId | FieldShape::NewUuid);
        let hint = match (is_made, shape) {
            (true, _) => "Left empty: made for you.".to_owned(),
            (_, FieldShape::Day) if question.hint.is_empty() => {
                "Such as 1 10 2024, October 2024 or 2024.".to_owned()
            }
            (_, FieldShape::Pounds) if question.hint.is_empty() => "In pounds.".to_owned(),
            (_, FieldShape::Percent) if question.hint.is_empty() => {
                "In per cent, such as 27.3.".to_owned()
            }
            (_, FieldShape::Year) if question.hint.is_empty() => "Such as 2024/25.".to_owned(),
            _ => question.hint,
        };
        FormPart {
            faults: self.place(&name, &name),
            name,
            label: question.label,
            hint,
            is_required: question.is_required && !is_made,
            answer,
        }
    }

    fn rows(
        &mut self,
        name: &str,
        shape: &FieldShape,
        own: &TypedNode,
        is_required: bool,
    ) -> AnswerBox {
        let blank = TypedNode::default();
        // Texts of an address may name the list itself.
        let texts = own.texts().iter().filter(|text| !text.trim().is_empty());
        let texts: Vec<TypedNode> = texts.map(TypedNode::of_text).collect();
        let mut typed: Vec<&TypedNode> = own.rows().chain(&texts).collect();
        let is_blank = typed.is_empty();
        if self.drawing.add == name || (is_blank && (is_required || shape.is_box())) {
            typed.push(&blank);
        }
        let rows = typed.into_iter().enumerate().map(|(index, row)| {
            let name = row_of(name, index);
            match shape {
                FieldShape::Group(kind) => match self.inner_group(&name, kind, row) {
                    AnswerBox::Group { parts, more } if more.is_empty() => parts,
                    answer => vec![self.row_part(name, answer)],
                },
                shape => {
                    let answer = self.answer(shape, row.text());
                    vec![self.row_part(name, answer)]
                }
            }
        });
        AnswerBox::Rows {
            rows: rows.collect(),
        }
    }

    /// A row of a list, whose question is that of the list.
    fn row_part(&mut self, name: String, answer: AnswerBox) -> FormPart {
        FormPart {
            faults: self.place(&name, &name),
            name,
            label: String::new(),
            hint: String::new(),
            is_required: false,
            answer,
        }
    }

    fn branches(
        &mut self,
        group: &str,
        oneof: &OneofDescriptor,
        question: FieldQuestion,
        typed: &TypedNode,
    ) -> FormPart {
        let chosen = chosen(oneof, typed).unwrap_or_default();
        let name = below(group, oneof.name());
        let mut branches = Vec::new();
        let fields = oneof.fields().filter(|field| is_offered(group, field));
        for field in fields {
            let is_chosen = field.name() == chosen;
            let shape = FieldShape::of(&field);
            let waits = !is_simple(&shape) && !is_chosen;
            let asked = questions::question(&field);
            let inner = below(group, field.name());
            let own = typed.field(field.name());
            let parts = match &shape {
                _ if waits => Vec::new(),
                FieldShape::Group(kind) => match self.inner_group(&inner, kind, own) {
                    AnswerBox::Group { parts, more } if more.is_empty() => parts,
                    answer => vec![self.row_part(inner.clone(), answer)],
                },
                shape => {
                    let answer = self.answer(shape, own.text());
                    vec![self.row_part(inner.clone(), answer)]
                }
            };
            branches.push(FormBranch {
                choice: FormChoice {
                    value: field.name().to_owned(),
                    label: asked.label,
                    hint: asked.hint,
                    is_chosen,
                },
                parts,
                waits,
            });
        }
        // Faults that no box of a branch shows are shown by the choice.
        let mut faults = self.place(&name, &name);
        for field in oneof.fields() {
            faults.extend(self.place(&below(group, field.name()), &name));
        }
        FormPart {
            name,
            label: question.label,
            hint: question.hint,
            is_required: question.is_required,
            faults,
            answer: AnswerBox::Branches { branches },
        }
    }

    fn answer(&mut self, shape: &FieldShape, text: &str) -> AnswerBox {
        let text = text.to_owned();
        match shape {
            FieldShape::Paragraph => AnswerBox::Paragraph { text },
            FieldShape::Flag => AnswerBox::Tick {
                is_ticked: !text.trim().is_empty(),
            },
            FieldShape::Choice(values) => AnswerBox::Choices {
                choices: choices(values, &TypedNode::of_text(text), false),
                are_several: false,
            },
            FieldShape::Name(noun) | FieldShape::Suggested(noun) => {
                self.line(text, Some(noun), BoxSize::Whole)
            }
            FieldShape::Pounds => self.line(text, None, BoxSize::Money),
            FieldShape::Percent | FieldShape::Count | FieldShape::Day | FieldShape::Year => {
                self.line(text, None, BoxSize::Short)
            }
            FieldShape::Line | FieldShape::NewId | FieldShape::NewUuid | FieldShape::Group(_) => {
                self.line(text, None, BoxSize::Whole)
            }
        }
    }

    pub fn line(&mut self, text: String, noun: Option<&Noun>, size: BoxSize) -> AnswerBox {
        let known = noun.filter(|noun| !self.drawing.names.things(noun).is_empty());
        // An address fills a form in with ids.
        let text = known.map_or_else(
            || text.clone(),
            |noun| self.drawing.names.shown(noun, &text),
        );
        let list = known.map_or_else(String::new, |noun| {
            self.nouns.insert(noun.clone());
            noun.list_id()
        });
        AnswerBox::Line { text, list, size }
    }

    /// The faults at or below a name that no part shows yet. `shown_at` shows them.
    pub fn place(&mut self, name: &str, shown_at: &str) -> Vec<String> {
        let mut sentences = Vec::new();
        for (index, fault) in self.drawing.faults.iter().enumerate() {
            let rest = fault.field.strip_prefix(name);
            let is_here = rest.is_some_and(|rest| {
                name.is_empty() || rest.is_empty() || rest.starts_with(['.', '['])
            });
            if self.is_placed[index] || !is_here {
                continue;
            }
            self.is_placed[index] = true;
            sentences.push(fault.sentence.clone());
            self.summary.push(SummaryLine {
                name: shown_at.to_owned(),
                sentence: fault.sentence.clone(),
            });
        }
        sentences
    }
}

/// Whether an id is made where none is written, so that nobody is asked at once.
fn is_made(field: &FieldDescriptor) -> bool {
    matches!(
        FieldShape::of(field),
        FieldShape::NewId | FieldShape::NewUuid
    )
}
