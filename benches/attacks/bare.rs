//! Messages that no client library builds.

use bytes::{Buf, BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Request, Status};

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

/// Sends bytes as they are.
#[derive(Default, Clone)]
struct Bare;

impl Codec for Bare {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bare {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buf: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buf.put(item);
        Ok(())
    }
}

impl Decoder for Bare {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buf.copy_to_bytes(buf.remaining())))
    }
}
