//! What a refused request is told: one envelope on every surface.

use ferrogw_config::Issue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Envelope {
    /// What went wrong.
    pub error: Problem,
}

/// What went wrong and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// For people; never carries a secret.
    pub message: String,
    /// The class of the problem, e.g. `invalid_request_error`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The parameter or body member at fault.
    #[serde(default)]
    pub param: Option<String>,
    /// For programs, e.g. `version_conflict`.
    #[serde(default)]
    pub code: Option<String>,
    /// Everything that is wrong with a refused configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = issues_schema)]
    pub issues: Vec<Issue>,
}

/// Issues belong to the configuration's crate, which knows nothing of `OpenAPI`.
pub(crate) fn issues_schema() -> Schema {
    let text = |description: &str| {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some(description.to_owned())).build()
    };
    let number = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).build();
    let issue = ObjectBuilder::new()
        .property("severity", text("`error` or `warning`."))
        .property("path", text("Where in the document, e.g. `targets[1].retry.attempts`; empty: the whole."))
        .property("line", number())
        .property("column", number())
        .property("message", text("What is wrong."))
        .property("hint", text("What to do."))
        .required("severity")
        .required("path")
        .required("message");
    ArrayBuilder::new().items(issue).build().into()
}
