//! Signing in by a browser: to the provider and back, as nobody else, and out again.

use std::collections::BTreeMap;

use super::test_provider::TestProvider;
use crate::program::Serving;

/// An answer to a browser that follows no redirect.
struct Answer {
    code: u16,
    to: String,
    cookies: Vec<String>,
    text: String,
}

/// A browser, with a jar of cookies for each host.
#[derive(Default)]
struct Browser {
    jar: BTreeMap<String, BTreeMap<String, String>>,
}

impl Browser {
    fn sends(&mut self, url: &str, form: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let host = url.split('/').nth(2).expect("a host").to_owned();
        let jar = self.jar.entry(host).or_default();
        let cookies: Vec<String> = jar.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let mut request = http::Request::builder().uri(url);
        request = match form {
            Some(_) => request
                .method("POST")
                .header("content-type", "application/x-www-form-urlencoded"),
            None => request.method("GET"),
        };
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(form.unwrap_or_default().to_owned()).unwrap();
        let mut answer = agent
            .run(request)
            .unwrap_or_else(|error| panic!("{url}: {error}"));
        let all = answer.headers().get_all("set-cookie").iter();
        let cookies: Vec<String> = all.map(|one| one.to_str().unwrap().to_owned()).collect();
        for cookie in &cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            match value {
                "" => jar.remove(name),
                value => jar.insert(name.to_owned(), value.to_owned()),
            };
        }
        let to = answer.headers().get("location");
        Answer {
            code: answer.status().as_u16(),
            to: to.map_or("", |to| to.to_str().unwrap()).to_owned(),
            cookies,
            text: answer.body_mut().read_to_string().unwrap(),
        }
    }

    fn gets(&mut self, url: &str) -> Answer {
        self.sends(url, None, &[])
    }

    /// Chooses an office on the page of the demo's provider. Returns the address that it
    /// sends the browser back to.
    fn chooses(&mut self, provider_page: &str, office: &str) -> String {
        let page = self.gets(provider_page);
        assert_eq!(page.code, 200, "{}", page.text);
        let mut form = form_urlencoded::Serializer::new(String::new());
        for input in page.text.split("<input type=\"hidden\" name=\"").skip(1) {
            let (name, rest) = input.split_once("\" value=\"").expect("a value");
            let value = rest.split('"').next().unwrap_or_default();
            form.append_pair(name, &value.replace("&amp;", "&"));
        }
        form.append_pair("office", office);
        let (address, _) = provider_page.split_once('?').expect("a query");
        let back = self.sends(address, Some(&form.finish()), &[]);
        assert_eq!(back.code, 303, "{}", back.text);
        back.to
    }

    fn signs_in(&mut self, serving: &Serving, office: &str, back: &str) -> Answer {
        let sent = self.gets(&format!("{}/sign-in?back={back}", serving.url));
        assert_eq!(sent.code, 303, "{}", sent.text);
        let returned = self.chooses(&sent.to, office);
        self.gets(&returned)
    }
}

fn demo() -> (Serving, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serving = Serving::try_with(&data, &["--demo-identities"]).expect("a server");
    (serving, folder)
}

#[test]
fn a_browser_signs_in_for_its_office_and_out_again() {
    let (serving, _folder) = demo();
    let attention = format!("{}/attention", serving.url);
    let mut browser = Browser::default();
    let closed = browser.gets(&attention);
    assert_eq!(closed.code, 401);
    assert!(
        closed.text.contains("/sign-in?back=%2Fattention"),
        "{}",
        closed.text
    );

    let done = browser.signs_in(&serving, "secretary", "/boards");
    assert_eq!((done.code, done.to.as_str()), (303, "/boards"));
    let session = done
        .cookies
        .iter()
        .find(|one| one.starts_with("minutebook="));
    let session = session.expect("a session").clone();
    assert!(
        session.contains("; HttpOnly") && session.contains("; SameSite=Lax"),
        "{session}"
    );
    let page = browser.gets(&attention);
    assert_eq!(page.code, 200);
    assert!(page.text.contains("Signed in for"), "{}", page.text);
    // Another browser is nobody.
    assert_eq!(Browser::default().gets(&attention).code, 401);

    let out = format!("{}/sign-out", serving.url);
    for from in [
        &[("origin", "https://evil.example")][..],
        &[("sec-fetch-site", "same-site")],
        &[],
    ] {
        assert_eq!(browser.sends(&out, Some(""), from).code, 403, "{from:?}");
    }
    assert_eq!(browser.gets(&attention).code, 200);
    let own = [("origin", serving.url.as_str())];
    assert_eq!(browser.sends(&out, Some(""), &own).code, 200);
    assert_eq!(browser.gets(&attention).code, 401);
    // The session itself has ended, not only its cookie.
    let (name, value) = session.split(';').next().unwrap().split_once('=').unwrap();
    let kept = format!("{name}={value}");
    let old = Browser::default().sends(&attention, None, &[("cookie", &kept)]);
    assert_eq!(old.code, 401);
}

/// The hidden fields of the last form of a page.
fn hidden(page: &str) -> Vec<(String, String)> {
    let form = page.rsplit("<form").next().unwrap_or_default();
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let pairs = inputs.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        let value = rest.split('"').next()?;
        Some((name.to_owned(), value.replace("&amp;", "&")))
    });
    pairs.collect()
}

#[test]
fn a_commissioner_votes_in_two_clicks_with_the_secret_of_the_session() {
    let (serving, _folder) = demo();
    let mut browser = Browser::default();
    browser.signs_in(&serving, "commissioner", "/attention");
    let attention = browser.gets(&format!("{}/attention", serving.url)).text;
    let path = attention
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|href| href.ends_with("/vote?choice=for"))
        .expect("a vote that waits");
    let page = browser.gets(&format!("{}{path}", serving.url)).text;
    let fields = hidden(&page);
    assert!(fields.iter().any(|(name, _)| name == "csrf"), "{page}");
    let sent = |with_secret: bool| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &fields {
            if with_secret || name != "csrf" {
                form.append_pair(name, value);
            }
        }
        form.append_pair("step", "record").finish()
    };
    let url = format!("{}{}", serving.url, path.split('?').next().unwrap());
    let own = [("origin", serving.url.as_str())];
    assert_eq!(browser.sends(&url, Some(&sent(false)), &own).code, 403);
    let done = browser.sends(&url, Some(&sent(true)), &own);
    assert_eq!(done.code, 303, "{}", done.text);
    assert!(done.to.starts_with("/record/done/"), "{}", done.to);
    // A double click records once.
    let again = browser.sends(&url, Some(&sent(true)), &own);
    assert_eq!(again.to, done.to);
}

#[test]
fn only_the_browser_that_began_a_sign_in_ends_it_and_once() {
    let (serving, _folder) = demo();
    let mut victim = Browser::default();
    let mut attacker = Browser::default();
    let sent = attacker.gets(&format!("{}/sign-in", serving.url));
    let returned = attacker.chooses(&sent.to, "registrar");
    // The attacker sends the victim the end of a sign-in.
    let led = victim.gets(&returned);
    assert_eq!(led.code, 400);
    assert!(led.text.contains("not known here"), "{}", led.text);
    assert!(led.cookies.is_empty());
    let state = returned.replace("state=", "state=x");
    assert_eq!(attacker.gets(&state).code, 400);
    let done = attacker.gets(&returned);
    assert_eq!((done.code, done.to.as_str()), (303, "/attention"));
    assert_eq!(attacker.gets(&returned).code, 400);
}

#[test]
fn a_sign_in_leads_to_no_other_site() {
    let (serving, _folder) = demo();
    for back in [
        "https://evil.example",
        "//evil.example",
        "%2F%5Cevil.example",
        "/sign-out",
    ] {
        let done = Browser::default().signs_in(&serving, "auditor", back);
        assert_eq!((done.code, done.to.as_str()), (303, "/attention"), "{back}");
    }
}

#[test]
fn where_nobody_signs_in_the_page_says_so() {
    let (serving, _data) = crate::program::register();
    let page = Browser::default().gets(&format!("{}/sign-in", serving.url));
    assert_eq!(page.code, 404);
    assert!(page.text.contains("You are not signed in"), "{}", page.text);
    let start = Browser::default().gets(&format!("{}/attention", serving.url));
    assert!(!start.text.contains("href=\"/sign-in"));
}

#[test]
fn a_person_signs_in_at_a_provider_that_nobody_here_wrote() {
    let Some(provider) = TestProvider::start("signing in by a page") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serving = Serving::try_with(&data, &provider.arguments()).expect("a server");
    let address = format!("{}/sign-in?back=/bodies", serving.url);
    let page = provider.person(&address, "secretary");
    assert!(page.contains("Signed in, without a mandate"), "{page}");
}
