// A capture file, read frame by frame (pcap and pcapng, by libpcap).

import Basics
import CPcap
import Packets

public struct CapturedFrame: Hashable, Sendable {
  /// Since 1970.
  public var time: Instant
  public var bytes: [UInt8]
  /// Of the frame on the wire, of which `bytes` may be the beginning alone.
  public var length: Int

  public init(time: Instant, bytes: [UInt8], length: Int) {
    self.time = time
    self.bytes = bytes
    self.length = length
  }

  init(_ frame: cpcap_frame) {
    time = Instant(nanoseconds: frame.nanoseconds)
    bytes = Array(UnsafeRawBufferPointer(start: frame.bytes, count: Int(frame.captured)))
    length = Int(frame.length)
  }
}

public final class PacketFile {
  private let pcap: OpaquePointer
  public let link: LinkType
  /// As it stands in the file.
  public let linkNumber: Int

  public init(_ path: ByteString) throws(CaptureError) {
    let (opened, words) = withWords { words in path.withCString { cpcap_open_file($0, words) } }
    guard let opened else { throw .file(words) }
    let number = Int(cpcap_link_type(opened))
    guard let link = LinkType(number: number) else {
      cpcap_close(opened)
      throw .linkType(number)
    }
    pcap = opened
    self.link = link
    linkNumber = number
  }
  deinit { cpcap_close(pcap) }

  /// Only frames that the filter takes come from now on.
  public func setFilter(_ text: ByteString) throws(CaptureError) { try PacketFile.setFilter(text, pcap) }

  static func setFilter(_ text: ByteString, _ pcap: OpaquePointer) throws(CaptureError) {
    let (isSet, words) = withWords { words in text.withCString { cpcap_set_filter(pcap, $0, words) } }
    guard isSet else { throw .filter(words) }
  }

  /// Throws where the text is no filter (pcap-filter(7)) for Ethernet. Hosts, ports and protocols are numbers.
  public static func checkFilter(_ text: ByteString) throws(CaptureError) {
    let (isRight, words) = withWords { words in text.withCString { cpcap_check_filter(1, $0, words) } }
    guard isRight else { throw .filter(words) }
  }

  /// nil at the end.
  public func next() throws(CaptureError) -> CapturedFrame? {
    var frame = cpcap_frame()
    switch cpcap_next(pcap, &frame) {
    case 1: return CapturedFrame(frame)
    case -1: throw .file(ByteString(cString: cpcap_error(pcap), limit: Int(CPCAP_ERROR_BYTES)))
    default: return nil
    }
  }
}
