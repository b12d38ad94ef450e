/** The shelf: every product with its stock, low ones marked; and the basket. */
import { $, count, h, keyed, many, show } from './dom.js';
import { get, on, set } from './store.js';
import { act, say } from './say.js';
import { sent } from './orders.js';
import * as shop from './shop.js';

const PAGE = 10;
const RESTOCK = 50;

const basket = new Map();
let shown = PAGE;
let loading = false;

const stock = (product) => get('stock')?.[product.sku] ?? product.stock;
const low = (product) => stock(product) < product.reorderLevel;

/** The catalogue does not change: it is asked for once, by the first connection that succeeds. */
export async function loadCatalogue() {
  if (get('products') || loading) return;
  loading = true;
  try {
    const all = await shop.products();
    all.sort((a, b) => a.name.localeCompare(b.name));
    set({ products: all });
  } catch (failure) {
    say(`The products are not there yet: ${failure.message}`, 'bad');
  } finally {
    loading = false;
  }
}

function add(product) {
  basket.set(product.sku, (basket.get(product.sku) ?? 0) + 1);
  drawBasket();
}

function item(product) {
  const refill = h('button', { type: 'button', class: 'small refill' }, `+${RESTOCK}`);
  refill.setAttribute('aria-label', `Add ${RESTOCK} units of ${product.name} to the stock`);
  refill.addEventListener('click', () =>
    act(refill, async () => {
      await shop.restock(product.sku, RESTOCK);
      say(`${RESTOCK} units of ${product.name} are on their way to the shelf.`);
    }));
  const take = h('button', { type: 'button', class: 'small take', 'aria-label': `Put ${product.name} into the basket`, onclick: () => add(product) }, 'Take');
  return h('li', { class: 'item', 'data-sku': product.sku },
    h('span', { class: 'name' }, product.name),
    h('span', { class: 'price' }, `$${product.price.toFixed(2)}`),
    h('span', { class: 'level', 'aria-hidden': 'true' }, h('i')),
    h('span', { class: 'units' }, h('b'), h('em')),
    h('span', { class: 'buttons' }, refill, take));
}

function updateItem(element, product) {
  const units = stock(product);
  show(element.querySelector('b'), count(units));
  element.querySelector('em').textContent = units === 0 ? 'sold out' : low(product) ? 'low' : 'left';
  element.classList.toggle('low', low(product));
  element.querySelector('.level i').style.inlineSize = `${Math.min(100, (units / (product.reorderLevel * 4)) * 100)}%`;
  element.querySelector('.refill').hidden = !low(product);
}

function draw() {
  const all = get('products');
  if (!all) return;
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const lowOnly = $('low-only').checked;
  const lows = all.filter(low);
  const found = (lowOnly ? lows : all).filter((product) => words.every((word) => product.name.toLowerCase().includes(word)));
  if (lowOnly) found.sort((a, b) => stock(a) / a.reorderLevel - stock(b) / b.reorderLevel);
  keyed($('shelf'), found.slice(0, shown), (product) => product.sku, item, updateItem);
  $('stock-hint').textContent = lows.length === 0 ? 'nothing is low' : `${count(lows.length)} low`;
  $('stock-hint').classList.toggle('warn', lows.length > 0);
  $('shelf-empty').hidden = found.length > 0;
  $('shelf-empty').textContent = lowOnly && words.length === 0 ? 'No product is below its reorder level.' : 'No product is called that.';
  $('shelf-more').hidden = found.length <= shown;
  $('shelf-more').textContent = `Show more of ${many(found.length, 'product')}`;
}

function line([sku]) {
  const product = get('products').find((each) => each.sku === sku);
  const change = (step) => () => {
    const units = basket.get(sku) + step;
    if (units > 0) basket.set(sku, units);
    else basket.delete(sku);
    drawBasket();
    if (units <= 0) $('place-order').focus();
  };
  return h('li', {},
    h('span', { class: 'name' }, product.name),
    h('span', { class: 'stepper' },
      h('button', { type: 'button', 'aria-label': `One ${product.name} less`, onclick: change(-1) }, '−'),
      h('output', {}),
      h('button', { type: 'button', 'aria-label': `One ${product.name} more`, onclick: change(1) }, '+')),
    h('span', { class: 'sum' }));
}

function drawBasket() {
  keyed($('basket'), [...basket], ([sku]) => sku, line, (element, [sku, units]) => {
    const product = get('products').find((each) => each.sku === sku);
    element.querySelector('output').textContent = units;
    element.querySelector('.sum').textContent = `$${(units * product.price).toFixed(2)}`;
  });
  $('basket-empty').hidden = basket.size > 0;
  $('place-order').disabled = basket.size === 0;
}

async function place() {
  const customer = $('customer').value.trim();
  if (!customer) {
    $('customer').focus();
    throw new Error('Who orders? A name is missing.');
  }
  const items = [...basket].map(([sku, quantity]) => ({ sku, quantity }));
  const { orderId } = await shop.placeOrder(customer, items);
  sent(orderId, customer);
  basket.clear();
  drawBasket();
  if ($('pay-at-once').checked) await shop.pay(orderId);
  say(`Order ${orderId} is taken in${$('pay-at-once').checked ? ' and paid for' : ''}.`);
}

export function shelf() {
  on('stock products', draw);
  $('search').addEventListener('input', () => {
    shown = PAGE;
    draw();
  });
  $('low-only').addEventListener('change', () => {
    shown = PAGE;
    draw();
  });
  $('shelf-more').addEventListener('click', () => {
    shown += 3 * PAGE;
    draw();
  });
  $('surprise').addEventListener('click', () => {
    const all = get('products') ?? [];
    for (let n = 0; n < 3 && all.length > 0; n++) add(all[Math.floor(Math.random() * all.length)]);
  });
  $('place').addEventListener('submit', (event) => {
    event.preventDefault();
    act($('place-order'), place);
  });
}
