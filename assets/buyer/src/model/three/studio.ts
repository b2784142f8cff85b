// The light models stand in, made by the formula of overlays/ar (studio.h), so that a model looks the same burned in and on the page. Directions
// are the eye's (x right, y up, z towards the viewer): the studio turns with the camera, not with the product. Radiance is linear.

import {
  BackSide, Mesh, NeutralToneMapping, PMREMGenerator, Scene, ShaderMaterial, SphereGeometry, SRGBColorSpace, type Texture, Vector3,
  type WebGLRenderer,
} from 'three';

interface SoftBox {
  middle: [number, number, number];
  half: [number, number]; // tangents of half its width and height
  softness: number;
  radiance: [number, number, number];
}

const boxes: SoftBox[] = [
  { middle: [0, 1, 0.3], half: [0.95, 0.5], softness: 0.1, radiance: [3.2, 3.2, 3.2] }, // over the product
  { middle: [-0.8, 0.42, 0.62], half: [0.42, 0.62], softness: 0.07, radiance: [5.6, 5.5, 5.3] }, // the key light, left of the camera
  { middle: [0.88, 0.18, 0.52], half: [0.3, 0.75], softness: 0.12, radiance: [1.7, 1.75, 1.9] }, // fill, right
  { middle: [0.72, 0.3, -0.66], half: [0.14, 0.9], softness: 0.05, radiance: [7, 7, 7.2] }, // two strips behind draw the edges
  { middle: [-0.78, 0.25, -0.6], half: [0.12, 0.9], softness: 0.05, radiance: [5, 5, 5] },
  { middle: [0, -0.75, 0.66], half: [0.8, 0.28], softness: 0.2, radiance: [0.55, 0.55, 0.55] }, // a white card below
];

const vertex = `
varying vec3 vDirection;
void main() {
  vDirection = position;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

const fragment = `
struct Box {
  vec3 middle, right, up, radiance;
  vec2 extent;
  float softness;
};
uniform Box boxes[${boxes.length}];
varying vec3 vDirection;
float ramp(float x) {
  float t = clamp(0.5 * x + 0.5, 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}
float covered(float at, float extent, float soft) {
  return ramp((at + extent) / soft) - ramp((at - extent) / soft);
}
void main() {
  vec3 d = normalize(vDirection);
  vec3 light = vec3(0.34 + (d.y > 0.0 ? 0.26 : 0.22) * d.y);
  for (int i = 0; i < ${boxes.length}; ++i) {
    float along = dot(d, boxes[i].middle);
    if (along < 0.05) continue;
    light += boxes[i].radiance * covered(dot(d, boxes[i].right) / along, boxes[i].extent.x, boxes[i].softness)
                               * covered(dot(d, boxes[i].up) / along, boxes[i].extent.y, boxes[i].softness);
  }
  gl_FragColor = vec4(0.62 * light, 1.0);
}`;

export function lightStudio(renderer: WebGLRenderer): Texture {
  const placed = boxes.map(({ middle, half, softness, radiance }) => {
    const direction = new Vector3(...middle).normalize();
    const right = new Vector3(0, 1, 0).cross(direction).normalize();
    const up = direction.clone().cross(right);
    return { middle: direction, right, up, radiance: new Vector3(...radiance), extent: half, softness };
  });
  const material = new ShaderMaterial({
    vertexShader: vertex,
    fragmentShader: fragment,
    uniforms: { boxes: { value: placed } },
    side: BackSide,
    toneMapped: false,
  });
  const sphere = new Mesh(new SphereGeometry(10, 32, 16), material);
  const scene = new Scene();
  scene.add(sphere);
  const generator = new PMREMGenerator(renderer);
  const { texture } = generator.fromScene(scene);
  generator.dispose();
  sphere.geometry.dispose();
  material.dispose();
  return texture;
}

/** Khronos' PBR Neutral keeps a product's colour what its material says. */
export function setTones(renderer: WebGLRenderer): void {
  renderer.outputColorSpace = SRGBColorSpace;
  renderer.toneMapping = NeutralToneMapping;
  renderer.toneMappingExposure = 1;
}
