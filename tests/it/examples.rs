//! The examples, each run against a server as a reader would run it.
//!
//! Python and Node need packages that cargo does not install. Where they are
//! missing, the test passes and reports on standard error what did not run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::power_cut::not_run;
use crate::program::{Serving, register};

/// The time limit for an example, and for cargo to build it on a busy machine.
const RUN_MAX: Duration = Duration::from_secs(300);

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The reason why `command` cannot run here, if there is one.
fn obstacle(command: &mut Command) -> Option<String> {
    match command.output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            let line = errors.lines().find(|line| line.contains("Error"));
            Some(line.unwrap_or(&errors).trim().to_owned())
        }
        Err(error) => Some(format!("{:?}: {error}", command.get_program())),
    }
}

/// Demands the steps that every example prints, in order.
#[track_caller]
fn assert_every_step(output: &Output) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");
    let mut lines = stdout.lines();
    for step in [
        "Recorded at position ",
        "Sent again: already recorded at position ",
        "Read back: Example Council.",
        "As at 31 March 2013: ",
        "Following: caught up to position ",
        "Following: entry ",
        "  field events[0].subject: ",
        "  reason UNKNOWN_BODY (minutebook.v1):",
        "  rule UNKNOWN_BODY: ",
        "  reason STALE_REVISION (minutebook.v1):",
    ] {
        let found = lines.any(|line| line.starts_with(step));
        assert!(found, "{step:?} does not follow in:\n{stdout}{stderr}");
    }
}

/// An unexpected answer must end an example with exit code 1: here, there is no
/// server at all.
#[track_caller]
fn assert_fails_without_a_server(command: &mut Command) {
    // Nothing listens on port 1.
    let output = command.arg("http://127.0.0.1:1").output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "it recorded nothing");
}

/// Runs an example against a server. If it does not end, it is killed, and its
/// output shows how far it came.
fn run(command: &mut Command, serving: &Serving) -> Output {
    let mut child = command
        .arg(&serving.url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let begun = Instant::now();
    while child.try_wait().expect("its state").is_none() && begun.elapsed() < RUN_MAX {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    child.wait_with_output().expect("its end")
}

/// The example, built like this test. `cargo test` has already built it, unless
/// only this test was selected.
fn rust() -> Command {
    let test = std::env::current_exe().expect("this test");
    let target = test.ancestors().nth(3).expect("target/debug/deps/it");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--locked", "--example", "client"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.arg("--");
    command
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.arg(examples().join("python/client.py"));
    command
}

fn node() -> Command {
    let mut command = Command::new("node");
    command.arg(examples().join("node/client.js"));
    command
}

#[test]
fn the_example_in_rust_runs() {
    let (serving, _dir) = register();
    assert_every_step(&run(&mut rust(), &serving));
    assert_fails_without_a_server(&mut rust());
}

#[test]
fn the_example_in_python_runs() {
    let imports = "import grpc_tools.protoc, grpc_status.rpc_status";
    if let Some(why) = obstacle(Command::new("python3").args(["-c", imports])) {
        return not_run("the example in Python", &why);
    }
    let (serving, _dir) = register();
    assert_every_step(&run(&mut python(), &serving));
    assert_fails_without_a_server(&mut python());
}

#[test]
fn the_example_in_node_runs() {
    let requires = "require('@grpc/grpc-js'); require('@grpc/proto-loader'); require('protobufjs')";
    let mut modules = Command::new("node");
    modules
        .args(["-e", requires])
        .current_dir(examples().join("node"));
    if let Some(why) = obstacle(&mut modules) {
        return not_run("the example in Node", &why);
    }
    let (serving, _dir) = register();
    assert_every_step(&run(&mut node(), &serving));
    assert_fails_without_a_server(&mut node());
}
