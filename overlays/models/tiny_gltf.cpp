// tinygltf's code, once. It neither opens files nor decodes pictures here: both are ours to judge. The macros that say so are set for the
// whole room in CMakeLists.txt, as they change its declarations too.
#include <fstream>  // its writers need it, whatever the macros say

#define TINYGLTF_IMPLEMENTATION
#include <tiny_gltf.h>
