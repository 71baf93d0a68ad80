//! What is printed for whoever starts the gateway, as plain text on standard output.
#![expect(clippy::print_stdout, reason = "this is what standard output is for; logs go to standard error")]

use ferrogw_control_plane::FirstStart;
use ferrogw_data_plane::standing::{Standing, Witness};

/// Says where the gateway is and, on its first start, shows its keys, which nobody can see again.
pub(crate) fn addresses_and_keys(port: u16, keys: Option<&FirstStart>) {
    println!("ferrogw {} is running.", env!("CARGO_PKG_VERSION"));
    println!("  API            http://localhost:{port}/v1");
    println!("  Admin          http://localhost:{port}/admin");
    println!("  Dashboard      http://localhost:{port}/dashboard");
    match keys {
        Some(FirstStart { admin_key, inference_key }) => {
            match admin_key {
                Some(key) => println!("  Admin key      {}   (shown this once; keep it)", key.expose()),
                None => println!(
                    "  Admin key      the one that ADMIN_BOOTSTRAP_KEY brought; it opens the two above and makes further keys there"
                ),
            }
            println!("  Inference key  {}   (shown this once; keep it)", inference_key.expose());
        }
        None => println!("  Keys           were made before; more can be made with an admin key at /admin/keys"),
    }
}

/// Says where requests go, as soon as that is known, and on the first start how to try it.
pub(crate) async fn invitation(port: u16, witness: Witness, keys: Option<FirstStart>) {
    let standing = witness.standing().await;
    println!("  Requests go to {}", destination(&standing));
    if let (Some(keys), Some(model)) = (keys, &standing.model) {
        println!("\nTry it:\n\n{}\n", curl(port, keys.inference_key.expose(), model));
    }
}

fn destination(Standing { demo, targets, .. }: &Standing) -> String {
    match targets.as_slice() {
        _ if *demo => "the built-in demo, as no provider's credential (such as OPENAI_API_KEY) was found".to_owned(),
        [] => "nobody yet; activate a configuration at /admin/config, or set a provider's credential and start again".to_owned(),
        targets => targets.join(", "),
    }
}

/// A line that pastes into a shell and prints JSON.
fn curl(port: u16, key: &str, model: &str) -> String {
    let body = serde_json::json!({"model": model, "messages": [{"role": "user", "content": "Say hello from ferrogw"}]});
    let body = body.to_string().replace('\'', r"'\''");
    format!(
        "curl -s http://localhost:{port}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{body}'"
    )
}
