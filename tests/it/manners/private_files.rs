//! The store is its owner's alone, whatever the umask.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::{QUIET, Started};
use crate::grpc::test_server::registered;
use crate::program::program;

/// Every path below a folder, and itself, with the permissions of others.
fn open_to_others(path: &Path, found: &mut Vec<String>) {
    let metadata = fs::symlink_metadata(path).expect("metadata");
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        found.push(format!("{mode:o} {}", path.display()));
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            open_to_others(&entry.expect("an entry").path(), found);
        }
    }
}

#[track_caller]
fn is_private(data: &Path) {
    let mut found = Vec::new();
    open_to_others(data, &mut found);
    assert_eq!(found, Vec::<String>::new());
}

/// A server under a umask that takes nothing away.
fn started(data: &Path) -> Started {
    let front = ["sh", "-c", "umask 000; exec \"$@\"", "sh"];
    let arguments = [
        "--listen",
        "0",
        "--snapshot-every",
        "1",
        "--checkpoint-every",
        "1",
    ];
    Started::behind(&front, data, &[&arguments, &QUIET[..]].concat())
}

#[test]
fn a_store_is_its_owners_alone_whatever_the_umask() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("register");
    let server = started(&data);
    let file = dir.path().join("one.json");
    let one = crate::given::append(1, &[registered("private")]);
    fs::write(&file, minutebook::wire::json::to_string(&one)).expect("written");
    let recorded = program()
        .args(["record", "--server", &server.url()])
        .arg(&file)
        .output()
        .expect("the program");
    assert!(recorded.status.success());
    let signed = program()
        .args([
            "audit",
            "checkpoint",
            "--covering",
            "1",
            "--server",
            &server.url(),
        ])
        .output()
        .expect("the program");
    assert!(signed.status.success());
    is_private(&data);
    assert_eq!(server.stop().0, Some(0));
    is_private(&data);

    // A store that an older version, or a backup, left open to all.
    let open = "chmod a+rx . sled; chmod a+rw minutebook.* sled/db sled/conf";
    let mut opened = Command::new("sh");
    opened.args(["-c", open]).current_dir(&data);
    assert!(opened.status().expect("sh").success());
    let server = started(&data);
    is_private(&data);
    cannot_be_held_by_another_user(dir.path(), &data);
    assert_eq!(server.stop().0, Some(0));
}

/// Nobody else can open a file of the store, and so nobody else can lock it.
fn cannot_be_held_by_another_user(above: &Path, data: &Path) {
    let may_be_others = Command::new("setpriv")
        .args(["--reuid=65534", "--clear-groups", "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !may_be_others {
        eprintln!("NOT RUN: setpriv cannot act as another user here");
        return;
    }
    fs::set_permissions(above, fs::Permissions::from_mode(0o755)).expect("set");
    for file in ["minutebook.lock", "sled/db"] {
        let locked = Command::new("setpriv")
            .args(["--reuid=65534", "--clear-groups", "flock", "--nonblock"])
            .arg(data.join(file))
            .arg("true")
            .output()
            .expect("flock");
        let why = String::from_utf8_lossy(&locked.stderr).into_owned();
        assert!(why.contains("Permission denied"), "{file}: {why}");
    }
}
