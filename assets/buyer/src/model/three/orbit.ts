// A camera that goes round a point: angles and distance as a value, moved by fingers, mouse and keys alike.

export interface Orbit {
  around: number; // radians from the front, positive to the right
  above: number; // radians over the horizon
  distance: number; // m
}

export interface OrbitLimits {
  nearest: number;
  farthest: number;
}

const highest = (85 * Math.PI) / 180;
const lowest = (-10 * Math.PI) / 180;

export function turned(orbit: Orbit, around: number, above: number): Orbit {
  return {
    ...orbit,
    around: (orbit.around + around) % (2 * Math.PI),
    above: Math.min(Math.max(orbit.above + above, lowest), highest),
  };
}

/** `factor` above 1 goes away. */
export function moved(orbit: Orbit, factor: number, { nearest, farthest }: OrbitLimits): Orbit {
  return { ...orbit, distance: Math.min(Math.max(orbit.distance * factor, nearest), farthest) };
}

/** Relative to the point that is looked at. */
export function eye({ around, above, distance }: Orbit): [number, number, number] {
  const flat = Math.cos(above) * distance;
  return [flat * Math.sin(around), Math.sin(above) * distance, flat * Math.cos(around)];
}

/** On the way from one to the other, which it reaches for `share` 1; the shorter way round. */
export function between(from: Orbit, to: Orbit, share: number): Orbit {
  let way = (to.around - from.around) % (2 * Math.PI);
  if (way > Math.PI) way -= 2 * Math.PI;
  if (way < -Math.PI) way += 2 * Math.PI;
  return {
    around: from.around + way * share,
    above: from.above + (to.above - from.above) * share,
    distance: from.distance * (to.distance / from.distance) ** share,
  };
}

/** How far away a ball of `radius` just fits the narrower side of a picture of this shape. */
export function fitting(radius: number, fieldOfView: number, aspect: number): number {
  const half = Math.min(fieldOfView / 2, Math.atan(Math.tan(fieldOfView / 2) * aspect));
  return radius / Math.sin(half);
}
