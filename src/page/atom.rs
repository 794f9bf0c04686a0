//! The newest decisions as a feed that other programs follow (Atom, RFC 4287).

use minutebook_domain::date::PartialDate;
use minutebook_present::invisible::sanitise_line;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{Date, DecisionStanding, DecisionView};

use crate::spoken;

/// The most decisions of a feed.
const DECISIONS_MAX: usize = 100;

/// The feed, before it is written.
#[derive(Debug, Clone)]
pub struct DecisionFeed<'a> {
    /// The name of the register, which makes the names of its decisions its own.
    pub origin: &'a str,
    /// When the last entry was recorded that the feed knows: `2024-06-17T12:00:00Z`.
    pub updated: &'a str,
    pub decisions: &'a [DecisionView],
}

impl DecisionFeed<'_> {
    /// The bytes of the file.
    pub fn write(&self) -> String {
        let mut feed = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        feed.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n");
        feed.push_str("<title>Decisions of the register</title>\n");
        feed.push_str(&format!("<id>{}</id>\n", self.id("decisions")));
        feed.push_str(&format!("<updated>{}</updated>\n", xml(self.updated)));
        feed.push_str("<author><name>Minutebook</name></author>\n");
        feed.push_str(
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"/decisions.atom\"/>\n",
        );
        feed.push_str("<link rel=\"alternate\" type=\"text/html\" href=\"/decisions\"/>\n");
        // The list is oldest first, and ends with what waits; a feed is newest first.
        let is_decided =
            |one: &&DecisionView| one.position > 0 && one.standing() != DecisionStanding::Pending;
        let decided = self.decisions.iter().filter(is_decided);
        let mut decided: Vec<&DecisionView> = decided.collect();
        decided.sort_by_key(|one| std::cmp::Reverse((order(one.on.as_ref()), one.position)));
        for decision in decided.into_iter().take(DECISIONS_MAX) {
            self.entry(decision, &mut feed);
        }
        feed.push_str("</feed>\n");
        feed
    }

    fn entry(&self, decision: &DecisionView, feed: &mut String) {
        let standing = spoken::capital(&decision.standing().label());
        let title = match standing.as_str() {
            "" => decision.title.clone(),
            standing => format!("{standing}: {}", decision.title),
        };
        let by = match (&decision.board, &decision.by) {
            (Some(board), _) => board.name.clone(),
            (None, Some(actor)) => office(actor),
            (None, None) => decision.subject_name.clone(),
        };
        feed.push_str("<entry>\n");
        feed.push_str(&format!("<title>{}</title>\n", xml(&title)));
        let id = self.id(&format!("entry:{}", decision.position));
        feed.push_str(&format!("<id>{id}</id>\n"));
        feed.push_str(&format!(
            "<updated>{}</updated>\n",
            instant(decision.on.as_ref(), self.updated)
        ));
        feed.push_str(&format!("<author><name>{}</name></author>\n", xml(&by)));
        let href = format!("/entries/{}", decision.position);
        feed.push_str(&format!(
            "<link rel=\"alternate\" type=\"text/html\" href=\"{href}\"/>\n"
        ));
        feed.push_str(&format!("<summary>{}</summary>\n", xml(&summary(decision))));
        feed.push_str("</entry>\n");
    }

    fn id(&self, of: &str) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
        let origin = self
            .origin
            .chars()
            .map(|c| if is_plain(c) { c } else { '-' });
        format!("urn:x-minutebook:{}:{of}", origin.collect::<String>())
    }
}

/// The subject, the day, and the reasons.
fn summary(decision: &DecisionView) -> String {
    let on = spoken::optional(&decision.on);
    let parts = [
        &decision.subject_name,
        &on,
        &decision.reasons,
        &decision.conditions,
    ];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.cloned().collect::<Vec<String>>().join(". ")
}

fn office(actor: &minutebook_wire::proto::ActorRef) -> String {
    match (&actor.body, actor.office.as_str()) {
        (None, office) => office.to_owned(),
        (Some(body), "") => body.name.clone(),
        (Some(body), office) => format!("{} ({office})", body.name),
    }
}

fn order(on: Option<&Date>) -> (i32, i32, i32) {
    on.map_or((0, 0, 0), |on| (on.year, on.month, on.day))
}

/// The first instant of a day; `otherwise` where there is none.
fn instant(on: Option<&Date>, otherwise: &str) -> String {
    let read = on.and_then(|on| PartialDate::new(on.year, on.month, on.day).ok());
    read.map_or_else(
        || xml(otherwise),
        |date| format!("{}T00:00:00Z", date.first_day()),
    )
}

/// A text as content of XML, on one line.
fn xml(text: &str) -> String {
    let mut written = String::new();
    for c in sanitise_line(text).chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            // XML has no such characters.
            '\u{fffe}' | '\u{ffff}' => written.push(char::REPLACEMENT_CHARACTER),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_decision_is_first_and_no_text_is_markup() {
        let decision = |position, day, title: &str| DecisionView {
            position,
            title: title.into(),
            standing: DecisionStanding::Approved.into(),
            on: Some(Date {
                year: 2024,
                month: 6,
                day,
            }),
            ..DecisionView::default()
        };
        let mut waits = decision(3, 19, "It waits");
        waits.standing = DecisionStanding::Pending.into();
        let decisions = [
            decision(1, 17, "<script>&\"\u{ffff}\0"),
            decision(2, 18, "Later"),
            decision(0, 0, "Without an entry"),
            waits,
        ];
        let feed = DecisionFeed {
            origin: "register.example/north+1",
            updated: "2024-06-20T10:00:00Z",
            decisions: &decisions,
        };
        let text = feed.write();
        let titles: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("<title>"))
            .collect();
        assert_eq!(
            titles,
            [
                "<title>Decisions of the register</title>",
                "<title>Approved: Later</title>",
                "<title>Approved: &lt;script&gt;&amp;&quot;\u{fffd}\u{fffd}</title>",
            ]
        );
        assert!(text.contains("<id>urn:x-minutebook:register.example/north-1:entry:2</id>"));
        assert!(text.contains("<updated>2024-06-18T00:00:00Z</updated>"));
    }
}
