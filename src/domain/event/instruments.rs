//! Events about instruments: documents with force.

use crate::domain::date::PartialDate;
use crate::domain::event::{Act, ApprovableAct, Document, EndCause};
use crate::domain::ids::{BodyId, ForceId, InstrumentId, ItemId, ServiceId};
use crate::domain::text::{Name, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstrumentKind {
    /// A collaboration agreement under the Police Act 1996 s.22A.
    Section22aAgreement,
    MemorandumOfUnderstanding,
    /// An agreement under the Policing and Crime Act 2017 ss.1-5.
    EmergencyServicesAgreement,
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
    Other,
}

/// A provision of a section 22A agreement (s.22A(2)), and the forces or bodies it relates to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provision {
    /// The discharge of functions of members of these forces (s.22A(2)(a)).
    Force(Vec<ForceId>),
    /// Support between these policing bodies (s.22A(2)(b)).
    PolicingBody(Vec<BodyId>),
    /// Support by these policing bodies for forces that others maintain (s.22A(2)(c)).
    PolicingBodyAndForce(Vec<BodyId>, Vec<ForceId>),
}

/// The terms that an instrument sets for itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// The first day on which it can be in force.
    pub commences_on: Option<PartialDate>,
    /// The last day on which it is in force.
    pub expires_on: Option<PartialDate>,
    pub review_on: Option<PartialDate>,
    /// Months of notice to leave as a party.
    pub notice_as_party_months: Option<u32>,
    /// Months of notice to stop leading.
    pub notice_as_lead_months: Option<u32>,
    pub has_withdrawal_provision: bool,
    /// The parties that must agree to vary it; empty for all.
    pub variation_parties: Vec<BodyId>,
    /// The provisions of a section 22A agreement.
    pub provisions: Vec<Provision>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentDrafted {
    pub instrument: InstrumentId,
    pub title: Name,
    pub kind: InstrumentKind,
    /// The bodies that must sign; empty for the parties of the collaboration, or for
    /// the subject itself.
    pub parties: Vec<BodyId>,
    pub services: Vec<ServiceId>,
    pub terms: Terms,
    pub document: Document,
    pub summary: Text,
    pub other_parties: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationRecorded {
    pub consultation: ItemId,
    pub about: Name,
    pub instrument: Option<InstrumentId>,
    pub consulted: Vec<BodyId>,
    pub others_consulted: Option<Name>,
    pub closes_on: Option<PartialDate>,
    pub outcome: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementSigned {
    pub instrument: InstrumentId,
    pub body: BodyId,
    pub office: Option<Name>,
}

impl Act for AgreementSigned {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::SignInstrument(&self.instrument, Some(&self.body))
    }
}

/// A change of an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    pub instrument: InstrumentId,
    pub agreed_by: Vec<BodyId>,
    pub summary: Text,
    /// The whole of the new terms; `None` where they do not change.
    pub terms: Option<Terms>,
    /// The document as it now reads.
    pub document: Document,
    pub services_added: Vec<ServiceId>,
    pub services_removed: Vec<ServiceId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MouUpdated {
    pub variation: Variation,
}

impl Act for MouUpdated {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::VaryInstrument(&self.variation.instrument)
    }
}

/// An instrument that is not a memorandum of understanding changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentVaried {
    pub variation: Variation,
}

impl Act for InstrumentVaried {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::VaryInstrument(&self.variation.instrument)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentRenewed {
    pub instrument: InstrumentId,
    pub expires_on: PartialDate,
}

impl Act for InstrumentRenewed {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::VaryInstrument(&self.instrument)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentSuperseded {
    pub instrument: InstrumentId,
    pub by: InstrumentId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentEnded {
    pub instrument: InstrumentId,
    pub cause: EndCause,
    pub reason: Text,
}

impl Act for InstrumentEnded {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::VaryInstrument(&self.instrument)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentReviewed {
    pub instrument: InstrumentId,
    pub outcome: Text,
    pub next_review_on: Option<PartialDate>,
}
