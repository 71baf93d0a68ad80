//! What is wrong right now.

use ferrogw_api::usage::UsageQuery;
use leptos::prelude::*;
use time::Duration;

use crate::console::Console;
use crate::console::load::load;
use crate::console::part::icon::{Icon, icon};
use ferrogw_dashboard::reckoning::concern::{Concern, Weight, concerns};

pub(super) fn view(console: Console) -> AnyView {
    let health = load(console, 5, |client| async move { client.health().await });
    let workers = load(console, 5, |client| async move { client.workers().await });
    let providers = load(console, 5, |client| async move { client.providers().await });
    let lately = load(console, 15, move |client| {
        let since = Some(console.clock.at_once() - Duration::minutes(15));
        let query = UsageQuery { since, points: Some(1), ..UsageQuery::default() };
        async move { client.usage(&query).await }
    });
    let found = Memo::new(move |_| {
        let (health, workers, providers, lately) = (health.get(), workers.get(), providers.get(), lately.get());
        let known = health.is_some() || workers.is_some();
        let lately = lately.as_ref().map(|usage| &usage.summary);
        let found = concerns(health.as_ref(), workers.as_ref(), providers.as_deref(), lately, console.clock.now());
        known.then_some((found, health.map(|health| health.workers)))
    });
    (move || match found.get() {
        None => ().into_any(),
        Some((found, workers)) if found.is_empty() => {
            let workers = workers
                .map(|workers| format!("{} workers connected, all of them on the configuration in force.", workers.connected));
            view! {
                <div class="note" role="status">
                    <span class="good">{icon(Icon::Check)}</span>
                    <p class="grow"><strong>"Nothing is wrong. "</strong><span class="second">{workers}</span></p>
                </div>
            }
            .into_any()
        }
        Some((found, _)) => {
            let list = found.into_iter().map(one).collect_view();
            view! {
                <section class="panel" aria-label="What is wrong right now">
                    <div class="concerns">{list}</div>
                </section>
            }
            .into_any()
        }
    })
    .into_any()
}

fn one(concern: Concern) -> AnyView {
    let (tone, picture) = match concern.weight {
        Weight::Bad => ("bad", Icon::Warning),
        Weight::Warning => ("warn", Icon::Warning),
        Weight::Note => ("second", Icon::Hint),
    };
    view! {
        <a class="concern" href=concern.link>
            <span class=tone>{icon(picture)}</span>
            <div class="grow">
                <strong><bdi>{concern.title}</bdi></strong>
                <p class="small"><bdi>{concern.text}</bdi></p>
            </div>
            <span class="quiet">{icon(Icon::Chevron)}</span>
        </a>
    }
    .into_any()
}
