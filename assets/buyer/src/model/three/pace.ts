// Keeps drawing within what the device can do: a fence after each frame tells whether the GPU has finished the one before. One that keeps
// falling behind gets fewer pixels, so that the video goes on smoothly; a page without a GPU settles at half the resolution.

const framesLookedAt = 20;
const mostLate = 8;
const step = 0.75;
const least = 0.5;

export class Pace {
  share = 1;
  private readonly gl: WebGL2RenderingContext;
  private readonly changed: () => void;
  private fence: WebGLSync | null = null;
  private frames = 0;
  private late = 0;

  constructor(gl: WebGL2RenderingContext, changed: () => void) {
    this.gl = gl;
    this.changed = changed;
  }

  /** After each drawn frame. */
  drawn(): void {
    const { gl, fence } = this;
    if (fence) {
      const done = gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
      this.count(done);
      if (!done) return; // the same fence is asked again next time
      gl.deleteSync(fence);
    }
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  }

  private count(done: boolean): void {
    this.frames += 1;
    if (!done) this.late += 1;
    if (this.frames < framesLookedAt) return;
    const behind = this.late > mostLate;
    this.frames = 0;
    this.late = 0;
    if (!behind || this.share <= least) return;
    this.share = Math.max(this.share * step, least);
    this.changed();
  }
}
