//! Packs: each figure is the answer of the command line, and a file proves itself until one
//! byte of it is changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use minutebook::wire;

use crate::given::{append, event};
use crate::program::{Serving, books, fails, fed, register, run, text, walkthrough};
use serde_json::{Value, json};

const BOARD: &str = "fictional-three-shires-board";
const MEETING: &str = "2024-11-18";

/// A register with the fiction, and the pack of one of its meetings.
struct Packed {
    serving: Serving,
    folder: PathBuf,
    _data: tempfile::TempDir,
    files: tempfile::TempDir,
}

fn packed() -> Packed {
    let (serving, data) = register();
    serving.record(&[walkthrough()]);
    let files = tempfile::tempdir().unwrap();
    let folder = files.path().join("pack");
    let arguments = ["pack", BOARD, "--meeting", MEETING, "--out", text(&folder)];
    let printed = serving.prints(&arguments);
    assert!(printed.contains("verify-pack"), "{printed}");
    Packed {
        serving,
        folder,
        _data: data,
        files,
    }
}

impl Packed {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn data(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file("pack.json")).unwrap()).unwrap()
    }

    fn key(&self) -> String {
        self.data()["verifierKey"].as_str().unwrap().to_owned()
    }

    fn export(&self) -> PathBuf {
        let archive = self.files.path().join("archive");
        self.serving.prints(&["audit", "export", text(&archive)]);
        archive
    }

    /// Another file of the pack, with its text changed.
    fn forged(&self, name: &str, change: impl FnOnce(String) -> String) -> PathBuf {
        let original = fs::read_to_string(self.file(name)).unwrap();
        let forged = change(original.clone());
        assert_ne!(forged, original, "the forgery changes something");
        let path = self.files.path().join(format!("forged-{name}"));
        fs::write(&path, forged).unwrap();
        path
    }
}

fn verified(file: &Path, key: &str) -> std::process::Output {
    run(&["audit", "verify-pack", text(file), "--key", key])
}

fn said(output: &std::process::Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    format!("{out}{}", String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_table_is_the_answer_of_the_command_line() {
    let packed = packed();
    let position = packed.data()["position"].to_string();
    let known = format!("#{position}");
    let mut compared = 0;
    for (file, command) in [
        ("attention", format!("show attention --board {BOARD}")),
        ("meeting", format!("show meeting {BOARD} {MEETING}")),
        ("board", format!("show board {BOARD}")),
        (
            "budget-fictional-three-shires-2024-25",
            "show budget fictional-three-shires --year 2024/25".to_owned(),
        ),
        (
            "contributions-fictional-three-shires-2024-25",
            "show contributions fictional-three-shires --year 2024/25".to_owned(),
        ),
        (
            "virements-fictional-three-shires",
            "show virements collaborations/fictional-three-shires".to_owned(),
        ),
        (
            "breaches-fictional-three-shires",
            "show breaches collaborations/fictional-three-shires".to_owned(),
        ),
        (
            "proposal-01900000-0000-7000-8000-000000000105",
            "show proposal 01900000-0000-7000-8000-000000000105".to_owned(),
        ),
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.extend([
            "--as-at",
            MEETING,
            "--as-known-at",
            &known,
            "--format",
            "csv",
        ]);
        let printed = packed.serving.prints(&arguments);
        let written = fs::read_to_string(packed.file(&format!("pack-{file}.csv"))).unwrap();
        assert_eq!(written, printed, "{command}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

/// The amounts in a text, such as `£2,100,000`, without signs.
fn amounts(text: &str) -> BTreeSet<String> {
    let parts = text.split('£').skip(1);
    let amount = |part: &str| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
        let amount = part[..end.unwrap_or(part.len())].trim_end_matches([',', '.']);
        amount.trim_end_matches(".00").to_owned()
    };
    parts
        .map(amount)
        .filter(|amount| !amount.is_empty())
        .collect()
}

#[test]
fn every_amount_on_the_page_is_one_that_the_command_line_shows() {
    let packed = packed();
    let page = fs::read_to_string(packed.file("pack.html")).unwrap();
    let page = page.split("<script").next().unwrap();
    let position = packed.data()["position"].to_string();
    let known = format!("#{position}");
    let mut shown = String::new();
    for command in [
        "show budget fictional-three-shires --year 2024/25",
        "show contributions fictional-three-shires --year 2024/25",
        "show virements collaborations/fictional-three-shires",
        "show breaches collaborations/fictional-three-shires",
        "show attention --board fictional-three-shires-board",
        "show proposal 01900000-0000-7000-8000-000000000105",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.extend([
            "--as-at",
            MEETING,
            "--as-known-at",
            &known,
            "--format",
            "table",
        ]);
        shown.push_str(&packed.serving.prints(&arguments));
    }
    shown.push_str(&packed.serving.prints(&["history"]));
    let (on_page, shown) = (amounts(page), amounts(&shown));
    assert!(on_page.len() > 20, "{on_page:?}");
    let unknown: Vec<&String> = on_page.difference(&shown).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

#[test]
fn each_file_proves_itself_and_the_register_gives_the_same_answers() {
    let packed = packed();
    let key = packed.key();
    for name in ["pack.html", "pack.pdf", "pack.xlsx", "pack.json"] {
        let output = verified(&packed.file(name), &key);
        assert!(output.status.success(), "{name}: {}", said(&output));
        let said = said(&output);
        assert!(said.contains("Nothing is wrong with the file"), "{said}");
        assert!(said.contains("Not checked: whether its"), "{said}");
    }
    let archive = packed.export();
    let file = packed.file("pack.html");
    let arguments = [
        "audit",
        "verify-pack",
        text(&file),
        "--key",
        &key,
        "--archive",
        text(&archive),
    ];
    let output = run(&arguments);
    assert!(output.status.success(), "{}", said(&output));
    let said = said(&output);
    assert!(
        said.contains("each figure follows from the register"),
        "{said}"
    );
    // Without a key that was handed over, nobody knows who sealed it.
    let output = run(&["audit", "verify-pack", text(&file)]);
    assert!(output.status.success());
    assert!(self::said(&output).contains("found in the pack itself"));
}

#[test]
fn a_changed_byte_is_found() {
    let packed = packed();
    let key = packed.key();
    let digit = packed.forged("pack.html", |page| {
        let (before, after) = page.split_once("£2,100,000").unwrap();
        format!("{before}£2,700,000{after}")
    });
    let output = verified(&digit, &key);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("1 fault was found"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("£2,700,000"), "{}", said(&output));

    // A figure that is changed in the answers too is still not what the register gives.
    let data = packed.forged("pack.json", |data| {
        data.replace("\"210000000\"", "\"270000000\"")
    });
    let output = verified(&data, &key);
    let told = said(&output);
    assert!(
        output.status.success(),
        "its words follow from its answers: {told}"
    );
    let archive = packed.export();
    let arguments = [
        "audit",
        "verify-pack",
        text(&data),
        "--key",
        &key,
        "--archive",
        text(&archive),
    ];
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("is not the one that the register gives"));

    // In the PDF, and in the workbook.
    for name in ["pack.pdf", "pack.xlsx"] {
        let mut bytes = fs::read(packed.file(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let path = packed.folder.join(format!("forged-{name}"));
        fs::write(&path, bytes).unwrap();
        let output = verified(&path, &key);
        assert!(
            matches!(output.status.code(), Some(1 | 6)),
            "{}",
            said(&output)
        );
    }
}

/// The data with one part replaced.
fn with(packed: &Packed, change: impl FnOnce(&mut Value)) -> PathBuf {
    packed.forged("pack.json", |text| {
        // Kept in its order, or every byte would differ.
        let mut value: Value = serde_json::from_str(&text).unwrap();
        change(&mut value);
        value.to_string()
    })
}

#[test]
fn entries_proofs_checkpoints_and_keys_are_checked() {
    let packed = packed();
    let key = packed.key();
    let fault = |path: &Path, key: &str, says: &str| {
        let output = verified(path, key);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{says}: {said}");
        assert!(said.contains(says), "{says}: {said}");
    };
    let entry = with(&packed, |data| {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let record = data["entries"][0]["record"].as_str().unwrap();
        let mut bytes = engine.decode(record).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        data["entries"][0]["record"] = engine.encode(bytes).into();
    });
    fault(&entry, &key, "its bytes are not those that were recorded");

    let left_out = with(&packed, |data| {
        data["entries"].as_array_mut().unwrap().remove(0);
    });
    fault(&left_out, &key, "is named and not proved");

    let unasked = with(&packed, |data| {
        let answers = data["answers"].as_array_mut().unwrap();
        answers.retain(|one| one["method"] != "ListBreaches");
    });
    fault(
        &unasked,
        &key,
        "a question of such a pack was not asked: ListBreaches",
    );

    // Another register's seal: signed, but of another tree and by another key.
    let other = self::packed();
    let seal = other.data()["checkpoint"].clone();
    let exchanged = with(&packed, |data| data["checkpoint"] = seal);
    fault(&exchanged, &key, "the seal is not signed by");
    fault(
        &exchanged,
        &other.key(),
        "it is not proved to be in the register",
    );

    fault(
        &packed.file("pack.json"),
        &other.key(),
        "the seal is not signed by",
    );
    let output = run(&["audit", "verify-pack", text(&walkthrough())]);
    fails(&output, 6, "it is not the data of a pack");
}

/// Programs of others read the files. They say plainly when they are not here.
#[test]
fn other_programs_read_the_pdf() {
    let packed = packed();
    let pdf = packed.file("pack.pdf");
    let output = Command::new("pdftotext")
        .args(["-layout", text(&pdf), "-"])
        .output();
    match output {
        Err(_) => println!("NOT RUN: pdftotext is not here; install poppler-utils to run this"),
        Ok(output) => {
            let read = String::from_utf8_lossy(&output.stdout);
            for expected in [
                "Fictional Three Shires Board",
                "To decide",
                "£2,100,000",
                "Page 1 of",
            ] {
                assert!(read.contains(expected), "{expected} is not in:\n{read}");
            }
        }
    }
    match Command::new("qpdf").args(["--check", text(&pdf)]).output() {
        Err(_) => println!("NOT RUN: qpdf is not here; install it to run this"),
        Ok(output) => assert!(output.status.success(), "{output:?}"),
    }
    match Command::new("pdfdetach")
        .args(["-list", text(&pdf)])
        .output()
    {
        Err(_) => println!("NOT RUN: pdfdetach is not here; install poppler-utils to run this"),
        Ok(output) => assert!(String::from_utf8_lossy(&output.stdout).contains("pack.json")),
    }
}

#[test]
fn a_meeting_that_is_not_there_is_refused_with_those_that_are() {
    let packed = packed();
    let output = packed
        .serving
        .run(&["pack", BOARD, "--meeting", "2024-11-19"]);
    fails(&output, 1, "2024-11-18 (2024-11-18)");
    let output = packed
        .serving
        .run(&["pack", "no-such-board", "--meeting", MEETING]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn one_format_alone_is_written_where_the_name_says_so() {
    let packed = packed();
    let path = packed.files.path().join("alone.pdf");
    let arguments = ["pack", BOARD, "--meeting", MEETING, "-o", text(&path)];
    packed.serving.prints(&arguments);
    let since = packed.files.path().join("since.html");
    let day = ["--since", "2024-05-20", "--as-at", "2024-11-17"];
    let arguments = ["pack", BOARD, "--meeting", MEETING, "-o", text(&since)];
    packed
        .serving
        .prints(&[arguments.as_slice(), &day].concat());
    let output = run(&["audit", "verify-pack", text(&since)]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(packed.file("pack.pdf")).unwrap()
    );
}

/// Every pack of every meeting in the books is written, proves itself, and is small.
#[test]
fn every_meeting_of_the_papers_has_a_pack() {
    let (serving, _data) = register();
    serving.record(&books());
    let files = tempfile::tempdir().unwrap();
    let mut packs = 0;
    for board in [
        "business-coordination-board",
        "east-midlands-regional-collaboration-board",
        "leicestershire-pcp-meetings",
    ] {
        let answer = serving.prints(&["show", "board", board, "--format", "json"]);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        for meeting in answer["board"]["meetings"].as_array().unwrap() {
            let id = meeting["meetingId"].as_str().unwrap();
            let path = files.path().join(format!("{board}-{id}.html"));
            serving.prints(&["pack", board, "--meeting", id, "-o", text(&path)]);
            let output = run(&["audit", "verify-pack", text(&path)]);
            assert!(output.status.success(), "{board} {id}: {}", said(&output));
            packs += 1;
        }
    }
    assert!(packs >= 5, "{packs} packs");
}

#[test]
fn hostile_names_do_nothing_in_a_pack() {
    let (serving, _data) = register();
    let name = "<script>alert(1)</script> =1+1\"'&";
    let board = json!({"name": name, "powers": ["BOARD_POWER_DECIDES"]});
    let called = json!({
        "meetingId": "m", "meetsOn": {"year": 2024, "month": 2, "day": 1}, "agenda": name
    });
    let events = [
        event("boards/hostile", "2024-01-01", "boardConstituted", board),
        event("boards/hostile", "2024-01-02", "meetingCalled", called),
    ];
    let request = wire::json::to_string(&append(1, &events));
    let output = fed(&serving, &["record", "-"], &request);
    assert!(output.status.success(), "{}", said(&output));
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("pack.html");
    serving.prints(&["pack", "hostile", "--meeting", "m", "-o", text(&path)]);
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    let output = run(&["audit", "verify-pack", text(&path)]);
    assert!(output.status.success(), "{}", said(&output));
}
