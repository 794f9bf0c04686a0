//! One suite for every log engine: it tests the contract, and nothing that only one
//! engine does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minutebook::log::memory::MemoryMedium;
use minutebook::log::{
    AppendError, Appender, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, BatchError, Limit, Position,
    RECORD_BYTES_MAX, Reader, sled,
};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::deterministic_log;

type Opened = (Box<dyn Appender>, Arc<dyn Reader>);

/// A log that can be opened, closed and opened again.
trait Engine {
    fn new() -> Self;
    fn open(&self) -> Opened;
}

impl Engine for MemoryMedium {
    fn new() -> MemoryMedium {
        MemoryMedium::new()
    }

    fn open(&self) -> Opened {
        let (appender, reader) = MemoryMedium::open(self);
        (Box::new(appender), Arc::new(reader))
    }
}

struct OnDisk(TempDir);

impl Engine for OnDisk {
    fn new() -> OnDisk {
        OnDisk(tempfile::tempdir().expect("a directory"))
    }

    fn open(&self) -> Opened {
        let (appender, reader) = sled::open(&self.0.path().join("log")).expect("opens");
        (Box::new(appender), Arc::new(reader))
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

fn an_empty_log_has_nothing<E: Engine>() {
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

fn positions_are_contiguous_from_one<E: Engine>() {
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

fn a_wrong_tail_is_a_conflict_and_writes_nothing<E: Engine>() {
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

fn the_largest_batches_come_back_identical<E: Engine>() {
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
fn twenty<E: Engine>() -> (E, Opened) {
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

fn windows_forward<E: Engine>() {
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

fn windows_backward<E: Engine>() {
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

fn limits_of_bytes<E: Engine>() {
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

fn a_log_reopens_as_it_was<E: Engine>() {
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

fn readers_run_beside_the_writer<E: Engine>() {
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

fn a_model_agrees<E: Engine>() {
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
