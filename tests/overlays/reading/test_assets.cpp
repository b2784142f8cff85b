#include "overlays/reading/assets.h"

#include <filesystem>
#include <fstream>

#include "overlays/painting/brand_font.h"
#include "overlays/painting/font_book.h"
#include "tests/overlays/reading/hostile_files.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

namespace fs = std::filesystem;

/// A show folder with a product whose every file is either sound or hostile.
class Folder {
  public:
    Folder(const hostile::Bytes& model, const hostile::Bytes& target, const hostile::Bytes& logo, const hostile::Bytes& font) {
        std::string name = (fs::temp_directory_path() / "vitrine-assets-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()));
        folder_ = name;
        fs::create_directory(folder_ / "products");
        write("m.glb", model);
        write("t.png", target);
        write("l.png", logo);
        write("f.ttf", font);
        write("card.png", target);
        text("show.toml",
             "[show]\ntitle = \"T\"\n\n[brand]\nlogo = \"l.png\"\nfont = \"f.ttf\"\n\n[[camera]]\nid = \"a\"\nsource = \"sim:bench\"\n");
        text("products/p.toml",
             "id = \"P\"\nname = \"P\"\nmodel = \"m.glb\"\nimage = \"card.png\"\n\n[target]\nimage = \"t.png\"\nwidth_mm = 100\n");
    }
    ~Folder() { fs::remove_all(folder_); }
    const fs::path& path() const { return folder_; }

  private:
    void write(const std::string& name, const hostile::Bytes& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    void text(const std::string& name, const std::string& words) const { std::ofstream(folder_ / name) << words; }
    fs::path folder_;
};

hostile::Bytes named(const std::vector<hostile::File>& files, const std::string& name) {
    for (const auto& file : files)
        if (file.name == name) return file.make();
    FAIL("there is no " << name);
    return {};
}

Folder bad_folder() {
    // Each looks right at its start: load_show takes it.
    return {named(hostile::models(), "nodes-in-a-circle.glb"), named(hostile::pictures(), "wrong-check.png"),
            named(hostile::pictures(), "data-is-noise.png"), named(hostile::fonts(), "made-of-itself.ttf")};
}

}  // namespace

TEST_CASE("sound files make no problems", "[reading][assets]") {
    const Folder folder(hostile::sound_glb(), hostile::sound_png(), hostile::sound_png(), hostile::sound_font());
    LoadedShow loaded = load_show(folder.path());
    INFO((loaded.problems.empty() ? std::string() : loaded.problems.front().text()));
    REQUIRE(loaded.show);
    CHECK(loaded.assets.size() == 5);
    CHECK(judge_assets(loaded.assets).empty());
    CHECK(set_aside_bad_assets(*loaded.show, loaded.assets).empty());
    CHECK(loaded.show->products[0].model);
    CHECK(loaded.show->brand.font);
}

TEST_CASE("every bad file is a problem with its place, what is wrong and what to do", "[reading][assets]") {
    const Folder folder = bad_folder();
    const LoadedShow loaded = load_show(folder.path());
    REQUIRE(loaded.show);
    const auto problems = judge_assets(loaded.assets);
    REQUIRE(problems.size() == 5);
    const auto text = [&](const std::string& key) {
        for (const auto& p : problems)
            if (p.key == key) return p.text();
        return std::string();
    };
    CHECK(text("brand.logo").rfind("show.toml:5: brand.logo: is a damaged PNG (", 0) == 0);
    CHECK(text("brand.font").rfind("show.toml:6: brand.font: is damaged: a glyph is made of millions of others, or of itself", 0) == 0);
    CHECK(text("model") == "products/p.toml:3: model: is damaged: node 0 hangs below itself or in two places – export it again as .glb");
    CHECK(text("image").rfind("products/p.toml:4: image: is a damaged PNG", 0) == 0);
    CHECK(text("target.image").rfind("products/p.toml:7: target.image: is a damaged PNG", 0) == 0);
    for (const auto& p : problems) CHECK_FALSE(p.hint.empty());
}

TEST_CASE("a show goes on without what is bad in it", "[reading][assets]") {
    const Folder folder = bad_folder();
    LoadedShow loaded = load_show(folder.path());
    REQUIRE(loaded.show);
    const auto sentences = set_aside_bad_assets(*loaded.show, loaded.assets);
    CHECK(sentences.size() == 4);  // the card's picture is the browsers' matter
    const auto& product = loaded.show->products[0];
    CHECK_FALSE(product.model);
    CHECK_FALSE(product.target);
    CHECK(product.image);
    CHECK_FALSE(loaded.show->brand.logo);
    CHECK_FALSE(loaded.show->brand.font);
    CHECK(std::any_of(sentences.begin(), sentences.end(), [](const std::string& s) {
        return s ==
               "The show goes on without m.glb (products/p.toml, model): it is damaged: node 0 hangs below itself or in two places; "
               "export it again as .glb.";
    }));
}

TEST_CASE("text in the picture is set in the brand's font", "[reading][painting]") {
    const Folder folder(hostile::sound_glb(), hostile::sound_png(), hostile::sound_png(), hostile::sound_font());
    const auto width = [] { return FontBook::of_this_thread().set("AAAA", "en", {100, false, {}, 0, 1}).width(); };
    const double usual = width();
    REQUIRE(use_brand_font(folder.path() / "f.ttf"));
    CHECK(brand_family() == "Vitrine Test,");
    // Each letter of the test's font is 0.6 em wide.
    CHECK(width() == Approx(240).margin(1));
    // Changing the file afterwards changes nothing: the show has its own copy.
    std::ofstream(folder.path() / "f.ttf") << "gone";
    CHECK(width() == Approx(240).margin(1));
    forget_brand_font();
    CHECK(brand_family().empty());
    CHECK(width() == Approx(usual));
}

TEST_CASE("a hostile font never reaches the show's list of fonts", "[reading][painting][hostile]") {
    for (const auto& file : hostile::fonts()) {
        const Folder folder(hostile::sound_glb(), hostile::sound_png(), hostile::sound_png(), file.make());
        INFO(file.name);
        CHECK_FALSE(use_brand_font(folder.path() / "f.ttf"));
        CHECK(brand_family().empty());
    }
}
