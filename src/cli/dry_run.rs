//! `minutebook record --dry-run`: records books in a private copy of the register.
//!
//! The server judges a `validate_only` request alone, but the appends of a book depend
//! on one another, so judging each in turn would refuse most of them. Instead this
//! process copies the live register's history, in order, into a private register,
//! records the books there by the same code and the same rules, and discards the copy.
//!
//! Positions are the same in the copy. Two things differ, and no rule depends on them:
//! the time when entries were recorded, and their requests, which are packed to make
//! the copy quickly. Appends that the live register has already recorded are therefore
//! judged by the live register, which remembers them.

use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};

use tonic::Status;
use uuid::Uuid;

use super::book::BookFile;
use super::client::Client;
use super::ephemeral_server::EphemeralServer;
use super::failure::Failure;
use super::record::{RecordMode, append, progress, send_all};
use super::screen::Screen;
use super::sign_in::Server;
use super::signals::stop_asked;
use crate::present::dates::london_day;
use crate::wire::proto::{AppendRequest, Entry, Event, ReadHistoryRequest, WhoAmIRequest};

/// The most events an append may hold.
const EVENTS_MAX: usize = 100;

/// A private copy of a register.
pub struct DryRun {
    /// A client of the copy.
    pub copy: Client,
    /// The last position of the register when it was copied.
    pub position: u64,
    recorded: HashSet<Uuid>,
}

impl DryRun {
    /// Whether the live register has recorded this request.
    pub fn has_recorded(&self, request: &AppendRequest) -> bool {
        Uuid::parse_str(&request.request_id).is_ok_and(|id| self.recorded.contains(&id))
    }
}

/// Copies the live register, does `work` on the copy, and discards the copy, also when
/// the command is stopped.
pub async fn on_a_copy<T>(
    live: &Client,
    work: impl AsyncFnOnce(DryRun) -> Result<T, Failure>,
) -> Result<T, Failure> {
    tokio::select! {
        done = run_on_copy(live, work) => done,
        () = stop_asked() => Err(Failure::Interrupted),
    }
}

async fn run_on_copy<T>(
    live: &Client,
    work: impl AsyncFnOnce(DryRun) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let caller = live.caller().who_am_i(WhoAmIRequest {}).await?;
    if caller.into_inner().mandate_needed {
        return Err(Failure::Refused(
            "This register has a keeper, and a private copy of it would know no mandates: judge \
             one append at a time, with minutebook explain and a file of that append alone."
                .to_owned(),
        ));
    }
    let private = EphemeralServer::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), false).await?;
    let done = async {
        let copy = Client::connect(&Server::private(private.url())).await?;
        let (recorded, position) = copy_history(live, &copy).await?;
        work(DryRun {
            copy,
            position,
            recorded,
        })
        .await
    };
    let done = done.await;
    let stopped = private.stop().await;
    done.and_then(|result| stopped.map(|()| result))
}

/// Judges the books and prints the result that recording them would have.
pub async fn run(books: &[BookFile], live: &Client, screen: &mut Screen) -> Result<(), Failure> {
    on_a_copy(live, async |dry_run| {
        judge(books, live, &dry_run, screen).await
    })
    .await
}

async fn judge(
    books: &[BookFile],
    live: &Client,
    dry_run: &DryRun,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let tally = send_all(books, RecordMode::DryRun, screen, async |request| {
        if dry_run.has_recorded(request) {
            let mut request = request.clone();
            request.validate_only = true;
            append(live, &request).await
        } else {
            append(&dry_run.copy, request).await
        }
    })
    .await?;
    screen.line(&tally.in_words(RecordMode::DryRun))?;
    screen.line(&format!(
        "Nothing was recorded: this was judged on a private copy of the register at position {}.",
        dry_run.position
    ))
}

/// Records the live register's history in the copy. Returns its requests and its last
/// position.
async fn copy_history(live: &Client, copy: &Client) -> Result<(HashSet<Uuid>, u64), Failure> {
    let mut recorded = HashSet::new();
    let mut position = 0;
    let mut packed = Packed::default();
    let mut history = live
        .audit()
        .read_history(ReadHistoryRequest::default())
        .await?
        .into_inner();
    let bar = progress(0);
    bar.set_message("copying the register");
    while let Some(answer) = history.message().await? {
        let entry = answer.entry.unwrap_or_default();
        if let Ok(id) = Uuid::from_slice(&entry.request_id) {
            recorded.insert(id);
        }
        position = entry.position;
        bar.set_length(position);
        bar.set_position(position);
        if !packed.has_room_for(&entry) {
            packed.send(copy).await?;
        }
        packed.add(entry);
    }
    packed.send(copy).await?;
    bar.finish_and_clear();
    Ok((recorded, position))
}

/// Entries that will be copied as one request.
#[derive(Default)]
struct Packed {
    recorded_by: String,
    events: Vec<Event>,
    last_position: u64,
}

impl Packed {
    fn has_room_for(&self, entry: &Entry) -> bool {
        self.events.is_empty()
            || self.events.len() < EVENTS_MAX && self.recorded_by == entry.recorded_by
    }

    fn add(&mut self, entry: Entry) {
        let mut event = entry.event.unwrap_or_default();
        // An event without a date is in force from the day on which the live register
        // recorded it, not from today.
        if event.effective_on.is_none() {
            event.effective_on = entry.recorded_at.as_ref().and_then(london_day);
        }
        self.recorded_by = entry.recorded_by;
        self.last_position = entry.position;
        self.events.push(event);
    }

    async fn send(&mut self, copy: &Client) -> Result<(), Failure> {
        let events = std::mem::take(&mut self.events);
        if events.is_empty() {
            return Ok(());
        }
        let request = AppendRequest {
            request_id: Uuid::now_v7().to_string(),
            events,
            recorded_by: self.recorded_by.clone(),
            ..Default::default()
        };
        let sent = append(copy, &request).await;
        sent.map(drop).map_err(|status| self.not_copied(&status))
    }

    fn not_copied(&self, status: &Status) -> Failure {
        Failure::Broken(format!(
            "The register cannot be copied for the dry run; this program would not admit its \
             history up to position {} as it stands:\n{}",
            self.last_position,
            super::failure::explain(status)
        ))
    }
}

#[cfg(test)]
mod tests {
    use prost_types::Timestamp;

    use super::*;

    #[test]
    fn a_fact_without_a_day_keeps_the_day_it_was_recorded() {
        let mut packed = Packed::default();
        packed.add(Entry {
            recorded_at: Some(Timestamp {
                seconds: 1_594_800_000,
                nanos: 0,
            }),
            event: Some(Event::default()),
            ..Default::default()
        });
        assert_eq!(
            packed.events[0].effective_on,
            crate::cli::dates::parse_date("2020-07-15").ok()
        );
    }

    #[test]
    fn only_entries_of_one_recorder_are_packed_and_at_most_a_hundred() {
        let entry = |recorded_by: &str| Entry {
            recorded_by: recorded_by.into(),
            ..Default::default()
        };
        let mut packed = Packed::default();
        assert!(packed.has_room_for(&entry("a")));
        packed.add(entry("a"));
        assert!(packed.has_room_for(&entry("a")));
        assert!(!packed.has_room_for(&entry("b")));
        for _ in 1..EVENTS_MAX {
            packed.add(entry("a"));
        }
        assert!(!packed.has_room_for(&entry("a")));
    }
}
