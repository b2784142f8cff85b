// iOS shows models in the room by itself (AR Quick Look): it wants a USDZ file behind a link of rel="ar" whose only child is a picture.

import { Group, MeshStandardMaterial, Mesh, Matrix4, type Object3D } from 'three';
import type { ModelState } from '../../wire/show';
import type { LoadedModel } from './loaded_model';

export function canQuickLook(): boolean {
  return document.createElement('a').relList.supports?.('ar') ?? false;
}

/** As the buyer has it, but whole and solid: Quick Look has no section and no X-ray. */
export async function quickLook(model: LoadedModel, scale: number, state: ModelState): Promise<void> {
  const { USDZExporter } = await import('three/examples/jsm/exporters/USDZExporter.js');
  model.look({ ...state, xRay: false, section: null });
  const scene = new Group();
  const held = model.root.parent;
  const before = model.root.matrix.clone();
  let file: Uint8Array<ArrayBuffer>;
  try {
    scene.add(withoutShaders(model.root));
    model.root.matrix.copy(new Matrix4().makeScale(scale, scale, scale));
    scene.updateMatrixWorld(true);
    file = await new USDZExporter().parseAsync(scene, { quickLookCompatible: true });
  } finally {
    model.root.traverse((object) => (object.visible = true));
    model.root.matrix.copy(before);
    held?.add(model.root);
    held?.updateMatrixWorld(true);
    model.look(state);
  }
  const address = URL.createObjectURL(new Blob([file], { type: 'model/vnd.usdz+zip' }));
  const link = Object.assign(document.createElement('a'), { rel: 'ar', href: address });
  link.append(document.createElement('img'));
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The exporter knows standard materials only; the contact shadow is left to the device. */
function withoutShaders(root: Object3D): Object3D {
  root.traverse((object) => {
    if (object instanceof Mesh) object.visible = object.material instanceof MeshStandardMaterial;
  });
  return root;
}
