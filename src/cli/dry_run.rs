//! Appends that the register only judges, each after those before it.

use prost::Message as _;
use tonic::codegen::Bytes;
use tonic::{Code, Status, Streaming};

use super::append_feed::AppendFeed;
use super::book::BookFile;
use super::client::Client;
use super::retry::RetryPolicy;
use minutebook_grpc::wire::proto::dry_run_response::Outcome;
use minutebook_grpc::wire::proto::{AnsweredFrom, AppendResponse, DryRunResponse, Explanation};

/// The appends of books, judged one after the other.
pub struct DryRunSender<'a> {
    client: &'a Client,
    feed: AppendFeed,
    answered: usize,
    /// The answers of the server, while a dry run is open.
    answers: Option<Streaming<DryRunResponse>>,
}

/// The judgement of one append.
pub struct JudgedAppend {
    /// The answer, or the refusal, that recording it would have.
    pub outcome: Result<AppendResponse, Status>,
    /// One for each event; none if it had been recorded before.
    pub explanations: Vec<Explanation>,
    pub answered_from: AnsweredFrom,
}

impl<'a> DryRunSender<'a> {
    pub fn new(client: &'a Client, books: &[BookFile]) -> Self {
        Self {
            client,
            feed: AppendFeed::of(books),
            answered: 0,
            answers: None,
        }
    }

    /// The judgement of the next append. Where the dry run broke off, it begins
    /// again: the register has forgotten it.
    pub async fn next(&mut self) -> Result<JudgedAppend, Status> {
        let answer = RetryPolicy::default().with(async || {
            let answer = self.read().await;
            if answer.is_err() {
                self.answers = None;
            }
            answer
        });
        let answer = answer.await?;
        self.answered += 1;
        judged(answer)
    }

    async fn read(&mut self) -> Result<DryRunResponse, Status> {
        if let Some(answers) = &mut self.answers {
            return read(answers).await;
        }
        let opened = self.client.record().dry_run(self.feed.from(0)).await?;
        let mut answers = opened.into_inner();
        for _ in 0..self.answered {
            read(&mut answers).await?;
        }
        read(self.answers.insert(answers)).await
    }
}

async fn read(answers: &mut Streaming<DryRunResponse>) -> Result<DryRunResponse, Status> {
    let answer = answers.message().await?;
    answer.ok_or_else(|| Status::unavailable("the server ended before it had answered"))
}

fn judged(answer: DryRunResponse) -> Result<JudgedAppend, Status> {
    let outcome = match answer.outcome {
        Some(Outcome::Answer(answer)) => Ok(answer),
        Some(Outcome::Refusal(refusal)) => {
            let details = Bytes::from(refusal.encode_to_vec());
            let code = Code::from_i32(refusal.code);
            Err(Status::with_details(code, refusal.message, details))
        }
        None => {
            return Err(Status::internal(
                "the server answered a dry run with nothing",
            ));
        }
    };
    Ok(JudgedAppend {
        outcome,
        explanations: answer.explanations,
        answered_from: answer.answered_from.unwrap_or_default(),
    })
}
