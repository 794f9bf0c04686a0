//! Denials: calls that a mandate would have had to allow. A caller who is denied again and
//! again is not answered for a while, in that method alone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use tonic::{Code, Status};

use super::failure_rates::{FailureRates, FailureTally};
use super::quota_holder::QuotaHolder;
use super::status;

/// How often a caller may be denied in one method, within [`WINDOW`].
const DENIED_MAX: u32 = 60;

const WINDOW: Duration = Duration::from_secs(60);

/// A caller, and the path of a method that the services have.
type DeniedMethod = (QuotaHolder, Arc<str>);

/// Counts the denials of each caller. Clones share the counts.
#[derive(Debug, Clone)]
pub struct Denials(Arc<DenialCounts>);

#[derive(Debug)]
struct DenialCounts {
    rates: FailureRates<DeniedMethod>,
    tally: FailureTally,
}

/// Watches the end of one call for a denial.
#[derive(Debug)]
pub struct DenialWatch {
    denials: Denials,
    call: DeniedMethod,
}

impl Default for Denials {
    fn default() -> Self {
        Self(Arc::new(DenialCounts {
            rates: FailureRates::new(DENIED_MAX, WINDOW),
            tally: FailureTally::default(),
        }))
    }
}

impl Denials {
    /// Watches a call, unless its caller was denied too often.
    pub fn watch(&self, holder: &QuotaHolder, method: &Arc<str>) -> Result<DenialWatch, Status> {
        let call = (holder.clone(), Arc::clone(method));
        match self.0.rates.too_many(&call, Instant::now()) {
            Some(left) => Err(status::too_many_denials(DENIED_MAX, left)),
            None => Ok(DenialWatch {
                denials: self.clone(),
                call,
            }),
        }
    }
}

impl DenialWatch {
    /// Looks at the headers or trailers that end the call.
    pub fn see(&self, end: &HeaderMap) {
        let code = end.get(Status::GRPC_STATUS);
        if code.is_none_or(|code| Code::from_bytes(code.as_bytes()) != Code::PermissionDenied) {
            return;
        }
        let now = Instant::now();
        let counts = &self.denials.0;
        counts.rates.note(self.call.clone(), now);
        if let Some(denials) = counts.tally.count(now) {
            let method = &*self.call.1;
            tracing::warn!(
                method,
                denials,
                "calls were denied; this is the last of them"
            );
        }
    }
}
