// The way in, the way out, and a session that ends in between.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { keys, launch, open, origin, picture, settled, signIn, violations, visit, widths } from "./console.mjs";

let browser;
let close;
before(async () => ({ browser, close } = await launch()));
after(() => close());

const enter = async (page, key) => {
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

for (const theme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(widths)) {
    test(`the way in, ${theme}, ${size}`, async () => {
      const { context, page, faults } = await visit(browser, { theme, size: viewport });
      await open(page, "/dashboard/sign-in");
      await picture(page, `sign-in-${theme}-${size}`);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
}

test("a reader is led to where they wanted to go", async () => {
  const { context, page } = await visit(browser);
  await page.goto("/dashboard/workers");
  await page.waitForURL(/sign-in\?next=/);
  await enter(page, keys.reader);
  await page.waitForURL(`${origin}/dashboard/workers`);
  await settled(page);
  await page.getByText("Read only").first().waitFor();

  const kept = await page.evaluate(() => [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie].join());
  assert.ok(!kept.includes(keys.reader) && !kept.includes("fgws_"), "scripts can read the credential");
  const [cookie] = await context.cookies(`${origin}/admin`);
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict", JSON.stringify(cookie));
  await context.close();
});

test("a wrong key is told apart from one that may not look", async () => {
  const { context, page } = await visit(browser);
  await open(page, "/dashboard/sign-in");
  await enter(page, "sk-ferro-nothing");
  await page.getByText("This key is unknown, revoked or expired.").waitFor();
  await enter(page, process.env.FERROGW_TEST_INFERENCE_KEY);
  await page.getByText(/may use models, but/).waitFor();
  assert.deepEqual(await violations(page), []);
  await context.close();
});

test("the way out ends the session for good", async () => {
  const { context, page } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/");
  const [cookie] = await context.cookies(`${origin}/admin`);
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/dashboard\/sign-in/);
  const answer = await context.request.get(`${origin}/admin/session`, { headers: { authorization: `Bearer ${cookie.value}` } });
  assert.equal(answer.status(), 401);
  await context.close();
});

test("a session that ends in the middle of something loses nothing of it", async () => {
  const { context, page } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/configuration");
  const text = page.locator("textarea");
  await text.fill(`${await text.inputValue()}# half a thought`);
  const [cookie] = await context.cookies(`${origin}/admin`);
  await context.request.delete(`${origin}/admin/session`, { headers: { authorization: `Bearer ${cookie.value}` } });
  await page.getByRole("dialog", { name: "Your session has ended" }).waitFor({ timeout: 20_000 });
  await picture(page, "session-ended");
  assert.deepEqual(await violations(page), []);
  await enter(page, keys.admin);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.match(await text.inputValue(), /# half a thought$/);
  await context.close();
});

test("a key that loses its scope loses the controls", async () => {
  const admin = (path, method, data) =>
    fetch(`${origin}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${keys.admin}`, "content-type": "application/json" },
      body: JSON.stringify(data),
    }).then((answer) => answer.json());
  const made = await admin("keys", "POST", { name: "soon a reader", scopes: ["admin"] });
  const { context, page } = await visit(browser);
  await signIn(context, made.key);
  await open(page, "/dashboard/keys");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByLabel("Name", { exact: true }).fill("never made");
  await admin(`keys/${made.id}`, "PUT", { scopes: ["read_only"] });
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  await page.getByText("Read only").first().waitFor();
  await page.getByRole("dialog").getByText(/scopes do not allow/).waitFor();
  assert.equal(await page.locator(".bar").getByRole("button", { name: "Create key" }).count(), 0);
  await context.close();
});
