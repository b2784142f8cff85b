#include "engine/new_show/show_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "engine/new_show/names.h"
#include "engine/toml_text.h"

namespace vitrine::new_show {
namespace {

std::string number(double value) {
    char text[64];
    if (std::abs(value * 100 - std::round(value * 100)) < 1e-6) {
        std::snprintf(text, sizeof text, "%.2f", value);
        return text;
    }
    const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
    return {text, end};
}

std::string length(double mm) {
    std::string text = number(mm);
    while (text.ends_with('0') && !text.ends_with(".0")) text.pop_back();
    return text;
}

class Writer {
  public:
    explicit Writer(const Answers& answers) : answers_(answers), chinese_(answers.words == "zh") {}

    std::string show(const std::vector<PlacedProduct>& products, const std::string& logo) {
        note("A show for Vitrine. Products lie beside this file in products/, pictures in images/.",
             "Vitrine 节目。产品文件在 products/，图片在 images/。");
        note("Change what you like; vitrine check tells whether it is right. Every key: engine/CONFIG.md.",
             "可以随意修改；用 vitrine check 检查是否正确。所有设置见 engine/CONFIG.md。");
        line("");
        line("[show]");
        pair("title", toml_texts(answers_.title));
        note("Buyers choose among these; the first is used where a text lacks theirs.", "买家可选的语言；缺少译文时使用第一种。");
        std::string languages;
        for (const std::string& language : answers_.languages) languages += (languages.empty() ? "" : ", ") + toml_string(language);
        pair("languages", "[" + languages + "]");
        note("Where buyers connect. This computer alone for now: the user guide says how to open it to the world.",
             "买家连接的地址。目前仅限本机：如何对外开放见使用指南。");
        pair("listen", toml_string("127.0.0.1:8080"));
        brand(logo);
        line("");
        note("What is heard: none, default, or one that vitrine probe lists.",
             "声音来源：none（无）、default（默认），或 vitrine probe 列出的设备。");
        line("[audio]");
        pair("source", toml_string(answers_.microphone));
        for (const Camera& camera : answers_.cameras) camera_table(camera);
        scenes();
        rundown(products);
        return take();
    }

    std::string product(const PlacedProduct& product) {
        note("As in your catalogue. Letters, digits and . _ + - only.", "产品编号，与目录一致。只能用字母、数字和 . _ + -。");
        pair("id", toml_string(product.id));
        LocalText name;
        name.by_language[language_of(product.name)] = product.name;
        pair("name", toml_texts(name));
        pair("image", toml_string(product.image));
        hint("description = { en = \"…\", zh = \"…\" }", "A few sentences for the product card.", "产品卡片上的几句介绍。");
        hint("lead_time = { en = \"25 days\", zh = \"25 天\" }", "From order to shipment.", "从下单到发货的时间。");
        line("");
        note("The flat picture on the product by which cameras find it: a label, a box, a printed photo.",
             "摄像机据以识别产品的平面图案：标签、包装盒或打印的照片。");
        note("Measure its width where it is printed: callouts count in its millimetres.",
             "请量出图案印在产品上的宽度：标注位置以它的毫米计算。");
        line("[target]");
        pair("image", toml_string(product.label));
        pair("width_mm", length(answers_.width_mm));
        line("");
        prices(product.id);
        line("");
        note("Figures for the spec table.", "规格表中的数据。");
        for (const char* text :
             {"[[spec]]", "key   = \"flux\"", "label = { en = \"Luminous flux\", zh = \"光通量\" }", "value = 1200", "unit  = \"lm\""})
            line(std::string("# ") + text);
        line("");
        note("What is written on the picture beside a part. The panel places them with the mouse.",
             "画面上部件旁的标注。可在面板中用鼠标放置。");
        for (const char* text : {"[[callout]]", "at   = [60.0, 35.0, 0.0]", "text = { en = \"Die-cast heat sink\", zh = \"压铸散热器\" }"})
            line(std::string("# ") + text);
        return take();
    }

  private:
    void line(const std::string& text) { out_ += text + "\n"; }
    void note(const char* en, const char* zh) { line(std::string("# ") + (chinese_ ? zh : en)); }
    void hint(const std::string& code, const char* en, const char* zh) { line("# " + code + "   # " + (chinese_ ? zh : en)); }
    void pair(const std::string& key, const std::string& value) { line(key + " = " + value); }
    std::string take() { return std::exchange(out_, {}); }

    /// Which of the show's languages a file's name is in, as far as its letters tell.
    std::string language_of(const std::string& name) const {
        const auto& all = answers_.languages;
        const bool chinese = std::find(all.begin(), all.end(), "zh") != all.end();
        if (has_han(name) && chinese) return "zh";
        return all.front();
    }

    void brand(const std::string& logo) {
        line("");
        note("How the factory looks to buyers.", "买家看到的工厂形象。");
        line("[brand]");
        if (answers_.factory.by_language.empty())
            hint("factory = { en = \"…\", zh = \"…\" }", "The factory's name.", "工厂名称。");
        else
            pair("factory", toml_texts(answers_.factory));
        if (logo.empty())
            hint("logo = \"images/logo.png\"", "PNG or JPEG.", "PNG 或 JPEG。");
        else
            pair("logo", toml_string(logo));
        if (answers_.accent.empty())
            hint("accent = \"#3BA7A0\"", "Colour of prices and links.", "价格和链接的颜色。");
        else
            pair("accent", toml_string(answers_.accent));
    }

    void camera_table(const Camera& camera) {
        line("");
        line("[[camera]]");
        pair("id", toml_string(camera.id));
        LocalText name;
        name.by_language[language_of(camera.name)] = camera.name;
        pair("name", toml_texts(name));
        pair("source", toml_string(camera.source));
    }

    void scene(const std::string& id, const char* layout, const std::vector<const Camera*>& cameras) {
        std::string ids;
        for (const Camera* camera : cameras) ids += (ids.empty() ? "" : ", ") + toml_string(camera->id);
        line("");
        line("[[scene]]");
        pair("id", toml_string(id));
        if (cameras.size() == 1) {
            LocalText name;
            name.by_language[language_of(cameras[0]->name)] = cameras[0]->name;
            pair("name", toml_texts(name));
        }
        pair("layout", toml_string(layout));
        pair("cameras", "[" + ids + "]");
    }

    void scenes() {
        line("");
        note(
            "What can be on air: number keys 1 to 9 in this order. Layouts: full, pip (a small picture in a large one), side-by-side, "
            "grid.",
            "可播出的场景：按此顺序对应数字键 1 到 9。布局：full（全屏）、pip（画中画）、side-by-side（左右并排）、grid（网格）。");
        const auto& all = answers_.cameras;
        for (const Camera& camera : all) scene(camera.id, "full", {&camera});
        if (all.size() < 2) return;
        std::set<std::string> taken;
        for (const Camera& camera : all) distinct_id(camera.id, taken);
        const std::string both = all[0].id.substr(0, 30) + "+" + all[1].id.substr(0, 30);
        scene(distinct_id(both, taken), "pip", {&all[0], &all[1]});
        scene(distinct_id("side-by-side", taken), "side-by-side", {&all[0], &all[1]});
        if (all.size() == 2) return;
        std::vector<const Camera*> grid;
        for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 9); ++i) grid.push_back(&all[i]);
        scene(distinct_id("grid", taken), "grid", grid);
    }

    void rundown(const std::vector<PlacedProduct>& products) {
        line("");
        note("The way through the show. Without it: every product in the order of its file.", "节目流程。不写则按产品文件的顺序。");
        line("# [[rundown]]");
        line("# product = " + toml_string(products.empty() ? "LX-200" : products.front().id));
        line("# minutes = 4");
        line(std::string("# points  = ") + (chinese_ ? "{ zh = \"要讲的要点，一行一条\" }" : "{ en = \"What to say, one point a line\" }"));
    }

    void prices(const std::string& id) {
        note("Prices: from so many pieces, the price of one.", "价格：起订数量与单价。");
        const auto found = answers_.prices.find(id);
        if (found == answers_.prices.end()) {
            for (const std::string& text : {std::string("[[price]]"), std::string("min      = 100"), std::string("unit     = 4.20"),
                                            "currency = " + toml_string(answers_.currency)})
                line("# " + text);
            return;
        }
        for (std::size_t i = 0; i < found->second.size(); ++i) {
            const PriceTier& tier = found->second[i];
            if (i > 0) line("");
            line("[[price]]");
            pair("min", std::to_string(tier.min));
            pair("unit", number(tier.unit));
            pair("currency", toml_string(tier.currency));
        }
    }

    const Answers& answers_;
    const bool chinese_;
    std::string out_;
};

}  // namespace

std::map<std::string, std::string> show_files(const Answers& answers, const std::vector<PlacedProduct>& products, const std::string& logo) {
    Writer writer(answers);
    std::map<std::string, std::string> files;
    files["show.toml"] = writer.show(products, logo);
    for (const PlacedProduct& product : products) files["products/" + product.id + ".toml"] = writer.product(product);
    return files;
}

}  // namespace vitrine::new_show
