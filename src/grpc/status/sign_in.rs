//! Calls whose caller is not known, has failed too often, or has not the role.

use std::time::Duration;

use tonic::Status;

use super::builder::StatusBuilder;
use super::{RETRY_LATER, RETRY_SOON, Reason};
use minutebook_kernel::error_chain::describe_chain;
use minutebook_kernel::sign_in::SignInError;

/// A call without a token, where sign-in is required.
pub fn sign_in_required() -> Status {
    StatusBuilder::new(
        Reason::SignInRequired,
        "this register answers only those who have signed in: run \"minutebook login\", or send an \
         access token as authorization: Bearer TOKEN; CallerService.GetSignIn says where to get one",
    )
    .status()
}

/// Metadata from which no token can be read.
pub fn bad_authorization(why: &str) -> Status {
    StatusBuilder::new(
        Reason::TokenInvalid,
        format!("authorization: {why}; send one access token as Bearer TOKEN"),
    )
    .fact("failed_check", "metadata")
    .status()
}

/// The token by which a stream was opened has expired.
pub fn token_expired() -> Status {
    StatusBuilder::new(
        Reason::TokenInvalid,
        "the token has expired by which this stream was opened, and the stream is ended: get a \
         new token (\"minutebook login\"), and open the stream again",
    )
    .fact("failed_check", "expired")
    .status()
}

/// The certificate by which a stream was opened counts no longer.
pub fn certificate_lapsed() -> Status {
    StatusBuilder::new(
        Reason::SignInRequired,
        "the client certificate by which this stream was opened has expired, or was revoked, and \
         the stream is ended: connect with one that is valid, and open the stream again",
    )
    .status()
}

/// A token that does not sign its sender in.
pub fn sign_in(error: &SignInError) -> Status {
    match error {
        SignInError::Token(error) => StatusBuilder::new(
            Reason::TokenInvalid,
            format!(
                "the token does not sign you in: {error}. To sign in, run \"minutebook login\""
            ),
        )
        .fact("failed_check", error.check())
        .status(),
        SignInError::NoKeys { issuer } => {
            let mut answer = StatusBuilder::new(
                Reason::SignInUnavailable,
                format!(
                    "no token of {issuer} can be verified, because its keys cannot be had: nothing \
                     was done; send the same again later"
                ),
            )
            .fact("issuer", issuer);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        SignInError::Pseudonyms(_) => {
            tracing::error!(error = %describe_chain(error), "nobody can sign in");
            let mut answer = StatusBuilder::new(
                Reason::SignInUnavailable,
                "the server cannot store its key of pseudonyms, so no person can sign in: its \
                 operator finds the cause in its log",
            );
            answer.details.set_retry_info(Some(RETRY_SOON));
            answer.status()
        }
    }
}

/// A token that does not sign its sender in, after many such tokens from the same address.
pub fn too_many_failed_sign_ins(max: u32, left: Duration) -> Status {
    let mut answer = StatusBuilder::new(
        Reason::TooManyFailedSignIns,
        format!(
            "the token does not sign you in, and more than {max} sign-ins from your address failed \
             within a minute: send no more such tokens for {} seconds. A token that is valid is \
             answered at any time; to get one, run \"minutebook login\"",
            seconds(left)
        ),
    );
    answer.details.set_retry_info(Some(left));
    answer.status()
}

/// A call to a method in which its caller was denied many times.
pub fn too_many_denials(max: u32, left: Duration) -> Status {
    let mut answer = StatusBuilder::new(
        Reason::TooManyDenials,
        format!(
            "you were denied {max} times within a minute in this method: nothing was done; wait {} \
             seconds, and ask a keeper of the register for the mandate that you need. Other \
             methods are answered",
            seconds(left)
        ),
    );
    answer.details.set_retry_info(Some(left));
    answer.status()
}

/// A question that only auditors and keepers of the register may ask.
pub fn auditors_only() -> Status {
    StatusBuilder::new(
        Reason::AuditorsOnly,
        "only auditors and keepers of this register may ask who has read it: a keeper can grant \
         you the mandate of an auditor (mandate_granted)",
    )
    .status()
}

/// A duration in whole seconds, not less than it is.
const fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + 1
}
