//! Decisions: how each was made, and its course since.

use std::sync::Arc;

use imbl::OrdMap;
use jiff::civil::Date;

use super::call_in::CallIn;
use super::challenge::Challenge;
use super::date::PartialDate;
use super::entry::Entry;
use super::event::{
    CallInWaiver, Condition, ConditionSettled, DecisionMade, DecisionPublished, DecisionWithheld,
    ExternalDecisionReceived, MeetingRef, Outcome, Tally, VirementApproved,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BoardId, ItemId, Position, ProposalId};
use super::text::Text;

/// A decision, and its course: whether it was published, called in or challenged.
#[derive(Clone, Debug)]
pub struct Decision {
    pub made: DecisionSource,
    pub published: Facts<DecisionPublished>,
    pub withheld: Facts<DecisionWithheld>,
    /// How its conditions were settled.
    pub conditions_settled: Facts<ConditionSettled>,
    pub call_ins: OrdMap<ItemId, CallIn>,
    pub challenges: OrdMap<ItemId, Challenge>,
}

/// The event that recorded a decision.
#[derive(Clone, Debug)]
pub enum DecisionSource {
    Made(Fact<DecisionMade>),
    Virement(Fact<VirementApproved>),
    /// The answer of an outside decider, where it has an id.
    External(Fact<ExternalDecisionReceived>),
}

impl Decision {
    /// A decision that is neither published nor withheld.
    pub fn new(made: DecisionSource) -> Self {
        Self {
            made,
            published: Facts::default(),
            withheld: Facts::default(),
            conditions_settled: Facts::default(),
            call_ins: OrdMap::new(),
            challenges: OrdMap::new(),
        }
    }

    /// `None` for a decision without a proposal.
    pub fn proposal(&self) -> Option<ProposalId> {
        match &self.made {
            DecisionSource::Made(made) => made.proposal,
            DecisionSource::Virement(approved) => Some(approved.proposal),
            DecisionSource::External(received) => Some(received.proposal),
        }
    }

    /// Its conditions, if they are words alone: nothing waits for them.
    pub fn conditions_in_words_alone(&self) -> Option<&Text> {
        let words = match &self.made {
            DecisionSource::Made(fact) => &fact.conditions,
            DecisionSource::Virement(fact) => &fact.conditions,
            DecisionSource::External(_) => return None,
        };
        (self.conditions().is_empty() && !words.is_empty()).then_some(words)
    }

    /// That it cannot be called in.
    pub fn call_in_waiver(&self) -> Option<&CallInWaiver> {
        match &self.made {
            DecisionSource::Made(fact) => fact.call_in_waiver.as_ref(),
            DecisionSource::Virement(_) | DecisionSource::External(_) => None,
        }
    }

    /// Whether it changes the matter as it was proposed: amendments, or conditions of its
    /// own in words.
    pub fn amends(&self) -> bool {
        match &self.made {
            DecisionSource::Made(fact) => {
                !fact.amendments.is_empty() || !fact.conditions.is_empty()
            }
            DecisionSource::Virement(fact) => !fact.conditions.is_empty(),
            DecisionSource::External(_) => false,
        }
    }

    pub fn on(&self) -> PartialDate {
        match &self.made {
            DecisionSource::Made(fact) => fact.on(),
            DecisionSource::Virement(fact) => fact.on(),
            DecisionSource::External(fact) => fact.on(),
        }
    }

    /// The last publication of the whole by a day, or else of a part.
    pub fn publication(&self, day: Date) -> Option<&Fact<DecisionPublished>> {
        self.published_whole(day).or_else(|| self.published.at(day))
    }

    /// The last publication of the whole by a day.
    pub fn published_whole(&self, day: Date) -> Option<&Fact<DecisionPublished>> {
        self.published.by(day).rfind(|fact| !fact.in_part)
    }

    /// Why it is withheld on a day: it is so no more once the whole is published.
    pub fn withholding(&self, day: Date) -> Option<&Fact<DecisionWithheld>> {
        let whole = self.published_whole(day).map(Fact::effective_order);
        let withheld = self.withheld.at(day)?;
        (Some(withheld.effective_order()) > whole).then_some(withheld)
    }

    /// The meeting at which it was made.
    pub fn meeting(&self) -> Option<&MeetingRef> {
        match &self.made {
            DecisionSource::Made(fact) => fact.meeting.as_ref(),
            DecisionSource::Virement(fact) => fact.meeting.as_ref(),
            DecisionSource::External(_) => None,
        }
    }

    /// Whether it approves or rejects.
    pub fn decides(&self) -> bool {
        match &self.made {
            DecisionSource::Made(fact) => {
                matches!(fact.outcome, Outcome::Approved | Outcome::Rejected)
            }
            DecisionSource::Virement(_) | DecisionSource::External(_) => true,
        }
    }

    /// The board that made it.
    pub fn board(&self) -> Option<&BoardId> {
        match &self.made {
            DecisionSource::Made(fact) => fact.board.as_ref(),
            DecisionSource::Virement(fact) => fact.board.as_ref(),
            DecisionSource::External(_) => None,
        }
    }

    /// The result of the vote, as minuted.
    pub fn tally(&self) -> Option<&Tally> {
        match &self.made {
            DecisionSource::Made(fact) => fact.tally.as_ref(),
            DecisionSource::Virement(fact) => fact.tally.as_ref(),
            DecisionSource::External(_) => None,
        }
    }

    /// The position of its entry.
    pub fn position(&self) -> Position {
        match &self.made {
            DecisionSource::Made(fact) => fact.position(),
            DecisionSource::Virement(fact) => fact.position(),
            DecisionSource::External(fact) => fact.position(),
        }
    }

    /// The conditions on which it depends.
    pub fn conditions(&self) -> &[Condition] {
        match &self.made {
            DecisionSource::Made(fact) => &fact.subject_to,
            DecisionSource::Virement(fact) => &fact.subject_to,
            DecisionSource::External(_) => &[],
        }
    }

    /// Its entry.
    pub fn entry(&self) -> &Arc<Entry> {
        match &self.made {
            DecisionSource::Made(fact) => &fact.source.entry,
            DecisionSource::Virement(fact) => &fact.source.entry,
            DecisionSource::External(fact) => &fact.source.entry,
        }
    }

    /// How a condition was settled before a point in the order.
    pub fn condition_settled(
        &self,
        condition: &ItemId,
        until: EffectiveOrder,
    ) -> Option<&Fact<ConditionSettled>> {
        let mut settled = self.conditions_settled.iter();
        settled.find(|fact| fact.condition == *condition && fact.effective_order() < until)
    }
}
