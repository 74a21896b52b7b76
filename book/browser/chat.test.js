// The chat of chapter 15, as two people use it: two windows, and what becomes of them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { launch } from "./book.js";

const PROGRAM = fileURLToPath(new URL("../../target/debug/examples/15_websockets", import.meta.url));

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser;
let service;
let url;

before(async () => {
  service = spawn(PROGRAM, ["--serve"], {
    env: { ...process.env, WORKBOOK_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: service.stdout }), "line");
  url = line.split(" ")[0];
  browser = await launch();
});

after(async () => {
  await browser?.close();
  service?.kill("SIGKILL");
});

// A window of the chat, once it's connected.
async function window() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.getByText("connected", { exact: true }).waitFor();
  return { context, page, complaints };
}

// Waits until the service's latest count of the people in the room is this.
const inTheRoom = (page, count) =>
  page.waitForFunction((latest) => {
    const counts = [...document.querySelectorAll("#messages li")].map((item) => item.textContent).filter((text) => text.startsWith("in the room"));
    return counts.at(-1) === latest;
  }, `in the room: ${count}`);

const said = (page, text) => page.locator("#messages li", { hasText: text }).waitFor();

async function say(page, text) {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

// From now on: gives the code with which the page's connection is closed.
async function closing(page) {
  await page.evaluate(() => {
    globalThis.closeCode = new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  });
  return () => page.evaluate(() => globalThis.closeCode);
}

test("what one says, both see", async () => {
  const [ada, bob] = [await window(), await window()];
  await say(ada.page, "hello bob");
  await said(ada.page, "hello bob");
  await said(bob.page, "hello bob");
  await say(bob.page, "<b>hello</b> ada");
  await said(ada.page, "<b>hello</b> ada");
  assert.deepEqual([...ada.complaints, ...bob.complaints], []);
  await ada.context.close();
  await bob.context.close();
});

test("a window that's closed frees its place, and the other goes on", async () => {
  const [ada, bob] = [await window(), await window()];
  await inTheRoom(ada.page, 2);
  await bob.context.close();
  await inTheRoom(ada.page, 1);
  await say(ada.page, "bob has left");
  await said(ada.page, "bob has left");
  await ada.context.close();
});

test("a message that's too long closes its own connection, with the code for that", async () => {
  const [ada, bob] = [await window(), await window()];
  const closed = await closing(ada.page);
  await ada.page.evaluate(() => socket.send("x".repeat(5000)));
  assert.equal(await closed(), 1009);
  await say(bob.page, "still here");
  await said(bob.page, "still here");
  await ada.context.close();
  await bob.context.close();
});

// The handshake of somebody who says which page it is, as browsers do, or says nothing.
function handshake(origin) {
  const headers = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...(origin && { Origin: origin }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}ws`, { headers });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response);
    });
    asked.on("response", (response) => {
      response.resume();
      resolve(response);
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("pages of others are refused", async () => {
  assert.equal((await handshake("http://evil.example")).statusCode, 403);
  assert.equal((await handshake(url.replace("http:", "https:").replace(/\/$/, ""))).statusCode, 403);
  const ours = await handshake(url.replace(/\/$/, ""));
  assert.equal(ours.statusCode, 101);
  assert.equal(ours.headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  assert.equal((await handshake()).statusCode, 101);
});

test("everybody can use it", async () => {
  const { context, page } = await window();
  await said(page, "in the room");
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map((violation) => violation.id), []);
  await context.close();
});

test("when the service stops, every window is told, and it ends", async () => {
  const [ada, bob] = [await window(), await window()];
  const closed = [await closing(ada.page), await closing(bob.page)];
  const ended = once(service, "exit");
  service.kill("SIGINT");
  assert.deepEqual([await closed[0](), await closed[1]()], [1001, 1001]);
  const [code] = await ended;
  assert.equal(code, 0);
  await ada.context.close();
  await bob.context.close();
});
