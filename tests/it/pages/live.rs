//! News: an open page learns of new entries, as one stream under the quotas, until the server
//! stops.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use minutebook::log::memory::MemoryMedium;

use super::get;
use crate::grpc::test_server::{TestServer, body, options};

/// A stream of news, line by line.
struct News(BufReader<TcpStream>);

impl News {
    fn of(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let request = format!("GET /news HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        Self(BufReader::new(stream))
    }

    /// The next line that begins so; nothing where the stream ends first.
    fn next(&mut self, beginning: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(rest) = line.trim_end().strip_prefix(beginning) {
                return Some(rest.to_owned());
            }
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_learns_of_each_new_entry_until_the_server_stops() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    let address: SocketAddr = server.running.address().to_string().parse().unwrap();
    let (mut news, first, media) = blocking(move || {
        let mut news = News::of(address);
        let media = news.next("content-type: ");
        let first = news.next("data: ");
        (news, first, media)
    })
    .await;
    assert_eq!(media.as_deref(), Some("text/event-stream"));
    assert_eq!(first.as_deref(), Some("1"), "at once, the last entry");
    server.record(body(2)).await;
    let (mut news, second) = blocking(move || {
        let second = news.next("data: ");
        (news, second)
    })
    .await;
    assert_eq!(second.as_deref(), Some("2"));
    let ended = tokio::task::spawn_blocking(move || news.next("data: "));
    server.running.stop().await.expect("a stop, with a reader");
    assert_eq!(ended.await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn news_count_as_streams_and_leave_the_pages_alone() {
    let mut options = options();
    options.streams_max = 2;
    let server = TestServer::on(options, &MemoryMedium::new()).await;
    let address: SocketAddr = server.running.address().to_string().parse().unwrap();
    let open = move || {
        let mut news = News::of(address);
        let status = news.next("HTTP/1.1 ");
        (news, status.unwrap())
    };
    let (first, second, third) = blocking(move || (open(), open(), open())).await;
    assert_eq!(first.1, "200 OK");
    assert_eq!(second.1, "200 OK");
    assert_eq!(third.1, "429 Too Many Requests");
    let page = blocking(move || get(&format!("http://{address}/attention"))).await;
    assert_eq!(page.code, 200, "{}", page.text);
    // A stream that its reader leaves makes room.
    drop(first);
    let again = blocking(move || {
        let mut tries = 0;
        loop {
            let (news, status) = open();
            tries += 1;
            if status == "200 OK" || tries > 200 {
                return (news, status);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    })
    .await;
    assert_eq!(again.1, "200 OK");
    drop((second, third));
}
