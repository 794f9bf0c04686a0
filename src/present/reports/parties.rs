//! The parties of a collaboration.

use crate::cell::Cell;
use crate::dates::date;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{
    BodyRef, CollaborationView, Date, PartySpellView, PlaceGivenUpView, Standing,
};

/// A row for each, present and former.
pub fn sheet(view: &CollaborationView) -> Sheet {
    let summary = view.summary.as_ref();
    let is_coming = summary.is_some_and(|one| one.standing() == Standing::NotYetCommenced);
    let mut sheet = Sheet::new("parties", "Parties")
        .when_empty(match is_coming {
            true => "It has none before it begins.",
            false => "None is recorded.",
        })
        .columns([
            ("body", "Body"),
            ("kind", "Kind"),
            ("joined_on", "Since"),
            ("left_on", "Until"),
        ]);
    let parties = || view.parties.iter().chain(&view.former_parties);
    let follows = Audience::all_if(
        parties().any(|party| party.in_place_of.is_some() || !party.also_in_place_of.is_empty()),
    );
    let followed = Audience::all_if(parties().any(|party| !party.followed_by.is_empty()));
    sheet
        .column_for(follows, "in_place_of", "In place of")
        .column_for(followed, "followed_by", "Followed by");
    let acceded =
        Audience::all_if(parties().any(|party| !party.joined_by_instrument_id.is_empty()));
    sheet.column_for(acceded, "joined_by", "Joined by");
    let released = Audience::all_if(parties().any(|party| !party.released_by.is_empty()));
    let by_law = Audience::all_if(parties().any(|party| !party.left_by_law.is_empty()));
    sheet
        .column_for(released, "released_by", "Released by")
        .column_for(by_law, "left_by_law", "Left under");
    let given_up = Audience::all_if(parties().any(|party| !party.places_given_up.is_empty()));
    sheet.column_for(given_up, "places_given_up", "Places given up");
    let returned = Audience::all_if(parties().any(|party| !party.earlier.is_empty()));
    sheet.column_for(returned, "earlier", "Party before");
    for party in parties() {
        sheet.row(vec![
            (&party.body).into(),
            Cell::label(party.kind()),
            Cell::dated(&party.joined_on, party.joined_on_is()),
            Cell::dated(&party.left_on, party.left_on_is()),
            in_place_of(&party.in_place_of, &party.also_in_place_of),
            (&party.followed_by).into(),
            (&party.joined_by_instrument_id).into(),
            (&party.released_by).into(),
            (&party.left_by_law).into(),
            given_up_places(&party.places_given_up),
            earlier(&party.earlier),
        ]);
    }
    sheet
}

/// All bodies in whose place one is.
pub(super) fn in_place_of(first: &Option<BodyRef>, others: &[BodyRef]) -> Cell {
    Cell::list(first.iter().chain(others).map(Cell::from))
}

/// The places of bodies before it that a party gave up.
fn given_up_places(places: &[PlaceGivenUpView]) -> Cell {
    let place = |place: &PlaceGivenUpView| {
        let of = place.of.as_ref().map_or("", |of| of.name.as_str());
        let on = place.given_up_on.as_ref().map(date).unwrap_or_default();
        Cell::from(format!("that of {of} on {on} (notice {})", place.notice_id).as_str())
    };
    Cell::list(places.iter().map(place))
}

/// The times for which a body was a party before.
pub(super) fn earlier(spells: &[PartySpellView]) -> Cell {
    let spell = |spell: &PartySpellView| {
        let day = |on: &Option<Date>| on.as_ref().map(date).unwrap_or_default();
        Cell::from(format!("{} to {}", day(&spell.joined_on), day(&spell.left_on)).as_str())
    };
    Cell::list(spells.iter().map(spell))
}
