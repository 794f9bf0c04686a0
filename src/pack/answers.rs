//! The questions that were asked for a pack, each with its answer.

use crate::question::{PackAnswer, PackQuestion, PackRequest};

/// A question and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnsweredQuestion {
    pub question: PackQuestion,
    /// None where the register has no such thing: a collaboration without a budget.
    pub answer: Option<PackAnswer>,
}

/// The answers so far, in the order in which they were asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PackAnswers {
    all: Vec<AnsweredQuestion>,
}

impl PackAnswers {
    pub fn add(&mut self, question: PackQuestion, answer: Option<PackAnswer>) {
        self.all.push(AnsweredQuestion { question, answer });
    }

    pub fn all(&self) -> &[AnsweredQuestion] {
        &self.all
    }

    /// Whether a question has been asked.
    pub fn has(&self, question: &PackQuestion) -> bool {
        self.all.iter().any(|one| one.question == *question)
    }

    /// The answer to a question; none if it was not asked, or the register has no such thing.
    pub fn get<R: PackRequest>(&self, request: &R) -> Option<&R::Response> {
        let is_asked = |one: &&AnsweredQuestion| R::of_question(&one.question) == Some(request);
        let found = self.all.iter().find(is_asked)?;
        R::of_answer(found.answer.as_ref()?)
    }
}
