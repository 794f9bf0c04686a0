//! A kind of event as a form asks for it.

use std::collections::BTreeSet;

use minutebook_domain::event::{AllowedSubject, event_kinds};
use minutebook_wire::published::{self, EventKind};
use prost_reflect::{Kind, MessageDescriptor};

use crate::noun::{Noun, SubjectRange};
use crate::shape::FieldShape;

/// A kind of event that has a form.
#[derive(Debug, Clone, Copy)]
pub struct FormKind {
    pub event: &'static EventKind,
    /// The part of the protocol that it belongs to: `boards`.
    pub noun: &'static str,
    subject: AllowedSubject,
    pub role: KindRole,
}

/// The part that a kind of event has in prior approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindRole {
    Act,
    Proposal,
    Opinion,
    Statement,
}

/// Where the subject of an event comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectSource {
    /// It is named.
    Named(SubjectRange),
    /// The event founds it; its id is made from its name.
    Founded(SubjectRange),
    /// It is always the register itself.
    Register,
}

// `event/kinds.rs` says what each column is.
macro_rules! define_kinds {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        const ROWS: &[(&str, &str, AllowedSubject, &str)] = &[
            $((stringify!($name), stringify!($noun), AllowedSubject::$subject, stringify!($role)),)*
        ];
    };
}

event_kinds!(define_kinds);

impl FormKind {
    /// Every kind that a recorder may send, in the order of the protocol.
    pub fn all() -> impl Iterator<Item = Self> {
        published::event_kinds().iter().filter_map(Self::of)
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.event.name == name)
    }

    fn of(event: &'static EventKind) -> Option<Self> {
        let mut rows = ROWS.iter();
        let (_, noun, subject, role) = rows.find(|(name, ..)| *name == event.name)?;
        Some(Self {
            event,
            noun,
            subject: *subject,
            role: match *role {
                "act" => KindRole::Act,
                "proposal" => KindRole::Proposal,
                "opinion" => KindRole::Opinion,
                _ => KindRole::Statement,
            },
        })
    }

    pub fn name(&self) -> &'static str {
        &self.event.name
    }

    /// `Virement made`.
    pub fn title(&self) -> String {
        let words = self
            .event
            .name
            .replace('_', " ")
            .replace("mou ", "memorandum ");
        crate::words::capital(&words)
    }

    pub fn subject(&self) -> SubjectSource {
        let range = match self.subject {
            AllowedSubject::Any => SubjectRange::Any,
            AllowedSubject::Body => SubjectRange::Bodies,
            AllowedSubject::Board => SubjectRange::Boards,
            AllowedSubject::Collaboration => SubjectRange::Collaborations,
            AllowedSubject::Register => return SubjectSource::Register,
        };
        let is_founding = matches!(
            self.name(),
            "body_registered" | "board_constituted" | "collaboration_established"
        );
        match is_founding {
            true => SubjectSource::Founded(range),
            false => SubjectSource::Named(range),
        }
    }
}

/// The kinds of things that a form of a kind may name.
pub fn nouns_of(kind: FormKind) -> BTreeSet<Noun> {
    fn gather(kind: &MessageDescriptor, seen: &mut BTreeSet<String>, nouns: &mut BTreeSet<Noun>) {
        if !seen.insert(kind.full_name().to_owned()) {
            return;
        }
        for field in kind.fields() {
            match FieldShape::of(&field) {
                FieldShape::Name(noun) | FieldShape::Suggested(noun) => {
                    nouns.insert(noun);
                }
                FieldShape::Group(inner) if inner.full_name() != "minutebook.v1.Event" => {
                    gather(&inner, seen, nouns);
                }
                _ => {}
            }
        }
    }
    let mut nouns = BTreeSet::new();
    if let Kind::Message(payload) = kind.event.field.kind() {
        gather(&payload, &mut BTreeSet::new(), &mut nouns);
    }
    nouns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_kind_has_a_form() {
        let kinds: Vec<FormKind> = FormKind::all().collect();
        assert_eq!(kinds.len(), published::event_kinds().len());
        assert!(kinds.len() > 90, "{}", kinds.len());
        let made = FormKind::named("virement_made").unwrap();
        assert_eq!(made.role, KindRole::Act);
        assert_eq!(made.title(), "Virement made");
        assert_eq!(made.subject(), SubjectSource::Named(SubjectRange::Any));
        let body = FormKind::named("body_registered").unwrap();
        assert_eq!(body.subject(), SubjectSource::Founded(SubjectRange::Bodies));
        assert!(FormKind::named("checkpoint_key_replaced").is_none());
    }
}
