/** The replay: its form, and how far it is. */
import { $, count, rate } from './dom.js';
import { get, on } from './store.js';
import { act, say } from './say.js';
import * as shop from './shop.js';

function progress() {
  const now = get('replay');
  const bar = $('replay-bar');
  $('replay').classList.toggle('running', now.running);
  $('replay-start').disabled = now.running;
  if (now.requested === 0) return;
  bar.max = now.requested;
  bar.value = now.paid;
  bar.textContent = `${now.paid} of ${now.requested}`;
  const complete = now.paid >= now.requested;
  $('replay-text').textContent = complete
    ? `All ${count(now.requested)} orders are submitted, at ${rate(now.rate)} a second, and paid.`
    : `${count(now.submitted)} of ${count(now.requested)} submitted at ${rate(now.rate)} a second, ${count(now.paid)} paid${now.running ? '' : '; ended before its time'}.`;
}

export function replay() {
  on('replay', progress);
  $('replay').addEventListener('submit', (event) => {
    event.preventDefault();
    if (!$('replay').reportValidity()) return;
    act($('replay-start'), async () => {
      const orders = $('replay-orders').valueAsNumber;
      await shop.replay(orders, $('replay-rate').valueAsNumber);
      say(`Replaying ${count(orders)} orders.`);
    });
  });
}
