//! `serve --demo-identities`: a register of fiction, and offices that anybody here can be.
//!
//! Nothing in it is a special case for the register: a book is recorded while it is open,
//! a keeper is set at the store as `minutebook keeper` does, and the keeper signs in and
//! grants mandates like any other. Only the provider is the program's own.

use std::path::Path;

use uuid::Uuid;

use super::book;
use super::client::Client;
use super::failure::{Failure, chain};
use super::record::append;
use super::screen::Screen;
use super::sign_in::Server;
use super::sign_in::bearer::Bearer;
use minutebook_grpc::wire::proto::principal::Name;
use minutebook_grpc::wire::proto::{
    AppendRequest, Event, ListMandatesRequest, MandateGranted, MandateRole, MandateView, Principal,
    event,
};
use minutebook_kernel::clock::Clock;
use minutebook_kernel::demo_provider::{AUDIENCE, CLIENT, DemoOffice, DemoProvider, USUAL_PORT};
use minutebook_kernel::sign_in::settings::{SignInClients, SignInSettings};
use minutebook_server::offline::StoredKeeper;
use minutebook_server::{ListenAddress, SOCKET_MODE, ServerOptions, offline};

/// The book of fiction that the register begins with.
const BOOK: (&str, &str) = (
    "virement-walkthrough.json",
    include_str!("../../books/virement-walkthrough.json"),
);

const KEEPER: DemoOffice = DemoOffice {
    login: "keeper",
    name: "Fictional keeper of the register",
};

const REGISTRAR: DemoOffice = DemoOffice {
    login: "registrar",
    name: "Fictional Three Shires collaboration office",
};

const RECORDER: DemoOffice = DemoOffice {
    login: "recorder",
    name: "Fictional Northshire finance office",
};

const SECRETARY: DemoOffice = DemoOffice {
    login: "secretary",
    name: "Secretary of the Fictional Three Shires Board",
};

const COMMISSIONER: DemoOffice = DemoOffice {
    login: "commissioner",
    name: "Office of the Fictional Eastvale PCC",
};

const AUDITOR: DemoOffice = DemoOffice {
    login: "auditor",
    name: "Fictional internal audit",
};

/// Five offices, and the keeper who grants their mandates.
const OFFICES: &[DemoOffice] = &[
    REGISTRAR,
    RECORDER,
    SECRETARY,
    COMMISSIONER,
    AUDITOR,
    KEEPER,
];

/// The rights of the offices, for the list at the start.
const ABOUT: [&str; 6] = [
    "founds, renames and ends bodies, boards and collaborations",
    "records facts of the Three Shires: budgets, payments, agreements",
    "records meetings, minutes and decisions of the board",
    "speaks for the Eastvale PCC, and for nobody else",
    "reads and exports everything, and records nothing",
    "grants and revokes mandates, and records nothing else",
];

/// The identities of a register, whose provider answers already.
pub struct DemoIdentities {
    issuer: String,
    /// Ends the ids of mandates where the register has had another provider.
    suffix: String,
    /// By which the keeper grants the mandates.
    keeper_token: String,
}

impl DemoIdentities {
    /// Starts the provider, makes the store a register of fiction with a keeper, if it is
    /// empty, and has the server sign callers in at the provider.
    pub async fn prepare(options: &mut ServerOptions) -> Result<Self, Failure> {
        if !options.listen.is_local() {
            return Err(Failure::Usage(format!(
                "--demo-identities is for this machine alone, and {} is open to others: anybody \
                 could be any office. Listen on 127.0.0.1.",
                options.listen
            )));
        }
        // Before anything is made.
        let free = options.listen.check_free();
        free.map_err(|error| broken(&error))?;
        let stored = stored_keepers(options)?;
        // The issuer has its port in its name: another one would have no mandates.
        let ports = stored
            .iter()
            .rev()
            .filter_map(|keeper| port_of(&keeper.issuer));
        let ports: Vec<u16> = ports.chain([USUAL_PORT]).collect();
        let provider = DemoProvider::open(OFFICES, &ports)
            .await
            .map_err(|error| broken(&error))?;
        let port = provider.port().map_err(|error| broken(&error))?;
        let has_other = stored
            .iter()
            .any(|keeper| keeper.issuer != provider.issuer());
        let identities = Self {
            issuer: provider.issuer().to_owned(),
            suffix: if has_other {
                format!("-{port}")
            } else {
                String::new()
            },
            keeper_token: provider.token(&KEEPER),
        };
        tokio::spawn(async move {
            if let Err(error) = provider.serve().await {
                tracing::error!(%error, "the provider of the demo has ended");
            }
        });
        if stored.is_empty() {
            seed(options).await?;
        }
        let keeper = identities.mandate_id(&KEEPER);
        if !stored.iter().any(|stored| stored.mandate_id == keeper) {
            identities.set_keeper(&options.data, keeper, &options.clock)?;
        }
        let settings = SignInSettings::one(
            &identities.issuer,
            AUDIENCE,
            SignInClients {
                login: Some(CLIENT),
                page: Some(CLIENT),
                page_secret_file: None,
            },
        );
        options.sign_in = Some(settings.map_err(|error| broken(&error))?);
        Ok(identities)
    }

    fn mandate_id(&self, office: &DemoOffice) -> String {
        format!("demo-{}{}", office.login, self.suffix)
    }

    /// The mandate of an office; what it covers is left to the caller.
    fn mandate(&self, office: &DemoOffice, role: MandateRole) -> MandateGranted {
        MandateGranted {
            mandate_id: self.mandate_id(office),
            holder: Some(Principal {
                issuer: self.issuer.clone(),
                name: Some(Name::Group(office.login.to_owned())),
            }),
            role: role.into(),
            recorded_as: office.name.to_owned(),
            ..MandateGranted::default()
        }
    }

    fn set_keeper(&self, data: &Path, id: String, clock: &Clock) -> Result<(), Failure> {
        let granted = MandateGranted {
            mandate_id: id,
            ..self.mandate(&KEEPER, MandateRole::Keeper)
        };
        let set = offline::set_keeper(data, granted, clock);
        set.map(drop).map_err(|error| broken(&error))
    }

    fn mandates(&self) -> [MandateGranted; 5] {
        let collaboration = || vec!["fictional-three-shires".to_owned()];
        [
            MandateGranted {
                whole_register: true,
                ..self.mandate(&REGISTRAR, MandateRole::Registrar)
            },
            MandateGranted {
                collaboration_ids: collaboration(),
                body_ids: vec!["fictional-northshire-cc".to_owned()],
                ..self.mandate(&RECORDER, MandateRole::Recorder)
            },
            MandateGranted {
                board_ids: vec!["fictional-three-shires-board".to_owned()],
                ..self.mandate(&SECRETARY, MandateRole::Secretary)
            },
            MandateGranted {
                body_ids: vec!["fictional-eastvale-pcc".to_owned()],
                ..self.mandate(&COMMISSIONER, MandateRole::Member)
            },
            self.mandate(&AUDITOR, MandateRole::Auditor),
        ]
    }

    /// Grants, as the keeper, the mandates that the register has never had.
    pub async fn grant(&self, url: &str) -> Result<(), Failure> {
        let open = Client::open(&Server::private(url)).await?;
        let keeper = open.with_bearer(Bearer::fixed(&self.keeper_token)?);
        let known = all_mandates(&keeper).await?;
        let is_new = |granted: &MandateGranted| {
            let mut known = known.iter();
            !known.any(|mandate| mandate.mandate_id == granted.mandate_id)
        };
        let granted = self.mandates().into_iter().filter(is_new);
        let events: Vec<Event> = granted
            .map(|granted| Event {
                subject: "register".to_owned(),
                kind: Some(event::Kind::MandateGranted(granted)),
                ..Event::default()
            })
            .collect();
        if events.is_empty() {
            return Ok(());
        }
        let request = AppendRequest {
            request_id: Uuid::now_v7().to_string(),
            events,
            ..AppendRequest::default()
        };
        append(&keeper, &request).await?;
        Ok(())
    }

    /// Says who can sign in, and how.
    pub fn announce(&self, url: &str, screen: &mut Screen) -> Result<(), Failure> {
        let server = match url {
            "http://127.0.0.1:7878" => String::new(),
            other => format!(" --server {other}"),
        };
        let mut text = format!(
            "\nDEMO: fiction, and no passwords. Everybody on this machine can be any of these \
             offices, at\n{}. Never keep a real register so.\n\n",
            self.issuer
        );
        for (office, about) in OFFICES.iter().zip(ABOUT) {
            text.push_str(&format!(
                "  {:<13} {}\n{:16}{about}\n",
                office.login, office.name, ""
            ));
        }
        text.push_str(&format!(
            "\nIn another terminal:\n\
             \x20 minutebook login{server} --as secretary\n\
             \x20 minutebook whoami{server}\n\
             \x20 minutebook show mandates{server}\n\
             docs/who-may-say-what.md goes on from there.\n"
        ));
        screen.text(&text)?;
        screen.flush()
    }
}

/// The names by which the other offices sign in.
pub fn logins_beside(login: &str) -> String {
    let logins = OFFICES.iter().map(|office| office.login);
    let others: Vec<&str> = logins.filter(|other| *other != login).collect();
    others.join(", ")
}

/// The keepers of the register of fiction in the folder, the first first; none if the folder
/// is new. Any other register is refused, and left as it was: the demo would let anybody
/// into it.
fn stored_keepers(options: &ServerOptions) -> Result<Vec<StoredKeeper>, Failure> {
    if is_new(&options.data) {
        return Ok(Vec::new());
    }
    let keepers = offline::keepers(&options.data).map_err(|error| broken(&error))?;
    if keepers.first().is_none_or(|first| !is_of_demo(first)) {
        return Err(Failure::Refused(format!(
            "The folder {} is not a register of --demo-identities, or the start that made it was \
             cut off: anybody on this machine could record in it. Name a folder that does not \
             exist yet, with --data.",
            options.data.display()
        )));
    }
    Ok(keepers)
}

/// The port in the name of an issuer of the demo.
fn port_of(issuer: &str) -> Option<u16> {
    issuer.rsplit_once(':')?.1.parse().ok()
}

/// Whether a folder has nothing in it, or does not exist.
fn is_new(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

/// Makes a new folder a register of fiction. Meanwhile the register is served on a socket
/// that only this user can open.
async fn seed(options: &ServerOptions) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(|error| broken(&error))?;
    let mut options = options.clone();
    options.listen = ListenAddress::Unix {
        path: folder.path().join("seed.sock"),
        mode: SOCKET_MODE,
    };
    options.sign_in = None;
    options.witnesses.clear();
    let running = minutebook_server::start(options)
        .await
        .map_err(|error| broken(&error))?;
    let recorded = record_book(&running.url()).await;
    let stopped = running.stop().await.map_err(|error| broken(&error));
    recorded.and(stopped.map(drop))
}

async fn record_book(url: &str) -> Result<(), Failure> {
    let client = Client::connect(&Server::private(url)).await?;
    let (name, text) = BOOK;
    for request in &book::parse(name, text)?.appends {
        append(&client, request).await?;
    }
    Ok(())
}

/// Whether a keeper was set by this command.
fn is_of_demo(keeper: &StoredKeeper) -> bool {
    let is_local = keeper.issuer.starts_with("http://127.0.0.1:");
    keeper.is_set_at_store && is_local && keeper.mandate_id.starts_with("demo-keeper")
}

async fn all_mandates(client: &Client) -> Result<Vec<MandateView>, Failure> {
    let answer = super::client::every_page(async |page_token| {
        let request = ListMandatesRequest {
            include_past: true,
            page_token,
            ..ListMandatesRequest::default()
        };
        let answer = client.register().list_mandates(request).await?;
        Ok(answer.into_inner())
    });
    Ok(answer.await?.mandates)
}

fn broken(error: &dyn std::error::Error) -> Failure {
    Failure::Broken(format!("The demo cannot start: {}", chain(error)))
}
