//! `minutebook audit witness`: signs other people's checkpoints.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::failure::{Failure, chain};
use crate::listen::parse_listen;
use crate::logging::{self, LogFormat};
use crate::screen::Screen;
use crate::signals::{reload_asked, stop_asked};
use crate::umask::keep_files_private;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_kernel::clock::Clock;
use minutebook_server::TlsOptions;
use minutebook_server::witness::{WitnessOptions, WitnessServer};

/// `audit witness`.
#[derive(Debug, Args)]
pub struct WitnessArgs {
    /// The directory of its key and of its last checkpoints; created if it is missing
    #[arg(long, value_name = "DIR", default_value = "minutebook-witness")]
    state: PathBuf,

    /// The address to listen on; port 0 takes any free one
    #[arg(
        long,
        value_name = "ADDR|PORT",
        default_value = "127.0.0.1:7879",
        value_parser = parse_listen
    )]
    listen: SocketAddr,

    /// Serve https with this certificate: a PEM file, the server's own first, then those
    /// that lead to a root
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// The key of the certificate: a PEM file that others cannot read
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// The verifier key of a register to witness; may be given several times
    #[arg(long = "log", value_name = "VKEY", required = true)]
    logs: Vec<VerifierKey>,

    /// Its name, set when its key is made [default: a generated one]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// How to write log lines, which go to standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    log_format: LogFormat,
}

/// Serves until it is asked to stop.
pub async fn run(args: WitnessArgs, screen: &mut Screen) -> Result<(), Failure> {
    logging::start(args.log_format, "info")?;
    keep_files_private();
    let broken = |error: &dyn std::error::Error| {
        Failure::Broken(format!("The witness cannot serve: {}", chain(error)))
    };
    let tls = args.tls_cert.zip(args.tls_key);
    let witness = WitnessServer::open(WitnessOptions {
        state: args.state,
        listen: args.listen,
        tls: tls.map(|(certificate, key)| TlsOptions::new(certificate, key)),
        name: args.name,
        logs: args.logs,
        clock: Clock::system(),
    })
    .await
    .map_err(|error| broken(&error))?;
    let stop = stop_asked();
    let address = witness.address().map_err(|error| broken(&error))?;
    let scheme = match witness.tls() {
        Some(reload) => {
            tokio::spawn(reload_asked(reload.clone()));
            "https"
        }
        None => "http",
    };
    let _ = screen.line(&format!(
        "Witnessing at {scheme}://{address}#{}",
        witness.key()
    ));
    witness.serve(stop).await.map_err(|error| broken(&error))
}
