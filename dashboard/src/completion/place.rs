//! Where a cursor stands.

/// Where the cursor stands in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The members that it is within, from the outermost; lists are passed through.
    pub path: Vec<String>,
    /// What is wanted there.
    pub wanted: Wanted,
    /// What is typed of it already.
    pub typed: String,
    /// The column, from 0, where the member's name begins or would begin.
    pub column: usize,
    /// Names that its mapping has already.
    pub present: Vec<String>,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A member's name.
    Name,
    /// The value of the member of this name.
    Value(String),
}
