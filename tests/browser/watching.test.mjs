// What operators look at: the request log with its filters, live, and in files; the charts; a model tried.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { keys, launch, open, origin, picture, settled, stored, violations, visit } from "./console.mjs";

let browser;
let close;
let context;
let page;
before(async () => {
  ({ browser, close } = await launch());
  ({ context, page } = await visit(browser, { key: keys.admin }));
});
after(async () => {
  await context.close();
  await close();
});

const chat = (model = "demo") =>
  fetch(`${origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.FERROGW_TEST_INFERENCE_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Say hello" }] }),
  });

test("filters are in the address, and the address brings them back", async () => {
  await chat("a-model-that-nobody-has");
  await stored(1, "model=a-model-that-nobody-has");
  await open(page, "/dashboard/logs");
  await page.getByLabel("Outcome").selectOption("error");
  await page.waitForURL(/status=error/);
  await page.waitForFunction(() => {
    const statuses = [...document.querySelectorAll("tbody tr .pill")].map((pill) => Number(pill.innerText));
    return statuses.length > 0 && statuses.every((status) => status >= 400);
  });
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel("Outcome").inputValue(), "error");
  await page.getByRole("button", { name: "Clear" }).click();
  await page.waitForURL(/\/dashboard\/logs$/);
});

test("a request is opened in front of the filtered list, and one step leads back", async () => {
  for (const [path, opened] of [["/dashboard/logs?status=error", /\/logs\/[0-9a-f-]+\?status=error$/], ["/dashboard/keys?sort=name", /\/keys\/[0-9a-f-]+\?sort=name$/]]) {
    await open(page, path);
    const link = page.locator("tbody a.open").first();
    for (const act of [() => link.click(), () => link.press("Enter"), () => page.locator("tbody tr").first().click()]) {
      await act();
      await page.locator("aside.drawer").waitFor();
      assert.match(page.url(), opened);
      await page.goBack();
      await page.locator("aside.drawer").waitFor({ state: "detached" });
      assert.equal(page.url(), `${origin}${path}`);
    }
    const [tab] = await Promise.all([context.waitForEvent("page"), link.click({ modifiers: ["Control"] })]);
    await tab.close();
    assert.equal(page.url(), `${origin}${path}`);
  }
});

test("a long log is turned page by page", async () => {
  await Promise.all(Array.from({ length: 70 }, () => chat("a-model-of-a-long-log")));
  await stored(70, "model=a-model-of-a-long-log");
  await open(page, "/dashboard/logs");
  const ids = () => page.locator("tbody a.open").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const first = await ids();
  assert.equal(first.length, 50);
  await page.getByRole("button", { name: "Older" }).click();
  await page.waitForURL(/cursor=/);
  await page.waitForFunction((href) => !document.querySelector(`tbody a[href="${href}"]`), first[0]);
  const second = await ids();
  assert.ok(second.length > 0 && second.every((id) => !first.includes(id)));
  await page.getByRole("button", { name: "Newest" }).click();
  await page.waitForFunction((href) => document.querySelector(`tbody a[href="${href}"]`), first[49]);
});

test("a request that was looked at leaves the log where it was", async () => {
  await Promise.all(Array.from({ length: 41 }, () => chat("a-model-far-down")));
  await stored(41, "model=a-model-far-down");
  await open(page, "/dashboard/logs");
  const link = page.locator("tbody a.open").nth(40);
  const path = await link.getAttribute("href");
  await link.focus();
  const place = await page.evaluate(() => scrollY);
  assert.ok(place > 0, "it is far down");
  await link.press("Enter");
  await page.locator("aside.drawer dl.facts").first().waitFor();
  assert.equal(await page.evaluate(() => scrollY), place);
  await page.keyboard.press("Escape");
  await page.locator("aside.drawer").waitFor({ state: "detached" });
  await page.waitForFunction((path) => document.activeElement.getAttribute("href") === path, path);
  assert.equal(await page.evaluate(() => scrollY), place);
});

test("requests are followed as they end", async () => {
  await open(page, "/dashboard/logs");
  await page.getByRole("button", { name: "Follow live" }).click();
  await page.getByText("Waiting for requests").waitFor();
  await chat("followed-model");
  await page.locator("tbody tr", { hasText: "followed-model" }).waitFor({ timeout: 10_000 });
  await picture(page, "requests-live");
  assert.deepEqual(await violations(page), []);
});

test("whoever follows requests is told when the session ends, and follows on after signing in", async () => {
  const reader = await visit(browser, { key: keys.admin });
  await open(reader.page, "/dashboard/logs");
  await reader.page.getByRole("button", { name: "Follow live" }).click();
  await reader.page.getByText("Waiting for requests").waitFor();
  const [cookie] = await reader.context.cookies(`${origin}/admin`);
  await reader.context.request.delete(`${origin}/admin/session`, { headers: { authorization: `Bearer ${cookie.value}` } });
  const dialog = reader.page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.waitFor({ timeout: 30_000 });
  await dialog.getByLabel("Key", { exact: true }).fill(keys.admin);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await reader.page.getByText("Waiting for requests").waitFor();
  await reader.page.getByText(/it was interrupted until \d\d:\d\d:\d\d/).waitFor();
  await chat("followed-again");
  await reader.page.locator("tbody tr", { hasText: "followed-again" }).waitFor();
  assert.deepEqual(await violations(reader.page), []);
  await reader.context.close();
});

test("the same requests come as files", async () => {
  await open(page, "/dashboard/logs?model=followed-model");
  for (const [name, file] of [["CSV", "requests.csv"], ["JSON", "requests.ndjson"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
    assert.equal(download.suggestedFilename(), file);
    const text = await (await download.createReadStream()).reduce((all, part) => all + part, "");
    assert.ok(text.includes("followed-model"), text.slice(0, 200));
  }
});

test("charts can be read with the keyboard", async () => {
  await open(page, "/dashboard/?range=15m");
  const chart = page.getByRole("img", { name: /^Requests over time/ });
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator(".chart-tip").waitFor();
  await picture(page, "overview-tip");
  await page.getByLabel("Range of time").selectOption({ label: "Last 7 days" });
  await page.waitForURL(/range=7d/);
});

test("charts are narrowed to one model, provider and key, and widened again", async () => {
  const listed = await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${process.env.FERROGW_TEST_INFERENCE_KEY}` } });
  const model = (await listed.json()).data[0].id;
  await Promise.all([chat(model), chat("another-model-that-nobody-has")]);
  await Promise.all([stored(1, `model=${model}`), stored(1, "model=another-model-that-nobody-has")]);
  const total = async (query) => {
    const since = new Date(Date.now() - 900_000).toISOString();
    const answer = await fetch(`${origin}/admin/usage?since=${since}&${query}`, { headers: { authorization: `Bearer ${keys.admin}` } });
    return (await answer.json()).summary.requests;
  };
  const shows = (number) => page.waitForFunction((text) => document.querySelector(".tiles dd")?.innerText === text, String(number));
  await open(page, "/dashboard/?range=15m");
  const first = page.getByRole("region", { name: "Models" }).getByRole("button", { name: /^Charts of model .* alone$/ }).first();
  await first.waitFor({ timeout: 40_000 });
  for (const [region, word] of [["Models", "model"], ["Providers", "provider"], ["Keys", "key"]]) {
    const item = page.getByRole("region", { name: region }).locator("li", { has: page.getByRole("button") }).first();
    await item.getByRole("button").click();
    await page.waitForURL((url) => url.searchParams.has(word));
    assert.equal(await item.getByRole("button").getAttribute("aria-pressed"), "true", word);
    assert.match(await item.getByRole("link").getAttribute("href"), /model=/, "its requests are narrowed too");
  }
  const { searchParams } = new URL(page.url());
  const narrowed = new URLSearchParams({ model: searchParams.get("model"), provider: searchParams.get("provider"), api_key_id: searchParams.get("key") });
  const [some, all] = [await total(narrowed), await total("")];
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  await shows(some);
  await page.getByRole("button", { name: "Everything" }).scrollIntoViewIfNeeded();
  await picture(page, "overview-narrowed");
  assert.deepEqual(await violations(page), []);
  await first.click();
  await page.waitForURL((url) => !url.searchParams.has("model"));
  assert.equal(await first.getAttribute("aria-pressed"), "false");
  await page.getByRole("button", { name: "Everything" }).click();
  await page.waitForURL((url) => !url.searchParams.has("key"));
  await shows(all);
});

test("a model is tried, and its record found", async () => {
  await open(page, "/dashboard/playground");
  await page.waitForFunction(() => document.querySelector("#model").value !== "");
  await page.getByLabel("What to say").fill("Say hello");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Its record").waitFor({ timeout: 15_000 });
  await picture(page, "playground-answer");
  assert.deepEqual(await violations(page), []);
  for (const side of ["Response", "curl", "Python", "Node"]) {
    await page.getByRole("button", { name: side, exact: true }).click();
    assert.ok((await page.locator("pre.code").first().innerText()).length > 20, side);
  }
  await page.getByText("Its record").click();
  await settled(page);
  await page.locator("tbody tr").first().waitFor();
});
