use super::*;

#[test]
fn every_page_is_found_at_its_own_path() {
    let pages = [
        Page::Overview,
        Page::Requests,
        Page::Request("0190a8c4-7d5b".into()),
        Page::Configuration,
        Page::History,
        Page::Keys,
        Page::Key("a/b?c#d%25 <é>".into()),
        Page::Providers,
        Page::Workers,
        Page::Playground,
        Page::Audit,
        Page::Sessions,
        Page::SignIn,
    ];
    for page in pages {
        assert_eq!(Page::at(&page.path()), page);
    }
}

#[test]
fn the_bare_address_is_the_overview_and_others_are_nowhere() {
    assert_eq!(Page::at("/dashboard"), Page::Overview);
    assert_eq!(Page::at("/dashboard/keys/"), Page::Keys);
    assert_eq!(Page::at("/dashboard/nothing"), Page::Nowhere("/dashboard/nothing".into()));
}

#[test]
fn a_list_and_one_thing_of_it_are_one_page() {
    for (list, one) in [(Page::Requests, Page::Request("a".into())), (Page::Keys, Page::Key("a".into()))] {
        assert_eq!(list.title(), one.title());
    }
}

#[test]
fn a_query_survives_the_way_through_an_address() {
    let query = Query::default().with("model", "<script>&=?# é\u{202e}").with("range", "24h").with("model", "x+y z");
    assert_eq!(query.text(), "model=x%2By%20z&range=24h");
    assert_eq!(Query::of(&query.text()), query);
    assert_eq!(Query::of("?a=1&b=&=c&d&a=2").text(), "a=1&a=2");
    assert_eq!(query.clone().with("model", "").get("model"), None);
    assert_eq!(query.only(&["range"]).text(), "range=24h");
}

#[test]
fn broken_escapes_stand_for_themselves() {
    for (text, plain) in [("50%", "50%"), ("%zz", "%zz"), ("%e2%82", "\u{fffd}"), ("%F0%9F%90%98", "🐘"), ("%é", "%é")] {
        assert_eq!(query::decode(text), plain);
    }
}

#[test]
fn signing_in_leads_to_a_page_of_the_console_only() {
    for next in ["/dashboard/keys?x=1", "/dashboard/logs/abc", "/dashboard"] {
        assert_eq!(safe_next(Some(next)), next);
    }
    for next in [
        "https://evil.example/dashboard",
        "//evil.example",
        "/dashboard//evil.example",
        "/dashboards",
        "/dashboard/sign-in",
        "/dashboard\\@evil",
        "javascript:alert(1)",
        "/admin/keys",
        "",
    ] {
        assert_eq!(safe_next(Some(next)), "/dashboard/", "{next}");
    }
    assert_eq!(safe_next(None), "/dashboard/");
}
