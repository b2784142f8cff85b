// Elements without markup: texts only ever become text nodes, so nothing that comes from a show, a buyer or the network can become
// markup or script. Style is set by class, or by CSSOM where a value is computed; never by a style attribute (the page's policy forbids it).

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | EventListener | null | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return dress(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return dress(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** Functions listen to the event of that name, true is an attribute without value, false and null are no attribute. */
function dress<T extends Element>(node: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  fill(node, ...children);
  return node;
}

export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren(...children.filter((child): child is Node | string => !!child || child === ''));
}

/** Touches the page only when the text is another one: a live region must not repeat itself. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Does the buyer want less motion? */
export function calm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

const drawings = {
  tag: 'M12.500 4H20v7.500L11.500 20 4 12.500zM16 8v.2',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  shrink: 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.6v.2',
  globe: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  close: 'M6 6l12 12M18 6L6 18',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.2-1.2',
  broken: 'M9 15l-1.500 1.500a3.600 3.600 0 0 1-5-5L6 8M15 9l1.500-1.500a3.600 3.600 0 0 1 5 5L18 16M4 4l16 16',
  screen: 'M3.500 5h17v11.500h-17zM9 20h6M12 16.500V20',
  check: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17zM8 12.200l2.800 2.800L16 9.500',
  pause: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17zM10 9v6M14 9v6',
  wave: 'M4 12a8 8 0 0 1 16 0M7.500 12a4.500 4.500 0 0 1 9 0M12 12v.2',
  room: 'M4 20V9l8-5 8 5v11M4 20h16M9 20v-6h6v6',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  send: 'M4 12l16-8-5 16-4-6.500zM11 13.500L20 4',
  thumb: 'M7.500 11v9H4v-9zM7.500 11l4-7.500a2 2 0 0 1 2 2V10H19a1.500 1.500 0 0 1 1.500 1.800l-1.300 6.700A2 2 0 0 1 17.200 20H7.500',
  heart: 'M12 20S3.500 15 3.500 9.200A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 8.500 2.200C20.500 15 12 20 12 20z',
  clap: 'M8 12.500l-3-3a1.400 1.400 0 0 1 2-2l4.500 4.500M9.500 10L6.800 7.300a1.400 1.400 0 0 1 2-2l5.200 5.200M12 8.500l-1.700-1.700a1.400 1.400 0 0 1 2-2l5.200 5.200V7.500a1.400 1.400 0 0 1 2.800 0V14a7 7 0 0 1-12 4.900L5 15.600a1.400 1.400 0 0 1 2-2',
  wow: 'M12 3.500a8.500 8.500 0 1 0 0 17a8.500 8.500 0 0 0 0-17zM9 9.500v.2M15 9.500v.2M12 13.500a2 2 0 1 0 0 4a2 2 0 0 0 0-4z',
  ask: 'M12 3.500a8.500 8.500 0 1 0 0 17a8.500 8.500 0 0 0 0-17zM9.500 9.800a2.500 2.500 0 1 1 3.600 2.200c-.8.400-1.100.900-1.100 1.800M12 16.600v.2',
  hand: 'M7 13V7a1.500 1.500 0 0 1 3 0v4.500M10 11V5a1.500 1.500 0 0 1 3 0v6M13 11V6a1.500 1.500 0 0 1 3 0v6M16 12V8.500a1.500 1.500 0 0 1 3 0V15a6 6 0 0 1-6 6h-1a6 6 0 0 1-5-2.700L3.800 14a1.500 1.500 0 0 1 2.500-1.700L7 13',
  point: 'M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11zM12 7.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5z',
  freeze: 'M3.500 5h17v14h-17zM10.500 8.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 0 0 0-7zM13 14.500l3.500 2.500',
  save: 'M12 4v10.500M7.500 10.500L12 15l4.500-4.500M4 19.500h16',
  replay: 'M4.500 12a7.500 7.500 0 1 0 2.600-5.700M4 3.500v4h4M12 8v4.500l3 1.800',
  measure: 'M3.500 15.500l12-12 5 5-12 12zM7 12l2 2M10 9l2.500 2.500M13 6l2 2',
  target: 'M12 5a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM12 2v6M12 16v6M2 12h6M16 12h6',
  attach: 'M8 12.500l6-6a3 3 0 0 1 4.300 4.300l-8 8a5 5 0 0 1-7-7l7.500-7.500',
  live: 'M12 9.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5zM7.500 7.500a6.400 6.400 0 0 0 0 9M16.500 7.500a6.400 6.400 0 0 1 0 9M4.700 4.700a10.300 10.300 0 0 0 0 14.600M19.300 4.700a10.300 10.300 0 0 1 0 14.600',
  play: 'M7.500 5l11 7-11 7z',
  pause_plain: 'M8 5.500v13M16 5.500v13',
  back: 'M15 5.500L8.500 12l6.500 6.500M5.500 5.500v13',
  forward: 'M9 5.500l6.500 6.500L9 18.500M18.500 5.500v13',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  quote: 'M6 3.500h9l4 4v13H6zM15 3.500v4h4M9 11.500h7M9 15h7M9 18h4',
  alert: 'M12 4l9 16H3zM12 10v4.500M12 17v.2',
  megaphone: 'M4 10v4h3l8 4.500v-13L7 10zM18 9a4 4 0 0 1 0 6',
};

export type IconName = keyof typeof drawings;

/** Outline, one stroke weight. Always beside a word or in a control that has a name. */
export function icon(name: IconName): SVGSVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: drawings[name] }));
}

export function setIcon(holder: Element, name: IconName): void {
  holder.querySelector('path')?.setAttribute('d', drawings[name]);
}
