#include "engine/commands.h"

#include <nlohmann/json.hpp>

#include "tests/support/catch.h"

using namespace vitrine;
using nlohmann::json;

namespace {

std::string refusal(std::string_view text) {
    const auto command = command_from_json(text);
    if (command) return "accepted";
    CHECK(command.error().kind == ErrorKind::bad_input);
    return command.error().message;
}

constexpr const char* masks_sentence =
    "the field \"masks\" of the command \"set_masks\" must be a list of at most 16 masks such as "
    "{\"polygon\":[[0,0],[0.5,0],[0.5,0.5]],\"fill\":\"solid\"}; a fill is solid, mosaic or blur";

}  // namespace

TEST_CASE("what is not a command is refused with a sentence", "[commands]") {
    struct Case {
        std::string text, sentence;
    };
    const std::vector<Case> cases{
        {"", "this is not JSON: the mistake is near byte 1"},
        {"{", "this is not JSON: the mistake is near byte 2"},
        {R"({"command":"pause"}x)", "this is not JSON: the mistake is near byte 20"},
        {"[]", "a command must be a JSON object, not a list"},
        {R"("pause")", R"(a command must be a JSON object such as {"command":"go_live"})"},
        {"null", R"(a command must be a JSON object such as {"command":"go_live"})"},
        {"{}",
         "the field \"command\" is missing; it names one of: prepare, go_live, pause, resume, end, switch_scene, pin, show_callout, "
         "show_card, show_badges, show_specs, show_lower_third, mark_chapter, mute, show_model, model_variant, "
         "explode_model, x_ray, section, safe, set_masks, place_callout, put_callout, remove_callout, next, previous, mute_source, "
         "source_gain, record, show_ticker, set_start"},
        {R"({"command":"explode"})",
         "there is no command \"explode\"; there are: prepare, go_live, pause, resume, end, switch_scene, pin, show_callout, show_card, "
         "show_badges, show_specs, show_lower_third, mark_chapter, mute, show_model, model_variant, "
         "explode_model, x_ray, section, safe, set_masks, place_callout, put_callout, remove_callout, next, previous, mute_source, "
         "source_gain, record, show_ticker, set_start"},
        {R"({"command":"Pause"})",
         "there is no command \"Pause\"; there are: prepare, go_live, pause, resume, end, switch_scene, pin, show_callout, show_card, "
         "show_badges, show_specs, show_lower_third, mark_chapter, mute, show_model, model_variant, "
         "explode_model, x_ray, section, safe, set_masks, place_callout, put_callout, remove_callout, next, previous, mute_source, "
         "source_gain, record, show_ticker, set_start"},
        {R"({"command":"pause","command":"end"})", "the field \"command\" is given twice"},
        {R"({"command":"pause","why":"tea"})", "the command \"pause\" has no field \"why\""},
        {R"({"command":"switch_scene"})", "the command \"switch_scene\" needs the field \"scene\""},
        {R"({"command":"switch_scene","scene":7})", "the field \"scene\" of the command \"switch_scene\" must be a text"},
        {R"({"command":"switch_scene","scene":null})", "the field \"scene\" of the command \"switch_scene\" must be a text"},
        {R"({"command":"switch_scene","scene":["a"]})", "the field \"scene\" must not be a list: a command is one flat JSON object"},
        {R"({"command":"switch_scene","scene":{"id":"a"}})",
         "the field \"scene\" must not be an object: a command is one flat JSON object"},
        {R"({"command":"switch_scene","scene":"a","duration_ms":5001})",
         "the field \"duration_ms\" of the command \"switch_scene\" must be a whole number from 0 to 5000"},
        {R"({"command":"switch_scene","scene":"a","duration_ms":-1})",
         "the field \"duration_ms\" of the command \"switch_scene\" must be a whole number from 0 to 5000"},
        {R"({"command":"switch_scene","scene":"a","duration_ms":0.5})",
         "the field \"duration_ms\" of the command \"switch_scene\" must be a whole number from 0 to 5000"},
        {R"({"command":"switch_scene","scene":"a","duration_ms":99999999999999999999})",
         "the field \"duration_ms\" of the command \"switch_scene\" must be a whole number from 0 to 5000"},
        {R"({"command":"switch_scene","scene":"a","duration_ms":"500"})",
         "the field \"duration_ms\" of the command \"switch_scene\" must be a whole number from 0 to 5000"},
        {R"({"command":"pin"})", "the command \"pin\" needs the field \"product\""},
        {R"({"command":"pin","product":"LX\u0000"})", "the field \"product\" of the command \"pin\" must not hold control characters"},
        {R"({"command":"show_callout","visible":true})", "the command \"show_callout\" needs the field \"callout\""},
        {R"({"command":"show_card","visible":1})", "the field \"visible\" of the command \"show_card\" must be true or false"},
        {R"({"command":"show_badges","visible":"no"})", "the field \"visible\" of the command \"show_badges\" must be true or false"},
        {R"({"command":"show_specs","visible":null})", "the field \"visible\" of the command \"show_specs\" must be true or false"},
        {R"({"command":"show_lower_third"})", "the command \"show_lower_third\" needs the field \"speaker\""},
        {R"({"command":"show_lower_third","speaker":false})", "the field \"speaker\" of the command \"show_lower_third\" must be a text"},
        {R"({"command":"mark_chapter"})", "the command \"mark_chapter\" needs the field \"title\""},
        {R"({"command":"mark_chapter","title":")" + std::string(201, 'a') + "\"}",
         "the field \"title\" of the command \"mark_chapter\" must be at most 200 bytes long, it has 201"},
        {R"({"command":"set_start"})", "the command \"set_start\" needs the field \"starts_at\""},
        {R"({"command":"set_start","starts_at":5})",
         "the field \"starts_at\" of the command \"set_start\" must be a text such as \"2026-11-26T14:00:00+08:00\", or null"},
        {R"({"command":"set_start","starts_at":"2026-02-30T14:00:00Z"})",
         "the field \"starts_at\" of the command \"set_start\" \"2026-02-30T14:00:00Z\" is not in the calendar, for example "
         "\"2026-11-26T14:00:00+08:00\""},
        {R"({"command":"mute","muted":"yes"})", "the field \"muted\" of the command \"mute\" must be true or false"},
        {R"({"command":"show_model"})", "the command \"show_model\" needs the field \"product\""},
        {R"({"command":"model_variant","product":"a"})", "the command \"model_variant\" needs the field \"variant\""},
        {R"({"command":"explode_model","product":"a"})", "the command \"explode_model\" needs the field \"amount\""},
        {R"({"command":"explode_model","product":"a","amount":1.01})",
         "the field \"amount\" of the command \"explode_model\" must be a number from 0 to 1"},
        {R"({"command":"explode_model","product":"a","amount":null})",
         "the field \"amount\" of the command \"explode_model\" must be a number from 0 to 1"},
        {R"({"command":"x_ray","product":"a","on":1})", "the field \"on\" of the command \"x_ray\" must be true or false"},
        {R"({"command":"section","product":"a","at":-0.1})",
         "the field \"at\" of the command \"section\" must be a number from 0 to 1, or null"},
        {R"({"command":"set_masks","camera":"a"})", "the command \"set_masks\" needs the field \"masks\""},
        {R"({"command":"set_masks","camera":"a","masks":[{"polygon":[[0,0],[1]]}]})", masks_sentence},
        {R"({"command":"set_masks","camera":"a","masks":[{"polygon":[[0,0],[1,0],[1,1]],"fill":"red"}]})", masks_sentence},
        {R"({"command":"set_masks","camera":"a","masks":[{"polygon":[[0,0],[1,0],[1,1]],"colour":"red"}]})", masks_sentence},
        {R"({"command":"set_masks","camera":"a","masks":[[[[[0]]]]]})",
         "the field \"masks\" must not be a list: a command is one flat JSON object"},
        {R"({"command":"place_callout","callout":"a","at":[1]})",
         "the field \"at\" of the command \"place_callout\" must be a point [x, y] or [x, y, z] in mm"},
        {R"({"command":"place_callout","callout":"a","at":[1,"2"]})",
         "the field \"at\" of the command \"place_callout\" must be a point [x, y] or [x, y, z] in mm"},
        {R"({"command":"put_callout","product":"a","text":{}})",
         "the field \"text\" of the command \"put_callout\" must hold a text for each language, such as {\"en\":\"Die-cast heat sink\"}"},
        {R"({"command":"put_callout","product":"a","text":{"en":"a","en":"b"}})", "the field \"text\" holds \"en\" twice"},
        {R"({"command":"put_callout","product":"a","text":{"en":"a\u0000"}})",
         "the field \"text\" of the command \"put_callout\" must hold 1 to 2000 bytes of text for each language, without control "
         "characters"},
        {R"({"command":"mark_chapter","title":{"en":"a"}})",
         "the field \"title\" must not be an object: a command is one flat JSON object"},
        {R"({"command":"source_gain","source":"a","gain_db":12.5})",
         "the field \"gain_db\" of the command \"source_gain\" must be a number from -60.0 to 12.0"},
        {R"({"command":"section","product":"a","at":"off"})",
         "the field \"at\" of the command \"section\" must be a number from 0 to 1, or null"},
    };
    for (const auto& [text, sentence] : cases) {
        CAPTURE(text);
        CHECK(refusal(text) == sentence);
    }
}

TEST_CASE("a command that is no UTF-8, too long or nested junk is refused without building it", "[commands]") {
    CHECK(refusal("{\"command\":\"mark_chapter\",\"title\":\"\xff\"}").starts_with("this is not JSON"));
    CHECK(refusal("{\"command\":\"mark_chapter\",\"title\":\"\xc0\xaf\"}").starts_with("this is not JSON"));
    CHECK(refusal(std::string(64 * 1024 + 1, ' ')) == "a command is at most 65536 bytes long, this one has 65537");
    CHECK(refusal(std::string(64 * 1024, '[')) == "a command must be a JSON object, not a list");
    std::string objects;
    while (objects.size() + 5 <= 64 * 1024) objects += "{\"a\":";
    CHECK(refusal(objects) == "the field \"a\" must not be an object: a command is one flat JSON object");
    json many;
    for (int i = 0; i < 1000; ++i) many["field" + std::to_string(i)] = i;
    CHECK(refusal(many.dump()) == "a command has at most 16 fields");
    // A sentence never repeats an endless name, and never breaks a character in two.
    std::string name = "x";
    while (name.size() < 1000) name += "灯";
    const std::string sentence = refusal(json{{"command", name}}.dump());
    CHECK(sentence.size() < 450);
    CHECK_NOTHROW(json(sentence).dump());
}

TEST_CASE("sixty-four KiB of padding around a command is fine", "[commands]") {
    std::string text = R"({"command":"pause"})";
    text.resize(64 * 1024, ' ');
    CHECK(command_from_json(text).has_value());
}

TEST_CASE("every command survives the way through JSON", "[commands]") {
    std::vector<Command> commands{
        SwitchScene{"line+bench", 500},
        SwitchScene{"a", 5000},
        PinProduct{"LX-200"},
        PinProduct{""},
        ShowCallout{"LX-200/0", false},
        ShowCallout{"x", true},
        ShowCard{false},
        ShowCard{true},
        ShowBadges{false},
        ShowBadges{true},
        ShowSpecs{false},
        ShowSpecs{true},
        ShowLowerThird{"ana"},
        ShowLowerThird{""},
        MarkChapter{"筒灯 \"x\" \\ مصباح"},
        MarkChapter{std::string(200, 'a')},
        Mute{true},
        Mute{false},
        ShowModel{"LX-200", false},
        ChooseModelVariant{"LX-200", "matt black"},
        ChooseModelVariant{"LX-200", ""},
        ExplodeModel{"LX-200", 0.25},
        XRayModel{"LX-200", false},
        SectionModel{"LX-200", 0.5},
        SectionModel{"LX-200", std::nullopt},
        ShowTicker{false},
        HoldSafe{false},
        SetMasks{"bench", {{{{0, 0}, {0.5F, 0}, {0.5F, 0.25F}}, MaskFill::blur}, {{{0, 0}, {1, 0}, {1, 1}}}}, true},
        SetMasks{"bench", {}, false},
        PlaceCallout{"LX-200/0", {60.5, -35, 0.125}, true},
        PutCallout{"LX-200", "sink", {{1, 2, 3}}, LocalText{{{"en", "Heat sink"}, {"zh", "散热器"}}}, "flux"},
        PutCallout{"LX-200", "sink", {}, {}, {}},
        RemoveCallout{"LX-200/0"},
        StepRundown{1},
        StepRundown{-1},
        MuteSource{"camera:bench", false},
        SetSourceGain{"sim:voice", -6.5},
        SetRecording{true, "/srv/shows"},
        SetRecording{false, ""},
        SetStart{1'795'672'800'000'000, true},
        SetStart{0, false}};
    for (const auto move : {SessionMove::prepare, SessionMove::go_live, SessionMove::pause, SessionMove::resume, SessionMove::end}) {
        commands.push_back(MoveSession{move});
    }
    for (const Command& command : commands) {
        const std::string text = command_to_json(command);
        CAPTURE(text);
        const auto read = command_from_json(text);
        REQUIRE(read.has_value());
        CHECK(read->index() == command.index());
        CHECK(command_to_json(*read) == text);
    }
}

TEST_CASE("commands have the documented JSON form and defaults", "[commands]") {
    CHECK(json::parse(command_to_json(SwitchScene{"bench", 500})) ==
          json{{"command", "switch_scene"}, {"scene", "bench"}, {"duration_ms", 500}});
    CHECK(json::parse(command_to_json(MoveSession{SessionMove::go_live})) == json{{"command", "go_live"}});
    CHECK(json::parse(command_to_json(ShowCallout{"LX-200/0", false})) ==
          json{{"command", "show_callout"}, {"callout", "LX-200/0"}, {"visible", false}});

    const auto scene = command_from_json(R"({"scene":"bench","command":"switch_scene"})");
    REQUIRE(scene.has_value());
    CHECK(std::get<SwitchScene>(*scene).scene == "bench");
    CHECK(std::get<SwitchScene>(*scene).duration_ms == 0);
    CHECK(std::get<ShowCard>(command_from_json(R"({"command":"show_card"})").value()).visible);
    CHECK(std::get<ShowCallout>(command_from_json(R"({"command":"show_callout","callout":"a"})").value()).visible);
    CHECK(std::get<ShowModel>(command_from_json(R"({"command":"show_model","product":"a"})").value()).visible);
    CHECK(std::get<XRayModel>(command_from_json(R"({"command":"x_ray","product":"a"})").value()).on);
    CHECK(std::get<ExplodeModel>(command_from_json(R"({"command":"explode_model","product":"a","amount":1})").value()).amount == 1);
    CHECK_FALSE(std::get<SectionModel>(command_from_json(R"({"command":"section","product":"a"})").value()).at);
    CHECK_FALSE(std::get<SectionModel>(command_from_json(R"({"command":"section","product":"a","at":null})").value()).at);
    CHECK(std::get<SectionModel>(command_from_json(R"({"command":"section","product":"a","at":0})").value()).at == 0.0);
    CHECK(std::get<Mute>(command_from_json(R"({"command":"mute"})").value()).muted);
}

TEST_CASE("masks as many and as large as there may be fit into a command, and no more", "[commands]") {
    json masks = json::array();
    for (int i = 0; i < 16; ++i) {
        json polygon = json::array();
        for (int corner = 0; corner < 64; ++corner) polygon.push_back({corner / 64.0, i / 16.0});
        masks.push_back({{"polygon", polygon}, {"fill", "mosaic"}});
    }
    const auto read = command_from_json(json{{"command", "set_masks"}, {"camera", "a"}, {"masks", masks}}.dump());
    REQUIRE(read.has_value());
    CHECK(std::get<SetMasks>(*read).masks.size() == 16);
    CHECK(std::get<SetMasks>(*read).masks[15].polygon.size() == 64);
    masks.push_back(masks[0]);
    CHECK_FALSE(command_from_json(json{{"command", "set_masks"}, {"camera", "a"}, {"masks", masks}}.dump()).has_value());
    json many = json::array();
    for (int i = 0; i < 5000; ++i) many.push_back(1);
    CHECK(refusal(json{{"command", "place_callout"}, {"callout", "a"}, {"at", many}}.dump()) == "the field \"at\" holds too much");
}
