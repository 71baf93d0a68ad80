// What operators change: keys, configuration, sessions.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { keys, launch, open, origin, picture, settled, violations, visit } from "./console.mjs";

let browser;
let close;
let context;
let page;
let faults;
before(async () => {
  ({ browser, close } = await launch());
  ({ context, page, faults } = await visit(browser, { key: keys.admin }));
});
after(async () => {
  await context.close();
  await close();
});

const admin = async (path, method = "GET", body = undefined) => {
  const answer = await fetch(`${origin}/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.admin}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return answer.json();
};

/** Somebody about to leave is asked whether to, and stays. */
const stay = (page, act) => Promise.all([page.waitForEvent("dialog").then((question) => question.dismiss()), act()]);

test("a key is made, shown once, copied, and listed", async () => {
  await open(page, "/dashboard/");
  await page.getByRole("link", { name: "API keys", exact: true }).click();
  await settled(page);
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("made in a browser");
  await picture(page, "key-create");
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Create key" }).click();

  const secret = await dialog.locator("#secret").innerText();
  assert.match(secret, /^sk-ferro-/);
  await page.keyboard.press("Escape");
  assert.ok(await dialog.isVisible(), "a secret must not be lost by a slip of the hand");
  await stay(page, () => page.goBack());
  await page.waitForURL(/\/dashboard\/keys$/);
  assert.equal(await dialog.locator("#secret").innerText(), secret);
  await picture(page, "key-secret");
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Copy the key" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
  assert.ok(await dialog.getByRole("button", { name: "Done" }).isDisabled());
  await dialog.getByLabel("I have stored the key").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "made in a browser" }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
});

test("a dangerous act has to be confirmed by name", async () => {
  await page.getByRole("link", { name: "made in a browser" }).click();
  const drawer = page.locator("aside.drawer");
  await drawer.getByRole("button", { name: "Revoke" }).click();
  const dialog = page.getByRole("dialog");
  const revoke = dialog.getByRole("button", { name: "Revoke" });
  await dialog.locator("#confirm").fill("something else");
  assert.ok(await revoke.isDisabled());
  await dialog.locator("#confirm").fill("made in a browser");
  await picture(page, "key-confirm");
  await revoke.click();
  await drawer.getByText("Revoked").first().waitFor();
  await drawer.getByRole("button", { name: "Delete" }).click();
  await dialog.locator("#confirm").fill("made in a browser");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/dashboard\/keys$/);
  await page.getByRole("link", { name: "made in a browser" }).waitFor({ state: "detached" });
});

test("a key is edited", async () => {
  const made = await admin("keys", "POST", { name: "to be edited", scopes: ["inference"] });
  await open(page, `/dashboard/keys/${made.id}`);
  await page.locator("aside.drawer").getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("edited");
  await dialog.getByRole("button", { name: "30 days" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.locator("aside.drawer").getByRole("heading", { name: "edited", exact: true }).waitFor();
  const listed = await admin("keys");
  const days = (new Date(listed.find((key) => key.id === made.id).expires_at) - Date.now()) / 86_400_000;
  assert.ok(days > 29 && days < 31, `${days}`);
});

const text = () => page.locator("textarea");

test("what is wrong is told beside its line, as the control plane would", async () => {
  await open(page, "/dashboard/configuration");
  await text().fill("strategy:\n  mode: falback\ntargets:\n  - virtual_key: openai\n");
  await page.getByText("1 error").waitFor();
  await page.locator(".gutter-line.bad-line", { hasText: "2" }).waitFor();
  await page.getByText(/did you mean `fallback`/).waitFor();
  await picture(page, "configuration-wrong");
  assert.deepEqual(await violations(page), []);
  const told = await fetch(`${origin}/admin/config`, {
    method: "PUT",
    headers: { authorization: `Bearer ${keys.admin}`, "content-type": "application/yaml" },
    body: await text().inputValue(),
  }).then((answer) => answer.json());
  assert.ok((await page.locator(".issues").innerText()).includes(told.error.issues[0].message));
  assert.ok(await page.getByRole("button", { name: "Review and apply" }).isDisabled());
});

test("the schema says what can be written", async () => {
  await text().fill("strategy:\n  mode: ");
  await text().press("End");
  await page.keyboard.type("fall");
  const offered = page.getByRole("option", { name: /fallback/ });
  await offered.waitFor();
  await picture(page, "configuration-completion");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  assert.equal(await text().inputValue(), "strategy:\n  mode: fallback");
  await page.keyboard.press("Control+z");
  assert.equal(await text().inputValue(), "strategy:\n  mode: fall");
  await text().fill("targets:\n  - virtual_key: opena");
  await text().press("Control+Space");
  await page.getByRole("option", { name: "openai" }).first().click();
  assert.equal(await text().inputValue(), "targets:\n  - virtual_key: openai");
});

const document = (models) => `strategy:\n  mode: fallback\ntargets:\n  - virtual_key: openai\n    models: [${models}]\n`;

test("what would change is shown before it does", async () => {
  await text().fill(document("gpt-4o-mini"));
  await page.getByRole("button", { name: "Review and apply" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator(".diff-line.new", { hasText: "gpt-4o-mini" }).waitFor();
  await dialog.getByLabel("Why").fill("one model is enough");
  await picture(page, "configuration-review");
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Put in force" }).click();
  await page.getByText(/Version \d+ is in force\./).waitFor();
  const { targets } = await admin("config");
  assert.deepEqual(targets[0].models, ["gpt-4o-mini"]);
});

test("what was applied as JSON is what is in force in both syntaxes", async () => {
  const syntax = (name) => page.getByRole("group", { name: "Syntax" }).getByRole("button", { name });
  await syntax("JSON").click();
  await text().fill('{"strategy":{"mode":"fallback"},"targets":[{"virtual_key":"openai","models":["gpt-4o"]}]}');
  await page.getByRole("button", { name: "Review and apply" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Put in force" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Changed", { exact: true }).waitFor({ state: "detached" });
  await syntax("YAML").click();
  assert.match(await text().inputValue(), /^strategy:\n {2}mode: fallback\n/);
});

test("a text that was changed is not lost by going back or signing out", async () => {
  const other = await visit(browser, { key: keys.admin });
  await open(other.page, "/dashboard/keys");
  await other.page.getByRole("link", { name: "Configuration" }).click();
  await other.page.locator("textarea").fill("# half a thought");
  await other.page.getByText("Changed", { exact: true }).waitFor();
  await stay(other.page, () => other.page.goBack());
  await other.page.waitForURL(/\/dashboard\/configuration$/);
  await stay(other.page, async () => {
    await other.page.getByRole("button", { name: /^Account of/ }).click();
    await other.page.getByRole("button", { name: "Sign out" }).click();
  });
  assert.equal(await other.page.locator("textarea").inputValue(), "# half a thought");
  await Promise.all([other.page.waitForEvent("dialog").then((question) => question.accept()), other.page.goBack()]);
  await other.page.waitForURL(/\/dashboard\/keys$/);
  await other.page.getByRole("button", { name: "Create key" }).waitFor();
  await other.context.close();
});

test("whoever was faster is not run over, and their change is shown", async () => {
  await open(page, "/dashboard/configuration");
  await text().fill(document("gpt-4o-mini, gpt-4o"));
  await page.getByRole("button", { name: "Review and apply" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Put in force" }).waitFor();
  const theirs = { strategy: { mode: "fallback" }, targets: [{ virtual_key: "openai", models: ["gpt-4.1"] }] };
  const { version } = await admin("config", "PUT", theirs);
  await dialog.getByRole("button", { name: "Put in force" }).click();
  await dialog.getByText(`Somebody was faster: version ${version} is in force`).waitFor();
  await dialog.locator(".diff-line.new", { hasText: "gpt-4.1" }).first().waitFor();
  await picture(page, "configuration-conflict");
  assert.deepEqual(await violations(page), []);
  assert.deepEqual((await admin("config")).targets[0].models, ["gpt-4.1"]);

  await dialog.getByRole("button", { name: /^Compare mine/ }).click();
  await dialog.locator(".diff-line.gone", { hasText: "gpt-4.1" }).first().waitFor();
  await dialog.getByRole("button", { name: "Put in force" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual((await admin("config")).targets[0].models, ["gpt-4o-mini", "gpt-4o"]);
});

test("history tells who, when and why, compares any two, and leads back", async () => {
  await open(page, "/dashboard/configuration/history");
  await page.getByText("one model is enough").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Look at version 1", exact: true }).click();
  await page.getByLabel("Compare with").selectOption({ index: 0 });
  await page.locator(".diff-line").first().waitFor();
  assert.match(page.url(), /version=1&against=\d+/);
  await picture(page, "history-compare");
  await page.locator("tr", { has: page.getByRole("button", { name: "Look at version 1", exact: true }) }).getByRole("button", { name: "Roll back" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator(".diff-line").first().waitFor();
  await dialog.getByLabel("Why").fill("as it was");
  await picture(page, "history-roll-back");
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Roll back to version 1" }).click();
  await page.getByText(/is in force: what version 1 said/).waitFor();
  await page.getByText(/Rolled back from version \d+: as it was/).first().waitFor();
});

test("whoever was faster than a roll back is not run over either, and nothing that was written is lost", async () => {
  const list = /\/admin\/config\/history\?/;
  await open(page, "/dashboard/configuration/history");
  // The page is not to hear of the other change by itself.
  let tell;
  const told = new Promise((done) => (tell = done));
  await page.route(list, (route) => told.then(() => route.fallback()));
  await page.locator("tr", { has: page.getByRole("button", { name: "Look at version 1", exact: true }) }).getByRole("button", { name: "Roll back" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("written before");
  const theirs = { strategy: { mode: "fallback" }, targets: [{ virtual_key: "openai", models: ["gpt-4.1-nano"] }] };
  const { version } = await admin("config", "PUT", theirs);
  const back = dialog.getByRole("button", { name: "Roll back to version 1" });
  const [answer] = await Promise.all([page.waitForResponse(/\/config\/rollback\/1/), back.click()]);
  assert.equal(answer.status(), 412);
  tell();
  await dialog.getByText(`Somebody was faster: version ${version} is in force`).waitFor();
  await dialog.locator(".diff-line.new", { hasText: "gpt-4.1-nano" }).first().waitFor();
  assert.ok(await back.isDisabled());
  assert.equal(await dialog.getByLabel("Why").inputValue(), "written before");
  await picture(page, "history-conflict");
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: `Compare with version ${version}` }).click();
  await dialog.locator(".diff-line.gone", { hasText: "gpt-4.1-nano" }).first().waitFor();
  await back.click();
  await page.getByText(/is in force: what version 1 said/).waitFor();
  await page.getByText(/Rolled back from version \d+: written before/).first().waitFor();
  await page.unroute(list);
});

test("versions on other pages of the history are compared and gone back to", async () => {
  const put = async (model) => {
    const targets = [{ virtual_key: "openai", models: [model] }];
    return (await admin("config", "PUT", { strategy: { mode: "fallback" }, targets })).version;
  };
  const first = await put("gpt-4.1");
  for (let more = 0; more < 51; more += 1) await put(more % 2 ? "gpt-4.1" : "gpt-4o");
  await put("gpt-4o-mini");
  await open(page, `/dashboard/configuration/history?version=${first + 1}`);
  await page.locator(".diff-line.gone", { hasText: "gpt-4.1" }).first().waitFor();
  await page.getByRole("button", { name: "Older" }).click();
  const row = page.locator("tr", { has: page.getByRole("button", { name: `Look at version ${first}`, exact: true }) });
  await row.getByRole("button", { name: "Roll back" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator(".diff-line.gone", { hasText: "gpt-4o-mini" }).first().waitFor();
  await dialog.getByRole("button", { name: `Roll back to version ${first}` }).click();
  await page.getByText(`is in force: what version ${first} said`).waitFor();
  await admin("config/rollback/1", "POST");
});

test("a session of somebody else is ended", async () => {
  const other = await visit(browser, { key: keys.reader });
  await open(page, "/dashboard/sessions");
  const rows = page.locator("tbody tr");
  const before = await rows.count();
  await rows.filter({ hasNotText: "This one" }).first().getByRole("button", { name: "End" }).click();
  await page.getByText("The session is ended.").waitFor();
  await page.waitForFunction((count) => document.querySelectorAll("tbody tr").length < count, before);
  await other.context.close();
});

test("the audit trail shows what was changed", async () => {
  await open(page, "/dashboard/audit?action=key.update");
  await page.locator("tbody tr", { hasText: "to be edited" }).first().waitFor();
  await picture(page, "audit-key");
  assert.deepEqual(await violations(page), []);
  await open(page, "/dashboard/audit?action=config.rollback");
  await page.getByRole("link", { name: /^version \d+ against \d+$/ }).first().click();
  await page.locator(".diff-line").first().waitFor();
  assert.match(page.url(), /history\?version=\d+&against=\d+/);
});

test("the audit trail tells all of it", async () => {
  await open(page, "/dashboard/audit");
  for (const action of ["key.create", "key.revoke", "config.update", "config.rollback", "session.revoke"]) {
    await page.goto(`/dashboard/audit?action=${action}`);
    await settled(page);
    await page.locator("tbody tr", { hasText: action }).first().waitFor();
  }
  await page.goto("/dashboard/audit?action=key.creat");
  await page.getByText("No entry is like this").waitFor();
  await open(page, "/dashboard/audit");
  const who = page.locator("tbody td[data-label=Who] a").first();
  const [asked] = await Promise.all([page.waitForRequest(/\/admin\/audit\?.*actor_id=/), who.click()]);
  assert.equal(new URL(asked.url()).searchParams.get("actor_id"), new URL(page.url()).searchParams.get("actor"));
  await page.getByRole("button", { name: "Anybody" }).click();
  await page.waitForURL((url) => !url.searchParams.has("actor"));
  await settled(page);
  await page.getByText("Show").first().click();
  await page.locator("pre.code").first().waitFor();
  assert.deepEqual(await violations(page), []);
  // Refusals that were provoked above are told to the console by the browser itself.
  assert.deepEqual(faults.filter((fault) => !/status of 4\d\d/.test(fault)), []);
});
