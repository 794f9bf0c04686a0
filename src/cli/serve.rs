//! `minutebook serve`: keeps a register and answers for it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::demo_identities::DemoIdentities;
use super::failure::{Failure, chain};
use super::listen::{parse_listen_or_socket, parse_mode};
use super::logging::{self, LogFormat};
use super::screen::Screen;
use super::signals::{reload_asked, stop_asked};
use super::tls_args::TlsArgs;
use super::umask::keep_files_private;
use minutebook_grpc::web_guard::{WebAccess, WebOrigin};
use minutebook_kernel::notary::witness::WitnessClient;
use minutebook_kernel::sign_in::settings::{SignInClients, SignInSettings};
use minutebook_kernel::tls::read_certificates;
use minutebook_server::{ListenAddress, RunningServer, ServerOptions};

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The directory that holds the log; made if it is not there
    #[arg(
        long,
        env = "MINUTEBOOK_DATA",
        default_value = "minutebook-data",
        value_name = "DIR"
    )]
    data: PathBuf,

    /// The address to listen on, or a port of this machine alone; port 0 takes any free one;
    /// unix:/path is a socket file
    #[arg(
        long,
        env = "MINUTEBOOK_LISTEN",
        default_value = "127.0.0.1:7878",
        value_name = "ADDR|PORT|unix:PATH",
        value_parser = parse_listen_or_socket
    )]
    listen: ListenAddress,

    /// The mode of the socket file: who may connect
    #[arg(long, value_name = "MODE", default_value = "0600", value_parser = parse_mode)]
    socket_mode: u32,

    #[command(flatten)]
    tls: TlsArgs,

    /// Listen beyond this machine although there is no TLS or no sign-in: everybody who
    /// reaches the address can read, record, or listen in
    #[arg(long)]
    insecure: bool,

    /// The file of the key that signs checkpoints [default: one in DIR, made at the
    /// first start]
    #[arg(long, env = "MINUTEBOOK_KEY", value_name = "FILE")]
    key: Option<PathBuf>,

    /// The program that has the key, where it is in no file: run with "public-key", it writes
    /// the public key; with "sign", the Ed25519 signature of its input
    #[arg(
        long,
        env = "MINUTEBOOK_KEY_COMMAND",
        value_name = "PROGRAM",
        conflicts_with = "key"
    )]
    key_command: Option<PathBuf>,

    /// The name of this register on checkpoints, set when its key is made: one that no
    /// other register has, such as register.example.gov.uk/east-midlands
    #[arg(long, env = "MINUTEBOOK_ORIGIN", value_name = "NAME")]
    origin: Option<String>,

    /// The origin of web pages that may call by gRPC-Web, such as
    /// https://register.example.gov.uk; may be given several times
    #[arg(long = "web-origin", value_name = "ORIGIN")]
    web_origins: Vec<WebOrigin>,

    /// A name by which browsers call this machine, for a proxy that runs on it; may be
    /// given several times
    #[arg(long = "web-host", value_name = "NAME")]
    web_hosts: Vec<String>,

    /// A witness that signs checkpoints too: its address and its key; may be given
    /// several times
    #[arg(long = "witness", value_name = "URL#VKEY")]
    witnesses: Vec<WitnessClient>,

    /// Trust witnesses with https:// by these CAs instead of the public ones: a PEM file
    #[arg(long, value_name = "FILE", requires = "witnesses")]
    witness_ca: Option<PathBuf>,

    /// The issuer whose tokens sign callers in, by its URL; without one, everybody who can
    /// connect may call
    #[arg(
        long,
        value_name = "URL",
        requires = "audience",
        conflicts_with = "sign_in"
    )]
    issuer: Option<String>,

    /// The name of this register in tokens (aud)
    #[arg(long, value_name = "NAME", requires = "issuer")]
    audience: Option<String>,

    /// The public client as which "minutebook login" signs people in
    #[arg(long = "login-client", value_name = "ID", requires = "issuer")]
    login_client: Option<String>,

    /// The client as which the pages sign people in
    #[arg(long, value_name = "ID", requires = "issuer")]
    page_client: Option<String>,

    /// The file with the secret of that client, if it has one
    #[arg(long, value_name = "FILE", requires = "page_client")]
    page_client_secret: Option<PathBuf>,

    /// The address of the pages for browsers, such as https://register.example.gov.uk,
    /// where something else than this program answers there
    #[arg(long, value_name = "URL")]
    page_url: Option<WebOrigin>,

    /// The file with the issuers whose tokens sign callers in, for several, or for settings
    /// that have no option
    #[arg(long, env = "MINUTEBOOK_SIGN_IN", value_name = "FILE")]
    sign_in: Option<PathBuf>,

    /// Let everybody who can connect read what has no protective marking, without signing in
    #[arg(long)]
    public: bool,

    /// A register of fiction, and a provider at which everybody on this machine can sign in
    /// as one of its offices: to see who may record what. DIR must be new, or of such a
    /// register
    #[arg(
        long,
        conflicts_with_all = ["issuer", "sign_in", "tls_cert", "insecure", "witnesses"]
    )]
    demo_identities: bool,

    /// How often a checkpoint is published, if anything was recorded, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "10",
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    checkpoint_every: u64,

    /// Write a snapshot after this many entries, which makes the next start quick; 0 for
    /// none
    #[arg(long, value_name = "ENTRIES", default_value = "65536")]
    snapshot_every: u64,

    /// The part of each limit that one address may take while no other takes any, in
    /// percent; 100 behind a proxy that limits its callers itself
    #[arg(long, value_name = "PERCENT", default_value = "50",
        value_parser = clap::value_parser!(u8).range(1..=100))]
    peer_share: u8,
    /// Go on recording although the last entry is in the future: its instant, as the error
    /// names it. Events must state their dates until the clock has passed it
    #[arg(long, value_name = "INSTANT")]
    go_on_after: Option<jiff::Timestamp>,

    /// How to write log lines, which go to standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    log_format: LogFormat,

    /// Which lines to log: error, warn, info, debug, trace, or directives such as
    /// info,minutebook=debug
    #[arg(long, env = "RUST_LOG", default_value = "info", value_name = "LEVEL")]
    log_level: String,
}

impl ServeArgs {
    /// The issuers that sign callers in; `None` for an open register.
    fn sign_in_settings(&self) -> Result<Option<SignInSettings>, Failure> {
        if let Some(file) = &self.sign_in {
            let read = SignInSettings::read(file);
            return read
                .map(Some)
                .map_err(|error| Failure::BadFile(error.to_string()));
        }
        let Some((issuer, audience)) = self.issuer.as_ref().zip(self.audience.as_ref()) else {
            return Ok(None);
        };
        let settings = SignInSettings::one(
            issuer,
            audience,
            SignInClients {
                login: self.login_client.as_deref(),
                page: self.page_client.as_deref(),
                page_secret_file: self.page_client_secret.as_deref(),
            },
        );
        settings
            .map(Some)
            .map_err(|error| Failure::Usage(error.to_string()))
    }
}

/// Serves until it is asked to stop, then finishes the accepted requests.
pub async fn run(args: ServeArgs, screen: &mut Screen) -> Result<(), Failure> {
    logging::start(args.log_format, &args.log_level)?;
    keep_files_private();
    let sign_in = args.sign_in_settings()?;
    let data = args.data.display().to_string();
    let mut options = ServerOptions::new(args.data, args.listen.with_mode(args.socket_mode));
    options.tls = args.tls.options();
    options.insecure = args.insecure;
    if let Some(last) = args.go_on_after {
        options.clock = options.clock.going_on_after(last);
    }
    options.key = args.key;
    options.key_command = args.key_command;
    options.origin = args.origin;
    options.page_url = args.page_url.as_ref().map(WebOrigin::to_string);
    options.web = WebAccess {
        origins: args.web_origins,
        hosts: args.web_hosts,
    };
    options.sign_in = sign_in;
    options.public = args.public;
    options.witnesses = trusted(args.witnesses, args.witness_ca.as_deref())?;
    options.checkpoint_interval = Duration::from_secs(args.checkpoint_every);
    options.snapshot_every = args.snapshot_every;
    options.peer_share = args.peer_share;
    let demo = match args.demo_identities {
        true => Some(DemoIdentities::prepare(&mut options).await?),
        false => None,
    };
    let running = minutebook_server::start(options)
        .await
        .map_err(|error| Failure::Broken(format!("The server cannot start: {}", chain(&error))))?;
    if let Some(demo) = &demo {
        demo.grant(&running.url()).await?;
    }
    // Once the address is printed, the server may be asked to stop.
    let stop = stop_asked();
    if let Some(reload) = running.tls() {
        tokio::spawn(reload_asked(reload.clone()));
    }
    // A server whose output has no reader still serves.
    let _ = screen.line(&format!("Listening on {}, data in {data}", running.url()));
    if let Some(insecure) = running.insecure() {
        let _ = screen.line(&insecure.to_string());
    }
    let _ = screen.line(&format!(
        "Checkpoints verify with {}",
        running.verifier_key()
    ));
    if let Some(demo) = &demo {
        let _ = demo.announce(&running.url(), screen);
    }
    until_asked(running, stop).await
}

fn trusted(
    witnesses: Vec<WitnessClient>,
    ca: Option<&Path>,
) -> Result<Vec<WitnessClient>, Failure> {
    let Some(ca) = ca else {
        return Ok(witnesses);
    };
    let cas = read_certificates(ca).map_err(|error| Failure::BadFile(chain(&error)))?;
    let trust = |witness: WitnessClient| witness.with_roots(&cas);
    Ok(witnesses.into_iter().map(trust).collect())
}

/// Waits for Ctrl-C or SIGTERM and drains; a second signal does not wait. A
/// server that stops by itself is a failure.
async fn until_asked(
    mut running: RunningServer,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    tokio::select! {
        () = stop => {}
        why = running.failed() => {
            // The first failure counts, not those of stopping afterwards.
            let _ = running.stop().await;
            return Err(Failure::Broken(format!(
                "The server stopped by itself: {}",
                chain(&why)
            )));
        }
    }
    tokio::select! {
        stopped = running.stop() => stopped.map_err(|error| {
            Failure::Broken(format!("The server did not stop in good order: {}", chain(&error)))
        }),
        () = stop_asked() => Err(Failure::Interrupted),
    }
}
