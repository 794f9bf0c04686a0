//! The questions of a pack, asked again of a register that is built from its export.
//!
//! The register is the program itself, on a private copy of the log: it folds the same
//! entries by the same rules. It is removed afterwards.

use std::path::Path;

use super::progress;
use crate::client::Client;
use crate::ephemeral_server::EphemeralServer;
use crate::failure::{Failure, chain};
use crate::pack::questions::{ask, quote};
use crate::sign_in::Server;
use minutebook_kernel::archive::folder::Folder;
use minutebook_kernel::archive::read;
use minutebook_kernel::archive::verify::{TrustAnchors, verify};
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_pack::pack::Pack;
use minutebook_pack::question::PackAnswer;
use minutebook_server::offline::StoreRestore;

/// The answers of the register beside those of the pack.
#[derive(Debug, Default)]
pub struct ComparedAnswers {
    pub asked: usize,
    pub faults: Vec<String>,
    pub unchecked: Vec<String>,
}

/// Verifies the export, and asks it every question of the pack.
pub async fn compare_with_archive(
    pack: &Pack,
    seal: &SignedCheckpoint,
    folder: &Path,
    key: Option<&VerifierKey>,
) -> Result<ComparedAnswers, Failure> {
    let mut compared = ComparedAnswers::default();
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::Unchecked(format!("there is no folder {folder}")));
    }
    let archive = Folder::new(folder);
    let trust = TrustAnchors {
        key: key.cloned(),
        since: Some(seal.clone()),
        ..TrustAnchors::default()
    };
    let bar = progress::entries("checking");
    let report = verify(&archive, &trust, |done| bar.set_position(done));
    bar.finish_and_clear();
    let report = report.map_err(|error| Failure::Unchecked(chain(&error)))?;
    let of_archive = |text: &String| format!("the export: {text}");
    compared.faults.extend(report.faults.iter().map(of_archive));
    compared
        .unchecked
        .extend(report.unchecked.iter().map(of_archive));
    let Some(signed) = report.checkpoint.filter(|_| compared.faults.is_empty()) else {
        return Ok(compared);
    };
    if signed.checkpoint.size < seal.checkpoint.size {
        compared.unchecked.push(format!(
            "the export has {} entries, and the pack is sealed with {}: export the register anew",
            signed.checkpoint.size, seal.checkpoint.size
        ));
        return Ok(compared);
    }
    let server = start(&archive, signed.checkpoint.size).await?;
    let client = Client::open(&Server::private(server.url())).await?;
    let done = ask_again(pack, &client, &mut compared).await;
    server.stop().await?;
    done.map(|()| compared)
}

/// A server on a copy of the entries.
async fn start(archive: &Folder, size: u64) -> Result<EphemeralServer, Failure> {
    let bar = progress::entries("folding");
    let copied = EphemeralServer::start_on(|data| {
        let unreadable = |error: &dyn std::error::Error| Failure::Unchecked(chain(error));
        let mut copy = StoreRestore::open(data).map_err(|error| unreadable(&error))?;
        for tile in read::bundles(size) {
            let mut failed = None;
            read::entries(archive, &tile, |_, record| {
                if failed.is_none() {
                    failed = copy.push(record).err();
                }
            })
            .map_err(|error| unreadable(&error))?;
            if let Some(error) = failed {
                return Err(unreadable(&error));
            }
            bar.set_position(copy.head().0);
        }
        // A key of its own: nothing that it signs leaves this process.
        copy.finish_unsigned().map_err(|error| unreadable(&error))
    })
    .await;
    bar.finish_and_clear();
    copied.map_err(|failure| {
        Failure::Unchecked(format!(
            "The register of the export cannot be asked: {failure}"
        ))
    })
}

async fn ask_again(
    pack: &Pack,
    client: &Client,
    compared: &mut ComparedAnswers,
) -> Result<(), Failure> {
    for one in pack.answers.all() {
        let method = one.question.method();
        let answer = ask(&one.question, client).await.map_err(|failure| {
            Failure::Unchecked(format!("{method} is not answered by the export: {failure}"))
        })?;
        compared.asked += 1;
        if answer == one.answer {
            continue;
        }
        match one.answer.as_ref().is_some_and(PackAnswer::is_withheld) {
            true => compared.unchecked.push(format!(
                "{method}: the maker of the pack may not read every entry, so their answer cannot be \
                 compared"
            )),
            false => compared.faults.push(format!(
                "the answer to {method} is not the one that the register gives{}",
                difference(one.answer.as_ref(), answer.as_ref())
            )),
        }
    }
    for own in &pack.seal.quotes {
        let tree_size = pack.seal.lines().map_or(0, |(_, size, _)| size);
        let proved = quote(client, own.position, tree_size)
            .await
            .map_err(|failure| Failure::Unchecked(format!("entry {}: {failure}", own.position)))?;
        if proved.leaf_hash != own.leaf_hash {
            let position = own.position;
            let fault = format!("entry {position} is another one in the export");
            compared.faults.push(fault);
        }
    }
    Ok(())
}

/// The first places where two answers differ, as JSON.
fn difference(packed: Option<&PackAnswer>, asked: Option<&PackAnswer>) -> String {
    let (Some(packed), Some(asked)) = (packed, asked) else {
        return ": one of the two has nothing".to_owned();
    };
    let lines = |answer: &PackAnswer| {
        let text = serde_json::to_string_pretty(&answer.to_json()).unwrap_or_default();
        text.lines()
            .map(|line| line.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let (packed, asked) = (lines(packed), lines(asked));
    let differs = packed.iter().zip(&asked).find(|(one, other)| one != other);
    match differs {
        Some((one, other)) => format!(": the pack has {one} where the register has {other}"),
        None => format!(
            ": it has {} lines, and {} are right",
            packed.len(),
            asked.len()
        ),
    }
}
