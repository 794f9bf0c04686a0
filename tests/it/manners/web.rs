//! Web pages that call from a browser: none may, unless the operator says so.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use prost::Message as _;

use super::{QUIET, Started};
use crate::grpc::test_server::body;
use crate::program::program;

/// An HTTP/1.1 request as a browser makes it; returns the answer.
fn request(address: &str, line: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let timeout = Some(Duration::from_secs(30));
    stream.set_read_timeout(timeout).expect("set");
    let mut head = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(body).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

const APPEND: &str = "POST /minutebook.v1.RecordService/Append";

fn append(address: &str, tag: u128, headers: &[(&str, &str)]) -> String {
    let message = body(tag).encode_to_vec();
    let len = u32::try_from(message.len()).expect("short");
    let framed = [&[0], &len.to_be_bytes()[..], &message].concat();
    let web = [
        ("Content-Type", "application/grpc-web+proto"),
        ("X-Grpc-Web", "1"),
    ];
    request(address, APPEND, &[headers, &web].concat(), &framed)
}

fn entries(server: &Started) -> usize {
    let history = program()
        .args(["history", "--format", "json", "--server", &server.url()])
        .output()
        .expect("the program");
    assert!(history.status.success());
    String::from_utf8_lossy(&history.stdout).lines().count()
}

#[test]
fn no_page_may_call_whatever_name_it_gives_this_machine() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("register");
    let server = Started::on(&data, &[&["--listen", "0"], &QUIET[..]].concat());
    let address = server.address.as_str();
    let port = address.rsplit(':').next().expect("a port");
    let rebound = format!("evil.example:{port}");
    let origin = format!("http://{rebound}");
    let local = format!("localhost:{port}");
    for (headers, why) in [
        // DNS rebinding: the page's own name points to this machine.
        (
            vec![("Host", rebound.as_str()), ("Origin", &origin)],
            "ORIGIN",
        ),
        (vec![("Host", rebound.as_str())], "is not called"),
        // Any other page.
        (
            vec![("Host", address), ("Origin", "https://evil.example")],
            "may not call",
        ),
        (
            vec![("Host", local.as_str()), ("Origin", "null")],
            "may not call",
        ),
    ] {
        let answer = append(address, 1, &headers);
        assert!(answer.starts_with("HTTP/1.1 403"), "{headers:?}: {answer}");
        let says = answer.replace("%20", " ");
        assert!(
            says.contains(why) || why == "ORIGIN" && says.contains("may not call"),
            "{says}"
        );
        assert!(answer.contains("grpc-status: 7"), "{answer}");
    }
    assert_eq!(entries(&server), 0);
    // Programs that speak gRPC-Web, and are no page.
    for (tag, host) in [(1, address), (2, local.as_str())] {
        let answer = append(address, tag, &[("Host", host)]);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("grpc-status:0"), "{answer}");
    }
    // A page is not given leave when it asks first, either.
    let asked = preflight(address, "https://evil.example");
    assert!(
        !asked.to_lowercase().contains("access-control-allow-origin"),
        "{asked}"
    );
    assert_eq!(entries(&server), 2);
    assert_eq!(server.stop().0, Some(0));
}

fn preflight(address: &str, origin: &str) -> String {
    let headers = [
        ("Host", address),
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type,x-grpc-web"),
    ];
    request(
        address,
        "OPTIONS /minutebook.v1.RecordService/Append",
        &headers,
        &[],
    )
}

#[test]
fn a_page_on_the_list_may_call_and_its_browser_is_told_so() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("register");
    let allow = [
        "--listen",
        "0",
        "--web-origin",
        "https://pages.example",
        "--web-host",
        "register.example",
    ];
    let server = Started::on(&data, &[&allow, &QUIET[..]].concat());
    let address = server.address.as_str();
    let page = ("Origin", "https://pages.example");
    for (tag, host) in [
        (1, address),
        (2, "register.example"),
        (3, "pages.example:443"),
    ] {
        let answer = append(address, tag, &[("Host", host), page]);
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
        let answer = answer.to_lowercase();
        assert!(answer.contains("grpc-status:0"), "{answer}");
        let allowed = "access-control-allow-origin: https://pages.example\r\n";
        assert!(answer.contains(allowed), "{answer}");
        assert!(
            answer.contains("access-control-expose-headers: grpc-status,"),
            "{answer}"
        );
    }
    let asked = preflight(address, "https://pages.example").to_lowercase();
    assert!(
        asked.contains("access-control-allow-origin: https://pages.example\r\n"),
        "{asked}"
    );
    assert!(asked.contains("x-grpc-web"), "{asked}");
    for headers in [
        [
            ("Host", address),
            ("Origin", "https://pages.example.evil.example"),
        ],
        [("Host", "evil.example"), page],
    ] {
        let answer = append(address, 4, &headers);
        assert!(answer.starts_with("HTTP/1.1 403"), "{headers:?}: {answer}");
    }
    assert_eq!(entries(&server), 3);
    let wrong = program()
        .args(["serve", "--web-origin", "pages.example"])
        .output()
        .expect("the program");
    crate::program::fails(&wrong, 2, "https://register.example.gov.uk");
    assert_eq!(server.stop().0, Some(0));
}
