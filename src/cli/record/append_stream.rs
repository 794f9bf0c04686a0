//! Appends sent as a stream, and answered in order.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use crate::cli::book::BookFile;
use crate::cli::client::Client;
use crate::cli::retry::RetryPolicy;
use crate::wire::proto::{AppendRequest, AppendResponse};

/// The number of appends that wait to be sent.
const READY: usize = 16;

/// The appends of books, sent one after the other without waiting for each answer.
pub struct AppendStreamSender<'a> {
    client: &'a Client,
    appends: Arc<Vec<AppendRequest>>,
    answered: usize,
    /// The answers of the server, while a stream is open.
    answers: Option<Streaming<AppendResponse>>,
}

impl<'a> AppendStreamSender<'a> {
    pub fn new(client: &'a Client, books: &[BookFile]) -> Self {
        let appends = books.iter().flat_map(|book| book.appends.iter().cloned());
        Self {
            client,
            appends: Arc::new(appends.collect()),
            answered: 0,
            answers: None,
        }
    }

    /// The answer to the next append, or its refusal. Where the stream broke, appends
    /// without an answer are sent again: nothing is recorded twice.
    pub async fn answer(&mut self) -> Result<AppendResponse, Status> {
        let answer = RetryPolicy::default().with(async || {
            let answers = match &mut self.answers {
                Some(answers) => answers,
                None => {
                    let opened = open(self.client, &self.appends, self.answered).await?;
                    self.answers.insert(opened)
                }
            };
            let answer = match answers.message().await {
                Ok(Some(answer)) => Ok(answer),
                Ok(None) => Err(Status::unavailable(
                    "the server ended before it had answered",
                )),
                Err(status) => Err(status),
            };
            if answer.is_err() {
                self.answers = None;
            }
            answer
        });
        let answer = answer.await?;
        self.answered += 1;
        Ok(answer)
    }
}

/// Opens a stream that sends the appends from index `from` on.
async fn open(
    client: &Client,
    appends: &Arc<Vec<AppendRequest>>,
    from: usize,
) -> Result<Streaming<AppendResponse>, Status> {
    let (ready, sent) = mpsc::channel(READY);
    let appends = Arc::clone(appends);
    tokio::spawn(async move {
        for append in appends.iter().skip(from) {
            if ready.send(append.clone()).await.is_err() {
                // The stream has ended.
                return;
            }
        }
    });
    let mut client = client.record();
    let answers = client.append_stream(ReceiverStream::new(sent)).await?;
    Ok(answers.into_inner())
}
