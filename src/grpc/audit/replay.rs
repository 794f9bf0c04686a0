//! Replays: for each entry of a subject, what the entry changed.
//!
//! Each step compares two whole states, and a long history has thousands of them.
//! Workers compute them in groups, and the feed sends them in order. A group computes
//! its own first state, so that groups need not wait for one another. Once a replay has
//! used half of the work that a call may do, it ends with the position from which it can
//! go on.

use std::sync::Arc;

use futures::StreamExt;
use futures::stream;
use jiff::civil::Date;
use tokio::sync::watch;
use tonic::Status;

use super::feed::{Feed, FeedEnd, position_of};
use super::filter::Filter;
use super::history_cursor::{HistoryCursor, ReadOrder};
use super::state::read_stateful_subject;
use crate::field_reader::FieldReader;
use crate::missing::subject_not_found;
use crate::query::pin;
use crate::status;
use crate::wire::as_of::{AsOf, Known};
use crate::wire::moment;
use crate::wire::proto::{ReadHistoryResponse, ReplayRequest, ReplayResponse};
use crate::workers::workers_max;
use minutebook_domain::ids::{Position, SubjectId};
use minutebook_domain::register::Register;
use minutebook_domain::work;
use minutebook_kernel::projection::ClearedProjection;
use minutebook_views as views;

/// Entries in a group, besides the state that it begins with.
const GROUP_LEN: usize = 16;

/// Entries in a group where each is sent with its state.
const GROUP_WITH_STATE_LEN: usize = 4;

/// Messages with a state that wait for a reader.
pub const STATES_LEN: usize = 2;

/// The entries of one subject that a request asks to replay.
pub struct SubjectEntries {
    register: Arc<Register>,
    subject: SubjectId,
    as_at: Date,
    from: Position,
    last: Position,
    limit: usize,
    with_state: bool,
}

impl SubjectEntries {
    pub async fn read(
        cleared: &ClearedProjection,
        request: &ReplayRequest,
    ) -> Result<Self, Status> {
        let mut fields = FieldReader::default();
        let subject = read_stateful_subject(&mut fields, "subject", &request.subject);
        let as_at = fields.keep_faults(moment::day("as_at", request.as_at));
        let until = fields.keep_faults(moment::moment("until", request.until.as_ref()));
        let values = subject.zip(as_at.zip(until));
        let (subject, (as_at, until)) = fields.finish(values)?;
        let projection = cleared.projection();
        let register = cleared.register().await;
        let last = match until {
            None => register.tail(),
            Some(until) => {
                let resolved = projection.resolve(&register, until).await;
                let resolved = resolved.map_err(|error| status::unresolved("until", &error))?;
                resolved.known
            }
        };
        let from = Position::new(request.from_position);
        if from > last {
            return Err(status::invalid_field(
                "from_position",
                format!("the replay ends at position {last}, and {from} comes after it: swap them"),
            ));
        }
        let as_of = AsOf {
            as_at,
            known: Known::Position(last),
            at_least: Position::ZERO,
        };
        let view = pin(cleared, &as_of).await?;
        let record = register.record(&subject);
        if record.is_none_or(|record| record.count_known_by(last) == 0) {
            return Err(subject_not_found(&view, &subject));
        }
        Ok(Self {
            as_at: view.as_at(),
            register,
            subject,
            from,
            last,
            limit: match usize::try_from(request.limit) {
                Ok(0) | Err(_) => usize::MAX,
                Ok(limit) => limit,
            },
            with_state: request.with_state,
        })
    }

    /// Whether each entry is sent with the whole state after it.
    pub const fn with_state(&self) -> bool {
        self.with_state
    }

    fn cursor(&self) -> HistoryCursor {
        let filter = Filter::only(self.subject.clone());
        let register = Arc::clone(&self.register);
        HistoryCursor::new(register, filter, ReadOrder::Forward, self.from, self.last)
    }

    /// Computes the steps of one group of consecutive entries.
    fn replay_group(&self, entries: Vec<ReadHistoryResponse>) -> ReplayedGroup {
        let mut replayed = ReplayedGroup::default();
        let (Some(first), Some(record)) = (entries.first(), self.register.record(&self.subject))
        else {
            return replayed;
        };
        let before = record
            .count_known_by(position_of(first).before())
            .checked_sub(1);
        let before = before.and_then(|index| record.history().get(index));
        let before = before.map_or(Position::ZERO, |entry| entry.position);
        let (register, subject) = (Arc::clone(&self.register), self.subject.clone());
        let mut replay = views::replay::SubjectReplay::new(register, self.as_at, subject, before);
        for entry in entries {
            if !replayed.steps.is_empty() && work::should_finish() {
                replayed.next = Some(position_of(&entry));
                break;
            }
            let Some(folded) = record.entry(position_of(&entry)) else {
                continue;
            };
            let step = replay.step(folded);
            replayed.steps.push(ReplayResponse {
                told: Some(entry),
                changes: step.changes,
                meanwhile: step.meanwhile,
                unchanged: step.unchanged,
                corrects: step.corrects,
                state: step.state.filter(|_| self.with_state),
            });
        }
        replayed
    }
}

/// The steps of a group.
#[derive(Default)]
struct ReplayedGroup {
    steps: Vec<ReplayResponse>,
    /// The first entry that is left because the replay has used up its work.
    next: Option<Position>,
}

impl Feed<ReplayResponse> {
    pub async fn replay(self, entries: SubjectEntries, stopping: watch::Receiver<bool>) {
        let sent = self.send_steps(Arc::new(entries), stopping);
        if let Err(end) = self.unless_over(sent).await {
            self.end(end);
        }
    }

    async fn send_steps(
        &self,
        entries: Arc<SubjectEntries>,
        stopping: watch::Receiver<bool>,
    ) -> Result<(), FeedEnd> {
        let (group_len, groups_at_once) = if entries.with_state {
            (GROUP_WITH_STATE_LEN, 1)
        } else {
            (GROUP_LEN, workers_max())
        };
        let budget = self.workers.budget();
        let (mut cursor, mut left) = (entries.cursor(), entries.limit);
        while cursor.next_position().is_some() && left > 0 {
            let mut chunk;
            (cursor, chunk) = self.read_chunk(cursor).await?;
            chunk.truncate(left);
            left -= chunk.len();
            let groups: Vec<_> = chunk.chunks(group_len).map(<[_]>::to_vec).collect();
            let replayed = groups.into_iter().map(|group| {
                let entries = Arc::clone(&entries);
                let replay = move || entries.replay_group(group);
                self.workers.run_within(&budget, replay)
            });
            let mut replayed = stream::iter(replayed).buffered(groups_at_once);
            while let Some(group) = replayed.next().await {
                let ReplayedGroup { steps, next } = group?;
                for step in steps {
                    if *stopping.borrow() {
                        return Err(status::server_stopping().into());
                    }
                    let position = step.told.as_ref().map_or(Position::ZERO, position_of);
                    self.send(step, position).await?;
                }
                if let Some(next) = next {
                    return Err(status::replay_paused(next).into());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{json, proto, request};
    use minutebook_domain::admit::{Context, admit_into};
    use minutebook_domain::work::{Pace, metered};

    fn register(aliases: usize) -> Register {
        let aliases = (0..aliases).map(|n| serde_json::json!({ "subject": "bodies/a", "aliasAdded": { "alias": format!("A {n}") } }));
        let registered = serde_json::json!({ "subject": "bodies/a",
            "bodyRegistered": { "name": "A", "kind": "BODY_KIND_COUNCIL" } });
        let events: Vec<_> = [registered].into_iter().chain(aliases).collect();
        let message: proto::AppendRequest = json::from_value(serde_json::json!({
            "requestId": "01930f5e-7c00-7000-8000-000000000001", "recordedBy": "R", "events": events,
        }))
        .expect("a request");
        let command = request::append_command(&message).expect("a command");
        let recorded_at = "2026-11-23T10:00:00Z".parse().expect("an instant");
        let mut register = Register::default();
        admit_into(&mut register, &command, &Context::at(recorded_at)).expect("admitted");
        register
    }

    fn entry(position: u64) -> ReadHistoryResponse {
        let entry = proto::Entry {
            position,
            ..proto::Entry::default()
        };
        ReadHistoryResponse {
            entry: Some(entry),
            ..ReadHistoryResponse::default()
        }
    }

    #[test]
    fn a_group_that_takes_too_much_work_ends_after_an_entry_and_says_which_is_next() {
        let register = register(9);
        let entries = SubjectEntries {
            last: register.tail(),
            register: Arc::new(register),
            subject: "bodies/a".parse().expect("a subject"),
            as_at: "2026-11-23".parse().expect("a day"),
            from: Position::ZERO,
            limit: usize::MAX,
            with_state: false,
        };
        let (mut next, mut positions) = (1, Vec::new());
        // Hurried all the time, it still gets on.
        while next > 0 {
            let group = (next..=10).map(entry).collect();
            let hurried = metered(|| Pace::Finish, || entries.replay_group(group));
            let ReplayedGroup { steps, next: left } = hurried.expect("it was not stopped");
            let told = steps.iter().filter_map(|step| step.told.as_ref());
            positions.extend(told.map(|told| position_of(told).get()));
            next = left.map_or(0, Position::get);
        }
        assert!(positions.iter().copied().eq(1..=10), "{positions:?}");
        let all = entries.replay_group((1..=10).map(entry).collect());
        assert_eq!((all.steps.len(), all.next), (10, None));
    }
}
