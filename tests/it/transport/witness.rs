//! A witness that is asked over TLS.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use minutebook::notary::key::KeyFiles;

use super::SOON;
use super::certificates::Ca;
use crate::program::{Serving, program, text};

#[test]
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

    // A checkpoint of more entries than before is published with all its signatures.
    let mut size = 0;
    let mut signs = |book: &str, more: &[&str]| {
        let every = ["--checkpoint-every", "1", "--witness", at];
        let serving = Serving::with(&data, &[&every[..], more].concat());
        serving.prints(&["record", book]);
        let began = Instant::now();
        loop {
            let checkpoint = serving.prints(&["audit", "checkpoint"]);
            let entries = checkpoint.lines().nth(1).expect("a size");
            let entries: u64 = entries.parse().expect("a number");
            if entries > size {
                size = entries;
                return checkpoint.contains(&format!("— {witness_name} "));
            }
            assert!(began.elapsed() < SOON, "no checkpoint: {checkpoint}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    assert!(!signs("books/bch-2018.json", &[]), "its CA is not trusted");
    let trust = ["--witness-ca", text(&ca.file)];
    assert!(signs("books/east-midlands-2020.json", &trust));
    let _ = witness.kill();
    let _ = witness.wait();
}
