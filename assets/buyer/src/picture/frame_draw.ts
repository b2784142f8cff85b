// Video frames onto a canvas, the cheaper way of two. drawImage is a GPU's work: there it costs next to nothing. Without a GPU the browser converts
// the picture with its colour management, sample by sample: 24 ms for 720p, where the same picture by VideoFrame.copyTo, whose conversion is made
// for video, takes 1.1 ms and has the same samples (Chromium 156, two Xeon cores). With a GPU copyTo would fetch the picture back from it. So both
// are timed, and drawImage is kept while it is quick.

/** ms; more often than this leaves no time for anything else in a frame. */
const slowMs = 4;
/** Slow drawings in a row before copying is tried, and tries before it is judged: by its best, as the first one takes as long as a drawing. */
const tries = 4;
/** A try that failed is made again after so many pictures: the browser may have lost its GPU since. */
const restPictures = 900;

type CopyOptions = VideoFrameCopyToOptions & { format: string };
const options: CopyOptions = { format: 'RGBX' };

export class FrameDraw {
  /** How the last picture was put up. */
  way: 'draw' | 'copy' = 'draw';
  private pixels: ImageData | null = null;
  private slow = 0; // in a row
  private tried = 0;
  private bestDrawMs = Infinity;
  private bestCopyMs = Infinity;
  private rest = 0;
  private readonly context: CanvasRenderingContext2D;
  private readonly now: () => number;

  constructor(context: CanvasRenderingContext2D, now: () => number = () => performance.now()) {
    this.context = context;
    this.now = now;
  }

  /** Covers the canvas, whose size is the picture's. */
  put(picture: VideoFrame | HTMLVideoElement): void {
    const frame = 'copyTo' in picture && plain(picture) ? picture : null;
    if (this.way === 'copy' && frame && this.copy(frame)) return;
    this.way = 'draw';
    const { width, height } = this.context.canvas;
    const before = this.now();
    this.context.drawImage(picture, 0, 0, width, height);
    const drawMs = this.now() - before;
    if (this.rest > 0) this.rest -= 1;
    this.slow = frame && drawMs > slowMs ? this.slow + 1 : 0;
    if (frame && this.slow >= tries && this.rest === 0) {
      this.bestDrawMs = Math.min(this.bestDrawMs, drawMs);
      this.try(frame);
    }
  }

  private copy(frame: VideoFrame): boolean {
    const pixels = this.fitted(frame);
    try {
      frame.copyTo(pixels.data, options).catch(() => undefined);
    } catch {
      return this.give_up();
    }
    if (pixels.data.at(-1) === 0) return this.give_up();
    this.context.putImageData(pixels, 0, 0);
    return true;
  }

  /** A copy beside the drawing. It can be used when it is there as soon as copyTo returns: its promise is then settled before anything else. */
  private try(frame: VideoFrame): void {
    const { data } = this.fitted(frame);
    let copied = false;
    const before = this.now();
    try {
      frame.copyTo(data, options).then(() => (copied = true), () => undefined);
    } catch {
      this.give_up();
      return;
    }
    const copyMs = this.now() - before;
    queueMicrotask(() => {
      this.bestCopyMs = Math.min(this.bestCopyMs, copyMs);
      if (!copied || data.at(-1) === 0) this.give_up();
      else if ((this.tried += 1) >= tries) {
        if (this.bestCopyMs < this.bestDrawMs / 2) this.way = 'copy';
        else this.give_up();
      }
    });
  }

  private give_up(): false {
    this.rest = restPictures;
    this.tried = this.slow = 0;
    this.bestDrawMs = this.bestCopyMs = Infinity;
    return false;
  }

  /** The samples' place; its last one is 0 until a copy has come. */
  private fitted(frame: VideoFrame): ImageData {
    const { displayWidth: width, displayHeight: height } = frame;
    if (this.pixels?.width !== width || this.pixels.height !== height) this.pixels = new ImageData(width, height);
    this.pixels.data[this.pixels.data.length - 1] = 0;
    return this.pixels;
  }
}

/** copyTo neither scales nor turns. */
function plain(frame: VideoFrame & { rotation?: number; flip?: boolean }): boolean {
  const visible = frame.visibleRect;
  return visible !== null && visible.width === frame.displayWidth && visible.height === frame.displayHeight && !frame.rotation && !frame.flip;
}
