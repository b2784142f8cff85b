// Whether triangles close off a volume, so that it has an inside when it is cut: every edge is shared by as many triangles one way round as the
// other. Corners at the same place count as one: seams of texture and of sharp edges have several vertices there. The rule of overlays/ar.

export interface Triangles {
  positions: ArrayLike<number>; // x y z per vertex
  indices: ArrayLike<number>;
}

/** Places are told apart in steps of the part's longest side over this: far below what is seen, far above rounding. */
const steps = 2 ** 17;

/** Above so many corners nobody waits for the answer: it is no. */
const mostCorners = 3_000_000;

export function isSolid(meshes: readonly Triangles[]): boolean {
  if (meshes.reduce((sum, { indices }) => sum + indices.length, 0) > mostCorners) return false;
  const perMetre = steps / Math.max(...[0, 1, 2].map((axis) => extent(meshes, axis)));
  const places = new Map<string, number>();
  const balance = new Map<number, number>();
  for (const { positions, indices } of meshes) {
    const place = Array.from({ length: positions.length / 3 }, (_, i) => {
      const key = [0, 1, 2].map((k) => Math.round(positions[3 * i + k]! * perMetre) + 0).join(); // -0 is 0
      let at = places.get(key);
      if (at === undefined) places.set(key, (at = places.size));
      return at;
    });
    for (let i = 0; i + 2 < indices.length; i += 3) {
      for (let k = 0; k < 3; ++k) {
        const a = place[indices[i + k]!]!;
        const b = place[indices[i + ((k + 1) % 3)]!]!;
        if (a === b) continue;
        const edge = Math.min(a, b) * 0x4000000 + Math.max(a, b);
        balance.set(edge, (balance.get(edge) ?? 0) + (a < b ? 1 : -1));
      }
    }
  }
  return balance.size > 0 && [...balance.values()].every((sum) => sum === 0);
}

function extent(meshes: readonly Triangles[], axis: number): number {
  let least = Infinity;
  let greatest = -Infinity;
  for (const { positions } of meshes) {
    for (let i = axis; i < positions.length; i += 3) {
      least = Math.min(least, positions[i]!);
      greatest = Math.max(greatest, positions[i]!);
    }
  }
  return Math.max(greatest - least, 1e-9);
}
