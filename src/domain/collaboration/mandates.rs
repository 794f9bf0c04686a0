//! Mandates: what a direction of the Secretary of State keeps as it is, and until when.

use jiff::civil::Date;

use super::{Collaboration, Service};
use crate::event::{DirectionIssued, DirectionKind};
use crate::fact::Fact;
use crate::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::instrument::Instrument;

/// The thing that somebody would change, and a mandate may keep.
#[derive(Clone, Copy, Debug)]
pub enum MandateScope<'a> {
    /// The collaboration, which would end.
    Whole,
    /// A party, which would leave the collaboration.
    Party(&'a BodyId),
    /// A service, which would be removed, or lose a party.
    Service(&'a ServiceId),
    /// An instrument, which would end.
    Instrument(&'a InstrumentId, &'a Instrument),
}

impl Collaboration {
    /// A mandate that keeps this on that day.
    pub fn mandate(&self, scope: MandateScope<'_>, day: Date) -> Option<&Fact<DirectionIssued>> {
        self.directions.values().find(|direction| {
            direction.kind == DirectionKind::Mandate
                && direction.day() <= day
                && !self.is_lifted(direction, day)
                && self.is_kept(direction, scope, day)
        })
    }

    pub fn is_lifted(&self, direction: &DirectionIssued, day: Date) -> bool {
        self.lifted_by(&direction.direction, day).is_some()
    }

    /// The direction that has lifted, revoked or replaced another by that day.
    pub fn lifted_by(&self, direction: &ItemId, day: Date) -> Option<&Fact<DirectionIssued>> {
        let mut others = self.directions.values();
        others.find(|other| other.lifted() == Some(direction) && other.day() <= day)
    }

    /// Whether a mandate is about this. One that names services is about these, the
    /// parties that take part in them and the instruments on which they rest. One that
    /// names functions only is about no service, since nobody can tell which.
    fn is_kept(&self, mandate: &DirectionIssued, scope: MandateScope<'_>, day: Date) -> bool {
        if mandate.is_of_everything() {
            return true;
        }
        let services = || {
            let named = mandate.services.iter();
            named.filter_map(|id| Some((id, self.service(id, day)?)))
        };
        match scope {
            MandateScope::Whole => true,
            MandateScope::Service(id) => mandate.services.contains(id),
            MandateScope::Party(body) => {
                let takes_part =
                    |service: &Service| self.service_parties(service, day).contains(body);
                mandate.services.is_empty() || services().any(|(_, service)| takes_part(service))
            }
            MandateScope::Instrument(id, instrument) => {
                let covered = instrument.services(day);
                let carries = |service_id: &ServiceId, service: &Service| {
                    covered.contains(service_id)
                        || service.names(id, day)
                        || covered.is_empty() && service.named_instrument(day).is_none()
                };
                mandate.services.is_empty()
                    || services().any(|(service_id, service)| carries(service_id, service))
            }
        }
    }
}

impl Service {
    /// The instrument that it was last said to rest on by a day.
    pub fn named_instrument(&self, day: Date) -> Option<&InstrumentId> {
        let named = self.instruments_named.at(day);
        let named = named.map(|named| &named.instrument);
        named.or(self.added.instrument.as_ref())
    }
}
