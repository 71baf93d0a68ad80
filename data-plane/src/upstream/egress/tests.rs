use super::*;

fn guarded() -> Egress {
    Egress::of(&Environment::default())
}

#[test]
fn metadata_and_link_local_hosts_are_refused_however_they_are_spelt() {
    for host in [
        "169.254.169.254",
        "169.254.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "metadata.google.internal",
        "METADATA.google.internal.",
        "metadata",
    ] {
        assert!(!guarded().allows_host(host), "{host}");
    }
}

#[test]
fn self_hosted_models_may_live_on_loopback_and_private_addresses() {
    for host in ["127.0.0.1", "::1", "10.0.0.7", "192.168.1.2", "fd12::1", "localhost", "llm.internal", "api.openai.com"] {
        assert!(guarded().allows_host(host), "{host}");
    }
}

#[test]
fn the_operator_may_lift_the_rule() {
    let lifted = Egress::of(&Environment::from_iter([("FERROGW_ALLOW_LINK_LOCAL", "1")]));
    assert!(lifted.allows_host("169.254.169.254") && lifted.allows_host("metadata.google.internal"));
}

#[tokio::test]
async fn a_name_that_resolves_to_a_refused_address_cannot_be_asked() {
    // The decimal spelling of 169.254.169.254 is no literal address to us, but it is to the system's resolver.
    let mut resolver = Resolver::new(guarded());
    let error = resolver.call("2852039166".parse().expect("a name")).await.expect_err("refused");
    assert!(error.is::<Refused>(), "{error}");
}
