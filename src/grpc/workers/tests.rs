//! The limits of workers, each reached.

use tokio::task::JoinSet;

use super::*;
use minutebook_domain::work::step;
use minutebook_kernel::blocking::WorkShareLimits;

/// Long enough to never be reached, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

fn endless() {
    loop {
        step();
    }
}

async fn until(mut holds: impl FnMut() -> bool) {
    let waited = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited)
        .await
        .expect("in time");
}

fn reason(status: &Status) -> String {
    status::reasons(status).expect("a reason")
}

#[tokio::test(flavor = "multi_thread")]
async fn work_ends_when_nobody_waits_for_it_and_holds_its_permit_until_then() {
    struct Ended(Arc<AtomicBool>);
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let workers = Workers::new(PATIENCE);
    let (begun, ended) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let question = {
        let (workers, begun) = (workers.clone(), Arc::clone(&begun));
        let ended = Ended(Arc::clone(&ended));
        tokio::spawn(async move {
            let work = move || {
                let _ended = ended;
                begun.store(true, Ordering::SeqCst);
                endless();
            };
            workers.run(work).await
        })
    };
    until(|| begun.load(Ordering::SeqCst)).await;
    assert_eq!(workers.0.turns.available_permits(), workers_max() - 1);
    question.abort();
    until(|| ended.load(Ordering::SeqCst)).await;
    until(|| workers.0.turns.available_permits() == workers_max()).await;
    until(|| workers.0.long.available_permits() == LONG_MAX).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_cancelled_while_it_waited_never_begins() {
    let workers = Workers::new(PATIENCE);
    let all = u32::try_from(workers_max()).expect("few");
    let turns = Arc::clone(&workers.0.turns).acquire_many_owned(all).await;
    let begun = Arc::new(AtomicBool::new(false));
    let question = {
        let (workers, begun) = (workers.clone(), Arc::clone(&begun));
        tokio::spawn(async move {
            workers
                .run(move || begun.store(true, Ordering::SeqCst))
                .await
        })
    };
    until(|| workers.0.waiting_for_turn.load(Ordering::Relaxed) == 1).await;
    question.abort();
    until(|| workers.0.waiting_for_turn.load(Ordering::Relaxed) == 0).await;
    drop(turns);
    assert_eq!(workers.run(|| 7).await.expect("an answer"), 7);
    assert!(!begun.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_questions_keep_nobody_from_a_short_answer() {
    const WAITING_MAX: usize = 16;
    let workers = Workers::with(PATIENCE * 60, WAITING_MAX);
    let mut hostile = JoinSet::new();
    for _ in 0..LONG_MAX + WAITING_MAX {
        let workers = workers.clone();
        hostile.spawn(async move { workers.run(endless).await });
    }
    let waiting = || WAITING_MAX - workers.0.waiting_for_long.available_permits();
    until(|| waiting() == WAITING_MAX).await;
    for _ in 0..20 {
        let answer = tokio::time::timeout(PATIENCE, workers.run(|| 7)).await;
        assert_eq!(answer.expect("in time").expect("an answer"), 7);
    }
    let refused = tokio::time::timeout(PATIENCE, workers.run(endless)).await;
    let refused = refused.expect("in time").expect_err("a refusal");
    assert_eq!(reason(&refused), "OVERLOADED");
    // Those who wait are cancelled, too.
    hostile.abort_all();
    until(|| workers.0.long.available_permits() == LONG_MAX).await;
    until(|| waiting() == 0).await;
    assert_eq!(workers.run(|| 7).await.expect("an answer"), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_has_a_limit() {
    let workers = Workers::new(Duration::from_millis(300));
    let refused = workers.run(endless).await.expect_err("a refusal");
    assert_eq!(reason(&refused), "TOO_COSTLY");
    // The work of several parts of one call is added up.
    let budget = workers.budget();
    let finished = workers.run_within(
        &budget,
        || while !minutebook_domain::work::should_finish() {},
    );
    finished.await.expect("it finished early");
    let refused = workers.run_within(&budget, endless).await;
    assert_eq!(reason(&refused.expect_err("a refusal")), "TOO_COSTLY");
    assert_eq!(workers.run(|| 7).await.expect("an answer"), 7);
}

/// One caller asks more at once than its share, and so does another: all are answered,
/// and a third caller is answered meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn callers_who_ask_more_than_their_share_block_nobody_not_even_themselves() {
    let workers = Workers::new(PATIENCE * 60);
    let all = Arc::new(Semaphore::new(8));
    let limits = WorkShareLimits {
        pieces: 4,
        long: 2,
        waiting_for_long: 128,
    };
    let callers = [(); 3].map(|()| WorkShare::new(&all, limits));
    let long = || {
        let began = Instant::now();
        while began.elapsed() < 3 * FIRST_TURN {
            step();
        }
    };
    let mut asked = JoinSet::new();
    for caller in &callers[..2] {
        for _ in 0..12 {
            let workers = workers.clone();
            asked.spawn(caller.scope(async move { workers.run(long).await }));
        }
    }
    let workers_of_third = workers.clone();
    let third = callers[2].scope(async move { workers_of_third.run(|| 7).await });
    let third = tokio::time::timeout(PATIENCE, third).await;
    assert_eq!(third.expect("in time").expect("an answer"), 7);
    let answered = tokio::time::timeout(PATIENCE, asked.join_all()).await;
    let answered = answered.expect("all of them");
    assert!(answered.iter().all(Result::is_ok), "{answered:?}");
    until(|| workers.0.long.available_permits() == LONG_MAX).await;
    for caller in &callers {
        let free = [
            caller.questions.available_permits(),
            caller.long.available_permits(),
            caller.waiting_for_long.available_permits(),
        ];
        assert_eq!(free, [4, 2, 128]);
    }
}
