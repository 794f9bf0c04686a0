//! An append that was refused, or that failed.

use tonic::Status;

use super::builder::{FaultDetail, ListedFault, StatusBuilder};
use super::log::log_unreadable;
use super::{
    MANDATES_CODE, RETRY_LATER, RETRY_SOON, RULES_CODE, Reason, invalid_fields, overloaded,
    server_stopping, too_costly,
};
use minutebook_domain::admit::{Finding, RevisionMismatch};
use minutebook_domain::rule::Rule;
use minutebook_kernel::clock::ClockFault;
use minutebook_kernel::writer::{AppendFailure, WriterStopped};

pub fn append_failure(failure: AppendFailure) -> Status {
    match failure {
        AppendFailure::Invalid(violations) => invalid_fields(violations),
        AppendFailure::Stale(mismatches) => stale_revisions(mismatches),
        AppendFailure::Rules(findings) => broken_rules(findings),
        AppendFailure::Reused {
            request,
            first,
            recorded_at,
        } => StatusBuilder::new(
            Reason::RequestIdReused,
            format!(
                "request_id {request} was used at position {first} for something else, or by \
                 another caller: nothing was recorded; send this under a new id"
            ),
        )
        .fact("request_id", request)
        .fact("position", first)
        .fact("recorded_at", recorded_at)
        .status(),
        AppendFailure::TooCostly => too_costly(),
        AppendFailure::Overloaded => overloaded("too many requests wait to be recorded"),
        AppendFailure::Overtaken => {
            let mut answer = StatusBuilder::new(
                Reason::Overtaken,
                "a request before this one was sent twice at once: nothing of this one was \
                 recorded; send it again, and the requests after it",
            );
            answer.details.set_retry_info(Some(RETRY_SOON));
            answer.status()
        }
        AppendFailure::NoSpace { available, needed } => {
            let mut answer = StatusBuilder::new(
                Reason::DiskFull,
                "the register's disk is nearly full: nothing was recorded; the operator of the \
                 server must make space, then send the same request again",
            )
            .fact("available_bytes", available)
            .fact("needed_bytes", needed);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        AppendFailure::Clock(fault) => clock_fault(&fault),
        AppendFailure::OutcomeUnknown { request } => {
            let mut answer = StatusBuilder::new(
                Reason::OutcomeUnknown,
                format!(
                    "the register cannot tell whether request {request} was recorded: send the \
                     same request again under the same id, and it will be recorded once"
                ),
            )
            .fact("request_id", request);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        AppendFailure::Stopped(WriterStopped::Asked) => server_stopping(),
        AppendFailure::Stopped(
            stop @ (WriterStopped::Log(_)
            | WriterStopped::Diverged { .. }
            | WriterStopped::Panicked),
        ) => {
            let mut answer = StatusBuilder::new(
                Reason::WriterStopped,
                format!(
                    "nothing can be recorded until the server is restarted ({stop}): nothing of \
                     this request was recorded; the register can still be read"
                ),
            )
            .fact("stopped_by", stop);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        AppendFailure::Unreadable(error) => log_unreadable(&error),
    }
}

fn clock_fault(fault: &ClockFault) -> Status {
    let (reason, now) = match fault {
        ClockFault::Behind { now, .. } => (Reason::ClockBehind, now),
        ClockFault::Stepped { now, .. } => (Reason::ClockStepped, now),
    };
    let sentence = format!(
        "the server cannot date an entry: nothing was recorded, and the register can still be read; \
         its operator must act, then send the same request again: {fault}"
    );
    let answer = StatusBuilder::new(reason, sentence).fact("clock_at", now);
    let mut answer = match fault {
        ClockFault::Behind { last, .. } => answer.fact("last_recorded_at", last),
        ClockFault::Stepped { by, .. } => answer.fact("stepped_by_seconds", by.as_secs()),
    };
    answer.details.set_retry_info(Some(RETRY_LATER));
    answer.status()
}

fn stale_revisions(mismatches: Vec<RevisionMismatch>) -> Status {
    let faults = mismatches
        .into_iter()
        .map(|mismatch| {
            let RevisionMismatch {
                subject,
                expected,
                actual,
            } = mismatch;
            ListedFault {
                reason: Reason::StaleRevision.name(),
                place: subject.to_string(),
                sentence: format!(
                    "{subject} is at revision {actual}, not at {expected}: read the entries \
                     recorded since, then decide again"
                ),
                facts: vec![
                    ("subject", subject.to_string()),
                    ("expected_revision", expected.to_string()),
                    ("actual_revision", actual.to_string()),
                ],
            }
        })
        .collect();
    StatusBuilder::list(
        Reason::StaleRevision.code(),
        FaultDetail::Preconditions,
        faults,
    )
    .status()
}

fn broken_rules(findings: Vec<Finding>) -> Status {
    let is_of_caller = |finding: &Finding| finding.fault.rule() == Rule::Mandates;
    let code = match findings.iter().any(is_of_caller) {
        true => MANDATES_CODE,
        false => RULES_CODE,
    };
    let faults = findings
        .into_iter()
        .map(
            |Finding {
                 index,
                 field,
                 fault,
             }| {
                let mut facts = fault.facts();
                facts.push(("rule", fault.rule().number().to_string()));
                facts.push(("event_index", index.to_string()));
                ListedFault {
                    reason: fault.reason(),
                    place: match field.as_str() {
                        "" => format!("events[{index}]"),
                        // A field of the request.
                        "recorded_by" => field,
                        _ => format!("events[{index}].{field}"),
                    },
                    sentence: fault.to_string(),
                    facts,
                }
            },
        )
        .collect();
    StatusBuilder::list(code, FaultDetail::Preconditions, faults).status()
}
