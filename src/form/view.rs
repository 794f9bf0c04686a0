//! The parts of a form, ready to be drawn: what is asked, what was typed, what is wrong.

use crate::kind::FormKind;

/// A question and the box or boxes that answer it.
#[derive(Debug, Clone)]
pub struct FormPart {
    /// The path of its field.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub is_required: bool,
    pub faults: Vec<String>,
    pub answer: AnswerBox,
}

/// How a question is answered.
#[derive(Debug, Clone)]
pub enum AnswerBox {
    Line {
        text: String,
        /// The id of the list of names to suggest; empty for none.
        list: String,
        size: BoxSize,
    },
    Paragraph {
        text: String,
    },
    Tick {
        is_ticked: bool,
    },
    /// One of some answers, or several.
    Choices {
        choices: Vec<FormChoice>,
        are_several: bool,
    },
    Group {
        parts: Vec<FormPart>,
        more: Vec<FormPart>,
    },
    Rows {
        rows: Vec<Vec<FormPart>>,
    },
    /// One of some answers, each with questions of its own.
    Branches {
        branches: Vec<FormBranch>,
    },
}

/// How much room a line needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxSize {
    Whole,
    /// A date, a year or a share.
    Short,
    /// An amount in pounds.
    Money,
}

/// An answer to choose.
#[derive(Debug, Clone)]
pub struct FormChoice {
    pub value: String,
    pub label: String,
    pub hint: String,
    pub is_chosen: bool,
}

/// An answer to choose, with the questions that follow from it.
#[derive(Debug, Clone)]
pub struct FormBranch {
    pub choice: FormChoice,
    /// Empty until it is chosen, where it has many.
    pub parts: Vec<FormPart>,
    /// Whether its questions are shown only once it is chosen and the form is drawn again.
    pub waits: bool,
}

/// Questions under one heading.
#[derive(Debug, Clone)]
pub struct FormSection {
    pub heading: &'static str,
    pub parts: Vec<FormPart>,
    /// Whether it is shown folded: nothing in it is needed, and nothing is typed or wrong.
    pub is_folded: bool,
}

/// A fault in the list above the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryLine {
    /// The name of the part that shows the fault too; empty where none does.
    pub name: String,
    pub sentence: String,
}

/// A whole form.
#[derive(Debug, Clone)]
pub struct FormView {
    pub kind: FormKind,
    pub sections: Vec<FormSection>,
    pub summary: Vec<SummaryLine>,
    /// The lists of names that boxes suggest, by their ids.
    pub lists: Vec<(String, Vec<String>)>,
}

impl FormView {
    /// The part of a name, wherever it is.
    pub fn find(&self, name: &str) -> Option<&FormPart> {
        let parts = self.sections.iter().flat_map(|section| &section.parts);
        parts.into_iter().find_map(|part| part.find(name))
    }
}

impl FormPart {
    fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        match &self.answer {
            AnswerBox::Group { parts, more } => {
                parts.iter().chain(more).find_map(|part| part.find(name))
            }
            AnswerBox::Rows { rows } => rows.iter().flatten().find_map(|part| part.find(name)),
            AnswerBox::Branches { branches } => {
                let parts = branches.iter().flat_map(|branch| &branch.parts);
                parts.into_iter().find_map(|part| part.find(name))
            }
            AnswerBox::Line { .. }
            | AnswerBox::Paragraph { .. }
            | AnswerBox::Tick { .. }
            | AnswerBox::Choices { .. } => None,
        }
    }

    /// Whether something is typed or wrong in it.
    pub fn is_used(&self) -> bool {
        let is_in = |parts: &[Self]| parts.iter().any(Self::is_used);
        let is_typed = match &self.answer {
            AnswerBox::Line { text, .. } | AnswerBox::Paragraph { text } => !text.trim().is_empty(),
            AnswerBox::Tick { is_ticked } => *is_ticked,
            AnswerBox::Choices { choices, .. } => choices
                .iter()
                .any(|choice| choice.is_chosen && !choice.value.is_empty()),
            AnswerBox::Group { parts, more } => is_in(parts) || is_in(more),
            // A row that was asked for is to be seen.
            AnswerBox::Rows { rows } => rows.len() > 1 || rows.iter().any(|row| is_in(row)),
            AnswerBox::Branches { branches } => branches
                .iter()
                .any(|branch| branch.choice.is_chosen || is_in(&branch.parts)),
        };
        is_typed || !self.faults.is_empty()
    }
}
