#include "engine/messages.h"

#include <map>
#include <utility>

#include "engine/message_catalogue.h"

namespace vitrine {

namespace {

// One line per text, keys in alphabetical order, English first.
constexpr MessageEntry catalogue[] = {
    {"badge.carbon", "en", "Carbon footprint"},
    {"badge.carbon", "es", "Huella de carbono"},
    {"badge.carbon", "pt", "Pegada de carbono"},
    {"badge.carbon", "zh", "碳足迹"},
    {"badge.carbon", "ar", "البصمة الكربونية"},
    {"badge.energy", "en", "Energy class"},
    {"badge.energy", "es", "Clase energética"},
    {"badge.energy", "pt", "Classe energética"},
    {"badge.energy", "zh", "能效等级"},
    {"badge.energy", "ar", "فئة كفاءة الطاقة"},
    {"card.and_more", "en", "and {n} more"},
    {"card.and_more", "es", "y {n} más"},
    {"card.and_more", "pt", "e mais {n}"},
    {"card.and_more", "zh", "另有 {n} 项"},
    {"card.and_more", "ar", "و{n} أخرى"},
    {"card.pieces", "en", "pcs"},
    {"card.pieces", "es", "uds."},
    {"card.pieces", "pt", "un."},
    {"card.pieces", "zh", "件"},
    {"card.pieces", "ar", "قطعة"},
    {"card.price_tiers", "en", "Price by quantity"},
    {"card.price_tiers", "es", "Precio por cantidad"},
    {"card.price_tiers", "pt", "Preço por quantidade"},
    {"card.price_tiers", "zh", "阶梯价"},
    {"card.price_tiers", "ar", "السعر حسب الكمية"},
    {"holding.back_soon", "en", "We will be right back"},
    {"holding.back_soon", "es", "Volvemos enseguida"},
    {"holding.back_soon", "pt", "Voltamos já"},
    {"holding.back_soon", "zh", "稍后继续，请稍候"},
    {"holding.back_soon", "ar", "سنعود بعد قليل"},
    {"slate.connecting", "en", "Connecting to the camera"},
    {"slate.connecting", "es", "Conectando con la cámara"},
    {"slate.connecting", "pt", "Ligando à câmera"},
    {"slate.connecting", "zh", "正在连接摄像机"},
    {"slate.connecting", "ar", "جارٍ الاتصال بالكاميرا"},
    {"slate.frozen", "en", "The picture stands still. Reconnecting"},
    {"slate.frozen", "es", "La imagen se ha detenido. Reconectando"},
    {"slate.frozen", "pt", "A imagem parou. Reconectando"},
    {"slate.frozen", "zh", "画面停滞，正在重新连接"},
    {"slate.frozen", "ar", "توقفت الصورة. جارٍ إعادة الاتصال"},
    {"slate.live", "en", "The picture is on its way"},
    {"slate.live", "es", "La imagen está en camino"},
    {"slate.live", "pt", "A imagem está a caminho"},
    {"slate.live", "zh", "画面即将出现"},
    {"slate.live", "ar", "الصورة في الطريق"},
    {"slate.lost", "en", "Camera signal lost. Reconnecting"},
    {"slate.lost", "es", "Señal de la cámara perdida. Reconectando"},
    {"slate.lost", "pt", "Sinal da câmera perdido. Reconectando"},
    {"slate.lost", "zh", "摄像机信号中断，正在重新连接"},
    {"slate.lost", "ar", "انقطعت إشارة الكاميرا. جارٍ إعادة الاتصال"},
    {"slate.mask_failed", "en", "Camera held back: its privacy mask cannot be applied"},
    {"slate.mask_failed", "es", "Cámara retenida: no se puede aplicar su máscara de privacidad"},
    {"slate.mask_failed", "pt", "Câmera retida: a máscara de privacidade não pode ser aplicada"},
    {"slate.mask_failed", "zh", "摄像机画面已停用：隐私遮挡无法生效"},
    {"slate.mask_failed", "ar", "حُجبت الكاميرا: تعذّر تطبيق قناع الخصوصية"},
};

using Texts = std::map<std::string, std::string, std::less<>>;
using Messages = std::map<std::string, Texts, std::less<>>;

const Messages& messages() {
    static const Messages all = [] {
        Messages m;
        for (const auto& list : {std::span<const MessageEntry>(catalogue), offer_messages(), report_messages(), preflight_messages(),
                                 trial_messages(), rehearsal_messages(), new_show_messages(), log_messages()})
            for (const MessageEntry& e : list) m[std::string(e.key)].emplace(e.language, e.text);
        return m;
    }();
    return all;
}

/// The reference for a key nobody defined holds until this thread asks for another such key.
const std::string& unknown(std::string_view key) {
    thread_local std::string last;
    last = key;
    return last;
}

// Names of languages in themselves: Unicode CLDR 42, with a capital where a name stands alone.
constexpr std::pair<std::string_view, std::string_view> autonyms[] = {
    {"ar", "العربية"},    {"az", "Azərbaycan"},    {"bg", "Български"},
    {"bn", "বাংলা"},      {"cs", "Čeština"},       {"da", "Dansk"},
    {"de", "Deutsch"},    {"el", "Ελληνικά"},      {"en", "English"},
    {"es", "Español"},    {"et", "Eesti"},         {"fa", "فارسی"},
    {"fi", "Suomi"},      {"fil", "Filipino"},     {"fr", "Français"},
    {"he", "עברית"},      {"hi", "हिन्दी"},         {"hr", "Hrvatski"},
    {"hu", "Magyar"},     {"hy", "Հայերեն"},       {"id", "Bahasa Indonesia"},
    {"it", "Italiano"},   {"ja", "日本語"},        {"ka", "ქართული"},
    {"kk", "Қазақ тілі"}, {"km", "ខ្មែរ"},          {"ko", "한국어"},
    {"lo", "ລາວ"},        {"lt", "Lietuvių"},      {"lv", "Latviešu"},
    {"mn", "Монгол"},     {"ms", "Bahasa Melayu"}, {"my", "မြန်မာ"},
    {"nb", "Norsk"},      {"nl", "Nederlands"},    {"no", "Norsk"},
    {"pl", "Polski"},     {"pt", "Português"},     {"ro", "Română"},
    {"ru", "Русский"},    {"sk", "Slovenčina"},    {"sl", "Slovenščina"},
    {"sr", "Српски"},     {"sv", "Svenska"},       {"sw", "Kiswahili"},
    {"ta", "தமிழ்"},       {"te", "తెలుగు"},         {"th", "ไทย"},
    {"tr", "Türkçe"},     {"uk", "Українська"},    {"ur", "اردو"},
    {"uz", "O‘zbekcha"},  {"vi", "Tiếng Việt"},    {"zh", "中文"},
};

}  // namespace

std::string language_name(std::string_view language) {
    for (const auto& [tag, name] : autonyms)
        if (tag == language) return std::string(name);
    std::string capitals(language);
    for (char& c : capitals)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return capitals;
}

const std::string& message(std::string_view key, std::string_view language) {
    const auto texts = messages().find(key);
    if (texts == messages().end()) return unknown(key);
    auto text = texts->second.find(language);
    if (text == texts->second.end()) text = texts->second.find(std::string_view("en"));
    return text->second;
}

const std::vector<std::string>& message_keys() {
    static const std::vector<std::string> keys = [] {
        std::vector<std::string> k;
        for (const auto& [key, texts] : messages()) k.push_back(key);
        return k;
    }();
    return keys;
}

bool has_message(std::string_view key, std::string_view language) {
    const auto texts = messages().find(key);
    return texts != messages().end() && texts->second.find(language) != texts->second.end();
}

}  // namespace vitrine
