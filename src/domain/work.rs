//! Work that its caller can stop: a fold, a judgement or a comparison reports its steps,
//! and a meter decides at each whether the work goes on.
//!
//! The functions of the domain and of the views return whole results. If nobody wants a
//! result any more, or it costs too much, the work is unwound to [`metered`], without a
//! message, and nothing of it is kept. (rust-analyzer cancels its queries in this way.)
//! So a step is reported only where no lock is held and nothing shared is half changed.
//! Work without a meter is never stopped.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The decision of a meter at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    GoOn,
    /// Work that can end early with a useful result should.
    Finish,
    Stop,
}

/// The meter stopped the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkStopped;

type Meter = Box<dyn FnMut() -> Pace>;

thread_local! {
    /// The meters of the work under way on this thread, the outermost first.
    static METERS: RefCell<Vec<Meter>> = const { RefCell::new(Vec::new()) };
}

/// Unwinds to the meter with this number.
struct Unwind(usize);

/// Does `work`. It ends with [`WorkStopped`] if `meter` stops it at a step. Meters nest.
///
/// # Examples
///
/// ```
/// use minutebook_domain::work::{Pace, WorkStopped, metered, step};
///
/// let mut left = 3;
/// let meter = move || {
///     left -= 1;
///     if left < 0 { Pace::Stop } else { Pace::GoOn }
/// };
/// let walk = |steps: u32| (0..steps).inspect(|_| step()).count();
/// assert_eq!(metered(meter, || walk(3)), Ok(3));
/// assert_eq!(metered(meter, || walk(4)), Err(WorkStopped));
/// ```
pub fn metered<T>(
    meter: impl FnMut() -> Pace + 'static,
    work: impl FnOnce() -> T,
) -> Result<T, WorkStopped> {
    let number = METERS.with_borrow_mut(|meters| {
        meters.push(Box::new(meter));
        meters.len() - 1
    });
    let result = catch_unwind(AssertUnwindSafe(work));
    let ended = METERS.with_borrow_mut(|meters| meters.split_off(number));
    // A meter may own something whose release runs other code.
    drop(ended);
    match result {
        Ok(result) => Ok(result),
        Err(panic) => match panic.downcast::<Unwind>() {
            Ok(unwind) if unwind.0 == number => Err(WorkStopped),
            Ok(unwind) => resume_unwind(unwind),
            Err(panic) => resume_unwind(panic),
        },
    }
}

/// Reports a step: some microseconds of work, or a fold of one subject.
pub fn step() {
    let stopped =
        METERS.with_borrow_mut(|meters| meters.iter_mut().position(|meter| meter() == Pace::Stop));
    if let Some(number) = stopped {
        // Not a panic: no hook is called, and `metered` catches it.
        resume_unwind(Box::new(Unwind(number)));
    }
}

/// Whether work that can end early with a useful result should do so now. A step, too.
pub fn should_finish() -> bool {
    step();
    METERS.with_borrow_mut(|meters| meters.iter_mut().any(|meter| meter() != Pace::GoOn))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(mut steps: u32, then: Pace) -> impl FnMut() -> Pace + 'static {
        move || {
            steps = steps.saturating_sub(1);
            if steps == 0 { then } else { Pace::GoOn }
        }
    }

    fn endless() {
        loop {
            step();
        }
    }

    #[test]
    fn the_meter_that_stops_is_the_one_that_hears_of_it() {
        let inner_stops = metered(after(100, Pace::Stop), || {
            metered(after(10, Pace::Stop), endless)
        });
        assert_eq!(inner_stops, Ok(Err(WorkStopped)));
        let outer_stops = metered(after(10, Pace::Stop), || {
            metered(after(100, Pace::Stop), endless)
        });
        assert_eq!(outer_stops, Err(WorkStopped));
        // Nothing is left over: this is not stopped.
        (0..1_000).for_each(|_| step());
    }

    #[test]
    fn work_is_asked_to_finish_before_it_is_stopped() {
        let finished = metered(after(5, Pace::Finish), || {
            (0..).take_while(|_| !should_finish()).count()
        });
        assert!(finished.is_ok_and(|count| count < 5));
        assert!(!should_finish(), "no meter, no haste");
    }

    #[test]
    fn a_panic_stays_a_panic() {
        let panicked = catch_unwind(|| metered(|| Pace::GoOn, || panic!("out of order")));
        let panic = panicked.expect_err("the panic");
        assert_eq!(panic.downcast_ref::<&str>().copied(), Some("out of order"));
        step();
    }
}
