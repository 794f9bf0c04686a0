//! The list of collaborations, with the network of those who are in them.

use maud::html;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::{network, view};
use minutebook_wire::proto::{CollaborationView, ListCollaborationsResponse};

/// `largest` has the parties of those that [`network::largest`] names.
pub fn page(
    answer: &ListCollaborationsResponse,
    largest: &[CollaborationView],
    address: &Address,
) -> WebPage {
    let section = PageSection::Collaborations;
    let page = view::page(section, "Which collaborations are in force?", answer, address);
    let listed = answer.collaborations.len();
    let body = html! {
        (page.body)
        (network::of_all(largest, listed, address.links()))
    };
    WebPage { body, ..page }
}
