/** Small helpers for elements, numbers and times. */

export const $ = (id) => document.getElementById(id);

/** An element with properties (class, dataset, on…, or attributes) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const numbers = new Intl.NumberFormat('en');
const rates = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const times = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const count = (value) => numbers.format(value);
export const rate = (value) => (value >= 100 || value === 0 ? numbers.format(Math.round(value)) : rates.format(value));
export const time = (value) => times.format(new Date(value));
export const many = (value, one, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;

const still = window.matchMedia('(prefers-reduced-motion: reduce)');

/** Sets a text; a change of what was there before is coloured for a moment. */
export function show(element, text) {
  if (element.textContent === text) return;
  const first = element.dataset.shown === undefined;
  element.dataset.shown = '';
  element.textContent = text;
  if (!first && !still.matches) element.animate([{ color: 'var(--leaf)' }, {}], { duration: 1200, easing: 'ease-out' });
}

/** Underlays a row for a moment. */
export function glow(element) {
  if (still.matches) return;
  element.animate([{ backgroundColor: 'var(--glow)' }, { backgroundColor: 'transparent' }], { duration: 900, easing: 'ease-out' });
}

/** Makes the children of a list those of the keys, in their order; keeps elements, so that focus and open details stay. */
export function keyed(list, items, key, create, update) {
  const before = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let place = list.firstElementChild;
  for (const item of items) {
    const id = key(item);
    let child = before.get(id);
    before.delete(id);
    if (!child) {
      child = create(item);
      child.dataset.key = id;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else list.insertBefore(child, place);
  }
  for (const gone of before.values()) gone.remove();
}
