//! Who has joined by an instrument, and which of its makers have published it.

use std::collections::BTreeSet;

use super::names;
use minutebook_domain::accession;
use minutebook_domain::event::{Actor, InstrumentKind, InstrumentPublished, PublicationExtent};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{BodyId, SubjectId};
use minutebook_domain::instrument::Instrument;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{AccessionView, PublicationView};
use minutebook_wire::reply;

/// The bodies that joined by an instrument, in the order in which they acceded. The heirs
/// of its makers are in their place, and are not among them.
pub(super) fn accessions(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
) -> Vec<AccessionView> {
    let day = register_view.as_at();
    let makers = minutebook_domain::signatories::in_place_of(subject, required, day);
    let mut views = Vec::new();
    for joined in instrument.accessions.by(day) {
        let last = instrument.accession(&joined.body, EffectiveOrder::end_of(day));
        let is_last = last.map(Fact::effective_order) == Some(joined.effective_order());
        // One of them that left and joined again is.
        let is_back = accession::left_before(subject, joined).is_some();
        if !is_last || makers.contains(&joined.body) && !is_back {
            continue;
        }
        let mut agreement = accession::agreement(id, subject, instrument, joined, day);
        let collaboration = subject.as_collaboration();
        let moved =
            collaboration.and_then(|all| all.last_move(&joined.body, EffectiveOrder::end_of(day)));
        // Nothing is left to agree to once the body has left.
        if moved.is_some_and(|last| !last.joined) {
            agreement.awaited.clear();
        }
        let signed = accession::signature(subject, instrument, joined);
        views.push(AccessionView {
            body: Some(names::body(register_view, &joined.body)),
            acceded_on: Some(reply::date(joined.on())),
            acceded_on_is: reply::date_is(joined.is()),
            signed_on: reply::optional_date(signed.map(Fact::on)),
            agreed_by: names::bodies(register_view, &agreement.agreed),
            awaited: names::bodies(register_view, &agreement.awaited),
            signature_awaited: accession::awaits_signature(subject, instrument, joined, day),
        });
    }
    views
}

/// For each maker, whether it has published or withheld the instrument.
pub(super) fn publications(
    register_view: &RegisterView,
    instrument: &Instrument,
    makers: &BTreeSet<BodyId>,
    has_had_force: bool,
) -> Vec<PublicationView> {
    let day = register_view.as_at();
    // Police Act 1996 s.23E.
    let must = has_had_force && instrument.drafted.kind == InstrumentKind::Section22aAgreement;
    let mut bodies: BTreeSet<&BodyId> = if must {
        makers.iter().collect()
    } else {
        BTreeSet::new()
    };
    bodies.extend(instrument.published.by(day).filter_map(actor));
    bodies.extend(instrument.withheld.by(day).filter_map(actor));
    let views = bodies.into_iter().map(|body| {
        let published = instrument.published.by(day).rev();
        let mut published = published.filter(|fact| actor(fact) == Some(body));
        let last = published.next();
        let is_whole = |fact: &&Fact<InstrumentPublished>| fact.extent == PublicationExtent::Whole;
        let whole = last.filter(is_whole).or_else(|| published.find(is_whole));
        let published = whole.or(last);
        // It is withheld no more once the whole is published.
        let whole = whole.map(Fact::effective_order);
        let mut withheld = instrument.withheld.by(day).rev();
        let withheld = withheld.find(|fact| actor(fact) == Some(body));
        let withheld = withheld.filter(|fact| Some(fact.effective_order()) > whole);
        PublicationView {
            body: Some(names::body(register_view, body)),
            published: published.map_or(0, |fact| reply::publication_extent(fact.extent)),
            published_on: reply::optional_date(published.map(Fact::on)),
            document: published.and_then(|fact| reply::document(&fact.document)),
            withheld: withheld.map_or(0, |fact| reply::withheld_extent(fact.extent)),
            withheld_on: reply::optional_date(withheld.map(Fact::on)),
            ground: reply::optional(withheld.map(|fact| &fact.ground)),
            is_missing: must && published.is_none(),
        }
    });
    views.collect()
}

fn actor<T>(fact: &Fact<T>) -> Option<&BodyId> {
    fact.source
        .entry
        .event
        .acted_by
        .as_ref()
        .and_then(Actor::body)
}
