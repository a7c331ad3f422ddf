#include "ui/accounts/accounttest.h"

#include <QLocale>
#include <QPromise>
#include <QThreadPool>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kBodyCap = 8 * 1024 * 1024;
using Campaigns = Result<NameList>;

}  // namespace

AccountTest::AccountTest(HttpClient* http, QObject* parent) : QObject(parent), m_http(http) {
    connect(&m_parsing, &QFutureWatcher<Campaigns>::finished, this, [this] {
        if (!m_running || m_parsing.future().resultCount() == 0) {
            return;
        }
        const Campaigns campaigns = m_parsing.result();
        if (!campaigns) {
            end(false, problemText(campaigns.error()));
        } else if (campaigns->entries.empty()) {
            end(true, tr("Works, but this key sees no campaign."));
        } else if (campaigns->entries.size() == 1) {
            end(true, tr("Works: 1 campaign."));
        } else {
            end(true, tr("Works: %1 campaigns.").arg(QLocale().toString(qulonglong(campaigns->entries.size()))));
        }
    });
}

AccountTest::~AccountTest() = default;

void AccountTest::start(const Account& account, const QByteArray& key) {
    cancel();
    m_account = account;
    m_dialect = readDialectFor(account.provider);
    m_running = true;
    if (!m_dialect) {
        end(false, tr("%1 cannot be read by this version yet.").arg(providerName(account.provider)));
        return;
    }
    HttpRequest request;
    request.url = m_dialect->campaignsUrl(account, 1);
    request.bearer = key;
    request.allowLoopback = isLoopback(account.baseUrl);
    request.bodyCap = kBodyCap;
    m_ticket = m_http->send(std::move(request), [this](const Result<HttpAnswer>& answer) { answered(answer); });
}

void AccountTest::cancel() {
    m_ticket.reset();
    m_running = false;
}

void AccountTest::answered(const Result<HttpAnswer>& answer) {
    if (!answer) {
        end(false, problemText(answer.error()));
        return;
    }
    if (answer->status < 200 || answer->status > 299) {
        end(false, problemText(m_dialect->parseError(answer->status, answer->body)));
        return;
    }
    parse(answer->body);
}

void AccountTest::parse(const QByteArray& body) {
    auto promise = std::make_shared<QPromise<Campaigns>>();
    m_parsing.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, dialect = m_dialect, account = m_account, body] {
        promise->start();
        promise->addResult(dialect->parseCampaigns(account, body));
        promise->finish();
    });
}

void AccountTest::end(bool works, const QString& text) {
    m_running = false;
    Q_EMIT finished(works, text);
}

QString AccountTest::problemText(const Error& error) {
    const QString text = errorText(error);
    switch (error.kind) {
        case ErrorKind::Offline:
            return tr("The server was not reached. %1").arg(text);
        case ErrorKind::Timeout:
            return tr("The server did not answer in time. %1").arg(text);
        case ErrorKind::Tls:
            return tr("The connection is not safe, so the key was not sent. %1").arg(text);
        case ErrorKind::Unauthorized:
            return tr("The key is wrong. %1").arg(text);
        case ErrorKind::Forbidden:
            return tr("The key lacks a right. %1").arg(text);
        case ErrorKind::NotFound:
        case ErrorKind::NotTheApi:
        case ErrorKind::BadAnswer:
            return tr("The address seems wrong: what is there does not answer like the provider. %1").arg(text);
        default:
            return text;
    }
}

}  // namespace earmark
