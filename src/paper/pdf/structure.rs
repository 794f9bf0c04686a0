//! The tree that a screen reader follows: headings, lists, tables and their parts.

use std::collections::HashMap;
use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind};

/// An element of the tree, by its place in [`Structure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ElementId(usize);

/// A thing on a page that belongs to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentId(usize);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Title,
    Section,
    Heading { level: u16, text: String },
    Paragraph,
    List,
    Item,
    Label,
    Body,
    Table,
    Caption,
    TableHead,
    TableBody,
    Row,
    ColumnHeader,
    RowHeader,
    Data,
    Figure { sentence: String },
    Link,
}

#[derive(Debug, Clone, Copy)]
enum Child {
    Element(ElementId),
    Content(ContentId),
}

#[derive(Debug)]
struct Element {
    role: Role,
    children: Vec<Child>,
}

/// The tree while it grows. Its content is drawn later, page by page.
#[derive(Debug, Default)]
pub struct Structure {
    elements: Vec<Element>,
    roots: Vec<ElementId>,
    contents: usize,
}

impl Structure {
    /// Adds an element under another, or at the top, after those that are there.
    pub fn element(&mut self, parent: Option<ElementId>, role: Role) -> ElementId {
        let id = ElementId(self.elements.len());
        self.elements.push(Element {
            role,
            children: Vec::new(),
        });
        match parent {
            Some(parent) => self.push(parent, Child::Element(id)),
            None => self.roots.push(id),
        }
        id
    }

    /// Adds content to an element, to be drawn under this id.
    pub fn content(&mut self, parent: ElementId) -> ContentId {
        let id = ContentId(self.contents);
        self.contents += 1;
        self.push(parent, Child::Content(id));
        id
    }

    fn push(&mut self, parent: ElementId, child: Child) {
        if let Some(element) = self.elements.get_mut(parent.0) {
            element.children.push(child);
        }
    }

    /// The tree for the file. Content that was not drawn is left out.
    pub fn into_nodes(self, drawn: &HashMap<ContentId, Identifier>) -> Vec<Node> {
        let roots = self.roots.iter();
        roots.filter_map(|root| self.node(*root, drawn)).collect()
    }

    fn node(&self, id: ElementId, drawn: &HashMap<ContentId, Identifier>) -> Option<Node> {
        let element = self.elements.get(id.0)?;
        let mut group = TagGroup::new(tag(&element.role));
        for child in &element.children {
            match child {
                Child::Element(child) => {
                    if let Some(node) = self.node(*child, drawn) {
                        group.push(node);
                    }
                }
                Child::Content(content) => {
                    if let Some(identifier) = drawn.get(content) {
                        group.push(*identifier);
                    }
                }
            }
        }
        Some(Node::Group(group))
    }
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Title => Tag::Title.into(),
        Role::Section => Tag::Section.into(),
        Role::Heading { level, text } => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(text.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::None).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::Caption => Tag::Caption.into(),
        Role::TableHead => Tag::THead.into(),
        Role::TableBody => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
        Role::Data => Tag::TD.into(),
        Role::Figure { sentence } => Tag::Figure(Some(sentence.clone())).into(),
        Role::Link => Tag::Link.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Structure {
        /// The rules of tagged PDF that this tree breaks.
        pub fn faults(&self) -> Vec<String> {
            let mut faults = Vec::new();
            for element in &self.elements {
                if element.children.is_empty() {
                    faults.push(format!("{:?} is empty", element.role));
                }
                for child in self.below(element) {
                    if !may_hold(&element.role, &child.role) {
                        faults.push(format!("{:?} holds {:?}", element.role, child.role));
                    }
                }
                if element.role == Role::Table {
                    let groups = self.below(element);
                    let rows = groups.iter().filter(|group| group.role != Role::Caption);
                    let rows = rows.flat_map(|group| self.below(group));
                    let mut cells: Vec<usize> = rows.map(|row| row.children.len()).collect();
                    cells.dedup();
                    if cells.len() != 1 {
                        faults.push(format!("a table has rows of {cells:?} cells"));
                    }
                }
            }
            faults
        }

        fn below(&self, element: &Element) -> Vec<&Element> {
            let children = element.children.iter();
            children
                .filter_map(|child| match child {
                    Child::Element(id) => self.elements.get(id.0),
                    Child::Content(_) => None,
                })
                .collect()
        }

        pub fn len(&self) -> usize {
            self.elements.len()
        }
    }

    fn may_hold(above: &Role, below: &Role) -> bool {
        match above {
            Role::Table => matches!(below, Role::Caption | Role::TableHead | Role::TableBody),
            Role::TableHead | Role::TableBody => *below == Role::Row,
            Role::Row => matches!(below, Role::ColumnHeader | Role::RowHeader | Role::Data),
            Role::List => *below == Role::Item,
            Role::Item => matches!(below, Role::Label | Role::Body),
            Role::Body => matches!(below, Role::Paragraph | Role::List),
            Role::Section => !matches!(
                below,
                Role::Item | Role::Label | Role::Body | Role::Row | Role::Link | Role::Title
            ),
            Role::Title
            | Role::Heading { .. }
            | Role::Paragraph
            | Role::Label
            | Role::Caption
            | Role::ColumnHeader
            | Role::RowHeader
            | Role::Data
            | Role::Figure { .. }
            | Role::Link => *below == Role::Link,
        }
    }
}
