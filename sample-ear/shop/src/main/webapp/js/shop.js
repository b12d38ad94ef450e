/** Talks to the shop: what is asked for, what is done. */

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The shop answered ${response.status}`);
  return body;
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(`api/${path}`, options);
  } catch {
    throw new Error('The shop cannot be reached');
  }
  return answer(response);
}

const post = (path, body) =>
  send(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: body ? JSON.stringify(body) : undefined });

export const products = () => send('products');
export const order = (id) => send(`orders/${encodeURIComponent(id)}`);
export const placeOrder = (customer, items) => post('orders', { customer, items });
export const pay = (id) => post(`orders/${encodeURIComponent(id)}/payment`);
export const restock = (sku, delta) => post(`stock/${sku}`, { delta });
export const redrive = (destination) => post(`dead-letters/${encodeURIComponent(destination)}/redrive`);
export const replay = (orders, perSecond) => post('replay', { orders, rate: perSecond });
