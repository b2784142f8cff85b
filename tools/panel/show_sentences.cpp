#include "tools/panel/show_sentences.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace vitrine::panel {
namespace {

/// "{}" stands for what changes; it is taken over as it is, in the same order.
struct Sentence {
    std::string_view en, zh;
};

constexpr Sentence known[] = {
    {"The sound is back.", "声音已恢复。"},
    {"{} The show goes on without it; trying again.", "{} 节目继续进行，正在重试。"},
    {"The video encoder {} failed ({}); the next one is used instead.", "视频编码器 {} 出错（{}），已改用下一个。"},
    {"What buyers send can be stored again.", "买家提交的内容已可正常保存。"},
    {"What buyers send cannot be stored: {} They are told to try again.", "买家提交的内容无法保存：{} 已提示他们重试。"},
    {"{} cannot be written: {}. The change is live but not saved.", "{} 无法写入：{}。修改已生效，但未保存。"},
    {"this show was not read from files, so nothing of it can be saved", "本节目不是从文件读取的，无法保存修改"},
    {"{} cannot be read any more, so the change was not saved.", "{} 已无法读取，修改未保存。"},
    {"{} was changed by somebody else since the show was started, so the change was not saved. Start the show again to work on the file as "
     "it "
     "is now.",
     "{} 在节目启动后被他人修改过，因此未保存。请重新启动节目后再修改。"},
    {"the show is {}, so \"{}\" is not possible; it must be {} for that", "节目当前状态为 {}，无法执行“{}”；需要先处于 {}"},
    {"The show did not answer.", "节目没有应答。"},
};

/// What stands in the places of `pattern`; nothing when the sentence is another.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t place = pattern.find("{}");
        const std::string_view fixed = pattern.substr(0, place);
        if (!text.starts_with(fixed)) return std::nullopt;
        text.remove_prefix(fixed.size());
        if (place == std::string_view::npos) return text.empty() ? std::optional(parts) : std::nullopt;
        pattern.remove_prefix(place + 2);
        const std::string_view next = pattern.substr(0, pattern.find("{}"));
        const std::size_t end = next.empty()                                   ? text.size()
                                : pattern.find("{}") == std::string_view::npos ? text.rfind(next)
                                                                               : text.find(next);
        if (end == std::string_view::npos) return std::nullopt;
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

}  // namespace

std::string show_sentence(const std::string& english, const std::string& language) {
    if (language != "zh") return english;
    for (const Sentence& sentence : known) {
        const auto parts = match(sentence.en, english);
        if (!parts) continue;
        std::string out;
        std::string_view rest = sentence.zh;
        for (const std::string& part : *parts) {
            const std::size_t place = rest.find("{}");
            out += std::string(rest.substr(0, place)) + part;
            rest.remove_prefix(place + 2);
        }
        return out + std::string(rest);
    }
    return english;
}

}  // namespace vitrine::panel
