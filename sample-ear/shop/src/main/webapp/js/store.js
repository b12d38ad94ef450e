/** What the page knows. The shop sends changes; parts that are sets by key are merged, the others replaced. */
const MERGED = new Set(['stock', 'orders']);

const parts = {};
const listeners = new Map();

export const get = (part) => parts[part];

/** Calls the function whenever one of the parts changed. */
export function on(names, listener) {
  for (const name of names.split(' ')) {
    if (!listeners.has(name)) listeners.set(name, new Set());
    listeners.get(name).add(listener);
  }
}

export function set(changes) {
  const due = new Set();
  for (const [part, value] of Object.entries(changes)) {
    parts[part] = MERGED.has(part) ? { ...parts[part], ...value } : value;
    listeners.get(part)?.forEach((listener) => due.add(listener));
  }
  due.forEach((listener) => listener());
}

/** Forgets entries of a merged part. */
export function forget(part, keys) {
  for (const key of keys) delete parts[part][key];
}
