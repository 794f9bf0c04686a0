//! Drawn amounts: how much of an approval earlier acts took, and for which portions.

use std::collections::BTreeMap;

use crate::entry::Entry;
use crate::event::{ApprovableAct, Portion};
use crate::ids::BodyId;
use crate::money::Pence;

/// The amounts that were drawn so far.
#[derive(Default)]
pub(super) struct Drawn<'a> {
    pub total: Pence,
    /// The number of acts that took an amount without stating it.
    pub unstated: usize,
    portions: BTreeMap<Portion<'a>, Pence>,
    /// The uses of the approval.
    pub uses: Vec<Use<'a>>,
    pub last: Option<&'a Entry>,
}

/// An act that used the approval.
pub(super) struct Use<'a> {
    /// For a signature: the body that signed.
    pub by: Option<&'a BodyId>,
    /// The index of the matter that it carried out, of several decided as one.
    pub part: usize,
    pub entry: &'a Entry,
}

/// An act is added, or, if it was reversed, taken back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Add,
    TakeBack,
}

impl<'a> Drawn<'a> {
    pub fn apply(&mut self, act: &ApprovableAct<'a>, direction: Direction) {
        let sign = |amount: Pence| match direction {
            Direction::Add => amount,
            Direction::TakeBack => -amount,
        };
        if act.is_drawn() && act.amount().is_none() {
            self.unstated = match direction {
                Direction::Add => self.unstated + 1,
                Direction::TakeBack => self.unstated.saturating_sub(1),
            };
        }
        self.total += sign(act.amount().unwrap_or_default());
        for (portion, amount) in act.portions() {
            *self.portions.entry(portion).or_default() += sign(amount);
        }
    }

    /// The amount that was drawn of a portion.
    pub fn portion(&self, portion: &Portion<'a>) -> Pence {
        self.portions.get(portion).copied().unwrap_or_default()
    }
}
