/** Says what became of an action, to the eye and to a screen reader. */
import { $, h } from './dom.js';

export function say(text, kind = 'good') {
  const toast = h('p', { class: `toast ${kind}` }, text);
  $('toasts').append(toast);
  setTimeout(() => toast.remove(), kind === 'bad' ? 9000 : 5000);
}

/** Runs an action of a button or form: no second click meanwhile, and a failure is said. */
export async function act(button, action) {
  button.setAttribute('aria-disabled', 'true');
  button.classList.add('busy');
  if (button.dataset.busy) return;
  button.dataset.busy = 'yes';
  try {
    await action();
  } catch (failure) {
    say(failure.message, 'bad');
  } finally {
    delete button.dataset.busy;
    button.removeAttribute('aria-disabled');
    button.classList.remove('busy');
  }
}
