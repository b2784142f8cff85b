#include "tests/overlays/painting/sample_picture.h"

#include <algorithm>

namespace vitrine::painting_test {

namespace {

using Texts = std::map<std::string, std::string>;

}  // namespace

std::shared_ptr<ShowConfig> sample_show(std::vector<std::string> languages) {
    auto show = std::make_shared<ShowConfig>();
    show->languages = std::move(languages);
    show->brand.factory = {{{"en", "Lumenwerk Lighting"},
                            {"zh", "流明照明"},
                            {"ar", "لومنورك للإضاءة"},
                            {"es", "Lumenwerk Iluminación"},
                            {"pt", "Lumenwerk Iluminação"}}};
    ProductConfig p;
    p.id = "LX-200";
    p.name = {{{"en", "LX-200 downlight"},
               {"zh", "LX-200 筒灯"},
               {"ar", "مصباح سقفي LX-200"},
               {"es", "Foco empotrable LX-200"},
               {"pt", "Luminária LX-200"}}};
    p.description = LocalText{{{"en", "Recessed LED downlight for hotels and shops"},
                               {"zh", "适用于酒店与商铺的嵌入式LED筒灯"},
                               {"ar", "مصباح ليد غاطس للفنادق والمتاجر"},
                               {"es", "Foco LED empotrable para hoteles y tiendas"},
                               {"pt", "Luminária LED de embutir para hotéis e lojas"}}};
    const auto spec = [&](const char* key, Texts label, const char* value, const char* unit) {
        p.specs.push_back({key, {std::move(label)}, value, unit});
    };
    spec("flux", {{"en", "Luminous flux"}, {"zh", "光通量"}, {"ar", "التدفق الضوئي"}, {"es", "Flujo luminoso"}, {"pt", "Fluxo luminoso"}},
         "1200", "lm");
    spec("power", {{"en", "Power"}, {"zh", "功率"}, {"ar", "القدرة"}, {"es", "Potencia"}, {"pt", "Potência"}}, "12", "W");
    spec("cri",
         {{"en", "Colour rendering"},
          {"zh", "显色指数"},
          {"ar", "دليل تجسيد اللون"},
          {"es", "Rendimiento de color"},
          {"pt", "Índice de cor"}},
         "90", "CRI");
    spec("ip", {{"en", "Protection"}, {"zh", "防护等级"}, {"ar", "درجة الحماية"}, {"es", "Protección"}, {"pt", "Proteção"}}, "IP65", "");
    spec("cut", {{"en", "Cut-out"}, {"zh", "开孔尺寸"}, {"ar", "قطر الفتحة"}, {"es", "Diámetro de corte"}, {"pt", "Recorte"}}, "95", "mm");
    spec("life", {{"en", "Lifetime L80"}, {"zh", "寿命 L80"}, {"ar", "العمر L80"}, {"es", "Vida útil L80"}, {"pt", "Vida útil L80"}},
         "50 000", "h");
    const auto callout = [&](double x, double y, Texts text, const char* key) {
        p.callouts.push_back({"c" + std::to_string(p.callouts.size()), {x, y, 0}, {std::move(text)}, key});
    };
    callout(25, 20,
            {{"en", "Die-cast heat sink"},
             {"zh", "压铸散热器"},
             {"ar", "مبدد حراري مصبوب"},
             {"es", "Disipador de fundición"},
             {"pt", "Dissipador fundido"}},
            "");
    callout(95, 30,
            {{"en", "Luminous flux"}, {"zh", "光通量"}, {"ar", "التدفق الضوئي"}, {"es", "Flujo luminoso"}, {"pt", "Fluxo luminoso"}},
            "flux");
    callout(30, 70,
            {{"en", "Sealed driver box"},
             {"zh", "密封驱动盒"},
             {"ar", "علبة تشغيل محكمة"},
             {"es", "Caja de driver sellada"},
             {"pt", "Caixa selada"}},
            "ip");
    callout(90, 75, {{"en", "Spring clips"}, {"zh", "弹簧卡扣"}, {"ar", "مشابك نابضية"}, {"es", "Clips de resorte"}, {"pt", "Molas"}}, "");
    p.prices = {{500, 4.20, "USD"}, {2000, 3.90, "USD"}, {10000, 3.555, "USD"}};
    p.target = TargetConfig{};
    p.target->width_mm = 120;
    p.target->height_mm = 90;
    show->products.push_back(p);
    return show;
}

SceneFrame scene_at(double x, double y, double width, double height, float visibility) {
    SceneFrame scene;
    Anchor anchor;
    anchor.product = "LX-200";
    anchor.visibility = visibility;
    anchor.homography = {
        static_cast<float>(width / 120), 0, static_cast<float>(x), 0, static_cast<float>(height / 90), static_cast<float>(y), 0, 0, 1};
    scene.anchors.push_back(anchor);
    return scene;
}

Snapshot pinned(bool card_visible) {
    Snapshot snapshot;
    snapshot.pinned = "LX-200";
    snapshot.card_visible = card_visible;
    return snapshot;
}

void draw_background(VideoFrame& frame, bool bright, double px, double py, double pw, double ph) {
    const I420View v = frame.view();
    for (int y = 0; y < v.height; ++y)
        for (int x = 0; x < v.width; ++x) {
            const double nx = double(x) / v.width, ny = double(y) / v.height;
            const bool product = nx >= px && nx < px + pw && ny >= py && ny < py + ph;
            v.y[y * v.stride_y + x] = static_cast<std::uint8_t>(product ? 190 - 30 * (ny - py) / ph : (bright ? 140 : 50) + 60 * nx);
        }
    for (int y = 0; y < v.height / 2; ++y)
        for (int x = 0; x < v.width / 2; ++x) {
            v.u[y * v.stride_uv + x] = static_cast<std::uint8_t>(122 + 16 * y / (v.height / 2));
            v.v[y * v.stride_uv + x] = static_cast<std::uint8_t>(130 - 8 * x / (v.width / 2));
        }
}

std::vector<std::uint8_t> bytes_of(const VideoFrame& frame) {
    const ConstI420View v = frame.view();
    std::vector<std::uint8_t> bytes;
    const auto add = [&](const std::uint8_t* plane, int stride, int width, int height) {
        for (int y = 0; y < height; ++y) bytes.insert(bytes.end(), plane + y * stride, plane + y * stride + width);
    };
    add(v.y, v.stride_y, v.width, v.height);
    add(v.u, v.stride_uv, v.width / 2, v.height / 2);
    add(v.v, v.stride_uv, v.width / 2, v.height / 2);
    return bytes;
}

cv::Mat to_bgr(const VideoFrame& frame) {
    const ConstI420View v = frame.view();
    cv::Mat bgr(v.height, v.width, CV_8UC3);
    for (int y = 0; y < v.height; ++y)
        for (int x = 0; x < v.width; ++x) {
            const int c = y / 2 * v.stride_uv + x / 2;
            const double luma = (v.y[y * v.stride_y + x] - 16) / 219.0, cb = (v.u[c] - 128) / 224.0, cr = (v.v[c] - 128) / 224.0;
            const double r = luma + 1.5748 * cr, b = luma + 1.8556 * cb, g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152;
            bgr.at<cv::Vec3b>(y, x) = {cv::saturate_cast<uchar>(b * 255), cv::saturate_cast<uchar>(g * 255),
                                       cv::saturate_cast<uchar>(r * 255)};
        }
    return bgr;
}

}  // namespace vitrine::painting_test
