//! Providers and targets: which can be used, how they do, what they cost.

mod models;
mod target;

use ferrogw_api::health::Health;
use ferrogw_api::provider::{Catalog, Provider};
use leptos::prelude::*;

use crate::console::Console;
use crate::console::load::load;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::{empty, shown};
use crate::console::part::{pill, tile};
use ferrogw_dashboard::format::{count, percent};

pub(super) fn view(console: Console) -> AnyView {
    let providers = load(console, 3, |client| async move { client.providers().await });
    let health = load(console, 5, |client| async move { client.health().await });
    let catalog = load(console, 0, |client| async move { client.provider_catalog().await });
    let health_now = Signal::derive(move || health.get());
    view! {
        {shown(providers, 8, move |providers| content(console, providers, health_now))}
        {shown(catalog, 4, others)}
    }
    .into_any()
}

fn content(console: Console, providers: Signal<Vec<Provider>>, health: Signal<Option<Health>>) -> AnyView {
    let names = Memo::new(move |_| {
        let mut names: Vec<String> = providers.with(|providers| providers.iter().map(|provider| provider.name.clone()).collect());
        // What the configuration names and no worker can use is what one looks for here.
        let unusable = health.with(|health| {
            health.as_ref().map(|health| health.providers.iter().map(|provider| provider.name.clone()).collect::<Vec<_>>())
        });
        for name in unusable.unwrap_or_default() {
            if !names.contains(&name) {
                names.insert(0, name);
            }
        }
        names
    });
    let panels = move |name: String| {
        let (of_provider, of_health) = (name.clone(), name.clone());
        let provider =
            Memo::new(move |_| providers.with(|all| all.iter().find(|provider| provider.name == of_provider).cloned()));
        let message = Memo::new(move |_| {
            health.with(|health| health.as_ref()?.providers.iter().find(|provider| provider.name == of_health).cloned())
        });
        panel(console, name, provider, message)
    };
    let nothing = Memo::new(move |_| names.with(Vec::is_empty));
    view! {
        {move || providers.with(|providers| summary(providers))}
        {move || nothing.get().then(|| {
            let text = "Set a provider's variable, such as OPENAI_API_KEY, where the workers run, and name the provider among the configuration's targets.";
            view! { <div class="panel">{empty(Icon::Cloud, "No worker can reach a provider", text, ().into_any())}</div> }
        })}
        <For each=move || names.get() key=String::clone children=panels />
    }
    .into_any()
}

fn summary(providers: &[Provider]) -> AnyView {
    let targets = || providers.iter().flat_map(|provider| &provider.targets);
    let (requests, failures) =
        targets().fold((0, 0), |(requests, failures), target| (requests + target.requests, failures + target.failures));
    let models: usize = providers.iter().map(|provider| provider.models.len()).sum();
    view! {
        <dl class="tiles">
            {tile("Providers in use", count(providers.len() as u64), ().into_any())}
            {tile("Targets", count(targets().count() as u64), ().into_any())}
            {tile("Models", count(models as u64), ().into_any())}
            {tile("In flight", count(targets().map(|target| target.in_flight).sum()), ().into_any())}
            {tile("Attempts", count(requests), "since the workers started".into_any())}
            {tile("Failed attempts", percent(failures, requests), count(failures).into_any())}
        </dl>
    }
    .into_any()
}

fn panel(
    console: Console,
    name: String,
    provider: Memo<Option<Provider>>,
    health: Memo<Option<ferrogw_api::health::ProviderHealth>>,
) -> AnyView {
    let label = name.clone();
    let state = move || match health.get() {
        Some(health) if health.status == "available" => pill("good", "Available"),
        Some(_) => pill("bad", "Unavailable"),
        None => ().into_any(),
    };
    let message =
        move || health.get().and_then(|health| health.message).map(|message| view! { <p class="warn whole">{message}</p> });
    let models = Signal::derive(move || {
        provider.with(|provider| provider.as_ref().map(|provider| provider.models.clone()).unwrap_or_default())
    });
    let targets = Signal::derive(move || {
        provider.with(|provider| provider.as_ref().map(|provider| provider.targets.clone()).unwrap_or_default())
    });
    view! {
        <section class="panel" aria-label=label>
            <div class="panel-head">
                <h2>{name.clone()}</h2>
                {state}
                <span class="grow"></span>
                {message}
            </div>
            {target::list(console, targets)}
            {models::fold(console, models)}
        </section>
    }
    .into_any()
}

/// Providers that are known and not in use.
fn others(catalog: Signal<Catalog>) -> AnyView {
    let rest = move || {
        catalog.with(|catalog| catalog.providers.iter().filter(|provider| !provider.registered).cloned().collect::<Vec<_>>())
    };
    let chips = move || {
        rest()
            .into_iter()
            .map(|provider| {
                let title = if provider.served { "This build can route to it" } else { "Not yet served by this build" };
                let class = if provider.served { "pill plain" } else { "pill plain quiet" };
                view! { <li><span class=class title=title>{provider.name}" "<span class="quiet">{provider.id}</span></span></li> }
            })
            .collect_view()
    };
    view! {
        <details class="panel">
            <summary class="panel-head">
                {icon(Icon::Chevron)}
                <h2>{move || format!("{} more providers are known", rest().len())}</h2>
            </summary>
            <div class="panel-body stack">
                <p class="second">"A provider is used once a worker finds its credential and a target of the configuration names it."</p>
                <ul class="row wrap">{chips}</ul>
            </div>
        </details>
    }
    .into_any()
}
