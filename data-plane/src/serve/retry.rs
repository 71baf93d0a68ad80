//! Whether the same target is asked again, and when.

use std::time::Duration;

use ferrogw_config::policy::RetryPolicy;
use ferrogw_llm::{Failure, FailureClass};

/// The longest wait that a provider may ask for; beyond, the target is left alone and the next one tried.
const LONGEST: Duration = Duration::from_secs(30);

/// How long to wait before asking the same target again; `None`: it is not asked again.
///
/// `tries` have been made. The provider's own wish comes first; without one the wait is drawn from zero to a bound that doubles
/// with each try, so that clients that failed together do not come back together.
pub(super) fn wait(policy: &RetryPolicy, failure: &Failure, tries: u32) -> Option<Duration> {
    if tries >= policy.attempts || !is_worth_repeating(policy, failure) {
        return None;
    }
    match failure.retry_after {
        Some(wish) => (wish <= LONGEST).then_some(wish),
        None => {
            let doubled = 2_u32.saturating_pow(tries.saturating_sub(1));
            Some(policy.initial_backoff.saturating_mul(doubled).min(LONGEST).mul_f64(fastrand::f64()))
        }
    }
}

fn is_worth_repeating(policy: &RetryPolicy, failure: &Failure) -> bool {
    use FailureClass as Class;
    match failure.class {
        // Another request, credential or model does not come by waiting, nor does a longer window, another filter or more money; and a
        // timer has used up the client's patience.
        Class::InvalidRequest
        | Class::Auth
        | Class::NotFound
        | Class::ContextLength
        | Class::ContentFilter
        | Class::QuotaExceeded
        | Class::Timer => false,
        _ => failure.status.is_none_or(|status| status.is_success() || policy.repeats(status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use ferrogw_config::catalog::WireId;
    use ferrogw_config::model::Retry;
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn policy(attempts: i64, on_status_codes: Option<Vec<i64>>) -> RetryPolicy {
        Retry { attempts: Some(attempts), on_status_codes, initial_backoff_ms: Some(100) }.policy()
    }

    fn failure(class: FailureClass, status: u16, retry_after: Option<u64>) -> Failure {
        let (status, retry_after) = (StatusCode::from_u16(status).ok(), retry_after.map(Duration::from_secs));
        Failure { status, retry_after, ..Failure::ours(class, "x") }
    }

    #[test]
    fn statuses_are_repeated_by_policy_and_broken_connections_always() {
        use FailureClass as Class;
        let repeats = |class, status, listed| wait(&policy(2, listed), &failure(class, status, None), 1).is_some();
        assert!(
            repeats(Class::RateLimited, 429, None) && repeats(Class::Server, 500, None) && repeats(Class::Overloaded, 529, None)
        );
        assert!(
            !repeats(Class::InvalidRequest, 400, None)
                && !repeats(Class::Auth, 401, None)
                && !repeats(Class::NotFound, 404, None)
        );
        assert!(repeats(Class::Server, 502, Some(vec![502])) && !repeats(Class::Server, 500, Some(vec![502])));
        assert!(repeats(Class::Connection, 0, Some(vec![502])));
        assert!(!repeats(Class::Timer, 0, None) && !repeats(Class::QuotaExceeded, 429, None));
    }

    #[test]
    fn what_does_not_pass_by_itself_is_not_repeated_even_where_it_is_listed() {
        let everything = policy(2, Some((400..=599).collect()));
        let repeated: Vec<u16> = (400..=599)
            .filter(|status| {
                let status = StatusCode::from_u16(*status).expect("a status");
                let failure = ferrogw_providers::wire(WireId::OpenAi).failure(status, &HeaderMap::new(), b"{}");
                wait(&everything, &failure, 1).is_some()
            })
            .collect();
        assert_eq!(repeated, [408, 424, 429, 498].into_iter().chain(500..=599).collect::<Vec<_>>());
    }

    #[test]
    fn no_more_tries_than_the_policy_says() {
        let failure = failure(FailureClass::Server, 500, None);
        assert!(wait(&policy(3, None), &failure, 2).is_some());
        assert_eq!(wait(&policy(3, None), &failure, 3), None);
        assert_eq!(wait(&policy(1, None), &failure, 1), None);
    }

    #[test]
    fn the_wait_is_drawn_below_a_bound_that_doubles() {
        let server = failure(FailureClass::Server, 500, None);
        for (tries, bound) in [(1, 100), (2, 200), (3, 400), (12, 30_000), (60, 30_000)] {
            let wait = wait(&policy(100, None), &server, tries).expect("tries are left");
            assert!(wait < Duration::from_millis(bound), "{wait:?} after {tries}");
        }
    }

    #[test]
    fn the_providers_wish_comes_first_unless_it_asks_for_too_much() {
        let wished = |seconds| wait(&policy(2, None), &failure(FailureClass::RateLimited, 429, Some(seconds)), 1);
        assert_eq!(wished(2), Some(Duration::from_secs(2)));
        assert_eq!(wished(30), Some(Duration::from_secs(30)));
        assert_eq!(wished(31), None);
    }
}
