//! The table of addresses: one line per route.

use ferrogw_llm::Operation;
use http::Method;

/// What operators' streams are called, by gRPC's rule.
const OPERATOR: &str = "/ferrogw.operator.v1.Operator/";

/// Where a request is meant to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// To a model.
    Operation(Operation),
    /// The list of models.
    Models,
    /// One entry of it, as spelt in the address.
    Model(&'a str),
    /// How the targets are.
    Health,
    /// Whether the process lives.
    Livez,
    /// Whether requests may be sent here.
    Readyz,
    /// Prometheus's scrape.
    Metrics,
    /// The control plane's part, in all-in-one.
    Admin,
}

impl<'a> Route<'a> {
    pub(super) fn of(path: &'a str) -> Option<Self> {
        Some(match path {
            "/v1/chat/completions" => Self::Operation(Operation::Chat),
            "/v1/completions" => Self::Operation(Operation::Completions),
            "/v1/embeddings" => Self::Operation(Operation::Embeddings),
            "/v1/models" => Self::Models,
            "/health" => Self::Health,
            "/livez" => Self::Livez,
            "/readyz" => Self::Readyz,
            "/metrics" => Self::Metrics,
            "/" | "/admin" | "/dashboard" => Self::Admin,
            _ if ["/admin/", "/dashboard/", OPERATOR].iter().any(|start| path.starts_with(start)) => Self::Admin,
            _ => Self::Model(path.strip_prefix("/v1/models/").filter(|id| !id.is_empty())?),
        })
    }

    /// The methods that it has, as `Allow` spells them.
    pub(super) fn methods(&self) -> &'static str {
        match self {
            Self::Operation(_) => "POST",
            _ => "GET, HEAD",
        }
    }

    /// Whether it has `method`. What the control plane has, it knows itself.
    pub(super) fn has(&self, method: &Method) -> bool {
        match self {
            Self::Operation(_) => *method == Method::POST,
            Self::Admin => true,
            _ => matches!(*method, Method::GET | Method::HEAD),
        }
    }
}

/// Whether `path` belongs to the API for models, where keys come first.
pub(super) fn is_api(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/")
}

/// Whether HTTP knows the method.
pub(super) fn is_known(method: &Method) -> bool {
    const KNOWN: [Method; 9] = [
        Method::POST,
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ];
    KNOWN.contains(method)
}
