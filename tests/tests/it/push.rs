//! Configuration on its way to the workers: live everywhere, refused without harm, visible when it is.

use ferrogw_tests::{Reply, World, Worlds, eventually, over_both};
use serde_json::{Value, json};

use crate::setting::{alone, hello, openai};

static WORLDS: Worlds = Worlds::of(alone);

over_both!(WORLDS: a_configuration_is_live_on_every_worker_and_a_refused_one_is_not);

/// One sentence and not two, since both change the one configuration of the gateway that they share.
async fn a_configuration_is_live_on_every_worker_and_a_refused_one_is_not(world: &World) {
    let model = world.upstream.answers(Reply::completion("through the alias"));
    let mut config = alone(&world.upstream);
    config["aliases"] = json!({ "nickname": model });
    let live = world.gateway.apply(&config).await;
    for worker in 0..world.gateway.workers() {
        let answer = world.gateway.client_of(worker).chat(&hello("nickname")).await.expect(200);
        assert_eq!(answer.content(), "through the alias");
    }

    let refused = json!({ "targets": [openai(&world.upstream, "alpha", "${A_VARIABLE_THAT_NO_WORKER_HAS}")] });
    world.admin().put("/admin/config", &refused).await.expect(200);

    let admin = world.admin();
    eventually("every worker says what it refuses and why", async || {
        let workers = admin.get("/admin/workers").await.expect(200).json();
        let refuses = |worker: &Value| {
            worker["status"] == "refused"
                && worker["version"] == live
                && worker["issues"].to_string().contains("A_VARIABLE_THAT_NO_WORKER_HAS")
        };
        workers["data"].as_array()?.iter().all(refuses).then_some(())
    })
    .await;
    for worker in 0..world.gateway.workers() {
        let answer = world.gateway.client_of(worker).chat(&hello("nickname")).await.expect(200);
        assert_eq!(answer.content(), "through the alias", "the configuration from before goes on");
    }
}
