//! The health service, for load balancers and operators.
//!
//! Until the log is proven, all services report NOT_SERVING. When the writer stops, a
//! witness disputes the log, or while the clock is wrong, the server as a whole ("") and `RecordService` report
//! NOT_SERVING; reading continues, so the other services report SERVING.
//!
//! [`INSECURE_SERVICE`] is no service of calls: that it is SERVING means that others than this
//! machine can call, without TLS or without sign-in. A server that is none has no such name.

use std::time::Duration;

use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::server::{HealthReporter, health_reporter};

use minutebook_grpc::wire::proto::audit_service_server::SERVICE_NAME as AUDIT;
use minutebook_grpc::wire::proto::caller_service_server::SERVICE_NAME as CALLER;
use minutebook_grpc::wire::proto::record_service_server::SERVICE_NAME as RECORD;
use minutebook_grpc::wire::proto::register_service_server::SERVICE_NAME as REGISTER;
use minutebook_kernel::notary::{LogProof, LogProofReader};
use minutebook_kernel::projection::Projection;
use minutebook_kernel::writer::Handle;

/// The interval between looks at the state of the log: a disk that does not answer
/// raises no error.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// The server as a whole, and the services that need the writer.
const WRITING: [&str; 2] = ["", RECORD];

/// The services that work without a writer.
const READING: [&str; 3] = [REGISTER, AUDIT, CALLER];

/// The name that an insecure server reports as SERVING.
pub const INSECURE_SERVICE: &str = "minutebook.insecure";

/// The health service, which follows the state of the server until it stops.
pub async fn service(
    writer: Handle,
    projection: Projection,
    proof: LogProofReader,
    is_insecure: bool,
    stopping: watch::Receiver<bool>,
) -> HealthServer<impl Health> {
    let (reporter, service) = health_reporter();
    let status = |is_serving| match is_serving {
        true => ServingStatus::Serving,
        false => ServingStatus::NotServing,
    };
    let is_proven = proof.get().is_proven();
    let fault = writer.clock_fault(projection.register().recorded_at());
    if is_insecure {
        report(&reporter, &[INSECURE_SERVICE], ServingStatus::Serving).await;
    }
    report(&reporter, &WRITING, status(is_proven && fault.is_none())).await;
    report(&reporter, &READING, status(is_proven)).await;
    tokio::spawn(watch(reporter, writer, projection, proof, stopping));
    service
}

async fn watch(
    reporter: HealthReporter,
    writer: Handle,
    projection: Projection,
    mut proof: LogProofReader,
    mut stopping: watch::Receiver<bool>,
) {
    let serving = [&WRITING[..], &READING[..]].concat();
    let reader = projection.reader();
    let clock = watch_clock(&reporter, &writer, &projection);
    let writer_stops = async {
        match proof.wait_for(LogProof::is_proven).await {
            LogProof::Disputed(_) => {
                report(&reporter, &READING, ServingStatus::Serving).await;
                proof.wait_for_end_of_dispute().await;
            }
            LogProof::Altered(_) => std::future::pending::<()>().await,
            LogProof::Comparing | LogProof::AskingWitnesses | LogProof::Proven => {
                // The watch of the clock reports the services that need it.
                report(&reporter, &READING, ServingStatus::Serving).await;
            }
        }
        let log_stops = async {
            while reader.stopped().is_none() {
                tokio::time::sleep(ASK_EVERY).await;
            }
        };
        tokio::select! {
            _ = writer.until_stopped() => {}
            () = log_stops => {}
            () = clock => {}
        }
        report(&reporter, &WRITING, ServingStatus::NotServing).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = writer_stops => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    report(&reporter, &serving, ServingStatus::NotServing).await;
}

/// Reports whether the clock can date an entry, whenever that changes. Never ends.
async fn watch_clock(reporter: &HealthReporter, writer: &Handle, projection: &Projection) {
    let mut can_date = None;
    loop {
        let fault = writer.clock_fault(projection.register().recorded_at());
        if can_date != Some(fault.is_none()) {
            let status = match &fault {
                Some(fault) => {
                    tracing::error!(%fault, "nothing is recorded");
                    ServingStatus::NotServing
                }
                None => {
                    if can_date.is_some() {
                        tracing::warn!("the clock is right again, and recording goes on");
                    }
                    ServingStatus::Serving
                }
            };
            report(reporter, &WRITING, status).await;
            can_date = Some(fault.is_none());
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

async fn report(reporter: &HealthReporter, services: &[&str], status: ServingStatus) {
    for service in services {
        reporter.set_service_status(*service, status).await;
    }
}
