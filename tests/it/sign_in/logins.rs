//! Sign-ins by the program as its users run it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};

use super::test_provider::TestProvider;
use crate::program::{Serving, fails, program};

/// A user of the program, with a folder of their own.
struct User {
    folder: tempfile::TempDir,
    server: String,
}

impl User {
    fn of(serving: &Serving) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            server: serving.url.clone(),
        }
    }

    fn tokens(&self) -> PathBuf {
        self.folder.path().join("config/minutebook/tokens.json")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .env_remove("MINUTEBOOK_TOKENS")
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .env("MINUTEBOOK_SERVER", &self.server)
            .args(arguments);
        command
    }

    fn runs(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    #[track_caller]
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.runs(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Signs in: as soon as `login` prints an address, a person opens it as this office.
    #[track_caller]
    fn signs_in(&self, provider: &TestProvider, arguments: &[&str], office: &str) -> String {
        let mut child = self
            .command(&[&["login"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let address = address_in(&mut output);
        let page = provider.person(&address, office);
        let mut rest = String::new();
        output.read_to_string(&mut rest).expect("the rest");
        let ended = child.wait_with_output().expect("its end");
        let errors = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{page}{errors}");
        rest
    }
}

/// The first address that a person could open without typing a code.
fn address_in(output: &mut BufReader<ChildStdout>) -> String {
    loop {
        let mut line = String::new();
        let read = output.read_line(&mut line).expect("a line");
        assert!(read > 0, "no address was printed");
        let words = line.split_whitespace();
        let mut whole = words.filter(|word| word.contains("user_code=") || word.contains("state="));
        if let Some(address) = whole.next() {
            return address.to_owned();
        }
    }
}

fn serving(provider: &TestProvider, folder: &Path) -> Serving {
    Serving::with(&folder.join("register"), &provider.arguments())
}

#[test]
#[ignore = "unfinished: the script of the person does not reach the provider"]
fn a_person_signs_in_on_another_device_and_out_again() {
    let Some(provider) = TestProvider::start("device login") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let serving = serving(&provider, folder.path());
    let user = User::of(&serving);
    fails(&user.runs(&["show", "bodies"]), 1, "minutebook login");

    let printed = user.signs_in(&provider, &["--device"], "finance+audit@office");
    assert!(
        printed.contains("Signed in to") && printed.contains("finance"),
        "{printed}"
    );
    let mode = fs::metadata(user.tokens())
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    user.prints(&["show", "bodies"]);
    let table = user.prints(&["whoami"]);
    assert!(
        table.contains("finance") && table.contains(&provider.url),
        "{table}"
    );
    let csv = user.prints(&["whoami", "--format", "csv"]);
    assert!(csv.contains("principals,1,value,audit"), "{csv}");
    let json: Value = serde_json::from_str(&user.prints(&["whoami", "--format", "json"])).unwrap();
    assert_eq!(json["principals"][0]["kind"], "KIND_GROUP");
    // The command line is no system, and no office is named by the provider's subject.
    assert_eq!(json["principals"].as_array().unwrap().len(), 2, "{json}");
    assert_eq!(json["pseudonym"].as_str().unwrap().len(), 32);

    // Another server gets no token of this one.
    let other = tempfile::tempdir().expect("a folder");
    let other = self::serving(&provider, other.path());
    let elsewhere = user.runs(&["whoami", "--server", &other.url]);
    fails(&elsewhere, 1, "minutebook login");

    let tokens: Value = serde_json::from_slice(&fs::read(user.tokens()).unwrap()).unwrap();
    let refresh = tokens["servers"][&serving.url]["refresh_token"]
        .as_str()
        .unwrap();
    let refresh = refresh.to_owned();
    assert!(user.prints(&["logout"]).contains("Signed out of"));
    fails(&user.runs(&["whoami"]), 1, "minutebook login");
    assert!(user.prints(&["logout"]).contains("Nobody has signed in"));
    // The provider has forgotten it, too.
    let sent = ureq::post(format!("{}/token", provider.url)).send_form([
        ("grant_type", "refresh_token"),
        ("client_id", "cli"),
        ("refresh_token", &refresh),
    ]);
    assert!(sent.is_err(), "revoked");
}

#[test]
#[ignore = "unfinished: the script of the person does not reach the provider"]
fn a_person_signs_in_in_a_browser_and_the_sign_in_is_renewed() {
    let Some(provider) = TestProvider::start("browser login") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let serving = serving(&provider, folder.path());
    let user = User::of(&serving);
    let printed = user.signs_in(&provider, &["--no-browser"], "finance@office");
    assert!(printed.contains("Signed in to"), "{printed}");

    // Six commands at once find that the token is about to expire. The refresh token counts
    // once, so they have to wait for one another.
    let set = |name: &str, value: Value| {
        let mut stored: Value = serde_json::from_slice(&fs::read(user.tokens()).unwrap()).unwrap();
        stored["servers"][&serving.url][name] = value;
        fs::write(user.tokens(), stored.to_string()).unwrap();
    };
    let token = || {
        let stored: Value = serde_json::from_slice(&fs::read(user.tokens()).unwrap()).unwrap();
        stored["servers"][&serving.url]["access_token"].clone()
    };
    let first = token();
    set("expires_at", json!(0));
    let running: Vec<_> = (0..6)
        .map(|_| {
            let mut command = user.command(&["whoami"]);
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().expect("it starts")
        })
        .collect();
    for child in running {
        let output = child.wait_with_output().expect("its end");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let second = token();
    assert_ne!(second, first);
    user.prints(&["whoami"]);
    assert_eq!(token(), second, "it is good for a while");

    // While the provider is down, a token that is still good is used, and no other.
    provider.command("down", json!({}));
    set("expires_at", json!(jiff::Timestamp::now().as_second() + 59));
    user.prints(&["whoami"]);
    set("expires_at", json!(0));
    fails(&user.runs(&["whoami"]), 3, "provider");
    provider.command("up", json!({}));
    user.prints(&["whoami"]);

    // A sign-in that the provider has ended.
    set("expires_at", json!(0));
    set("refresh_token", json!("gone"));
    fails(&user.runs(&["whoami"]), 1, "Run \"minutebook login\"");
}

#[test]
fn a_system_signs_in_by_its_own_secret() {
    let Some(provider) = TestProvider::start("client credentials") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let serving = serving(&provider, folder.path());
    let user = User::of(&serving);
    let secret = folder.path().join("secret");
    fs::write(&secret, "a secret of the test\n").unwrap();
    let secret = secret.to_str().expect("a path");
    let words = [
        "whoami",
        "--client-id",
        "feeder",
        "--client-secret-file",
        secret,
    ];
    let issuer = ["--client-issuer", &provider.url];
    let printed = user.prints(&[&words[..], &issuer].concat());
    assert!(
        printed.contains("feeder") && printed.contains("role"),
        "{printed}"
    );
    // The secret goes to no issuer that only the server names.
    fails(&user.runs(&words), 2, "--client-issuer");
    let other = ["--client-issuer", "http://127.0.0.1:1"];
    fails(
        &user.runs(&[&words[..], &other].concat()),
        2,
        "does not accept",
    );
    fs::write(secret, "wrong").unwrap();
    fails(&user.runs(&[&words[..], &issuer].concat()), 1, "refuses");
    assert!(!user.tokens().exists(), "nothing is kept");
}

#[test]
fn a_token_from_elsewhere_goes_to_this_machine_or_over_tls_only() {
    let Some(provider) = TestProvider::start("a token from elsewhere") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let serving = serving(&provider, folder.path());
    let user = User::of(&serving);
    let token = provider.sign(json!({ "claims": { "groups": ["finance"] } }));
    let with = |token: &str, arguments: &[&str]| {
        let mut command = user.command(arguments);
        command
            .env("MINUTEBOOK_TOKEN", token)
            .output()
            .expect("the program runs")
    };
    let output = with(&token, &["whoami"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fails(&with("a b", &["whoami"]), 1, "TOKEN_INVALID");
    fails(&with("opaque", &["whoami"]), 1, "minutebook login");
    // An address of this machine that is not the loopback one, if it has any.
    if let Some(address) = address_on_a_network() {
        let words = ["--listen", &format!("{address}:0")];
        let words = [&provider.arguments()[..], &words].concat();
        let open = Command::new(program().get_program())
            .args(["serve", "--log-level", "error", "--data"])
            .arg(folder.path().join("other"))
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut open = open.expect("it starts");
        let mut line = String::new();
        let stdout = open.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        // Later versions refuse to listen there without TLS.
        if let Some((_, rest)) = line.split_once("http://") {
            let url = format!("http://{}", rest.split(',').next().expect("an address"));
            fails(&with(&token, &["whoami", "--server", &url]), 2, "https://");
        }
        let _ = open.kill();
        let _ = open.wait();
    }
}

/// An address of this machine on some network. Nothing is sent.
fn address_on_a_network() -> Option<std::net::Ipv4Addr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    match socket.local_addr().ok()?.ip() {
        std::net::IpAddr::V4(address) if !address.is_loopback() => Some(address),
        _ => None,
    }
}

#[test]
fn an_open_register_asks_nobody_to_sign_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let serving = Serving::on(&folder.path().join("register"));
    let user = User::of(&serving);
    assert!(user.prints(&["login"]).contains("asks nobody"));
    assert!(user.prints(&["whoami"]).contains("nobody is asked"));
}

#[test]
fn settings_that_cannot_be_used_stop_the_start_and_say_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("register");
    let file = folder.path().join("sign-in.json");
    let start = |arguments: &[&str]| {
        let mut command = program();
        command
            .arg("serve")
            .arg("--data")
            .arg(&data)
            .args(arguments);
        command.args(["--listen", "0", "--log-level", "error"]);
        command.output().expect("the program runs")
    };
    fails(&start(&["--issuer", "https://a.example"]), 2, "--audience");
    let plain = ["--issuer", "http://a.example", "--audience", "register"];
    fails(&start(&plain), 2, "only for this machine");
    let path = file.to_str().expect("a path");
    fails(&start(&["--sign-in", path]), 4, "cannot be read");
    fs::write(&file, r#"{"issuers": [{"issuer": "https://a.example"}]}"#).unwrap();
    fails(&start(&["--sign-in", path]), 4, "audiences");
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn no_token_is_in_any_log_line() {
    let Some(provider) = TestProvider::start("tokens in logs") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sign-in.json");
    let entry = json!({
        "issuer": provider.url, "audiences": ["register"], "login_client_id": "cli",
    });
    fs::write(&file, json!({ "issuers": [entry] }).to_string()).unwrap();
    let mut command = program();
    command
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-level",
            "trace",
            "--data",
        ])
        .arg(folder.path().join("register"))
        .arg("--sign-in")
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
    stdout.read_line(&mut line).expect("a line");
    let url = line.split_once("http://").expect("its URL").1;
    let url = format!("http://{}", url.split(',').next().expect("an address"));
    let mut stderr = child.stderr.take().expect("its log");
    let reader = std::thread::spawn(move || {
        let mut log = String::new();
        let _ = stderr.read_to_string(&mut log);
        log
    });
    let good = provider.sign(json!({ "claims": { "groups": ["finance"] } }));
    let bad = provider.sign(json!({ "claims": { "aud": "other" } }));
    for (token, works) in [(&good, true), (&good, true), (&bad, false)] {
        let output = program()
            .args(["whoami", "--server", &url])
            .env("MINUTEBOOK_TOKEN", token)
            .output()
            .expect("the program runs");
        assert_eq!(output.status.success(), works);
        let printed = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8_lossy(&printed).contains(token.as_str()));
    }
    let _ = child.kill();
    let _ = child.wait();
    let log = reader.join().expect("the log");
    assert!(
        log.contains("TOKEN_INVALID") && log.contains("sign-ins failed"),
        "it logs"
    );
    for token in [good, bad] {
        for part in token.split('.') {
            assert!(!log.contains(part), "a part of a token is in the log");
        }
    }
}
