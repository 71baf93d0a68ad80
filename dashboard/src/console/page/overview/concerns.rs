//! What is wrong right now.

use ferrogw_api::usage::UsageQuery;
use leptos::prelude::*;
use time::Duration;

use crate::console::Console;
use crate::console::load::load;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::stale;
use ferrogw_dashboard::reckoning::concern::{Concern, Weight, concerns};

pub(super) fn view(console: Console) -> AnyView {
    let health = load(console, 5, |client| async move { client.health().await });
    let workers = load(console, 5, |client| async move { client.workers().await });
    let providers = load(console, 5, |client| async move { client.providers().await });
    let usage = load(console, 15, move |client| {
        let since = Some(console.clock.at_once() - Duration::minutes(15));
        let query = UsageQuery { since, points: Some(1), ..UsageQuery::default() };
        async move { client.usage(&query).await }
    });
    let fault = Memo::new(move |_| health.fault.get().or_else(|| workers.fault.get()).or_else(|| providers.fault.get()));
    let found = Memo::new(move |_| {
        let (health, workers, providers, lately) = (health.get(), workers.get(), providers.get(), usage.get());
        // What could not be asked may be wrong.
        let whole = health.is_some()
            && workers.is_some()
            && providers.is_some()
            && fault.with(Option::is_none)
            && (lately.is_some() || usage.fault.with(Option::is_some));
        let lately = lately.as_ref().map(|usage| &usage.summary);
        let found = concerns(health.as_ref(), workers.as_ref(), providers.as_deref(), lately, console.clock.now());
        (found, health.filter(|_| whole).map(|health| health.workers.connected))
    });
    let list = move || match found.get() {
        (found, _) if !found.is_empty() => {
            let list = found.into_iter().map(one).collect_view();
            view! {
                <section class="panel" aria-label="What is wrong right now">
                    <div class="concerns">{list}</div>
                </section>
            }
            .into_any()
        }
        (_, Some(connected)) => fine(connected),
        (_, None) => ().into_any(),
    };
    view! {
        {stale("Not everything that may be wrong is known.", fault)}
        {list}
    }
    .into_any()
}

fn fine(connected: u64) -> AnyView {
    let workers = format!("{connected} workers connected, all of them on the configuration in force.");
    view! {
        <div class="note" role="status">
            <span class="good">{icon(Icon::Check)}</span>
            <p class="grow"><strong>"Nothing is wrong. "</strong><span class="second">{workers}</span></p>
        </div>
    }
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
