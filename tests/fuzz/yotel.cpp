// Answers of Yotel: a page, one call, the campaigns, the body of an error. Whole or not at all, the same twice, and
// nothing that storage or screen could not hold.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/domain/textfold.h"
#include "models/providers/readdialect.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

namespace {

bool isWholeText(const QString& text) {
    return QString::fromUtf8(text.toUtf8()) == text;
}

void checkCall(const Call& call, const QByteArray& body) {
    EARMARK_LAW(!call.key.remoteId.isEmpty(), body);
    EARMARK_LAW(call.key.account == QStringLiteral("main"), body);
    const auto back = callKeyFromText(toText(call.key));
    EARMARK_LAW(back && *back == call.key, body);
    for (const auto& text : {call.summary, call.notes, call.disposition, call.campaignName, call.recordingUrl}) {
        EARMARK_LAW(!text || isWholeText(*text), body);
    }
    for (const auto& seconds : {call.ringSeconds, call.talkSeconds, call.totalSeconds}) {
        EARMARK_LAW(!seconds || (*seconds >= -1e9 && *seconds <= 1e9), body);
    }
    for (const auto& error : call.fieldErrors) {
        EARMARK_LAW(!error.path.isEmpty() && !error.problem.isEmpty() && error.problem.size() <= 210, body);
    }
    QJsonParseError trouble;
    const QJsonDocument raw = QJsonDocument::fromJson(call.raw, &trouble);
    EARMARK_LAW(trouble.error == QJsonParseError::NoError && raw.isObject(), body);
}

void checkError(const Error& error, const QByteArray& body) {
    EARMARK_LAW(error.message.size() <= 1000 && error.detail.size() <= 1000, body);
    EARMARK_LAW(!errorText(error).isEmpty(), body);
}

void page(const ReadDialect& dialect, const Account& account, const QByteArray& body) {
    const auto page = dialect.parsePage(account, body);
    if (!page) {
        checkError(page.error(), body);
        return;
    }
    // A byte order mark is the one thing the parser is told to overlook.
    const QByteArray plain = body.startsWith("\xef\xbb\xbf") ? body.mid(3) : body;
    EARMARK_LAW(!QJsonDocument::fromJson(plain).isNull(), body);
    EARMARK_LAW(page->rejectedRows >= 0 && page->rejections.size() <= 20, body);
    EARMARK_LAW(!page->total || *page->total >= 0, body);
    for (const Call& call : page->calls) {
        checkCall(call, body);
    }
    const auto again = dialect.parsePage(account, body);
    EARMARK_LAW(again && again->calls.size() == page->calls.size(), body);
    for (size_t i = 0; i < page->calls.size(); ++i) {
        EARMARK_LAW(again->calls[i].key == page->calls[i].key && again->calls[i].raw == page->calls[i].raw, body);
        EARMARK_LAW(!dialect.callUrl(account, page->calls[i].key.remoteId).toString().contains(u'\n'), body);
    }
}

}  // namespace

void yotel(const QByteArray& input) {
    if (input.isEmpty()) {
        return;
    }
    static const std::shared_ptr<const ReadDialect> dialect = readDialectFor(Provider::Yotel);
    static const Account account{QStringLiteral("main"), Provider::Yotel, QUrl(QStringLiteral("https://a.example/api")),
                                 QStringLiteral("Europe/Berlin")};
    // From ordinary letters, so that seeds can be written by hand: p(age), c(all), l(ist of campaigns), e(rror).
    const QByteArray body = input.mid(1);
    switch (input.front()) {
        case 'c': {
            const auto call = dialect->parseCall(account, body);
            call ? checkCall(*call, body) : checkError(call.error(), body);
            return;
        }
        case 'l': {
            const auto campaigns = dialect->parseCampaigns(account, body);
            if (!campaigns) {
                checkError(campaigns.error(), body);
                return;
            }
            for (const NamedEntry& campaign : campaigns->entries) {
                EARMARK_LAW(!campaign.id.isEmpty(), body);
                CallList list;
                list.campaignId = campaign.id;
                const QUrl url = dialect->callsPageUrl(account, list, 1);
                EARMARK_LAW(url.isEmpty() || url.host() == QStringLiteral("a.example"), body);
                EARMARK_LAW(url.isEmpty() || url.path(QUrl::FullyEncoded).count(u'/') == 4, body);
            }
            return;
        }
        case 'e': {
            const int status = 100 + (body.isEmpty() ? 0 : static_cast<unsigned char>(body.front()) * 2);
            checkError(dialect->parseError(status, body), body);
            return;
        }
        default:
            page(*dialect, account, body);
    }
}

}  // namespace earmark::fuzz
