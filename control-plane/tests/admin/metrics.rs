//! The scrape.

use axum::http::StatusCode;

use crate::plane::{MASTER_KEY, Plane};

on_every_database! {
    async fn the_scrape_needs_a_reader_and_shows_no_name(plane: &Plane) {
        let (reader, user) = (plane.key("the-reader", &["read_only"]).await, plane.key("the-user", &["inference"]).await);
        plane.configure(&["openai"]).await;
        for path in ["/metrics", "/admin/metrics"] {
            assert_eq!(plane.get(path).anonymous().text_of().await.0, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(plane.get(path).by(&user.secret).text_of().await.0, StatusCode::FORBIDDEN, "{path}");
            let (status, text) = plane.get(path).by(&reader.secret).text_of().await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(text.contains("\ncontrolplane_config_version 1\n") && text.ends_with("# EOF\n"), "{text}");
            assert!(!text.contains("the-reader") && !text.contains(&reader.id), "{text}");
        }
    }

    async fn sign_ins_and_outages_are_counted(plane: &Plane) {
        for key in [MASTER_KEY, "sk-ferro-wrong", "sk-ferro-wrong-too"] {
            plane.post("/admin/session").by(key).send().await;
        }
        let (_, text) = plane.get("/metrics").text_of().await;
        assert!(text.contains("controlplane_login_attempts_total{result=\"ok\"} 1\n"), "{text}");
        assert!(text.contains("controlplane_login_attempts_total{result=\"denied\"} 2\n"), "{text}");
        assert!(text.contains("\ncontrolplane_store_up 1\n"), "{text}");
        plane.store().close().await;
        plane.get("/admin/keys").send().await.expect(StatusCode::SERVICE_UNAVAILABLE);
        let (status, text) = plane.get("/metrics").text_of().await;
        assert_eq!(status, StatusCode::OK, "the master key needs no store");
        assert!(text.contains("controlplane_store_errors_total{by=\"admin\"} 1\n"), "{text}");
        assert!(text.contains("\ncontrolplane_store_up 0\n"), "{text}");
    }
}
