//! The first keeper of a register: an entry that a command at the store records, without a
//! mandate.

use std::path::Path;

use super::{OfflineError, open_replayed};
use minutebook_domain::admit::{Context, Refusal, admit};
use minutebook_domain::caller::Caller;
use minutebook_domain::entry::RecordedCaller;
use minutebook_domain::event::MandateRole;
use minutebook_grpc::wire::entry::{EntryEnvelope, encode};
use minutebook_grpc::wire::proto;
use minutebook_grpc::wire::request::append_command_of;
use minutebook_grpc::wire::violation::FieldViolation;
use minutebook_kernel::clock::{Clock, ClockWatch};
use minutebook_kernel::log::Batch;
use minutebook_kernel::writer::draw_salt;

/// Grants the mandate of a keeper in a store that no server has open, and returns the
/// position of the entry.
pub fn set_keeper(
    data: &Path,
    granted: proto::MandateGranted,
    clock: &Clock,
) -> Result<u64, OfflineError> {
    let (mut log, replay) = open_replayed(data, |_| ())?;
    let event = proto::Event {
        subject: "register".to_owned(),
        kind: Some(proto::event::Kind::MandateGranted(granted)),
        ..proto::Event::default()
    };
    let request = proto::AppendRequest {
        request_id: uuid::Uuid::now_v7().to_string(),
        recorded_by: "register".to_owned(),
        events: vec![event],
        ..proto::AppendRequest::default()
    };
    let command = append_command_of(&request, Caller::Store);
    let command = command.map_err(|faults| refused(faults.iter().map(field)))?;
    let register = &replay.register;
    let last = register.recorded_at();
    let recorded_at = ClockWatch::new(clock.clone(), last).date(last)?.recorded_at;
    let admission = admit(
        register,
        &command,
        &Context::recording(recorded_at, draw_salt),
    );
    let entries = match admission {
        Ok(admission) => admission.entries,
        Err(Refusal::Rules(findings)) => {
            return Err(refused(
                findings.iter().map(|finding| finding.fault.to_string()),
            ));
        }
        Err(Refusal::Stale(_)) => return Err(refused(std::iter::empty())),
    };
    let entries = entries.iter().zip(&request.events);
    let records = entries.map(|(entry, event)| encode(&EntryEnvelope::of(entry), event));
    let batch = Batch::new(records.collect()).expect("one short record");
    let tail = log.appender.tail();
    log.appender.append(&batch, tail)?;
    Ok(log.appender.tail().get())
}

/// A keeper that a store has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKeeper {
    pub mandate_id: String,
    pub issuer: String,
    /// A command at the store set this keeper.
    pub is_set_at_store: bool,
}

/// The keepers of a store that no server has open, the first first; none where it has no
/// entry either. Nothing is written.
pub fn keepers(data: &Path) -> Result<Vec<StoredKeeper>, OfflineError> {
    let (_, replay) = open_replayed(data, |_| ())?;
    let mandates = replay.register.mandates().into_iter();
    let granted = mandates.flat_map(|all| all.iter().map(|(_, mandate)| &mandate.granted));
    let mut keepers: Vec<_> = granted
        .filter(|granted| granted.role == MandateRole::Keeper)
        .collect();
    keepers.sort_by_key(|granted| granted.position());
    let stored = keepers.into_iter().map(|granted| StoredKeeper {
        mandate_id: granted.mandate.to_string(),
        issuer: granted.holder.issuer.to_string(),
        is_set_at_store: granted.source.entry.caller == RecordedCaller::Store,
    });
    Ok(stored.collect())
}

fn field(fault: &FieldViolation) -> String {
    let field = fault.field.trim_start_matches("events[0].mandate_granted.");
    format!("{field}: {}", fault.description)
}

fn refused(faults: impl Iterator<Item = String>) -> OfflineError {
    let faults: Vec<String> = faults.collect();
    OfflineError::Refused(faults.join("; "))
}
