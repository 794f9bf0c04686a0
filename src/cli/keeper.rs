//! `minutebook keeper`: sets a keeper of the register, at the store.

use clap::{ArgGroup, Args};

use super::failure::{Failure, chain};
use super::screen::Screen;
use super::store_args::StoreArgs;
use super::umask::keep_files_private;
use minutebook_grpc::wire::proto::principal::Name;
use minutebook_grpc::wire::proto::{MandateGranted, MandateRole, Principal};
use minutebook_server::offline::{self, OfflineError};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("holder").required(true))]
pub struct KeeperArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// Who vouches for the keepers: the URL of the identity provider, exactly as its tokens
    /// name it; or "unix", for callers through a Unix socket
    #[arg(long, value_name = "URL")]
    issuer: String,

    /// The group of the keepers, by the name or id that the provider gives it
    #[arg(long, value_name = "GROUP", group = "holder")]
    group: Option<String>,

    /// The role of the keepers within this application
    #[arg(long, value_name = "ROLE", group = "holder")]
    app_role: Option<String>,

    /// The client of the keepers
    #[arg(long, value_name = "CLIENT", group = "holder")]
    client: Option<String>,

    /// The URI or DNS name in the keepers' client certificate
    #[arg(long, value_name = "NAME", group = "holder")]
    certificate: Option<String>,

    /// The office, as entries name it: never a person
    #[arg(long, value_name = "OFFICE", default_value = "Keeper of the register")]
    recorded_as: String,

    /// The id of the mandate
    #[arg(long, value_name = "ID", default_value = "keeper")]
    mandate_id: String,
}

pub fn run(args: KeeperArgs, screen: &mut Screen) -> Result<(), Failure> {
    keep_files_private();
    let group = args.group.map(Name::Group);
    let app_role = args.app_role.map(Name::AppRole);
    let client = args.client.map(Name::Client);
    let certificate = args.certificate.map(Name::Certificate);
    let granted = MandateGranted {
        mandate_id: args.mandate_id,
        holder: Some(Principal {
            issuer: args.issuer,
            name: group.or(app_role).or(client).or(certificate),
        }),
        role: MandateRole::Keeper.into(),
        recorded_as: args.recorded_as.clone(),
        ..MandateGranted::default()
    };
    let position =
        offline::set_keeper(&args.store.data, granted, &args.store.clock()).map_err(|error| {
            let why = format!("No keeper was set: {}", chain(&error));
            match error {
                OfflineError::Refused(_) => Failure::Refused(why),
                _ => Failure::Broken(why),
            }
        })?;
    screen.line(&format!(
        "Entry {position}: {} keeps this register. From now on every entry rests on a mandate:\n\
         start the server so that callers sign in, and let the keeper grant mandates \
         (mandate_granted).",
        args.recorded_as
    ))
}
