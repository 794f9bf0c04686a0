//! The log lines of a server: on standard error, as text for people or as JSON for
//! programs.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry};

use super::failure::Failure;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Starts logging. `directives` select the lines, such as `info` or
/// `warn,minutebook=debug`.
pub fn start(format: LogFormat, directives: &str) -> Result<(), Failure> {
    let filter: Targets = directives
        .parse()
        .map_err(|error| Failure::Usage(format!("\"{directives}\" is not a log level: {error}")))?;
    let logging = registry().with(filter);
    let lines = fmt::layer().with_writer(io::stderr);
    // A second start in one process keeps the first: nothing else can be done.
    let _ = match format {
        LogFormat::Json => logging.with(lines.json()).try_init(),
        LogFormat::Human => {
            let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let colours = io::stderr().is_terminal() && !no_colour;
            logging.with(lines.with_ansi(colours)).try_init()
        }
    };
    Ok(())
}
