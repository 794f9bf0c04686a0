//! The pages of the register as a whole: its signed seal, and who the reader is.

use minutebook::wire::proto::MandateRole;
use serde_json::{Value, json};

use super::{get, get_with};
use crate::given::{append, event};
use crate::program::{books, register};
use crate::sign_in::mandated::{kept, of_groups};
use crate::sign_in::test_provider::{TestProvider, with};

#[test]
fn the_seal_is_that_of_the_command_line_and_comes_with_its_key() {
    let (serving, _data) = register();
    serving.record(&books());
    let url = |path: &str| format!("{}{path}", serving.url);
    let printed = serving.prints(&["audit", "checkpoint"]);
    let file = get(&url("/audit/checkpoint"));
    assert_eq!(file.text, printed);
    assert!(file.headers["content-disposition"].contains("checkpoint"));
    let seal: Value = serde_json::from_str(&get(&url("/audit.json")).text).unwrap();
    let key = seal["verifierKey"].as_str().unwrap();
    let page = get(&url("/audit")).text;
    let attribute = key.replace('&', "&amp;");
    for says in [
        &*format!("data-key=\"{attribute}\""),
        &*format!("<code>{attribute}</code>"),
        printed.lines().nth(2).unwrap(),
        "Compare it with the key that the keeper of the register has published elsewhere.",
        "None signed this seal.",
        "minutebook audit verify FOLDER",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let entry = get(&url("/entries/35")).text;
    assert!(
        entry.contains(&format!("data-key=\"{attribute}\"")),
        "{entry}"
    );
    assert!(entry.contains("<ol class=\"steps\">"), "{entry}");
}

#[test]
fn a_reader_who_has_not_signed_in_reads_that() {
    let (serving, _data) = register();
    let page = get(&format!("{}/me", serving.url)).text;
    assert!(page.contains("You are not signed in."), "{page}");
    assert!(
        page.contains("everybody who can reach this page may record"),
        "{page}"
    );
    assert!(!page.contains("/sign-in"), "{page}");
    let answer = get(&format!("{}/me.json", serving.url));
    let answer: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(answer["signedIn"], Value::Null, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_has_signed_in_reads_the_mandates_and_their_entries() {
    let Some(provider) = TestProvider::start("who am I, as a page") else {
        return;
    };
    let mut server = kept(provider.settings(), &provider.url).await;
    let keeper = of_groups(&provider, &["keepers"]);
    let granted = json!({
        "mandateId": "eastvale", "holder": { "issuer": provider.url, "group": "eastvale" },
        "role": MandateRole::Registrar.as_str_name(), "recordedAs": "Office <Eastvale>",
        "wholeRegister": true,
        "untilOn": { "year": 2099, "month": 3, "day": 31 },
    });
    let mut request = append(1, &[event("register", "", "mandateGranted", granted)]);
    request.recorded_by.clear();
    let request = with(request, &[&format!("Bearer {keeper}")]);
    server.record.append(request).await.expect("a mandate");

    let url = format!("http://{}/me", server.running.address());
    let token = format!("Bearer {}", of_groups(&provider, &["eastvale"]));
    let read = move || get_with(&url, &[("authorization", &token)]);
    let answer = tokio::task::spawn_blocking(read).await.unwrap();
    assert_eq!(answer.code, 200, "{}", answer.text);
    for says in [
        "You are signed in as Office &lt;Eastvale&gt;, until ",
        "You may found bodies, boards and collaborations",
        "<li>the whole register</li>",
        "Until 31 March 2099, by <a class=\"entry\" href=\"/entries/2\">entry 2</a>.",
    ] {
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
}
