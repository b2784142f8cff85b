// A picture to keep: the frame at full video resolution with its annotations in the buyer's language, and beneath it what it is and when it was taken. The
// annotations are laid out at that size by an overlay outside the view, and what it drew is drawn again on a canvas: boxes, lines and lines of text.

import type { Words } from '../text/language';
import { el } from '../view/dom';
import { overlayLike, type Annotations, type Frozen } from './annotated';

export interface Caption {
  title: string;
  line: string;
}

export async function composePicture({ picture, scene }: Frozen, annotations: Annotations, caption: Caption): Promise<Blob | null> {
  const { width, height } = picture;
  const strip = Math.round(height * 0.085);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height + strip;
  const context = canvas.getContext('2d')!;
  context.drawImage(picture, 0, 0);
  const overlay = overlayLike(annotations);
  const bench = el('div', { class: 'frame compose', 'aria-hidden': 'true', inert: true }, overlay.root);
  bench.style.width = `${width}px`;
  bench.style.height = `${height}px`;
  document.body.append(bench);
  try {
    overlay.resize(width, height, []);
    overlay.draw(scene);
    overlay.draw(scene); // labels stand where the first drawing measured them
    const origin = bench.getBoundingClientRect();
    for (const shape of overlay.root.querySelectorAll<SVGGraphicsElement>('polygon, line, path, circle')) if (!shape.closest('button')) paintShape(context, shape);
    for (const item of overlay.root.querySelectorAll<HTMLElement>('li')) paintItem(context, item, origin);
    paintCaption(context, bench, annotations.words, caption, { y: height, width, height: strip });
  } finally {
    bench.remove();
  }
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

const unseen = (style: CSSStyleDeclaration): boolean => style.visibility === 'hidden' || style.display === 'none';

function paintShape(context: CanvasRenderingContext2D, shape: SVGGraphicsElement): void {
  const style = getComputedStyle(shape);
  if (unseen(style)) return;
  const number = (name: string): number => Number(shape.getAttribute(name) ?? 0);
  const path = new Path2D(shape instanceof SVGPathElement ? (shape.getAttribute('d') ?? '') : undefined);
  if (shape instanceof SVGPolygonElement) {
    for (const point of shape.points) path.lineTo(point.x, point.y);
    path.closePath();
  } else if (shape instanceof SVGLineElement) {
    path.moveTo(number('x1'), number('y1'));
    path.lineTo(number('x2'), number('y2'));
  } else if (shape instanceof SVGCircleElement) {
    path.arc(number('cx'), number('cy'), shape.r.baseVal.value, 0, 2 * Math.PI);
  }
  context.save();
  const placed = shape.getCTM();
  const whole = shape.ownerSVGElement?.getCTM();
  if (placed && whole) context.setTransform(new DOMMatrix().multiply(whole.inverse()).multiply(placed));
  const alpha = Number(style.opacity) * opacityOf(shape.parentElement);
  if (style.fill !== 'none') {
    context.globalAlpha = alpha * Number(style.fillOpacity);
    context.fillStyle = style.fill;
    context.fill(path);
  }
  if (style.stroke !== 'none' && parseFloat(style.strokeWidth) > 0) {
    context.globalAlpha = alpha * Number(style.strokeOpacity);
    context.strokeStyle = style.stroke;
    context.lineWidth = parseFloat(style.strokeWidth);
    context.lineCap = style.strokeLinecap as CanvasLineCap;
    context.lineJoin = style.strokeLinejoin as CanvasLineJoin;
    context.stroke(path);
  }
  context.restore();
}

function opacityOf(element: Element | null): number {
  let opacity = 1;
  for (let at = element; at && !at.classList.contains('overlay'); at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
  return opacity;
}

function paintItem(context: CanvasRenderingContext2D, item: HTMLElement, origin: DOMRect): void {
  if (unseen(getComputedStyle(item))) return;
  const alpha = Number(getComputedStyle(item).opacity);
  for (const box of [item, ...item.querySelectorAll<HTMLElement>('*')]) {
    if (box.matches('button.mark-remove, button.mark-remove *') || !(box instanceof HTMLElement)) continue;
    const style = getComputedStyle(box);
    const at = box.getBoundingClientRect();
    context.globalAlpha = alpha;
    const round = new Path2D();
    round.roundRect(at.left - origin.left, at.top - origin.top, at.width, at.height, parseFloat(style.borderTopLeftRadius) || 0);
    if (style.backgroundColor !== 'rgba(0, 0, 0, 0)') {
      context.fillStyle = style.backgroundColor;
      context.fill(round);
    }
    if (parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none') {
      context.strokeStyle = style.borderTopColor;
      context.lineWidth = parseFloat(style.borderTopWidth);
      context.stroke(round);
    }
    for (const text of box.childNodes) if (text instanceof Text) paintText(context, text, style, origin);
  }
  context.globalAlpha = 1;
}

/** Line by line as the browser broke it; each line's own order of writing is the canvas's business. */
function paintText(context: CanvasRenderingContext2D, node: Text, style: CSSStyleDeclaration, origin: DOMRect): void {
  const lines: { text: string; left: number; right: number; middle: number }[] = [];
  const range = document.createRange();
  let at = 0;
  for (const letter of [...node.data]) {
    range.setStart(node, at);
    range.setEnd(node, (at += letter.length));
    const box = range.getBoundingClientRect();
    const middle = (box.top + box.bottom) / 2;
    const line = lines.at(-1);
    if (line && (box.width === 0 || Math.abs(line.middle - middle) < box.height / 2)) {
      line.text += letter;
      if (box.width > 0) Object.assign(line, { left: Math.min(line.left, box.left), right: Math.max(line.right, box.right) });
    } else if (box.width > 0) {
      lines.push({ text: letter, left: box.left, right: box.right, middle });
    }
  }
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.direction = style.direction as CanvasDirection;
  for (const { text, left, middle } of lines) context.fillText(text.trim(), left - origin.left, middle - origin.top);
}

function paintCaption(context: CanvasRenderingContext2D, bench: Element, words: Words, { title, line }: Caption, at: { y: number; width: number; height: number }): void {
  const style = getComputedStyle(bench);
  const fromRight = words.language === 'ar';
  const [edge, x] = [Math.round(at.height * 0.4), fromRight ? at.width - Math.round(at.height * 0.4) : Math.round(at.height * 0.4)];
  context.fillStyle = style.getPropertyValue('--surface');
  context.fillRect(0, at.y, at.width, at.height);
  context.direction = fromRight ? 'rtl' : 'ltr';
  context.textAlign = fromRight ? 'right' : 'left';
  context.textBaseline = 'middle';
  context.fillStyle = style.getPropertyValue('--ink');
  context.font = `600 ${Math.round(at.height * 0.34)}px ${style.fontFamily}`;
  context.fillText(title, x, at.y + at.height * 0.33, at.width - 2 * edge);
  context.fillStyle = style.getPropertyValue('--ink-2');
  context.font = `${Math.round(at.height * 0.27)}px ${style.fontFamily}`;
  context.fillText(line, x, at.y + at.height * 0.72, at.width - 2 * edge);
}
