//! Instruments: documents that are in force once every party that must sign has
//! signed, until they expire, are superseded or end.

use std::collections::BTreeSet;

use imbl::OrdMap;
use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    AgreementSigned, InstrumentDrafted, InstrumentEnded, InstrumentRenewed, InstrumentReviewed,
    InstrumentSuperseded, Terms, Variation,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, ServiceId};

#[derive(Clone, Debug)]
pub struct Instrument {
    pub drafted: Fact<InstrumentDrafted>,
    pub signatures: OrdMap<BodyId, Fact<AgreementSigned>>,
    pub variations: Facts<Variation>,
    pub renewals: Facts<InstrumentRenewed>,
    pub superseded: Facts<InstrumentSuperseded>,
    pub ended: Facts<InstrumentEnded>,
    pub reviews: Facts<InstrumentReviewed>,
}

/// The standing of an instrument on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    Since(PartialDate),
    /// A party that must sign has not signed.
    AwaitingSignature,
    /// Signed by all, and in force from a later day.
    From(PartialDate),
    Expired(PartialDate),
    Superseded(PartialDate),
    Ended(PartialDate),
}

impl Instrument {
    /// An instrument that has only been drafted.
    pub fn new(drafted: Fact<InstrumentDrafted>) -> Self {
        Self {
            drafted,
            signatures: OrdMap::new(),
            variations: Facts::default(),
            renewals: Facts::default(),
            superseded: Facts::default(),
            ended: Facts::default(),
            reviews: Facts::default(),
        }
    }

    pub fn terms(&self, day: Date) -> &Terms {
        self.varied_terms(day)
            .map_or(&self.drafted.terms, |(_, terms)| terms)
    }

    /// The terms of the last variation by that day that changed them, with the order
    /// of that variation.
    fn varied_terms(&self, day: Date) -> Option<(EffectiveOrder, &Terms)> {
        self.variations
            .by(day)
            .rev()
            .find_map(|variation| Some((variation.effective_order(), variation.terms.as_ref()?)))
    }

    /// Its last day, by the latest of its terms, variations and renewals by `day`.
    pub fn expires_on(&self, day: Date) -> Option<PartialDate> {
        let varied = self.varied_terms(day);
        let varied = varied.map(|(order, terms)| (order, terms.expires_on));
        let renewed = self
            .renewals
            .at(day)
            .map(|renewal| (renewal.effective_order(), Some(renewal.expires_on)));
        match varied.max(renewed) {
            Some((_, expires_on)) => expires_on,
            None => self.drafted.terms.expires_on,
        }
    }

    /// The day its next review is due, by the latest of its terms, variations and
    /// reviews by `day`.
    pub fn review_on(&self, day: Date) -> Option<PartialDate> {
        let varied = self.varied_terms(day);
        let varied = varied.map(|(order, terms)| (order, terms.review_on));
        let reviewed = self
            .reviews
            .at(day)
            .map(|review| (review.effective_order(), review.next_review_on));
        match varied.max(reviewed) {
            Some((_, review_on)) => review_on,
            None => self.drafted.terms.review_on,
        }
    }

    /// The services it covers on that day.
    pub fn services(&self, day: Date) -> BTreeSet<ServiceId> {
        let mut services: BTreeSet<_> = self.drafted.services.iter().cloned().collect();
        for variation in self.variations.by(day) {
            for removed in &variation.services_removed {
                services.remove(removed);
            }
            services.extend(variation.services_added.iter().cloned());
        }
        services
    }

    /// The day on which it came or comes into force: when the last required party
    /// signed, or later if its terms say so. `None` while a required party has not
    /// signed by `day`, or if no party is required to sign.
    pub fn in_force_on(&self, required: &BTreeSet<BodyId>, day: Date) -> Option<PartialDate> {
        let signed = |body| {
            self.signatures
                .get(body)
                .filter(|signed| signed.day() <= day)
        };
        let on: Option<Vec<PartialDate>> = required
            .iter()
            .map(|body| signed(body).map(Fact::on))
            .collect();
        let last_signed = on?.into_iter().max()?;
        match self.drafted.terms.commences_on {
            Some(on) if on.first_day() > last_signed.first_day() => Some(on),
            _ => Some(last_signed),
        }
    }

    /// The standing on a day. If no party is required to sign, it never comes into
    /// force.
    pub fn standing(&self, required: &BTreeSet<BodyId>, day: Date) -> InForce {
        if let Some(ended) = self.ended.at(day) {
            return InForce::Ended(ended.on());
        }
        if let Some(superseded) = self.superseded.at(day) {
            return InForce::Superseded(superseded.on());
        }
        let Some(since) = self.in_force_on(required, day) else {
            return InForce::AwaitingSignature;
        };
        if since.first_day() > day {
            return InForce::From(since);
        }
        match self.expires_on(day) {
            Some(expires) if expires.last_day() < day => InForce::Expired(expires),
            _ => InForce::Since(since),
        }
    }
}
