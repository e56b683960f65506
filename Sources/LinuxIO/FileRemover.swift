// Removes a file; one that is not there is as good as removed.

import Basics
import CLinux

public enum FileRemover {
  public static func remove(_ path: ByteString) { _ = path.withCString { unlink($0) } }
}
