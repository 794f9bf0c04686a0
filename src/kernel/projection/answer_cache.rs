//! Answers that were computed from a pinned view, for the next time that the same question
//! arrives. A view never changes, so its answers do not either.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most bytes of questions and encoded answers that one view keeps.
const BYTES_MAX: usize = 1 << 20;

/// The most bytes of one answer that is kept. A larger one is a long page, which is seldom
/// asked for twice.
const ANSWER_BYTES_MAX: usize = BYTES_MAX / 8;

/// The answers of one view, by question: the method and the request.
#[derive(Debug, Default)]
pub struct AnswerCache(Mutex<Answers>);

#[derive(Debug, Default)]
struct Answers {
    bytes: usize,
    by_question: HashMap<Vec<u8>, Arc<dyn Any + Send + Sync>>,
}

impl AnswerCache {
    /// The answer to a question, if it is kept. `T` is the answer of its method.
    pub fn get<T: Clone + Send + Sync + 'static>(&self, question: &[u8]) -> Option<T> {
        let kept = self.answers().by_question.get(question).map(Arc::clone);
        // Cloned without the lock.
        kept?.downcast_ref().cloned()
    }

    /// Keeps an answer of `bytes` bytes. If there is no room for it, those that were kept
    /// before make room.
    pub fn put<T: Send + Sync + 'static>(&self, question: Vec<u8>, answer: T, bytes: usize) {
        if bytes > ANSWER_BYTES_MAX {
            return;
        }
        let bytes = bytes + question.len();
        let mut answers = self.answers();
        if answers.bytes + bytes > BYTES_MAX {
            *answers = Answers::default();
        }
        answers.bytes += bytes;
        answers.by_question.insert(question, Arc::new(answer));
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        // Only whole answers are inserted and removed, so a panic leaves none half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_its_question_alone() {
        let cache = AnswerCache::default();
        cache.put(b"one".to_vec(), 1_u32, 4);
        cache.put(b"two".to_vec(), "2".to_owned(), 1);
        assert_eq!(cache.get(b"one"), Some(1_u32));
        assert_eq!(cache.get(b"two"), Some("2".to_owned()));
        assert_eq!(cache.get::<u32>(b"three"), None);
        assert_eq!(cache.get::<u32>(b"two"), None, "an answer of another kind");
    }

    #[test]
    fn the_answers_of_a_view_are_bounded() {
        let cache = AnswerCache::default();
        cache.put(b"large".to_vec(), 0_u32, ANSWER_BYTES_MAX + 1);
        assert_eq!(cache.get::<u32>(b"large"), None);
        for n in 0..100_u32 {
            let question = n.to_be_bytes().to_vec();
            cache.put(question.clone(), n, ANSWER_BYTES_MAX);
            assert_eq!(cache.get(&question), Some(n), "the latest is kept");
            assert!(cache.answers().bytes <= BYTES_MAX);
            assert!(cache.answers().by_question.len() < 8);
        }
    }
}
