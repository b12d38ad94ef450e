/** Puts the page together: one stream of changes, and the parts that draw them. */
import { $, time } from './dom.js';
import { get, on, set } from './store.js';
import { stream } from './stream.js';
import { figures } from './figures.js';
import { flow } from './flow.js';
import { replay } from './replay.js';
import { catchUp, orders } from './orders.js';
import { loadCatalogue, shelf } from './shelf.js';
import { letters } from './letters.js';

let connected = false;
let heardAt = null;

function banner() {
  const problem = get('problem');
  const text = !connected && heardAt
    ? `The shop does not answer. What you see is from ${time(heardAt)}; the page goes on by itself.`
    : problem ? `The figures are not fresh: ${problem}` : '';
  $('banner').hidden = text === '';
  if ($('banner').textContent !== text) $('banner').textContent = text;
}

function connection(state, attempts) {
  connected = state === 'live';
  document.body.classList.toggle('offline', !connected);
  $('connection').dataset.state = state;
  $('connection').lastElementChild.textContent = connected ? 'Live' : attempts > 1 || heardAt ? 'Reconnecting' : 'Connecting';
  banner();
  if (connected) {
    loadCatalogue();
    if (heardAt) catchUp();
  }
}

figures();
replay();
orders();
shelf();
letters();
const stations = flow(() => connected);
on('problem', banner);

stream('api/live', {
  past: stations.past,
  connection,
  state(changes) {
    set(changes);
    heardAt = new Date();
    $('clock').textContent = `Last change ${time(heardAt)}`;
  },
});
