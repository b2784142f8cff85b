#include "pipelines/record/sample_sizes.h"

#include <set>

#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("no two samples within a cycle have one size, whatever they had before", "[record]") {
    for (const std::size_t least : {1, 6}) {
        std::set<std::size_t> sizes;
        for (std::uint64_t n = 1000; n < 1000 + sample_size_cycle; ++n) {
            const std::size_t size = 337 + n % 3;  // nearly constant, as an AAC encoder's
            const std::size_t more = sample_padding(size, n, least);
            CHECK((more == 0 || more >= least));
            CHECK(more < sample_size_cycle + least);
            sizes.insert((size + more) % sample_size_cycle);
        }
        CHECK(sizes.size() == sample_size_cycle);
    }
}
