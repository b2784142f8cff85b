// Edits of show files: whatever the file looks like, one thing changes and everything else stays byte for byte.

#include "engine/toml_edit.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "engine/config_edit.h"
#include "engine/show.h"
#include "test_places.h"
#include "tests/engine/test_config_scratch.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::string made(const std::string& text, const TomlEdit& edit) {
    auto out = with_edit(text, edit);
    INFO(text);
    INFO((out ? "" : out.error().message));
    REQUIRE(out.has_value());
    return *out;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();  // the last line may have no end of its own
        lines.push_back(line);
    }
    return lines;
}

/// Lines of `before` that `after` has no more, by the longest common subsequence.
std::vector<std::string> lost(const std::string& before, const std::string& after) {
    const auto a = lines_of(before), b = lines_of(after);
    std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1, 0));
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    std::vector<std::string> gone;
    for (std::size_t i = 0, j = 0; i < a.size();) {
        if (j < b.size() && a[i] == b[j]) {
            ++i, ++j;
        } else if (j < b.size() && common[i][j + 1] >= common[i + 1][j]) {
            ++j;
        } else {
            gone.push_back(a[i++]);
        }
    }
    return gone;
}

/// Writes product files of every style that there is, from dice.
class Writer {
  public:
    explicit Writer(unsigned seed) : dice_(seed) {}

    int roll(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }
    bool coin() { return roll(2) == 0; }

    std::string file() {
        nl_ = roll(4) == 0 ? "\r\n" : "\n";
        std::string out;
        if (roll(6) == 0) out += "\xef\xbb\xbf";
        comment(out);
        out += "id = \"P\"" + tail();
        out += "name = { en = \"A # in it\", zh = '筒灯 \"x\"' }" + tail();
        callouts = roll(4);
        braces = callouts > 0 && roll(4) == 0;
        if (braces) {
            out += "callout = [" + (coin() ? nl_ : std::string());
            for (int i = 0; i < callouts; ++i) {
                out += "  { at = " + point() + ", text = { en = \"braced " + std::to_string(i) + "\" }" +
                       (coin() ? ", spec = \"flux\"" : "") + " }";
                if (i + 1 < callouts || coin()) out += ",";
                if (coin()) out += " # item " + std::to_string(i) + nl_;
            }
            out += nl_ + "]" + tail();
        }
        blank(out);
        out += "[target]" + tail() + "marker = \"apriltag36h11:5\"" + tail() + "size_mm = 40" + tail();
        blank(out);
        comment(out);
        out += "[[spec]]" + tail() + "key = \"flux\"" + tail() + "label = { en = \"Flux\" }" + tail() + "value = 12.50" + tail();
        for (int i = 0; i < callouts && !braces; ++i) callout(out, i);
        if (coin()) {
            blank(out);
            out +=
                "[description]" + tail() + "en = \"\"\"" + nl_ + "[[callout]]" + nl_ + "at = [1, 2]  \\\"\"\" \\" + nl_ + "\"\"\"" + tail();
        }
        if (coin()) out += "[[price]]" + tail() + "min = 1_000" + tail() + "unit = 4.20" + tail() + "currency = \"USD\"" + tail();
        comment(out);
        if (roll(3) == 0 && out.ends_with(nl_)) out.resize(out.size() - nl_.size());
        return out;
    }

    int callouts = 0;
    bool braces = false;

  private:
    std::string nl_ = "\n";
    std::mt19937 dice_;
    int comments_ = 0;

    std::string tail() { return (roll(5) == 0 ? "   # note " + std::to_string(comments_++) : "") + (roll(7) == 0 ? "  " : "") + nl_; }
    void comment(std::string& out) {
        if (coin()) out += "# comment " + std::to_string(comments_++) + " [[callout]] at = 1" + nl_;
    }
    void blank(std::string& out) {
        for (int n = roll(3); n > 0; --n) out += nl_;
    }
    std::string point() {
        const std::string x = std::to_string(roll(100)), y = std::to_string(roll(100)) + ".50";
        switch (roll(4)) {
            case 0:
                return "[" + x + ", " + y + "]";
            case 1:
                return "[ " + x + ".0,\t" + y + " , 0 ]";
            case 2:
                return "[" + nl_ + "    " + x + ", # across" + nl_ + "    " + y + "," + nl_ + "]";
            default:
                return "[" + x + "," + y + ",-1.5]";
        }
    }
    void callout(std::string& out, int index) {
        blank(out);
        comment(out);
        const std::string indent = roll(4) == 0 ? "  " : "", name = "callout " + std::to_string(index);
        out += indent + (coin() ? "[[callout]]" : "[[ callout ]]") + tail();
        comment(out);
        if (index == 1 && coin()) out += indent + "id   = \"given\"" + tail();
        out += indent + "at   = " + point() + tail();
        if (coin()) out += indent + "spec = 'flux'" + tail();
        switch (roll(4)) {
            case 0:
                out += indent + "text = \"" + name + "\"" + tail();
                break;
            case 1:
                out += indent + "text = { en = \"" + name + "\", zh = \"标注\" }" + tail();
                break;
            case 2:
                out += indent + "text.en = \"" + name + "\"" + tail() + indent + "text.zh = \"标注\"" + tail();
                break;
            default:
                comment(out);
                out += indent + "[callout.text]" + tail() + indent + "en = \"" + name + "\"" + tail() + indent + "zh = '标注'" + tail();
        }
    }
};

}  // namespace

TEST_CASE("a callout is moved without a byte beside it", "[toml]") {
    const std::string text =
        "# heat sink and all\nid = \"P\"\n\n[[callout]]   # first\nat   = [60.0, 35.0, 0.0] # measured\ntext = \"a\"\n\n"
        "[[callout]]\ntext = \"b\"\nat=[1,2]\n";
    CHECK(made(text, WriteCallout{0, false, {}, {{1.25, -2, 3}}, {}, {}}) ==
          "# heat sink and all\nid = \"P\"\n\n[[callout]]   # first\nat   = [1.25, -2.0, 3.0] # measured\ntext = \"a\"\n\n"
          "[[callout]]\ntext = \"b\"\nat=[1,2]\n");
    CHECK(made(text, WriteCallout{1, false, {}, {{0, 0, 0}}, {}, {}}).ends_with("at=[0.0, 0.0, 0.0]\n"));
    CHECK(made(text, DropCallout{0}) == "# heat sink and all\nid = \"P\"\n\n[[callout]]\ntext = \"b\"\nat=[1,2]\n");
    CHECK(
        made(text, WriteCallout{2, true, "new", {{1, 2, 0}}, LocalText{{{"en", "A \"b\" \\"}, {"zh", "新"}}}, "flux"}) ==
        text +
            "\n[[callout]]\nid   = \"new\"\nat   = [1.0, 2.0, 0.0]\ntext = { en = \"A \\\"b\\\" \\\\\", zh = \"新\" }\nspec = \"flux\"\n");
    CHECK(with_edit(text, DropCallout{2}).error().message == "it cannot be changed: its callout 3 was not found");
    CHECK_FALSE(with_edit("id = = 3", DropCallout{0}).has_value());
}

TEST_CASE("masks are written, replaced and taken out", "[toml]") {
    const std::string text =
        "[show]\ntitle = \"T\"\n[[camera]]\nid     = \"a\"\nsource = \"sim:line\"\n\n# second\n[[camera]]\nid = \"b\"\n";
    const std::vector<PrivacyMask> masks{{{{0.7F, 0}, {1, 0}, {1, 0.4F}}, MaskFill::blur}};
    const std::string written = made(text, WriteMasks{0, masks});
    CHECK(written ==
          "[show]\ntitle = \"T\"\n[[camera]]\nid     = \"a\"\nsource = \"sim:line\"\nmasks  = [ { polygon = [[0.7, 0.0], [1.0, 0.0], "
          "[1.0, 0.4]], fill = \"blur\" } ]\n\n# second\n[[camera]]\nid = \"b\"\n");
    CHECK(made(written, WriteMasks{0, {}}) == text);
    CHECK(made(text, WriteMasks{0, {}}) == text);
    const std::string tables =
        "[[camera]]\nid = \"a\"\n[[camera.masks]]\npolygon = [[0,0],[1,0],[1,1]]\n\n[[camera.masks]]\n"
        "polygon = [[0,0],[1,0],[0,1]]\n\n[[camera]]\nid = \"b\"\n";
    CHECK(made(tables, WriteMasks{0, masks}) ==
          "[[camera]]\nid = \"a\"\nmasks = [ { polygon = [[0.7, 0.0], [1.0, 0.0], [1.0, 0.4]], fill = \"blur\" } ]\n[[camera]]\nid = "
          "\"b\"\n");
}

TEST_CASE("when a show begins is written into its table and taken out again", "[toml]") {
    constexpr std::int64_t at = 1'795'672'800'000'000;
    const std::string text = "[show]\ntitle    = \"T\"  # ours\nlanguages = [\"en\"]\n\n[[camera]]\nid = \"a\"\n";
    const std::string written = made(text, WriteStart{at});
    CHECK(written ==
          "[show]\ntitle    = \"T\"  # ours\nlanguages = [\"en\"]\nstarts_at = \"2026-11-26T06:00:00Z\"\n\n[[camera]]\nid = \"a\"\n");
    CHECK(made(written, WriteStart{at + 60'000'000}).find("06:01:00Z") != std::string::npos);
    CHECK(made(written, WriteStart{0}) == text);
    CHECK(made(text, WriteStart{0}) == text);
    // TOML's own date and time.
    CHECK(made("[show]\nstarts_at = 2026-11-26T14:00:00+08:00 # hers\n", WriteStart{at}) ==
          "[show]\nstarts_at = \"2026-11-26T06:00:00Z\" # hers\n");
    CHECK(made("show = { title = \"T\" }\n", WriteStart{at}) == "show = { title = \"T\", starts_at = \"2026-11-26T06:00:00Z\" }\n");
    CHECK_FALSE(with_edit("show.title = \"T\"\n", WriteStart{at}));
}

TEST_CASE("any product file, one edit: exactly that is read back, and every other line is as it was", "[toml]") {
    ScratchShow scratch;
    scratch.write("show.toml", ScratchShow::smallest);
    int edits = 0;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        Writer writer(seed);
        const std::string text = writer.file();
        scratch.write("products/p.toml", text);
        const LoadedShow before = load_show(scratch.folder());
        INFO("seed " << seed << "\n" << text);
        for (const Problem& problem : before.problems) INFO(problem.text());
        REQUIRE(before.show.has_value());
        const ProductConfig& product = before.show->products.front();
        REQUIRE(product.callouts.size() == static_cast<std::size_t>(writer.callouts));

        TomlEdit edit;
        ShowConfigPtr wanted;
        PutCallout put{"P", "", {{12.25, -3, 0.1}}, LocalText{{{"en", "Said \"so\"\nand on"}, {"pt", "Novo"}}}, {}};
        const int kind = writer.callouts == 0 ? 0 : writer.roll(4);
        const auto index = static_cast<std::size_t>(writer.callouts == 0 ? 0 : writer.roll(writer.callouts));
        if (kind == 0) {
            if (writer.coin()) put.id = "fresh";
            put.spec = writer.coin() ? std::optional<std::string>("flux") : std::nullopt;
            auto result = with_callout(*before.show, put);
            REQUIRE(result.has_value());
            wanted = result->show;
            edit = WriteCallout{result->place.callout, true, put.id, put.at_mm, put.text, put.spec};
        } else if (kind == 1) {
            wanted = with_callout_at(*before.show, product.callouts[index].id, {7.5, 8, -9.125}).value();
            edit = WriteCallout{index, false, {}, {{7.5, 8, -9.125}}, {}, {}};
        } else if (kind == 2) {
            put.id = product.callouts[index].id;
            put.at_mm.reset();
            put.spec = writer.coin() ? "flux" : "";
            wanted = with_callout(*before.show, put).value().show;
            edit = WriteCallout{index, false, {}, {}, put.text, put.spec};
        } else {
            wanted = without_callout(*before.show, product.callouts[index].id).value().show;
            edit = DropCallout{index};
        }
        const std::string after = made(text, edit);
        scratch.write("products/p.toml", after);
        const LoadedShow read = load_show(scratch.folder());
        INFO("kind " << kind << ", callout " << index << "\n" << after);
        for (const Problem& problem : read.problems) INFO(problem.text());
        REQUIRE(read.show.has_value());
        CHECK(read.show->products == wanted->products);
        ++edits;

        // What went is of the callout that was edited, or an empty line behind it.
        const auto gone = lost(text, after);
        if (kind == 0 && !writer.braces) {
            CHECK(gone.empty());
        } else if (kind == 1 && !writer.braces) {
            CHECK(gone.size() <= 4);  // a point of up to four lines
        }
        for (const std::string& line : gone) {
            INFO("gone: " << line);
            CHECK(line.find("[target]") == std::string::npos);
            CHECK(line.find("[[spec]]") == std::string::npos);
            CHECK(line.find("[[price]]") == std::string::npos);
            if (kind < 3) CHECK(line.find("# comment") == std::string::npos);
            for (int other = 0; other < writer.callouts && !writer.braces; ++other)
                if (static_cast<std::size_t>(other) != index || kind == 0)
                    CHECK(line.find("callout " + std::to_string(other) + "\"") == std::string::npos);
        }
    }
    CHECK(edits == 150);
}

TEST_CASE("the demo's own files can be edited and edited back", "[toml]") {
    const std::filesystem::path folder = std::filesystem::path(VITRINE_SOURCE_DIR) / "assets/shows/demo";
    const LoadedShow demo = load_show(folder);
    REQUIRE(demo.show.has_value());
    const std::string show = read_file(folder / "show.toml");
    const std::string with = made(show, WriteMasks{1, {{{{0, 0}, {0.5F, 0}, {0.5F, 0.5F}}}}});
    CHECK(with != show);
    CHECK(made(with, WriteMasks{1, {}}) == show);
    for (const ProductConfig& product : demo.show->products) {
        const std::string text = read_file(product.file);
        std::string moved = text;
        for (std::size_t i = 0; i < product.callouts.size(); ++i)
            moved = made(moved, WriteCallout{i, false, {}, product.callouts[i].at_mm, {}, {}});
        CHECK(lines_of(moved).size() == lines_of(text).size());
        const std::string more = made(text, WriteCallout{0, true, "x", {{1, 2, 3}}, LocalText{{{"en", "x"}}}, {}});
        CHECK(made(more, DropCallout{product.callouts.size()}).starts_with(text.substr(0, text.size() / 2)));
    }
}

namespace {

/// A show from files, run by its thread.
struct Running {
    ScratchShow scratch;
    std::filesystem::path product;
    std::unique_ptr<Show> show;

    Running() {
        scratch.write("show.toml", ScratchShow::smallest);
        product = scratch.write("products/p.toml",
                                "id = \"P\"\nname = \"P\"\n[target]\nmarker = \"apriltag36h11:5\"\nsize_mm = 40\n\n"
                                "# the first\n[[callout]]\nat = [1, 2]\ntext = \"one\"\n\n[[callout]]\nat = [3, 4]\ntext = \"two\"\n");
        LoadedShow loaded = load_show(scratch.folder());
        REQUIRE(loaded.show.has_value());
        show = std::make_unique<Show>(std::make_shared<const ShowConfig>(std::move(*loaded.show)));
    }
    std::string answer(const Command& command) {
        const auto result = show->post(command).get();
        return result ? "done" : result.error().message;
    }
    ShowConfig on_disk() { return *load_show(scratch.folder()).show; }
};

}  // namespace

TEST_CASE("a running show's edits are in its files when the command is answered", "[show][toml]") {
    Running run;
    CHECK(run.answer(PlaceCallout{"P/0", {9, 8, 7}, true}) == "done");
    CHECK(run.on_disk().products == run.show->snapshot()->show->products);
    CHECK(run.answer(PlaceCallout{"P/0", {10, 8, 7}}) == "done");
    CHECK(run.on_disk().products[0].callouts[0].at_mm[0] == 9);  // not saved
    CHECK(run.answer(PutCallout{"P", "", {{5, 6, 0}}, LocalText{{{"en", "three"}}}, {}}) == "done");
    CHECK(run.show->snapshot()->show->products[0].callouts.size() == 3);
    CHECK(run.on_disk().products[0].callouts[2].text.in("en") == "three");
    CHECK(run.answer(RemoveCallout{"P/0"}) == "done");
    CHECK(run.on_disk().products == run.show->snapshot()->show->products);
    CHECK(run.show->snapshot()->show->products[0].callouts[0].text.in("en") == "two");
    const PrivacyMask mask{{{0, 0}, {0.5F, 0}, {0.5F, 0.3F}}, MaskFill::mosaic};
    CHECK(run.answer(SetMasks{"line", {mask}, true}) == "done");
    CHECK(run.on_disk().cameras == run.show->snapshot()->show->cameras);
    CHECK(run.answer(SetStart{1'795'672'800'000'000, true}) == "done");
    CHECK(run.on_disk().starts_at_us == 1'795'672'800'000'000);
    CHECK(run.answer(SetStart{0}) == "done");
    CHECK(run.on_disk().starts_at_us == 1'795'672'800'000'000);  // not saved
    CHECK(read_file(run.product).find("# the first") != std::string::npos);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(run.scratch.folder()))
        CHECK((entry.is_directory() || entry.path().extension() == ".toml"));  // nothing left beside them
}

TEST_CASE("a file that somebody else has changed is never overwritten", "[show][toml]") {
    Running run;
    const std::string theirs = read_file(run.product) + "# mine\n";
    run.scratch.write("products/p.toml", theirs);
    const std::string answer = run.answer(PlaceCallout{"P/0", {9, 8, 7}, true});
    CHECK(answer.starts_with("p.toml was changed by somebody else since the show was started"));
    CHECK(read_file(run.product) == theirs);
    CHECK(run.show->snapshot()->show->products[0].callouts[0].at_mm[0] == 9);  // live all the same
    CHECK(run.answer(RemoveCallout{"P/1"}).starts_with("p.toml was changed"));
    CHECK(run.show->snapshot()->show->products[0].callouts.size() == 2);
    CHECK(run.answer(PlaceCallout{"P/0", {1, 1, 1}}) == "done");
}

TEST_CASE("edits asked for just before the end are still written, and answered", "[show][toml]") {
    Running run;
    std::vector<std::future<Result<std::uint64_t>>> answers;
    for (int i = 0; i < 20; ++i) answers.push_back(run.show->post(PlaceCallout{"P/0", {double(i), 0, 0}, true}));
    answers.back().wait();
    run.show.reset();
    for (auto& answer : answers) CHECK(answer.get().has_value());
    CHECK(run.on_disk().products[0].callouts[0].at_mm[0] == 19);
}
