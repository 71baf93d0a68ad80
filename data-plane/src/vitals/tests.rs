use super::*;

fn target() -> Arc<TargetVitals> {
    Vitals::default().of("a", "openai")
}

#[test]
fn a_target_that_keeps_its_name_and_provider_keeps_its_vitals() {
    let vitals = Vitals::default();
    assert!(Arc::ptr_eq(&vitals.of("a", "openai"), &vitals.of("a", "openai")));
    assert!(!Arc::ptr_eq(&vitals.of("a", "openai"), &vitals.of("a", "groq")));
}

#[test]
fn every_class_is_counted_in_its_own_place() {
    let target = target();
    for class in CLASSES {
        target.failed(&Failure::ours(class, "x"));
    }
    assert_eq!(target.failures_by_class().collect::<Vec<_>>(), CLASSES.map(|class| (class, 1)));
    assert_eq!(target.failures(), 13);
}

#[test]
fn a_refused_credential_shows_as_misconfigured_until_the_target_answers() {
    let target = target();
    target.failed(&Failure::ours(FailureClass::Auth, "refused"));
    assert!(target.is_misconfigured());
    assert!(target.is_refused());
    assert_eq!(target.last_error().expect("just noted").message, "refused");
    target.succeeded(Duration::from_millis(5));
    assert!(!target.is_misconfigured() && !target.is_refused());
}

#[test]
fn only_an_objection_to_the_credential_itself_is_a_refusal_of_the_target() {
    use FailureClass as Class;
    for (class, status, refused) in [
        (Class::Auth, 400, true),
        (Class::Auth, 401, true),
        (Class::Auth, 402, false),
        (Class::Auth, 403, false),
        (Class::NotFound, 404, false),
    ] {
        let target = target();
        target.failed(&Failure { status: http::StatusCode::from_u16(status).ok(), ..Failure::ours(class, "x") });
        assert_eq!((target.is_misconfigured(), target.is_refused()), (true, refused), "{status}");
    }
}

#[test]
fn failures_are_in_a_row_until_the_target_answers_and_a_bad_request_is_none_of_them() {
    let target = target();
    for class in [FailureClass::Server, FailureClass::InvalidRequest, FailureClass::Timer] {
        target.failed(&Failure::ours(class, "x"));
    }
    assert_eq!(target.failures_in_row(), 2);
    target.succeeded(Duration::from_millis(5));
    assert_eq!(target.failures_in_row(), 0);
}

#[test]
fn latency_is_unknown_at_first_and_follows_the_samples() {
    let target = target();
    assert_eq!(target.latency(), None);
    target.succeeded(Duration::from_millis(100));
    target.succeeded(Duration::from_millis(200));
    assert_eq!(target.latency(), Some(Duration::from_millis(120)));
}

#[test]
fn an_attempt_is_in_flight_until_its_guard_is_dropped() {
    let target = target();
    let guard = target.begin();
    assert_eq!((target.in_flight(), target.attempts()), (1, 1));
    drop(guard);
    assert_eq!((target.in_flight(), target.attempts()), (0, 1));
}
