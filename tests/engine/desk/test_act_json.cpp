#include "engine/desk/acts.h"
#include "tests/support/catch.h"

namespace vitrine::test {

using namespace desk;

namespace {

Act read(const std::string& json) {
    auto act = act_from_json(json);
    INFO(json << (act ? "" : act.error().message));
    REQUIRE(act);
    return *act;
}

std::string problem(const std::string& json) {
    auto act = act_from_json(json);
    INFO(json);
    REQUIRE_FALSE(act);
    CHECK(act.error().kind == ErrorKind::bad_input);
    return act.error().message;
}

}  // namespace

TEST_CASE("every act survives its JSON", "[desk][acts]") {
    for (
        const char* json :
        {R"({"act":"introduce","name":"Ana","country":"BR"})",
         R"({"act":"forget"})",
         R"({"act":"forget","person":"p1"})",
         R"({"act":"say","kind":"question","text":"IP65?","language":"es","moment":{"frame":812,"capture_us":5,"product":"LX-200"}})",
         R"({"act":"like","message":"m1"})",
         R"({"act":"answer","message":"m1","text":"yes","is_private":true})",
         R"({"act":"moderate","message":"m1","state":"hidden","priority":-5,"pinned":false})",
         R"({"act":"react","kind":"heart"})",
         R"({"act":"hand","up":false,"person":"p1"})",
         R"({"act":"point","product":"LX-200","at_mm":[1,2.5,0],"note":"here"})",
         R"({"act":"set_point","point":"q","state":"shown"})",
         R"({"act":"open_poll","question":{"en":"?"},"options":[{"en":"a"},{"en":"b"}]})",
         R"({"act":"close_poll","poll":"p","results_shown":false})",
         R"({"act":"vote","poll":"p","option":1})",
         R"({"act":"request_quote","product":"LX-200","quantity":500,"target_price":{"amount":"0.035","currency":"USD"},"incoterm":"CIF Santos",
                 "wanted_by":"2027-02-28","changes":[{"key":"colour","from":"white","to":"black"}],"attachments":["a1"],"snapshot":"a1"})",
         R"({"act":"counter_quote","quote":"q","quantity":0,"unit_price":{"amount":"1","currency":"JPY"},"note":"ok"})",
         R"({"act":"decide_quote","quote":"q","state":"declined"})",
         R"({"act":"decide_change","quote":"q","change":"c1","state":"countered","counter":"grey"})",
         R"({"act":"put_order","order":{"id":"48291","state":"in_production","quantity":5,"buyer":"ACME"}})",
         R"({"act":"remove_order","order":"48291"})",
         R"({"act":"make_invite","role":"helper","name":"Mei","max_devices":3,"expires_us":9})",
         R"({"act":"show_link","invite":"i"})",
         R"({"act":"revoke_invite","invite":"i"})",
         R"({"act":"revoke_everybody"})",
         R"({"act":"end_person","person":"p"})"}) {
        const Act act = read(json);
        const std::string written = act_to_json(act);
        CHECK(act_to_json(read(written)) == written);
    }
    std::string client;
    REQUIRE(act_from_json(R"({"act":"like","message":"m","client_id":"a-1"})", &client));
    CHECK(client == "a-1");
    CHECK(std::get<Say>(read("{\"act\":\"say\",\"text\":\" a\\r\\n\\tb \\u202ec\"}")).text == "a b c");
    CHECK_FALSE(std::get<Moderate>(read(R"({"act":"moderate","message":"m"})")).pinned);
    CHECK(std::get<Moderate>(read(R"({"act":"moderate","message":"m","pinned":false})")).pinned == false);
}

TEST_CASE("what is no act is refused with a sentence", "[desk][acts]") {
    CHECK(problem("").find("JSON") != std::string::npos);
    CHECK(problem("[]").find("object") != std::string::npos);
    CHECK(problem("{}").find("act") != std::string::npos);
    CHECK(problem(R"({"act":"fly"})").find("fly") != std::string::npos);
    CHECK(problem(R"({"act":"say"})").find("\"text\"") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":7})").find("text") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":""})").find("empty") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":"a","more":1})").find("more") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":"a","text":"b"})").find("twice") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":"a","moment":{"frame":1,"frame":2}})").find("twice") != std::string::npos);
    CHECK(problem("{\"act\":\"say\",\"text\":\"\\u0007\"}").find("control") != std::string::npos);
    CHECK(problem("{\"act\":\"say\",\"text\":\"\xff\"}").find("JSON") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":")" + std::string(501, 'x') + "\"}").find("500") != std::string::npos);
    CHECK(problem(R"({"act":"say","text":")" + std::string(70'000, 'x') + "\"}").find("bytes") != std::string::npos);
    CHECK(problem(R"({"act":"vote","poll":"p","option":1.5})").find("whole") != std::string::npos);
    CHECK(problem(R"({"act":"vote","poll":"p","option":99})").find("0 to 5") != std::string::npos);
    CHECK(problem(R"({"act":"request_quote","product":"p","quantity":18446744073709551615})").find("whole") != std::string::npos);
    for (const char* amount : {"4.2", "\"\"", "\"0\"", "\"-1\"", "\"+1\"", "\"1e3\"", "\"0.00001\"", "\"1,5\"", "\".5\"", "\"1.\"",
                               "\"1000000000000.0001\"", "\"99999999999999999\"", "null"}) {
        CAPTURE(amount);
        CHECK(problem(R"({"act":"counter_quote","quote":"q","unit_price":{"amount":)" + std::string(amount) + R"(,"currency":"USD"}})")
                  .find("amount") != std::string::npos);
    }
    CHECK(problem(R"({"act":"request_quote","product":"p","quantity":5,"changes":[{"key":"k"}]})").find("\"to\"") != std::string::npos);
    CHECK(problem(R"({"act":"point","product":"p","at_mm":[1,2]})").find("three") != std::string::npos);
    CHECK(problem(R"({"act":"point","product":"p","at_mm":[1,2,1e99]})").find("three") != std::string::npos);
    CHECK(problem(R"({"act":"like","message":"../x y"})").find("id") != std::string::npos);
    CHECK(problem(R"({"act":"like","message":"m","client_id":""})").find("client_id") != std::string::npos);
    CHECK(problem(R"({"act":"put_order"})").find("order") != std::string::npos);
    std::string deep = R"({"act":"say","text":"a","moment":)";
    for (int i = 0; i < 5000; ++i) deep += "[";
    CHECK(problem(deep).find("deep") != std::string::npos);
    std::string wide = R"({"act":"request_quote","attachments":[)";
    for (int i = 0; i < 2000; ++i) wide += "\"a\",";
    CHECK(problem(wide + "\"a\"]}").find("values") != std::string::npos);
}

}  // namespace vitrine::test
