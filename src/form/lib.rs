//! Forms for every kind of event, drawn from the published descriptors.
//!
//! Pure: the texts that were typed and the names that a register knows come in; the parts
//! of a form, an append request or the faults by their fields come out. A page draws the
//! parts. Nothing is written by hand for a kind: its fields, their order and their hints
//! are those of the protocol, and a small table (`own_questions`) puts right what would
//! puzzle those who decide.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

mod answer;
mod choices;
mod drawing;
mod fill;
mod kind;
mod names;
mod new_id;
mod noun;
mod own_questions;
mod questions;
mod read;
mod sections;
mod shape;
mod speaker;
mod typed;
mod view;
pub mod words;

pub use answer::{FormContext, RECORDED_BY, box_of, typed_of};
pub use drawing::FormDrawing;
pub use kind::{FormKind, KindRole, SubjectSource, nouns_of};
/// A thing with its name, as those that a form suggests are.
pub use minutebook_workbook::NamedThing;
pub use names::FormNames;
pub use noun::{Noun, SubjectRange};
pub use read::FormFault;
pub use shape::FieldShape;
pub use speaker::{SPEAKER, Speaker};
pub use typed::{TypedNode, below, row_of};
pub use view::{
    AnswerBox, BoxSize, FormBranch, FormChoice, FormPart, FormSection, FormView, SummaryLine,
};

#[cfg(test)]
mod round_trip_tests;
