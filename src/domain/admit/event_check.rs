//! The bench: one event on trial against what the register knows.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::approval::ApprovalContext;
use crate::domain::board::Board;
use crate::domain::collaboration::{Collaboration, Service};
use crate::domain::date::PartialDate;
use crate::domain::dossier::{Dossier, Proposal};
use crate::domain::entry::Entry;
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::{
    BoardId, BodyId, CollaborationId, Position, ProposalId, ServiceId, SubjectId,
};
use crate::domain::register::Register;
use crate::domain::subject::Subject;

/// An event on trial. Faults gather; none ends the trial, so that a recorder is
/// told all of them at once.
pub(super) struct EventCheck<'a> {
    /// What is known: everything recorded, and the earlier events of the request.
    pub register: &'a Register,
    /// The event, in the entry it would become.
    pub entry: &'a Arc<Entry>,
    /// The position that counts for its order.
    order: Position,
    /// From when it holds.
    pub on: PartialDate,
    /// The first day it holds.
    pub day: Date,
    faults: Vec<(String, Fault)>,
}

impl<'a> EventCheck<'a> {
    pub fn new(register: &'a Register, entry: &'a Arc<Entry>, order: Position) -> Self {
        let on = entry.effective_on();
        Self {
            register,
            entry,
            order,
            on,
            day: on.first_day(),
            faults: Vec::new(),
        }
    }

    /// The faults found, each with the path of its field within the event.
    pub fn into_faults(self) -> Vec<(String, Fault)> {
        self.faults
    }

    /// A fault in a field of the event's kind.
    pub fn fault(&mut self, field: impl Display, fault: Fault) {
        self.fault_at(format!("{}.{field}", self.entry.event.kind.name()), fault);
    }

    /// A fault in a field of the event's envelope.
    pub fn fault_at(&mut self, path: impl Into<String>, fault: Fault) {
        self.faults.push((path.into(), fault));
    }

    /// Where the event would stand.
    pub const fn effective_order(&self) -> EffectiveOrder {
        (self.day, self.order)
    }

    /// The subject in sight of the approval rules.
    pub fn sight(&self) -> Option<ApprovalContext<'a>> {
        Some(ApprovalContext {
            lookup: self.register,
            id: self.id(),
            subject: self.subject()?,
        })
    }

    /// What the event is about.
    pub fn id(&self) -> &'a SubjectId {
        &self.entry.event.subject
    }

    /// The subject as it is known.
    pub fn subject(&self) -> Option<&'a Subject> {
        self.register.subject(self.id())
    }

    /// What is on file about the subject. Nothing, if it is not known.
    pub fn dossier(&self) -> Option<&'a Dossier> {
        self.subject().map(|subject| &subject.dossier)
    }

    /// The subject, if it is a known collaboration.
    pub fn collaboration(&self) -> Option<&'a Collaboration> {
        self.subject()?.as_collaboration()
    }

    /// The subject, if it is a known board.
    pub fn board(&self) -> Option<&'a Board> {
        self.subject()?.as_board()
    }

    /// Demands that the body is in being on the day.
    pub fn body(&mut self, field: impl Display, id: &BodyId) -> bool {
        let fault = self.body_fault(id);
        let ok = fault.is_none();
        if let Some(fault) = fault {
            self.fault(field, fault);
        }
        ok
    }

    /// Demands that each body is in being on the day.
    pub fn bodies(&mut self, field: &str, ids: &[BodyId]) {
        for (i, id) in ids.iter().enumerate() {
            self.body(format_args!("{field}[{i}]"), id);
        }
    }

    /// What keeps the body from being named on the day.
    pub fn body_fault(&self, id: &BodyId) -> Option<Fault> {
        let subject = self.register.subject(&SubjectId::Body(id.clone()));
        let Some(body) = subject.and_then(Subject::as_body) else {
            return Some(Fault::UnknownBody { body: id.clone() });
        };
        let Some(registered) = &body.registered else {
            return Some(Fault::UnknownBody { body: id.clone() });
        };
        if registered.day() > self.day {
            let (on, since) = (self.on, registered.on());
            return Some(Fault::BodyNotYetInBeing {
                body: id.clone(),
                on,
                since,
            });
        }
        body.succeeded
            .at(self.day)
            .map(|succeeded| Fault::BodySucceeded {
                body: id.clone(),
                on: self.on,
                until: succeeded.on(),
                successor: succeeded.successor.clone(),
            })
    }

    /// Demands that the board exists on the day.
    pub fn known_board(&mut self, field: impl Display, id: &BoardId) -> bool {
        let subject = self.register.subject(&SubjectId::Board(id.clone()));
        let is_known = subject.is_some_and(|subject| subject.is_founded(self.day));
        if !is_known {
            self.fault(
                field,
                Fault::UnknownBoard {
                    board: id.clone(),
                    on: self.on,
                },
            );
        }
        is_known
    }

    /// Demands that the collaboration exists on the day.
    pub fn known_collaboration(&mut self, field: impl Display, id: &CollaborationId) {
        let subject = self.register.subject(&SubjectId::Collaboration(id.clone()));
        if !subject.is_some_and(|subject| subject.is_founded(self.day)) {
            let collaboration = id.clone();
            self.fault(
                field,
                Fault::UnknownCollaboration {
                    collaboration,
                    on: self.on,
                },
            );
        }
    }

    /// Demands that the body is a party of the subject on the day.
    pub fn party(&mut self, field: impl Display, id: &BodyId) -> bool {
        let Some(collaboration) = self.collaboration() else {
            return true;
        };
        if self.body_fault(id).is_some() {
            return self.body(field, id);
        }
        let is_party = collaboration.is_party(id, self.day);
        if !is_party {
            let (body, of, on) = (id.clone(), self.id().clone(), self.on);
            self.fault(field, Fault::NotAParty { body, of, on });
        }
        is_party
    }

    /// Demands that the service is in place on the day, and gives it.
    pub fn service(&mut self, field: impl Display, id: &ServiceId) -> Option<&'a Service> {
        let found = self.collaboration().and_then(|c| c.service(id, self.day));
        // Of a subject that is not known, that is the fault that counts.
        if found.is_none() && self.subject().is_some() {
            let (service, of, on) = (id.clone(), self.id().clone(), self.on);
            self.fault(field, Fault::UnknownService { service, of, on });
        }
        found
    }

    /// Demands that a service, where one is named, is in place on the day.
    pub fn optional_service(&mut self, field: &str, id: Option<&ServiceId>) {
        if let Some(id) = id {
            self.service(field, id);
        }
    }

    /// Demands that the body is a party of the service on the day.
    pub fn service_party(&mut self, field: impl Display, service: &Service, id: &BodyId) {
        let Some(collaboration) = self.collaboration() else {
            return;
        };
        if self.body_fault(id).is_some() {
            self.body(field, id);
        } else if !collaboration
            .service_parties(service, self.day)
            .contains(id)
        {
            let service = service.added.service.clone();
            self.fault(
                field,
                Fault::NotAPartyOfService {
                    body: id.clone(),
                    service,
                    on: self.on,
                },
            );
        }
    }

    /// Demands that no item of this sort has the id.
    pub fn free<T>(&mut self, field: &str, what: &'static str, id: impl Display, taken: Option<T>) {
        if taken.is_some() {
            let (id, of) = (id.to_string(), self.id().clone());
            self.fault(field, Fault::IdTaken { what, id, of });
        }
    }

    /// Demands that the item is there, and dated no later than this event.
    pub fn item<T>(
        &mut self,
        field: &str,
        what: &'static str,
        id: impl Display,
        found: Option<(T, PartialDate)>,
    ) -> Option<T> {
        let Some((item, since)) = found else {
            if self.subject().is_some() {
                let (id, of) = (id.to_string(), self.id().clone());
                self.fault(field, Fault::UnknownItem { what, id, of });
            }
            return None;
        };
        self.not_before(field, what, id, since);
        Some(item)
    }

    /// Demands that the event is not dated before the item it is about.
    pub fn not_before(
        &mut self,
        field: &str,
        what: &'static str,
        id: impl Display,
        since: PartialDate,
    ) {
        if since.first_day() > self.day {
            let (id, on) = (id.to_string(), self.on);
            self.fault(
                field,
                Fault::BeforeItem {
                    what,
                    id,
                    since,
                    on,
                },
            );
        }
    }

    /// Demands that the proposal is known, and about this subject.
    pub fn proposal(&mut self, field: &str, id: ProposalId) -> Option<&'a Proposal> {
        let Some(subject) = self.register.proposal(id) else {
            self.fault(field, Fault::UnknownProposal { proposal: id });
            return None;
        };
        if subject != self.id() {
            let subject = subject.clone();
            self.fault(
                field,
                Fault::ProposalElsewhere {
                    proposal: id,
                    subject,
                },
            );
            return None;
        }
        let proposal = self.dossier()?.proposals.get(&id)?;
        self.not_before(field, "proposal", id, proposal.on());
        Some(proposal)
    }

    /// Demands that no proposal has the id.
    pub fn free_proposal(&mut self, field: &str, id: ProposalId) {
        if let Some(subject) = self.register.proposal(id) {
            let subject = subject.clone();
            self.fault(
                field,
                Fault::ProposalTaken {
                    proposal: id,
                    subject,
                },
            );
        }
    }
}

/// Those of `wanted` that are not in `given`.
pub(super) fn missing<'b>(
    wanted: &'b BTreeSet<BodyId>,
    given: &[BodyId],
) -> impl Iterator<Item = &'b BodyId> {
    wanted.iter().filter(|body| !given.contains(body))
}
