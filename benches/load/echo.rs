//! The ceiling: a service that answers the same request at once and records
//! nothing.

use std::net::SocketAddr;

use minutebook::wire::proto::record_service_server::{RecordService, RecordServiceServer};
use minutebook::wire::proto::{
    AppendRequest, AppendResponse, DryRunResponse, ExplainRequest, ExplainResponse,
    append_response::Receipt,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};

struct Answers;

#[tonic::async_trait]
impl RecordService for Answers {
    async fn append(
        &self,
        request: Request<AppendRequest>,
    ) -> Result<Response<AppendResponse>, Status> {
        let request = request.into_inner();
        let receipts = request.events.into_iter().map(|event| Receipt {
            position: 1,
            subject: event.subject,
            revision: 1,
        });
        Ok(Response::new(AppendResponse {
            request_id: request.request_id,
            receipts: receipts.collect(),
            ..AppendResponse::default()
        }))
    }

    type AppendStreamStream = tokio_stream::Empty<Result<AppendResponse, Status>>;

    async fn append_stream(
        &self,
        _requests: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::AppendStreamStream>, Status> {
        Err(Status::unimplemented("an echo takes no streams"))
    }

    async fn explain(
        &self,
        _request: Request<ExplainRequest>,
    ) -> Result<Response<ExplainResponse>, Status> {
        Err(Status::unimplemented("an echo explains nothing"))
    }

    type DryRunStream = tokio_stream::Empty<Result<DryRunResponse, Status>>;

    async fn dry_run(
        &self,
        _requests: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::DryRunStream>, Status> {
        Err(Status::unimplemented("an echo judges nothing"))
    }
}

pub struct Echo {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Echo {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("an address");
        let address = listener.local_addr().expect("an address");
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(async move {
            let until = async move {
                let _ = stopped.await;
            };
            Server::builder()
                .add_service(RecordServiceServer::new(Answers))
                .serve_with_incoming_shutdown(incoming, until)
                .await
                .expect("to serve");
        });
        Self {
            address,
            stop,
            served,
        }
    }

    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.served.await;
    }
}
