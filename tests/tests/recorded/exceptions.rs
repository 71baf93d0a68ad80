//! Exchanges that do not come back as recorded, each with the reason.

const EXCEPTIONS: &[(&str, &str)] = &[
    ("34934d4aa3a8c772", "the recorder put fifteen answers of an agent's loop into one body; the gateway ends with the first"),
    ("49d5ec1a2d9144b8", "the recorder put two answers of an agent's loop into one body; the gateway ends with the first"),
];

/// Whether this exchange is explained.
pub(crate) fn is_one(id: &str) -> bool {
    EXCEPTIONS.iter().any(|(known, _)| *known == id)
}
