//! A witness that is asked over TLS.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Instant;

use minutebook::notary::key::KeyFiles;

use super::SOON;
use super::certificates::Ca;
use crate::program::{Serving, program, text};

#[test]
#[ignore = "unfinished"]
fn a_witness_signs_over_tls_for_those_who_trust_its_ca() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("register");
    let ca = Ca::new(dir.path(), "ca");
    let pair = ca.server(dir.path(), "witness");
    drop(Serving::on(&data));
    let key = KeyFiles::new(&data.join("notary"), None).read();
    let key = key.expect("a key file").expect("a key");
    let verifier = key.verifier().to_string();

    let mut witness = program()
        .args(["audit", "witness", "--listen", "0", "--log", &verifier])
        .args(["--state", text(&dir.path().join("witness"))])
        .args(["--tls-cert", text(&pair.certificate_file)])
        .args(["--tls-key", text(&pair.key_file)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a witness");
    let mut line = String::new();
    let output = witness.stdout.take().expect("its output");
    BufReader::new(output).read_line(&mut line).expect("a line");
    let at = line
        .trim()
        .strip_prefix("Witnessing at ")
        .expect("its address");
    assert!(at.starts_with("https://127.0.0.1:"), "{at}");
    let witness_name = at
        .split_once('#')
        .expect("a key")
        .1
        .split('+')
        .next()
        .expect("a name");

    let signs = |more: &[&str], wanted: bool| {
        let every = ["--checkpoint-every", "1", "--witness", at];
        let serving = Serving::with(&data, &[&every[..], more].concat());
        serving.run(&["record", "books/bch-2018.json"]);
        let began = Instant::now();
        loop {
            let checkpoint = serving.run(&["audit", "checkpoint"]).stdout;
            let checkpoint = String::from_utf8_lossy(&checkpoint).into_owned();
            let is_signed = checkpoint.contains(&format!("— {witness_name} "));
            let has_waited = began.elapsed() > if wanted { SOON } else { SOON / 6 };
            if is_signed || has_waited {
                assert_eq!(is_signed, wanted, "{checkpoint}");
                return;
            }
        }
    };
    signs(&[], false);
    signs(&["--witness-ca", text(&ca.file)], true);
    let _ = witness.kill();
    let _ = witness.wait();
}
