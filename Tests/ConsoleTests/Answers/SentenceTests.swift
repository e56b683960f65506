import Basics
import Configuration
import Testing

@testable import Console

@Suite("Sentences of the box")
struct SentenceTests {
  private func chinese(_ said: ByteString) -> ByteString { Sentence.phrase(said).chinese }
  private func english(_ said: ByteString) -> ByteString { Sentence.phrase(said).english }

  @Test("names and numbers stand at their places in the other language")
  func forms() {
    #expect(chinese("phone 103 is not registered any more") == "话机 103 不再注册")
    #expect(english("phone 103 is not registered any more") == "phone 103 is not registered any more")
    #expect(chinese("size is from 1 to 128") == "size 的范围是 1 到 128")
    #expect(chinese("the disk has 70 MB left, of which 64 are kept free") == "磁盘剩余 70 MB，其中 64 MB 须保留")
    #expect(chinese("not confirmed in time") == "未按时确认")
    #expect(chinese("not confirmed in time, or so") == "not confirmed in time, or so")
  }

  @Test("behind a colon stands a sentence again: what was tried, and the system's error by its meaning and its name")
  func inner() {
    #expect(chinese("a call of the box to itself fails: no answer") == "本机自呼失败：无应答")
    #expect(chinese("bind udp 10.0.0.1:5060: EADDRINUSE") == "监听 udp 10.0.0.1:5060：地址已被占用（EADDRINUSE）")
    #expect(
      english("bind udp 10.0.0.1:5060: EADDRINUSE") == "bind udp 10.0.0.1:5060: the address is in use (EADDRINUSE)")
    #expect(chinese("cannot start: ENOSPC") == "无法启动：磁盘已满（ENOSPC）")
    #expect(chinese("gpio 17: ENODEV") == "gpio 17：没有此设备（ENODEV）")
    #expect(chinese("cannot start: cannot start: cannot start: cannot start: cannot start: ENOSPC").count > 0)
  }

  @Test("what may be typed has its places named")
  func usage() {
    #expect(chinese("usage: agent disposition EXTENSION CODE") == "用法：agent disposition 分机 代码")
    #expect(english("usage: agent disposition EXTENSION CODE") == "usage: agent disposition EXTENSION CODE")
    #expect(chinese("usage: files is from 1 to 100") == "用法：files 的范围是 1 到 100")
    // Not every run of capitals is a place.
    #expect(chinese("usage: 2026-03-01T10:05:00|SIP") == "用法：2026-03-01T10:05:00|SIP")
  }

  @Test("somebody's comment stays what it is, whatever it begins with; the box's own is told in both languages")
  func comments() {
    #expect(Sentence.phrase(comment: "write the new numbers").chinese == "write the new numbers")
    #expect(Sentence.phrase(comment: "").chinese == "")
    #expect(Sentence.phrase(comment: "taken back by lee@pts/1").chinese == "由 lee@pts/1 撤销")
    #expect(
      Sentence.phrase(comment: "a call of the box to itself fails: no sound comes through").chinese == "本机自呼失败：声音不通")
  }

  @Test("a session in Chinese tells in Chinese why a commit was taken back")
  func session() throws {
    let person = try Person()
    person.line("language zh")
    person.line("configure")
    person.line("set queue service ring 25s")
    person.line("commit confirmed 10")
    person.line("undo")
    person.line("run show commits")
    #expect(person.sees("由 root@pts/1 撤销") && person.sees("已撤销"), "\(person)")
    person.line("run capture start ../x")
    #expect(person.sees("用法：抓包名称由字母、数字与连字符组成，最多 32 个"), "\(person)")
  }

  @Test("each form has as many places in Chinese, and is not hidden by one before it")
  func table() {
    let forms = Sentence.forms
    for (index, form) in forms.enumerated() {
      let star = UInt8(ascii: "*")
      let places = { (text: ByteString) in text.bytes.count { $0 == star } }
      #expect(places(ByteString(form.said)) == places(ByteString(form.chinese)), "\(form.said)")
      // Said with a name at each place, it is itself.
      let said = ByteString(form.said.description.replacing("*", with: "x7"))
      let chinese = ByteString(form.chinese.description.replacing("*", with: "x7"))
      #expect(Sentence.phrase(said).chinese == chinese, "\(index) \(form.said)")
    }
  }
}
