using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Text;
using Shortline.Hosting.Tls;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// Accepts TCP connections up to a limit, encrypted or not. Closes connections that are idle or whose client does not read its answers.
/// </summary>
/// <remarks>
/// Kestrel binds its endpoints when it starts, but the ports of servers come and go with them, thousands in a silo. The transport beneath
/// Kestrel can do that, without limits and TLS, which are the reason to want it.
/// </remarks>
internal sealed partial class TcpFrontDoor : IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take for the TLS handshake, in milliseconds; as long as in Kestrel.</summary>
    private const int HandshakeTimeoutMs = 10_000;

    private readonly Socket _listener;
    private readonly TcpConnections _connections;
    private readonly LoadBalancerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ServerCertificate? _certificate;
    private readonly OpenFiles _files;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _fullLog;
    private readonly RateLimitedLog<string> _faultLog;
    private ITimer? _idleCheck;
    private int _isChecking;

    /// <summary>Binds the port.</summary>
    /// <param name="endPoint">The address and port.</param>
    /// <param name="connections">The open connections.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log of the port.</param>
    /// <param name="certificate">The certificate for clients, which must then use TLS; null without.</param>
    /// <param name="files">The files that this process may open; null for the limit of the process.</param>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public TcpFrontDoor(
        IPEndPoint endPoint, TcpConnections connections, LoadBalancerSettings settings, TimeProvider time, ILogger log,
        ServerCertificate? certificate = null, OpenFiles? files = null)
    {
        _certificate = certificate;
        (_connections, _settings, _time, _log, _files) = (connections, settings, time, log, files ?? OpenFiles.OfThisProcess);
        _fullLog = new RateLimitedLog<string>(time, CheckInterval);
        _faultLog = new RateLimitedLog<string>(time, CheckInterval);
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // On Unix, .NET allows binding a port whose last connections are still closing, but not a port that is in use.
            WildcardAddress.ServeIPv4Too(_listener, endPoint.Address);
            _listener.Bind(endPoint);
            _listener.Listen(512);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    /// <summary>Begins to accept connections.</summary>
    /// <param name="services">Returns what serves a connection.</param>
    public void Start(Func<TcpServices> services)
    {
        _idleCheck = _time.CreateTimer(_ => CloseIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = Accept(services);
    }

    /// <summary>The address and port on which it listens.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Stops accepting connections. Open ones continue.</summary>
    public void StopAccepting() => _listener.Dispose();

    /// <summary>
    /// Ends connections so that no client loses a request, see <see cref="TcpConnection.Leave"/>. They close when their clients close
    /// them, or by <see cref="Dispose"/>.
    /// </summary>
    /// <param name="textToo">Whether to end those of the text protocol too, in which nothing can tell the client.</param>
    public void Leave(bool textToo = true)
    {
        StopAccepting();
        foreach (var connection in _connections.All())
        {
            if (textToo || !connection.MaySpeakText)
                connection.Leave();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _idleCheck?.Dispose();
        foreach (var connection in _connections.All())
            connection.Close();
    }

    private async Task Accept(Func<TcpServices> services)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException failure)
            {
                // The client disconnected early, or this process has no file handles left. Handles may become free during the pause.
                NotAccepted(_log, failure.Message);
                await Task.Delay(CheckInterval, _time).ConfigureAwait(false);
                continue;
            }

            _ = Serve(socket, services);
        }
    }

    private async Task Serve(Socket socket, Func<TcpServices> services)
    {
        TcpConnection? connection = null;
        try
        {
            var filesAreScarce = _files.AreScarce(socket);
            if (!filesAreScarce)
            {
                var serves = services();
                connection = _connections.Add((number, generation) => new TcpConnection(socket, number, generation, serves, _time, _certificate));
                StartIdleCheck();
            }

            if (connection is null)
            {
                LogRejected(filesAreScarce);
                await Reject(socket).ConfigureAwait(false);
                return;
            }

            await connection.Run().ConfigureAwait(false);
            if (connection.Fault is { } fault)
                EndFaulty(connection, fault);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            // The client disconnected at once.
        }
        finally
        {
            if (connection is not null)
                _connections.Remove(connection);
            connection?.Dispose();
            socket.Dispose();
        }
    }

    private void EndFaulty(TcpConnection connection, string fault)
    {
        _connections.CountEnd(connection.IsOpening ? ConnectionEnd.NotEncrypted : ConnectionEnd.BadCommand);
        if (_faultLog.TryPass("fault", out var suppressed))
            BadCommand(_log, connection.Remote, SafeText.Of(fault, 200), suppressed);
    }

    private void LogRejected(bool filesAreScarce)
    {
        if (!_fullLog.TryPass("full", out var suppressed))
            return;
        if (filesAreScarce)
            NoFiles(_log, _connections.Count, _files.Limit, suppressed);
        else
            Full(_log, _settings.MaxConnections, suppressed);
    }

    private async Task Reject(Socket socket)
    {
        _connections.CountEnd(ConnectionEnd.TurnedAway);
        if (_certificate is not null)
            return; // A handshake would cost what the limit is to save.
        await socket.SendAsync("{\"status\":\"rejected\",\"reason\":\"too many connections\",\"retry_after_ms\":1000}\n"u8.ToArray()).ConfigureAwait(false);
    }

    /// <summary>Connections are checked only while there are any: a silo may have a thousand ports without one.</summary>
    private void StartIdleCheck()
    {
        if (Interlocked.Exchange(ref _isChecking, 1) == 0)
            _idleCheck!.Change(CheckInterval, CheckInterval);
    }

    private void CloseIdle()
    {
        var now = _time.GetTimestamp();
        var open = _connections.All();
        if (open.Count == 0)
        {
            _idleCheck!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _isChecking, 0);

            // One may have come before the last line.
            if (_connections.Count > 0)
                StartIdleCheck();
        }

        var isCrowded = open.Count > _settings.MaxConnections / 2;
        foreach (var connection in open)
        {
            connection.NoteProgress();
            var isIdle = !connection.IsAsking
                && _time.GetElapsedTime(connection.ActiveAt, now).TotalMilliseconds > IdleLimitMs(connection, isCrowded);
            if ((isIdle || connection.IsOverfull) && connection.Close())
                _connections.CountEnd(isIdle ? ConnectionEnd.Idle : ConnectionEnd.Unread);
        }
    }

    private long IdleLimitMs(TcpConnection connection, bool isCrowded)
    {
        if (connection.IsOpening)
            return Math.Min(HandshakeTimeoutMs, _settings.IdleTimeoutMs);

        // Clients of the text protocol connect before they ask their user what to do.
        if (connection.MaySpeakText && !isCrowded)
            return _settings.TextIdleTimeoutMs;

        // A connection that waits for an answer may be idle for the longest timeout of a request in addition.
        return (long)_settings.IdleTimeoutMs + (connection.HasUnanswered ? _settings.MaxTimeoutMs : 0);
    }

    [LoggerMessage(3211, LogLevel.Warning, "A connection was rejected: {Connections} are open, the maximum (load_balancer.max_connections); {Suppressed} more since the last such line")]
    private static partial void Full(ILogger log, int connections, long suppressed);

    [LoggerMessage(3214, LogLevel.Warning, "A connection was rejected: {Connections} are open on this port, and nearly all of the {Limit} files that this process may have open are used. Raise that limit (ulimit -n; LimitNOFILE= of a systemd unit); {Suppressed} more since the last such line")]
    private static partial void NoFiles(ILogger log, int connections, int limit, long suppressed);

    [LoggerMessage(3213, LogLevel.Warning, "Closed the connection of {Client}: {Fault}; {Suppressed} more since the last such line")]
    private static partial void BadCommand(ILogger log, IPEndPoint client, string fault, long suppressed);

    [LoggerMessage(3212, LogLevel.Warning, "A connection could not be accepted: {Failure}")]
    private static partial void NotAccepted(ILogger log, string failure);
}
