//! A disk without room under a worker's spool: traffic goes on, and the sums lose nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use ferrogw_tests::{Database, Deployment, Reply, World, eventually};
use serde_json::json;

use crate::setting::{alone, many};

/// A file system of a few pages; it takes root to make one.
struct TinyDisk(PathBuf);

impl TinyDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder under the temporary directory");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o"]).arg(format!("size={size}")).arg("tmpfs").arg(at);
        mount.output().is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// More than the disk and the memory for what it refuses can hold in detail.
const USES: usize = 12_000;

#[tokio::test]
async fn a_full_disk_under_the_spool_costs_detail_and_no_money() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let Some(disk) = TinyDisk::mount(&folder.path().join("disk"), "128k") else {
        eprintln!("skipped: only root can mount the tiny disk that this needs");
        return;
    };
    let mut world = World::start(Deployment::Split(Database::Sqlite), alone).await;
    world.gateway.worker(0).kill();
    world.gateway.worker(0).set("FERROGW_DATA_DIR", &disk.0.to_string_lossy());
    world.gateway.worker(0).start();
    world.gateway.await_ready(0).await;
    let key = world.gateway.create_key(json!({ "name": "spender", "scopes": ["inference"] })).await;
    let (client, model) = (world.client().with_key(&key.secret), world.upstream.answers(Reply::completion("ok")));

    world.gateway.control().kill();
    many(&client, &model, USES).await;
    world.gateway.control().start();
    world.gateway.await_admin().await;

    let admin = world.admin();
    let last = eventually(&format!("all uses are counted\n{}", world.gateway.tails()), async || {
        let key = admin.get(&format!("/admin/keys/{}", key.id)).await.expect(200).json();
        (key["usage_count"].as_u64() >= Some(USES as u64)).then_some(key)
    })
    .await;
    assert_eq!(last["usage_count"], USES as u64, "uses were counted twice");
    let detailed = admin.get(&format!("/admin/logs?api_key_id={}", key.id)).await.expect(200).json();
    assert!(detailed["summary"]["total_entries"].as_u64() < Some(USES as u64), "the disk was never full");
    drop(world);
}
