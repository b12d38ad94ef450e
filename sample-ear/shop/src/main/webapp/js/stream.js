/**
 * The stream of changes. An EventSource gives up for good when a starting server answers with an error, so it is opened anew
 * here, after a pause that grows to five seconds. Silence counts as an error: the shop says something every 15 seconds.
 */
const SILENCE = 40_000;

export function stream(url, { past, state, connection }) {
  let source;
  let attempts = 0;
  let watch;

  function heard() {
    clearTimeout(watch);
    watch = setTimeout(lost, SILENCE);
  }

  function open() {
    source = new EventSource(url);
    heard();
    source.addEventListener('past', (event) => past(JSON.parse(event.data)));
    source.addEventListener('alive', heard);
    source.addEventListener('state', (event) => {
      heard();
      if (attempts !== -1) {
        attempts = -1;
        connection('live');
      }
      state(JSON.parse(event.data));
    });
    source.onerror = lost;
  }

  function lost() {
    clearTimeout(watch);
    source.close();
    attempts = Math.max(attempts, 0) + 1;
    connection('lost', attempts);
    setTimeout(open, Math.min(attempts, 5) * 1000);
  }

  open();
}
