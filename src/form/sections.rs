//! The sections of a form: what it is about, who acted, what happened, on what authority,
//! and where it is written.

use prost_reflect::Kind;

use crate::answer::RECORDED_BY;
use crate::drawing::Drawer;
use crate::kind::{FormKind, KindRole, SubjectSource};
use crate::noun::Noun;
use crate::view::{AnswerBox, BoxSize, FormPart, FormSection};

impl Drawer<'_> {
    pub fn sections(&mut self, kind: FormKind) -> Vec<FormSection> {
        let typed = self.drawing.typed;
        let Kind::Message(payload) = kind.event.field.kind() else {
            return Vec::new();
        };
        let event = kind.event.field.parent_message().clone();
        let of_event = |drawer: &mut Self, name: &str| -> Vec<FormPart> {
            let field = event.get_field_by_name(name);
            field
                .map(|field| drawer.part("", &field, typed))
                .into_iter()
                .collect()
        };
        let mut about = Vec::new();
        let mut rare = Vec::new();
        match kind.subject() {
            SubjectSource::Named(range) => {
                about.push(self.subject(&Noun::Subject(range), range.in_words()));
            }
            SubjectSource::Founded(_) => rare.push(self.founded()),
            SubjectSource::Register => {}
        }
        about.extend(of_event(self, "effective_on"));
        let actor = of_event(self, "acted_by");
        let (mut main, mut more) = self.group(kind.name(), &payload, typed.field(kind.name()));
        flatten(&mut main, &mut more);
        let authority = of_event(self, "authority");
        let written = of_event(self, "sources");
        let is_act = kind.role == KindRole::Act;
        let names_actor = kind.role != KindRole::Statement;
        let mut sections = vec![("What it is about", about)];
        match names_actor {
            true => sections.push(("Who", actor)),
            false => more.extend(actor),
        }
        sections.push(("What happened", main));
        match is_act {
            true => sections.push(("On what authority", authority)),
            false => more.extend(authority),
        }
        sections.push(("Where it is written", written));
        if self.drawing.asks_recorder {
            sections.push(("Who records it", vec![self.recorder()]));
        }
        for name in [
            "note",
            "decided_on",
            "effective_on_is",
            "marking",
            "currency",
            "event_id",
        ] {
            more.extend(of_event(self, name));
        }
        more.extend(rare);
        let mut sections: Vec<FormSection> = sections
            .into_iter()
            .filter(|(_, parts)| !parts.is_empty())
            .map(|(heading, parts)| FormSection {
                heading,
                parts,
                is_folded: false,
            })
            .collect();
        sections.push(FormSection {
            heading: "More",
            is_folded: !more.iter().any(FormPart::is_used),
            parts: more,
        });
        sections
    }

    fn subject(&mut self, noun: &Noun, what: &str) -> FormPart {
        let text = self.drawing.typed.field("subject").text().to_owned();
        FormPart {
            name: "subject".to_owned(),
            label: format!("Which {what} is it about?"),
            hint: "By its name.".to_owned(),
            is_required: true,
            answer: self.line(text, Some(noun), BoxSize::Whole),
            faults: self.place("subject", "subject"),
        }
    }

    /// The id of a subject that is founded.
    fn founded(&mut self) -> FormPart {
        let text = self.drawing.typed.field("subject").text().to_owned();
        FormPart {
            name: "subject".to_owned(),
            label: "Its short name in addresses".to_owned(),
            hint: "Small letters, digits and hyphens, such as kent-pcc. Left empty: made from the name.".to_owned(),
            is_required: false,
            answer: self.line(text, None, BoxSize::Whole),
            faults: self.place("subject", "subject"),
        }
    }

    fn recorder(&mut self) -> FormPart {
        let name = RECORDED_BY;
        let text = self.drawing.typed.field(name).text().to_owned();
        FormPart {
            name: name.to_owned(),
            label: "Which office records this?".to_owned(),
            hint: "Such as Secretary to the Board, and never a person's name.".to_owned(),
            is_required: true,
            answer: self.line(text, None, BoxSize::Whole),
            faults: self.place(name, name),
        }
    }
}

/// Puts the questions of groups that are always needed beside the others.
fn flatten(main: &mut Vec<FormPart>, more: &mut Vec<FormPart>) {
    let parts = std::mem::take(main);
    for part in parts {
        match part.answer {
            AnswerBox::Group {
                parts: inner,
                more: rest,
            } if part.is_required && part.faults.is_empty() && inner.len() > 2 => {
                main.extend(inner);
                more.splice(0..0, rest);
            }
            answer => main.push(FormPart { answer, ..part }),
        }
    }
}
