//! The reason codes of statuses that no rule at the door gives.
//!
//! The codes of the rules are in [`Fault`](minutebook_domain::fault::Fault).

use tonic::Code;

macro_rules! reasons {
    ($($Reason:ident = $name:literal, $Code:ident, [$($fact:literal),*], $meaning:literal;)*) => {
        /// Why a call was not answered, other than by a rule at the door.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $($Reason,)*
        }

        impl Reason {
            pub const ALL: &'static [Self] = &[$(Self::$Reason),*];

            /// The reason code. Codes are part of the published interface.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$Reason => $name,)*
                }
            }

            /// The gRPC code. [`Reason::Transport`] keeps the transport's own code
            /// where it has one.
            pub const fn code(self) -> Code {
                match self {
                    $(Self::$Reason => Code::$Code,)*
                }
            }

            /// The names of its facts; a status may lack one that is not known.
            pub const fn facts(self) -> &'static [&'static str] {
                match self {
                    $(Self::$Reason => &[$($fact),*],)*
                }
            }

            /// When it is given, and how to go on.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$Reason => $meaning,)*
                }
            }
        }
    };
}

reasons! {
    InvalidFields = "INVALID_FIELDS", InvalidArgument, ["field"],
        "Fields of the request cannot be read, or do not fit together. `BadRequest` names each of them and says what is wrong. Correct them all and send the request again.";
    NotAMessage = "NOT_A_MESSAGE", InvalidArgument, [],
        "The bytes that were sent are not the protobuf message that this method takes. Build the client from the files in `proto/`.";
    MalformedMessage = "MALFORMED_MESSAGE", InvalidArgument, [],
        "The transport could not decode the message. Check how the client frames and compresses messages.";
    PageTokenMismatch = "PAGE_TOKEN_MISMATCH", InvalidArgument, [],
        "The page token is not one of this server, or belongs to another question. Send `next_page_token` as it came with the same question, or leave it out.";
    OtherLog = "OTHER_LOG", FailedPrecondition, ["position"],
        "The page token or the subscription is of another log: up to `position`, that log had other entries or another name than this one. The server was restored from an older archive, or is another register. Ask for the first page, or follow from the start, and compare with what you have.";
    NoSuchProof = "NO_SUCH_PROOF", InvalidArgument, [],
        "No proof exists between the sizes or for the entry that was asked for. Check the numbers against a checkpoint.";
    MessageTooLarge = "MESSAGE_TOO_LARGE", ResourceExhausted, [],
        "The message is larger than the server accepts. Send several smaller requests.";
    AnswerTooLarge = "ANSWER_TOO_LARGE", OutOfRange, ["answer_bytes", "answer_bytes_max"],
        "The answer is larger than the client accepts: 4 MiB, unless it sends another limit in the metadata `minutebook-answer-bytes-max`. Ask for less, or raise the limit of the client for answers and send it. A stream ends here; what came before is valid.";
    OriginNotAllowed = "ORIGIN_NOT_ALLOWED", PermissionDenied, ["origin"],
        "The call comes from a web page that may not call this server. The operator allows the pages of an origin with `serve --web-origin`.";
    HostNotAllowed = "HOST_NOT_ALLOWED", PermissionDenied, ["host"],
        "The call was made over HTTP/1 on the server's own machine, and to a name that is not the machine's own. Call `localhost` or the address. Behind a proxy, the operator adds the name with `serve --web-host`.";
    SignInRequired = "SIGN_IN_REQUIRED", Unauthenticated, [],
        "The call has no token, and this register answers only those who have signed in. Run `minutebook login`, or send an access token as `authorization: Bearer TOKEN`; `GetSignIn` of `CallerService` says where to get one.";
    TokenInvalid = "TOKEN_INVALID", Unauthenticated, ["failed_check"],
        "The token fails the check in `failed_check`, such as `expired`, `audience`, `issuer` or `signature`. Sign in again; if that does not help, the message says what the operator of the provider or of the register has to set.";
    SignInUnavailable = "SIGN_IN_UNAVAILABLE", Unavailable, ["issuer"],
        "The server cannot check the token: the keys of its issuer cannot be had, or the server cannot store its key of pseudonyms. Nothing was done. Send the same request again after the delay in `RetryInfo`.";
    ReadingNotMandated = "READING_NOT_MANDATED", PermissionDenied, [],
        "The register has a keeper, and no mandate of the caller covers what was asked for: any reading needs one that is in force, and an export one as auditor. `whoami` shows by which group, client or certificate a keeper can grant it.";
    TooManyFailedSignIns = "TOO_MANY_FAILED_SIGN_INS", ResourceExhausted, [],
        "The token signs nobody in, and more than 30 sign-ins from this address failed within a minute. Send no more such tokens until the delay in `RetryInfo` is over. A valid token is answered at any time.";
    TooManyDenials = "TOO_MANY_DENIALS", ResourceExhausted, [],
        "The caller was denied 60 times within a minute in this method. Nothing was done. Wait for the delay in `RetryInfo`, and ask a keeper for the mandate that is missing. Other methods are answered.";
    AuditorsOnly = "AUDITORS_ONLY", PermissionDenied, [],
        "Only auditors and keepers of the register may ask this. A keeper can grant the mandate of an auditor.";
    NoSuchMethod = "NO_SUCH_METHOD", Unimplemented, [],
        "The server has no such service or method. Check the name, and that client and server have the same version of `proto/`.";

    BodyNotFound = "BODY_NOT_FOUND", NotFound, ["name"],
        "The body is not in the register, or does not exist on the day or at the position that the question is about.";
    BoardNotFound = "BOARD_NOT_FOUND", NotFound, ["name"],
        "The board is not in the register, or does not exist on the day or at the position that the question is about.";
    MeetingNotFound = "MEETING_NOT_FOUND", NotFound, ["name"],
        "The board has no such meeting on the day or at the position that the question is about.";
    CollaborationNotFound = "COLLABORATION_NOT_FOUND", NotFound, ["name"],
        "The collaboration is not in the register, or does not exist on the day or at the position that the question is about.";
    RegisterNotFound = "REGISTER_NOT_FOUND", NotFound, ["name"],
        "No entry about the register itself is known on the day or at the position that the question is about.";
    ProposalNotFound = "PROPOSAL_NOT_FOUND", NotFound, ["name"],
        "The proposal is not in the register, or was not made by the day or position that the question is about.";
    BudgetNotFound = "BUDGET_NOT_FOUND", NotFound, ["name"],
        "The subject has no such budget on the day that the question is about.";
    ContributionsNotFound = "CONTRIBUTIONS_NOT_FOUND", NotFound, ["name"],
        "The collaboration has no contributions, formula, invoices or payments for that year on the day that the question is about.";

    StaleRevision = "STALE_REVISION", Aborted,
        ["subject", "expected_revision", "actual_revision"],
        "A subject is not at the revision that the request expects: another recorder was first. Nothing was recorded. Read the entries since, then decide again.";
    RequestIdReused = "REQUEST_ID_REUSED", AlreadyExists,
        ["request_id", "position", "recorded_at"],
        "The request id was used before, by another recorder or for other events. Nothing was recorded. Send this request under a new id.";
    OutcomeUnknown = "OUTCOME_UNKNOWN", Unavailable, ["request_id"],
        "The server cannot tell whether the request was recorded. Send the same request again under the same id: it is recorded once.";
    Overtaken = "OVERTAKEN", Unavailable, [],
        "On a stream, an earlier request was sent twice at once, and this request may depend on it. Nothing of this request was recorded. Send it again, and the requests after it.";
    Overloaded = "OVERLOADED", ResourceExhausted, [],
        "Too many requests, bytes or streams are waiting. Nothing was done. Send the same request again after the delay in `RetryInfo`.";
    TooCostly = "TOO_COSTLY", ResourceExhausted, ["next_position"],
        "The answer, or the judgement of the request, takes more work than one call may do. Nothing was recorded. Ask about fewer subjects or with a smaller page; send each of several corrections in a request of its own. If `next_position` is given, go on from there.";
    DiskFull = "DISK_FULL", ResourceExhausted, ["available_bytes", "needed_bytes"],
        "The server's disk is nearly full. Nothing was recorded, and reading goes on. The operator makes space; then send the same request again.";
    ClockBehind = "CLOCK_BEHIND", Unavailable, ["last_recorded_at", "clock_at"],
        "The clock of the server is behind the last entry by more than five minutes: it was ahead when that entry was recorded, or is behind now. Nothing was recorded, and reading goes on. The operator sets the clock right, or starts the server with `--go-on-after` and the instant in `last_recorded_at`.";
    ClockStepped = "CLOCK_STEPPED", Unavailable, ["stepped_by_seconds", "clock_at"],
        "The clock of the server was moved by more than five minutes while it ran. Nothing was recorded, and reading goes on. The operator sets the clock right and restarts the server.";
    WriterStopped = "WRITER_STOPPED", Unavailable, ["stopped_by"],
        "The server records nothing until it is restarted. Nothing of this request was recorded, and reading goes on.";
    LogUnproven = "LOG_UNPROVEN", Unavailable, [],
        "The server is comparing the log with its hashes since the start, or asks its witnesses. Nothing was done. Send the same request again after the delay in `RetryInfo`.";
    LogDisputed = "LOG_DISPUTED", Unavailable, [],
        "A witness has signed another log, or a longer one, so the server records nothing. Reading goes on. The operator restores the log from its newest export.";
    ServerStopping = "SERVER_STOPPING", Unavailable, [],
        "The server is stopping. Nothing was done. Send the same request again when it is back.";

    PositionNotReached = "POSITION_NOT_REACHED", Unavailable,
        ["at_least_position", "position"],
        "The register has not reached the position that the question waits for. Check `at_least_position`, or ask again.";
    SubscriberTooSlow = "SUBSCRIBER_TOO_SLOW", ResourceExhausted, ["next_position"],
        "The client did not read the stream fast enough, and the server ended it. Go on from `next_position`.";
    ReceiptsUnread = "RECEIPTS_UNREAD", ResourceExhausted, [],
        "The client did not read the receipts of its stream fast enough, and the server ended it. Requests without a receipt may be recorded: send them again in another stream.";
    NothingSent = "NOTHING_SENT", DeadlineExceeded, [],
        "The client sent nothing on its stream for a minute, and the server ended it. Every request that was sent is answered.";
    DeadlinePassed = "DEADLINE_PASSED", DeadlineExceeded, [],
        "The deadline that the client set for its stream (`grpc-timeout`) has passed, and the server ended it. Everything sent before that holds. Set a later deadline, or none for a subscription.";

    LogDamaged = "LOG_DAMAGED", DataLoss, ["position"],
        "A stored entry is missing, altered or cannot be decoded. The operator verifies the log and restores it from a backup.";
    LogUnreadable = "LOG_UNREADABLE", Unavailable, ["position"],
        "The server could not read a stored entry from its disk. The operator finds the cause in the server's log.";
    HashesUnreadable = "HASHES_UNREADABLE", Unavailable, [],
        "The server could not read or write its stored hashes. The operator finds the cause in the server's log.";
    CheckpointNotKept = "CHECKPOINT_NOT_KEPT", Unavailable, [],
        "The server could not store the checkpoint, and so does not publish it. Ask again later.";
    Internal = "INTERNAL", Internal, [],
        "A fault in the server. The operator finds the cause in the server's log.";
    Transport = "TRANSPORT", Unknown, [],
        "The transport ended the call before it reached a service. The status has the transport's own code.";
}
