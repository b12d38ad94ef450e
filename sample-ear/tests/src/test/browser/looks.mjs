/** What can be read off a page that is shown: whether it fits, whether its text can be read, whether its controls have names. */

export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName}.${element.className} reaches ${Math.round(element.getBoundingClientRect().right)} of ${width}`);
  });
}

/** Texts with less contrast than WCAG AA asks for: 4.5, or 3 where they are large. Disabled controls are exempt. */
export function faintTexts(page) {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ground = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor);
        if (colour[3] > 250) return colour;
      }
      return [255, 255, 255, 255];
    };
    const faint = [];
    for (const element of document.body.querySelectorAll('*')) {
      const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
      if (!text || !element.checkVisibility() || element.closest(':disabled, noscript, .visually-hidden, .skip')) continue;
      const style = getComputedStyle(element);
      const [light, dark] = [luminance(rgba(style.color)), luminance(ground(element))].sort((a, b) => b - a);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} "${text.slice(0, 40)}" (${element.tagName}.${element.className})`);
    }
    return faint;
  });
}

export function namelessControls(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, input, a, summary, progress, [role=img]')]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('');
        const name = element.getAttribute('aria-label') || labelled || [...(element.labels ?? [])].map((label) => label.textContent).join('') || element.textContent;
        return !name.trim();
      })
      .map((element) => element.outerHTML.slice(0, 120)));
}

/** Animations that run although the visitor asked for less motion. */
export function motions(page) {
  return page.evaluate(() => document.getAnimations().filter((each) => each.playState === 'running').map((each) => each.animationName ?? String(each)));
}
