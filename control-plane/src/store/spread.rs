//! Rows as one array per column, which is how PostgreSQL takes many of them with one short statement.
//!
//! A statement with a parameter per value is planned each time, and that costs more than the rows do.

use sea_orm::Value;
use sea_orm::sea_query::ArrayType;

/// A column of rows of type `M` that travels as an array. An array holds no nulls here: something else stands for them on the way.
pub(super) struct Spread<M> {
    name: &'static str,
    sql: &'static str,
    kind: ArrayType,
    nothing: Option<&'static str>,
    value: fn(&M) -> Value,
}

/// What stands for a null text: a character that no text of ours is.
const NO_TEXT: &str = "\u{1}";

/// What stands for a null number: no count or sum of ours is below zero.
const NO_NUMBER: i64 = -i64::MAX;

pub(super) fn or_no_text(text: Option<&String>) -> Value {
    text.map_or(NO_TEXT, String::as_str).into()
}

pub(super) fn or_no_number(number: Option<i64>) -> Value {
    number.unwrap_or(NO_NUMBER).into()
}

impl<M> Spread<M> {
    pub(super) const fn uuid(name: &'static str, value: fn(&M) -> Value) -> Self {
        Self { name, sql: "uuid", kind: ArrayType::Uuid, nothing: None, value }
    }

    pub(super) const fn text(name: &'static str, value: fn(&M) -> Value) -> Self {
        Self { name, sql: "text", kind: ArrayType::String, nothing: None, value }
    }

    pub(super) const fn number(name: &'static str, value: fn(&M) -> Value) -> Self {
        Self { name, sql: "bigint", kind: ArrayType::BigInt, nothing: None, value }
    }

    pub(super) const fn small(name: &'static str, value: fn(&M) -> Value) -> Self {
        Self { name, sql: "integer", kind: ArrayType::Int, nothing: None, value }
    }

    pub(super) const fn truth(name: &'static str, value: fn(&M) -> Value) -> Self {
        Self { name, sql: "boolean", kind: ArrayType::Bool, nothing: None, value }
    }

    /// A column that may be null: the nil id, [`or_no_text`] or [`or_no_number`] says that it is.
    pub(super) const fn nullable(mut self) -> Self {
        self.nothing = Some(match self.kind {
            ArrayType::Uuid => "'00000000-0000-0000-0000-000000000000'",
            ArrayType::String => "E'\\x01'",
            _ => "-9223372036854775807",
        });
        self
    }
}

/// The columns' names, with commas.
pub(super) fn names<M>(columns: &[Spread<M>]) -> String {
    join(columns, |_, column| column.name.to_owned())
}

/// What is selected from the arrays' table to be inserted.
pub(super) fn selected<M>(columns: &[Spread<M>]) -> String {
    join(columns, |_, column| match column.nothing {
        Some(nothing) => format!("NULLIF({}, {nothing})", column.name),
        None => column.name.to_owned(),
    })
}

/// `$1::uuid[], …`, the arrays as parameters.
pub(super) fn parameters<M>(columns: &[Spread<M>]) -> String {
    join(columns, |at, column| format!("${}::{}[]", at + 1, column.sql))
}

/// The arrays.
pub(super) fn arrays<M>(columns: &[Spread<M>], rows: &[M]) -> Vec<Value> {
    let array = |column: &Spread<M>| {
        let values = rows.iter().map(column.value).collect();
        Value::Array(column.kind.clone(), Some(Box::new(values)))
    };
    columns.iter().map(array).collect()
}

fn join<M>(columns: &[Spread<M>], part: impl Fn(usize, &Spread<M>) -> String) -> String {
    columns.iter().enumerate().map(|(at, column)| part(at, column)).collect::<Vec<_>>().join(", ")
}
