/** The figures at the top: orders by state, units, books, branches in doubt. */
import { $, count, h, keyed, many, show } from './dom.js';
import { get, on } from './store.js';

export const STATES = {
  SHIPPED: 'shipped',
  PAID: 'paid',
  CREATED: 'created',
  REJECTED_STOCK: 'refused',
};

function books() {
  const now = get('books');
  const all = Object.keys(STATES).reduce((sum, state) => sum + now[state], 0);
  show($('orders-all'), count(all));
  show($('units-sold'), count(now.unitsSold));
  $('units-left').textContent = `${count(now.unitsInStock)} on the shelf`;
  $('balanced').dataset.good = now.balanced;
  show($('balanced'), now.balanced ? 'balance' : 'do not balance');
  const states = Object.keys(STATES).map((state) => ({ state, orders: now[state] }));
  bar(states, all);
  keyed($('states'), states, (each) => each.state, legend, (item, { orders }) => show(item.querySelector('b'), count(orders)));
}

function legend({ state }) {
  return h('li', { class: `state ${STATES[state]}`, 'data-state': state }, h('b'), ` ${STATES[state]}`);
}

function bar(states, all) {
  const element = $('states-bar');
  keyed(element, states, (each) => each.state, ({ state }) => h('i', { class: STATES[state] }), (part, { orders }) => {
    part.style.flexGrow = orders;
    part.hidden = orders === 0;
  });
  element.setAttribute('aria-label', all === 0 ? 'No orders yet' : states.map(({ state, orders }) => `${orders} ${STATES[state]}`).join(', '));
}

export function figures() {
  on('books', books);
  on('inDoubt', () => {
    show($('in-doubt'), count(get('inDoubt')));
  });
  on('deadLetters', () => {
    const dead = get('deadLetters').length;
    document.title = dead ? `(${many(dead, 'dead letter')}) Mamba shop` : 'Mamba shop';
  });
}
