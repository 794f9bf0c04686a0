//! One collaboration in full.

use std::collections::BTreeSet;

use super::{
    boards, collaborations, course, dossier, formulas, inexact_dates, instruments, left_over,
    names, notices, reasoning, services, settlements,
};
use minutebook_domain::approval::ApprovalContext;
use minutebook_domain::collaboration::Spell;
use minutebook_domain::event::{
    CollaborationEnded, DirectionIssued, DirectionKind, EndCause, Kind, PartyWithdrew,
};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{BodyId, CollaborationId, SubjectId};
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{
    BoardSummary, CollaborationView, DirectionView, OpportunityStepView, OpportunityView,
    PartyView, PlaceGivenUpView,
};
use minutebook_wire::reply;

/// The collaboration, if it exists by the day of the view, or older entries are about it.
pub fn get(register_view: &RegisterView, id: &CollaborationId) -> Option<CollaborationView> {
    let day = register_view.as_at();
    let collaboration_at = register_view.collaboration(id)?;
    let established = collaboration_at.established.as_ref()?;
    let subject_id = SubjectId::Collaboration(id.clone());
    let dossier = &collaboration_at.subject().dossier;
    let (parties, former_parties) = parties(register_view, &collaboration_at);
    let (services, former_services) = services::list(register_view, &subject_id, &collaboration_at);
    let aliases = dossier
        .aliases
        .iter()
        .filter(|alias| alias.service.is_none());
    let parts = register_view.collaborations().filter(|(_, other)| {
        other.established.as_ref().and_then(|e| e.part_of.as_ref()) == Some(id)
    });
    let ended = collaboration_at.ended(day);
    let lead_ended = collaboration_at.lead_ended.at(day);
    let lead_ended = lead_ended.filter(|_| collaboration_at.leads_by(day).is_empty());
    let rules = reasoning::in_force(register_view, &subject_id, collaboration_at.subject());
    Some(CollaborationView {
        approval_regime: reasoning::governed_by(rules.as_ref()),
        approval_rules: rules
            .as_ref()
            .map(|rules| reasoning::rule_set(register_view, rules)),
        summary: Some(collaborations::summary(
            register_view,
            id,
            &collaboration_at,
        )),
        purpose: established.purpose.to_string(),
        legal_basis: reply::optional(established.legal_basis.as_ref()),
        part_of: established
            .part_of
            .as_ref()
            .map(|id| names::collaboration(register_view, id)),
        parts: parts
            .map(|(id, _)| names::collaboration(register_view, id))
            .collect(),
        aliases: aliases.map(|alias| alias.alias.to_string()).collect(),
        parties,
        former_parties,
        services,
        former_services,
        instruments: instruments::list(register_view, &subject_id, collaboration_at.subject()),
        boards: board_summaries(register_view, id),
        notices: notices::of(
            register_view,
            id,
            collaboration_at.subject(),
            &collaboration_at,
        ),
        dependencies: dossier::dependencies(register_view, dossier),
        opportunities: opportunities(register_view, &collaboration_at),
        directions: directions(register_view, &collaboration_at),
        concerns: dossier::concerns(register_view, dossier),
        grants: dossier::grants(register_view, dossier),
        delegations: course::delegations(register_view, &subject_id, dossier),
        assurance: dossier::assurance(register_view, dossier),
        coming: dossier::coming(register_view, &subject_id),
        voided: dossier::voided(register_view, &subject_id),
        consultations: dossier::consultations(register_view, dossier),
        formulas: formulas::list(register_view, &subject_id, dossier),
        end_cause: ended
            .map(|ended| reply::end_cause(ended.cause))
            .unwrap_or_default(),
        replaced_by: ended
            .and_then(|ended| ended.replaced_by.as_ref())
            .map(|id| names::collaboration(register_view, id)),
        host: services::hosts(&collaboration_at, register_view)
            .first()
            .map(|host| names::body(register_view, host)),
        other_hosts: names::bodies(
            register_view,
            services::hosts(&collaboration_at, register_view)
                .into_iter()
                .skip(1),
        ),
        settlements: settlements::of(register_view, &subject_id, collaboration_at.subject(), None),
        one_party_since_on: reply::optional_date(collaboration_at.one_party_since(day)),
        end_agreed_by: names::bodies(
            register_view,
            ended.into_iter().flat_map(|ended| &ended.basis.agreed_by),
        ),
        end_legal_basis: reply::optional(ended.and_then(|ended| ended.basis.legal_basis.as_ref())),
        end_notice_ids: ended.map_or_else(Vec::new, |ended| end_notices(&collaboration_at, ended)),
        end_direction_id: ended
            .map_or_else(String::new, |ended| end_direction(&collaboration_at, ended)),
        surviving_instrument_ids: ended
            .map(|ended| reply::strings(&ended.surviving))
            .unwrap_or_default(),
        left_over: if ended.is_some() {
            left_over::list(register_view, &subject_id, collaboration_at.subject())
        } else {
            Vec::new()
        },
        end_reason: reply::optional(ended.map(|ended| &ended.reason)),
        lead_ended_on: reply::optional_date(lead_ended.map(Fact::on)),
        lead_ended_reason: reply::optional(lead_ended.map(|ended| &ended.reason)),
        inexact_dates: inexact_dates::list(ApprovalContext {
            lookup: register_view,
            id: &subject_id,
            subject: collaboration_at.subject(),
        }),
    })
}

/// The notices by which it ended: those that were named, or else those in effect.
fn end_notices(collaboration: &CollaborationAt, ended: &Fact<CollaborationEnded>) -> Vec<String> {
    let named = &ended.basis.notices;
    if !named.is_empty() || ended.cause != EndCause::Notice {
        return reply::strings(named);
    }
    let last = ended.on().last_day();
    let in_effect = collaboration.notices.iter().filter(|(_, notice)| {
        notice.is_to_leave_the_whole()
            && notice.given.day() <= last
            && !notice.is_revoked(last)
            && !notice.is_running(last)
    });
    in_effect.map(|(id, _)| id.to_string()).collect()
}

/// The direction by which it ended: the one that was named, or else the last that
/// terminates it.
fn end_direction(collaboration: &CollaborationAt, ended: &Fact<CollaborationEnded>) -> String {
    let named = ended.basis.direction.as_ref();
    if named.is_some() || ended.cause != EndCause::Direction {
        return reply::optional(named);
    }
    let last = ended.on().last_day();
    let directions = collaboration.directions.values();
    let terminating = directions
        .filter(|direction| direction.kind == DirectionKind::Terminate && direction.day() <= last);
    let latest = terminating.max_by_key(|direction| direction.effective_order());
    reply::optional(latest.map(|direction| &direction.direction))
}

fn parties(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> (Vec<PartyView>, Vec<PartyView>) {
    let view = |body: &BodyId, spell: Spell, earlier: Vec<Spell>| {
        let left = spell
            .left_on
            .and_then(|_| withdrawal(collaboration_at, body));
        PartyView {
            body: Some(names::body(register_view, body)),
            kind: register_view
                .body(body)
                .and_then(|body| body.registered.as_ref().map(|r| reply::body_kind(r.kind)))
                .unwrap_or_default(),
            joined_on: Some(reply::date(spell.joined_on)),
            left_on: reply::optional_date(spell.left_on),
            joined_on_is: date_is(collaboration_at, body, true),
            left_on_is: date_is(collaboration_at, body, false),
            joined_by_instrument_id: joined_by(register_view, collaboration_at, body),
            in_place_of: spell
                .in_place_of
                .map(|before| names::body(register_view, &before)),
            followed_by: names::bodies(register_view, &spell.followed_by),
            also_in_place_of: names::bodies(register_view, &spell.also_in_place_of),
            earlier: earlier.iter().map(names::spell).collect(),
            released_by: names::bodies(
                register_view,
                left.into_iter().flat_map(|left| &left.agreed_by),
            ),
            left_by_law: reply::optional(left.and_then(|left| left.legal_basis.as_ref())),
            places_given_up: collaboration_at
                .places_given_up(register_view.as_at())
                .filter(|place| place.heir == *body)
                .map(|place| PlaceGivenUpView {
                    of: Some(names::body(register_view, &place.of)),
                    given_up_on: Some(reply::date(place.on)),
                    notice_id: place.notice.to_string(),
                })
                .collect(),
        }
    };
    collaboration_at
        .spells(register_view.as_at())
        .filter_map(|(body, mut spells)| Some(view(body, spells.pop()?, spells)))
        .partition(|party| party.left_on.is_none())
}

/// The last withdrawal of a body.
fn withdrawal<'a>(
    collaboration_at: &'a CollaborationAt,
    body: &BodyId,
) -> Option<&'a PartyWithdrew> {
    let mut acts = collaboration_at.subject().dossier.acts.values().rev();
    acts.find_map(|effective| match &effective.entry.event.kind {
        Kind::PartyWithdrew(event) if event.body == *body => Some(&**event),
        _ => None,
    })
}

/// How the day on which a body last joined or left is to be read.
fn date_is(collaboration_at: &CollaborationAt, body: &BodyId, joined: bool) -> i32 {
    let inexact = &collaboration_at.subject().dossier.inexact;
    let last = inexact
        .values()
        .rev()
        .find(|effective| match &effective.entry.event.kind {
            Kind::PartyJoined(event) => joined && event.body == *body,
            Kind::PartyWithdrew(event) => !joined && event.body == *body,
            Kind::CollaborationEstablished(event) => joined && event.parties.contains(body),
            _ => false,
        });
    let last = last.filter(|effective| {
        let order = effective.effective_order();
        let moved = collaboration_at.last_move(body, EffectiveOrder::end_of(order.day));
        moved.is_some_and(|moved| moved.order == order && moved.joined == joined)
    });
    reply::date_is(last.and_then(|effective| effective.entry.event.effective_on_is))
}

/// The instrument by which a body last joined; empty if none is named.
fn joined_by(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
    body: &BodyId,
) -> String {
    let at = EffectiveOrder::end_of(register_view.as_at());
    let instruments = collaboration_at.subject().dossier.instruments.iter();
    // An heir that says by hand that it joined is a party without that.
    let joined = instruments.filter_map(|(id, instrument)| {
        let joined = instrument.accession(body, at)?;
        let order = joined.effective_order();
        collaboration_at
            .joined_at(body, order)
            .then_some((order, id))
    });
    reply::optional(joined.max().map(|(_, id)| id))
}

fn board_summaries(register_view: &RegisterView, id: &CollaborationId) -> Vec<BoardSummary> {
    boards::list(register_view, Some(id))
}

fn opportunities(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> Vec<OpportunityView> {
    let considered = collaboration_at.opportunities.values();
    considered
        .filter_map(|steps| {
            let last = steps.latest()?;
            Some(OpportunityView {
                opportunity_id: last.opportunity.to_string(),
                title: last.title.to_string(),
                bodies: names::bodies(
                    register_view,
                    steps
                        .iter()
                        .flat_map(|step| &step.bodies)
                        .collect::<BTreeSet<_>>(),
                ),
                outcome: reply::opportunity_outcome(last.outcome),
                reasons: last.reasons.to_string(),
                considered_on: Some(reply::date(last.on())),
                steps: steps
                    .iter()
                    .map(|step| OpportunityStepView {
                        considered_on: Some(reply::date(step.on())),
                        outcome: reply::opportunity_outcome(step.outcome),
                        reasons: step.reasons.to_string(),
                        title: step.title.to_string(),
                        considered_on_is: reply::date_is(step.is()),
                        position: step.position().get(),
                    })
                    .collect(),
            })
        })
        .collect()
}

fn directions(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> Vec<DirectionView> {
    let mut directions: Vec<_> = collaboration_at.directions.values().collect();
    directions.sort_by_cached_key(|direction| direction.effective_order());
    let day = register_view.as_at();
    let lifted_by = |one: &DirectionIssued| collaboration_at.lifted_by(&one.direction, day);
    directions
        .into_iter()
        .map(|direction| DirectionView {
            direction_id: direction.direction.to_string(),
            kind: reply::direction_kind(&direction.kind),
            terms: direction.terms.to_string(),
            issued_on: Some(reply::date(direction.on())),
            // A mandate keeps nothing of a collaboration that has ended.
            stands: direction.kind == DirectionKind::Mandate
                && collaboration_at.ended(day).is_none()
                && !collaboration_at.is_lifted(direction, day),
            issuer: direction
                .issuer
                .as_ref()
                .or(direction.source.entry.event.acted_by.as_ref())
                .map(|issuer| names::actor(register_view, issuer)),
            legal_basis: reply::optional(direction.legal_basis.as_ref()),
            service_ids: reply::strings(&direction.services),
            functions: direction.functions.to_string(),
            addressees: names::bodies(register_view, &direction.addressees),
            instrument_id: reply::optional(direction.instrument.as_ref()),
            revokes_id: reply::optional(direction.lifted()),
            revoked_by_id: reply::optional(lifted_by(direction).map(|by| &by.direction)),
            revoked_on: reply::optional_date(lifted_by(direction).map(Fact::on)),
            notice_id: reply::optional(direction.notice.as_ref().map(|(notice, _)| notice)),
        })
        .collect()
}
