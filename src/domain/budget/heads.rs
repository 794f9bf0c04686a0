//! The heads of a subject's budgets, as they are defined: one head under all its names,
//! and the heads that are part of it.

use std::collections::BTreeMap;

use crate::dossier::Dossier;
use crate::event::{BudgetHeadDefined, Head, LineScope};
use crate::fact::Fact;
use crate::ids::ItemId;
use crate::text::Name;

/// The definitions in effect.
#[derive(Clone, Debug, Default)]
pub struct Heads<'a> {
    by_id: BTreeMap<&'a ItemId, &'a Fact<BudgetHeadDefined>>,
    by_name: BTreeMap<String, &'a Fact<BudgetHeadDefined>>,
}

impl<'a> Heads<'a> {
    pub fn of(dossier: &'a Dossier) -> Self {
        let mut heads = Self::default();
        let latest = || dossier.heads.values().filter_map(|set| set.latest());
        // Entries under an earlier name are of the same head.
        for (set, defined) in dossier.heads.values().zip(latest()) {
            let earlier = set.iter().flat_map(|defined| defined.names());
            heads
                .by_name
                .extend(earlier.map(|name| (key(name), defined)));
        }
        for defined in latest() {
            heads.by_id.insert(&defined.id, defined);
            let names = defined.names();
            heads.by_name.extend(names.map(|name| (key(name), defined)));
        }
        heads
    }

    /// The definition that has this name.
    pub fn named(&self, name: &Name) -> Option<&'a Fact<BudgetHeadDefined>> {
        self.by_name.get(&key(name)).copied()
    }

    pub fn get(&self, id: &ItemId) -> Option<&'a Fact<BudgetHeadDefined>> {
        self.by_id.get(id).copied()
    }

    /// The definitions, by id.
    pub fn iter(&self) -> impl Iterator<Item = &'a Fact<BudgetHeadDefined>> {
        self.by_id.values().copied()
    }

    /// The head under the name that its definition gives it.
    pub fn canonical(&self, head: &Head) -> Head {
        let defined = head.head.as_ref().and_then(|name| self.named(name));
        Head {
            head: defined
                .map(|defined| defined.name.clone())
                .or_else(|| head.head.clone()),
            ..head.clone()
        }
    }

    /// The heads of which a head is part, the nearest first, with the head itself.
    pub fn with_parents(&self, id: &ItemId) -> Vec<&'a ItemId> {
        let mut chain: Vec<&ItemId> = Vec::new();
        let mut next = self.get(id);
        while let Some(defined) = next {
            if chain.contains(&&defined.id) {
                break;
            }
            chain.push(&defined.id);
            next = defined.parent.as_ref().and_then(|parent| self.get(parent));
        }
        chain
    }

    /// The lines of which a line is part, the nearest first: in its service the heads that
    /// its head is part of, then the service as a whole; then its head, and those above it,
    /// in no service.
    pub fn above(&self, head: &Head) -> Vec<Head> {
        let defined = head.head.as_ref().and_then(|name| self.named(name));
        let chain = defined.map_or_else(Vec::new, |defined| self.with_parents(&defined.id));
        let names = chain.iter().filter_map(|id| self.get(id));
        let names: Vec<&Name> = names.map(|defined| &defined.name).collect();
        let named = |name: &Name| Head {
            head: Some(name.clone()),
            ..head.clone()
        };
        let mut above: Vec<Head> = names.iter().skip(1).map(|name| named(name)).collect();
        if head.service.is_some() {
            if head.head.is_some() {
                above.push(head.whole_service());
            }
            above.extend(names.iter().map(|name| Head {
                service: None,
                ..named(name)
            }));
        }
        above
    }

    /// Whether a line is in a set of lines: a head is there with all its parts.
    pub fn covers(&self, lines: &LineScope, head: &Head) -> bool {
        let Some(name) = &lines.head else {
            return lines.covers(head);
        };
        let is_within = || {
            let of_any_name = LineScope {
                head: None,
                ..lines.clone()
            };
            let group = self.named(name)?;
            Some(of_any_name.covers(head) && self.is_within(head, &group.id))
        };
        lines.covers(head) || is_within().unwrap_or_default()
    }

    /// Whether a line belongs to a defined head or to one of its parts.
    pub fn is_within(&self, head: &Head, group: &ItemId) -> bool {
        let defined = head.head.as_ref().and_then(|name| self.named(name));
        defined.is_some_and(|defined| self.with_parents(&defined.id).contains(&group))
    }
}

/// Equal for names that are the same, however they are written.
fn key(name: &Name) -> String {
    name.folded().to_ascii_lowercase()
}
