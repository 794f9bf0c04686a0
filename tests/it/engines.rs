//! One suite for every log engine: it tests the contract of `log::Engine`, and
//! nothing that only one engine does.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use minutebook::log::memory::MemoryMedium;
use minutebook::log::sled::SledEngine;
use minutebook::log::{
    AppendError, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, BatchError, Engine, Limit, OpenError,
    Position, RECORD_BYTES_MAX, Reader, Record,
};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::deterministic_log::{self, Opened};

/// An engine that the suite runs on: where it can be made afresh.
trait Fixture {
    fn new() -> Self;
    fn engine(&self) -> &dyn Engine;

    fn open(&self) -> Opened {
        deterministic_log::open(self.engine()).expect("opens")
    }
}

impl Fixture for MemoryMedium {
    fn new() -> MemoryMedium {
        MemoryMedium::new()
    }

    fn engine(&self) -> &dyn Engine {
        self
    }
}

struct OnDisk {
    engine: SledEngine,
    _dir: TempDir,
}

impl Fixture for OnDisk {
    fn new() -> OnDisk {
        let dir = tempfile::tempdir().expect("a directory");
        OnDisk {
            engine: SledEngine::new(&dir.path().join("log")),
            _dir: dir,
        }
    }

    fn engine(&self) -> &dyn Engine {
        &self.engine
    }
}

/// Runs every check of the suite on every engine.
macro_rules! suite {
    ($($check:ident),+ $(,)?) => {
        mod memory {
            $(#[test] fn $check() { super::$check::<super::MemoryMedium>(); })+
        }
        mod on_disk {
            $(#[test] fn $check() { super::$check::<super::OnDisk>(); })+
        }
    };
}

suite!(
    an_empty_log_has_nothing,
    positions_are_contiguous_from_one,
    a_wrong_tail_is_a_conflict_and_writes_nothing,
    the_largest_batches_come_back_identical,
    windows_forward,
    windows_backward,
    limits_of_bytes,
    a_log_reopens_as_it_was,
    readers_run_beside_the_writer,
    a_log_exists_from_its_first_opening_on,
    a_log_has_one_holder,
    a_replay_begins_after_any_position,
    a_replay_reads_in_threads_and_folds_in_order,
    a_replay_that_breaks_lets_go_of_the_log,
    a_held_log_gives_single_records,
    a_verification_shows_every_record_and_makes_nothing,
    a_model_agrees,
);

fn position(number: u64) -> Position {
    Position::new(number)
}

fn batch(records: &[&[u8]]) -> Batch {
    Batch::new(records.iter().map(|r| r.to_vec()).collect()).expect("a batch")
}

fn numbers(records: &[minutebook::log::Record]) -> Vec<u64> {
    records.iter().map(|r| r.position.get()).collect()
}

fn records(count: usize) -> Limit {
    Limit {
        records: count,
        bytes: usize::MAX,
    }
}

#[test]
fn a_batch_keeps_its_limits() {
    let batch = |records: Vec<Vec<u8>>| Batch::new(records);
    assert_eq!(batch(vec![]), Err(BatchError::Empty));
    assert_eq!(
        batch(vec![vec![1], vec![]]),
        Err(BatchError::RecordEmpty { index: 1 })
    );
    assert!(batch(vec![vec![0; RECORD_BYTES_MAX]]).is_ok());
    assert_eq!(
        batch(vec![vec![0; RECORD_BYTES_MAX + 1]]),
        Err(BatchError::RecordTooLong {
            index: 0,
            len: RECORD_BYTES_MAX + 1,
            max: RECORD_BYTES_MAX
        })
    );
    assert!(batch(vec![vec![0]; BATCH_RECORDS_MAX]).is_ok());
    assert_eq!(
        batch(vec![vec![0]; BATCH_RECORDS_MAX + 1]),
        Err(BatchError::TooManyRecords {
            count: BATCH_RECORDS_MAX + 1,
            max: BATCH_RECORDS_MAX
        })
    );
    let full = || vec![vec![0; BATCH_BYTES_MAX / 32]; 32];
    assert!(batch(full()).is_ok());
    let mut over = full();
    over.push(vec![0]);
    assert_eq!(
        batch(over),
        Err(BatchError::TooManyBytes {
            bytes: BATCH_BYTES_MAX + 1,
            max: BATCH_BYTES_MAX
        })
    );
}

fn an_empty_log_has_nothing<E: Fixture>() {
    let engine = E::new();
    let (appender, reader) = engine.open();
    assert_eq!(appender.tail(), Position::ZERO);
    assert_eq!(reader.tail(), Position::ZERO);
    assert_eq!(reader.stopped(), None);
    for from in [0, 1, 2, u64::MAX] {
        assert!(
            reader
                .read(position(from), Limit::PAGE)
                .expect("read")
                .is_empty()
        );
        assert!(
            reader
                .read_back(position(from), Limit::PAGE)
                .expect("read")
                .is_empty()
        );
    }
}

fn positions_are_contiguous_from_one<E: Fixture>() {
    let engine = E::new();
    let (mut appender, reader) = engine.open();
    let mut expected = 0;
    for count in [1, 3, 1, 64, 2] {
        let batch = Batch::new(vec![b"x".to_vec(); count]).expect("a batch");
        let last = appender.append(&batch, position(expected)).expect("append");
        expected += count as u64;
        assert_eq!(last, position(expected));
        assert_eq!(appender.tail(), last);
        assert_eq!(reader.tail(), last);
    }
    let all = reader.read(position(1), records(1_000)).expect("read");
    assert_eq!(numbers(&all), (1..=expected).collect::<Vec<_>>());
}

fn a_wrong_tail_is_a_conflict_and_writes_nothing<E: Fixture>() {
    let engine = E::new();
    let (mut appender, reader) = engine.open();
    let two = batch(&[b"one", b"two"]);
    appender.append(&two, Position::ZERO).expect("append");
    for wrong in [0, 1, 3, u64::MAX] {
        let error = appender
            .append(&two, position(wrong))
            .expect_err("conflict");
        assert!(
            matches!(error, AppendError::Conflict { expected, actual }
                if expected == position(wrong) && actual == position(2)),
            "{error:?}"
        );
    }
    assert_eq!(reader.tail(), position(2));
    let last = appender.append(&batch(&[b"three"]), position(2));
    assert_eq!(last.expect("goes on"), position(3));
    drop((appender, reader));
    let (_, reader) = engine.open();
    let all = reader.read(Position::ZERO, Limit::PAGE).expect("read");
    let bytes: Vec<_> = all.iter().map(|r| r.bytes.as_ref()).collect();
    assert_eq!(bytes, [b"one".as_slice(), b"two", b"three"]);
}

fn the_largest_batches_come_back_identical<E: Fixture>() {
    let engine = E::new();
    let (mut appender, reader) = engine.open();
    let mut random = deterministic_log::Random::new(1);
    let mut bytes = |len: usize| -> Vec<u8> { (0..len).map(|_| random.next() as u8).collect() };
    let mut most_bytes: Vec<_> = (0..16).map(|_| bytes(RECORD_BYTES_MAX)).collect();
    most_bytes.push(bytes(BATCH_BYTES_MAX - 16 * RECORD_BYTES_MAX));
    let most_records: Vec<_> = (0..BATCH_RECORDS_MAX)
        .map(|_| bytes(BATCH_BYTES_MAX / BATCH_RECORDS_MAX))
        .collect();
    let mut written = Vec::new();
    for group in [
        vec![bytes(1)],
        most_bytes,
        vec![bytes(RECORD_BYTES_MAX)],
        most_records,
    ] {
        let tail = appender.tail();
        let batch = Batch::new(group.clone()).expect("at the limit");
        appender.append(&batch, tail).expect("append");
        written.extend(group);
    }
    let check = |reader: &dyn Reader| {
        let all = reader.read(position(1), records(usize::MAX)).expect("read");
        assert_eq!(all.len(), written.len());
        assert!(all.iter().zip(&written).all(|(r, w)| r.bytes == *w));
    };
    check(reader.as_ref());
    drop((appender, reader));
    check(engine.open().1.as_ref());
}

/// 20 records, in groups of 1 to 4.
fn twenty<E: Fixture>() -> (E, Opened) {
    let engine = E::new();
    let (mut appender, reader) = engine.open();
    for count in [1, 4, 2, 3, 1, 1, 4, 4] {
        let tail = appender.tail();
        let group = (1..=count)
            .map(|i| vec![(tail.get() + i) as u8; 10])
            .collect();
        appender
            .append(&Batch::new(group).expect("a batch"), tail)
            .expect("append");
    }
    (engine, (appender, reader))
}

fn windows_forward<E: Fixture>() {
    let (_engine, (_appender, reader)) = twenty::<E>();
    for from in 0..=22_u64 {
        for count in 0..=22 {
            let found = reader.read(position(from), records(count)).expect("read");
            let wanted: Vec<u64> = (from.max(1)..=20).take(count).collect();
            assert_eq!(numbers(&found), wanted, "from {from}, {count}");
            assert!(
                found
                    .iter()
                    .all(|r| r.bytes == vec![r.position.get() as u8; 10])
            );
        }
    }
    assert!(
        reader
            .read(position(u64::MAX), Limit::PAGE)
            .expect("read")
            .is_empty()
    );
}

fn windows_backward<E: Fixture>() {
    let (_engine, (_appender, reader)) = twenty::<E>();
    for from in (0..=22_u64).chain([u64::MAX]) {
        for count in 0..=22 {
            let found = reader
                .read_back(position(from), records(count))
                .expect("read");
            let wanted: Vec<u64> = (1..=from.min(20)).rev().take(count).collect();
            assert_eq!(numbers(&found), wanted, "from {from}, {count}");
            assert!(
                found
                    .iter()
                    .all(|r| r.bytes == vec![r.position.get() as u8; 10])
            );
        }
    }
}

fn limits_of_bytes<E: Fixture>() {
    let (_engine, (_appender, reader)) = twenty::<E>();
    for (bytes, wanted) in [
        (0, 1),
        (9, 1),
        (10, 1),
        (19, 1),
        (20, 2),
        (199, 19),
        (200, 20),
    ] {
        let limit = Limit {
            records: 100,
            bytes,
        };
        let up = reader.read(position(1), limit).expect("read");
        let down = reader.read_back(position(20), limit).expect("read");
        assert_eq!((up.len(), down.len()), (wanted, wanted), "{bytes} bytes");
    }
}

fn a_log_reopens_as_it_was<E: Fixture>() {
    let engine = E::new();
    let mut tail = Position::ZERO;
    for _ in 0..5 {
        let (mut appender, reader) = engine.open();
        assert_eq!(appender.tail(), tail);
        tail = deterministic_log::write(appender.as_mut(), 15);
        assert_eq!(deterministic_log::check(reader.as_ref()), tail);
    }
    assert_eq!(deterministic_log::check(engine.open().1.as_ref()), tail);
}

fn readers_run_beside_the_writer<E: Fixture>() {
    let engine = E::new();
    let (mut appender, reader) = engine.open();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for up in [true, false] {
            let reader = reader.clone();
            let done = &done;
            scope.spawn(move || {
                let mut tail_before = Position::ZERO;
                loop {
                    let last_round = done.load(Ordering::Acquire);
                    let tail = reader.tail();
                    assert!(tail >= tail_before, "the tail went down");
                    tail_before = tail;
                    let page = if up {
                        let from = position(tail.get().saturating_sub(20));
                        reader.read(from, records(40)).expect("read")
                    } else {
                        reader.read_back(tail, records(40)).expect("read")
                    };
                    // A reader sees at least everything that was durable when it asked,
                    // and nothing beyond the tail that is durable afterwards.
                    let newest = page.iter().map(|r| r.position).max().unwrap_or_default();
                    assert!(tail <= newest && newest <= reader.tail());
                    for record in page {
                        assert!(record.bytes == deterministic_log::record(record.position.get()));
                    }
                    if last_round {
                        break;
                    }
                }
            });
        }
        deterministic_log::write(appender.as_mut(), 200);
        done.store(true, Ordering::Release);
    });
    deterministic_log::check(reader.as_ref());
}

fn a_log_exists_from_its_first_opening_on<E: Fixture>() {
    let fixture = E::new();
    let engine = fixture.engine();
    assert!(!engine.exists().expect("an answer"));
    let missing = engine.hold_existing().err();
    assert!(matches!(missing, Some(OpenError::Missing { .. })));
    assert!(!engine.exists().expect("an answer"), "to ask made a log");
    let opened = fixture.open();
    assert!(engine.exists().expect("an answer while it is open"));
    drop(opened);
    assert!(engine.exists().expect("an answer"));
    assert!(engine.hold_existing().is_ok());
}

fn a_log_has_one_holder<E: Fixture>() {
    let fixture = E::new();
    let refused = || {
        let error = fixture.engine().hold().err().expect("refused");
        assert!(matches!(error, OpenError::Locked { .. }), "{error}");
        let place = fixture.engine().place();
        assert!(error.to_string().contains(&place), "{error}");
    };
    let held = fixture.engine().hold().expect("holds");
    refused();
    let log = held.open().expect("opens");
    refused();
    drop(log.appender);
    refused();
    drop(log.reader);
    drop(fixture.engine().hold().expect("the last reader is gone"));
    assert!(fixture.engine().hold().is_ok(), "a held log lets go");
}

/// A log of the records that `deterministic_log` knows, closed again, and its tail.
fn closed<E: Fixture>(groups: usize) -> (E, Position) {
    let fixture = E::new();
    let (mut appender, _reader) = fixture.open();
    let tail = deterministic_log::write(&mut *appender, groups);
    (fixture, tail)
}

fn a_replay_begins_after_any_position<E: Fixture>() {
    let (fixture, tail) = closed::<E>(12);
    for after in 0..=tail.get() {
        let held = fixture.engine().hold().expect("holds");
        let mut next = after + 1;
        let log = held.replay(
            position(after),
            |record| record,
            |record| {
                assert_eq!(record.position, position(next));
                assert!(record.bytes == deterministic_log::record(next));
                next += 1;
                ControlFlow::<()>::Continue(())
            },
        );
        assert_eq!(next, tail.get() + 1, "after {after}");
        let log = match log {
            Ok(ControlFlow::Continue(log)) => log,
            other => panic!("after {after}: {other:?}"),
        };
        assert_eq!(log.appender.tail(), tail);
        assert_eq!(deterministic_log::check(&*log.reader), tail);
    }
}

fn a_replay_reads_in_threads_and_folds_in_order<E: Fixture>() {
    let (fixture, tail) = closed::<E>(400);
    let held = fixture.engine().hold().expect("holds");
    let caller = std::thread::current().id();
    let reads = AtomicU64::new(0);
    let mut folded = 0;
    let read = |record: Record| {
        reads.fetch_add(1, Ordering::Relaxed);
        record.position.get()
    };
    let replayed = held.replay(Position::ZERO, read, |number| {
        assert_eq!(std::thread::current().id(), caller);
        folded += 1;
        assert_eq!(number, folded);
        ControlFlow::<()>::Continue(())
    });
    assert!(matches!(replayed, Ok(ControlFlow::Continue(_))));
    assert_eq!(folded, tail.get());
    assert_eq!(reads.into_inner(), tail.get());
}

fn a_replay_that_breaks_lets_go_of_the_log<E: Fixture>() {
    let (fixture, tail) = closed::<E>(40);
    let held = fixture.engine().hold().expect("holds");
    let mut folded = 0;
    let replayed = held.replay(
        Position::ZERO,
        |record| record.position,
        |position| {
            folded += 1;
            assert_eq!(position.get(), folded);
            match folded {
                7 => ControlFlow::Break("enough"),
                _ => ControlFlow::Continue(()),
            }
        },
    );
    assert!(matches!(replayed, Ok(ControlFlow::Break("enough"))));
    assert_eq!(folded, 7);
    assert_eq!(fixture.open().0.tail(), tail);
}

fn a_held_log_gives_single_records<E: Fixture>() {
    let (fixture, tail) = closed::<E>(12);
    let held = fixture.engine().hold().expect("holds");
    for number in 1..=tail.get() {
        let record = held.record(position(number)).expect("a record");
        assert_eq!(record.position, position(number));
        assert!(record.bytes == deterministic_log::record(number));
    }
    for none in [Position::ZERO, tail.next(), position(u64::MAX)] {
        assert!(held.record(none).is_err(), "a record at {none}");
    }
}

fn a_verification_shows_every_record_and_makes_nothing<E: Fixture>() {
    let none = E::new();
    let missing = none.engine().verify(&mut |_| panic!("a record of no log"));
    assert!(matches!(missing, Err(OpenError::Missing { .. })));
    assert!(!none.engine().exists().expect("an answer"));

    let (fixture, tail) = closed::<E>(20);
    let mut shown = 0;
    let verified = fixture.engine().verify(&mut |record| {
        shown += 1;
        assert_eq!(record.position, position(shown));
        assert!(record.bytes == deterministic_log::record(shown));
    });
    assert_eq!(verified.expect("sound"), tail);
    assert_eq!(shown, tail.get());
    let opened = fixture.open();
    let locked = fixture
        .engine()
        .verify(&mut |_| panic!("a record of a held log"));
    assert!(matches!(locked, Err(OpenError::Locked { .. })));
    drop(opened);
}

/// What a random history is made of.
#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Vec<u8>>),
    AppendAtWrongTail(u64),
    Read {
        from: u64,
        records: usize,
        bytes: usize,
        back: bool,
    },
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let record = prop_oneof![
        8 => prop::collection::vec(any::<u8>(), 1..400),
        1 => (4_000_usize..4_200).prop_map(|len| vec![7; len]),
        1 => (8_000_usize..20_000).prop_map(|len| vec![9; len]),
    ];
    prop_oneof![
        8 => prop::collection::vec(record, 1..8).prop_map(Step::Append),
        1 => any::<u64>().prop_map(Step::AppendAtWrongTail),
        8 => (0_u64..120, 0_usize..20, 0_usize..3_000, any::<bool>())
            .prop_map(|(from, records, bytes, back)| Step::Read { from, records, bytes, back }),
        1 => Just(Step::Reopen),
    ]
}

fn a_model_agrees<E: Fixture>() {
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..50))| {
        let engine = E::new();
        let mut opened = engine.open();
        let mut model: Vec<Vec<u8>> = Vec::new();
        for step in steps {
            let tail = position(model.len() as u64);
            match step {
                Step::Append(group) => {
                    model.extend(group.clone());
                    let last = opened.0.append(&Batch::new(group).expect("a batch"), tail);
                    prop_assert_eq!(last.expect("append").get(), model.len() as u64);
                }
                Step::AppendAtWrongTail(at) => {
                    let refused = opened.0.append(&batch(&[b"x"]), position(at));
                    if at == tail.get() {
                        model.push(b"x".to_vec());
                        prop_assert!(refused.is_ok());
                    } else {
                        let conflict = matches!(refused, Err(AppendError::Conflict { .. }));
                        prop_assert!(conflict);
                    }
                }
                Step::Read { from, records, bytes, back } => {
                    let limit = Limit { records, bytes };
                    let tail = model.len() as u64;
                    let (found, order): (_, Vec<u64>) = if back {
                        (opened.1.read_back(position(from), limit), (1..=from.min(tail)).rev().collect())
                    } else {
                        (opened.1.read(position(from), limit), (from.max(1)..=tail).collect())
                    };
                    let mut sum = 0;
                    let wanted: Vec<(u64, &[u8])> = order
                        .into_iter()
                        .map(|number| (number, model[number as usize - 1].as_slice()))
                        .take(records)
                        .enumerate()
                        .take_while(|(index, (_, record))| {
                            sum += record.len();
                            *index == 0 || sum <= bytes
                        })
                        .map(|(_, wanted)| wanted)
                        .collect();
                    let found = found.expect("read");
                    let found: Vec<(u64, &[u8])> =
                        found.iter().map(|r| (r.position.get(), r.bytes.as_ref())).collect();
                    prop_assert_eq!(found, wanted);
                }
                Step::Reopen => {
                    drop(opened);
                    opened = engine.open();
                }
            }
            prop_assert_eq!(opened.0.tail().get(), model.len() as u64);
            prop_assert_eq!(opened.1.tail().get(), model.len() as u64);
        }
    });
}
