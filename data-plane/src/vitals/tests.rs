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
    assert_eq!(target.last_error().expect("just noted").message, "refused");
    target.succeeded(Duration::from_millis(5));
    assert!(!target.is_misconfigured());
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
