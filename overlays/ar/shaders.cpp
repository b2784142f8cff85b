#include "overlays/ar/shaders.h"

namespace vitrine::shaders {

// Spaces: part (a mesh's own), model (m, with parts moved apart), eye (mm; x right, y up, z towards the viewer), clip.
const char* const model_vertex = R"(
layout(location = 0) in vec3 position;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 tangent;
layout(location = 3) in vec2 uv;
uniform mat4 to_eye, to_clip, to_model;
uniform mat3 normal_to_eye;
uniform float cut_x;  // model space; nothing beyond it is drawn
out vec3 eye;
out vec3 facing;
out vec4 along;
out vec2 at;
void main() {
    vec4 p = to_eye * vec4(position, 1.0);
    eye = p.xyz;
    facing = normal_to_eye * normal;
    along = vec4(mat3(to_eye) * tangent.xyz, tangent.w);
    at = uv;
    gl_Position = to_clip * p;
    gl_ClipDistance[0] = cut_x - (to_model * vec4(position, 1.0)).x;
}
)";

// glTF 2.0, appendix B: metallic-roughness. Split sum after Karis 2013; energy lost between microfacets after Fdez-Agüera, "A
// Multiple-Scattering Microfacet Model for Real-Time Image Based Lighting", JCGT 2019. Tone map: Khronos PBR Neutral, 2024.
const char* const surface_fragment = R"(
in vec3 eye;
in vec3 facing;
in vec4 along;
in vec2 at;
uniform vec4 base_colour;
uniform vec3 emissive;
uniform float metallic, roughness, normal_scale, occlusion_strength, alpha_cutoff;
uniform bool blended;
uniform int inside;        // what a back face is: 0 the same surface from behind, 1 the flat inside of a solid that is cut
uniform vec3 inside_colour;
uniform sampler2D base_map, metal_map, normal_map, occlusion_map, emissive_map, split_sum;
uniform samplerCube studio;
uniform float roughest;    // the studio's last level
uniform vec3 irradiance[9];
out vec4 colour;

vec3 neutral(vec3 c) {
    const float start = 0.8 - 0.04, fade = 0.15;
    float least = min(c.r, min(c.g, c.b));
    c -= least < 0.08 ? least - 6.25 * least * least : 0.04;
    float peak = max(c.r, max(c.g, c.b));
    if (peak < start) return c;
    float room = 1.0 - start, pressed = 1.0 - room * room / (peak + room - start);
    c *= pressed / peak;
    return mix(vec3(pressed), c, 1.0 / (fade * (peak - pressed) + 1.0));
}
vec3 srgb(vec3 c) {
    c = clamp(c, 0.0, 1.0);
    return mix(12.92 * c, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(vec3(0.0031308), c));
}

void main() {
    vec4 base = base_colour;
#ifdef HAS_BASE
    base *= texture(base_map, at);
#endif
    if (base.a < alpha_cutoff) discard;
    float alpha = blended ? base.a : 1.0;
    if (!gl_FrontFacing && inside == 1) {
        colour = vec4(inside_colour, 1.0);
        return;
    }
    vec3 n = normalize(facing);
#ifdef HAS_NORMAL
    vec3 bump = texture(normal_map, at).xyz * 2.0 - 1.0;
    bump.xy *= normal_scale;
#ifdef HAS_TANGENT
    vec3 t = normalize(along.xyz - n * dot(n, along.xyz));
    vec3 b = cross(n, t) * along.w;
#else
    // Tangents from the picture's own derivatives: Schüler, "Normal Mapping without Precomputed Tangents", ShaderX5.
    vec3 dx = dFdx(eye), dy = dFdy(eye);
    vec2 ux = dFdx(at), uy = dFdy(at);
    vec3 across_x = cross(n, dx), across_y = cross(dy, n);
    vec3 t = across_y * ux.x + across_x * uy.x, b = across_y * ux.y + across_x * uy.y;
    float longest = max(dot(t, t), dot(b, b));
    float shrink = longest > 0.0 ? inversesqrt(longest) : 0.0;
    t *= shrink;
    b *= -shrink;
#endif
    n = normalize(t * bump.x + b * bump.y + n * bump.z);
#endif
    if (!gl_FrontFacing) n = -n;
    float rough = roughness, metal = metallic, open = 1.0;
#ifdef HAS_METAL
    vec4 mr = texture(metal_map, at);
    rough *= mr.g;
    metal *= mr.b;
#endif
#ifdef HAS_OCCLUSION
    open = 1.0 + occlusion_strength * (texture(occlusion_map, at).r - 1.0);
#endif
    rough = clamp(rough, 0.04, 1.0);
    vec3 v = normalize(-eye);
    float n_v = clamp(dot(n, v), 0.001, 1.0);
    vec3 f0 = mix(vec3(0.04), base.rgb, metal);
    vec2 ab = texture(split_sum, vec2(n_v, rough)).rg;
    vec3 r = reflect(-v, n);
    vec3 mirrored = textureLod(studio, r, rough * roughest).rgb;
    vec3 lit = irradiance[0] + irradiance[1] * n.y + irradiance[2] * n.z + irradiance[3] * n.x + irradiance[4] * (n.x * n.y) +
               irradiance[5] * (n.y * n.z) + irradiance[6] * (3.0 * n.z * n.z - 1.0) + irradiance[7] * (n.x * n.z) +
               irradiance[8] * (n.x * n.x - n.y * n.y);
    lit = max(lit, 0.0);
    vec3 single = f0 * ab.x + ab.y;
    float lost = 1.0 - (ab.x + ab.y);
    vec3 mean = f0 + (1.0 - f0) / 21.0;
    vec3 many = single * mean / (1.0 - lost * mean) * lost;
    vec3 diffuse = base.rgb * (1.0 - metal) * (1.0 - single - many);
    vec3 light = mirrored * single * mix(1.0, open, rough) + lit * (many + diffuse) * open;
    vec3 glow = emissive;
#ifdef HAS_EMISSIVE
    glow *= texture(emissive_map, at).rgb;
#endif
    colour = vec4(srgb(neutral(light + glow)) * alpha, alpha);
}
)";

const char* const shell_fragment = R"(
in vec3 eye;
in vec3 facing;
uniform vec3 shell_colour;
out vec4 colour;
void main() {
    float rim = 1.0 - abs(dot(normalize(facing), normalize(-eye)));
    float alpha = mix(0.05, 0.80, pow(rim, 2.5));
    colour = vec4(shell_colour * alpha, alpha);
}
)";

const char* const cap_vertex = R"(
layout(location = 0) in vec2 corner;  // 0 … 1
uniform mat4 to_eye, to_clip;
uniform vec3 least, greatest;
uniform float cut_x;
out vec2 across;
void main() {
    vec3 p = vec3(cut_x, mix(least.yz, greatest.yz, corner));
    across = p.yz;
    gl_Position = to_clip * (to_eye * vec4(p, 1.0));
}
)";

const char* const cap_fragment = R"(
in vec2 across;
uniform vec3 cap_colour;
uniform float pitch;
out vec4 colour;
void main() {
    float stripe = (across.x + across.y) / pitch, wide = max(fwidth(stripe), 1e-4);
    float line = 1.0 - smoothstep(0.14, 0.14 + wide, abs(fract(stripe) - 0.5));
    colour = vec4(cap_colour * (1.0 - 0.30 * line), 1.0);
}
)";

const char* const count_fragment = "void main() {}\n";

// Through a camera that looks straight down at the target: eye.z is the height over it.
const char* const height_fragment = R"(
in vec3 eye;
uniform float tall;
out vec4 colour;
void main() {
    float h = max(eye.z, 0.0) / tall;
    colour = vec4(exp(-h / 0.07), exp(-h / 0.60), 0.0, 1.0);
}
)";

const char* const blur_vertex = R"(
layout(location = 0) in vec2 corner;
out vec2 at;
void main() {
    at = corner;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
)";

// A Gaussian along one axis, narrow in red (where the product touches), wide in green (what it keeps the light from).
const char* const blur_fragment = R"(
in vec2 at;
uniform sampler2D heights;
uniform vec2 step;
out vec4 colour;
void main() {
    vec2 sum = vec2(0.0), weight = vec2(0.0);
    for (int i = -12; i <= 12; ++i) {
        vec2 w = exp(-0.5 * float(i * i) / vec2(2.2 * 2.2, 5.5 * 5.5));
        sum += w * texture(heights, at + float(i) * step).rg;
        weight += w;
    }
    colour = vec4(sum / weight, 0.0, 1.0);
}
)";

const char* const shadow_vertex = R"(
layout(location = 0) in vec2 corner;
uniform mat4 to_eye, to_clip;  // from the target's frame
uniform vec4 ground;           // x, y, width, height, mm
out vec2 at;
void main() {
    at = corner;
    gl_Position = to_clip * (to_eye * vec4(ground.xy + corner * ground.zw, 0.0, 1.0));
}
)";

const char* const shadow_fragment = R"(
in vec2 at;
uniform sampler2D heights;
uniform float strength;
out vec4 colour;
void main() {
    vec2 h = texture(heights, at).rg;
    float dark = 1.0 - (1.0 - 0.50 * h.r) * (1.0 - 0.42 * h.g);
    colour = vec4(0.0, 0.0, 0.0, dark * strength);
}
)";

}  // namespace vitrine::shaders
