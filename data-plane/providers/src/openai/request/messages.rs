//! Re-spells messages for providers that refuse a role or a member; messages that need nothing keep their bytes.

use bytes::Bytes;
use ferrogw_config::catalog::Quirks;
use ferrogw_llm::Malformed;
use ferrogw_llm::object::Object;
use serde_json::value::RawValue;

const DEVELOPER: &str = "\"developer\"";

/// The `messages` member in the provider's spelling; `None`: it is fine as it came.
pub(super) fn respelt(object: &Object, quirks: &Quirks) -> Result<Option<String>, Malformed> {
    let is_watched = !quirks.developer_role || !quirks.drop_in_messages.is_empty();
    let messages = if is_watched { object.get("messages") } else { None };
    let Some(messages) = messages.filter(|messages| may_need_it(messages, quirks)) else { return Ok(None) };
    let messages: Vec<&RawValue> = serde_json::from_str(messages)
        .map_err(|_| Malformed::Member { name: "messages".into(), detail: "must be an array of objects".into() })?;
    let mut out = String::with_capacity(messages.iter().map(|message| message.get().len() + 1).sum::<usize>() + 1);
    for (at, message) in messages.iter().enumerate() {
        out.push(if at == 0 { '[' } else { ',' });
        out.push_str(&message_respelt(at, message.get(), quirks)?);
    }
    out.push(']');
    Ok(Some(out))
}

/// Whether anything of what the provider refuses stands somewhere in the text: cheap, and no for nearly every request.
fn may_need_it(messages: &str, quirks: &Quirks) -> bool {
    let role = !quirks.developer_role && messages.contains(DEVELOPER);
    role || quirks.drop_in_messages.iter().any(|name| messages.contains(name))
}

fn message_respelt(at: usize, message: &str, quirks: &Quirks) -> Result<String, Malformed> {
    if !may_need_it(message, quirks) {
        return Ok(message.to_owned());
    }
    let object = Object::read(Bytes::copy_from_slice(message.as_bytes()))
        .map_err(|error| Malformed::Member { name: format!("messages[{at}]"), detail: format!("cannot be read: {error}") })?;
    let mut patch = object.patch();
    if !quirks.developer_role && object.get("role") == Some(DEVELOPER) {
        patch.set("role", "\"system\"");
    }
    for name in quirks.drop_in_messages {
        patch.remove(name);
    }
    Ok(String::from_utf8_lossy(&patch.finish()).into_owned())
}
