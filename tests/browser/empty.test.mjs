// A control plane of which nobody has made anything yet: no worker, no configuration, no request.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { keys, launch, open, overflow, pages, picture, violations, visit, widths } from "./console.mjs";

let browser;
let close;
before(async () => ({ browser, close } = await launch()));
after(() => close());

const said = {
  overview: "Nothing in this time",
  requests: "No requests",
  providers: "No worker can reach a provider",
  workers: "No workers yet",
  history: "Nothing was ever in force",
  playground: "Try a model",
};

// What the API answers here, and the browser notes: there is no configuration, and nobody to ask for models.
const noted = { configuration: "404 (Not Found)", playground: "503 (Service Unavailable)" };

for (const theme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(widths)) {
    test(`where nothing is, pages say what comes there, ${theme}, ${size}`, async (t) => {
      const { context, page, faults } = await visit(browser, { key: keys.admin, theme, size: viewport });
      for (const [name, path] of pages) {
        await t.test(name, async () => {
          await open(page, path);
          if (said[name]) await page.getByText(said[name]).first().waitFor();
          await picture(page, `empty-${name}-${theme}-${size}`);
          assert.deepEqual(await violations(page), []);
          assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
          assert.deepEqual(faults.splice(0).filter((fault) => !fault.includes(noted[name] ?? "nothing")), []);
        });
      }
      await context.close();
    });
  }
}

test("the overview says that no worker is there", async () => {
  const { context, page } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/");
  await page.getByText(/no worker/i).first().waitFor();
  await context.close();
});

test("the playground says that there is nobody to ask", async () => {
  const { context, page } = await visit(browser, { key: keys.admin });
  await open(page, "/dashboard/playground");
  await page.getByLabel("Model", { exact: true }).fill("demo");
  await page.getByLabel("What to say").fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/no worker/i).first().waitFor();
  await picture(page, "empty-playground-nobody");
  assert.deepEqual(await violations(page), []);
  await context.close();
});
