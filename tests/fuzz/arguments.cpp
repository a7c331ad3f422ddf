// Command lines, one word per line: nothing is invented, and every value is one of the words.
#include "app/commandline/arguments.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

namespace {

using Kind = OptionSpec::Kind;
constexpr OptionSpec kOptions[] = {{"json"}, {"filter", Kind::Value, "EXPR"}, {"call", Kind::Repeated, "ID"}};

}  // namespace

void arguments(const QByteArray& input) {
    if (input.size() > 1000) {
        return;
    }
    const QStringList words = QString::fromUtf8(input).split(u'\n');
    for (const int most : {-1, 0, 2}) {
        const CommandSpec spec{"list", "[--json]", "lists", kOptions, 0, most};
        const auto parsed = Arguments::parse(spec, words);
        if (!parsed) {
            EARMARK_LAW(!parsed.error().isEmpty() && parsed.error().size() < 300, input);
            continue;
        }
        qsizetype seen = parsed->positional().size();
        EARMARK_LAW(most < 0 || seen <= most, input);
        for (const QString& word : parsed->positional()) {
            EARMARK_LAW(words.contains(word), input);
        }
        for (const char* name : {"filter", "call"}) {
            for (const QString& value : parsed->values(name)) {
                const QString joined = QStringLiteral("--") + QLatin1StringView(name) + u'=' + value;
                EARMARK_LAW(words.contains(value) || words.contains(joined), input);
            }
            seen += parsed->values(name).size();
        }
        EARMARK_LAW(seen <= words.size(), input);
    }
}

}  // namespace earmark::fuzz
