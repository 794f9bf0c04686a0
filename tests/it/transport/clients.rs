//! The command line over TLS, and clients of other languages.

use std::path::Path;
use std::process::{Command, Output};

use rcgen::{ExtendedKeyUsagePurpose, SanType, date_time_ymd};

use super::certificates::{Ca, PAST, Pair};
use crate::power_cut::not_run;
use crate::program::{Serving, fails, program, text};

fn serving(dir: &Path, pair: &Pair, more: &[&str]) -> Serving {
    let files = [
        "--tls-cert",
        text(&pair.certificate_file),
        "--tls-key",
        text(&pair.key_file),
    ];
    Serving::with(&dir.join("register"), &[&files, more].concat())
}

fn asks(url: &str, arguments: &[&str]) -> Output {
    let question = ["show", "bodies", "--server", url];
    let mut command = program();
    command.args(question).args(arguments);
    command.output().expect("the program runs")
}

#[track_caller]
fn answers(url: &str, arguments: &[&str]) {
    let output = asks(url, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

/// A failure to reach the server that says all of this.
#[track_caller]
fn unreachable(output: &Output, says: &[&str]) {
    for says in says {
        fails(output, 3, says);
    }
}

#[test]
fn the_command_line_calls_over_tls_and_says_what_is_wrong() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let (ca, other) = (Ca::new(dir, "ca"), Ca::new(dir, "other"));
    let server = serving(dir, &ca.server(dir, "server"), &[]);
    let by_address = server.url.clone();
    assert!(by_address.starts_with("https://127.0.0.1:"), "{by_address}");
    let by_name = by_address.replace("127.0.0.1", "localhost");
    let trust = ["--ca", text(&ca.file)];
    server.prints(&[&["record", "books/bch-2018.json"][..], &trust].concat());
    answers(&by_address, &trust);
    answers(&by_name, &trust);

    let untrusted = ["is not trusted", "--ca", "MINUTEBOOK_CA", by_name.as_str()];
    unreachable(&asks(&by_name, &[]), &untrusted);
    unreachable(&asks(&by_name, &["--ca", text(&other.file)]), &untrusted);
    let plain = by_address.replace("https", "http");
    unreachable(&asks(&plain, &[]), &["https://"]);
    fails(
        &asks(&by_name, &["--ca", "no-such-file.pem"]),
        4,
        "no-such-file.pem",
    );
    let server_key = dir.join("server.key");
    fails(
        &asks(&by_name, &["--ca", text(&server_key)]),
        4,
        "holds no certificate",
    );

    let bare = Serving::on(&dir.join("bare"));
    let wrong = bare.url.replace("http", "https");
    unreachable(&asks(&wrong, &trust), &["does not speak TLS", "http://"]);
}

#[test]
fn a_certificate_that_is_wrong_is_named_with_the_way_out() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let ca = Ca::new(dir, "ca");
    let trust = ["--ca", text(&ca.file)];
    let of_server = |name: &str, host: &str, expired: bool| {
        ca.pair(dir, name, |params| {
            params.subject_alt_names = vec![SanType::DnsName(host.try_into().expect("a name"))];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            if expired {
                let (year, month, day) = PAST;
                params.not_after = date_time_ymd(year, month, day);
            }
        })
    };
    for (pair, says) in [
        (
            of_server("old", "localhost", true),
            ["has expired", "renew"],
        ),
        (
            of_server("elsewhere", "register.example.gov.uk", false),
            ["another name", "register.example.gov.uk"],
        ),
    ] {
        let server = serving(dir, &pair, &[]);
        let url = server.url.replace("127.0.0.1", "localhost");
        unreachable(&asks(&url, &trust), &says);
    }
}

#[test]
fn the_command_line_shows_its_certificate_and_says_when_it_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let ca = Ca::new(dir, "ca");
    let client_ca = ["--client-ca", text(&ca.file)];
    let server = serving(dir, &ca.server(dir, "server"), &client_ca);
    let good = ca.client(dir, "good", |_| {});
    let no_purpose = ca.client(dir, "none", |params| params.extended_key_usages.clear());
    let shows = |pair: &Pair| {
        let of = |path: &Path| text(path).to_owned();
        let certificate = of(&pair.certificate_file);
        [certificate, of(&pair.key_file)]
    };
    let ask = |files: &[String; 2]| {
        let [certificate, key] = files;
        let files = ["--client-cert", certificate, "--client-key", key];
        asks(
            &server.url,
            &[&["--ca", text(&ca.file)][..], &files].concat(),
        )
    };
    let output = ask(&shows(&good));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    unreachable(&ask(&shows(&no_purpose)), &["client certificate", "log"]);
    let alone = ["--ca", text(&ca.file), "--client-cert", &shows(&good)[0]];
    fails(&asks(&server.url, &alone), 2, "--client-key");
    let [certificate, key] = shows(&good);
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&key, open).expect("a mode");
    fails(&ask(&[certificate, key]), 4, "chmod 600");
}

/// Of grpcio: a call over TLS, with a client certificate.
const PYTHON: &str = "\
import sys, grpc
target, ca, cert, key = sys.argv[1:]
read = lambda name: open(name, 'rb').read()
creds = grpc.ssl_channel_credentials(read(ca), read(key), read(cert))
with grpc.secure_channel(target, creds) as channel:
    check = channel.unary_unary('/grpc.health.v1.Health/Check')
    print(check(b'', timeout=30).hex())
";

#[test]
fn grpcio_connects_over_tls() {
    let mut imports = Command::new("python3");
    match imports.args(["-c", "import grpc"]).output() {
        Ok(output) if output.status.success() => {}
        Ok(_) => return not_run("grpcio over TLS", "Python has no grpcio"),
        Err(why) => return not_run("grpcio over TLS", &why.to_string()),
    }
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    let ca = Ca::new(dir, "ca");
    let client_ca = ["--client-ca", text(&ca.file)];
    let server = serving(dir, &ca.server(dir, "server"), &client_ca);
    let good = ca.client(dir, "good", |_| {});
    let target = server.url.replace("https://127.0.0.1", "localhost");
    let output = Command::new("python3")
        .args(["-c", PYTHON, &target, text(&ca.file)])
        .args([text(&good.certificate_file), text(&good.key_file)])
        .output()
        .expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    // Field 1 of the answer: 1, SERVING.
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "0801");
}
