using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;

namespace Shortline.Hosting.Tls;

/// <summary>
/// Logs why a TLS handshake failed, once a minute for each address. Orleans logs only the exception, at every attempt, without the
/// address of the other side.
/// </summary>
/// <param name="accepts">Whether this side accepted the connection, as a silo does; otherwise it opened it.</param>
/// <param name="loggers">The process' log.</param>
/// <param name="time">The clock.</param>
internal sealed partial class TlsHandshakes(bool accepts, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    /// <summary>The handshake that runs in this flow of control; null when it is over.</summary>
    private readonly AsyncLocal<TlsHandshake?> _current = new();

    private readonly ILogger _log = loggers.CreateLogger("Shortline.Tls");
    private readonly RateLimitedLog<string> _limit = new(time, LogInterval);

    /// <summary>Adds a TLS middleware to a connection, between one that begins to observe the handshake and one that ends it.</summary>
    public void Build(IConnectionBuilder connections, Action<IConnectionBuilder> addTls)
    {
        connections.Use(next => connection => Observe(connection, next));
        addTls(new TlsConnectionBuilder(connections, new TlsFailureLog(failure => _current.Value?.Fail(failure))));
        connections.Use(next => connection =>
        {
            // What the connection does from now on must not carry the handshake along.
            _current.Value = null;
            return next(connection);
        });
    }

    /// <summary>Notes why the other side's certificate is refused.</summary>
    public void Refuse(string reason) => _current.Value?.Refuse(reason);

    private async Task Observe(ConnectionContext connection, ConnectionDelegate next)
    {
        var handshake = new TlsHandshake();
        _current.Value = handshake;
        await next(connection);
        if (handshake.Failure is not { } failure)
            return;
        var reason = handshake.Refusal ?? Explain(failure);
        var peer = connection.RemoteEndPoint is IPEndPoint address && accepts ? $"{address.Address}" : $"{connection.RemoteEndPoint}";
        if (!_limit.TryPass($"{peer} {reason}", out _))
            return;
        if (accepts)
            Refused(_log, peer, reason);
        else
            NotConnected(_log, peer, reason);
    }

    private static string Explain(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause.Message.Contains("alert", StringComparison.Ordinal))
                return "the other side does not accept the certificate of this process; its log says why";
        }

        return failure switch
        {
            OperationCanceledException => "the handshake took too long",
            AuthenticationException when failure.Message.Contains("RemoteCertificate", StringComparison.Ordinal) => "the other side presents no certificate; it needs cluster.certificate",
            AuthenticationException { InnerException: null } => "the other side does not use TLS; all processes of the cluster need cluster.certificate, or none",
            IOException => "the other side ended the connection during the handshake; if it refuses the certificate of this process, its log says why",
            _ => failure.Message,
        };
    }

    [LoggerMessage(1131, LogLevel.Warning, "A connection from {Peer} to this silo is refused: {Reason}")]
    private static partial void Refused(ILogger log, string peer, string reason);

    [LoggerMessage(1132, LogLevel.Warning, "No connection to the silo at {Peer}: {Reason}")]
    private static partial void NotConnected(ILogger log, string peer, string reason);
}
