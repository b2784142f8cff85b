#include "engine/desk/vcard.h"

#include "engine/printable.h"
#include "tests/engine/desk/desk_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::desk;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find("\r\n", at);
        REQUIRE(end != std::string::npos);
        lines.push_back(text.substr(at, end - at));
        at = end + 2;
    }
    return lines;
}

}  // namespace

TEST_CASE("cards are escaped and folded without cutting a letter", "[vcard]") {
    Person p = test::person("p1", "王小明; José, \\Ana", "", "AE", "zh", 3);
    for (int i = 0; i < 30; ++i) p.company += "宁波照明";
    p.email = "a@b.c\nEND:VCARD";
    const std::string out = vcards(history_of({p}), test::small_show());
    std::string unfolded;
    for (const std::string& line : lines_of(out)) {
        CHECK(line.size() <= 75);
        std::string_view rest = line;
        while (!rest.empty()) {
            const std::size_t length = utf8_sequence(rest);
            REQUIRE(length > 0);
            rest.remove_prefix(length);
        }
        unfolded += line.starts_with(' ') ? line.substr(1) : "\n" + line;
    }
    CHECK(unfolded.starts_with("\nBEGIN:VCARD\nVERSION:4.0\n"));
    CHECK(unfolded.find("\nFN:王小明\\; José\\, \\\\Ana\n") != std::string::npos);
    CHECK(unfolded.find("\nORG:" + p.company + "\n") != std::string::npos);
    CHECK(unfolded.find("\nEMAIL:a@b.c\\nEND:VCARD\n") != std::string::npos);
    CHECK(unfolded.find("\nADR:;;;;;;AE\n") != std::string::npos);
    CHECK(unfolded.find("\nREV:20251125T140300Z\n") != std::string::npos);
    CHECK(unfolded.ends_with("\nEND:VCARD"));
}

TEST_CASE("who has no name, asked to be forgotten or works for the factory has no card", "[vcard]") {
    Person erased = test::person("p1", "Ana", "", "", "", 1), nameless = test::person("p2", "", "", "", "", 1),
           helper = test::person("p3", "Li", "", "", "", 1);
    erased.erased = true;
    helper.role = Role::helper;
    CHECK(vcards(history_of({erased, nameless, helper}), test::small_show()).empty());
}
