using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shortline.Hosting.Tls;

/// <summary>The log of Orleans' TLS middleware: passes the exceptions on and drops the text.</summary>
internal sealed class TlsFailureLog(Action<Exception> failed) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
            failed(exception);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => NullLogger.Instance.BeginScope(state);

    public void AddProvider(ILoggerProvider provider)
    {
        // It has no providers.
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
