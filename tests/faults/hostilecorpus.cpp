#include "tests/faults/hostilecorpus.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMiB = 1024 * 1024;

QByteArray row(const QByteArray& id, const QByteArray& more) {
    return "{\"id\":\""_ba + id + "\",\"status\":\"completed\"" + (more.isEmpty() ? QByteArray() : ',' + more) + '}';
}

QByteArray noted(const QByteArray& id, const QByteArray& value) {
    return pageOf({row(id, "\"notes\":"_ba + value)});
}

/// Fragments that a strict reader takes or refuses; each is tried as a whole answer and inside a row.
QByteArrayList fragments() {
    QByteArrayList list{"",
                        " ",
                        "\n",
                        "{",
                        "}",
                        "[",
                        "]",
                        "{]",
                        "[}",
                        "{}{}",
                        "[][]",
                        "[1",
                        "[1,",
                        "[1,]",
                        "[,1]",
                        "[1,,2]",
                        "[1 2]",
                        "{\"a\"}",
                        "{\"a\":}",
                        "{\"a\":1,}",
                        "{,}",
                        "{a:1}",
                        "{'a':1}",
                        "{1:1}",
                        "{\"a\":1 \"b\":2}",
                        "{\"a\"::1}",
                        "nul",
                        "nulll",
                        "tru",
                        "TRUE",
                        "True",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "-",
                        "+1",
                        "01",
                        "-01",
                        "1.",
                        ".1",
                        "1e",
                        "1e+",
                        "1E400",
                        "-1e400",
                        "0x10",
                        "1_000",
                        "0e99999999999",
                        "123456789012345678901234567890",
                        "1.0000000000000000000001",
                        "-0",
                        "-0.0",
                        "\"",
                        "\"a",
                        "'a'",
                        "\"\\\"",
                        "\"\\x41\"",
                        "\"\\u\"",
                        "\"\\u12\"",
                        "\"\\uZZZZ\"",
                        "\"\\ud800\"",
                        "\"\\udc00\\ud800\"",
                        "\"\\ud83d\\u0041\"",
                        "\"\\u0000\"",
                        "\"\\u001f\"",
                        "\"a\nb\"",
                        "\"a\tb\"",
                        "/* c */1",
                        "1//c",
                        "#1",
                        "<!--1-->",
                        "[\"a\":1]",
                        "{\"a\":[}",
                        "\xef\xbb\xbf[1]",
                        "\"\xc3\"",
                        "\"\xc0\xaf\"",
                        "\"\xed\xa0\x80\"",
                        "\"\xf4\x90\x80\x80\"",
                        "\"\xff\"",
                        "\"\xf0\x9f\x98\"",
                        "\xfe\xff\x00[",
                        "callback([1])",
                        ")]}',[1]",
                        "%PDF-1.7",
                        "GIF89a",
                        "\x1f\x8b\x08",
                        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>",
                        "<script>fetch('http://127.0.0.1:9/')</script>",
                        "HTTP/1.1 200 OK\r\n\r\n{}"};
    list.append(QByteArray("[1]\0", 4));
    list.append(QByteArray("\"a\0b\"", 5));
    list.append(QByteArray("[\0]", 3));
    list.append(QByteArray("\xff\xfe{\0}\0", 6));
    return list;
}

}  // namespace

QByteArray pageOf(const QByteArrayList& rows) {
    return "{\"items\":["_ba + rows.join(',') + "],\"total\":" + QByteArray::number(rows.size()) +
           ",\"page\":1,\"page_size\":200}";
}

QByteArray quoted(const QString& text) {
    const QByteArray list = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

std::vector<HostileBody> brokenBodies() {
    std::vector<HostileBody> bodies;
    int number = 0;
    for (const QByteArray& fragment : fragments()) {
        const QByteArray name = "fragment-" + QByteArray::number(++number);
        bodies.push_back({name, [fragment] { return fragment; }});
        bodies.push_back({name + "-inside", [fragment, name] { return noted(name, fragment); }});
    }
    for (const int depth : {1000, 1023, 1024, 100'000}) {
        const QByteArray name = "depth-" + QByteArray::number(depth);
        bodies.push_back({name, [depth]() -> QByteArray { return QByteArray(depth, '[') + QByteArray(depth, ']'); }});
        bodies.push_back({name + "-open", [depth]() -> QByteArray { return QByteArray(depth, '['); }});
        bodies.push_back({name + "-objects", [depth] { return QByteArray("{\"a\":").repeated(depth); }});
        bodies.push_back(
            {name + "-inside", [depth, name] { return noted(name, QByteArray(depth, '[') + QByteArray(depth, ']')); }});
    }
    bodies.push_back(
        {"duplicate-keys",
         [] { return pageOf({"{\"id\":\"first\",\"id\":\"duplicate-keys\",\"notes\":1,\"notes\":\"last\"}"_ba}); }});
    bodies.push_back({"no-rows-but-objects", [] {
                          return pageOf({"1", "null", "[]", "\"x\"", "{}", "{\"id\":null}"});
                      }});
    bodies.push_back({"too-many-rows", [] { return pageOf(QByteArrayList(10'001, "{\"id\":\"same\"}"_ba)); }});
    return bodies;
}

std::vector<HostileBody> hugeBodies() {
    const auto text = [](qsizetype size) -> QByteArray { return '"' + QByteArray(size, 'w') + '"'; };
    return {
        {"text-10-MiB", [text] { return noted("text-10-MiB"_ba, text(10 * kMiB)); }},
        {"text-100-MiB", [text] { return noted("text-100-MiB"_ba, text(100 * kMiB)); }},
        {"text-of-wide-letters",
         [] { return noted("wide"_ba, '"' + QByteArray("\xe0\xa4\x95").repeated(2 * kMiB) + '"'); }},
        {"escapes-10-MiB",
         [] { return noted("escapes"_ba, '"' + QByteArray("\\u0915").repeated(5 * kMiB / 3) + '"'); }},
        {"id-10-MiB", [] { return pageOf({row(QByteArray(10 * kMiB, 'i'), {})}); }},
        {"number-1-MiB", [] { return noted("number"_ba, QByteArray(kMiB, '9')); }},
        {"key-10-MiB", [] { return pageOf({row("key"_ba, '"' + QByteArray(10 * kMiB, 'k') + "\":1")}); }},
        {"members-300000",
         [] { return pageOf({row("members"_ba, QByteArray("\"m\":1,").repeated(300'000) + "\"n\":2")}); }},
        {"array-3000000", [] { return noted("array"_ba, '[' + QByteArray("1,").repeated(3'000'000) + "1]"); }},
        {"blanks-31-MiB", []() -> QByteArray { return QByteArray(31 * kMiB, ' ') + pageOf({row("blanks"_ba, {})}); }},
        {"rows-31-MiB",
         [] {
             QByteArrayList rows;
             for (int i = 0; i < 9000; ++i) {
                 rows.append(row("full-" + QByteArray::number(i), "\"notes\":\"" + QByteArray(3500, 'n') + '"'));
             }
             return pageOf(rows);
         }},
    };
}

QByteArrayList oddValues() {
    return {"null",
            "true",
            "false",
            "0",
            "-1",
            "3.7",
            "2147483648",
            "9007199254740993",
            "9223372036854775808",
            "1e308",
            "-1e308",
            "\"12\"",
            "\"\"",
            "\" \"",
            "\"true\"",
            "[]",
            "[1]",
            "{}",
            "{\"a\":1}",
            "\"2026-02-30T10:00:00Z\"",
            "\"2026-04-18T24:00:00Z\"",
            "\"2026-06-30T23:59:60Z\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"2026-04-18 10:00\"",
            "1776000000",
            "\"\\u0000\"",
            "\"<img src='file:///etc/passwd'>\""};
}

QStringList naughtyTexts() {
    QStringList texts{u"<img src='file:///etc/passwd'>"_s,
                      u"<img src=\"http://127.0.0.1:9/x.png\">"_s,
                      u"<b>bold</b>"_s,
                      u"<a href=\"javascript:alert(1)\">x</a>"_s,
                      u"<svg onload=alert(1)>"_s,
                      u"<iframe src=file:///etc/shadow></iframe>"_s,
                      u"<link rel=stylesheet href=http://127.0.0.1:9/>"_s,
                      u"&lt;b&gt;"_s,
                      u"&#60;img src=x&#62;"_s,
                      u"<!--"_s,
                      u"]]>"_s,
                      u"{{7*7}}"_s,
                      u"${HOME}"_s,
                      u"$(touch owned)"_s,
                      u"`touch owned`"_s,
                      u"; rm -rf ~"_s,
                      u"| cat /etc/passwd"_s,
                      u"%1 %2 %n %L1"_s,
                      u"%s%s%s%n"_s,
                      u"%00"_s,
                      u"../../etc/passwd"_s,
                      u"file:///etc/passwd"_s,
                      u"\\\\host\\share"_s,
                      u"qrc:/sql/calls/001_begin.sql"_s,
                      u"data:text/html,<script>1</script>"_s,
                      u"javascript:alert(1)"_s,
                      u"C:\\CON"_s,
                      u"' OR 1=1 --"_s,
                      u"'; DROP TABLE calls; --"_s,
                      u"\" OR \"\"=\""_s,
                      u"%' OR '%'='"_s,
                      u"_"_s,
                      u"%"_s,
                      u"*"_s,
                      u"\\"_s,
                      u"a AND b"_s,
                      u"NEAR(a b)"_s,
                      u"\"unclosed"_s,
                      u"(unclosed"_s,
                      u"-"_s,
                      u"OR"_s,
                      u"status:"_s,
                      u"notes:"_s,
                      u"=1+1"_s,
                      u"+91 98 1234"_s,
                      u"-2+3"_s,
                      u"@SUM(A1)"_s,
                      u"\t=1+1"_s,
                      u"=cmd|' /C calc'!A0"_s,
                      u"\r\nX-Injected: 1"_s,
                      u"\x1b[31mred\x1b[0m"_s,
                      u"\x1b]0;title\x07"_s,
                      u"\x9b"
                      u"31m"_s,
                      u"a\bb\bc"_s,
                      u"line\nbreak\r\nagain"_s,
                      u"null"_s,
                      u"undefined"_s,
                      u"NaN"_s,
                      u"true"_s,
                      u"0"_s,
                      u"1e1000"_s,
                      u"0x7f"_s,
                      u"١٢٣"_s,
                      u"１２３"_s,
                      u"Ω≈ç√∫˜µ≤≥÷"_s,
                      u"田中さんにあげて下さい"_s,
                      u"사회과학원"_s,
                      u"הָיְתָה"_s,
                      u"مُنَاقَشَةُ"_s,
                      u"हिन्दी क्षेत्रीय"_s,
                      u"ﷺ"_s,
                      u"👩‍👩‍👧‍👦🏳️‍🌈"_s,
                      u"İıſKß"_s,
                      u"ﬀﬁﬂ"_s,
                      u"\u202Egnp.exe"_s,
                      u"a\u202Db\u202Cc"_s,
                      u"\u2066left\u2069"_s,
                      u"\u2067right"_s,
                      u"zero\u200Bwidth\u200D\uFEFF"_s,
                      u"soft\u00ADhyphen"_s,
                      u"\u00A0\u2003\u3000"_s,
                      u"\u2028\u2029"_s,
                      u"\uFFFE\uFFFF"_s,
                      u"\uE000\uF8FF"_s,
                      u"\u0301alone"_s};
    texts.append(u"Z"_s + QString(2000, QChar(0x0336)));
    texts.append(QString(300, QChar(0x202E)));
    texts.append(u"very long "_s.repeated(2000));
    texts.append(QString(20'000, u'W'));
    return texts;
}

QStringList oddIds() {
    return {u"a/b"_s,
            u".."_s,
            u"."_s,
            u"../../etc/passwd"_s,
            u"/etc/passwd"_s,
            u"%2e%2e%2f"_s,
            u"100%"_s,
            u"%00"_s,
            u"a?b=c"_s,
            u"a#b"_s,
            u"a b"_s,
            u"a+b"_s,
            u"a\\b"_s,
            u"a:b@c"_s,
            u"file:///etc/passwd"_s,
            u"-rf"_s,
            u"--help"_s,
            u"0"_s,
            u"00"_s,
            u"null"_s,
            u"A"_s,
            u"é"_s,
            u"e\u0301"_s,
            u"\u202Eid"_s,
            u"'; DROP TABLE calls; --"_s,
            u"<b>id</b>"_s,
            u"line\nbreak"_s,
            u"tab\tid"_s,
            u"日本"_s,
            u"👩"_s,
            QString(QChar(0)) + u"nul"_s,
            QString(4096, u'i')};
}

QStringList hostileLinks(int port) {
    QStringList links{u"file:///etc/passwd"_s,
                      u"FILE:/etc/passwd"_s,
                      u"file://localhost/etc/passwd"_s,
                      u"/etc/passwd"_s,
                      u"//127.0.0.1/a"_s,
                      u"qrc:/sql/calls/001_begin.sql"_s,
                      u":/sql/calls/001_begin.sql"_s,
                      u"data:audio/wav;base64,UklGRg=="_s,
                      u"smb://host/share/a.wav"_s,
                      u"\\\\host\\share\\a.wav"_s,
                      u"javascript:alert(1)"_s,
                      u"concat:/etc/passwd|/etc/hostname"_s,
                      u"subfile,,start,0,end,9,,:/etc/passwd"_s,
                      u"pipe:0"_s,
                      u"tcp://127.0.0.1:%1"_s,
                      u"ftp://127.0.0.1:%1/a.wav"_s,
                      u"http://127.0.0.1:%1/a.wav"_s,
                      u"http://media.example.test/a.wav"_s,
                      u"https://127.0.0.1:%1/a.wav"_s,
                      u"https://127.1:%1/a.wav"_s,
                      u"https://2130706433:%1/a.wav"_s,
                      u"https://0x7f.1:%1/a.wav"_s,
                      u"https://0177.0.0.1:%1/a.wav"_s,
                      u"https://0:%1/a.wav"_s,
                      u"https://0.0.0.0:%1/a.wav"_s,
                      u"https://[::1]:%1/a.wav"_s,
                      u"https://[::ffff:127.0.0.1]:%1/a.wav"_s,
                      u"https://[::127.0.0.1]:%1/a.wav"_s,
                      u"https://localhost:%1/a.wav"_s,
                      u"https://LOCALHOST:%1/a.wav"_s,
                      u"https://localhost.:%1/a.wav"_s,
                      u"https://10.0.0.7/a.wav"_s,
                      u"https://172.16.0.1/a.wav"_s,
                      u"https://192.168.1.1/a.wav"_s,
                      u"https://169.254.169.254/latest/meta-data"_s,
                      u"https://[fe80::1]/a.wav"_s,
                      u"https://[fd00::1]/a.wav"_s,
                      u"https://100.64.0.1/a.wav"_s,
                      u"https://[64:ff9b::7f00:1]/a.wav"_s,
                      u"https://user@127.0.0.1:%1/a.wav"_s,
                      u"https://media.example.test@127.0.0.1:%1/a.wav"_s,
                      u"https://127.0.0.1:%1\\@media.example.test/a.wav"_s,
                      u"https:127.0.0.1:%1/a.wav"_s,
                      u"https:///a.wav"_s,
                      u"https://"_s,
                      u"a.wav"_s,
                      u"https://exa mple.test/a"_s};
    for (QString& link : links) {
        link = link.contains(u"%1"_s) ? link.arg(port) : link;
    }
    return links;
}

}  // namespace earmark::test
