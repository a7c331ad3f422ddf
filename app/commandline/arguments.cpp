#include "app/commandline/arguments.h"

#include <QCoreApplication>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

const OptionSpec* find(const CommandSpec& spec, const QString& name) {
    for (const OptionSpec& option : spec.options) {
        if (name == QLatin1StringView(option.name)) {
            return &option;
        }
    }
    return nullptr;
}

/// "--json" after "--call" is the next option of a forgotten value, not a call. A text that begins like this can be
/// given as --notes=--json.
bool isAnOption(const CommandSpec& spec, const QString& word) {
    const QString name = word.startsWith(u"--"_s) ? word.mid(2).section(u'=', 0, 0) : QString();
    return name == u"profile"_s || find(spec, name) != nullptr;
}

}  // namespace

QString Arguments::value(const char* option, const QString& fallback) const {
    const QStringList all = values(option);
    return all.isEmpty() ? fallback : all.last();
}

tl::expected<Arguments, QString> Arguments::parse(const CommandSpec& spec, const QStringList& words) {
    Arguments result;
    bool optionsEnded = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString& word = words.at(i);
        if (optionsEnded || !word.startsWith(u'-') || word.size() < 2) {
            result.m_positional.append(word);
            continue;
        }
        if (word == u"--"_s) {
            optionsEnded = true;
            continue;
        }
        const qsizetype equals = word.indexOf(u'=');
        const QString name = word.startsWith(u"--"_s) ? word.mid(2, equals < 0 ? -1 : equals - 2) : QString();
        const OptionSpec* option = find(spec, name);
        if (option == nullptr) {
            return tl::unexpected(
                Text::tr("There is no option %1 here.").arg(shownText(equals < 0 ? word : word.left(equals), 80)));
        }
        QStringList& values = result.m_values[name];
        if (option->kind == OptionSpec::Kind::Flag) {
            if (equals >= 0) {
                return tl::unexpected(Text::tr("The option --%1 takes no value.").arg(name));
            }
            continue;
        }
        if (!values.isEmpty() && option->kind == OptionSpec::Kind::Value) {
            return tl::unexpected(Text::tr("The option --%1 is given twice.").arg(name));
        }
        if (equals < 0 && i + 1 >= words.size()) {
            return tl::unexpected(Text::tr("The option --%1 needs a value.").arg(name));
        }
        if (equals < 0 && isAnOption(spec, words.at(i + 1))) {
            return tl::unexpected(
                Text::tr(
                    "The option --%1 needs a value, and %2 is an option; a text that is meant to begin like this is "
                    "written --%1=%2.")
                    .arg(name, shownText(words.at(i + 1), 80)));
        }
        values.append(equals >= 0 ? word.mid(equals + 1) : words.at(++i));
    }
    if (result.m_positional.size() < spec.fewest) {
        return tl::unexpected(Text::tr("Something is missing after “%1”.").arg(QLatin1StringView(spec.name)));
    }
    if (spec.most >= 0 && result.m_positional.size() > spec.most) {
        return tl::unexpected(
            Text::tr("“%1” is one argument too many.").arg(shownText(result.m_positional.at(spec.most), 80)));
    }
    return result;
}

}  // namespace earmark
