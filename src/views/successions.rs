//! The marks that successions leave: on an agreement of a body with itself, and on a
//! signature of a body that was no more.

use super::names;
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::AgreementSigned;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{AttentionKind, AttentionView};
use minutebook_wire::reply;

/// The day on which others had followed a body in a subject, if it is dated to have signed
/// later.
pub(super) fn no_more_since(
    register_view: &RegisterView,
    id: &SubjectId,
    body: &BodyId,
    signed: &Fact<AgreementSigned>,
) -> Option<PartialDate> {
    let successions = register_view.successions();
    let followed = successions.of_in(id, body, signed.day())?;
    // On the last day that a partial date may mean, it was in being.
    let is_later = followed.on().last_day() <= signed.day();
    is_later.then(|| followed.on())
}

/// The lines for the attention of a chair.
pub(super) fn attention(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects() {
        let line = |kind: AttentionKind, what, since: PartialDate| AttentionView {
            kind: kind.into(),
            subject: id.to_string(),
            subject_name: subject.name().unwrap_or_default().to_owned(),
            what,
            since_on: Some(reply::date(since)),
            ..AttentionView::default()
        };
        if let Some(collaboration) = subject.as_collaboration()
            && let Some(left) = collaboration.left_alone(day)
        {
            let parties = collaboration.parties(day);
            let what = match parties.first() {
                Some(party) if left.by_succession => format!(
                    "all its parties are one body, {party}: it ends by law, or that body ends it"
                ),
                Some(party) => format!(
                    "{party} is its only party, since the others left: it is to be ended, unless \
                     another joins"
                ),
                None => "all its parties have left: it is to be ended".to_owned(),
            };
            lines.push(line(AttentionKind::OneParty, what, left.since));
        }
        if let Some(collaboration) = subject.as_collaboration()
            && collaboration.ended(day).is_none()
        {
            let services = collaboration.services.iter();
            let services = services.filter(|(_, service)| service.in_place(day));
            let services = services.map(|(id, service)| (Some(id), Some(service)));
            for (service_id, service) in [(None, None)].into_iter().chain(services) {
                let Some(divided) = collaboration.lead_divided_by(service, day) else {
                    continue;
                };
                let (leads, of) = match (service_id, service) {
                    (Some(id), Some(service)) => (
                        collaboration.service_leads_by(service, day),
                        format!(" of the service {id}"),
                    ),
                    _ => (collaboration.leads_by(day), String::new()),
                };
                let leads: Vec<String> = names::bodies(register_view, leads)
                    .into_iter()
                    .map(|body| body.name)
                    .collect();
                let what = format!(
                    "{} follow the lead{of}: who leads is to be settled",
                    leads.join(" and ")
                );
                lines.push(AttentionView {
                    item_id: service_id.map(ToString::to_string).unwrap_or_default(),
                    position: divided.position().get(),
                    ..line(AttentionKind::OfficeLapsed, what, divided.on())
                });
            }
        }
        for (instrument_id, instrument) in &subject.dossier.instruments {
            for (body, signed) in &instrument.signatures {
                let Some(since) = no_more_since(register_view, id, body, signed) else {
                    continue;
                };
                let what = format!(
                    "{body} is on record as signing {} on {}, when others had followed it",
                    instrument.drafted.title,
                    signed.on()
                );
                lines.push(AttentionView {
                    item_id: instrument_id.to_string(),
                    position: signed.position().get(),
                    ..line(AttentionKind::SignedNoMore, what, since)
                });
            }
        }
    }
    lines
}
