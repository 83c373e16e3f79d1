#!/bin/sh
# Installs Debian's or Ubuntu's packages that the program (run), the builder (bundle) or the tests against
# other makers' programs (peers) need. Where it may not install, it prints the line to type and stops.
set -u

run="libdbus-1-3 libegl1 libexpat1 libfontconfig1 libgl1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4
     libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
     libxkbcommon-x11-0 libxkbcommon0"
peers="chromium chromium-driver dbus dbus-x11 fcitx5 fcitx5-chinese-addons fonts-wqy-microhei gdal-bin libreoffice-calc
     libreoffice-writer mdbtools openbox poppler-utils postgresql-postgis python3-gdal python3-qgis qgis
     x11-utils xauth xdotool xvfb"

bundle="binutils"

case "${1:-}" in
    run) wanted=$run ;;
    bundle) wanted="$run $bundle" ;;
    peers) wanted="$run $peers" ;;
    *) echo "usage: $0 run|bundle|peers" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null 2>&1 || exit 0   # another system: its Qt libraries are its own affair

missing=""
for package in $wanted; do
    # libglib2.0-0 is called libglib2.0-0t64 on newer Ubuntu
    dpkg-query -W -f '${db:Status-Status}\n' "$package" "${package}t64" 2>/dev/null | grep -qx installed \
        || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    become=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    become="sudo"
else
    echo "These system packages are missing. Please type:" >&2
    echo "    sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing"
$become apt-get update -qq &&
    $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
