// The X-ray look of overlays/ar: outer parts become shells, dense where seen along their edge and nearly clear where seen face on; what lies
// inside them stays as it is.

import { CustomBlending, OneFactor, OneMinusSrcAlphaFactor, ShaderMaterial, type Plane } from 'three';

const vertex = `
#include <clipping_planes_pars_vertex>
varying vec3 vNormalToEye;
varying vec3 vToEye;
void main() {
  vNormalToEye = normalMatrix * normal;
  vec4 mvPosition = modelViewMatrix * vec4(position, 1.0);
  vToEye = -mvPosition.xyz;
  gl_Position = projectionMatrix * mvPosition;
  #include <clipping_planes_vertex>
}`;

const fragment = `
#include <clipping_planes_pars_fragment>
varying vec3 vNormalToEye;
varying vec3 vToEye;
void main() {
  #include <clipping_planes_fragment>
  float rim = 1.0 - abs(dot(normalize(vNormalToEye), normalize(vToEye)));
  float alpha = mix(0.05, 0.80, pow(rim, 2.5));
  gl_FragColor = vec4(vec3(0.62, 0.82, 1.0) * alpha, alpha);
}`;

/** `cut`: the section's plane while there is one. */
export function shellMaterial(cut: Plane | null): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: vertex,
    fragmentShader: fragment,
    transparent: true,
    depthWrite: false,
    blending: CustomBlending,
    blendSrc: OneFactor,
    blendDst: OneMinusSrcAlphaFactor,
    clipping: true,
    clippingPlanes: cut ? [cut] : null,
  });
}
