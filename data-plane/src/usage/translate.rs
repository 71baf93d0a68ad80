//! The border to the wire's types.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use ferrogw_llm::Usage;
use ferrogw_proto::usage::item::Item as Entry;
use ferrogw_proto::usage::{self, Tokens};
use uuid::Uuid;

use crate::exchange::LONGEST_MODEL;
use crate::record::{Attempt, Record};

/// Most bytes of a name. Whoever asks may make one up, and a provider may too: a record that nobody could store would be sent for ever.
const NAME: usize = LONGEST_MODEL;

/// Most bytes of what was said of a failure, of which there is one for each attempt.
const TEXT: usize = 2_048;

/// A record as it is stored and sent.
pub(super) fn record(record: Record) -> Entry {
    let (error_class, error_code, error_message) =
        record.error.map_or_else(Default::default, |error| (error.class.to_owned(), error.code, error.message));
    Entry::Record(usage::Record {
        id: id(record.id),
        request_id: cut(record.request_id, NAME),
        started_unix_us: unix_us(record.started),
        duration_us: us(record.duration),
        first_content_us: record.first_content.map(us),
        surface: record.operation.name().to_owned(),
        requested_model: record.requested_model,
        model: shared(&record.model),
        provider: record.provider.to_owned(),
        target: shared(&record.target),
        key_id: record.key_id.map(id).unwrap_or_default(),
        status: u32::from(record.status),
        stream: record.stream,
        client_gone: record.client_gone,
        finish_reason: cut(record.finish_reason.unwrap_or_default(), NAME),
        error_class,
        error_code: cut(error_code, NAME),
        error_message: cut(error_message, TEXT),
        tokens: record.usage.map(tokens),
        cost_nanos: record.cost.map(|cost| cost.0),
        price_rule: record.price_rule.as_ref().map(shared).unwrap_or_default(),
        attempts: record.attempts.into_iter().map(attempt).collect(),
        generation: record.generation,
        repairs: record.repairs,
    })
}

fn attempt(attempt: Attempt) -> usage::Attempt {
    usage::Attempt {
        target: shared(&attempt.target),
        provider: attempt.provider.to_owned(),
        model: shared(&attempt.model),
        status: u32::from(attempt.status),
        outcome: attempt.outcome.to_owned(),
        message: cut(attempt.message, TEXT),
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

fn shared(name: &Arc<str>) -> String {
    name[..name.floor_char_boundary(NAME)].to_owned()
}

fn cut(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{NAME, cut, shared};

    #[test]
    fn what_somebody_made_up_is_cut_between_two_characters() {
        let name = format!("{}é and more", "x".repeat(NAME - 1));
        assert_eq!(shared(&Arc::from(&*name)), "x".repeat(NAME - 1));
        assert_eq!(cut("short".to_owned(), NAME), "short");
    }
}
