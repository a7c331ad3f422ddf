#include "models/domain/textfold.h"

#include <algorithm>
#include <array>

namespace earmark {

namespace {

constexpr char32_t kZeroWidthSpace = 0x200b;
/// Longer runs of marks are no writing; cutting them keeps the sorting of marks in normalisation from growing
/// quadratic.
constexpr int kMostMarksInARun = 16;

struct Range {
    char32_t first;
    char32_t last;
};

/// Marks that people leave out when they type: accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel marks
/// and variation selectors. Vowel signs, nukta and virama of the Indic scripts, Thai vowels and Japanese voicing marks
/// are letters to their readers and stay.
constexpr std::array
    kDroppedMarks{
        Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd}, Range{0x05bf, 0x05bf},
        Range{0x05c1, 0x05c2}, Range{0x05c4, 0x05c5}, Range{0x05c7, 0x05c7}, Range{0x0610, 0x061a},
        Range{0x0640, 0x0640},  // tatweel stretches only
        Range{0x064b, 0x065f}, Range{0x0670, 0x0670}, Range{0x06d6, 0x06dc}, Range{0x06df, 0x06e4},
        Range{0x06e7, 0x06e8}, Range{0x06ea, 0x06ed}, Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff},
        Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0xe0100, 0xe01ef},
    };

bool isDroppedMark(char32_t codePoint) {
    if (codePoint < kDroppedMarks.front().first) {
        return false;
    }
    return std::any_of(kDroppedMarks.begin(), kDroppedMarks.end(),
                       [codePoint](const Range& range) { return codePoint >= range.first && codePoint <= range.last; });
}

struct Replacement {
    char32_t from;
    const char* to;
};

/// Letters whose stroke or joining has no decomposition in Unicode, but which people type with the plain letter.
constexpr std::array kPlainLetters{
    Replacement{0x00df, "ss"}, Replacement{0x00e6, "ae"}, Replacement{0x00f0, "d"}, Replacement{0x00f8, "o"},
    Replacement{0x0111, "d"},  Replacement{0x0127, "h"},  Replacement{0x0131, "i"}, Replacement{0x0142, "l"},
    Replacement{0x0153, "oe"}, Replacement{0x0167, "t"},
};

void appendCodePoint(QString& text, char32_t codePoint) {
    if (QChar::requiresSurrogates(codePoint)) {
        text += QChar(QChar::highSurrogate(codePoint));
        text += QChar(QChar::lowSurrogate(codePoint));
    } else {
        text += QChar(static_cast<char16_t>(codePoint));
    }
}

/// The code point at `i` and a step past it; a lone surrogate comes back as itself.
char32_t nextCodePoint(QStringView text, qsizetype& i) {
    const QChar c = text[i++];
    if (c.isHighSurrogate() && i < text.size() && text[i].isLowSurrogate()) {
        return QChar::surrogateToUcs4(c, text[i++]);
    }
    return c.unicode();
}

bool isMark(char32_t codePoint) {
    const auto category = QChar::category(codePoint);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_SpacingCombining ||
           category == QChar::Mark_Enclosing;
}

QString withoutDropped(QStringView text) {
    QString result;
    result.reserve(text.size());
    int marks = 0;
    for (qsizetype i = 0; i < text.size();) {
        const char32_t codePoint = nextCodePoint(text, i);
        if (codePoint == kZeroWidthSpace) {
            result += u' ';
            marks = 0;
        } else if (isDroppedMark(codePoint) || QChar::category(codePoint) == QChar::Other_Format) {
            continue;  // joiners, soft hyphens, bidi controls: the same word with and without
        } else if (isMark(codePoint)) {
            if (++marks <= kMostMarksInARun) {
                appendCodePoint(result, codePoint);
            }
        } else {
            marks = 0;
            appendCodePoint(result, codePoint);
        }
    }
    return result;
}

QString withPlainLetters(const QString& text) {
    QString result;
    result.reserve(text.size());
    for (const QChar c : text) {
        const auto* found = std::find_if(kPlainLetters.begin(), kPlainLetters.end(),
                                         [c](const Replacement& entry) { return entry.from == c.unicode(); });
        if (found == kPlainLetters.end()) {
            result += c;
        } else {
            result += QLatin1StringView(found->to);
        }
    }
    return result;
}

bool isAscii(QStringView text) {
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
}

bool isWordPart(char32_t codePoint) {
    return QChar::isLetterOrNumber(codePoint) || isMark(codePoint);
}

bool isLineBreak(char32_t codePoint) {
    return codePoint == u'\n' || codePoint == u'\r' || codePoint == 0x0b || codePoint == 0x0c || codePoint == 0x85 ||
           codePoint == 0x2028 || codePoint == 0x2029;
}

/// Characters that would change how the text around them is read, or that Qt's text engine takes for its own marks.
bool isTreacherous(char32_t c) {
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0x80 && c <= 0x9f) || (c >= 0xfdd0 && c <= 0xfdef) || c == 0xfffc || (c & 0xfffe) == 0xfffe ||
           c == 0xfeff || (c >= 0x206a && c <= 0x206f) || (c >= 0xfff9 && c <= 0xfffb);
}

/// One code point made safe; line breaks and tabs are the caller's business.
QString shownCodePoint(char32_t codePoint) {
    if (codePoint < 0x20) {
        return QChar(static_cast<char16_t>(0x2400 + codePoint));
    }
    if (codePoint == 0x7f) {
        return QChar(u'\u2421');
    }
    if (isTreacherous(codePoint)) {
        return QString::asprintf("<U+%04X>", static_cast<unsigned>(codePoint));
    }
    QString text;
    appendCodePoint(text, QChar::isSurrogate(codePoint) ? char32_t(QChar::ReplacementCharacter) : codePoint);
    return text;
}

/// One code point made safe, and in place of the marks on one letter from the 17th on their number: no writing has such
/// a run, laying it out takes time in its square, and it would cover the lines around. `marks` counts along.
QString shownNext(QStringView text, qsizetype& i, char32_t codePoint, int& marks) {
    if (codePoint < 0x300 || !isMark(codePoint)) {
        marks = 0;
        return shownCodePoint(codePoint);
    }
    if (++marks <= kMostMarksInARun) {
        return shownCodePoint(codePoint);
    }
    long long leftOut = 1;
    for (qsizetype after = i; after < text.size() && isMark(nextCodePoint(text, after)); ++leftOut) {
        i = after;
    }
    marks = 0;
    return QString::asprintf("<+%lld marks>", leftOut);
}

/// CR LF counts as one break.
void skipLineFeedOfPair(QStringView text, char32_t codePoint, qsizetype& i) {
    if (codePoint == u'\r' && i < text.size() && text[i] == u'\n') {
        ++i;
    }
}

}  // namespace

QString foldedText(QStringView text) {
    if (isAscii(text)) {
        QString result(text.size(), Qt::Uninitialized);
        std::transform(text.begin(), text.end(), result.begin(), [](QChar c) {
            return c >= u'A' && c <= u'Z' ? QChar(static_cast<char16_t>(c.unicode() + 32)) : c;
        });
        return result;
    }
    // Marks go before folding (U+0345 folds to a letter) and again after decomposition has set more of them free.
    const QString decomposed = withoutDropped(text).normalized(QString::NormalizationForm_KD);
    const QString folded = withPlainLetters(withoutDropped(decomposed).toCaseFolded());
    // Composed again, so that Hangul and Indic letters stand as one and prefixes are prefixes for their readers.
    return withoutDropped(folded.normalized(QString::NormalizationForm_KD)).normalized(QString::NormalizationForm_C);
}

QStringList foldedWords(QStringView text) {
    const QString folded = foldedText(text);
    QStringList words;
    qsizetype begin = -1;
    for (qsizetype i = 0; i < folded.size();) {
        const qsizetype at = i;
        const bool inWord = isWordPart(nextCodePoint(folded, i));
        if (inWord && begin < 0) {
            begin = at;
        } else if (!inWord && begin >= 0) {
            words += folded.mid(begin, at - begin);
            begin = -1;
        }
    }
    if (begin >= 0) {
        words += folded.mid(begin);
    }
    return words;
}

QString shownText(QStringView text, qsizetype limit) {
    if (limit <= 0) {
        return {};
    }
    QString result;
    result.reserve(std::min(text.size(), limit));
    int marks = 0;
    for (qsizetype i = 0; i < text.size();) {
        const char32_t codePoint = nextCodePoint(text, i);
        QString piece;
        if (isLineBreak(codePoint) || codePoint == u'\t') {
            skipLineFeedOfPair(text, codePoint, i);
            piece = u' ';
        } else {
            piece = shownNext(text, i, codePoint, marks);
        }
        const qsizetype roomForRest = i < text.size() ? 1 : 0;  // the mark that says there is more
        if (result.size() + piece.size() + roomForRest > limit) {
            return result + u'\u2026';
        }
        result += piece;
    }
    return result;
}

QString shownParagraphs(QStringView text) {
    QString result;
    result.reserve(text.size());
    int marks = 0;
    for (qsizetype i = 0; i < text.size();) {
        const char32_t codePoint = nextCodePoint(text, i);
        if (isLineBreak(codePoint)) {
            skipLineFeedOfPair(text, codePoint, i);
            result += u'\n';
        } else if (codePoint == u'\t') {
            result += u'\t';
        } else {
            result += shownNext(text, i, codePoint, marks);
        }
    }
    return result;
}

QString isolated(QStringView text) {
    return u'\u2068' + shownText(text) + u'\u2069';
}

}  // namespace earmark
