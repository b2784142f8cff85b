// From the picture back to the target: where the ray through a point of the picture meets the target's plane. The inverse of project(), and what a tap
// is worth in millimetres.

import type { Anchor } from '../wire/scene_frame';
import type { Vec3 } from '../wire/show';
import { project, type Point } from './projection';

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Of a point in normalised program coordinates the point of the plane z (mm, towards the camera) that is seen there; null when none is. */
export function unproject(anchor: Anchor, [x, y]: Point, z = 0): Vec3 | null {
  const plane = planeToPicture(anchor, z);
  const inverse = plane && inverted(plane);
  if (!inverse) return null;
  const w = inverse[6] * x + inverse[7] * y + inverse[8];
  if (Math.abs(w) < 1e-12) return null;
  const at: Vec3 = [(inverse[0] * x + inverse[1] * y + inverse[2]) / w, (inverse[3] * x + inverse[4] * y + inverse[5]) / w, z];
  // What lies behind the camera solves the same equations: only a point that is drawn here was seen here.
  const back = project(anchor, at);
  return back && Math.hypot(back[0] - x, back[1] - y) < 1e-4 ? at : null;
}

/** How far (mm) the plane's point moves for one unit of the picture's width or height, as the rows of a Jacobian. */
export function mmPerPicture(anchor: Anchor, at: Point, z = 0): [[number, number], [number, number]] | null {
  const step = 1e-4;
  const [a, b] = [unproject(anchor, [at[0] - step, at[1]], z), unproject(anchor, [at[0] + step, at[1]], z)];
  const [c, d] = [unproject(anchor, [at[0], at[1] - step], z), unproject(anchor, [at[0], at[1] + step], z)];
  if (!a || !b || !c || !d) return null;
  const per = (from: Vec3, to: Vec3, i: number): number => (to[i]! - from[i]!) / (2 * step);
  return [[per(a, b, 0), per(c, d, 0)], [per(a, b, 1), per(c, d, 1)]];
}

/** The homography of the plane at height z over the target. A homography alone says nothing of heights: then z counts for nothing, as in project(). */
function planeToPicture({ pose, intrinsics, homography }: Anchor, z: number): Matrix | null {
  if (!pose || !intrinsics) return homography.length === 9 ? (homography as unknown as Matrix) : null;
  const [fx, fy, cx, cy] = intrinsics as [number, number, number, number];
  const [r1, r2, r3] = axes(pose[0]!, pose[1]!, pose[2]!);
  // The pose's third axis goes into the target, the show's z comes out of it.
  const t = [pose[3]! - r3[0] * z, pose[4]! - r3[1] * z, pose[5]! - r3[2] * z] as const;
  const row = (f: number, c: number, i: 0 | 1): [number, number, number] => [f * r1[i] + c * r1[2], f * r2[i] + c * r2[2], f * t[i] + c * t[2]];
  return [...row(fx, cx, 0), ...row(fy, cy, 1), r1[2], r2[2], t[2]];
}

/** The columns of the rotation by the vector r (Rodrigues). */
function axes(rx: number, ry: number, rz: number): [Vec3, Vec3, Vec3] {
  const angle = Math.hypot(rx, ry, rz);
  if (angle < 1e-12) return [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const [x, y, z] = [rx / angle, ry / angle, rz / angle];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const d = 1 - c;
  return [
    [c + x * x * d, y * x * d + z * s, z * x * d - y * s],
    [x * y * d - z * s, c + y * y * d, z * y * d + x * s],
    [x * z * d + y * s, y * z * d - x * s, c + z * z * d],
  ];
}

function inverted([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | null {
  const [ca, cb, cc] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const det = a * ca + b * cb + c * cc;
  const size = Math.max(Math.abs(a * ca), Math.abs(b * cb), Math.abs(c * cc));
  if (!(Math.abs(det) > 1e-12 * size) || det === 0) return null;
  return [ca, c * h - b * i, b * f - c * e, cb, a * i - c * g, c * d - a * f, cc, b * g - a * h, a * e - b * d].map((each) => each / det) as unknown as Matrix;
}
