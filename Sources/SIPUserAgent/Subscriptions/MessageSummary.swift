// The body of a NOTIFY about a mailbox: application/simple-message-summary (RFC 3842 §5.2).

import Basics

extension MailboxSummary {
  func document(of account: ByteString) -> [UInt8] {
    var writer = ByteWriter(capacity: 96 + account.count)
    writer.append("Messages-Waiting: ")
    writer.append(new > 0 ? "yes" : "no")
    writer.append("\r\nMessage-Account: ")
    writer.append(account.bytes)
    writer.append("\r\nVoice-Message: ")
    writer.append(decimal: new)
    writer.append("/")
    writer.append(decimal: old)
    // Urgent ones: there are none.
    writer.append(" (0/0)\r\n")
    return writer.bytes
  }
}
