//! Frames in append-only files: length, checksum, payload. A file that ends in the middle of a frame, as after a crash, reads as if it
//! ended before it.

use std::io::{self, Read};

use crc::{CRC_32_ISCSI, Crc, Table};

const CHECKSUM: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

/// Bytes that a frame takes beside its payload.
pub(crate) const OVERHEAD: usize = 8;

/// Longer payloads are never written, so a larger length is damage.
const MAX_PAYLOAD: u32 = 16 << 20;

/// Appends a frame with `payload` to `out`.
pub(crate) fn push(out: &mut Vec<u8>, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    debug_assert!(length <= MAX_PAYLOAD, "a frame holds one record or one chunk of keys");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&checksum(length, payload).to_le_bytes());
    out.extend_from_slice(payload);
}

/// What the next bytes of a file are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A whole frame's payload.
    Whole(Vec<u8>),
    /// The end of the file.
    End,
    /// Something that was not written completely, or was damaged since. What follows cannot be trusted either.
    Torn,
}

/// Reads the next frame.
pub(crate) fn read(from: &mut impl Read) -> io::Result<Frame> {
    let mut head = [0; OVERHEAD];
    match fill(from, &mut head)? {
        0 => return Ok(Frame::End),
        OVERHEAD => {}
        _ => return Ok(Frame::Torn),
    }
    let [l0, l1, l2, l3, c0, c1, c2, c3] = head;
    let length = u32::from_le_bytes([l0, l1, l2, l3]);
    if length > MAX_PAYLOAD {
        return Ok(Frame::Torn);
    }
    let mut payload = vec![0; length as usize];
    let whole = fill(from, &mut payload)? == payload.len();
    let sound = whole && checksum(length, &payload) == u32::from_le_bytes([c0, c1, c2, c3]);
    Ok(if sound { Frame::Whole(payload) } else { Frame::Torn })
}

/// Reads until `buffer` is full or the file ends; how much there was.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The length is part of what is summed, so that a run of zeroes is no frame.
fn checksum(length: u32, payload: &[u8]) -> u32 {
    let mut digest = CHECKSUM.digest();
    digest.update(&length.to_le_bytes());
    digest.update(payload);
    digest.finalize()
}
