// Every bound of backups in one place.

public enum BackupLimits {
  /// Files in one backup, the manifest included.
  public static let members = 4_096
  /// Bytes of a member's name: what the plainest header of an archive holds.
  public static let nameBytes = 100
  /// Parts of a member's name, and how deep a directory of sounds is looked into.
  public static let nameParts = 4
  public static let directoryDepth = 2
  /// Bytes of a member, by what it is.
  public static let textBytes = 1 << 20
  public static let keyBytes = 4_096
  public static let soundBytes = 64 << 20
  public static let databaseBytes = 2 << 30
  /// Bytes of all members.
  public static let totalBytes = 4 << 30
  /// Bytes that are read or written at once.
  public static let bytesAtOnce = 65_536
  public static let passphraseBytes = 8...128
}
