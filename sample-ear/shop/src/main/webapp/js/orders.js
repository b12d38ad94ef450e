/** What customers are told about their orders, the newest first; orders of customers above those of a replay. */
import { $, h, keyed, glow, time } from './dom.js';
import { forget, get, on, set } from './store.js';
import { act, say } from './say.js';
import * as shop from './shop.js';

const CUSTOMERS_SHOWN = 8;
const REPLAYS_SHOWN = 5;
const KEPT = 40;
const STEPS = ['CREATED', 'PAID', 'SHIPPED'];
const WORDS = { SENT: 'sent', CREATED: 'created', PAID: 'paid', SHIPPED: 'shipped', REJECTED_STOCK: 'refused' };

const last = (order) => order.told.at(-1);
const stateOf = (order) => last(order)?.state ?? 'SENT';
const timeOf = (order) => Date.parse(last(order)?.at ?? order.sentAt);
const final = (order) => ['SHIPPED', 'REJECTED_STOCK'].includes(stateOf(order));

/** An order that was just handed in, until the shop says something about it. */
export function sent(id, customer) {
  if (get('orders')?.[id]) return;
  set({ orders: { [id]: { customer, replayed: false, told: [], change: 0, sentAt: new Date().toISOString() } } });
}

/** After a time without connection: what became of the orders on the way, since nobody tells that twice. */
export async function catchUp() {
  for (const [id, order] of Object.entries(get('orders') ?? {})) {
    if (order.replayed || final(order)) continue;
    const now = await shop.order(id).catch(() => null);
    if (now && now.state !== stateOf(get('orders')[id])) {
      const told = [...order.told, { state: now.state, text: `Order ${id} is ${WORDS[now.state] ?? now.state}.`, at: new Date().toISOString() }];
      set({ orders: { [id]: { ...order, told } } });
    }
  }
}

function tracker() {
  return h('span', { class: 'tracker', 'aria-hidden': 'true' }, ...STEPS.map((step) => h('i', { 'data-step': step })));
}

function row({ id, order }) {
  const payNow = h('button', { type: 'button', class: 'small pay-now', hidden: true }, 'Pay');
  payNow.addEventListener('click', (event) => {
    event.preventDefault();
    act(payNow, async () => {
      await shop.pay(id);
      say(`Paid for order ${id}.`);
    });
  });
  return h('li', { class: 'order' },
    h('details', {},
      h('summary', {},
        h('span', { class: 'who' }, h('b', {}, order.customer), h('code', {}, id)),
        tracker(),
        h('span', { class: 'tag' }),
        h('span', { class: 'latest' })),
      h('ol', { class: 'told' })),
    payNow);
}

function update(element, { order }) {
  const state = stateOf(order);
  if (element.dataset.state !== state) {
    if (element.dataset.state) glow(element);
    element.dataset.state = state;
    element.querySelector('.tag').textContent = WORDS[state] ?? state;
    const reached = STEPS.indexOf(state === 'REJECTED_STOCK' ? 'PAID' : state);
    element.querySelectorAll('[data-step]').forEach((step, index) => step.classList.toggle('reached', index <= reached));
  }
  element.classList.toggle('replayed', order.replayed);
  element.querySelector('.latest').textContent = last(order)?.text ?? 'The order is on its queue.';
  element.querySelector('.pay-now').hidden = order.replayed || state !== 'CREATED';
  keyed(element.querySelector('.told'), order.told, (line) => line.state,
    (line) => h('li', {}, h('time', { datetime: line.at }, time(line.at)), ` ${line.text}`), () => {});
}

function draw() {
  const all = Object.entries(get('orders')).map(([id, order]) => ({ id, order }));
  all.sort((a, b) => timeOf(b.order) - timeOf(a.order) || b.order.change - a.order.change);
  const customers = all.filter(({ order }) => !order.replayed);
  const replays = all.filter(({ order }) => order.replayed);
  forget('orders', [...customers.slice(KEPT), ...replays.slice(KEPT)].map(({ id }) => id));
  keyed($('orders-list'), [...customers.slice(0, CUSTOMERS_SHOWN), ...replays.slice(0, REPLAYS_SHOWN)], ({ id }) => id, row, update);
  $('orders-empty').hidden = all.length > 0;
  $('orders-hint').textContent = all.length > 0 ? 'the newest first' : '';
}

export function orders() {
  on('orders', draw);
  $('pay').addEventListener('submit', (event) => {
    event.preventDefault();
    const id = $('pay-id').value.trim();
    if (!id) {
      $('pay-id').focus();
      return;
    }
    act(event.submitter ?? $('pay'), async () => {
      await shop.pay(id);
      say(`The payment for ${id} is on its queue.`);
      $('pay-id').value = '';
    });
  });
}
