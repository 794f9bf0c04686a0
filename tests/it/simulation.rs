//! The writer in a simulated world: many recorders who repeat and contradict
//! themselves and disconnect, a log whose appends are slow and fail in every way,
//! and restarts in between.
//!
//! A seed decides everything except the scheduling of threads. It is printed on
//! failure; set `MINUTEBOOK_TEST_SEED` to repeat it. `MINUTEBOOK_TEST_WORLDS` sets
//! the number of worlds (default 16).
//!
//! A model that shares nothing with the writer predicts the result: a list of the
//! requests sent, and of every answer.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use minutebook::clock::Clock;
use minutebook::log::memory::{InjectedFault, MemoryAppender, MemoryMedium};
use minutebook::log::{self, AppendError, Appender, Batch, Limit, Reader};
use minutebook::projection::{Projection, Replay};
use minutebook::wire::entry;
use minutebook::wire::proto::AppendRequest;
use minutebook::writer::{
    AppendFailure, AppendOutcome, Handle, Receipt, Request, RequestSequence, Writer, WriterLimits,
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::deterministic_log::Random;
use crate::given::{append, event, now};

/// The outcome of the waiting append.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Go,
    NoSpace,
    Fails(InjectedFault),
}

/// An engine whose appends wait for a turn. Once the sender of turns is dropped,
/// they proceed.
struct Held {
    inner: MemoryAppender,
    medium: MemoryMedium,
    arrives: mpsc::Sender<()>,
    turns: mpsc::Receiver<Turn>,
}

impl Appender for Held {
    fn tail(&self) -> log::Position {
        self.inner.tail()
    }

    fn append(&mut self, batch: &Batch, tail: log::Position) -> Result<log::Position, AppendError> {
        let _ = self.arrives.send(());
        match self.turns.recv() {
            Ok(Turn::Go) | Err(_) => {}
            Ok(Turn::NoSpace) => {
                return Err(AppendError::NoSpace {
                    available: 1,
                    needed: 2,
                });
            }
            Ok(Turn::Fails(fault)) => self.medium.switch().fail_next(fault),
        }
        self.inner.append(batch, tail)
    }
}

struct Running {
    writer: Writer,
    handle: Handle,
    projection: Projection,
    arrived: mpsc::Receiver<()>,
    turns: mpsc::Sender<Turn>,
    /// An append waits for its turn.
    waits: bool,
}

impl Running {
    fn start(medium: &MemoryMedium) -> Self {
        let (inner, reader) = medium.restart();
        let reader: Arc<dyn Reader> = Arc::new(reader);
        let replay = Replay::of(&*reader).expect("what was written can be read");
        let (arrives, arrived) = mpsc::channel();
        let (turns, taken) = mpsc::channel();
        let appender = Held {
            inner,
            medium: medium.clone(),
            arrives,
            turns: taken,
        };
        let clock = Clock::new(now);
        let register = Arc::new(replay.register);
        let (projection, publisher) = Projection::new(register, reader, clock.clone());
        let limits = WriterLimits {
            queue_len: 64,
            queue_bytes: 1 << 20,
            answer_within: Duration::from_secs(20),
        };
        let appender = Box::new(appender);
        let requests = replay.requests;
        let (writer, handle) =
            Writer::start(appender, &projection, publisher, requests, clock, limits)
                .expect("threads");
        Self {
            writer,
            handle,
            projection,
            arrived,
            turns,
            waits: false,
        }
    }
}

/// The model's knowledge of a request.
struct Sent {
    message: AppendRequest,
    /// It must be admitted, whatever else is recorded.
    is_good: bool,
    /// It must never be admitted.
    is_bad: bool,
    receipt: Option<Vec<u64>>,
    /// Some answer was that it was recorded by that very request.
    recorded: bool,
    /// Some answer was a final refusal.
    refused: bool,
    /// The request before it in the same line.
    after: Option<String>,
}

type Answer = (String, Result<Receipt, AppendFailure>);

struct World {
    seed: u64,
    random: Random,
    medium: MemoryMedium,
    running: Option<Running>,
    sent: BTreeMap<String, Sent>,
    under_way: Vec<JoinHandle<Vec<Answer>>>,
    bodies: u64,
    tag: u128,
    /// Counts of outcomes, to show that each kind occurred.
    seen: HashMap<&'static str, u32>,
}

impl World {
    fn new(seed: u64) -> Self {
        let medium = MemoryMedium::new();
        Self {
            seed,
            random: Random::new(seed),
            running: Some(Running::start(&medium)),
            medium,
            sent: BTreeMap::new(),
            under_way: Vec::new(),
            bodies: 0,
            tag: 0,
            seen: HashMap::new(),
        }
    }

    fn running(&mut self) -> &mut Running {
        self.running.as_mut().expect("it runs")
    }

    fn saw(&mut self, event: &'static str) {
        *self.seen.entry(event).or_default() += 1;
    }

    /// A new request, which may be certain to be admitted, certain to be refused, or
    /// neither.
    fn made(&mut self) -> String {
        self.tag += 1;
        let known = self.random.below(self.bodies + 1);
        let claimed = self.random.below(8);
        let register_as = |id: String, n: u64| {
            let payload = json!({ "kind": "BODY_KIND_COUNCIL", "name": format!("Body {n}") });
            event(&id, "2012-11-22", "bodyRegistered", payload)
        };
        let register = |n: u64| register_as(format!("bodies/b-{n}"), n);
        let alias = |n: u64, tag: u128| {
            let payload = json!({ "alias": format!("Alias {tag}") });
            event(&format!("bodies/b-{n}"), "", "aliasAdded", payload)
        };
        let new = self.bodies + 1;
        let (events, is_good, is_bad): (Vec<Value>, bool, bool) = match self.random.below(10) {
            0..4 => (vec![register(new)], true, false),
            4..6 => (vec![register(new), alias(new, self.tag)], true, false),
            // The body may not be registered yet.
            6..8 => (vec![alias(known, self.tag)], false, false),
            // Another recorder may have been first.
            8 => {
                let id = format!("bodies/claimed-{claimed}");
                (vec![register_as(id, claimed)], false, false)
            }
            // The first event is valid, but is not recorded either.
            _ => (vec![register(new), alias(9_999, self.tag)], false, true),
        };
        if is_good || is_bad {
            self.bodies = new;
        }
        let message = append(self.tag, &events);
        let id = message.request_id.clone();
        self.sent.insert(
            id.clone(),
            Sent {
                message,
                is_good,
                is_bad,
                receipt: None,
                recorded: false,
                refused: false,
                after: None,
            },
        );
        id
    }

    /// Any request that was sent; of a line only the first, or one that does not depend
    /// on the one before.
    fn any(&mut self) -> Option<String> {
        let count = self.sent.len() as u64;
        let index = self.random.below(count.max(1)) as usize;
        let (id, sent) = self.sent.iter().nth(index)?;
        sent.after.is_none().then(|| id.clone())
    }

    fn send(&mut self, id: &str) {
        let message = self.sent[id].message.clone();
        let handle = self.running().handle.clone();
        let id = id.to_owned();
        self.under_way.push(tokio::spawn(async move {
            let request = Request::read(message).expect("it can be read");
            vec![(id, handle.append(request).await)]
        }));
    }

    /// Sends new requests in one line.
    fn send_line(&mut self) {
        let count = 2 + self.random.below(4);
        let ids: Vec<String> = (0..count).map(|_| self.made()).collect();
        for pair in ids.windows(2) {
            let after = Some(pair[0].clone());
            self.sent.get_mut(&pair[1]).expect("sent").after = after;
        }
        let line: Vec<_> = ids
            .iter()
            .map(|id| (id.clone(), self.sent[id].message.clone()))
            .collect();
        let handle = self.running().handle.clone();
        // Some are sent at once, some while those before them are being written.
        let pause = Duration::from_micros(400 * self.random.below(4));
        self.under_way.push(tokio::spawn(async move {
            let sequence = RequestSequence::default();
            let mut pending = Vec::new();
            for (id, message) in line {
                tokio::time::sleep(pause).await;
                let request = Arc::new(Request::read(message).expect("it can be read"));
                match handle.enqueue(request, &sequence).await {
                    Ok(waits) => pending.push((id, waits)),
                    Err(_) => break,
                }
            }
            let mut answers = Vec::new();
            for (id, waits) in pending {
                let answer = handle.answer(waits).await;
                let is_last = answer.is_err();
                answers.push((id, answer));
                if is_last {
                    // As in a stream, the requests after a failure get no answer.
                    break;
                }
            }
            answers
        }));
    }

    /// Sends other content with a used id.
    fn contradict(&mut self, id: &str) {
        let mut message = self.sent[id].message.clone();
        message.recorded_by = "Somebody else".into();
        let handle = self.running().handle.clone();
        self.under_way.push(tokio::spawn(async move {
            let request = Request::read(message).expect("it can be read");
            match handle.append(request).await {
                Ok(receipt) => panic!("other content was taken: {receipt:?}"),
                Err(_) => Vec::new(),
            }
        }));
    }

    async fn settle(&mut self) {
        tokio::time::sleep(Duration::from_micros(300)).await;
        let running = self.running();
        running.waits |= running.arrived.try_recv().is_ok();
        let durable = running.projection.reader().tail().get();
        let shown = running.projection.register().tail().get();
        assert!(
            shown <= durable,
            "seed {}: what is not durable is shown",
            self.seed
        );
        self.collect().await;
    }

    /// Collects the answers to recorders.
    async fn collect(&mut self) {
        let (done, under_way) = std::mem::take(&mut self.under_way)
            .into_iter()
            .partition(JoinHandle::is_finished);
        self.under_way = under_way;
        let done: Vec<JoinHandle<Vec<Answer>>> = done;
        for task in done {
            let Ok(answers) = task
                .await
                .map_err(|error| assert!(error.is_cancelled(), "{error}"))
            else {
                continue;
            };
            let mut was_repeated = false;
            for (id, answer) in answers {
                let is_repeated = |receipt: &Receipt| {
                    matches!(receipt.outcome, AppendOutcome::AlreadyRecorded(_))
                };
                if matches!(answer, Err(AppendFailure::Overtaken)) {
                    assert!(was_repeated, "seed {}: {id} relies on nothing", self.seed);
                }
                was_repeated |= answer.as_ref().is_ok_and(is_repeated);
                self.note_answer(&id, answer);
            }
        }
    }

    fn note_answer(&mut self, id: &str, answer: Result<Receipt, AppendFailure>) {
        let seed = self.seed;
        let durable = match &self.running {
            Some(running) => running.projection.reader().tail().get(),
            None => u64::MAX,
        };
        let sent = self.sent.get_mut(id).expect("it was sent");
        let outcome = match answer {
            Ok(receipt) => {
                let positions: Vec<u64> = receipt
                    .lines
                    .iter()
                    .map(|line| line.position.get())
                    .collect();
                assert!(!sent.is_bad, "seed {seed}: {id} was taken");
                assert!(
                    positions.iter().all(|position| *position <= durable),
                    "seed {seed}: answered too early"
                );
                if let Some(before) = &sent.receipt {
                    assert_eq!(*before, positions, "seed {seed}: {id} has two receipts");
                }
                // If a request was sent twice at once, the first answer may be that it
                // was already recorded.
                if matches!(receipt.outcome, AppendOutcome::Recorded(_)) {
                    assert!(!sent.recorded, "seed {seed}: {id} was recorded twice");
                    sent.recorded = true;
                }
                sent.receipt = Some(positions);
                match receipt.outcome {
                    AppendOutcome::AlreadyRecorded(_) => "repeated",
                    AppendOutcome::Recorded(_) | AppendOutcome::Validated => "recorded",
                }
            }
            Err(AppendFailure::Rules(_)) => {
                assert!(!sent.is_good, "seed {seed}: {id} was refused");
                assert!(
                    sent.receipt.is_none(),
                    "seed {seed}: {id} was recorded before"
                );
                sent.refused = true;
                "refused"
            }
            Err(AppendFailure::NoSpace { .. }) => "no space",
            Err(AppendFailure::OutcomeUnknown { .. }) => "unknown",
            Err(AppendFailure::Stopped(_)) => "stopped",
            Err(AppendFailure::Overloaded) => "overloaded",
            Err(AppendFailure::Overtaken) => "overtaken",
            Err(other) => panic!("seed {seed}: {id}: {other:?}"),
        };
        self.saw(outcome);
    }

    /// Compares the log with every answer.
    fn check(&mut self) {
        let seed = self.seed;
        let reader = Arc::clone(self.running().projection.reader());
        let mut records = Vec::new();
        loop {
            let from = log::Position::new(records.len() as u64 + 1);
            let page = reader.read(from, Limit::PAGE).expect("it can be read");
            if page.is_empty() {
                break;
            }
            records.extend(page);
        }
        let mut of_request = BTreeMap::<String, Vec<u64>>::new();
        let mut revisions = BTreeMap::<String, u64>::new();
        for (record, position) in records.iter().zip(1_u64..) {
            let entry = entry::decode(&record.bytes).expect("an entry");
            assert_eq!(entry.position.get(), position, "seed {seed}");
            let revision = revisions
                .entry(entry.event.subject.to_string())
                .or_default();
            *revision += 1;
            assert_eq!(
                entry.revision.get(),
                *revision,
                "seed {seed}: position {position}"
            );
            let id = entry.request.to_string();
            let sent = self.sent.get(&id).expect("a request that was sent");
            let positions = of_request.entry(id).or_default();
            assert_eq!(
                entry.request_part.index as usize,
                positions.len(),
                "seed {seed}"
            );
            assert_eq!(
                entry.request_part.count as usize,
                sent.message.events.len(),
                "seed {seed}"
            );
            let stored = entry::message(&record.bytes).expect("an entry");
            let event = &sent.message.events[positions.len()];
            assert_eq!(
                stored.event.as_ref(),
                Some(event),
                "seed {seed}: position {position}"
            );
            positions.push(position);
        }
        for (id, sent) in &self.sent {
            let positions = of_request.get(id);
            if let Some(receipt) = &sent.receipt {
                assert_eq!(
                    positions,
                    Some(receipt),
                    "seed {seed}: {id} was acknowledged"
                );
            }
            if let Some(positions) = positions {
                assert!(!sent.is_bad, "seed {seed}: {id} was recorded");
                assert_eq!(
                    positions.len(),
                    sent.message.events.len(),
                    "seed {seed}: {id} in part"
                );
                let first = positions[0];
                assert!(
                    positions
                        .iter()
                        .copied()
                        .eq(first..first + positions.len() as u64)
                );
                if let Some(after) = &sent.after {
                    let before = of_request.get(after);
                    assert!(
                        before.is_some_and(|before| before[0] < first),
                        "seed {seed}: {id} was recorded, and {after} of its line was not"
                    );
                }
            }
        }
        let replay = Replay::of(&*reader).expect("it can be replayed");
        let live = self.running().projection.register();
        if live.tail() == replay.register.tail() {
            assert_eq!(
                format!("{live:?}"),
                format!("{:?}", replay.register),
                "seed {seed}: a replay says something else"
            );
        }
    }

    /// Stops the writer, in order or by a failing disk, and starts it again.
    async fn restart(&mut self, fault: Option<InjectedFault>) {
        let mut running = self.running.take().expect("it runs");
        if let Some(fault) = fault {
            let _ = running.turns.send(Turn::Fails(fault));
        }
        let before = format!("{:?}", running.projection.register());
        let tail = running.projection.register().tail();
        // Without turns, a waiting append proceeds or finds the writer stopped.
        drop(running.turns);
        let stopping = tokio::spawn(running.writer.stop());
        stopping.await.expect("an end");
        running.waits = false;
        for task in std::mem::take(&mut self.under_way) {
            match task.await {
                Ok(answers) => {
                    for (id, answer) in answers {
                        self.note_answer(&id, answer);
                    }
                }
                Err(error) => assert!(error.is_cancelled(), "seed {}: {error}", self.seed),
            }
        }
        self.running = Some(Running::start(&self.medium));
        let register = self.running().projection.register();
        assert!(
            register.tail() >= tail,
            "seed {}: something is lost",
            self.seed
        );
        if register.tail() == tail {
            assert_eq!(before, format!("{register:?}"), "seed {}", self.seed);
        }
        self.check();
    }

    async fn step(&mut self) {
        match self.random.below(20) {
            0..6 => {
                let id = self.made();
                self.send(&id);
                self.saw("sent");
            }
            6..8 => {
                self.send_line();
                self.saw("a line");
            }
            8..10 => {
                if let Some(id) = self.any() {
                    // A line never has a request twice at once: a repeat waits first.
                    self.send(&id);
                    self.saw("sent again");
                }
            }
            10 => {
                if let Some(id) = self.any().filter(|id| self.sent[id].receipt.is_some()) {
                    self.contradict(&id);
                    self.saw("contradicted");
                }
            }
            11 => {
                let count = self.under_way.len() as u64;
                if count > 0 {
                    let index = self.random.below(count) as usize;
                    self.under_way[index].abort();
                    self.saw("gone");
                }
            }
            12..18 => {
                let turn = match self.random.below(12) {
                    0 => Turn::NoSpace,
                    _ => Turn::Go,
                };
                if std::mem::take(&mut self.running().waits) {
                    self.running().turns.send(turn).expect("a writer");
                    self.settle().await;
                    self.check();
                }
            }
            18 if self.random.below(4) == 0 => {
                self.restart(None).await;
                self.saw("restarted");
            }
            19 if self.random.below(3) == 0 && self.running().waits => {
                let fault = match self.random.below(2) {
                    0 => InjectedFault::Failed,
                    _ => InjectedFault::FailedButPersisted,
                };
                self.restart(Some(fault)).await;
                self.saw("failed");
            }
            _ => {}
        }
        self.settle().await;
    }

    /// Every recorder repeats its requests until the outcome is known; then every good
    /// request is recorded exactly once.
    async fn end(mut self) -> HashMap<&'static str, u32> {
        self.restart(None).await;
        let ids: Vec<String> = self.sent.keys().cloned().collect();
        drop(std::mem::replace(
            &mut self.running().turns,
            mpsc::channel().0,
        ));
        for id in ids {
            // Alone, whatever the result of those before it.
            self.sent.get_mut(&id).expect("sent").after = None;
            let request = Request::read(self.sent[&id].message.clone()).expect("it can be read");
            let answer = self.running().handle.append(request).await;
            self.note_answer(&id, answer);
        }
        let good = self.sent.values().filter(|sent| sent.is_good);
        let unrecorded: BTreeSet<&str> = good
            .filter(|sent| sent.receipt.is_none())
            .map(|sent| sent.message.request_id.as_str())
            .collect();
        assert!(unrecorded.is_empty(), "seed {}: {unrecorded:?}", self.seed);
        self.check();
        let running = self.running.take().expect("it runs");
        running.writer.stop().await;
        self.seen
    }
}

#[test]
fn whatever_happens_nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let set = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse().expect("a number"))
    };
    let worlds = set("MINUTEBOOK_TEST_WORLDS").unwrap_or(16);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut seen_in_all = HashMap::<&str, u32>::new();
    let seeds: Vec<u64> = match set("MINUTEBOOK_TEST_SEED") {
        Some(seed) => vec![seed],
        None => (0..worlds)
            .map(|_| uuid::Uuid::new_v4().as_u128() as u64)
            .collect(),
    };
    for seed in &seeds {
        eprintln!("the world of MINUTEBOOK_TEST_SEED={seed}");
        runtime.block_on(async {
            let mut world = World::new(*seed);
            for _ in 0..250 {
                world.step().await;
            }
            for (event, count) in world.end().await {
                *seen_in_all.entry(event).or_default() += count;
            }
        });
    }
    eprintln!("{seen_in_all:?}");
    if seeds.len() >= 16 {
        for event in [
            "recorded",
            "repeated",
            "refused",
            "no space",
            "unknown",
            "stopped",
            "gone",
            "failed",
            "restarted",
            "a line",
            "contradicted",
        ] {
            assert!(
                seen_in_all.contains_key(event),
                "never {event}: {seen_in_all:?}"
            );
        }
    }
}
