//! A gRPC client like any other: connects, and follows pages to the end.

use std::time::Duration;

use http::Uri;
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Endpoint;
use tonic::{Request, Status};

use super::failure::Failure;
use super::observed_connection::ObservedChannel;
use super::sign_in::Server;
use super::sign_in::bearer::Bearer;
use super::unreachable::unreachable;
use minutebook_grpc::wire::answer_limit::ANSWER_BYTES_KEY;
use minutebook_grpc::wire::paged::{self, EveryPageError, PagedResponse};
use minutebook_grpc::wire::proto::audit_service_client::AuditServiceClient;
use minutebook_grpc::wire::proto::caller_service_client::CallerServiceClient;
use minutebook_grpc::wire::proto::record_service_client::RecordServiceClient;
use minutebook_grpc::wire::proto::register_service_client::RegisterServiceClient;

/// The largest page that a server gives.
pub const PAGE_SIZE: i32 = 1_000;

/// Larger answers of a server are refused.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// How long to try to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait for an answer to begin.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// A connection to a server.
#[derive(Debug, Clone)]
pub struct Client {
    channel: ObservedChannel,
    /// With the prefix of each path.
    origin: Uri,
    metadata: CallMetadata,
}

impl Client {
    /// Connects to a server, with a token if there is one for it.
    pub async fn connect(server: &Server) -> Result<Self, Failure> {
        let open = Self::open(server).await?;
        let bearer = Bearer::of(server, &open).await?;
        Ok(open.with_bearer(bearer))
    }

    /// The same connection; its calls have this token.
    pub fn with_bearer(&self, bearer: Bearer) -> Self {
        Self {
            metadata: CallMetadata { bearer },
            ..self.clone()
        }
    }

    /// Connects to a server, without a token.
    pub async fn open(server: &Server) -> Result<Self, Failure> {
        let remote = &server.remote;
        let url = remote.url()?;
        let connector = remote.connector(&url)?;
        let not_a_url = |_| Failure::Usage(format!("\"{url}\" is not the URL of a server"));
        let endpoint = Endpoint::from_shared(url.origin())
            .map_err(not_a_url)?
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .http2_keep_alive_interval(Duration::from_secs(20));
        let origin = endpoint.uri().clone();
        let end = connector.early_end();
        let connect = tower::service_fn(move |_: Uri| connector.clone().connect());
        let channel = endpoint.connect_with_connector(connect).await;
        let channel = channel.map_err(|error| unreachable(&url, &error))?;
        Ok(Self {
            channel: ObservedChannel::new(channel, end),
            origin,
            metadata: CallMetadata::default(),
        })
    }

    fn limited(&self) -> LimitedChannel {
        InterceptedService::new(self.channel.clone(), self.metadata.clone())
    }

    pub fn record(&self) -> RecordServiceClient<LimitedChannel> {
        RecordServiceClient::with_origin(self.limited(), self.origin.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub fn register(&self) -> RegisterServiceClient<LimitedChannel> {
        RegisterServiceClient::with_origin(self.limited(), self.origin.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub fn caller(&self) -> CallerServiceClient<LimitedChannel> {
        CallerServiceClient::with_origin(self.limited(), self.origin.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub fn audit(&self) -> AuditServiceClient<LimitedChannel> {
        AuditServiceClient::with_origin(self.limited(), self.origin.clone())
            .max_decoding_message_size(ANSWER_BYTES_MAX)
    }
}

/// A channel that asks for answers of up to [`ANSWER_BYTES_MAX`], as somebody who has signed
/// in.
pub type LimitedChannel = InterceptedService<ObservedChannel, CallMetadata>;

/// Sends with each call how large its answer may be, and the token of the caller.
#[derive(Debug, Clone, Default)]
pub struct CallMetadata {
    bearer: Bearer,
}

impl Interceptor for CallMetadata {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert(ANSWER_BYTES_KEY, MetadataValue::from(ANSWER_BYTES_MAX));
        self.bearer.add_to(metadata);
        Ok(request)
    }
}

/// Requests all pages and joins them into one answer with an empty token.
pub async fn every_page<P: PagedResponse>(
    fetch: impl AsyncFnMut(String) -> Result<P, Status>,
) -> Result<P, Failure> {
    let answer = paged::every_page(usize::MAX, fetch).await;
    answer.map_err(|error| match error {
        EveryPageError::Refused(status) => status.into(),
        EveryPageError::SamePage | EveryPageError::TooLong => {
            Failure::Broken("The server answers every page with the same page.".to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_grpc::wire::proto::{BoardSummary, ListBoardsResponse};

    fn page(items: usize, token: &str) -> ListBoardsResponse {
        ListBoardsResponse {
            boards: vec![BoardSummary::default(); items],
            next_page_token: token.to_owned(),
            ..Default::default()
        }
    }

    #[tokio::test]
    async fn pages_become_one_answer_with_an_empty_token() {
        let mut asked = Vec::new();
        let answer = every_page(async |token| {
            asked.push(token);
            Ok(match asked.len() {
                1 => page(2, "a"),
                2 => page(2, "b"),
                _ => page(1, ""),
            })
        })
        .await
        .unwrap();
        assert_eq!(answer.boards.len(), 5);
        assert_eq!(answer.next_page_token, "");
        assert_eq!(asked, ["", "a", "b"]);
    }

    #[tokio::test]
    async fn a_server_that_never_ends_is_not_followed_for_ever() {
        let failure = every_page(async |_| Ok(page(1, "same"))).await.unwrap_err();
        assert_eq!(failure.exit_code(), 5);
    }

    #[tokio::test]
    async fn a_wrong_url_is_wrong_usage_and_a_missing_server_is_unreachable() {
        let failure = async |url| Client::connect(&Server::private(url)).await.unwrap_err();
        for url in [
            "127.0.0.1:1",
            "http://",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:1?x",
            "http://name:secret@127.0.0.1:1",
        ] {
            let failure = failure(url).await;
            assert_eq!(failure.exit_code(), 2, "{url}");
            assert!(!failure.to_string().contains("secret"), "{failure}");
        }
        // Port 1 is never ours: nothing listens there.
        for url in [
            "http://127.0.0.1:1",
            "http://127.0.0.1:1/prefix",
            "http://[::1]:1",
            "https://127.0.0.1:1",
            "unix:/no/such/socket",
        ] {
            let failure = failure(url).await;
            assert_eq!(failure.exit_code(), 3, "{url}");
            assert!(failure.to_string().contains(url), "{failure}");
        }
    }
}
