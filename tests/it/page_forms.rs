//! Recording in the browser: by forms alone, without a script, each thing once.

use std::collections::BTreeMap;

use minutebook::form::FormKind;
use minutebook::wire;

use crate::given::{append, event};
use crate::program::{Serving, books, fed, register, walkthrough};
use serde_json::json;

/// An answer of the server to a browser.
struct Answer {
    code: u16,
    location: String,
    text: String,
}

/// A browser that follows no redirect.
struct Browser<'s> {
    serving: &'s Serving,
    origin: String,
}

type Boxes = Vec<(String, String)>;

impl<'s> Browser<'s> {
    fn new(serving: &'s Serving) -> Self {
        Self {
            serving,
            origin: serving.url.clone(),
        }
    }

    fn agent() -> ureq::Agent {
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into()
    }

    fn get(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.serving.url);
        answer(Self::agent().get(&url).call().unwrap())
    }

    fn post(&self, path: &str, boxes: &Boxes) -> Answer {
        self.post_with(path, boxes, &[])
    }

    fn post_with(&self, path: &str, boxes: &Boxes, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.serving.url);
        let mut request = Self::agent().post(&url).header("Origin", &self.origin);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let pairs = boxes
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        answer(request.send_form(pairs).unwrap())
    }

    /// Fills in the form of a page, and presses a button of it.
    fn fill(&self, page: &Answer, path: &str, typed: &[(&str, &str)], step: &str) -> Answer {
        self.post(path, &filled(page, typed, step))
    }

    fn entries(&self) -> u64 {
        let entry = self.get("/history");
        let rest = entry.text.split("/entries/").nth(1).unwrap();
        rest.split(['"', '?']).next().unwrap().parse().unwrap()
    }
}

fn answer(mut answer: http::Response<ureq::Body>) -> Answer {
    let location = answer.headers().get("location");
    Answer {
        code: answer.status().as_u16(),
        location: location.map_or_else(String::new, |to| to.to_str().unwrap().to_owned()),
        text: answer.body_mut().read_to_string().unwrap(),
    }
}

/// The boxes of a page with what is typed over them.
fn filled(page: &Answer, typed: &[(&str, &str)], step: &str) -> Boxes {
    let mut boxes = boxes(&page.text);
    boxes.retain(|(name, _)| typed.iter().all(|(typed, _)| typed != name));
    for (name, text) in typed {
        boxes.push(((*name).to_owned(), (*text).to_owned()));
    }
    boxes.push(("step".to_owned(), step.to_owned()));
    boxes
}

/// The boxes that a browser would send of the form of a page: hidden and typed texts, and what is
/// chosen.
fn boxes(page: &str) -> Boxes {
    let form = page.split("<form class=\"record\"").nth(1).expect("a form");
    let form = form.split("</form>").next().unwrap();
    let mut boxes = Vec::new();
    for input in form.split("<input ").skip(1) {
        let input = input.split('>').next().unwrap();
        let kind = attribute(input, "type").unwrap_or_default();
        let is_chosen = input.contains(" checked");
        if (kind == "radio" || kind == "checkbox") && !is_chosen {
            continue;
        }
        let name = attribute(input, "name").unwrap();
        boxes.push((name, attribute(input, "value").unwrap_or_default()));
    }
    boxes
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = format!(" {tag}")
        .split(&format!(" {name}=\""))
        .nth(1)?
        .to_owned();
    let value = rest.split('"').next()?;
    let value = value
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    Some(value.replace("&amp;", "&"))
}

/// The words of a page, without its marks.
fn words(page: &str) -> String {
    let mut words = String::new();
    for part in page.split('<') {
        words.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        words.push(' ');
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace("&amp;", "&").replace("&quot;", "\"")
}

const VIREMENT: &str = "virement_requested.virement";

fn on_walkthrough() -> (Serving, tempfile::TempDir) {
    let (serving, data) = register();
    serving.record(&[walkthrough()]);
    (serving, data)
}

#[test]
fn a_virement_goes_from_request_to_refusal_to_approval() {
    let (serving, _data) = on_walkthrough();
    let browser = Browser::new(&serving);
    let path = "/record/virement_requested";

    // A box that cannot be read says so beside it, and nothing typed is lost.
    let blank = browser.get(&format!(
        "{path}?subject=collaborations/fictional-three-shires"
    ));
    assert_eq!(blank.code, 200, "{}", blank.text);
    assert!(blank.text.contains("value=\"Fictional Three Shires\""));
    assert!(
        blank.text.contains("<option value=\"Kennels\">"),
        "heads are suggested"
    );
    let source = format!("{VIREMENT}.sources[0]");
    let target = format!("{VIREMENT}.targets[0]");
    let [from, from_amount, to, to_head, to_amount, year] = [
        format!("{source}.head.service_id"),
        format!("{source}.amount_pence"),
        format!("{target}.head.service_id"),
        format!("{target}.head.head"),
        format!("{target}.amount_pence"),
        format!("{VIREMENT}.financial_year"),
    ];
    let mut typed = vec![
        ("acted_by.body_id", "Fictional Northshire Chief Constable"),
        (&*from, "Training"),
        (&*from_amount, "thirty thousand"),
        (&*to, "Dogs"),
        (&*to_head, "Kennels"),
        (&*to_amount, "£30,000.00"),
        (&*year, "2024-25"),
        (
            "virement_requested.virement.permanence",
            "PERMANENCE_ONE_OFF",
        ),
        ("virement_requested.reason", "A roof for the kennels"),
        ("virement_requested.title", "A roof for the kennels"),
        (
            "virement_requested.board_id",
            "Fictional Three Shires Board",
        ),
        ("recorded_by", "Secretary to the Board"),
    ];
    let wrong = browser.fill(&blank, path, &typed, "check");
    assert_eq!(wrong.code, 400);
    let id = "q-virement_requested-virement-sources-0--amount_pence";
    assert!(
        wrong.text.contains(&format!("<a href=\"#{id}\">")),
        "{}",
        words(&wrong.text)
    );
    assert!(wrong.text.contains(&format!("id=\"{id}-fault\"")));
    assert!(wrong.text.contains("value=\"thirty thousand\""));
    assert!(wrong.text.contains("value=\"£30,000.00\""));
    assert!(wrong.text.contains("<title>Problem: "));

    // Checked, then recorded; twice is once.
    let before = browser.entries();
    typed[2].1 = "30 000";
    let check = browser.fill(&wrong, path, &typed, "check");
    assert_eq!(check.code, 200, "{}", words(&check.text));
    assert!(
        words(&check.text).contains("You record, for ever:"),
        "{}",
        words(&check.text)
    );
    assert!(words(&check.text).contains("It would be recorded."));
    assert!(
        words(&check.text).contains("the board, by majority"),
        "{}",
        words(&check.text)
    );
    assert_eq!(browser.entries(), before, "a check records nothing");
    let boxes = filled(&check, &[], "record");
    let first = browser.post(path, &boxes);
    let second = browser.post(path, &boxes);
    assert_eq!(
        (first.code, second.code),
        (303, 303),
        "{}",
        words(&first.text)
    );
    assert_eq!(first.location, second.location);
    assert_eq!(browser.entries(), before + 1);
    let done = browser.get(&first.location);
    assert!(words(&done.text).contains(&format!("Recorded as entry {}", before + 1)));

    // The back button, another answer, and the button again: what is recorded stays.
    let mut changed = boxes.clone();
    for (name, text) in &mut changed {
        if name == "virement_requested.reason" {
            *text = "Another reason".to_owned();
        }
    }
    let other = browser.post(path, &changed);
    assert_eq!(other.code, 409);
    assert!(words(&other.text).contains("This form was recorded already"));
    assert_eq!(browser.entries(), before + 1);

    // It is refused before it is approved, with the reason.
    let proposal = links(&done.text, "/proposals/").remove(0);
    let made = "/record/virement_made";
    let title = "A roof for the kennels";
    let virement = "virement_made.virement";
    let act: Vec<(String, &str)> = vec![
        ("acted_by.body_id".to_owned(), "Fictional Northshire PCC"),
        (format!("{virement}.financial_year"), "2024/25"),
        (format!("{virement}.sources[0].head.service_id"), "Training"),
        (format!("{virement}.sources[0].amount_pence"), "30,000"),
        (format!("{virement}.targets[0].head.service_id"), "Dogs"),
        (format!("{virement}.targets[0].head.head"), "Kennels"),
        (format!("{virement}.targets[0].amount_pence"), "30,000"),
        (format!("{virement}.permanence"), "PERMANENCE_ONE_OFF"),
        ("authority.basis".to_owned(), "proposal_id"),
        ("authority.proposal_id".to_owned(), title),
        ("recorded_by".to_owned(), "Treasurer"),
    ];
    let act: Vec<(&str, &str)> = act
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let blank = browser.get(&format!(
        "{made}?subject=collaborations/fictional-three-shires"
    ));
    let refused = browser.fill(&blank, made, &act, "check");
    assert_eq!(refused.code, 409, "{}", words(&refused.text));
    assert!(words(&refused.text).contains("It would be refused."));
    assert!(words(&refused.text).contains("There is a problem"));
    assert!(
        refused.text.contains("<a href=\"#q-authority"),
        "the fault is beside what it rests on"
    );

    // Three members vote from the page of the proposal, in two clicks each.
    let page = browser.get(&proposal);
    let vote = links(&page.text, &format!("{proposal}/vote?choice=for")).remove(0);
    for voter in ["eastvale-pcc", "westmoor-pcc", "northshire-pcc"] {
        let page = browser.get(&vote);
        assert!(
            words(&page.text).contains("You record, for ever:"),
            "{}",
            words(&page.text)
        );
        assert!(
            words(&page.text).contains("the board, by majority"),
            "the reasoning is in sight"
        );
        let speaker = format!("fictional-{voter}|fictional-three-shires-board|");
        assert!(
            page.text.contains(&format!("value=\"{speaker}\"")),
            "{voter}: {}",
            page.text
        );
        let typed = [
            ("speaker", speaker.as_str()),
            ("recorded_by", "Secretary to the Board"),
        ];
        let voted = browser.fill(&page, &vote, &typed, "record");
        assert_eq!(voted.code, 303, "{voter}: {}", words(&voted.text));
    }
    let decide = links(&browser.get(&proposal).text, &format!("{proposal}/decide")).remove(0);
    let page = browser.get(&decide);
    let typed = [("recorded_by", "Secretary to the Board")];
    let decided = browser.fill(&page, &decide, &typed, "record");
    assert_eq!(decided.code, 303, "{}", words(&decided.text));
    assert!(words(&browser.get(&proposal).text).contains("Approved on"));

    // Now it may be made.
    let check = browser.fill(&refused, made, &act, "check");
    assert_eq!(check.code, 200, "{}", words(&check.text));
    let recorded = browser.post(made, &filled(&check, &[], "record"));
    assert_eq!(recorded.code, 303, "{}", words(&recorded.text));
    assert!(words(&browser.get(&proposal).text).contains("Nothing is left."));
}

/// The addresses of a page that begin with a text.
fn links(page: &str, begin: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1);
    let hrefs = hrefs.filter_map(|rest| rest.split('"').next());
    let hrefs = hrefs.map(|href| href.replace("&amp;", "&"));
    hrefs.filter(|href| href.starts_with(begin)).collect()
}

#[test]
fn every_form_opens_and_is_checked_while_one_types() {
    let (serving, _data) = register();
    serving.record(&books());
    let browser = Browser::new(&serving);
    for kind in FormKind::all() {
        let path = format!("/record/{}", kind.name());
        let page = browser.get(&format!("{path}?subject=collaborations/bch"));
        assert_eq!(page.code, 200, "{path}");
        assert!(
            page.text.len() < 300_000,
            "{path}: {} bytes",
            page.text.len()
        );
        let fragment = browser.post_with(
            &path,
            &filled(&page, &[], "check"),
            &[("X-Minutebook-Fragment", "check"), ("Accept", "text/html")],
        );
        assert_eq!(fragment.code, 200, "{path}");
        assert!(
            fragment.text.starts_with("<section"),
            "{path}: {}",
            fragment.text
        );
        assert!(!fragment.text.contains('_'), "{path}: {}", fragment.text);
    }
    assert_eq!(browser.get("/record/nothing_such").code, 404);
    assert_eq!(browser.get("/record/checkpoint_key_replaced").code, 404);
}

#[test]
fn a_list_grows_without_a_script() {
    let (serving, _data) = on_walkthrough();
    let browser = Browser::new(&serving);
    let path = "/record/board_constituted";
    let page = browser.get(path);
    let mut boxes = filled(
        &page,
        &[("board_constituted.name", "A <b>board</b> & more")],
        "",
    );
    boxes.push(("add".to_owned(), "board_constituted.members".to_owned()));
    let more = browser.post(path, &boxes);
    assert_eq!(more.code, 200);
    assert!(
        more.text
            .contains("name=\"board_constituted.members[0].body_id\"")
    );
    assert!(
        more.text
            .contains("value=\"A &lt;b&gt;board&lt;/b&gt; &amp; more\"")
    );
    assert_eq!(
        self::boxes(&page.text)[0],
        self::boxes(&more.text)[0],
        "one request id"
    );
}

#[test]
fn a_form_is_taken_from_a_page_of_this_register_only() {
    let (serving, _data) = on_walkthrough();
    let browser = Browser::new(&serving);
    let path = "/record/alias_added";
    let page = browser.get(path);
    let typed = [
        ("subject", "Fictional Three Shires"),
        ("alias_added.alias", "F3S"),
        ("recorded_by", "Secretary"),
    ];
    let boxes = filled(&page, &typed, "record");
    let before = browser.entries();
    for origin in ["https://elsewhere.example", "null", "http://127.0.0.1:1"] {
        let stranger = Browser {
            serving: &serving,
            origin: origin.to_owned(),
        };
        let refused = stranger.post(path, &boxes);
        assert_eq!(refused.code, 403, "{origin}: {}", words(&refused.text));
    }
    for site in ["cross-site", "same-site", "none"] {
        let refused = browser.post_with(path, &boxes, &[("Sec-Fetch-Site", site)]);
        assert_eq!(refused.code, 403, "{site}: {}", words(&refused.text));
    }
    assert_eq!(browser.entries(), before);
    let own = browser.post_with(path, &boxes, &[("Sec-Fetch-Site", "same-origin")]);
    assert_eq!(own.code, 303, "{}", words(&own.text));
}

#[test]
fn hostile_names_do_nothing_in_forms() {
    let (serving, _data) = on_walkthrough();
    let name = "<script>alert(1)</script> \"' onclick=x";
    let body = json!({"name": name, "kind": "BODY_KIND_OTHER"});
    let registered = event("bodies/hostile", "2020-01-01", "bodyRegistered", body);
    let request = wire::json::to_string(&append(1, &[registered]));
    assert!(fed(&serving, &["record", "-"], &request).status.success());
    let browser = Browser::new(&serving);
    for path in [
        "/record/vote_cast",
        "/record/party_joined?body_id=hostile",
        "/record",
    ] {
        let page = browser.get(path);
        assert_eq!(page.code, 200);
        let scripts: BTreeMap<bool, usize> =
            page.text
                .split("<script")
                .skip(1)
                .fold(BTreeMap::new(), |mut counts, rest| {
                    *counts
                        .entry(rest.starts_with(" src=\"/assets/"))
                        .or_default() += 1;
                    counts
                });
        assert_eq!(scripts.keys().collect::<Vec<_>>(), [&true], "{path}");
        assert!(!page.text.contains("\"' onclick"), "{path}");
    }
}

/// Sends a spreadsheet as a browser does.
fn upload(browser: &Browser<'_>, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    const EDGE: &str = "edge-of-a-part";
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head =
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{EDGE}--\r\n").as_bytes());
    let request = Browser::agent()
        .post(format!("{}/import", browser.serving.url))
        .header("Origin", &browser.origin)
        .header(
            "Content-Type",
            format!("multipart/form-data; boundary={EDGE}"),
        );
    answer(request.send(&body[..]).unwrap())
}

const SHEET: &str = "What,Virements
Collaboration,Fictional Three Shires
Financial year,2024/25

Step,Reference,From service,To service,To head,Amount,Permanence,\"Done without approval, because\",Date
Made,1,Training,Dogs,Kennels,\"1,234.50\",One off,No approval was asked for,1 10 2024
";

#[test]
fn a_spreadsheet_is_checked_and_then_recorded_once() {
    let (serving, _data) = on_walkthrough();
    let browser = Browser::new(&serving);
    let before = browser.entries();
    assert_eq!(browser.get("/import").code, 200);
    let by = ("recorded_by", None, &b"Treasurer"[..]);
    let check = ("step", None, &b"check"[..]);

    let nothing = upload(&browser, &[("file", Some(""), b""), by, check]);
    assert_eq!(nothing.code, 400);
    assert!(words(&nothing.text).contains("Choose a spreadsheet."));
    let wrong = SHEET.replace("\"1,234.50\"", "much");
    let wrong = upload(
        &browser,
        &[("file", Some("v.csv"), wrong.as_bytes()), by, check],
    );
    assert_eq!(wrong.code, 400, "{}", words(&wrong.text));
    assert!(
        words(&wrong.text).contains("\"much\""),
        "{}",
        words(&wrong.text)
    );
    assert!(wrong.text.contains("<a href=\"#q-file\">"));

    let page = upload(
        &browser,
        &[("file", Some("v.csv"), SHEET.as_bytes()), by, check],
    );
    assert_eq!(page.code, 200, "{}", words(&page.text));
    assert!(
        words(&page.text).contains("You record, for ever,"),
        "{}",
        words(&page.text)
    );
    assert_eq!(browser.entries(), before, "a check records nothing");
    let boxes = boxes(&page.text);
    let mut parts: Vec<(&str, Option<&str>, &[u8])> = boxes
        .iter()
        .map(|(name, text)| (name.as_str(), None, text.as_bytes()))
        .collect();
    parts.push(("step", None, b"record"));
    let first = upload(&browser, &parts);
    assert_eq!(first.code, 200, "{}", words(&first.text));
    let now = browser.entries();
    assert!(now > before);
    let second = upload(&browser, &parts);
    assert!(
        words(&second.text).contains("(recorded before)"),
        "{}",
        words(&second.text)
    );
    assert_eq!(browser.entries(), now);
}
