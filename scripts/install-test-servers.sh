#!/bin/bash
# Installs, on Debian and as root, what the test tiers need beyond Python. Nothing is started here.
set -euo pipefail

packages=(
    # The images tier: builds, runs and makes base images.
    buildah podman runc uidmap netavark catatonit debootstrap iptables
)

missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "Everything the test tiers need is installed."
    exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
