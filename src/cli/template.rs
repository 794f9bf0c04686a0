//! `minutebook template`: a workbook to fill in, with the names of the register.

use clap::{Args, ValueEnum};

use super::client::Client;
use super::failure::Failure;
use super::id;
use super::register_names;
use super::screen::Screen;
use super::show::subject_name::{self, LookedUp, Wanted};
use super::sign_in::Server;
use minutebook_workbook::SheetKind;
use minutebook_workbook::template::{self, TemplateError};

#[derive(Debug, Args)]
pub struct TemplateArgs {
    /// The kind of fact that is to be recorded
    kind: TemplateKind,

    /// The collaboration that it is for, by its id, name or alias: its parties, services and
    /// heads are then filled in
    #[arg(long = "for", value_name = "COLLABORATION", value_parser = id::parse_collaboration_or_name)]
    collaboration: Option<String>,
}

/// A kind of template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TemplateKind {
    /// Costs by service and head
    Budget,
    /// The amount that each body pays for each service
    Contributions,
    /// The share of each body
    Formula,
    /// Virements, requested or made
    Virements,
    /// Votes on proposals
    Votes,
    /// Signatures of agreements
    Signatures,
    /// Decisions of boards and bodies
    Decisions,
}

impl TemplateKind {
    const fn sheet(self) -> SheetKind {
        match self {
            Self::Budget => SheetKind::Budget,
            Self::Contributions => SheetKind::Contributions,
            Self::Formula => SheetKind::Formula,
            Self::Virements => SheetKind::Virements,
            Self::Votes => SheetKind::Votes,
            Self::Signatures => SheetKind::Signatures,
            Self::Decisions => SheetKind::Decisions,
        }
    }
}

/// Asks the server for names, and writes the workbook.
pub async fn run(args: &TemplateArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    if screen.is_terminal() {
        return Err(Failure::Usage(
            "a workbook is no text for a terminal: name a file, such as -o budget.xlsx".to_owned(),
        ));
    }
    let client = Client::connect(server).await?;
    let collaboration = match &args.collaboration {
        None => None,
        Some(text) => {
            let wanted = Wanted::Collaboration;
            match Box::pin(subject_name::look_up(wanted, text, None, &client)).await? {
                LookedUp::Taken(id) => Some(id),
                LookedUp::Unknown(offered) => {
                    return Err(subject_name::unknown(wanted, text, &offered));
                }
            }
        }
    };
    let directory = register_names::for_template(collaboration.as_deref(), &client).await?;
    let workbook = template::write(args.kind.sheet(), &directory, collaboration.as_deref());
    let workbook = workbook.map_err(|error| match error {
        TemplateError::NoCollaboration { .. } => Failure::Refused(error.to_string()),
        TemplateError::Workbook { .. } => Failure::Broken(error.to_string()),
    })?;
    screen.bytes(&workbook)
}
