/** Dead letters with their cause and the way back, and the newest alerts. */
import { $, count, h, keyed, many, time } from './dom.js';
import { get, on } from './store.js';
import { act, say } from './say.js';
import * as shop from './shop.js';

function group({ destination }) {
  const back = h('button', { type: 'button', class: 'redrive' }, 'Send back');
  back.setAttribute('aria-label', `Send the dead letters of ${destination} back to it`);
  back.addEventListener('click', () =>
    act(back, async () => {
      const { sentBack } = await shop.redrive(destination);
      say(`${many(sentBack, 'letter')} went back to ${destination}.`);
    }));
  return h('section', { class: 'dead-group', 'data-destination': destination },
    h('header', {}, h('h3', {}, destination), back),
    h('ul', {}));
}

function letter(dead) {
  return h('li', { class: 'dead-letter' },
    h('p', { class: 'cause' }, dead.cause),
    h('p', { class: 'about' }, h('time', { datetime: dead.at }, time(dead.at)), dead.attempts ? ` · tried ${count(dead.attempts)} times` : ''),
    h('pre', { tabindex: '0', 'aria-label': 'The message' }, dead.body));
}

function drawDead() {
  const letters = get('deadLetters');
  const groups = [...new Set(letters.map((dead) => dead.destination))].map((destination) => ({
    destination,
    letters: letters.filter((dead) => dead.destination === destination),
  }));
  keyed($('dead-list'), groups, (each) => each.destination, group, (element, each) => {
    keyed(element.querySelector('ul'), each.letters, (dead) => dead.id, letter, () => {});
  });
  $('dead-empty').hidden = letters.length > 0;
  $('dead-hint').textContent = letters.length > 0 ? many(letters.length, 'letter') : '';
  $('dead-hint').classList.toggle('warn', letters.length > 0);
}

function drawAlerts() {
  const alerts = get('alerts');
  keyed($('alerts'), alerts, (alert) => `${alert.sku} ${alert.at}`,
    (alert) => h('li', {}, h('time', { datetime: alert.at }, time(alert.at)), h('span', { class: 'name' }, alert.name),
      h('span', { class: 'fell' }, `${count(alert.stock)} left, reorder at ${count(alert.reorderLevel)}`)),
    () => {});
  $('alerts-empty').hidden = alerts.length > 0;
}

export function letters() {
  on('deadLetters', drawDead);
  on('alerts', drawAlerts);
}
