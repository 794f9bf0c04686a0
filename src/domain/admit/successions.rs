//! Events beside a succession: one says the same by hand, another names a body in whose
//! place others are.

use super::event_check::EventCheck;
use crate::approval::describe::listed;
use crate::event::{BodySucceeded, Kind};
use crate::fact::{EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::BodyId;

impl<'a> EventCheck<'a> {
    /// Whether the event only says by hand, for one subject, what a succession says for
    /// all: that an heir is a party or lead, or that the body before it has left. It needs
    /// no approval.
    ///
    /// A date known only to a month or year may be that of a succession within it.
    pub fn says_succession_again(&self) -> bool {
        let Some(collaboration) = self.collaboration() else {
            return false;
        };
        let days = [self.day, self.on.last_day()];
        let last = |body, day| {
            let last = collaboration.last_move(body, EffectiveOrder::end_of(day))?;
            last.by_succession.then_some(last.joined)
        };
        days.into_iter().any(|day| match &self.entry.event.kind {
            Kind::PartyJoined(event) => last(&event.body, day) == Some(true),
            // A notice is acted on by a body in being.
            Kind::PartyWithdrew(event) => {
                event.notice.is_none() && last(&event.body, day) == Some(false)
            }
            Kind::LeadAppointed(event) => {
                collaboration.leads_by(day).contains(&&event.body)
                    && collaboration.leads_by_succession(&event.body, day)
            }
            Kind::ServiceLeadTransferred(event) => {
                let service = collaboration.service(&event.service, day);
                let leads = service.map(|service| collaboration.service_leads_by(service, day));
                let from = event.from.as_ref();
                leads.is_some_and(|leads| leads.contains(&&event.to))
                    && from.is_some_and(|from| collaboration.is_heir(&event.to, from, day))
            }
            _ => false,
        })
    }

    /// The fault of naming a body in whose place others are on the day, in the subject.
    pub(super) fn followed_fault(&self, id: &BodyId, succeeded: &Fact<BodySucceeded>) -> Fault {
        let successions = self.register.successions();
        let mut holders = successions.holders(self.id(), id, self.day);
        holders.retain(|holder| *holder != id);
        if holders.is_empty() {
            holders = succeeded.heirs(self.id());
        }
        Fault::BodySucceeded {
            body: id.clone(),
            on: self.on,
            until: succeeded.on(),
            successor: listed(holders),
        }
    }

    /// The succession by which the place of a body in the subject passed, if it goes on.
    pub(super) fn passed(&self, id: &BodyId) -> Option<&'a Fact<BodySucceeded>> {
        self.register.successions().of_in(self.id(), id, self.day)
    }
}
