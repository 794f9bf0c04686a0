//! The check of one event against the register.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

use jiff::civil::Date;

use super::date_from::date_from;
use crate::approval::ApprovalContext;
use crate::board::Board;
use crate::collaboration::{Collaboration, Service};
use crate::date::PartialDate;
use crate::dossier::{Dossier, Proposal, Recommendation};
use crate::entry::Entry;
use crate::event::Actor;
use crate::fact::{EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::{BodyId, ItemId, Position, ProposalId, ServiceId, SubjectId};
use crate::register::Register;
use crate::subject::Subject;

/// The most faults of one event, or of one command, that are reported.
pub const FINDINGS_MAX: usize = 100;

/// The check of one event. It collects faults and goes on, so that all faults of an
/// event are reported at once.
pub(super) struct EventCheck<'a> {
    /// Everything recorded, and the earlier events of the request.
    pub register: &'a Register,
    /// The entry that the event would become.
    pub entry: &'a Arc<Entry>,
    /// Its subject, with heirs in the place of the bodies that are no more.
    subject: Option<&'a Subject>,
    /// For a replacement, the position of the entry it replaces.
    original_position: Position,
    /// The date from which the event holds.
    pub on: PartialDate,
    /// The first day on which it holds.
    pub day: Date,
    faults: Vec<(String, Fault)>,
}

impl<'a> EventCheck<'a> {
    pub fn new(
        register: &'a Register,
        entry: &'a Arc<Entry>,
        subject: Option<&'a Subject>,
        original_position: Position,
    ) -> Self {
        let on = entry.effective_on();
        Self {
            register,
            entry,
            subject,
            original_position,
            on,
            day: on.first_day(),
            faults: Vec::new(),
        }
    }

    /// The faults, each with the path of its field within the event.
    pub fn into_faults(self) -> Vec<(String, Fault)> {
        self.faults
    }

    /// Reports a fault in a field of the event's payload.
    pub fn report(&mut self, field: impl Display, fault: Fault) {
        self.report_at(format!("{}.{field}", self.entry.event.kind.name()), fault);
    }

    /// Reports a fault in a field of the event's envelope. Beyond [`FINDINGS_MAX`] it is
    /// not kept: a long list of wrong items, or an entry on which thousands rest, must not
    /// take memory for each.
    pub fn report_at(&mut self, path: impl Into<String>, fault: Fault) {
        if !self.is_full() {
            self.faults.push((path.into(), fault));
        }
    }

    /// Reports that the event takes the ground from under an entry that is in force after it,
    /// with the fault that this one would have.
    pub fn report_contradiction<T>(&mut self, later: &Fact<T>, fault: &Fault) {
        let (position, dated, fault) = (later.position(), later.on(), fault.to_string());
        self.report_at(
            "effective_on",
            Fault::ContradictsLater {
                position,
                dated,
                fault,
            },
        );
    }

    pub const fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Whether further faults would not be kept.
    pub const fn is_full(&self) -> bool {
        self.faults.len() >= FINDINGS_MAX
    }

    pub const fn effective_order(&self) -> EffectiveOrder {
        EffectiveOrder {
            day: self.day,
            position: self.original_position,
        }
    }

    /// `None` if the subject is not in the register.
    pub fn context(&self) -> Option<ApprovalContext<'a>> {
        Some(ApprovalContext {
            lookup: self.register,
            id: self.id(),
            subject: self.subject()?,
        })
    }

    /// The id of the subject.
    pub fn id(&self) -> &'a SubjectId {
        &self.entry.event.subject
    }

    /// `None` if the subject is not in the register.
    pub const fn subject(&self) -> Option<&'a Subject> {
        self.subject
    }

    /// `None` if the subject is not in the register.
    pub fn dossier(&self) -> Option<&'a Dossier> {
        self.subject().map(|subject| &subject.dossier)
    }

    /// `None` unless the subject is a collaboration in the register.
    pub fn collaboration(&self) -> Option<&'a Collaboration> {
        self.subject()?.as_collaboration()
    }

    /// `None` unless the subject is a board in the register.
    pub fn board(&self) -> Option<&'a Board> {
        self.subject()?.as_board()
    }

    /// Requires that the body exists on the day.
    pub fn require_body(&mut self, field: impl Display, id: &BodyId) -> bool {
        let fault = self.body_fault(id);
        let ok = fault.is_none();
        if let Some(fault) = fault {
            self.report(field, fault);
        }
        ok
    }

    /// Requires that each body exists on the day.
    pub fn require_bodies(&mut self, field: &str, ids: &[BodyId]) {
        for (i, id) in ids.iter().enumerate() {
            self.require_body(format_args!("{field}[{i}]"), id);
        }
    }

    /// Requires that the body of an actor exists on the day.
    pub fn require_actor(&mut self, field: impl Display, actor: Option<&Actor>) {
        if let Some(body) = actor.and_then(Actor::body) {
            self.require_body(format_args!("{field}.body_id"), body);
        }
    }

    /// Why the body cannot be named on the day.
    pub fn body_fault(&self, id: &BodyId) -> Option<Fault> {
        let subject = self.register.subject(&SubjectId::Body(id.clone()));
        let Some(body) = subject.and_then(Subject::as_body) else {
            return Some(Fault::UnknownBody { body: id.clone() });
        };
        let Some(registered) = &body.registered else {
            return Some(Fault::UnknownBody { body: id.clone() });
        };
        if !registered.on().is_by(self.on).may_be() {
            let (on, since) = (self.on, registered.on());
            return Some(Fault::BodyNotYetInBeing {
                body: id.clone(),
                on,
                since,
            });
        }
        let succeeded = body.succeeded.at(self.day);
        succeeded.map(|succeeded| self.followed_fault(id, succeeded))
    }

    /// Whether a subject exists on some day of the date.
    pub(super) fn may_be_founded(&self, subject: &Subject) -> bool {
        let since = subject.founded_on();
        since.is_some_and(|since| since.is_by(self.on).may_be())
    }

    /// Requires that the body is a party of the subject on the day.
    pub fn require_party(&mut self, field: impl Display, id: &BodyId) -> bool {
        let Some(collaboration) = self.collaboration() else {
            return true;
        };
        if self.body_fault(id).is_some() {
            return self.require_body(field, id);
        }
        let is_party = self.may_hold(|day| collaboration.is_party(id, day));
        if let (false, Some(succeeded)) = (is_party, self.passed(id)) {
            let fault = self.followed_fault(id, succeeded);
            self.report(field, fault);
        } else if !is_party {
            let (body, of, on) = (id.clone(), self.id().clone(), self.on);
            let last = EffectiveOrder::end_of(on.last_day());
            let joins = collaboration.last_move(id, last).filter(|last| last.joined);
            let way_out = date_from(on, joins.map(|joins| joins.order.day));
            self.report(
                field,
                Fault::NotAParty {
                    body,
                    of,
                    on,
                    way_out,
                },
            );
        }
        is_party
    }

    /// Whether something that holds on a later day of the date may hold for the event. What
    /// changes the collaboration holds from the first day.
    fn may_hold_later(&self) -> bool {
        !self.on.is_full() && !self.entry.event.kind.changes_collaboration()
    }

    fn may_hold(&self, test: impl Fn(Date) -> bool) -> bool {
        test(self.day) || self.may_hold_later() && test(self.on.last_day())
    }

    /// Requires that the service is in place on the day, and returns it.
    pub fn require_service(&mut self, field: impl Display, id: &ServiceId) -> Option<&'a Service> {
        let collaboration = self.collaboration();
        let on = |day| collaboration.and_then(|c| c.service(id, day));
        let later = || on(self.on.last_day());
        let found = on(self.day).or_else(|| later().filter(|_| self.may_hold_later()));
        // An unknown subject is reported elsewhere.
        if found.is_none() && self.subject().is_some() {
            let (service, of, on) = (id.clone(), self.id().clone(), self.on);
            let since = later().map(|service| service.added.day());
            let suspended = collaboration.and_then(|c| c.services.get(id)?.removal(self.day));
            let way_out = match suspended {
                Some(removed) => format!(
                    "it was removed, or suspended, on {}: record service_resumed first, or check \
                     the date",
                    removed.on()
                ),
                None => {
                    let from = date_from(on, since);
                    format!("check the id and the date, or record service_added first{from}")
                }
            };
            self.report(
                field,
                Fault::UnknownService {
                    service,
                    of,
                    on,
                    way_out,
                },
            );
        }
        found
    }

    /// Requires that a service, if one is named, is in place on the day.
    pub fn require_optional_service(&mut self, field: &str, id: Option<&ServiceId>) {
        if let Some(id) = id {
            self.require_service(field, id);
        }
    }

    /// Requires that the body is a party of the service on the day.
    pub fn require_service_party(&mut self, field: impl Display, service: &Service, id: &BodyId) {
        let Some(collaboration) = self.collaboration() else {
            return;
        };
        if self.body_fault(id).is_some() {
            self.require_body(field, id);
        } else if let (false, Some(succeeded)) =
            (collaboration.is_party(id, self.day), self.passed(id))
        {
            let fault = self.followed_fault(id, succeeded);
            self.report(field, fault);
        } else if !self.may_hold(|day| collaboration.service_parties(service, day).contains(id)) {
            let (body, on) = (id.clone(), self.on);
            let changes = service.parties_changed.by(on.last_day()).rev();
            let mut joins = changes.filter(|change| change.joined.contains(id));
            let way_out = date_from(on, joins.next().map(Fact::day));
            let service = service.added.service.clone();
            self.report(
                field,
                Fault::NotAPartyOfService {
                    body,
                    service,
                    on,
                    way_out,
                },
            );
        }
    }

    /// Requires that no item of this sort has the id.
    pub fn require_free<T>(
        &mut self,
        field: &str,
        what: &'static str,
        id: impl Display,
        taken: Option<T>,
    ) {
        if taken.is_some() {
            let (id, of) = (id.to_string(), self.id().clone());
            self.report(field, Fault::IdTaken { what, id, of });
        }
    }

    /// Requires that no decision has the id.
    pub fn require_free_decision(&mut self, id: &ItemId) {
        let taken = self.dossier().and_then(|dossier| dossier.decisions.get(id));
        self.require_free("decision_id", "decision", id, taken);
    }

    /// Requires that the item exists and is dated no later than this event, and returns
    /// it.
    pub fn require_item<T>(
        &mut self,
        field: &str,
        what: &'static str,
        id: impl Display,
        found: Option<(T, PartialDate)>,
    ) -> Option<T> {
        let Some((item, since)) = found else {
            if self.subject().is_some() {
                let (id, of) = (id.to_string(), self.id().clone());
                self.report(field, Fault::UnknownItem { what, id, of });
            }
            return None;
        };
        self.require_not_before(field, what, id, since);
        Some(item)
    }

    /// Requires that the recommendation exists, and returns it.
    pub fn require_recommendation(&mut self, id: &ItemId) -> Option<&'a Recommendation> {
        let found = self.dossier().and_then(|d| d.recommendations.get(id));
        let found = found.map(|recommendation| (recommendation, recommendation.made.on()));
        self.require_item("recommendation_id", "recommendation", id, found)
    }

    /// Requires that the event is not dated before the item that it is about.
    pub fn require_not_before(
        &mut self,
        field: &str,
        what: &'static str,
        id: impl Display,
        since: PartialDate,
    ) {
        if !since.is_by(self.on).may_be() {
            let (id, on, way_out) = (id.to_string(), self.on, "");
            let fault = Fault::BeforeItem {
                what,
                id,
                since,
                on,
                way_out,
            };
            self.report(field, fault);
        }
    }

    /// Requires that the proposal is in the register and about this subject, and returns
    /// it.
    pub fn require_proposal(&mut self, field: &str, id: ProposalId) -> Option<&'a Proposal> {
        let Some(subject) = self.register.proposal(id) else {
            self.report(field, Fault::UnknownProposal { proposal: id });
            return None;
        };
        if subject != self.id() {
            let subject = subject.clone();
            self.report(
                field,
                Fault::ProposalElsewhere {
                    proposal: id,
                    subject,
                },
            );
            return None;
        }
        let proposal = self.dossier()?.proposals.get(&id)?;
        self.require_not_before(field, "proposal", id, proposal.on());
        Some(proposal)
    }

    /// Requires that no proposal has the id.
    pub fn require_free_proposal(&mut self, field: &str, id: ProposalId) {
        if let Some(subject) = self.register.proposal(id) {
            let subject = subject.clone();
            self.report(
                field,
                Fault::ProposalTaken {
                    proposal: id,
                    subject,
                },
            );
        }
    }
}

/// The bodies of `required` that are not in `named`.
pub(super) fn missing<'b>(
    required: &'b BTreeSet<BodyId>,
    named: &[BodyId],
) -> impl Iterator<Item = &'b BodyId> {
    required.iter().filter(|body| !named.contains(body))
}
