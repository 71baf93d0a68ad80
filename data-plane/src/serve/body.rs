//! The client's body, bounded in length and time.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::HeaderMap;
use http::header::EXPECT;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout, timeout_at};

use super::gather::Gather;
use crate::rejection::Rejection;

/// How long a client may send nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// How long a client may take for the whole body.
const WHOLE: Duration = Duration::from_secs(300);

/// How much of a body that is too long is read and thrown away, and for how long: most clients look for an answer only when
/// everything is sent, and would see a reset connection instead of being told.
const DISCARDED: usize = 64 << 20;
const DISCARDING: Duration = Duration::from_secs(5);

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(mut body: Body, limit: usize) -> Result<Bytes, Rejection> {
    let declared = http_body::Body::size_hint(&body).exact();
    let deadline = Instant::now() + WHOLE;
    let mut gather = Gather::new(limit, declared);
    if declared.is_some_and(|length| length > limit as u64) {
        discard(body, DISCARDED).await;
        return Err(Rejection::too_large(limit));
    }
    loop {
        let until = deadline.min(Instant::now() + SILENCE);
        let frame = timeout_at(until, body.frame()).await.map_err(|_| Rejection::slow_body())?;
        let Some(frame) = frame else { return Ok(gather.finish()) };
        let Ok(data) = frame.map_err(|_| Rejection::broken_body())?.into_data() else { continue };
        if gather.push(data).is_err() {
            drop(gather);
            discard(body, DISCARDED).await;
            return Err(Rejection::too_large(limit));
        }
    }
}

/// Lets a client whose request is refused unread send it to its end, which it does not do if it asks before it sends.
pub(crate) async fn hear_out(headers: &HeaderMap, body: Body, most: usize) {
    if !headers.contains_key(EXPECT) && !http_body::Body::is_end_stream(&body) {
        discard(body, most).await;
    }
}

/// Reads at most `most` bytes and throws them away.
async fn discard(mut body: Body, most: usize) {
    let throwing_away = async {
        let mut left = most;
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    // Whoever is slower than this sees the connection close, which is all that is left to say.
    let _ = timeout(DISCARDING, throwing_away).await;
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::{StreamExt as _, stream};

    use super::*;

    /// Pieces of one byte each, as many as that, one every 20 seconds.
    fn dribbling(pieces: usize) -> Body {
        let pieces = stream::iter(0..pieces).then(|_| async {
            tokio::time::sleep(Duration::from_secs(20)).await;
            Ok::<_, Infallible>(Bytes::from_static(b"x"))
        });
        Body::from_stream(pieces)
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_falls_silent_is_told_so() {
        let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]).chain(stream::pending());
        assert_eq!(read(Body::from_stream(begun), 1_000).await, Err(Rejection::slow_body()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_dribbles_in_is_taken_as_long_as_its_whole_time_lasts() {
        assert_eq!(read(dribbling(14), 1_000).await, Ok(Bytes::from(vec![b'x'; 14])));
        assert_eq!(read(dribbling(16), 1_000).await, Err(Rejection::slow_body()));
    }
}
