//! Health: what load balancers and people who run the server ask.
//!
//! When the writer stops, the register as a whole ("") and `RecordService` are
//! no longer serving; reading goes on, so the other services are.

use std::time::Duration;

use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::server::{HealthReporter, health_reporter};

use crate::projection::Projection;
use crate::wire::proto::audit_service_server::SERVICE_NAME as AUDIT;
use crate::wire::proto::record_service_server::SERVICE_NAME as RECORD;
use crate::wire::proto::register_service_server::SERVICE_NAME as REGISTER;
use crate::writer::Handle;

/// How often the log is asked whether it is well: a disk that does not come back
/// raises no error.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// Services of the whole, and those that need the writer.
const WRITING: [&str; 2] = ["", RECORD];

/// Services that go on without a writer.
const READING: [&str; 2] = [REGISTER, AUDIT];

/// The health service, kept up to date until the server stops.
pub fn service(
    writer: Handle,
    projection: Projection,
    stopping: watch::Receiver<bool>,
) -> HealthServer<impl Health> {
    let (reporter, service) = health_reporter();
    tokio::spawn(watch(reporter, writer, projection, stopping));
    service
}

async fn watch(
    reporter: HealthReporter,
    writer: Handle,
    projection: Projection,
    mut stopping: watch::Receiver<bool>,
) {
    let serving = [WRITING, READING].concat();
    report(&reporter, &serving, ServingStatus::Serving).await;
    let reader = projection.reader();
    let unwell = async {
        let log_stops = async {
            while reader.stopped().is_none() {
                tokio::time::sleep(ASK_EVERY).await;
            }
        };
        tokio::select! {
            _ = writer.until_stopped() => {}
            () = log_stops => {}
        }
        report(&reporter, &WRITING, ServingStatus::NotServing).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = unwell => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    report(&reporter, &serving, ServingStatus::NotServing).await;
}

async fn report(reporter: &HealthReporter, services: &[&str], status: ServingStatus) {
    for service in services {
        reporter.set_service_status(*service, status).await;
    }
}
