//! Any alteration of an archive is found, and the altered file is named.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use minutebook::archive::folder::Folder;
use minutebook::archive::verify::{TrustAnchors, VerificationReport, verify};
use minutebook::audit::{bundle, replacement};
use minutebook::wire::proto;
use prost::Message;

use super::fixture::{Log, SIZE, key, log, stranger};
use crate::deterministic_log::Random;

fn trust() -> TrustAnchors {
    TrustAnchors {
        key: Some(key().verifier()),
        ..TrustAnchors::default()
    }
}

fn check(folder: &Path, trust: &TrustAnchors) -> VerificationReport {
    verify(&Folder::new(folder), trust, |_| {}).expect("files that can be read")
}

#[track_caller]
fn sound(folder: &Path) -> VerificationReport {
    let report = check(folder, &trust());
    assert_eq!(report.faults, Vec::<String>::new());
    report
}

type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    let names = Folder::new(folder).files().expect("a folder");
    names
        .into_iter()
        .map(|name| {
            let bytes = fs::read(folder.join(&name)).expect("a file");
            (name, bytes)
        })
        .collect()
}

/// A change of an archive: the files that are changed, or removed (`None`).
type Change = (String, BTreeMap<String, Option<Vec<u8>>>);

fn change_one(file: &str, bytes: Option<Vec<u8>>) -> BTreeMap<String, Option<Vec<u8>>> {
    BTreeMap::from([(file.to_owned(), bytes)])
}

/// The entries of a bundle.
fn entries(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let [a, b, after @ ..] = rest {
        let (entry, after) = after.split_at(usize::from(u16::from_be_bytes([*a, *b])));
        entries.push(entry.to_vec());
        rest = after;
    }
    entries
}

fn bundled(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bundle::push(&mut bytes, entry);
    }
    bytes
}

/// One random change of one file.
fn change(random: &mut Random, files: &Files) -> Change {
    let pick = |random: &mut Random, names: &[&String]| {
        names[random.below(names.len() as u64) as usize].clone()
    };
    let all: Vec<&String> = files.keys().collect();
    let some: Vec<&String> = files
        .iter()
        .filter(|(_, bytes)| !bytes.is_empty())
        .map(|(name, _)| name)
        .collect();
    let bundles: Vec<&String> = all
        .iter()
        .copied()
        .filter(|name| name.starts_with("tile/entries"))
        .collect();
    let file = pick(random, &some);
    let bytes = &files[&file];
    let at = random.below(bytes.len() as u64) as usize;
    match random.below(16) {
        0 => (format!("{file} is gone"), change_one(&file, None)),
        1 => {
            let cut = bytes[..at].to_vec();
            (
                format!("{file} is cut at {at}"),
                change_one(&file, Some(cut)),
            )
        }
        2 => {
            let mut longer = bytes.clone();
            longer.push(random.next() as u8);
            (format!("{file} is longer"), change_one(&file, Some(longer)))
        }
        3 => {
            let mut shorter = bytes.clone();
            shorter.remove(at);
            (
                format!("{file} lacks byte {at}"),
                change_one(&file, Some(shorter)),
            )
        }
        4 => {
            let name = format!("{file}.x{}", random.below(1000));
            (
                format!("{name} was put there"),
                change_one(&name, Some(vec![1])),
            )
        }
        kind @ 5..=8 => {
            let name = pick(random, &bundles);
            let mut list = entries(&files[&name]);
            let (a, b) = (
                random.below(list.len() as u64) as usize,
                random.below(list.len() as u64) as usize,
            );
            let description = match kind {
                5 => {
                    list.remove(a);
                    format!("{name} lacks entry {a}")
                }
                6 => {
                    let twin = list[a].clone();
                    list.insert(b, twin);
                    format!("{name} has entry {a} twice")
                }
                7 if a != b && list[a] != list[b] => {
                    list.swap(a, b);
                    format!("{name} has {a} and {b} swapped")
                }
                _ => {
                    let alien = log().records[random.below(SIZE) as usize].clone();
                    let alien = [alien, vec![0]].concat();
                    list[a] = alien;
                    format!("{name} has another entry {a}")
                }
            };
            (description, change_one(&name, Some(bundled(&list))))
        }
        _ => {
            let bit = random.below(8);
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            (
                format!("{file} has bit {bit} of byte {at} flipped"),
                change_one(&file, Some(flipped)),
            )
        }
    }
}

#[test]
fn two_thousand_random_changes_are_all_found() {
    let mut random = Random::seeded("changes");
    let seeds: Vec<u64> = (0..4).map(|_| random.next()).collect();
    std::thread::scope(|scope| {
        for seed in seeds {
            scope.spawn(move || {
                let parent = tempfile::tempdir().expect("a directory");
                let folder = parent.path().join("archive");
                log().export(&folder, 250, &key());
                log().export(&folder, SIZE, &key());
                sound(&folder);
                let files = files(&folder);
                let mut random = Random::new(seed);
                for _ in 0..500 {
                    let (description, changed) = change(&mut random, &files);
                    for (name, bytes) in &changed {
                        match bytes {
                            Some(bytes) => fs::write(folder.join(name), bytes).expect("written"),
                            None => fs::remove_file(folder.join(name)).expect("removed"),
                        }
                    }
                    let report = check(&folder, &trust());
                    assert!(
                        !report.faults.is_empty(),
                        "seed {seed}: not found: {description}"
                    );
                    let newer = report.faults.iter().find(|f| f.contains("newer version"));
                    assert_eq!(newer, None, "seed {seed}: {description}");
                    for name in changed.keys() {
                        match files.get(name) {
                            Some(bytes) => fs::write(folder.join(name), bytes).expect("written"),
                            None => fs::remove_file(folder.join(name)).expect("removed"),
                        }
                    }
                }
                sound(&folder);
            });
        }
    });
}

/// The faults of an archive of a changed log that the register's key signed.
fn forged(records: Vec<Vec<u8>>) -> Vec<String> {
    let parent = tempfile::tempdir().expect("a directory");
    let forged = Log {
        records,
        ..Log::default()
    };
    let size = forged.records.len() as u64;
    forged.export(&parent.path().join("archive"), size, &key());
    check(&parent.path().join("archive"), &trust()).faults
}

#[track_caller]
fn names(faults: &[String], name: &str) {
    assert!(
        faults.iter().any(|fault| fault.contains(name)),
        "no fault names {name:?}: {faults:#?}"
    );
}

/// A changed byte can make an entry look like one with fields that are not known.
#[test]
fn a_changed_byte_is_never_called_a_newer_version() {
    let position = 120;
    let record = &log().records[position - 1];
    let flips = (0..record.len() * 8).map(|bit| {
        let mut flipped = record.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    });
    let unknown = |record: &Vec<u8>| {
        use minutebook::wire::entry::EntryDecodeError::{UnknownFields, UnknownKind};
        let read = minutebook::wire::entry::message(record);
        matches!(read, Err(UnknownFields { .. } | UnknownKind { .. }))
    };
    let flips: Vec<Vec<u8>> = flips.filter(unknown).collect();
    assert!(flips.len() > 10, "{}", flips.len());
    let parent = tempfile::tempdir().expect("a directory");
    let folder = parent.path().join("archive");
    log().export(&folder, SIZE, &key());
    let file = folder.join("tile/entries/000");
    let before = fs::read(&file).expect("a bundle");
    for flipped in flips.iter().step_by(flips.len() / 8) {
        let mut changed = entries(&before);
        changed[position - 1].clone_from(flipped);
        fs::write(&file, bundled(&changed)).expect("written");
        let faults = check(&folder, &trust()).faults;
        names(
            &faults,
            "entry 120: this version does not know all of it, and the log is not as",
        );
        assert!(
            !faults.iter().any(|f| f.contains("newer version")),
            "{faults:#?}"
        );
    }
}

#[test]
fn a_log_that_was_tampered_with_before_it_was_signed_is_found_by_its_rules() {
    let records = &log().records;
    assert_eq!(forged(records.clone()), Vec::<String>::new());
    // A log that is cut between requests is valid, only shorter.
    let mut without = records.clone();
    without.remove(100);
    names(&forged(without), "entry 101: it states position 102");
    let mut swapped = records.clone();
    swapped.swap(40, 41);
    names(&forged(swapped), "entry 41: it states position 42");
    let mut twice = records.clone();
    twice.insert(7, records[6].clone());
    names(&forged(twice), "entry 8: it states position 7");
    let mut cut = records.clone();
    cut.pop();
    let faults = forged(cut);
    assert!(
        faults.is_empty() || faults[0].contains("the end is cut off"),
        "{faults:#?}"
    );
}

/// The log with one entry rewritten, encoded again and signed.
fn rewritten(position: usize, change: impl FnOnce(&mut proto::Entry)) -> Vec<String> {
    let mut records = log().records.clone();
    let record = &mut records[position - 1];
    let mut entry = proto::Entry::decode(record.as_slice()).expect("an entry");
    change(&mut entry);
    *record = entry.encode_to_vec();
    forged(records)
}

#[test]
fn an_entry_that_the_register_would_not_have_taken_is_named_with_the_rule() {
    let last = SIZE as usize;
    names(
        &rewritten(last, |entry| entry.revision += 1),
        "it states revision",
    );
    names(
        &rewritten(last, |entry| entry.position = 9),
        "it states position 9",
    );
    let first = proto::Entry::decode(log().records[0].as_slice()).expect("an entry");
    names(
        &rewritten(last - 3, |entry| {
            entry.request_id = first.request_id.clone();
            (entry.request_index, entry.request_size) = (0, 1);
        }),
        "is recorded twice",
    );
    names(
        &rewritten(last, |entry| entry.request_size += 1),
        "the end is cut off",
    );
    names(
        &rewritten(last, |entry| entry.request_index += 5),
        "does not follow the part before it",
    );
    names(
        &rewritten(last, |entry| {
            entry.recorded_at.as_mut().expect("an instant").seconds -= 1_000_000;
        }),
        "recorded earlier than the entry before it",
    );
    // An act that no rule allows: a body leaves that was never a party.
    let faults = rewritten(last, |entry| {
        let event = entry.event.as_mut().expect("an event");
        event.subject = "collaborations/bch".into();
        event.kind = Some(proto::event::Kind::PartyWithdrew(proto::PartyWithdrew {
            body_id: "nobody-at-all".into(),
            reason: "It was never there".into(),
            ..Default::default()
        }));
    });
    names(&faults, &format!("entry {SIZE}: rule "));
    names(&faults, "UNKNOWN_BODY");
    // Another key signs, with an invalid statement.
    let faults = rewritten(last, |entry| {
        let event = entry.event.as_mut().expect("an event");
        event.subject = "register".into();
        event.kind = Some(proto::event::Kind::CheckpointKeyReplaced(
            proto::CheckpointKeyReplaced {
                verifier_key: stranger().verifier().to_string(),
                statement: "Trust me".into(),
            },
        ));
    });
    names(&faults, "the statement is not a signed checkpoint");
}

#[test]
fn a_key_is_replaced_only_by_a_statement_of_both_keys_for_this_position() {
    let (old, new) = (key(), stranger());
    let replaced = |at: u64, statement: String| {
        let mut log = log().clone();
        log.records.truncate(SIZE as usize);
        let event = proto::Event {
            subject: "register".into(),
            kind: Some(proto::event::Kind::CheckpointKeyReplaced(
                proto::CheckpointKeyReplaced {
                    verifier_key: new.verifier().to_string(),
                    statement,
                },
            )),
            ..Default::default()
        };
        let last = proto::Entry::decode(log.records[at as usize - 1].as_slice()).expect("one");
        let entry = proto::Entry {
            salt: Vec::new(),
            position: at + 1,
            revision: 1,
            recorded_at: last.recorded_at,
            recorded_by: "register".into(),
            request_id: vec![5; 16],
            request_index: 0,
            request_size: 1,
            event: Some(event),
            caller: None,
        };
        log.records.push(entry.encode_to_vec());
        let parent = tempfile::tempdir().expect("a directory");
        let folder = parent.path().join("archive");
        log.export(&folder, SIZE + 1, &new);
        check(&folder, &trust()).faults
    };
    let root = log().signed(SIZE, &old).checkpoint.root;
    let good = replacement::statement(&old, &new, SIZE, root);
    assert_eq!(replaced(SIZE, good.clone()), Vec::<String>::new());
    let earlier = log().signed(SIZE - 1, &old).checkpoint.root;
    for (case, statement, found) in [
        (
            "another place",
            replacement::statement(&old, &new, SIZE - 1, earlier),
            "about another log, or another position",
        ),
        (
            "another log",
            replacement::statement(&old, &new, SIZE, earlier),
            "about another log, or another position",
        ),
        (
            "not by the old key",
            replacement::statement(&new, &new, SIZE, root),
            "checkpoint",
        ),
        (
            "another new key",
            replacement::statement(&old, &old, SIZE, root),
            "it names the key",
        ),
        (
            "unsigned by the new one",
            {
                let (text, signatures) = good.split_once("\n\n").expect("a note");
                let first = signatures.lines().next().expect("a signature");
                format!("{text}\n\n{first}\n")
            },
            "is not signed by",
        ),
    ] {
        let faults = replaced(SIZE, statement);
        assert!(
            faults.iter().any(|fault| fault.contains(found)),
            "{case}: {faults:#?}"
        );
    }
}

#[test]
fn an_archive_signed_by_another_key_is_found() {
    let parent = tempfile::tempdir().expect("a directory");
    let folder = parent.path().join("archive");
    // Signed by a stranger, whose key is in the archive: found with a trusted key.
    log().export(&folder, SIZE, &stranger());
    let own = check(&folder, &TrustAnchors::default());
    assert_eq!(own.faults, Vec::<String>::new());
    assert!(!own.is_trusted);
    let report = check(&folder, &trust());
    names(&report.faults, "it has no signature by that key");
    // Unsigned, or signed by a key of another name.
    log().export(&parent.path().join("other"), SIZE, &key());
    let other = parent.path().join("other");
    fs::write(
        other.join("verifier-key"),
        stranger().verifier().to_string() + "\n",
    )
    .expect("written");
    names(
        &check(&other, &TrustAnchors::default()).faults,
        "checkpoint, key",
    );
    names(&check(&other, &trust()).faults, "verifier-key: it holds");
}

#[test]
fn an_earlier_checkpoint_must_be_a_prefix() {
    let parent = tempfile::tempdir().expect("a directory");
    let folder = parent.path().join("archive");
    log().export(&folder, SIZE, &key());
    let since = |signed| TrustAnchors {
        since: Some(signed),
        ..trust()
    };
    for size in [0, 1, 255, 256, 257, SIZE] {
        let report = check(&folder, &since(log().signed(size, &key())));
        assert_eq!(report.faults, Vec::<String>::new(), "{size}");
    }
    let mut rewritten = log().clone();
    rewritten.records[3].push(0);
    let earlier = since(rewritten.signed(300, &key()));
    names(&check(&folder, &earlier).faults, "were rewritten");
    let unsigned = since(log().signed(300, &stranger()));
    names(
        &check(&folder, &unsigned).faults,
        "the earlier checkpoint, key",
    );
    let short = parent.path().join("short");
    log().export(&short, 200, &key());
    let later = since(log().signed(300, &key()));
    names(&check(&short, &later).faults, "the end was cut off");
}
