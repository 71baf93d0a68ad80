//! MCP servers. They are not served yet; their rules are checked all the same.

use std::collections::BTreeSet;

use super::{headers, name, variables};
use crate::model::McpServer;
use crate::origin::Origin;
use crate::path::Path;
use crate::report::Report;

pub(super) fn check(servers: &[McpServer], report: &mut Report) {
    let path = Path::ROOT.key("mcp_servers");
    let mut names = BTreeSet::new();
    for (index, server) in servers.iter().enumerate() {
        let path = path.index(index);
        if name(&path.key("name"), &server.name, report) && !names.insert(&server.name) {
            report.error(
                &path.key("name"),
                format!("`{}` is the name of another server", server.name),
                "give it a name of its own",
            );
        }
        transport(&path, server, report);
        headers::check(&path.key("headers"), &server.headers, None, report);
        let env = path.key("env");
        server.env.iter().for_each(|(key, value)| variables::check(&env.key(key), value, None, report));
        for (key, number) in [("max_call_depth", server.max_call_depth), ("timeout_seconds", server.timeout_seconds)] {
            if number.is_some_and(|number| number < 1) {
                report.error(&path.key(key), "is less than one", "write a positive number, or remove it");
            }
        }
        let tools = path.key("allowed_tools");
        for (index, tool) in server.allowed_tools.iter().flatten().enumerate() {
            name(&tools.index(index), tool, report);
        }
    }
    if !servers.is_empty() {
        report.not_yet_served(&path, "`mcp_servers`", "remove it");
    }
}

fn transport(path: &Path<'_>, server: &McpServer, report: &mut Report) {
    match (&server.url, &server.command) {
        (Some(url), None) => {
            if let Err(error) = Origin::of(url) {
                report.error(&path.key("url"), error.to_string(), "write an http or https URL");
            }
        }
        (None, Some(command)) => {
            name(&path.key("command"), command, report);
        }
        (Some(_), Some(_)) => report.error(path, "has both `url` and `command`", "keep one of the two"),
        (None, None) => report.error(path, "has neither `url` nor `command`", "give it one of the two"),
    }
}
