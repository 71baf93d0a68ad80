// A browser at the dashboard, and what has to hold for every page that it shows.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const origin = process.env.FERROGW_TEST_URL;
export const keys = { admin: process.env.FERROGW_TEST_ADMIN_KEY, reader: process.env.FERROGW_TEST_READER_KEY };

export const pages = [
  ["overview", "/dashboard/"],
  ["requests", "/dashboard/logs"],
  ["providers", "/dashboard/providers"],
  ["workers", "/dashboard/workers"],
  ["configuration", "/dashboard/configuration"],
  ["history", "/dashboard/configuration/history"],
  ["keys", "/dashboard/keys"],
  ["audit", "/dashboard/audit"],
  ["playground", "/dashboard/playground"],
  ["sessions", "/dashboard/sessions"],
];

export const widths = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 740 } };

// Nothing but the gateway is talked to: neither by the page nor by the browser.
const SILENT = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), "ferrogw-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.FERROGW_TEST_CHROMIUM ?? "/usr/bin/chromium",
    args: SILENT,
  });
  const browser = context.browser();
  const close = async () => {
    await context.close();
    // The browser may still be writing there.
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return { browser, close };
}

// Whoever wants to know whether a test passes by luck lets each answer of the API take up to so many milliseconds longer.
const SLOW = Number(process.env.FERROGW_TEST_SLOW ?? 0);

async function slowly(route) {
  await new Promise((done) => setTimeout(done, Math.random() * SLOW));
  await route.continue().catch(() => {});
}

/** A reader with a window of their own, signed in with `key` if there is one. */
export async function visit(browser, { key, theme = "light", size = widths.wide, script } = {}) {
  const context = await browser.newContext({ baseURL: origin, viewport: size, colorScheme: theme, reducedMotion: "reduce" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  if (key) await signIn(context, key);
  if (SLOW) await context.route(/\/admin\//, slowly);
  if (script) await context.addInitScript(script);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`page error: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin: to } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && to !== new URL(origin).origin) faults.push(`left the origin: ${request.url()}`);
  });
  return { context, page, faults };
}

export async function signIn(context, key) {
  const answer = await context.request.post(`${origin}/admin/session`, {
    headers: { authorization: `Bearer ${key}` },
    data: { cookie: true },
  });
  assert.equal(answer.status(), 201, await answer.text());
}

/** Opens a page and waits until it shows what it has. */
export async function open(page, path) {
  await page.goto(path);
  await settled(page);
}

export async function settled(page) {
  await page.waitForSelector(".page, .entrance");
  await page.waitForFunction(() => !document.querySelector(".skeleton, .splash"));
  await page.waitForTimeout(150);
}

/** Waits until the request log has so many requests that match `query`: workers deliver what they counted when they can. */
export async function stored(count, query) {
  for (const headers = { authorization: `Bearer ${keys.admin}` }, until = Date.now() + 30_000; ; ) {
    const answer = await fetch(`${origin}/admin/logs?limit=${count}&${query}`, { headers });
    const { data } = await answer.json();
    if (data.length >= count) return;
    assert.ok(Date.now() < until, `${data.length} of ${count} requests were stored`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** What is wrong with what is shown, for those who do not see it or see it otherwise. */
export async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.failureSummary})`).join(" | ")}`);
}

/** How much wider than the window the page is. */
export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Keeps a picture where somebody wants to look at them. */
export async function picture(page, name) {
  if (process.env.FERROGW_TEST_PICTURES) {
    await page.screenshot({ path: join(process.env.FERROGW_TEST_PICTURES, `${name}.png`), fullPage: false });
  }
}
