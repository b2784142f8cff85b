// Where on the page somebody has tapped.

/**
 * Where a click was, in client px. A click names a whole pixel, rounded down, which on the part is up to half a millimetre off; the pointer that made
 * it knows better. Of a whole pixel its middle is meant.
 */
export function placeOf(click: { clientX: number; clientY: number }, up: { clientX: number; clientY: number } | null): [number, number] {
  const same = up !== null && Math.floor(up.clientX) === Math.floor(click.clientX) && Math.floor(up.clientY) === Math.floor(click.clientY);
  const { clientX, clientY } = same ? up : click;
  const whole = Number.isInteger(clientX) && Number.isInteger(clientY);
  return whole ? [clientX + 0.5, clientY + 0.5] : [clientX, clientY];
}
