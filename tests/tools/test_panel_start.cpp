// The start screen, the pages of a new show and a rehearsal's steps: drawn into nothing, clicked, read back. What programs beside the
// window say is read as it comes.

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/patience.h"
#include "tests/tools/panel_bench.h"
#include "tools/panel/child_job.h"
#include "tools/panel/new_show.h"
#include "tools/panel/start_show.h"

using namespace vitrine;
using namespace vitrine::panel;
using nlohmann::json;

namespace {

const json probed = json::parse(R"({"devices":[
  {"kind":"camera","name":"HD Webcam","source":"v4l2:/dev/video0","trial":{"works":true,"trouble":"none","text":{"en":"It works: 1280 × 720, 30 pictures a second, Motion JPEG, without sound.","zh":"可用：1280 × 720，每秒 30 帧，Motion JPEG，无声音。"},"fix":{"en":"","zh":""},"thumbnail":"/nowhere.jpg"}},
  {"kind":"camera","name":"Second","source":""},
  {"kind":"microphone","name":"USB microphone","source":"pulse:usb"}],"encoders":["x264enc"]})");
const json refused = json::parse(R"({"works":false,"trouble":"needs_password","address":"rtsp://192.168.1.20/live",
  "text":{"en":"192.168.1.20 asks for a user name and a password.","zh":"192.168.1.20 需要用户名和密码。"},
  "fix":{"en":"Write those of the camera into the address: rtsp://USER:PASSWORD@192.168.1.20/live","zh":"请把摄像机的用户名和密码写入地址。"}})");
const json pictures = json::parse(
    R"({"products":[{"id":"LX-200","name":"LX-200 downlight","image":"/p/a.jpg","thumbnail":"/t/1.jpg"},{"id":"product-2","name":"台灯","image":"/p/b.jpg"}],
  "left_out":["\"x.heic\" is left out: it is neither PNG nor JPEG. Save it as JPEG."]})");
const json rehearsing = json::parse(R"({"steps":[
  {"id":"go_live","done":true,"text":{"en":"Go live","zh":"开播"},"how":{"en":"Press G twice. Only simulated buyers are here.","zh":"按两次 G。在场的只有模拟买家。"}},
  {"id":"answer","done":false,"text":{"en":"Answer a question","zh":"回答一个问题"},"how":{"en":"Buyers, Questions: choose one, write the answer or take one at hand, send.","zh":"买家 → 问题：选中一个，输入或选用答案，发送。"}},
  {"id":"end","done":false,"text":{"en":"End the show","zh":"结束节目"},"how":{"en":"End, twice.","zh":"按两次“结束”。"}}],
  "current":1,"over":false,"outcome":{"sentences":{"en":["Steps done: 1 of 3."],"zh":["完成步骤：1 / 3。"]}}})");

/// The start screen of a panel that is beside no show yet.
struct Bench : PanelBench {
    explicit Bench(const std::string& language = "en", float w = 1280, float h = 720) : PanelBench(language, w, h, 1, {}) {
        state.start.offered = true;
        state.start.recent = {{"/shows/spring", "Spring lighting line"}};
    }
    /// Clicks, and carries out what concerns the panel alone.
    Commands click(const std::string& id) {
        Commands out = PanelBench::click(id);
        for (const Act& act : out.acts) apply(act, state);
        return out;
    }
};

template <class A>
const A* asks(const Commands& commands) {
    for (const Act& act : commands.acts)
        if (const auto* found = std::get_if<A>(&act)) return found;
    return nullptr;
}

/// After two frames: the first measures what the second lays out.
std::vector<std::string> settled_complaints(Bench& bench) {
    bench.frame();
    bench.frame();
    return complaints(bench);
}

}  // namespace

TEST_CASE("the start screen opens, rehearses and makes shows") {
    Bench bench;
    CHECK(asks<StartShow>(bench.click("recent:/shows/spring"))->folder == "/shows/spring");
    const auto practise = bench.click("rehearse:/shows/spring");
    CHECK(asks<StartShow>(practise)->rehearse);
    CHECK(asks<StartShow>(bench.click("start.demo"))->folder.empty());
    CHECK(asks<StartShow>(bench.click("start.rehearse_demo"))->rehearse);
    bench.click("start.new");
    CHECK(bench.state.new_show.open);
    CHECK(bench.control("new.next").enabled == false);
    bench.click("new.leave");
    CHECK_FALSE(bench.state.new_show.open);
}

TEST_CASE("a folder that cannot be started is told with all its problems, and tried again or left") {
    for (const std::string language : {"en", "zh"}) {
        Bench bench(language);
        bench.state.start.tried = {"/shows/spring", true};
        for (int i = 0; i < 30; ++i)
            bench.state.start.problems.push_back(
                {"show.toml", i + 1, "camera[" + std::to_string(i) + "].source", "\"rtsp://\" names no host", "did you mean \"sim\"?"});
        CHECK(settled_complaints(bench).empty());
        const auto again = bench.click("start.problems.again");
        CHECK(asks<StartShow>(again)->folder == "/shows/spring");
        CHECK(asks<StartShow>(again)->rehearse);
        bench.click("start.problems.close");
        CHECK(bench.state.start.problems.empty());
        CHECK(bench.control("start.demo").enabled);
    }
}

TEST_CASE("a show that ends at once leaves its problems and its last sentence") {
    const auto folder = std::filesystem::temp_directory_path() / ("vitrine-start-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto ended = [&](const std::string& script) {
        const auto program = folder / "show";
        std::ofstream(program) << "#!/bin/sh\n" << script;
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        auto show = start_show_process(program, words_to_start("/shows/spring", false, false));
        REQUIRE(show);
        std::optional<StartingShow::Ended> end;
        for (int i = 0; i < 500 && !end; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(10 * test::patience)))
            end = show->ended();
        REQUIRE(end);
        CHECK_FALSE(show->ended());
        return *end;
    };
    const auto broken = ended(R"(echo "show.toml:3: show.title: is missing" >&2
echo '{"event":"problem","file":"show.toml","line":3,"key":"show.title","what":"is missing","hint":"add it"}'
echo '{"event":"problem","file":7,"line":"x"}'
echo '{"event":"ready"}'
echo "vitrine: 1 problem in the show folder; nothing was started." >&2)");
    REQUIRE(broken.problems.size() == 2);
    CHECK(broken.problems[0].text() == "show.toml:3: show.title: is missing – add it");
    CHECK(broken.problems[1].line == 0);
    CHECK(broken.sentence == "1 problem in the show folder; nothing was started.");
    CHECK(ended("exit 1\n").sentence == "it ended at once.");
    // At the address that show.toml names, so that links sent out before still open.
    CHECK(ended("echo \"$@\"\n").sentence == "run /shows/spring --headless --json --wait");
    CHECK(words_to_start("/shows/spring", false, true).back() == "0");
    CHECK(words_to_start("", true, false) == std::vector<std::string>{"rehearse", "--headless", "--json", "--linger", "1800"});
    CHECK(ended("echo '{\"event\":\"port_taken\",\"port\":8080}'; exit 2\n").taken_port == 8080);
    std::filesystem::remove_all(folder);
}

TEST_CASE("what is typed from right to left is drawn as it is read, edited or not") {
    Bench bench;
    apply(OpenNewShow{}, bench.state);
    bench.keep("new.name", "مصنع الميناء LX-200");
    const auto plate = [&]() -> const Drawn* {
        const auto found = std::find_if(bench.drawn.begin(), bench.drawn.end(), [](const Drawn& d) { return d.id == "as_read"; });
        return found == bench.drawn.end() ? nullptr : &*found;
    };
    CHECK(settled_complaints(bench).empty());
    CHECK_FALSE(plate());
    bench.click("new.name");
    CHECK(settled_complaints(bench).empty());
    REQUIRE(plate());
    CHECK(plate()->text == bench.state.kept("new.name"));
    const Area field = bench.control("new.name").area;
    CHECK(plate()->area.y >= field.y + field.h);
    CHECK(ImGui::GetIO().WantTextInput);  // it is edited now
    ImGui::GetIO().AddInputCharactersUTF8("!");
    bench.frame();
    for (const Act& act : bench.asked.acts) apply(act, bench.state);
    CHECK(settled_complaints(bench).empty());
    CHECK(bench.state.kept("new.name").find('!') != std::string::npos);
}

TEST_CASE("a new show is answered a page at a time, and what was answered becomes the program's answers") {
    Bench bench;
    apply(OpenNewShow{}, bench.state);
    CHECK(lines_of(bench.state.kept("new.languages")) == std::vector<std::string>{"en", "zh"});
    bench.click("new.language:es");
    bench.click("new.language:zh");
    CHECK(lines_of(bench.state.kept("new.languages")) == std::vector<std::string>{"en", "es"});
    CHECK_FALSE(bench.control("new.step:1").enabled);
    bench.keep("new.name", "Spring");
    bench.click("new.next");
    CHECK(bench.state.new_show.page == 1);
    read_probe(probed, bench.state.new_show);
    CHECK(bench.state.new_show.cameras.size() == 1);
    CHECK(bench.state.new_show.microphones.size() == 1);
    CHECK_FALSE(bench.control("new.next").enabled);
    CHECK_FALSE(asks<TryCamera>(bench.click("new.camera:v4l2:/dev/video0")));  // it has been opened already
    CHECK(asks<TryCamera>(bench.click("new.camera:sim:bench"))->source == "sim:bench");
    CHECK_FALSE(bench.control("new.try").enabled);
    bench.keep("new.address", "rtsp://me:geheim12@192.168.1.20/live");
    CHECK(asks<TryCamera>(bench.click("new.try"))->source == "rtsp://me:geheim12@192.168.1.20/live");
    bench.state.new_show.trials["rtsp://me:geheim12@192.168.1.20/live"] = read_trial(refused);
    bench.frame();
    CHECK(std::any_of(bench.drawn.begin(), bench.drawn.end(),
                      [](const Drawn& d) { return d.text.find("asks for a user name") != std::string::npos; }));
    bench.click("new.camera:rtsp://me:geheim12@192.168.1.20/live");
    CHECK(lines_of(bench.state.kept("new.cameras")).size() == 3);
    bench.click("new.away:sim:bench");
    bench.click("new.microphone:pulse:usb");
    bench.click("new.next");
    bench.keep("new.products", "/pictures");
    CHECK(asks<LookAtPictures>(bench.click("new.look"))->folder == "/pictures");
    CHECK_FALSE(bench.control("new.next").enabled);
    read_products(pictures, bench.state.new_show);
    bench.keep("new.price:LX-200", "100: 4.20");
    bench.click("new.next");
    bench.click("new.colour:#C2410C");
    const json answers = new_show_answers(bench.state);
    CHECK(answers["name"] == "Spring");
    CHECK(answers["languages"] == json{"en", "es"});
    CHECK(answers["cameras"] == json::parse(R"([{"source":"v4l2:/dev/video0"},{"source":"rtsp://me:geheim12@192.168.1.20/live"}])"));
    CHECK(answers["microphone"] == "pulse:usb");
    CHECK(answers["products"] == "/pictures");
    CHECK(answers["prices"] == json{{"LX-200", "100: 4.20"}});
    CHECK(answers["accent"] == "#C2410C");
    CHECK(asks<MakeShow>(bench.click("new.make")));
    CHECK(bench.state.new_show.making);
    CHECK_FALSE(bench.control("new.make").enabled);
    read_made("{\"problem\":\"name: is empty – a few words\"}\n", bench.state.new_show);
    CHECK(bench.state.new_show.problems.size() == 1);
    CHECK(bench.control("new.make").enabled);
    read_made("{\"folder\":\"/shows/Spring\",\"products\":2}\n", bench.state.new_show);
    CHECK(bench.state.new_show.made == "/shows/Spring");
}

TEST_CASE("what programs say may be anything") {
    NewShow show;
    for (const char* text :
         {"null", "[]", "3", "{}", R"({"devices":3})", R"({"devices":[1,{"source":5},{"kind":"camera","source":"x","trial":[]}]})",
          R"({"products":[[],{"id":{}}],"left_out":[1]})"}) {
        const json said = json::parse(text);
        read_probe(said, show);
        read_products(said, show);
        read_trial(said);
        read_rehearsal(said);
    }
    read_made("no json\n[]\n{\"folder\":1}", show);
    CHECK(show.made.empty());
    CHECK_FALSE(read_rehearsal(json::parse(R"({"steps":1})")));
}

TEST_CASE("nothing of the start, a new show or a rehearsal is cut, covered or without help, in both languages and sizes") {
    for (const std::string language : {"en", "zh"})
        for (const auto& [w, h] : {std::pair{1280.0f, 720.0f}, {1920.0f, 1080.0f}, {1180.0f, 660.0f}}) {
            Bench bench(language, w, h);
            INFO(language << " " << w);
            CHECK(settled_complaints(bench).empty());
            apply(OpenNewShow{}, bench.state);
            bench.keep("new.name", "Spring lighting line");
            bench.keep("new.cameras", "v4l2:/dev/video0\nrtsp://192.168.1.20/live");
            bench.keep("new.address", "rtsp://192.168.1.20/live");
            read_probe(probed, bench.state.new_show);
            bench.state.new_show.trials["rtsp://192.168.1.20/live"] = read_trial(refused);
            bench.state.new_show.looked_at = "/pictures";
            read_products(pictures, bench.state.new_show);
            for (int page = 0; page < new_show_pages; ++page) {
                INFO("page " << page);
                apply(OpenNewShow{true, page}, bench.state);
                CHECK(settled_complaints(bench).empty());
            }
        }
}

TEST_CASE("a rehearsal's steps stand beside the pictures, the whole list is one click away, the result comes at the end") {
    for (const std::string language : {"en", "zh"}) {
        Bench bench(language);
        bench.state.ever_attached = true;
        bench.state.link = ControlClient::Link::attached;
        bench.state.rehearsal = read_rehearsal(rehearsing);
        REQUIRE(bench.state.rehearsal);
        CHECK(bench.state.rehearsal->next()->id == "answer");
        CHECK(bench.state.rehearsal->done() == 1);
        CHECK(settled_complaints(bench).empty());
        bench.click("rehearsal.open");
        CHECK(bench.state.ui.overlay == Overlay::rehearsal);
        CHECK(settled_complaints(bench).empty());
        json over = rehearsing;
        over["over"] = true;
        bench.state.rehearsal = read_rehearsal(over);
        bench.frame();
        const std::string result = language == "zh" ? "完成步骤：1 / 3。" : "Steps done: 1 of 3.";
        CHECK(std::any_of(bench.drawn.begin(), bench.drawn.end(), [&](const Drawn& d) { return d.text == result; }));
        CHECK(settled_complaints(bench).empty());
        bench.click("close");
        CHECK(bench.state.ui.overlay == Overlay::none);
    }
}

TEST_CASE("a program beside the window is never waited for, reads its input, and ends with the panel") {
    const auto ended = [](ChildJob& job) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10) * test::patience;
        while (std::chrono::steady_clock::now() < until) {
            if (auto end = job.poll()) return *end;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        throw std::runtime_error("it did not end");
    };
    auto echo = ChildJob::start("/bin/sh", {"-c", "cat; exit 3"}, "geheim12\n");
    REQUIRE(echo);
    const ChildJob::Ended said = ended(*echo);
    CHECK(said.code == 3);
    CHECK(said.out == "geheim12\n");
    auto missing = ChildJob::start("/nowhere/vitrine", {}, "");
    REQUIRE(missing);
    CHECK(ended(*missing).code == 127);
    const auto begin = std::chrono::steady_clock::now();
    {
        auto slow = ChildJob::start("/bin/sh", {"-c", "sleep 600"}, "");
        REQUIRE(slow);
        CHECK_FALSE(slow->poll());
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5) * test::patience);
}
