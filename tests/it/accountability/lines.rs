//! The access log names callers, what they rest on and why they were refused; and a flood of
//! refusals does not fill it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use minutebook::wire::proto::record_service_client::RecordServiceClient;
use serde_json::Value;
use tonic::Code;

use super::{Kept, name};
use crate::given::append;
use crate::grpc::test_server::registered;
use crate::program::program;

/// A server process whose log is in a file.
struct Logging {
    child: Child,
    port: u16,
    log: std::path::PathBuf,
}

impl Logging {
    fn of(kept: &Kept) -> Self {
        let log = kept.dir.path().join("log.json");
        let files: [(&str, &Path); 5] = [
            ("--data", &kept.data()),
            ("--tls-cert", &kept.server.certificate_file),
            ("--tls-key", &kept.server.key_file),
            ("--client-ca", &kept.ca.file),
            ("--log-format", Path::new("json")),
        ];
        let mut command = program();
        command.args(["serve", "--listen", "0"]);
        for (option, file) in files {
            command.arg(option).arg(file);
        }
        command.stdout(Stdio::piped());
        command.stderr(File::create(&log).expect("a file"));
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.split_once("https://127.0.0.1:");
        let (_, rest) = address.unwrap_or_else(|| panic!("no address in {line:?}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Self {
            child,
            port: digits.parse().expect("a port"),
            log,
        }
    }

    /// The fields of the lines of the access log.
    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.log).expect("the log");
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let of_log = |line: &Value| line["target"] == "minutebook::access";
        let lines = lines.filter(of_log);
        lines.map(|line: Value| line["fields"].clone()).collect()
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_names_the_caller_the_mandates_and_why_not() {
    let kept = Kept::granting(&[("clerk", "registrar")]).await;
    let server = Logging::of(&kept);
    let address = ([127, 0, 0, 1], server.port).into();
    let request = |tag: u128| {
        let mut request = append(tag, &[registered(&format!("body-{tag}"))]);
        request.recorded_by.clear();
        request
    };
    let clerk = kept.channel(address, "clerk", 1).await;
    let recorded = RecordServiceClient::new(clerk).append(request(2)).await;
    let position = recorded.expect("recorded").into_inner().receipts[0].position;
    let other = kept.channel(address, "other", 1).await;
    let mut other = RecordServiceClient::new(other);
    let mut refusals = 0;
    loop {
        let status = other.append(request(3)).await.expect_err("no mandate");
        refusals += 1;
        // Long enough that most lines of it have to be left out.
        if status.code() == Code::ResourceExhausted && refusals >= 300 {
            break;
        }
        assert!(refusals < 100_000);
    }

    let certified = |holder: &str| {
        let (name, issuer) = (name(holder), kept.issuer());
        format!(": certificate {name} of {issuer}")
    };
    let is_of = |line: &Value, holder: &str| {
        let caller = line["caller"].as_str();
        caller.is_some_and(|caller| caller.ends_with(&certified(holder)))
    };
    let lines = server.lines();
    let of_clerk: Vec<&Value> = lines.iter().filter(|line| is_of(line, "clerk")).collect();
    assert_eq!(of_clerk.len(), 1, "{lines:#?}");
    assert_eq!(of_clerk[0]["outcome"], "OK");
    assert_eq!(of_clerk[0]["position"], position);
    // Entry 1 sets the keeper, and entry 2 grants this.
    assert_eq!(of_clerk[0]["mandates"], "2");
    let pseudonym = of_clerk[0]["caller"].as_str().expect("text");
    let pseudonym = pseudonym.split(':').next().expect("a part");
    assert_eq!(pseudonym.len(), 32, "{pseudonym}");
    let denied = |line: &&Value| is_of(line, "other") && line["outcome"] == "PERMISSION_DENIED";
    let denied: Vec<&Value> = lines.iter().filter(denied).collect();
    assert!(!denied.is_empty(), "{lines:#?}");
    for line in denied {
        assert_eq!(line["reason"], "NOT_MANDATED");
        assert_eq!(line["mandates"], Value::Null);
    }

    // Every refusal has a line or is counted.
    let counted = async {
        loop {
            let lines = server.lines();
            let of_other = lines.iter().filter(|line| is_of(line, "other"));
            let written = of_other.count() as u64;
            let left_out = lines.iter().filter_map(|line| line["left_out"].as_u64());
            let left_out: u64 = left_out.sum();
            if written + left_out == refusals {
                assert!(left_out > 0, "{written} lines");
                return;
            }
            assert!(written + left_out < refusals, "{written} and {left_out}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let counted = tokio::time::timeout(Duration::from_secs(60), counted);
    counted.await.expect("a count");
}
