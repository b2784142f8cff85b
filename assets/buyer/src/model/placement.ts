// Where a model stands before the camera of a scene frame, as WebGL wants it. Three frames meet here:
//   the model's       metres, x right, y up, z towards the reader (glTF)
//   the target's      metres, the same directions, origin in the target's top left corner; the show writes millimetres with y down
//   the camera's      x right, y up, looking along -z (WebGL); OpenCV's pose has y down and looks along +z
// All matrices are column-major, as in glTF and WebGL. The rule they carry out is engine/scene_frame.h's, held to the fixture of project().

import type { Anchor } from '../wire/scene_frame';
import type { Vec3 } from '../wire/show';

export type Matrix = number[]; // 16, column-major

export interface Placement {
  at: Vec3; // mm in the show's frame of the target: x right, y down, z towards the camera
  turn: Vec3; // degrees about the model's own x, then y, then z axis
  scale: number;
}

/** Model -> target. */
export function modelToTarget({ at, turn, scale }: Placement): Matrix {
  const [a, b, c] = turn.map((degrees) => (degrees * Math.PI) / 180) as Vec3;
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  // Rz · Ry · Rx: a point is turned about x first.
  const rotation = [
    cc * cb, sc * cb, -sb,
    cc * sb * sa - sc * ca, sc * sb * sa + cc * ca, cb * sa,
    cc * sb * ca + sc * sa, sc * sb * ca - cc * sa, cb * ca,
  ].map((entry) => entry * scale);
  return [
    ...rotation.slice(0, 3), 0,
    ...rotation.slice(3, 6), 0,
    ...rotation.slice(6, 9), 0,
    at[0] / 1000, -at[1] / 1000, at[2] / 1000, 1,
  ];
}

/**
 * Target -> camera. `pose`: rotation vector and translation (mm) of OpenCV. Both frames differ from OpenCV's by a half turn about x, so the
 * rotation is diag(1,-1,-1) · R · diag(1,-1,-1).
 */
export function targetToCamera(pose: readonly number[]): Matrix {
  const r = rotation(pose[0]!, pose[1]!, pose[2]!);
  const sign = [1, -1, -1];
  const turned = (row: number, column: number): number => sign[row]! * sign[column]! * r[3 * row + column]!;
  const columns = [0, 1, 2].flatMap((column) => [turned(0, column), turned(1, column), turned(2, column), 0]);
  return [...columns, pose[3]! / 1000, -pose[4]! / 1000, -pose[5]! / 1000, 1];
}

export interface View {
  toCamera: Matrix; // from the target
  intrinsics: readonly number[];
}

/**
 * The camera of an anchor. Without a pose one is made up from the homography, as overlays/ar does: a lens whose focal length is the picture's
 * width, through its middle; the target's plane then agrees with the homography exactly, heights are an estimate. `aspect`: width / height of
 * the program. Null when the homography shows no plane before a camera.
 */
export function viewOf({ pose, intrinsics, homography: h }: Anchor, aspect: number): View | null {
  if (pose && intrinsics) return { toCamera: targetToCamera(pose), intrinsics };
  const guessed = [1, aspect, 0.5, 0.5];
  const [x, y, origin] = [0, 1, 2].map((column): Vec3 => {
    const z = h[6 + column]!;
    return [h[column]! - 0.5 * z, (h[3 + column]! - 0.5 * z) / aspect, z];
  }) as [Vec3, Vec3, Vec3];
  const mean = (Math.hypot(...x) + Math.hypot(...y)) / 2;
  const into: Vec3 = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
  const size = Math.hypot(...into);
  if (!(mean > 0) || !(size > 0) || !Number.isFinite(mean + size)) return null;
  const side = origin[2] < 0 ? -1 : 1; // a homography has no sign: the target's origin lies before the camera
  const column = ([a, b, c]: Vec3, factor: number): number[] => [a * factor, -b * factor, -c * factor, 0];
  const toCamera = [...column(x, side / mean), ...column(y, -side / mean), ...column(into, -1 / size), ...column(origin, side / mean / 1000)];
  toCamera[15] = 1;
  return { toCamera, intrinsics: guessed };
}

/**
 * Camera -> clip, off its axis where the lens is: `intrinsics` fx, fy, cx, cy in shares of the program's width and height, from its outer top
 * left corner. For a canvas that covers exactly the program's picture.
 */
export function projectionOf(intrinsics: readonly number[], near: number, far: number): Matrix {
  const [fx, fy, cx, cy] = intrinsics as [number, number, number, number];
  const depth = far - near;
  return [
    2 * fx, 0, 0, 0,
    0, 2 * fy, 0, 0,
    1 - 2 * cx, 2 * cy - 1, -(far + near) / depth, -1,
    0, 0, (-2 * far * near) / depth, 0,
  ];
}

/** Planes that hold a ball of `radius` round `centre` (camera's frame), as far apart as a depth buffer bears; null: it is behind the camera. */
export function depthRange(centre: Vec3, radius: number): { near: number; far: number } | null {
  const middle = -centre[2];
  const far = middle + radius;
  if (!(far > 0)) return null;
  return { near: Math.max(middle - radius, far / 1000), far };
}

/** As in the burned program: visible enough to be followed, visible enough to be shown. */
export const opacityOf = (visibility: number): number => Math.min(Math.max((visibility - 0.05) / 0.45, 0), 1);

export function multiply(a: Matrix, b: Matrix): Matrix {
  const out: Matrix = [];
  for (let column = 0; column < 4; ++column) {
    for (let row = 0; row < 4; ++row) {
      let sum = 0;
      for (let k = 0; k < 4; ++k) sum += a[4 * k + row]! * b[4 * column + k]!;
      out.push(sum);
    }
  }
  return out;
}

export function transform(matrix: Matrix, [x, y, z]: Vec3, w = 1): [number, number, number, number] {
  const row = (i: number): number => matrix[i]! * x + matrix[4 + i]! * y + matrix[8 + i]! * z + matrix[12 + i]! * w;
  return [row(0), row(1), row(2), row(3)];
}

/** Rodrigues; row-major 3×3. */
function rotation(rx: number, ry: number, rz: number): number[] {
  const angle = Math.hypot(rx, ry, rz);
  if (angle < 1e-12) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [x, y, z] = [rx / angle, ry / angle, rz / angle];
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const left = 1 - cos;
  return [
    cos + x * x * left, x * y * left - z * sin, x * z * left + y * sin,
    y * x * left + z * sin, cos + y * y * left, y * z * left - x * sin,
    z * x * left - y * sin, z * y * left + x * sin, cos + z * z * left,
  ];
}
