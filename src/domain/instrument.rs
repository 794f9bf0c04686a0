//! Instruments: documents that are in force once every party that must sign has
//! signed, until they expire, are superseded or end.

use std::collections::BTreeSet;

use imbl::OrdMap;
use jiff::civil::Date;

use super::date::{PartialDate, months_after};
use super::event::{
    AgreementSigned, CollaborationEnded, DirectionIssued, InstrumentDrafted, InstrumentEnded,
    InstrumentKind, InstrumentPublished, InstrumentRenewed, InstrumentReviewed,
    InstrumentSuperseded, InstrumentWithheld, NoticeGiven, NoticeRevoked, PartyJoined, TermKind,
    Terms, Variation,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, ItemId, ServiceId};

#[derive(Clone, Debug)]
pub struct Instrument {
    pub drafted: Fact<InstrumentDrafted>,
    /// The first signature of each body: it made the instrument.
    pub signatures: OrdMap<BodyId, Fact<AgreementSigned>>,
    /// Signatures of bodies that had signed before, left, and joined again.
    pub signed_again: Facts<AgreementSigned>,
    /// Signatures of others, which are no registered bodies.
    pub others_signed: Facts<AgreementSigned>,
    /// Directions that put it in force without signatures.
    pub directed: Facts<DirectionIssued>,
    pub variations: Facts<Variation>,
    pub renewals: Facts<InstrumentRenewed>,
    pub superseded: Facts<InstrumentSuperseded>,
    pub ended: Facts<InstrumentEnded>,
    pub reviews: Facts<InstrumentReviewed>,
    /// The bodies that joined by it.
    pub accessions: Facts<PartyJoined>,
    pub published: Facts<InstrumentPublished>,
    pub withheld: Facts<InstrumentWithheld>,
    /// The end of the collaboration, unless the instrument survives it.
    pub ended_with: Facts<CollaborationEnded>,
    /// Notices to leave the whole that name it, or no instrument.
    pub exits: OrdMap<ItemId, NamedExit>,
}

/// A notice to leave that names an instrument, or none.
#[derive(Clone, Debug)]
pub struct NamedExit {
    pub given: Fact<NoticeGiven>,
    pub revoked: Facts<NoticeRevoked>,
}

/// The first day on which a renewal has effect: a retrospective one reaches back.
fn effective_day(renewal: &Fact<InstrumentRenewed>) -> Date {
    let from = renewal.with_effect_from;
    from.map_or(renewal.day(), |from| from.first_day().min(renewal.day()))
}

/// The day from which an instrument has force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Force {
    pub on: PartialDate,
    /// Whether that is before its last signature.
    pub is_retrospective: bool,
    /// Whether that is the day of its last signature.
    pub is_by_signature: bool,
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
    /// Its collaboration ended, and it does not survive that.
    EndedWith(PartialDate),
}

impl Instrument {
    /// An instrument that has only been drafted.
    pub fn new(drafted: Fact<InstrumentDrafted>) -> Self {
        Self {
            drafted,
            signatures: OrdMap::new(),
            signed_again: Facts::default(),
            others_signed: Facts::default(),
            directed: Facts::default(),
            variations: Facts::default(),
            renewals: Facts::default(),
            superseded: Facts::default(),
            ended: Facts::default(),
            reviews: Facts::default(),
            accessions: Facts::default(),
            published: Facts::default(),
            withheld: Facts::default(),
            ended_with: Facts::default(),
            exits: OrdMap::new(),
        }
    }

    /// The last signature of a body.
    pub fn last_signature(&self, body: &BodyId) -> Option<&Fact<AgreementSigned>> {
        self.last_signature_by(body, EffectiveOrder::LAST)
    }

    /// The last signature of a body up to `at`.
    pub fn last_signature_by(
        &self,
        body: &BodyId,
        at: EffectiveOrder,
    ) -> Option<&Fact<AgreementSigned>> {
        let mut again = self.signed_again.iter().rev();
        let is_by = |signed: &&Fact<AgreementSigned>| {
            signed.effective_order() <= at && signed.bodies().any(|signatory| signatory == body)
        };
        let first = || self.signatures.get(body);
        again
            .find(is_by)
            .or_else(|| first().filter(|first| first.effective_order() <= at))
    }

    /// The last accession of a body up to `at`.
    pub fn accession(&self, body: &BodyId, at: EffectiveOrder) -> Option<&Fact<PartyJoined>> {
        let mut accessions = self.accessions.iter().rev();
        accessions.find(|joined| joined.body == *body && joined.effective_order() <= at)
    }

    pub fn terms(&self, day: Date) -> &Terms {
        self.varied_terms(day)
            .map_or(&self.drafted.terms, |(_, terms)| terms)
    }

    /// The terms of the last variation by that day that changed them, with the order
    /// of that variation.
    pub(super) fn varied_terms(&self, day: Date) -> Option<(EffectiveOrder, &Terms)> {
        self.variations
            .by(day)
            .rev()
            .find_map(|variation| Some((variation.effective_order(), variation.terms.as_ref()?)))
    }

    /// Its last day, by the latest of its terms, variations and renewals by `day`; where the
    /// term renews itself, that of the term that runs on `day`.
    pub fn expires_on(&self, day: Date) -> Option<PartialDate> {
        Some(self.term(day)?.0)
    }

    /// How often the term has renewed itself by `day`.
    pub fn rolled_count(&self, day: Date) -> u32 {
        self.term(day).map_or(0, |(_, count)| count)
    }

    /// The renewals that have effect by a day, in the order of their own days.
    pub fn renewals_in_effect(&self, day: Date) -> impl Iterator<Item = &Fact<InstrumentRenewed>> {
        let renewals = self.renewals.iter();
        renewals.filter(move |renewal| effective_day(renewal) <= day)
    }

    /// Whether a renewal that is dated after a day has effect by it.
    pub fn is_renewed_back_to(&self, day: Date) -> bool {
        let mut renewals = self.renewals_in_effect(day);
        renewals.any(|renewal| renewal.day() > day)
    }

    fn term(&self, day: Date) -> Option<(PartialDate, u32)> {
        let stated = self.stated_end(day)?;
        let Some(months) = self.terms(day).rolling_months else {
            return Some((stated, 0));
        };
        let (mut end, mut count) = (stated, 0);
        while end.last_day() < day && !self.is_stopped_by(end.last_day()) {
            count += 1;
            end = months_after(stated, months.saturating_mul(count))?;
        }
        Some((end, count))
    }

    /// Whether notices given by that day leave fewer than two signatories.
    fn is_stopped_by(&self, day: Date) -> bool {
        let leaving: BTreeSet<&BodyId> = self
            .exits
            .values()
            .filter(|exit| exit.given.day() <= day && exit.revoked.at(day).is_none())
            .filter(|exit| exit.given.instrument.is_some() || self.binds(&exit.given.body))
            .map(|exit| &exit.given.body)
            .collect();
        !leaving.is_empty() && self.signatures.len() < leaving.len() + 2
    }

    /// Whether a body signed it, or is named as a party.
    fn binds(&self, body: &BodyId) -> bool {
        self.signatures.contains_key(body) || self.drafted.parties.contains(body)
    }

    fn stated_end(&self, day: Date) -> Option<PartialDate> {
        let varied = self.varied_terms(day);
        let varied = varied.map(|(order, terms)| (order, terms.expires_on));
        let renewed = self
            .renewals_in_effect(day)
            .last()
            .map(|renewal| (renewal.effective_order(), renewal.expires_on));
        match varied.max(renewed) {
            Some((_, expires_on)) => expires_on,
            None => self.drafted.terms.expires_on,
        }
    }

    /// Whether the source of its term, or of its last renewal by `day`, does not give its
    /// last day.
    pub fn end_is_not_given(&self, day: Date) -> bool {
        let says = |terms: &Terms| terms.not_given.contains(&TermKind::Expiry);
        let varied = self.varied_terms(day);
        let varied = varied.map(|(order, terms)| (order, says(terms)));
        let renewed = self.renewals_in_effect(day).last();
        let renewed = renewed.map(|one| (one.effective_order(), one.expires_on.is_none()));
        let last = varied.max(renewed);
        last.map_or_else(|| says(&self.drafted.terms), |(_, is_missing)| is_missing)
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

    /// The direction that binds a body without its signature.
    pub fn directed_for(&self, body: &BodyId) -> Option<&Fact<DirectionIssued>> {
        let mut directed = self.directed.iter();
        directed.find(|one| one.addressees.is_empty() || one.addressees.contains(body))
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

    /// The day from which it has force: when the last required party signed, or another
    /// if its terms say so. `None` while a required party has not signed by `day`, or if
    /// no party is required to sign.
    ///
    /// Terms that begin before the last signature are retrospective: once all have
    /// signed, it had force from the day that they state, so signatures after `day` count
    /// too. A statutory order has force without signatures.
    pub fn force(&self, required: &BTreeSet<BodyId>, day: Date) -> Option<Force> {
        let commences = self.drafted.terms.commences_on;
        if self.drafted.kind == InstrumentKind::StatutoryOrder {
            return Some(Force {
                on: commences.unwrap_or(self.drafted.on()),
                is_retrospective: false,
                is_by_signature: false,
            });
        }
        let signed: Option<Vec<PartialDate>> = if self.drafted.signatories_unknown {
            // One that joins later does not make it.
            let makers = self.signatures.iter().filter(|(body, _)| {
                let mut accessions = self.accessions.iter();
                !accessions.any(|joined| joined.body == **body)
            });
            let bodies = makers.map(|(_, signed)| signed.on());
            Some(
                bodies
                    .chain(self.others_signed.iter().map(Fact::on))
                    .collect(),
            )
        } else {
            let required = required.iter();
            required
                .map(|body| {
                    let signed = self.signatures.get(body).map(Fact::on);
                    signed.or_else(|| self.directed_for(body).map(Fact::on))
                })
                .collect()
        };
        let last_signed = signed?.into_iter().max()?;
        let is_signed = last_signed.first_day() <= day;
        match commences {
            Some(on) if on.last_day() < last_signed.first_day() => Some(Force {
                on,
                is_retrospective: true,
                is_by_signature: false,
            }),
            // Signed in the month in which it commences, it has force from that day, on
            // whichever day of the month it was signed.
            Some(on) if on.first_day() >= last_signed.first_day() => is_signed.then_some(Force {
                on,
                is_retrospective: false,
                is_by_signature: false,
            }),
            Some(_) | None => is_signed.then_some(Force {
                on: last_signed,
                is_retrospective: false,
                is_by_signature: true,
            }),
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
        let over = self.ended_with.at(day);
        let standing = self.standing_alone(required, over.map_or(day, Fact::day));
        match (over, standing) {
            (None, _) | (_, InForce::Expired(_)) => standing,
            (Some(over), _) => InForce::EndedWith(over.on()),
        }
    }

    /// The standing but for its end, and that of its collaboration.
    pub fn standing_alone(&self, required: &BTreeSet<BodyId>, day: Date) -> InForce {
        let Some(Force { on, .. }) = self.force(required, day) else {
            return InForce::AwaitingSignature;
        };
        if on.first_day() > day {
            return InForce::From(on);
        }
        match self.expires_on(day) {
            Some(expires) if expires.last_day() < day => InForce::Expired(expires),
            _ => InForce::Since(on),
        }
    }
}
