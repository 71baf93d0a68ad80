//! The client's body, bounded in length and time.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
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
        discard(body).await;
        return Err(Rejection::too_large(limit));
    }
    loop {
        let until = deadline.min(Instant::now() + SILENCE);
        let frame = timeout_at(until, body.frame()).await.map_err(|_| Rejection::slow_body())?;
        let Some(frame) = frame else { return Ok(gather.finish()) };
        let Ok(data) = frame.map_err(|_| Rejection::broken_body())?.into_data() else { continue };
        if gather.push(data).is_err() {
            drop(gather);
            discard(body).await;
            return Err(Rejection::too_large(limit));
        }
    }
}

async fn discard(mut body: Body) {
    let throwing_away = async {
        let mut left = DISCARDED;
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
