//! The protobuf codec, which refuses requests with unknown fields.
//!
//! prost drops fields that it does not know. A recorder with a newer client would
//! get a receipt for an event whose new field was dropped, and a reader would get
//! the answer to another question. So the server refuses such a request and names
//! the field. Clients read answers leniently: an older client may ignore fields
//! that a newer server adds.
//!
//! A request that is not small is inspected before it is decoded, since it may take
//! hundreds of times its bytes in memory.

use std::marker::PhantomData;

use bytes::Buf;
use prost::{Message, Name};
use tonic::Status;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic_prost::{ProstCodec, ProstEncoder};

use super::{access_log, status};
use crate::wire::inspect::inspect;

/// A request of at most so many bytes is decoded without a look at it before: even if it
/// has nothing but empty messages, it takes a megabyte or two.
const SMALL_BYTES: usize = 4_096;

/// The codec of every service and client of this package; `build.rs` sets it.
#[derive(Debug, Clone)]
pub struct Codec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Codec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> tonic::codec::Codec for Codec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Name + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = Strict<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<T, U>::raw_encoder(BufferSettings::default())
    }

    fn decoder(&mut self) -> Self::Decoder {
        Strict(PhantomData)
    }
}

/// Decodes a message, and refuses unknown fields in requests.
#[derive(Debug, Clone)]
pub struct Strict<U>(PhantomData<U>);

impl<U: Message + Name + Default> Decoder for Strict<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        let bytes = buf.copy_to_bytes(buf.remaining());
        let is_request = U::NAME.ends_with("Request");
        let is_small = bytes.len() <= SMALL_BYTES;
        if is_request && !is_small {
            inspect(&U::full_name(), &bytes).map_err(status::invalid_fields)?;
        }
        let message = U::decode(bytes.clone()).map_err(|error| status::not_a_message(&error))?;
        access_log::note_request(&U::full_name(), &bytes);
        // Encoded again, the known fields take the same number of bytes. Only a
        // request that is longer can have others.
        if is_request && is_small && message.encoded_len() != bytes.len() {
            inspect(&U::full_name(), &bytes).map_err(status::invalid_fields)?;
        }
        Ok(Some(message))
    }
}
