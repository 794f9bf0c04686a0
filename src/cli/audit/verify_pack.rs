//! `minutebook audit verify-pack`: checks a file of a pack, with or without the register.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::verify_pack_archive::compare_with_archive;
use crate::failure::{Failure, chain};
use crate::screen::Screen;
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_kernel::audit::merkle::{Hash, leaf_hash};
use minutebook_kernel::audit::proof::verify_inclusion;
use minutebook_pack::opened::{self, DATA_BESIDE, FILE_BYTES_MAX, OpenedPack};
use minutebook_pack::seal::QuotedEntry;
use minutebook_present::invisible::sanitise_line;

#[derive(Debug, Args)]
pub struct VerifyPackArgs {
    /// The file of the pack: HTML, PDF, a workbook, or its data
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The verifier key that you trust, as it was handed to you
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,

    /// The verifier key of a witness that must have signed; may be given several times
    #[arg(long = "witness", value_name = "VKEY")]
    witnesses: Vec<VerifierKey>,

    /// An export of the register: also asks it every question of the pack again
    #[arg(long, value_name = "FOLDER")]
    archive: Option<PathBuf>,

    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

/// How far a pack was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum PackLevel {
    /// The file, its entries, proofs and signature.
    File,
    /// That each answer follows from the whole register too.
    Register,
}

/// The findings so far, and their result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PackVerdict {
    is_sound: bool,
    level: PackLevel,
    board_id: String,
    meeting_id: String,
    in_force_on: String,
    position: u64,
    origin: String,
    checkpoint_size: u64,
    root: String,
    key: String,
    is_key_given: bool,
    entries: usize,
    answers: usize,
    answers_asked_again: usize,
    faults: Vec<String>,
    unchecked: Vec<String>,
}

/// Checks, and prints the result.
pub async fn run(args: &VerifyPackArgs, screen: &mut Screen) -> Result<(), Failure> {
    let bytes = read(&args.file)?;
    let beside = args.file.with_file_name(DATA_BESIDE);
    let beside = (beside != args.file).then(|| read(&beside).ok()).flatten();
    let opened = opened::open(&bytes, beside.as_deref()).map_err(|error| {
        Failure::Unchecked(format!("{}: {}", args.file.display(), chain(&error)))
    })?;
    let seal = &opened.pack.seal;
    let signed = SignedCheckpoint::parse(&seal.checkpoint).map_err(|error| {
        Failure::Refused(format!("FAULT  The pack has no seal: {}.", chain(&error)))
    })?;
    let found = opened.check_file(&bytes);
    let found = found.map_err(|error| Failure::Unchecked(chain(&error)))?;
    let mut verdict = verdict(&opened, &signed, args);
    verdict.faults = found.faults;
    verdict.unchecked = found.unchecked;
    check_signatures(&opened, &signed, args, &mut verdict);
    check_proofs(&opened, &signed, &mut verdict.faults);
    if let Some(folder) = &args.archive {
        let trusted = args.key.as_ref();
        let compared = compare_with_archive(&opened.pack, &signed, folder, trusted).await?;
        verdict.level = PackLevel::Register;
        verdict.answers_asked_again = compared.asked;
        verdict.faults.extend(compared.faults);
        verdict.unchecked.extend(compared.unchecked);
    }
    verdict.is_sound = verdict.faults.is_empty() && verdict.unchecked.is_empty();
    if args.json {
        screen.json(&verdict)?;
    } else {
        print(&verdict, screen)?;
    }
    match verdict.faults.len() {
        0 if verdict.is_sound => Ok(()),
        0 => Err(Failure::Unchecked(
            "Nothing wrong was found, and not everything could be checked.".to_owned(),
        )),
        1 => Err(Failure::Refused("1 fault was found.".to_owned())),
        count => Err(Failure::Refused(format!("{count} faults were found."))),
    }
}

fn verdict(opened: &OpenedPack, signed: &SignedCheckpoint, args: &VerifyPackArgs) -> PackVerdict {
    let pack = &opened.pack;
    let key = args.key.as_ref().map(ToString::to_string);
    PackVerdict {
        is_sound: false,
        level: PackLevel::File,
        board_id: pack.plan.board_id.clone(),
        meeting_id: pack.plan.meeting_id.clone(),
        in_force_on: minutebook_present::dates::date(&pack.plan.in_force_on),
        position: pack.plan.position,
        origin: signed.checkpoint.origin.clone(),
        checkpoint_size: signed.checkpoint.size,
        root: signed.checkpoint.root.to_string(),
        key: key.unwrap_or_else(|| pack.seal.verifier_key.clone()),
        is_key_given: args.key.is_some(),
        entries: pack.seal.quotes.len(),
        answers: pack.answers.all().len(),
        answers_asked_again: 0,
        faults: Vec::new(),
        unchecked: Vec::new(),
    }
}

fn check_signatures(
    opened: &OpenedPack,
    signed: &SignedCheckpoint,
    args: &VerifyPackArgs,
    verdict: &mut PackVerdict,
) {
    let own: Result<VerifierKey, _> = opened.pack.seal.verifier_key.parse();
    match args.key.clone().map_or(own, Ok) {
        Ok(key) => {
            if let Err(why) = signed.note.verify(&key) {
                let fault = format!("the seal is not signed by {key}: {why}");
                verdict.faults.push(fault);
            }
        }
        Err(error) => {
            let fault = format!("the key that the pack names is none: {error}");
            verdict.faults.push(fault);
        }
    }
    for witness in &args.witnesses {
        if let Err(why) = signed.note.verify(witness) {
            let fault = format!("the seal is not signed by the witness {witness}: {why}");
            verdict.faults.push(fault);
        }
    }
    if opened.pack.plan.position > signed.checkpoint.size {
        verdict.faults.push(format!(
            "the pack answers up to entry {}, and its seal covers {} entries",
            opened.pack.plan.position, signed.checkpoint.size
        ));
    }
}

fn check_proofs(opened: &OpenedPack, signed: &SignedCheckpoint, faults: &mut Vec<String>) {
    for quote in &opened.pack.seal.quotes {
        if let Err(why) = check_proof(quote, signed) {
            faults.push(format!("entry {}: {why}", quote.position));
        }
    }
}

fn check_proof(quote: &QuotedEntry, signed: &SignedCheckpoint) -> Result<(), String> {
    let hash = |bytes: &Vec<u8>| bytes.as_slice().try_into().map(Hash::from_bytes).ok();
    let named = hash(&quote.leaf_hash).ok_or("its hash is not of 32 bytes")?;
    let leaf = match quote.record.as_slice() {
        // An entry that is left out is proved by its hash.
        [] => named,
        record => leaf_hash(record),
    };
    if leaf != named {
        return Err("its bytes are not those that were recorded".to_owned());
    }
    let proof: Option<Vec<Hash>> = quote.proof.iter().map(hash).collect();
    let proof = proof.ok_or("its proof has a hash that is not of 32 bytes")?;
    let checkpoint = &signed.checkpoint;
    let index = quote
        .position
        .checked_sub(1)
        .ok_or("no entry has the position 0")?;
    verify_inclusion(leaf, index, checkpoint.size, &proof, checkpoint.root)
        .map_err(|error| format!("it is not proved to be in the register: {error}"))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |why: String| Failure::Unchecked(format!("{}: {why}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(error.to_string()))?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= FILE_BYTES_MAX => Ok(bytes),
        _ => Err(unreadable(format!(
            "it has more than {FILE_BYTES_MAX} bytes, and no pack has so many"
        ))),
    }
}

fn print(verdict: &PackVerdict, screen: &mut Screen) -> Result<(), Failure> {
    for fault in &verdict.faults {
        screen.line(&format!("FAULT  {}", sanitise_line(fault)))?;
    }
    for check in &verdict.unchecked {
        screen.line(&format!("UNCHECKED  {}", sanitise_line(check)))?;
    }
    screen.line(&format!(
        "Pack       boards/{}, meeting {}, in force on {}, up to entry {}\n\
         Seal       {} entries of {}, root {}\nKey        {}",
        sanitise_line(&verdict.board_id),
        sanitise_line(&verdict.meeting_id),
        verdict.in_force_on,
        verdict.position,
        verdict.checkpoint_size,
        sanitise_line(&verdict.origin),
        verdict.root,
        sanitise_line(&verdict.key)
    ))?;
    if !verdict.faults.is_empty() || !verdict.unchecked.is_empty() {
        return Ok(());
    }
    screen.line(&format!(
        "Checked    the file, word by word; the entries with their proofs ({}); the signature",
        verdict.entries
    ))?;
    match verdict.level {
        PackLevel::Register => screen.line(&format!(
            "Checked    {} answers, asked again of the register up to entry {}: all the same\n\
             Nothing is wrong: each figure follows from the register.",
            verdict.answers_asked_again, verdict.position
        ))?,
        PackLevel::File => screen.line(&format!(
            "Nothing is wrong with the file and what it quotes.\nNot checked: whether its {} answers \
             follow from the whole register. For that, give an export of it, with --archive FOLDER.",
            verdict.answers
        ))?,
    }
    if !verdict.is_key_given {
        screen.line(
            "The key was found in the pack itself. To know who sealed it, give the key that was handed \
             to you, with --key.",
        )?;
    }
    Ok(())
}
