//! What an answer costs.

use ferrogw_config::catalog::Price;
use ferrogw_llm::{NanoDollars, Usage};

/// The cost of `usage`: each disjoint bucket at its own price, so that nothing is billed twice, rounded half up once at the end. `None`: it
/// is not known, which is not free; sound has prices of its own, which the catalog has not.
///
/// A bucket without a price of its own costs what the nearest one costs: reads and writes of the cache as fresh input, an hour's
/// writes as shorter ones.
#[must_use]
pub fn price(usage: &Usage, price: &Price) -> Option<NanoDollars> {
    if usage.audio_input > 0 || usage.audio_output > 0 {
        return None;
    }
    let cache_write = price.cache_write.unwrap_or(price.input);
    let buckets = [
        (usage.input, price.input),
        (usage.cache_read, price.cache_read.unwrap_or(price.input)),
        (usage.cache_write, cache_write),
        (usage.cache_write_1h, price.cache_write_1h.unwrap_or(cache_write)),
        (usage.output, price.output),
    ];
    // A product of two u64 fits u128; only sums of absurd ones could not.
    let pico =
        buckets.into_iter().fold(0_u128, |sum, (tokens, price)| sum.saturating_add(u128::from(tokens) * u128::from(price)));
    let nano = pico.saturating_add(500) / 1_000;
    Some(NanoDollars(i64::try_from(nano).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(usage: &Usage, price: &Price) -> NanoDollars {
        super::price(usage, price).expect("a price")
    }

    const PRICE: Price =
        Price { input: 2_500_000, output: 10_000_000, cache_read: Some(1_250_000), cache_write: None, cache_write_1h: None };

    #[test]
    fn cached_tokens_are_billed_once_and_at_their_own_price() {
        let usage = Usage { input: 2_000, cache_read: 8_000, ..Usage::default() };
        assert_eq!(price(&usage, &PRICE).to_string(), "$0.015000000");
    }

    #[test]
    fn a_bucket_without_a_price_costs_what_the_nearest_one_does() {
        let usage = Usage { cache_write: 10, cache_write_1h: 10, ..Usage::default() };
        assert_eq!(price(&usage, &PRICE), NanoDollars(50_000));
        let written = Price { cache_write: Some(3_000_000), ..PRICE };
        assert_eq!(price(&usage, &written), NanoDollars(60_000));
        let hourly = Price { cache_write: Some(3_000_000), cache_write_1h: Some(4_000_000), ..PRICE };
        assert_eq!(price(&usage, &hourly), NanoDollars(70_000));
    }

    #[test]
    fn reasoning_is_part_of_the_output_and_not_billed_on_top() {
        let usage = Usage { output: 100, reasoning: 90, ..Usage::default() };
        assert_eq!(price(&usage, &PRICE), NanoDollars(1_000_000));
    }

    #[test]
    fn what_sound_costs_is_not_known() {
        assert_eq!(super::price(&Usage { output: 100, audio_output: 90, ..Usage::default() }, &PRICE), None);
    }

    #[test]
    fn half_a_nano_dollar_is_rounded_up_once() {
        let one =
            |input| price(&Usage { input: 1, cache_read: 1, ..Usage::default() }, &Price { input, cache_read: Some(0), ..PRICE });
        assert_eq!(
            [one(499), one(500), one(1_499), one(1_500)],
            [NanoDollars(0), NanoDollars(1), NanoDollars(1), NanoDollars(2)]
        );
    }

    #[test]
    fn an_absurd_bill_saturates() {
        let usage = Usage { input: u64::MAX, output: u64::MAX, cache_read: u64::MAX, ..Usage::default() };
        let absurd = Price { input: u64::MAX, output: u64::MAX, cache_read: Some(u64::MAX), ..PRICE };
        assert_eq!(price(&usage, &absurd), NanoDollars(i64::MAX));
    }
}
