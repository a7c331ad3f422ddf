#include "models/sync/targettest.h"

#include "models/targets/targetanswers.h"

namespace earmark {

TargetTest::TargetTest(Means means, const Account& account, std::optional<QByteArray> secret, QObject* context,
                       std::function<void(PushVerdict)> done, QObject* parent)
    : QObject(parent),
      m_means(std::move(means)),
      m_account(account),
      m_secret(std::move(secret)),
      m_context(context),
      m_done(std::move(done)) {
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        if (m_line) {
            m_line->giveUp(makeError(ErrorKind::Timeout, tr("The target took too long to answer.")));
        }
    });
    QMetaObject::invokeMethod(this, &TargetTest::fetchSecret, Qt::QueuedConnection);
}

TargetTest::~TargetTest() = default;

void TargetTest::fetchSecret() {
    if (const Done usable = checkTarget(m_account, m_account.target); !usable) {
        failWith(usable.error());
        return;
    }
    if (!m_means.dialect) {
        failWith(makeError(ErrorKind::InvalidInput,
                           tr("%1 has no target: its edits stay on this computer.").arg(m_account.name)));
        return;
    }
    m_capabilities = m_means.dialect->capabilities(m_account);
    if (m_secret || !m_capabilities.needsSecret) {
        fetchAccountKey();
        return;
    }
    m_means.keys->key(targetSecretName(m_account.name), this, [this](const Result<QByteArray>& secret) {
        if (!secret) {
            failWith(secret.error());
            return;
        }
        m_secret = *secret;
        fetchAccountKey();
    });
}

void TargetTest::fetchAccountKey() {
    if (!m_capabilities.needsAccountKey) {
        ask();
        return;
    }
    m_means.keys->key(m_account.name, this, [this](const Result<QByteArray>& key) {
        if (!key) {
            failWith(key.error());
            return;
        }
        m_accountKey = *key;
        ask();
    });
}

void TargetTest::ask() {
    m_line = std::make_unique<TargetLine>(m_means.line, m_accountKey, nullptr);
    m_steps = m_means.dialect->test(m_account, m_secret.value_or(QByteArray()), m_means.line.clock->now());
    m_deadline.start(m_means.deadline);
    carryOut(m_steps->first());
}

void TargetTest::carryOut(PushStep step) {
    const auto understand = [this](const StepAnswer& answer) {
        m_means.line.workers->run<PushStep>([steps = m_steps, answer] { return steps->next(answer); }, this,
                                            [this](PushStep next) { carryOut(std::move(next)); });
    };
    if (const auto* verdict = std::get_if<PushVerdict>(&step)) {
        end(*verdict);
    } else if (const auto* http = std::get_if<HttpStep>(&step)) {
        m_line->carryOut(*http, understand);
    } else {
        m_line->carryOut(std::get<FileStep>(step), understand);
    }
}

void TargetTest::failWith(const Error& error) {
    PushVerdict verdict;
    verdict.end = PushEnd::Refused;
    verdict.error = error;
    verdict.reason = errorText(target::advised(error, m_capabilities));
    end(std::move(verdict));
}

void TargetTest::end(PushVerdict verdict) {
    if (verdict.error) {
        verdict.error = target::advised(std::move(*verdict.error), m_capabilities);
    }
    m_deadline.stop();
    deleteLater();
    const auto done = std::exchange(m_done, nullptr);
    if (done && m_context) {
        done(verdict);
    }
}

}  // namespace earmark
