# Sourced by tools/demo and tools/test: installs what is missing (Debian 12 and 13, Ubuntu 24.04), builds, and says what it does.
# Nothing is asked; when nothing is missing it takes well under five seconds.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DEBIAN_FRONTEND=noninteractive

say() { printf 'vitrine: %s\n' "$*" >&2; }

build_packages=(
  build-essential cmake ninja-build pkg-config ccache openssl
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstreamer-plugins-bad1.0-dev
  libopencv-dev libopencv-contrib-dev libpango1.0-dev libcairo2-dev libhwy-dev
  libtinygltf-dev libpng-dev libturbojpeg0-dev libfreetype-dev libseccomp-dev
  libboost-dev libssl-dev libcurl4-openssl-dev libsodium-dev libsqlite3-dev libsqlitecpp-dev libqrencode-dev
  libtomlplusplus-dev nlohmann-json3-dev libexpected-dev libcli11-dev libspdlog-dev
  libglfw3-dev libimgui-dev libepoxy-dev libegl-dev libfontconfig-dev libharfbuzz-dev libfribidi-dev libyuv-dev
)
run_packages=(
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
  gstreamer1.0-libav gstreamer1.0-nice gstreamer1.0-alsa gstreamer1.0-pulseaudio gstreamer1.0-pipewire
  fonts-noto-core fonts-noto-cjk libgl1-mesa-dri
)
test_packages=(
  catch2 libgstrtspserver-1.0-dev opencv-doc chromium xvfb xdotool imagemagick
  zbar-tools iproute2 nftables ffmpeg procps git clang-format
)
# Ubuntu's chromium package only points at a snap; the browser tests take any Chromium named in CHROMIUM there.
if grep -qi '^ID=ubuntu' /etc/os-release; then
  test_packages=("${test_packages[@]/chromium/}")
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  local wanted=() missing=() name
  for name in "$@"; do [ -n "$name" ] && wanted+=("$name"); done
  local present
  present=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | awk '$1 == "ii" { print $2 }' || true)
  for name in "${wanted[@]}"; do grep -qx -- "$name" <<<"$present" || missing+=("$name"); done
  # Node from anywhere will do; the distribution's otherwise.
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then missing+=(nodejs npm); fi
  [ "${#missing[@]}" -eq 0 ] && return
  say "installing ${#missing[@]} packages: ${missing[*]}"
  local log
  log=$(mktemp)
  as_root apt-get update -q >"$log" 2>&1 || true
  if ! as_root apt-get install -y -q --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "the packages above could not be installed; check the network and the package sources, then run this again"
    exit 3
  fi
  rm -f "$log"
}

build_page() {
  local page=assets/buyer
  if [ ! -e $page/node_modules/.package-lock.json ] || [ $page/package-lock.json -nt $page/node_modules/.package-lock.json ]; then
    say "installing the buyer page's npm packages"
    if ! (cd $page && npm ci --no-audit --no-fund --loglevel=error >&2); then
      say "the npm packages could not be installed; check the network and npm's registry, then run this again"
      exit 3
    fi
    touch $page/node_modules/.package-lock.json
  fi
  if [ ! -e $page/dist/index.html ] || [ -n "$(find $page assets/look.toml -path $page/node_modules -prune -o -path $page/dist -prune -o -type f -newer $page/dist/index.html -print -quit)" ]; then
    say "building the buyer page"
    (cd $page && npm run --silent build >&2)
  fi
}

# build PRESET TARGET…
build_program() {
  local preset=$1
  shift
  if [ ! -e "build/$preset/build.ninja" ]; then
    say "configuring build/$preset"
    cmake --preset "$preset" >"build-$preset.log" 2>&1 || { cat "build-$preset.log" >&2; rm -f "build-$preset.log"; say "configuring failed, see above"; exit 1; }
    rm -f "build-$preset.log"
  fi
  if ! ninja -C "build/$preset" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
    say "building build/$preset (the first time takes some minutes)"
    ninja -C "build/$preset" "$@" >&2
  fi
}
