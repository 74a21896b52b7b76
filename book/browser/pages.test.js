// Every page of the book: what it loads, whether it fits a phone, whether everybody can use it, and the search.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { PAGES, PICTURES, file, reader, served, useBrowser } from "./book.js";

useBrowser();

test("there are pages", () => assert.ok(PAGES.length >= 10, PAGES.join()));

for (const [kind, address] of [["from a server", served], ["as a file", file]]) {
  test(`every page loads ${kind}, without a complaint or a request to another host`, async () => {
    const { page, context, complaints } = await reader();
    // The page for what does not exist is served at any depth, and so it looks for everything at the server's root.
    for (const name of PAGES.filter((name) => address === served || name !== "404.html")) {
      await page.goto(address(name), { waitUntil: "load" });
      assert.deepEqual(complaints, [], name);
      assert.ok(await page.locator("main").innerText(), name);
    }
    await context.close();
  });
}

test("script and style of ours are under 10 KB on every page", async () => {
  const { page, context } = await reader();
  for (const name of PAGES) {
    const ours = [];
    const note = (response) => {
      if (response.url().includes("/theme/")) ours.push(response.body());
    };
    page.on("response", note);
    await page.goto(served(name), { waitUntil: "load" });
    page.off("response", note);
    const bytes = (await Promise.all(ours)).reduce((sum, body) => sum + body.length, 0);
    assert.ok(ours.length >= 5 && bytes < 10 * 1024, `${name}: ${bytes} bytes in ${ours.length} files`);
  }
  await context.close();
});

test("no page scrolls sideways on a phone", async () => {
  const { page, context } = await reader({ width: 390 });
  for (const name of PAGES) {
    await page.goto(served(name), { waitUntil: "load" });
    for (const details of await page.locator("main details").all()) {
      await details.evaluate((element) => (element.open = true));
    }
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("html, body, #mdbook-content, main, main > *")]
        .filter((element) => element.scrollWidth > Math.max(element.clientWidth, 390))
        .filter((element) => !["auto", "scroll"].includes(getComputedStyle(element).overflowX) || element.matches("#mdbook-content"))
        .map((element) => `${element.tagName} ${element.className} ${element.scrollWidth}`),
    );
    assert.deepEqual(wide, [], name);
  }
  await context.close();
});

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
for (const theme of ["light", "navy"]) {
  test(`axe finds nothing to object to, in the theme ${theme}`, async () => {
    const { page, context } = await reader({ theme });
    const found = [];
    for (const name of PAGES.filter((name) => !["404.html", "print.html"].includes(name))) {
      await page.goto(served(name), { waitUntil: "load" });
      const question = page.locator(".quiz form", { has: page.getByRole("radio") }).first();
      if (await question.count()) {
        await question.getByRole("radio").first().check();
        await question.getByRole("button", { name: "Check" }).click();
      }
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run(
          // The menu bar is mdBook's own.
          { exclude: "#mdbook-menu-bar" },
          // Browsers let Tab reach a program that scrolls.
          { rules: { "scrollable-region-focusable": { enabled: false } } },
        ),
      );
      found.push(
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${name}: ${id}: ${html}\n${failureSummary}`),
        ),
      );
    }
    await context.close();
    assert.equal(found.join("\n"), "");
  });
}

test("pictures of a page, in light and in dark, wide and narrow", async () => {
  for (const theme of ["light", "navy"]) {
    for (const width of [1200, 390]) {
      const { page, context } = await reader({ theme, width });
      for (const name of ["index", "03_gather"]) {
        await page.goto(served(`${name}.html`), { waitUntil: "load" });
        const picture = await page.screenshot({
          path: join(PICTURES, `${name}-${theme}-${width}.png`),
          fullPage: true,
        });
        assert.ok(picture.length > 10_000);
      }
      await context.close();
    }
  }
});

async function search(page, words) {
  await page.goto(served("03_gather.html"), { waitUntil: "load" });
  await page.keyboard.press("s");
  await page.getByRole("searchbox").pressSequentially(words);
  const results = page.locator("#mdbook-searchresults-header");
  await results.filter({ hasText: `'${words}'` }).waitFor();
  return results.innerText();
}

test("the search finds what stands in a page", async () => {
  const { page, context } = await reader();
  assert.match(await search(page, "overlap"), /^\d+ search results? for/);
  await context.close();
});

test("the search knows the questions, and no answers", async () => {
  // The index has spaces where elements begin.
  const plain = (text) => text.replace(/\s+/g, "");
  const { page, context } = await reader();
  await search(page, "overlap");
  const indexed = await page.evaluate(() =>
    Object.values(window.search.index.documentStore.docs).map((section) => section.body).join(" "),
  );
  await context.close();
  const { page: visitor, context: visit } = await reader({ javaScriptEnabled: false });
  const answers = [];
  let visible = "";
  for (const name of PAGES.filter((name) => name !== "print.html")) {
    await visitor.goto(served(name), { waitUntil: "load" });
    for (const question of await visitor.locator(".question legend").allTextContents()) {
      assert.ok(plain(indexed).includes(plain(question)), question);
    }
    for (const answer of await visitor.locator(".question p[data-text]").all()) {
      answers.push(plain((await answer.getAttribute("data-text")).replaceAll("`", "")).slice(0, 60));
    }
    visible += await visitor.locator("main").evaluate((main) => {
      for (const answer of main.querySelectorAll(".question details")) answer.remove();
      return main.textContent;
    });
  }
  await visit.close();
  // A page may say the same where everybody reads it.
  const secret = answers.filter((answer) => !plain(visible).includes(answer));
  assert.ok(secret.length > 50, `${secret.length} answers`);
  assert.deepEqual(secret.filter((answer) => plain(indexed).includes(answer)), []);
});
