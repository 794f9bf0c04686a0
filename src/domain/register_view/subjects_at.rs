//! The subjects of one kind, as a view shows them.

use std::sync::Arc;

use super::RegisterView;
use crate::board::Board;
use crate::body::Body;
use crate::collaboration::Collaboration;
use crate::ids::{BoardId, BodyId, CollaborationId, SubjectId};
use crate::subject::{Subject, SubjectKind};

/// A subject of one kind, as a view shows it.
macro_rules! subjects_at {
    ($($(#[$doc:meta])* $At:ident { $Id:ident, $Kind:ident, $one:ident, $many:ident })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $At(Arc<Subject>);

        impl $At {
            pub const fn subject(&self) -> &Arc<Subject> {
                &self.0
            }
        }

        impl std::ops::Deref for $At {
            type Target = $Kind;

            fn deref(&self) -> &$Kind {
                match &self.0.kind {
                    SubjectKind::$Kind(kind) => kind,
                    // It is made only of a subject of that kind.
                    _ => unreachable!("the id of a subject decides its kind"),
                }
            }
        }

        impl RegisterView {
            #[doc = concat!("`None` unless the ", stringify!($one), " has begun.")]
            pub fn $one(&self, id: &$Id) -> Option<$At> {
                self.subject(&SubjectId::$Kind(id.clone())).map($At)
            }

            #[doc = concat!("Every ", stringify!($one), " that has begun, by id.")]
            pub fn $many(&self) -> impl Iterator<Item = (&$Id, $At)> {
                let subjects = self.filter_subjects(|id| matches!(id, SubjectId::$Kind(_)));
                subjects.filter_map(|(id, subject)| match id {
                    SubjectId::$Kind(id) => Some((id, $At(subject))),
                    _ => None,
                })
            }
        }
    )*};
}

subjects_at! {
    /// A body, as a view shows it.
    BodyAt { BodyId, Body, body, bodies }
    /// A board, as a view shows it.
    BoardAt { BoardId, Board, board, boards }
    /// A collaboration, as a view shows it.
    CollaborationAt { CollaborationId, Collaboration, collaboration, collaborations }
}
