//! The border to the wire's types.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use ferrogw_llm::Usage;
use ferrogw_proto::usage::item::Item as Entry;
use ferrogw_proto::usage::{self, Tokens};
use uuid::Uuid;

use crate::record::{Attempt, Record};

/// A record as it is stored and sent.
pub(super) fn record(record: Record) -> Entry {
    let (error_class, error_code, error_message) =
        record.error.map_or_else(Default::default, |error| (error.class.to_owned(), error.code, error.message));
    Entry::Record(usage::Record {
        id: id(record.id),
        request_id: record.request_id,
        started_unix_us: unix_us(record.started),
        duration_us: us(record.duration),
        first_content_us: record.first_content.map(us),
        surface: record.operation.name().to_owned(),
        requested_model: record.requested_model,
        model: record.model.as_ref().to_owned(),
        provider: record.provider.to_owned(),
        target: record.target.as_ref().to_owned(),
        key_id: record.key_id.map(id).unwrap_or_default(),
        status: u32::from(record.status),
        stream: record.stream,
        client_gone: record.client_gone,
        finish_reason: record.finish_reason.unwrap_or_default(),
        error_class,
        error_code,
        error_message,
        tokens: record.usage.map(tokens),
        cost_nanos: record.cost.map(|cost| cost.0),
        price_rule: record.price_rule.as_deref().unwrap_or_default().to_owned(),
        attempts: record.attempts.into_iter().map(attempt).collect(),
        generation: record.generation,
        repairs: record.repairs,
    })
}

fn attempt(attempt: Attempt) -> usage::Attempt {
    usage::Attempt {
        target: attempt.target.as_ref().to_owned(),
        provider: attempt.provider.to_owned(),
        model: attempt.model.as_ref().to_owned(),
        status: u32::from(attempt.status),
        outcome: attempt.outcome.to_owned(),
        message: attempt.message,
        started_us: us(attempt.started),
        duration_us: us(attempt.duration),
    }
}

fn tokens(usage: Usage) -> Tokens {
    Tokens {
        input: usage.input,
        cache_read: usage.cache_read,
        cache_write: usage.cache_write,
        cache_write_1h: usage.cache_write_1h,
        output: usage.output,
        reasoning: usage.reasoning,
        audio_input: usage.audio_input,
        audio_output: usage.audio_output,
    }
}

fn id(id: Uuid) -> Bytes {
    Bytes::copy_from_slice(id.as_bytes())
}

fn us(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn unix_us(at: SystemTime) -> i64 {
    i64::try_from(us(at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())).unwrap_or(i64::MAX)
}
