//! The signed seal of the register: its checkpoint, its key, its witnesses, and how to check
//! them here and without this server.

use maud::{Markup, html};
use sha2::{Digest, Sha256};

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use minutebook_wire::proto::GetCheckpointResponse;

/// `tail` is the last entry of the log; the seal may be of some entries before it.
pub fn page(answer: &GetCheckpointResponse, tail: u64, address: &Address) -> WebPage {
    let links = address.links();
    let size = answer.tree_size;
    WebPage::new(PageSection::Other, "Is the register unaltered?")
        .over(html! { p { "The signed seal of the register" } })
        .lede(html! {
            @if size == 0 { p { "The register has no entry yet, and its seal covers none." } }
            @else {
                p { "The seal covers entries 1 to " a href=(links.entry(size)) { (size) } ". Nobody can alter, add or remove one of them without another root." }
            }
            @if tail > size { p { "Entry " a href=(links.entry(tail)) { (tail) } " is the last. The next seal covers it; it comes within moments." } }
        })
        .body(html! {
            (facts(answer))
            (check(answer))
            (offline())
        })
}

/// The root, as the checkpoint writes it: its third line.
fn root(checkpoint: &str) -> &str {
    checkpoint.lines().nth(2).unwrap_or_default()
}

fn facts(answer: &GetCheckpointResponse) -> Markup {
    html! {
        dl.facts {
            div { dt { "Entries" } dd { (answer.tree_size) } }
            div { dt { "Root" } dd { code { (root(&answer.checkpoint)) } } }
            div { dt { "Key" } dd { (key(&answer.verifier_key)) } }
            div {
                dt { "Witnesses" }
                dd {
                    @if answer.witness_keys.is_empty() { "None signed this seal." }
                    @else { ul { @for witness in &answer.witness_keys { li { code { (witness) } } } } }
                }
            }
        }
    }
}

/// A key with its fingerprint, and a warning that a key of this page proves little alone.
pub fn key(verifier_key: &str) -> Markup {
    html! {
        code { (verifier_key) }
        p.note {
            "SHA-256 of that line: " code { (fingerprint(verifier_key)) } ". "
            "A key that comes from the same server proves only that the server agrees with itself. "
            "Compare it with the key that the keeper of the register has published elsewhere."
        }
    }
}

/// SHA-256 of the line of a key, in hexadecimal digits, eight to a group.
fn fingerprint(verifier_key: &str) -> String {
    let digits: String = Sha256::digest(verifier_key.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let groups: Vec<&str> = (0..digits.len())
        .step_by(8)
        .filter_map(|at| digits.get(at..at + 8))
        .collect();
    groups.join(" ")
}

/// The text of the checkpoint, and the check of its signature where scripts run.
fn check(answer: &GetCheckpointResponse) -> Markup {
    html! {
        section #seal data-checkpoint=(answer.checkpoint) data-key=(answer.verifier_key) {
            h2 { "The seal" }
            p.check #seal-answer role="status" {
                "The key signs the number of entries and their root. Keep the seal: a later one must continue it."
            }
            pre.scroll tabindex="0" role="region" aria-label="The text of the seal" { (answer.checkpoint) }
            p { a.button href="/audit/checkpoint" download="checkpoint" { "Keep the seal" } }
        }
    }
}

/// How to check without this server.
fn offline() -> Markup {
    html! {
        section {
            h2 #offline { "Check without this server" }
            p { "The seal is a C2SP tlog-checkpoint in a C2SP signed note, so other tools check it too. With the program of this register:" }
            dl.facts {
                div { dt { "Copy the whole log" } dd { code { "minutebook audit export FOLDER" } } }
                div { dt { "Check every entry, root and signature" } dd { code { "minutebook audit verify FOLDER" } } }
                div { dt { "Prove one entry" } dd { code { "minutebook audit prove POSITION" } } }
            }
            p.note { "Each entry has its own proof on its page, to keep as a file." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> GetCheckpointResponse {
        GetCheckpointResponse {
            checkpoint: "log.example\n80\nnld9\n\n— log.example AAAA\n".into(),
            tree_size: 80,
            verifier_key: "log.example+fffe7c04+AQID".into(),
            ..GetCheckpointResponse::default()
        }
    }

    #[test]
    fn a_seal_says_what_it_covers_and_by_which_key() {
        let page = page(&answer(), 82, &Address::default());
        let (lede, body) = (page.lede.into_string(), page.body.into_string());
        assert!(
            lede.contains("entries 1 to <a href=\"/entries/80\">"),
            "{lede}"
        );
        assert!(lede.contains("The next seal covers it"), "{lede}");
        for text in [
            "<code>nld9</code>",
            "<code>log.example+fffe7c04+AQID</code>",
            "None signed this seal.",
            "published elsewhere",
            "data-key=\"log.example+fffe7c04+AQID\"",
        ] {
            assert!(body.contains(text), "{text}: {body}");
        }
    }

    #[test]
    fn a_fingerprint_is_that_of_the_line() {
        // printf '%s' abc | sha256sum
        assert_eq!(
            fingerprint("abc"),
            "ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad"
        );
    }

    #[test]
    fn an_empty_register_has_a_seal_of_nothing() {
        let page = page(&GetCheckpointResponse::default(), 0, &Address::default());
        assert!(page.lede.into_string().contains("no entry yet"));
    }
}
