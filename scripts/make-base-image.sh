#!/bin/bash
# Makes a stand-in for an official Debian base image where no image registry can be reached, and gives it the name
# that the Dockerfile asks for. The packages come from the Debian mirror; the root file system is kept in a cache.
#
#     scripts/make-base-image.sh NAME [SUITE]      for example: debian:bookworm-slim bookworm
set -euo pipefail

name=${1:?name of the image to make}
suite=${2:-bookworm}
cache=${USERCODE_TEST_CACHE:-$HOME/.cache/usercode-tests}
archive=$cache/$suite-rootfs.tar
log=$cache/$suite-rootfs.log

# Where this machine's apt gets the suite, its updates and its security fixes, as lines of a sources.list.
sources() {
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) main' 'Created-By: Packages' |
        { grep -E " $suite(-updates|-security)? main$" || true; } | sort -u
}

make_archive() {
    mirror=$(sources | awk -v suite="$suite" '$3 == suite { print $2; exit }')
    [ -n "$mirror" ] || { echo "apt on this machine knows no $suite: run apt-get update first." >&2; exit 1; }
    work=$(mktemp -d "$cache/rootfs.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$work" "$mirror" > "$log" 2>&1 ||
        { tail -20 "$log" >&2; exit 1; }
    sources > "$work/etc/apt/sources.list"
    # As in Debian's own images: apt keeps no caches, and "slim" leaves documentation out.
    cat > "$work/etc/apt/apt.conf.d/docker-clean" <<-'CONF'
	DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
	Dir::Cache::pkgcache "";
	Dir::Cache::srcpkgcache "";
	CONF
    printf 'path-exclude %s\n' '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' \
        > "$work/etc/dpkg/dpkg.cfg.d/slim"
    rm -rf "$work"/usr/share/{doc,man,locale}/* "$work"/var/lib/apt/lists/* "$work"/var/cache/apt/*.bin \
        "$work"/var/cache/apt/archives/*.deb "$work"/var/log/*.log
    tar -C "$work" --numeric-owner -cf "$archive.part" .
    mv "$archive.part" "$archive"
}

mkdir -p "$cache"
[ -e "$archive" ] || make_archive
podman import --quiet --change 'CMD ["bash"]' "$archive" "$name"
