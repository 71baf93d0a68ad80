// Two planes and a database of their own, and what is really ended here: a worker, the control plane, the database, a key.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { keys, launch, open, origin, picture, settled, signIn, violations, visit } from "./console.mjs";

let browser;
let close;
before(async () => ({ browser, close } = await launch()));
after(() => close());

/** Asks whoever started the gateway to end or start a part of it. */
const turn = async (what) => assert.equal((await fetch(`${process.env.FERROGW_TEST_SWITCH}/${what}`)).status, 200, what);

const admin = async (path, method, data) => {
  const answer = await fetch(`${origin}/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.admin}`, "content-type": "application/json" },
    body: data && JSON.stringify(data),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
};

test("a worker answers what the playground asks the control plane", async () => {
  const { context, page, faults } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/playground");
  await page.waitForFunction(() => document.querySelector("#model").value !== "");
  await page.getByLabel("What to say").fill("Hello there");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/built-in demo/).first().waitFor({ timeout: 15_000 });
  await picture(page, "planes-playground");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a worker that is killed is shown as offline, and the other one as current", async () => {
  const { context, page, faults } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/workers");
  const states = page.getByRole("table", { name: "Workers" }).locator("tbody .pill");
  await states.filter({ hasText: "Current" }).nth(1).waitFor();
  await turn("worker/kill");
  await states.filter({ hasText: "Offline" }).waitFor({ timeout: 20_000 });
  assert.equal(await states.filter({ hasText: "Current" }).count(), 1);
  await picture(page, "planes-worker-killed");
  assert.deepEqual(await violations(page), []);
  await turn("worker/start");
  await states.filter({ hasText: "Current" }).nth(1).waitFor({ timeout: 20_000 });
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [title, off, on, told, timeout] of [
  ["a control plane that is killed is missed, and found again", "control/kill", "control/start", "The control plane cannot be reached", 20_000],
  ["a database that is stopped is told, and what was shown stays", "database/down", "database/up", "The control plane cannot do its work", 30_000],
]) {
  test(title, async () => {
    const { context, page } = await visit(browser, { key: keys.admin });
    await open(page, "/dashboard/keys");
    const rows = await page.locator("tbody tr").count();
    await turn(off);
    await page.getByText(told).first().waitFor({ timeout });
    assert.equal(await page.locator("tbody tr").count(), rows);
    await picture(page, `planes-${off.replace("/", "-")}`);
    assert.deepEqual(await violations(page), []);
    await turn(on);
    await page.getByText(told).first().waitFor({ state: "detached", timeout: 30_000 });
    await settled(page);
    assert.equal(await page.locator("tbody tr").count(), rows);
    await context.close();
  });
}

test("whose key is revoked is signed out", async () => {
  const made = await admin("keys", "POST", { name: "soon revoked", scopes: ["admin"] });
  const { context, page } = await visit(browser);
  await signIn(context, made.key);
  await open(page, "/dashboard/workers");
  await admin(`keys/${made.id}/revoke`, "POST");
  await page.getByRole("dialog", { name: "Your session has ended" }).waitFor({ timeout: 20_000 });
  assert.deepEqual(await violations(page), []);
  await context.close();
});
