//! A large register of many small subjects: the books, and copies of the book of fiction
//! under other names, each with its bodies, its board, its budget and its approvals.

use std::net::SocketAddr;
use std::path::Path;

use minutebook::wire::json;
use minutebook::wire::proto::AppendRequest;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use serde_json::Value;

use crate::connect;

/// How many streams record copies at a time.
const STREAMS: usize = 16;

fn appends(book: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("books/{book}.json"));
    let text = std::fs::read_to_string(path).expect("a book");
    let book: Value = serde_json::from_str(&text).expect("JSON");
    let appends = book["appends"].as_array().expect("appends");
    appends.iter().map(Value::to_string).collect()
}

fn request(text: &str) -> AppendRequest {
    let value: Value = serde_json::from_str(text).expect("JSON");
    json::from_value(value).expect("a request")
}

/// The appends of the copy of this number. Its ids and names are its own.
fn copied(appends: &[String], number: usize) -> impl Iterator<Item = AppendRequest> + '_ {
    appends.iter().map(move |append| {
        let text = append
            .replace("01900000-0000", &format!("0190{number:04x}-0000"))
            .replace("fictional-", &format!("region-{number}-"))
            .replace("Fictional ", &format!("Region {number} "));
        request(&text)
    })
}

/// Records the books.
pub async fn record_books(address: SocketAddr) {
    let mut client = RecordServiceClient::new(connect(address).await);
    for book in [
        "bch-2018",
        "east-midlands-2020",
        "leicestershire-2013",
        "councils-2016",
        "monitoring-2004",
        "virement-walkthrough",
    ] {
        for append in appends(book) {
            client.append(request(&append)).await.expect("a book");
        }
    }
}

/// Records copies until they have at least this many entries; returns how many entries
/// they have.
pub async fn record_copies(address: SocketAddr, entries: usize) -> usize {
    let original = appends("virement-walkthrough");
    let each = original
        .iter()
        .map(|append| request(append).events.len())
        .sum::<usize>();
    let copies = entries.div_ceil(each);
    let mut tasks = Vec::new();
    for stream in 0..STREAMS {
        let original = original.clone();
        let mut client = RecordServiceClient::new(connect(address).await);
        tasks.push(tokio::spawn(async move {
            // A copy is recorded in its order; copies do not wait for one another.
            let numbers = (1..=copies).filter(|number| number % STREAMS == stream);
            let requests: Vec<AppendRequest> = numbers
                .flat_map(|number| copied(&original, number).collect::<Vec<_>>())
                .collect();
            let answers = client.append_stream(tokio_stream::iter(requests)).await;
            let mut answers = answers.expect("a stream").into_inner();
            while answers.message().await.expect("appended").is_some() {}
        }));
    }
    for task in tasks {
        task.await.expect("a recorder");
    }
    copies * each
}
