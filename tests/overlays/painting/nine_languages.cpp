#include "tests/overlays/painting/nine_languages.h"

#include <map>
#include <stdexcept>

namespace vitrine::painting_test {

namespace {

struct Words {
    const char *factory, *name, *description, *flux, *power, *protection, *heat_sink, *lens, *jet_proof, *energy, *carbon, *speaker, *role;
};

const std::map<std::string, Words>& words() {
    static const std::map<std::string, Words> all{
        {"en",
         {"Harbour Light Works", "LX-200 downlight", "AVA: 12 W downlight, \u201Cflicker-free\u201D, for hotels and shops", "Luminous flux",
          "Power", "Protection", "Die-cast heat sink", "Deep anti-glare lens", "Jet-proof front", "Energy class", "Carbon footprint",
          "Lin Yue", "Product manager, lighting"}},
        {"zh",
         {"港光照明", "LX-200 筒灯", "适用于酒店与商铺的 12 W 嵌入式筒灯，直射角度可调", "光通量", "功率", "防护等级", "压铸散热器",
          "深藏防眩透镜", "正面防喷水", "能效等级", "碳足迹", "林悦", "照明产品经理"}},
        {"es",
         {"Harbour Light Works", "Downlight LX-200", "Downlight de 12 W para hoteles y pequeños comercios: ¿diseño único?",
          "Flujo luminoso", "Potencia", "Protección", "Disipador de fundición", "Óptica antideslumbrante", "Frente estanco",
          "Clase energética", "Huella de carbono", "Lucía Núñez", "Jefa de producto"}},
        {"pt",
         {"Harbour Light Works", "Downlight LX-200", "Downlight de 12 W para hotéis e lojas: instalação sem manutenção", "Fluxo luminoso",
          "Potência", "Proteção", "Dissipador em alumínio", "Óptica antiofuscante", "Frente estanque", "Classe energética",
          "Pegada de carbono", "João Conceição", "Gerente de produto"}},
        {"ar",
         {"هاربر لايت ووركس", "مصباح السقف LX-200",
          "مصباح غاطس بقدرة ‎12 W للفنادق والمتاجر، بلا وميض", "التدفق الضوئي", "القدرة",
          "درجة الحماية", "مشتت حراري مصبوب", "عدسة مانعة للوهج", "واجهة محكمة", "فئة كفاءة الطاقة", "البصمة الكربونية", "لين يوي",
          "مديرة منتجات الإضاءة"}},
        {"he",
         {"הרבור לייט וורקס", "גוף תאורה LX-200", "גוף תאורה שקוע ‎12 W למלונות ולחנויות, ללא הבהוב",
          "שטף אור", "הספק", "דרגת הגנה", "גוף קירור יצוק", "עדשה נגד סנוור", "חזית אטומה", "דירוג אנרגטי", "טביעת רגל פחמנית", "לין יואה",
          "מנהלת מוצר, תאורה"}},
        {"hi",
         {"हार्बर लाइट वर्क्स", "LX-200 डाउनलाइट", "होटलों और दुकानों के लिए 12 W की रिसेस्ड डाउनलाइट", "ज्योति फ्लक्स", "शक्ति", "सुरक्षा श्रेणी",
          "ढला हुआ ऊष्मा सिंक", "चकाचौंध-रोधी लेंस", "जलरोधी अग्रभाग", "ऊर्जा श्रेणी", "कार्बन पदचिह्न", "लिन युए", "उत्पाद प्रबंधक"}},
        {"th",
         {"ฮาร์เบอร์ ไลท์ เวิร์คส์", "ดาวน์ไลท์ LX-200", "ดาวน์ไลท์ฝังฝ้า 12 W สำหรับโรงแรมและร้านค้า", "ฟลักซ์ส่องสว่าง", "กำลังไฟฟ้า", "ระดับการป้องกัน",
          "ฮีตซิงก์หล่อขึ้นรูป", "เลนส์ลดแสงจ้า", "ด้านหน้ากันน้ำ", "ระดับพลังงาน", "คาร์บอนฟุตพริ้นท์", "หลิน เยว่", "ผู้จัดการผลิตภัณฑ์"}},
        {"ja",
         {"ハーバーライト製作所", "LX-200 ダウンライト", "ホテルや店舗向け12 W埋込型。直射角度を調整できます", "光束", "消費電力",
          "保護等級", "ダイカスト放熱器", "防眩深型レンズ", "前面防噴流", "省エネ等級", "カーボンフットプリント", "林 悦",
          "照明製品責任者"}},
    };
    return all;
}

}  // namespace

std::shared_ptr<ShowConfig> show_in(const std::string& language) {
    const Words& w = words().at(language);
    const auto text = [&](const char* in) { return LocalText{{{language, in}}}; };
    auto show = std::make_shared<ShowConfig>();
    show->languages = {language};
    show->brand.factory = text(w.factory);
    show->brand.accent = "#E2A93B";
    ProductConfig p;
    p.id = "LX-200";
    p.name = text(w.name);
    p.description = text(w.description);
    p.specs = {{"flux", text(w.flux), "1200", "lm"}, {"power", text(w.power), "12.5", "W"}, {"ip", text(w.protection), "IP65", ""}};
    p.target = TargetConfig{};
    p.target->width_mm = 120;
    p.target->height_mm = 80;
    p.callouts = {{"sink", {20, 25, 0}, text(w.heat_sink), "power"}, {"lens", {100, 55, 0}, text(w.lens), ""}};
    p.dimensions = {{"width", {0, 0, 0}, {120, 0, 0}, 12, {}, 0.5}, {"height", {0, 80, 0}, {0, 0, 0}, 12, {}, {}}};
    p.badges.resize(3);
    p.badges[0].text = "IP65";
    p.badges[0].label = text(w.jet_proof);
    p.badges[1].kind = BadgeKind::energy;
    p.badges[1].grade = 'C';
    p.badges[1].label = text(w.energy);
    p.badges[1].scheme = "EU 2019/2015";
    p.badges[2].kind = BadgeKind::carbon;
    p.badges[2].value = 8.4;
    p.badges[2].label = text(w.carbon);
    p.prices = {{500, 4.20, "USD"}, {10000, 3.555, "USD"}};
    show->products.push_back(p);
    show->speakers = {{"lin", text(w.speaker), text(w.role), language}};
    return show;
}

}  // namespace vitrine::painting_test
