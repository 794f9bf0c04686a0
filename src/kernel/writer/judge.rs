//! The judgement of a request, on the writer's own register or on one that is published.
//!
//! One correction is judged by judging every later entry of its subject again, however
//! many there are: it must be possible to put any entry right. A request with several
//! events has a limit, so that a few of them cannot hold up everybody else.

use std::sync::Arc;

use jiff::Timestamp;

use super::append_failure::AppendFailure;
use super::receipt::Receipt;
use super::request::Request;
use super::salt::draw_salt;
use crate::clock::{ClockFault, RecordingTime};
use minutebook_domain::admit::{Context, Refusal, admit, admit_into};
use minutebook_domain::entry::Entry;
use minutebook_domain::register::Register;
use minutebook_domain::work::{Pace, metered};

/// The most entries that are judged again for a request with several events.
const REJUDGED_MAX: usize = 20_000;

/// Why a request is not recorded.
#[derive(Debug)]
pub(super) enum JudgeFailure {
    Refused(Refusal),
    TooCostly,
}

/// The instant that a request is recorded at, if the clock may date it. Where the operator
/// accepted an instant in the future, every event must state its own date.
pub(super) fn date_request(
    request: &Request,
    time: Result<RecordingTime, ClockFault>,
) -> Result<Timestamp, AppendFailure> {
    let time = time.map_err(AppendFailure::Clock)?;
    if time.is_ahead {
        let undated = request.undated();
        if !undated.is_empty() {
            return Err(AppendFailure::Invalid(undated));
        }
    }
    Ok(time.recorded_at)
}

/// Judges a request, and folds its entries into the register if it is taken. If it is
/// not, the register stays as it was.
pub(super) fn judge_into(
    register: &mut Arc<Register>,
    request: &Request,
    recorded_at: Timestamp,
) -> Result<Vec<Arc<Entry>>, JudgeFailure> {
    let context = Context::recording(recorded_at, draw_salt);
    let refused = JudgeFailure::Refused;
    if !request.has_limit() {
        // Copied for the first request of a group, and changed in place after that.
        let register = Arc::make_mut(register);
        return admit_into(register, &request.command, &context).map_err(refused);
    }
    let admission = within_limit(|| admit(register, &request.command, &context))?;
    let admission = admission.map_err(refused)?;
    *register = Arc::new(admission.register);
    Ok(admission.entries)
}

/// A request that would be recorded.
#[derive(Debug)]
pub struct JudgedRequest {
    pub receipt: Receipt,
    pub entries: Vec<Arc<Entry>>,
    /// The register with these entries.
    pub register: Register,
}

/// Judges a request on top of a register, and records nothing. Not for the threads of the
/// writer.
pub fn judge(
    register: &Register,
    request: &Request,
    recorded_at: Timestamp,
) -> Result<JudgedRequest, AppendFailure> {
    let context = Context::at(recorded_at);
    let judge = || admit(register, &request.command, &context);
    let judged = if request.has_limit() {
        within_limit(judge)
    } else {
        Ok(judge())
    };
    let admission = judged.and_then(|judged| judged.map_err(JudgeFailure::Refused));
    let admission = admission.map_err(AppendFailure::from)?;
    Ok(JudgedRequest {
        receipt: Receipt::validated(&admission.entries, request.id()),
        entries: admission.entries,
        register: admission.register,
    })
}

/// Judges a request on top of a published register: the answer to a request that only
/// asks. Not for the threads of the writer.
pub fn validate(
    register: &Register,
    request: &Request,
    recorded_at: Timestamp,
) -> Result<Receipt, AppendFailure> {
    judge(register, request, recorded_at).map(|judged| judged.receipt)
}

fn within_limit<T>(judge: impl FnOnce() -> T) -> Result<T, JudgeFailure> {
    let mut left = REJUDGED_MAX;
    let meter = move || match left.checked_sub(1) {
        Some(less) => {
            left = less;
            Pace::GoOn
        }
        None => Pace::Stop,
    };
    metered(meter, judge).map_err(|_stopped| JudgeFailure::TooCostly)
}

impl From<JudgeFailure> for AppendFailure {
    fn from(failure: JudgeFailure) -> Self {
        match failure {
            JudgeFailure::Refused(Refusal::Stale(stale)) => Self::Stale(stale),
            JudgeFailure::Refused(Refusal::Rules(findings)) => Self::Rules(findings),
            JudgeFailure::TooCostly => Self::TooCostly,
        }
    }
}
