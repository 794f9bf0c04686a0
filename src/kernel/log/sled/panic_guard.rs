//! Turns panics of the storage engine into errors.
//!
//! sled asserts where it could refuse: bytes on disk that it does not expect
//! can panic in the caller, in its background threads and while it is dropped.
//! No content of a disk may take the process down, so every call into the
//! engine goes through [`panic_guard`]. A panic that was caught is returned, not
//! printed: the panic hook stays silent for guarded calls and for the engine's own
//! threads, and passes everything else on.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside a guarded call.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// How sled names the threads that write for it.
const ENGINE_THREAD: &str = "sled-io-";

/// A panic that was caught.
#[derive(Debug, thiserror::Error)]
#[error("the storage engine panicked: {message}")]
pub(super) struct EnginePanic {
    message: String,
}

/// Calls the engine; a panic comes back as an error.
///
/// After an error the engine's state is unknown: the caller must stop writing
/// through it and must not drop it (see `Store`). For that reason unwind safety can
/// be asserted here, once, for all calls.
pub(super) fn panic_guard<T>(call: impl FnOnce() -> T) -> Result<T, EnginePanic> {
    install_hook();
    let outer = GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(outer);
    outcome.map_err(|payload| EnginePanic {
        message: message(payload.as_ref()),
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "without a message".to_owned()
    }
}

/// Puts a hook before the existing one, once per process.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let other = take_hook();
        set_hook(Box::new(move |info| {
            let thread = std::thread::current();
            if GUARDED.get() {
                tracing::debug!(panic = %info, "the storage engine panicked in a guarded call");
            } else if thread.name().is_some_and(|n| n.starts_with(ENGINE_THREAD)) {
                // No caller receives this panic as an error. The append that waits
                // for the thread is found by its time limit.
                tracing::error!(panic = %info, "a thread of the storage engine panicked");
            } else {
                other(info);
            }
        }));
    });
}
