//! An instrument: a document that has force once every party that must sign has
//! signed, until it expires, is superseded or ends.

use std::collections::BTreeSet;

use imbl::OrdMap;
use jiff::civil::Date;

use super::collaboration::Collaboration;
use super::date::PartialDate;
use super::event::{
    AgreementSigned, InstrumentDrafted, InstrumentEnded, InstrumentRenewed, InstrumentReviewed,
    InstrumentSuperseded, Terms, Variation,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, ServiceId, SubjectId};
use super::subject::SubjectKind;

/// What is known of an instrument.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// How it was drafted.
    pub drafted: Fact<InstrumentDrafted>,
    /// Who signed, and how.
    pub signatures: OrdMap<BodyId, Fact<AgreementSigned>>,
    /// How it changed.
    pub variations: Facts<Variation>,
    /// Further terms.
    pub renewals: Facts<InstrumentRenewed>,
    /// What took its place.
    pub superseded: Facts<InstrumentSuperseded>,
    /// Its end.
    pub ended: Facts<InstrumentEnded>,
    /// Its reviews.
    pub reviews: Facts<InstrumentReviewed>,
}

/// Where an instrument stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// In force since then.
    Since(PartialDate),
    /// Not signed by all.
    AwaitingSignature,
    /// Signed by all, with force from then.
    From(PartialDate),
    /// Its last day was then.
    Expired(PartialDate),
    /// Superseded then.
    Superseded(PartialDate),
    /// Ended then.
    Ended(PartialDate),
}

impl Instrument {
    /// An instrument just drafted.
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

    /// Its terms on that day.
    pub fn terms(&self, day: Date) -> &Terms {
        self.varied_terms(day)
            .map_or(&self.drafted.terms, |(_, terms)| terms)
    }

    /// The terms of the last variation by that day that changed them, and where
    /// it stands.
    fn varied_terms(&self, day: Date) -> Option<(EffectiveOrder, &Terms)> {
        self.variations
            .by(day)
            .rev()
            .find_map(|variation| Some((variation.effective_order(), variation.terms.as_ref()?)))
    }

    /// Its last day, as its terms or its latest renewal by that day have it.
    pub fn expires_on(&self, day: Date) -> Option<PartialDate> {
        let varied = self.varied_terms(day);
        let varied = varied.map(|(place, terms)| (place, terms.expires_on));
        let renewed = self
            .renewals
            .at(day)
            .map(|r| (r.effective_order(), Some(r.expires_on)));
        match varied.max(renewed) {
            Some((_, expires_on)) => expires_on,
            None => self.drafted.terms.expires_on,
        }
    }

    /// The day its next review is due, as its terms or its latest review by that
    /// day have it, whichever came last.
    pub fn review_on(&self, day: Date) -> Option<PartialDate> {
        let varied = self.varied_terms(day);
        let varied = varied.map(|(place, terms)| (place, terms.review_on));
        let reviewed = self
            .reviews
            .at(day)
            .map(|r| (r.effective_order(), r.next_review_on));
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

    /// The day it came or comes into force: when the last of those that must sign
    /// signed, or commences after that; `None` while one has not signed by that
    /// day, or nobody is to sign.
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

    /// Whether a signatory is still bound at a place: it has not left the
    /// collaboration since it signed. What it signed is signed all the same, so
    /// its leaving takes no force from the instrument.
    pub fn binds(&self, body: &BodyId, collaboration: &Collaboration, at: EffectiveOrder) -> bool {
        match collaboration.last_move(body, at) {
            Some((left, false)) => {
                let signed = self.signatures.get(body);
                signed.is_some_and(|signed| signed.effective_order() > left)
            }
            Some((_, true)) | None => true,
        }
    }

    /// Where it stands on that day, when these must sign. Nobody to sign means
    /// that it never comes into force.
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
            Some(expires) if last_day(expires) < day => InForce::Expired(expires),
            _ => InForce::Since(since),
        }
    }
}

/// Who must sign an instrument of this subject.
pub fn required_signatories(
    subject: &SubjectId,
    nature: &SubjectKind,
    instrument: &Instrument,
) -> BTreeSet<BodyId> {
    let collaboration = match nature {
        SubjectKind::Collaboration(collaboration) => Some(&**collaboration),
        SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Register(_) => None,
    };
    let drafted = &instrument.drafted;
    signatories(subject, collaboration, drafted, drafted.day())
}

/// Who must sign what is drafted on a day: those it names, or else, on a
/// collaboration, its parties on that day, and on a body that body itself. On a
/// board there is no default: it is no party to anything.
pub fn signatories(
    subject: &SubjectId,
    collaboration: Option<&Collaboration>,
    drafted: &InstrumentDrafted,
    day: Date,
) -> BTreeSet<BodyId> {
    if !drafted.parties.is_empty() {
        return drafted.parties.iter().cloned().collect();
    }
    match subject {
        SubjectId::Body(body) => BTreeSet::from([body.clone()]),
        SubjectId::Board(_) | SubjectId::Register => BTreeSet::new(),
        SubjectId::Collaboration(_) => collaboration
            .map(|collaboration| collaboration.parties(day))
            .unwrap_or_default(),
    }
}

/// The last day a partial date spans: an instrument that expires in `2020` is in
/// force to the end of that year.
pub fn last_day(date: PartialDate) -> Date {
    let first = date.first_day();
    if date.is_full() {
        first
    } else if date.month().is_some() {
        first.last_of_month()
    } else {
        first.last_of_year()
    }
}
