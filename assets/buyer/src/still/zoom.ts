// Where a zoomed picture lies in its window: pure, for pinch, wheel, drag and keys alike. The picture always fills the window.

export interface Zoom {
  scale: number; // 1: the whole picture
  x: number; // px, the picture's corner from the window's; 0 or less
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const whole: Zoom = { scale: 1, x: 0, y: 0 };
export const mostZoom = 12;

export function within({ scale, x, y }: Zoom, { width, height }: Size): Zoom {
  const kept = Math.min(Math.max(scale, 1), mostZoom);
  const inside = (at: number, size: number): number => Math.min(0, Math.max(at, size - size * kept)) || 0;
  return { scale: kept, x: inside(x, width), y: inside(y, height) };
}

/** By a factor, with the point at (px, py) of the window staying where it is. */
export function zoomed(zoom: Zoom, factor: number, px: number, py: number, size: Size): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), mostZoom);
  const by = scale / zoom.scale;
  return within({ scale, x: px - (px - zoom.x) * by, y: py - (py - zoom.y) * by }, size);
}

export const panned = ({ scale, x, y }: Zoom, dx: number, dy: number, size: Size): Zoom => within({ scale, x: x + dx, y: y + dy }, size);
