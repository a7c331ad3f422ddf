#include "tests/fuzz/dialects.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/domain/textfold.h"
#include "models/providers/readdialect.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

namespace {

struct Reading {
    const ReadDialect& dialect;
    const Account& account;
    const QByteArray& body;
};

bool isWholeText(const QString& text) {
    return QString::fromUtf8(text.toUtf8()) == text;
}

void checkError(const Error& error, const QByteArray& body) {
    EARMARK_LAW(error.message.size() <= 1000 && error.detail.size() <= 1000, body);
    EARMARK_LAW(!errorText(error).isEmpty(), body);
}

void checkDetails(const Reading& reading, const Call& call) {
    const CallDetails details = reading.dialect.details(reading.account, call);
    EARMARK_LAW(details == reading.dialect.details(reading.account, call), reading.body);
    EARMARK_LAW(details.transcript.empty() || call.hasTranscript == true, reading.body);
    for (const Turn& turn : details.transcript) {
        EARMARK_LAW(isWholeText(turn.text) && isWholeText(turn.speakerRaw), reading.body);
        EARMARK_LAW(!turn.offset || (turn.offset->count() >= 0 && turn.at), reading.body);
        EARMARK_LAW(!turn.duration || turn.duration->count() >= 0, reading.body);
        EARMARK_LAW(!turn.isEstimated || turn.offset, reading.body);
        EARMARK_LAW(turn.tool.has_value() == (turn.kind == TurnKind::ToolCall), reading.body);
    }
    for (const Metric& metric : details.metrics) {
        EARMARK_LAW(isWholeText(metric.name) && (!metric.value || isWholeText(*metric.value)), reading.body);
    }
    for (const Variable& variable : details.variables) {
        EARMARK_LAW(isWholeText(variable.name) && (!variable.value || isWholeText(*variable.value)), reading.body);
    }
    for (const OtherValue& other : details.others) {
        EARMARK_LAW(isWholeText(other.name) && isWholeText(other.value), reading.body);
    }
    if (details.webhookAnswer) {
        EARMARK_LAW(!QJsonDocument::fromJson('[' + *details.webhookAnswer + ']').isNull(), reading.body);
    }
}

void checkCall(const Reading& reading, const Call& call) {
    const QByteArray& body = reading.body;
    EARMARK_LAW(!call.key.remoteId.isEmpty(), body);
    EARMARK_LAW(call.key.account == reading.account.name && call.provider == reading.account.provider, body);
    const auto back = callKeyFromText(toText(call.key));
    EARMARK_LAW(back && *back == call.key, body);
    for (const auto& text : {call.summary, call.notes, call.disposition, call.campaignName, call.agentName,
                             call.transcriptText, call.sentiment, call.nextAction, call.recordingUrl}) {
        EARMARK_LAW(!text || isWholeText(*text), body);
    }
    for (const auto& seconds : {call.ringSeconds, call.talkSeconds, call.totalSeconds}) {
        EARMARK_LAW(!seconds || (*seconds >= -1e9 && *seconds <= 1e9), body);
    }
    for (const QString& tag : call.tags) {
        EARMARK_LAW(isWholeText(tag), body);
    }
    for (const auto& error : call.fieldErrors) {
        EARMARK_LAW(!error.path.isEmpty() && !error.problem.isEmpty() && error.problem.size() <= 210, body);
    }
    EARMARK_LAW(!call.transcriptText || call.hasTranscript == true, body);
    QJsonParseError trouble;
    const QJsonDocument raw =
        QJsonDocument::fromJson(call.part == CallPart::Detail ? call.rawDetail : call.raw, &trouble);
    EARMARK_LAW(trouble.error == QJsonParseError::NoError && raw.isObject(), body);
    checkDetails(reading, call);
}

void checkUrl(const QUrl& url, const QByteArray& body) {
    EARMARK_LAW(url.isEmpty() || url.host() == QStringLiteral("a.example"), body);
    EARMARK_LAW(!url.toString().contains(u'\n'), body);
}

void page(const Reading& reading, const Result<CallPage>& page) {
    const QByteArray& body = reading.body;
    if (!page) {
        checkError(page.error(), body);
        return;
    }
    // A byte order mark is the one thing the parser is told to overlook.
    const QByteArray plain = body.startsWith("\xef\xbb\xbf") ? body.mid(3) : body;
    EARMARK_LAW(!QJsonDocument::fromJson(plain).isNull(), body);
    EARMARK_LAW(page->rejectedRows >= 0 && page->rejections.size() <= 20, body);
    EARMARK_LAW(!page->total || *page->total >= 0, body);
    EARMARK_LAW(!page->page || *page->page >= 1, body);
    for (const Call& call : page->calls) {
        checkCall(reading, call);
        checkUrl(reading.dialect.callUrl(reading.account, call.key.remoteId), body);
        checkUrl(reading.dialect.recordingUrl(reading.account, call.key.remoteId), body);
    }
}

void pageTwice(const Reading& reading) {
    const auto first = reading.dialect.parsePage(reading.account, reading.body);
    page(reading, first);
    if (!first) {
        return;
    }
    const auto again = reading.dialect.parsePage(reading.account, reading.body);
    EARMARK_LAW(again && again->calls.size() == first->calls.size(), reading.body);
    for (size_t i = 0; i < first->calls.size(); ++i) {
        EARMARK_LAW(again->calls[i].key == first->calls[i].key && again->calls[i].raw == first->calls[i].raw,
                    reading.body);
    }
}

void names(const Reading& reading, const Result<NameList>& names) {
    if (!names) {
        checkError(names.error(), reading.body);
        return;
    }
    CallScope scope;
    for (const NamedEntry& entry : names->entries) {
        EARMARK_LAW(!entry.id.isEmpty() && isWholeText(entry.name), reading.body);
        scope.campaigns = {entry.id};
        scope.agents = {entry.id};
        for (const CallList& list : reading.dialect.lists(reading.account, scope, names->entries, {})) {
            const QUrl url = reading.dialect.callsPageUrl(reading.account, list, 1);
            checkUrl(url, reading.body);
            EARMARK_LAW(url.isEmpty() || url.path(QUrl::FullyEncoded).count(u'/') <= 4, reading.body);
        }
    }
}

void text(const Reading& reading, const Result<QString>& result) {
    if (result) {
        EARMARK_LAW(isWholeText(*result), reading.body);
    } else {
        checkError(result.error(), reading.body);
    }
}

void error(const Reading& reading) {
    const auto first = static_cast<unsigned char>(reading.body.isEmpty() ? '\0' : reading.body.front());
    checkError(reading.dialect.parseError(100 + first * 2, reading.body), reading.body);
}

}  // namespace

void answersOf(Provider provider, const QByteArray& input) {
    if (input.isEmpty()) {
        return;
    }
    const std::shared_ptr<const ReadDialect> dialect = readDialectFor(provider);
    Account account;
    account.name = QStringLiteral("main");
    account.provider = provider;
    account.baseUrl = QUrl(QStringLiteral("https://a.example/api"));
    account.assumedZone = QStringLiteral("Europe/Berlin");
    const QByteArray body = input.mid(1);
    const Reading reading{*dialect, account, body};
    switch (input.front()) {
        case 'c': {
            const auto call = dialect->parseCall(account, body);
            call ? checkCall(reading, *call) : checkError(call.error(), body);
            return;
        }
        case 'l':
            names(reading, dialect->parseCampaigns(account, body));
            return;
        case 'a':
            names(reading, dialect->parseAgents(account, body));
            return;
        case 's':
            page(reading, dialect->parseSearch(account, body));
            return;
        case 't':
            text(reading, dialect->parseTest(account, body));
            return;
        case 'r':
            text(reading, dialect->parseRecordingLink(body));
            return;
        case 'e':
            error(reading);
            return;
        default:
            pageTwice(reading);
    }
}

}  // namespace earmark::fuzz
