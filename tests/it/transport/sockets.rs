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

#[test]
fn a_mandate_is_granted_to_a_user_of_a_socket() {
    let dir = tempfile::tempdir().expect("a directory");
    let (data, socket) = (dir.path().join("register"), dir.path().join("m.sock"));
    let server = on(&data, &socket, &[]).expect("it starts");
    let whoami = |server: &Serving| server.prints(&["whoami"]);
    let open = whoami(&server);
    assert!(open.contains("nobody is asked"), "{open}");
    server.prints(&["record", "books/bch-2018.json"]);
    stop(server);

    let user = rustix::process::getuid().as_raw().to_string();
    let keeper = [
        "keeper",
        "--issuer",
        "unix",
        "--client",
        &user,
        "--data",
        text(&data),
    ];
    assert!(run(&keeper).status.success());
    let server = on(&data, &socket, &[]).expect("it starts");
    let kept = whoami(&server);
    for part in ["signed in", "client", "unix", "Keeper of the"] {
        assert!(kept.contains(part), "{part}: {kept}");
    }
    let file = |name: &str, event: serde_json::Value| {
        let request = serde_json::json!({
            "requestId": uuid::Uuid::now_v7().to_string(), "events": [event],
        });
        let path = dir.path().join(name);
        fs::write(&path, request.to_string()).expect("written");
        path
    };
    let alias = file(
        "alias.json",
        crate::given::event(
            "collaborations/bch",
            "2026-01-01",
            "aliasAdded",
            serde_json::json!({ "alias": "Three forces" }),
        ),
    );
    let refused = server.run(&["record", text(&alias)]);
    crate::program::fails(&refused, 1, "[NOT_MANDATED]");
    // The group of the user is a holder, too.
    let group = rustix::process::getgid().as_raw().to_string();
    let grant = file(
        "grant.json",
        crate::given::event(
            "register",
            "",
            "mandateGranted",
            serde_json::json!({
                "mandateId": "local", "holder": { "issuer": "unix", "group": group },
                "role": "MANDATE_ROLE_REGISTRAR", "recordedAs": "Local registrar",
                "wholeRegister": true,
            }),
        ),
    );
    server.record(&[grant]);
    server.record(&[alias]);
    stop(server);

    // By an address, nobody knows who calls.
    let server = Serving::on(&data);
    let address = whoami(&server);
    assert!(
        address.contains("only those who have signed in can record"),
        "{address}"
    );
}
