//! The wires, seen from outside: golden fixtures, streams cut anywhere, and recorded exchanges.

mod golden;
mod recorded;
mod said;
mod streams;

use ferrogw_llm::{Chunk, Observed, StreamFault};
use ferrogw_providers::{Call, Progress, Stream, Wire};

/// Reads a stream that arrives in these pieces: its chunks, what was observed, and why it broke, if it did.
fn read_stream<'a>(
    wire: &dyn Wire,
    call: &Call<'_>,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Chunk>, Observed, Option<StreamFault>) {
    let mut stream = Stream::new(wire.decoder(call));
    let mut chunks = Vec::new();
    let mut fault = None;
    for piece in pieces {
        match stream.push(piece, &mut chunks) {
            Ok(Progress::More) => {}
            Ok(Progress::Done) => break,
            Err(broken) => {
                fault = Some(broken);
                break;
            }
        }
    }
    if fault.is_none() {
        fault = stream.finish(&mut chunks).err();
    }
    (chunks, stream.observed().clone(), fault)
}

/// Cuts bytes at uneven offsets: inside of characters, lines and frames.
fn uneven(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    let mut turn = 0_usize;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        turn += 1;
        let (piece, tail) = rest.split_at(rest.len().min(1 + turn * 7919 % 113));
        rest = tail;
        Some(piece)
    })
}
