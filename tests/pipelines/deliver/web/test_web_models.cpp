#include "pipelines/deliver/web/catalogue.h"
#include "pipelines/deliver/web/model_files.h"
#include "tests/pipelines/deliver/web/web_fixture.h"

namespace vitrine::test {

namespace {

std::string glb(std::size_t size) {
    std::string bytes("glTF\2\0\0\0", 8);
    const auto number = [&](std::size_t value) {
        for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> 8 * i & 255));
    };
    const std::string json = R"({"asset":{"version":"2.0"}} )";
    number(size);
    number(json.size());
    bytes += "JSON" + json;
    number(size - bytes.size() - 8);
    bytes += std::string("BIN\0", 4);
    for (std::size_t i = bytes.size(); i < size; ++i) bytes.push_back(static_cast<char>(i * 31));
    return bytes;
}

struct Models {
    TemporaryFolder folder;
    ShowConfig config = small_show();

    Models() {
        config.products.at(0).model = folder.write("lamp.glb", glb(300'000));
        ProductConfig plain = config.products.at(0);
        plain.id = "LX-310";
        plain.model.reset();
        config.products.push_back(plain);
    }
};

}  // namespace

TEST_CASE("a buyer with a session gets the models of the show's products", "[web]") {
    Models models;
    WebFixture web(models.config);
    HttpClient client(web.port);
    const HttpHeaders mine{{"Authorization", "Bearer " + web.join()}};

    const Json document = Json::parse(client.ask("GET", "/api/show", mine).body);
    CHECK(document.at("products").at(0).at("model").at("url") == "/api/models/LX-200");
    CHECK(document.at("products").at(0).at("model").at("bytes") == 300'000);
    CHECK(document.at("products").at(1).at("model").is_null());

    const HttpAnswer model = client.ask("GET", "/api/models/LX-200", mine);
    REQUIRE(model.status == 200);
    CHECK(model.body == glb(300'000));
    CHECK(model.header("Content-Type") == "model/gltf-binary");
    CHECK(model.header("Cache-Control") == "private, no-cache");
    CHECK(model.header("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(model.header("X-Content-Type-Options") == "nosniff");

    HttpHeaders known = mine;
    known.emplace_back("If-None-Match", model.header("ETag"));
    const HttpAnswer same = client.ask("GET", "/api/models/LX-200", known);
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    const HttpAnswer head = client.ask("HEAD", "/api/models/LX-200", mine);
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == "300000");
    CHECK(client.ask("POST", "/api/models/LX-200", mine).status == 405);

    SECTION("nothing without a session, and not even whether there is one") {
        CHECK(client.ask("GET", "/api/models/LX-200").status == 401);
        CHECK(client.ask("GET", "/api/models/other").status == 401);
        CHECK(client.ask("GET", "/api/models/LX-200", {{"Authorization", "Bearer nonsense"}}).status == 401);
        CHECK(client.ask("GET", "/api/models/LX-200?session=" + mine.at(0).second.substr(7)).status == 401);
    }
    SECTION("nothing that is not a model of a product") {
        for (const char* path : {"/api/models/", "/api/models/LX-310", "/api/models/../lamp.glb", "/api/models/%2e%2e%2flamp.glb",
                                 "/api/models/lamp.glb", "/api/models/LX-200/", "/api/models/%4", "/api/models/LX-200%00"}) {
            CAPTURE(path);
            const HttpAnswer answer = client.ask("GET", path, mine);
            CHECK((answer.status == 404 || answer.status == 400));
            CHECK(answer.body.find("glTF") == std::string::npos);
        }
    }
    SECTION("nothing more once the invite is revoked") {
        REQUIRE(do_act(*web.show, desk::RevokeInvite{web.invite.id}));
        CHECK(client.ask("GET", "/api/models/LX-200", mine).status == 401);
    }
}

TEST_CASE("a model is fetched so many times a minute, each session for itself", "[web]") {
    Models models;
    web::Catalogue catalogue(std::make_shared<const ShowConfig>(models.config), false, {3, 60});
    const auto ask = [&](const std::string& session, Nanoseconds now) {
        web::Request request;
        request.method = "GET";
        request.path = "/api/models/LX-200";
        return catalogue.model(request, session, now, 1).status;
    };
    const std::string one = "one", two = "two";
    for (int i = 0; i < 3; ++i) CHECK(ask(one, 0) == 200);
    CHECK(ask(one, 0) == 429);
    CHECK(ask(two, 0) == 200);
    CHECK(ask(one, 1'000'000'000) == 200);
}

TEST_CASE("what is no whole GLB is not offered, and the show goes on", "[web]") {
    CHECK_FALSE(web::glb_header_problem(glb(64)));
    CHECK(web::glb_header_problem(""));
    CHECK(web::glb_header_problem(glb(64).substr(0, 63)));
    CHECK(web::glb_header_problem(glb(64) + "x"));
    CHECK(web::glb_header_problem("x" + glb(64).substr(1)));
    std::string version_1 = glb(64);
    version_1[4] = 1;
    CHECK(web::glb_header_problem(version_1));

    TemporaryFolder folder;
    ShowConfig show = small_show();
    ProductConfig& lamp = show.products.at(0);
    const auto offered = [&](const fs::path& model) {
        lamp.model = model;
        return web::ModelFiles(show).sizes();
    };
    CHECK(offered(folder.write("good.glb", glb(64))) == web::ModelSizes{{"LX-200", 64}});
    CHECK(offered(folder.write("GOOD.GLB", glb(64))).size() == 1);
    CHECK(offered(folder.write("text.gltf", glb(64))).empty());
    CHECK(offered(folder.write("cut.glb", glb(64).substr(0, 40))).empty());
    CHECK(offered(folder.path / "none.glb").empty());
    const fs::path large = folder.write("large.glb", glb(64));
    fs::resize_file(large, web::most_model_bytes + 1);
    CHECK(offered(large).empty());
}

}  // namespace vitrine::test
