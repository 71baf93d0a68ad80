//! What tracing systems on the way say of a trace, passed on as they said it: W3C Trace Context, `tracestate`. We add nothing.
//!
//! Source: W3C Recommendation "Trace Context", level 1.

use opentelemetry::trace::TraceState;

/// As much as the recommendation wants to be passed on, in bytes.
const LONGEST: usize = 512;

/// As many members as a list may have.
const MOST: usize = 32;

/// Reads the values of all `tracestate` headers of a request, which are one list. A list that is too long or not of the form that
/// the recommendation gives is dropped as a whole; that says nothing against its `traceparent`.
pub fn read<'a>(headers: impl IntoIterator<Item = &'a [u8]>) -> TraceState {
    let list = headers.into_iter().collect::<Vec<_>>().join(&b',');
    let list = Some(&*list).filter(|list| list.len() <= LONGEST).and_then(|list| std::str::from_utf8(list).ok());
    list.and_then(members).and_then(|members| TraceState::from_key_value(members).ok()).unwrap_or_default()
}

/// Names and values. What each may be made of is the library's to know, so far as it looks.
fn members(list: &str) -> Option<Vec<(&str, &str)>> {
    let members = list.split(',').map(|member| member.trim_matches([' ', '\t'])).filter(|member| !member.is_empty());
    let members: Vec<(&str, &str)> = members.map(|member| member.split_once('=')).collect::<Option<_>>()?;
    let is_sound = |(index, (name, value)): (usize, &(&str, &str))| {
        let is_first = members[..index].iter().all(|(other, _)| other != name);
        is_first && !name.is_empty() && !value.is_empty() && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    };
    (members.len() <= MOST && members.iter().enumerate().all(is_sound)).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed_on(headers: &[&str]) -> String {
        read(headers.iter().map(|header| header.as_bytes())).header()
    }

    #[test]
    fn what_was_said_is_passed_on_in_its_order() {
        assert_eq!(passed_on(&["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"]), "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
        assert_eq!(passed_on(&["fw529a3039@dt=FfAAIB;1", "b=a value"]), "fw529a3039@dt=FfAAIB;1,b=a value");
        assert_eq!(passed_on(&["a=1 , ,\tb=2,"]), "a=1,b=2");
    }

    #[test]
    fn where_nothing_was_said_nothing_is_passed_on() {
        assert_eq!(passed_on(&[]), "");
        assert_eq!(passed_on(&["", " , "]), "");
    }

    #[test]
    fn a_list_of_another_form_is_dropped_as_a_whole() {
        for list in ["a", "a=1,b", "=1", "a=", "A=1", "a b=1", "a=1=2", "a=1,a=2", "a=1\t2", "a=ü", "a@b@c=1"] {
            assert_eq!(passed_on(&[list]), "", "{list}");
        }
        assert_eq!(read([&b"a=1"[..], &b"b=\xff"[..]]), TraceState::NONE);
    }

    #[test]
    fn a_list_is_bounded_in_members_and_in_length() {
        let of = |count: u8| (0..count).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join(",");
        assert_eq!(passed_on(&[&of(32)]), of(32));
        assert_eq!(passed_on(&[&of(33)]), "");
        let (half, rest) = (format!("a={}", "v".repeat(250)), |bytes: usize| format!("b={},c=1", "v".repeat(bytes - 6)));
        assert_eq!(passed_on(&[&half, &rest(259)]), format!("{half},{}", rest(259)));
        assert_eq!(passed_on(&[&half, &rest(260)]), "");
    }
}
