export function glb(json: unknown, binary?: Uint8Array): Uint8Array<ArrayBuffer>;
export function boxes_model(
  boxes?: { name: string; at: number[]; size: number[]; extras?: unknown }[],
): { json: any; binary: Uint8Array<ArrayBuffer> };
