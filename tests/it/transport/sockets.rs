//! Unix sockets: who may connect, and whose file it is.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::SOON;
use crate::program::{Serving, run, text};

fn on(data: &Path, socket: &Path, more: &[&str]) -> Result<Serving, String> {
    let listen = format!("unix:{}", text(socket));
    Serving::try_with(data, &[&["--listen", &listen][..], more].concat())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// Asks the server to stop, and waits until it has.
fn stop(mut serving: Serving) {
    let process = i32::try_from(serving.child.id()).expect("a process");
    let process = rustix::process::Pid::from_raw(process).expect("a process");
    rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("sent");
    let began = Instant::now();
    while serving.child.try_wait().expect("its state").is_none() {
        assert!(began.elapsed() < SOON, "it does not stop");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_socket_serves_the_users_that_its_mode_names() {
    let dir = tempfile::tempdir().expect("a directory");
    let (data, socket) = (dir.path().join("register"), dir.path().join("m.sock"));
    let server = on(&data, &socket, &[]).expect("it starts");
    assert_eq!(server.url, format!("unix:{}", text(&socket)));
    assert_eq!(mode(&socket), 0o600);
    server.prints(&["record", "books/bch-2018.json"]);
    assert!(server.prints(&["show", "collaborations"]).contains("bch"));

    // A live one is not replaced, and neither is any other file.
    let other = dir.path().join("other");
    let refused = on(&other, &socket, &[]).map(|_| ()).unwrap_err();
    assert!(
        refused.contains("another server listens there"),
        "{refused}"
    );
    server.prints(&["show", "bodies"]);
    let file = dir.path().join("notes.txt");
    fs::write(&file, "notes").expect("written");
    let refused = on(&other, &file, &[]).map(|_| ()).unwrap_err();
    assert!(refused.contains("is no socket"), "{refused}");
    assert_eq!(fs::read_to_string(&file).expect("still there"), "notes");
    assert!(!other.exists(), "no store is left behind");

    // A killed server leaves its file, and the next one takes its place.
    drop(server);
    assert!(fs::metadata(&socket).expect("left").file_type().is_socket());
    let server = on(&data, &socket, &["--socket-mode", "0660"]).expect("it starts");
    assert_eq!(mode(&socket), 0o660);
    server.prints(&["show", "bodies"]);
    stop(server);
    assert!(!socket.exists(), "it goes with its server");
    let left: Vec<_> = fs::read_dir(dir.path())
        .expect("a folder")
        .flatten()
        .collect();
    let hidden = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".mb");
    assert!(!left.iter().any(hidden), "nothing else is left");

    let gone = format!("unix:{}", text(&socket));
    let output = run(&["show", "bodies", "--server", &gone]);
    crate::program::fails(&output, 3, &gone);
}
