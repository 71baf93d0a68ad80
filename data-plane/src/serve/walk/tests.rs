use super::*;

fn failed(class: FailureClass) -> Miss {
    Miss::Failed(Failure::ours(class, "x"))
}

#[test]
fn what_the_client_can_mend_is_told_before_what_happened() {
    use FailureClass as Class;
    let order = [
        Class::ContextLength,
        Class::RateLimited,
        Class::Overloaded,
        Class::Timer,
        Class::Server,
        Class::Connection,
        Class::QuotaExceeded,
        Class::NotFound,
        Class::Auth,
    ];
    let weights = order.map(|class| weight(&failed(class)));
    assert!(weights.is_sorted_by(|first, second| first > second), "{weights:?}");
    let refused = Miss::Refused(Refusal::Unsupported { param: "n".into(), detail: "is not supported".into() });
    assert!(weight(&refused) < weights[8], "a target that cannot be asked says nothing about one that failed");
}

#[test]
fn only_a_request_that_every_target_would_refuse_ends_the_walk() {
    use FailureClass as Class;
    for class in [Class::InvalidRequest, Class::ContentFilter] {
        assert!(ends_the_walk(&failed(class)), "{class:?}");
    }
    for class in [Class::ContextLength, Class::Auth, Class::NotFound, Class::RateLimited, Class::Timer, Class::Malformed] {
        assert!(!ends_the_walk(&failed(class)), "{class:?}");
    }
}
