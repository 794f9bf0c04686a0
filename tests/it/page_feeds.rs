//! Packs and feeds over HTTP: the files of a pack, calendars, and the feed of decisions, read
//! by programs of others too.

use std::collections::BTreeMap;
use std::process::Command;

use crate::program::{Serving, register, run, text, walkthrough};

struct Fetched {
    code: u16,
    headers: BTreeMap<String, String>,
    bytes: Vec<u8>,
}

fn fetch(serving: &Serving, path: &str) -> Fetched {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let url = format!("{}{path}", serving.url);
    let mut answer = agent.get(&url).call().unwrap();
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
    Fetched {
        code: answer.status().as_u16(),
        headers: headers.collect(),
        bytes: answer.body_mut().read_to_vec().unwrap(),
    }
}

fn fiction() -> (Serving, tempfile::TempDir) {
    let (serving, data) = register();
    serving.record(&[walkthrough()]);
    (serving, data)
}

const MEETING: &str = "/boards/fictional-three-shires-board/meetings/2024-11-18";

#[test]
fn the_page_serves_the_files_that_the_command_line_writes() {
    let (serving, _data) = fiction();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("pack");
    let arguments = [
        "pack",
        "fictional-three-shires-board",
        "--meeting",
        "2024-11-18",
        "-o",
    ];
    serving.prints(&[arguments.as_slice(), &[text(&out)]].concat());
    for (suffix, media, file) in [
        ("", "text/html", "pack.html"),
        (".html", "text/html", "pack.html"),
        (".pdf", "application/pdf", "pack.pdf"),
        (".json", "application/json", "pack.json"),
        (".xlsx", "application/vnd.openxmlformats", "pack.xlsx"),
    ] {
        let served = fetch(&serving, &format!("{MEETING}/pack{suffix}"));
        assert_eq!(served.code, 200, "{suffix}");
        assert!(
            served.headers["content-type"].starts_with(media),
            "{suffix}"
        );
        let written = std::fs::read(out.join(file)).unwrap();
        assert!(
            served.bytes == written,
            "{suffix} is what the command line writes"
        );
        let path = folder.path().join(format!("served-{file}"));
        std::fs::write(&path, served.bytes).unwrap();
        if file != "pack.xlsx" {
            let output = run(&["audit", "verify-pack", text(&path)]);
            assert!(output.status.success(), "{output:?}");
        }
    }
    let page = fetch(&serving, &format!("{MEETING}/pack"));
    let policy = &page.headers["content-security-policy"];
    assert!(policy.contains("style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    let csv = fetch(&serving, &format!("{MEETING}/pack.csv"));
    assert!(csv.bytes.starts_with(b"section,item,field,value\n"));
    let meeting = fetch(&serving, MEETING);
    let meeting = String::from_utf8(meeting.bytes).unwrap();
    for suffix in ["", ".pdf", ".xlsx", ".csv"] {
        assert!(
            meeting.contains(&format!("href=\"{MEETING}/pack{suffix}\"")),
            "{suffix}"
        );
    }
    let none = fetch(
        &serving,
        "/boards/fictional-three-shires-board/meetings/x/pack.pdf",
    );
    assert_eq!(none.code, 404);
}

#[test]
fn an_earlier_day_gives_the_pack_of_that_day() {
    let (serving, _data) = fiction();
    let before = fetch(
        &serving,
        &format!("{MEETING}/pack.json?on=2024-11-17&since=2024-05-20"),
    );
    let data: serde_json::Value = serde_json::from_slice(&before.bytes).unwrap();
    assert_eq!(data["inForceOn"], "2024-11-17");
    assert_eq!(data["since"], "2024-05-20");
    let wrong = fetch(&serving, &format!("{MEETING}/pack.json?since=yesterday"));
    assert_eq!(wrong.code, 400);
}

#[test]
fn calendars_have_each_meeting_once_and_their_pages_lead_to_them() {
    let (serving, _data) = fiction();
    let paths = [
        "/boards/fictional-three-shires-board",
        "/bodies/fictional-eastvale-pcc",
    ];
    for path in paths {
        let page = String::from_utf8(fetch(&serving, path).bytes).unwrap();
        let link = format!("type=\"text/calendar\" href=\"{path}/calendar.ics\"");
        assert!(page.contains(&link), "{path}");
        let served = fetch(&serving, &format!("{path}/calendar.ics"));
        assert_eq!(
            served.headers["content-type"],
            "text/calendar; charset=utf-8"
        );
        let file = String::from_utf8(served.bytes).unwrap();
        assert!(
            file.split("\r\n")
                .all(|line| line.len() <= 75 && !line.contains('\n'))
        );
        for day in ["20240520", "20240617", "20241118", "20250616", "20260401"] {
            let line = format!("DTSTART;VALUE=DATE:{day}\r\n");
            assert_eq!(file.matches(&line).count(), 1, "{path} {day}: {file}");
        }
        let again = fetch(&serving, &format!("{path}/calendar.ics"));
        assert_eq!(
            file.as_bytes(),
            again.bytes,
            "unchanged while nothing is recorded"
        );
        read_by_python("icalendar", CALENDAR_SCRIPT, &file);
    }
    assert_eq!(fetch(&serving, "/boards/nobody/calendar.ics").code, 404);
}

const CALENDAR_SCRIPT: &str = "
import sys, icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
events = calendar.walk('VEVENT')
assert len(events) >= 5, len(events)
assert len({str(e['UID']) for e in events}) == len(events)
for e in events:
    assert e['DTSTART'].dt.isoformat() and e['DTSTAMP'].dt.utcoffset() is not None
print('read', len(events))
";

#[test]
fn decisions_are_a_feed() {
    let (serving, _data) = fiction();
    let served = fetch(&serving, "/decisions.atom");
    let media = &served.headers["content-type"];
    assert_eq!(media, "application/atom+xml; charset=utf-8");
    let feed = String::from_utf8(served.bytes).unwrap();
    assert!(
        feed.contains("Kennels from the laboratory budget"),
        "{feed}"
    );
    let page = String::from_utf8(fetch(&serving, "/decisions").bytes).unwrap();
    assert!(page.contains("type=\"application/atom+xml\" href=\"/decisions.atom\""));
    read_by_python("feedparser", FEED_SCRIPT, &feed);
}

const FEED_SCRIPT: &str = "
import sys, feedparser
feed = feedparser.parse(sys.stdin.buffer.read())
assert not feed.bozo, feed.bozo_exception
assert feed.version == 'atom10', feed.version
assert len(feed.entries) >= 3, len(feed.entries)
days = [e.updated_parsed for e in feed.entries]
assert days == sorted(days, reverse=True)
assert all(e.id and e.title and e.link for e in feed.entries)
print('read', len(feed.entries))
";

/// Has a package of Python read a file, or says plainly that it is not here.
fn read_by_python(package: &str, script: &str, file: &str) {
    use std::io::Write as _;
    use std::process::Stdio;
    let import = format!("import {package}");
    let is_here = Command::new("python3").args(["-c", &import]).output();
    if !is_here.is_ok_and(|output| output.status.success()) {
        println!("NOT RUN: Python has no package {package}; tests/requirements.txt names it");
        return;
    }
    let mut child = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(file.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{package}: {errors}\n{file}");
}
