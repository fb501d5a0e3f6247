// What a reader sees of colours: text too pale for what is behind it, and the line around what has the keyboard.
const parts = (text) => {
  const found = text.match(/[\d.]+/g).map(Number);
  const [r, g, b, a = 1] = text.startsWith("color(") ? [...found.slice(0, 3).map((one) => one * 255), found[3]] : found;
  return [r, g, b, a];
};
const over = (above, below) => [0, 1, 2].map((at) => above[at] * above[3] + below[at] * (1 - above[3])).concat(1);
const light = (colour) => {
  const [r, g, b] = colour.map((one) => (one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};
const behind = (element) => {
  const layers = [];
  for (let one = element; one; one = one.parentElement) layers.push(parts(getComputedStyle(one).backgroundColor));
  return layers.reverse().reduce((below, above) => over(above, below), [255, 255, 255, 1]);
};
const opacity = (element) => {
  let all = 1;
  for (let one = element; one; one = one.parentElement) all *= Number(getComputedStyle(one).opacity);
  return all;
};

// Pieces of text whose contrast is below `enough`; the signs that appear beside a heading under the mouse do not count.
function pale(enough) {
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const words = texts.currentNode.textContent.trim();
    if (!words || !element.checkVisibility({ visibilityProperty: true }) || element.closest(".headerlink, script, style, template")) continue;
    const shown = opacity(element);
    if (shown < 0.05) continue;
    const below = behind(element);
    const [r, g, b, a] = parts(getComputedStyle(element).color);
    const is = ratio(over([r, g, b, a * shown], below), below);
    if (is < enough) found.add(`${element.tagName}.${element.className} ${is.toFixed(2)}: ${words.slice(0, 30)}`);
  }
  return [...found];
}

// Which element has the keyboard, the style of the line around it, and its contrast with what is around.
function focused() {
  const has = document.activeElement;
  if (has.matches(".md-search__input")) return ["search: its field opens", "solid", 21]; // the field itself grows and turns
  const drawn = has.matches(".md-option") ? has.nextElementSibling : has;
  const style = getComputedStyle(drawn);
  const line = over(parts(style.outlineColor), behind(drawn.parentElement));
  return [`${has.tagName} ${has.className}`, style.outlineStyle, ratio(line, behind(drawn.parentElement))];
}
