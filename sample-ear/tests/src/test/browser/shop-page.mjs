/** The checks of the shop's page. Arguments: the address of the shop, and a directory for screenshots. */
import { mkdirSync } from 'node:fs';
import { ask, check, empty, equal, launch, until } from './driver.mjs';
import { faintTexts, motions, namelessControls, overflow } from './looks.mjs';

const [shop, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const GHOST = 'not-ordered-yet';

const browser = await launch();
const complaints = [];
const strangers = [];
let outage = false;

async function open(size, options = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(`${size}: ${error.stack}`));
  page.on('console', (message) => {
    const expected = outage && /Failed to load resource|ERR_/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !expected) complaints.push(`${size}: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(shop)) strangers.push(request.url());
  });
  await page.goto(shop);
  return page;
}

const text = (page, selector) => page.locator(selector).first().textContent();
const number = async (page, selector) => Number((await text(page, selector)).replace(/[^0-9.-]/g, ''));
const shoot = (page, name) => page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
const post = (path, body) => fetch(`${shop}api/${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
const live = (page) => until('the page is live', async () => (await page.getAttribute('#connection', 'data-state')) === 'live', 60_000);

async function take(page, product) {
  await page.fill('#search', product);
  await page.locator('#shelf .item', { hasText: product }).first().getByRole('button', { name: /^Put/ }).click();
}

const orderOf = (page, customer) => page.locator('#orders-list .order', { hasText: customer }).first();
const reaches = (page, customer, state) =>
  until(`the order of ${customer} is ${state}`, async () => (await orderOf(page, customer).getAttribute('data-state')) === state);

const desktop = await open('desktop');
const phone = await open('phone');
const pages = { desktop, phone };
// It is given up after a minute and a half; the checks until then do not depend on it.
await post(`orders/${GHOST}/payment`);
const ghostPaid = Date.now();

for (const [size, page] of Object.entries(pages)) {
  await check(`${size}: is live and shows the shop's figures`, async () => {
    await live(page);
    equal(await text(page, '#balanced'), 'balance', 'the books');
    await until('the catalogue', async () => (await page.locator('#shelf .item').count()) > 0);
    await shoot(page, `${size}-opened`);
  });

  await check(`${size}: an order placed here is followed to SHIPPED without a reload`, async () => {
    await take(page, 'Washington Berry Juice');
    await page.fill('#customer', `Berta on ${size}`);
    await page.click('#place-order');
    await reaches(page, `Berta on ${size}`, 'SHIPPED');
    await orderOf(page, `Berta on ${size}`).locator('summary').click();
    equal(await orderOf(page, `Berta on ${size}`).locator('.told li').count(), 3, 'sentences the customer was told');
  });
}

await check('the stock falls on every open page when a unit is sold', async () => {
  // A product of its own: of another one an earlier order may still be on its way to the shelf.
  await phone.fill('#search', 'Washington Mango Drink');
  const before = await number(phone, '#shelf .item .units b');
  await take(desktop, 'Washington Mango Drink');
  await desktop.fill('#customer', 'Carl');
  await desktop.click('#place-order');
  await until('one unit less', async () => (await number(phone, '#shelf .item .units b')) === before - 1);
  await phone.fill('#search', '');
});

await check('an unpaid order waits as CREATED and is paid by its button, with the keyboard alone', async () => {
  await take(desktop, 'Washington Cola');
  await desktop.uncheck('#pay-at-once');
  await desktop.fill('#customer', 'Dora');
  await desktop.press('#customer', 'Enter');
  await reaches(desktop, 'Dora', 'CREATED');
  await orderOf(desktop, 'Dora').locator('.pay-now').press('Enter');
  await reaches(desktop, 'Dora', 'SHIPPED');
  await desktop.check('#pay-at-once');
});

await check('a refusal is said in words', async () => {
  await desktop.fill('#pay-id', 'no such number!');
  await desktop.click('#pay button');
  await desktop.locator('.toast.bad', { hasText: 'An order id is 1 to 64 letters' }).waitFor();
  await desktop.fill('#pay-id', '');
  complaints.splice(0, complaints.length, ...complaints.filter((line) => !/status of 400/.test(line)));
});

await check('a product that falls low is marked, raises an alert, and is filled up again by its button', async () => {
  const product = (await (await fetch(`${shop}api/products`)).json()).find((each) => each.reorderLevel > 20);
  await post(`stock/${product.sku}`, { delta: product.reorderLevel - 1 - product.stock });
  await desktop.fill('#search', product.name);
  const item = desktop.locator(`#shelf [data-sku="${product.sku}"]`);
  await item.locator('em', { hasText: 'low' }).waitFor();
  await desktop.locator('#alerts li', { hasText: product.name }).first().waitFor();
  await item.getByRole('button', { name: /^Add 50/ }).click();
  await item.locator('em', { hasText: 'left' }).waitFor();
  await desktop.fill('#search', '');
});

await check('a replay is started here, moves the charts and its bar, and comes to its end', async () => {
  const shipped = '#states [data-state=SHIPPED] b';
  const before = await number(desktop, shipped);
  await desktop.fill('#replay-orders', '400');
  await desktop.fill('#replay-rate', '60');
  await desktop.click('#replay-start');
  const seen = new Set();
  await until('a rate above zero at the payments', async () => (await number(desktop, '[data-queue="shop.payments"] .rate-now')) > 0);
  await until('the bar at its end', async () => {
    const value = await desktop.locator('#replay-bar').evaluate((bar) => bar.value);
    seen.add(value);
    if (value > 150 && !seen.has('shot')) {
      seen.add('shot');
      await shoot(desktop, 'desktop-replay');
      await shoot(phone, 'phone-replay');
    }
    return value === 400;
  }, 90_000);
  if (seen.size < 5) throw new Error(`The bar only had ${seen.size} positions`);
  await until('all of them shipped or refused', async () =>
    (await number(desktop, shipped)) + (await number(desktop, '#states [data-state=REJECTED_STOCK] b')) >= before + 400);
  const line = await desktop.locator('[data-queue="shop.payments"] .chart.rate .line').getAttribute('d');
  if (new Set(line.match(/ [\d.]+/g)).size < 3) throw new Error(`The chart is a flat line: ${line}`);
});

await check('dark scheme and reduced motion: nothing moves, every text can be read', async () => {
  const page = await open('desktop', { colorScheme: 'dark', reducedMotion: 'reduce' });
  await live(page);
  await until('the catalogue', async () => (await page.locator('#shelf .item').count()) > 0);
  empty(await motions(page), 'running animations');
  empty(await faintTexts(page), 'texts with too little contrast');
  await shoot(page, 'desktop-dark');
  await page.context().close();
});

await check('a dead letter appears with its cause', async () => {
  const left = Math.max(0, 90_000 - (Date.now() - ghostPaid));
  const cause = desktop.locator('.dead-letter .cause');
  await until('the dead letter', async () => (await cause.count()) > 0, left + 60_000);
  const said = await cause.first().textContent();
  if (!said.includes(`There is no order ${GHOST} to be paid`)) throw new Error(`The cause is "${said}"`);
  await desktop.locator('[data-queue="shop.payments"] .dead', { hasText: '1 dead' }).waitFor();
  await shoot(desktop, 'desktop-dead-letter');
  await shoot(phone, 'phone-dead-letter');
});

for (const [size, page] of Object.entries(pages)) {
  await check(`${size}: no horizontal scrolling, no faint text, no control without a name`, async () => {
    empty(await overflow(page), 'elements wider than the window');
    await page.waitForTimeout(1_500); // numbers that just changed are coloured for a moment
    empty(await faintTexts(page), 'texts with too little contrast');
    empty(await namelessControls(page), 'controls without a name');
  });
}

await check('the dead letter is sent back when its cause is mended, and its order is shipped', async () => {
  const sku = (await (await fetch(`${shop}api/products`)).json())[0].sku;
  await post('orders', { orderId: GHOST, customer: 'Emil', items: [{ sku, quantity: 1 }] });
  await reaches(desktop, 'Emil', 'CREATED');
  await desktop.click('.dead-group .redrive');
  await reaches(desktop, 'Emil', 'SHIPPED');
  await until('no dead letter', async () => (await desktop.locator('.dead-letter').count()) === 0);
});

await check('the page says when the shop is gone, and goes on by itself when it is back', async () => {
  outage = true;
  await ask('stop');
  for (const page of Object.values(pages)) {
    await page.locator('#banner', { hasText: 'The shop does not answer' }).waitFor();
  }
  await shoot(desktop, 'desktop-gone');
  await shoot(phone, 'phone-gone');
  await ask('start');
  for (const page of Object.values(pages)) {
    await live(page);
    await page.locator('#banner').waitFor({ state: 'hidden' });
  }
  outage = false;
  await take(desktop, 'Washington Berry Juice');
  await desktop.fill('#customer', 'Fritz');
  await desktop.click('#place-order');
  await reaches(desktop, 'Fritz', 'SHIPPED');
  await reaches(phone, 'Fritz', 'SHIPPED');
  await shoot(desktop, 'desktop-back');
});

await check('nothing is asked of other hosts', () => empty(strangers, 'requests to elsewhere'));
await check('the console stays silent', () => empty(complaints, 'errors and warnings'));

await browser.close();
process.exit(0);
