//! Tokens in buckets, and the price behind the cost.

use ferrogw_api::log::{LogDetail, LogPrice, LogTokens};
use leptos::prelude::*;

use crate::console::part::{fact, none};
use ferrogw_dashboard::format::{count, money};

/// By so many dollars the rounding of a record may be off.
const ROUNDING: f64 = 1e-8;

pub(super) fn view(detail: &LogDetail) -> AnyView {
    let rule = detail.price_rule.clone().map_or_else(
        || none("No price is known for this model, so the cost is unknown, not zero"),
        |rule| view! { <code class="whole">{rule}</code> }.into_any(),
    );
    let buckets = detail.usage.map_or_else(
        || view! { <p class="quiet">"The provider did not say what was used."</p> }.into_any(),
        |tokens| table(tokens, detail.price, detail.entry.cost_usd),
    );
    view! {
        <div class="stack tight">
            <dl class="facts">
                {fact("Cost", view! { <strong>{money(detail.entry.cost_usd)}</strong> }.into_any())}
                {fact("Price", rule)}
            </dl>
            {buckets}
        </div>
    }
    .into_any()
}

/// A bucket: what it is, how much is in it, and its rate.
type Bucket = (&'static str, u64, Option<f64>);

fn table(tokens: LogTokens, price: Option<LogPrice>, recorded: Option<f64>) -> AnyView {
    let rate = |pick: fn(LogPrice) -> f64| price.map(pick);
    let priced: [Bucket; 5] = [
        ("Fresh input", tokens.input, rate(|price| price.input)),
        ("Read from a cache", tokens.cache_read, rate(|price| price.cache_read.unwrap_or(price.input))),
        ("Written to a cache", tokens.cache_write, rate(|price| price.cache_write.unwrap_or(price.input))),
        (
            "Written for an hour",
            tokens.cache_write_1h,
            rate(|price| price.cache_write_1h.or(price.cache_write).unwrap_or(price.input)),
        ),
        ("Output", tokens.output, rate(|price| price.output)),
    ];
    let within: [Bucket; 3] = [
        ("of the output, reasoning", tokens.reasoning, None),
        ("of the input, audio", tokens.audio_input, None),
        ("of the output, audio", tokens.audio_output, None),
    ];
    let sum: Option<f64> = priced.iter().map(cost).sum();
    let differs = sum.zip(recorded).filter(|(sum, recorded)| (sum - recorded).abs() > ROUNDING).map(|(sum, _)| {
        let now = money(Some(sum));
        view! { <p class="hint">{format!("At the prices of this release that is {now} in all. What counts is what was recorded.")}</p> }
    });
    let shown = |(at, (_, tokens, _)): &(usize, Bucket)| *tokens > 0 || *at == 0 || *at == 4;
    let rows = priced.into_iter().enumerate().filter(shown).map(|(_, bucket)| row(bucket)).collect_view();
    let parts = within.into_iter().filter(|(_, tokens, _)| *tokens > 0).map(row).collect_view();
    view! {
        <div class="scroll">
            <table class="table" aria-label="Tokens">
                <thead>
                    <tr>
                        <th scope="col">"Bucket"</th>
                        <th scope="col" class="number">"Tokens"</th>
                        <th scope="col" class="number">"Per million"</th>
                        <th scope="col" class="number">"Cost"</th>
                    </tr>
                </thead>
                <tbody>{rows}{parts}</tbody>
            </table>
        </div>
        {differs}
    }
    .into_any()
}

#[expect(clippy::cast_precision_loss, reason = "money for people")]
fn cost((_, tokens, rate): &Bucket) -> Option<f64> {
    rate.map(|rate| rate * *tokens as f64 / 1e6)
}

fn row(bucket: Bucket) -> AnyView {
    let (label, tokens, rate) = bucket;
    let or_nothing = |text: Option<String>| text.map_or_else(|| ().into_any(), IntoAny::into_any);
    view! {
        <tr>
            <td>{label}</td>
            <td class="number">{count(tokens)}</td>
            <td class="number">{or_nothing(rate.map(|rate| format!("${rate}")))}</td>
            <td class="number">{or_nothing(cost(&bucket).map(|cost| money(Some(cost))))}</td>
        </tr>
    }
    .into_any()
}
