//! The list of collaborations, with the network of those who are in them.

use maud::html;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::{network, spoken, view};
use minutebook_wire::proto::{CollaborationView, ListCollaborationsResponse};

/// `largest` has the parties of those that [`network::largest`] names.
pub fn page(
    answer: &ListCollaborationsResponse,
    largest: &[CollaborationView],
    address: &Address,
) -> WebPage {
    let section = PageSection::Collaborations;
    let page = view::page(
        section,
        "Which collaborations are in force?",
        answer,
        address,
    );
    let listed = answer.collaborations.len();
    let network = network::of_all(largest, listed, address.links());
    let has_network = !network.0.is_empty();
    let body = html! { (page.body) (network) };
    WebPage { body, ..page }.lede(html! {
        p {
            @if listed == 0 { "No collaboration is in force on this day." }
            @else { (spoken::capital(&spoken::count(listed, "collaboration is", "collaborations are"))) " listed." }
            @if has_network { " " a href="#network" { "Who works with whom" } }
        }
    })
}
