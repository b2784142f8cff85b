// From the target's millimetres to normalised program coordinates: the rule of engine/scene_frame.h, held to the same fixture as project().

import type { Anchor } from '../wire/scene_frame';

/** Nearer to the camera's plane there is no useful projection. */
const nearest = 1e-9;

export type Point = [x: number, y: number];

/**
 * Of a point in the show's frame of a target: x right, y down, z towards the camera, mm; the pose's third axis goes into the target.
 * Null when the point lies behind the camera (or, for a homography, beyond its horizon).
 */
export function project(anchor: Anchor, [px, py, pz]: readonly [number, number, number]): Point | null {
  const { pose, intrinsics, homography: h } = anchor;
  if (pose && intrinsics) {
    const [x, y, z] = turn(pose[0]!, pose[1]!, pose[2]!, px, py, -pz);
    const depth = z + pose[5]!;
    if (!(depth > nearest)) return null;
    return finite(
      (intrinsics[0]! * (x + pose[3]!)) / depth + intrinsics[2]!,
      (intrinsics[1]! * (y + pose[4]!)) / depth + intrinsics[3]!,
    );
  }
  // A homography has no sign of its own: before the camera is the side on which the target's origin lies.
  const side = h[8]! < 0 ? -1 : 1;
  const w = side * (h[6]! * px + h[7]! * py + h[8]!);
  if (!(w > nearest)) return null;
  return finite((side * (h[0]! * px + h[1]! * py + h[2]!)) / w, (side * (h[3]! * px + h[4]! * py + h[5]!)) / w);
}

/** Rodrigues' rotation of p by the vector r: p cos θ + (k × p) sin θ + k (k·p)(1 − cos θ). */
function turn(rx: number, ry: number, rz: number, x: number, y: number, z: number): [number, number, number] {
  const angle = Math.hypot(rx, ry, rz);
  if (angle < 1e-12) return [x, y, z];
  const [kx, ky, kz] = [rx / angle, ry / angle, rz / angle];
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const along = (kx * x + ky * y + kz * z) * (1 - cos);
  return [
    x * cos + (ky * z - kz * y) * sin + kx * along,
    y * cos + (kz * x - kx * z) * sin + ky * along,
    z * cos + (kx * y - ky * x) * sin + kz * along,
  ];
}

function finite(x: number, y: number): Point | null {
  return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
}
