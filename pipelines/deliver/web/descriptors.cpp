#include "pipelines/deliver/web/descriptors.h"

#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>

namespace vitrine {

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return descriptor_limit();
    const rlim_t useful = std::min<rlim_t>(limit.rlim_max, most_useful_descriptors);
    if (limit.rlim_cur < useful) {
        limit.rlim_cur = useful;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    return descriptor_limit();
}

std::size_t descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1u << 20));
}

std::size_t open_descriptors() {
    DIR* folder = ::opendir("/proc/self/fd");
    if (!folder) return descriptor_limit();
    std::size_t count = 0;
    while (const dirent* entry = ::readdir(folder)) count += entry->d_name[0] != '.';
    ::closedir(folder);
    return count - 1;  // without the folder itself
}

DescriptorShares share_descriptors(std::size_t limit, std::size_t in_use, const DescriptorShares& wanted) {
    const std::size_t own = in_use + descriptors_of_the_show;
    std::size_t left = limit > own ? limit - own : 0;
    const auto take = [&](std::size_t share, int want, int least, std::size_t each) {
        const auto most = static_cast<int>(std::min<std::size_t>(std::min(share, left) / each, 1u << 20));
        const int given = std::max(std::min(want, most), std::min(want, least));
        left -= std::min(left, static_cast<std::size_t>(given) * each);
        return given;
    };
    DescriptorShares shares;
    shares.control = take(left / 8, wanted.control, 8, 1);
    shares.streams = take(left * 2 / 3, wanted.streams, 1, descriptors_of_a_stream);
    // A download may hold its file besides its connection.
    shares.connections = take(left, wanted.connections, 16, 2);
    return shares;
}

bool descriptors_for_a_stream() { return open_descriptors() + descriptors_of_a_stream + descriptors_of_the_show / 2 <= descriptor_limit(); }

}  // namespace vitrine
