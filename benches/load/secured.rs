//! How fast appends are answered over TLS, and over TLS with a token in a register that
//! has a keeper, beside plain connections.
//!
//! The servers are the program itself, with its usual settings: with the access log, and
//! with a provider that it asks for its keys. Each recorder has a connection of its own,
//! which stays open, a token of its own, and one append under way.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use hyper_util::rt::TokioIo;
use minutebook::demo_provider::{AUDIENCE, DemoOffice, DemoProvider};
use minutebook::wire::proto::Event;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tonic::Request;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Channel, Endpoint};

use crate::actions::{action, append, event, stage};
use crate::appends::{histogram, median};
use crate::process::busy_of;
use crate::program::{Certificates, Program};

/// Numbers of connections, each with one append under way.
const RECORDERS: [u32; 2] = [64, 256];

/// The servers are up together, and are measured in turn, a second each, this many times
/// for each second that a figure is to take: so that other work on the machine affects all
/// of them.
const TURNS: u64 = 3;

const KEEPER: DemoOffice = DemoOffice {
    login: "keeper",
    name: "Keeper",
};
const RECORDER: DemoOffice = DemoOffice {
    login: "recorder",
    name: "Load",
};
const OFFICES: &[DemoOffice] = &[KEEPER, RECORDER];

/// The register has this many mandates of others beside that of the recorders.
const OTHER_MANDATES: u32 = 200;

/// How calls come to a server.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Plain,
    Tls,
    TlsAndTokens,
}

const WAYS: [Way; 3] = [Way::Plain, Way::Tls, Way::TlsAndTokens];

/// A server, and its connections with the tokens of their recorders.
struct Measured {
    server: Program,
    recorders: Vec<Recorder>,
    turns: Vec<Turn>,
}

#[derive(Clone)]
struct Recorder {
    client: RecordServiceClient<Channel>,
    token: Option<AsciiMetadataValue>,
}

/// The results of one turn.
struct Turn {
    rate: f64,
    took: Histogram<u64>,
    /// Microseconds of a processor for one append: of the server, and of this process.
    server: f64,
    clients: f64,
}

/// Prints the rates by number of connections and by way.
pub async fn by_way(root: &Path, seconds: u64, program: &Path) {
    let count = TURNS * seconds;
    println!(
        "appends over connections that stay open, one under way on each: plain, over TLS, and"
    );
    println!(
        "over TLS with tokens in a register with a keeper and {OTHER_MANDATES} more mandates; the program"
    );
    println!(
        "with its access log. By turns of a second, {count} of each: medians, and the median of the"
    );
    println!("ratios to the plain one of the same turn. The clients share the machine with the");
    println!("server, and encrypt as much as it does: so the processor time of both is beside it.");
    println!(
        "{:>11} {:>16} {:>10} {:>8} {:>8} {:>8} {:>10} {:>8} {:>11} {:>8} {:>8}",
        "connections",
        "way",
        "appends/s",
        "to plain",
        "p50 ms",
        "p99 ms",
        "server µs",
        "to plain",
        "clients µs",
        "both µs",
        "to plain"
    );
    let certificates = Certificates::new(root);
    let provider = DemoProvider::open(OFFICES, &[]).await.expect("a provider");
    let issuer = provider.issuer().to_owned();
    let keeper = provider.token(&KEEPER);
    let tokens = std::iter::repeat_with(|| bearer(&provider.token(&RECORDER)));
    let tokens: Vec<_> = tokens.take(256).collect();
    let serving = tokio::spawn(provider.serve());
    for recorders in RECORDERS {
        let mut all = Vec::new();
        for (index, way) in WAYS.into_iter().enumerate() {
            let data = root.join(format!("secured-{recorders}-{index}"));
            let server = Start {
                program,
                data: &data,
                certificates: &certificates,
                issuer: &issuer,
                keeper: &keeper,
            };
            let server = server.by(way).await;
            let tls = (way != Way::Plain).then(|| certificates.client());
            let mut connected_all = Vec::new();
            for token in &tokens[..recorders as usize] {
                connected_all.push(Recorder {
                    client: RecordServiceClient::new(connected(server.port, tls.clone()).await),
                    token: (way == Way::TlsAndTokens).then(|| token.clone()),
                });
            }
            all.push(Measured {
                server,
                recorders: connected_all,
                turns: Vec::new(),
            });
        }
        for turn in 0..=count {
            // Each is the first of a turn as often as the others.
            for place in 0..all.len() as u64 {
                let index = ((place + turn) % all.len() as u64) as usize;
                let took = all[index].take().await;
                // The first turn only warms up.
                if turn > 0 {
                    all[index].turns.push(took);
                }
            }
        }
        print(recorders, &all);
        for measured in all {
            drop(measured.recorders);
            measured.server.stop();
        }
    }
    serving.abort();
    println!();
}

fn print(recorders: u32, all: &[Measured]) {
    let plain = &all[0].turns;
    for (way, Measured { turns, .. }) in WAYS.iter().zip(all) {
        let of = |value: fn(&Turn) -> f64| median(turns.iter().map(value).collect());
        let ratio = |value: fn(&Turn) -> f64| {
            let both = turns.iter().zip(plain);
            median(
                both.map(|(turn, plain)| value(turn) / value(plain))
                    .collect(),
            )
        };
        let mut took = histogram();
        for turn in turns {
            took.add(&turn.took).expect("to add");
        }
        let ms = |quantile| took.value_at_quantile(quantile) as f64 / 1_000.0;
        println!(
            "{recorders:>11} {:>16} {:>10.0} {:>8.2} {:>8.2} {:>8.2} {:>10.1} {:>8.2} {:>11.1} {:>8.1} {:>8.2}",
            match way {
                Way::Plain => "plain",
                Way::Tls => "TLS",
                Way::TlsAndTokens => "TLS and tokens",
            },
            of(|turn| turn.rate),
            ratio(|turn| turn.rate),
            ms(0.5),
            ms(0.99),
            of(|turn| turn.server),
            ratio(|turn| turn.server),
            of(|turn| turn.clients),
            of(|turn| turn.server + turn.clients),
            ratio(|turn| turn.server + turn.clients),
        );
    }
}

/// A server to start, in a folder of its own.
struct Start<'a> {
    program: &'a Path,
    data: &'a Path,
    certificates: &'a Certificates,
    issuer: &'a str,
    keeper: &'a str,
}

impl Start<'_> {
    fn serve(&self, arguments: &[String]) -> Program {
        Program::serve(self.program, self.data, arguments)
    }

    /// A server of a register that has recorded the stage.
    async fn by(&self, way: Way) -> Program {
        let open = self.serve(&[]);
        let mut client = RecordServiceClient::new(connected(open.port, None).await);
        for events in stage().chunks(100) {
            let answer = client.append(append(events.to_vec())).await;
            answer.expect("the stage");
        }
        drop(client);
        open.stop();
        let tls = self.certificates.arguments();
        match way {
            Way::Plain => self.serve(&[]),
            Way::Tls => self.serve(&tls),
            Way::TlsAndTokens => self.with_mandates(&tls).await,
        }
    }

    async fn with_mandates(&self, tls: &[String]) -> Program {
        Program::keeper(self.program, self.data, self.issuer, KEEPER.login);
        let sign_in = ["--issuer", self.issuer, "--audience", AUDIENCE].map(str::to_owned);
        let server = self.serve(&[tls, &sign_in[..]].concat());
        let channel = connected(server.port, Some(self.certificates.client())).await;
        let mut client = RecordServiceClient::new(channel);
        for events in mandates(self.issuer).chunks(100) {
            let mut request = Request::new(append(events.to_vec()));
            request.get_mut().recorded_by.clear();
            let metadata = request.metadata_mut();
            metadata.insert("authorization", bearer(self.keeper));
            client.append(request).await.expect("mandates");
        }
        server
    }
}

/// The grant of the recorders' mandate among those of others.
fn mandates(issuer: &str) -> Vec<Event> {
    let others = (0..OTHER_MANDATES).map(|n| (format!("other-{n}"), format!("Office {n}")));
    let own = (RECORDER.login.to_owned(), RECORDER.name.to_owned());
    let all = others.chain([own]).map(|(group, name)| {
        event(json!({ "subject": "register", "mandateGranted": {
            "mandateId": group, "holder": { "issuer": issuer, "group": group },
            "role": "MANDATE_ROLE_RECORDER", "recordedAs": name, "wholeRegister": true } }))
    });
    all.collect()
}

fn bearer(token: &str) -> AsciiMetadataValue {
    format!("Bearer {token}").parse().expect("a token")
}

async fn connected(port: u16, tls: Option<Arc<ClientConfig>>) -> Channel {
    let open = move || async move {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok::<_, std::io::Error>(stream)
    };
    let channel = match tls {
        None => {
            let connect = tower::service_fn(move |_| async move { open().await.map(TokioIo::new) });
            let endpoint = Endpoint::from_static("http://localhost");
            endpoint.connect_with_connector(connect).await
        }
        Some(tls) => {
            let connect = tower::service_fn(move |_| {
                let tls = TlsConnector::from(Arc::clone(&tls));
                let name = ServerName::try_from("localhost").expect("a name");
                async move { tls.connect(name, open().await?).await.map(TokioIo::new) }
            });
            let endpoint = Endpoint::from_static("https://localhost");
            endpoint.connect_with_connector(connect).await
        }
    };
    channel.expect("a connection")
}

impl Measured {
    /// A turn of one second.
    async fn take(&self) -> Turn {
        // No two turns share a request number.
        static NUMBERED: AtomicU32 = AtomicU32::new(0);
        let first = NUMBERED.fetch_add(1_000_000, Ordering::Relaxed);
        let enough = Arc::new(AtomicBool::new(false));
        let own = std::process::id();
        let server_before = self.server.busy();
        let (own_before, start) = (busy_of(own), Instant::now());
        let step = self.recorders.len() as u32;
        let tasks = (first..).zip(self.recorders.clone());
        let tasks =
            tasks.map(|(n, recorder)| tokio::spawn(recorder.record(n, step, Arc::clone(&enough))));
        let tasks: Vec<_> = tasks.collect();
        tokio::time::sleep(Duration::from_secs(1)).await;
        enough.store(true, Ordering::Relaxed);
        let mut took = histogram();
        for task in tasks {
            took.add(task.await.expect("a recorder")).expect("to add");
        }
        let rate = took.len() as f64 / start.elapsed().as_secs_f64();
        let us = |busy: Duration| busy.as_secs_f64() * 1e6 / took.len() as f64;
        Turn {
            rate,
            server: us(self.server.busy() - server_before),
            clients: us(busy_of(own) - own_before),
            took,
        }
    }
}

impl Recorder {
    /// Records one action after the other until it is enough.
    async fn record(mut self, first: u32, step: u32, enough: Arc<AtomicBool>) -> Histogram<u64> {
        let (mut took, mut n) = (histogram(), first);
        while !enough.load(Ordering::Relaxed) {
            let mut request = Request::new(action(n));
            if let Some(token) = &self.token {
                let metadata = request.metadata_mut();
                metadata.insert("authorization", token.clone());
            }
            let sent = Instant::now();
            self.client.append(request).await.expect("appended");
            let us = sent.elapsed().as_micros();
            took.record(us as u64).expect("a duration");
            n += step;
        }
        took
    }
}
