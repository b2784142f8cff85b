// vitrine new: a show's folder out of answers, asked for in a terminal or read from a file. Pictures of the products make the catalogue.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "engine/new_show/answers.h"
#include "engine/preflight.h"
#include "engine/printable.h"
#include "pipelines/probe.h"
#include "tools/commands.h"
#include "tools/new_show_folder.h"
#include "tools/small_picture.h"
#include "tools/try_address.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct NewOptions {
    std::string folder, answers, look_at, thumbnails, words;
    bool json = false, example = false;
};

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Asks in a terminal, one question after the other, and again when an answer does not hold.
class Interview {
  public:
    Interview(bool chinese, fs::path base) : chinese_(chinese), base_(std::move(base)) {}

    std::optional<json> ask_all() {
        std::cout << say("\nA new show. Enter takes what stands in [brackets]; everything can be changed in the files later.\n\n",
                         "\n新建节目。直接回车采用 [方括号] 中的值；以后都可以在文件中修改。\n\n");
        json answers{{"comments", chinese_ ? "zh" : "en"}};
        if (!text(answers, "name", say("Name of the show", "节目名称"), "") || !languages(answers) ||
            !text(answers, "factory", say("Name of the factory", "工厂名称"), "-") || !cameras(answers) || !microphone(answers) ||
            !products(answers) || !text(answers, "logo", say("Logo, a PNG or JPEG file", "标志图片文件（PNG 或 JPEG）"), "-") ||
            !text(answers, "accent", say("Colour of the brand, #RRGGBB", "品牌颜色 #RRGGBB"), "-"))
            return std::nullopt;
        return answers;
    }

  private:
    std::string say(const char* en, const char* zh) const { return chinese_ ? zh : en; }

    /// Nothing at the end of the input.
    std::optional<std::string> line(const std::string& question, const std::string& otherwise) {
        std::cout << "  " << question;
        if (otherwise == "-")
            std::cout << say(" [none]", " [无]");
        else if (!otherwise.empty())
            std::cout << " [" << otherwise << "]";
        std::cout << ": " << std::flush;
        std::string typed;
        if (!std::getline(std::cin, typed)) return std::nullopt;
        const auto first = typed.find_first_not_of(" \t\r");
        if (first == std::string::npos) return otherwise == "-" ? "" : otherwise;
        return typed.substr(first, typed.find_last_not_of(" \t\r") - first + 1);
    }

    /// What is wrong with one answer; empty when it holds.
    std::string fault(const char* key, const json& value) const {
        json answers{{"name", "x"}, {"cameras", {"sim:bench"}}};
        answers[key] = value;
        const auto judged = new_show::answers_from_json(dump(answers), base_, chinese_ ? "zh" : "en");
        return judged.problems.empty() ? "" : judged.problems.front();
    }

    bool accepted(const std::string& fault) const {
        if (!fault.empty()) std::cout << "    " << fault << "\n";
        return fault.empty();
    }

    bool text(json& answers, const char* key, const std::string& question, const std::string& otherwise) {
        while (true) {
            const auto typed = line(question, otherwise);
            if (!typed) return false;
            if (typed->empty() && otherwise == "-") return true;
            if (!accepted(fault(key, *typed))) continue;
            answers[key] = *typed;
            return true;
        }
    }

    bool languages(json& answers) {
        while (true) {
            const auto typed =
                line(say("Languages for buyers, the main one first", "买家语言，主要语言在前"), chinese_ ? "zh en" : "en zh");
            if (!typed) return false;
            json list = json::array();
            std::string separated = *typed;
            for (char& c : separated)
                if (c == ',') c = ' ';
            std::istringstream words(separated);
            for (std::string word; words >> word;) list.push_back(word);
            if (!accepted(fault("languages", list))) continue;
            answers["languages"] = list;
            return true;
        }
    }

    /// A number out of a list, or what was typed.
    static std::string chosen(const std::string& typed, const std::vector<std::string>& list) {
        if (typed.empty() || typed.find_first_not_of("0123456789") != std::string::npos || typed.size() > 3) return typed;
        const std::size_t number = std::stoul(typed);
        return number >= 1 && number <= list.size() ? list[number - 1] : typed;
    }

    bool cameras(json& answers) {
        std::vector<std::string> found;
        report_ = probe();
        for (const auto& device : report_.devices)
            if (device.kind == "camera" && !device.source.empty()) {
                found.push_back(device.source);
                std::cout << "    " << found.size() << "  " << printable(device.name) << "  " << device.source << "\n";
            }
        if (found.empty()) std::cout << say("    No camera is plugged in here.\n", "    本机没有接入摄像机。\n");
        std::cout << say("    Also: rtsp://user:password@address/path, file:film.mp4, srt://…, sim:bench to try without a camera.\n",
                         "    还可以填：rtsp://用户:密码@地址/路径、file:影片.mp4、srt://…，或用 sim:bench 试用。\n");
        json list = json::array();
        while (true) {
            const bool first = list.empty();
            const auto typed = line(first ? say("Camera", "摄像机") : say("Another camera", "再加一台摄像机"), !first          ? "-"
                                                                                                               : found.empty() ? "sim:bench"
                                                                                                                               : "1");
            if (!typed) return false;
            if (typed->empty()) break;
            const std::string source = chosen(*typed, found);
            if (!accepted(fault("cameras", json::array({source})))) continue;
            const auto written = new_show::camera_source(source, base_);
            if (written && !try_it(*written)) {
                const auto keep = line(say("Take it all the same? y or n", "仍然使用？y 或 n"), "n");
                if (!keep) return false;
                if (*keep != "y" && *keep != "Y") continue;
            }
            const auto name =
                line(say("Its name", "它的名称"), source.starts_with("sim:") ? source.substr(4, source.find('?') - 4)
                                                                             : say("Camera ", "摄像机 ") + std::to_string(list.size() + 1));
            if (!name) return false;
            list.push_back({{"name", *name}, {"source", source}});
        }
        answers["cameras"] = list;
        return true;
    }

    bool try_it(const std::string& source) {
        std::cout << say("    Trying it …\n", "    正在尝试……\n") << std::flush;
        const SourceTrial tried = try_address(source, base_);
        std::cout << "    " << trial_text(tried, chinese_ ? "zh" : "en") << "\n";
        return tried.trouble == Trouble::none;
    }

    bool microphone(json& answers) {
        std::vector<std::string> found;
        for (const auto& device : report_.devices)
            if (device.kind == "microphone" && !device.source.empty()) {
                found.push_back(device.source);
                std::cout << "    " << found.size() << "  " << printable(device.name) << "\n";
            }
        while (true) {
            const auto typed =
                line(say("Microphone: a number, default or none", "麦克风：编号、default 或 none"), found.empty() ? "none" : "default");
            if (!typed) return false;
            const std::string source = chosen(*typed, found);
            if (!accepted(fault("microphone", source))) continue;
            answers["microphone"] = source;
            return true;
        }
    }

    bool products(json& answers) {
        if (!text(answers, "products", say("Folder with a picture of each product", "产品图片文件夹（每个产品一张）"), "-")) return false;
        if (!answers.contains("products")) return true;
        const auto found = readable_products((base_ / answers["products"].get<std::string>()).lexically_normal(), chinese_ ? "zh" : "en");
        if (!found) return accepted(found.error().message);
        for (const std::string& sentence : found->left_out) std::cout << "    " << sentence << "\n";
        std::cout << "    " << found->products.size() << say(" products\n", " 个产品\n");
        if (!text(answers, "currency", say("Currency", "币种"), "USD")) return false;
        json prices = json::object();
        for (const auto& product : found->products) {
            while (true) {
                const auto typed = line(product.id + (product.name == product.id ? "" : " (" + product.name + ")") +
                                            say(": prices, as 100: 4.20, 1000: 3.80", "：价格，如 100: 4.20, 1000: 3.80"),
                                        "-");
                if (!typed) return false;
                if (typed->empty()) break;
                if (!accepted(fault("prices", json{{product.id, *typed}}))) continue;
                prices[product.id] = *typed;
                break;
            }
        }
        answers["prices"] = prices;
        return true;
    }

    bool chinese_;
    fs::path base_;
    ProbeReport report_;
};

bool chinese(const std::string& words) {
    if (!words.empty()) return words == "zh";
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value && *value) return std::string(value).starts_with("zh");
    return false;
}

std::string language_of(const NewOptions& options) { return chinese(options.words) ? "zh" : "en"; }

/// What a folder of pictures would become, without making anything.
int look_at(const NewOptions& options) {
    std::error_code error;
    const auto found = readable_products(fs::absolute(options.look_at, error), language_of(options));
    if (!found) return report(found.error());
    json products = json::array();
    for (std::size_t i = 0; i < found->products.size(); ++i) {
        const auto& product = found->products[i];
        json entry{{"id", product.id}, {"name", product.name}, {"image", product.image.string()}};
        if (!options.thumbnails.empty()) {
            const fs::path thumbnail = fs::path(options.thumbnails) / ("product-" + std::to_string(i + 1) + ".jpg");
            if (write_small_picture(product.image, thumbnail)) entry["thumbnail"] = thumbnail.string();
        }
        products.push_back(std::move(entry));
    }
    if (options.json) {
        std::cout << dump({{"products", products}, {"left_out", found->left_out}}) << "\n";
    } else {
        for (const auto& product : found->products) std::cout << product.id << "  " << product.name << "\n";
        for (const std::string& sentence : found->left_out) std::cerr << sentence << "\n";
    }
    return 0;
}

Result<std::string> text_of(const std::string& file, const std::string& language) {
    if (file == "-") return std::string((std::istreambuf_iterator<char>(std::cin)), {});
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(sentence("new.unreadable_answers", {{"file", printable(file)}}, language), ErrorKind::bad_input);
    return std::string((std::istreambuf_iterator<char>(in)), {});
}

int make(const NewOptions& options) {
    const std::string language = language_of(options);
    if (options.folder.empty()) return report({ErrorKind::bad_input, sentence("new.no_folder_named", {}, language)});
    std::error_code error;
    fs::path base = fs::current_path(error);
    std::string text;
    // Before anybody has answered twenty questions.
    if (fs::exists(fs::symlink_status(options.folder, error)))
        return report({ErrorKind::bad_input, sentence("new.taken", {{"folder", printable(options.folder)}}, language)});
    if (!options.answers.empty()) {
        auto read = text_of(options.answers, language);
        if (!read) return report(read.error());
        text = std::move(*read);
        if (options.answers != "-") base = fs::absolute(options.answers, error).parent_path();
    } else if (isatty(STDIN_FILENO)) {
        const auto answers = Interview(chinese(options.words), base).ask_all();
        if (!answers) return report({ErrorKind::bad_input, sentence("new.nothing_made", {}, language)});
        text = dump(*answers);
    } else {
        return report({ErrorKind::bad_input, sentence("new.no_answers", {}, language)});
    }
    const auto judged = new_show::answers_from_json(text, base, language);
    if (!judged.answers) {
        for (const std::string& problem : judged.problems) {
            if (options.json) std::cout << dump({{"problem", problem}}) << "\n";
            std::cerr << problem << "\n";
        }
        return 2;
    }
    const auto made = make_show_folder(*judged.answers, options.folder, language);
    if (!made) {
        if (options.json) std::cout << dump({{"problem", made.error().message}}) << "\n";
        return report(made.error());
    }
    if (options.json) {
        std::cout << dump({{"folder", made->folder.string()},
                           {"cameras", made->cameras},
                           {"products", made->products},
                           {"left_out", made->left_out}})
                  << "\n";
        return 0;
    }
    for (const std::string& sentence : made->left_out) std::cerr << sentence << "\n";
    const std::string folder = printable(made->folder.string());
    if (language == "zh")
        std::cout << "\n  节目已建好：" << folder << "（" << made->cameras << " 台摄像机，" << made->products
                  << " 个产品）\n  检查：vitrine check " << folder << "\n  彩排：vitrine rehearse " << folder << "\n  启动：vitrine run "
                  << folder << "\n\n";
    else
        std::cout << "\n  Your show is in " << folder << " (" << made->cameras << (made->cameras == 1 ? " camera, " : " cameras, ")
                  << made->products << (made->products == 1 ? " product)" : " products)") << "\n  Check it:     vitrine check " << folder
                  << "\n  Rehearse it:  vitrine rehearse " << folder << "\n  Run it:       vitrine run " << folder << "\n\n";
    return 0;
}

}  // namespace

void add_new(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<NewOptions>();
    CLI::App* command = app.add_subcommand("new", "Make a new show by answering questions");
    command->add_option("folder", options->folder, "The folder to make");
    command->add_option("--answers", options->answers,
                        "A JSON file with the answers, - for standard input; asked in the terminal otherwise");
    command->add_flag("--example", options->example, "Print an example of the answers");
    command->add_option("--look-at", options->look_at, "Only tell which products a folder of pictures holds");
    command->add_option("--thumbnails", options->thumbnails, "With --look-at: a folder for small pictures of them");
    command->add_option("--words", options->words, "Language of the questions")->check(CLI::IsMember({"en", "zh"}));
    command->add_flag("--json", options->json, "What was made, or each problem, as a JSON line");
    command->callback([options, &exit_code] {
        if (options->example)
            std::cout << new_show::example_answers();
        else
            exit_code = options->look_at.empty() ? make(*options) : look_at(*options);
    });
}

}  // namespace vitrine
