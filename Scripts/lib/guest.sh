#!/usr/bin/env bash
# Packs an initramfs for an emulated board: a kernel's modules for its network, busybox, the program under test as the
# first process, and what else it needs.
#
#     Scripts/lib/guest.sh SYSROOT PROGRAM FILES OUTPUT
#
# SYSROOT   holds Debian's busybox-static and linux-image (make_sysroot)
# FILES     a directory that becomes the guest's /branch; /branch/branch.conf is the configuration
set -euo pipefail
sysroot=$1 program=$2 files=$3 output=$4
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root"/{bin,dev,modules,proc,sys,tmp}
cp "$sysroot/bin/busybox" "$root/bin/"
cp "$program" "$root/bin/branchline"
cp -r "$files" "$root/branch"
for module in virtio_mmio failover net_failover virtio_net; do
  find "$sysroot/lib/modules" -name "$module.ko" -exec cp '{}' "$root/modules/" ';'
done
# The address is the one that QEMU's user network has for a guest. What owns GPIO lines on this board (gpio-keys) is a
# module, and stays out.
cat >"$root/init" <<'INIT'
#!/bin/busybox sh
set -e
bb=/bin/busybox
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs dev /dev
$bb mount -t tmpfs tmp /tmp
for module in virtio_mmio failover net_failover virtio_net; do $bb insmod /modules/$module.ko; done
$bb ip link set lo up
$bb ip link set eth0 up
$bb ip address add 10.0.2.15/24 dev eth0
$bb ip route add default via 10.0.2.2
exec /bin/branchline run --config /branch/branch.conf --clock plausible
INIT
chmod 755 "$root/init"
cd "$root"
find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 >"$output"
