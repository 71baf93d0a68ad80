//! Temperature and its kin.

use ferrogw_llm::Malformed;
use ferrogw_llm::object::Object;
use serde_json::value::RawValue;

use super::members;

/// How the next token is drawn, as far as the model lets a client say.
#[derive(Default)]
pub(super) struct Sampling<'a> {
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<&'a RawValue>,
}

impl<'a> Sampling<'a> {
    /// The API takes temperatures up to 1, and from some models on only one of the two members: the temperature is kept.
    pub(super) fn read(object: &'a Object, allowed: bool, dropped: &mut Vec<String>) -> Result<Self, Malformed> {
        let temperature: Option<f64> = object.read_member("temperature", "a number")?;
        let top_p = members::raw(object, "top_p")?;
        let mut drop = |name: &str, is: bool| {
            if is {
                dropped.push(name.to_owned());
            }
        };
        if !allowed {
            drop("temperature", temperature.is_some());
            drop("top_p", top_p.is_some());
            return Ok(Self::default());
        }
        drop("top_p", temperature.is_some() && top_p.is_some());
        Ok(Self { temperature: temperature.map(|value| value.min(1.0)), top_p: top_p.filter(|_| temperature.is_none()) })
    }
}
