//! The names that a register knows, asked for so that a workbook can use them.

use tonic::{Code, Status};

use super::client::{Client, PAGE_SIZE, every_page};
use super::failure::Failure;
use minutebook_grpc::wire::proto::{
    FindSubjectsRequest, GetBudgetRequest, GetCollaborationRequest, ListApprovalsRequest,
    ListBoardsRequest, ListBodiesRequest, ListCollaborationsRequest,
};
use minutebook_workbook::import::{collaborations_named, subjects_named};
use minutebook_workbook::{NameDirectory, WorkbookFile};

/// The most collaborations whose services and heads are asked for where none is named.
const UNNAMED_MAX: usize = 100;

/// The names of everything, and of what is within the collaborations that a workbook names.
pub async fn for_workbook(
    workbook: &WorkbookFile,
    client: &Client,
) -> Result<NameDirectory, Failure> {
    let mut directory = of_subjects(client).await?;
    let mut subjects = subjects_named(workbook);
    for text in collaborations_named(workbook) {
        let request = FindSubjectsRequest {
            text,
            ..FindSubjectsRequest::default()
        };
        let found = client.register().find_subjects(request).await?.into_inner();
        for found in found.subjects {
            if !found.subject.starts_with("collaborations/") {
                continue;
            }
            if !found.alias.is_empty() {
                directory.add_alias(&found.subject, &found.alias);
            }
            subjects.push(found.subject);
        }
    }
    subjects.sort();
    subjects.dedup();
    for subject in subjects {
        add_within(&mut directory, &subject, client).await?;
    }
    Ok(directory)
}

/// The names of everything, and of what is within one collaboration, or within those that
/// there are if they are not too many.
pub async fn for_template(
    collaboration: Option<&str>,
    client: &Client,
) -> Result<NameDirectory, Failure> {
    let mut directory = of_subjects(client).await?;
    let ids: Vec<String> = match collaboration {
        Some(id) => vec![id.to_owned()],
        None => {
            let known = directory.collaboration_ids().map(str::to_owned);
            known.take(UNNAMED_MAX).collect()
        }
    };
    for id in ids {
        add_within(&mut directory, &format!("collaborations/{id}"), client).await?;
    }
    Ok(directory)
}

/// The names of bodies, boards, collaborations and proposals.
async fn of_subjects(client: &Client) -> Result<NameDirectory, Failure> {
    let register = client.register();
    let mut directory = NameDirectory::default();
    macro_rules! every {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* }) => {
            every_page(async |page_token| {
                let request = $request {
                    page_size: PAGE_SIZE,
                    page_token,
                    $($field: $value,)*
                    ..$request::default()
                };
                Ok(register.clone().$method(request).await?.into_inner())
            })
            .await?
        };
    }
    let bodies = every!(
        list_bodies,
        ListBodiesRequest {
            include_succeeded: true
        }
    );
    directory.add_bodies(&bodies.bodies);
    directory.add_boards(&every!(list_boards, ListBoardsRequest {}).boards);
    let collaborations = every!(
        list_collaborations,
        ListCollaborationsRequest {
            include_ended: true
        }
    );
    directory.add_collaborations(&collaborations.collaborations);
    directory.add_approvals(&every!(list_approvals, ListApprovalsRequest {}).approvals);
    Ok(directory)
}

/// Adds the parties, services, instruments and heads of a subject that is on record.
async fn add_within(
    directory: &mut NameDirectory,
    subject: &str,
    client: &Client,
) -> Result<(), Failure> {
    if let Some(id) = subject.strip_prefix("collaborations/") {
        let request = GetCollaborationRequest {
            collaboration_id: id.to_owned(),
            ..GetCollaborationRequest::default()
        };
        let answer = known(client.register().get_collaboration(request).await)?;
        if let Some(view) = answer.and_then(|answer| answer.collaboration) {
            directory.add_collaboration(&view);
        }
    }
    let request = GetBudgetRequest {
        subject: subject.to_owned(),
        ..GetBudgetRequest::default()
    };
    let answer = known(client.register().get_budget(request).await)?;
    if let Some(view) = answer.and_then(|answer| answer.budget) {
        directory.add_budget(&view);
    }
    Ok(())
}

/// An answer; `None` for what is not on record, or no id at all: the workbook's reader says
/// so at its cell.
fn known<T>(answer: Result<tonic::Response<T>, Status>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if matches!(status.code(), Code::NotFound | Code::InvalidArgument) => Ok(None),
        Err(status) => Err(status.into()),
    }
}
