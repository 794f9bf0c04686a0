//! HTTP/2 by hand (RFC 9113), for bytes that no client library would send.

use std::time::Duration;

use minutebook::wire::proto::AppendRequest;
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const ACK: u8 = 1;
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

pub const APPEND: &str = "/minutebook.v1.RecordService/Append";

pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A header, as a literal that is never indexed (RFC 7541, section 6.2.3).
pub fn header(name: &str, value: &str) -> Vec<u8> {
    let mut header = vec![0x10];
    for text in [name, value] {
        // An integer with a prefix of seven bits (section 5.1).
        let mut length = text.len();
        if length < 0x7f {
            header.push(length as u8);
        } else {
            header.push(0x7f);
            length -= 0x7f;
            while length >= 0x80 {
                header.push((length % 0x80) as u8 | 0x80);
                length /= 0x80;
            }
            header.push(length as u8);
        }
        header.extend(text.as_bytes());
    }
    header
}

pub fn call(path: &str) -> Vec<u8> {
    [
        header(":method", "POST"),
        header(":scheme", "http"),
        header(":path", path),
        header(":authority", "register.example"),
        header("content-type", "application/grpc"),
        header("te", "trailers"),
    ]
    .concat()
}

/// A message with its gRPC prefix.
pub fn message(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    let mut framed = vec![0];
    framed.extend((bytes.len() as u32).to_be_bytes());
    framed.extend(bytes);
    framed
}

/// A message with a note of `bytes` bytes, which is refused once it is complete.
pub fn long(bytes: usize) -> Vec<u8> {
    message(&AppendRequest {
        recorded_by: "x".repeat(bytes),
        ..AppendRequest::default()
    })
}

pub struct Raw(pub TcpStream);

impl Raw {
    /// A connection on which nothing has been sent.
    pub async fn silent(address: &str) -> std::io::Result<Self> {
        Ok(Self(TcpStream::connect(address).await?))
    }

    /// A connection with its preface and settings sent, and a window of `window` bytes
    /// for each answer.
    pub async fn open(address: &str, window: u32) -> std::io::Result<Self> {
        Self::speak(TcpStream::connect(address).await?, window).await
    }

    /// The same on a connection that is open already.
    pub async fn speak(stream: TcpStream, window: u32) -> std::io::Result<Self> {
        let mut raw = Self(stream);
        let mut settings = vec![0, 4];
        settings.extend(window.to_be_bytes());
        let hello = [PREFACE, &frame(SETTINGS, 0, 0, &settings)].concat();
        raw.0.write_all(&hello).await?;
        Ok(raw)
    }

    /// Reads and acknowledges the server's settings, which allow more to be sent at
    /// once.
    pub async fn agree(&mut self) -> std::io::Result<()> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await?;
        assert_eq!(head[3], SETTINGS, "they come first");
        let mut payload = vec![0; usize::from(head[2])];
        self.0.read_exact(&mut payload).await?;
        self.send(&[frame(SETTINGS, ACK, 0, &[])]).await
    }

    pub async fn send(&mut self, frames: &[Vec<u8>]) -> std::io::Result<()> {
        self.0.write_all(&frames.concat()).await
    }

    /// Begins a call, and sends `data` of its message.
    pub async fn begin(&mut self, stream: u32, path: &str, data: &[u8]) -> std::io::Result<()> {
        let mut frames = vec![frame(HEADERS, END_HEADERS, stream, &call(path))];
        for data in data.chunks(16_384) {
            frames.push(frame(DATA, 0, stream, data));
        }
        self.send(&frames).await
    }

    /// Sends a whole call with one message, already framed.
    pub async fn ask(&mut self, stream: u32, path: &str, message: &[u8]) -> std::io::Result<()> {
        self.send(&[
            frame(HEADERS, END_HEADERS, stream, &call(path)),
            frame(DATA, END_STREAM, stream, message),
        ])
        .await
    }

    /// Reads until the connection ends or `patience` is over; returns the bytes, and
    /// whether the connection ended.
    pub async fn until_closed(&mut self, patience: Duration) -> (Vec<u8>, bool) {
        let mut read = Vec::new();
        let mut buffer = vec![0; 65_536];
        let ended = tokio::time::timeout(patience, async {
            while let Ok(some @ 1..) = self.0.read(&mut buffer).await {
                read.extend(&buffer[..some]);
            }
        });
        let is_closed = ended.await.is_ok();
        (read, is_closed)
    }
}

/// The frames in `read`: kind, stream and payload.
pub fn frames(mut read: &[u8]) -> Vec<(u8, u32, &[u8])> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = read.split_at_checked(9) {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let Some((payload, rest)) = rest.split_at_checked(length) else {
            break;
        };
        frames.push((head[3], stream, payload));
        read = rest;
    }
    frames
}
