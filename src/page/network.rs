//! The network of bodies and collaborations: who works with whom, as a picture and as a
//! table.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::address::Links;
use crate::picture::network::{NetworkDrawn, NetworkLine, NetworkNode, drawing};
use crate::{picture, spoken, table, who};
use minutebook_wire::proto::{BodyRef, CollaborationSummary, CollaborationView};

/// The most collaborations in a picture.
pub const COLLABORATIONS_MAX: usize = 12;

/// The most bodies with a name of their own in a picture.
const BODIES_MAX: usize = 24;

/// The collaborations whose parties the picture needs: those with the most parties, by id.
pub fn largest(listed: &[CollaborationSummary]) -> Vec<String> {
    let mut several: Vec<&CollaborationSummary> =
        listed.iter().filter(|one| one.party_count > 1).collect();
    several.sort_by_key(|one| (std::cmp::Reverse(one.party_count), &one.name));
    several
        .into_iter()
        .take(COLLABORATIONS_MAX)
        .map(|one| one.collaboration_id.clone())
        .collect()
}

/// A body, and the collaborations that it is in, each by its index.
struct Member<'a> {
    body: &'a BodyRef,
    is_in: Vec<usize>,
    leads: Vec<usize>,
}

/// The members of all, those in the most collaborations first.
fn members(collaborations: &[CollaborationView]) -> Vec<Member<'_>> {
    let mut by_id: BTreeMap<&str, Member<'_>> = BTreeMap::new();
    for (index, one) in collaborations.iter().enumerate() {
        let lead = one.summary.as_ref().and_then(|one| one.lead.as_ref());
        for body in one.parties.iter().filter_map(|party| party.body.as_ref()) {
            let member = by_id.entry(&body.body_id).or_insert_with(|| Member {
                body,
                is_in: Vec::new(),
                leads: Vec::new(),
            });
            member.is_in.push(index);
            if lead.is_some_and(|lead| lead.body_id == body.body_id) {
                member.leads.push(index);
            }
        }
    }
    let mut members: Vec<Member<'_>> = by_id.into_values().collect();
    members.sort_by_key(|member| std::cmp::Reverse(member.is_in.len()));
    members
}

/// All of a register: `listed` is the number of collaborations that the page lists.
pub fn of_all(collaborations: &[CollaborationView], listed: usize, links: Links<'_>) -> Markup {
    let members = members(collaborations);
    if collaborations.len() < 2 {
        return Markup::default();
    }
    let joined = members.iter().filter(|member| member.is_in.len() > 1);
    let (joined, belong) = match joined.count() {
        0 => ("None".to_owned(), "belongs"),
        1 => ("One".to_owned(), "belongs"),
        several => (spoken::capital(&spoken::number_in_words(several)), "belong"),
    };
    let mut sentence = format!(
        "{joined} of {} bodies {belong} to more than one of these {}.",
        spoken::number_in_words(members.len()),
        spoken::count(collaborations.len(), "collaboration", "collaborations"),
    );
    if let Some(most) = members.first().filter(|member| member.is_in.len() > 1) {
        sentence.push_str(&format!(
            " {} belongs to most: {}.",
            name_of(most.body),
            spoken::number_in_words(most.is_in.len())
        ));
    }
    section(&sentence, collaborations, listed, &members, None, links)
}

/// The collaborations of one body, with all their parties.
pub fn of_body(body: &BodyRef, collaborations: &[CollaborationView], links: Links<'_>) -> Markup {
    let members = members(collaborations);
    let others = members
        .iter()
        .filter(|member| member.body.body_id != body.body_id);
    let others: Vec<&Member<'_>> = others.collect();
    let Some(nearest) = others.first() else {
        return Markup::default();
    };
    let shared = spoken::count(collaborations.len(), "collaboration", "collaborations");
    let mut sentence = format!(
        "{} is in {shared} with {}.",
        name_of(body),
        spoken::count(others.len(), "other body", "other bodies"),
    );
    if nearest.is_in.len() > 1 {
        sentence.push_str(&format!(
            " It shares most with {}: {}.",
            name_of(nearest.body),
            spoken::number_in_words(nearest.is_in.len())
        ));
    }
    let listed = collaborations.len();
    section(
        &sentence,
        collaborations,
        listed,
        &members,
        Some(body),
        links,
    )
}

fn section(
    sentence: &str,
    collaborations: &[CollaborationView],
    listed: usize,
    members: &[Member<'_>],
    of: Option<&BodyRef>,
    links: Links<'_>,
) -> Markup {
    let network = drawn(collaborations, members, of);
    let has_leads = network.lines.iter().any(|line| line.is_strong);
    let has_groups = network.right.iter().any(|node| node.name.ends_with(MORE));
    let ordered = network.ordered();
    html! {
        section {
            h2 #network { "Who works with whom" }
            (picture::figure(sentence, &Markup::default(), |width| drawing(&ordered, width)))
            @if has_leads && of.is_none() { p.note { "A thick line: that body leads the collaboration." } }
            @if has_groups { p.note { "“" (MORE.trim()) "” are in that collaboration alone. The table names them." } }
            @if listed > collaborations.len() {
                p.note {
                    "Of the " (listed) " collaborations of this page, the picture has the "
                    (spoken::number_in_words(collaborations.len())) " with the most parties."
                }
            }
            details.more {
                summary { "The same as a table" }
                (rows(collaborations, members, links))
            }
        }
    }
}

/// The end of the name of a node that is several bodies.
const MORE: &str = " more bodies";

/// The picture: bodies that join collaborations by their names, the others of each
/// collaboration as one node.
fn drawn(
    collaborations: &[CollaborationView],
    members: &[Member<'_>],
    of: Option<&BodyRef>,
) -> NetworkDrawn {
    let is_of = |member: &Member<'_>| of.is_some_and(|of| of.body_id == member.body.body_id);
    let has_name =
        |member: &&Member<'_>| member.is_in.len() > 1 || !member.leads.is_empty() || is_of(member);
    let (mut named, mut others): (Vec<&Member<'_>>, Vec<&Member<'_>>) =
        members.iter().partition(has_name);
    others.extend(named.split_off(named.len().min(BODIES_MAX)));
    let mut network = NetworkDrawn {
        left: collaborations
            .iter()
            .map(|one| NetworkNode {
                name: name_of_collaboration(one).to_owned(),
                is_strong: false,
            })
            .collect(),
        ..NetworkDrawn::default()
    };
    let mut add = |name: String, is_strong: bool, lines: &[(usize, bool)]| {
        let right = network.right.len();
        network.right.push(NetworkNode { name, is_strong });
        network
            .lines
            .extend(lines.iter().map(|(left, is_strong)| NetworkLine {
                left: *left,
                right,
                is_strong: *is_strong,
            }));
    };
    for member in named {
        let is_of = is_of(member);
        let is_strong = |index: &usize| is_of || (of.is_none() && member.leads.contains(index));
        let lines: Vec<(usize, bool)> = member
            .is_in
            .iter()
            .map(|index| (*index, is_strong(index)))
            .collect();
        add(name_of(member.body).to_owned(), is_of, &lines);
    }
    for index in 0..collaborations.len() {
        let alone: Vec<&&Member<'_>> = others
            .iter()
            .filter(|member| member.is_in.contains(&index))
            .collect();
        match alone.as_slice() {
            [] => {}
            [one] => add(name_of(one.body).to_owned(), false, &[(index, false)]),
            several => add(format!("{}{MORE}", several.len()), false, &[(index, false)]),
        }
    }
    network
}

fn rows(collaborations: &[CollaborationView], members: &[Member<'_>], links: Links<'_>) -> Markup {
    let rows = html! {
        @for member in members {
            tr role="row" {
                th role="rowheader" scope="row" { a href=(links.body(member.body)) { (name_of(member.body)) } }
                td role="cell" data-label="Collaborations" {
                    div {
                        @for (place, index) in member.is_in.iter().enumerate() {
                            @if place > 0 { "; " }
                            @if let Some(one) = collaborations.get(*index) {
                                a href=(links.subject(&format!("collaborations/{}", id_of(one)))) { (name_of_collaboration(one)) }
                            }
                            @if member.leads.contains(index) { " (leads it)" }
                        }
                    }
                }
            }
        }
    };
    let columns = [("Body", false), ("Collaborations", false)];
    table::stacking("Bodies and their collaborations", &columns, &rows)
}

fn name_of(body: &BodyRef) -> &str {
    who::name(&body.name, &body.body_id)
}

fn id_of(view: &CollaborationView) -> &str {
    view.summary
        .as_ref()
        .map_or("", |summary| &summary.collaboration_id)
}

fn name_of_collaboration(view: &CollaborationView) -> &str {
    view.summary.as_ref().map_or("", |summary| {
        who::name(&summary.name, &summary.collaboration_id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use minutebook_wire::proto::PartyView;

    fn body(id: &str) -> BodyRef {
        BodyRef {
            body_id: id.to_lowercase(),
            name: id.to_owned(),
        }
    }

    fn collaboration(id: &str, parties: &[&str], lead: &str) -> CollaborationView {
        CollaborationView {
            summary: Some(CollaborationSummary {
                collaboration_id: id.to_lowercase(),
                name: id.to_owned(),
                lead: Some(body(lead)),
                party_count: u32::try_from(parties.len()).unwrap(),
                ..CollaborationSummary::default()
            }),
            parties: parties
                .iter()
                .map(|party| PartyView {
                    body: Some(body(party)),
                    ..PartyView::default()
                })
                .collect(),
            ..CollaborationView::default()
        }
    }

    #[test]
    fn those_that_join_have_names_and_the_others_are_counted() {
        let all = [
            collaboration("North", &["A", "B", "C", "D"], "D"),
            collaboration("South", &["A", "E"], ""),
        ];
        let address = Address::default();
        let html = of_all(&all, 16, address.links()).into_string();
        assert!(
            html.contains(
                "One of five bodies belongs to more than one of these two collaborations."
            ),
            "{html}"
        );
        assert!(html.contains("A belongs to most: two."), "{html}");
        assert!(
            html.contains(">2 more bodies<"),
            "B and C are in North alone: {html}"
        );
        assert!(html.contains("Of the 16 collaborations"), "{html}");
        // D leads, so it has a name and a thick line, in both widths.
        assert_eq!(html.matches("strong-join").count(), 2, "{html}");
        for name in ["A", "B", "C", "D", "E"] {
            let link = format!("<a href=\"/bodies/{}\">{name}</a>", name.to_lowercase());
            assert_eq!(html.matches(&link).count(), 1, "{link}: {html}");
        }
        assert!(html.contains("North</a> (leads it)"), "{html}");
    }

    #[test]
    fn a_body_sees_with_whom_it_shares_most() {
        let all = [
            collaboration("North", &["A", "B", "C"], ""),
            collaboration("South", &["A", "B"], ""),
        ];
        let address = Address::default();
        let html = of_body(&body("A"), &all, address.links()).into_string();
        assert!(
            html.contains(
                "A is in two collaborations with two other bodies. It shares most with B: two."
            ),
            "{html}"
        );
        let alone = [collaboration("North", &["A"], "")];
        let html = of_body(&body("A"), &alone, address.links()).into_string();
        assert_eq!(html, "");
    }

    #[test]
    fn the_largest_are_chosen_and_those_of_one_party_are_not() {
        let mut listed: Vec<CollaborationSummary> = (0..20)
            .map(|n| CollaborationSummary {
                collaboration_id: format!("c{n:02}"),
                name: format!("C{n:02}"),
                party_count: n,
                ..CollaborationSummary::default()
            })
            .collect();
        let ids = largest(&listed);
        assert_eq!(ids.len(), COLLABORATIONS_MAX);
        assert_eq!(
            (ids[0].as_str(), ids[11].as_str()),
            ("c19", "c08"),
            "{ids:?}"
        );
        listed.truncate(3);
        assert_eq!(largest(&listed), ["c02"]);
    }
}
