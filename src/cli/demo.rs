//! `minutebook demo`: filled registers to explore, in a browser and by commands.
//!
//! Starts a server on a temporary log, and records the three books of real papers as any
//! client would. A second server has the book of councils that shared services and were
//! merged. A third, marked as fiction, has a book of invented bodies that walks through
//! prior approval, and offices that anybody at this machine can sign in as.

mod glance;
mod tour;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use clap::Args;

use self::tour::{COUNCILS, FICTION, PAPERS, Tour};
use super::client::Client;
use super::demo_identities::DemoIdentities;
use super::ephemeral_server::EphemeralServer;
use super::failure::Failure;
use super::listen::parse_listen;
use super::logging::{self, LogFormat};
use super::record::append;
use super::screen::Screen;
use super::sign_in::Server;
use super::signals::stop_asked;

/// The port of a server that names none.
const USUAL_PORT: u16 = 7878;

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Stop after printing, at length, what the registers say, instead of serving until Ctrl-C
    #[arg(long)]
    once: bool,

    /// The address to listen on [default: 127.0.0.1:7878 if it is free, else any]
    #[arg(long, value_name = "ADDR|PORT", value_parser = parse_listen)]
    listen: Option<SocketAddr>,

    /// Listen beyond this machine: everybody who reaches the address can read and record
    #[arg(long)]
    insecure: bool,
}

impl DemoArgs {
    /// Where the first register answers, and a remark where it is not the usual place.
    fn address(&self) -> (SocketAddr, Option<String>) {
        if let Some(listen) = self.listen {
            return (listen, None);
        }
        let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, USUAL_PORT));
        match TcpListener::bind(usual) {
            Ok(_) => (usual, None),
            Err(_) => (
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                Some(format!(
                    "Port {USUAL_PORT} is in use, so this demo takes another."
                )),
            ),
        }
    }

    /// Identities are for a server that goes on, and for this machine alone.
    fn has_identities(&self, listen: SocketAddr) -> bool {
        !self.once && listen.ip().is_loopback()
    }
}

/// The registers of the demo.
struct DemoRegisters {
    papers: EphemeralServer,
    councils: EphemeralServer,
    fiction: EphemeralServer,
    /// Who can sign in to the fiction, whose book is then recorded already.
    identities: Option<DemoIdentities>,
}

impl DemoRegisters {
    async fn start(args: &DemoArgs, listen: SocketAddr) -> Result<Self, Failure> {
        let beside = SocketAddr::new(listen.ip(), 0);
        let papers = EphemeralServer::start(listen, args.insecure).await?;
        let councils = match EphemeralServer::start(beside, args.insecure).await {
            Ok(register) => register,
            Err(why) => return papers.stop().await.and(Err(why)),
        };
        // Fiction never enters the log of real papers.
        let fiction = match args.has_identities(listen) {
            true => EphemeralServer::start_with_identities(beside)
                .await
                .map(|(register, identities)| (register, Some(identities))),
            false => EphemeralServer::start(beside, args.insecure)
                .await
                .map(|register| (register, None)),
        };
        match fiction {
            Ok((fiction, identities)) => Ok(Self {
                papers,
                councils,
                fiction,
                identities,
            }),
            Err(why) => {
                let stopped = papers.stop().await;
                stopped.and(councils.stop().await).and(Err(why))
            }
        }
    }

    fn urls(&self) -> [String; 3] {
        [self.papers.url(), self.councils.url(), self.fiction.url()]
    }

    async fn stop(self) -> Result<(), Failure> {
        let stopped = [
            self.papers.stop().await,
            self.councils.stop().await,
            self.fiction.stop().await,
        ];
        stopped.into_iter().collect()
    }
}

pub async fn run(args: &DemoArgs, screen: &mut Screen) -> Result<(), Failure> {
    // Log lines interrupt the demo only for errors.
    logging::start(LogFormat::Human, "error")?;
    let (listen, remark) = args.address();
    let mut registers = DemoRegisters::start(args, listen).await?;
    for line in [registers.papers.insecure(), remark].into_iter().flatten() {
        screen.line(&line)?;
    }
    let urls = registers.urls();
    let can_sign_in = registers.identities.is_some();
    let shown = tokio::select! {
        shown = look_around(args, &urls, can_sign_in, screen) => shown,
        why = registers.papers.failed() => Err(why),
        why = registers.councils.failed() => Err(why),
        why = registers.fiction.failed() => Err(why),
        // A signal is the normal end of a demo.
        () = stop_asked() => Ok(()),
    };
    let stopped = registers.stop().await;
    shown.and(stopped)
}

async fn look_around(
    args: &DemoArgs,
    urls: &[String; 3],
    can_sign_in: bool,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let tours = [PAPERS, COUNCILS, FICTION];
    if args.once {
        for (tour, url) in tours.iter().zip(urls) {
            tour::show_tour(tour, url, screen).await?;
        }
        return Ok(());
    }
    for (index, (tour, url)) in tours.iter().zip(urls).enumerate() {
        let is_recorded = can_sign_in && index == 2;
        if !is_recorded {
            record_books(tour, url).await?;
        }
    }
    screen.text(&glance::screenful(urls, can_sign_in).await?)?;
    screen.flush()?;
    std::future::pending().await
}

/// Records the books of a tour, and says nothing of it.
async fn record_books(tour: &Tour, url: &str) -> Result<(), Failure> {
    let client = Client::connect(&Server::private(url)).await?;
    for book in tour::books(tour)? {
        for request in &book.appends {
            append(&client, request).await?;
        }
    }
    Ok(())
}
