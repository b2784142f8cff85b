// A model's parts: which nodes move as one in the exploded view, where to, and which of them an X-ray shows inside the others. The same rules as
// overlays/models and overlays/ar: a node's extras {"explode": [x, y, z]} say where it and what hangs below it goes (metres, in the model's
// frame, at full explosion); in a model without any such extras each node with a mesh goes away from the model's middle, by the distance
// between the two middles.

import type { Vec3 } from '../wire/show';

export interface TreeNode {
  parent: number | null;
  hasMesh: boolean;
  explode: Vec3 | null;
}

/** For each node with a mesh the node that leads the part it belongs to. */
export function partLeaders(nodes: readonly TreeNode[]): number[] {
  const told = nodes.some(({ explode }) => explode !== null);
  return nodes.map((_, index) => {
    if (!told) return index;
    let top = index; // the highest one with a mesh on the way up
    for (let at: number | null = index; at !== null; at = nodes[at]!.parent) {
      if (nodes[at]!.explode) return at;
      if (nodes[at]!.hasMesh) top = at;
    }
    return top;
  });
}

export const readExplode = (extras: unknown): Vec3 | null => {
  const raw = (extras as { explode?: unknown } | null | undefined)?.explode;
  if (!Array.isArray(raw) || raw.length !== 3) return null;
  return raw.every((each) => typeof each === 'number' && Number.isFinite(each)) ? (raw as Vec3) : null;
};

export interface Part {
  explode: Vec3 | null;
  middle: Vec3; // of the part's box, in the model's frame
}

/** Offsets at full explosion. */
export function explodeOffsets(parts: readonly Part[], modelMiddle: Vec3): Vec3[] {
  const told = parts.some(({ explode }) => explode !== null);
  return parts.map(({ explode, middle }) => {
    if (told) return explode ?? [0, 0, 0];
    return [middle[0] - modelMiddle[0], middle[1] - modelMiddle[1], middle[2] - modelMiddle[2]];
  });
}

export interface Extent {
  least: Vec3;
  greatest: Vec3;
}

/** Whether each part's box lies within another, larger one's: what an X-ray shows inside the shells. */
export function innerParts(extents: readonly Extent[]): boolean[] {
  return extents.map((one) => extents.some((other) => other !== one && within(one, other)));
}

const axes = [0, 1, 2] as const;
const volume = ({ least, greatest }: Extent): number => axes.reduce<number>((product, k) => product * (greatest[k] - least[k]), 1);

function within(a: Extent, b: Extent): boolean {
  if (volume(b) < 1.2 * volume(a)) return false;
  return axes.every((k) => {
    const slack = 0.02 * (b.greatest[k] - b.least[k]);
    return a.least[k] >= b.least[k] - slack && a.greatest[k] <= b.greatest[k] + slack;
  });
}
