//! A checkpoint's key that a program has: an HSM's tool, a vault's client, an agent.
//!
//! ```text
//! PROGRAM public-key                      writes the public key
//! PROGRAM sign       < text to be signed  writes the Ed25519 signature of that text
//! ```
//!
//! The public key is 32 bytes, raw or in base64, or a `PUBLIC KEY` in PEM or DER, as openssl
//! writes it; the signature is 64 bytes, raw or in base64. The program is not trusted: each
//! signature is verified by the public key that it gave at the start.

use std::io::{self, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::audit::key::{KeyError, VerifierKey};
use crate::audit::note::{Note, Signature};

/// How long the program may take.
pub const TIME_MAX: Duration = Duration::from_secs(10);

/// The most bytes that it may write.
const OUTPUT_BYTES_MAX: u64 = 4_096;

/// How often its end is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The beginning of an Ed25519 public key in DER (RFC 8410).
const DER_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// Why the program did not sign, or named no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyCommandError {
    #[error("the key command {program} cannot be run", program = program.display())]
    Run { program: PathBuf, source: io::Error },
    #[error(
        "the key command {program} did not end within {limit:?}, and was stopped",
        program = program.display()
    )]
    Slow { program: PathBuf, limit: Duration },
    #[error(
        "the key command {program} failed ({status}): {said}", program = program.display()
    )]
    Failed {
        program: PathBuf,
        status: ExitStatus,
        said: String,
    },
    #[error(
        "the key command {program} wrote no {wanted}: it must write {form}",
        program = program.display()
    )]
    Output {
        program: PathBuf,
        wanted: &'static str,
        form: &'static str,
    },
    /// It signed something else, or with another key.
    #[error(
        "the key command {program} wrote a signature that {key} does not verify: nothing was signed",
        program = program.display()
    )]
    WrongSignature { program: PathBuf, key: String },
    #[error("{name:?} cannot name a register")]
    Name { name: String, source: KeyError },
}

/// A key that a program has.
#[derive(Debug, Clone)]
pub struct KeyCommand {
    program: PathBuf,
    verifier: VerifierKey,
    limit: Duration,
}

impl KeyCommand {
    /// Asks the program for its public key. `name` is the name of the register. Blocks.
    pub fn open(program: &Path, name: &str) -> Result<Self, KeyCommandError> {
        Self::within(program, name, TIME_MAX)
    }

    fn within(program: &Path, name: &str, limit: Duration) -> Result<Self, KeyCommandError> {
        let output = run(program, "public-key", b"", limit)?;
        let public = public_key(&output).ok_or_else(|| KeyCommandError::Output {
            program: program.to_owned(),
            wanted: "Ed25519 public key",
            form: "32 bytes, raw or in base64, or a PUBLIC KEY in PEM or DER",
        })?;
        let verifier = VerifierKey::new(name, public).map_err(|source| KeyCommandError::Name {
            name: name.to_owned(),
            source,
        })?;
        Ok(Self {
            program: program.to_owned(),
            verifier,
            limit,
        })
    }

    /// The key by which its signatures are verified.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Adds its signature to a note, once that is verified. Blocks.
    pub fn sign(&self, note: &mut Note) -> Result<(), KeyCommandError> {
        let output = run(&self.program, "sign", note.text().as_bytes(), self.limit)?;
        let bytes = fixed::<64>(&output).ok_or_else(|| KeyCommandError::Output {
            program: self.program.clone(),
            wanted: "signature",
            form: "64 bytes, raw or in base64",
        })?;
        let mut signed = Note::new(note.text().to_owned());
        let signature = Signature {
            name: self.verifier.name().to_owned(),
            key: self.verifier.id(),
            bytes: bytes.to_vec(),
        };
        signed.add(signature.clone());
        if signed.verify(&self.verifier).is_err() {
            return Err(KeyCommandError::WrongSignature {
                program: self.program.clone(),
                key: self.verifier.to_string(),
            });
        }
        note.add(signature);
        Ok(())
    }
}

/// So many bytes, raw or in base64.
fn fixed<const N: usize>(output: &[u8]) -> Option<[u8; N]> {
    if let Ok(raw) = output.try_into() {
        return Some(raw);
    }
    let text: String = std::str::from_utf8(output)
        .ok()?
        .split_whitespace()
        .collect();
    STANDARD.decode(text).ok()?.try_into().ok()
}

fn public_key(output: &[u8]) -> Option<[u8; 32]> {
    let of_der = |der: &[u8]| der.strip_prefix(&DER_PREFIX)?.try_into().ok();
    if let Some(raw) = fixed::<32>(output).or_else(|| of_der(output)) {
        return Some(raw);
    }
    let text = std::str::from_utf8(output).ok()?;
    let (_, rest) = text.split_once("-----BEGIN PUBLIC KEY-----")?;
    let (inside, _) = rest.split_once("-----END PUBLIC KEY-----")?;
    let inside: String = inside.split_whitespace().collect();
    of_der(&STANDARD.decode(inside).ok()?)
}

/// Runs the program, without a shell, and returns what it wrote.
fn run(
    program: &Path,
    argument: &str,
    input: &[u8],
    limit: Duration,
) -> Result<Vec<u8>, KeyCommandError> {
    let failed = |source| KeyCommandError::Run {
        program: program.to_owned(),
        source,
    };
    let mut child = Command::new(program)
        .arg(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own, so that what it has started is stopped with it.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let (written, output) = mpsc::channel();
    let (said, errors) = mpsc::channel();
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_vec();
        // One that does not read its input says so by its signature.
        std::thread::spawn(move || drop(stdin.write_all(&input)));
    }
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || written.send(read(stdout)));
    }
    if let Some(stderr) = child.stderr.take() {
        std::thread::spawn(move || said.send(read(stderr)));
    }
    let ends = Instant::now() + limit;
    let slow = || KeyCommandError::Slow {
        program: program.to_owned(),
        limit,
    };
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if Instant::now() >= ends {
            stop(&mut child);
            return Err(slow());
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let left = || ends.saturating_duration_since(Instant::now());
    if !status.success() {
        let said = errors.recv_timeout(left()).unwrap_or_default();
        return Err(KeyCommandError::Failed {
            program: program.to_owned(),
            status,
            said: in_one_line(&said),
        });
    }
    // Something that it started may still hold its output open.
    output.recv_timeout(left()).map_err(|_| slow())
}

fn read(from: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A part that could not be read is missing, which the length shows.
    let _ = from.take(OUTPUT_BYTES_MAX).read_to_end(&mut bytes);
    bytes
}

fn stop(child: &mut Child) {
    let group = i32::try_from(child.id()).ok();
    if let Some(group) = group.and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The program's own words, for a log: short, and without control characters.
fn in_one_line(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let words: Vec<&str> = said.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(300).collect();
    match line.is_empty() {
        true => "it says nothing".to_owned(),
        false => line.chars().filter(|c| !c.is_control()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::PermissionsExt as _;

    use crate::audit::key::SigningKey;

    /// A program of these lines of shell.
    fn script(lines: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("signer");
        std::fs::write(&program, format!("#!/bin/sh\n{lines}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        (folder, program)
    }

    fn opened(lines: &str) -> Result<KeyCommand, KeyCommandError> {
        let (_folder, program) = script(lines);
        KeyCommand::within(&program, "register", Duration::from_millis(500))
    }

    fn key() -> SigningKey {
        SigningKey::new("register", [7; 32]).unwrap()
    }

    fn public() -> String {
        STANDARD.encode(key().verifier().public_key_bytes())
    }

    #[test]
    fn a_public_key_is_read_in_each_form() {
        let raw = *key().verifier().public_key_bytes();
        let der = [&DER_PREFIX[..], &raw].concat();
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(&der)
        );
        let base64 = format!("{}\n", public());
        for form in [&raw[..], &der, pem.as_bytes(), base64.as_bytes()] {
            assert_eq!(public_key(form), Some(raw));
        }
        assert_eq!(public_key(b"ssh-ed25519 AAAA"), None);
    }

    #[test]
    fn a_program_that_fails_is_slow_or_says_nothing_names_no_key() {
        let missing = KeyCommand::open(Path::new("/no/such/program"), "register");
        assert!(matches!(missing, Err(KeyCommandError::Run { .. })));
        let failed = opened("echo 'no token in slot 0' >&2; exit 3").unwrap_err();
        assert!(
            failed.to_string().contains("no token in slot 0"),
            "{failed}"
        );
        let slow = opened("sleep 60").unwrap_err();
        assert!(matches!(slow, KeyCommandError::Slow { .. }), "{slow}");
        // It ends, and leaves something behind that holds its output.
        let left = opened("sleep 60 & exit 0").unwrap_err();
        assert!(matches!(left, KeyCommandError::Slow { .. }), "{left}");
        let silent = opened("exit 0").unwrap_err();
        assert!(matches!(silent, KeyCommandError::Output { .. }), "{silent}");
    }

    #[test]
    fn a_signature_counts_only_if_the_key_verifies_it() {
        let text = "register\n1\nroot\n";
        let mut good = Note::new(text.to_owned());
        good.sign(&key());
        let other = SigningKey::new("register", [8; 32]).unwrap();
        let mut lie = Note::new(text.to_owned());
        lie.sign(&other);
        let sign = |bytes: &[u8]| {
            let lines = format!(
                "case $1 in public-key) echo {} ;; sign) cat >/dev/null; echo {} ;; esac",
                public(),
                STANDARD.encode(bytes)
            );
            let (_folder, program) = script(&lines);
            let command = KeyCommand::open(&program, "register").unwrap();
            let mut note = Note::new(text.to_owned());
            command.sign(&mut note).map(|()| note)
        };
        assert_eq!(sign(&good.signatures()[0].bytes).unwrap(), good);
        let refused = sign(&lie.signatures()[0].bytes).unwrap_err();
        assert!(
            matches!(refused, KeyCommandError::WrongSignature { .. }),
            "{refused}"
        );
        assert!(matches!(
            sign(&[1; 63]),
            Err(KeyCommandError::Output { .. })
        ));
    }
}
