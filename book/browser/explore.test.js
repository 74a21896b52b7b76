// The timelines whose figures a reader changes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import { file, reader, served, useBrowser } from "./book.js";

useBrowser();

const MODEL = readFileSync(new URL("../theme/model.js", import.meta.url), "utf8");
const model = runInThisContext(`${MODEL}; model`);

const EXPLORERS = {
  gather: { page: "03_gather.html", moved: [{ calls: 3 }, { latency: 500 }, { spread: 0 }] },
  timeouts: { page: "05_timeouts.html", moved: [{ timeout: 100 }, { attempts: 4 }, { calls: 12 }] },
  semaphores: { page: "06_semaphores.html", moved: [{ limit: 1 }, { limit: 12 }, { calls: 1 }] },
};

const settingsOf = (page) =>
  page.locator(".explore input").evaluateAll((sliders) =>
    Object.fromEntries(sliders.map((slider) => [slider.name, Number(slider.value)])),
  );
const result = (page) => page.locator(".explore").getByRole("status").innerText();

async function agrees(page, explorer) {
  const expected = model.simulate(explorer, await settingsOf(page));
  assert.equal(await result(page), expected.result);
  const figures = page.locator(".explore figure");
  const plans = Object.entries(expected.plans);
  assert.equal(await figures.count(), plans.length);
  for (const [index, [name, rows]] of plans.entries()) {
    const figure = figures.nth(index);
    assert.equal(
      await figure.locator("figcaption").innerText(),
      `${name}: ${model.readable(model.last(rows))}`,
    );
    assert.equal(await figure.locator("rect.waiting").count(), rows.length);
    assert.equal(await figure.locator("path.dropped").count(), rows.filter((row) => row.dropped).length);
    await drawn(figure, rows);
  }
}

// The bars are as long as the calls, to a pixel.
async function drawn(figure, rows) {
  const bars = await figure.locator("rect.waiting").evaluateAll((bars) =>
    bars.map((bar) => bar.getBoundingClientRect()).map(({ left, right }) => [left, right]),
  );
  const [[origin]] = bars;
  const last = bars[rows.findIndex((row) => row.ended === model.last(rows))];
  const scale = (last[1] - origin) / model.last(rows);
  for (const [index, { begun, ended }] of rows.entries()) {
    assert.ok(Math.abs(bars[index][0] - origin - begun * scale) < 2, `row ${index} begins`);
    assert.ok(Math.abs(bars[index][1] - origin - ended * scale) < 2, `row ${index} ends`);
  }
}

for (const [explorer, { page: name, moved }] of Object.entries(EXPLORERS)) {
  for (const [kind, address] of [["from a server", served], ["as a file", file]]) {
    test(`${explorer}: sliders change the total, ${kind}`, async () => {
      const { page, context, complaints } = await reader();
      await page.goto(address(name), { waitUntil: "load" });
      await agrees(page, explorer);
      for (const settings of moved) {
        const before = await result(page);
        for (const [slider, value] of Object.entries(settings)) {
          await page.locator(`.explore [name=${slider}]`).fill(String(value));
        }
        assert.notEqual(await result(page), before, JSON.stringify(settings));
        await agrees(page, explorer);
      }
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  test(`${explorer}: without script, there are a picture and a sentence`, async () => {
    const { page, context } = await reader({ javaScriptEnabled: false });
    await page.goto(served(name), { waitUntil: "load" });
    assert.ok(!(await page.locator(".explore input").first().isVisible()));
    await agrees(page, explorer);
    await context.close();
  });
}

test("the keyboard moves a slider, and turns no page", async () => {
  const { page, context } = await reader();
  await page.goto(served("03_gather.html"), { waitUntil: "load" });
  const url = page.url();
  const calls = page.getByRole("slider", { name: "Calls" });
  await calls.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await calls.inputValue(), "6");
  assert.equal(await page.locator(".explore output").first().innerText(), "6");
  await agrees(page, "gather");
  assert.equal(page.url(), url);
  await context.close();
});

test("a policy without inline script or style leaves the explorer and the quiz at work", async () => {
  const { page, context } = await reader();
  await page.route("**/*.html", async (route) => {
    const response = await route.fetch();
    const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:";
    await route.fulfill({
      response,
      headers: { ...response.headers(), "content-security-policy": policy },
    });
  });
  await page.goto(served("03_gather.html"), { waitUntil: "load" });
  await page.locator(".explore [name=calls]").fill("2");
  await agrees(page, "gather");
  const form = page.locator("form[id='03-longest-chain']");
  await form.getByRole("textbox").fill("0.8 s");
  await form.getByRole("button", { name: "Check" }).click();
  assert.equal(await form.getByRole("status").innerText(), "Right.");
  await context.close();
});
