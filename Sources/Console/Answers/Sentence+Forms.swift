// The sentences that the box says, as the sources have them, `*` for each name or number; and in Chinese, with the same
// `*` in the same order. One that begins like another stands before it if it says more.

import Basics
import Configuration

extension Sentence {
  typealias Form = (said: StaticString, chinese: StaticString)

  static var forms: [Form] { commits + captures + orders + files }

  /// A commit on trial, why one was taken back, and what the box comments by itself.
  static var commits: [Form] {
    [
      ("phone * is refused, its password is another", "话机 * 被拒绝：密码已不同"),
      ("phone * is not registered any more", "话机 * 不再注册"),
      ("trunk * does not answer any more", "中继 * 不再应答"),
      ("a call of the box to itself fails: *", "本机自呼失败：*"),
      ("assert * does not hold", "断言 * 不成立"),
      ("taken back by *", "由 * 撤销"),
      ("not confirmed in time", "未按时确认"),
      ("the program started too often", "程序启动次数过多"),
      ("cannot be used after a start", "启动后无法使用"),
      ("rollback to *", "回退到版本 *"),
      ("an override has ended", "临时覆盖已到期"),
      ("revision * cannot be read", "版本 * 无法读取"),
    ]
  }

  /// Of captures, in the box's words and in those of libpcap that a technician meets.
  private static var captures: [Form] {
    [
      (
        "* of * MB are taken; capture delete makes room",
        "已占用 * MB，共 * MB；可用 capture delete 释放空间"
      ),
      ("the disk has * MB left, of which * are kept free", "磁盘剩余 * MB，其中 * MB 须保留"),
      ("the name of a capture has letters, digits and hyphens, at most *", "抓包名称由字母、数字与连字符组成，最多 * 个"),
      (
        "the file of an export is a name that ends in .pcap: it stands in the directory of the captures",
        "导出文件名须以 .pcap 结尾，位于抓包目录"
      ),
      ("filter EXPRESSION, as pcap-filter(7) has it, at most * bytes", "filter 表达式，按 pcap-filter(7)，最多 * 字节"),
      ("link type *", "无法识别的链路层类型 *"),
      ("no files", "没有文件"),
      ("closed", "已关闭"),
      ("unknown file format", "无法识别的文件格式"),
      ("truncated dump file; *", "抓包文件不完整；*"),
      ("*: No such device exists*", "*：没有此网络接口*"),
      ("*: You don't have permission*", "*：没有抓包权限，需要 CAP_NET_RAW *"),
      ("*: No such file or directory", "*：文件不存在"),
      ("*: Permission denied", "*：权限不足"),
      ("can't parse filter expression: *", "过滤表达式有误：*"),
      ("syntax error", "语法错误"),
    ]
  }

  private static var orders: [Form] {
    [
      ("unknown question", "无法识别的查询"),
      ("the disk is busy: ask again", "磁盘繁忙，请稍后再试"),
      ("the stored numbers cannot be asked for now", "暂时无法查询统计数据"),
      ("the database cannot be read", "无法读取数据库"),
      ("the database cannot be used", "数据库不可用"),
      ("another backup is being made: try again when it is done", "正在进行另一备份，请稍后再试"),
      (
        "test prompt NAME [to EXTENSION]; NAME as the file's, such as beep or all-busy",
        "test prompt 名称 [to 分机]；名称即文件名，例如 beep 或 all-busy"
      ),
      ("* is from * to *", "* 的范围是 * 到 *"),
    ]
  }

  /// What was tried with a file, an address, the database.
  private static var files: [Form] {
    [
      ("another program has the database open", "数据库正被其他程序使用"),
      ("damaged, SQLite *", "已损坏，SQLite *"),
      ("written by a later release, version *", "由更新的版本写入，版本 *"),
      ("cannot be set aside: *", "无法移开：*"), ("cannot start: *", "无法启动：*"), ("cannot be copied: *", "无法复制：*"),
      ("* is damaged: put back the one of a backup", "* 已损坏：请从备份恢复"),
      ("changed while it was read: *", "读取时内容已变：*"),
      ("not a terminal: *", "不是终端：*"),
      ("larger than * bytes", "超过 * 字节"),
      ("no recording", "不是飞行记录文件"), ("another format", "格式版本不同"), ("truncated", "不完整"), ("too long", "过长"),
      ("checksum", "校验和不符"), ("unknown case", "未知类别"), ("impossible value", "数值无效"), ("bytes in excess", "有多余字节"),
      ("open *: *", "打开 *：*"), ("read *: *", "读取 *：*"), ("write *: *", "写入 *：*"), ("write *", "写入 *"),
      ("fsync *: *", "写盘 *：*"), ("rename *: *", "改名 *：*"), ("mkdir *: *", "创建目录 *：*"),
      ("rmdir *: *", "删除目录 *：*"), ("stat *: *", "查看 *：*"), ("bind *: *", "监听 *：*"), ("connect *: *", "连接 *：*"),
    ]
  }

  /// errno(3), by the names that stand in the log.
  static var errors: [(name: StaticString, help: Help)] {
    [
      ("EACCES", Help("permission denied", "权限不足")), ("EPERM", Help("not permitted", "不允许")),
      ("ENOENT", Help("it does not exist", "不存在")), ("EEXIST", Help("it exists already", "已存在")),
      ("ENOTDIR", Help("not a directory", "不是目录")), ("EISDIR", Help("a directory", "是目录")),
      ("ENOTEMPTY", Help("not empty", "目录不为空")), ("ENOSPC", Help("the disk is full", "磁盘已满")),
      ("EROFS", Help("the disk is read-only", "磁盘只读")), ("EIO", Help("the disk has failed", "磁盘读写错误")),
      ("EFBIG", Help("too large", "文件过大")), ("ENAMETOOLONG", Help("the name is too long", "名称过长")),
      ("EMFILE", Help("too many open files", "打开的文件过多")), ("ENFILE", Help("too many open files", "打开的文件过多")),
      ("ENOMEM", Help("not enough memory", "内存不足")), ("EAGAIN", Help("try again", "请重试")),
      ("EBUSY", Help("in use", "正被使用")), ("EINVAL", Help("not possible", "无效")),
      ("ENODEV", Help("no such device", "没有此设备")), ("ENXIO", Help("no such device", "没有此设备")),
      ("ENOTTY", Help("not such a device", "设备类型不符")),
      ("EADDRINUSE", Help("the address is in use", "地址已被占用")),
      ("EADDRNOTAVAIL", Help("the box has no such address", "本机没有此地址")),
      ("ECONNREFUSED", Help("nobody listens there", "无人监听")), ("ETIMEDOUT", Help("no answer", "无应答")),
    ]
  }

  /// In what may be typed.
  static var placeholders: [(word: StaticString, chinese: StaticString)] {
    [
      ("AGENT", "坐席"), ("ITEM", "项目"), ("EXTENSION", "分机"), ("REASON", "原因"), ("CODE", "代码"), ("QUEUE", "队列"),
      ("ID", "编号"), ("NUMBER", "号码"), ("TRUNK", "中继"), ("NAME", "名称"), ("REVISION", "版本"), ("FILE", "文件"),
      ("MINUTES", "分钟"), ("COUNT", "个数"), ("EXPRESSION", "表达式"), ("TEXT", "说明"), ("SOCKET", "套接字"),
      ("ADDRESS", "地址"), ("PORT", "端口"), ("CERTIFICATE", "证书"), ("KEY", "密钥"), ("SUBNET", "子网"),
    ]
  }
}
