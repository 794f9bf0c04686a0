//! The collaborations that a board serves: those that it was set up for, and each change.

use jiff::civil::Date;

use super::Board;
use crate::event::{BoardCollaborationsChanged, BoardConstituted};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::CollaborationId;

/// The time for which a board serves a collaboration.
#[derive(Clone, Copy, Debug)]
pub struct ServedTime<'a> {
    pub collaboration: &'a CollaborationId,
    pub from: ServedFrom<'a>,
    /// `None` while it serves it.
    pub until: Option<&'a Fact<BoardCollaborationsChanged>>,
}

/// The entry by which a board began to serve a collaboration.
#[derive(Clone, Copy, Debug)]
pub enum ServedFrom<'a> {
    Constituted(&'a Fact<BoardConstituted>),
    Changed(&'a Fact<BoardCollaborationsChanged>),
}

impl Board {
    /// The collaborations that it serves on a day, in the order in which it began to.
    pub fn serves(&self, day: Date) -> Vec<&CollaborationId> {
        present(self.served(day))
    }

    /// Those that it serves just before a point in the order.
    pub fn serves_before(&self, at: EffectiveOrder) -> Vec<&CollaborationId> {
        present(self.served_while(|order| order < at))
    }

    /// Every time for which it serves or served a collaboration by a day, oldest first.
    pub fn served(&self, day: Date) -> Vec<ServedTime<'_>> {
        let end = EffectiveOrder::end_of(day);
        self.served_while(|order| order <= end)
    }

    /// Every collaboration that an entry says it serves, whatever its day.
    pub fn ever_served(&self) -> impl Iterator<Item = &CollaborationId> {
        let made = self
            .constituted
            .iter()
            .flat_map(|made| &made.collaborations);
        let changes = self.collaborations_changed.iter();
        made.chain(changes.flat_map(|change| &change.added))
    }

    fn served_while(&self, is_by: impl Fn(EffectiveOrder) -> bool) -> Vec<ServedTime<'_>> {
        let made = self.constituted.as_ref();
        let made = made.filter(|made| is_by(made.effective_order()));
        let mut times: Vec<ServedTime<'_>> = made
            .into_iter()
            .flat_map(|made| {
                made.collaborations.iter().map(|collaboration| ServedTime {
                    collaboration,
                    from: ServedFrom::Constituted(made),
                    until: None,
                })
            })
            .collect();
        let changes = self.collaborations_changed.iter();
        for change in changes.filter(|change| is_by(change.effective_order())) {
            for time in &mut times {
                if time.until.is_none() && change.removed.contains(time.collaboration) {
                    time.until = Some(change);
                }
            }
            times.extend(change.added.iter().map(|collaboration| ServedTime {
                collaboration,
                from: ServedFrom::Changed(change),
                until: None,
            }));
        }
        times
    }
}

/// The collaborations of the times that go on.
fn present(times: Vec<ServedTime<'_>>) -> Vec<&CollaborationId> {
    let present = times.into_iter().filter(|time| time.until.is_none());
    present.map(|time| time.collaboration).collect()
}
