//! Appends sent as a stream, and answered in order.

use tonic::{Status, Streaming};

use crate::append_feed::AppendFeed;
use crate::book::BookFile;
use crate::client::Client;
use crate::retry::RetryPolicy;
use minutebook_grpc::wire::proto::AppendResponse;

/// The appends of books, sent one after the other without waiting for each answer.
pub struct AppendStreamSender<'a> {
    client: &'a Client,
    feed: AppendFeed,
    answered: usize,
    /// The answers of the server, while a stream is open.
    answers: Option<Streaming<AppendResponse>>,
}

impl<'a> AppendStreamSender<'a> {
    pub fn new(client: &'a Client, books: &[BookFile]) -> Self {
        Self {
            client,
            feed: AppendFeed::of(books),
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
                    let sent = self.feed.from(self.answered);
                    let opened = self.client.record().append_stream(sent).await?;
                    self.answers.insert(opened.into_inner())
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
