//! `minutebook audit export`: the log, as a folder that proves itself.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::progress;
use crate::client::Client;
use crate::failure::{Failure, chain};
use crate::screen::Screen;
use crate::sign_in::Server;
use minutebook_grpc::wire::proto::ExportLogRequest;
use minutebook_grpc::wire::proto::export_log_response::Message;
use minutebook_kernel::archive::export::{Export, ExportError};
use minutebook_kernel::archive::folder::{FileError, Folder};
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::log::ReadError;
use minutebook_server::offline::{OfflineStore, StoreKey};

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The folder: created if it is missing, extended if it is an archive
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,

    /// Export a store that no server has open, instead of the log of a server
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// The key to sign with, where it is not in the store's directory
    #[arg(long, value_name = "FILE", requires = "data")]
    key: Option<PathBuf>,

    /// The program that has the key, where it is in no file
    #[arg(
        long,
        value_name = "PROGRAM",
        requires = "data",
        conflicts_with = "key"
    )]
    key_command: Option<PathBuf>,

    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExportSummary {
    folder: String,
    entries: u64,
    added: u64,
    root: String,
    verifier_key: String,
}

pub async fn run(args: ExportArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let folder = Folder::new(&args.folder);
    let done = match args.data {
        Some(data) => {
            let key = StoreKey {
                file: args.key,
                command: args.key_command,
            };
            from_disk(folder, &data, key)?
        }
        None => from_server(folder, server).await?,
    };
    if args.json {
        return screen.json(&done);
    }
    screen.line(&format!(
        "{}: {} entries, {} of them new. Root {}.\nCheck it with: minutebook audit verify {}",
        done.folder, done.entries, done.added, done.root, done.folder
    ))
}

fn failed(error: ExportError) -> Failure {
    let sentence = format!("Nothing was exported that counts: {}", chain(&error));
    match error {
        ExportError::File(FileError::Io { .. }) => Failure::Broken(sentence),
        ExportError::File(FileError::NotPlain { .. })
        | ExportError::Foreign(_)
        | ExportError::ForeignFile(_) => Failure::Usage(sentence),
        ExportError::Record { .. } | ExportError::Root { .. } => Failure::Broken(sentence),
        ExportError::Checkpoint(_) | ExportError::Damaged(_) => Failure::BadFile(sentence),
        ExportError::OtherLog { .. } => Failure::Refused(sentence),
    }
}

/// Opens the folder, with the number of entries that it has already.
fn open_export(folder: Folder) -> Result<(Export, u64), Failure> {
    let export = Export::open(folder).map_err(failed)?;
    let has = export.size();
    Ok((export, has))
}

async fn from_server(folder: Folder, server: &Server) -> Result<ExportSummary, Failure> {
    let name = folder.path().display().to_string();
    let client = Client::connect(server).await?;
    let (mut export, has) = open_export(folder)?;
    let request = ExportLogRequest {
        after_position: has,
    };
    let mut stream = client.audit().export_log(request).await?.into_inner();
    let broken = |what: &str| Failure::Broken(format!("The server's export is none: {what}."));
    let Some(Message::Checkpoint(head)) = stream.message().await?.and_then(|first| first.message)
    else {
        return Err(broken("no checkpoint comes first"));
    };
    let signed =
        SignedCheckpoint::parse(&head.checkpoint).map_err(|error| broken(&error.to_string()))?;
    export
        .require_continues(&signed.checkpoint)
        .map_err(failed)?;
    let bar = progress::entries("exporting");
    while let Some(next) = stream.message().await? {
        let Some(Message::Records(chunk)) = next.message else {
            return Err(broken("a second checkpoint comes among the entries"));
        };
        if chunk.first_position != export.size() + 1 {
            return Err(broken("entries are left out"));
        }
        for record in &chunk.records {
            export.push(record).map_err(failed)?;
        }
        bar.set_position(export.size());
    }
    bar.finish_and_clear();
    let (entries, root) = (export.size(), export.root().to_string());
    let finished = export.finish(&signed, &head.verifier_key, &head.witness_keys);
    finished.map_err(failed)?;
    Ok(ExportSummary {
        folder: name,
        entries,
        added: entries - has,
        root,
        verifier_key: head.verifier_key,
    })
}

#[derive(Debug)]
enum Stopped {
    Read(ReadError),
    Export(ExportError),
}

impl From<ReadError> for Stopped {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

fn from_disk(
    folder: Folder,
    data: &std::path::Path,
    key: StoreKey,
) -> Result<ExportSummary, Failure> {
    let name = folder.path().display().to_string();
    let stored = OfflineStore::open(data, key).map_err(|error| Failure::Broken(chain(&error)))?;
    let (mut export, has) = open_export(folder)?;
    export
        .require_continues(&stored.checkpoint.checkpoint)
        .map_err(failed)?;
    let bar = progress::entries("exporting");
    let copied = stored.records(has, |record| {
        export.push(record).map_err(Stopped::Export)?;
        bar.set_position(export.size());
        Ok(())
    });
    bar.finish_and_clear();
    copied.map_err(|stopped| match stopped {
        Stopped::Read(error) => Failure::Broken(chain(&error)),
        Stopped::Export(error) => failed(error),
    })?;
    let (entries, root) = (export.size(), export.root().to_string());
    let key = stored.key.to_string();
    export
        .finish(&stored.checkpoint, &key, &[])
        .map_err(failed)?;
    Ok(ExportSummary {
        folder: name,
        entries,
        added: entries - has,
        root,
        verifier_key: key,
    })
}
