// The model in the buyer's room by WebXR: an augmented reality session with hit tests (WebXR Hit Test Module). A ring shows where the floor or a
// table was found; a tap puts the model there, facing whoever looks.

import { Group, Matrix4, Mesh, MeshBasicMaterial, RingGeometry, Vector3, type Camera, type Object3D, type Scene, type WebGLRenderer } from 'three';
import { el, icon, setText } from '../../view/dom';

export interface RoomWords {
  find: string;
  tap: string;
  close: string;
}

export async function canPlace(): Promise<boolean> {
  return (await navigator.xr?.isSessionSupported('immersive-ar').catch(() => false)) ?? false;
}

export interface RoomDrawing {
  renderer: WebGLRenderer;
  scene: Scene;
  camera: Camera; // its planes count; where it is comes from the device
  model: Object3D;
  beforeFrame(): void;
}

/** Lasts until the buyer leaves the room; throws when the session is refused. */
export async function placeInRoom({ renderer, scene, camera, model, beforeFrame }: RoomDrawing, words: RoomWords): Promise<void> {
  const advice = el('p', { class: 'xr-advice', role: 'status' }, words.find);
  const leave = el('button', { type: 'button', class: 'round', 'aria-label': words.close }, icon('close'));
  const overlay = el('div', { class: 'xr-overlay' }, leave, advice);
  document.body.append(overlay);
  const ring = makeRing();
  try {
    const session = await navigator.xr!.requestSession('immersive-ar', {
      requiredFeatures: ['hit-test'],
      optionalFeatures: ['dom-overlay'],
      domOverlay: { root: overlay },
    });
    const ended = new Promise((done) => session.addEventListener('end', done));
    leave.addEventListener('click', () => void session.end());
    overlay.addEventListener('beforexrselect', (event) => leave.contains(event.target as Node) && event.preventDefault());

    renderer.xr.enabled = true;
    renderer.xr.setReferenceSpaceType('local');
    await renderer.xr.setSession(session);
    const hits = await session.requestHitTestSource!({ space: await session.requestReferenceSpace('viewer') });
    scene.add(ring);
    model.visible = false;
    session.addEventListener('select', () => {
      if (!ring.visible) return;
      put(model, ring.position, renderer);
      setText(advice, '');
    });
    renderer.setAnimationLoop((_, frame) => {
      const space = renderer.xr.getReferenceSpace();
      const pose = frame && space && hits ? frame.getHitTestResults(hits)[0]?.getPose(space) : undefined;
      ring.visible = pose !== undefined;
      if (pose) new Matrix4().fromArray(pose.transform.matrix).decompose(ring.position, ring.quaternion, ring.scale);
      if (!model.visible) setText(advice, pose ? words.tap : words.find);
      beforeFrame();
      renderer.render(scene, camera);
    });
    await ended;
    hits?.cancel();
  } finally {
    renderer.setAnimationLoop(null);
    renderer.xr.enabled = false;
    scene.remove(ring);
    overlay.remove();
  }
}

/** Upright at `at`, its front towards the viewer. */
function put(model: Object3D, at: Vector3, renderer: WebGLRenderer): void {
  const viewer = new Vector3().setFromMatrixPosition(renderer.xr.getCamera().matrixWorld);
  model.position.copy(at);
  model.rotation.set(0, Math.atan2(viewer.x - at.x, viewer.z - at.z), 0);
  model.visible = true;
  model.updateMatrixWorld(true);
}

function makeRing(): Object3D {
  const flat = new Mesh(new RingGeometry(0.06, 0.075, 48).rotateX(-Math.PI / 2), new MeshBasicMaterial({ color: 0xffffff }));
  const ring = new Group();
  ring.add(flat);
  ring.visible = false;
  return ring;
}
