// Every page, for each role, in both themes, wide and narrow: nothing is broken, nothing leaves the origin, everybody can read it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { keys, launch, open, origin, overflow, pages, picture, stored, violations, visit, widths } from "./console.mjs";

let browser;
let close;
before(async () => ({ browser, close } = await launch()));
after(() => close());

for (const [role, key] of Object.entries(keys)) {
  for (const theme of ["light", "dark"]) {
    for (const [size, viewport] of Object.entries(widths)) {
      test(`${role}, ${theme}, ${size}: every page`, async (t) => {
        const { context, page, faults } = await visit(browser, { key, theme, size: viewport });
        for (const [name, path] of pages) {
          await t.test(name, async () => {
            await open(page, path);
            await picture(page, `${name}-${role}-${theme}-${size}`);
            assert.deepEqual(await violations(page), []);
            assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
            assert.deepEqual(faults.splice(0), []);
          });
        }
        await context.close();
      });
    }
  }
}

test("a reader sees everything and can change nothing", async () => {
  const { context, page } = await visit(browser, { key: keys.reader });
  for (const [name, path] of pages) {
    await open(page, path);
    const changing = page.getByRole("button", { name: /^(create|review|discard|roll back|revoke|rotate|delete|edit|end|send)( key| and apply| all sessions)?$/i });
    assert.equal(await changing.count(), 0, name);
  }
  await open(page, "/dashboard/configuration");
  assert.equal(await page.getByLabel("Configuration", { exact: true }).and(page.locator("textarea")).getAttribute("readonly"), "");
  await context.close();
});

test("details are pages too, and Escape leads back", async () => {
  const { context, page, faults } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/keys");
  await page.locator("tbody a.open").first().click();
  await page.locator("aside.drawer").waitFor();
  assert.match(page.url(), /\/dashboard\/keys\/[0-9a-f-]+$/);
  await page.reload();
  await page.locator("aside.drawer dl.facts").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/dashboard\/keys$/);

  await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers: { authorization: "Bearer nobody" }, body: "{}" });
  await stored(1, "status=error");
  await open(page, "/dashboard/logs");
  await page.locator("tbody tr").first().click();
  await page.locator("aside.drawer dl.facts").first().waitFor();
  assert.match(page.url(), /\/dashboard\/logs\/[0-9a-f-]+$/);
  assert.deepEqual(await violations(page), []);
  await picture(page, "request-detail");
  await page.goBack();
  await page.locator("aside.drawer").waitFor({ state: "detached" });
  assert.deepEqual(faults, []);
  await context.close();
});

test("an address that is no page says so", async () => {
  const { context, page } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/nothing/here");
  await page.getByText("There is no such page").waitFor();
  assert.deepEqual(await violations(page), []);
  await context.close();
});
