//! What is different between two moments, subject by subject.

use std::sync::Arc;

use prost::Name;
use tonic::{Response, Status};

use super::state;
use crate::domain::ids::{Position, SubjectId};
use crate::domain::register::Register;
use crate::grpc::page::PageRequest;
use crate::grpc::register::ask::{self, FieldReader};
use crate::grpc::status;
use crate::projection::{PinnedView, Projection, ResolvedAsOf};
use crate::views;
use crate::wire::as_of::{AsOf, Known};
use crate::wire::moment::{self, Moment};
use crate::wire::proto::{DiffRequest, DiffResponse};

/// How many subjects may be named.
const SUBJECTS_MAX: usize = 100;

/// About how many bytes of differences a page has.
const PAGE_BYTES: usize = 1 << 20;

/// Answers with it.
pub async fn diff(
    projection: &Projection,
    request: DiffRequest,
) -> Result<Response<DiffResponse>, Status> {
    let asked = Asked::read(&request)?;
    let mut content = request.clone();
    content.page_size = 0;
    content.page_token.clear();
    let question = AsOf::default();
    let (size, token) = (request.page_size, &request.page_token);
    let page = PageRequest::wanted(DiffRequest::NAME, &content, question, size, token)?;
    let (from, to) = asked.sides(projection, &page).await?;
    ask::run_blocking(move || {
        let candidates = asked.candidates(&from, &to)?;
        let look = |id: &SubjectId| views::diff::of(&from, &to, id);
        let (differences, next_page_token) = page.sought(&to, &candidates, PAGE_BYTES, look);
        Ok(DiffResponse {
            from: ask::answered_from(&from),
            to: ask::answered_from(&to),
            differences,
            next_page_token,
        })
    })
    .await
}

/// What is asked.
struct Asked {
    from: Moment,
    to: Option<Moment>,
    known: Option<Known>,
    subjects: Vec<SubjectId>,
}

impl Asked {
    fn read(request: &DiffRequest) -> Result<Self, Status> {
        let mut fields = FieldReader::default();
        let from = fields.read(moment::moment("from", request.from.as_ref()));
        if from == Some(None) {
            fields.fault(
                "from",
                "the earlier moment is needed: give a date, an instant or a position",
            );
        }
        let to = fields.read(moment::moment("to", request.to.as_ref()));
        let known = fields.read(moment::known(request.known.as_ref()));
        if let (Some(Some(_)), Some(from), Some(to)) = (&known, &from, &to) {
            for (field, moment) in [("from", from), ("to", to)] {
                if let Some(Moment::Instant(_) | Moment::Position(_)) = moment {
                    fields.fault(
                        field,
                        "it says itself what is known then: give a date, or leave as_known_at out",
                    );
                }
            }
        }
        let count = request.subjects.len();
        if count > SUBJECTS_MAX {
            let sentence =
                format!("at most {SUBJECTS_MAX} can be named, and these are {count}: ask in parts");
            fields.fault("subjects", sentence);
        }
        let named = request.subjects.iter().take(SUBJECTS_MAX).enumerate();
        let subjects: Vec<SubjectId> = named
            .filter_map(|(index, text)| {
                state::subject(&mut fields, &format!("subjects[{index}]"), text)
            })
            .collect();
        let all = from.flatten().zip(to).zip(known);
        let ((from, to), known) = fields.finish(all)?;
        Ok(Self {
            from,
            to,
            known,
            subjects,
        })
    }

    /// What each side is seen from.
    async fn sides(
        &self,
        projection: &Projection,
        page: &PageRequest,
    ) -> Result<(Arc<PinnedView>, Arc<PinnedView>), Status> {
        let register = projection.register();
        let mut to = match self.to {
            Some(to) => self.side(projection, &register, "to", to).await?,
            None => ResolvedAsOf {
                as_at: projection.today(),
                known: match self.known {
                    Some(known) => {
                        let known = projection.resolve_known(&register, known).await;
                        known.map_err(|error| status::unreadable(&error))?
                    }
                    None => register.tail(),
                },
            },
        };
        // Every page speaks for what the first one spoke for.
        if let (Some(as_at), Known::Position(known)) = (page.question.as_at, page.question.known) {
            to = ResolvedAsOf {
                as_at: as_at.first_day(),
                known,
            };
        }
        let mut from = self.side(projection, &register, "from", self.from).await?;
        if !page.is_first() {
            from.known = from.known.min(to.known);
        }
        if from.known == Position::ZERO {
            // Nothing was known on any day.
            from.as_at = from.as_at.min(to.as_at);
        }
        if from.as_at > to.as_at || from.known > to.known {
            return Err(status::invalid_field(
                "to",
                format!(
                    "it is as at {}, known at position {}, and \"from\" comes after it: as at {}, \
                     known at position {}; swap them",
                    to.as_at, to.known, from.as_at, from.known
                ),
            ));
        }
        Ok((pin(projection, from).await?, pin(projection, to).await?))
    }

    /// The day and the last known position that one side means.
    async fn side(
        &self,
        projection: &Projection,
        register: &Register,
        field: &str,
        moment: Moment,
    ) -> Result<ResolvedAsOf, Status> {
        if let (Some(known), Moment::Date(as_at)) = (self.known, moment) {
            let known = projection.resolve_known(register, known).await;
            let known = known.map_err(|error| status::unreadable(&error))?;
            return Ok(ResolvedAsOf { as_at, known });
        }
        let seen = projection.resolve(register, moment).await;
        seen.map_err(|error| status::moment(field, &error))
    }

    /// The subjects to look at: collaborations, then boards, then bodies.
    fn candidates(&self, from: &PinnedView, to: &PinnedView) -> Result<Vec<SubjectId>, Status> {
        for id in &self.subjects {
            if from.subject(id).is_none() && to.subject(id).is_none() {
                return Err(ask::missing(to, id));
            }
        }
        // Not those recorded since the first page: each page counts from its start.
        let records = to.register().records();
        let records = records.filter(|(_, record)| record.known_by(to.known()) > 0);
        let records = records.map(|(id, _)| id);
        let mut candidates: Vec<SubjectId> = records
            .filter(|id| **id != SubjectId::Register)
            .filter(|id| self.subjects.is_empty() || self.subjects.contains(id))
            .cloned()
            .collect();
        candidates.sort_by_key(|id| match id {
            SubjectId::Collaboration(_) => 0,
            SubjectId::Board(_) => 1,
            SubjectId::Body(_) | SubjectId::Register => 2,
        });
        Ok(candidates)
    }
}

/// The register as one side sees it.
async fn pin(projection: &Projection, side: ResolvedAsOf) -> Result<Arc<PinnedView>, Status> {
    let question = AsOf {
        as_at: Some(side.as_at.into()),
        known: Known::Position(side.known),
        at_least: Position::ZERO,
    };
    let view = projection.view(&question).await;
    view.map_err(status::vantage)
}
