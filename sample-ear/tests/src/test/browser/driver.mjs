/** The talk with ShopPageIT: results as lines of JSON on stdout, and requests that are answered on stdin. */
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Runs a check and reports it. A failed one does not end the script: each stands for itself. */
export async function check(name, body) {
  const begun = Date.now();
  try {
    await body();
    say({ check: name, ok: true, millis: Date.now() - begun });
  } catch (failure) {
    say({ check: name, ok: false, millis: Date.now() - begun, why: String(failure.stack ?? failure) });
  }
}

/** Asks the test for something that only it can do, such as stopping the shop. */
export async function ask(what) {
  say({ ask: what });
  await answers.next();
}

export function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, but it is ${JSON.stringify(actual)}`);
}

export function empty(list, what) {
  if (list.length > 0) throw new Error(`${what}: ${list.slice(0, 8).join('\n')}`);
}

/** Waits until the function gives something true, and returns it. */
export async function until(what, probe, millis = 30_000) {
  const end = Date.now() + millis;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${millis / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // In a container Chromium's sandbox and /dev/shm are often not to be had; it only visits the shop.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
