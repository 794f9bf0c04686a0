//! The page of this program at which a sign-in in a browser ends (RFC 8252).
//!
//! It listens on this machine only, for one sign-in. Other programs on this machine, and
//! pages in the browser, can call it too: only an answer with the state of this sign-in
//! ends the wait.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::failure::Failure;
use minutebook_kernel::sign_in::browser_answer::{BrowserAnswer, ExpectedAnswer};

/// How long to wait for the person.
const WAIT_MAX: Duration = Duration::from_secs(600);

/// How long a connection may take to send its request.
const REQUEST_MAX: Duration = Duration::from_secs(10);

/// The most bytes of a request.
const REQUEST_BYTES_MAX: usize = 16 * 1024;

/// Where the browser is sent.
const PATH: &str = "/callback";

/// The page, while it is open.
pub struct LoopbackPage {
    listener: TcpListener,
    port: u16,
}

impl LoopbackPage {
    pub async fn open() -> Result<Self, Failure> {
        let open = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = listener.local_addr()?.port();
            Ok::<_, io::Error>(Self { listener, port })
        };
        open.await.map_err(|error| {
            Failure::Broken(format!(
                "No page for the browser can be opened on this machine: {error}. Run \"minutebook \
                 login --device\"."
            ))
        })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Waits for the code.
    pub async fn code(self, expected: ExpectedAnswer) -> Result<String, Failure> {
        let (sender, mut brought) = mpsc::channel(1);
        let expected = Arc::new(expected);
        let accept = async {
            loop {
                // An error is of one connection; the next may be good.
                if let Ok((stream, _)) = self.listener.accept().await {
                    let (sender, expected) = (sender.clone(), Arc::clone(&expected));
                    tokio::spawn(async move {
                        let answered = tokio::time::timeout(REQUEST_MAX, serve(stream, &expected));
                        if let Ok(Ok(Some(end))) = answered.await {
                            let _ = sender.send(end).await;
                        }
                    });
                }
            }
        };
        tokio::select! {
            () = accept => Err(Failure::Interrupted),
            end = brought.recv() => end.unwrap_or(Err(Failure::Interrupted)),
            () = tokio::time::sleep(WAIT_MAX) => Err(Failure::Refused(format!(
                "Nobody has signed in within {} minutes. Run \"minutebook login\" again.",
                WAIT_MAX.as_secs() / 60
            ))),
        }
    }
}

/// Answers one request; the end of the sign-in, if it brings it.
async fn serve(
    mut stream: TcpStream,
    expected: &ExpectedAnswer,
) -> io::Result<Option<Result<String, Failure>>> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") && request.len() < REQUEST_BYTES_MAX {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let request = String::from_utf8_lossy(&request);
    let (status, sentence, end) = match read(request.lines().next().unwrap_or_default(), expected) {
        BrowserAnswer::Code(code) => (
            "200 OK",
            "You are signed in. Close this page.",
            Some(Ok(code)),
        ),
        BrowserAnswer::Refused(why) => (
            "200 OK",
            "You are not signed in. The terminal says why.",
            Some(Err(Failure::Refused(format!(
                "The provider did not sign you in: {why}."
            )))),
        ),
        BrowserAnswer::Nothing => ("404 Not Found", "This is no answer to a sign-in.", None),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>Minutebook</title><p>{sentence}</p></html>"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         content-security-policy: default-src 'none'\r\nreferrer-policy: no-referrer\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        page.len()
    );
    // A browser that does not read its page has brought the answer all the same.
    let _ = stream.write_all((head + &page).as_bytes()).await;
    let _ = stream.shutdown().await;
    Ok(end)
}

/// Reads the first line of a request.
fn read(line: &str, expected: &ExpectedAnswer) -> BrowserAnswer {
    let mut words = line.split(' ');
    let (Some("GET"), Some(target)) = (words.next(), words.next()) else {
        return BrowserAnswer::Nothing;
    };
    match target.split_once('?') {
        Some((PATH, query)) => BrowserAnswer::read(query, expected),
        Some(_) | None => BrowserAnswer::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(target: &str, names_issuer: bool) -> BrowserAnswer {
        let expected = ExpectedAnswer {
            state: "s 1".to_owned(),
            issuer: "https://a.example".to_owned(),
            names_issuer,
        };
        read(&format!("GET {target} HTTP/1.1"), &expected)
    }

    #[test]
    fn only_the_answer_to_this_sign_in_ends_it() {
        let good = "/callback?code=c&state=s%201&iss=https%3A%2F%2Fa.example";
        assert_eq!(brought(good, true), BrowserAnswer::Code("c".to_owned()));
        assert_eq!(
            brought("/callback?code=c&state=s+1", false),
            BrowserAnswer::Code("c".to_owned())
        );
        for other in [
            "/",
            "/favicon.ico",
            "/callback",
            "/callback?code=c",
            "/callback?code=c&state=s2",
            "/callback?code=c&state=s+1&state=s2",
            "/elsewhere?code=c&state=s+1",
        ] {
            assert_eq!(brought(other, false), BrowserAnswer::Nothing, "{other}");
        }
        for refused in [
            "/callback?error=access_denied&state=s+1",
            "/callback?state=s+1",
            "/callback?code=c&state=s+1&iss=https%3A%2F%2Fevil.example",
        ] {
            assert!(
                matches!(brought(refused, false), BrowserAnswer::Refused(_)),
                "{refused}"
            );
        }
        assert!(matches!(
            brought("/callback?code=c&state=s+1", true),
            BrowserAnswer::Refused(_)
        ));
        assert_eq!(
            read(
                "POST /callback HTTP/1.1",
                &ExpectedAnswer {
                    state: String::new(),
                    issuer: String::new(),
                    names_issuer: false,
                }
            ),
            BrowserAnswer::Nothing
        );
    }
}
