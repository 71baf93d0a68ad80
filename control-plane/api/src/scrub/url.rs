//! Addresses without what they may hold of secrets.

use super::HIDDEN;

/// The address with its user information and the values of its query hidden. Host and path stay; references stay.
pub(super) fn scrub(address: &str) -> String {
    let (before, query) = match address.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (address, None),
    };
    let mut shown = without_user(before);
    if let Some(query) = query {
        shown.push('?');
        let members: Vec<String> = query.split('&').map(member).collect();
        shown.push_str(&members.join("&"));
    }
    shown
}

fn without_user(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let host_ends = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(host_ends);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) if !super::is_reference(user) => format!("{HIDDEN}@{host}"),
        _ => authority.to_owned(),
    };
    if scheme.is_empty() { format!("{authority}{path}") } else { format!("{scheme}://{authority}{path}") }
}

/// A member of the query: the name stays, since it says what is hidden.
fn member(member: &str) -> String {
    match member.split_once('=') {
        Some((name, value)) if !super::is_reference(value) => format!("{name}={HIDDEN}"),
        Some(_) => member.to_owned(),
        None if member.is_empty() => String::new(),
        None => HIDDEN.to_owned(),
    }
}
