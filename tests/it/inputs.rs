//! Untrusted bytes: the fuzzers' corpus, valid inputs, and changes of both, run
//! through the same checks as under libFuzzer.
//!
//! `MINUTEBOOK_TEST_CHANGES` sets the number of changes of each input (default
//! 400), `MINUTEBOOK_TEST_SEED` the seed.

#[path = "../../fuzz/src/inputs.rs"]
mod checks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::deterministic_log::Random;

/// The valid inputs, and the fuzzers' corpus.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let mut all = checks::seeds(name);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let kept = std::fs::read_dir(kept.join(name)).expect("what the fuzzers kept");
    let mut kept: Vec<_> = kept.map(|file| file.expect("a file").path()).collect();
    kept.sort();
    assert!(
        !kept.is_empty() && !all.is_empty(),
        "{name}: nothing to begin with"
    );
    all.extend(kept.iter().map(|file| std::fs::read(file).expect("read")));
    all
}

/// One input with a few small changes, some with parts of another.
fn changed(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let pick = |random: &mut Random| corpus[random.below(corpus.len() as u64) as usize].clone();
    let mut input = pick(random);
    for _ in 0..=random.below(4) {
        let at = random.below(input.len() as u64 + 1) as usize;
        let to = (at + random.below(16) as usize).min(input.len());
        match random.below(6) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 if at < input.len() => input[at] = random.next() as u8,
            2 => input.truncate(at),
            3 => drop(input.drain(at..to)),
            4 => {
                let twice = input[at..to].to_vec();
                input.splice(at..at, twice);
            }
            _ => {
                let other = pick(random);
                let from = random.below(other.len() as u64 + 1) as usize;
                let upto = (from + random.below(64) as usize).min(other.len());
                input.splice(at..to, other[from..upto].iter().copied());
            }
        }
    }
    input
}

fn tried(name: &str, check: checks::Check, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(input))) {
        eprintln!("{name}, of the input {}", input.escape_ascii());
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn whatever_bytes_come_nothing_breaks() {
    let changes = std::env::var("MINUTEBOOK_TEST_CHANGES")
        .map_or(400, |changes| changes.parse().expect("a number"));
    for (name, check) in checks::INPUTS {
        let corpus = corpus(name);
        for input in &corpus {
            tried(name, check, input);
        }
        let mut random = Random::seeded(name);
        for _ in 0..changes {
            tried(name, check, &changed(&mut random, &corpus));
        }
    }
}
