//! Messages that no client library builds.

#[path = "../../tests/it/bare_codec.rs"]
mod bare_codec;

use bytes::Bytes;
use tonic::Request;
use tonic::transport::Channel;

use bare_codec::Bare;

/// The most bytes that a server takes.
const BYTES: usize = 4 * 1024 * 1024;

/// Sends a message that is nothing but empty events; returns the answer in a few words.
pub async fn send_empty_messages(channel: Channel, is_append: bool) -> String {
    let (path, field) = if is_append {
        ("/minutebook.v1.RecordService/Append", 2_u8)
    } else {
        ("/minutebook.v1.RecordService/Explain", 1)
    };
    let message = Bytes::from([field << 3 | 2, 0].repeat(BYTES / 2));
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("a connection");
    let path = path.parse().expect("a path");
    match client.unary(Request::new(message), path, Bare).await {
        Ok(_) => "accepted".to_owned(),
        Err(status) => format!("{:?}", status.code()),
    }
}
