//! The services: each request is decoded, answered by the layers below, and
//! the answer is encoded. No rule of the register is here.
//!
//! [`record`] takes events in, [`register`] answers questions, [`audit`] shows and
//! proves the log, [`caller`] says how to sign in. Every status that is not an answer is made in [`status`], so
//! that all refusals have one form.
//!
//! # Examples
//!
//! A client records an event and asks for it. `minutebook serve` is the server.
//!
//! ```no_run
//! use minutebook_grpc::wire::proto::event::Kind;
//! use minutebook_grpc::wire::proto::record_service_client::RecordServiceClient;
//! use minutebook_grpc::wire::proto::register_service_client::RegisterServiceClient;
//! use minutebook_grpc::wire::proto::{
//!     AppendRequest, AsOf, BodyKind, BodyRegistered, Event, GetBodyRequest,
//! };
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let url = "http://127.0.0.1:7878";
//! let event = Event {
//!     subject: "bodies/kent-fire".into(),
//!     kind: Some(Kind::BodyRegistered(BodyRegistered {
//!         name: "Kent and Medway Fire and Rescue Authority".into(),
//!         kind: BodyKind::FireAuthority.into(),
//!         ..BodyRegistered::default()
//!     })),
//!     ..Event::default()
//! };
//! let mut record = RecordServiceClient::connect(url).await?;
//! let receipt = record
//!     .append(AppendRequest {
//!         request_id: uuid::Uuid::now_v7().to_string(),
//!         events: vec![event],
//!         recorded_by: "Governance Office".into(),
//!         ..AppendRequest::default()
//!     })
//!     .await?
//!     .into_inner();
//!
//! // Wait for the position of the receipt, to read our own write.
//! let as_of = AsOf {
//!     at_least_position: receipt.receipts[0].position,
//!     ..AsOf::default()
//! };
//! let mut register = RegisterServiceClient::connect(url).await?;
//! let answer = register
//!     .get_body(GetBodyRequest {
//!         as_of: Some(as_of),
//!         body_id: "kent-fire".into(),
//!     })
//!     .await?;
//! println!("{:?}", answer.into_inner().body);
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod access_log;
pub mod audit;
mod bounded_stream;
pub mod browsing;
pub mod caller;
mod deadline;
mod denials;
mod download;
mod failure_rates;
mod field_reader;
pub mod gate;
pub mod list_request;
mod log_fingerprint;
mod mandate_roles;
mod missing;
mod page;
pub mod peer;
pub mod peer_address;
pub mod peer_certificate;
pub mod proof_gate;
pub mod query;
pub mod quota;
pub mod quota_holder;
pub mod record;
pub mod register;
pub mod sign_in;
pub mod socket_users;
pub mod status;
pub mod strict;
mod upload;
pub mod web_guard;
pub mod wire;
pub mod workers;
