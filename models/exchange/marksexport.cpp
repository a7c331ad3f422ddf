#include "models/exchange/marksexport.h"

#include <algorithm>

namespace earmark {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kCueLength{2000};  ///< a cue of WebVTT has to last; a mark is a moment

/// A label is one line in both formats; what could end it, or the file, becomes a blank.
QString asLine(const QString& text) {
    QString line = text;
    for (QChar& c : line) {
        const bool ends = c.category() == QChar::Other_Control || c.category() == QChar::Separator_Line ||
                          c.category() == QChar::Separator_Paragraph;
        if (ends) {
            c = u' ';
        }
    }
    return line.trimmed();
}

/// A mark without a word is told by its number: a label without text is none for most programs.
QString labelOf(const CallMark& mark, int number) {
    const QString kind = asLine(mark.kind);
    const QString text = asLine(mark.text);
    const QString prefix = kind.isEmpty() ? QString() : u'[' + kind + u']';
    if (prefix.isEmpty() && text.isEmpty()) {
        return u"Mark %1"_s.arg(number);
    }
    return text.isEmpty() ? prefix : prefix.isEmpty() ? text : prefix + u' ' + text;
}

/// Never by a locale: these files are read by programs.
QByteArray secondsText(milliseconds at) {
    const qint64 count = std::max<qint64>(0, at.count());
    return QByteArray::number(count / 1000) + '.' + QByteArray::number(count % 1000).rightJustified(3, '0') + "000";
}

QByteArray vttTime(milliseconds at) {
    const qint64 count = std::max<qint64>(0, at.count());
    const auto part = [](qint64 number, int digits) { return QByteArray::number(number).rightJustified(digits, '0'); };
    return part(count / 3'600'000, 2) + ':' + part(count / 60'000 % 60, 2) + ':' + part(count / 1000 % 60, 2) + '.' +
           part(count % 1000, 3);
}

/// With '>' escaped no text holds an arrow, which would begin another cue.
QString vttEscaped(QString text) {
    return text.replace(u'&', "&amp;"_L1).replace(u'<', "&lt;"_L1).replace(u'>', "&gt;"_L1);
}

QByteArray audacityText(const CallMarks& marks) {
    QByteArray file;
    int number = 0;
    for (const CallMark& mark : marks) {
        const QByteArray at = secondsText(mark.at);
        file += at + '\t' + at + '\t' + labelOf(mark, ++number).toUtf8() + '\n';
    }
    return file;
}

QByteArray vttText(const CallMarks& marks) {
    QByteArray file("WEBVTT\n");
    int number = 0;
    for (const CallMark& mark : marks) {
        const QString payload = labelOf(mark, ++number);
        file += '\n' + QByteArray::number(number) + '\n' + vttTime(mark.at) + " --> " + vttTime(mark.at + kCueLength) +
                '\n' + vttEscaped(payload).toUtf8() + '\n';
    }
    return file;
}

}  // namespace

QString fileEnding(MarksFormat format) {
    switch (format) {
        case MarksFormat::AudacityLabels:
            return u"txt"_s;
        case MarksFormat::WebVtt:
            return u"vtt"_s;
    }
    return {};
}

QByteArray marksText(CallMarks marks, MarksFormat format) {
    std::stable_sort(marks.begin(), marks.end(), [](const CallMark& a, const CallMark& b) { return a.at < b.at; });
    switch (format) {
        case MarksFormat::AudacityLabels:
            return audacityText(marks);
        case MarksFormat::WebVtt:
            return vttText(marks);
    }
    return {};
}

}  // namespace earmark
