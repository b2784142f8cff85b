#pragma once
// A panel beside a show with two cameras, two products and a busy desk, drawn into nothing.

#include <nlohmann/json.hpp>

#include "tests/tools/panel_bench.h"

namespace vitrine::panel {

using nlohmann::json;

inline const json show_document = json::parse(R"({
  "title":{"en":"Spring lighting line","zh":"春季灯具新品"},"languages":["en","zh"],"program":{"width":1280,"height":720},
  "cameras":[{"id":"line","name":{"en":"Production line","zh":"生产线"}},{"id":"bench","name":{"en":"Demo bench","zh":"演示台"}}],
  "scenes":[{"id":"line","name":{"en":"Production line","zh":"生产线"},"layout":"full","cameras":["line"]},
            {"id":"bench","name":{"en":"Demo bench","zh":"演示台"},"layout":"full","cameras":["bench"]},
            {"id":"both","name":{"en":"Line, bench inset","zh":"生产线与演示台小窗"},"layout":"pip","cameras":["line","bench"]}],
  "products":[{"id":"LX-200","name":{"en":"LX-200 downlight","zh":"LX-200 筒灯"},"prices":[{"min":100,"unit":5.1,"currency":"USD"},{"min":500,"unit":4.2,"currency":"USD"}],
               "width_mm":120,"height_mm":80,"specs":[{"key":"flux"}],"badges":[{"id":"ce"}],
               "callouts":[{"id":"sink","at":[60,35,0],"text":{"en":"Die-cast heat sink","zh":"压铸散热器","es":"Disipador"}},{"id":"lens","at":[20,20,0],"text":{"en":"Deep anti-glare lens","zh":"深藏防眩透镜"}}]},
              {"id":"LX-310","name":{"en":"LX-310 panel light"},"prices":[],"callouts":[]}],
  "rundown":[{"product":"LX-200","minutes":3,"points":{"en":["Die-cast, one piece","Ask about the driver"],"zh":["一体压铸","询问驱动"]}},
             {"product":"LX-310","minutes":2,"points":{}}],
  "templates":[{"id":"samples","text":{"en":"Yes, within a week.","ar":"نعم، خلال أسبوع."}},{"id":"visit","text":{"en":"You are welcome at any time.","zh":"随时欢迎。"}},{"id":"","text":{}}],
  "speakers":[{"id":"lin","name":{"en":"Lin Yue","zh":"林悦"}}],
  "preview":"","buyer_url":"http://127.0.0.1:8080/j/ab#cd"})");

inline constexpr const char* arabic = "هل تتوفر نسخة بدرجة حماية IP65 للاستخدام الخارجي؟";

inline json snapshot_of(const std::string& session) {
    json s =
        json::parse(R"({"version":7,"scene":"line","pinned":"LX-200","card":true,"muted":false,"hidden_callouts":["lens"],"live_s":65.5,
      "badges":true,"specs":false,"safe":false,"pinned_s":200,"rundown_at":0,"lower_third":"",
      "models":{"LX-200":{"shown":true,"variant":"","explode":0.2,"x_ray":false,"section":null,"variants":["white","black"],"usable":true}},
      "sounds":{"sim:voice":{"muted":false,"gain_db":0,"peak_db":-14}},
      "recording":{"on":true,"writing":true,"seconds":60,"bytes":2000000,"minutes_left":212,"folder":"recordings","problem":""},
      "chapters":[{"number":1,"title":"LX-200 downlight","at_s":12}],"buyers":12,"audio_peak_db":-12,"notices":["Camera bench is back."],
      "cameras":{"line":{"state":"live","detail":"","fps":30,"width":1280,"height":720,"frames":9,"dropped":0,"reconnects":0},
                 "bench":{"state":"lost","detail":"No frame for 3 s.","fps":null,"width":0,"height":0,"frames":9,"dropped":4,"reconnects":2}},
      "outputs":[{"kind":"webrtc","name":"viewers","state":"12 connected","frames":900,"dropped":0,"bytes":1,"bitrate_kbps":30000},
                 {"kind":"recording","name":"program","state":"writing","frames":900,"dropped":2,"bytes":2000000,"bitrate_kbps":0}]})");
    s["session"] = session;
    s["cameras"]["bench"]["masks"] = json::parse(R"([{"polygon":[[0.1,0.1],[0.4,0.1],[0.4,0.4]],"fill":"blur"}])");
    return s;
}

/// Somebody who asks in Arabic, a quote to counter, a point, a raised hand.
inline desk::DeskView busy_desk() {
    desk::DeskView desk;
    desk::Person omar, ana;
    omar.id = "p1", omar.name = "Omar", omar.company = "Gulf Lighting", omar.country = "AE", omar.language = "ar";
    ana.id = "p2", ana.name = "Ana Silva", ana.country = "BR", ana.language = "pt";
    desk.people = {{"p1", omar}, {"p2", ana}};
    desk.presence["p1"].sockets = 1;
    desk.presence["p1"].rtt_ms = 80;
    desk.presence["p2"].sockets = 1;
    desk.presence["p2"].hand = true;
    desk::Message question;
    question.id = "m1", question.person = "p1", question.kind = desk::MessageKind::question, question.text = arabic,
    question.language = "ar";
    desk.messages.push_back(question);
    desk::Quote quote;
    quote.id = "q1", quote.person = "p2", quote.product = "LX-200", quote.number = "Q-0042", quote.quantity = 2000;
    quote.list_price = desk::Money{42000, "USD"};
    quote.rounds.push_back({desk::Role::buyer, 1, 2000, desk::Money{39000, "USD"}, "", "FOB Santos"});
    desk::SpecChange colour;
    colour.id = "c1", colour.key = "colour", colour.from = "white", colour.to = "black";
    quote.changes.push_back(colour);
    desk.quotes.push_back(quote);
    desk::Point point;
    point.id = "t1", point.person = "p1", point.product = "LX-200", point.note = "Is this screw standard?", point.at_mm = {60, 40, 0};
    desk.points.push_back(point);
    desk::Order order;
    order.id = "48291", order.product = "LX-200", order.place = "Rotterdam", order.quantity = 500;
    desk.orders.push_back(order);
    desk::InviteRecord invite;
    invite.id = "i1", invite.name = "Jan";
    desk.invites["i1"] = invite;
    desk::InviteRecord open;
    open.id = "ab", open.max_people = 200;  // the show's own
    desk.invites["ab"] = open;
    desk::Poll poll;
    poll.id = "v1", poll.question.by_language["en"] = "Which finish?";
    poll.options = {LocalText{{{"en", "White"}}}, LocalText{{{"en", "Black"}}}};
    poll.votes = {3, 5};
    desk.poll = poll;
    return desk;
}

/// A panel beside that show, with everybody there.
struct Bench : PanelBench {
    explicit Bench(const std::string& session = "live", const std::string& language = "en", float w = 1280, float h = 720, float scale = 1)
        : PanelBench(language, w, h, scale, {all_texts(show_document), arabic}) {
        state.link = ControlClient::Link::attached;
        state.ever_attached = true;
        const json snapshot = snapshot_of(session);
        state.show = read_show(&show_document, &snapshot, language);
        state.desk = busy_desk();
        settle_preview(state);
    }
};

template <class T>
const T* only(const Commands& commands) {
    return commands.to_show.size() == 1 ? std::get_if<T>(&commands.to_show[0]) : nullptr;
}

}  // namespace vitrine::panel
