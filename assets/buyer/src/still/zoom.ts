// Where a zoomed picture lies in its window: pure, for pinch, wheel, drag and keys alike. A picture larger than the window always fills it, a smaller one
// stands in its middle.

export interface Zoom {
  scale: number; // 1: the whole picture
  x: number; // px, the picture's corner from the window's
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The window, and the whole picture as large as it fits in. */
export interface Pane {
  window: Size;
  whole: Size;
}

export const start: Zoom = { scale: 1, x: 0, y: 0 };
export const mostZoom = 12;

export function paneOf(window: Size, picture: Size): Pane {
  const share = Math.min(window.width / picture.width, window.height / picture.height);
  return { window, whole: { width: picture.width * share, height: picture.height * share } };
}

export function within({ scale, x, y }: Zoom, { window, whole }: Pane): Zoom {
  const kept = Math.min(Math.max(scale, 1), mostZoom);
  const inside = (at: number, room: number, size: number): number => (size <= room ? (room - size) / 2 : Math.min(0, Math.max(at, room - size)) || 0);
  return { scale: kept, x: inside(x, window.width, whole.width * kept), y: inside(y, window.height, whole.height * kept) };
}

/** By a factor, with the point at (px, py) of the window staying where it is. */
export function zoomed(zoom: Zoom, factor: number, px: number, py: number, pane: Pane): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), mostZoom);
  const by = scale / zoom.scale;
  return within({ scale, x: px - (px - zoom.x) * by, y: py - (py - zoom.y) * by }, pane);
}

export const panned = ({ scale, x, y }: Zoom, dx: number, dy: number, pane: Pane): Zoom => within({ scale, x: x + dx, y: y + dy }, pane);
