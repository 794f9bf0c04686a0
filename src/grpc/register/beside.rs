//! Facts that a page shows beside the answer of its subject. No method of the service gives
//! them alone: each is read from the views, for what the caller may read.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use prost::Message;
use tokio::sync::watch;
use tonic::Status;

use super::RegisterHandler;
use crate::status;
use crate::wire::as_of::{self, Known};
use crate::wire::proto::{AsOf, BoardRef, CollaborationRef, ContributionsView};
use minutebook_domain::caller::Caller;
use minutebook_domain::ids::{CollaborationId, Position, SubjectId};
use minutebook_kernel::projection::PinnedView;
use minutebook_views as views;

/// The most meetings of [`RegisterHandler::latest_meetings`].
const MEETINGS: usize = 8;

/// A day on which a board met.
pub type HeldMeeting = (BoardRef, jiff::civil::Date);

/// The names of subjects as a caller may read them now.
#[derive(Clone)]
pub struct ReadableNames(Arc<PinnedView>);

impl ReadableNames {
    /// The name of a subject such as `bodies/kent-pcc`.
    pub fn of(&self, subject: &str) -> Option<String> {
        self.0.name(&subject.parse().ok()?)
    }
}

impl fmt::Debug for ReadableNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadableNames").finish_non_exhaustive()
    }
}

impl RegisterHandler {
    /// The names of subjects now.
    pub async fn names(&self, caller: &Caller) -> Result<ReadableNames, Status> {
        let view = self.view_of(caller, &as_of::AsOf::default()).await?;
        Ok(ReadableNames(view))
    }

    /// The last entry, each time that there is another; the latest first. Nothing for a
    /// caller who may read nothing.
    pub fn news(&self, caller: &Caller) -> Result<watch::Receiver<Position>, Status> {
        let cleared = self.questions.cleared(caller);
        cleared.map_err(status::reading_refused)?;
        Ok(self.questions.projection.tail())
    }

    /// The view of a moment. The access log keeps the position of the answer of the page.
    async fn view_of(
        &self,
        caller: &Caller,
        as_of: &as_of::AsOf,
    ) -> Result<Arc<PinnedView>, Status> {
        let cleared = self.questions.cleared(caller);
        let cleared = cleared.map_err(status::reading_refused)?;
        cleared.view(as_of).await.map_err(status::pinned_view)
    }

    /// Reads from the view of a moment, on a worker. `question` names the fact: it is computed
    /// once for each view. `read` gives its size in bytes beside it.
    async fn beside<T: Clone + Send + Sync + 'static>(
        &self,
        caller: &Caller,
        as_of: &as_of::AsOf,
        question: String,
        read: impl FnOnce(&PinnedView) -> (T, usize) + Send + 'static,
    ) -> Result<T, Status> {
        let view = self.view_of(caller, as_of).await?;
        let question = question.into_bytes();
        if let Some(known) = view.answers().get(&question) {
            return Ok(known);
        }
        let compute = move || {
            let (fact, bytes) = read(&view);
            view.answers().put(question, fact.clone(), bytes);
            fact
        };
        self.questions.workers.run(compute).await
    }

    /// The last entry that was recorded by an instant; 0 if none was.
    pub async fn last_by(&self, instant: Timestamp) -> Result<u64, Status> {
        let projection = &self.questions.projection;
        let register = projection.register();
        let known = projection.resolve_known(&register, Known::Instant(instant));
        let known = known
            .await
            .map_err(|error| status::log_unreadable(&error))?;
        Ok(known.get())
    }

    /// When the first entry was recorded; nothing for an empty register. It never changes, so
    /// the log is read once.
    pub async fn first_recorded(&self, caller: &Caller) -> Result<Option<Timestamp>, Status> {
        if let Some(first) = self.first.get() {
            return Ok(Some(*first));
        }
        let as_of = as_of::AsOf {
            known: Known::Position(Position::new(1)),
            ..as_of::AsOf::default()
        };
        let first = self.view_of(caller, &as_of).await?.known_at();
        Ok(first.map(|first| *self.first.get_or_init(|| first)))
    }

    /// The last meetings of all boards up to today, newest first.
    pub async fn latest_meetings(&self, caller: &Caller) -> Result<Arc<[HeldMeeting]>, Status> {
        let now = as_of::AsOf::default();
        let read = |view: &PinnedView| {
            let meetings = views::board::latest_meetings(view, MEETINGS);
            let names = meetings.iter().map(|(board, _)| board.encoded_len());
            let bytes = names.sum();
            (Arc::from(meetings), bytes)
        };
        self.beside(caller, &now, "latest meetings".into(), read)
            .await
    }

    /// The name of a subject, and the ids of its budgets beside the main one.
    pub async fn budgets(
        &self,
        caller: &Caller,
        as_of: &AsOf,
        subject: SubjectId,
    ) -> Result<Option<(String, Vec<String>)>, Status> {
        let as_of = read_as_of(as_of)?;
        let question = format!("budgets of {subject}");
        let read = move |view: &PinnedView| {
            let found = views::budget::ids(view, &subject);
            let ids = found.iter().flat_map(|(_, ids)| ids);
            let bytes = ids.map(String::len).sum();
            (found, bytes)
        };
        self.beside(caller, &as_of, question, read).await
    }

    /// A collaboration, and its contributions in every year that has such, oldest first.
    pub async fn contributions_by_year(
        &self,
        caller: &Caller,
        as_of: &AsOf,
        id: CollaborationId,
    ) -> Result<Option<(CollaborationRef, Arc<[ContributionsView]>)>, Status> {
        let as_of = read_as_of(as_of)?;
        let question = format!("contributions of {id}");
        let read = move |view: &PinnedView| {
            let Some(years) = views::contributions::by_year(view, &id) else {
                return (None, 0);
            };
            let bytes = years.iter().map(Message::encoded_len).sum();
            let subject = SubjectId::Collaboration(id.clone());
            let collaboration = CollaborationRef {
                name: view.name(&subject).unwrap_or_default(),
                collaboration_id: id.to_string(),
            };
            (Some((collaboration, Arc::from(years))), bytes)
        };
        self.beside(caller, &as_of, question, read).await
    }
}

fn read_as_of(as_of: &AsOf) -> Result<as_of::AsOf, Status> {
    as_of::as_of(Some(as_of)).map_err(status::invalid_fields)
}
