#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A reader of shm-video segments, written from segment-format.md; "2.2" below is its section 2.2.

Python has no fences: this relies on a processor that keeps loads in order (x86-64). A word of a memoryview is
one load. Exit status: 0 done, 1 refused, 2 wrong use, 4 there is no such segment."""
import argparse, ctypes, errno, fcntl, hashlib, json, mmap, os, platform, re, signal, stat, struct, sys, time, uuid

NAMES, CODES = zip(*(field.split(":") for field in """magic:8s abi_major:H abi_minor:H endian_tag:I
    header_bytes:I immutable_bytes:I feature_incompat:Q feature_compat:Q segment_bytes:Q slot_count:I
    index_count:I descriptor_offset:Q index_offset:Q payload_offset:Q slot_stride_bytes:Q
    slot_capacity_bytes:Q descriptor_stride_bytes:I kind:I generation:Q first_number:Q stream_uuid:16s
    boot_id:16s created_monotonic_ns:Q created_realtime_ns:Q writer_pid:I writer_uid:I writer_pidns_inode:Q
    writer_start_ticks:Q fourcc:I width:I height:I fps_numerator:I fps_denominator:I reserved_0:I
    name:104s program:32s source:512s""".split()))
LATEST, NOTIFY, OWNER, STATE, EXTRADATA = 1024, 1032, 1088, 1152, 2048  # 2.1: words that change
SOURCE_STATES = {1: "ok", 2: "reconnecting", 3: "ended"}  # 2.1, at 1156
COUNTERS = {"heartbeat_ns": 1168, "progress_ns": 1176, "frame_interval_ns": 1184, "latest_key": 1192,
            "published": 1208, "revoked": 1216, "source_reopened": 2016, "latest": LATEST}
STAGES, STAGE_WORDS = {"read": 1320 // 8, "convert": 1552 // 8, "publish": 1784 // 8}, 29  # 64-bit words
FRAME, FRAME_CODES = zip(*(field.split(":") for field in """payload_bytes:Q plane_offset:4Q plane_stride:4I
    plane_count:I fourcc:I width:I height:I flags:I format_epoch:I capture_monotonic_ns:Q
    capture_realtime_ns:Q publish_monotonic_ns:Q pts:q dts:q duration:q timebase_numerator:I
    timebase_denominator:I key_number:Q source_number:Q colour_range:B colour_primaries:B colour_transfer:B
    colour_matrix:B payload_crc32c:I""".split()))  # 2.3, from the second field on
PLANES = {"BGR3": ["3wh"], "RGB3": ["3wh"], "GREY": ["1wh"], "YUYV": ["4ch"], "UYVY": ["4ch"],  # bytes a row,
          "NV12": ["1wh", "2ck"], "YU12": ["1wh", "1ck", "1ck"]}  # rows; c, k: half of width, height
SYS_FUTEX, SYS_FUTEX_WAITV = {"x86_64": 202, "aarch64": 98}[platform.machine()], 449
syscall = ctypes.CDLL(None, use_errno=True).syscall

class Refused(Exception): pass

def require(condition, why):
    if not condition: raise Refused(why)

def text(value):
    return value.split(b"\0")[0].decode("utf-8", "replace")

def text_of_fourcc(value):
    return text(struct.pack("<I", value))

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8): crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF

def find(name):  # 1: the path of NAME and its open file, or none
    own, runtime = os.environ.get("SHM_VIDEO_DIR"), os.environ.get("XDG_RUNTIME_DIR")
    private = f"{runtime}/shm-video" if runtime else f"/tmp/shm-video-{os.geteuid()}"
    for path in (f"{place}/{name}" for place in ([own] if own else ["/dev/shm", private])):
        try:
            if os.path.lexists(path): return path, os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError: pass
    return None, None

class Segment:
    def __init__(self, path, fd):
        self.path, self.fd, self.stat = path, fd, os.fstat(fd)
        self.header = self.checked_header()
        # Descriptors and index lie before the payloads; those are read by pread: no SIGBUS from them.
        self.map = mmap.mmap(fd, self.header["payload_offset"], mmap.MAP_SHARED, mmap.PROT_READ)
        self.w32, self.w64 = memoryview(self.map).cast("I"), memoryview(self.map).cast("Q")
        buffer = (ctypes.c_void_p * 10)()  # a Py_buffer: what gives the address of a read-only mapping
        ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(self.map), buffer, 0)
        self.address = buffer[0]
        ctypes.pythonapi.PyBuffer_Release(buffer)

    def checked_header(self):  # 2.2
        require(stat.S_ISREG(self.stat.st_mode), "not a segment: no regular file")
        block = os.pread(self.fd, 4096, 0)
        require(block[:8] == b"SHMVIDEO", "not a segment")
        require(len(block) == 4096, "damaged: cut short")
        h = dict(zip(NAMES, struct.unpack_from("<" + "".join(CODES), block)))
        require(h["abi_major"] == 1, f"incompatible: version {h['abi_major']}.{h['abi_minor']} of the format")
        require(h["endian_tag"] == 0x01020304, "incompatible: another byte order")
        require(h["feature_incompat"] == 0, f"incompatible: features {h['feature_incompat']:#x}")
        require(h["immutable_bytes"] == 1024, "damaged: immutable_bytes")
        require(struct.pack("<I", crc32c(block[:1020])) == block[1020:1024], "damaged: wrong checksum")
        slots, index, stride = h["slot_count"], h["index_count"], h["descriptor_stride_bytes"]
        require(h["header_bytes"] >= 4096 and h["header_bytes"] % 4096 == 0, "damaged: header_bytes")
        require(2 <= slots <= 4096, "damaged: slot_count")
        require(2 * slots <= index <= 65536 and index & (index - 1) == 0, "damaged: index_count")
        require(stride >= 256 and stride % 64 == 0, "damaged: descriptor_stride_bytes")
        require(h["slot_stride_bytes"] % 4096 == 0, "damaged: slot_stride_bytes")
        require(0 < h["slot_capacity_bytes"] <= h["slot_stride_bytes"], "damaged: slot_capacity_bytes")
        descriptors, words, payloads = h["descriptor_offset"], h["index_offset"], h["payload_offset"]
        require(descriptors % 64 == words % 64 == payloads % 4096 == 0, "damaged: an offset is not aligned")
        ends = [h["header_bytes"], descriptors, descriptors + slots * stride, words, words + 8 * index,
                payloads, payloads + slots * h["slot_stride_bytes"], h["segment_bytes"], self.stat.st_size]
        require(ends == sorted(ends), "damaged: its regions do not fit into the file")
        return h

    def state(self):  # 6: owner before state
        owner, state = self.w32[OWNER // 4], self.w32[STATE // 4]
        if state in (2, 3): return ("superseded", "closed")[state - 2]
        boot = uuid.UUID(open("/proc/sys/kernel/random/boot_id").read().strip()).bytes
        if owner & 0x40000000 or not owner & 0x3FFFFFFF or self.header["boot_id"] != boot: return "dead"
        heartbeat, progress, interval = (self.w64[at // 8] for at in list(COUNTERS.values())[:3])
        now, patience = time.monotonic_ns(), max(10**9, 5 * min(interval, 3600 * 10**9))
        return "stalled" if now - heartbeat > 500_000_000 or now - progress > patience else "live"

    def describe(self):
        h = {key: value for key, value in self.header.items() if key not in ("magic", "reserved_0")}
        h.update({key: text(h[key]) for key in ("name", "program", "source")})
        h.update({key: str(uuid.UUID(bytes=h[key])) for key in ("stream_uuid", "boot_id")})
        h.update({key: self.w64[at // 8] for key, at in COUNTERS.items()}, dropped=list(self.w64[153:161]))
        for stage, at in STAGES.items():  # zero: not measured
            total, longest, *buckets = self.w64[at:at + STAGE_WORDS]
            h[f"{stage}_times"] = {"frames": sum(buckets), "sum_ns": total, "max_ns": longest, "buckets": buckets}
        h["source_state"] = SOURCE_STATES.get(self.w32[1156 // 4], "ok")
        h["extradata"] = self.extradata().hex()
        return h | {"path": self.path, "fourcc": text_of_fourcc(h["fourcc"]), "state": self.state()}

    def extradata(self):  # 2.1
        for _ in range(100):
            before = self.w64[EXTRADATA // 8]
            size = min(self.w32[EXTRADATA // 4 + 2], 2000)
            data = bytes(self.map[EXTRADATA + 16:EXTRADATA + 16 + size])
            if before % 2 == 0 and self.w64[EXTRADATA // 8] == before: return data
        return b""  # its writer died in the middle

    def frames(self):  # 4: every frame that is there, oldest first: what it is, and its bytes
        latest = self.w64[LATEST // 8]
        for number in range(max(1, latest - self.header["index_count"] + 1), latest + 1):
            try: payload, d = self.frame(number)
            except Refused: continue  # damaged; those after it may be good
            if payload: yield {"number": number, **d, "fourcc": text_of_fourcc(d["fourcc"])}, payload

    def frame(self, number):  # 4: a copy of that frame and of its description, or none if it is not to be had
        h = self.header
        entry = self.w64[h["index_offset"] // 8 + number % h["index_count"]]
        slot, good = entry & 0xFFFF, (number << 2, number << 2 | 1)
        at = h["descriptor_offset"] + slot * h["descriptor_stride_bytes"]
        if entry >> 16 != number or slot >= h["slot_count"] or self.w64[at // 8] not in good: return None, {}
        values = list(struct.unpack_from("<" + "".join(FRAME_CODES), self.map[at + 8:at + 256]))
        d = {name: [values.pop(0) for _ in range(4)] if code[0] == "4" else values.pop(0)
             for name, code in zip(FRAME, FRAME_CODES)}
        size = d["payload_bytes"]
        fault = self.fault(size, d["plane_offset"], d["plane_stride"], d["plane_count"],
                           text_of_fourcc(d["fourcc"]), d["width"], d["height"])
        place = h["payload_offset"] + slot * h["slot_stride_bytes"]
        payload = b"" if fault else os.pread(self.fd, size, place)
        if self.w64[at // 8] not in good: return None, {}  # overwritten, not damaged
        require(len(payload) == size and not fault, f"damaged: frame {number}: {fault or 'cut short'}")
        return payload, d

    def fault(self, size, offsets, strides, count, fourcc, width, height):  # 2.3
        if not 0 < size <= self.header["slot_capacity_bytes"]: return "its size"
        if count > 4 or max(width, height) > 65535: return "its width, height or number of planes"
        if any(offset >= size for offset in offsets[:count]): return "a plane begins outside of it"
        sizes = {"w": width, "c": (width + 1) // 2, "h": height, "k": (height + 1) // 2}
        shape = PLANES.get(fourcc, [])
        if shape and (count != len(shape) or not width or not height): return "its picture"
        for (factor, unit, rows), offset, stride in zip(shape, offsets, strides):
            row = int(factor) * sizes[unit]
            if stride < row or offset + stride * (sizes[rows] - 1) + row > size: return "a row ends outside"

    def sleep(self, notify, owner):  # 4: until one of the two words is no longer what it was, at most 250 ms
        at = self.address
        words = struct.pack("<QQIIQQII", notify, at + NOTIFY, 2, 0, owner, at + OWNER, 2, 0)
        until = (ctypes.c_int64 * 2)(*divmod(time.monotonic_ns() + 250_000_000, 10**9))
        failed = syscall(SYS_FUTEX_WAITV, words, 2, 0, until, 1) < 0
        if failed and ctypes.get_errno() in (errno.ENOSYS, errno.EPERM):
            wait = (ctypes.c_int64 * 2)(0, 50_000_000)
            syscall(SYS_FUTEX, ctypes.c_void_p(at + NOTIFY), 0, ctypes.c_uint32(notify), wait)

    def pass_on_death(self):  # 6: the kernel woke only one sleeper
        syscall(SYS_FUTEX, ctypes.c_void_p(self.address + OWNER), 1, 0x7FFFFFFF)

def successor(name, old, patience):  # the next file of that name; sleeps on the directory until it is there
    while True:
        directory = os.open(os.path.dirname(old.path), os.O_RDONLY | os.O_DIRECTORY)
        fcntl.fcntl(directory, fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_RENAME)
        path, fd = find(name)
        is_new = path and not os.path.samestat(os.fstat(fd), old.stat)
        if not is_new and patience: signal.sigtimedwait({signal.SIGIO}, patience)
        os.close(directory)
        if is_new: os.close(old.fd)
        elif path: os.close(fd)
        if is_new or not patience: return Segment(path, fd) if is_new else old

def follow(name, segment, frames, output):
    last = got = 0
    while got < frames or not frames:
        require(os.fstat(segment.fd).st_size >= segment.header["segment_bytes"], "damaged: cut short")
        notify, owner = segment.w32[NOTIFY // 4], segment.w32[OWNER // 4]
        state, newest = segment.state(), segment.w64[LATEST // 8]  # 4: the words, the state, the frames
        payload, description = segment.frame(newest) if newest > last else (None, {})
        before = segment
        if payload:
            age = time.monotonic_ns() - description["capture_monotonic_ns"]
            print(f"frame {newest} bytes {len(payload)} age {age / 1e6:.3f} ms "
                  f"missed {newest - last - 1 if got else 0}", flush=True)
            if output: output.write(payload), output.flush()
            last, got = newest, got + 1
        elif state in ("live", "stalled"):
            segment.sleep(notify, owner)
            if segment.w32[NOTIFY // 4] == notify: segment = successor(name, segment, 0)
        else:
            print(f"generation {segment.header['generation']} is {state}", flush=True)
            if state == "closed": return
            if state == "dead": segment.pass_on_death()
            segment = successor(name, segment, 1)
        if segment is not before:  # numbers may have begun anew
            last = min(last, max(segment.header["first_number"], 1) - 1)

def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})
    for number in (signal.SIGINT, signal.SIGPIPE): signal.signal(number, signal.SIG_DFL)
    parser = argparse.ArgumentParser(description="Follows the newest frames of a segment.")
    parser.add_argument("name")
    parser.add_argument("--json", action="store_true", help="print header and state instead, and end")
    parser.add_argument("--all", action="store_true", help="with --json: every frame that is there, too")
    parser.add_argument("--frames", type=int, default=0, help="end after so many")
    parser.add_argument("--output", type=argparse.FileType("wb"), help="write the payloads there")
    options = parser.parse_args()
    if not re.fullmatch(r"(?!.*\.(lock|readers)$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}", options.name):
        parser.error(f"no segment can have the name {options.name!r}")
    try:
        path, fd = find(options.name)
        if not path:
            print(f"reader.py: there is no segment {options.name}", file=sys.stderr)
            return 4
        segment = Segment(path, fd)
        if options.json:
            seen = segment.describe()
            if options.all:
                seen["frames"] = [{**what, "sha256": hashlib.sha256(payload).hexdigest()}
                                  for what, payload in segment.frames()]
            print(json.dumps(seen, indent=2))
        else: follow(options.name, segment, options.frames, options.output)
    except (Refused, OSError, ValueError) as error:
        print(f"reader.py: {options.name}: {error}", file=sys.stderr)
        return 1

if __name__ == "__main__":
    sys.exit(main())
