// fuzz_seeds FOLDER: the fuzzers' first inputs, a folder for each target.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "overlays/models/model_parser.h"
#include "overlays/models/model_wire.h"
#include "tests/overlays/reading/hostile_files.h"

using namespace vitrine;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const hostile::Bytes& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void write_all(const fs::path& folder, const std::vector<hostile::File>& files) {
    // The large ones only slow a fuzzer down; it makes its own.
    for (const auto& file : files)
        if (const auto bytes = file.make(); bytes.size() < 100'000) write(folder / file.name, bytes);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const fs::path folder = argv[1];
    write_all(folder / "model", hostile::models());
    write(folder / "model/sound.glb", hostile::sound_glb());
    write(folder / "model/sound.gltf", hostile::sound_gltf());
    write_all(folder / "picture", hostile::pictures());
    write(folder / "picture/sound.png", hostile::sound_png());
    write(folder / "picture/sound.jpg", hostile::sound_jpeg());
    write(folder / "picture/progressive.jpg", hostile::sound_jpeg(90, true));
    write_all(folder / "font", hostile::fonts());
    write(folder / "font/sound.ttf", hostile::sound_font());
    fs::create_directories(folder / "model_wire");
    const auto model = parse_model(hostile::sound_glb());
    if (!model) return 1;
    if (FILE* file = std::fopen((folder / "model_wire/sound").c_str(), "w")) {
        WireWriter out(fileno(file));
        write_model(*model, out);
        out.flush();
        std::fclose(file);
    }
    return 0;
}
