//! The pages: each opens on the books, leads only to pages that are there, says the same as
//! the command line, and does no harm whatever a name is.

mod live;
mod pictures;
mod seal;
mod time_travel;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use minutebook::wire;
use serde_json::{Value, json};

use crate::given::{append, event};
use crate::program::{Serving, books, councils, fed, monitoring, register, walkthrough};

/// The most bytes of a page on the books.
const PAGE_BYTES_MAX: usize = 300_000;

/// An answer of the server to a browser.
struct Answer {
    code: u16,
    headers: BTreeMap<String, String>,
    text: String,
}

fn get_with(url: &str, headers: &[(&str, &str)]) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let mut request = agent.get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request
        .call()
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    let named = answer.headers().iter();
    let headers = named.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Answer {
        code: answer.status().as_u16(),
        headers: headers.collect(),
        text: answer.body_mut().read_to_string().unwrap(),
    }
}

fn get(url: &str) -> Answer {
    get_with(url, &[])
}

/// A server with every book.
fn on_all_books() -> (Serving, tempfile::TempDir) {
    let (serving, data) = register();
    serving.record(&books());
    serving.record(&[councils(), monitoring(), walkthrough()]);
    (serving, data)
}

/// The addresses on this server that a page leads to, but for forms.
fn links(page: &str) -> BTreeSet<String> {
    let hrefs = page.split("href=\"").skip(1);
    let hrefs = hrefs.filter_map(|rest| rest.split('"').next());
    let local = hrefs.filter(|href| href.starts_with('/') && !href.starts_with("/sign-in"));
    local.map(|href| href.replace("&amp;", "&")).collect()
}

/// Follows every link from Attention. Entries, sources and other formats are many and alike:
/// some of each are enough.
#[test]
fn every_link_of_every_page_leads_to_a_page() {
    let (serving, _data) = on_all_books();
    let mut seen = BTreeSet::new();
    let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
    let mut next = VecDeque::from([("/attention".to_owned(), String::new())]);
    let mut pages = 0;
    while let Some((path, from)) = next.pop_front() {
        // Packs and calendars are of other tests: pack.rs, page_feeds.rs.
        if ["/pack", ".ics"].iter().any(|part| path.contains(part)) {
            continue;
        }
        let kind = ["/entries/", "known=", "on=2", ".csv", ".json", "?until="];
        if let Some(kind) = kind.iter().find(|kind| path.contains(**kind)) {
            let count = alike.entry(kind).or_default();
            *count += 1;
            if *count > 40 {
                continue;
            }
        }
        let answer = get(&format!("{}{path}", serving.url));
        // On the day of a meeting a subject may not have been there yet; the page says so.
        if answer.code == 404 && path.contains("on=2") {
            assert!(answer.text.contains("Back to today"), "{path}");
            continue;
        }
        assert_eq!(answer.code, 200, "{path}, from {from}: {}", answer.text);
        let is_page = answer.headers["content-type"].starts_with("text/html");
        if !is_page {
            continue;
        }
        pages += 1;
        let text = &answer.text;
        assert!(text.len() < PAGE_BYTES_MAX, "{path}: {} bytes", text.len());
        assert_eq!(text.matches("<h1>").count(), 1, "{path}");
        assert!(!text.contains("<title> –"), "{path}");
        assert!(
            !text.contains(" style=\"") && !text.contains(" onclick"),
            "{path}"
        );
        assert!(!text.contains("class=\"\""), "{path}");
        for link in links(text) {
            let link = link.split('#').next().unwrap().to_owned();
            if seen.insert(link.clone()) {
                next.push_back((link, path.clone()));
            }
        }
    }
    assert!(pages > 150, "{pages} pages");
}

#[test]
fn a_page_is_the_same_answer_in_every_format_and_at_every_moment() {
    let (serving, _data) = on_all_books();
    let url = |path: &str| format!("{}{path}", serving.url);
    for (path, command) in [
        ("/collaborations/bch.json", "show collaboration bch"),
        ("/bodies.json?all=1", "show bodies --all"),
        ("/bodies.json?on=2016", "show bodies --as-at 2016"),
        ("/breaches.json", "show breaches"),
        (
            "/proposals.json?known=100",
            "show approvals --as-known-at #100",
        ),
        (
            "/collaborations/east-midlands/contributions/2020-21.json",
            "show contributions east-midlands --year 2020/21",
        ),
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.extend(["--format", "json"]);
        let printed: Value = serde_json::from_str(&serving.prints(&arguments)).unwrap();
        let served: Value = serde_json::from_str(&get(&url(path)).text).unwrap();
        assert_eq!(served, printed, "{path}");
    }
    let csv = get(&url("/breaches.csv"));
    assert_eq!(
        csv.text,
        serving.prints(&["show", "breaches", "--format", "csv"])
    );
    assert!(csv.headers["content-disposition"].contains("breaches.csv"));
    let accepted = get_with(&url("/breaches"), &[("accept", "text/csv")]);
    assert_eq!(accepted.text, csv.text);

    let form = get(&url("/bodies?on=31+12+2016&by=day&known="));
    assert_eq!(form.code, 303);
    assert_eq!(
        form.headers["location"],
        "/bodies?on=2016-12-31&known=2016-12-31"
    );
    let past = get(&url("/bodies?on=2016-12-31"));
    assert!(past.text.contains("31 December 2016"));
    // Every link of a page of the past is of the past.
    let links = links(&past.text);
    let of_bodies = |link: &&String| link.starts_with("/bodies/");
    assert!(
        links
            .iter()
            .filter(of_bodies)
            .all(|link| link.contains("on=2016-12-31"))
    );
}

#[test]
fn an_entry_gives_the_proof_that_the_command_line_gives() {
    let (serving, _data) = register();
    serving.record(&books());
    let page = get(&format!("{}/entries/35", serving.url));
    assert!(
        page.text.contains("data-proof=\"/entries/35/proof.json\""),
        "{}",
        page.text
    );
    let file = get(&format!("{}/entries/35/proof", serving.url));
    assert_eq!(file.text, serving.prints(&["audit", "prove", "35"]));
    assert!(file.headers["content-disposition"].contains("entry-35.tlog-proof"));
    let none = get(&format!("{}/entries/99999", serving.url));
    assert_eq!(none.code, 404);
}

#[test]
fn what_cannot_be_shown_is_said_in_the_format_that_was_asked_for() {
    let (serving, _data) = register();
    let url = |path: &str| format!("{}{path}", serving.url);
    for (path, code, says) in [
        ("/bodies/nobody", 404, "nobody"),
        ("/bodies?on=yesterday", 400, "yesterday"),
        ("/boards/a/meetings/b", 404, "boards/a"),
        ("/no/such/page", 404, "/no/such/page"),
        ("/changes?from=x", 400, "write 31 12 2024"),
    ] {
        let page = get(&url(path));
        assert_eq!(page.code, code, "{path}");
        assert!(
            page.headers["content-type"].starts_with("text/html"),
            "{path}"
        );
        assert!(page.text.contains(says), "{path}: {}", page.text);
    }
    let answer = get(&url("/bodies/nobody.json"));
    let refusal: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(refusal["code"], json!("NotFound"));
    assert_eq!(refusal["reasons"], json!(["BODY_NOT_FOUND"]));
}

#[test]
fn a_page_loads_nothing_from_elsewhere_and_nobody_frames_it() {
    let (serving, _data) = register();
    let page = get(&format!("{}/attention", serving.url));
    let policy = &page.headers["content-security-policy"];
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    let assets = page.text.split("\"/assets/").skip(1);
    let assets: BTreeSet<&str> = assets.filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(assets.len(), 3, "{assets:?}");
    for asset in assets {
        let asset = get(&format!("{}/assets/{asset}", serving.url));
        assert_eq!(asset.code, 200);
        assert!(asset.headers["cache-control"].contains("immutable"));
    }
    // A name that is not this machine's leads here by a trick of the name server.
    let rebound = get_with(
        &format!("{}/attention", serving.url),
        &[("host", "evil.example")],
    );
    assert_eq!(rebound.code, 403);
    assert!(rebound.text.contains("evil.example"), "{}", rebound.text);
}

#[test]
fn a_hostile_name_is_only_a_name() {
    let (serving, _data) = register();
    let name = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";
    let name = format!("{name} {}", "wide ".repeat(20).trim());
    let body = json!({"name": name, "kind": "BODY_KIND_COUNCIL"});
    let registered = event("bodies/hostile", "2020-01-01", "bodyRegistered", body);
    let request = wire::json::to_string(&append(1, &[registered]));
    let output = fed(&serving, &["record", "-"], &request);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for path in [
        "/bodies",
        "/bodies/hostile",
        "/history",
        "/entries/1",
        "/search?q=<script>",
    ] {
        let page = get(&format!(
            "{}{}",
            serving.url,
            path.replace('<', "%3C").replace('>', "%3E")
        ));
        assert_eq!(page.code, 200, "{path}");
        assert!(!page.text.contains("<script>alert"), "{path}");
        assert!(!page.text.contains("<img"), "{path}");
        assert!(
            path.contains('?') || page.text.contains("&lt;script&gt;alert"),
            "{path}"
        );
    }
}
