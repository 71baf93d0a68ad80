//! Places in long lists, as texts that only this API reads.

use time::OffsetDateTime;
use uuid::Uuid;

use super::query::Parameters;
use super::rejection::Rejection;

/// Writes a place down: an instant and the id of the entry there.
pub(super) fn write(at: OffsetDateTime, id: Uuid) -> String {
    format!("{}.{}", at.unix_timestamp_nanos() / 1_000, id.simple())
}

/// The place in the parameter `cursor`.
pub(super) fn read(parameters: &Parameters) -> Result<Option<(OffsetDateTime, Uuid)>, Rejection> {
    let Some(text) = parameters.text("cursor") else { return Ok(None) };
    let place = parse(&text).ok_or_else(|| {
        Rejection::invalid("The parameter `cursor` has to be the `next_cursor` of an earlier page.").about("cursor")
    })?;
    Ok(Some(place))
}

fn parse(text: &str) -> Option<(OffsetDateTime, Uuid)> {
    let (micros, id) = text.split_once('.')?;
    let nanos = micros.parse::<i128>().ok()?.checked_mul(1_000)?;
    Some((OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?, Uuid::try_parse(id).ok()?))
}

#[cfg(test)]
mod tests;
