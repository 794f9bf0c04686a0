//! `minutebook pack`: the pack of a meeting, in files.

pub mod questions;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use self::questions::{answer_all, quote};
use crate::client::Client;
use crate::dates;
use crate::failure::{Failure, chain};
use crate::id;
use crate::screen::Screen;
use crate::show::subject_name::{self, LookedUp, Wanted};
use crate::sign_in::Server;
use minutebook_grpc::wire::proto::{
    AnsweredFrom, AsOf, BoardView, Date, GetBoardRequest, GetCheckpointRequest, MeetingView,
    as_of::Known,
};
use minutebook_pack::compose::named_entries;
use minutebook_pack::files::{self, PackFormat};
use minutebook_pack::pack::Pack;
use minutebook_pack::plan::{PackPlan, meeting_day};
use minutebook_pack::seal::PackSeal;
use minutebook_paper::entry_links::EntryLinks;
use minutebook_present::dates as written;
use minutebook_present::invisible::sanitise_line;

#[derive(Debug, Args)]
pub struct PackArgs {
    /// The board, by its id, its name or an alias
    #[arg(value_name = "BOARD", value_parser = id::parse_board_or_name)]
    board: String,

    /// The meeting: its day, or the id under which it was called or held
    #[arg(long, value_name = "DATE")]
    meeting: String,

    /// List the changes after this day [default: that of the meeting before]
    #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
    since: Option<Date>,

    /// As it was in force on this day [default: the day of the meeting]
    #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
    as_at: Option<Date>,

    /// As known by then: the end of a date, an instant or a position ('#42') [default:
    /// everything recorded]
    #[arg(long, value_name = "DATE|INSTANT|#POSITION", value_parser = dates::parse_known)]
    as_known_at: Option<Known>,

    /// That of `--out`, which all commands have.
    #[arg(skip)]
    pub out: Option<PathBuf>,
}

/// Asks, composes, and writes the files.
pub async fn run(
    args: &PackArgs,
    server: &Server,
    client: &Client,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let plan = plan(args, client).await?;
    let register = server.remote.url()?.origin();
    let pack = pack(plan, client, links(&register)).await?;
    let written = match args.out.as_deref() {
        Some(path) if format_of_name(path).is_some() => one_file(&pack, path)?,
        Some(folder) => folder_of(&pack, folder)?,
        None => {
            let plan = &pack.plan;
            let folder = format!("pack-{}-{}", plan.board_id, plain(&plan.meeting_id));
            folder_of(&pack, Path::new(&folder))?
        }
    };
    for path in &written {
        screen.line(&format!("Written: {}", path.display()))?;
    }
    let file = written.first().map(|path| path.display().to_string());
    screen.line(&format!(
        "Entries that it names, each with its proof: {}. Check it without a server:\n  minutebook audit \
         verify-pack {} --key {}",
        pack.seal.quotes.len(),
        file.unwrap_or_default(),
        pack.seal.verifier_key
    ))
}

/// The meeting and the moment of the answers, fixed by the first of them.
async fn plan(args: &PackArgs, client: &Client) -> Result<PackPlan, Failure> {
    let as_of = |as_at| {
        Some(AsOf {
            as_at,
            known: args.as_known_at,
            at_least_position: 0,
        })
    };
    let mut board_id = args.board.clone();
    if !subject_name::is_id(&board_id) {
        board_id =
            match subject_name::look_up(Wanted::Board, &board_id, as_of(None), client).await? {
                LookedUp::Taken(taken) => taken,
                LookedUp::Unknown(offered) => {
                    return Err(subject_name::unknown(Wanted::Board, &board_id, &offered));
                }
            };
    }
    let (board, _) = board(client, &board_id, as_of(args.as_at)).await?;
    let meeting = meeting(&board, &args.meeting)?;
    let in_force_on = args.as_at.or_else(|| meeting_day(meeting));
    // The server says the position, and the whole day of a month or a year.
    let (_, from) = board_at(client, &board_id, as_of(in_force_on)).await?;
    Ok(PackPlan {
        board_id,
        meeting_id: meeting.meeting_id.clone(),
        since: args.since,
        in_force_on: from.as_at.unwrap_or_default(),
        position: from.position,
    })
}

async fn board(
    client: &Client,
    board_id: &str,
    as_of: Option<AsOf>,
) -> Result<(BoardView, AnsweredFrom), Failure> {
    let request = GetBoardRequest {
        as_of,
        board_id: board_id.to_owned(),
    };
    let answer = client.register().get_board(request).await?.into_inner();
    let parts = answer.board.zip(answer.answered_from);
    parts.ok_or_else(|| Failure::Broken("The server's answer has no board.".to_owned()))
}

/// The same on the day in force. A board that was not there yet is no reason to fail here.
async fn board_at(
    client: &Client,
    board_id: &str,
    as_of: Option<AsOf>,
) -> Result<(BoardView, AnsweredFrom), Failure> {
    board(client, board_id, as_of).await.map_err(|failure| {
        failure.preceded_by("On the day in force (--as-at) there is no such pack.")
    })
}

/// The meeting that somebody means by its id or its day.
fn meeting<'a>(board: &'a BoardView, text: &str) -> Result<&'a MeetingView, Failure> {
    let day = dates::parse_date(text).ok();
    let is_meant = |one: &&MeetingView| {
        one.meeting_id == text || day.is_some_and(|day| meeting_day(one) == Some(day))
    };
    let meant: Vec<&MeetingView> = board.meetings.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::Refused(format!(
            "This board has no meeting \"{text}\": name one by its day or its id.\n{}",
            listed(&board.meetings)
        ))),
        several => Err(Failure::Refused(format!(
            "Several meetings of this board are of \"{text}\": name one by its id.\n{}",
            listed(several.iter().copied())
        ))),
    }
}

/// The most meetings that a refusal names.
const LISTED_MAX: usize = 12;

fn listed<'a>(meetings: impl IntoIterator<Item = &'a MeetingView>) -> String {
    let line = |one: &MeetingView| {
        let day = written::optional_date(&meeting_day(one));
        format!("  {} ({day})", sanitise_line(&one.meeting_id))
    };
    let lines: Vec<String> = meetings.into_iter().map(line).collect();
    let from = lines.len().saturating_sub(LISTED_MAX);
    match lines.get(from..) {
        None | Some([]) => "  None is recorded.".to_owned(),
        Some(last) => last.join("\n"),
    }
}

/// Asks every question, and has each entry that the pack names proved.
async fn pack(
    plan: PackPlan,
    client: &Client,
    register: Option<EntryLinks>,
) -> Result<Pack, Failure> {
    let answers = answer_all(&plan, client).await?;
    let request = GetCheckpointRequest {
        at_least_position: plan.position,
    };
    let checkpoint = client.audit().get_checkpoint(request).await?.into_inner();
    let size = checkpoint.tree_size;
    let mut pack = Pack {
        plan,
        answers,
        seal: PackSeal::of(checkpoint),
        register,
    };
    for position in named_entries(&pack) {
        pack.seal.quotes.push(quote(client, position, size).await?);
    }
    Ok(pack)
}

/// Those of a register that others can reach: a pack travels further than this machine.
fn links(register: &str) -> Option<EntryLinks> {
    let is_public = register.starts_with("https://");
    is_public.then(|| EntryLinks::new(register).ok()).flatten()
}

fn format_of_name(path: &Path) -> Option<PackFormat> {
    let suffix = path.extension()?.to_str()?.to_lowercase();
    let mut formats = PackFormat::ALL.into_iter();
    formats.find(|format| format.suffix() == suffix)
}

fn one_file(pack: &Pack, path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let format = format_of_name(path).unwrap_or(PackFormat::Html);
    write(path, &file(pack, format)?)?;
    Ok(vec![path.to_owned()])
}

/// Every format, and a CSV file for each answer.
fn folder_of(pack: &Pack, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    fs::create_dir_all(folder).map_err(|error| bad_file(folder, &error))?;
    let mut written = Vec::new();
    for format in PackFormat::ALL {
        let path = folder.join(format!("pack.{}", format.suffix()));
        write(&path, &file(pack, format)?)?;
        written.push(path);
    }
    for table in files::csv_files(pack) {
        let path = folder.join(format!("pack-{}.csv", table.name));
        write(&path, &table.bytes)?;
        written.push(path);
    }
    Ok(written)
}

fn file(pack: &Pack, format: PackFormat) -> Result<Vec<u8>, Failure> {
    files::write(pack, format).map_err(|error| Failure::Broken(chain(&error)))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| bad_file(path, &error))
}

fn bad_file(path: &Path, error: &std::io::Error) -> Failure {
    Failure::BadFile(format!("{} cannot be written: {error}", path.display()))
}

/// An id as part of the name of a folder.
fn plain(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    id.chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .collect()
}
