//! The differences between two moments, subject by subject.

use std::sync::Arc;

use prost::Name;
use tonic::{Response, Status};

use super::state::read_stateful_subject;
use crate::field_reader::FieldReader;
use crate::log_fingerprint::LogIdentity;
use crate::missing::subject_not_found;
use crate::page::PageRequest;
use crate::query::{CallersQuestions, answered_from, pin};
use crate::status;
use crate::wire::as_of::{AsOf, Known};
use crate::wire::moment::{self, Moment};
use crate::wire::proto::{DiffRequest, DiffResponse};
use minutebook_domain::ids::{Position, SubjectId};
use minutebook_domain::register::Register;
use minutebook_kernel::projection::{ClearedProjection, PinnedView, Projection, ResolvedMoment};
use minutebook_views as views;

/// The most subjects that a request may name.
const SUBJECTS_MAX: usize = 100;

/// A page ends once its differences take this many bytes.
const PAGE_BYTES: usize = 1 << 20;

pub async fn diff(
    questions: &CallersQuestions,
    log: &LogIdentity,
    request: DiffRequest,
) -> Result<Response<DiffResponse>, Status> {
    let moments = Moments::read(&request)?;
    let mut question = request.clone();
    question.page_size = 0;
    question.page_token.clear();
    let (size, token) = (request.page_size, &request.page_token);
    let as_of = AsOf::default();
    let page = PageRequest::read(DiffRequest::NAME, &question, as_of, size, token)?;
    page.require_same_log(log).await?;
    let log = log.clone();
    let Sides { from, to } = moments.pin(&questions.cleared, &page).await?;
    let answer = move || {
        let candidates = moments.candidates(&from, &to)?;
        let examine = |id: &SubjectId| views::diff::of(&from, &to, id);
        let page = page.on(&to, &log);
        let (differences, next_page_token) = page.scan(&candidates, PAGE_BYTES, examine);
        page.complete(DiffResponse {
            from: answered_from(&from),
            to: answered_from(&to),
            differences,
            next_page_token,
        })
    };
    questions.answer(answer).await
}

/// The two moments to compare, and the subjects.
struct Moments {
    from: Moment,
    /// `None` means now.
    to: Option<Moment>,
    /// For two dates: the knowledge of both sides.
    known: Option<Known>,
    /// Empty for all.
    subjects: Vec<SubjectId>,
}

/// The register at each of the two moments.
struct Sides {
    from: Arc<PinnedView>,
    to: Arc<PinnedView>,
}

impl Moments {
    fn read(request: &DiffRequest) -> Result<Self, Status> {
        let mut fields = FieldReader::default();
        let from = fields.keep_faults(moment::moment("from", request.from.as_ref()));
        if from == Some(None) {
            fields.fault(
                "from",
                "the earlier moment is needed: give a date, an instant or a position",
            );
        }
        let to = fields.keep_faults(moment::moment("to", request.to.as_ref()));
        let known = fields.keep_faults(moment::known(request.known.as_ref()));
        if let (Some(Some(_)), Some(from), Some(to)) = (&known, &from, &to) {
            for (field, moment) in [("from", from), ("to", to)] {
                if let Some(Moment::Instant(_) | Moment::Position(_)) = moment {
                    fields.fault(
                        field,
                        "this moment sets its own knowledge: give a date, or leave as_known_at out",
                    );
                }
            }
        }
        let count = request.subjects.len();
        if count > SUBJECTS_MAX {
            let sentence =
                format!("the request names {count}, and {SUBJECTS_MAX} is the most: ask in parts");
            fields.fault("subjects", sentence);
        }
        let named = request.subjects.iter().take(SUBJECTS_MAX).enumerate();
        let subjects: Vec<SubjectId> = named
            .filter_map(|(index, text)| {
                read_stateful_subject(&mut fields, &format!("subjects[{index}]"), text)
            })
            .collect();
        let values = from.flatten().zip(to).zip(known);
        let ((from, to), known) = fields.finish(values)?;
        Ok(Self {
            from,
            to,
            known,
            subjects,
        })
    }

    /// Pins the view of each side.
    async fn pin(&self, cleared: &ClearedProjection, page: &PageRequest) -> Result<Sides, Status> {
        let projection = cleared.projection();
        let register = projection.register();
        let mut to = match self.to {
            Some(to) => self.resolve(projection, &register, "to", to).await?,
            None => ResolvedMoment {
                as_at: projection.today(),
                known: match self.known {
                    Some(known) => {
                        let known = projection.resolve_known(&register, known).await;
                        known.map_err(|error| status::log_unreadable(&error))?
                    }
                    None => register.tail(),
                },
            },
        };
        // Every page compares what the first one compared.
        if let (Some(as_at), Known::Position(known)) = (page.as_of.as_at, page.as_of.known) {
            to = ResolvedMoment {
                as_at: as_at.first_day(),
                known,
            };
        }
        let mut from = self
            .resolve(projection, &register, "from", self.from)
            .await?;
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
        Ok(Sides {
            from: pin_side(cleared, from).await?,
            to: pin_side(cleared, to).await?,
        })
    }

    /// The day and the last known position that one side means.
    async fn resolve(
        &self,
        projection: &Projection,
        register: &Register,
        field: &str,
        moment: Moment,
    ) -> Result<ResolvedMoment, Status> {
        if let (Some(known), Moment::Date(as_at)) = (self.known, moment) {
            let known = projection.resolve_known(register, known).await;
            let known = known.map_err(|error| status::log_unreadable(&error))?;
            return Ok(ResolvedMoment { as_at, known });
        }
        let resolved = projection.resolve(register, moment).await;
        resolved.map_err(|error| status::unresolved(field, &error))
    }

    /// The subjects to compare: collaborations, then boards, then bodies.
    fn candidates(&self, from: &PinnedView, to: &PinnedView) -> Result<Vec<SubjectId>, Status> {
        for id in &self.subjects {
            if from.subject(id).is_none() && to.subject(id).is_none() {
                return Err(subject_not_found(to, id));
            }
        }
        // A subject that was first recorded after `to` is left out: pages count
        // their offset in this list, so it must not grow between them.
        let records = to.register().records();
        let records = records.filter(|(_, record)| record.count_known_by(to.known()) > 0);
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

async fn pin_side(
    cleared: &ClearedProjection,
    side: ResolvedMoment,
) -> Result<Arc<PinnedView>, Status> {
    let as_of = AsOf {
        as_at: Some(side.as_at.into()),
        known: Known::Position(side.known),
        at_least: Position::ZERO,
    };
    pin(cleared, &as_of).await
}
