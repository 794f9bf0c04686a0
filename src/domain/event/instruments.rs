//! Events about instruments: documents with force.

use crate::date::PartialDate;
use crate::event::{Act, Actor, ApprovableAct, Document, EndBasis, EndCause};
use crate::ids::{BodyId, ForceId, InstrumentId, ItemId, ServiceId, SubjectId};
use crate::money::Pence;
use crate::text::{Name, Text};

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
    /// Between NHS bodies and local authorities: National Health Service Act 2006 s.75.
    Section75Agreement,
    /// On a joint committee: Local Government Act 1972 ss.101 and 102.
    JointCommitteeAgreement,
    /// To lend staff: Local Government Act 1972 s.113.
    Section113Agreement,
    InterAuthorityAgreement,
    /// Mutual aid or reinforcement: Police Act 1996 s.24, Fire and Rescue Services Act
    /// 2004 s.13.
    MutualAidAgreement,
    HostingAgreement,
    Contract,
    AccessionDeed,
    SideLetter,
    /// An order made under an Act, which has force without signatures.
    StatutoryOrder,
}

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOfYear {
    pub month: i8,
    pub day: i8,
}

/// An option to extend a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionOption {
    pub months: u32,
    /// `None` for the last day of the term.
    pub exercise_by: Option<PartialDate>,
    /// The parties that may exercise it, each alone; empty if that is not stated.
    pub holders: Vec<BodyId>,
    /// Whether it may be exercised for fewer months.
    pub up_to: bool,
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

/// A term of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    Commencement,
    Expiry,
    Review,
    NoticeAsParty,
    NoticeAsLead,
    Withdrawal,
    Variation,
    Provisions,
    Accession,
    Value,
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
    /// The parties that must agree to an accession; empty for those that must agree to
    /// vary it.
    pub accession_parties: Vec<BodyId>,
    pub notice_as_party_days: Option<u32>,
    pub notice_as_lead_days: Option<u32>,
    /// The day of the year to which notice runs.
    pub notice_ends_on: Option<DayOfYear>,
    /// The first day on which a party may leave.
    pub no_exit_before: Option<PartialDate>,
    /// Months in force during which no party may leave.
    pub minimum_term_months: Option<u32>,
    /// Months by which the term renews itself.
    pub rolling_months: Option<u32>,
    pub extensions: Vec<ExtensionOption>,
    pub value: Option<Pence>,
    /// Whether the notice of one party ends it for all of them.
    pub notice_ends_agreement: bool,
    /// The terms that the source does not give.
    pub not_given: Vec<TermKind>,
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
    /// The power in law, as cited.
    pub legal_basis: Option<Name>,
    /// Whether the source does not say who must sign.
    pub signatories_unknown: bool,
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
    /// `None` where others sign.
    pub body: Option<BodyId>,
    pub office: Option<Name>,
    /// The body or office that signs on its behalf.
    pub on_behalf_by: Option<Actor>,
    /// Further parties that signed in the same way.
    pub also: Vec<BodyId>,
    /// The bodies that agreed to the accession of the one that signs.
    pub agreed_by: Vec<BodyId>,
    /// Others that sign, which are no registered bodies.
    pub others: Option<Name>,
}

impl AgreementSigned {
    /// Every body that signs.
    pub fn bodies(&self) -> impl Iterator<Item = &BodyId> {
        self.body.iter().chain(&self.also)
    }
}

impl Act for AgreementSigned {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::SignInstrument(&self.instrument, self.body.as_ref())
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
    /// `None` if the source does not give it.
    pub expires_on: Option<PartialDate>,
    /// The parties that agreed.
    pub agreed_by: Vec<BodyId>,
    /// The party that exercised an option.
    pub exercised_by: Option<BodyId>,
    /// The day from which it has effect; `None` for its own.
    pub with_effect_from: Option<PartialDate>,
    /// Whether the source does not say who agreed.
    pub agreed_by_not_given: bool,
}

impl Act for InstrumentRenewed {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::VaryInstrument(&self.instrument)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentSuperseded {
    pub instrument: InstrumentId,
    /// The instrument of the same subject that replaces it.
    pub by: Option<InstrumentId>,
    /// The instruments of any subject that replace it.
    pub by_others: Vec<InstrumentRef>,
}

/// An instrument of any subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstrumentRef {
    pub subject: SubjectId,
    pub instrument: InstrumentId,
}

impl InstrumentSuperseded {
    /// Every instrument that replaces it; `own` is the subject of the event.
    pub fn all(&self, own: &SubjectId) -> Vec<InstrumentRef> {
        let of_own = self.by.iter().map(|instrument| InstrumentRef {
            subject: own.clone(),
            instrument: instrument.clone(),
        });
        let mut all: Vec<InstrumentRef> = of_own.collect();
        for other in &self.by_others {
            if !all.contains(other) {
                all.push(other.clone());
            }
        }
        all
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentEnded {
    pub instrument: InstrumentId,
    pub cause: EndCause,
    pub reason: Text,
    pub basis: EndBasis,
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
