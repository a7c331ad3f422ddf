#include "models/sync/accountcheck.h"

#include <QCoreApplication>
#include <QLocale>
#include <array>

#include "models/domain/textfold.h"
#include "models/domain/wordtable.h"
#include "models/sync/accountpaces.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostWho = 120;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(AccountCheck)
};

constexpr std::array kWords{"name", "connection", "certificate", "key", "right", "address", "busy", "other"};
static_assert(kWords.size() == size_t(AccountTrouble::Other) + 1);

/// What happened, in the provider's or the network's own words where they said something.
QString said(const Error& error) {
    const QString message = error.message.trimmed();
    return message.isEmpty() || QStringView(u".!?").contains(message.back()) ? message : message + u'.';
}

QString troubleText(const Account& account, const Error& error) {
    const QString provider = providerName(account.provider);
    const QString host = shownText(account.baseUrl.host(), 80);
    const QString address = shownText(account.baseUrl.toString(QUrl::FullyEncoded), 200);
    switch (troubleOf(error)) {
        case AccountTrouble::Name:
            return Text::tr(
                       "The name %1 was not found. Check the address for a typing error, and whether this "
                       "computer is online.")
                .arg(host);
        case AccountTrouble::Connection:
            return Text::tr(
                       "The server was not reached: %1 Check the address and its port, and whether this network "
                       "lets the connection through.")
                .arg(said(error));
        case AccountTrouble::Certificate:
            return Text::tr(
                       "The connection to %1 is not safe, so the key was not sent: %2 Check the address and this "
                       "computer's date, or ask your network administrator.")
                .arg(host, said(error));
        case AccountTrouble::Key:
            return error.kind == ErrorKind::NoKey
                       ? errorText(error)
                       : Text::tr("The key is wrong. %1 Enter a valid key of %2.").arg(said(error), provider);
        case AccountTrouble::Right:
            return Text::tr("The key lacks a right. %1 Ask the administrator at %2 for a key that may read calls.")
                .arg(said(error), provider);
        case AccountTrouble::Address:
            return Text::tr(
                       "The address seems wrong: what answers at %1 is not the interface of %2. %3 The usual "
                       "address is %4.")
                .arg(address, provider, said(error), defaultBaseUrl(account.provider).toString());
        case AccountTrouble::Busy:
        case AccountTrouble::Other:
            return errorText(error);
    }
    return errorText(error);
}

QString worksText(const AccountFindings& findings) {
    const QString who = shownText(findings.who, kMostWho);
    const QString whose = who.isEmpty() ? QString() : Text::tr("The key belongs to %1.").arg(isolated(who));
    QString works = Text::tr("Works.");
    if (findings.campaigns == 0) {
        works = Text::tr("Works, but this key sees no campaign.");
    } else if (findings.campaigns == 1 && !findings.moreCampaigns) {
        works = Text::tr("Works: 1 campaign.");
    } else if (findings.campaigns) {
        const QString number = QLocale().toString(*findings.campaigns);
        works = findings.moreCampaigns ? Text::tr("Works: %1 campaigns and more.").arg(number)
                                       : Text::tr("Works: %1 campaigns.").arg(number);
    }
    return whose.isEmpty() ? works : works + u' ' + whose;
}

}  // namespace

QString word(AccountTrouble trouble) {
    return QLatin1StringView(kWords[size_t(trouble)]);
}

AccountTrouble troubleOf(const Error& error) {
    switch (error.kind) {
        case ErrorKind::Offline:
            return error.code == "net_name"_L1 ? AccountTrouble::Name : AccountTrouble::Connection;
        case ErrorKind::Timeout:
            return AccountTrouble::Connection;
        case ErrorKind::Tls:
            return AccountTrouble::Certificate;
        case ErrorKind::Unauthorized:
        case ErrorKind::NoKey:
            return AccountTrouble::Key;
        case ErrorKind::Forbidden:
            return AccountTrouble::Right;
        case ErrorKind::NotFound:
        case ErrorKind::NotTheApi:
            return AccountTrouble::Address;
        case ErrorKind::BadAnswer:
            // Cut off or no HTTP at all says nothing about the address.
            return error.code.startsWith("net_"_L1) ? AccountTrouble::Connection : AccountTrouble::Address;
        case ErrorKind::RateLimited:
            return AccountTrouble::Busy;
        default:  // trouble of the server, of this computer, or none of an account
            return AccountTrouble::Other;
    }
}

QString findingsText(const Account& account, const AccountFindings& findings) {
    return findings.error ? troubleText(account, *findings.error) : worksText(findings);
}

AccountCheck::AccountCheck(HttpClient* http, std::shared_ptr<const Clock> clock, Store* store, QObject* parent)
    : QObject(parent), m_http(http), m_clock(std::move(clock)), m_store(store) {}

AccountCheck::~AccountCheck() {
    cancel();
}

void AccountCheck::start(const Account& account, const QByteArray& key) {
    cancel();
    m_findings = {};
    auto dialect = readDialectFor(account.provider);
    if (!dialect) {
        m_findings.error =
            makeError(ErrorKind::NotSupported,
                      Text::tr("%1 cannot be read by this version yet.").arg(providerName(account.provider)));
        QMetaObject::invokeMethod(
            this, [this, findings = m_findings] { Q_EMIT finished(findings); }, Qt::QueuedConnection);
        return;
    }
    auto pace = m_store != nullptr ? paceOf(account, m_http, m_store)
                                   : m_http->pace(account.name, account.baseUrl, requestsPerMinute(account));
    m_link = new AccountLink(account, key, std::move(dialect), m_http, m_clock, std::move(pace),
                             AccountLink::AskedBy::Person, {}, this);
    ask(m_link->dialect().testUrl(account), &AccountCheck::takeTest);
}

void AccountCheck::cancel() {
    if (m_link != nullptr) {
        m_link->stop();
        m_link->deleteLater();
        m_link = nullptr;
    }
}

void AccountCheck::ask(const QUrl& url, Step taken) {
    m_link->get(url, AccountLink::Tries::Once, [this, taken](const Result<HttpAnswer>& answer) {
        answer ? (this->*taken)(answer->body) : end(answer.error());
    });
}

void AccountCheck::takeTest(const QByteArray& body) {
    m_workers.run<Result<QString>>([dialect = m_link->sharedDialect(), account = m_link->account(),
                                    body] { return dialect->parseTest(account, body); },
                                   m_link,
                                   [this, body](const Result<QString>& who) {
                                       if (!who) {
                                           end(who.error());
                                           return;
                                       }
                                       m_findings.who = *who;
                                       lookUpCampaigns(body);
                                   });
}

void AccountCheck::lookUpCampaigns(const QByteArray& testBody) {
    const QUrl url = m_link->dialect().campaignsUrl(m_link->account(), 1);
    if (url.isEmpty()) {
        askForCalls();
    } else if (url == m_link->dialect().testUrl(m_link->account())) {
        takeCampaigns(testBody);
    } else {
        // What goes wrong here is not held against the account: it is about names only.
        m_link->get(url, AccountLink::Tries::Once,
                    [this](const Result<HttpAnswer>& answer) { answer ? takeCampaigns(answer->body) : askForCalls(); });
    }
}

void AccountCheck::takeCampaigns(const QByteArray& body) {
    m_workers.run<Result<NameList>>([dialect = m_link->sharedDialect(), account = m_link->account(),
                                     body] { return dialect->parseCampaigns(account, body); },
                                    m_link,
                                    [this](const Result<NameList>& names) {
                                        if (names) {
                                            m_findings.campaigns = qint64(names->entries.size());
                                            m_findings.moreCampaigns = names->hasMore;
                                        }
                                        askForCalls();
                                    });
}

/// Where a key can be right and yet lack the right to read calls, only a list of calls tells: one call of it.
void AccountCheck::askForCalls() {
    Account shortly = m_link->account();
    shortly.pageSize = 1;
    const auto lists = m_link->dialect().lists(shortly, {}, {}, m_clock->now());
    const QUrl url = lists.empty() ? QUrl() : m_link->dialect().callsPageUrl(shortly, lists.front(), 1);
    if (url.isEmpty()) {
        end(std::nullopt);
    } else {
        ask(url, &AccountCheck::takeCalls);
    }
}

void AccountCheck::takeCalls(const QByteArray& body) {
    m_workers.run<Result<CallPage>>(
        [dialect = m_link->sharedDialect(), account = m_link->account(), body] {
            return dialect->parsePage(account, body);
        },
        m_link, [this](const Result<CallPage>& page) { end(page ? std::nullopt : std::optional(page.error())); });
}

void AccountCheck::end(std::optional<Error> error) {
    cancel();
    m_findings.error = std::move(error);
    Q_EMIT finished(m_findings);
}

}  // namespace earmark
