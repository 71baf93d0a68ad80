//! How routes are declared: no route without saying who may use it.

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder, Ref, ResponseBuilder};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt as _};

use super::cookie;
use super::gate::{self, Access};
use crate::app::App;

const SCHEME: &str = "api_key";
const COOKIE: &str = "session_cookie";

/// Answers that every guarded route may give.
const REFUSALS: [(&str, &str); 4] = [
    ("401", "No API key, or one that is unknown, revoked or expired; or a session that has ended."),
    (
        "403",
        "The key's scopes do not allow it; or a browser's session was used by another page than the dashboard (`csrf_rejected`).",
    ),
    ("429", "Too many operator-chosen keys are being verified."),
    ("503", "The database is unavailable."),
];

/// Routes being declared. There is no method that takes a route without a policy.
pub(super) struct Routes {
    app: App,
    router: OpenApiRouter<App>,
}

impl Routes {
    pub(super) fn new(app: App) -> Self {
        let info = InfoBuilder::new()
            .title("ferrogw admin API")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(
                "Configuration versions, API keys, sessions, request log, audit trail and workers of a ferrogw gateway.",
            ))
            .build();
        let mut components = Components::new();
        components.add_security_scheme(SCHEME, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            cookie::NAME,
            "A session; whatever changes something needs `X-Ferrogw-Request: dashboard` too.",
        ));
        components.add_security_scheme(COOKIE, SecurityScheme::ApiKey(cookie));
        components.schemas.insert(ferrogw_api::Problem::name().into_owned(), ferrogw_api::Problem::schema());
        components.schemas.insert(ferrogw_api::Envelope::name().into_owned(), ferrogw_api::Envelope::schema());
        let openapi = OpenApiBuilder::new().info(info).components(Some(components)).build();
        Self { app, router: OpenApiRouter::with_openapi(openapi) }
    }

    /// Routes that anybody may use.
    pub(super) fn open(mut self, routes: UtoipaMethodRouter<App>) -> Self {
        self.router = self.router.routes(routes);
        self
    }

    /// Routes that open a session for a key with `read_only` or `admin`.
    pub(super) fn sign_in(self, routes: UtoipaMethodRouter<App>) -> Self {
        self.guarded(Access::SignIn, routes)
    }

    /// Routes for keys and sessions with `read_only` or `admin`.
    pub(super) fn read(self, routes: UtoipaMethodRouter<App>) -> Self {
        self.guarded(Access::Read, routes)
    }

    /// Routes for keys and sessions with `admin`.
    pub(super) fn write(self, routes: UtoipaMethodRouter<App>) -> Self {
        self.guarded(Access::Write, routes)
    }

    /// The router, and the description of it.
    pub(super) fn finish(self) -> (Router<App>, OpenApi) {
        self.router.split_for_parts()
    }

    fn guarded(mut self, access: Access, routes: UtoipaMethodRouter<App>) -> Self {
        let (schemas, mut paths, methods) = routes;
        describe(&mut paths, access);
        let routes = (schemas, paths, methods).layer(from_fn_with_state((self.app.clone(), access), gate::pass));
        self.router = self.router.routes(routes);
        self
    }
}

/// Says in the description what the layer does.
fn describe(paths: &mut Paths, access: Access) {
    for operation in paths.paths.values_mut().flat_map(operations) {
        let schemes: &[&str] = if access == Access::SignIn { &[SCHEME] } else { &[SCHEME, COOKIE] };
        let requirement = |scheme: &&str| SecurityRequirement::new::<_, [&str; 0], &str>(*scheme, []);
        operation.security = Some(schemes.iter().map(requirement).collect());
        let needs = format!("Needs {}.", access.needs());
        operation.description = Some(match operation.description.take() {
            Some(text) if !text.is_empty() => format!("{text}\n\n{needs}"),
            _ => needs,
        });
        for (status, description) in REFUSALS {
            let content = utoipa::openapi::ContentBuilder::new().schema(Some(Ref::from_schema_name("Envelope"))).build();
            let response = ResponseBuilder::new().description(description).content("application/json", content).build();
            operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.into());
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}
