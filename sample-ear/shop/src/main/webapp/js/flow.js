/** The stations of an order: each queue with its depth and rate, drawn over the last two minutes. */
import { $, count, h, rate, show } from './dom.js';
import { Chart } from './chart.js';
import { get, on } from './store.js';

const STATIONS = [
  ['shop.orders.submitted', 'Orders', 'stored'],
  ['shop.payments', 'Payments', 'taken, with the stock'],
  ['shop.shipments', 'Shipments', 'sent on their way'],
  ['shop.stock.updates', 'Stock changes', 'applied'],
];

/** One wave of the line that runs through all stations. */
function wave() {
  const template = document.createElement('template');
  const path = 'M0 18C22 18 28 4 50 4S78 18 100 18';
  template.innerHTML = `<svg class="wave" viewBox="0 0 100 22" preserveAspectRatio="none" aria-hidden="true">
    <path class="bed" d="${path}"/><path class="stream" d="${path}"/></svg>`;
  return template.content.firstChild;
}

class Station {
  constructor([queue, title, done]) {
    this.queue = queue;
    this.depth = new Chart('depth', `Messages in ${title}`);
    this.rate = new Chart('rate', `Rate of ${title}, a second`);
    this.depthNumber = h('b', { class: 'now' }, '–');
    this.rateNumber = h('b', { class: 'now rate-now' }, '–');
    this.depthPeak = h('small');
    this.ratePeak = h('small');
    this.total = h('span', { class: 'total' });
    this.dead = h('a', { class: 'dead', href: '#dead-letters', hidden: true });
    this.done = done;
    this.element = h('li', { class: 'station', 'data-queue': queue },
      wave(),
      h('h3', {}, title, this.dead),
      h('p', { class: 'queue' }, queue),
      h('div', { class: 'measures' },
        h('div', {}, h('p', {}, this.depthNumber, h('span', {}, 'waiting'), this.depthPeak), this.depth.element),
        h('div', {}, h('p', {}, this.rateNumber, h('abbr', { title: 'a second' }, '/s'), this.ratePeak), this.rate.element)),
      this.total);
  }

  past({ depth, rate: rates }) {
    this.depth.set(depth);
    this.rate.set(rates);
    this.#peaks();
  }

  update(now) {
    show(this.depthNumber, count(now.depth + now.inFlight));
    show(this.rateNumber, rate(now.rate));
    this.element.classList.toggle('flowing', now.rate > 0);
    this.total.textContent = `${count(now.settled)} ${this.done}`;
    this.dead.hidden = now.deadLettered === 0;
    this.dead.textContent = `${count(now.deadLettered)} dead`;
  }

  tick(now) {
    this.depth.add(now ? now.depth + now.inFlight : null);
    this.rate.add(now ? now.rate : null);
    this.#peaks();
  }

  #peaks() {
    this.depthPeak.textContent = this.depth.peak > 0 ? `peak ${count(this.depth.peak)}` : '';
    this.ratePeak.textContent = this.rate.peak > 0 ? `peak ${count(Math.round(this.rate.peak))}` : '';
  }

  stop() {
    this.element.classList.remove('flowing');
  }
}

export function flow(isLive) {
  const stations = STATIONS.map((station) => new Station(station));
  $('flow').append(...stations.map((station) => station.element));
  on('queues', () => stations.forEach((station) => station.update(get('queues')[station.queue])));
  setInterval(() => {
    if (!get('queues')) return;
    const live = isLive();
    stations.forEach((station) => {
      station.tick(live ? get('queues')[station.queue] : null);
      if (!live) station.stop();
    });
  }, 1000);
  return { past: (queues) => stations.forEach((station) => queues[station.queue] && station.past(queues[station.queue])) };
}
