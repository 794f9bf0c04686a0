//! Events about instruments: documents with force.

use crate::domain::date::PartialDate;
use crate::domain::event::{Document, EndCause};
use crate::domain::ids::{BodyId, ForceId, InstrumentId, ItemId, ServiceId};
use crate::domain::text::{Name, Text};

/// What sort of document this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstrumentKind {
    /// A collaboration agreement under the Police Act 1996 s.22A.
    Section22aAgreement,
    /// A memorandum of understanding.
    MemorandumOfUnderstanding,
    /// An agreement under the Policing and Crime Act 2017 ss.1-5.
    EmergencyServicesAgreement,
    /// A business case.
    BusinessCase,
    /// Terms of reference of a board.
    TermsOfReference,
    /// A scheme of governance or delegation.
    SchemeOfGovernance,
    /// A countywide or area agreement.
    CountywideAgreement,
    /// A plan or strategy.
    Plan,
    /// A policy or procedure.
    Policy,
    /// A statutory transfer scheme.
    TransferScheme,
    /// Any other document.
    Other,
}

/// What a section 22A agreement provides for (s.22A(2)), and whom that relates to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provision {
    /// The discharge of functions of members of these forces (s.22A(2)(a)).
    Force(Vec<ForceId>),
    /// Support between these policing bodies (s.22A(2)(b)).
    PolicingBody(Vec<BodyId>),
    /// Support by these policing bodies for forces that others maintain (s.22A(2)(c)).
    PolicingBodyAndForce(Vec<BodyId>, Vec<ForceId>),
}

/// What an instrument says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// The day it is to have force from.
    pub commences_on: Option<PartialDate>,
    /// Its last day.
    pub expires_on: Option<PartialDate>,
    /// The day it is due for review.
    pub review_on: Option<PartialDate>,
    /// Months of notice to leave as a party.
    pub notice_as_party_months: Option<u32>,
    /// Months of notice to stop leading.
    pub notice_as_lead_months: Option<u32>,
    /// Whether it says how a party may withdraw.
    pub has_withdrawal_provision: bool,
    /// The parties that must agree to vary it; empty for all.
    pub variation_parties: Vec<BodyId>,
    /// The provisions of a section 22A agreement.
    pub provisions: Vec<Provision>,
}

/// A document is drawn up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentDrafted {
    /// Its id.
    pub instrument: InstrumentId,
    /// Its title.
    pub title: Name,
    /// Its kind.
    pub kind: InstrumentKind,
    /// Who must sign; empty for the default of its subject.
    pub parties: Vec<BodyId>,
    /// The services it covers.
    pub services: Vec<ServiceId>,
    /// Its terms.
    pub terms: Terms,
    /// The document.
    pub document: Document,
    /// What it is for.
    pub summary: Text,
    /// Signatories that are only described.
    pub other_parties: Option<Name>,
}

/// Someone was consulted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationRecorded {
    /// Its id.
    pub consultation: ItemId,
    /// About what.
    pub about: Name,
    /// The instrument it is about.
    pub instrument: Option<InstrumentId>,
    /// Who was consulted.
    pub consulted: Vec<BodyId>,
    /// Others, as described.
    pub others_consulted: Option<Name>,
    /// The day it closes.
    pub closes_on: Option<PartialDate>,
    /// What came of it.
    pub outcome: Text,
}

/// One party signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementSigned {
    /// The instrument.
    pub instrument: InstrumentId,
    /// The party that signs.
    pub body: BodyId,
    /// The office that signs.
    pub office: Option<Name>,
}

/// What changes when an instrument changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// The instrument.
    pub instrument: InstrumentId,
    /// The parties that agreed.
    pub agreed_by: Vec<BodyId>,
    /// What changes.
    pub summary: Text,
    /// Its terms from now on, where they change.
    pub terms: Option<Terms>,
    /// The document as varied.
    pub document: Document,
    /// Services covered besides those before.
    pub services_added: Vec<ServiceId>,
    /// Services covered no more.
    pub services_removed: Vec<ServiceId>,
}

/// A memorandum of understanding changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MouUpdated {
    /// The change.
    pub variation: Variation,
}

/// An instrument that is not a memorandum changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentVaried {
    /// The change.
    pub variation: Variation,
}

/// An instrument runs for a further term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentRenewed {
    /// The instrument.
    pub instrument: InstrumentId,
    /// Its new last day.
    pub expires_on: PartialDate,
}

/// An instrument gives way to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentSuperseded {
    /// The instrument.
    pub instrument: InstrumentId,
    /// What takes its place.
    pub by: InstrumentId,
}

/// An instrument has no more force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentEnded {
    /// The instrument.
    pub instrument: InstrumentId,
    /// How.
    pub cause: EndCause,
    /// Why.
    pub reason: Text,
}

/// An instrument was looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentReviewed {
    /// The instrument.
    pub instrument: InstrumentId,
    /// What was found.
    pub outcome: Text,
    /// The day of the next review.
    pub next_review_on: Option<PartialDate>,
}
