// The rendered book in a browser, for the tests beside this file.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../target/", import.meta.url));
export const FOLDER = join(ROOT, "book");
export const PICTURES = join(ROOT, "book-pictures");

// Every page that a reader comes to; `toc.html` is a part of pages, and the redirects lead to one of these.
export const PAGES = (await readdir(FOLDER)).filter(
  (name) => name.endsWith(".html") && !["toc.html", "README.html"].includes(name),
);

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

// Serves the folder on a free port of loopback.
function serve() {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://book").pathname));
    try {
      const body = await readFile(join(FOLDER, path === "/" ? "index.html" : path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

let browser;
let server;
let url;

// Where a page of the book is: on the server, or as a file.
export const served = (name) => url + name;
export const file = (name) => pathToFileURL(join(FOLDER, name)).href;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

// To be called once by each file of tests.
export function useBrowser() {
  before(async () => {
    server = await serve();
    url = `http://127.0.0.1:${server.address().port}/`;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
}

// A reader: a browser window of its own, with nothing remembered. What the page complains of, and whatever it asks
// of another host, is in `complaints`.
export async function reader({ theme = "light", width = 1200, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme === "light" ? "light" : "dark",
    ...options,
  });
  if (options.javaScriptEnabled !== false) {
    await context.addInitScript((theme) => localStorage.setItem("mdbook-theme", theme), theme);
  }
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await context.route(
    (target) => !target.href.startsWith(url) && !["data:", "file:"].includes(target.protocol),
    (route) => {
      complaints.push(`asks for ${route.request().url()}`);
      return route.abort();
    },
  );
  return { page, context, complaints };
}
